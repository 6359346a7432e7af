"""What an import is told and what it says of rows: options, lines, problems. Plain values, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from members.models import RowStatus

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Options:
    """What the sender says of rows that leave it out.

    `organisation` (a code): the rows are of it and of those under it; the row's own wins. `training_class` (a code)
    and `year`: of rows that name none.
    """

    organisation: str = ""
    training_class: str = ""
    year: str = ""


@dataclass
class Problem:
    """Why a row can't be written: the canonical column, what stands there, the reason with what to do.

    `candidates` are people (key, label) of whom one is to be chosen; `is_conflict` where the value is to be chosen
    beside `theirs`, the one on record.
    """

    column: str
    value: str
    reason: str
    candidates: list[tuple[int, str]] = field(default_factory=list)
    is_conflict: bool = False
    theirs: str = ""

    @property
    def is_choice(self) -> bool:
        """Whether choosing one of what is offered mends it."""
        return self.is_conflict or bool(self.candidates)


@dataclass(slots=True)
class Line:
    """A row of a table on its way into the records, and what becomes of it.

    `values` are by canonical column: an absent one says nothing, "" empties. `choice` is the key of the person whom
    somebody chose for the row (0: none of them, a new one), `decisions` whose value of a column stands (mine, theirs).
    `changes` are (column, before, after).
    """

    table: int
    number: int
    sheet: str
    values: dict[str, str]
    groups: list[str] = field(default_factory=list)
    choice: int | None = None
    decisions: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    is_new: bool = False
    is_blocked: bool = False
    is_left_out: bool = False
    # What the row is about, as far as it was found out: set by the kind of record.
    person: Any = None
    organisation: Any = None

    def fail(self, column: str, reason: str, **more: Any) -> None:
        """Report a problem of a cell; once for each column."""
        if not any(problem.column == column for problem in self.problems):
            self.problems.append(Problem(column, self.values.get(column, ""), reason, **more))

    def block(self, note: str) -> None:
        """Leave the row unwritten because of another row, whose problem is reported there."""
        self.is_blocked = True
        self.notes.append(note)

    @property
    def is_good(self) -> bool:
        """Whether it can be written, as far as is known."""
        return not (self.problems or self.is_blocked or self.is_left_out)

    @property
    def status(self) -> RowStatus:
        """What the import makes of it."""
        if self.is_left_out:
            return RowStatus.LEFT_OUT
        if self.problems:
            return RowStatus.CONFLICT if all(problem.is_choice for problem in self.problems) else RowStatus.WRONG
        if self.is_blocked:
            return RowStatus.WRONG
        if self.is_new:
            return RowStatus.NEW
        return RowStatus.CHANGED if self.changes else RowStatus.SAME

    def detail(self) -> dict[str, Any]:
        """What a page tells of it; empty where there is nothing."""
        told = {
            "problems": [vars(problem) for problem in self.problems],
            "notes": self.notes,
            "changes": [] if self.is_new else [list(change) for change in self.changes],
        }
        return {name: value for name, value in told.items() if value}


def good(lines: Iterable[Line]) -> list[Line]:
    """Those that can still be written."""
    return [line for line in lines if line.is_good]


T = TypeVar("T")


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
