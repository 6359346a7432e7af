"""The place of imports and exports: the list of sessions with the upload, and a session while it is read or written.

Its columns, preview and result are pages of their own; the work is in members.exchange.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from config.access import Permission, holds
from config.pages import requires, requires_one_of
from config.submissions import act_once
from members.exchange import jobs, sessions
from members.models import ImportFile, ImportJob, ImportSession, ImportState, RowStatus
from reviews.exchange.forms import UploadForm
from reviews.exchange.kinds import IMPORTERS
from reviews.exchange.pages_base import HEAVY, address_of, frame, get_session, is_broken_off, running, user_of
from reviews.exchange.pages_result import result_page

PER_PAGE = 20


# --- The place -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@requires_one_of(Permission.CHANGE_RECORDS, Permission.EXPORT)
def exchange(request: HttpRequest) -> HttpResponse:
    """The sessions of the scope, and the form by which files come in."""
    may_import = holds(request.user, Permission.CHANGE_RECORDS)
    if request.method == "POST":
        if not may_import:
            raise PermissionDenied
        return act_once(request, lambda: _upload(request))
    return _show_place(request, UploadForm(user=user_of(request)) if may_import else None)


def _show_place(request: HttpRequest, form: UploadForm | None) -> HttpResponse:
    page = Paginator(_listed(request), PER_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "page": page,
        "rows": [_told(session) for session in page],
        "may_export": holds(request.user, Permission.EXPORT),
    }
    return render(request, "exchange/place.html", context)


def _listed(request: HttpRequest) -> Any:
    files = Prefetch("files", ImportFile.objects.defer("content"))
    rows = ImportSession.objects.visible_to(request.user).defer(*HEAVY)
    return rows.select_related("created_by", "touched_by", "organisation").prefetch_related(files)


def _told(session: ImportSession) -> dict[str, Any]:
    """A session in the list: where it stands in words, and how many rows of each kind."""
    counted = session.counts.get("all", {})
    state = str(session.get_state_display())
    if is_broken_off(session):
        state = f"{session.get_job_display()}: bị ngắt giữa chừng"
    elif session.job:
        state = f"{session.get_job_display()}: đang chạy"
    numbers = [(status.label, counted[status]) for status in RowStatus if counted.get(status)]
    return {"session": session, "state": state, "numbers": numbers, "address": address_of(session)}


def _upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES, user=user_of(request))
    if not form.is_valid() or form.holder is None:
        return _show_place(request, form)
    session = sessions.open_session(
        organisation=form.holder, files=form.cleaned_data["uploads"], options=form.options, by=user_of(request)
    )
    jobs.start(session, ImportJob.READ, by=user_of(request), importers=IMPORTERS)
    session.refresh_from_db()
    if asks_nothing(session):
        jobs.start(session, ImportJob.PREVIEW, by=user_of(request), importers=IMPORTERS)
        session.refresh_from_db()
    return redirect(address_of(session))


def asks_nothing(session: ImportSession) -> bool:
    """Whether what was read needs no look at its columns: the exchange workbook's own sheets alone."""
    tables = session.understood.get("tables", [])
    is_plain = bool(tables) and all(table["is_canonical"] for table in tables)
    return session.state == ImportState.READ and not session.job and is_plain and not session.understood["questions"]


# --- A session -------------------------------------------------------------------------------------


@require_GET
@requires(Permission.CHANGE_RECORDS)
def import_session(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the work is, why it ended, or what was written; else on to the step where the session stands."""
    session = get_session(request, pk)
    progress = running(session)
    if progress is not None:
        return render(request, "exchange/progress.html", _of_progress(session, progress))
    if session.job:
        return render(request, "exchange/broken_off.html", frame(session, 0) | _after(session))
    if session.state == ImportState.UPLOADED:
        return render(request, "exchange/unread.html", frame(session, 0))
    if not session.is_over:
        return redirect(address_of(session))
    return result_page(request, session)


_STEP_OF = {ImportJob.READ: 0, ImportJob.PREVIEW: 2, ImportJob.COMMIT: 3, ImportJob.UNDO: 3}


def _of_progress(session: ImportSession, progress: Any) -> dict[str, Any]:
    seconds = max(int(time.time() - progress.began), 0)
    return frame(session, _STEP_OF[ImportJob(session.job)]) | {"progress": progress, "seconds": seconds}


def _after(session: ImportSession) -> dict[str, Any]:
    """What a work that was broken off left: its transaction was written whole or not at all."""
    is_written = session.job == ImportJob.COMMIT and session.state == ImportState.DONE
    is_undone = session.job == ImportJob.UNDO and session.state == ImportState.UNDONE
    again = {ImportJob.READ: "doc", ImportJob.PREVIEW: "xem", ImportJob.COMMIT: "xem", ImportJob.UNDO: "hoan-tac"}
    return {"is_written": is_written, "is_undone": is_undone, "again": again[ImportJob(session.job)]}


# --- Acts ------------------------------------------------------------------------------------------


def begin(request: HttpRequest, session: ImportSession, job: ImportJob, *, only_good: bool = False) -> None:
    """Start a work and tell the session how it went. Raises ValidationError where it can't begin."""
    if job == ImportJob.PREVIEW and session.understood.get("questions"):
        raise ValidationError("Còn câu hỏi về cột chưa trả lời. Hãy trả lời ở bước Xem cột rồi xem trước.")
    jobs.start(session, job, by=user_of(request), importers=IMPORTERS, only_good=only_good)
    session.refresh_from_db()
