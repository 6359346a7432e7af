"""The page "Ai xem được hồ sơ này?" agrees, account by account, with what the program allows."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from config.access import Permission, Role
from members.models import Organisation, Person, RoleAssignment, User
from members.services import record_move
from members.trail.who_may_see import Account, accounts_for, organisation_anchors, person_anchors
from tests.builders import make_member, make_organisation, make_person, make_user
from tests.conftest import Cast
from tests.pages import get, table_rows


def named(accounts: list[Account]) -> dict[str, tuple[bool, bool, bool]]:
    return {entry.user.username: (entry.may_see, entry.may_change, entry.may_export) for entry in accounts}


def page(client_of: Any, user: User, person: Person) -> dict[str, list[str]]:
    """The rows of the page by account."""
    found = get(client_of(user), reverse("person_access", args=[person.pk]))
    return {row[0].partition(" (")[0]: row[1:] for row in table_rows(found)}


def test_a_person_is_seen_where_they_are_and_above(cast: Cast, client_of: Any) -> None:
    person = make_member(cast.a_cell_1)
    rows = page(client_of, cast.grassroots_a, person)
    assert rows["Trần Cơ Sở"] == ["có", "có", "–", "Cơ sở – Đảng bộ Sở Nội vụ", "không thời hạn"]
    assert rows["Lê Văn Phòng"][:3] == ["có", "có", "có"]
    assert rows["Vũ Lãnh Đạo"][:3] == ["có", "–", "có"]
    assert rows["Hồ Kiểm Tra"][:3] == ["có", "–", "–"]
    assert set(rows) == {"Trần Cơ Sở", "Lê Văn Phòng", "Vũ Lãnh Đạo", "Hồ Kiểm Tra"}


def test_who_has_moved_on_is_seen_by_the_former_place_and_changed_by_the_new_one(cast: Cast) -> None:
    person = make_member(cast.a_cell_1)
    record_move(person=person, to=cast.b, on=dt.date(2015, 5, 1), by=None)
    accounts = named(accounts_for(person_anchors(person), on=timezone.localdate()))
    assert accounts["co-so-a"] == (True, False, False)
    assert accounts["co-so-b"] == (True, True, False)


def test_two_roles_of_one_account_are_one_row(cast: Cast, client_of: Any) -> None:
    person = make_member(cast.a_cell_1)
    RoleAssignment.objects.create(
        user=cast.leader, role=Role.GRASSROOTS, organisation=cast.a, ends_on=timezone.localdate() + dt.timedelta(days=9)
    )
    row = page(client_of, cast.office, person)["Vũ Lãnh Đạo"]
    assert row[:3] == ["có", "có", "có"]
    until = timezone.localdate() + dt.timedelta(days=8)
    assert row[4] == f"{until:%d/%m/%Y} không thời hạn"


def test_a_role_that_has_ended_or_not_begun_and_a_locked_account_open_nothing(cast: Cast) -> None:
    person, today = make_member(cast.a), timezone.localdate()
    RoleAssignment.objects.filter(user=cast.leader).update(ends_on=today)
    RoleAssignment.objects.filter(user=cast.office).update(starts_on=today + dt.timedelta(days=1))
    User.objects.filter(pk=cast.grassroots_a.pk).update(is_active=False)
    assert set(named(accounts_for(person_anchors(person), on=today))) == {"kiem-tra"}


def test_an_organisation_has_the_page_too(cast: Cast, client_of: Any) -> None:
    found = get(client_of(cast.grassroots_b), reverse("organisation_access", args=["B"]))
    assert {row[0].partition(" (")[0] for row in table_rows(found)} == {
        "Lê Văn Phòng",
        "Vũ Lãnh Đạo",
        "Hồ Kiểm Tra",
        "Phạm Chi Bộ",
    }


def test_out_of_scope_there_is_no_such_page(cast: Cast, client_of: Any) -> None:
    person = make_member(cast.a)
    get(client_of(cast.grassroots_b), reverse("person_access", args=[person.pk]), 404)
    get(client_of(cast.grassroots_b), reverse("organisation_access", args=["A"]), 404)
    get(client_of(cast.administrator), reverse("person_access", args=[person.pk]), 403)


def test_it_takes_the_same_queries_for_any_number_of_accounts(cast: Cast, django_assert_num_queries: Any) -> None:
    person = make_member(cast.a_cell_1)
    for number in range(30):
        make_user(f"u{number}", Role.LEADER, cast.a)
    person = Person.objects.get(pk=person.pk)
    with django_assert_num_queries(2):
        assert len(accounts_for(person_anchors(person), on=timezone.localdate())) == 34


@pytest.mark.parametrize("seed", range(12))
def test_it_agrees_with_what_every_account_may_do(cast: Cast, seed: int) -> None:
    """Random trees, roles in time, stays and candidates; the program itself is asked account by account."""
    chance = random.Random(seed)
    organisations, people, users = _random_world(cast, chance)
    today = timezone.localdate()
    for person in people:
        found = named(accounts_for(person_anchors(person), on=today))
        rows = Person.objects.filter(pk=person.pk)
        assert found == {
            user.username: allowed for user in users if (allowed := _allowed(user, rows))[:2] != (False, False)
        }
    for organisation in organisations:
        found = named(accounts_for(organisation_anchors(organisation), on=today))
        rows = Organisation.objects.filter(pk=organisation.pk)
        assert found == {
            user.username: allowed for user in users if (allowed := _allowed(user, rows))[:2] != (False, False)
        }


def _allowed(user: User, rows: Any) -> tuple[bool, bool, bool]:
    """What the program says: may see, change, export. Who only gives roles on an organisation sees no record of it."""
    sees = rows.open_to(user, Permission.VIEW_RECORDS).exists()
    if rows.model is Person:
        assert sees == rows.visible_to(user).exists()
    return sees, rows.changeable_by(user).exists(), rows.open_to(user, Permission.EXPORT).exists()


def _random_world(cast: Cast, chance: random.Random) -> tuple[list[Organisation], list[Person], list[User]]:
    organisations = [cast.root, cast.a, cast.a_cell_1, cast.a_cell_2, cast.b]
    for number in range(5):
        organisations.append(make_organisation(f"Tổ chức {number}", parent=chance.choice(organisations)))
    today = timezone.localdate()
    days = [None, today - dt.timedelta(days=3), today, today + dt.timedelta(days=3)]
    for number in range(12):
        user = make_user(f"u{number}")
        for role in chance.sample(list(Role), chance.randint(0, 3)):
            starts_on, ends_on = chance.choice(days), chance.choice(days)
            if starts_on and ends_on and starts_on >= ends_on:
                ends_on = None
            organisation = chance.choice(organisations)
            RoleAssignment.objects.create(
                user=user, role=role, organisation=organisation, starts_on=starts_on, ends_on=ends_on
            )
        if chance.random() < 0.1:
            User.objects.filter(pk=user.pk).update(is_active=False)
    people = [make_person(followed_by=chance.choice([None, *organisations])) for _ in range(3)]
    for _ in range(6):
        person = make_member(chance.choice(organisations), followed_by=chance.choice([None, *organisations]))
        for year in range(2010, 2010 + chance.randint(0, 3)):
            at = person.memberships.get(ended_on__isnull=True).organisation
            to = chance.choice([found for found in organisations if found != at])
            record_move(person=person, to=to, on=dt.date(year, 5, 1), by=None)
        people.append(person)
    return organisations, people, list(User.objects.all())
