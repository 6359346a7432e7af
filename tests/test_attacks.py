"""What was tried against the program and once worked, or nearly did."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.access import Permission, Role
from members.models import AuditEvent, AuditItem, BadgeMilestone, Person, RoleAssignment, User
from members.services import change_organisation
from members.trail.check import Check
from tests.builders import make_member, make_user
from tests.conftest import Cast
from tests.test_accounts import act_on, page_of, roles

pytestmark = pytest.mark.django_db

PASSWORD = "hoa phượng nở đỏ"


@pytest.fixture
def of_a(cast: Cast) -> User:
    """An administrator of a part of the committee."""
    return make_user("quan-tri-a", Role.ADMINISTRATOR, cast.a)


def ended(user: User) -> None:
    RoleAssignment.objects.filter(user=user).update(ends_on=timezone.localdate())


def viewed(person: Person) -> bool:
    return AuditItem.objects.filter(verb="viewed", person=person.pk).exists()


# Reaching further


def test_account_without_a_role_in_force_is_not_everybodys_to_take_over(cast: Cast, client_of: Any, of_a: User) -> None:
    fresh = make_user("moi")
    ended(cast.grassroots_b)
    client = client_of(of_a)
    assert client.post(act_on(fresh, "cap-lai-mat-khau"), {}).status_code == 404
    assert client.get(page_of(cast.grassroots_b)).status_code == 404


def test_rules_of_all_are_changed_from_a_root_only(cast: Cast, client_of: Any, of_a: User) -> None:
    rule = BadgeMilestone.objects.first()
    address = reverse("admin:members_badgemilestone_delete", args=[rule.pk])
    office_of_a = make_user("van-phong-a", Role.OFFICE, cast.a)
    for user in (of_a, office_of_a):
        client_of(user).post(address, {"post": "yes"})
        assert not user.has_perm(Permission.CHANGE_REFERENCE)
    assert BadgeMilestone.objects.filter(pk=rule.pk).exists()


def row_to_remove(held: RoleAssignment, **typed: Any) -> dict[str, Any]:
    """A row of the roles' form, to be removed, with other values typed over those on record."""
    values = {"id": held.pk, "user": held.user_id, "role": held.role, "organisation": held.organisation_id}
    return values | {"starts_on": "", "ends_on": "", "version": held.version, "DELETE": "on"} | typed


def sent(user: User, *rows: dict[str, Any]) -> dict[str, Any]:
    values = {"username": user.username, "full_name": user.full_name, "email": "", "version": user.version}
    return values | roles(*rows, initial=len(rows))


def test_removed_role_is_recorded_as_it_stood(cast: Cast, client_of: Any, of_a: User) -> None:
    user = make_user("x", Role.ADMINISTRATOR, cast.a)
    row = row_to_remove(user.role_assignments.get(), role="grassroots", organisation=cast.a_cell_2.pk)
    client_of(of_a).post(reverse("account_change", args=[user.pk]), sent(user, row))
    item = AuditItem.objects.get(model="members.roleassignment", verb="deleted")
    assert (item.before["role"], item.before["organisation"]) == ("administrator", cast.a.pk)
    assert item.organisation_id == cast.a.pk


def test_role_beyond_the_scope_is_not_removed_under_another_name(cast: Cast, client_of: Any, of_a: User) -> None:
    user = make_user("x", Role.INSPECTOR, cast.b)
    ended(user)
    RoleAssignment.objects.create(user=user, role=Role.GRASSROOTS, organisation=cast.a)
    foreign, own = user.role_assignments.get(role="inspector"), user.role_assignments.get(role="grassroots")
    kept = row_to_remove(own) | {"DELETE": ""}
    removed = row_to_remove(foreign, role="leader", organisation=cast.a_cell_1.pk)
    client_of(of_a).post(reverse("account_change", args=[user.pk]), sent(user, removed, kept))
    assert user.role_assignments.filter(organisation=cast.b).exists()


def test_export_keeps_within_the_scope_of_exporting(cast: Cast, client_of: Any) -> None:
    """Leader of A and staff of B: a cell that went from A to B is in A's list of then, not in its workbook."""
    make_member(cast.a_cell_1, "Hoàng Nay Ở B")
    change_organisation(organisation=cast.a_cell_1, on=dt.date(2016, 5, 1), parent=cast.b, event="moved", by=None)
    user = make_user("hai-vai", Role.LEADER, cast.a)
    RoleAssignment.objects.create(user=user, role=Role.GRASSROOTS, organisation=cast.b)
    place = [2015, "A", "members.total"]
    assert "Hoàng Nay Ở B" in client_of(user).get(reverse("figure", args=place)).content.decode()
    answer = client_of(user).get(reverse("figure_workbook", args=place))
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert "Hoàng Nay Ở B" not in [cell.value for row in sheet for cell in row]


