"""The list behind a number: its rows searched, sorted and paged as the address says."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django_tables2.columns import BoundColumn

from config.numbers import count_text, share_text
from members.text import one_line
from reviews.addresses import Addresses
from reviews.indicators import Figure
from reviews.scope import Scope
from reviews.summary import Number, Summary
from reviews.tables import TABLES, RecordTable

PER_PAGE = 50
LONGEST_SEARCH = 100


class FigureList:
    """The records of a figure in a scope; the address holds `q` (search), `xep` (order) and `trang` (page)."""

    def __init__(self, figure: Figure, scope: Scope, request: HttpRequest) -> None:
        self.figure = figure
        self.scope = scope
        self.query = one_line(request.GET.get("q", ""))[:LONGEST_SEARCH]
        self.order = request.GET.get("xep", "")
        self.page_number = request.GET.get("trang", "1")
        self.table_class: type[RecordTable] = TABLES[figure.columns]

    @cached_property
    def summary(self) -> Summary:
        """The summary of this one figure."""
        return Summary(self.scope, [self.figure])

    @cached_property
    def number(self) -> Number:
        """The number that the list explains."""
        return self.summary.number(self.figure.code)

    @property
    def title(self) -> str:
        """What the list is of; a part says what it is a part of."""
        is_part = self.figure.subject is not None or self.figure.part_of is not None
        return f"{self.figure.section.value}: {self.number.label}" if is_part else self.number.label

    @property
    def share(self) -> str:
        """The number's share with its base, or nothing."""
        if self.number.base is None:
            return ""
        return f"{share_text(self.number.share)} ({count_text(self.number.count)}/{count_text(self.number.base)})"

    @property
    def lines(self) -> list[str]:
        """What the workbook says below the title: whose, when, and what was searched for."""
        lines = [self.scope.tree.root.name, f"Năm {self.scope.year}, số liệu đến {self.scope.day:%d/%m/%Y}"]
        return [*lines, f"Tìm: “{self.query}”"] if self.query else lines

    @cached_property
    def rows(self) -> QuerySet:
        """All records that the figure counts and the search leaves."""
        rows = self.figure.rows(self.scope)
        if self.query:
            rows = self.table_class.search(rows, self.query)
        return self.table_class.prepare(rows, self.scope)

    @cached_property
    def whole_table(self) -> RecordTable:
        """Every row, in the order of the page."""
        return self._table(self.rows)

    def _table(self, rows: QuerySet) -> RecordTable:
        table = self.table_class(rows, scope=self.scope, order_by_field="xep")
        names = {name.removeprefix("-") for name in self.order.split(",") if name}
        if names and names <= set(table.columns.names()):
            table.order_by = self.order.split(",")
        return table

    @cached_property
    def page(self) -> Page:
        """The page of rows that the address asks for; the nearest one where it asks for none that is."""
        paginator = Paginator(self.whole_table.rows, PER_PAGE)
        return paginator.get_page(1 if self.page_number.startswith(("0", "-")) else self.page_number)

    @cached_property
    def count(self) -> int:
        """How many rows the search leaves."""
        return self.page.paginator.count

    def address(self, **changes: str) -> str:
        """The query string of this page with `changes`; an empty value leaves the part out."""
        state = {"q": self.query, "xep": self.order, **changes}
        text = urlencode({key: value for key, value in state.items() if value})
        return f"?{text}" if text else "?"

    @property
    def clear_url(self) -> str:
        """The same list without the search."""
        return self.address(q="")

    @property
    def previous_url(self) -> str:
        """The page before, or nothing on the first one."""
        return self.address(trang=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing on the last one."""
        return self.address(trang=str(self.page.next_page_number())) if self.page.has_next() else ""

    @property
    def workbook_url(self) -> str:
        """The Excel of exactly this list."""
        path = Addresses(self.scope.year, self.scope.organisation.code).figure(self.figure.code)
        return f"{path}excel/{self.address()}"

    @property
    def headings(self) -> list[dict[str, str]]:
        """The columns: their label, the address that sorts by each, and the order that is on."""
        return [self._heading(column) for column in self.whole_table.columns]

    def _heading(self, column: BoundColumn) -> dict[str, str]:
        is_sorted = column.is_ordered
        return {
            "label": str(column.header),
            "url": self.address(xep=str(column.order_by_alias.next)) if column.orderable else "",
            "direction": ("descending" if column.order_by_alias.is_descending else "ascending") if is_sorted else "",
            "css": column.attrs["th"].get("class", ""),
        }
