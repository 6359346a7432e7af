"""Who becomes due for a badge at which award day, out of the years in the Party and the rules of the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property

from config.access import Permission, scope_of, under_path
from members.badges.effects import Until, waits_by_person
from members.models import Badge, BadgeAwardDay, BadgeMilestone, Discipline, Membership, Organisation, Person
from members.months import add_months
from members.party_age import Count, counts_by_person

YEARS = 5


@dataclass(frozen=True)
class Due:
    """A person who completes the years of a milestone on `due_on`, and the award day at which the badge is due.

    Without an award day they should have had it before, but no such badge is on record.
    """

    stay: Membership
    count: Count
    milestone: int
    due_on: dt.date
    award_on: dt.date | None
    notes: tuple[str, ...] = field(default=())

    @property
    def person(self) -> Person:
        """Who it is."""
        person: Person = self.stay.person
        return person


def award_days(first: dt.date, last: dt.date) -> list[dt.date]:
    """The award days from `first` to `last`, by the rules of each."""
    rules = list(BadgeAwardDay.objects.all())
    days = {day for year in range(first.year, last.year + 1) for day in _days_of(rules, year)}
    return sorted(day for day in days if first <= day <= last)


def _days_of(rules: Iterable[BadgeAwardDay], year: int) -> Iterator[dt.date]:
    for rule in rules:
        try:
            day = dt.date(year, rule.month, rule.day)
        except ValueError:
            continue  # 29/2, or a day that no month has
        if rule.holds_on(day):
            yield day


class Forecast:
    """The badges of the members of `organisation` and all below it, as far as `user` may see them (None: all)
    or, with another `permission`, do that with them.

    From the members of `start`, over the award days of the `years` from then on; `extra_day` counts as one too.
    """

    def __init__(
        self,
        organisation: Organisation,
        user: Any,
        *,
        start: dt.date,
        years: int = YEARS,
        extra_day: dt.date | None = None,
        permission: Permission = Permission.VIEW_RECORDS,
    ) -> None:
        self.organisation = organisation
        self.user = user
        self.permission = permission
        self.start = start
        self.end = add_months(start, 12 * years) - dt.timedelta(days=1)
        self.extra_day = extra_day

    @cached_property
    def days(self) -> list[dt.date]:
        """The award days, in order."""
        days = set(award_days(self.start, self.end))
        if self.extra_day is not None and self.start <= self.extra_day <= self.end:
            days.add(self.extra_day)
        return sorted(days)

    @cached_property
    def _before(self) -> dt.date:
        """The last award day before the first day; who was due by then should have the badge."""
        earlier = award_days(dt.date(self.start.year - 1, 1, 1), self.start - dt.timedelta(days=1))
        return earlier[-1] if earlier else self.start - dt.timedelta(days=1)

    @property
    def _rows(self) -> Any:
        rows = Membership.objects.on(self.start).filter(under_path("organisation__path", self.organisation.path))
        if self.user is not None:
            rows = rows.filter(scope_of(self.user, self.permission).covers("organisation__path"))
        return rows

    @property
    def _people(self) -> Any:
        return self._rows.order_by().values("person")

    @cached_property
    def stays(self) -> list[Membership]:
        """The stays of the members of the first day."""
        return list(self._rows.select_related("person", "organisation").order_by("person__name_sort_key", "person"))

    @cached_property
    def _counts(self) -> dict[int, Count]:
        return counts_by_person(self._people)

    @cached_property
    def dues(self) -> list[Due]:
        """Everybody who is due, by award day, milestone and name; those without an award day first."""
        counts, held, waits = self._counts, self._held(), waits_by_person(self._people)
        found = [
            due
            for stay in self.stays
            if stay.person_id in counts
            for due in self._of_person(
                stay, counts[stay.person_id], held[stay.person_id], waits.get(stay.person_id, [])
            )
        ]
        return sorted(found, key=lambda due: (due.award_on or dt.date.min, due.milestone))

    @cached_property
    def undated(self) -> list[Membership]:
        """The stays of members whose years can't be counted: their admission has no date."""
        return [stay for stay in self.stays if stay.person_id not in self._counts]

    @cached_property
    def _milestones(self) -> list[BadgeMilestone]:
        return list(BadgeMilestone.objects.order_by("years"))

    def _held(self) -> dict[int, set[int]]:
        held: dict[int, set[int]] = defaultdict(set)
        for person, milestone in Badge.objects.filter(person__in=self._people).values_list("person", "milestone"):
            held[person].add(milestone)
        return held

    def _of_person(
        self, stay: Membership, count: Count, held: set[int], waits: list[tuple[Discipline, Until]]
    ) -> Iterator[Due]:
        overdue: Due | None = None
        for years in dict.fromkeys(rule.years for rule in self._milestones):
            due_on = count.reaches(years)
            if due_on > self.end or years <= max(held, default=0):
                continue
            notes, ready_on = _waiting(due_on, waits)
            if count.is_approximate:
                notes = (*notes, "ngày vào Đảng chưa đủ ngày, tháng")
            award_on = next((day for day in self.days if day >= ready_on), None) if ready_on > self._before else None
            on = award_on or self.start
            if not any(rule.years == years and rule.holds_on(on) for rule in self._milestones):
                continue
            due = Due(stay, count, years, due_on, award_on, notes)
            if award_on is not None:
                yield due
            elif ready_on <= self._before:
                overdue = due
        if overdue is not None:
            yield overdue

    # Counts

    def on(self, day: dt.date | None) -> list[Due]:
        """Those of an award day; with None those who should have had it before."""
        return [due for due in self.dues if due.award_on == day]

    @cached_property
    def counts(self) -> Counter[tuple[dt.date | None, int]]:
        """How many there are by award day and milestone."""
        return Counter((due.award_on, due.milestone) for due in self.dues)

    @cached_property
    def milestones(self) -> list[int]:
        """The milestones that somebody is due for, the lowest first."""
        return sorted({due.milestone for due in self.dues})


def _waiting(due_on: dt.date, waits: list[tuple[Discipline, Until]]) -> tuple[tuple[str, ...], dt.date]:
    """What discipline has to say: notes, and the day from which the badge may be given."""
    notes, ready_on = [], due_on
    for discipline, until in waits:
        if until.day <= due_on:
            continue
        form = discipline.get_form_display().lower()
        told = f"kỷ luật {form} ngày {discipline.decided}: chờ đến {until.day:%d/%m/%Y}"
        if until.is_sure:
            ready_on = max(ready_on, until.day)
        else:
            told += f" (chưa đối chiếu {until.rule.source}, hãy xem xét)"
        notes.append(told)
    return tuple(notes), ready_on


def proposed_for(organisation: Organisation, award_on: dt.date, *, today: dt.date, user: Any) -> list[Due]:
    """Those whose badge is due at that award day, as it stands today or, of a past one, stood then."""
    start = min(today, award_on)
    years = award_on.year - start.year + 1  # reaches beyond the award day
    return Forecast(organisation, user, start=start, years=years, extra_day=award_on).on(award_on)
