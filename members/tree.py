"""The tree of organisations as it stood on a day, in memory: for adding up counts at every level at once."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.utils.functional import cached_property

from config.access import Permission, scope_of, under_path
from members.models import GRASSROOTS_KINDS, Organisation, OrganisationKind, OrganisationPeriod


class Node(NamedTuple):
    """One organisation as it was called and placed on the day of its tree."""

    pk: int
    code: str
    name: str
    kind: str
    path: str
    parent_pk: int | None
    exists: bool

    @property
    def is_grassroots(self) -> bool:
        """Whether it is a TCCSĐ that exists on the day."""
        return self.exists and self.kind in GRASSROOTS_KINDS

    @property
    def kind_label(self) -> str:
        """Loại tổ chức."""
        return OrganisationKind(self.kind).label


class Period(NamedTuple):
    """A row of an organisation's history, as the trees need it."""

    pk: int
    code: str
    name: str
    kind: str
    path: str
    parent_pk: int | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    founded_on: dt.date | None
    ended_on: dt.date | None
    path_today: str

    def holds_on(self, day: dt.date) -> bool:
        """Whether this is the organisation's state on `day`."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or self.ends_on > day)

    def node(self, day: dt.date) -> Node:
        """The organisation on `day`."""
        founded = self.founded_on is None or self.founded_on <= day
        ended = self.ended_on is not None and self.ended_on <= day
        return Node(*self[:6], founded and not ended)


PERIOD_COLUMNS = (
    "organisation",
    "organisation__code",
    "name",
    "kind",
    "path",
    "parent",
    "starts_on",
    "ends_on",
    "organisation__founded_on",
    "organisation__ended_on",
    "organisation__path",
)


class History:
    """An organisation with all that ever stood under it, read once for the trees of all days.

    Where a user is given, only what this user may see today.
    """

    def __init__(
        self, organisation: Organisation, user: Any = None, permission: Permission = Permission.VIEW_RECORDS
    ) -> None:
        self.organisation = organisation
        self.user = user
        self.permission = permission

    @cached_property
    def _all_periods(self) -> list[Period]:
        """The periods under every path that the organisation has had, in Vietnamese order of today's names."""
        rows = OrganisationPeriod.objects.order_by("organisation__name_sort_key", "organisation")
        if self.organisation.parent_id is not None:
            paths = OrganisationPeriod.objects.filter(organisation=self.organisation).values_list("path", flat=True)
            rows = rows.filter(reduce(or_, (under_path("path", path) for path in set(paths))))
        return [Period(*row) for row in rows.values_list(*PERIOD_COLUMNS)]

    @cached_property
    def periods(self) -> list[Period]:
        """Those that the user may see today."""
        if self.user is None:
            return self._all_periods
        paths = scope_of(self.user, self.permission).paths
        return [period for period in self._all_periods if period.path_today.startswith(paths)]

    @property
    def is_limited(self) -> bool:
        """Whether there is something that the user may not see."""
        return self.user is not None and len(self.periods) < len(self._all_periods)

    @cached_property
    def is_whole(self) -> bool:
        """Whether every organisation has always stood under this one, and the user may see them all."""
        if self.organisation.parent_id is not None or self.is_limited:
            return False
        return all(period.path.startswith(self.organisation.path) for period in self.periods)


class Tree:
    """An organisation and all under it on a day."""

    def __init__(self, history: History, day: dt.date) -> None:
        self.organisation = history.organisation
        self.history = history
        self.day = day

    @cached_property
    def nodes(self) -> dict[int, Node]:
        """Every organisation of the tree by its key, in Vietnamese order of the names."""
        states = [period for period in self.history.periods if period.holds_on(self.day)]
        root = next(state.path for state in states if state.pk == self.organisation.pk)
        return {state.pk: state.node(self.day) for state in states if state.path.startswith(root)}

    @property
    def root(self) -> Node:
        """The organisation that the tree was made for."""
        return self.nodes[self.organisation.pk]

    @cached_property
    def grassroots(self) -> list[Node]:
        """The TCCSĐ that exist on the day, by name."""
        return [node for node in self.nodes.values() if node.is_grassroots]

    @cached_property
    def _lines(self) -> dict[int | None, frozenset[int]]:
        lines = ((pk, map(int, node.path[:-1].split("/"))) for pk, node in self.nodes.items())
        return {pk: frozenset(key for key in line if key in self.nodes) for pk, line in lines}

    def line(self, pk: int | None) -> frozenset[int]:
        """The organisation `pk` and those above it within the tree; nothing where it is not in the tree."""
        return self._lines.get(pk, frozenset())

    @cached_property
    def above(self) -> list[Node]:
        """The organisations above the tree's own on the day, the highest first."""
        keys = [int(key) for key in self.root.path[:-1].split("/")][:-1]
        if not keys:
            return []
        periods = OrganisationPeriod.objects.on(self.day).filter(organisation__in=keys).values_list(*PERIOD_COLUMNS)
        return sorted((Period(*row).node(self.day) for row in periods), key=lambda node: len(node.path))

    def grassroots_of(self, pk: int | None) -> Node | None:
        """The TCCSĐ that the organisation `pk` of the tree is or belongs to, within the tree or above it."""
        node = self.nodes.get(pk) if pk is not None else None
        while node is not None and node.kind not in GRASSROOTS_KINDS:
            node = self._parent(node)
        return node

    def _parent(self, node: Node) -> Node | None:
        if node.pk != self.organisation.pk:
            return self.nodes.get(node.parent_pk) if node.parent_pk else None
        return next((upper for upper in self.above if upper.kind in GRASSROOTS_KINDS), None)
