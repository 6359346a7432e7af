"""Whatever is written to a record leaves a trace: who, when, from where, before and after; and nothing else does."""

from __future__ import annotations

import datetime as dt
import io
import threading
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.admin import site
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import RequestFactory

from config.access import Role
from members import audit
from members.audit import AuditAction, AuditOrigin, Verb
from members.models import AuditEvent, AuditHead, AuditItem, Person, RoleAssignment, User
from members.services import record_move
from members.trail.check import Check
from tests.builders import make_member, make_person, make_user
from tests.conftest import Cast
from training.models import Programme

pytestmark = pytest.mark.django_db


def after(number: int) -> list[AuditEvent]:
    """The events since, in their order."""
    return list(AuditEvent.objects.filter(sequence__gt=number).order_by("sequence"))


def last() -> int:
    """The number of the last event."""
    return AuditHead.objects.get().sequence


def the_items(start: int) -> list[AuditItem]:
    """The items of the one event since."""
    (event,) = after(start)
    return list(event.items.order_by("ordinal"))


def the_item(start: int) -> AuditItem:
    (item,) = the_items(start)
    return item


# Ways of writing


def test_a_new_row_is_recorded_with_all_it_holds() -> None:
    start = last()
    person = make_person("Trần Thị Ánh", residence="Phố Hàng Cót", born_on="1980-05-01")
    item = the_item(start)
    assert (item.verb, item.model, item.key, item.version) == (Verb.CREATED, "members.person", person.pk, 1)
    assert item.person_id == person.pk
    assert item.before == {}
    assert item.after["full_name"] == "Trần Thị Ánh"
    assert item.after["born_on"] == "1980-05-01"
    assert "name_sort_key" not in item.after
    assert "religion" not in item.after


def test_a_saved_row_is_recorded_with_what_changed() -> None:
    person = make_person(residence="Phố A")
    start = last()
    person.residence = "Phố B"
    person.save()
    item = the_item(start)
    assert (item.verb, item.version, item.person_id) == (Verb.CHANGED, 2, person.pk)
    assert (item.before, item.after) == ({"residence": "Phố A"}, {"residence": "Phố B"})


def test_a_row_saved_as_it_was_leaves_no_trace() -> None:
    person = make_person()
    start = last()
    person.save()
    Person.objects.update(sex=person.sex)
    assert after(start) == []


def test_an_update_is_recorded_row_by_row() -> None:
    people = [make_person(occupation=str(number)) for number in range(3)]
    start = last()
    assert Person.objects.filter(pk__in=[person.pk for person in people]).update(occupation="Chuyên viên") == 3
    items = the_items(start)
    assert {item.key: item.before["occupation"] for item in items} == {p.pk: p.occupation for p in people}
    assert {item.after["occupation"] for item in items} == {"Chuyên viên"}
    assert set(Person.objects.values_list("version", flat=True)) == {2}


def test_an_update_of_more_rows_than_a_statement_may_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("members.models.records.TOGETHER", 2)
    for _ in range(5):
        make_person()
    start = last()
    assert Person.objects.update(religion="Không") == 5
    assert len(the_items(start)) == 5


def test_rows_made_in_bulk_are_recorded() -> None:
    start = last()
    Person.objects.bulk_create([Person(full_name=f"Người {n}", file_number=f"N{n}", sex="male") for n in range(3)])
    items = the_items(start)
    assert [item.ordinal for item in items] == [1, 2, 3]
    assert {item.key for item in items} == set(Person.objects.values_list("pk", flat=True))


def test_rows_updated_in_bulk_are_recorded_as_one_event() -> None:
    people = [make_person(), make_person()]
    for person in people:
        person.home_town = f"Quê {person.pk}"
    start = last()
    Person.objects.bulk_update(people, ["home_town"], batch_size=1)
    assert {item.key: item.after["home_town"] for item in the_items(start)} == {p.pk: f"Quê {p.pk}" for p in people}


