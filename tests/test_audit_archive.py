"""Old events go into a file, never away: the chain stays whole, the file is what was there, nothing is overwritten."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from members.audit import AuditAction
from members.models import AuditArchive, AuditEvent, AuditItem, Person
from members.trail.check import Check
from members.trail.files import read_entries, write_entries
from tests.builders import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchors(tmp_path: Path, settings: Any) -> None:
    settings.AUDIT_ANCHORS = str(tmp_path / "audit.anchors")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "luu-tru"
    found.mkdir()
    return found


@pytest.fixture
def years(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two events in 2019, three in 2020, one in 2021; from then on it is 2022."""
    for year, names in ((2019, "AB"), (2020, "CDE"), (2021, "F")):
        moment = dt.datetime(year, 12, 31, 16, 30, tzinfo=dt.UTC)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        for name in names:
            Person.objects.bulk_create([make(f"{name}{number}") for number in range(2)])
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2022, 3, 1, tzinfo=dt.UTC))


def make(number: str) -> Person:
    return Person(full_name=f"Người {number}", file_number=number, sex="female")


def run(name: str, *arguments: Any) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def archive(before: str, folder: Path) -> str:
    return run("audit_archive", "--before", before, "--to", folder)


def test_old_events_go_into_a_file_and_the_chain_stays_whole(years: None, folder: Path) -> None:
    printed = archive("2020-01-01", folder)
    path = folder / "nhat-ky-1-2.jsonl.gz"
    assert printed.splitlines() == [
        f"Đã chuyển sự kiện 1–2 vào {path}",
        f"SHA-256 {sha256(path.read_bytes()).hexdigest()}",
    ]
    assert list(folder.iterdir()) == [path]
    assert list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True)) == [3, 4, 5, 6, 7]
    assert AuditItem.objects.count() == 8
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.details["first"], event.details["last"]) == (AuditAction.ARCHIVED, 1, 2)
    assert event.details["items"] == 4
    assert "Nhật ký nguyên vẹn" in run("audit_verify")
    assert "Đã kiểm 7 sự kiện, 12 mục." in run("audit_verify", "--archives", folder)


def test_the_file_holds_whole_events_with_their_items(years: None, folder: Path) -> None:
    before = [(event.payload(), [item.payload() for item in event.items.order_by("ordinal")]) for event in _events(2)]
    archive("2020-01-01", folder)
    read = [
        (event.payload, [item.payload for item in items])
        for event, items in read_entries(folder / "nhat-ky-1-2.jsonl.gz")
    ]
    assert read == before


def _events(last: int) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(sequence__lte=last).order_by("sequence"))


def test_a_day_begins_where_the_office_is(years: None, folder: Path) -> None:
    """16:30 UTC on 31 December is 23:30 in Hanoi: of the old year still."""
    archive("2020-12-31", folder)
    assert AuditArchive.objects.get().last_sequence == 2


def test_archives_follow_each_other(years: None, folder: Path) -> None:
    archive("2020-01-01", folder)
    archive("2021-01-01", folder)
    assert [str(row) for row in AuditArchive.objects.all()] == ["nhat-ky-1-2.jsonl.gz", "nhat-ky-3-5.jsonl.gz"]
    assert "nguyên vẹn" in run("audit_verify", "--archives", folder)


def test_everything_may_be_archived(years: None, folder: Path) -> None:
    archive("2022-01-01", folder)
    assert [event.action for event in AuditEvent.objects.all()] == [AuditAction.ARCHIVED]
    make_person()
    assert "nguyên vẹn" in run("audit_verify", "--archives", folder)


def test_a_second_time_there_is_nothing_to_do(years: None, folder: Path) -> None:
    archive("2020-01-01", folder)
    assert archive("2020-01-01", folder) == "Không có sự kiện nào trước ngày 01/01/2020 cần chuyển.\n"
    assert archive("2001-01-01", folder).startswith("Không có sự kiện nào")
    assert AuditArchive.objects.count() == 1


