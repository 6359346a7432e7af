"""Tables and sheets of a workbook: written from the top down, printed on A4 with nothing cut.

Cells are made by workbook.py; what goes into a table is not known here.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from config.workbook import (
    BOLD,
    FONT,
    HEADING,
    SIZE,
    Kind,
    Look,
    clean,
    kind_of,
    lines_needed,
    put,
    sheet_title,
    text_width,
)

# Margins of Party documents (05-HD/VPTW): top, bottom, left, right, in mm; and the numbers of the papers.
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
A4, A3 = 9, 8
MM_PER_INCH = 25.4
# One unit of column width in points: a digit of the workbook's font, 7 pixels of 1/96 inch.
UNIT = 5.25
# The room across A4, upright and on its side, in units of column width.
PAGE_WIDTHS = tuple((side - LEFT - RIGHT) / MM_PER_INCH * 72 / UNIT for side in (210, 297))
LINE_HEIGHT = 1.32
# Left and right of the text in a cell.
PADDING = 1.7
# How much of the room of a long text is reckoned with: letters that a font lacks come out of wider ones.
SAFE = 0.95
# Column headings are widened until they need no more lines.
HEADING_LINES = 3
# No column is wider for the sake of one word.
WIDEST_WORD = 60
# What Excel takes at most: a row in points; a footer with its codes has 255 characters.
HIGHEST_ROW, LONGEST_FOOTER = 409, 120


@dataclass(frozen=True)
class Column:
    """A column of a table; those side by side with the same `group` share a heading above.

    Without a `kind` each value decides. It is as wide as what it holds up to `most`, where
    text begins a new line. `span` is how many columns of the sheet it takes.
    """

    label: str
    group: str = ""
    kind: Kind | None = None
    centred: bool = False
    most: float = 34
    span: int = 1


class Role(enum.Enum):
    """What a row of a table is: a record, a heading across the table, a total."""

    RECORD = enum.auto()
    HEADING = enum.auto()
    TOTAL = enum.auto()


@dataclass(frozen=True)
class As:
    """A value of another kind than the rest of its column."""

    value: Any
    kind: Kind


@dataclass(frozen=True)
class Row:
    """A row of a table; a heading's value in `label_at` stands across the rest of the row."""

    values: Sequence[Any]
    role: Role = Role.RECORD
    indent: int = 0


@dataclass(frozen=True)
class Table:
    """Columns and rows, to be written by `Page.table`; headings and indents use column `label_at`."""

    columns: Sequence[Column]
    rows: Sequence[Row] = field(default_factory=list)
    label_at: int = 1

    @property
    def is_grouped(self) -> bool:
        """Whether the headings stand on two lines."""
        return any(column.group for column in self.columns)

    @property
    def widths(self) -> list[float]:
        """How wide each column should be: what is left of the page goes to those whose text needs it."""
        needs = [self._need(position) for position in range(len(self.columns))]
        widths = [max(min(whole, column.most), word) for column, (word, whole) in zip(self.columns, needs, strict=True)]
        total = sum(widths) + PADDING * len(widths)
        page = next((width for width in PAGE_WIDTHS if total <= width), total)
        short = {place: whole - widths[place] for place, (_, whole) in enumerate(needs) if whole > widths[place]}
        for place, missing in short.items():
            widths[place] += min(missing, (page - total) * missing / sum(short.values()))
        return [width + PADDING for width in widths]

    def _need(self, position: int) -> tuple[float, float]:
        """The least room of a column (longest word, heading on few lines), and that for no new line."""
        column = self.columns[position]
        rows = (row for row in self.rows if row.role != Role.HEADING)
        shown = {_shown(row.values[position], column.kind) for row in rows}
        alone = not column.group or [other.group for other in self.columns].count(column.group) == 1
        texts = {column.label, *shown, column.group if alone else ""}
        word = max(text_width(word, BOLD) for text in texts for word in [*text.split(), ""])
        word = min(word, WIDEST_WORD)
        while word < column.most and lines_needed(column.label, word + PADDING, BOLD) > HEADING_LINES:
            word += 0.5
        if column.kind is None:
            shown.add(column.label)
        return word, max((text_width(text, BOLD) for text in shown), default=0)

    def look(self, row: Row, position: int, value: Any, kind: Kind) -> Look:
        """How the cell of a row looks."""
        column = self.columns[position]
        across = "left" if kind == Kind.TEXT else "right"
        if column.centred or kind == Kind.DATE:
            across = "center"
        is_label = position == self.label_at
        return Look(
            kind,
            bold=row.role != Role.RECORD,
            quiet=row.role == Role.RECORD and value == 0,
            framed=True,
            filled=row.role != Role.RECORD,
            across=across,
            indent=row.indent if is_label else 0,
        )


def _shown(value: Any, kind: Kind | None) -> str:
    """About as wide as the value stands in its cell."""
    value, kind = _opened(value, kind)
    if value is None or isinstance(value, str):
        return value or ""
    if kind == Kind.DATE:
        return "00/00/0000"
    if kind in {Kind.SHARE, Kind.POINTS}:
        return "100,00%"
    return f"{value:,.2f}" if kind == Kind.DECIMAL else f"{value:,}"


def _opened(value: Any, kind: Kind | None) -> tuple[Any, Kind]:
    """A table's value and what kind of cell it makes in a column of `kind`."""
    if isinstance(value, As):
        return value.value, value.kind
    return value, Kind.TEXT if isinstance(value, str) else kind or kind_of(value)


