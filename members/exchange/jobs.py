"""The long works of an import session: reading, preview, writing, undoing; in the request or in a process of its own.

What is left of a work that was killed is what its transaction says: all or nothing.
"""

from __future__ import annotations

import gc
import logging
import subprocess  # nosec B404
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from members import audit
from members.exchange import importing, stored, undo
from members.exchange.importing import Importers, RefusedError, Report, Sender, StaleError
from members.exchange.plan import Options
from members.exchange.progress import CancelledError, Reporter, announce, ask_to_stop, progress_of
from members.exchange.sessions import OVER, RUNNING
from members.models import ImportJob, ImportSession, ImportState, User

logger = logging.getLogger(__name__)

# Up to so many bytes and rows the work is done within the request.
SMALL_BYTES, SMALL_ROWS = 150_000, 700

CANCELLED = "Đã hủy theo yêu cầu; chưa ghi gì."
BROKEN = (
    "Chương trình gặp trục trặc nên việc này dừng lại; chưa ghi gì. Hãy thử lại, nếu vẫn vậy thì báo người quản trị."
)
STALE = "Từ lúc xem trước, hồ sơ đã có thay đổi. Chưa ghi gì: hãy xem lại bảng dưới đây rồi ghi."
REFUSED = "Còn dòng sai nên chưa ghi gì. Hãy sửa, bỏ qua các dòng đó, hoặc chỉ ghi các dòng đúng."
ARCHIVED = "Nhật ký của lần nhập này đã chuyển sang lưu trữ nên không hoàn tác được."
UNANSWERED = "Còn câu hỏi về ngày, năm chưa trả lời ở bước Xem cột. Hãy trả lời rồi xem trước."
FORBIDDEN = "Bạn không có quyền làm việc này."

FROM: dict[str, set[str]] = {
    ImportJob.READ: {ImportState.UPLOADED, ImportState.READ, ImportState.PREVIEWED},
    ImportJob.PREVIEW: {ImportState.READ, ImportState.PREVIEWED},
    ImportJob.COMMIT: {ImportState.PREVIEWED},
    ImportJob.UNDO: {ImportState.DONE},
}


def start(session: ImportSession, job: str, *, by: User, importers: Importers, only_good: bool = False) -> None:
    """Begin a work: a small one is over afterwards, a large one goes on in its own process (see progress_of).

    Raises ValidationError where the session isn't ready for it or another work goes on.
    """
    key = _claim(session, job, by, only_good)
    if not settings.IMPORT_IN_PROCESS or is_small(session):
        perform(session.pk, key, importers)
    else:
        announce(key, _row_count(session))
        actor = audit.current_actor()
        arguments = [str(session.pk), str(key), f"--page={actor.place}", f"--client={actor.address}"]
        transaction.on_commit(lambda: _spawn(arguments))


@transaction.atomic
def _claim(session: ImportSession, job: str, by: User, only_good: bool) -> UUID:
    held = ImportSession.objects.select_for_update().get(pk=session.pk)
    if held.job and progress_of(held.job_key) is not None:
        raise ValidationError(RUNNING)
    if held.state not in FROM[job]:
        raise ValidationError(OVER)
    key = uuid4()
    held.job, held.job_key, held.problem = job, key, ""
    held.touched_by, held.touched_at = by, timezone.now()
    held.options = held.options | {"only_good": only_good}
    held.save(update_fields=["job", "job_key", "problem", "touched_by", "touched_at", "options"])
    return key


def is_small(session: ImportSession) -> bool:
    """Whether its works are done within the request."""
    size = session.files.aggregate(total=Sum("size"))["total"] or 0
    return size <= SMALL_BYTES and _row_count(session) <= SMALL_ROWS


def _row_count(session: ImportSession) -> int:
    return sum(table["rows"] for table in session.understood.get("tables", []))


