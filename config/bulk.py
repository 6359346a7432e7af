"""Inserts many rows at once: about five times as fast as Django's own way, which builds a statement for some forty.

PostgreSQL copies, SQLite runs one prepared statement. Keys are taken from the table's own sequence, so that the rows
know theirs afterwards. Nothing is validated or recorded here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models.base import ModelState

# Fewer rows than this are as fast the ordinary way.
LEAST = 20

_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def insert(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert unsaved rows in a transaction; their keys are set. Raises Django's IntegrityError and DataError."""
    if not rows:
        return
    fields: list[Any] = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    for row in rows:
        _settle_relations(row, fields)
    columns = [_column(field, rows) for field in fields]
    keys = _keys(model, len(rows))
    key = str(model._meta.pk.column)
    insert_values(model._meta.db_table, [key, *(field.column for field in fields)], zip(keys, *columns, strict=True))
    for row, pk in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias


def maker(model: type[models.Model]) -> Callable[[dict[str, Any]], Any]:
    """Makes unsaved rows out of values by column: what `model(**values)` makes, twenty times as fast.

    For a model whose rows all begin alike: defaults that are computed are computed once.
    """
    blank = {name: value for name, value in vars(model()).items() if name != "_state"}

    def make(values: dict[str, Any]) -> Any:
        row = model.__new__(model)
        vars(row).update(blank, _state=ModelState(), **values)
        return row

    return make


def _settle_relations(row: Any, fields: Sequence[Any]) -> None:
    """A row that was saved after it was assigned has a key by now."""
    for field in fields:
        if field.is_relation and getattr(row, field.attname) is None and field.is_cached(row):
            related = field.get_cached_value(row)
            if related is not None:
                setattr(row, field.attname, related.pk)


def _column(field: Any, rows: Sequence[Any]) -> list[Any]:
    """What the database gets of a field, row by row; a field may have a quicker way for many (`pre_save_all`)."""
    together = getattr(field, "pre_save_all", None)
    if together:
        return prepared(field, together(rows))
    if type(field).pre_save is models.Field.pre_save:
        return prepared(field, list(map(attrgetter(field.attname), rows)))
    return prepared(field, [field.pre_save(row, True) for row in rows])


def prepared(field: Any, values: list[Any]) -> list[Any]:
    """Values of a field as the database's driver takes them."""
    plain = field.target_field if field.is_relation else field
    if isinstance(plain, _AS_THEY_ARE):
        return values
    if isinstance(plain, models.DateField) and not isinstance(plain, models.DateTimeField):
        return values if connection.vendor == "postgresql" else [value and value.isoformat() for value in values]
    if isinstance(plain, models.JSONField) and connection.vendor == "sqlite":
        return [None if value is None else json.dumps(value, cls=plain.encoder) for value in values]
    prepare: Callable[[Any], Any] = partial(field.get_db_prep_save, connection=connection)
    return [prepare(value) for value in values]


def _keys(model: type[models.Model], count: int) -> list[int]:
    """So many free keys of the table; nobody else gets them."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [connection.ops.quote_name(table), key, count])
            return [pk for (pk,) in cursor.fetchall()]
        # One transaction writes at a time, so the next keys are ours.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return list(range(first, first + count))


def insert_values(table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    """Insert rows of plain values, as the database's driver takes them."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO {quote(table)} ({names}) VALUES ({places})"  # noqa: S608  # nosec B608 (our own names)
        cursor.executemany(statement, rows)  # type: ignore[arg-type]  # an iterator will do


class Among(models.Lookup):
    """Whether a column holds one of many values, which go as one parameter: `field__among=[…]`.

    Django's `in` makes a parameter of each, which takes longer than the search; SQLite also limits their number. Where
    no empty text is looked for, this is said too: else the index of a unique column that may be empty won't serve.
    """

    lookup_name = "among"
    prepare_rhs = False

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, given = self.process_lhs(compiler, connection)
        is_told = isinstance(self.lhs.output_field, models.CharField) and "" not in self.rhs
        told = f"NOT ({column} = '') AND " if is_told else ""
        parameters = [*given, *given] if is_told else [*given]
        if connection.vendor == "postgresql":
            return f"({told}{column} = ANY(%s))", [*parameters, self.rhs]
        many = f"({told}{column} IN (SELECT value FROM json_each(%s)))"  # noqa: S608  # nosec B608 (a column)
        return many, [*parameters, json.dumps(self.rhs)]


for _field in (models.CharField, models.BigAutoField, models.ForeignKey):
    _field.register_lookup(Among)
