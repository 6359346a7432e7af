"""The preview: what would become of every row, filtered and paged, with everything that can be decided on the spot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from config.access import Permission
from config.pages import requires
from members.exchange import jobs, sessions
from members.models import ImportJob, ImportSession, ImportState, RowStatus, User
from reviews.exchange.pages import begin
from reviews.exchange.pages_acts import not_to_write, to_write
from reviews.exchange.pages_base import address_of, frame, get_session, sheet_label, user_of
from reviews.exchange.rows import TableOnPage, tables_on_page

ROWS_PER_PAGE = 50
WRONG = [RowStatus.WRONG.value, RowStatus.CONFLICT.value]
# What the address calls the filters.
STATUSES = {
    "them": RowStatus.NEW,
    "doi": RowStatus.CHANGED,
    "khong-doi": RowStatus.SAME,
    "chon": RowStatus.CONFLICT,
    "sai": RowStatus.WRONG,
    "bo-qua": RowStatus.LEFT_OUT,
}
TO_DO, ALL, NOTED = "can-xu-ly", "tat-ca", "luu-y"


@dataclass(frozen=True)
class Number:
    """A number of the table of counts, and the rows it counts."""

    name: str
    label: str
    count: int
    address: str
    is_here: bool


class Filters:
    """What of the rows an address asks for: a table, a status, and from which row on."""

    def __init__(self, session: ImportSession, query: QueryDict) -> None:
        self.session = session
        tables = session.understood.get("tables", [])
        number = query.get("bang", "")
        self.table = int(number) if re.fullmatch("[0-9]{1,4}", number) and int(number) < len(tables) else None
        wanted = query.get("kq", "")
        self.status = wanted if wanted in {*STATUSES, TO_DO, ALL, NOTED} else self._default()
        self.after, self.before = _place(query.get("sau", "")), _place(query.get("truoc", ""))

    def _default(self) -> str:
        """Without a wish: what has to be looked at, where there is something."""
        return TO_DO if not_to_write(self.session) and not self.session.is_over else ALL

    def address(self, **other: Any) -> str:
        """The address of the page with other filters."""
        values = {"bang": self.table, "kq": self.status} | other
        query = urlencode({name: value for name, value in values.items() if value not in {None, ""}})
        return f"{reverse('import_preview', args=[self.session.pk])}?{query}"

    @property
    def rows(self) -> Any:
        """The outcomes of rows that are asked for."""
        rows = self.session.outcomes.all()
        if self.table is not None:
            rows = rows.filter(table=self.table)
        if self.status in STATUSES:
            return rows.filter(status=STATUSES[self.status])
        if self.status == TO_DO:
            return rows.filter(status__in=WRONG)
        return rows.filter(has_notes=True) if self.status == NOTED else rows

    @property
    def words(self) -> str:
        """The filters as a sentence."""
        labels = {name: f"dòng “{status.label}”" for name, status in STATUSES.items()}
        labels |= {TO_DO: "dòng cần xử lý (sai hoặc cần chọn)", ALL: "mọi dòng", NOTED: "dòng có lưu ý"}
        tables = self.session.understood.get("tables", [])
        sheet = f" · {sheet_label(self.session, tables[self.table])}" if self.table is not None else ""
        return labels[self.status] + sheet


def _place(text: str) -> tuple[int, int] | None:
    """A row as the address names it, such as 0:12."""
    found = re.fullmatch("([0-9]{1,4}):([0-9]{1,7})", text)
    return (int(found[1]), int(found[2])) if found else None


class Preview:
    """The page: counts by sheet, the rows asked for, and what can be done next."""

    def __init__(self, session: ImportSession, query: QueryDict) -> None:
        self.session = session
        self.filters = Filters(session, query)
        self._read()

    def _read(self) -> None:
        """Some rows from the place on, by key; one more than shown tells whether there are others."""
        rows = self.filters.rows
        place, is_back = self.filters.after, False
        if self.filters.before is not None:
            place, is_back = self.filters.before, True
        if place is not None:
            table, row = place
            rows = (
                rows.filter(Q(table__lt=table) | Q(table=table, row__lt=row))
                if is_back
                else rows.filter(Q(table__gt=table) | Q(table=table, row__gt=row))
            )
        order = ("-table", "-row") if is_back else ("table", "row")
        found = list(rows.order_by(*order)[: ROWS_PER_PAGE + 1])
        has_more, found = len(found) > ROWS_PER_PAGE, found[:ROWS_PER_PAGE]
        self.outcomes = found[::-1] if is_back else found
        self.has_next = has_more if not is_back else bool(found)
        self.has_previous = has_more if is_back else place is not None and bool(found)

    @property
    def next(self) -> str:
        """The rows after these."""
        last = self.outcomes[-1] if self.has_next and self.outcomes else None
        return self.filters.address(sau=f"{last.table}:{last.row}") if last else ""

    @property
    def previous(self) -> str:
        """The rows before these."""
        first = self.outcomes[0] if self.has_previous and self.outcomes else None
        return self.filters.address(truoc=f"{first.table}:{first.row}") if first else ""

    @cached_property
    def tables(self) -> list[TableOnPage]:
        """The rows, table by table."""
        return tables_on_page(self.session, self.outcomes)

    # Counts

    @cached_property
    def counts(self) -> list[tuple[str, str, list[Number]]]:
        """By table (its sheet and kind), and of all where there are several: how many rows of each status."""
        told, counted = self.session.understood.get("tables", []), self.session.counts.get("tables", {})
        noted = dict(self.session.outcomes.filter(has_notes=True).order_by().values_list("table").annotate(Count("pk")))
        lines = [
            (sheet_label(self.session, table), table["kind"], self._line(number, counted, noted.get(number, 0)))
            for number, table in enumerate(told)
            if str(number) in counted
        ]
        if len(lines) < 2:
            return lines
        whole = self._line(None, {"None": self.session.counts.get("all", {})}, sum(noted.values()))
        return [*lines, ("Tất cả", "", whole)]

    def _line(self, table: int | None, counted: Any, noted: int) -> list[Number]:
        of_table = counted.get(str(table), {})
        numbers = {name: of_table.get(status.value, 0) for name, status in STATUSES.items()}
        numbers |= {NOTED: noted, ALL: sum(numbers.values())}
        labels = {name: status.label for name, status in STATUSES.items()} | {NOTED: "Có lưu ý", ALL: "Tất cả"}
        here = (self.filters.table, self.filters.status)
        return [
            Number(name, labels[name], count, self.filters.address(bang=table, kq=name), here == (table, name))
            for name, count in numbers.items()
        ]

    @property
    def headings(self) -> list[str]:
        """What is counted."""
        return [count.label for count in self.counts[0][2]] if self.counts else []

    # What can be done

    @property
    def is_stale(self) -> bool:
        """Whether something was decided since."""
        return bool(self.session.counts.get("is_stale"))

    @property
    def is_open(self) -> bool:
        """Whether rows can still be mended."""
        return self.session.state == ImportState.PREVIEWED

    @property
    def to_write(self) -> int:
        """How many rows would be written."""
        return to_write(self.session)

    @property
    def not_to_write(self) -> int:
        """How many rows are wrong or wait for a choice."""
        return not_to_write(self.session)

    @property
    def left_aside(self) -> list[tuple[str, list[str]]]:
        """The columns of each table that are not read, and tables that are left aside as a whole."""
        found = []
        for table in self.session.understood.get("tables", []):
            names = [column["heading"] for column in table["columns"] if not column["meaning"] and column["heading"]]
            if not table["kind"]:
                names = ["cả bảng"]
            if names:
                found.append((sheet_label(self.session, table), names))
        return found


# --- The page --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_RECORDS)
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What would become of the rows, or became of them; cells are mended and people chosen here."""
    session = get_session(request, pk)
    if request.method == "POST":
        return _save(request, session)
    return _show(request, session)