class Page:
    """A sheet that is written from the top down, on columns of the given widths."""

    def __init__(self, workbook: Workbook, title: str, widths: Sequence[float]) -> None:
        self.sheet: Worksheet = workbook.create_sheet(sheet_title(title, workbook.sheetnames))
        self.widths = list(widths)
        self.row = 1
        for position, width in enumerate(self.widths, 1):
            self.sheet.column_dimensions[get_column_letter(position)].width = width

    @property
    def last(self) -> int:
        """The number of its last column."""
        return len(self.widths)

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.row += rows

    def block(self, text: str, look: Look, first: int = 1, last: int | None = None) -> None:
        """Text across columns of this row, which becomes as high as the text needs; stays on the row."""
        last = last or self.last
        self._across(text, look, self.row, first, last)
        needed = lines_needed(text, sum(self.widths[first - 1 : last]) * SAFE, look)
        self._at_least(self.row, needed, look.size)

    def line(self, text: str, look: Look, first: int = 1, last: int | None = None) -> None:
        """Text across columns of this row; goes on to the next row."""
        self.block(text, look, first, last)
        self.row += 1

    def _across(self, value: Any, look: Look, row: int, first: int, last: int, rows: int = 1) -> None:
        for below in range(row, row + rows):
            for column in range(first, last + 1):
                put(self.sheet.cell(below, column), None, look)
        put(self.sheet.cell(row, first), value, look)
        if last > first or rows > 1:
            self.sheet.merge_cells(start_row=row, end_row=row + rows - 1, start_column=first, end_column=last)

    def _at_least(self, row: int, lines: int, size: int = SIZE) -> None:
        dimension = self.sheet.row_dimensions[row]
        height = min(round(lines * size * LINE_HEIGHT + 2, 1), HIGHEST_ROW)
        dimension.height = max(dimension.height or 0, height)

    def table(self, table: Table, *, repeated: bool = True, frozen: bool = True) -> list[int]:
        """Write a table and give the number of each of its rows.

        `repeated` prints its head on every page, `frozen` keeps it in sight on the screen.
        """
        top = self.row
        self._head(table)
        if repeated:
            self.sheet.print_title_rows = f"{top}:{self.row - 1}"
        if frozen:
            self.sheet.freeze_panes = self.sheet.cell(self.row, table.label_at + 2)
        numbers = []
        for row in table.rows:
            numbers.append(self.row)
            (self._heading if row.role == Role.HEADING else self._record)(table, row)
            self.row += 1
        return numbers

    def _head(self, table: Table) -> None:
        first, depth = 1, 2 if table.is_grouped else 1
        for group, members in groupby(table.columns, key=lambda column: column.group):
            begin = first
            for column in members:
                last = first + column.span - 1
                top, rows = (self.row + 1, 1) if group else (self.row, depth)
                self._across(column.label, HEADING, top, first, last, rows)
                needed = lines_needed(column.label, sum(self.widths[first - 1 : last]), HEADING)
                self._at_least(self.row + depth - 1, needed if group or depth == 1 else needed - 1)
                first = last + 1
            if group:
                self._across(group, HEADING, self.row, begin, first - 1)
                self._at_least(self.row, lines_needed(group, sum(self.widths[begin - 1 : first - 1]), HEADING))
        self.row += depth

    def _heading(self, table: Table, row: Row) -> None:
        look = Look(bold=True, framed=True, filled=True)
        for position, value in enumerate(row.values[: table.label_at], 1):
            put(self.sheet.cell(self.row, position), value, replace(look, across="center"))
        label = row.values[table.label_at]
        self.block(label, look, table.label_at + 1, sum(column.span for column in table.columns))

    def _record(self, table: Table, row: Row) -> None:
        first, lines = 1, 0
        for position, (column, given) in enumerate(zip(table.columns, row.values, strict=True)):
            last = first + column.span - 1
            value, kind = _opened(given, column.kind)
            look = table.look(row, position, value, kind)
            if column.span > 1:
                self._across(value, look, self.row, first, last)
            else:
                put(self.sheet.cell(self.row, first), value, look)
            if isinstance(value, str):
                lines = max(lines, lines_needed(value, sum(self.widths[first - 1 : last]), look))
            first = last + 1
        # LibreOffice leaves a row as high as one line unless its height is said; one line needs no height.
        if lines > 1:
            self._at_least(self.row, lines)

    def next_page(self) -> None:
        """Begin a new page here. Excel keeps to that only on a sheet that is finished without `fitted`."""
        self.sheet.row_breaks.append(Break(id=self.row - 1))

    def finish(self, *, footer: str = "", fitted: bool = True) -> None:
        """Set up printing: everything written, as wide as a page of A4, upright where that is wide enough.

        Without `fitted` in its own size, for a sheet whose columns are known to fit.
        """
        sheet, width = self.sheet, sum(self.widths)
        upright, on_side = PAGE_WIDTHS
        sheet.print_area = f"A1:{get_column_letter(self.last)}{max(self.row - 1, 1)}"
        sheet.page_setup.paperSize = A3 if width > on_side * 1.7 else A4
        sheet.page_setup.orientation = "landscape" if width > upright * 1.15 else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = fitted
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.top, margins.bottom = TOP / MM_PER_INCH, BOTTOM / MM_PER_INCH
        margins.left, margins.right = LEFT / MM_PER_INCH, RIGHT / MM_PER_INCH
        margins.header = margins.footer = 10 / MM_PER_INCH
        left = clean(footer)[:LONGEST_FOOTER].replace("&", "&&")
        for part, text in ((sheet.oddFooter.left, left), (sheet.oddFooter.right, "Trang &P/&N")):
            part.text, part.font, part.size = text, f"{FONT},Regular", 9
