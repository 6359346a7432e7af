"""Who may open what: every address of the program × every role × own, foreign and upper organisation.

The addresses come from the URL resolver: one that is missing from the table fails, and so does a stale entry.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.access import AREA_PERMISSIONS, ROLE_PERMISSIONS, Area, Permission, Role
from members import audit
from members.models import Organisation, OrganisationKind, RoleAssignment, User
from members.services import change_organisation
from reviews.indicators import FIGURES
from reviews.scope import Scope
from reviews.summary import Summary
from tests.builders import (
    make_case,
    make_document,
    make_honours,
    make_import_session,
    make_mass_organisation,
    make_member,
    make_merge,
    make_movement,
    make_organisation,
    make_person,
    make_post,
    make_rating,
    make_stay,
    make_user,
)
from tests.pages import content_of
from tests.routes import ACTIONS, ADMIN, ADMIN_MODELS, ADMIN_PAGES, EXPORT, OPEN, TABLE, VIEW, Place, Rule, _figure

pytestmark = pytest.mark.django_db


def patterns(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[str]:
    """Every address below the resolver: by its name or, where it has none, by its pattern."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else route


def expected_patterns() -> set[str]:
    models = {f"admin:{model}_{action}" for model in ADMIN_MODELS for action in ACTIONS}
    # What Django's admin answered before 1.9: sends to the page that changes.
    old = {f"quan-tri/{model.replace('_', '/')}/<path:object_id>/" for model in ADMIN_MODELS}
    return {*TABLE, *OPEN, *ADMIN_PAGES, *models, *old}


def test_every_address_has_a_rule_and_every_rule_an_address():
    found = set(patterns(get_resolver()))
    assert found - expected_patterns() == set(), "no rule"
    assert expected_patterns() - found == set(), "no such address any more"


# The program's own pages


@dataclass(frozen=True)
class Committee:
    """A committee K with A (a cell A1) and B, a stranger beside it, and everybody's role on A or on K."""

    places: dict[str, Place]
    users: dict[str, User]


WHERE = ("own", "below", "foreign", "upper", "stranger")
# Everybody whose role is on A; those of K stand in `of the root`.
ROLES = tuple(Role.values)


@pytest.fixture(scope="module")
def committee(of_module: Any) -> Committee:
    with of_module.unblock():
        return make_committee()


def make_committee() -> Committee:
    kinds = OrganisationKind
    with audit.event():
        root = make_organisation("Đảng bộ Khối", code="K", kind=kinds.UPPER_COMMITTEE)
        a = make_organisation("Đảng bộ Sở Nội vụ", code="A", parent=root)
        below = make_organisation("Chi bộ Văn phòng", code="A1", parent=a, kind=kinds.SUBORDINATE_CELL)
        b = make_organisation("Chi bộ Thanh tra", code="B", parent=root, kind=kinds.GRASSROOTS_CELL)
        other = make_organisation("Đảng bộ Khối khác", code="X", kind=kinds.UPPER_COMMITTEE)
        users = {role: make_user(f"{role}-a", role, a) for role in ROLES}
        users |= {f"{role} of the root": make_user(f"{role}-k", role, root) for role in ROLES}
        users["without a role"] = make_user("khong-vai-tro")
    organisations = {"own": a, "below": below, "foreign": b, "upper": root, "stranger": other}
    office = users[f"{Role.OFFICE} of the root"]
    return Committee({name: make_place(row, office) for name, row in organisations.items()}, users)


def make_place(organisation: Organisation, office: User) -> Place:
    member = make_member(organisation, f"Người ở {organisation.code}")
    make_document(member)
    make_merge(member)
    make_honours(organisation, member)
    make_movement(member)
    return Place(
        organisation,
        member,
        make_user(f"nguoi-o-{organisation.code.lower()}", Role.LEADER, organisation),
        make_import_session(organisation, office),
        make_post(member, organisation),
        make_mass_organisation(organisation),
        make_case(organisation, f"Quần chúng ở {organisation.code}"),
    )


def expected_status(rule: Rule, user: str, where: str) -> int:
    """403 without a permission, 404 out of scope, else the page."""
    role, _, of_root = user.partition(" of the ")
    held = ROLE_PERMISSIONS.get(role, frozenset())
    if not rule.is_met_by(frozenset(held)):
        return 403
    if rule.arguments is None:
        return rule.signed_in
    in_scope = where != "stranger" if of_root else where in {"own", "below"}
    return 200 if in_scope else 404


def addresses_of(committee: Committee, name: str) -> dict[str, str]:
    """The page's address at each place; once where it is nobody's."""
    rule = TABLE[name]
    if rule.arguments is None:
        return {"own": reverse(name)}
    return {where: reverse(name, args=rule.arguments(place)) for where, place in committee.places.items()}


@pytest.mark.parametrize("name", TABLE)
def test_page_opens_for_whom_the_table_says(committee, client_of, name):
    wrong = {}
    for user, account in committee.users.items():
        client = client_of(account)
        for where, address in addresses_of(committee, name).items():
            status, expected = client.get(address).status_code, expected_status(TABLE[name], user, where)
            if name == "home" and user == "without a role":
                expected = 403
            if status != expected:
                wrong[user, where] = (status, expected)
    assert wrong == {}