def _show(request: HttpRequest, session: ImportSession, problem: str = "") -> HttpResponse:
    page = Preview(session, request.GET)
    context = {"page": page, "problem": problem, "here": request.get_full_path()}
    return render(request, "exchange/preview.html", frame(session, 2) | context)


def _save(request: HttpRequest, session: ImportSession) -> HttpResponse:
    """Keep what was decided about rows of the page; a small session is previewed again at once.

    Saved twice it is the same, so the form needs no token.
    """
    page = Preview(session, request.GET)
    try:
        if request.POST.get("viec") == "bo-dong-sai":
            _leave_out_wrong(session, user_of(request))
        else:
            _keep(page, request.POST, user_of(request))
        renew(request, session)
    except ValidationError as refused:
        session.refresh_from_db()
        return _show(request, session, " ".join(refused.messages))
    return redirect(address_of(session) if session.job else request.get_full_path())


def renew(request: HttpRequest, session: ImportSession) -> None:
    """Preview a small session again where something was decided; a large one waits for the button."""
    session.refresh_from_db()
    if session.counts.get("is_stale") and jobs.is_small(session):
        begin(request, session, ImportJob.PREVIEW)


def _leave_out_wrong(session: ImportSession, user: User) -> None:
    wrong = session.outcomes.filter(status__in=WRONG).order_by("table", "row")
    sessions.leave_out(session=session, rows=list(wrong.values_list("table", "row")), is_left_out=True, by=user)


def _keep(page: Preview, sent: QueryDict, user: User) -> None:
    for table in page.tables:
        for row in table.rows:
            keep_row(page.session, row, sent, user)
    _keep_left_out(page, sent, user)


def keep_row(session: ImportSession, row: Any, sent: QueryDict, user: User) -> None:
    """What was typed and chosen for a row. A field that says what it said on the page was not touched."""
    place: dict[str, Any] = {"session": session, "table": row.table, "row": row.number, "by": user}
    cells = [(cell, sent.get(f"o-{cell.name}"), sent.get(f"cu-{cell.name}")) for cell in row.cells if cell.name]
    values = {cell.column: text for cell, text, was in cells if text is not None and text != was}
    if values:
        sessions.mend_cells(**place, values=values)
    offered = {str(key) for key, _ in row.candidates} | ({"0"} if row.may_be_new else set())
    chosen = sent.get(f"nguoi-{row.place}", "")
    if row.candidates and chosen in offered:
        sessions.choose_person(**place, person=int(chosen))
    for cell, _, _ in cells:
        stands = sent.get(f"gia-tri-{cell.name}", "")
        if cell.problem and cell.problem["is_conflict"] and not cell.problem["candidates"] and stands:
            sessions.decide(**place, column=cell.column, stands=stands)


def _keep_left_out(page: Preview, sent: QueryDict, user: User) -> None:
    """The boxes of rows that the page showed; only those that were ticked or cleared count."""
    shown = [row for table in page.tables for row in table.rows if f"co-{row.place}" in sent]
    for is_left_out in (True, False):
        rows = [
            (row.table, row.number)
            for row in shown
            if (f"bo-{row.place}" in sent) == is_left_out and (sent[f"co-{row.place}"] == "1") != is_left_out
        ]
        if rows:
            sessions.leave_out(session=page.session, rows=rows, is_left_out=is_left_out, by=user)
