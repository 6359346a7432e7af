"""What leaves the program as a file is recorded: of what, how many rows, which people (members.audit)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from members import audit
from reviews.indicators import BY_CODE
from reviews.lists import FigureList
from reviews.scope import Scope
from reviews.workbook import NAMES


def people_in(rows: QuerySet) -> list[int | None]:
    """Of every record of a figure the key of its person, None where it is about nobody."""
    if not any(field.name == "person" for field in rows.model._meta.concrete_fields):
        return [None] * rows.count()
    return list(rows.order_by().values_list("person_id", flat=True))


def record_list(listing: FigureList, *, name: str, content: bytes) -> None:
    """The Excel of a list."""
    search = f", tìm “{listing.query}”" if listing.query else ""
    audit.record_export(
        title=f"danh sách “{listing.title}” {_of(listing.scope)}{search}",
        organisation=listing.scope.organisation,
        name=name,
        content=content,
        people=people_in(listing.rows),
    )


def record_summary(scope: Scope, *, name: str, content: bytes, with_names: bool = True, by: Any = None) -> None:
    """The year-end summary; `with_names` where the file holds the lists of names."""
    figures = [BY_CODE[code] for _sheet, _heading, codes in NAMES for code in codes] if with_names else []
    audit.record_export(
        title=f"tổng kết {_of(scope)}",
        organisation=scope.organisation,
        name=name,
        content=content,
        people=[person for figure in figures for person in people_in(figure.rows(scope))],
        by=by,
    )


def _of(scope: Scope) -> str:
    return f"năm {scope.year} của {scope.tree.root.name}"
