"""The base of every model whose changes are recorded: version, audit, and refusal of a write over another's.

Saving, deleting, and the QuerySet's `update`, `bulk_create`, `bulk_update` and `delete` all leave their trace.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import F
from django.db.models.constants import LOOKUP_SEP
from django.db.models.signals import class_prepared, pre_delete
from django.dispatch import receiver

from config import bulk
from config.access import ScopedQuerySet
from config.conflicts import ConflictError, SavedChange
from members import audit
from members.audit import Change, Verb

# How many rows one statement of an update names by their keys; databases limit the number of parameters.
TOGETHER = 5000


class RecordQuerySet(ScopedQuerySet):
    """Base of the QuerySets of records: what they write is recorded row by row."""

    def update(self, **values: Any) -> int:
        model = self.model
        fields = {model._meta.get_field(name) for name in values}
        names = [field.name for field in model.recorded_fields() if field in fields]
        if not names:
            return super().update(**values)
        with audit.write() as event:
            before = self._snapshot(names)
            for start in range(0, len(before), TOGETHER):
                part = {row["pk"]: row for row in before[start : start + TOGETHER]}
                rows = model._base_manager.filter(pk__in=list(part))
                rows.update(version=F("version") + 1, **values)
                after = model.objects.filter(pk__in=list(part))._snapshot(names)
                event.add(model.change(Verb.CHANGED, row, part[row["pk"]], names) for row in after)
        return len(before)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        with audit.write():
            return super().bulk_update(*args, **kwargs)

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise NotImplementedError("What was written would not be known: write new and changed rows apart.")
        made = list(objs)
        with audit.write() as event:
            if args or kwargs or len(made) < bulk.LEAST or any(row.pk is not None for row in made):
                super().bulk_create(made, *args, **kwargs)
            else:
                bulk.insert(self.model, made)
            if not event.is_rehearsed:
                event.add(self.model.creations(made))
        return made

    def delete(self) -> tuple[int, dict[str, int]]:
        with audit.write():
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _snapshot(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Key, version, subjects and these columns of the rows as they are, locked until the transaction ends."""
        rows = self.order_by().select_for_update(of=("self",))
        return list(rows.values("pk", "version", *self.model.subjects().values(), *names))


