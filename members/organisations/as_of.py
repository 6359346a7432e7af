"""An organisation as of a day: its state, those around it, its committee, who it carries on, and what is amiss."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from config.access import Permission, scope_of
from members import services
from members.lineage import Lineage, Step
from members.models import CommitteePost, Organisation, OrganisationPeriod, Person
from members.models.organisations import OrganisationEvent, SuccessionKind
from members.organisations.addresses import in_address, organisation_address
from members.organisations.census import Census, Unit

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Named:
    """An organisation by its name of a day; with an address where the user may see it."""

    name: str
    address: str = ""


@dataclass(frozen=True)
class Link:
    """A merger or split before or after: with whom, in words."""

    other: Named
    kind: str
    step: Step


@dataclass(frozen=True)
class HeldPost:
    """A post with its holder's page, where the user may see it; `is_misplaced` where they belong elsewhere by now."""

    post: CommitteePost
    is_open: bool
    is_misplaced: bool = False


class AsOf:
    """What the page of an organisation shows for a day, to a user."""

    def __init__(self, organisation: Organisation, user: Any, day: dt.date) -> None:
        self.organisation = organisation
        self.user = user
        self.day = day
        self.paths = scope_of(user, Permission.VIEW_RECORDS).paths

    @property
    def is_today(self) -> bool:
        """Whether the page is as of today."""
        return self.day == timezone.localdate()

    @cached_property
    def periods(self) -> list[OrganisationPeriod]:
        """All its states, the latest first."""
        rows = self.organisation.periods.select_related("parent")
        return list(rows.order_by(F("starts_on").desc(nulls_last=True)))

    @cached_property
    def period(self) -> OrganisationPeriod:
        """The state of the day."""
        return next(row for row in self.periods if row.starts_on is None or row.starts_on <= self.day)

    @property
    def exists(self) -> bool:
        """Whether it had been founded and not ended by the day."""
        return self.is_founded and not self.has_ended

    @property
    def is_founded(self) -> bool:
        return self.organisation.founded_on is None or self.organisation.founded_on <= self.day

    @property
    def has_ended(self) -> bool:
        return self.organisation.ended_on is not None and self.organisation.ended_on <= self.day

    @property
    def founding(self) -> OrganisationPeriod:
        """Its first state, with the number of the decision."""
        return self.periods[-1]

    # Around it

    def _named(self, keys: list[int], day: dt.date) -> dict[int, Named]:
        """Organisations by their names of a day."""
        rows = OrganisationPeriod.objects.on(day).filter(organisation__in=keys).select_related("organisation")
        return {row.organisation_id: self._name(row) for row in rows}

    def _name(self, period: OrganisationPeriod) -> Named:
        is_open = period.organisation.path.startswith(self.paths)
        address = organisation_address(period.organisation.code, self.day)
        return Named(period.name, address if is_open else "")

    @cached_property
    def above(self) -> list[Named]:
        """The organisations above it on the day, the highest first."""
        keys = [int(key) for key in self.period.path[:-1].split("/")[:-1]]
        named = self._named(keys, self.day)
        return [named[key] for key in keys]

    @cached_property
    def unit(self) -> Unit:
        """It with its numbers, and those under it with theirs."""
        return Census(self.user, self.day, root=self.organisation).units[self.organisation.pk]

    @cached_property
    def mass_organisations(self) -> list[Any]:
        """The mass organisations that existed on the day."""
        return list(self.organisation.mass_organisations.existing_on(self.day))

    @cached_property
    def ended_mass_organisations(self) -> list[Any]:
        """Those that had ended by the day."""
        return list(self.organisation.mass_organisations.filter(ended_on__lte=self.day))

    # The committee

    @cached_property
    def _posts(self) -> list[CommitteePost]:
        return list(self.organisation.committee_posts.select_related("person").by_rank())

    @cached_property
    def _open_people(self) -> set[int]:
        people = {post.person_id for post in self._posts}
        return set(Person.objects.visible_to(self.user).filter(pk__in=people).values_list("pk", flat=True))

    @cached_property
    def committee(self) -> list[HeldPost]:
        """The posts held on the day, the secretary first."""
        held = [
            post
            for post in self._posts
            if post.began_on <= self.day and (post.ended_on is None or post.ended_on > self.day)
        ]
        here = services.standing_within(held, on=self.day)
        return [HeldPost(post, post.person_id in self._open_people, post.pk not in here) for post in held]

    @cached_property
    def former_posts(self) -> list[HeldPost]:
        """The posts that had ended by the day, the latest first."""
        ended = [post for post in self._posts if post.ended_on is not None and post.ended_on <= self.day]
        ended.sort(key=lambda post: post.ended_on or dt.date.max, reverse=True)
        return [HeldPost(post, post.person_id in self._open_people) for post in ended]

    # Lineage

    @cached_property
    def _lineage(self) -> Lineage:
        return Lineage.load()

    @cached_property
    def predecessors(self) -> list[Link]:
        """What it came out of and what was merged into it, the latest first, and so on back."""
        return self._links(self._lineage.predecessors(self.organisation.pk), "predecessor")

    @cached_property
    def successors(self) -> list[Link]:
        """What carries it on, and so on."""
        return self._links(self._lineage.successors(self.organisation.pk), "successor")

    def _links(self, steps: list[Step], end: str) -> list[Link]:
        if not steps:
            return []
        rows = OrganisationPeriod.objects.filter(organisation__in=[getattr(step, end) for step in steps])
        periods = list(rows.select_related("organisation"))
        return [self._link(step, getattr(step, end), end, periods) for step in steps]

    def _link(self, step: Step, pk: int, end: str, periods: list[OrganisationPeriod]) -> Link:
        """The other organisation under the name with which it went, or that it then had."""
        day = step.on - ONE_DAY if end == "predecessor" else step.on
        state = next(
            row
            for row in periods
            if row.organisation_id == pk
            and (row.starts_on is None or row.starts_on <= day)
            and (row.ends_on is None or row.ends_on > day)
        )
        address = f"{organisation_address(state.organisation.code, day)}"
        is_open = state.organisation.path.startswith(self.paths)
        return Link(Named(state.name, address if is_open else ""), SuccessionKind(step.kind).label, step)

    # The past

    @property
    def timeline(self) -> list[dict[str, Any]]:
        """Its states, the latest first, each with the page as of its first day."""
        return [
            {
                "period": row,
                "event": str(OrganisationEvent(row.event).label),
                "address": self._as_of(row),
                "is_shown": row == self.period,
            }
            for row in self.periods
        ]

    def _as_of(self, period: OrganisationPeriod) -> str:
        day = period.starts_on or self.organisation.founded_on
        if day is None and period.ends_on is not None:
            day = period.ends_on - ONE_DAY
        return organisation_address(self.organisation.code, day or timezone.localdate())

    @property
    def is_future(self) -> bool:
        """Whether something is entered ahead of the day."""
        return self.periods[0] != self.period

    # What is amiss

    @cached_property
    def warnings(self) -> list[str]:
        """What contradicts itself on record and should be looked at, in sentences."""
        found = []
        if self.organisation.ended_on is not None:
            left = self.organisation.memberships.filter(
                Q(ended_on__isnull=True) | Q(ended_on__gt=self.organisation.ended_on)
            ).count()
            if left:
                found.append(
                    f"Tổ chức đã kết thúc {self.organisation.ended} nhưng vẫn còn {left} đảng viên ghi sinh hoạt ở đây "
                    "sau ngày đó."
                )
            if below := [unit for unit in self.unit.below if unit.node.exists]:
                found.append(f"Tổ chức đã kết thúc nhưng còn {len(below)} tổ chức trực thuộc đang hoạt động.")
            if led := self.organisation.mass_organisations.filter(ended_on__isnull=True).count():
                found.append(f"Tổ chức đã kết thúc nhưng còn lãnh đạo {led} đoàn thể đang hoạt động.")
        gone = [held.post for held in self.committee if held.is_misplaced]
        if gone:
            names = ", ".join(str(post.person) for post in gone)
            found.append(
                f"Không còn sinh hoạt ở đây vào ngày {self.day:%d/%m/%Y} nhưng chưa ghi thôi giữ chức vụ: {names}."
            )
        return found

    @property
    def query(self) -> dict[str, str]:
        """The day as it stands in addresses."""
        return in_address(self.day)