def test_a_file_left_by_a_run_that_broke_off_is_taken_up(
    years: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.trail.archive._replace_rows", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        archive("2020-01-01", folder)
    monkeypatch.undo()
    assert (AuditArchive.objects.count(), AuditEvent.objects.count()) == (0, 6)
    archive("2020-01-01", folder)
    assert "nguyên vẹn" in run("audit_verify", "--archives", folder)


def test_another_file_of_that_name_is_not_overwritten(years: None, folder: Path) -> None:
    path = folder / "nhat-ky-1-2.jsonl.gz"
    path.write_bytes(b"x")
    with pytest.raises(CommandError, match=r"Đã có tệp khác cùng tên .*nhat-ky-1-2.*; không ghi đè"):
        archive("2020-01-01", folder)
    assert path.read_bytes() == b"x"
    assert list(folder.iterdir()) == [path]
    assert AuditEvent.objects.count() == 6


def test_a_broken_chain_is_not_archived(years: None, folder: Path) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE members_auditevent DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER auditevent_stays")
        cursor.execute("UPDATE members_auditevent SET actor = 'x' WHERE sequence = 2")
    with pytest.raises(CommandError, match="không nguyên vẹn nên chưa chuyển gì:\nLỖI sự kiện 2"):
        archive("2020-01-01", folder)
    assert (list(folder.iterdir()), AuditEvent.objects.count()) == ([], 6)


@pytest.mark.parametrize(
    ("day", "sentence"), [("2020", "không hợp lệ"), ("01/01/2020", "không hợp lệ"), ("2020-13-01", "không hợp lệ")]
)
def test_what_is_no_day_is_refused(folder: Path, day: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        archive(day, folder)


def test_a_folder_that_is_not_there_is_refused(years: None, folder: Path) -> None:
    with pytest.raises(CommandError, match="Không có thư mục"):
        archive("2020-01-01", folder / "khong-co")


def test_the_database_lets_nothing_go_beyond_the_archive(years: None, folder: Path) -> None:
    archive("2020-01-01", folder)
    for statement in (
        "DELETE FROM members_auditevent WHERE sequence = 3",
        "DELETE FROM members_audititem",
        "DELETE FROM members_auditarchive",
        "UPDATE members_auditarchive SET last_sequence = 99",
    ):
        with pytest.raises(Exception, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# The files are checked too


def faults(folder: Path) -> list[str]:
    return list(Check(archives=folder).faults())


def test_a_file_that_is_gone_is_named(years: None, folder: Path) -> None:
    archive("2020-01-01", folder)
    (folder / "nhat-ky-1-2.jsonl.gz").unlink()
    assert faults(folder) == ["tệp nhat-ky-1-2.jsonl.gz: không có hoặc không đọc được"]


def test_a_file_that_was_cut_off_is_named(years: None, folder: Path) -> None:
    archive("2020-01-01", folder)
    path = folder / "nhat-ky-1-2.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-40])
    assert "tệp nhat-ky-1-2.jsonl.gz: không phải là tệp đã lưu trữ (SHA-256 khác)" in faults(folder)


def test_a_row_changed_in_a_file_is_named(years: None, folder: Path) -> None:
    archive("2020-01-01", folder)
    path = folder / "nhat-ky-1-2.jsonl.gz"
    text = gzip.decompress(path.read_bytes()).decode().replace("Người B1", "Người X1")
    path.write_bytes(gzip.compress(text.encode()))
    assert faults(folder)[1] == "sự kiện 2, mục 2: nội dung đã bị sửa hoặc không do chương trình ghi"


def test_an_event_left_out_of_a_file_is_named(years: None, folder: Path) -> None:
    archive("2020-01-01", folder)
    path = folder / "nhat-ky-1-2.jsonl.gz"
    entries = [(event, list(items)) for event, items in read_entries(path)]
    path.unlink()
    write_entries(path, entries[:1])
    assert faults(folder)[1:] == ["tệp nhat-ky-1-2.jsonl.gz: không kết thúc ở sự kiện 2 đã ghi"]


def test_a_mark_in_the_archived_part_is_checked_with_the_files(years: None, folder: Path) -> None:
    seal = AuditEvent.objects.get(sequence=1).seal
    archive("2020-01-01", folder)
    assert "chưa kiểm được" in run("audit_verify", "--anchor", f"1:{seal}")
    assert "chưa kiểm được" not in run("audit_verify", "--anchor", f"1:{seal}", "--archives", folder)
    with pytest.raises(CommandError):
        run("audit_verify", "--anchor", f"1:{'0' * 64}", "--archives", folder)
