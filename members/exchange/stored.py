"""What a session keeps of its files: read once, stored in parts, and put together again as a book."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from config import bulk
from members.exchange.book import Book, BookTable, Decisions, Outcome, RawRow
from members.exchange.plan import batches
from members.intake.reader import read
from members.intake.reading import Problem, Reading, Table
from members.models import ColumnMemory, ImportOutcome, ImportPart, ImportSession

ROWS_A_PART = 500
MOST_SKIPPED, MOST_CONVERSIONS = 200, 200

Report = Callable[[str, int], None]


def read_files(session: ImportSession, report: Report = lambda stage, rows: None) -> None:
    """Read the session's files and store what they hold; `understood` then tells of it. The session isn't saved.

    Raises ValidationError for a file that can't be read, with its name before the reason where there are several.
    """
    session.parts.all().delete()
    session.outcomes.all().delete()
    told: dict[str, list[Any]] = {
        "files": [], "tables": [], "questions": [], "errors": [], "conversions": [], "notes": []
    }  # fmt: skip
    remembered = answers_for(session)
    files = list(session.files.order_by("position"))
    for number, file in enumerate(files):
        report(file.name, 0)
        try:
            reading = _read(session, bytes(file.content or b""), file.name, remembered)
        except ValidationError as refused:
            prefix = f"{file.name}: " if len(files) > 1 else ""
            raise ValidationError(prefix + " ".join(refused.messages)) from refused
        told["files"].append({"name": file.name, "marks": reading.marks})
        _store(session, number, reading, told, report)
    session.understood = told


def _read(session: ImportSession, content: bytes, name: str, remembered: dict[str, Any]) -> Reading:
    options = session.options
    return read(
        content,
        name,
        kind=options.get("kind") or None,
        sheet=options.get("sheet") or None,
        dates=options.get("dates") or None,
        two_digit_from=options.get("two_digit_from"),
        answers=remembered,
    )


def answers_for(session: ImportSession) -> dict[str, Any]:
    """What was answered before for shapes of tables, and in this session, which wins."""
    known = ColumnMemory.objects.filter(organisation=session.organisation).order_by("pk")
    return dict(known.values_list("shape", "answer")) | session.answers


def _store(session: ImportSession, file: int, reading: Reading, told: dict[str, list[Any]], report: Report) -> None:
    for table in reading.tables:
        number = len(told["tables"])
        told["tables"].append(_described(table, file))
        _store_rows(session, number, table, report)
    for name in ("questions", "errors", "conversions", "notes"):
        told[name] += [{"file": file, **vars(one)} for one in getattr(reading, name)]
    told["conversions"] = told["conversions"][:MOST_CONVERSIONS]


def _described(table: Table, file: int) -> dict[str, Any]:
    """A table without its rows."""
    plain = {name: value for name, value in vars(table).items() if name not in {"rows", "columns", "skipped"}}
    skipped = [vars(one) for one in table.skipped]
    return plain | {
        "file": file,
        "columns": [vars(column) for column in table.columns],
        "rows": len(table.rows),
        "skipped": skipped[:MOST_SKIPPED],
        "skipped_count": len(skipped),
    }


def _store_rows(session: ImportSession, number: int, table: Table, report: Report) -> None:
    parts = []
    for rows in batches(table.rows, ROWS_A_PART):
        packed = ImportPart.packed([row.number, row.cells, row.groups] for row in rows)
        parts.append(
            ImportPart(
                session=session, table=number, first_row=rows[0].number, last_row=rows[-1].number, content=packed
            )
        )
        report(table.kind, len(rows))
    ImportPart.objects.bulk_create(parts, batch_size=20)


# --- Back into a book ------------------------------------------------------------------------------


def book_of_session(session: ImportSession) -> Book:
    """The stored tables with all that was decided about their rows."""
    told = session.understood
    tables = [
        BookTable(
            number,
            table["file"],
            table["sheet"],
            table["kind"],
            tuple(table["fields"]),
            partial(_stored_rows, session, number),
        )
        for number, table in enumerate(told.get("tables", []))
    ]
    errors = [(error["file"], Problem(**_without_file(error))) for error in told.get("errors", [])]
    decisions = Decisions(session.edits, session.choices, session.decisions, set(session.left_out))
    return Book(tables, [file["name"] for file in told.get("files", [])], errors, decisions)


def _without_file(error: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in error.items() if name != "file"}


def _stored_rows(session: ImportSession, table: int) -> Iterator[RawRow]:
    parts = session.parts.filter(table=table).order_by("first_row")
    for part in parts.iterator(chunk_size=4):
        yield from part.unpacked()


def _packed(outcome: Outcome) -> str:
    """The detail as the column holds it."""
    return json.dumps(outcome.detail, ensure_ascii=False) if outcome.detail else "{}"


def store_outcomes(session: ImportSession, book: Book) -> None:
    """Keep what became of the rows, in place of what was kept before; `counts` by table and in sum."""
    session.outcomes.all().delete()
    rows = (
        (session.pk, one.table, one.row, str(one.status), bool(one.detail and one.detail.get("notes")), _packed(one))
        for one in book.outcomes
    )
    columns = ("session_id", "table", "row", "status", "has_notes", "detail")
    bulk.insert_values(ImportOutcome._meta.db_table, columns, rows)
    tables = {
        str(number): {str(name): count for name, count in counted.items()} for number, counted in book.counts.items()
    }
    session.counts = {"tables": tables, "all": book.summed()}


def row_values(session: ImportSession, table: int, rows: list[int]) -> dict[int, tuple[dict[str, str], list[str]]]:
    """What rows say, by number: values by canonical column as they were read, and the groups they stand in."""
    if not rows:
        return {}
    fields = session.understood["tables"][table]["fields"]
    wanted, found = set(rows), {}
    parts = session.parts.filter(table=table, first_row__lte=max(rows), last_row__gte=min(rows)).order_by("first_row")
    for part in parts:
        if any(part.first_row <= row <= part.last_row for row in wanted):
            for number, cells, groups in part.unpacked():
                if number in wanted:
                    values = {name: cell for name, cell in zip(fields, cells, strict=True) if cell is not None}
                    found[number] = values, groups
    return found
