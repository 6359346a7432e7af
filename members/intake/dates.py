"""Dates of a column, decided for the column as a whole: which comes first, day or month, is proven by a row or asked.

A date goes on as yyyy-mm-dd, yyyy-mm or yyyy: as much as is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from members.intake.values import BadValueError, clean, shortened

FIRST_SERIAL, LAST_SERIAL = 2101, 2_958_465
"""Whole numbers below the first are years; the last is the end of the year 9999."""


class Order(StrEnum):
    """Which comes first in a date of numbers."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class OrderUnknownError(BadValueError):
    """Day and month can't be told apart: a question for the column."""


class ShortYearError(BadValueError):
    """The year has two digits: a question for the column."""


@dataclass(frozen=True)
class Reading:
    """How the dates of a column are to be read.

    Without an `order` a date that it decides is a question. `two_digit_from` is the first year that two digits may
    mean (1930: 30 to 99 are of the 20th century); without it such a year is a question.
    """

    order: Order | None = None
    two_digit_from: int | None = None
    begins_1904: bool = False


# --- Shapes ----------------------------------------------------------------------------------------

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_TIME = re.compile(r"[ T](?:0?[0-9]|1[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?$")
_SEPARATORS = re.compile(r"\s*([/.\-,])\s*")
_BEFORE_YEAR = r"\s*[,/.\-]?\s*(?:năm)?\s*"
_WORDS = re.compile(
    rf"(?:ngày|ng|mồng|mùng)?\s*(?P<day>[0-9]{{1,2}})\s*[,/.\-]?\s*tháng\s*(?P<month>[0-9]{{1,2}}){_BEFORE_YEAR}"
    rf"(?P<year>[0-9]{{2,4}})|tháng\s*(?P<month2>[0-9]{{1,2}}){_BEFORE_YEAR}(?P<year2>[0-9]{{2,4}})"
)
_LEADING_WORDS = re.compile(r"^(?:ngày|năm|ng\.?) ?(?=[0-9])")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_NAMED_MONTH = re.compile(r"([0-9]{1,2})[ /.-]([a-z]{3})[a-z]*[ /.,-]+([0-9]{2,4})")
_THREE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2}|[0-9]{4})")


@lru_cache(maxsize=2**15)
def _shape(text: str) -> str:
    """The date with numbers and separators alone; words of day, month and year are taken as day first."""
    if _THREE.fullmatch(text):
        return text
    typed = clean(unicodedata.normalize("NFKC", text)).translate(_DASHES).lower().strip(" .,;'")
    typed = _SEPARATORS.sub(lambda match: "/" if match[1] == "," else match[1], _TIME.sub("", typed))
    typed = typed.removeprefix("sinh ")
    if found := _WORDS.fullmatch(typed):
        return "=" + "/".join(part for part in found.group("day", "month", "month2", "year", "year2") if part)
    if (found := _NAMED_MONTH.fullmatch(typed)) and found[2] in _MONTHS:
        return f"={found[1]}/{_MONTHS[found[2]]}/{found[3]}"
    return _LEADING_WORDS.sub("", typed)


def _pair(text: str) -> tuple[int, int] | None:
    """The first two numbers of a date in which either might be the day."""
    found = _THREE.fullmatch(_shape(text))
    return (int(found[1]), int(found[2])) if found else None


def proven_order(values: Iterable[Any]) -> Order | None:
    """The order that the column's texts prove: a number above 12 is a day. None where they don't, or contradict."""
    day_first, month_first = False, False
    for value in values:
        pair = _pair(value) if isinstance(value, str) else None
        if pair:
            day_first |= 12 < pair[0] <= 31 and pair[1] <= 12
            month_first |= 12 < pair[1] <= 31 and pair[0] <= 12
    if day_first == month_first:
        return None
    return Order.DAY_FIRST if day_first else Order.MONTH_FIRST


def looks_swapped(values: Sequence[Any]) -> bool:
    """Every date cell may have day and month changed places: a sign of Excel set to American dates.

    Then Excel makes a date of 05/03 (as May 3) and leaves 25/03 as text.
    """
    cells = [value for value in values if isinstance(value, date)]
    if len(cells) < 5 or any(cell.day > 12 for cell in cells):
        return False
    pairs = [pair for value in values if isinstance(value, str) and (pair := _pair(value))]
    return len(pairs) >= 5 and all(first > 12 for first, _ in pairs)


# --- One date --------------------------------------------------------------------------------------


