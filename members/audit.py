"""The audit trail as it is written: who changed, saw or took away what, when, from where and why.

A unit of work is one event with the changes that belong to it: `with audit.event(...)` opens a transaction, and what
is written to records in it (members.models.records) joins it. A write outside any event is an event of its own. The
event is chained to the one before it at the very end, so that the chain is locked for moments only.

Knows the tables of the trail only by name: the models of the records stand above it.
"""

from __future__ import annotations

import getpass
import hmac
import json
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.http import HttpRequest
from django.utils import timezone

from config import bulk
from config.client import client_address

P = ParamSpec("P")
R = TypeVar("R")

# How many changes wait in memory before they are written.
WAITING = 2000


class AuditAction(models.TextChoices):
    """What happened."""

    CHANGED = "changed", "Nhập, sửa dữ liệu"
    IMPORTED = "imported", "Nhập từ tệp"
    VIEWED = "viewed", "Xem hồ sơ"
    EXPORTED = "exported", "Xuất tệp"
    SIGNED_IN = "signed_in", "Đăng nhập"
    SIGN_IN_FAILED = "sign_in_failed", "Đăng nhập không thành công"
    SIGNED_OUT = "signed_out", "Đăng xuất"
    LOCKED_OUT = "locked_out", "Tạm khóa đăng nhập"
    ACCOUNT = "account", "Quản lý tài khoản"
    ANSWERED = "answered", "Trả lời yêu cầu của đảng viên"
    ARCHIVED = "archived", "Chuyển nhật ký sang lưu trữ"


class AuditOrigin(models.TextChoices):
    """By which way."""

    PAGE = "page", "Trang web"
    ADMIN = "admin", "Trang quản trị"
    COMMAND = "command", "Lệnh trên máy chủ"


class Verb(models.TextChoices):
    """What was done to one record."""

    CREATED = "created", "Thêm"
    CHANGED = "changed", "Sửa"
    DELETED = "deleted", "Xóa"
    VIEWED = "viewed", "Xem"


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where: the request that is answered, or the command that runs."""

    request: HttpRequest | None = None

    @property
    def user(self) -> Any:
        """The account that has signed in, or None."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def origin(self) -> str:
        if self.request is None:
            return AuditOrigin.COMMAND
        return AuditOrigin.ADMIN if self.request.path.startswith("/quan-tri/") else AuditOrigin.PAGE

    @property
    def place(self) -> str:
        """The page's address without what was typed, or the command and who runs it."""
        if self.request is not None:
            return self.request.path[:200]
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
        return f"{command} ({_operator()})"[:200]

    @property
    def address(self) -> str:
        return client_address(self.request) if self.request is not None else ""


@dataclass(frozen=True)
class Deputy(Actor):
    """A process that finishes what somebody began on a page."""

    account: Any = None
    page: str = ""
    client: str = ""

    @property
    def user(self) -> Any:
        return self.account

    @property
    def origin(self) -> str:
        return AuditOrigin.PAGE

    @property
    def place(self) -> str:
        return self.page[:200]

    @property
    def address(self) -> str:
        return self.client


