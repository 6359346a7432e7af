"""From grids of cells to tables of records with understood columns. Pure: no file, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice, repeat
from typing import Any

from members.intake import columns, headings, layout, old_fonts, rows
from members.intake.columns import Context
from members.intake.contract import KINDS
from members.intake.dates import Order
from members.intake.headings import Meaning
from members.intake.kinds import Kind
from members.intake.layout import Block
from members.intake.reading import LONGEST_MARK, MOST_MARKS, Column, Conversion, Note, Reading, Row, Skipped, Table
from members.intake.sheets import MARKS, Sheet
from members.intake.values import clean, plain_key, shortened
from members.intake.xlsx_looks import column_letters

_SAMPLES = 5
_STEP = 1_000
_ORGANISATIONS = {
    "Tổ chức đảng",
    "Đoàn thể",
    "Xếp loại tổ chức",
    "Xếp loại đoàn thể",
    "Quá trình tổ chức",
    "Chỉ tiêu",
    "Lớp",
}
_SUBJECTS = (
    "Số lý lịch",
    "Họ và tên",
    "Mã tổ chức",
    "Tên tổ chức",
    "Mã đoàn thể",
    "Tên đoàn thể",
    "Mã lớp",
    "Tên lớp",
    "Chỉ tiêu",
)


@dataclass(frozen=True)
class Options:
    """What the person who sends a file says of it.

    `kind`: the kind of record of all its tables; `sheet`: the only sheet to read; `dates`: the order of day and month
    where a column doesn't prove it; `two_digit_from`: the first year that two digits may mean. `answers` by a table's
    shape: {"kind": …, "columns": {letters: column or ""}, "dates": {column: order}}; kind "" leaves the table aside.
    """

    kind: str = ""
    sheet: str | None = None
    dates: str = ""
    two_digit_from: int | None = None
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


def understand(sheets: Iterable[Sheet], options: Options) -> Reading:
    """Everything that the sheets hold."""
    reading = Reading()
    for sheet in sheets:
        if sheet.name == MARKS:
            reading.marks = _marks(sheet)
        elif sheet.is_visible or sheet.name == options.sheet:
            _read_sheet(sheet, options, reading)
        elif any(cell != "" for row in sheet.rows for cell in row):
            text = "Trang đang ẩn nên không đọc. Nếu cần, hãy hiện trang hoặc chọn đúng trang này."
            reading.notes.append(Note(sheet.name, 0, "", "", text))
    return reading


def _marks(sheet: Sheet) -> dict[str, str]:
    """What the exporting program noted: a key in the first column, its value in the second."""
    texts = ([clean(cell)[:LONGEST_MARK] for cell in [*row, ""][:2]] for row in sheet.rows if row)
    return dict(islice(((name, value) for name, value in texts if name), MOST_MARKS))


def _read_sheet(sheet: Sheet, options: Options, reading: Reading) -> None:
    convert_old_fonts(sheet, reading)
    for block in _blocks(sheet):
        _read_block(sheet, block, options, reading)
    hidden = sheet.looks.hidden_rows.intersection(
        row.number - 1 for table in reading.tables if table.sheet == sheet.name for row in table.rows
    )
    if hidden:
        text = f"{len(hidden)} dòng đang ẩn trong tệp cũng được đọc."
        reading.notes.append(Note(sheet.name, min(hidden) + 1, "", "", text))


def _blocks(sheet: Sheet) -> list[Block]:
    """The tables; a sheet of the exchange workbook is one, whatever its records are called (a Chi bộ, say)."""
    blocks = layout.find_blocks(sheet)
    if len(blocks) < 2 or blocks[0].first != 0:
        return blocks
    kind = next((kind for kind in KINDS.values() if plain_key(kind.name) == plain_key(sheet.name)), None)
    if kind and columns.is_canonical(blocks[0], columns.meanings_of(blocks[0], kind), kind, sheet.name):
        return [replace(blocks[0], end=len(sheet.rows))]
    return blocks


# --- Old fonts -------------------------------------------------------------------------------------


def convert_old_fonts(sheet: Sheet, reading: Reading) -> None:
    """Put Unicode in place of text typed for old fonts: by the cell's font, else by the letters of the sheet."""
    fonts = {place: encoding for place, encoding in sheet.looks.fonts.items() if _has_text(sheet, place)}
    for (row, column), encoding in fonts.items():
        before = sheet.rows[row][column]
        _replace(sheet, row, column, old_fonts.convert_by_font(before, encoding), encoding, reading)
    others: set[str] = set()
    for start in range(0, len(sheet.rows), _STEP):  # most cells repeat, and all at once would take much memory
        distinct = set().union(*sheet.rows[start : start + _STEP])
        others.update(cell for cell in distinct if isinstance(cell, str) and not cell.isascii())
    others -= {sheet.rows[row][column] for row, column in fonts}
    guessed = old_fonts.guess_encoding(others)
    if guessed:
        _convert_by_letters(sheet, guessed, others, fonts, reading)


def _has_text(sheet: Sheet, place: tuple[int, int]) -> bool:
    row, column = place
    return row < len(sheet.rows) and column < sheet.width and isinstance(sheet.rows[row][column], str)


