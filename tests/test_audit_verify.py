"""What is done to the audit trail in SQL, past the guard, is found by `audit_verify`, with the row named."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from members import audit
from members.audit import AuditAction, sealed
from members.models import AuditArchive, AuditEvent, AuditHead, AuditItem, Person
from members.trail.check import NOTED, Check, Mark
from tests.builders import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def anchors(tmp_path: Path, settings: Any) -> Path:
    settings.AUDIT_ANCHORS = str(tmp_path / "neo" / "audit.anchors")
    return Path(settings.AUDIT_ANCHORS)


@pytest.fixture
def chain(anchors: Path) -> None:
    """Events 1 to 6; the third has five items. The attacker has taken the guard away."""
    make_person("Trần Thị Ánh")
    audit.record(AuditAction.SIGNED_IN, note="Đăng nhập")
    Person.objects.bulk_create([Person(full_name=f"Người {n}", file_number=f"N{n}", sex="male") for n in range(5)])
    Person.objects.filter(file_number="N0").update(occupation="Chuyên viên")
    audit.record(AuditAction.EXPORTED, details={"rows": 3, "people": [1, 2], "title": "Danh sách"})
    Person.objects.filter(file_number="N1").update(occupation="Kế toán")
    without_guard()


def without_guard() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name in ("auditevent", "audititem", "auditarchive", "audithead"):
                cursor.execute(f"ALTER TABLE members_{name} DISABLE TRIGGER USER")
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = 'members_audititem'::regclass AND contype = 'f'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE members_audititem DROP CONSTRAINT {name}")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def key(number: int) -> str:
    """The key of an event, as the database writes it."""
    found = AuditEvent.objects.get(sequence=number).pk
    return str(found) if connection.vendor == "postgresql" else found.hex


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    return out.getvalue()


def faults(*arguments: str) -> list[str]:
    """What the command names; it must end with an error."""
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"Nhật ký có \d+ lỗi"):
        call_command("audit_verify", *arguments, stdout=out)
    return [line.removeprefix("LỖI ") for line in out.getvalue().splitlines() if line.startswith("LỖI ")]


CHANGED = "nội dung đã bị sửa hoặc không do chương trình ghi"


def test_an_untouched_chain_passes(chain: None) -> None:
    head = AuditHead.objects.get()
    assert run().splitlines() == [
        "Đã kiểm 6 sự kiện, 8 mục.",
        f"Nhật ký nguyên vẹn. Đầu chuỗi, để ghi ra giấy: 6:{head.last_seal[:NOTED]}",
    ]


def test_an_empty_chain_passes(anchors: Path) -> None:
    assert "Nhật ký chưa có sự kiện nào." in run()


# One column of an event, of an item


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "Ai khác"),
        ("happened_at", "2001-01-01 00:00:00+00:00"),
        ("action", "viewed"),
        ("origin", "page"),
        ("place", "/"),
        ("address", "10.0.0.1"),
        ("note", "Không có gì"),
        ("reason", "Không có gì"),
        ("details", '{"rows": 1}'),
    ],
)
def test_a_changed_column_of_an_event(chain: None, column: str, value: str) -> None:
    sql(f"UPDATE members_auditevent SET {column} = %s WHERE sequence = 2", value)  # noqa: S608
    assert faults() == [f"sự kiện 2: {CHANGED}"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "deleted"),
        ("model", "members.badge"),
        ("key", 999999),
        ("version", 7),
        ("person_id", 999999),
        ("organisation_id", 999999),
        ("account_id", 999999),
        ("before", '{"occupation": "Khác"}'),
        ("after", "{}"),
    ],
)
def test_a_changed_column_of_an_item(chain: None, column: str, value: Any) -> None:
    sql(f"UPDATE members_audititem SET {column} = %s WHERE event_id = %s AND ordinal = 4", value, key(3))  # noqa: S608
    assert faults() == [f"sự kiện 3, mục 4: {CHANGED}"]


def test_a_changed_seal_of_an_event(chain: None) -> None:
    sql("UPDATE members_auditevent SET seal = %s WHERE sequence = 2", "0" * 64)
    assert faults() == [f"sự kiện 2: {CHANGED}", "sự kiện 3: không nối tiếp sự kiện 2"]


# Rows removed


def test_a_removed_event(chain: None) -> None:
    sql("DELETE FROM members_auditevent WHERE sequence = 2")
    assert faults() == ["sự kiện 2: đã bị xóa"]


def test_several_removed_events(chain: None) -> None:
    sql("DELETE FROM members_audititem WHERE event_id IN (%s, %s)", key(3), key(4))
    sql("DELETE FROM members_auditevent WHERE sequence IN (3, 4)")
    assert faults() == ["các sự kiện 3–4: đã bị xóa"]


def test_the_removed_beginning(chain: None) -> None:
    sql("DELETE FROM members_audititem WHERE event_id = %s", key(1))
    sql("DELETE FROM members_auditevent WHERE sequence = 1")
    assert faults() == ["sự kiện 1: đã bị xóa"]


def test_the_removed_end(chain: None) -> None:
    sql("DELETE FROM members_audititem WHERE event_id = %s", key(6))
    sql("DELETE FROM members_auditevent WHERE sequence >= 5")
    assert faults() == ["các sự kiện 5–6 (cuối chuỗi): đã bị xóa"]


def test_the_removed_end_with_the_head_put_back(chain: None) -> None:
    sql("DELETE FROM members_audititem WHERE event_id = %s", key(6))
    sql("DELETE FROM members_auditevent WHERE sequence >= 5")
    seal = AuditEvent.objects.get(sequence=4).seal
    sql("UPDATE members_audithead SET sequence = 4, last_seal = %s", seal)
    assert faults() == [f"đầu chuỗi: {CHANGED}"]


def test_everything_removed(chain: None) -> None:
    sql("DELETE FROM members_audititem")
    sql("DELETE FROM members_auditevent")
    assert faults() == ["các sự kiện 1–6 (cuối chuỗi): đã bị xóa"]


def test_the_removed_head(chain: None) -> None:
    sql("DELETE FROM members_audithead")
    assert faults() == ["đầu chuỗi: đã bị xóa"]


def test_a_second_head(chain: None) -> None:
    AuditHead.objects.create(sequence=6)
    assert faults() == ["đầu chuỗi: có nhiều hơn một dòng"]


@pytest.mark.parametrize(("ordinal", "name"), [(1, "mục 1"), (3, "mục 3"), (5, "mục 5")])
def test_a_removed_item(chain: None, ordinal: int, name: str) -> None:
    sql("DELETE FROM members_audititem WHERE event_id = %s AND ordinal = %s", key(3), ordinal)
    assert faults() == [f"sự kiện 3, {name}: đã bị xóa"]


def test_all_items_of_an_event_removed(chain: None) -> None:
    sql("DELETE FROM members_audititem WHERE event_id = %s", key(3))
    assert faults() == ["sự kiện 3, các mục 1–5: đã bị xóa"]


def test_an_item_whose_event_is_gone(chain: None) -> None:
    event = AuditEvent.objects.get(sequence=4).pk
    sql("DELETE FROM members_auditevent WHERE sequence = 4")
    assert faults() == ["sự kiện 4: đã bị xóa", f"mục 1 của sự kiện mã {event}: sự kiện không còn"]
    sql("DELETE FROM members_audititem WHERE event_id NOT IN (SELECT key FROM members_auditevent)")


# Rows put in


def forged(number: int, **values: Any) -> AuditEvent:
    """An event as somebody without the key would write it."""
    before = AuditEvent.objects.filter(sequence__lt=number).order_by("sequence").last()
    return AuditEvent.objects.create(
        sequence=number,
        happened_at=timezone.now(),
        action=AuditAction.CHANGED,
        origin="page",
        item_count=0,
        previous_seal=before.seal if before else "",
        seal="f" * 64,
        **{"key": uuid.uuid4()} | values,
    )


def test_an_event_put_in_at_the_end(chain: None) -> None:
    forged(7)
    assert faults() == [f"sự kiện 7: {CHANGED}", "sự kiện 7: nằm sau đầu chuỗi, không do chương trình ghi"]


def test_an_event_put_in_at_the_end_with_the_head(chain: None) -> None:
    sql("UPDATE members_audithead SET sequence = 7, last_seal = %s", forged(7).seal)
    assert faults() == [f"sự kiện 7: {CHANGED}", f"đầu chuỗi: {CHANGED}"]


def test_an_event_put_in_the_middle(chain: None) -> None:
    for number in (6, 5, 4, 3):
        sql("UPDATE members_auditevent SET sequence = %s WHERE sequence = %s", number + 1, number)
    forged(3)
    found = faults()
    assert f"sự kiện 3: {CHANGED}" in found
    assert {f"sự kiện {number}: {CHANGED}" for number in (4, 5, 6, 7)} <= set(found)


def test_an_item_put_in(chain: None) -> None:
    item = AuditItem.objects.get(event__sequence=3, ordinal=2)
    item.pk, item.ordinal = None, 6
    item.save(force_insert=True)
    assert faults() == ["sự kiện 3, mục 6: được chèn thêm"]


def test_an_item_put_into_an_event_without_any(chain: None) -> None:
    item = AuditItem.objects.get(event__sequence=3, ordinal=2)
    item.pk, item.ordinal, item.event = None, 1, AuditEvent.objects.get(sequence=2)
    item.save(force_insert=True)
    assert faults() == ["sự kiện 2, mục 1: được chèn thêm"]


# Rows exchanged, renumbered, rewritten


def test_two_events_exchanged(chain: None) -> None:
    for old, new in ((2, 99), (5, 2), (99, 5)):
        sql("UPDATE members_auditevent SET sequence = %s WHERE sequence = %s", new, old)
    found = faults()
    assert f"sự kiện 2: {CHANGED}" in found
    assert f"sự kiện 5: {CHANGED}" in found


def test_events_renumbered_over_a_removed_one(chain: None) -> None:
    sql("DELETE FROM members_auditevent WHERE sequence = 2")
    for number in (3, 4, 5, 6):
        sql("UPDATE members_auditevent SET sequence = %s WHERE sequence = %s", number - 1, number)
    found = faults()
    assert "sự kiện 2: không nối tiếp sự kiện 1" in found
    assert "sự kiện 6 (cuối chuỗi): đã bị xóa" in found


def test_two_items_exchanged(chain: None) -> None:
    for old, new in ((2, 99), (4, 2), (99, 4)):
        sql("UPDATE members_audititem SET ordinal = %s WHERE event_id = %s AND ordinal = %s", new, key(3), old)
    assert faults() == [f"sự kiện 3, mục 2: {CHANGED}", f"sự kiện 3, mục 4: {CHANGED}"]


def test_an_item_moved_to_another_event(chain: None) -> None:
    sql("UPDATE members_audititem SET event_id = %s, ordinal = 2 WHERE event_id = %s", key(6), key(4))
    assert faults() == ["sự kiện 4, mục 1: đã bị xóa", "sự kiện 6, mục 2: được chèn thêm"]


def test_an_item_replaced_by_a_genuine_one_of_another_time(chain: None) -> None:
    """Who has the key, or kept an item that was sealed, still can't fit it into the event."""
    item = AuditItem.objects.get(event__sequence=3, ordinal=2)
    after = item.after | {"full_name": "Ai khác"}
    seal = sealed(item.payload() | {"after": after})
    sql("UPDATE members_audititem SET after = %s, seal = %s WHERE id = %s", json.dumps(after), seal, item.pk)
    assert faults() == ["sự kiện 3: các mục không phải là những mục đã ghi"]


