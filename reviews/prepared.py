"""Statements compiled once a process and run for any year: building SQL costs more than running it.

A QuerySet is built for a year that no record has, and compiled; what stands for that year among its
parameters is then replaced by the year asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import QuerySet

# Older than any record may be (a check constraint keeps birth dates after 1850).
STAND_IN = 1776

Build = Callable[[int], QuerySet]

_statements: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}


def run(key: Hashable, build: Build, year: int) -> list[tuple[Any, ...]]:
    """The rows of `build(year)`, compiled at the first call for `key` on this kind of database.

    `build` must make the same statement for every year, and select plain numbers and text.
    """
    return _execute(*_compiled(key, build), year)


def run_together(builds: dict[Hashable, Build], year: int) -> tuple[Any, ...]:
    """The values of statements of one row each, one after another, in a single round trip."""
    statements = [_compiled(key, build) for key, build in builds.items()]
    parts = (f"({sql}) AS t{position}" for position, (sql, _parameters) in enumerate(statements))
    parameters = tuple(value for _sql, own in statements for value in own)
    sql = "SELECT * FROM " + " CROSS JOIN ".join(parts)  # noqa: S608  # nosec B608 (compiled QuerySets alone)
    (row,) = _execute(sql, parameters, year)
    return row


def _compiled(key: Hashable, build: Build) -> tuple[str, tuple[Any, ...]]:
    place = (connection.vendor, key)
    if place not in _statements:
        _statements[place] = _compile(key, build)
    return _statements[place]


def _compile(key: Hashable, build: Build) -> tuple[str, tuple[Any, ...]]:
    """Compiled for two years, so that a parameter which doesn't simply move with the year is found out."""
    sql, parameters = build(STAND_IN).query.sql_with_params()
    other_sql, others = build(STAND_IN + 1).query.sql_with_params()
    if sql != other_sql or tuple(_in_year(value, STAND_IN + 1) for value in parameters) != others:
        raise ImproperlyConfigured(
            f"{key}: chỉ được dùng năm, hoặc ngày của chính năm đó, trong điều kiện của số liệu."
        )
    return sql, parameters


def _execute(sql: str, parameters: tuple[Any, ...], year: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, tuple(_in_year(value, year) for value in parameters))
        return cursor.fetchall()


def _in_year(value: Any, year: int) -> Any:
    """A parameter with the stand-in replaced: a year, a date of it, or such a date as SQLite's text."""
    if isinstance(value, dt.date):
        return value.replace(year=year) if value.year == STAND_IN else value
    if isinstance(value, str):
        return _date_text(value, year)
    return year if value == STAND_IN and not isinstance(value, bool) else value


def _date_text(value: str, year: int) -> str:
    prefix = f"{STAND_IN}-"
    is_date = value.startswith(prefix) and len(value) == len("1776-12-31")
    return f"{year:04}-{value[len(prefix) :]}" if is_date else value
