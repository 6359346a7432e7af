"""One row of a session: everything it says, to be mended, chosen, left out, or taken back to what the file says."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from config.access import Permission
from config.pages import requires
from members.exchange import sessions
from members.exchange.stored import row_values
from members.intake.contract import KINDS
from members.intake.kinds import Type
from members.models import ImportOutcome, ImportSession, ImportState
from reviews.exchange.pages_base import BLANK, address_of, frame, get_session, sheet_label, user_of
from reviews.exchange.pages_preview import keep_row, renew
from reviews.exchange.rows import RowOnPage, row_on_page

HELP = {
    Type.DATE: "Ghi như trên giấy: 5/9/1975, 9/1975 hoặc 1975.",
    Type.YEAR: "Bốn chữ số, ví dụ 2015.",
}
MOST_CHOICES = 12


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_RECORDS)
def import_row(request: HttpRequest, pk: int, table: int, row: int) -> HttpResponse:
    """All cells of a row, also those that the file doesn't have."""
    session = get_session(request, pk)
    outcome = session.outcomes.filter(table=table, row=row).first()
    if outcome is None or session.understood["tables"][table]["kind"] not in KINDS:
        raise Http404
    if request.method == "POST":
        return _save(request, session, outcome)
    return _show(request, session, outcome)


def _row(session: ImportSession, outcome: ImportOutcome) -> RowOnPage:
    told = session.understood["tables"][outcome.table]
    said, groups = row_values(session, outcome.table, [outcome.row]).get(outcome.row, ({}, []))
    row = row_on_page(session, told["kind"], outcome, said, groups, list(KINDS[told["kind"]].by_name))
    for place, cell in enumerate(row.cells):
        cell.name = f"{row.place}-{place}"
        cell.typed = "" if cell.text == BLANK and cell.before is None else cell.text
        if cell.text == BLANK and (cell.before is not None or cell.column in said):
            cell.typed = "-"
    return row


def _show(request: HttpRequest, session: ImportSession, outcome: ImportOutcome, problem: str = "") -> HttpResponse:
    told = session.understood["tables"][outcome.table]
    kind = KINDS[told["kind"]]
    row = _row(session, outcome)
    fields = [(cell, *_help(kind.by_name[cell.column])) for cell in row.cells]
    context = {
        "row": row,
        "fields": fields,
        "sheet": sheet_label(session, told),
        "back": _back(session),
        "is_open": session.state == ImportState.PREVIEWED,
        "problem": problem,
    }
    return render(request, "exchange/row.html", frame(session, 2) | context)


def _help(column: Any) -> tuple[str, list[str]]:
    """What is typed in the column, and the words to choose from."""
    words = list(column.choices.words) if column.choices else []
    return HELP.get(column.type, ""), words[:MOST_CHOICES]


def _back(session: ImportSession) -> str:
    return reverse("import_preview", args=[session.pk])


def _save(request: HttpRequest, session: ImportSession, outcome: ImportOutcome) -> HttpResponse:
    """Keep what was typed and chosen; saved twice it is the same, so the form needs no token."""
    user, sent = user_of(request), request.POST
    at: dict[str, Any] = {"session": session, "by": user}
    try:
        if sent.get("viec") == "tra-lai":
            sessions.take_back_edits(**at, table=outcome.table, row=outcome.row)
        else:
            row = _row(session, outcome)
            keep_row(session, row, sent, user)
            is_left_out = "bo-qua" in sent
            if is_left_out != row.is_left_out:
                sessions.leave_out(**at, rows=[(row.table, row.number)], is_left_out=is_left_out)
        renew(request, session)
    except ValidationError as refused:
        session.refresh_from_db()
        return _show(request, session, outcome, " ".join(refused.messages))
    again = reverse("import_row", args=[session.pk, outcome.table, outcome.row])
    return redirect(address_of(session) if session.job else again)