# Leaving no trace


@pytest.mark.parametrize("name", ["person", "change_person", "person_history"])
def test_whoever_reads_a_file_has_seen_it(cast: Cast, client_of: Any, name: str) -> None:
    person = make_member(cast.a)
    assert client_of(cast.grassroots_a).get(reverse(name, args=[person.pk])).status_code == 200
    assert viewed(person)


def test_form_sent_empty_to_be_told_what_is_stored_is_a_view(cast: Cast, client_of: Any) -> None:
    person = make_member(cast.a, national_id_number="001070001234")
    answer = client_of(cast.grassroots_a).post(reverse("change_person", args=[person.pk]), {"version": 0})
    assert "001070001234" in answer.content.decode()
    assert viewed(person)


def test_trying_whose_number_it_is_leaves_a_trace_with_that_person(cast: Cast, client_of: Any) -> None:
    stranger = make_member(cast.b, "Phan Thị Bí", national_id_number="001070001234")
    values = {"full_name": "Ai Đó", "file_number": "HS-X", "sex": "male", "followed_by": cast.a.pk}
    answer = client_of(cast.grassroots_a).post(
        reverse("add_candidate"), values | {"national_id_number": "001070001234"}
    )
    assert "Phan Thị Bí" not in answer.content.decode()
    assert viewed(stranger)


def test_emptied_trail_is_found(cast: Cast) -> None:
    User.objects.filter(pk=cast.office.pk).update(last_login=timezone.now())
    of_table = " ON members_{table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for table in ("auditevent", "audititem"):
            cursor.execute(f"DROP TRIGGER {table}_kept" + of_table.format(table=table))
        cursor.execute("DROP TRIGGER audithead_stays" + of_table.format(table="audithead"))
        cursor.execute("DELETE FROM members_audititem")
        cursor.execute("DELETE FROM members_auditevent")
        cursor.execute("UPDATE members_audithead SET sequence = 0, last_seal = '', seal = ''")
    assert list(Check().faults())


# Passing for another


def test_account_of_a_like_name_lifts_no_lock_out(cast: Cast) -> None:
    make_user("an", Role.LEADER, cast.root, password=PASSWORD)
    make_user("AN", Role.GRASSROOTS, cast.a, password="mưa rơi ngoài hiên")
    statuses = []
    for number in range(8):
        values = {"username": "an", "password": f"thử lần {number}"}
        statuses.append(Client().post(reverse("sign_in"), values).status_code)
        if number % 4 == 3:
            Client().post(reverse("sign_in"), {"username": "AN", "password": "mưa rơi ngoài hiên"})
    assert 429 in statuses


def test_failed_sign_in_is_not_told_as_the_owners_deed(cast: Cast, client_of: Any) -> None:
    make_user("an", Role.LEADER, cast.root, password=PASSWORD, full_name="Nạn Nhân")
    Client().post(reverse("sign_in"), {"username": "an", "password": "sai"})
    told = client_of(cast.inspector).get(reverse("audit_log")).content.decode()
    assert "Có người" in told
    assert "<b>Nạn Nhân</b>" not in told
    assert "<strong>Nạn Nhân</strong>" not in told


def test_addresses_are_for_inspectors_who_also_see_which_account_it_was(cast: Cast, client_of: Any) -> None:
    make_user("gia", Role.GRASSROOTS, cast.a, full_name=cast.office.full_name)
    person = make_member(cast.a)
    office = client_of(cast.office)
    office.defaults["REMOTE_ADDR"] = "10.9.8.7"
    values = {"full_name": person.full_name, "file_number": person.file_number, "sex": "male", "born": "01/05/1970"}
    office.post(
        reverse("change_person", args=[person.pk]), values | {"occupation": "Bí thư", "version": person.version}
    )
    address = reverse("person_history", args=[person.pk])
    own = client_of(cast.grassroots_a).get(address).content.decode()
    full = client_of(cast.inspector).get(address).content.decode()
    assert "Bí thư" in own
    assert "10.9.8.7" not in own
    assert "10.9.8.7" in full
    assert cast.office.username in full


def test_name_that_turns_the_direction_of_writing_is_kept_without_it(cast: Cast) -> None:
    assert make_member(cast.a, "Lê\u202eNa").full_name == "LêNa"


def test_sessions_and_events_name_nobody_who_only_tried_a_name(cast: Cast) -> None:
    Client().post(reverse("sign_in"), {"username": "mat-khau-cua-toi", "password": "x"})
    event = AuditEvent.objects.order_by("-sequence").first()
    assert event.action == "sign_in_failed"
    assert "mat-khau-cua-toi" not in str(event.payload())
