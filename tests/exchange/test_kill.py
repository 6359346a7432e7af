"""An import that is killed at any moment leaves all or nothing, and the session says which."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from django.db import connections

from members.exchange import jobs, sessions
from members.exchange.progress import progress_of
from members.models import Admission, AuditEvent, ImportJob, ImportSession, ImportState, Membership, Person, User
from reviews.exchange.kinds import IMPORTERS
from tests.builders import make_organisation, make_user
from tests.intake.files import xlsx
from tests.together import sqlite_file, together  # noqa: F401

MOMENTS = 20
PEOPLE = 400
GIVEN = ["An", "Bình", "Cường", "Dũng", "Hòa", "Lan", "Mai"]


def people_file(organisation: str) -> bytes:
    """A workbook of members, each with an admission and a stay."""
    rows = [["Số lý lịch", "Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức", "Ngày quyết định kết nạp"]]
    for number in range(PEOPLE):
        born, admitted = f"{1 + number % 28}/5/{1960 + number % 30}", f"3/2/{1990 + number % 20}"
        rows.append([f"{number:010}", f"Lê Văn {GIVEN[number % len(GIVEN)]}", "Nam", born, organisation, admitted])
    return xlsx(rows, title="Hồ sơ")


def previewed_session(user: User, root: Any, content: bytes) -> ImportSession:
    session = sessions.open_session(organisation=root, files=[("nguoi.xlsx", content)], options={}, by=user)
    for job in (ImportJob.READ, ImportJob.PREVIEW):
        jobs.start(session, job, by=user, importers=IMPORTERS)
        session.refresh_from_db()
    assert session.state == ImportState.PREVIEWED
    assert session.counts["all"]["new"] == PEOPLE, session.outcomes.filter(status="wrong").first()
    return session


def in_a_process(work: Callable[[], None]) -> int:
    """Begin the work in a process of its own; its number."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def records() -> tuple[int, int, int]:
    return Person.objects.count(), Admission.objects.count(), Membership.objects.count()


@together
def test_killed_import_leaves_all_or_nothing(settings: Any) -> None:
    settings.IMPORT_IN_PROCESS = False
    root = make_organisation("Đảng bộ Khối", code="K", kind="upper_committee")
    user = make_user("van-phong", "office", root)
    content = people_file("K")
    session = previewed_session(user, root, content)
    seconds, random = duration(session, user), Random(9)
    session = previewed_session(user, root, content)
    folder = settings.IMPORT_FOLDER
    for moment in range(MOMENTS):
        # Each in a folder of its own: what was killed counts as running for a while.
        settings.IMPORT_FOLDER = folder / str(moment)
        child = in_a_process(partial(commit, session, user))
        time.sleep(random.uniform(0, seconds))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        session.refresh_from_db()
        is_done = session.state == ImportState.DONE
        assert records() == ((PEOPLE,) * 3 if is_done else (0,) * 3), moment
        assert AuditEvent.objects.filter(key=session.event).exists() == is_done
        if is_done:
            settings.IMPORT_FOLDER = folder / f"{moment} again"
            undo(session, user)
            session = previewed_session(user, root, content)
    assert records() == (0, 0, 0)
    # The same file again ends the same.
    settings.IMPORT_FOLDER = folder / "later"
    commit(session, user)
    session.refresh_from_db()
    assert (session.state, records()) == (ImportState.DONE, (PEOPLE,) * 3)
    assert progress_of(session.job_key) is None


def commit(session: ImportSession, user: User) -> None:
    jobs.start(session, ImportJob.COMMIT, by=user, importers=IMPORTERS)


def duration(session: ImportSession, user: User) -> float:
    """How long the import takes here; what it wrote is taken back."""
    began = time.perf_counter()
    os.waitpid(in_a_process(partial(commit, session, user)), 0)
    seconds = time.perf_counter() - began
    session.refresh_from_db()
    undo(session, user)
    return seconds


def undo(session: ImportSession, user: User) -> None:
    jobs.start(session, ImportJob.UNDO, by=user, importers=IMPORTERS)
    session.refresh_from_db()
    assert (session.state, records()) == (ImportState.UNDONE, (0, 0, 0))
