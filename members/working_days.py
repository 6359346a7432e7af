"""Which days are worked: Monday to Friday, without the days off, with the Saturdays worked in exchange."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Self

from members.models import Confidence, Holiday

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class Calendar:
    """The working days of an office, out of the days off on record."""

    def __init__(self, holidays: Iterable[Holiday]) -> None:
        self._is_worked: dict[dt.date, bool] = {}
        self._unsure: set[dt.date] = set()
        self._years: set[int] = set()
        for holiday in holidays:
            for day in holiday.days():
                self._is_worked[day] = holiday.is_working_day
                self._years.add(day.year)
                if holiday.confidence == Confidence.UNVERIFIED:
                    self._unsure.add(day)

    @classmethod
    def load(cls) -> Self:
        """With all days off on record, read by one query."""
        return cls(Holiday.objects.all())

    def is_working(self, day: dt.date) -> bool:
        """Whether offices are open on `day`."""
        return self._is_worked.get(day, day.weekday() < SATURDAY)

    def after(self, day: dt.date, amount: int) -> dt.date:
        """The `amount`-th working day after `day`, which itself isn't counted; `day` where `amount` is 0."""
        if amount < 0:
            raise ValueError("Working days are counted forward only.")
        while amount:
            day += ONE_DAY
            amount -= self.is_working(day)
        return day

    def is_sure(self, first: dt.date, last: dt.date) -> bool:
        """Whether the days off from `first` to `last` are known: on record for these years, none of them unverified."""
        years = set(range(first.year, last.year + 1))
        return years <= self._years and not any(first <= day <= last for day in self._unsure)
