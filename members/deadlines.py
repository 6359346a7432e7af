"""By when a step is due, by the rule in force on the day from which its time runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from members.models import AdmissionDeadline, Confidence
from members.models.rules import AdmissionStep, DeadlineUnit
from members.months import add_months
from members.partial_dates import PartialDate, Precision
from members.working_days import Calendar

# What a time may run from: a day, a date known in part, or nothing yet.
Start = PartialDate | dt.date | None


@dataclass(frozen=True)
class Due:
    """The last day on which a step is in time, and the rule that says so.

    Approximate where the time runs from a date known only to the month or year (its first day is taken). Not sure
    where the rule, or a day off on the way, isn't verified: then it warns and never blocks.
    """

    on: dt.date
    rule: AdmissionDeadline
    is_approximate: bool
    is_sure: bool


class Deadlines:
    """All rules on deadlines with a calendar: for lists, which ask often."""

    def __init__(self, rules: Iterable[AdmissionDeadline], calendar: Calendar) -> None:
        self._rules = list(rules)
        self._calendar = calendar

    @classmethod
    def load(cls, *, calendar: Calendar | None = None) -> Self:
        """With all rules on record: one query, and another for the calendar where none is given."""
        return cls(AdmissionDeadline.objects.all(), calendar or Calendar.load())

    def due(self, step: AdmissionStep | str, start: Start) -> Due | None:
        """By when `step` is due, counted from `start`; None without a start, or where no rule was in force then."""
        if start is None:
            return None
        known = start if isinstance(start, PartialDate) else PartialDate(start)
        rule = self._in_force(step, known.first_day)
        if rule is None:
            return None
        on = self._last_day(rule, known.first_day)
        return Due(
            on=on,
            rule=rule,
            is_approximate=known.precision != Precision.DAY,
            is_sure=rule.confidence != Confidence.UNVERIFIED and self._is_sure(rule, known.first_day, on),
        )

    def _in_force(self, step: str, day: dt.date) -> AdmissionDeadline | None:
        return next((rule for rule in self._rules if rule.step == step and rule.holds_on(day)), None)

    def _last_day(self, rule: AdmissionDeadline, start: dt.date) -> dt.date:
        if rule.unit == DeadlineUnit.MONTHS:
            return add_months(start, rule.amount)
        return self._calendar.after(start, rule.amount)

    def _is_sure(self, rule: AdmissionDeadline, start: dt.date, on: dt.date) -> bool:
        return rule.unit == DeadlineUnit.MONTHS or self._calendar.is_sure(start, on)


def due(step: AdmissionStep | str, start: Start, *, calendar: Calendar | None = None) -> Due | None:
    """By when `step` is due, counted from `start`; see `Deadlines.due`, which lists ask instead."""
    return Deadlines.load(calendar=calendar).due(step, start)