def _spawn(arguments: list[str]) -> None:
    """A process that outlives the server's own."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_import_job", *arguments]
    subprocess.Popen(  # noqa: S603  # nosec B603 (our own program, with a key and a page's address)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=settings.BASE_DIR, start_new_session=True
    )


def stop(session: ImportSession) -> None:
    """Ask the work that goes on to end; nothing will have been written, unless it was over before."""
    if session.job and session.job_key:
        ask_to_stop(session.job_key)


# --- The work --------------------------------------------------------------------------------------


def perform(session_pk: int, key: UUID, importers: Importers) -> None:
    """Do the work that was claimed with the key; how it ended stands in the session."""
    session = ImportSession.objects.filter(pk=session_pk, job_key=key).select_related("touched_by").first()
    if session is None:
        return
    with Reporter(key, _row_count(session)) as reporter, _without_collector():

        def report(stage: str, rows: int) -> None:
            gc.collect(0)
            reporter(stage, rows)

        problem = _tried(session, importers, report)
        # While it still counts as running: nobody is to take it for one that was broken off.
        ended = ImportSession.objects.filter(pk=session.pk, job_key=key)
        ended.update(job="", job_key=None, problem=problem[:500])


@contextmanager
def _without_collector() -> Iterator[None]:
    """Looking for circles of objects again and again takes a third of the time: once after each step is enough."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _tried(session: ImportSession, importers: Importers, report: Report) -> str:
    """Why the work didn't do what it was to do; empty where it did."""
    try:
        _WORKS[session.job](session, importers, report)
    except CancelledError:
        return CANCELLED
    except ValidationError as refused:
        return " ".join(refused.messages)
    except PermissionDenied:
        return FORBIDDEN
    except undo.ArchivedError:
        return ARCHIVED
    except Exception:
        # Whatever it is, the session must say so, and the person can go on.
        logger.exception("Import session %s: %s failed.", session.pk, session.job)
        return BROKEN
    return session.problem


def _read(session: ImportSession, importers: Importers, report: Report) -> None:
    with transaction.atomic():
        stored.read_files(session, report)
        session.state, session.counts = ImportState.READ, {}
        session.save(update_fields=["understood", "state", "counts"])


def _preview(session: ImportSession, importers: Importers, report: Report) -> None:
    if session.understood.get("questions"):
        raise ValidationError(UNANSWERED)
    book = stored.book_of_session(session)
    importing.rehearse(book, sender_of(session), importers, report)
    _keep_preview(session, book)


def _keep_preview(session: ImportSession, book: Any) -> None:
    with transaction.atomic():
        stored.store_outcomes(session, book)
        session.counts["fingerprint"] = book.fingerprint
        session.state = ImportState.PREVIEWED
        session.save(update_fields=["counts", "state"])


def _commit(session: ImportSession, importers: Importers, report: Report) -> None:
    book = stored.book_of_session(session)
    expected = session.counts.get("fingerprint", "")
    only_good = bool(session.options.get("only_good"))

    def at_end(event: audit.Event) -> None:
        """In the transaction of the records: they are written exactly where the session says so."""
        if book.fingerprint != expected:
            stored.store_outcomes(session, book)
        session.state, session.event = ImportState.DONE, event.key
        session.left_out = sorted(book.decisions.left_out)
        session.save(update_fields=["counts", "state", "event", "left_out"])

    before = dict(session.counts), session.state, session.event, list(session.left_out)
    try:
        sender = sender_of(session)
        importing.write(book, sender, importers, report, only_good=only_good, expected=expected, at_end=at_end)
    except (RefusedError, StaleError) as refused:
        session.counts, session.state, session.event, session.left_out = before
        _keep_preview(session, book)
        session.problem = STALE if isinstance(refused, StaleError) else REFUSED


def _undo(session: ImportSession, importers: Importers, report: Report) -> None:
    if session.event is None:
        raise undo.ArchivedError

    def at_end(event: audit.Event, undone: undo.Undone) -> None:
        session.state, session.undo_event = ImportState.UNDONE, event.key
        session.counts = session.counts | {"undone": undone.as_json()}
        session.save(update_fields=["counts", "state", "undo_event"])

    undo.undo(session.event, user=session.touched_by, note=f"Hoàn tác nhập từ {session}", at_end=at_end)


_WORKS: dict[str, Callable[[ImportSession, Importers, Report], None]] = {
    ImportJob.READ: _read,
    ImportJob.PREVIEW: _preview,
    ImportJob.COMMIT: _commit,
    ImportJob.UNDO: _undo,
}


def sender_of(session: ImportSession) -> Sender:
    """Who imports in the session, and what was said of the rows."""
    files = [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in session.files.all()]
    options = session.options
    return Sender(
        session.touched_by,
        f"Nhập từ tệp {session}",
        {"files": files, "session": session.pk},
        Options(options.get("organisation") or "", options.get("class") or "", str(options.get("year") or "")),
        _since(session),
        session.organisation.path,
    )


def _since(session: ImportSession) -> dict[int, int]:
    """The numbers in the chain at which the workbooks were handed out, by table."""
    known = [importing.since_of(file["marks"]) for file in session.understood.get("files", [])]
    tables = enumerate(session.understood.get("tables", []))
    found = {number: known[table["file"]] for number, table in tables}
    return {number: sequence for number, sequence in found.items() if sequence is not None}