def test_what_goes_along_with_a_deleted_row_is_recorded(cast: Cast) -> None:
    user = make_user("tam-thoi", Role.LEADER, cast.a)
    role = user.role_assignments.get()
    start, user_key = last(), user.pk
    user.delete()
    items = {item.model: item for item in the_items(start)}
    assert items["members.user"].key == user_key
    assert items["members.roleassignment"].key == role.pk
    assert items["members.roleassignment"].before["role"] == "leader"
    assert items["members.roleassignment"].organisation_id == cast.a.pk
    assert {item.verb for item in items.values()} == {Verb.DELETED}


def test_rows_deleted_together_are_recorded(cast: Cast) -> None:
    start = last()
    RoleAssignment.objects.filter(organisation=cast.root).delete()
    assert {item.verb for item in the_items(start)} == {Verb.DELETED}
    assert len(the_items(start)) == 4


def test_a_refused_deletion_leaves_no_trace(cast: Cast) -> None:
    make_member(cast.a)
    start = last()
    with pytest.raises(ProtectedError):
        cast.a.delete()
    assert after(start) == []


def test_a_service_is_recorded(cast: Cast) -> None:
    person = make_member(cast.a_cell_1)
    start = last()
    record_move(person=person, to=cast.b, on=dt.date(2015, 5, 1), by=cast.office)
    items = [item for event in after(start) for item in event.items.order_by("ordinal")]
    assert [(item.verb, item.model) for item in items] == [
        (Verb.CHANGED, "members.membership"),
        (Verb.CREATED, "members.membership"),
    ]
    assert {item.person_id for item in items} == {person.pk}


# A unit of work


def test_a_unit_of_work_is_one_event() -> None:
    start = last()
    with audit.event(note="Nhập danh sách", reason="Theo báo cáo"):
        person = make_person()
        person.occupation = "Chuyên viên"
        person.save()
        with audit.event(note="Bên trong"):
            make_person()
    (event,) = after(start)
    assert (event.note, event.reason, event.item_count) == ("Nhập danh sách", "Theo báo cáo", 3)


def test_what_a_savepoint_takes_back_is_not_recorded() -> None:
    start = last()
    with audit.event():
        kept = make_person("Người được giữ")
        for block in (transaction.atomic, audit.event):
            with suppress(ZeroDivisionError), block():
                make_person("Người bị bỏ")
                raise ZeroDivisionError
        later = make_person("Người sau")
    assert [item.key for item in the_items(start)] == [kept.pk, later.pk]
    assert [item.ordinal for item in the_items(start)] == [1, 2]
    assert list(Check().faults()) == []


def test_a_rollback_leaves_no_event() -> None:
    start = last()
    with suppress(ZeroDivisionError), audit.event():
        make_person()
        raise ZeroDivisionError
    with suppress(ZeroDivisionError), transaction.atomic():
        make_person()
        raise ZeroDivisionError
    assert (after(start), last()) == ([], start)


def test_more_changes_than_wait_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "WAITING", 3)
    start = last()
    with audit.event():
        for number in range(7):
            make_person()
            if number == 4:
                with suppress(ZeroDivisionError), transaction.atomic():
                    for _ in range(5):
                        make_person("Người bị bỏ")
                    raise ZeroDivisionError
    assert [item.ordinal for item in the_items(start)] == list(range(1, 8))
    assert "Người bị bỏ" not in {item.after["full_name"] for item in the_items(start)}
    assert list(Check().faults()) == []


def test_texts_are_sealed_as_the_database_holds_them() -> None:
    audit.record(AuditAction.SIGN_IN_FAILED, note="  Hai   dấu cách\ttrước\x00 " + "dài " * 300, reason="e\u0302")
    event = AuditEvent.objects.latest("sequence")
    assert event.note.startswith("Hai dấu cách trước dài dài")
    assert event.reason == "ê"
    assert list(Check().faults()) == []


# Who and from where


