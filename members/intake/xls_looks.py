"""What the looks of an .xls workbook's cells say: old fonts, zeros that only a format shows, errors, what is hidden."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlrd

from members.intake import old_fonts
from members.intake.xlsx_looks import zeros

if TYPE_CHECKING:
    from members.intake.sheets import Looks


def open_looks(data: bytes) -> WorkbookLooks | None:
    """The looks of a workbook, None where they can't be read: damage that matters shows when the values are read."""
    try:
        return WorkbookLooks(data)
    except Exception:  # xlrd meets damage with whatever its lines raise
        return None


class WorkbookLooks:
    """Reads the looks of one sheet after the other."""

    def __init__(self, data: bytes) -> None:
        self._book = xlrd.open_workbook(file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO())
        self.begins_1904 = self._book.datemode == 1
        self._fonts: dict[int, str] = {}
        self._widths: dict[int, int] = {}
        for number, style in enumerate(self._book.xf_list):
            self._add_style(number, style)

    def _add_style(self, number: int, style: Any) -> None:
        fonts = self._book.font_list
        encoding = old_fonts.encoding_of_font(fonts[style.font_index].name) if style.font_index < len(fonts) else None
        if encoding:
            self._fonts[number] = encoding
        number_format = self._book.format_map.get(style.format_key)
        if number_format and (width := zeros(number_format.format_str)):
            self._widths[number] = width

    def read(self, place: int, looks: Looks) -> None:
        """Fill `looks` from the sheet at the place in the workbook."""
        try:
            self._read(self._book.sheet_by_index(place), looks)
        except Exception:  # as above
            return

    def _read(self, sheet: Any, looks: Looks) -> None:
        looks.hidden_columns.update(column for column, about in sheet.colinfo_map.items() if about.hidden)
        looks.hidden_rows.update(row for row, about in sheet.rowinfo_map.items() if about.hidden)
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                self._read_cell(sheet, row, column, looks)

    def _read_cell(self, sheet: Any, row: int, column: int, looks: Looks) -> None:
        style = sheet.cell_xf_index(row, column)
        if style in self._fonts:
            looks.fonts[row, column] = self._fonts[style]
        if style in self._widths:
            looks.widths[row, column] = self._widths[style]
        if sheet.cell_type(row, column) == xlrd.XL_CELL_ERROR:
            looks.without_value.append((row, column))
