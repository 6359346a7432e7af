"""Goes over the audit chain, in the database or in an archive's file, and names every fault by its row.

Faults are sentences for people. One event with its items is held at a time, so that memory doesn't grow with the chain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from members.audit import folded, sealed
from members.models import AuditArchive, AuditEvent, AuditHead, AuditItem, User
from members.trail.files import UNREADABLE, Entry, Sealed, digest_of, path_of, read_entries

# How many digits of a seal are noted on paper, and the fewest that are compared.
NOTED = 16
READ_TOGETHER = 2000


@dataclass(frozen=True)
class Mark:
    """An end that the chain once had: it must still be a part of it."""

    sequence: int
    seal: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.seal[:NOTED]}"

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """The mark out of "512:0123456789abcdef", or nothing."""
        number, _, seal = text.strip().lower().partition(":")
        is_seal = NOTED <= len(seal) <= 64 and not set(seal) - set("0123456789abcdef")
        return cls(int(number), seal) if number.isascii() and number.isdigit() and is_seal else None


@dataclass
class Walk:
    """Follows a chain from after `sequence` and `seal`; `marks` of other times are compared on the way."""

    sequence: int = 0
    seal: str = ""
    marks: dict[int, list[Mark]] = field(default_factory=dict)
    events: int = 0
    items: int = 0

    def follow(self, entries: Iterable[Entry]) -> Iterator[str]:
        """The faults of a stretch of the chain."""
        for event, items in entries:
            number = event.payload["sequence"]
            yield from self._place(number, event.payload["previous_seal"])
            if not event.is_genuine:
                yield f"sự kiện {number}: nội dung đã bị sửa hoặc không do chương trình ghi"
            yield from self._items(event.payload, items)
            self.sequence, self.seal = number, event.seal
            self.events += 1
            yield from self.compare()

    def _place(self, number: int, previous_seal: str) -> Iterator[str]:
        if number <= self.sequence:
            yield f"sự kiện {number}: số thứ tự bị trùng"
        elif number > self.sequence + 1:
            yield f"{stretch(self.sequence + 1, number - 1)}: đã bị xóa"
        elif previous_seal != self.seal:
            yield f"sự kiện {number}: không nối tiếp sự kiện {self.sequence}"

    def _items(self, event: dict[str, Any], items: Iterable[Sealed]) -> Iterator[str]:
        number, expected, digest, is_whole = event["sequence"], 1, "", True
        for item in items:
            ordinal = item.payload["ordinal"]
            self.items += 1
            digest = folded(digest, item.seal)
            for fault in _item_faults(item, expected, event["item_count"]):
                is_whole = False
                yield f"sự kiện {number}, {fault}"
            expected = ordinal + 1
        if expected <= event["item_count"]:
            is_whole = False
            yield f"sự kiện {number}, {_items_named(expected, event['item_count'])}: đã bị xóa"
        if is_whole and digest != event["items_digest"]:
            yield f"sự kiện {number}: các mục không phải là những mục đã ghi"

    def compare(self) -> Iterator[str]:
        """What contradicts the marks at this place."""
        for mark in self.marks.pop(self.sequence, ()):
            if not self.seal.startswith(mark.seal):
                yield f"sự kiện {mark.sequence}: khác với mốc đã ghi lại ({mark})"


def _item_faults(item: Sealed, expected: int, count: int) -> Iterator[str]:
    ordinal = item.payload["ordinal"]
    if ordinal > expected:
        yield f"{_items_named(expected, ordinal - 1)}: đã bị xóa"
    if ordinal > count or ordinal < expected:
        yield f"mục {ordinal}: được chèn thêm"
    elif not item.is_genuine:
        yield f"mục {ordinal}: nội dung đã bị sửa hoặc không do chương trình ghi"


def _items_named(first: int, last: int) -> str:
    return f"mục {first}" if first == last else f"các mục {first}–{last}"


def stretch(first: int, last: int) -> str:
    """A row or a range of rows in words."""
    return f"sự kiện {first}" if first == last else f"các sự kiện {first}–{last}"


# --- The database ----------------------------------------------------------------------------------


def database_entries(*, after: int = 0, up_to: int | None = None) -> Iterator[Entry]:
    """Events in their order with their items, read a few at a time."""
    events = AuditEvent.objects.filter(sequence__gt=after).order_by("sequence", "key")
    items = AuditItem.objects.filter(event__sequence__gt=after).order_by("event__sequence", "event", "ordinal")
    if up_to is not None:
        events, items = events.filter(sequence__lte=up_to), items.filter(event__sequence__lte=up_to)
    waiting = _Items(items.iterator(READ_TOGETHER))
    for event in events.iterator(READ_TOGETHER):
        yield Sealed(event.payload(), event.seal), waiting.of(event.pk)
        waiting.skip(event.pk)


class _Items:
    """A stream of items, given out event by event."""

    def __init__(self, items: Iterator[AuditItem]) -> None:
        self.items = items
        self.next = next(items, None)

    def of(self, event: Any) -> Iterator[Sealed]:
        while self.next is not None and self.next.event_id == event:
            item, self.next = self.next, next(self.items, None)
            yield Sealed(item.payload(), item.seal)

    def skip(self, event: Any) -> None:
        """Leave out what nobody asked for."""
        for _ in self.of(event):
            pass


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all that is read within be of one moment, where the database can do so without making others wait."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


class Check:
    """The check of the whole chain; `faults` is to be read to its end."""

    def __init__(self, marks: Iterable[Mark] = (), *, archives: Path | None = None) -> None:
        self.walk = Walk()
        self.archived = 0
        self.archives = archives
        self.open_marks: list[Mark] = []
        for mark in marks:
            self.walk.marks.setdefault(mark.sequence, []).append(mark)

    def faults(self) -> Iterator[str]:
        """Every fault, one sentence each."""
        with one_moment():
            yield from self._archives()
            last = AuditEvent.objects.aggregate(last=Max("sequence"))["last"]
            yield from self.walk.follow(database_entries(after=self.archived, up_to=last))
            yield from self._head()
            yield from _left_behind(self.archived)
            yield from _lost_items()
            yield from self._marks()

    @property
    def head(self) -> Mark | None:
        """The end of the chain as the database says it."""
        head = AuditHead.objects.first()
        return Mark(head.sequence, head.last_seal) if head and head.sequence else None

    def _archives(self) -> Iterator[str]:
        """Whether the archives follow each other without a gap; the chain goes on from the last one."""
        walk = self.walk
        for archive in AuditArchive.objects.order_by("last_sequence"):
            name = f"bản lưu trữ {archive.file_name} (sự kiện {archive.first_sequence}–{archive.last_sequence})"
            if archive.seal != sealed(archive.payload()):
                yield f"{name}: nội dung đã bị sửa hoặc không do chương trình ghi"
            if archive.first_sequence > walk.sequence + 1:
                yield f"{stretch(walk.sequence + 1, archive.first_sequence - 1)}: bản lưu trữ đã bị xóa"
            if self.archives:
                yield from self._file(archive, path_of(archive, self.archives))
            walk.sequence, walk.seal = archive.last_sequence, archive.last_seal
            yield from walk.compare()
        self.archived = walk.sequence

    def _file(self, archive: AuditArchive, path: Path) -> Iterator[str]:
        """Whether an archive's file is the one that was written, and its events a part of the chain."""
        try:
            if digest_of(path) != archive.file_digest:
                yield f"tệp {path.name}: không phải là tệp đã lưu trữ (SHA-256 khác)"
            yield from self.walk.follow(read_entries(path))
        except UNREADABLE:
            yield f"tệp {path.name}: không có hoặc không đọc được"
            return
        if (self.walk.sequence, self.walk.seal) != (archive.last_sequence, archive.last_seal):
            yield f"tệp {path.name}: không kết thúc ở sự kiện {archive.last_sequence} đã ghi"

    def _head(self) -> Iterator[str]:
        walk, heads = self.walk, list(AuditHead.objects.all()[:2])
        if len(heads) != 1:
            yield "đầu chuỗi: đã bị xóa" if not heads else "đầu chuỗi: có nhiều hơn một dòng"
            return
        head = heads[0]
        if not head.sequence and User.objects.filter(last_login__isnull=False).exists():
            yield "nhật ký trống, mà đã có người đăng nhập: đã bị xóa"
        if head.sequence and head.seal != sealed(head.payload()):
            yield "đầu chuỗi: nội dung đã bị sửa hoặc không do chương trình ghi"
        last = AuditEvent.objects.aggregate(last=Max("sequence"))["last"] or self.archived
        if head.sequence > last:
            yield f"{stretch(last + 1, head.sequence)} (cuối chuỗi): đã bị xóa"
        elif head.sequence < walk.sequence:
            yield f"{stretch(head.sequence + 1, walk.sequence)}: nằm sau đầu chuỗi, không do chương trình ghi"
        elif head.sequence == walk.sequence and head.last_seal != walk.seal:
            yield f"đầu chuỗi: không khớp sự kiện {head.sequence}"

    def _marks(self) -> Iterator[str]:
        """Marks beyond the end mean that an older state was put back; those in an archive stay open."""
        for sequence, marks in sorted(self.walk.marks.items()):
            if sequence > self.walk.sequence:
                lost = stretch(self.walk.sequence + 1, sequence)
                yield f"{lost}: đã từng có theo mốc ghi lại ({marks[0]}), nay không còn"
            else:
                self.open_marks += marks


