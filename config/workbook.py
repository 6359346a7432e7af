"""Styled Excel workbooks: cells that are what they seem, sheets that print on A4 with nothing cut.

What goes into a workbook is not known here.
"""

from __future__ import annotations

import datetime as dt
import enum
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"
SIZE = 11
# One unit of column width in points: a digit of the workbook's font, 7 pixels of 1/96 inch.
UNIT = 5.25
LINE_HEIGHT = 1.32
# Left and right of the text in a cell: for a column that must hold it, and when lines are counted.
PADDING, INSIDE = 1.7, 0.9

# Margins of Party documents (05-HD/VPTW): top, bottom, left, right, in mm; and the papers they leave.
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
A4, A3 = 9, 8
PORTRAIT_WIDTH, LANDSCAPE_WIDTH = (side - LEFT - RIGHT for side in (210, 297))
POINTS_PER_MM = 72 / 25.4
MM_PER_INCH = 25.4

# Excel shows `####` for longer text in a cell of the format "@", and holds no more than the second number.
LONGEST_TEXT_FORMAT, LONGEST_TEXT = 255, 32767
# Excel's calendar has a 29 February 1900; dates up to there would be wrong or impossible.
FIRST_DATE = dt.date(1900, 3, 1)
LONGEST_TITLE = 31


class Kind(enum.Enum):
    """What a cell holds; the value is its number format."""

    TEXT = "@"
    PROSE = "General"
    COUNT = "#,##0"
    CHANGE = "+#,##0;-#,##0;0"
    SHARE = "0.00%"
    POINTS = "+0.00;-0.00;0.00"
    NAMED_POINTS = '+0.00" điểm %";-0.00" điểm %";0.00" điểm %"'
    DECIMAL = "#,##0.00"
    DATE = "dd/mm/yyyy"


@dataclass(frozen=True)
class Look:
    """How a cell looks; `framed` and `filled` are for tables."""

    kind: Kind = Kind.TEXT
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    quiet: bool = False
    size: int = SIZE
    framed: bool = False
    filled: bool = False
    across: str = "left"
    down: str = "center"
    indent: int = 0

    @property
    def name(self) -> str:
        """The name of its style in a workbook."""
        return "|".join(str(getattr(value, "name", value)) for value in vars(self).values())


CENTRED = Look(across="center")
TITLE = Look(Kind.PROSE, bold=True, size=14, across="center")
SMALL = Look(Kind.PROSE, italic=True, across="center")
NOTE = Look(Kind.PROSE, italic=True, size=10, down="top")
HEADING = Look(bold=True, framed=True, filled=True, across="center")

