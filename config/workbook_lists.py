"""The workbook of a list: its title, what it is of, and its rows in one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from openpyxl import Workbook

from config.workbook import SMALL, TITLE, new_workbook
from config.workbook_pages import Page, Table


def workbook_of_list(table: Table, *, title: str, lines: Sequence[str], creator: str, on: dt.date) -> Workbook:
    """One sheet with `table` below its title and `lines`, which Excel filters by every column."""
    workbook = new_workbook(title=title, creator=creator, on=on)
    page = Page(workbook, title, table.widths)
    write_heading(page, title, lines)
    head = page.row
    page.table(table)
    page.sheet.auto_filter.ref = f"A{head}:{page.sheet.cell(page.row - 1, page.last).coordinate}"
    page.finish(footer=title)
    return workbook


def write_heading(page: Page, title: str, lines: Sequence[str]) -> None:
    """The title of a sheet and the lines below it."""
    page.line(title, TITLE)
    for line in lines:
        page.line(line, SMALL)
    page.skip()
