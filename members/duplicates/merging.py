"""Two files of one person become one, and are parted again exactly.

Whatever hangs on a person is found by its foreign key, so that a new kind of record needs nothing here. What can't hang
on the one that stays (a stay in the same time, the same badge) is set aside with all its columns, once somebody says
so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from config.access import Permission
from config.conflicts import ConflictError
from members.audit import audited
from members.models import AuditItem, DistinctPair, Person, PersonMerge, User
from members.models.records import plain
from members.services.checks import require_change_of, write_checked

FOREIGN = "{label} “{row}” do cấp khác quản lý: hãy chọn “chuyển sang”, hoặc đề nghị văn phòng cấp ủy cấp trên gộp."
BEYOND = "hồ sơ được tách ra nằm ngoài phạm vi của bạn; hãy đề nghị văn phòng cấp ủy cấp trên tách."
# What is gone with a person and comes back with them, without being asked about.
SILENT = (DistinctPair,)
# On whose order others rest: they are settled first.
FIRST = ("members.admission",)


@dataclass(eq=False)
class Hanging:
    """A row of the file that goes: whether an equal one hangs on the other, and why it can't hang there."""

    row: Any
    field: str
    twin: Any = None
    clash: str = ""

    @property
    def key(self) -> str:
        """The name of the choice on a form."""
        return f"{self.row._meta.label_lower}:{self.row.pk}"

    @property
    def label(self) -> str:
        """What kind of record it is."""
        return str(self.row._meta.verbose_name)

    @property
    def must_decide(self) -> bool:
        """Whether somebody has to say that it is set aside."""
        return bool(self.clash) and self.twin is None

    @property
    def refusal(self) -> str:
        """Why the row can't move, and what to do."""
        return f"{self.clash} Hãy chọn “cất đi” nếu là bản ghi trùng, hoặc sửa hồ sơ cho đúng rồi gộp."


class Merge:
    """What merging `other` into `kept` would do."""

    def __init__(self, kept: Person, other: Person) -> None:
        self.kept, self.other = kept, other

    # Columns

    @cached_property
    def columns(self) -> list[str]:
        """The columns in which the two differ, without precisions, which go with their dates."""
        names = [field.name for field in Person.recorded_fields() if not field.name.endswith("_precision")]
        return [name for name in names if self._value(self.kept, name) != self._value(self.other, name)]

    def _value(self, person: Person, name: str) -> Any:
        precision = f"{name}_precision"
        value = getattr(person, _column(name).attname)
        return (value, getattr(person, precision)) if value and hasattr(person, precision) else value

    def proposed(self, name: str) -> str:
        """Whose value of a column is likely better: the one that is there."""
        return "other" if getattr(self.kept, _column(name).attname) in (None, "") else "kept"

    # Rows

    @cached_property
    def hanging(self) -> list[Hanging]:
        """All rows of the file that goes."""
        found = [Hanging(row, field) for field, row in _rows_of(self.other) if not isinstance(row, SILENT)]
        held = [row for _, row in _rows_of(self.kept)]
        twins: dict[tuple[str, int], int] = {}
        for one in found:
            one.twin = next((row for row in held if _is_twin(one, row, twins)), None)
            if one.twin is not None:
                twins[one.row._meta.label_lower, one.row.pk] = one.twin.pk
            one.clash = self._clash(one)
        return found

    @property
    def held(self) -> list[tuple[str, Any]]:
        """What hangs on the one that stays, each with what kind of record it is."""
        rows = (row for _, row in _rows_of(self.kept) if not isinstance(row, SILENT))
        return [(str(row._meta.verbose_name), row) for row in rows]

    def _clash(self, one: Hanging) -> str:
        """Why the row can't hang on the person that stays, in the words of the constraint."""
        probe = type(one.row)._base_manager.get(pk=one.row.pk)
        setattr(probe, one.field, self.kept)
        for constraint in probe._meta.constraints:
            try:
                constraint.validate(type(probe), probe)
            except ValidationError as refused:
                return " ".join(refused.messages)
        return ""