def test_a_page_says_who_and_from_where(cast: Cast) -> None:
    request = RequestFactory().get("/nguoi/1/?q=bí-mật", REMOTE_ADDR="10.1.2.3")
    request.user = cast.office
    with audit.acting_as(audit.Actor(request)):
        make_person()
    event = AuditEvent.objects.latest("sequence")
    assert (event.user, event.actor, event.origin) == (cast.office, "Lê Văn Phòng", AuditOrigin.PAGE)
    assert (event.place, event.address) == ("/nguoi/1/", "10.1.2.3")


def test_the_administration_pages_are_recorded(cast: Cast) -> None:
    programme = Programme.objects.first()
    programme.name = "Tên lớp mới"
    request = _request_of(cast.administrator, "/quan-tri/training/programme/")
    start = last()
    with audit.acting_as(audit.Actor(request)):
        site._registry[Programme].save_model(request, programme, form=None, change=True)
    (event,) = after(start)
    assert (event.origin, event.actor) == (AuditOrigin.ADMIN, "Đỗ Quản Trị")


def _request_of(user: User, path: str) -> Any:
    request = RequestFactory().post(path)
    request.user = user
    return request


def test_a_command_says_who_runs_it(cast: Cast) -> None:
    with audit.event(by=cast.office):
        make_person()
    event = AuditEvent.objects.latest("sequence")
    assert (event.origin, event.address, event.user) == (AuditOrigin.COMMAND, "", cast.office)
    assert event.place.endswith(")")


def test_a_command_is_recorded() -> None:
    start = last()
    call_command("demo", stdout=io.StringIO())
    first, *daily_work = after(start)
    assert (first.note, first.user) == ("Nạp dữ liệu trình diễn", None)
    assert first.item_count > 1000
    assert all(event.origin == AuditOrigin.COMMAND for event in daily_work)
    assert list(Check().faults()) == []


def test_no_password_ever_stands_in_the_trail() -> None:
    user = make_user("moi", password="mật-khẩu-rất-dài-2015")
    user.set_password("một-mật-khẩu-khác-2016")
    user.save()
    items = AuditItem.objects.filter(model="members.user", key=user.pk).order_by("version")
    assert [(item.before.get("password"), item.after.get("password")) for item in items] == [
        (None, "•••"),
        ("•••", "•••"),
    ]
    for text in (user.password, "mật-khẩu-rất-dài-2015", "argon2"):
        assert text not in str(list(AuditItem.objects.values())) + str(list(AuditEvent.objects.values()))


# The chain


def test_every_event_names_the_one_before() -> None:
    for _ in range(3):
        make_person()
    events = after(0)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.previous_seal for event in events] == ["", *(event.seal for event in events[:-1])]
    assert AuditHead.objects.get().last_seal == events[-1].seal


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_auditevent SET actor = 'ai khác'",
        "DELETE FROM members_auditevent",
        "UPDATE members_audititem SET version = 9",
        "DELETE FROM members_audititem",
        "UPDATE members_audithead SET sequence = 0",
        "UPDATE members_audithead SET sequence = sequence + 2",
        "DELETE FROM members_audithead",
    ],
)
def test_the_database_refuses_to_change_the_trail(statement: str) -> None:
    make_person()
    with pytest.raises(Exception, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["auditevent", "audititem", "audithead", "auditarchive"])
def test_the_database_refuses_to_empty_the_trail(table: str) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite knows no TRUNCATE
    make_person()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Exception, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE members_{table} CASCADE")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_write_at_once_keep_one_chain() -> None:
    if connection.vendor != "postgresql":
        return  # on SQLite one transaction writes at a time
    start, errors = last(), []
    ready = threading.Barrier(2)

    def write(name: str) -> None:
        try:
            ready.wait(10)
            for number in range(10):
                with audit.event():
                    make_person(name, file_number=f"{name}{number}")
                    make_person(name, file_number=f"{name}{number}b")
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in ("Một", "Hai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert len(after(start)) == 20
    assert list(Check().faults()) == []
