"""Lists of badges and discipline: their columns once, for the page and its Excel; search, pages, the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from config.downloads import download
from config.numbers import MISSING
from config.workbook import Kind, workbook_bytes
from config.workbook_lists import workbook_of_list
from config.workbook_pages import Column as SheetColumn
from config.workbook_pages import Row, Table
from members import audit
from members.badges.scopes import Units
from members.models import Organisation
from members.partial_dates import PartialDate, Precision

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 100


@dataclass(frozen=True)
class Column:
    """A column of a list: what it holds of a row and where that leads."""

    label: str
    value: Callable[[Any], Any]
    url: Callable[[Any], str] | None = None
    is_number: bool = False
    is_whole: bool = False
    is_long: bool = False

    @property
    def css(self) -> str:
        """How its cells are set: numbers to the right, short words on one line, long ones with room."""
        return "n" if self.is_number else "whole" if self.is_whole else "long" if self.is_long else ""


@dataclass(frozen=True)
class Cell:
    """A cell as the page shows it."""

    text: str
    url: str
    css: str


def person_column(of: Callable[[Any], Any] = lambda row: row.person) -> Column:
    """The name, leading to the file."""
    return Column("Họ và tên", lambda row: of(row).full_name, lambda row: reverse("person", args=[of(row).pk]))


def place_columns(of: Callable[[Any], Organisation | None]) -> list[Column]:
    """The TCCSĐ of a row's organisation, and the chi bộ below it."""
    units = Units()

    def named(row: Any, which: int) -> str:
        organisation = of(row)
        return units.names(organisation.path, organisation.name)[which] if organisation else ""

    return [
        Column("Tổ chức cơ sở đảng", lambda row: named(row, 0), is_long=True),
        Column("Chi bộ", lambda row: named(row, 1), is_long=True),
    ]


class Listing:
    """Rows under columns; `lines` say below the title whose and when, `people` of each row its person's key."""

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Any],
        *,
        lines: Sequence[str],
        people: Callable[[Any], int | None],
        page_number: str = "1",
    ) -> None:
        self.title = title
        self.columns = columns
        self.rows = rows
        self.lines = lines
        self._people = people
        self._page_number = page_number

    @cached_property
    def page(self) -> Page:
        """The rows of the page that the address asks for, or the nearest one."""
        return Paginator(self.rows, PER_PAGE).get_page(self._page_number)

    @property
    def shown(self) -> list[tuple[Any, list[Cell]]]:
        """The rows of the page with their cells."""
        return [(row, [self._cell(column, row) for column in self.columns]) for row in self.page]

    def _cell(self, column: Column, row: Any) -> Cell:
        return Cell(_text(column.value(row)), column.url(row) if column.url else "", column.css)

    def download(self, request: HttpRequest, organisation: Organisation, name: str) -> HttpResponse:
        """The Excel of all rows; that it was taken away is recorded."""
        columns = [
            SheetColumn("STT", kind=Kind.COUNT, centred=True),
            *(SheetColumn(c.label, most=34) for c in self.columns),
        ]
        rows = [Row([n, *(_held(c.value(row)) for c in self.columns)]) for n, row in enumerate(self.rows, 1)]
        workbook = workbook_of_list(
            Table(columns, rows),
            title=self.title,
            lines=self.lines,
            creator=organisation.name,
            on=timezone.localdate(),
        )
        content = workbook_bytes(workbook)
        audit.record_export(
            title=f"danh sách “{self.title}”, {organisation.name}",
            organisation=organisation,
            name=name,
            content=content,
            people=[self._people(row) for row in self.rows],
        )
        return download(content, name, XLSX)


def _text(value: Any) -> str:
    if value in (None, ""):
        return MISSING
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


def _held(value: Any) -> Any:
    """What Excel holds: a date known to the day as a date, other things than numbers as text."""
    if isinstance(value, PartialDate):
        return value.first_day if value.precision == Precision.DAY else str(value)
    return value if value is None or isinstance(value, dt.date | int) else str(value)
