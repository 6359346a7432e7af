"""Two people on one record: whose value of a field stands, and what people are told about it.

Knows neither forms nor the audit trail: config.forms asks, the records say what was saved.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any


class ConflictError(Exception):
    """The record was changed by somebody else since it was read; nothing was written."""

    def __init__(self, row: Any) -> None:
        super().__init__(f"{row._meta.label} {row.pk}")
        self.row = row


class OutOfScopeError(Exception):
    """What was saved would lie outside what the user may change; nothing was written."""


@dataclass(frozen=True)
class SavedChange:
    """A change that made a record's `version`: its columns before and after, by whom and when."""

    version: int
    before: dict[str, Any]
    after: dict[str, Any]
    by: str
    at: dt.datetime


# The value of a field when the form was opened, where nobody knows it any more. Equal to nothing.
UNKNOWN = object()


class Stands(enum.Enum):
    """Whose value of a field stands."""

    MINE = enum.auto()
    THEIRS = enum.auto()
    UNDECIDED = enum.auto()


def whose(base: Any, theirs: Any, mine: Any) -> Stands:
    """What becomes of a field that held `base`, holds `theirs` by now and is to hold `mine`."""
    if mine == theirs or theirs == base:
        return Stands.MINE
    return Stands.THEIRS if mine == base else Stands.UNDECIDED


@dataclass(frozen=True)
class Difference:
    """A field that somebody else has saved meanwhile, in words; `key` is the name of the choice on the form."""

    name: str
    label: str
    mine: str
    theirs: str
    key: str
    change: SavedChange | None = None
