"""The audit trail in words: what an event did, said with the names of columns, choices and records.

Names are looked up in bulk: a fixed number of queries for any number of events. A person or organisation that the
reader may not see has no name here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from members.audit import AuditAction, Verb
from members.models import AuditEvent, AuditItem, Organisation, Person, User
from members.partial_dates import PartialDate, Precision

EMPTY = "(trống)"
UNSEEN = "(ngoài phạm vi)"
GONE = "(không còn)"
# Whoever tried is not known to be the account's owner.
NOBODYS = {AuditAction.SIGN_IN_FAILED, AuditAction.LOCKED_OUT}
# How many columns a sentence names before it only counts them.
MOST_TOLD = 3

# The column by which records of a kind are known.
NAMING = ("full_name", "name", "label", "code", "file_number")


@dataclass(frozen=True)
class Told:
    """One column of an item: its name, and its values before and after."""

    label: str
    before: str
    after: str
    name: str = ""

    def __str__(self) -> str:
        if not self.before:
            return f"{self.label}: {self.after}"
        return f"{self.label}: {self.before} → {self.after or EMPTY}"


@dataclass(frozen=True)
class ItemInWords:
    """An item: what was done to which record, and its columns."""

    item: AuditItem
    deed: str
    columns: Sequence[Told]

    @property
    def sentence(self) -> str:
        """The deed with what changed, where that is short enough."""
        if self.item.verb != Verb.CHANGED:
            return self.deed
        told = "; ".join(str(column) for column in self.columns[:MOST_TOLD])
        more = len(self.columns) - MOST_TOLD
        return f"{self.deed}: {told}" + (f"; và {more} mục khác" if more > 0 else "")


@dataclass(frozen=True)
class EventInWords:
    """An event with the items that the reader may see."""

    event: AuditEvent
    items: Sequence[ItemInWords]
    # How many of its items the reader may see, and whether that is all.
    count: int
    is_whole: bool
    # Whether the reader may know from where it was done.
    is_located: bool = True

    @property
    def actor(self) -> str:
        """Who did it."""
        if self.event.action in NOBODYS:
            return "Có người"
        return self.event.actor or ("Người vận hành máy chủ" if self.event.origin == "command" else "Khách")

    @property
    def deed(self) -> str:
        """What was done, as the rest of a sentence that begins with the actor."""
        if self.event.note and self.is_whole:
            return _small(self.event.note)
        if not self.items:
            return _small(str(self.event.get_action_display()))
        more = f" (và {self.count - 1} mục khác)" if self.count > 1 else ""
        return f"{self.items[0].sentence}{more}"

    @property
    def sentence(self) -> str:
        """The whole sentence."""
        return f"{self.actor} {self.deed}"

    @property
    def written(self) -> list[ItemInWords]:
        """The items that changed something: what was only looked at stands in the sentence."""
        return [told for told in self.items if told.item.verb != Verb.VIEWED]

    @property
    def has_more(self) -> bool:
        """Whether there are items that aren't shown here."""
        return self.count > len(self.items)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What else is known: reason, file, place."""
        event, facts = self.event, []
        if event.reason and self.is_whole:
            facts.append(("Lý do", event.reason))
        if event.action == AuditAction.EXPORTED and self.is_whole:
            details = event.details
            facts += [("Tệp", str(details.get("file", ""))), ("Số dòng", str(details.get("rows", "")))]
            facts += [
                ("Số người trong tệp", str(len(details.get("people", ())))),
                ("SHA-256", str(details.get("sha256", ""))),
            ]
        if self.is_located and event.user:
            facts.append(("Tài khoản", event.user.username))
        if self.is_located:
            facts.append(("Qua", f"{event.get_origin_display()} {event.place}".strip()))
        if event.address and self.is_located:
            facts.append(("Địa chỉ mạng", event.address))
        return facts


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


class Words:
    """Puts items into words, for `reader` (None: the operator, who may see everything)."""

    def __init__(self, items: Iterable[AuditItem], reader: Any = None) -> None:
        self.items = list(items)
        self.reader = reader
        self.names = self._look_up(self._references())

    def item(self, item: AuditItem) -> ItemInWords:
        """One item in words."""
        model = _model(item.model)
        names = [name for name in {**item.before, **item.after} if _is_told(name, item) and _is_nameable(model, name)]
        columns = [
            Told(_label(model, name), self._value(model, name, item.before), self._value(model, name, item.after), name)
            for name in names
        ]
        verb = _small(str(item.get_verb_display()))
        return ItemInWords(
            item, f"{verb} {self._what(item, model)}", [told for told in columns if told.before or told.after]
        )

    def _what(self, item: AuditItem, model: type[models.Model] | None) -> str:
        """The record in words: its kind, and whom it belongs to."""
        if model is Person:
            return f"hồ sơ {self._name(Person, item.key, item)}"
        kind = str(model._meta.verbose_name) if model else item.model
        if model in {Organisation, User}:
            return f"{kind} {self._name(model, item.key, item)}"
        for owner, key in ((Person, item.person_id), (User, item.account_id), (Organisation, item.organisation_id)):
            if key is not None:
                return f"{kind} của {self._name(owner, key)}"
        name = next((values[name] for values in (item.after, item.before) for name in NAMING if name in values), "")
        return f"{kind} {name or self._name(model, item.key)}".strip()

    def _name(self, model: type[models.Model] | None, key: int, item: AuditItem | None = None) -> str:
        """The name of a record; one that is gone is called as the item that removed it calls it."""
        name = self.names.get((model, key)) if model else None
        if name:
            return name
        told = (item.before | item.after) if item else {}
        return str(told.get("full_name") or told.get("name") or UNSEEN)

    def _value(self, model: type[models.Model] | None, name: str, values: dict[str, Any]) -> str:
        """A column's value in words; empty where the item doesn't hold it."""
        if name not in values:
            return ""
        value, field = values[name], _field(model, name)
        if value in (None, ""):
            return EMPTY
        if isinstance(value, bool):
            return "có" if value else "không"
        if field is not None and field.is_relation:
            return self.names.get((field.related_model, value)) or UNSEEN
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return _date_in_words(name, value, values) if isinstance(field, models.DateField) else _quoted(field, value)

    # Names

    def _references(self) -> dict[type[models.Model], set[int | None]]:
        """The keys of all records that the items name."""
        keys: dict[type[models.Model], set[int | None]] = defaultdict(set)
        for item in self.items:
            model = _model(item.model)
            if model is not None:
                keys[model].add(item.key)
            for owner, key in ((Person, item.person_id), (User, item.account_id), (Organisation, item.organisation_id)):
                keys[owner].add(key)
            for name, value in [*item.before.items(), *item.after.items()]:
                field = _field(model, name)
                if field is not None and field.is_relation:
                    keys[field.related_model].add(value)
        return keys

    def _look_up(self, references: dict[type[models.Model], set[int | None]]) -> dict[tuple[Any, int], str]:
        names = {}
        for model, keys in references.items():
            naming = next((name for name in NAMING if _field(model, name) is not None), None)
            if naming is None:
                continue
            manager: Any = model._default_manager
            is_scoped = self.reader is not None and model in {Person, Organisation}
            rows = manager.visible_to(self.reader) if is_scoped else manager.all()
            found = rows.filter(pk__in=keys - {None}).order_by().values_list("pk", naming)
            names.update({(model, pk): name for pk, name in found})
        return names


def _model(label: str) -> type[models.Model] | None:
    """The model that an item names; None for one that the program no longer has."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _is_told(name: str, item: AuditItem) -> bool:
    """Not the precision of a date that is told with it."""
    date = name.removesuffix("_precision")
    return date == name or (item.verb == Verb.CHANGED and date not in item.after and date not in item.before)


def _is_nameable(model: type[models.Model] | None, name: str) -> bool:
    """Not a reference to a record that has no name of its own, such as the admission that a stay belongs to."""
    related = getattr(_field(model, name), "related_model", None)
    return related is None or any(_field(related, naming) is not None for naming in NAMING)


def _label(model: type[models.Model] | None, name: str) -> str:
    field = _field(model, name)
    if field is None:
        return name
    date = _field(model, name.removesuffix("_precision"))
    return f"{field.verbose_name} của {date.verbose_name}" if date is not field else str(field.verbose_name)


def _date_in_words(name: str, value: str, values: dict[str, Any]) -> str:
    """A date as it is known."""
    try:
        day = dt.datetime.fromisoformat(value).date()
    except ValueError:
        return value
    precision = values.get(f"{name}_precision", Precision.DAY)
    return str(PartialDate(day, Precision(precision)))


def _quoted(field: Any, value: Any) -> str:
    """Free text between quotation marks, numbers as they are."""
    is_text = isinstance(field, models.CharField | models.TextField) or field is None
    return f"“{value}”" if is_text else str(value)
