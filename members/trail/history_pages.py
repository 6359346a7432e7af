"""The page with a person's history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.access import Permission
from config.pages import get_visible, requires
from members.audit import record_view
from members.models import Person
from members.trail.lists import before_of, holds_audit, page_of, person_events


@require_GET
@requires(Permission.VIEW_RECORDS)
def person_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was changed in a person's records; for an inspector also who saw and exported them."""
    person = get_visible(Person, request.user, pk=pk)
    events, items = person_events(person, request.user)
    context = {
        "person": person,
        "page": page_of(events, items, request.user, before_of(request.GET)),
        "is_newest": before_of(request.GET) is None,
        "is_inspector": holds_audit(request.user, Person, person.pk),
    }
    record_view(person)
    return render(request, "members/history.html", context)