_LINE = Side(style="thin", color="808080")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def new_workbook(*, title: str, creator: str, on: dt.date) -> Workbook:
    """An empty workbook in the office's font, dated `on`; it has no sheet yet."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    # openpyxl has no public way to the workbook's own font, by which column widths are measured.
    font = Font(name=FONT, size=SIZE)
    workbook._fonts[0] = font
    workbook._named_styles["Normal"].font = font
    workbook.properties.title = clean(title)
    workbook.properties.creator = clean(creator)
    workbook.properties.created = dt.datetime.combine(on, dt.time())
    return workbook


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]*)")


def workbook_bytes(workbook: Workbook) -> bytes:
    """The .xlsx file: the same bytes for the same content, whenever it is written."""
    written, fixed = io.BytesIO(), io.BytesIO()
    workbook.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml" and (created := _CREATED.search(content)):
                content = _MODIFIED.sub(rb"\g<1>" + created[1], content)
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


# --- Values ----------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Text that a cell can hold: without control characters and halves of letters, not too long."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(letter for letter in text if not _is_no_letter(letter))
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _is_no_letter(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff"


def kind_of(value: Any) -> Kind:
    """What kind of cell a value makes by itself."""
    if isinstance(value, dt.date):
        return Kind.DATE
    if isinstance(value, int):
        return Kind.COUNT
    return Kind.DECIMAL if isinstance(value, float | Decimal) else Kind.TEXT


def sheet_title(text: str, taken: Iterable[str] = ()) -> str:
    """A name for a sheet: at most 31 characters, none that Excel forbids, not `taken` yet."""
    plain = re.sub(r"[\\/?*\[\]:]", " ", clean(text)).strip().strip("'") or "Trang"
    known = {name.casefold() for name in taken}
    title, number = plain[:LONGEST_TITLE].strip(), 2
    while title.casefold() in known:
        ending = f" ({number})"
        title, number = plain[: LONGEST_TITLE - len(ending)].strip() + ending, number + 1
    return title


def put(cell: Cell, value: Any, look: Look) -> None:
    """Write a value as what it is: text never becomes a formula, an early date becomes text."""
    if isinstance(value, dt.date) and value < FIRST_DATE:
        value = f"{value:%d/%m/}{value.year:04}"
    if isinstance(value, str):
        value = clean(value) or None
        long = value is not None and len(value) > LONGEST_TEXT_FORMAT
        look = replace(look, kind=Kind.PROSE if long else Kind.TEXT)
    cell.style = _style(cell.parent.parent, look)
    if value is None:
        return
    cell.value = float(value) if isinstance(value, Decimal) else value
    if isinstance(value, str):
        cell.data_type = "s"


def _style(workbook: Workbook, look: Look) -> str:
    """The name of the style for a look; made when it is first asked for."""
    if look.name not in workbook.named_styles:
        style = NamedStyle(name=look.name, number_format=look.kind.value, hidden=True)
        underline = "single" if look.underlined else None
        colour = "808080" if look.quiet else "000000"
        style.font = Font(FONT, look.size, look.bold, look.italic, underline=underline, color=colour)
        style.alignment = Alignment(look.across, look.down, wrap_text=True, indent=look.indent)
        if look.framed:
            style.border = _FRAME
        if look.filled:
            style.fill = PatternFill("solid", fgColor="EFEDE8")
        workbook.add_named_style(style)
    return look.name


# --- Measuring -------------------------------------------------------------------------------------

# Letters of Times New Roman by their width in thousandths of its size; capitals 722 and others 500.
_LETTER_WIDTHS = {
    letter: width
    for letters, width in (
        ("'’", 250), (" .,:;/\\|ijlt", 278), ("!()[]-frI", 333), ("sJ", 389), ("acez?“”", 444),
        ("EFLPSTZ+=<>−", 620), ("BCR", 667), ("mM@", 889), ("wV", 740), ("W…", 1000), ("%", 833),
    )
    for letter in letters
}  # fmt: skip
BOLD_FACTOR = 1.07


def text_width(text: str, look: Look) -> float:
    """How wide one line of text is, in units of column width."""
    plain = [letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)]
    points = sum(_LETTER_WIDTHS.get(letter, 722 if letter.isupper() else 510) for letter in plain) / 1000
    return points * look.size * (BOLD_FACTOR if look.bold else 1) / UNIT


def lines_needed(text: str, width: float, look: Look) -> int:
    """On how many lines text stands in a column of that width."""
    lines = 0
    room = max(width - INSIDE - 1.3 * look.indent, 1)
    for paragraph in text.split("\n"):
        lines, left = lines + 1, room
        for word in paragraph.split(" "):
            taken = text_width(word + " ", look)
            if taken > left + text_width(" ", look) and left < room:
                lines, left = lines + 1, room
            left -= taken
    return lines


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


# --- Tables ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A column of a table; those side by side with the same `group` share a heading above.

    Without a `kind` each value decides. `width` is fixed where given, else as wide as what it holds up to
    `most`, where text begins a new line. `span` is how many columns of the sheet it takes.
    """

    label: str
    group: str = ""
    kind: Kind | None = None
    centred: bool = False
    width: float | None = None
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
    """Columns and rows, to be written by `Page.table`; `label_at` is the column that headings and indents use."""

    columns: Sequence[Column]
    rows: Sequence[Row] = field(default_factory=list)
    label_at: int = 1

    @property
    def is_grouped(self) -> bool:
        """Whether the headings stand on two lines."""
        return any(column.group for column in self.columns)

    @property
    def widths(self) -> list[float]:
        """How wide each column should be."""
        return [self._width(position) for position in range(len(self.columns))]

    def _width(self, position: int) -> float:
        column = self.columns[position]
        if column.width is not None:
            return column.width
        shown = {
            _shown(row.values[position], column.kind)
            for row in self.rows
            if row.role != Role.HEADING and position < len(row.values)
        }
        bold = Look(bold=True)
        whole = max((text_width(text, bold) for text in shown), default=0)
        texts = [column.label, *shown]
        if column.group and self.columns[position - 1].group != column.group:
            texts.append(column.group)
        words = {word for text in texts for word in text.split()}
        longest = max((text_width(word, bold) for word in words), default=0)
        return max(min(whole, column.most), longest) + PADDING

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
        needed = lines_needed(text, sum(self.widths[first - 1 : last]), look)
        self._at_least(self.row, needed, look.size)

    def line(self, text: str, look: Look = Look(), first: int = 1, last: int | None = None) -> None:  # noqa: B008
        """Text across columns of this row; goes on to the next row."""
        self.block(text, look, first, last)
        self.row += 1

    def _across(self, value: Any, look: Look, row: int, first: int, last: int, rows: int = 1) -> None:
        for below in range(row, row + rows):
            for column in range(first, last + 1):
                put(self.sheet.cell(below, column), None, look)
        put(self.sheet.cell(row, first), value, look)
        if last > first or rows > 1:
            self.sheet.merge_cells(
                start_row=row, end_row=row + rows - 1, start_column=first, end_column=last
            )

    def _at_least(self, row: int, lines: int, size: int = SIZE) -> None:
        dimension = self.sheet.row_dimensions[row]
        dimension.height = max(dimension.height or 0, round(lines * size * LINE_HEIGHT + 2, 1))

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
                self._at_least(
                    self.row, lines_needed(group, sum(self.widths[begin - 1 : first - 1]), HEADING)
                )
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
        # A row without merged cells finds its height by itself, better than any estimate.
        if any(column.span > 1 for column in table.columns):
            self._at_least(self.row, lines)

    def finish(self, *, footer: str = "", landscape: bool | None = None) -> None:
        """Set up printing: everything written, as wide as a page of A4 (upright where that is wide enough)."""
        sheet, width = self.sheet, sum(self.widths) * UNIT / POINTS_PER_MM
        if landscape is None:
            landscape = width > PORTRAIT_WIDTH * 1.15
        sheet.print_area = f"A1:{get_column_letter(self.last)}{max(self.row - 1, 1)}"
        sheet.page_setup.paperSize = A3 if width > LANDSCAPE_WIDTH * 1.8 else A4
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.top, margins.bottom = TOP / MM_PER_INCH, BOTTOM / MM_PER_INCH
        margins.left, margins.right = LEFT / MM_PER_INCH, RIGHT / MM_PER_INCH
        margins.header = margins.footer = 10 / MM_PER_INCH
        for part, text in ((sheet.oddFooter.left, footer.replace("&", "&&")), (sheet.oddFooter.right, "Trang &P/&N")):
            part.text, part.font, part.size = text, f"{FONT},Regular", 9
