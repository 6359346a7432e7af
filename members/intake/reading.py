"""What a file was understood to hold: plain values alone, which go from the reading process to the one that asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_CONVERSIONS = 500
MOST_ERRORS = 5_000
MOST_SHARED_TEXTS = 50_000
MOST_MARKS, LONGEST_MARK = 50, 200


@dataclass
class Column:
    """A column of a table: where it stands, how it is headed, what it is taken to mean; `meaning` "" is left aside.

    `word` is what a tick in the column says: in a column HTT of ratings, HTT.
    """

    letters: str
    heading: str
    meaning: str = ""
    word: str = ""
    is_hidden: bool = False
    samples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A record of a table; `cells` stand for the table's `fields`, None for what the row doesn't say.

    `groups` are the headings of the groups that the row stands in, the widest first. Of rows there are many, so
    they are kept small.
    """

    number: int
    fields: tuple[str, ...]
    cells: tuple[str | None, ...]
    groups: list[str]

    @property
    def values(self) -> dict[str, str]:
        """The values by canonical column. An absent column says nothing, "" empties the stored value."""
        return {name: cell for name, cell in zip(self.fields, self.cells, strict=True) if cell is not None}


@dataclass
class Skipped:
    """A row that is no record: why (numbers, group, total, heading, signature, other) and its text."""

    number: int
    why: str
    text: str


@dataclass
class Table:
    """A table of a sheet. `kind` is the kind of record, "" where none could be proposed.

    `fields` are the canonical columns that its rows may have; `shape` is equal for tables with the same headings.
    """

    sheet: str
    kind: str
    shape: str
    heading_row: int
    is_canonical: bool = False
    is_proposed: bool = False
    title: list[str] = field(default_factory=list)
    fields: tuple[str, ...] = ()
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def left_aside(self) -> list[str]:
        """The headings of columns without a meaning."""
        return [column.heading for column in self.columns if not column.meaning and column.heading]


@dataclass
class Problem:
    """An error: the sheet as the file names it, its row from 1, the canonical column, the value, what to do."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass
class Question:
    """Something that the file doesn't say: about `dates` (order) or `years` (two digits); the row is the first."""

    what: str
    sheet: str
    row: int
    column: str
    value: str
    text: str
    rows: int = 1


@dataclass
class Conversion:
    """A text typed for an old font, before and after; the column by its letters."""

    sheet: str
    row: int
    column: str
    before: str
    after: str
    encoding: str


@dataclass
class Note:
    """Something to look at that is no error: a number that may have lost its zeros, a sheet not read."""

    sheet: str
    row: int
    column: str
    value: str
    text: str


@dataclass
class Reading:
    """All of a file. `conversions` and `errors` are cut at a number; how many there were is counted.

    `marks` are what a program that wrote the file noted in it, by their keys, in the sheet named sheets.MARKS.
    """

    tables: list[Table] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    conversion_count: int = 0
    error_count: int = 0
    marks: dict[str, str] = field(default_factory=dict)

    def add_error(self, problem: Problem) -> None:
        """Count it, and keep it while there is room."""
        self.error_count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(problem)

    def add_conversion(self, conversion: Conversion) -> None:
        """Count it, and keep it while there is room."""
        self.conversion_count += 1
        if len(self.conversions) < MOST_CONVERSIONS:
            self.conversions.append(conversion)

    def as_errors(self) -> list[Problem]:
        """The errors, and every question as one: for where nobody can be asked."""
        asked = [Problem(each.sheet, each.row, each.column, each.value, each.text) for each in self.questions]
        return sorted(self.errors + asked, key=lambda problem: (problem.sheet, problem.row))


# --- Between processes -----------------------------------------------------------------------------

_PARTS: dict[str, type] = {
    "question": Question,
    "error": Problem,
    "conversion": Conversion,
    "note": Note,
    "skipped": Skipped,
    "column": Column,
}


def to_messages(reading: Reading) -> Iterator[tuple[str, Any]]:
    """The reading as small plain pieces, in the order in which an Assembly takes them."""
    for table in reading.tables:
        yield (
            "table",
            {name: value for name, value in vars(table).items() if name not in {"columns", "rows", "skipped"}},
        )
        yield from (("column", vars(column)) for column in table.columns)
        yield from (("row", [row.number, row.cells, row.groups]) for row in table.rows)
        yield from (("skipped", vars(row)) for row in table.skipped)
    for name in ("question", "error", "conversion", "note"):
        yield from ((name, vars(part)) for part in getattr(reading, f"{name}s"))
    yield "marks", reading.marks
    yield "counts", [reading.conversion_count, reading.error_count]


class Assembly:
    """A reading put together from messages, one at a time. Raises ValueError, KeyError, TypeError for a wrong one."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._texts: dict[str | None, str | None] = {}

    def add(self, name: str, plain: Any) -> None:
        """Take the next message."""
        match name:
            case "table":
                self.reading.tables.append(Table(**plain | {"fields": tuple(plain["fields"])}))
            case "row":
                self._add_row(*plain)
            case "column" | "skipped":
                parts = self.reading.tables[-1].columns if name == "column" else self.reading.tables[-1].skipped
                parts.append(_PARTS[name](**plain))
            case "marks":
                self.reading.marks = {str(name): str(value) for name, value in plain.items()}
            case "counts":
                self.reading.conversion_count, self.reading.error_count = plain
            case _:
                getattr(self.reading, f"{name}s").append(_PARTS[name](**plain))

    def _add_row(self, number: int, cells: list[str | None], groups: list[str]) -> None:
        """Texts that come again, as most do, are kept once."""
        table = self.reading.tables[-1]
        if len(self._texts) > MOST_SHARED_TEXTS:
            self._texts.clear()
        shared = tuple(map(self._texts.setdefault, cells, cells))
        table.rows.append(Row(number, table.fields, shared, groups))
