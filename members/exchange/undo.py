"""Takes an import back: what was created goes, what was changed returns, and what can't says why.

Everything needed stands in the event of the audit trail. What others changed since is left as it is and listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from config.access import Permission, scope_of
from members import audit
from members.audit import AuditAction, Verb
from members.exchange.plan import batches
from members.models import AuditEvent, AuditItem, Organisation, OrganisationPeriod
from members.models.records import plain
from members.organisation_history import Histories

TOGETHER = 500

CHANGED_SINCE = "đã được sửa sau khi nhập nên giữ nguyên"
GONE = "không còn nữa"
IN_USE = "đang được hồ sơ khác dùng nên không xóa được"
OUT_OF_SCOPE = "thuộc tổ chức ngoài phạm vi của bạn nên giữ nguyên"
BROKEN = "không trả lại được vì trái với hồ sơ hiện nay"


@dataclass
class Kept:
    """A record that was not taken back, and why; `fields` are those that others changed."""

    model: str
    key: int
    label: str
    reason: str
    fields: list[str] = field(default_factory=list)


@dataclass
class Undone:
    """What an undoing did."""

    deleted: int = 0
    returned: int = 0
    kept: list[Kept] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the session and the trail."""
        return {"deleted": self.deleted, "returned": self.returned, "kept": [vars(one) for one in self.kept]}


class ArchivedError(Exception):
    """The event is no longer in the trail, so nobody knows what it did."""


def undo(event_key: UUID, *, user: Any, note: str, at_end: Any = lambda event, undone: None) -> Undone:
    """Take back what an event did, as one event; `at_end` is called within its transaction.

    Raises ArchivedError where the event went into an archive.
    """
    imported = AuditEvent.objects.filter(key=event_key).first()
    if imported is None:
        raise ArchivedError
    with audit.event(AuditAction.IMPORTED, by=user, note=note, reason=note) as event:
        undone = _Undoing(imported, user).carry_out()
        event.details = {"undone": str(event_key), "deleted": undone.deleted, "returned": undone.returned}
        at_end(event, undone)
    return undone


