"""What a column and a kind of record are: the words in which the contract is written."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from enum import StrEnum

from members.intake.words import Choices


class Type(StrEnum):
    """What a column's cells hold."""

    TEXT = "text"
    CODE = "code"  # identifiers and codes: text, leading zeros stay
    DATE = "date"
    YEAR = "year"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """A canonical column of a sheet; `also` are synonyms, parted by semicolons.

    A column is `needed`, if there is an `unless`, only where that other column says nothing. One that `is_extra` is
    for the export to lose nothing: it is no sign of what a list is.
    """

    name: str
    type: Type = Type.TEXT
    also: str = ""
    needed: bool = False
    choices: Choices | None = None
    unless: str = ""
    is_extra: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of record: its sheet.

    `borrowed` are columns of Hồ sơ that tell who a row is about. Of `signs` a table must have one to be proposed as
    this kind; `titles` are words above such tables. A kind without signs is proposed for its own sheet of the exchange
    workbook alone.
    """

    name: str
    columns: tuple[Column, ...]
    also: str = ""
    borrowed: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    titles: str = ""
    by_name: dict[str, Column] = field(default_factory=dict, compare=False)

    def missing(self, names: Container[str]) -> list[str]:
        """The needed columns that are not among the names: of a sheet, or of what a row says."""
        return [
            column.name
            for column in self.columns
            if column.needed and column.name not in names and (not column.unless or column.unless not in names)
        ]
