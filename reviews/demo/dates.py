"""Sums with dates for the invented records."""

from __future__ import annotations

import datetime as dt
from random import Random

# The days on which badges are handed over and many are admitted: (month, day).
FEAST_DAYS = ((2, 3), (5, 19), (9, 2), (11, 7))


def add_years(day: dt.date, years: int) -> dt.date:
    """The same day `years` later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def day_between(rng: Random, first: dt.date, last: dt.date) -> dt.date:
    """Any day from `first` to `last`, both included."""
    return first + dt.timedelta(days=rng.randint(0, (last - first).days))


def office_day(day: dt.date) -> dt.date:
    """`day`, or the Monday after a weekend."""
    return day + dt.timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def next_feast(day: dt.date) -> dt.date:
    """The first feast day on or after `day`."""
    feasts = [dt.date(year, *feast) for year in (day.year, day.year + 1) for feast in FEAST_DAYS]
    return next(feast for feast in feasts if feast >= day)
