"""Moves old audit events into a file and out of the database; nothing goes that isn't in the file."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import suppress
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Max, Min
from django.utils import timezone

from members import audit
from members.audit import AuditAction, sealed
from members.models import AuditArchive, AuditEvent, AuditItem
from members.trail.check import Walk, database_entries
from members.trail.files import digest_of, file_name, read_entries, write_entries

# After how many faults nothing more is read.
MOST_FAULTS = 20


def archive(*, before: dt.date, folder: Path) -> AuditArchive | None:
    """Move the events before that day into a new file of `folder`; None where there are none.

    The file is whole on the disk and was read again before a row goes. Raises ValidationError for a part of the
    chain that doesn't pass the check, FileExistsError for another file of that name, OSError.
    """
    last_archive = AuditArchive.objects.order_by("last_sequence").last()
    first = last_archive.last_sequence + 1 if last_archive else 1
    last = _last_before(before)
    if last is None or last < first:
        return None
    path = folder / file_name(first, last)
    walk = Walk(first - 1, last_archive.last_seal if last_archive else "")
    _write(path, walk, last)
    moved = AuditArchive(
        first_sequence=first,
        last_sequence=last,
        last_seal=walk.seal,
        file_name=path.name,
        file_digest=digest_of(path),
        archived_at=timezone.now(),
    )
    _replace_rows(moved, walk)
    return moved


def _last_before(day: dt.date) -> int | None:
    """The last event of the chain's beginning that lies before that day."""
    moment = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    later = AuditEvent.objects.filter(happened_at__gte=moment).aggregate(first=Min("sequence"))["first"]
    events = AuditEvent.objects.all() if later is None else AuditEvent.objects.filter(sequence__lt=later)
    last: int | None = events.aggregate(last=Max("sequence"))["last"]
    return last


def _write(path: Path, walk: Walk, last: int) -> None:
    """Write the file under a passing name, check what it holds, and give it its name."""
    passing = path.with_name(f".{path.name}.tmp")
    passing.unlink(missing_ok=True)
    try:
        write_entries(passing, database_entries(after=walk.sequence, up_to=last))
        faults = list(islice(walk.follow(read_entries(passing)), MOST_FAULTS))
        if faults:
            raise ValidationError(faults)
        if path.exists() and digest_of(path) != digest_of(passing):
            raise FileExistsError(path)
        passing.replace(path)
        _sync(path.parent)
    finally:
        with suppress(OSError):
            passing.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Let the new name outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace_rows(moved: AuditArchive, walk: Walk) -> None:
    """The archive's row instead of its events, in one transaction that the chain itself records."""
    moved.seal = sealed(moved.payload())
    details = {
        "first": moved.first_sequence,
        "last": moved.last_sequence,
        "events": walk.events,
        "items": walk.items,
        "file": moved.file_name,
        "sha256": moved.file_digest,
    }
    note = f"Chuyển sự kiện {moved.first_sequence}–{moved.last_sequence} sang tệp {moved.file_name}"
    with audit.event(AuditAction.ARCHIVED, note=note, details=details):
        moved.save(force_insert=True)
        # Without Django's collector, which would read all rows first.
        AuditItem.objects.filter(event__sequence__lte=moved.last_sequence).order_by()._raw_delete(DEFAULT_DB_ALIAS)
        AuditEvent.objects.filter(sequence__lte=moved.last_sequence).order_by()._raw_delete(DEFAULT_DB_ALIAS)
