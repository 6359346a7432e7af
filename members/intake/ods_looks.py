"""What the looks of an .ods sheet's cells say: old fonts, leading zeros that only a format shows, errors, what is
hidden. One pass over content.xml; document types have been refused before.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any
from xml.parsers import expat  # nosec B407

from members.intake import old_fonts

if TYPE_CHECKING:
    from members.intake.sheets import Looks

_MOST_REPEATED = 2**14
_MOST_CELLS = 4_000_000
_ERRORS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "Err:")
_FAULTS = (expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError, IndexError, OverflowError)


class _StopError(ValueError):
    """The part is not one to parse any further."""


def open_looks(data: bytes) -> WorkbookLooks | None:
    """The looks of a workbook, None where they can't be read."""
    try:
        return WorkbookLooks(data)
    except _FAULTS:
        return None


class WorkbookLooks:
    """The looks of all sheets, in their order."""

    begins_1904 = False

    def __init__(self, data: bytes) -> None:
        self._tables: list[_Table] = []
        self._fonts: dict[str, str] = {}
        self._style = ""
        self._text: list[str] | None = None
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._add_text
        with zipfile.ZipFile(io.BytesIO(data)).open("content.xml") as part:
            parser.ParseFile(part)

    def read(self, place: int, looks: Looks) -> None:
        """Fill `looks` from the sheet at the place in the workbook."""
        if place < len(self._tables):
            self._tables[place].put_into(looks)

    def _refuse(self, *args: object) -> None:
        raise _StopError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "style:style" if attributes.get("style:family") == "table-cell":
                self._style = attributes.get("style:name", "")
            case "style:text-properties" if self._style:
                self._add_font(attributes)
            case "table:table":
                self._tables.append(_Table(self._fonts))
            case "text:p" if self._text is not None:
                self._text.append("")
            case _ if self._tables:
                self._start_in_table(name, attributes)

    def _start_in_table(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "table:table-column":
                self._tables[-1].add_column(attributes)
            case "table:table-row":
                self._tables[-1].start_row(attributes)
            case "table:table-cell" | "table:covered-table-cell":
                self._tables[-1].start_cell(attributes)
                self._text = []

    def _add_text(self, text: str) -> None:
        if self._text:
            self._text[-1] += text

    def _end(self, name: str) -> None:
        match name:
            case "style:style":
                self._style = ""
            case "table:table-cell" | "table:covered-table-cell" if self._tables:
                self._tables[-1].end_cell(" ".join(self._text or []))
                self._text = None
            case "table:table-row" if self._tables:
                self._tables[-1].end_row()

    def _add_font(self, attributes: dict[str, str]) -> None:
        font = attributes.get("style:font-name") or attributes.get("fo:font-family", "")
        if encoding := old_fonts.encoding_of_font(font.strip("'\" ")):
            self._fonts[self._style] = encoding


class _Table:
    """One sheet, cell after cell."""

    def __init__(self, fonts: dict[str, str]) -> None:
        self._all_fonts = fonts
        self._column_styles: list[str] = []
        self._row, self._column, self._cells = 0, 0, 0
        self._attributes: dict[str, str] = {}
        self._rows = 1
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._fonts: dict[tuple[int, int], str] = {}
        self._widths: dict[tuple[int, int], int] = {}
        self._without_value: list[tuple[int, int]] = []

    def put_into(self, looks: Any) -> None:
        looks.fonts, looks.widths, looks.without_value = self._fonts, self._widths, self._without_value
        looks.hidden_rows, looks.hidden_columns = self._hidden_rows, self._hidden_columns

    def add_column(self, attributes: dict[str, str]) -> None:
        count = min(int(attributes.get("table:number-columns-repeated", "1")), _MOST_REPEATED)
        first = len(self._column_styles)
        self._column_styles += [attributes.get("table:default-cell-style-name", "")] * count
        if attributes.get("table:visibility") in {"collapse", "filter"}:
            self._hidden_columns.update(range(first, first + count))

    def start_row(self, attributes: dict[str, str]) -> None:
        self._rows = int(attributes.get("table:number-rows-repeated", "1"))
        self._column = 0
        if attributes.get("table:visibility") in {"collapse", "filter"}:
            self._hidden_rows.update(range(self._row, self._row + min(self._rows, _MOST_REPEATED)))

    def end_row(self) -> None:
        self._row += self._rows

    def start_cell(self, attributes: dict[str, str]) -> None:
        self._attributes = attributes

    def end_cell(self, text: str) -> None:
        count = int(self._attributes.get("table:number-columns-repeated", "1"))
        if text:
            for column in range(self._column, self._column + min(count, _MOST_REPEATED)):
                for row in range(self._row, self._row + min(self._rows, _MOST_REPEATED)):
                    self._add_cell(row, column, text)
        self._column += count

    def _add_cell(self, row: int, column: int, text: str) -> None:
        self._cells += 1
        if self._cells > _MOST_CELLS:
            raise _StopError
        style = self._attributes.get("table:style-name") or self._column_style(column)
        if style in self._all_fonts:
            self._fonts[row, column] = self._all_fonts[style]
        is_number = self._attributes.get("office:value-type") == "float"
        if is_number and text.isdigit() and text.startswith("0") and len(text) > 1:
            self._widths[row, column] = len(text)
        if text.startswith(_ERRORS) and "table:formula" in self._attributes:
            self._without_value.append((row, column))

    def _column_style(self, column: int) -> str:
        return self._column_styles[column] if column < len(self._column_styles) else ""
