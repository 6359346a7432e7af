"""Excel files: cells that are what they seem, how they look, and how much room their text needs.

Tables and sheets are in workbook_pages.py; what goes into a workbook is not known here.
"""

from __future__ import annotations

import datetime as dt
import enum
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

FONT = "Times New Roman"
SIZE = 11
# What a cell keeps free beside its text, when lines are counted; in units of column width.
INSIDE = 0.9


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
    """How a cell looks; `framed` and `filled` are for tables, `tint` is a ground of another colour.

    What `may_be_typed` stays so on a protected sheet. Text that isn't `wrapped` stays on one line.
    """

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
    tint: str = ""
    may_be_typed: bool = False
    wrapped: bool = True

    @property
    def name(self) -> str:
        """The name of its style in a workbook."""
        return "|".join(str(getattr(value, "name", value)) for value in vars(self).values())


BOLD = Look(bold=True)
CENTRED = Look(across="center")
TITLE = Look(bold=True, size=14, across="center")
SMALL = Look(italic=True, across="center")
NOTE = Look(italic=True, size=10, down="top")
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
_DIMENSION = re.compile(rb"<dimension [^>]*>")
_CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]*)")


def workbook_bytes(workbook: Workbook, rows: Mapping[str, Iterable[bytes]] | None = None) -> bytes:
    """The .xlsx file: the same bytes for the same content, whenever it is written.

    `rows` by the titles of sheets are more of them, below what stands there, as XML in pieces (workbook_rows.py).
    """
    written, fixed = io.BytesIO(), io.BytesIO()
    workbook.save(written)
    parts = {f"xl/worksheets/sheet{number}.xml": name for number, name in enumerate(workbook.sheetnames, 1)}
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            with target.open(info, "w") as part:
                part.writelines(_pieces(name, source.read(name), (rows or {}).get(parts.get(name, ""))))
    return fixed.getvalue()


def _pieces(name: str, content: bytes, more: Iterable[bytes] | None) -> Iterator[bytes]:
    if name == "docProps/core.xml" and (created := _CREATED.search(content)):
        content = _MODIFIED.sub(rb"\g<1>" + created[1], content)
    if more is None:
        yield content
        return
    # How far the sheet reaches is no longer true; readers that believe it would leave out the rows.
    before, end, after = _DIMENSION.sub(b"", content).partition(b"</sheetData>")
    yield before
    yield from more
    yield end + after


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
        style.alignment = Alignment(look.across, look.down, wrap_text=look.wrapped, indent=look.indent)
        if look.framed:
            style.border = _FRAME
        if look.filled or look.tint:
            style.fill = PatternFill("solid", fgColor=look.tint or "EFEDE8")
        if look.may_be_typed:
            style.protection = Protection(locked=False)
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
HORN, HORN_WIDTH = "\N{COMBINING HORN}", 70
BOLD_FACTOR = 1.1


def text_width(text: str, look: Look) -> float:
    """How wide one line of text is, in units of column width."""
    digits = sum(_letter_width(letter) for letter in unicodedata.normalize("NFD", text)) / 500
    return digits * look.size / SIZE * (BOLD_FACTOR if look.bold else 1)


def _letter_width(letter: str) -> int:
    if unicodedata.combining(letter):
        return HORN_WIDTH if letter == HORN else 0
    return _LETTER_WIDTHS.get(letter, 722 if letter.isupper() else 500)


def lines_needed(text: str, width: float, look: Look) -> int:
    """On how many lines text stands in a column of that width."""
    lines, space = 0, text_width(" ", look)
    room = max(width - INSIDE - 1.3 * look.indent, 1)
    for paragraph in text.split("\n"):
        lines, left = lines + 1, room
        for word in paragraph.split(" "):
            taken = text_width(word + " ", look)
            if taken > left + space and left < room:
                lines, left = lines + 1, room
            # A word with no room on a whole line is broken.
            lines += int(taken // room) if taken > room + space else 0
            left -= taken
    return lines
