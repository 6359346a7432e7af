"""A date known to the day, the month or the year: the value, how it is typed, its pair of columns.

Form fields, cells of workbooks and ranges in queries are made elsewhere from what is here.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import total_ordering
from typing import Any

from django.db import models

from members.text import one_line

FIRST_YEAR = 1850
LAST_YEAR = 2100


class Precision(models.TextChoices):
    """How much of a date is known."""

    DAY = "day", "ngày"
    MONTH = "month", "tháng"
    YEAR = "year", "năm"


_COARSER_FIRST = {Precision.YEAR: 0, Precision.MONTH: 1, Precision.DAY: 2}


class PartialDateError(ValueError):
    """What was typed is not a date; the message tells the person, in Vietnamese, what to do."""


@total_ordering
@dataclass(frozen=True)
class PartialDate:
    """A day, a month or a year; `first_day` is moved to the first of the month or year it lies in.

    Sorted by first day, then the coarser first: 1975, 01/1975, 01/01/1975. Raises ValueError for an
    unknown precision.
    """

    first_day: date
    precision: Precision = Precision.DAY

    def __post_init__(self) -> None:
        if isinstance(self.first_day, datetime) or not isinstance(self.first_day, date):
            raise TypeError(f"first_day must be a date without a time, not {self.first_day!r}")
        precision, first_day = self.precision, self.first_day
        if type(precision) is not Precision:
            precision = Precision(precision)
        if precision is not Precision.DAY:
            first_day = first_day.replace(day=1)
        if precision is Precision.YEAR:
            first_day = first_day.replace(month=1)
        object.__setattr__(self, "precision", precision)
        object.__setattr__(self, "first_day", first_day)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self._sort_key < other._sort_key

    @property
    def _sort_key(self) -> tuple[date, int]:
        return self.first_day, _COARSER_FIRST[self.precision]

    def __str__(self) -> str:
        """As on paper: 05/09/1975, 09/1975, 1975."""
        return "/".join(reversed(self.isoformat().split("-")))

    def isoformat(self) -> str:
        """1975-09-05, 1975-09 or 1975."""
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return self.first_day.isoformat()[:length]

    @property
    def last_day(self) -> date:
        """The last day that the date may be."""
        if self.precision == Precision.DAY:
            return self.first_day
        month = 12 if self.precision == Precision.YEAR else self.first_day.month
        return date(self.first_day.year, month, calendar.monthrange(self.first_day.year, month)[1])

    def contains(self, other: "PartialDate") -> bool:
        """Whether all of `other` lies within this date: 1975 contains 09/1975 and 05/09/1975."""
        return self.first_day <= other.first_day and other.last_day <= self.last_day


# --- Typed dates -----------------------------------------------------------------------------------

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_AROUND_SEPARATOR = re.compile(r" ?([/.-]) ?")
_NUMBERS = re.compile(r"[0-9]+(?:[/.-][0-9]+){0,2}")
_HOW_TO = "Hãy ghi ngày/tháng/năm (ví dụ 05/09/1975), hoặc tháng/năm (09/1975), hoặc năm (1975)."


def parse(text: str) -> PartialDate:
    """The date typed as on paper (5/9/1975, 9/1975, 1975; also with - or .) or with the year first.

    Raises PartialDateError for anything else, for a year of two digits, a day that does not exist and
    years outside 1850-2100.
    """
    typed = one_line(unicodedata.normalize("NFKC", text)).translate(_DASHES)
    typed = _AROUND_SEPARATOR.sub(r"\1", typed)
    if not typed:
        raise PartialDateError(f"Chưa ghi ngày. {_HOW_TO}")
    if not _NUMBERS.fullmatch(typed):
        raise PartialDateError(f"Không đọc được ngày “{_shortened(text)}”. {_HOW_TO}")
    numbers = re.split("[/.-]", typed)
    if len(numbers[0]) == 4:
        numbers.reverse()
    _check_lengths(numbers, typed)
    return _from_numbers([int(number) for number in numbers])


def _shortened(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= 30 else f"{text[:30]}…"


def _check_lengths(numbers: list[str], typed: str) -> None:
    """Refuse what has no year of four digits, or a day or month of more than two."""
    *others, year = numbers
    if len(year) == 4 and all(len(number) <= 2 for number in others):
        return
    if len(numbers) == 2 and len(numbers[0]) <= 2 and len(year) <= 2 and int(year) <= 12:
        raise PartialDateError(f"Ngày “{typed}” thiếu năm. {_HOW_TO}")
    if len(year) != 2 or any(len(number) > 2 for number in others):
        problem = "năm phải có bốn chữ số, ngày và tháng có một hoặc hai chữ số"
        raise PartialDateError(f"Không đọc được ngày “{_shortened(typed)}”: {problem}. {_HOW_TO}")
    raise PartialDateError(
        f"Năm trong “{typed}” chỉ có hai chữ số: là 19{year} hay 20{year}? Hãy ghi năm đủ bốn chữ số."
    )


def _from_numbers(numbers: list[int]) -> PartialDate:
    *others, year = numbers
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PartialDateError(f"Năm {year} nằm ngoài khoảng từ {FIRST_YEAR} đến {LAST_YEAR}. Hãy xem lại năm đã ghi.")
    match others:
        case [day, month]:
            _check_month(month, year, day)
            _check_day(day, month, year)
            return PartialDate(date(year, month, day))
        case [month]:
            _check_month(month, year)
            return PartialDate(date(year, month, 1), Precision.MONTH)
    return PartialDate(date(year, 1, 1), Precision.YEAR)


def _check_month(month: int, year: int, day: int | None = None) -> None:
    if 1 <= month <= 12:
        return
    if month == 0:
        raise PartialDateError(f"Không có tháng 0. Nếu chỉ biết năm thì chỉ ghi năm: {year}.")
    problem = f"Không có tháng {month}. "
    if day and day <= 12 and month <= 31:
        problem += f"Ngày ghi trước, tháng ghi sau: có phải là {month:02}/{day:02}/{year}?"
    else:
        problem += "Tháng là số từ 1 đến 12, ghi sau ngày và trước năm."
    raise PartialDateError(problem)


def _check_day(day: int, month: int, year: int) -> None:
    days = calendar.monthrange(year, month)[1]
    if 1 <= day <= days:
        return
    if day == 0:
        raise PartialDateError(f"Không có ngày 0. Nếu chỉ biết tháng thì ghi: {month:02}/{year}.")
    raise PartialDateError(
        f"Không có ngày {day:02}/{month:02}/{year}: tháng {month} năm {year} chỉ có {days} ngày. "
        "Hãy xem lại ngày hoặc tháng."
    )


# --- The pair of columns ---------------------------------------------------------------------------


def partial(field_name: str) -> property:
    """A property of a model over its columns `field_name` (first day) and `field_name`_precision.

    Reads as PartialDate or None; takes a PartialDate, a date, typed text (blank is None) or None, and
    raises PartialDateError for text that is no date. Without a date the precision is its column's
    default. Being a property, it may be given to the model's constructor: Person(born="9/1975").
    """
    precision_name = f"{field_name}_precision"

    def read(instance: models.Model) -> PartialDate | None:
        first_day = getattr(instance, field_name)
        if first_day is None:
            return None
        return PartialDate(first_day, getattr(instance, precision_name) or Precision.DAY)

    def write(instance: models.Model, value: "PartialDate | date | str | None") -> None:
        known = _as_partial_date(value)
        setattr(instance, field_name, known.first_day if known else None)
        column: Any = instance._meta.get_field(precision_name)
        setattr(instance, precision_name, known.precision if known else column.get_default())

    return property(read, write, doc=f"{field_name} with its precision.")


def _as_partial_date(value: "PartialDate | date | str | None") -> PartialDate | None:
    if isinstance(value, str):
        return parse(value) if one_line(value) else None
    if isinstance(value, date):
        return PartialDate(value)
    return value
