"""A session from the upload to the undoing, without pages: what is written, what stays, what is taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from members.exchange import jobs, sessions
from members.models import (
    AuditEvent,
    AuditItem,
    ColumnMemory,
    ImportJob,
    ImportSession,
    ImportState,
    Membership,
    Organisation,
    Person,
)
from members.services import found_organisation
from members.trail.check import Check
from reviews.exchange.kinds import IMPORTERS
from tests.builders import make_badge, make_member, make_user
from tests.conftest import Cast
from tests.intake.files import xlsx

pytestmark = pytest.mark.django_db

HEAD = ["Số lý lịch", "Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức", "Ngày quyết định kết nạp", "Quê quán"]
AN = ["01", "Nguyễn Văn An", "Nam", "5/9/1975", "A1", "3/2/2005", "Ý Yên"]
BINH = ["02", "Lê Thị Bình", "Nữ", "1980", "A2", "", ""]


@pytest.fixture(autouse=True)
def within_the_request(settings: Any) -> None:
    settings.IMPORT_IN_PROCESS = False


def opened(cast: Cast, *rows: list[str], by: Any = None) -> ImportSession:
    user = by or cast.office
    files = [("ho-so.xlsx", xlsx([HEAD, *rows], title="Hồ sơ"))]
    session = sessions.open_session(organisation=cast.root, files=files, options={}, by=user)
    return run(session, ImportJob.READ, by=user)


def run(session: ImportSession, job: str, *, by: Any, **more: Any) -> ImportSession:
    jobs.start(session, job, by=by, importers=IMPORTERS, **more)
    session.refresh_from_db()
    return session


def previewed(cast: Cast, *rows: list[str]) -> ImportSession:
    return run(opened(cast, *rows), ImportJob.PREVIEW, by=cast.office)


def written(cast: Cast, *rows: list[str], **more: Any) -> ImportSession:
    session = run(previewed(cast, *rows), ImportJob.COMMIT, by=cast.office, **more)
    assert session.problem == ""
    assert session.state == ImportState.DONE
    return session


# --- Writing ---------------------------------------------------------------------------------------


def test_preview_writes_nothing_and_the_import_what_it_said(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    session = previewed(cast, AN, BINH)
    assert session.counts["all"]["new"] == 2
    assert not Person.objects.exists()
    assert AuditEvent.objects.count() == before
    run(session, ImportJob.COMMIT, by=cast.office)
    assert set(Person.objects.values_list("file_number", flat=True)) == {"01", "02"}
    event = AuditEvent.objects.get(key=session.event)
    assert (event.action, event.user) == ("imported", cast.office)
    assert event.details["files"][0]["sha256"] == session.files.get().sha256
    assert event.details["rows"]["new"] == 2


def test_same_file_twice_changes_nothing_the_second_time(cast: Cast) -> None:
    written(cast, AN, BINH)
    counts = previewed(cast, AN, BINH).counts["all"]
    assert (counts["new"], counts["changed"], counts["same"]) == (0, 0, 2)


def test_wrong_row_keeps_all_from_being_written_unless_only_good_ones_are_wanted(cast: Cast) -> None:
    wrong = ["03", "", "Nam", "1980", "A1", "", ""]
    session = run(previewed(cast, AN, wrong), ImportJob.COMMIT, by=cast.office)
    assert session.state == ImportState.PREVIEWED
    assert session.problem == jobs.REFUSED
    assert not Person.objects.exists()
    run(session, ImportJob.COMMIT, by=cast.office, only_good=True)
    assert session.state == ImportState.DONE
    assert session.left_out == ["0:3"]
    assert Person.objects.get().file_number == "01"


def test_records_changed_since_the_preview_are_shown_before_anything_is_written(cast: Cast) -> None:
    make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01", born_on="1975-09-05", home_town="Vụ Bản")
    session = previewed(cast, AN)
    person = Person.objects.get()
    person.home_town = "Nam Trực"
    person.save()
    run(session, ImportJob.COMMIT, by=cast.office)
    assert (session.state, session.problem) == (ImportState.PREVIEWED, jobs.STALE)
    assert Person.objects.get().home_town == "Nam Trực"
    changes = session.outcomes.get().detail["changes"]
    assert ["Quê quán", "Nam Trực", "Ý Yên"] in changes


def test_mended_cell_and_row_left_out_count(cast: Cast) -> None:
    session = previewed(cast, AN, ["03", "", "Nam", "1980", "A1", "", ""], BINH)
    sessions.mend_cells(session=session, table=0, row=3, values={"Họ và tên": "Trần Văn Cam"}, by=cast.office)
    sessions.leave_out(session=session, rows=[(0, 4)], is_left_out=True, by=cast.office)
    session.refresh_from_db()
    run(session, ImportJob.PREVIEW, by=cast.office)
    assert (session.counts["all"]["new"], session.counts["all"]["left_out"]) == (2, 1)
    run(session, ImportJob.COMMIT, by=cast.office)
    assert set(Person.objects.values_list("full_name", flat=True)) == {"Nguyễn Văn An", "Trần Văn Cam"}


def test_colleague_takes_up_the_session_in_a_scope_of_their_own(cast: Cast) -> None:
    session = previewed(cast, AN, BINH)
    colleague = make_user("van-phong-2", "office", cast.root)
    assert ImportSession.objects.visible_to(colleague).get() == session
    assert not ImportSession.objects.visible_to(cast.grassroots_a).exists()
    run(session, ImportJob.COMMIT, by=colleague)
    assert AuditEvent.objects.get(key=session.event).user == colleague


def test_session_of_an_organisation_reaches_no_further_whoever_takes_it_up(cast: Cast) -> None:
    """Its staff see what becomes of the rows, so that nothing of others may stand there."""
    make_member(cast.b, "Trần Thị Bình", file_number="09", home_town="Bí mật")
    rows = [
        HEAD,
        ["09", "Trần Thị Bình", "Nữ", "1980", "", "", "Ý Yên"],
        ["", "Trần Thị Bình", "Nữ", "1970", "B", "", "Ý Yên"],
    ]
    files = [("ho-so.xlsx", xlsx(rows, title="Hồ sơ"))]
    session = sessions.open_session(organisation=cast.a, files=files, options={}, by=cast.grassroots_a)
    run(session, ImportJob.READ, by=cast.grassroots_a)
    run(session, ImportJob.PREVIEW, by=cast.office)
    assert session.counts["all"]["wrong"] == 2
    assert "Bí mật" not in str(list(session.outcomes.values_list("detail", flat=True)))


def test_session_with_an_open_question_is_not_previewed(cast: Cast) -> None:
    rows = [
        ["Họ và tên", "Giới tính", "Ngày sinh"],
        ["Lê Văn An", "Nam", "05/03/1971"],
        ["Lê Văn Ba", "Nam", "06/04/1972"],
    ]
    files = [("danh-sach.xlsx", xlsx([["DANH SÁCH ĐẢNG VIÊN"], *rows]))]
    session = sessions.open_session(organisation=cast.root, files=files, options={}, by=cast.office)
    run(session, ImportJob.READ, by=cast.office)
    run(session, ImportJob.PREVIEW, by=cast.office)
    assert (session.state, session.problem) == (ImportState.READ, jobs.UNANSWERED)


def test_session_that_is_over_takes_no_more_decisions(cast: Cast) -> None:
    session = written(cast, AN)
    with pytest.raises(ValidationError):
        sessions.leave_out(session=session, rows=[(0, 2)], is_left_out=True, by=cast.office)


def test_answer_about_columns_is_remembered_for_the_next_file(cast: Cast) -> None:
    session = opened(cast, AN)
    shape = session.understood["tables"][0]["shape"]
    answer = {"kind": "Hồ sơ", "columns": {"G": "Nơi ở hiện nay"}, "dates": {}}
    sessions.answer_columns(session=session, shape=shape, answer=answer, by=cast.office)
    assert ColumnMemory.objects.get().answer == answer
    again = opened(cast, AN)
    assert again.understood["tables"][0]["columns"][6]["meaning"] == "Nơi ở hiện nay"


# --- Undoing ---------------------------------------------------------------------------------------


def test_undoing_takes_away_what_was_created_and_returns_what_was_changed(cast: Cast) -> None:
    make_member(
        cast.a_cell_1, "Nguyễn Văn An", "2005-02-03", file_number="01", born_on="1975-09-05", home_town="Vụ Bản"
    )
    session = written(cast, AN, BINH)
    assert Person.objects.get(file_number="01").home_town == "Ý Yên"
    run(session, ImportJob.UNDO, by=cast.office)
    assert session.state == ImportState.UNDONE
    assert session.counts["undone"]["kept"] == []
    person = Person.objects.get()
    assert (person.file_number, person.home_town) == ("01", "Vụ Bản")
    assert Membership.objects.count() == 1
    assert list(Check().faults()) == []


def test_what_others_changed_since_stays_and_is_listed(cast: Cast) -> None:
    make_member(
        cast.a_cell_1, "Nguyễn Văn An", "2005-02-03", file_number="01", born_on="1975-09-05", home_town="Vụ Bản"
    )
    session = written(cast, [*AN[:6], "Ý Yên"], BINH)
    for person in Person.objects.all():
        person.home_town = "Nam Trực"
        person.save()
    run(session, ImportJob.UNDO, by=cast.office)
    assert set(Person.objects.values_list("home_town", flat=True)) == {"Nam Trực"}
    kept = session.counts["undone"]["kept"]
    assert {one["label"] for one in kept} == {"Nguyễn Văn An", "Lê Thị Bình"}
    assert [one["fields"] for one in kept if one["label"] == "Nguyễn Văn An"] == [["quê quán"]]


def test_what_is_in_use_stays_and_says_why(cast: Cast) -> None:
    session = written(cast, AN, BINH)
    make_badge(Person.objects.get(file_number="01"))
    run(session, ImportJob.UNDO, by=cast.office)
    assert set(Person.objects.values_list("file_number", flat=True)) == {"01"}
    (kept,) = session.counts["undone"]["kept"]
    assert kept["label"] == "Nguyễn Văn An"
    assert "đang được hồ sơ khác dùng" in kept["reason"]


def test_undone_tree_has_its_former_paths(cast: Cast) -> None:
    found_organisation(code="A3", name="Chi bộ Ba", kind="subordinate_cell", parent=cast.a, by=None)
    paths = dict(Organisation.objects.values_list("code", "path"))
    rows = [
        ["Mã tổ chức", "Tên tổ chức", "Loại tổ chức", "Mã tổ chức cấp trên"],
        ["C", "Đảng bộ Sở Y tế", "Đảng bộ cơ sở", "K"],
        ["A3", "Chi bộ Ba mới", "Chi bộ trực thuộc", "C"],
    ]
    files = [("to-chuc.xlsx", xlsx(rows, title="Tổ chức đảng"))]
    session = sessions.open_session(organisation=cast.root, files=files, options={}, by=cast.office)
    for job in (ImportJob.READ, ImportJob.PREVIEW, ImportJob.COMMIT):
        run(session, job, by=cast.office)
    assert Organisation.objects.get(code="A3").path.startswith(Organisation.objects.get(code="C").path)
    run(session, ImportJob.UNDO, by=cast.office)
    assert session.counts["undone"]["kept"] == []
    assert dict(Organisation.objects.values_list("code", "path")) == paths
    assert Organisation.objects.get(code="A3").name == "Chi bộ Ba"


def test_undoing_is_one_event_of_its_own(cast: Cast) -> None:
    session = written(cast, AN)
    run(session, ImportJob.UNDO, by=cast.office)
    event = AuditEvent.objects.get(key=session.undo_event)
    assert event.details["undone"] == str(session.event)
    assert set(AuditItem.objects.filter(event=event).values_list("verb", flat=True)) == {"deleted"}
