"""The organisations that a user may see, as they stood on a day: the tree with everybody's own and total numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import cached_property

from config.access import Permission
from members.models import CommitteePosition, CommitteePost, Membership, Organisation, OrganisationPeriod, Person
from members.models.organisations import Sector
from members.organisations.addresses import people_address
from members.text import text_sort_key
from members.tree import PERIOD_COLUMNS, Node, Period


@dataclass
class Numbers:
    """How many people there are."""

    members: int = 0
    official: int = 0
    candidates: int = 0

    @property
    def probationary(self) -> int:
        """Members who aren't official."""
        return self.members - self.official

    @property
    def is_nothing(self) -> bool:
        """Whether there is nobody."""
        return not (self.members or self.candidates)

    def add(self, other: Numbers) -> None:
        """Count the others in."""
        self.members += other.members
        self.official += other.official
        self.candidates += other.candidates


@dataclass(frozen=True)
class Figure:
    """A number with the address of the list that it counts; no address where there is no such list."""

    label: str
    number: int | None
    address: str = ""


@dataclass(eq=False)
class Unit:
    """An organisation on the day of its census."""

    node: Node
    sector: str
    day: dt.date
    sort_key: str
    own: Numbers = field(default_factory=Numbers)
    total: Numbers = field(default_factory=Numbers)
    secretary: str = ""
    upper: Unit | None = None
    below: list[Unit] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How many of the organisations shown stand above it."""
        return 0 if self.upper is None else self.upper.depth + 1

    @property
    def sector_label(self) -> str:
        """Loại hình cơ sở."""
        return str(Sector(self.sector).label) if self.sector else ""

    @property
    def is_shown(self) -> bool:
        """Whether it exists or, against the rules, still has people."""
        return self.node.exists or not self.own.is_nothing

    @property
    def figures(self) -> list[Figure]:
        """Its own numbers, then those with all under it, each with its list."""
        return [*self._figures(self.own, alone=True), *self._figures(self.total, alone=False)]

    @property
    def own_figures(self) -> list[Figure]:
        """Of itself alone."""
        return self.figures[:4]

    @property
    def total_figures(self) -> list[Figure]:
        """With all under it."""
        return self.figures[4:]

    def _figures(self, numbers: Numbers, *, alone: bool) -> Iterator[Figure]:
        told = (
            ("Đảng viên", numbers.members, ""),
            ("Chính thức", numbers.official, "chinh-thuc"),
            ("Dự bị", numbers.probationary, "du-bi"),
        )
        for label, number, standing in told:
            address = people_address(self.node.code, day=self.day, standing=standing, alone=alone)
            yield Figure(label, number, address if number else "")
        # Who follows whom is known for today only.
        is_today = self.day >= timezone.localdate()
        address = people_address(self.node.code, day=self.day, standing="quan-chung", alone=alone)
        known = numbers.candidates if is_today else None
        yield Figure("Quần chúng ưu tú", known, address if known else "")

    def __iter__(self) -> Iterator[Unit]:
        """Itself and all under it, in order."""
        yield self
        for unit in self.below:
            yield from unit


class Census:
    """The tree of `day` with its numbers, of everything that `user` may see or of what stood under `root` then.

    A handful of queries, however large the tree is.
    """

    def __init__(
        self,
        user: Any,
        day: dt.date,
        *,
        root: Organisation | None = None,
        permission: Permission = Permission.VIEW_RECORDS,
    ) -> None:
        self.user = user
        self.day = day
        self.root = root
        self.permission = permission

    @cached_property
    def _periods(self) -> Any:
        periods = OrganisationPeriod.objects.order_by().on(self.day)
        if self.root is not None:
            periods = periods.under(self.root, on=self.day)
        return periods.open_to(self.user, self.permission)

    @property
    def _organisations(self) -> Any:
        """The keys of those of the tree, as a condition; nothing where it is everything that the user may see."""
        if self.root is None:
            return Organisation.objects.order_by().open_to(self.user, self.permission).values("pk")
        return self._periods.values("organisation")

    @cached_property
    def units(self) -> dict[int, Unit]:
        """All organisations, also those that didn't exist on the day, by key."""
        more = ("organisation__sector", "organisation__name", "organisation__name_sort_key")
        units = {}
        for *row, sector, name, sort_key in self._periods.values_list(*PERIOD_COLUMNS, *more):
            node = Period(*row).node(self.day)
            key = sort_key if name == node.name else text_sort_key(node.name)
            units[node.pk] = Unit(node, sector, self.day, key)
        self._count(units)
        self._name_secretaries(units)
        self._join(units)
        return units

    def _count(self, units: dict[int, Unit]) -> None:
        stays = Membership.objects.order_by().on(self.day).filter(organisation__in=self._organisations)
        official = Count("pk", filter=Q(admission__official_on__lte=self.day))
        for row in stays.values("organisation").annotate(members=Count("pk"), official=official):
            units[row["organisation"]].own = Numbers(row["members"], row["official"])
        candidates = Person.objects.order_by().candidates().filter(followed_by__in=self._organisations)
        for pk, number in candidates.values_list("followed_by").annotate(number=Count("pk")):
            units[pk].own.candidates = number

    def _name_secretaries(self, units: dict[int, Unit]) -> None:
        posts = CommitteePost.objects.order_by().on(self.day).filter(position=CommitteePosition.SECRETARY)
        named = posts.filter(organisation__in=self._organisations).values_list("organisation", "person__full_name")
        for pk, name in named:
            units[pk].secretary = name

    def _join(self, units: dict[int, Unit]) -> None:
        """Put each under the nearest one above that is shown, from below upwards, and add up."""
        for unit in sorted(units.values(), key=lambda unit: -unit.node.path.count("/")):
            unit.total.add(unit.own)
            above = [units[int(key)] for key in unit.node.path[:-1].split("/")[:-1] if int(key) in units]
            if above:
                above[-1].total.add(unit.total)
            if unit.is_shown:
                unit.upper = next((upper for upper in reversed(above) if upper.is_shown), None)
        shown = sorted(
            (unit for unit in units.values() if unit.is_shown), key=lambda unit: (unit.sort_key, unit.node.pk)
        )
        for unit in shown:
            if unit.upper is not None:
                unit.upper.below.append(unit)

    @cached_property
    def tops(self) -> list[Unit]:
        """Those shown under none other, by name."""
        shown = (unit for unit in self.units.values() if unit.is_shown and unit.upper is None)
        return sorted(shown, key=lambda unit: (unit.sort_key, unit.node.pk))

    def __iter__(self) -> Iterator[Unit]:
        """All that are shown, each before those under it."""
        for unit in self.tops:
            yield from unit