class _Undoing:
    """One undoing; the items are walked from the last to the first."""

    def __init__(self, imported: AuditEvent, user: Any) -> None:
        self.items = AuditItem.objects.filter(event=imported).order_by("-ordinal")
        self.user = user
        self.undone = Undone()
        self.last_version = self._last_versions()
        self.created = set(self.items.filter(verb=Verb.CREATED).order_by().values_list("model", "key"))
        self.barred = self._out_of_scope()

    def _last_versions(self) -> dict[tuple[str, int], int]:
        rows = self.items.order_by("ordinal").values_list("model", "key", "version")
        return {(model, key): version for model, key, version in rows.iterator()}

    def _out_of_scope(self) -> set[tuple[str, int]]:
        """The records that the user may not change; asked before anything is taken back."""
        if self.user is None:
            return set()
        scope = scope_of(self.user, Permission.CHANGE_RECORDS)
        keys: dict[str, list[int]] = {}
        for model, key in self.last_version:
            keys.setdefault(model, []).append(key)
        barred = set()
        for model, wanted in keys.items():
            rows = apps.get_model(model).objects
            for some in batches(wanted, 5000):
                there = set(rows.filter(pk__in=some).order_by().values_list("pk", flat=True))
                mine = set(
                    rows.within(scope, to_change=True).filter(pk__in=some).order_by().values_list("pk", flat=True)
                )
                barred |= {(model, key) for key in there - mine}
        return barred

    def carry_out(self) -> Undone:
        """Take everything back that can be."""
        for (model, verb), items in groupby(self.items.iterator(), key=lambda item: (item.model, item.verb)):
            for some in batches(items, TOGETHER):
                self._take_back(apps.get_model(model), verb, some)
        if any(model in _ORGANISATIONS for model, _ in self.last_version):
            self._repair_paths()
        return self.undone

    def _take_back(self, model: Any, verb: str, items: Sequence[AuditItem]) -> None:
        if verb == Verb.CREATED:
            self._delete(model, items)
        elif verb == Verb.CHANGED:
            for item in items:
                if (item.model, item.key) not in self.created:
                    self._return(model, item)
        elif verb == Verb.DELETED:
            for item in items:
                self._bring_back(model, item)

    # Created

    def _delete(self, model: Any, items: Sequence[AuditItem]) -> None:
        rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=[item.key for item in items])}
        going = []
        for item in items:
            row = rows.get(item.key)
            if row is None:
                self._keep(model, item, GONE)
            elif (item.model, item.key) in self.barred:
                self._keep(model, item, OUT_OF_SCOPE, row)
            elif row.version != self.last_version[item.model, item.key]:
                self._keep(model, item, CHANGED_SINCE, row)
            else:
                going.append((item, row))
        self._delete_together(model, going)

    def _delete_together(self, model: Any, going: Sequence[tuple[AuditItem, Any]]) -> None:
        """All at once or, where one is in use, each half by itself."""
        if not going:
            return
        try:
            with transaction.atomic():
                model.objects.filter(pk__in=[row.pk for _, row in going]).delete()
        except (ProtectedError, RestrictedError, IntegrityError):
            if len(going) == 1:
                self._keep(model, going[0][0], IN_USE, going[0][1])
                return
            middle = len(going) // 2
            self._delete_together(model, going[:middle])
            self._delete_together(model, going[middle:])
        else:
            self.undone.deleted += len(going)

    # Changed

    def _return(self, model: Any, item: AuditItem) -> None:
        row = model.objects.select_for_update().filter(pk=item.key).first()
        if row is None:
            self._keep(model, item, GONE)
            return
        if (item.model, item.key) in self.barred:
            self._keep(model, item, OUT_OF_SCOPE, row)
            return
        others = [name for name in item.before if self._now(row, name) != item.after.get(name)]
        # A date without its precision, or the other way, would be another date.
        others = sorted({name for other in others for name in _together(other, item.before)})
        names = [name for name in item.before if name not in others]
        for name in names:
            column = model._meta.get_field(name)
            setattr(row, column.attname, column.to_python(item.before[name]))
        if others:
            self._keep(model, item, CHANGED_SINCE, row, others)
        if names and self._save(model, item, row):
            self.undone.returned += 1

    def _save(self, model: Any, item: AuditItem, row: Any) -> bool:
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            self._keep(model, item, BROKEN, row)
            return False
        return True

    @staticmethod
    def _now(row: Any, name: str) -> Any:
        return plain(row._values([name])[name])

    def _bring_back(self, model: Any, item: AuditItem) -> None:
        row = model(pk=item.key, version=item.version + 1)
        for name, value in item.before.items():
            column = model._meta.get_field(name)
            setattr(row, column.attname, column.to_python(value))
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            self._keep(model, item, BROKEN)
        else:
            self.undone.returned += 1

    # After

    def _keep(self, model: Any, item: AuditItem, reason: str, row: Any = None, fields: Iterable[str] = ()) -> None:
        labels = [str(model._meta.get_field(name).verbose_name) for name in fields if not name.endswith("_precision")]
        label = str(row) if row is not None else f"{model._meta.verbose_name} {item.key}"
        self.undone.kept.append(Kept(str(model._meta.verbose_name), item.key, label, reason, labels))

    def _repair_paths(self) -> None:
        """Paths are no part of the trail: they follow from the states that are there again."""
        lost = set(Organisation.objects.values_list("pk", flat=True))
        histories = Histories()
        histories.write(lost & set(histories.states))


_ORGANISATIONS = {Organisation._meta.label_lower, OrganisationPeriod._meta.label_lower}


def _together(name: str, names: Iterable[str]) -> Iterator[str]:
    """A date and its precision, as far as both are among the names."""
    stem = name.removesuffix("_precision")
    yield from (one for one in (stem, f"{stem}_precision") if one in names)
