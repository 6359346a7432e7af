"""Answers a person who asks: who saw, changed and exported my record, when and from where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.utils import timezone
from openpyxl import Workbook

from config.workbook import NOTE, SMALL, TITLE, new_workbook
from config.workbook_pages import Column, Page, Row, Table
from members.audit import AuditAction, Verb
from members.models import AuditArchive, AuditEvent, AuditItem, Person
from members.trail.files import as_event, as_item, path_of, read_entries
from members.trail.history import EventInWords, Words
from members.trail.lists import WRITTEN

HEADINGS = {"seen": "Đã xem", "changed": "Đã nhập, sửa", "exported": "Đã xuất ra tệp"}
READ_TOGETHER = 500
Found = tuple[AuditEvent, list[AuditItem]]


@dataclass
class Answer:
    """What was done with a person's record, in words, oldest first, under the three headings."""

    person: Person
    parts: dict[str, list[EventInWords]] = field(default_factory=lambda: {name: [] for name in HEADINGS})
    missing: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many events there are."""
        return sum(len(part) for part in self.parts.values())

    @property
    def title(self) -> str:
        return f"Những ai đã xem, sửa, xuất hồ sơ {self.person.full_name} ({self.person.file_number})"

    @property
    def notes(self) -> list[str]:
        """What the answer doesn't cover."""
        if not self.missing:
            return []
        return [f"Chưa kể phần nhật ký đã lưu trữ trong tệp: {', '.join(self.missing)}."]


def answer(person: Person, archives: Path | None = None) -> Answer:
    """Everything that the trail and its archives know about the person's record.

    Raises what members.trail.files says of a file that isn't what it was.
    """
    given = Answer(person)
    found = _found(person, archives, given.missing)
    while together := list(islice(found, READ_TOGETHER)):
        words = Words(item for _event, items in together for item in items)
        for event, items in together:
            _put(given, event, [words.item(item) for item in items])
    return given


def _found(person: Person, archives: Path | None, missing: list[str]) -> Iterator[Found]:
    for archive in AuditArchive.objects.order_by("last_sequence"):
        path = path_of(archive, archives) if archives else None
        if path is None or not path.exists():
            missing.append(archive.file_name)
            continue
        yield from _in_file(person, path)
    yield from _in_database(person)


def _in_file(person: Person, path: Path) -> Iterator[Found]:
    for event, items in read_entries(path):
        concerning = [as_item(item.payload) for item in items if item.payload["person"] == person.pk]
        exported = event.payload["details"].get("people", ())
        if concerning or person.pk in exported:
            yield as_event(event.payload | {"seal": event.seal}), concerning


def _in_database(person: Person) -> Iterator[Found]:
    items = AuditItem.objects.filter(person=person.pk)
    events = AuditEvent.objects.filter(pk__in=items.values("event"))
    events = (events | AuditEvent.objects.exporting(person.pk)).order_by("sequence")
    concerning = items.select_related("event").order_by("event__sequence", "ordinal")
    by_event = {key: list(found) for key, found in groupby(concerning, key=lambda item: item.event_id)}
    for event in events.iterator(READ_TOGETHER):
        yield event, by_event.get(event.pk, [])


def _put(given: Answer, event: AuditEvent, items: list[Any]) -> None:
    """Under the heading that the event belongs to; one may have both changed and shown the record."""
    changed = [told for told in items if told.item.verb in WRITTEN]
    seen = [told for told in items if told.item.verb == Verb.VIEWED]
    if event.action == AuditAction.EXPORTED:
        given.parts["exported"].append(EventInWords(event, items, len(items), is_whole=True))
        return
    if changed:
        given.parts["changed"].append(EventInWords(event, changed, len(changed), is_whole=False))
    if seen:
        given.parts["seen"].append(EventInWords(event, seen, len(seen), is_whole=False))


# --- Written down ----------------------------------------------------------------------------------


def _cells(told: EventInWords) -> list[str]:
    event = told.event
    moment = f"{timezone.localtime(event.happened_at):%d/%m/%Y %H:%M:%S}"
    what = "; ".join(item.sentence for item in told.items) if told.items and not told.is_whole else told.deed
    return [moment, told.actor, what, f"{event.get_origin_display()} {event.place}".strip(), event.address]


def as_lines(given: Answer) -> Iterator[str]:
    """The answer as text."""
    yield given.title
    for name, heading in HEADINGS.items():
        part = given.parts[name]
        yield from ("", f"{heading} ({len(part)})")
        for told in part:
            moment, actor, what, way, address = _cells(told)
            yield f"  {moment}  {actor} {what} [{way}{', ' + address if address else ''}]"
    yield from given.notes


def as_workbook(given: Answer) -> Workbook:
    """The answer as a workbook, a sheet a heading."""
    workbook = new_workbook(title=given.title, creator="Hồ sơ đảng viên", on=timezone.localdate())
    labels = ("Thời điểm", "Người làm", "Nội dung", "Qua", "Địa chỉ mạng")
    columns = [Column(label, most=70 if label == "Nội dung" else 34) for label in labels]
    for name, heading in HEADINGS.items():
        table = Table(columns, [Row(_cells(told)) for told in given.parts[name]])
        page = Page(workbook, heading, table.widths)
        page.line(heading, TITLE)
        page.line(given.title, SMALL)
        page.skip()
        page.table(table)
        for note in given.notes:
            page.line(note, NOTE)
        page.finish(footer=given.title)
    return workbook