def _column(name: str) -> Any:
    return Person._meta.get_field(name)


def _rows_of(person: Person) -> Iterator[tuple[str, Any]]:
    """Every row that points to the person, with the name of its column; those that others rest on first."""
    relations = [relation for relation in Person._meta.related_objects if relation.related_model is not AuditItem]
    for relation in sorted(relations, key=lambda one: one.related_model._meta.label_lower not in FIRST):
        name = relation.field.name
        for row in relation.related_model._base_manager.filter(**{name: person}).order_by("pk"):
            yield name, row


def _is_twin(one: Hanging, row: Any, twins: Mapping[tuple[str, int], int]) -> bool:
    """Whether a row says the same as the one that hangs on the other file."""
    if type(row) is not type(one.row):
        return False
    for field in row.recorded_fields():
        if field.name == one.field:
            continue
        mine, theirs = getattr(one.row, field.attname), getattr(row, field.attname)
        if field.is_relation and mine is not None:
            mine = twins.get((field.related_model._meta.label_lower, mine), mine)
        if mine != theirs:
            return False
    return True


# --- Snapshots -------------------------------------------------------------------------------------


def snapshot(row: Any) -> dict[str, Any]:
    """All columns of a row as JSON holds them."""
    return {
        field.attname: _json(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if not _is_derived(field)
    }


def _json(value: Any) -> Any:
    value = plain(value)
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)


def _is_derived(field: Any) -> bool:
    return hasattr(field, "derive")


