"""The page of an organisation as of a day: what it was, who led it, what stood below it, and its history."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission
from config.pages import requires
from members.badges.organisation_sections import discipline_of
from members.models import Organisation
from members.organisations.acts import offered_acts
from members.organisations.as_of import AsOf
from members.organisations.tree import DayForm
from members.trail.lists import before_of, organisation_events, page_of


@require_GET
@requires(Permission.VIEW_RECORDS)
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Facts and numbers of a day, committee, units below, lineage, states, changes."""
    found = get_organisation(request, code)
    form = DayForm(request.GET)
    day = form.day
    events, items = organisation_events(found)
    can_change = request.user.has_perm(Permission.CHANGE_RECORDS, found)
    context: dict[str, Any] = {
        "organisation": found,
        "as_of": AsOf(found, request.user, day),
        "form": form,
        "year": min(day, timezone.localdate()).year,
        "can_change": can_change,
        **discipline_of(found, by_day=day),
        "acts": offered_acts(found, request.user) if can_change else [],
        "page": page_of(events, items, request.user, before_of(request.GET), size=20),
        "is_newest": before_of(request.GET) is None,
    }
    return render(request, "members/organisation.html", context)


def get_organisation(request: HttpRequest, code: str) -> Organisation:
    """The organisation with that code whose records the user may see, else 404.

    Who only manages accounts sees an organisation's name to give roles on it, not its page.
    """
    found = Organisation.objects.open_to(request.user, Permission.VIEW_RECORDS).filter(code=code).first()
    if found is None:
        raise Http404
    return found
