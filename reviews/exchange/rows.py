"""Rows of a session as its pages show them: cells with what they were and will be, what is wrong, what to choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from members.exchange.book import place_of
from members.exchange.stored import row_values
from members.intake.contract import KINDS
from members.models import ImportOutcome, ImportSession, RowStatus
from reviews.exchange.pages_base import BLANK, in_words, sheet_label

Told = dict[str, Any]

# Kinds whose rows may bring somebody new.
MAY_BE_NEW = {"Hồ sơ", "Học viên"}
# Beyond so many fields on a page its rows are mended one by one.
MOST_FIELDS = 250
# The word for a row that was left out for what is wrong with it.
REFUSED = "Sai, không ghi"
# The columns that say whom or what a row is about.
ABOUT_WHOM = {"Số lý lịch", "Họ và tên", "Mã tổ chức", "Tên tổ chức", "Mã đoàn thể", "Tên đoàn thể", "Mã lớp", "Năm"}
MARKS = {
    RowStatus.NEW.value: "+",
    RowStatus.CHANGED.value: "~",
    RowStatus.SAME.value: "=",
    RowStatus.CONFLICT.value: "?",
    RowStatus.WRONG.value: "!",
    RowStatus.LEFT_OUT.value: "×",
}


@dataclass
class CellOnPage:
    """A cell: what it says and, where they are there, what stood before, what is wrong, and the field to mend it."""

    column: str
    text: str
    before: str | None = None
    problem: Told | None = None
    is_edited: bool = False
    name: str = ""
    typed: str = ""
    decision: str = ""
    theirs: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to see."""
        return self.text in {"", BLANK} and self.before is None and self.problem is None


@dataclass
class RowOnPage:
    """A row of a table with what became of it."""

    table: int
    number: int
    status: str
    label: str
    kind: str
    cells: list[CellOnPage]
    notes: list[str]
    groups: list[str]
    is_left_out: bool
    was_wrong: bool
    choice: int | None
    is_decided: bool

    @property
    def mark(self) -> str:
        """The status as a sign, beside the word."""
        return MARKS[self.status]

    @property
    def place(self) -> str:
        """The row in names of fields."""
        return f"{self.table}-{self.number}"

    @property
    def may_be_new(self) -> bool:
        """Whether none of the people offered may be right."""
        return self.kind in MAY_BE_NEW

    @property
    def candidates(self) -> list[list[Any]]:
        """The people of whom one is to be chosen: key and label."""
        found = (cell.problem.get("candidates") for cell in self.cells if cell.problem)
        return next((offered for offered in found if offered), [])


@dataclass
class TableOnPage:
    """Rows of one table that stand side by side, and the columns they have."""

    number: int
    sheet: str
    kind: str
    columns: list[str]
    rows: list[RowOnPage] = field(default_factory=list)


def tables_on_page(session: ImportSession, outcomes: Sequence[ImportOutcome]) -> list[TableOnPage]:
    """The outcomes with what their rows say, table by table; fields are offered while there aren't too many."""
    found = []
    for number, some in groupby(outcomes, key=lambda one: one.table):
        found.append(_table(session, number, list(some)))
    fields = [cell for table in found for row in table.rows for cell in row.cells if cell.problem]
    if not session.is_over and len(fields) <= MOST_FIELDS:
        for table in found:
            for row in table.rows:
                _offer_fields(row)
    return found


def _table(session: ImportSession, number: int, outcomes: list[ImportOutcome]) -> TableOnPage:
    told = session.understood["tables"][number]
    values = row_values(session, number, [one.row for one in outcomes])
    columns = columns_of(told, outcomes)
    table = TableOnPage(number, sheet_label(session, told), told["kind"], columns)
    for one in outcomes:
        said, groups = values.get(one.row, ({}, []))
        table.rows.append(row_on_page(session, told["kind"], one, said, groups, columns))
    return table


def columns_of(told: Told, outcomes: Iterable[ImportOutcome]) -> list[str]:
    """The columns that the table has, each part in the kind's order: whom a row is about, what is wrong, the rest.

    What is wrong or changes is to be seen without moving the table sideways.
    """
    order = _order(told["kind"])
    spoken_of: set[str] = set()
    for one in outcomes:
        spoken_of |= {problem["column"] for problem in one.detail.get("problems", ())}
        spoken_of |= {column for column, _, _ in one.detail.get("changes", ())}

    def place(name: str) -> tuple[bool, bool, int]:
        return name not in ABOUT_WHOM, name not in spoken_of, order.get(name, len(order))

    return sorted(spoken_of.union(told["fields"]), key=place)


def _order(kind: str) -> dict[str, int]:
    """The places of a kind's columns."""
    return {name: place for place, name in enumerate(KINDS[kind].by_name)} if kind in KINDS else {}


def row_on_page(
    session: ImportSession, kind: str, one: ImportOutcome, said: dict[str, str], groups: list[str], columns: list[str]
) -> RowOnPage:
    """A row with its cells, in the order of the columns."""
    place, was_wrong = place_of(one.table, one.row), bool(one.detail.get("was_wrong"))
    return RowOnPage(
        one.table,
        one.row,
        RowStatus.WRONG.value if was_wrong else one.status,
        REFUSED if was_wrong else str(one.get_status_display()),
        kind,
        [_cell(session, kind, one, said, column) for column in columns],
        list(one.detail.get("notes", ())),
        groups,
        place in session.left_out,
        was_wrong,
        session.choices.get(place),
        any(place in told for told in (session.edits, session.choices, session.decisions)),
    )


def _cell(session: ImportSession, kind: str, one: ImportOutcome, said: dict[str, str], column: str) -> CellOnPage:
    place = place_of(one.table, one.row)
    edits = session.edits.get(place, {})
    problem = next((told for told in one.detail.get("problems", ()) if told["column"] == column), None)
    change = next((told for told in one.detail.get("changes", ()) if told[0] == column), None)
    text = in_words(kind, column, said[column]) or BLANK if column in said else ""
    if column in edits:
        text = edits[column]
    if problem is not None and not text:
        text = problem["value"]
    cell = CellOnPage(column, text, problem=problem, is_edited=column in edits)
    if change is not None:
        cell.before = in_words(kind, column, change[1]) or BLANK
        cell.text = in_words(kind, column, change[2]) or BLANK
    cell.decision = session.decisions.get(place, {}).get(column, "")
    if problem is not None:
        cell.theirs = in_words(kind, column, problem.get("theirs", "")) or BLANK
    return cell


def _offer_fields(row: RowOnPage) -> None:
    """Name fields by the kind's columns: the page may show others by the time they are sent."""
    order = _order(row.kind)
    for cell in row.cells:
        if cell.problem is not None and cell.column in order:
            cell.name = f"{row.place}-{order[cell.column]}"
            cell.typed = "" if cell.text == BLANK else cell.text
