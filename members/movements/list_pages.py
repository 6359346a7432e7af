"""The list of movements, and its Excel."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission, holds, scope_of
from config.downloads import download
from config.pages import requires
from config.workbook import SMALL, TITLE, Kind, new_workbook, workbook_bytes
from config.workbook_pages import Column, Page, Row, Table
from config.years import years_to_choose
from members import audit
from members.models import Movement
from members.movements.acts import FOR_SEVERAL
from members.movements.listing import KINDS, STATES, Entry, MovementList
from members.partial_dates import Precision

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADING = "Biến động đảng viên"


@require_GET
@requires(Permission.VIEW_RECORDS)
def movements(request: HttpRequest) -> HttpResponse:
    """The movements that the address asks for, latest first."""
    listing = _listing(request)
    user = request.user
    waiting = Movement.objects.changeable_by(user).pending() if holds(user, Permission.CHANGE_RECORDS) else None
    context = {
        "listing": listing,
        "kinds": KINDS,
        "states": STATES,
        "years": years_to_choose(listing.year, this_year=timezone.localdate().year),
        "waiting_count": waiting.count() if waiting is not None else 0,
        "may_change": holds(user, Permission.CHANGE_RECORDS),
        "may_export": holds(user, Permission.EXPORT),
        "for_several": [(kind.label, route) for kind, route in FOR_SEVERAL.items()],
        "today": timezone.localdate(),
    }
    return render(request, "movements/list.html", context)


def _listing(request: HttpRequest) -> MovementList:
    listing = MovementList(request.user, request.GET)
    if listing.organisation_code and listing.organisation is None:
        raise Http404
    return listing


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def movements_workbook(request: HttpRequest) -> HttpResponse:
    """All lines of the list as a workbook; itself recorded as an export."""
    listing = _listing(request)
    if scope_of(request.user, Permission.EXPORT) != scope_of(request.user, Permission.VIEW_RECORDS):
        # Who may export less than they see is asked to choose an organisation of what they may export.
        paths = scope_of(request.user, Permission.EXPORT).paths
        if listing.organisation is None or not listing.organisation.path.startswith(paths):
            raise PermissionDenied
    entries = listing.entries_of(listing.keys)
    workbook = new_workbook(title=HEADING, creator=str(request.user), on=timezone.localdate())
    table = Table(_columns(), [_row(number, entry) for number, entry in enumerate(entries, 1)], label_at=2)
    page = Page(workbook, HEADING, table.widths)
    page.line(HEADING, TITLE)
    page.line(listing.says, SMALL)
    page.skip()
    page.table(table)
    page.finish(footer=HEADING)
    content, name = workbook_bytes(workbook), f"bien-dong-{listing.year}.xlsx"
    people = [entry.person.pk for entry in entries]
    title = f"biến động đảng viên ({listing.says})"
    audit.record_export(title=title, organisation=listing.organisation, name=name, content=content, people=people)
    return download(content, name, XLSX)


def _columns() -> list[Column]:
    return [
        Column("STT", kind=Kind.COUNT, centred=True),
        Column("Ngày", centred=True),
        Column("Họ và tên"),
        Column("Số lý lịch"),
        Column("Biến động"),
        Column("Từ", most=30),
        Column("Đến", most=30),
        Column("Số quyết định, giấy giới thiệu"),
        Column("Tình trạng", most=20),
    ]


def _row(number: int, entry: Entry) -> Row:
    day = entry.day.first_day if entry.day.precision == Precision.DAY else str(entry.day)
    who = (entry.person.full_name, entry.person.file_number)
    return Row([number, day, *who, entry.kind, entry.origin, entry.destination, entry.papers, entry.state])
