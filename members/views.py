"""The first page, and the page of a person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission, scope_of
from config.navigation import places
from config.pages import get_visible, requires
from members.admission.board import waiting_for_a_case
from members.audit import record_view
from members.badges.person_sections import honours_of
from members.models import Draft, Organisation, Person, PersonMerge
from members.movements.of_person import movements_of
from members.organisations.of_person import posts_of
from members.person_facts import shown_parts, shown_tables
from members.standing import standing
from members.timeline import FETCHED, timeline
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
    """What is known of a person, and everything that happened to them; `thu-tu=cu` tells it oldest first.

    Whose file was merged into another is sent there.
    """
    found = Person.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        merge = get_visible(PersonMerge, request.user, merged_key=pk, undone_at=None)
        return redirect("person", merge.person_id)
    prefetch_related_objects([found], *FETCHED)
    memberships = list(found.memberships.all())
    tables = shown_tables(found)
    oldest_first = request.GET.get("thu-tu") == "cu"
    context = {
        "person": found,
        "can_change": request.user.has_perm(Permission.CHANGE_RECORDS, found),
        "can_make_papers": any(
            request.user.has_perm(permission, found) for permission in (Permission.CHANGE_RECORDS, Permission.EXPORT)
        ),
        "standing": standing(found, on=timezone.localdate()),
        "above": organisations_above(memberships[0].organisation if memberships else found.followed_by, request.user),
        "parts": shown_parts(found),
        "tables": tables,
        "empty_tables": [shown for shown in tables if not shown.rows],
        "memberships": memberships,
        "admissions": found.admissions.all(),
        "admission_cases": found.admission_cases.all(),
        "can_open_case": waiting_for_a_case(request.user).filter(pk=pk).exists(),
        "exemptions": found.exemptions.all(),
        "enrolments": found.enrolments.select_related("training_class").order_by("-training_class__opens_on"),
        "ratings": found.ratings.select_related("level", "organisation").order_by("-year"),
        "commendations": found.commendations.all(),
        **posts_of(found, request.user),
        **movements_of(found, request.user),
        "timeline": timeline(found, request.user, oldest_first=oldest_first),
        "oldest_first": oldest_first,
        "drafts": Draft.objects.visible_to(request.user).filter(
            address__startswith=reverse("change_person", args=[pk])
        ),
        "changes": latest_changes(found, request.user),
        "today": timezone.localdate(),
        **honours_of(found),
    }
    record_view(found)
    return render(request, "members/person.html", context)


def organisations_above(organisation: Organisation | None, user: Any) -> list[tuple[Organisation, bool]]:
    """The organisation below those above it, each with whether the user may open its page."""
    if organisation is None:
        return []
    keys = [int(key) for key in organisation.path.split("/") if key]
    paths = scope_of(user, Permission.VIEW_RECORDS).paths
    found = Organisation.objects.in_bulk(keys)
    return [(found[key], found[key].path.startswith(paths)) for key in keys if key in found]
