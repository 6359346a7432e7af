"""How a session ended: what was written, what was left out and why, what an undoing took back; files with marks."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.access import Permission, holds
from config.downloads import download
from config.pages import requires
from members import audit
from members.models import AuditEvent, ImportFile, ImportSession, ImportState, RowStatus
from reviews.exchange.pages_base import frame, get_session, sheet_label
from reviews.exchange.report import write_report
from reviews.exchange.rows import tables_on_page

Told = dict[str, Any]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_REFUSED, MOST_KEPT = 50, 200
REFUSED = Q(status__in=[RowStatus.WRONG, RowStatus.CONFLICT]) | Q(detail__was_wrong=True)


def result_page(request: HttpRequest, session: ImportSession) -> HttpResponse:
    """The account of a session that is over."""
    refused = session.outcomes.filter(REFUSED).order_by("table", "row") if session.state == ImportState.DONE else None
    undone = session.counts.get("undone", {})
    context = {
        "lines": _lines(session),
        "refused": tables_on_page(session, list(refused[:MOST_REFUSED])) if refused is not None else [],
        "refused_count": refused.count() if refused is not None else 0,
        "most_refused": MOST_REFUSED,
        "event": _event(request, session.event),
        "undo_event": _event(request, session.undo_event),
        "undone": undone,
        "kept": undone.get("kept", [])[:MOST_KEPT],
    }
    return render(request, "exchange/result.html", frame(session, 3) | context)


def _lines(session: ImportSession) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """By table: how many rows were added, changed, the same and left out."""
    counted = session.counts.get("tables", {})
    wanted = (RowStatus.NEW, RowStatus.CHANGED, RowStatus.SAME, RowStatus.LEFT_OUT)
    return [
        (
            sheet_label(session, table),
            table["kind"],
            [(str(status.label), counted[str(number)].get(status, 0)) for status in wanted],
        )
        for number, table in enumerate(session.understood.get("tables", []))
        if str(number) in counted
    ]


def _event(request: HttpRequest, key: Any) -> AuditEvent | None:
    """The event of the trail, for who may open it."""
    if key is None or not holds(request.user, Permission.VIEW_AUDIT):
        return None
    found: AuditEvent | None = AuditEvent.objects.visible_to(request.user).filter(key=key).first()
    return found


# --- Files with marks ------------------------------------------------------------------------------


@require_GET
@requires(Permission.CHANGE_RECORDS)
def import_report(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """A file of the session with its wrong cells marked, and all that is wrong in a list."""
    session = get_session(request, pk)
    file = session.files.filter(position=position).first()
    if file is None:
        raise Http404
    buffer = io.BytesIO()
    problems = problems_of(session, file)
    write_report(buffer, bytes(file.content or b""), file.name, problems)
    content, name = buffer.getvalue(), f"{PurePosixPath(file.name).stem}-loi.xlsx"
    audit.record_export(
        title=f"tệp nhập {file.name} có đánh dấu {len(problems)} ô lỗi",
        organisation=session.organisation,
        name=name,
        content=content,
        people=[],
        rows=len(problems),
    )
    return download(content, name, XLSX)


def problems_of(session: ImportSession, file: ImportFile) -> list[Told]:
    """What is wrong in a file of the session, as write_report takes it."""
    tables = session.understood.get("tables", [])
    numbers = [number for number, table in enumerate(tables) if table["file"] == file.position]
    outcomes = session.outcomes.filter(REFUSED, table__in=numbers).order_by("table", "row")
    return [told for one in outcomes for told in _problems(tables[one.table], one)]


def _problems(table: Told, one: Any) -> list[Told]:
    letters = {column["meaning"]: column["letters"] for column in reversed(table["columns"]) if column["meaning"]}
    at = {"sheet": table["sheet"], "row": one.row}
    found = [
        at
        | {name: problem[name] for name in ("column", "value", "reason")}
        | {"letters": letters.get(problem["column"], "")}
        for problem in one.detail.get("problems", ())
    ]
    # A row that is wrong because of another one has no wrong cell of its own.
    because = " ".join(one.detail.get("notes", ())) or "Không ghi được."
    return found or [at | {"column": "", "value": "", "reason": because, "letters": ""}]
