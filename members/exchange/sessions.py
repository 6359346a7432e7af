"""Import sessions: what people do in them. The work itself is in jobs.py.

`by` must hold the permission to change records; whether the session is theirs to see is asked by the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.exchange.book import place_of
from members.exchange.plan import MINE, THEIRS
from members.exchange.progress import progress_of
from members.intake.contract import KINDS
from members.models import ColumnMemory, ImportFile, ImportSession, ImportState, Organisation, User
from members.text import nfc

# Contents of files and what was read of them go so long after a session was over.
KEPT = dt.timedelta(days=30)
MOST_EDITS = 5_000

RUNNING = "Phiên nhập đang chạy một việc khác. Hãy chờ xong, hoặc hủy việc đó."
OVER = "Phiên nhập đã xong, không sửa được nữa. Hãy tải tệp lên lần nữa nếu cần."


@transaction.atomic
def open_session(
    *, organisation: Organisation, files: Sequence[tuple[str, bytes]], options: dict[str, Any], by: User
) -> ImportSession:
    """A new session with these files (name, content); `options`: kind, sheet, organisation, class, year, dates.

    Raises ValidationError without a file.
    """
    if not files:
        raise ValidationError({"files": "Hãy chọn tệp để nhập."})
    purge()
    now = timezone.now()
    session = ImportSession.objects.create(
        organisation=organisation, created_by=by, touched_by=by, created_at=now, touched_at=now, options=options
    )
    ImportFile.objects.bulk_create(
        ImportFile(
            session=session,
            position=position,
            name=name[:200],
            size=len(content),
            sha256=sha256(content).hexdigest(),
            content=content,
        )
        for position, (name, content) in enumerate(files)
    )
    return session


def purge() -> None:
    """Let go of what sessions that are long over still hold of people."""
    over = [ImportState.DONE, ImportState.UNDONE, ImportState.ABANDONED]
    old = ImportSession.objects.filter(state__in=over, touched_at__lt=timezone.now() - KEPT)
    for session in old.filter(files__content__isnull=False).distinct():
        session.parts.all().delete()
        session.outcomes.all().delete()
        session.files.update(content=None)
        ImportSession.objects.filter(pk=session.pk).update(
            understood={}, edits={}, choices={}, decisions={}, left_out=[], answers={}
        )


# --- Decisions -------------------------------------------------------------------------------------


def _open(session: ImportSession, by: User) -> ImportSession:
    """The session, locked, to be changed. Raises ValidationError where it is over or something goes on in it."""
    held = ImportSession.objects.select_for_update().get(pk=session.pk)
    if held.is_over:
        raise ValidationError(OVER)
    if held.job and progress_of(held.job_key) is not None:
        raise ValidationError(RUNNING)
    held.touched_by, held.touched_at = by, timezone.now()
    return held


def _save_decided(held: ImportSession) -> None:
    """Save what was decided about rows; the last preview, if there is one, doesn't show it."""
    if held.state == ImportState.PREVIEWED:
        held.counts = held.counts | {"is_stale": True}
    held.save()


@transaction.atomic
def set_options(*, session: ImportSession, options: dict[str, Any], by: User) -> ImportSession:
    """Say other things of the rows; what concerns the reading makes the session wait to be read anew."""
    held = _open(session, by)
    reading = ("kind", "sheet", "dates", "two_digit_from")
    if any(options.get(name) != held.options.get(name) for name in reading):
        held.state = ImportState.UPLOADED
    held.options = options
    _save_decided(held)
    return held


@transaction.atomic
def answer_columns(*, session: ImportSession, shape: str, answer: dict[str, Any], by: User) -> ImportSession:
    """Say what the columns of tables with this shape mean, for this session and the next files like it.

    `answer`: {"kind": name or "", "columns": {letters: column or ""}, "dates": {column: dmy or mdy}}. Kind "" leaves
    the tables aside. What was mended in them before is dropped: the rows may mean something else now.
    """
    held = _open(session, by)
    kind = answer.get("kind", "")
    if kind and kind not in KINDS:
        raise ValidationError({"kind": "Hãy chọn một loại hồ sơ trong danh sách."})
    held.answers = held.answers | {shape: answer}
    held.state = ImportState.UPLOADED
    held.edits, held.choices, held.decisions, held.left_out = {}, {}, {}, []
    held.save()
    ColumnMemory.objects.update_or_create(
        organisation=held.organisation,
        shape=shape,
        defaults={"answer": answer, "saved_by": by, "saved_at": timezone.now()},
    )
    return held


@transaction.atomic
def mend_cells(*, session: ImportSession, table: int, row: int, values: dict[str, str], by: User) -> ImportSession:
    """Put what was typed in place of what the file says in cells of a row; None takes it back."""
    held = _open(session, by)
    kind = _kind_of(held, table)
    place = place_of(table, row)
    edits = held.edits.get(place, {})
    for column, text in values.items():
        if column not in KINDS[kind].by_name:
            raise ValidationError("Không có cột này.")
        edits[column] = nfc(text)  # without what no database holds
    held.edits = {**held.edits, place: edits}
    if sum(map(len, held.edits.values())) > MOST_EDITS:
        raise ValidationError("Đã sửa quá nhiều ô ở đây. Hãy sửa trong tệp rồi tải lên lại.")
    _save_decided(held)
    return held


def _kind_of(session: ImportSession, table: int) -> str:
    tables = session.understood.get("tables", [])
    if not 0 <= table < len(tables) or tables[table]["kind"] not in KINDS:
        raise ValidationError("Không có bảng này trong phiên nhập.")
    kind: str = tables[table]["kind"]
    return kind


@transaction.atomic
def take_back_edits(*, session: ImportSession, table: int, row: int, by: User) -> ImportSession:
    """Let the row say again what the file says; people chosen and values decided are forgotten too."""
    held = _open(session, by)
    place = place_of(table, row)
    for told in (held.edits, held.choices, held.decisions):
        told.pop(place, None)
    held.left_out = [other for other in held.left_out if other != place]
    _save_decided(held)
    return held


@transaction.atomic
def choose_person(*, session: ImportSession, table: int, row: int, person: int, by: User) -> ImportSession:
    """Say which person a row is about (by key); 0: none of those offered, somebody new."""
    held = _open(session, by)
    held.choices = {**held.choices, place_of(table, row): person}
    _save_decided(held)
    return held


@transaction.atomic
def decide(*, session: ImportSession, table: int, row: int, column: str, stands: str, by: User) -> ImportSession:
    """Say whose value of a cell stands: "mine" (the file's) or "theirs" (what others wrote meanwhile)."""
    if stands not in {MINE, THEIRS}:
        raise ValidationError("Hãy chọn một trong hai giá trị.")
    held = _open(session, by)
    place = place_of(table, row)
    held.decisions = {**held.decisions, place: held.decisions.get(place, {}) | {column: stands}}
    _save_decided(held)
    return held


@transaction.atomic
def leave_out(*, session: ImportSession, rows: Iterable[tuple[int, int]], is_left_out: bool, by: User) -> ImportSession:
    """Leave rows (table, number) out, or take them in again."""
    held = _open(session, by)
    places = {place_of(table, row) for table, row in rows}
    known = set(held.left_out)
    held.left_out = sorted(known | places if is_left_out else known - places)
    _save_decided(held)
    return held


@transaction.atomic
def abandon(*, session: ImportSession, by: User) -> ImportSession:
    """Give the session up; nothing of it was written."""
    held = _open(session, by)
    held.state, held.job, held.job_key = ImportState.ABANDONED, "", None
    held.save()
    return held