def brought_back(model: type[models.Model], held: Mapping[str, Any]) -> Any:
    """The row as it was, not saved yet; its version goes on from what it was."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    row: Any = model(**{name: _python(fields[name], value) for name, value in held.items() if name in fields})
    row.version += 1
    return row


def _python(field: Any, value: Any) -> Any:
    return (field.target_field if field.is_relation else field).to_python(value)


# --- Merging ---------------------------------------------------------------------------------------


@audited
def merge_people(
    *,
    kept: Person,
    other: Person,
    values: Mapping[str, str],
    aside: frozenset[str] = frozenset(),
    reason: str,
    by: User | None,
) -> PersonMerge:
    """Let `kept` stand for both: `values` says by column whose value stays ("kept" or "other"), `aside` names rows
    (`Hanging.key`) of `other` that don't move; equal ones never do.

    ValidationError names what can't hang on `kept` and wasn't set aside.
    """
    if kept.pk == other.pk:
        raise ValidationError("Hãy chọn hai hồ sơ khác nhau.")
    _lock(kept, other)
    for person in (kept, other):
        require_change_of(by, person)
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi căn cứ: vì sao biết hai hồ sơ là của một người."})
    merge = Merge(kept, other)
    _refuse_clashes(merge, aside)
    _refuse_foreign(merge, aside, by)
    details: dict[str, Any] = {"merged": snapshot(other), "kept": {}, "moved": [], "aside": [], "repointed": []}
    _settle_rows(merge, aside, details)
    _take_columns(merge, values, details)
    done = PersonMerge(person=kept, merged_key=details["merged"]["id"], merged_name=other.full_name)
    done.merged_number, done.reason, done.details = other.file_number, reason, details
    done.merged_by, done.merged_at = by, timezone.now()
    return write_checked(done)


def _lock(*people: Person) -> None:
    """Keep others from changing the files; ConflictError where somebody did since they were read."""
    keys = [person.pk for person in people]
    found = dict(Person.objects.select_for_update().order_by("pk").filter(pk__in=keys).values_list("pk", "version"))
    for person in people:
        if found.get(person.pk) != person.version:
            raise ConflictError(person)


def _refuse_clashes(merge: Merge, aside: frozenset[str]) -> None:
    wrong = [one for one in merge.hanging if one.must_decide and one.key not in aside]
    if wrong:
        raise ValidationError([f"{one.label.capitalize()} “{one.row}”: {one.refusal}" for one in wrong])


def _refuse_foreign(merge: Merge, aside: frozenset[str], by: User | None) -> None:
    """What another committee keeps, as a post in it or a place on its list, may move but not be taken away."""
    chosen = [one for one in merge.hanging if one.key in aside and one.twin is None and by is not None]
    foreign = [one for one in chosen if not by.has_perm(Permission.CHANGE_RECORDS, one.row)]  # type: ignore[union-attr]
    if foreign:
        raise ValidationError([FOREIGN.format(label=one.label.capitalize(), row=one.row) for one in foreign])


def _settle_rows(merge: Merge, aside: frozenset[str], details: dict[str, Any]) -> None:
    """Move every row or set it aside; what rested on one set aside rests on its twin, or on the only one there is."""
    gone = [one for one in merge.hanging if one.twin is not None or one.key in aside]
    moving = [one for one in merge.hanging if one not in gone]
    for one in gone:
        _repoint(one, merge.kept, [other.row for other in gone], details)
    # What rests on others goes before them.
    for one in reversed(gone):
        row = type(one.row)._base_manager.get(pk=one.row.pk)
        details["aside"].append([row._meta.label_lower, snapshot(row)])
        row.delete()
    for one in moving:
        row = type(one.row)._base_manager.get(pk=one.row.pk)
        setattr(row, one.field, merge.kept)
        row.save()
        details["moved"].append([row._meta.label_lower, row.pk, one.field])
    for _, row in list(_rows_of(merge.other)):
        details["aside"].append([row._meta.label_lower, snapshot(row)])
        row.delete()


def _repoint(one: Hanging, kept: Person, gone: list[Any], details: dict[str, Any]) -> None:
    """Let rows that stay and rest on one that goes rest on the one that stands for it."""
    leaving = {(type(row), row.pk) for row in gone}
    for relation in one.row._meta.related_objects:
        for row in relation.related_model._base_manager.filter(**{relation.field.name: one.row}):
            if (type(row), row.pk) in leaving:
                continue
            stand_in = one.twin or _only(type(one.row), one.field, kept)
            if stand_in is None:
                raise ValidationError(
                    f"{row._meta.verbose_name.capitalize()} “{row}” gắn với {one.label} “{one.row}”: "
                    "hãy cất cả hai, hoặc không cất bản ghi nào."
                )
            details["repointed"].append([row._meta.label_lower, row.pk, relation.field.name, one.row.pk])
            setattr(row, relation.field.name, stand_in)
            row.save()


def _only(model: Any, field: str, kept: Person) -> Any:
    rows = list(model._base_manager.filter(**{field: kept})[:2])
    return rows[0] if len(rows) == 1 else None


def _take_columns(merge: Merge, values: Mapping[str, str], details: dict[str, Any]) -> None:
    """Remove the row that goes, then give the other's values to the one that stays: numbers are unique."""
    kept, other = merge.kept, merge.other
    taken = [name for name in merge.columns if values.get(name, "kept") == "other"]
    names = [one for name in taken for one in (name, f"{name}_precision") if hasattr(kept, one)]
    fields = [_column(name).attname for name in names]
    before = snapshot(kept)
    wanted = {name: getattr(other, name) for name in fields}
    other.delete()
    for name, value in wanted.items():
        setattr(kept, name, value)
    after = snapshot(kept)
    details["kept"] = {name: [before[name], after[name]] for name in fields if before[name] != after[name]}
    if details["kept"]:
        write_checked(kept)


# --- Parting ---------------------------------------------------------------------------------------


