"""A file's bytes to grids of cells: the values, and what a cell's look says about them. No meaning here."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import python_calamine

from members.intake import csv_text, ods_looks, xlsx_looks

Cell = str | int | float | bool | date | datetime | time | timedelta

MOST_CELLS = 4_000_000
"""Of a sheet, from A1 to its last value; blank ones count."""

_TOGETHER = 1000

MARKS = "_xuat"
"""The name of the sheet, hidden, in which the export notes what it wrote: no table."""

WITHOUT_VALUE = "#KHÔNG CÓ GIÁ TRỊ"
"""Stands in a cell whose formula has no stored value, or an error for one."""


class UnreadableError(Exception):
    """The file can't be read; the message tells the person, in Vietnamese, what to do."""


BROKEN = "Không đọc được tệp này. Hãy mở tệp bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi gửi lần nữa."
LOST_LETTERS = "Chữ trong tệp đã mất dấu, thành dấu hỏi (?). Hãy mở tệp gốc, lưu dạng CSV UTF-8 hoặc .xlsx rồi gửi lại."
TOO_LARGE = "Trang “{}” có quá nhiều ô. Hãy xóa các dòng, cột thừa hoặc chia bảng thành nhiều tệp nhỏ rồi gửi từng tệp."


@dataclass
class Looks:
    """What the looks of a sheet's cells say. Places are (row, column) from 0."""

    fonts: dict[tuple[int, int], str] = field(default_factory=dict)
    """Encodings of cells in old fonts, as in old_fonts."""
    widths: dict[tuple[int, int], int] = field(default_factory=dict)
    """Digits that a number is shown with at least: 00000000 is 8."""
    without_value: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass
class Sheet:
    """A sheet from A1; every row is as long as the longest, blank cells are ""."""

    name: str
    rows: list[list[Any]]
    is_visible: bool = True
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    looks: Looks = field(default_factory=Looks)
    begins_1904: bool = False

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0]) if self.rows else 0


def open_sheets(data: bytes, kind: str, only: str | None = None) -> Iterator[Sheet]:
    """The sheets of a file of the kind (XLSX, ODS, XLS, CSV), one at a time; hidden ones as such.

    `only` is the name of the sheet wanted, beside which the marks are read. Raises UnreadableError.
    """
    if kind == "CSV":
        yield _text_sheet(data)
        return
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        looks = _looks(data, kind)
        if only is not None and only not in book.sheet_names:
            raise UnreadableError(
                f"Tệp không có trang “{only}”. Các trang trong tệp: {', '.join(book.sheet_names)[:500]}."
            )
        for place, about in enumerate(book.sheets_metadata):
            is_wanted = only in {None, about.name} or about.name == MARKS
            if is_wanted and about.typ == python_calamine.SheetTypeEnum.WorkSheet:
                sheet = _sheet(book.get_sheet_by_index(place))
                sheet.is_visible = about.visible == python_calamine.SheetVisibleEnum.Visible
                if looks:
                    _add_looks(sheet, looks, place)
                yield sheet
    except python_calamine.PasswordError as error:
        raise UnreadableError("Tệp có mật khẩu. Hãy mở tệp, bỏ mật khẩu, lưu lại rồi gửi.") from error
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise UnreadableError(BROKEN) from error


def _text_sheet(data: bytes) -> Sheet:
    rows = csv_text.rows(data)
    if csv_text.has_lost_letters(rows):
        raise UnreadableError(LOST_LETTERS)
    return Sheet("", _even(rows))


def _sheet(found: Any) -> Sheet:
    if found.height and found.end:
        height, width = (edge + 1 for edge in found.end)
        if height * width > MOST_CELLS:
            raise UnreadableError(TOO_LARGE.format(found.name))
    return Sheet(found.name, list(_rows(found)), merges=list(found.merged_cell_ranges or ()))


def _rows(found: Any) -> Iterator[list[Any]]:
    """The rows from A1. Most texts of a list repeat: those of some hundred rows are kept once, or the list is twice
    as large while the file's own copy of it is still there.
    """
    if not found.start:
        return
    before = [""] * found.start[1]
    rest = found.iter_rows()
    while rows := list(islice(rest, _TOGETHER)):
        share: Any = {}.setdefault
        for row in rows:
            yield before + [share(cell, cell) if type(cell) is str else cell for cell in row]


def _even(rows: list[list[str]]) -> list[list[Any]]:
    width = max(map(len, rows), default=0)
    if len(rows) * width > MOST_CELLS:
        raise UnreadableError(TOO_LARGE.format(""))
    return [row + [""] * (width - len(row)) for row in rows]


def _looks(data: bytes, kind: str) -> Any:
    """The reader of looks for this kind; None where nothing in the looks matters. A look is never worth a refusal."""
    if kind == "XLS":
        # Imports xlrd, which other files needn't wait for.
        from members.intake import xls_looks

        return xls_looks.open_looks(data)
    return {"XLSX": xlsx_looks.open_looks, "ODS": ods_looks.open_looks}[kind](data)


def _add_looks(sheet: Sheet, looks: Any, place: int) -> None:
    sheet.begins_1904 = looks.begins_1904
    looks.read(place, sheet.looks)
    height, width = len(sheet.rows), sheet.width
    for row, column in sheet.looks.without_value:
        if row < height and column < width and sheet.rows[row][column] == "":
            sheet.rows[row][column] = WITHOUT_VALUE
