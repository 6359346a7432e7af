"""Events in words, for a page of the log or of a person's or an organisation's history.

A page is found by the number of the event that it begins before, so that its cost doesn't grow with the trail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from config.access import Permission, holds
from members.audit import AuditAction, Verb
from members.models import AuditEvent, AuditItem, Organisation, Person
from members.trail.history import EventInWords, Words

PER_PAGE = 50
# How many items of an event stand on a page of many events, and on its own page.
ITEMS_SHOWN, ITEMS_PER_PAGE = 5, 40
# The actions that change records, unlike looking at them.
WRITTEN = (Verb.CREATED, Verb.CHANGED, Verb.DELETED)


def events_in_words(
    events: Sequence[AuditEvent], items: QuerySet | None, reader: Any, *, shown: int = ITEMS_SHOWN
) -> list[EventInWords]:
    """The events, each with the first ones of its items among `items`: those that concern the page's reader.

    None for all items: then none has to be counted.
    """
    first, counts = _first_items(events, items, shown)
    words = Words(first, reader)
    by_event = defaultdict(list)
    for item in first:
        by_event[item.event_id].append(words.item(item))
    whole = {event.pk for event in events if counts.get(event.pk, 0) == event.item_count}
    whole |= _open_exports([event for event in events if event.pk not in whole], reader)
    located = holds(reader, Permission.VIEW_AUDIT)
    return [
        EventInWords(event, by_event[event.pk], counts.get(event.pk, 0), event.pk in whole, located) for event in events
    ]


def _first_items(
    events: Sequence[AuditEvent], items: QuerySet | None, shown: int
) -> tuple[list[AuditItem], dict[Any, int]]:
    """The items to be shown, and how many each event has."""
    keys = [event.pk for event in events]
    if items is None:
        first = AuditItem.objects.filter(event__in=keys, ordinal__lte=shown).order_by("event", "ordinal")
        return list(first), {event.pk: event.item_count for event in events}
    own = items.filter(event__in=keys)
    place = Window(RowNumber(), partition_by=F("event"), order_by=F("ordinal").asc())
    first = own.annotate(place=place).filter(place__lte=shown).order_by("event", "ordinal")
    return list(first), dict(own.order_by().values_list("event").annotate(count=Count("pk")))


def _open_exports(events: Sequence[AuditEvent], reader: Any) -> set[Any]:
    """The keys of the exports that the reader may see as a whole, although none of their items concerns the page."""
    keys = [event.pk for event in events if event.action == AuditAction.EXPORTED]
    if not keys:
        return set()
    return set(AuditEvent.objects.visible_to(reader).filter(pk__in=keys).values_list("pk", flat=True))


@dataclass
class HistoryPage:
    """A page of events, newest first; `next_before` begins the next one, 0 where there is none."""

    events: list[EventInWords]
    next_before: int = 0


def before_of(query: Any) -> int | None:
    """The number that the address says (`truoc`); None for the newest page."""
    text = query.get("truoc", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def page_of(
    events: QuerySet, items: QuerySet | None, reader: Any, before: int | None = None, size: int = PER_PAGE
) -> HistoryPage:
    """The newest events before that number, in words."""
    if before is not None:
        events = events.filter(sequence__lt=before)
    found = list(events.select_related("user").order_by("-sequence")[: size + 1])
    shown = found[:size]
    return HistoryPage(events_in_words(shown, items, reader), shown[-1].sequence if len(found) > size else 0)


# --- Of a person, of an organisation ---------------------------------------------------------------


def person_events(person: Person, reader: Any) -> tuple[QuerySet, QuerySet]:
    """The events that concern a person and their items about it: changes; for who may view the trail, all."""
    items = AuditItem.objects.filter(person=person.pk)
    if holds_audit(reader, Person, person.pk):
        concerning = AuditEvent.objects.filter(pk__in=items.values("event"))
        return concerning | AuditEvent.objects.exporting(person.pk), items
    items = items.filter(verb__in=WRITTEN)
    return AuditEvent.objects.filter(pk__in=items.values("event")), items


def organisation_events(organisation: Organisation) -> tuple[QuerySet, QuerySet]:
    """The events that changed an organisation itself, not its people, nor who holds a role on it."""
    items = AuditItem.objects.filter(
        organisation=organisation.pk, person__isnull=True, account__isnull=True, verb__in=WRITTEN
    )
    return AuditEvent.objects.filter(pk__in=items.values("event")), items


def holds_audit(reader: Any, model: Any, key: int) -> bool:
    """Whether `reader` may view the trail of that record."""
    is_inspector = holds(reader, Permission.VIEW_AUDIT)
    return is_inspector and model.objects.open_to(reader, Permission.VIEW_AUDIT).filter(pk=key).exists()


def latest_changes(person: Person, reader: Any) -> list[EventInWords]:
    """The last changes of a person's records, for the person's own page."""
    items = AuditItem.objects.filter(person=person.pk, verb__in=WRITTEN)
    events = AuditEvent.objects.filter(pk__in=items.values("event"))
    return page_of(events, items, reader, size=5).events
