"""What the pages of an import session share: finding it, how far it is, and where people go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from config.pages import get_visible
from members.exchange.progress import Progress, progress_of
from members.intake.contract import KINDS
from members.intake.kinds import Type
from members.models import ImportFile, ImportSession, ImportState, User

# What may be large and no list needs.
HEAVY = ("understood", "edits", "choices", "decisions", "left_out", "answers")
BLANK = "–"


def get_session(request: HttpRequest, pk: int) -> ImportSession:
    """The import session that the user may see, else 404."""
    return get_visible(ImportSession, request.user, pk=pk)


def user_of(request: HttpRequest) -> User:
    """Who has signed in; the permission was asked before."""
    user: Any = request.user
    return user


def running(session: ImportSession) -> Progress | None:
    """How far the work that goes on in the session is; None where none does."""
    return progress_of(session.job_key) if session.job else None


def is_broken_off(session: ImportSession) -> bool:
    """Whether a work was begun whose process is no longer there."""
    return bool(session.job) and running(session) is None


def address_of(session: ImportSession) -> str:
    """Where the session is to be seen as it now stands."""
    route = {ImportState.READ.value: "import_columns", ImportState.PREVIEWED.value: "import_preview"}.get(session.state)
    return reverse("import_session" if session.job or route is None else route, args=[session.pk])


@dataclass(frozen=True)
class Step:
    """A step of the way: `mark` is done, here or later; `address` where it can be looked at."""

    label: str
    mark: str
    address: str = ""


STEPS = ("Tải lên", "Xem cột", "Xem trước", "Ghi")
_REACHED = {
    ImportState.UPLOADED: 0,
    ImportState.READ: 1,
    ImportState.PREVIEWED: 2,
    ImportState.DONE: 4,
    ImportState.UNDONE: 4,
    ImportState.ABANDONED: 0,
}


def steps_of(session: ImportSession, here: int) -> list[Step]:
    """The way, seen from the step with that number; what was reached can be looked at."""
    reached = _REACHED[ImportState(session.state)]
    routes = {1: "import_columns", 2: "import_preview"} if session.understood else {}
    routes |= {3: "import_session"} if reached == 4 else {}
    found = []
    for number, label in enumerate(STEPS):
        mark = "here" if number == here else "done" if number < max(reached, here) else "later"
        is_open = number in routes and number <= reached and number != here
        found.append(Step(label, mark, reverse(routes[number], args=[session.pk]) if is_open else ""))
    return found


def frame(session: ImportSession, here: int) -> dict[str, Any]:
    """What the head of every page of a session shows."""
    return {
        "session": session,
        "files": files_of(session),
        "steps": steps_of(session, here),
        "is_broken_off": is_broken_off(session),
    }


def files_of(session: ImportSession) -> list[ImportFile]:
    """Its files without their contents."""
    return list(session.files.defer("content"))


def sheet_label(session: ImportSession, table: dict[str, Any]) -> str:
    """A table's sheet as people know it: with several files, the file first; of a text file its name alone."""
    files = session.understood.get("files", [])
    name, sheet = str(files[table["file"]]["name"]), str(table["sheet"])
    if not sheet:
        return name
    return f"{name}: {sheet}" if len(files) > 1 else sheet


def in_words(kind: str, column: str, text: str) -> str:
    """A canonical text as people write it: dates with the day first."""
    known = KINDS[kind].by_name.get(column) if kind in KINDS else None
    if known is None or known.type != Type.DATE:
        return text
    parts = text.split("-")
    is_date = len(parts) <= 3 and all(part.isdigit() for part in parts) and len(parts[0]) == 4
    return "/".join(reversed(parts)) if is_date else text
