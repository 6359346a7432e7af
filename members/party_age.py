"""Years in the Party (tuổi đảng): from the day of the admission decision, less the time out of the Party.

The rule (Quy định 24-QĐ/TW, mục 4.5; the same in 29-QĐ/TW and 294-QĐ/TW): time expelled, struck off or left doesn't
count; who is admitted again counts from the first decision less that time. Who was put out wrongly and is restored
(phục hồi) counts on as if never gone (Hướng dẫn 01-HD/TW). A hole between a transfer out and the next arrival is no
gap: the person was a member elsewhere. Time out is taken off in months and days, as offices reckon on paper.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from members.models import Admission, Membership, Person
from members.models.memberships import EARLIEST_FIRST, EndReason, StartReason
from members.months import add_months, between, later
from members.partial_dates import PartialDate, Precision

# How people leave the Party alive.
OUT = frozenset({EndReason.EXPELLED, EndReason.STRUCK_OFF, EndReason.WITHDREW})
# How a stay begins with the decision that admits.
ADMITTED = frozenset({StartReason.ADMITTED, StartReason.READMITTED})


@dataclass(frozen=True)
class PartyAge:
    """Years, months and days in the Party, and the day they are counted from: the first decision, put off by gaps."""

    years: int
    months: int
    days: int
    since: dt.date
    is_approximate: bool = False


@dataclass(frozen=True)
class Count:
    """From when on a person's years are counted, without gaps, and when counting stopped.

    Approximate: a date is known only to the month or year (its first day is taken), stands in for another, or the end
    of a former membership isn't on record.
    """

    since: dt.date
    until: dt.date | None
    is_approximate: bool

    def age(self, on: dt.date) -> PartyAge | None:
        """The years in the Party on `on`, or when counting stopped before; None before the first day."""
        last = on if self.until is None else min(on, self.until)
        if last < self.since:
            return None
        length = between(self.since, last)
        return PartyAge(*divmod(length.months, 12), length.days, self.since, self.is_approximate)

    def reaches(self, years: int) -> dt.date:
        """The day that completes so many years, whether or not counting stopped before."""
        return add_months(self.since, 12 * years)


def party_age(person: Person, *, on: dt.date) -> PartyAge | None:
    """The years in the Party of `person` on `on`; of who left or died, up to that day. None for who never entered
    the Party by then, or whose admission isn't dated."""
    count = count_of(person)
    return count.age(on) if count else None


def reaches(person: Person, years: int) -> dt.date | None:
    """The day on which `person` completes so many years in the Party, if they stay; None without a dated admission."""
    count = count_of(person)
    return count.reaches(years) if count else None


def since_by_person(people: Iterable[Any]) -> dict[int, dt.date]:
    """From when on the years of each are counted (`PartyAge.since`), by key; who has no dated admission is left out.

    `people` is a QuerySet or a list, of people or their keys; two queries, however many they are.
    """
    return {key: count.since for key, count in counts_by_person(people).items()}


def counts_by_person(people: Iterable[Any]) -> dict[int, Count]:
    """The same with what `Count` holds."""
    admissions, stays = defaultdict(list), defaultdict(list)
    of_people = {"person__in": people}
    for admission in Admission.objects.filter(**of_people).order_by("decided_on", "pk"):
        admissions[admission.person_id].append(admission)
    for stay in Membership.objects.filter(**of_people).order_by("person", *EARLIEST_FIRST):
        stays[stay.person_id].append(stay)
    counts = ((key, _count(entries, stays[key])) for key, entries in admissions.items())
    return {key: count for key, count in counts if count is not None}


def count_of(person: Person) -> Count | None:
    """The count of one person out of `admissions` and `memberships`, which may have been read already."""
    admissions = list(person.admissions.all())
    stays = sorted(person.memberships.all(), key=lambda stay: (stay.began_on, stay.ended_on or dt.date.max, stay.pk))
    return _count(admissions, stays) if admissions else None


# --- The rule -------------------------------------------------------------------------------------------------------


def _count(admissions: list[Admission], stays: list[Membership]) -> Count | None:
    """Put the first decision off by every gap."""
    entries = sorted((_Entry(admission, stays) for admission in admissions), key=lambda entry: entry.order)
    first = entries[0].began
    if first is None:
        return None
    since, is_approximate = first.first_day, first.precision != Precision.DAY or entries[0].stands_in
    for gap in _gaps(entries):
        since = later(since, between(gap.first.first_day, gap.last.first_day))
        is_approximate |= gap.is_approximate
    return Count(since, _stopped(stays), is_approximate)


class _Entry:
    """An admission with its stays and its day: the decision's, else of the stay it opened, else the ceremony's."""

    def __init__(self, admission: Admission, stays: list[Membership]) -> None:
        self.stays = [stay for stay in stays if stay.admission_id == admission.pk]
        opened = (stay.began for stay in self.stays if stay.start_reason in ADMITTED)
        self.began: PartialDate | None = admission.decided or next(opened, None) or admission.ceremony
        self.stands_in = admission.decided is None
        day = self.began.first_day if self.began else self.stays[0].began_on if self.stays else dt.date.max
        self.order = (day, admission.pk)
        # The day on which the person left the Party, the last time within this admission.
        self.left: PartialDate | None = next((stay.ended for stay in self.stays[-1:] if stay.end_reason in OUT), None)
        self.is_restored = bool(self.stays) and self.stays[0].start_reason == StartReason.RESTORED


@dataclass(frozen=True)
class _Gap:
    first: PartialDate
    last: PartialDate
    is_unknown: bool = False

    @property
    def is_approximate(self) -> bool:
        return self.is_unknown or self.first.precision != Precision.DAY or self.last.precision != Precision.DAY


def _gaps(entries: list[_Entry]) -> Iterator[_Gap]:
    for entry in entries:
        for stay, following in pairwise(entry.stays):
            if stay.end_reason in OUT and following.start_reason != StartReason.RESTORED:
                yield _Gap(stay.ended, following.began)
    for former, latter in pairwise(entries):
        back = latter.began or (latter.stays[0].began if latter.stays else None)
        if back is not None and former.began is not None and not latter.is_restored:
            # Without the day on which the former membership ended, none of it is counted.
            yield _Gap(former.left or former.began, back, is_unknown=former.left is None or latter.stands_in)


def _stopped(stays: list[Membership]) -> dt.date | None:
    """The day on which the last stay ended by leaving the Party or by death."""
    if not stays or stays[-1].end_reason not in OUT | {EndReason.DECEASED}:
        return None
    return stays[-1].ended_on
