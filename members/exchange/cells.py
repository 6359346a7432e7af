"""How a record holds a column of a sheet: its text for comparing and for the workbook, and a text put into it.

Texts are canonical: dates as yyyy-mm-dd, yyyy-mm or yyyy, choices by their label, numbers with a point, "" for
nothing. One definition serves the import, the preview and the export.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from members.identifiers import card_digits
from members.partial_dates import PartialDate, Precision
from members.text import one_line, same_name_key


@dataclass(frozen=True)
class Cell:
    """A column of a sheet on a record.

    `read` gives the stored text, `write` puts one (raising ValidationError); `columns` are the database's columns that
    it fills, `part` the attribute of a composite record that holds them. `settled` says what is to stand of a stored
    and a wanted text: one of both. `plain` names the attribute that holds the text as it is, where one does.
    """

    column: str
    read: Callable[[Any], str]
    write: Callable[[Any, str], None]
    columns: tuple[str, ...] = ()
    part: str = ""
    settled: Callable[[str, str], str] = lambda stored, wanted: wanted
    plain: str = ""


def text(column: str, name: str, **more: Any) -> Cell:
    """Text and codes."""
    return Cell(
        column,
        lambda row: getattr(row, name),
        lambda row, value: setattr(row, name, value),
        (name,),
        plain=name,
        **more,
    )


def card(column: str, name: str) -> Cell:
    """The number of a membership card, however it is written."""
    return Cell(
        column,
        lambda row: getattr(row, name),
        lambda row, value: setattr(row, name, card_digits(value)),
        (name,),
        settled=lambda stored, wanted: card_digits(wanted),
    )


def note(column: str, name: str) -> Cell:
    """Text of several lines; read back from one line it is the same, and its lines stay."""
    return text(column, name, settled=lambda stored, wanted: stored if one_line(stored) == wanted else wanted)


def shown(column: str, read: Callable[[Any], str]) -> Cell:
    """A column that is only written out, such as the name beside a number."""

    def refuse(row: Any, value: str) -> None:
        raise NotImplementedError(column)

    return Cell(column, read, refuse)


def person_name(column: str, name: str) -> Cell:
    """A name: spellings of one name (hoà, hòa; letter case) are the same."""
    return text(column, name, settled=lambda stored, wanted: stored if stored and _is_same(stored, wanted) else wanted)


def _is_same(one: str, other: str) -> bool:
    return same_name_key(one) == same_name_key(other)


def choice(column: str, name: str, choices: type[models.TextChoices]) -> Cell:
    """A word out of choices, by their label."""
    labels = {value: str(label) for value, label in choices.choices}
    values = {label: value for value, label in labels.items()}

    def write(row: Any, value: str) -> None:
        if value and value not in values:
            raise ValidationError(f"Không hiểu “{value}”. Hãy ghi một trong các giá trị: {', '.join(values)}.")
        setattr(row, name, values.get(value, ""))

    return Cell(column, lambda row: labels.get(getattr(row, name), ""), write, (name,))


# --- Dates -----------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def partial_of(value: str) -> PartialDate | None:
    """The date of a canonical text."""
    if not value:
        return None
    numbers = [int(part) for part in value.split("-")]
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(numbers) - 1]
    return PartialDate(dt.date(*[*numbers, 1, 1][:3]), precision)


def _keep_fuller(stored: str, wanted: str) -> str:
    """A month or year matches a full date within it, and the full one stays."""
    return stored if wanted and stored.startswith(f"{wanted}-") else wanted


def partial_day(column: str, name: str) -> Cell:
    """A date that may be known in part, over `name`_on and its precision."""

    def read(row: Any) -> str:
        first_day = getattr(row, f"{name}_on")
        if first_day is None:
            return ""
        return first_day.isoformat()[: _LENGTHS[getattr(row, f"{name}_on_precision")]]

    def write(row: Any, value: str) -> None:
        setattr(row, name, partial_of(value))

    return Cell(column, read, write, (f"{name}_on", f"{name}_on_precision"), settled=_keep_fuller)


_LENGTHS = {Precision.DAY.value: 10, Precision.MONTH.value: 7, Precision.YEAR.value: 4}


def whole_day(column: str, name: str) -> Cell:
    """A date that is known in full."""

    def read(row: Any) -> str:
        day = getattr(row, name)
        return day.isoformat() if day else ""

    def write(row: Any, value: str) -> None:
        if value and len(value) < 10:
            raise ValidationError("Cần đủ ngày, tháng, năm, ví dụ 05/09/2015.")
        setattr(row, name, dt.date.fromisoformat(value) if value else None)

    return Cell(column, read, write, (name,), settled=_keep_fuller)


# --- Numbers ---------------------------------------------------------------------------------------


def whole_number(column: str, name: str) -> Cell:
    """A whole number."""
    return Cell(
        column, lambda row: _told(getattr(row, name)), lambda row, value: setattr(row, name, _int(value)), (name,)
    )


def decimal(column: str, name: str) -> Cell:
    """A number with two decimals; more, as formulas leave them, are rounded half up."""

    def rounded(value: str) -> Decimal | None:
        return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if value else None

    def write(row: Any, value: str) -> None:
        setattr(row, name, rounded(value))

    return Cell(
        column,
        lambda row: _told(getattr(row, name)),
        write,
        (name,),
        settled=lambda stored, wanted: _told(rounded(wanted)),
    )


def yes_no(column: str, name: str) -> Cell:
    """Có or Không; nothing is Không."""

    def write(row: Any, value: str) -> None:
        setattr(row, name, value == "Có")

    return Cell(
        column,
        lambda row: "Có" if getattr(row, name) else "",
        write,
        (name,),
        settled=lambda stored, wanted: "" if wanted == "Không" else wanted,
    )


def _int(value: str) -> int | None:
    return int(value) if value else None


def _told(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
