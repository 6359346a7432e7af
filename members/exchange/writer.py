"""Writes records in bulk; what a field or the database refuses is told to the line it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import gt, itemgetter
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, models, transaction

from members.exchange.plan import Line
from members.fields import DerivedKeyField

TOGETHER = 500

Pair = tuple[Any, Line]
# The column of the sheet at which a refusal is told, from the names of the model's fields it speaks of.
ColumnOf = Callable[[str], str]


def create(pairs: Sequence[Pair], column_of: ColumnOf) -> list[Pair]:
    """Write new records; the pairs of those that were written. Lines of the others say why."""
    sound = [pair for pair in pairs if _is_sound(*pair, column_of)]
    written: list[Pair] = []
    for start in range(0, len(sound), TOGETHER):
        written += _create_together(sound[start : start + TOGETHER], column_of)
    return written


def _create_together(pairs: Sequence[Pair], column_of: ColumnOf) -> list[Pair]:
    """All at once or, where one is refused, each half by itself."""
    model = type(pairs[0][0])
    try:
        with transaction.atomic():
            model._default_manager.bulk_create([record for record, _ in pairs])
    except (IntegrityError, DataError):
        for record, _ in pairs:
            record.pk, record._state.adding = None, True
        return _apart(pairs, column_of, _create_together)
    return list(pairs)


def _apart(pairs: Sequence[Pair], column_of: ColumnOf, work: Callable[..., list[Pair]], *rest: Any) -> list[Pair]:
    if len(pairs) == 1:
        _explain(*pairs[0], column_of)
        return []
    middle = len(pairs) // 2
    return work(pairs[:middle], column_of, *rest) + work(pairs[middle:], column_of, *rest)


def update(triples: Iterable[tuple[Any, Line, Iterable[str]]], column_of: ColumnOf) -> list[Pair]:
    """Write changed records, each with the names of its changed columns; the pairs of those that were written."""
    by_columns: dict[tuple[Any, tuple[str, ...]], list[Pair]] = defaultdict(list)
    for record, line, names in triples:
        if _is_sound(record, line, column_of):
            by_columns[type(record), _with_derived(type(record), names)].append((record, line))
    written: list[Pair] = []
    for (_, names), pairs in by_columns.items():
        for start in range(0, len(pairs), TOGETHER):
            written += _update_together(pairs[start : start + TOGETHER], column_of, names)
    return written


def _with_derived(model: type[models.Model], names: Iterable[str]) -> tuple[str, ...]:
    """The columns and the keys that are derived from them."""
    changed = set(names)
    derived = {
        f.name for f in model._meta.concrete_fields if isinstance(f, DerivedKeyField) and changed & set(f.sources)
    }
    return tuple(sorted(changed | derived))


def _update_together(pairs: Sequence[Pair], column_of: ColumnOf, names: tuple[str, ...]) -> list[Pair]:
    model = type(pairs[0][0])
    for record, _ in pairs:
        for name in names:
            model._meta.get_field(name).pre_save(record, False)
    try:
        with transaction.atomic():
            model._default_manager.bulk_update([record for record, _ in pairs], names)
    except (IntegrityError, DataError):
        return _apart(pairs, column_of, _update_together, names)
    for record, _ in pairs:
        record.version += 1
    return list(pairs)


# --- Refusals --------------------------------------------------------------------------------------


def _is_sound(record: Any, line: Line, column_of: ColumnOf) -> bool:
    """Whether its texts fit their columns: one of the databases would cut or take whatever comes."""
    model: type[models.Model] = type(record)
    names, texts_of, longest = _texts(model)
    texts = texts_of(vars(record))
    if any(map(gt, map(len, texts), longest)):
        for name, text, most in zip(names, texts, longest, strict=True):
            refuse_longer(line, column_of(name), text, most)
    return not line.problems


def refuse_longer(line: Line, column: str, value: str, longest: int) -> None:
    """Report a text that doesn't fit."""
    if len(value) > longest:
        line.fail(column, f"Dài quá: nhiều nhất {longest} ký tự, đang có {len(value)}.")


@cache
def _texts(model: type[models.Model]) -> tuple[list[str], Callable[[dict[str, Any]], tuple[str, ...]], list[int]]:
    """The names of the limited texts of a record, what takes them out of its columns, and their limits."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and field.editable and field.max_length
    ]
    columns = [field.attname for field in fields]
    return [field.name for field in fields], itemgetter(*columns), [int(field.max_length or 0) for field in fields]


def _explain(record: Any, line: Line, column_of: ColumnOf) -> None:
    """Why the database refused the record, in the words of its fields and constraints."""
    try:
        record.full_clean()
    except ValidationError as refused:
        _tell(refused, line, column_of)
    if not line.problems:
        line.fail(column_of(NON_FIELD_ERRORS), "Không ghi được: trái với hồ sơ đang có.")


def _tell(refused: ValidationError, line: Line, column_of: ColumnOf) -> None:
    errors = refused.error_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.error_list}
    for name, found in errors.items():
        line.fail(column_of(name), " ".join(message for error in found for message in error.messages))
