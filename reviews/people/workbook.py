"""The Excel of a list of people: its rows, columns and order, written as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from openpyxl.utils import get_column_letter

from config.workbook import FIRST_DATE, LONGEST_TEXT_FORMAT, SMALL, TITLE, Kind, Look, new_workbook
from config.workbook import workbook_bytes as finished
from config.workbook_pages import Column, Page, Table
from config.workbook_rows import Rows, blank_cell, date_cell, number_cell, style_number, text_cell
from members.partial_dates import PartialDate, Precision
from reviews.people.columns import ListColumn
from reviews.people.listing import PeopleList

SHEET = "Danh sách"
NUMBER = "STT"
CELL = Look(framed=True, wrapped=False)
# The room of columns, in units of their width.
WIDTHS = {"ten": 26.0, "chi_bo": 34.0, "tccs": 34.0, "que": 34.0, "noi_o": 34.0, "nghe": 28.0, "chuyen_mon": 28.0}
WIDTH, NUMBER_WIDTH = 15.0, 12.5


def people_workbook(listing: PeopleList) -> tuple[bytes, list[int]]:
    """The file, and the keys of the people in it."""
    columns = listing.columns
    workbook = new_workbook(title=listing.standing.label, creator="Hồ sơ đảng viên", on=listing.day)
    widths = [6.0, *(WIDTHS.get(column.code, NUMBER_WIDTH if column.is_number else WIDTH) for column in columns)]
    page = Page(workbook, SHEET, widths)
    page.line(f"Danh sách {listing.standing.label[0].lower()}{listing.standing.label[1:]}", TITLE)
    page.line(" · ".join(listing.parts[1:]), SMALL)
    page.skip()
    page.table(Table([Column(NUMBER, centred=True), *(Column(column.label) for column in columns)]), frozen=False)
    page.sheet.freeze_panes = f"C{page.row}"
    rows = Rows(page.sheet, len(columns) + 1, page.row)
    people = _write(listing, rows, columns)
    head, last = page.row - 1, get_column_letter(len(columns) + 1)
    page.row = max(rows.next, page.row)
    page.sheet.auto_filter.ref = f"A{head}:{last}{page.row - 1}"
    page.finish(footer=listing.standing.label)
    content = finished(workbook, {page.sheet.title: rows})
    rows.close()
    return content, people


def _write(listing: PeopleList, rows: Rows, columns: Sequence[ListColumn]) -> list[int]:
    writer = _Cells(rows)
    people = []
    for number, row in enumerate(listing.all_rows(), 1):
        rows.add([writer.number(number), *(writer.cell(column.value(row)) for column in columns)])
        people.append(row.person.pk)
    return people


class _Cells:
    """Writes values as what they are."""

    def __init__(self, rows: Rows) -> None:
        def style(kind: Kind, across: str) -> int:
            return style_number(rows.sheet, replace(CELL, kind=kind, across=across))

        self._text, self._prose = style(Kind.TEXT, "left"), style(Kind.PROSE, "left")
        self._date, self._part = style(Kind.DATE, "center"), style(Kind.TEXT, "center")
        self._count = style(Kind.COUNT, "center")

    def number(self, value: int) -> str:
        return number_cell(str(value), self._count)

    def cell(self, value: Any) -> str:
        """A day as a day, a number as a number, all else as text."""
        if isinstance(value, PartialDate):
            is_day = value.precision == Precision.DAY and value.first_day >= FIRST_DATE
            return date_cell(value.first_day, self._date) if is_day else text_cell(str(value), self._part)
        if isinstance(value, int):
            return self.number(value)
        if not value:
            return blank_cell(self._text)
        text = str(value)
        return text_cell(text, self._text if len(text) <= LONGEST_TEXT_FORMAT else self._prose)
