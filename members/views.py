"""The first page, and the page of a person."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from config.access import Permission, scope_of
from config.navigation import places
from config.pages import get_visible, requires
from members.audit import record_view
from members.models import Person
from members.trail.lists import latest_changes


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the first place that they may enter."""
    entries = places(request)["places"]
    if not entries:
        raise PermissionDenied
    return redirect(entries[0]["url"])


@require_GET
@requires(Permission.VIEW_RECORDS)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of a person, and everything that happened to them."""
    found = get_visible(Person, request.user, pk=pk)
    memberships = list(found.memberships.select_related("organisation__parent").order_by("-began_on"))
    paths = scope_of(request.user, Permission.VIEW_RECORDS).paths
    context = {
        "person": found,
        "can_change": request.user.has_perm(Permission.CHANGE_RECORDS, found),
        "memberships": memberships,
        "home_is_open": bool(memberships) and memberships[0].organisation.path.startswith(paths),
        "admissions": found.admissions.select_related("organisation"),
        "exemptions": found.exemptions.all(),
        "badges": found.badges.all(),
        "disciplines": found.disciplines.all(),
        "enrolments": found.enrolments.select_related("training_class").order_by("-training_class__opens_on"),
        "ratings": found.ratings.select_related("level", "organisation").order_by("-year"),
        "commendations": found.commendations.all(),
    }
    record_view(found)
    return render(request, "members/person.html", context | {"changes": latest_changes(found, request.user)})