def _convert_by_letters(
    sheet: Sheet, encoding: str, texts: set[str], fonts: dict[tuple[int, int], str], reading: Reading
) -> None:
    is_alone = not old_fonts.has_unicode(texts)
    for number, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and not cell.isascii() and (number, column) not in fonts:
                after = old_fonts.convert_by_letters(cell, encoding, is_alone=is_alone)
                _replace(sheet, number, column, after, encoding, reading)


def _replace(sheet: Sheet, row: int, column: int, after: str, encoding: str, reading: Reading) -> None:
    before = sheet.rows[row][column]
    if after != before:
        sheet.rows[row][column] = after
        letters = column_letters(column)
        reading.add_conversion(Conversion(sheet.name, row + 1, letters, shortened(before), shortened(after), encoding))


# --- Tables ----------------------------------------------------------------------------------------


def _read_block(sheet: Sheet, block: Block, options: Options, reading: Reading) -> None:
    shape = columns.shape_of(block)
    answer = options.answers.get(shape, {})
    chosen = options.kind or answer.get("kind", "")
    is_left_aside = not chosen and "kind" in answer
    name = "" if is_left_aside else chosen or columns.propose_kind(block, sheet.name)
    if name not in KINDS:
        reading.tables.append(_unknown_table(sheet, block, shape))
        return
    kind = KINDS[name]
    meanings = columns.meanings_of(block, kind, answer.get("columns"))
    if chosen and not _names_a_subject(meanings):
        reading.tables.append(_unknown_table(sheet, block, shape))
        return
    table = Table(sheet.name, name, shape, block.first + 1, is_proposed=not chosen, title=block.title)
    table.is_canonical = columns.is_canonical(block, meanings, kind, sheet.name)
    _read_rows(sheet, block, kind, meanings, table, _context(sheet, table, options, answer, reading))
    reading.tables.append(table)


def _names_a_subject(meanings: list[Meaning]) -> bool:
    return any(meaning.column in _SUBJECTS for meaning in meanings)


def _unknown_table(sheet: Sheet, block: Block, shape: str) -> Table:
    """A table that isn't of the kind wanted, or of none: its columns alone."""
    table = Table(sheet.name, "", shape, block.first + 1, is_proposed=True, title=block.title)
    table.columns = _described(sheet, block, [headings.NOTHING] * len(block.columns), range(block.data, block.end))
    return table


def _context(sheet: Sheet, table: Table, options: Options, answer: dict[str, Any], reading: Reading) -> Context:
    order = Order.DAY_FIRST if table.is_canonical else Order(options.dates) if options.dates else None
    orders = {column: Order(value) for column, value in answer.get("dates", {}).items()}
    return Context(
        sheet.name,
        reading,
        sheet.rows,
        [],
        sheet.looks.widths,
        orders,
        order,
        options.two_digit_from,
        sheet.begins_1904,
    )


def _read_rows(sheet: Sheet, block: Block, kind: Kind, meanings: list[Meaning], table: Table, context: Context) -> None:
    groups: dict[int, list[str]] = {}
    for row in rows.sort_rows(sheet.rows, block.data, block.end, _shape(block, kind, meanings, table.is_canonical)):
        if isinstance(row, rows.Left):
            table.skipped.append(Skipped(row.row + 1, row.why, row.text))
        else:
            groups[row.row] = row.groups
    context.kept = list(groups)
    sample = [sheet.rows[row] for row in context.kept[:200]]
    sources = columns.sources_of(block, meanings, kind, sheet.looks.hidden_columns, sample)
    records = columns.fill_all(sources, context)
    table.fields = tuple(records)
    cells = zip(*records.values(), strict=True) if records else repeat(())
    table.rows = [Row(row + 1, table.fields, said, of) for (row, of), said in zip(groups.items(), cells, strict=False)]
    table.columns = _described(sheet, block, meanings, context.kept)


def _shape(block: Block, kind: Kind, meanings: list[Meaning], strict: bool) -> rows.Shape:
    at = dict(zip(block.columns, meanings, strict=True))
    numbering = next((column for column, meaning in at.items() if meaning.is_numbering), None)
    return rows.Shape(
        block.columns,
        [column for column, meaning in at.items() if meaning.column],
        _anchors(at),
        numbering,
        strict,
        kind.name in _ORGANISATIONS,
    )


def _anchors(at: dict[int, Meaning]) -> list[int]:
    """The columns that name the person, or, where no person is named, the organisation, class or figure."""
    persons = [column for column, meaning in at.items() if meaning.column in _SUBJECTS[:2]]
    return persons or [column for column, meaning in at.items() if meaning.column in _SUBJECTS]


def _described(sheet: Sheet, block: Block, meanings: list[Meaning], kept: Iterable[int]) -> list[Column]:
    found = []
    for column, heading, meaning in zip(block.columns, block.headings, meanings, strict=True):
        samples = _samples(sheet, column, kept)
        if heading or samples:
            is_hidden = column in sheet.looks.hidden_columns
            found.append(Column(column_letters(column), heading, meaning.column, meaning.word, is_hidden, samples))
    return found


def _samples(sheet: Sheet, column: int, kept: Iterable[int]) -> list[str]:
    samples: list[str] = []
    for row in kept:
        if sheet.rows[row][column] != "":
            samples.append(shortened(clean(sheet.rows[row][column])))
            if len(samples) == _SAMPLES:
                break
    return samples
