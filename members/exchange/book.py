"""The tables of one or more files as the source of an import, and what became of their rows.

The rows come from a reading in memory or from a stored session; cells mended, people chosen and rows left out are
put on the lines here, so that both ways are one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from members.exchange.plan import Line, Problem, batches
from members.intake.reading import Problem as ReadingProblem
from members.intake.reading import Reading
from members.intake.typed import typed
from members.intake.values import BadValueError
from members.models import RowStatus

CHUNK = 1000
# Of rows that are wrong so many are remembered with their reasons; the others are only counted.
MOST_DETAILS = 20_000

RawRow = tuple[int, Sequence[str | None], list[str]]


@dataclass
class BookTable:
    """A table of a file; `rows` gives its rows anew each time it is called."""

    number: int
    file: int
    sheet: str
    kind: str
    fields: tuple[str, ...]
    rows: Callable[[], Iterator[RawRow]]


@dataclass
class Decisions:
    """What people decided about rows, each by "table:row"."""

    edits: dict[str, dict[str, str]] = field(default_factory=dict)
    choices: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)


class Outcome(NamedTuple):
    """What became of a row; `detail` as Line.detail, None where there is nothing to tell."""

    table: int
    row: int
    status: RowStatus
    detail: dict[str, Any] | None


def place_of(table: int, row: int) -> str:
    """The key of a row among a session's decisions."""
    return f"{table}:{row}"


class Book:
    """The tables, with the errors that the reader found in their cells; a source of lines.

    `names` are the files' names; with several the sheet is told with its file.
    """

    def __init__(
        self,
        tables: Sequence[BookTable],
        names: Sequence[str],
        errors: Iterable[tuple[int, ReadingProblem]] = (),
        decisions: Decisions | None = None,
    ) -> None:
        self.tables = list(tables)
        self.names = list(names)
        self.decisions = decisions or Decisions()
        # What was wrong with rows that are left out for it.
        self.refused: dict[str, Outcome] = {}
        self._errors: dict[tuple[int, str, int], list[ReadingProblem]] = defaultdict(list)
        for file, problem in errors:
            self._errors[file, problem.sheet, problem.row].append(problem)
        self.begin()

    def begin(self) -> None:
        """Forget what became of the rows: they are to be carried through anew."""
        self.outcomes: list[Outcome] = []
        self.counts: dict[int, Counter[str]] = defaultdict(Counter)
        self.cascaded: set[str] = set()

    @property
    def row_count(self) -> int:
        """How many rows were dealt with."""
        return len(self.outcomes)

    def sheet_name(self, table: BookTable) -> str:
        """The sheet as people know it."""
        return f"{self.names[table.file]}: {table.sheet}" if len(self.names) > 1 else table.sheet

    # Source

    def chunks(self, kind: str) -> Iterator[list[Line]]:
        """The lines of a kind, in the order of the files."""
        for table in self.tables:
            if table.kind == kind:
                for rows in batches(table.rows(), CHUNK):
                    yield [self._line(table, row) for row in rows]

    def texts(self, kind: str, column: str) -> set[str]:
        """All that a column of a kind says; rows that are left out say nothing."""
        lines = (line for lines in self.chunks(kind) for line in lines if not line.is_left_out)
        return {line.values[column] for line in lines if line.values.get(column)}

    def _line(self, table: BookTable, row: RawRow) -> Line:
        number, cells, groups = row
        values = {name: cell for name, cell in zip(table.fields, cells, strict=True) if cell is not None}
        line = Line(table.number, number, self.sheet_name(table), values, groups)
        if self._errors:
            for problem in self._errors.get((table.file, table.sheet, number), ()):
                line.problems.append(Problem(problem.column, problem.value, problem.reason))
        if not self._is_untouched:
            self._decide(table, line)
        return line

    @property
    def _is_untouched(self) -> bool:
        told = self.decisions
        return not (told.edits or told.choices or told.decisions or told.left_out)

    def _decide(self, table: BookTable, line: Line) -> None:
        place = place_of(table.number, line.number)
        line.is_left_out = place in self.decisions.left_out
        line.choice = self.decisions.choices.get(place)
        line.decisions = self.decisions.decisions.get(place, {})
        for column, text in self.decisions.edits.get(place, {}).items():
            line.problems = [problem for problem in line.problems if problem.column != column]
            mend(table.kind, line, column, text)

    def take_back(self, lines: list[Line]) -> None:
        """Note what became of lines."""
        for line in lines:
            status = line.status
            self.counts[line.table][status] += 1
            is_wrong = status in {RowStatus.WRONG, RowStatus.CONFLICT}
            told = line.detail() if len(self.outcomes) < MOST_DETAILS or is_wrong else None
            if refused := self.refused.get(place_of(line.table, line.number)):
                told = {**(refused.detail or {}), "was_wrong": True}
            self.outcomes.append(Outcome(line.table, line.number, status, told or None))
            if line.is_blocked and not line.problems:
                self.cascaded.add(place_of(line.table, line.number))

    def refuse(self, wrong: dict[str, Outcome]) -> None:
        """Leave rows out for what is wrong with them; their reasons are kept with them."""
        self.refused |= wrong
        self.decisions.left_out |= set(wrong)

    # What became of it

    @property
    def wrong(self) -> list[Outcome]:
        """The rows that can't be written."""
        return [one for one in self.outcomes if one.status in {RowStatus.WRONG, RowStatus.CONFLICT}]

    @property
    def fingerprint(self) -> str:
        """Equal for two passes that make the same of every row."""
        digest = sha256()
        for one in self.outcomes:
            changes = (one.detail or {}).get("changes", ())
            digest.update(repr((one.table, one.row, str(one.status), changes)).encode())
        return digest.hexdigest()

    def summed(self) -> dict[str, int]:
        """How many rows there are of each status."""
        total: Counter[str] = Counter()
        for counted in self.counts.values():
            total.update(counted)
        return {str(status): total.get(status, 0) for status in RowStatus.values}


def mend(kind: str, line: Line, column: str, text: str) -> None:
    """Put on the line what somebody typed for a cell; nothing typed is an empty cell, which says nothing."""
    if not text.strip():
        line.values.pop(column, None)
        return
    try:
        line.values[column] = typed(kind, column, text)
    except BadValueError as unreadable:
        line.values.pop(column, None)
        line.problems.append(Problem(column, text, str(unreadable)))


def book_of(readings: Sequence[Reading], names: Sequence[str]) -> Book:
    """A book of readings in memory."""
    tables: list[BookTable] = []
    for file, reading in enumerate(readings):
        for table in reading.tables:
            rows = _rows_of(table)
            tables.append(BookTable(len(tables), file, table.sheet, table.kind, table.fields, rows))
    errors = ((file, problem) for file, reading in enumerate(readings) for problem in reading.as_errors())
    return Book(tables, names, errors)


def _rows_of(table: Any) -> Callable[[], Iterator[RawRow]]:
    return lambda: ((row.number, row.cells, row.groups) for row in table.rows)