_actor: ContextVar[Actor] = ContextVar("actor", default=Actor())  # noqa: B039
_open: ContextVar[Event | None] = ContextVar("open event", default=None)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """What is written within is written by `actor`."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def current_actor() -> Actor:
    """Who acts now."""
    return _actor.get()


def middleware(get_response: Any) -> Any:
    """Says for every request who acts."""

    def answer(request: HttpRequest) -> Any:
        with acting_as(Actor(request)):
            return get_response(request)

    return answer


@dataclass
class Change:
    """What happened to one record; `person`, `organisation` and `account` are the keys of whom it concerns."""

    verb: Verb
    model: str
    key: int
    version: int
    person: int | None = None
    organisation: int | None = None
    account: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def payload(self, event: uuid.UUID, ordinal: int) -> dict[str, Any]:
        """The item of an event by the names of its columns, as its seal stands for it (AuditItem.payload)."""
        return {
            "event": str(event),
            "ordinal": ordinal,
            "verb": self.verb,
            "model": self.model,
            "key": self.key,
            "version": self.version,
            "person": self.person,
            "organisation": self.organisation,
            "account": self.account,
            "before": self.before,
            "after": self.after,
        }

    @property
    def is_empty(self) -> bool:
        """Whether the record was saved as it was."""
        return self.verb == Verb.CHANGED and not self.before and not self.after


@dataclass(eq=False)
class Part:
    """Changes written together: hung on the transaction, which drops it with a savepoint that is rolled back."""

    changes: list[Change]

    def __call__(self) -> None:
        """Nothing is left to do after the commit."""

    def taken(self) -> list[Change]:
        """The changes, which it then holds no longer: it may hang there for long."""
        changes, self.changes = self.changes, []
        return changes

    @staticmethod
    def kept() -> set[Any]:
        """What hangs on the transaction still."""
        return {entry[1] for entry in connection.run_on_commit}


def _savepoints() -> list[str]:
    """The savepoints that are open."""
    return [name for name in connection.savepoint_ids if name]


@dataclass
class Event:
    """A unit of work while it goes on."""

    action: AuditAction
    by: Any = None
    note: str = ""
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    savepoints: list[str] = field(default_factory=_savepoints)
    count: int = 0
    digest: str = ""
    waiting: list[Part] = field(default_factory=list)
    waiting_count: int = 0
    is_rehearsed: bool = False

    def add(self, changes: Iterable[Change]) -> None:
        """Take up what happened to records, unless it is rolled back."""
        if self.is_rehearsed:
            return
        part = Part([change for change in changes if not change.is_empty])
        if part.changes:
            transaction.on_commit(part)
            self.waiting.append(part)
            self.waiting_count += len(part.changes)
        self.store_if_many()

    def store_if_many(self) -> None:
        """Write the changes that wait, if they are many and no part of the work can be rolled back by itself."""
        if self.waiting_count >= WAITING and _savepoints() == self.savepoints:
            self.store_waiting()

    def store_waiting(self) -> None:
        """Write the changes that wait; the event itself follows at the end."""
        kept = Part.kept()
        rows: list[tuple[dict[str, Any], str]] = []
        for change in (change for part in self.waiting if part in kept for change in part.taken()):
            self.count += 1
            payload = change.payload(self.key, self.count)
            seal = sealed(payload)
            self.digest = folded(self.digest, seal)
            rows.append((payload, seal))
        self.waiting, self.waiting_count = [], 0
        _insert_items(rows)


def _insert_items(rows: Sequence[tuple[dict[str, Any], str]]) -> None:
    """Write items by their payloads and seals, plainly: an import writes tens of thousands."""
    if not rows:
        return
    model = apps.get_model("members", "AuditItem")
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    told = [payload | {"seal": seal} for payload, seal in rows]
    columns = [bulk.prepared(field, [one[field.name] for one in told]) for field in fields]
    bulk.insert_values(model._meta.db_table, [str(field.column) for field in fields], zip(*columns, strict=True))


@contextmanager
def event(
    action: AuditAction = AuditAction.CHANGED,
    *,
    by: Any = None,
    note: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
    is_rehearsed: bool = False,
) -> Iterator[Event]:
    """A unit of work, in one transaction: all that is written within is one event, or nothing is written.

    What is only rehearsed must be rolled back by whoever opened the event; no time is lost on the trail of it.

    Within another event it joins that one, which keeps its action; what a rollback takes back is not recorded
    either. `by` counts where nobody has signed in (a command); `details` hold what JSON can hold.
    """
    outer = _open.get()
    if outer is not None:
        with transaction.atomic():
            outer.reason = outer.reason or reason
            yield outer
        return
    with transaction.atomic():
        opened = Event(action, by=by, note=note, reason=reason, details=details or {}, is_rehearsed=is_rehearsed)
        token = _open.set(opened)
        try:
            yield opened
        finally:
            _open.reset(token)
        opened.store_waiting()
        if opened.count or opened.action != AuditAction.CHANGED:
            _write(opened)


@contextmanager
def write() -> Iterator[Event]:
    """The open event, or one for a single write."""
    outer = _open.get()
    if outer is None:
        with event() as opened:
            yield opened
    else:
        with transaction.atomic(savepoint=False):
            yield outer


def settle() -> None:
    """Between two steps of a long work: what waits to be written of the open event needn't wait until its end."""
    opened = _open.get()
    if opened is not None:
        opened.store_if_many()


