"""Time counted in months and years, as the rules count it: to the same day of the month, or its last one."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import NamedTuple


class Length(NamedTuple):
    """A length of time; `days` are what is left over after whole months."""

    months: int
    days: int


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later; where that month is too short, its last day.

    31/01 and one month is 28/02 or 29/02; 29/02 and twelve months is 28/02 (Bộ luật Dân sự 2015, Điều 148 khoản 4).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def between(first: dt.date, last: dt.date) -> Length:
    """Whole months from `first` to `last`, and the days over; nothing where `last` comes before."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if add_months(first, months) > last:
        months -= 1
    if months < 0:
        return Length(0, 0)
    return Length(months, (last - add_months(first, months)).days)


def later(day: dt.date, length: Length) -> dt.date:
    """`day` put off by whole months first, then by days."""
    return add_months(day, length.months) + dt.timedelta(days=length.days)