def convert(value: Any, reading: Reading) -> str:
    """The date as ISO text. Raises OrderUnknownError, ShortYearError and BadValueError."""
    if isinstance(value, date):  # a datetime is one too
        return _of_day(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadValueError(f"Không đọc được ngày “{shortened(clean(value))}”.")
    if isinstance(value, str):
        return _of_text(value, reading)
    return _of_number(value, reading)


def _of_day(day: date) -> str:
    if 1900 <= day.year <= 2099:
        return day.isoformat()[:10]
    return _parse(f"{day.day:02}/{day.month:02}/{day.year:04}")


def _of_number(number: float, reading: Reading) -> str:
    """A year, or the serial number of a day, which a cell holds that has lost its date format."""
    if not FIRST_SERIAL <= number <= LAST_SERIAL:
        return _parse(clean(number))
    first_day = datetime(1904, 1, 1) if reading.begins_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    try:
        return _of_day((first_day + timedelta(days=int(number))).date())
    except OverflowError:
        return _parse(clean(number))


def _of_text(text: str, reading: Reading) -> str:
    typed = _shape(text)
    found = _THREE.fullmatch(typed.removeprefix("="))
    if not found:
        return _parse(typed.removeprefix("="), text)
    first, second, year = found.groups()
    if len(year) == 2:
        year = _full_year(int(year), reading)
    if not typed.startswith("=") and _is_month_first(int(first), int(second), text, reading):
        first, second = second, first
    try:
        day = date(int(year), int(second), int(first))
    except ValueError:
        return _parse(f"{first}/{second}/{year}", text)
    return day.isoformat() if 1900 <= day.year <= 2099 else _parse(f"{first}/{second}/{year}", text)


def _is_month_first(first: int, second: int, text: str, reading: Reading) -> bool:
    if reading.order is None and first != second and first <= 12 and second <= 12:
        raise OrderUnknownError(
            f"Không rõ “{shortened(text)}” là ngày/tháng hay tháng/ngày: trong cột không có dòng nào cho biết. "
            "Hãy chọn thứ tự cho cả cột."
        )
    if reading.order is None:
        return first <= 12 < second
    return reading.order == Order.MONTH_FIRST


def _full_year(year: int, reading: Reading) -> str:
    if reading.two_digit_from is None:
        raise ShortYearError("Năm chỉ ghi hai chữ số, không đoán được thế kỷ. Hãy ghi đủ bốn chữ số của năm.")
    first = reading.two_digit_from
    return str(first + (year - first) % 100)


_YEAR = "(?P<year>(?:19|20)[0-9]{2})"
_USUAL = re.compile(rf"(?:(?:(?P<day>[0-9]{{1,2}})/)?(?P<month>[0-9]{{1,2}})[/.-])?{_YEAR}")
_YEAR_FIRST = re.compile(rf"{_YEAR}[/-](?P<month>[0-9]{{1,2}})(?:[/-](?P<day>[0-9]{{1,2}}))?")


def _parse(text: str, typed: str = "") -> str:
    if found := _USUAL.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        year, month, day = (found[name] for name in ("year", "month", "day"))
        try:
            first_day = date(int(year), int(month or 1), int(day or 1)).isoformat()
            return first_day[: 10 if day else 7 if month else 4]
        except ValueError:
            pass  # the sentence comes from the careful way
    return _parse_carefully(text, typed)


def _parse_carefully(text: str, typed: str) -> str:
    """Every other form, and the sentences about errors."""
    # Imports Django's models, half a second that a file of plain dates needn't wait for.
    from members.partial_dates import PartialDateError, parse

    if re.fullmatch(r"(?:[0-9]{1,2}[/.-])?[0-9]{2}", text):
        raise ShortYearError("Năm chỉ ghi hai chữ số, không đoán được thế kỷ. Hãy ghi đủ bốn chữ số của năm.")
    try:
        return parse(text).isoformat()
    except PartialDateError as error:
        if typed and text != typed:
            raise BadValueError(f"“{shortened(typed)}”: {error}") from error
        raise BadValueError(str(error)) from error


def looks_like_date(value: Any) -> bool:
    """Whether the cell might be a date at all: what tells a column of dates from one of ticks."""
    if isinstance(value, date):
        return True
    if isinstance(value, str):
        return re.fullmatch(r"=?(?:[0-9]{1,4}[/.-]){0,2}[0-9]{2,4}", _shape(value)) is not None
    return not isinstance(value, bool) and isinstance(value, int | float) and 1850 <= value <= LAST_SERIAL