@pytest.mark.parametrize("name", TABLE)
def test_page_sends_whoever_is_not_signed_in_to_sign_in(committee, name):
    for address in addresses_of(committee, name).values():
        response = Client().get(address)
        assert response.status_code == 302
        assert response.url == f"{reverse('sign_in')}?next={address}"


@pytest.mark.parametrize("name", TABLE)
def test_locked_account_and_ended_role_open_nothing(committee, client_of, name):
    rule = TABLE[name]
    locked, ended = committee.users[Role.LEADER], committee.users[f"{Role.OFFICE} of the root"]
    locked_client, ended_client = client_of(locked), client_of(ended)
    User.objects.filter(pk=locked.pk).update(is_active=False)
    ended.role_assignments.update(starts_on="2010-01-01", ends_on="2011-01-01")
    for address in addresses_of(committee, name).values():
        assert locked_client.get(address).status_code == 302
        # One's own account stays open without any role.
        assert ended_client.get(address).status_code == (403 if rule.permissions or name == "home" else rule.signed_in)


@pytest.mark.parametrize("name", OPEN)
def test_signing_in_and_out_are_open_to_all(committee, client_of, name):
    clients = (Client(), client_of(committee.users[Role.LEADER]))
    address = reverse(name, args=["MQ", "x-y"] if name == "first_password" else [])
    assert tuple(client.get(address).status_code for client in clients) == OPEN[name]


def test_a_foreign_record_answers_like_one_that_does_not_exist(committee, client_of):
    """Not even the text of the page tells one from the other."""
    client = client_of(committee.users[Role.GRASSROOTS])
    foreign = committee.places["foreign"]
    pairs = {
        reverse("person", args=[foreign.person.pk]): reverse("person", args=[987654]),
        reverse("summary", args=[2015, "B"]): reverse("summary", args=[2015, "ZZ"]),
        reverse("figure", args=_figure(foreign)): reverse("figure", args=[2015, "ZZ", "members.total"]),
    }
    for address, nowhere in pairs.items():
        existing, missing = client.get(address), client.get(nowhere)
        assert existing.status_code == missing.status_code == 404
        assert without_token(existing) == without_token(missing)


@pytest.mark.parametrize("name", [name for name, rule in TABLE.items() if rule.arguments])
def test_form_on_a_foreign_record_is_refused_like_its_page(committee, client_of, name):
    """Where a page also takes forms; others answer that they take none."""
    client = client_of(committee.users[Role.GRASSROOTS])
    for where in ("foreign", "upper", "stranger"):
        answer = client.post(addresses_of(committee, name)[where], {"reason": "Việc gì đó"})
        assert answer.status_code in {403, 404, 405}, where


@pytest.mark.parametrize("name", [name for name, rule in TABLE.items() if rule.permissions == (VIEW, EXPORT)])
def test_who_may_export_one_organisation_and_see_another_exports_the_one(committee, client_of, name):
    own, foreign = committee.places["own"], committee.places["foreign"]
    user = make_user("hai-vai", Role.LEADER, own.organisation)
    RoleAssignment.objects.create(user=user, role=Role.GRASSROOTS, organisation=foreign.organisation)
    rule = TABLE[name]
    address = reverse(name, args=rule.arguments(foreign) if rule.arguments else ())
    answer = client_of(user).get(address)
    told = content_of(answer) if answer.status_code == 200 else ""
    assert foreign.person.full_name not in told
    assert foreign.twin.full_name not in told
    assert not rule.arguments or answer.status_code in {403, 404}


def without_token(response: Any) -> list[str]:
    """The lines of a page but the one with the form's random token."""
    return [line for line in response.content.decode().splitlines() if "csrfmiddlewaretoken" not in line]


# Reading

# The session's time of last use, and the trail itself.
WRITTEN_BY_READING = {"members_session", "members_auditevent", "members_audititem", "members_audithead"}


@pytest.mark.parametrize("name", TABLE)
def test_reading_writes_nothing_but_session_and_trail(committee, client_of, name):
    written = set()

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        found = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        written.update(found.groups() if found else ())
        return execute(sql, *rest)

    for role in ROLES:
        client = client_of(committee.users[f"{role} of the root"])
        with connection.execute_wrapper(watch):
            for address in addresses_of(committee, name).values():
                client.get(address)
    assert written <= WRITTEN_BY_READING


# Numbers and lists of a user's scope


