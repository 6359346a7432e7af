"""The pages of the log (nhật ký): search, one event, and the Excel of what was found."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission
from config.downloads import download
from config.pages import get_visible, requires
from config.workbook import SMALL, TITLE, new_workbook, workbook_bytes
from config.workbook_pages import Column, Page, Row, Table
from members import audit
from members.models import AuditEvent, AuditItem
from members.trail.history import EventInWords, Words
from members.trail.lists import ITEMS_PER_PAGE, HistoryPage, before_of, events_in_words, page_of
from members.trail.log import Log

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How many events a workbook holds, and how many are read at a time.
MOST_EXPORTED, READ_TOGETHER = 20_000, 500
TITLE_OF_LOG = "Nhật ký"


@require_GET
@requires(Permission.VIEW_AUDIT)
def log(request: HttpRequest) -> HttpResponse:
    """The events that the search finds, newest first."""
    found = Log(request.user, request.GET)
    page = page_of(found.events, found.items, request.user, before_of(request.GET))
    query = urlencode({name: request.GET[name] for name in found.wanted})
    context = {"log": found, "page": page, "query": query, "is_newest": before_of(request.GET) is None}
    return render(request, "audit/log.html", context)


@require_GET
@requires(Permission.VIEW_AUDIT)
def event(request: HttpRequest, sequence: int) -> HttpResponse:
    """One event with those of its items that the reader may see."""
    found = get_visible(AuditEvent, request.user, sequence=sequence)
    items = AuditItem.objects.visible_to(request.user).filter(event=found)
    (told,) = events_in_words([found], items, request.user, shown=1)
    after = request.GET.get("sau", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    shown = list(items.filter(ordinal__gt=start).order_by("ordinal")[: ITEMS_PER_PAGE + 1])
    words = Words(shown[:ITEMS_PER_PAGE], request.user)
    context = {
        "event": told,
        "items": [words.item(item) for item in words.items],
        "next_after": shown[ITEMS_PER_PAGE - 1].ordinal if len(shown) > ITEMS_PER_PAGE else 0,
    }
    return render(request, "audit/event.html", context)


@require_GET
@requires(Permission.VIEW_AUDIT)
def log_workbook(request: HttpRequest) -> HttpResponse:
    """What the search finds as a workbook; itself recorded as an export."""
    found = Log(request.user, request.GET)
    if not found.form.is_valid():
        raise Http404
    events = list(_all(found))
    workbook = new_workbook(title=TITLE_OF_LOG, creator=str(request.user), on=timezone.localdate())
    table = Table(_columns(), [_row(told) for told in events])
    page = Page(workbook, TITLE_OF_LOG, table.widths)
    page.line(TITLE_OF_LOG, TITLE)
    limit = [f"Chỉ gồm {MOST_EXPORTED} sự kiện mới nhất."] if len(events) == MOST_EXPORTED else []
    for line in [*found.lines, *limit]:
        page.line(line, SMALL)
    page.skip()
    page.table(table)
    page.finish(footer=TITLE_OF_LOG)
    content, name = workbook_bytes(workbook), f"nhat-ky-{timezone.localdate():%Y-%m-%d}.xlsx"
    about = "; ".join(found.lines)
    audit.record_export(
        title=f"nhật ký ({about})" if about else "nhật ký",
        organisation=None,
        name=name,
        content=content,
        people=[told.item.person_id for entry in events for told in entry.items],
        rows=len(events),
    )
    return download(content, name, XLSX)


def _all(found: Log) -> Iterator[EventInWords]:
    """Every event of the search, a few hundred at a time."""
    page = HistoryPage([], next_before=0)
    for _ in range(MOST_EXPORTED // READ_TOGETHER):
        page = page_of(found.events, found.items, found.reader, page.next_before or None, READ_TOGETHER)
        yield from page.events
        if not page.next_before:
            return


def _columns() -> list[Column]:
    return [
        Column("Số", centred=True),
        Column("Thời điểm", centred=True),
        Column("Người làm"),
        Column("Việc"),
        Column("Nội dung", most=60),
        Column("Lý do"),
        Column("Qua"),
        Column("Địa chỉ mạng"),
    ]


def _row(told: EventInWords) -> Row:
    entry = told.event
    moment = f"{timezone.localtime(entry.happened_at):%d/%m/%Y %H:%M:%S}"
    reason = entry.reason if told.is_whole else ""
    way = f"{entry.get_origin_display()} {entry.place}".strip()
    number, action = str(entry.sequence), str(entry.get_action_display())
    return Row([number, moment, told.actor, action, told.deed, reason, way, entry.address])
