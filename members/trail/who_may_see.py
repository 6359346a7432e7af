"""The page "Ai xem được hồ sơ này?": the accounts that may see, change and export a record, and by which role.

It says for all accounts at once what `visible_to` and `changeable_by` say for one (a test compares them).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import ROLE_PERMISSIONS, Permission
from config.pages import get_visible, requires
from members.models import Membership, Organisation, Person, RoleAssignment, User
from members.models.memberships import LATEST_FIRST
from members.organisation_pages import get_organisation


@dataclass(frozen=True)
class Anchors:
    """The paths of the organisations at which a record is seen, and of the one at which it is kept."""

    seen_at: frozenset[str]
    kept_at: str


@dataclass(frozen=True)
class Ground:
    """A role that opens the record, in words."""

    role: str
    organisation: str
    until: dt.date | None


@dataclass
class Account:
    """An account with what it may do, and by which roles."""

    user: User
    may_see: bool = False
    may_change: bool = False
    may_export: bool = False
    grounds: list[Ground] = field(default_factory=list)


def person_anchors(person: Person) -> Anchors:
    """Where a person is seen: every organisation of a stay or that follows them; kept at the latest."""
    stays = list(
        Membership.objects.filter(person=person).order_by(*LATEST_FIRST).values_list("organisation__path", flat=True)
    )
    followed_at = [person.followed_by.path] if person.followed_by else []
    paths = [*stays, *followed_at]
    return Anchors(frozenset(paths), paths[0] if paths else "")


def organisation_anchors(organisation: Organisation) -> Anchors:
    """An organisation is seen and kept at its own place."""
    return Anchors(frozenset({organisation.path}), organisation.path)


def accounts_for(anchors: Anchors, *, on: dt.date) -> list[Account]:
    """The accounts that may see the record on that day, by name; one query."""
    upper = {path for anchor in anchors.seen_at for path in _upper_paths(anchor)}
    held = RoleAssignment.objects.held_on(on).filter(Q(organisation__path__in=upper), user__is_active=True)
    accounts: dict[int, Account] = {}
    for assignment in held.select_related("user", "organisation").order_by("user__full_name", "user", "role"):
        if ROLE_PERMISSIONS[assignment.role] & {Permission.VIEW_RECORDS, Permission.CHANGE_RECORDS, Permission.EXPORT}:
            _count_in(accounts.setdefault(assignment.user_id, Account(assignment.user)), assignment, anchors)
    return [account for account in accounts.values() if account.may_see or account.may_change]


def _count_in(account: Account, assignment: RoleAssignment, anchors: Anchors) -> None:
    permissions = ROLE_PERMISSIONS[assignment.role]
    account.may_see |= Permission.VIEW_RECORDS in permissions
    account.may_export |= {Permission.VIEW_RECORDS, Permission.EXPORT} <= permissions
    is_kept_below = anchors.kept_at.startswith(assignment.organisation.path)
    account.may_change |= Permission.CHANGE_RECORDS in permissions and is_kept_below
    until = assignment.ends_on - dt.timedelta(days=1) if assignment.ends_on else None
    account.grounds.append(Ground(str(assignment.get_role_display()), assignment.organisation.name, until))


def _upper_paths(path: str) -> Iterable[str]:
    """The path itself and those of all above: "1/5/" gives "1/" and "1/5/"."""
    keys = path.split("/")[:-1]
    return ("/".join(keys[:depth]) + "/" for depth in range(1, len(keys) + 1))


# --- Pages -----------------------------------------------------------------------------------------


@require_GET
@requires(Permission.VIEW_RECORDS)
def person_access(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may see a person's file."""
    person = get_visible(Person, request.user, pk=pk)
    return _page(request, person.full_name, reverse("person", args=[person.pk]), person_anchors(person))


@require_GET
@requires(Permission.VIEW_RECORDS)
def organisation_access(request: HttpRequest, code: str) -> HttpResponse:
    """Who may see an organisation's records."""
    found = get_organisation(request, code)
    return _page(request, found.name, reverse("organisation", args=[found.code]), organisation_anchors(found))


def _page(request: HttpRequest, name: str, url: str, anchors: Anchors) -> HttpResponse:
    accounts = accounts_for(anchors, on=timezone.localdate())
    return render(request, "members/who_may_see.html", {"name": name, "url": url, "accounts": accounts})
