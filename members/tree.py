"""The tree of organisations as it stood on a day, in memory: for adding up counts at every level at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from members.models import GRASSROOTS_KINDS, Organisation, OrganisationKind, OrganisationPeriod


@dataclass(frozen=True)
class Node:
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


class Tree:
    """An organisation and all under it on a day; where a user is given, what this user may see of it."""

    def __init__(self, organisation: Organisation, day: dt.date, user: Any = None) -> None:
        self.organisation = organisation
        self.day = day
        self.user = user

    @cached_property
    def nodes(self) -> dict[int, Node]:
        """Every organisation of the tree by its key, in Vietnamese order of the names; one query."""
        periods = OrganisationPeriod.objects.under(self.organisation, on=self.day)
        if self.user is not None:
            periods = periods.filter(organisation__in=Organisation.objects.visible_to(self.user))
        rows = periods.select_related("organisation").order_by("organisation__name_sort_key", "organisation")
        return {period.organisation_id: self._node(period) for period in rows}

    def _node(self, period: OrganisationPeriod) -> Node:
        own = period.organisation
        founded = own.founded_on is None or own.founded_on <= self.day
        ended = own.ended_on is not None and own.ended_on <= self.day
        return Node(
            own.pk,
            own.code,
            period.name,
            period.kind,
            period.path,
            period.parent_id,
            exists=founded and not ended,
        )

    @property
    def root(self) -> Node:
        """The organisation that the tree was made for."""
        return self.nodes[self.organisation.pk]

    @cached_property
    def grassroots(self) -> list[Node]:
        """The TCCSĐ that exist on the day, by name."""
        return [node for node in self.nodes.values() if node.is_grassroots]

    @cached_property
    def _lines(self) -> dict[int, frozenset[int]]:
        return {
            pk: frozenset(self.nodes.keys() & {int(key) for key in node.path.split("/") if key})
            for pk, node in self.nodes.items()
        }

    def line(self, pk: int | None) -> frozenset[int]:
        """The organisation `pk` and those above it within the tree; nothing where it is not in the tree."""
        return self._lines.get(pk, frozenset()) if pk is not None else frozenset()

    @cached_property
    def above(self) -> list[Node]:
        """The organisations above the tree's own on the day, the highest first."""
        keys = [int(key) for key in self.root.path.split("/") if key][:-1]
        if not keys:
            return []
        periods = OrganisationPeriod.objects.on(self.day).filter(organisation__in=keys)
        return sorted(
            (self._node(row) for row in periods.select_related("organisation")), key=lambda n: len(n.path)
        )

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