def test_a_chain_rewritten_without_the_key(chain: None, settings: Any) -> None:
    key_of_the_program, settings.AUDIT_KEY = settings.AUDIT_KEY, "một chìa khóa khác"
    previous = ""
    for event in AuditEvent.objects.order_by("sequence"):
        event.actor, event.previous_seal = "Ai khác", previous
        event.seal = previous = sealed(event.payload())
        event.save()
    head = AuditHead.objects.get()
    head.last_seal = previous
    head.seal = sealed(head.payload())
    head.save()
    settings.AUDIT_KEY = key_of_the_program
    found = faults()
    assert {f"sự kiện {number}: {CHANGED}" for number in range(1, 7)} <= set(found)
    assert f"đầu chuỗi: {CHANGED}" in found


# Archives


def archive(first: int, last: int, **values: Any) -> AuditArchive:
    """A genuine row of an archive, unless `values` say otherwise; its events go."""
    row = AuditArchive(
        first_sequence=first,
        last_sequence=last,
        last_seal=AuditEvent.objects.get(sequence=last).seal,
        file_name=f"nhat-ky-{first}-{last}.jsonl.gz",
        file_digest="0" * 64,
        archived_at=dt.datetime(2016, 1, 1, tzinfo=dt.UTC),
    )
    row.seal = values.get("seal") or sealed(row.payload())
    row.save()
    for number in range(first, last + 1):
        sql("DELETE FROM members_audititem WHERE event_id = %s", key(number))
    sql("DELETE FROM members_auditevent WHERE sequence <= %s", last)
    return row


