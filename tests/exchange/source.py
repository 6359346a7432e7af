"""Rows for the importers without a file, and one call that brings them in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from members import audit
from members.exchange.plan import Line, Options, batches
from members.exchange.run import Importer, Run, carry_out
from members.models import AuditHead, RowStatus
from reviews.exchange.kinds import IMPORTERS

Values = dict[str, str]


class Source:
    """Rows in memory: (kind, values) each, numbered within their sheet from 2 on as under one line of headings.

    Afterwards `lines` tell what became of them, by kind. `more` are further fields of lines, by their place.
    """

    def __init__(
        self, rows: Sequence[tuple[str, Values]], *, together: int = 100, more: dict[int, dict[str, Any]] | None = None
    ) -> None:
        self.together = together
        self.lines: dict[str, list[Line]] = defaultdict(list)
        for place, (kind, values) in enumerate(rows):
            own = self.lines[kind]
            fields = {"table": list(self.lines).index(kind), "number": len(own) + 2, "sheet": kind}
            own.append(Line(**fields, values=dict(values), **(more or {}).get(place, {})))
        self.taken_back: list[Line] = []

    def chunks(self, kind: str) -> Iterator[list[Line]]:
        return batches(list(self.lines.get(kind, ())), self.together)

    def texts(self, kind: str, column: str) -> set[str]:
        return {line.values[column] for line in self.lines.get(kind, ()) if line.values.get(column)}

    def take_back(self, lines: list[Line]) -> None:
        self.taken_back += lines

    # What became of the rows

    @property
    def statuses(self) -> list[str]:
        """What became of each row, in the order of the kinds."""
        return [line.status for lines in self.lines.values() for line in lines]

    @property
    def problems(self) -> list[tuple[str, int, str]]:
        """Where something is wrong: sheet, row, column."""
        return [
            (line.sheet, line.number, problem.column)
            for lines in self.lines.values()
            for line in lines
            for problem in line.problems
        ]

    @property
    def reasons(self) -> str:
        """What is wrong, in words."""
        return "\n".join(problem.reason for lines in self.lines.values() for line in lines for problem in line.problems)


def bring(
    rows: Sequence[tuple[str, Values]],
    *,
    user: Any = None,
    since: int | None = None,
    importers: Sequence[type[Importer]] = IMPORTERS,
    together: int = 100,
    more: dict[int, dict[str, Any]] | None = None,
    **options: str,
) -> Source:
    """Bring rows into the records; good ones are written beside wrong ones. `since`: when the file was handed out."""
    source = Source(rows, together=together, more=more)
    tables = dict.fromkeys(range(len(source.lines)), since) if since is not None else None
    with audit.event(by=user), transaction.atomic():
        carry_out(Run(source, user=user, options=Options(**options), since=tables), importers)
    for lines in source.lines.values():
        assert all(line in source.taken_back for line in lines)
    return source


def brought(rows: Sequence[tuple[str, Values]], **named: Any) -> Source:
    """The same, where nothing may be wrong."""
    source = bring(rows, **named)
    assert source.reasons == ""
    assert RowStatus.WRONG not in source.statuses
    return source


def written_out(importer_class: type[Importer], scope: Any = None) -> list[Values]:
    """What the export writes of a kind, blank cells left out."""
    importer: Any = importer_class(Run.outward(scope))
    described = [importer.described(record) for record in importer.records()]
    return [{column: value for column, value in row.items() if value} for row in described]


def now() -> int:
    """The end of the audit trail: what is written after it was changed since."""
    return AuditHead.objects.get().sequence
