"""Rows of large sheets as XML, kept outside memory: openpyxl makes objects of every cell, which takes long.

The workbook with its styles and headings is made as any other (workbook.py); `workbook_bytes` puts the rows in.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from copy import copy
from functools import lru_cache
from html import escape

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from config.workbook import FIRST_DATE, Look, clean, put

# So much is kept in memory before it goes to a file, and read back at a time.
PIECE = 2**20
_DAY_ZERO = dt.date(1899, 12, 30)


class Rows:
    """The rows of a sheet from row `first` on, below all that stands in it, each with at most `width` cells."""

    def __init__(self, sheet: Worksheet, width: int, first: int = 2) -> None:
        self.sheet = sheet
        self.first = self.next = first
        self._letters = [get_column_letter(number) for number in range(1, width + 1)]
        self._file = tempfile.SpooledTemporaryFile(max_size=PIECE)  # noqa: SIM115  closed with the rows

    @property
    def count(self) -> int:
        """How many there are."""
        return self.next - self.first

    def add(self, cells: Sequence[str]) -> None:
        """Write a row of cells, made by the functions below; "" leaves a place out."""
        row = self.next
        told = "".join(
            [f'<c r="{letter}{row}"{cell}' for letter, cell in zip(self._letters, cells, strict=False) if cell]
        )
        self._file.write(f'<row r="{row}">{told}</row>'.encode())
        self.next += 1

    def __iter__(self) -> Iterator[bytes]:
        if self.sheet.max_row >= self.first:
            # Excel calls a file broken in which a row stands twice.
            raise ValueError(f"{self.sheet.title} has cells in row {self.sheet.max_row}")
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece

    def close(self) -> None:
        """Let the rows go."""
        self._file.close()


def style_number(sheet: Worksheet, look: Look) -> int:
    """The number by which cells of the sheet's workbook have this look."""
    number: int = _scratch(sheet, look).style_id
    return number


def set_column_look(sheet: Worksheet, letters: str, look: Look) -> None:
    """Let what is typed into empty cells of a column look so."""
    # openpyxl has no public way: the style of a column is that of a cell, under the same name.
    sheet.column_dimensions[letters]._style = copy(_scratch(sheet, look)._style)


def _scratch(sheet: Worksheet, look: Look) -> Cell:
    cell = Cell(sheet, row=1, column=1)
    put(cell, None, look)
    return cell


def blank_cell(style: int) -> str:
    """A cell that only looks like something."""
    return f' s="{style}"/>'


def number_cell(number: str, style: int) -> str:
    """A number, written with a point."""
    return f' s="{style}"><v>{number}</v></c>'


def text_cell(text: str, style: int) -> str:
    """Text, which stays text whatever it begins with."""
    return f' s="{style}" t="inlineStr"><is><t{_told(text)}</t></is></c>'


@lru_cache(maxsize=8192)
def _told(text: str) -> str:
    text = text if text.isprintable() else clean(text)
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f"{space}>{escape(text, quote=False)}"


def date_cell(day: dt.date, style: int) -> str:
    """A day from config.workbook.FIRST_DATE on; the calendar of Excel is wrong before."""
    if day < FIRST_DATE:
        raise ValueError(day)
    return number_cell(str((day - _DAY_ZERO).days), style)
