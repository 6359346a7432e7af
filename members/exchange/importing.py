"""Carries a book through: rehearsed and rolled back, or written as one event of the trail, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from members import audit
from members.audit import AuditAction, Change, Verb
from members.exchange.book import Book, place_of
from members.exchange.plan import Options
from members.exchange.run import Importer, Run, carry_out
from members.models import AuditEvent, Organisation, Person

Importers = Sequence[type[Importer]]
Report = Callable[[str, int], None]
# How often rows that went wrong for want of others are left out anew.
ATTEMPTS = 10

NUMBER_TRIED = "Nhập từ tệp số lý lịch đã có người mang, không được cho biết là ai"


class RefusedError(Exception):
    """Rows are wrong, so nothing was written; the book tells which."""


class StaleError(Exception):
    """Records changed since the preview, so that the rows would do something else; nothing was written."""


class _RehearsedError(Exception):
    """Unwinds a rehearsal."""


@dataclass(frozen=True)
class Sender:
    """Who imports what: the account (None: the operator), what the trail notes, and the workbooks' marks by table.

    `ceiling` is the path of the organisation whose staff see what becomes of the rows.
    """

    user: Any
    note: str
    details: dict[str, Any]
    options: Options = field(default_factory=Options)
    since: dict[int, int] | None = None
    ceiling: str = ""


def rehearse(book: Book, sender: Sender, importers: Importers, report: Report = lambda kind, rows: None) -> None:
    """Do all that an import does and roll it back; the book then knows what would become of each row."""
    book.begin()
    try:
        with audit.event(AuditAction.IMPORTED, by=sender.user, is_rehearsed=True):
            run = _go(book, sender, importers, report)
            raise _RehearsedError
    except _RehearsedError:
        _record_tried_numbers(run, sender)


def write(
    book: Book,
    sender: Sender,
    importers: Importers,
    report: Report = lambda kind, rows: None,
    *,
    only_good: bool = False,
    expected: str = "",
    at_end: Callable[[audit.Event], None] = lambda event: None,
) -> None:
    """Write the rows as one event; `at_end` is called within its transaction.

    With a wrong row RefusedError is raised and nothing is written; `only_good` leaves wrong rows out, and those that
    need them. Where the rows would do something else than the preview with the fingerprint `expected` said, StaleError
    is raised.
    """
    for attempt in range(ATTEMPTS):
        book.begin()
        try:
            with audit.event(AuditAction.IMPORTED, by=sender.user, note=sender.note, reason=sender.note) as event:
                event.details = dict(sender.details)
                _go(book, sender, importers, report)
                if expected and attempt == 0 and book.fingerprint != expected:
                    raise StaleError
                if book.wrong:
                    raise RefusedError
                event.details["rows"] = book.summed()
                at_end(event)
            return
        except RefusedError:
            if not only_good:
                raise
            book.refuse({place_of(one.table, one.row): one for one in book.wrong})
    raise RefusedError


def _go(book: Book, sender: Sender, importers: Importers, report: Report) -> Run:
    # One import after the other; other writers are not kept out.
    list(Organisation.objects.roots().order_by("pk").select_for_update(no_key=True).values_list("pk"))
    run = Run(book, user=sender.user, options=sender.options, since=sender.since, ceiling=sender.ceiling, report=report)
    carry_out(run, importers)
    return run


def _record_tried_numbers(run: Run, sender: Sender) -> None:
    """Whoever learns that a number has a bearer leaves a trace with the bearer."""
    bearers = Person.objects.filter(pk__in=run.people.hidden_bearers).order_by("pk")
    changes = [Change(Verb.VIEWED, "members.person", one.pk, one.version, person=one.pk) for one in bearers]
    if changes:
        audit.record(AuditAction.VIEWED, by=sender.user, note=NUMBER_TRIED, changes=changes)


def since_of(marks: dict[str, str]) -> int | None:
    """The number in the chain at which a workbook was handed out; None where it isn't of this database."""
    number = marks.get("sự kiện", "")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    found = AuditEvent.objects.filter(sequence=int(number)).values_list("seal", flat=True).first()
    return int(number) if found is not None and found == marks.get("dấu") else None
