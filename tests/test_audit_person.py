"""`audit_person` says who saw, changed and exported a person's record, in words; and that it was asked."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members import audit
from members.audit import AuditAction
from members.models import AuditEvent, Person
from tests.builders import make_admission, make_member, make_person
from tests.conftest import Cast


def run(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("audit_person", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def person(cast: Cast, client_of: Any) -> Person:
    """Entered, changed by the office, seen by the leader and exported with a list; another person beside."""
    person = make_member(cast.a_cell_1, "Trần Thị Ánh", "2015-02-01", file_number="HS-7", card_number="123456")
    make_member(cast.b, "Phạm Văn Bình", "2015-03-01")
    with audit.event(by=cast.office):
        person.residence = "Phố Hàng Cót"
        person.save()
    leader = client_of(cast.leader)
    assert leader.get(reverse("person", args=[person.pk])).status_code == 200
    assert leader.get(reverse("figure_workbook", args=[2015, "K", "admission.decided"])).status_code == 200
    assert leader.get(reverse("figure_workbook", args=[2015, "B", "admission.decided"])).status_code == 200
    return person


def section(text: str, heading: str) -> list[str]:
    """The lines below a heading."""
    lines = text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(heading)) + 1
    rest = lines[start:]
    return rest[: rest.index("")] if "" in rest else rest


@pytest.mark.parametrize("number", ["HS-7", "123456"])
def test_who_saw_changed_and_exported_is_told_in_words(person: Person, number: str) -> None:
    text = run(number)
    assert text.startswith("Những ai đã xem, sửa, xuất hồ sơ Trần Thị Ánh (HS-7)")
    (seen,) = section(text, "Đã xem")
    assert "Vũ Lãnh Đạo xem hồ sơ Trần Thị Ánh" in seen
    assert f"Trang web /nguoi/{person.pk}/, 127.0.0.1" in seen
    (exported,) = section(text, "Đã xuất ra tệp")
    assert "Vũ Lãnh Đạo xuất danh sách" in exported
    changed = section(text, "Đã nhập, sửa")
    assert any(
        "Lê Văn Phòng sửa hồ sơ Trần Thị Ánh: nơi ở hiện nay: (trống) → “Phố Hàng Cót”" in line for line in changed
    )
    assert "Phạm Văn Bình" not in text


def test_the_key_of_the_record_will_do(person: Person) -> None:
    assert "Trần Thị Ánh" in run(str(person.pk))


def test_that_it_was_asked_is_recorded(person: Person) -> None:
    run("HS-7")
    event = AuditEvent.objects.latest("sequence")
    assert event.action == AuditAction.ANSWERED
    assert event.note == "Trả lời yêu cầu về hồ sơ Trần Thị Ánh"
    assert event.items.get().person_id == person.pk
    assert len(section(run("HS-7"), "Đã xem")) == 2


def test_the_answer_goes_into_a_file(person: Person, tmp_path: Path) -> None:
    assert run("HS-7", "--output", tmp_path / "tra-loi.xlsx") == ""
    workbook = load_workbook(tmp_path / "tra-loi.xlsx")
    assert workbook.sheetnames == ["Đã xem", "Đã nhập, sửa", "Đã xuất ra tệp"]
    assert "Vũ Lãnh Đạo" in {cell.value for row in workbook["Đã xem"] for cell in row}
    run("HS-7", "--output", tmp_path / "tra-loi.txt")
    assert (tmp_path / "tra-loi.txt").read_text().startswith("Những ai")


def test_archived_events_are_told_too(person: Person, tmp_path: Path, settings: Any, monkeypatch: Any) -> None:
    settings.AUDIT_ANCHORS = str(tmp_path / "audit.anchors")
    before = run("HS-7").splitlines()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    call_command("audit_archive", "--before", f"{tomorrow}", "--to", tmp_path, stdout=io.StringIO())
    assert "Chưa kể phần nhật ký đã lưu trữ trong tệp: nhat-ky-1-" in run("HS-7")
    after = run("HS-7", "--archives", tmp_path).splitlines()
    assert set(before[1:]) - {line for line in before if line.startswith("Đã xem")} <= set(after)


def test_an_account_answers_within_its_scope(person: Person, cast: Cast) -> None:
    assert "Trần Thị Ánh" in run("HS-7", "--user", "kiem-tra")
    assert AuditEvent.objects.latest("sequence").user == cast.inspector
    with pytest.raises(CommandError, match="Tài khoản “van-phong” không có quyền làm việc này"):
        run("HS-7", "--user", "van-phong")
    with pytest.raises(CommandError, match="Không có tài khoản nào đang hoạt động tên “không-có”"):
        run("HS-7", "--user", "không-có")


@pytest.mark.parametrize("number", ["", "không có", "99999999999999999999", "-1"])
def test_who_is_not_there_is_said(cast: Cast, number: str) -> None:
    with pytest.raises(CommandError, match=f"Không có hồ sơ nào mang số “{number}”"):
        run("--", number)


def test_another_kind_of_file_is_refused(person: Person, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="đuôi"):
        run("HS-7", "--output", tmp_path / "a.pdf")


def test_a_record_without_a_trail_has_an_answer(cast: Cast) -> None:
    made = make_person("Người mới", file_number="M1")
    make_admission(made)
    text = run("M1")
    assert "Đã xem (0)" in text
    assert "thêm lần kết nạp của Người mới" in text
