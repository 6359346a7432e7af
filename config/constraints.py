"""Truths the database keeps on SQLite and PostgreSQL alike, with messages for people."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, CheckConstraint, F, Q


def choices_check(model: str, field: str, choices: type[models.Choices], *, blank: bool = False) -> CheckConstraint:
    """`field` holds a value of `choices` (or, with `blank`, an empty string); null passes."""
    values = [*choices.values, *([""] if blank else [])]
    return CheckConstraint(
        condition=Q(**{f"{field}__in": values}),
        name=f"{model}_{field}_known",
        violation_error_message="Giá trị không có trong danh mục.",
    )


def in_order(model: str, first: str, last: str, message: str) -> CheckConstraint:
    """`last` is not before `first`; an unknown date passes."""
    return CheckConstraint(
        condition=Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)}),
        name=f"{model}_{last}_after_{first}",
        violation_error_message=message,
    )


def in_partial_order(model: str, first: str, last: str, message: str) -> CheckConstraint:
    """As `in_order`, for dates known in part: only a `last` known to the day can be told to lie before `first`."""
    is_known = Q(**{f"{first}__isnull": False, f"{last}__isnull": False, f"{last}_precision": "day"})
    return CheckConstraint(
        condition=~is_known | Q(**{f"{last}__gte": F(first)}),
        name=f"{model}_{last}_after_{first}",
        violation_error_message=message,
    )


def one_of(model: str, first: str, second: str, message: str) -> CheckConstraint:
    """Exactly one of two nullable columns is set."""
    return CheckConstraint(
        condition=Q(**{f"{first}__isnull": False, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": True, f"{second}__isnull": False}),
        name=f"{model}_{first}_or_{second}",
        violation_error_message=message,
    )


@dataclass(frozen=True)
class Span:
    """The columns of a period and how PostgreSQL ranges over them.

    `bounds` is "[)" where the end is the first day no longer in, "[]" where it is the last one in;
    null is open on that side.
    """

    start: str
    end: str
    range_type: str = "daterange"
    bounds: str = "[)"


class NoOverlap(BaseConstraint):
    """No two rows with the same `fields` (of all rows where there are none) have overlapping spans.

    An exclusion constraint on PostgreSQL (text columns need btree_gist) and a pair of triggers on SQLite; both refuse
    the write with an IntegrityError that names the constraint.
    """

    def __init__(
        self,
        *,
        name: str,
        fields: list[str],
        span: tuple[str, ...],
        violation_error_message: str,
        only: dict[str, str] | None = None,
        violation_error_code: str | None = None,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_message=violation_error_message,
            violation_error_code=violation_error_code,
        )
        self.fields = list(fields)
        self.span = Span(*span)
        self.only = dict(only or {})

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        span = (self.span.start, self.span.end, self.span.range_type, self.span.bounds)
        only = {"only": self.only} if self.only else {}
        return path, args, {**kwargs, "fields": self.fields, "span": span, **only}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    # Schema

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Created after the table: triggers and exclusions on ranges need it to be there."""
        for statement in self._statements(model, schema_editor):
            schema_editor.deferred_sql.append(statement)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion(model, schema_editor)
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return schema_editor._delete_constraint_sql(schema_editor.sql_delete_check, model, self.name)
        return None

    def _statements(self, model: Any, schema_editor: Any) -> list[Statement]:
        if schema_editor.connection.vendor == "postgresql":
            return [self._exclusion(model, schema_editor)]
        return [self._trigger(model, schema_editor, event) for event in ("INSERT", "UPDATE")]

    def _exclusion(self, model: Any, schema_editor: Any) -> Statement:
        start, end = (model._meta.get_field(field).column for field in (self.span.start, self.span.end))
        quote = schema_editor.quote_name
        equal = [self._equal_sql(model._meta.get_field(field), quote) for field in self.fields]
        span = f"{self.span.range_type}({quote(start)}, {quote(end)}, '{self.span.bounds}')"
        chosen = self._chosen_sql(model, schema_editor)
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s EXCLUDE USING gist (%(parts)s)%(where)s",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            parts=", ".join([*equal, f"{span} WITH &&"]),
            where=f" WHERE ({' AND '.join(chosen)})" if chosen else "",
        )

    def _chosen_sql(self, model: Any, schema_editor: Any, prefix: str = "") -> list[str]:
        """The conditions that a row is one of those that the constraint speaks of."""
        columns = {name: schema_editor.quote_name(model._meta.get_field(name).column) for name in self.only}
        return [f"{prefix}{columns[name]} = {schema_editor.quote_value(value)}" for name, value in self.only.items()]

    @staticmethod
    def _equal_sql(field: Any, quote: Any) -> str:
        """Numbers are compared as ranges of one: the planner would otherwise take this index, which is slow to
        probe, for every look-up by the column."""
        column = quote(field.column)
        is_number = isinstance(getattr(field, "target_field", field), models.IntegerField)
        return f"int8range({column}, {column}, '[]') WITH &&" if is_number else f"{column} WITH ="

    def _trigger(self, model: Any, schema_editor: Any, event: str) -> Statement:
        quote = schema_editor.quote_name
        field_columns = [model._meta.get_field(field).column for field in self.fields]
        start, end = (model._meta.get_field(field).column for field in (self.span.start, self.span.end))
        same = [f"o.{quote(c)} = NEW.{quote(c)}" for c in field_columns]
        for prefix in ("o.", "NEW."):
            same += self._chosen_sql(model, schema_editor, prefix)
        table = Table(model._meta.db_table, quote)
        return Statement(
            "CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s WHEN EXISTS (SELECT 1 FROM %(other)s o "
            "WHERE o.%(key)s IS NOT NEW.%(key)s AND %(alike)s) "
            "BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: %(message)s'); END",
            name=quote(f"{self.name}_{event.lower()}"),
            event=event,
            table=table,
            other=Table(model._meta.db_table, quote),
            key=quote(model._meta.pk.column),
            alike=" AND ".join([*same, self._meeting_sql(quote(start), quote(end))]),
            message=self.name,
        )

    def _meeting_sql(self, start: str, end: str) -> str:
        below = "<" if self.span.bounds == "[)" else "<="
        parts = [
            f"(o.{start} IS NULL OR NEW.{end} IS NULL OR o.{start} {below} NEW.{end})",
            f"(NEW.{start} IS NULL OR o.{end} IS NULL OR NEW.{start} {below} o.{end})",
            f"(o.{start} IS NULL OR o.{end} IS NULL OR o.{start} {below} o.{end})",
            f"(NEW.{start} IS NULL OR NEW.{end} IS NULL OR NEW.{start} {below} NEW.{end})",
        ]
        return " AND ".join(parts)

    # Forms

    def validate(
        self,
        model: Any,
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError where another row's span meets the instance's."""
        attnames = [model._meta.get_field(field).attname for field in self.fields]
        if exclude and {*self.fields, *self.only, self.span.start, self.span.end} & set(exclude):
            return
        same = {name: getattr(instance, name) for name in attnames}
        if any(value is None for value in same.values()) or not self._speaks_of(instance):
            return
        same |= self.only
        others = model._default_manager.using(using).filter(**same).exclude(pk=instance.pk)
        if others.filter(self._meets(instance)).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def is_broken_by(self, one: Any, other: Any) -> bool:
        """Whether two rows, saved or not, can't both be there."""
        attnames = [one._meta.get_field(field).attname for field in self.fields]
        if any(getattr(one, name) != getattr(other, name) for name in attnames):
            return False
        if not (self._speaks_of(one) and self._speaks_of(other)):
            return False
        precedes = operator.lt if self.span.bounds == "[)" else operator.le
        return all(
            start is None or end is None or precedes(start, end)
            for start in (getattr(one, self.span.start), getattr(other, self.span.start))
            for end in (getattr(one, self.span.end), getattr(other, self.span.end))
        )

    def _speaks_of(self, instance: models.Model) -> bool:
        return all(getattr(instance, name) == value for name, value in self.only.items())

    def _meets(self, instance: models.Model) -> Q:
        start, end = getattr(instance, self.span.start), getattr(instance, self.span.end)
        half_open = self.span.bounds == "[)"
        if half_open and start is not None and start == end:
            return Q(pk__in=[])
        # Half-open, a period that ends on its first day holds no day, so it meets nothing.
        meets = Q()
        if half_open:
            known = {f"{self.span.start}__isnull": False, f"{self.span.end}__isnull": False}
            meets &= ~Q(**known, **{self.span.start: F(self.span.end)})
        if end is not None:
            key = f"{self.span.start}__lt" if half_open else f"{self.span.start}__lte"
            meets &= Q(**{f"{self.span.start}__isnull": True}) | Q(**{key: end})
        if start is not None:
            key = f"{self.span.end}__gt" if half_open else f"{self.span.end}__gte"
            meets &= Q(**{f"{self.span.end}__isnull": True}) | Q(**{key: start})
        return meets
