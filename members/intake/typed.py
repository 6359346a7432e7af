"""The value that a column keeps for what its cell says: for cells of files, and for what a person types for one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from members.intake import dates, values
from members.intake.contract import KINDS
from members.intake.kinds import Column, Type
from members.intake.values import clean

Converter = Callable[[Any], str]

_DASHES = {"-", "–", "—"}
_AS_TYPED = dates.Reading(dates.Order.DAY_FIRST)


def typed(kind: str, column: str, text: str) -> str:
    """What the kind's canonical column keeps for a text that a person typed: as in Row.values, dates day first.

    "" for a dash alone and for blank text. Raises BadValueError, in words for that person; KeyError for a column that
    the kind doesn't have.
    """
    return converted(text, converter(KINDS[kind].by_name[column])) or ""


def converter(column: Column, how: dates.Reading = _AS_TYPED) -> Converter:
    """From a cell that is neither blank nor a dash to the column's text; raises BadValueError."""
    if column.name == "Họ và tên":
        return values.name
    match column.type:
        case Type.DATE:
            return partial(dates.convert, reading=how)
        case Type.CODE:
            return values.code
        case Type.YEAR:
            return values.year
        case Type.INTEGER:
            return values.integer
        case Type.DECIMAL:
            return values.decimal
        case Type.CHOICE if column.choices:
            return partial(values.choice, choices=column.choices)
    return clean


def converted(value: Any, convert: Converter) -> str | None:
    """What the cell says, "" for a dash, None for nothing. Raises BadValueError."""
    if isinstance(value, str):
        values.check(value)
        value = clean(value)
        if value in _DASHES:
            return ""
        if not value:
            return None
        if convert is clean:
            return value
    return convert(value) or None