@audited
def undo_merge(*, merge: PersonMerge, reason: str = "", by: User | None) -> Person:
    """Part what was merged: both people with all their rows as they were; the one that comes back.

    ValidationError names every later change that stands in the way; what was added since stays where it is.
    """
    require_change_of(by, merge.person)
    if merge.undone_at is not None:
        raise ValidationError("Lần gộp này đã được tách lại.")
    kept = Person.objects.select_for_update().get(pk=merge.person_id)
    obstacles = list(_obstacles(merge, kept))
    if obstacles:
        raise ValidationError(["Chưa tách được, vì sau khi gộp đã có thay đổi:", *obstacles])
    try:
        with transaction.atomic():
            other = _part(merge, kept)
            if by is not None and not by.has_perm(Permission.CHANGE_RECORDS, other):
                raise ValidationError(BEYOND)  # the file that stayed has moved since
    except (IntegrityError, ValidationError) as error:
        told = error.messages if isinstance(error, ValidationError) else ["có bản ghi mới trùng với bản ghi cũ"]
        raise ValidationError(f"Chưa tách được: {' '.join(told)}") from error
    merge.undone_by, merge.undone_at = by, timezone.now()
    write_checked(merge)
    return other


def _obstacles(merge: PersonMerge, kept: Person) -> Iterator[str]:
    now = snapshot(kept)
    for name, (_, after) in merge.details["kept"].items():
        if now[name] != after:
            yield f"{_column_label(name)} của {kept} đã sửa từ “{after or 'trống'}” thành “{now[name] or 'trống'}”."
    moved = {(label, key) for label, key, _ in merge.details["moved"]}
    for label, key, field in merge.details["moved"]:
        model: Any = apps.get_model(label)
        row = model._base_manager.filter(pk=key).first()
        if row is None:
            yield f"Một bản ghi {model._meta.verbose_name} đã chuyển không còn nữa."
        elif getattr(row, f"{field}_id") != kept.pk:
            yield f"{model._meta.verbose_name.capitalize()} “{row}” nay thuộc người khác."
        else:
            yield from _resting(row, kept, moved)
    yield from _taken_numbers(merge, kept)


def _resting(row: Any, kept: Person, moved: set[tuple[str, int]]) -> Iterator[str]:
    """What was added since and rests on a row that goes back."""
    for relation in row._meta.related_objects:
        for one in relation.related_model._base_manager.filter(**{relation.field.name: row}):
            if (one._meta.label_lower, one.pk) not in moved and getattr(one, "person_id", None) == kept.pk:
                yield f"{one._meta.verbose_name.capitalize()} “{one}” ghi sau khi gộp gắn với “{row}”."


def _taken_numbers(merge: PersonMerge, kept: Person) -> Iterator[str]:
    for name in ("file_number", "card_number", "national_id_number"):
        number = merge.details["merged"].get(name)
        bearer = Person.objects.filter(**{name: number}).exclude(pk=kept.pk).first() if number else None
        if bearer is not None:
            yield f"{_column_label(name)} {number} nay là của một hồ sơ khác."


def _column_label(name: str) -> str:
    return str(_column(name.removesuffix("_id")).verbose_name).capitalize()


def _part(merge: PersonMerge, kept: Person) -> Person:
    """Write all of it back, in the order that the database takes."""
    details = merge.details
    fields = {field.attname: field for field in Person._meta.concrete_fields}
    for name, (before, _) in details["kept"].items():
        setattr(kept, name, _python(fields[name], before))
    if details["kept"]:
        write_checked(kept)
    other: Person = brought_back(Person, details["merged"])
    other.save()
    for label, key, field in details["moved"]:
        row: Any = apps.get_model(label)._base_manager.get(pk=key)
        setattr(row, field, other)
        row.save()
    for label, held in reversed(details["aside"]):
        brought_back(apps.get_model(label), held).save()
    for label, key, field, target in details["repointed"]:
        row = apps.get_model(label)._base_manager.get(pk=key)
        setattr(row, f"{field}_id", target)
        row.save()
    return other


@audited
def tell_apart(*, first: Person, second: Person, reason: str, by: User | None) -> DistinctPair:
    """Remember that two files that look alike are those of two people."""
    for person in (first, second):
        require_change_of(by, person)
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi căn cứ: vì sao biết là hai người khác nhau."})
    lower, upper = sorted((first, second), key=lambda person: person.pk)
    return write_checked(DistinctPair(first=lower, second=upper, reason=reason))