def test_numbers_and_lists_leave_out_what_the_user_may_not_see(committee, client_of):
    """A cell that stood under A in 2014 and is B's today: A's staff no longer see it, nor its people."""
    a, below = committee.places["own"].organisation, committee.places["below"].organisation
    make_rating(make_mass_organisation(below), 2014, rank=1)
    make_rating(committee.places["below"].person, 2014, rank=1)
    change_organisation(
        organisation=below,
        on=dt.date(2015, 3, 1),
        parent=committee.places["foreign"].organisation,
        event="moved",
        by=None,
    )
    a.refresh_from_db()
    own, root = committee.users[Role.GRASSROOTS], committee.users[f"{Role.LEADER} of the root"]
    for user, members in ((own, 1), (root, 2)):
        scope = Scope(a, 2014, user)
        numbers = Summary(scope).numbers
        assert numbers["members.total"].count == members
        assert {f.code: f.rows(scope).count() for f in FIGURES} == {
            code: number.count for code, number in numbers.items()
        }
    listed = client_of(own).get(reverse("figure", args=[2014, "A", "members.total"])).content.decode()
    assert "Người ở A1" not in listed
    assert client_of(own).get(reverse("person", args=[committee.places["below"].person.pk])).status_code == 404


def test_person_who_left_stays_visible_to_who_had_them(committee, client_of):
    person = make_person("Người đã chuyển")
    own, foreign = committee.places["own"].organisation, committee.places["foreign"].organisation
    stay = make_stay(person, own, "2010-01-01", "2015-01-01", end_reason="moved")
    make_stay(person, foreign, "2015-01-01", start_reason="moved", admission=stay.admission)
    for role in (Role.GRASSROOTS, Role.LEADER):
        address = reverse("person", args=[person.pk])
        assert client_of(committee.users[role]).get(address).status_code == 200


def test_candidate_is_visible_to_whom_follows_them(committee, client_of):
    own = make_person("Quần chúng của A", followed_by=committee.places["below"].organisation)
    foreign = make_person("Quần chúng của B", followed_by=committee.places["foreign"].organisation)
    client = client_of(committee.users[Role.GRASSROOTS])
    assert client.get(reverse("person", args=[own.pk])).status_code == 200
    assert client.get(reverse("person", args=[foreign.pk])).status_code == 404


# The administration


def admin_status(user: str, area: Area, action: str, *, read_only: bool) -> set[int]:
    """Enters who may change rules, which are everybody's, hence on a root; inside, what the role may do.

    The history of a row that is not theirs sends some back to the index, as if there were no such row.
    """
    role, _, of_root = user.partition(" of the ")
    held = ROLE_PERMISSIONS.get(role, frozenset())
    if Permission.CHANGE_REFERENCE not in held or not of_root:
        return {302}
    needed = {"changelist": "view", "change": "view", "history": "view"}.get(action, action)
    permission = AREA_PERMISSIONS.get((area, needed))
    if permission not in held or (read_only and action in {"add", "delete"}):
        return {302, 403} if action == "history" else {403}
    return {200}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_administration_opens_for_whom_the_table_says(committee, client_of, model, action):
    make_mass_organisation(committee.places["own"].organisation)
    area = ADMIN_MODELS[model]
    row = ContentType.objects.get(app_label=model.partition("_")[0], model=model.partition("_")[2])
    own = committee.places["own"].organisation
    instance = own if model == "members_organisation" else row.model_class()._default_manager.first()
    arguments = [] if action in {"changelist", "add"} else [instance.pk]
    address = reverse(f"admin:{model}_{action}", args=arguments)
    wrong = {}
    for user, account in committee.users.items():
        status = client_of(account).get(address).status_code
        expected = admin_status(user, area, action, read_only=area == Area.RECORDS)
        if status not in expected:
            wrong[user] = (status, expected)
    assert wrong == {}
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("page", [page for page in ADMIN_PAGES if page.startswith("admin:")])
def test_pages_around_the_administration_are_for_its_users(committee, client_of, page):
    arguments = {
        "admin:view_on_site": [ContentType.objects.get(model="person").pk, 1],
        "admin:app_list": ["members"],
    }
    address = reverse(page, args=arguments.get(page, []))
    assert client_of(committee.users["office of the root"]).get(address).status_code == ADMIN_PAGES[page]
    if page not in {"admin:login", "admin:logout", "admin:jsi18n"}:
        outsider = client_of(committee.users["leader of the root"]).get(address)
        assert outsider.status_code == 302
        assert reverse("admin:login") in outsider.url
        assert Client().get(address).status_code == 302


def test_foreign_organisations_are_no_rows_of_the_administration(committee, client_of):
    """The office of one root finds no row of another."""
    client = client_of(committee.users["office of the root"])
    unions = {name: make_mass_organisation(p.organisation, f"CĐ {name}") for name, p in committee.places.items()}
    listed = client.get(reverse("admin:members_massorganisation_changelist")).content.decode()
    for name, union in unions.items():
        assert (union.name in listed) == (name != "stranger")
        status = client.get(reverse("admin:members_massorganisation_change", args=[union.pk])).status_code
        assert status == (302 if name == "stranger" else 200)


def test_unknown_address_of_the_administration_is_not_found(committee, client_of):
    assert client_of(committee.users["office of the root"]).get(f"/{ADMIN}khong-co/").status_code == 404
    assert client_of(committee.users[Role.LEADER]).get(f"/{ADMIN}khong-co/").status_code == 302