def test_a_chain_goes_on_from_its_archives(chain: None) -> None:
    archive(1, 2)
    archive(3, 4)
    assert "Nhật ký nguyên vẹn" in run()


def test_a_removed_archive(chain: None) -> None:
    archive(1, 2)
    archive(3, 4)
    sql("DELETE FROM members_auditarchive WHERE last_sequence = 2")
    assert faults() == ["các sự kiện 1–2: bản lưu trữ đã bị xóa"]


def test_the_last_archive_removed(chain: None) -> None:
    archive(1, 2)
    archive(3, 4)
    sql("DELETE FROM members_auditarchive WHERE last_sequence = 4")
    assert faults() == ["các sự kiện 3–4: đã bị xóa"]


def test_an_archive_invented_to_cover_a_deletion(chain: None) -> None:
    archive(1, 3, seal="e" * 64)
    assert faults() == [f"bản lưu trữ nhat-ky-1-3.jsonl.gz (sự kiện 1–3): {CHANGED}"]


def test_an_archive_changed(chain: None) -> None:
    archive(1, 3)
    sql("UPDATE members_auditarchive SET file_digest = %s", "1" * 64)
    assert faults() == [f"bản lưu trữ nhat-ky-1-3.jsonl.gz (sự kiện 1–3): {CHANGED}"]