def _left_behind(archived: int) -> Iterator[str]:
    """Events that an archive is said to hold are no longer in the database."""
    for number in (
        AuditEvent.objects.filter(sequence__lte=archived).values_list("sequence", flat=True).order_by("sequence")
    ):
        yield f"sự kiện {number}: nằm trong phần đã lưu trữ, không do chương trình ghi"


def _lost_items() -> Iterator[str]:
    """Items whose event is gone."""
    events = AuditEvent.objects.filter(pk=OuterRef("event_id"))
    lost = AuditItem.objects.filter(~Exists(events)).order_by("event_id", "ordinal")
    for item in lost.iterator(READ_TOGETHER):
        yield f"mục {item.ordinal} của sự kiện mã {item.event_id}: sự kiện không còn"


# --- Marks that are kept outside of the database ----------------------------------------------------


def read_marks(path: Path | None = None) -> list[Mark]:
    """The marks of earlier checks; raises OSError where the file can't be read."""
    path = path or Path(settings.AUDIT_ANCHORS)
    if not path.exists():
        return []
    marks = (
        Mark.read(line.split()[0])
        for line in path.read_text(encoding="ascii", errors="replace").splitlines()
        if line.strip()
    )
    return [mark for mark in marks if mark is not None]


def append_mark(mark: Mark) -> None:
    """Note the end of the chain, once."""
    path = Path(settings.AUDIT_ANCHORS)
    known = read_marks(path)
    if known and known[-1] == mark:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{mark.sequence}:{mark.seal} {timezone.now().astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}\n")
