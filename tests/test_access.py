"""Which rows a user may read and change: roles, scope, people who moved, and accounts that reach further."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from config.access import Permission, Role
from members.models import Organisation, Person, RoleAssignment, User
from members.services import record_move
from tests.builders import make_badge, make_member, make_person, make_user
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    """The user as the next request sees him."""
    return User.objects.get(pk=user.pk)


def test_reading_everywhere_and_changing_in_one_place_do_not_add_up(cast: Cast):
    """Leader of the whole committee and staff of A: what is B's is read, not changed."""
    user = make_user("hai-vai", Role.LEADER, cast.root)
    RoleAssignment.objects.create(user=user, role=Role.GRASSROOTS, organisation=cast.a)
    own, foreign = make_member(cast.a_cell_1), make_member(cast.b)
    assert user.has_perm(Permission.VIEW_RECORDS, own)
    assert user.has_perm(Permission.VIEW_RECORDS, foreign)
    assert user.has_perm("members.change_person", own)
    assert not user.has_perm("members.change_person", foreign)
    assert user.has_perm(Permission.EXPORT, foreign)
    assert not user.has_perm(Permission.CHANGE_RECORDS, cast.b)


def test_file_that_moved_on_is_read_by_both_and_changed_where_it_is(cast: Cast):
    person = make_member(cast.a_cell_1)
    badge = make_badge(person)
    record_move(person=person, to=cast.b, on=dt.date(2015, 5, 1), by=None)
    for user, may_change in ((cast.grassroots_a, False), (cast.grassroots_b, True), (cast.office, True)):
        assert user.has_perm("members.view_person", person)
        assert user.has_perm("members.change_person", person) is may_change
        assert user.has_perm("members.change_badge", badge) is may_change
        assert Person.objects.changeable_by(user).exists() is may_change


def test_candidate_is_changed_by_who_follows_and_member_by_where_the_stay_is(cast: Cast):
    candidate = make_person(followed_by=cast.a)
    member = make_member(cast.b, followed_by=cast.a)
    assert cast.grassroots_a.has_perm("members.change_person", candidate)
    assert not cast.grassroots_b.has_perm("members.change_person", candidate)
    assert not cast.grassroots_a.has_perm("members.change_person", member)
    assert cast.grassroots_b.has_perm("members.change_person", member)


def test_administrator_of_a_part_reaches_no_account_that_reaches_further(cast: Cast):
    of_a = make_user("quan-tri-a", Role.ADMINISTRATOR, cast.a)
    everywhere = make_user("khap-noi", Role.GRASSROOTS, cast.a)
    RoleAssignment.objects.create(user=everywhere, role=Role.LEADER, organisation=cast.root)
    coming = make_user("sap-toi", Role.GRASSROOTS, cast.a)
    later = timezone.localdate() + dt.timedelta(days=30)
    RoleAssignment.objects.create(user=coming, role=Role.OFFICE, organisation=cast.root, starts_on=later)
    former = make_user("truoc-day", Role.GRASSROOTS, cast.a)
    ended = timezone.localdate() - dt.timedelta(days=30)
    RoleAssignment.objects.create(user=former, role=Role.OFFICE, organisation=cast.root, ends_on=ended)
    nobody = make_user("chua-co-vai")
    seen = User.objects.visible_to(of_a)
    assert set(seen) == {of_a, cast.grassroots_a, former}
    assert nobody in User.objects.visible_to(cast.administrator)
    assert set(User.objects.visible_to(cast.administrator)) == set(User.objects.all())
    assert not User.objects.visible_to(cast.office).exists()


def test_administrator_gives_roles_only_where_he_is_one(cast: Cast):
    of_a = make_user("quan-tri-a", Role.ADMINISTRATOR, cast.a)
    assert set(Organisation.objects.visible_to(of_a)) == {cast.a, cast.a_cell_1, cast.a_cell_2}
    assert not Organisation.objects.changeable_by(of_a).exists()
    assert not Person.objects.visible_to(of_a).exists()


@pytest.mark.parametrize("name", ["is_active", "ends_on", "starts_on"])
def test_locked_account_and_role_out_of_its_time_reach_nothing(cast: Cast, name):
    make_member(cast.a_cell_1)
    user, today = cast.grassroots_a, timezone.localdate()
    assert Person.objects.visible_to(user).exists()
    if name == "is_active":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        day = today if name == "ends_on" else today + dt.timedelta(days=1)
        user.role_assignments.update(**{name: day})
    assert not Person.objects.visible_to(fresh(user)).exists()
    assert not fresh(user).has_perm(Permission.VIEW_RECORDS)
