"""The page of an organisation: what it is, was and has below it, and its history."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission
from config.pages import requires
from members.models import Organisation
from members.trail.lists import before_of, organisation_events, page_of


@require_GET
@requires(Permission.VIEW_RECORDS)
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Facts, former names and parents, units below, changes."""
    found = get_organisation(request, code)
    visible = Organisation.objects.open_to(request.user, Permission.VIEW_RECORDS)
    today = timezone.localdate()
    events, items = organisation_events(found)
    context = {
        "organisation": found,
        "year": today.year,
        "above": visible.filter(pk=found.parent_id).first(),
        "periods": found.periods.select_related("parent").order_by(F("starts_on").desc(nulls_last=True)),
        "units": visible.existing_on(today).filter(parent=found),
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