def audited(service: Callable[P, R]) -> Callable[P, R]:
    """A service that is one unit of work, by its `by` and for its `reason`."""

    @wraps(service)
    def within_event(*args: P.args, **kwargs: P.kwargs) -> R:
        with event(by=kwargs.get("by"), reason=str(kwargs.get("reason") or "")):
            return service(*args, **kwargs)

    return within_event


def record(action: AuditAction, **values: Any) -> None:
    """An event that changes no record; `changes` name records that it concerns, other values as for `event`."""
    changes = values.pop("changes", ())
    with event(action, **values) as opened:
        opened.add(changes)


def _write(opened: Event) -> None:
    """Chain the event to the last one; whoever else writes waits from here to the end of the transaction."""
    actor = _actor.get()
    user = actor.user or opened.by
    head = apps.get_model("members", "AuditHead").objects.select_for_update().get()
    written = apps.get_model("members", "AuditEvent")(
        key=opened.key,
        sequence=head.sequence + 1,
        happened_at=timezone.now(),
        action=opened.action,
        user_id=user.pk if user is not None else None,
        actor=str(user) if user is not None else "",
        origin=actor.origin,
        place=actor.place,
        address=actor.address,
        note=opened.note,
        reason=opened.reason,
        details=opened.details,
        item_count=opened.count,
        items_digest=opened.digest,
        previous_seal=head.last_seal,
    )
    written.tidy()
    written.seal = sealed(written.payload())
    written.save(force_insert=True)
    head.advance(written)


def record_view(person: Any, note: str = "") -> None:
    """That somebody opened the whole file of a person, or learned something of it."""
    seen = Change(Verb.VIEWED, "members.person", person.pk, person.version, person=person.pk)
    record(AuditAction.VIEWED, note=note, changes=[seen])


def record_export(
    *,
    title: str,
    organisation: Any,
    name: str,
    content: bytes = b"",
    digest: str = "",
    people: Sequence[int | None],
    rows: int | None = None,
    by: Any = None,
) -> None:
    """That somebody took away a file: of what, how many rows, its SHA-256, and which people are in it.

    A file that is too large to be held as `content` comes with its `digest`.

    `people` has an entry a row (unless `rows` are counted otherwise), None for one about nobody; `organisation` is
    the one that the file is about.
    """
    details = {
        "title": title,
        "rows": len(people) if rows is None else rows,
        "file": name,
        "sha256": digest or sha256(content).hexdigest(),
        "people": sorted({person for person in people if person is not None}),
    }
    record(AuditAction.EXPORTED, by=by, note=f"Xuất {title}", details=details, changes=_seen(organisation))


def _seen(organisation: Any) -> list[Change]:
    """What puts an event before those who inspect the organisation."""
    if organisation is None:
        return []
    key = organisation.pk
    return [Change(Verb.VIEWED, "members.organisation", key, organisation.version, organisation=key)]


# --- Seals -----------------------------------------------------------------------------------------


def canonical(values: Any) -> bytes:
    """`values` as JSON that is always the same for the same content."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


def sealed(values: Any) -> str:
    """The HMAC-SHA-256 of `values` under a key that is not in the database, in hexadecimal digits."""
    return hmac.digest(settings.AUDIT_KEY.encode(), canonical(values), "sha256").hex()


def folded(digest: str, seal: str) -> str:
    """The digest of a sequence of seals, from that of all but the last one."""
    return sha256(f"{digest}{seal}".encode()).hexdigest()


def _operator() -> str:
    """Who runs the command on the server."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