class Record(models.Model):
    """Base of all records.

    `version` counts the changes. A row that somebody else changed since it was read isn't written over: saving it
    raises ConflictError.
    """

    version = models.PositiveIntegerField("lần sửa", default=1, editable=False)

    # Whom a change concerns: the columns (also through relations) that hold their keys, where they aren't the
    # row's own `person`, `organisation` and `user`.
    audit_subjects: ClassVar[dict[str, str]] = {}
    # Columns whose content stays out of the trail, and those that are none of its business.
    audit_hidden: ClassVar[frozenset[str]] = frozenset()
    audit_ignored: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    # Writing

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if self._state.adding:
            self._create(*args, **kwargs)
            return
        names = [f.name for f in self.recorded_fields() if update_fields is None or f.name in update_fields]
        if not names:
            super().save(*args, update_fields=update_fields, **kwargs)
            return
        version = self.version
        try:
            with audit.write() as event:
                before = self._take_turn(names)
                super().save(*args, update_fields=update_fields, **kwargs)
                event.add([self.change(Verb.CHANGED, self._values(names), before, names)])
        except BaseException:
            self.version = version
            raise

    save.alters_data = True  # type: ignore[attr-defined]

    def _create(self, *args: Any, **kwargs: Any) -> None:
        with audit.write() as event:
            super().save(*args, **{"force_insert": True} | kwargs)
            event.add([self.creation()])

    def _take_turn(self, names: Sequence[str]) -> dict[str, Any]:
        """Raise the version where it still is the one that was read, which locks the row; return what it held."""
        rows = type(self)._base_manager.filter(pk=self.pk)
        if not rows.filter(version=self.version).update(version=F("version") + 1):
            raise ConflictError(self)
        self.version += 1
        return rows.values(*names).get()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """What goes is what is on record, whatever a form has set on the row."""
        with audit.write():
            self.refresh_from_db()
            return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]

    # What was recorded

    def changes_since(self, version: int) -> list[SavedChange]:
        """What was changed in this row after it had that version, oldest first."""
        items = apps.get_model("members", "AuditItem").objects.filter(
            model=self._meta.label_lower, key=self.pk, version__gt=version, verb=Verb.CHANGED
        )
        return [
            SavedChange(item.version, item.before, item.after, item.event.actor, item.event.happened_at)
            for item in items.select_related("event").order_by("version")
        ]

    # What is recorded

    @classmethod
    def recorded_fields(cls) -> list[models.Field]:
        """The columns that people fill in; keys and what is derived from others are not recorded."""
        return _recorded_fields(cls)

    @classmethod
    def subjects(cls) -> dict[str, str]:
        """The columns with the keys of the person, the organisation and the account that a row is about."""
        return _all_subjects(cls)

    def creation(self) -> Change:
        """This row as a change: new, with all that it holds."""
        names = [field.name for field in self.recorded_fields()]
        return self.change(Verb.CREATED, self._values(names), {}, names)

    @classmethod
    def creations(cls, rows: Iterable[Any]) -> Iterator[Change]:
        """Rows just inserted as changes: their texts are in the form in which the database holds them."""
        fields = [(field.name, field.attname, field) for field in cls.recorded_fields()]
        texts = {name for name, _, field in fields if isinstance(field, models.CharField | models.TextField)}
        subjects = cls.subjects().items()
        for row in rows:
            after, held = {}, vars(row)
            for name, attname, field in fields:
                value = held[attname]
                if value is not None and value != "":
                    after[name] = value if name in texts else plain(field.to_python(value))
            hidden = {name: HIDDEN for name in cls.audit_hidden if name in after}
            concerned = {subject: _walk(row, column) for subject, column in subjects}
            yield Change(Verb.CREATED, cls._meta.label_lower, row.pk, row.version, after=after | hidden, **concerned)

    def _values(self, names: Sequence[str]) -> dict[str, Any]:
        """The row's columns as its fields understand them, by name, with its key and its subjects."""
        fields = _fields_by_name(type(self))
        values = {name: fields[name].to_python(getattr(self, fields[name].attname)) for name in names}
        subjects = {column: _walk(self, column) for column in self.subjects().values()}
        return {"pk": self.pk, "version": self.version, **values, **subjects}

    @classmethod
    def change(cls, verb: Verb, row: dict[str, Any], before: dict[str, Any], names: Sequence[str]) -> Change:
        """What happened to `row`: the columns among `names` that differ, with their values before and after.

        Of a new row and of one that goes, the columns that hold something.
        """
        after = {} if verb == Verb.DELETED else row
        if verb == Verb.CHANGED:
            told = [name for name in names if before[name] != after[name]]
            # A date can't be told without how much of it is known.
            dates = {f"{name}_precision" for name in told} - set(told)
            told += [name for name in names if name in dates]
        else:
            told = [name for name in names if row[name] not in (None, "")]
        return Change(
            verb=verb,
            model=cls._meta.label_lower,
            key=row["pk"],
            version=row["version"],
            before={name: cls._told(name, before[name]) for name in told if before},
            after={name: cls._told(name, after[name]) for name in told if after},
            **{subject: row[column] for subject, column in cls.subjects().items()},
        )

    @classmethod
    def _told(cls, name: str, value: Any) -> Any:
        return HIDDEN if name in cls.audit_hidden and value else plain(value)


HIDDEN = "•••"


# Asked for every row that is written, of which there are many at once: known once for each model.


@cache
def _recorded_fields(model: type[Record]) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in model.audit_ignored
    ]


@cache
def _fields_by_name(model: type[Record]) -> dict[str, models.Field]:
    return {field.name: field for field in model._meta.concrete_fields}


@cache
def _all_subjects(model: type[Record]) -> dict[str, str]:
    columns = {field.name: field.attname for field in model._meta.concrete_fields}
    named = {"person": "person", "organisation": "organisation", "account": "user"}
    return {subject: columns[name] for subject, name in named.items() if name in columns} | model.audit_subjects


def plain(value: Any) -> Any:
    """`value` as JSON holds it: days as yyyy-mm-dd, decimal numbers as text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def _walk(row: Any, column: str) -> Any:
    """The value of a column, also through relations: `mass_organisation__organisation_id`."""
    if LOOKUP_SEP not in column:
        return getattr(row, column, None)
    for name in column.split(LOOKUP_SEP):
        row = getattr(row, name, None)
    return row


def _record_deletion(sender: type[Record], instance: Record, **_: Any) -> None:
    names = [field.name for field in sender.recorded_fields()]
    values = instance._values(names)
    with audit.write() as event:
        event.add([sender.change(Verb.DELETED, values, values, names)])


@receiver(class_prepared)
def _watch_deletions(sender: type[models.Model], **_: Any) -> None:
    """Rows that go along with another one are recorded too."""
    if issubclass(sender, Record) and not sender._meta.abstract:
        pre_delete.connect(_record_deletion, sender=sender)