def test_an_event_put_into_the_archived_part(chain: None) -> None:
    archive(1, 3)
    forged(2)
    assert faults() == ["sự kiện 2: nằm trong phần đã lưu trữ, không do chương trình ghi"]


# Ends noted before


def snapshot() -> Callable[[], None]:
    """Takes the whole trail, and puts it back."""
    tables = {model: list(model.objects.all()) for model in (AuditHead, AuditEvent, AuditItem)}

    def put_back() -> None:
        for table in ("audititem", "auditevent", "audithead"):
            sql(f"DELETE FROM members_{table}")  # noqa: S608
        for model, rows in tables.items():
            model.objects.bulk_create(rows)

    return put_back


def test_an_older_state_put_back_as_a_whole(chain: None, anchors: Path) -> None:
    put_back = snapshot()
    make_person("Người mới")
    run()
    put_back()
    assert list(Check().faults()) == [], "the older state is whole in itself"
    mark = Mark.read(anchors.read_text().split()[0])
    assert faults() == [f"sự kiện 7: đã từng có theo mốc ghi lại ({mark}), nay không còn"]


def test_an_older_state_that_has_grown_again(chain: None, anchors: Path) -> None:
    put_back = snapshot()
    make_person("Người mới")
    run()
    put_back()
    make_person("Người khác")
    (line,) = anchors.read_text().splitlines()
    assert faults() == [f"sự kiện 7: khác với mốc đã ghi lại ({Mark.read(line.split()[0])})"]


def test_an_end_noted_on_paper_is_checked(chain: None) -> None:
    seal = AuditEvent.objects.get(sequence=3).seal
    assert "nguyên vẹn" in run("--anchor", f"3:{seal[:NOTED]}")
    assert faults("--anchor", f"3:{'0' * NOTED}") == [f"sự kiện 3: khác với mốc đã ghi lại (3:{'0' * NOTED})"]
    assert "đã từng có" in faults("--anchor", f"9:{'0' * NOTED}")[0]


@pytest.mark.parametrize("text", ["", "3", "3:", "3:abc", "x:0123456789abcdef", "3:0123456789abcdeg"])
def test_what_is_no_mark_is_refused(chain: None, text: str) -> None:
    with pytest.raises(CommandError, match="không phải là một mốc"):
        run("--anchor", text)


def test_the_end_is_noted_once(chain: None, anchors: Path) -> None:
    run()
    run()
    assert len(anchors.read_text().splitlines()) == 1
    make_person()
    run()
    assert [line.split(":")[0] for line in anchors.read_text().splitlines()] == ["6", "7"]


def test_a_faulty_chain_notes_nothing(chain: None, anchors: Path) -> None:
    sql("UPDATE members_auditevent SET actor = 'x' WHERE sequence = 2")
    faults()
    assert not anchors.exists()


def test_anchors_that_cannot_be_written_are_named(chain: None, anchors: Path) -> None:
    anchors.parent.parent.joinpath("neo").write_text("một tệp")
    with pytest.raises(CommandError, match="tệp mốc"):
        run()


def test_reading_takes_few_queries(chain: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        assert list(Check().faults()) == []
