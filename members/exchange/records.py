"""The importer of a kind whose row is one record: found or new, compared cell by cell, written in bulk."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from members.exchange import writer
from members.exchange.cells import Cell
from members.exchange.plan import Line, good
from members.exchange.run import Importer, Run

REPEATED = "Trùng với dòng {}: mỗi bản ghi chỉ được ghi ở một dòng."
OUT_OF_SCOPE = "Bạn không được sửa bản ghi này: nó thuộc tổ chức ngoài phạm vi của bạn."
MISSING = "Chưa ghi {}."


class RecordImporter(Importer):
    """A row is a record of `model`, known by a key; `cells` are its columns beside those of the key.

    Subclasses say how lines are resolved, what their key is, which records are there, and how a new one begins.
    """

    model: ClassVar[Any]
    # What the export writes of the key; an import reads it in `resolve` and `begin`.
    key_cells: ClassVar[tuple[Cell, ...]] = ()
    cells: ClassVar[tuple[Cell, ...]] = ()
    # The last column of the key, where a repeated row is told, and the columns that a new record can't do without.
    key_column: ClassVar[str]
    needed: ClassVar[tuple[str, ...]] = ()
    # More columns of the sheet by the names of fields, for what the database refuses.
    columns_by_field: ClassVar[dict[str, str]] = {}

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.seen: dict[Hashable, int] = {}
        self.all_cells = (*self.cells, *self.cells_of(run))
        self.by_field = {name: cell.column for cell in self.all_cells for name in cell.columns} | self.columns_by_field

    def cells_of(self, run: Run) -> tuple[Cell, ...]:
        """Cells that need the run's indexes, such as an organisation by its code."""
        return ()

    # What a kind says of itself

    def resolve(self, lines: list[Line]) -> None:
        """Find what the rows refer to; problems go to the lines."""
        raise NotImplementedError

    def key(self, line: Line) -> Hashable:
        """What the record of a good line is recognised by."""
        raise NotImplementedError

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        """The records that are there, by key; locked by the caller's transaction."""
        raise NotImplementedError

    def begin(self, line: Line) -> Any:
        """A new record for the line, with what the key says."""
        raise NotImplementedError

    def check(self, line: Line, record: Any) -> None:
        """What must hold over several cells; problems go to the line."""

    def wanted(self, line: Line) -> dict[str, str]:
        """The values of the cells, by column."""
        return line.values

    # Export

    def records(self) -> Iterable[Any]:
        """What the export writes of the run's scope, in the order of the sheet; read piece by piece."""
        raise NotImplementedError

    def described(self, record: Any) -> dict[str, str]:
        """A record's row: canonical texts by column."""
        return {cell.column: cell.read(record) for cell in (*self.key_cells, *self.all_cells)}

    # The work

    def take(self, lines: list[Line]) -> None:
        self.resolve(lines)
        self._refuse_repeated(good(lines))
        lines = good(lines)
        stored = self.stored(lines)
        pairs = [(stored.get(self.key(line)), line) for line in lines]
        self._refuse_foreign([pair for pair in pairs if pair[0] is not None])
        self.run.since.look_up(record for record, line in pairs if record is not None)
        self._write([self._change(record, line) for record, line in pairs if line.is_good])

    def _refuse_repeated(self, lines: Iterable[Line]) -> None:
        for line in lines:
            first = self.seen.setdefault(self.key(line), line.number)
            if first != line.number:
                line.fail(self.key_column, REPEATED.format(first))

    def _refuse_foreign(self, pairs: list[tuple[Any, Line]]) -> None:
        allowed = self.run.changeable(self.model, [record.pk for record, _ in pairs])
        for record, line in pairs:
            if record.pk not in allowed:
                line.fail(self.key_column, OUT_OF_SCOPE)

    def _change(self, record: Any, line: Line) -> tuple[Any, Line, list[str]]:
        line.is_new = record is None
        if line.is_new:
            for column in self.needed:
                if not line.values.get(column):
                    line.fail(column, MISSING.format(column.lower()))
            record = self.begin(line)
        columns = self.apply(line, record)
        self.check(line, record)
        return record, line, columns

    def apply(self, line: Line, record: Any) -> list[str]:
        """Put the line's values on the record; the names of the columns that changed."""
        return put(line, record, self.all_cells, self.wanted(line), self.run)

    def _write(self, changes: list[tuple[Any, Line, list[str]]]) -> None:
        sound = [change for change in changes if change[1].is_good]
        writer.create([(record, line) for record, line, _ in sound if line.is_new], self.column_of)
        writer.update([change for change in sound if change[2] and not change[1].is_new], self.column_of)

    def column_of(self, name: str) -> str:
        """The column of the sheet that a refusal of a model's field is told at."""
        return self.by_field.get(name, self.key_column)


def _begin(line: Line, record: Any, cell: Cell, value: str) -> None:
    """Put a value on a new record: there is nothing to compare."""
    try:
        if value:
            cell.write(record, cell.settled("", value))
    except ValidationError as refused:
        line.fail(cell.column, " ".join(refused.messages))


def put(line: Line, record: Any, cells: Iterable[Cell], values: dict[str, str], run: Run) -> list[str]:
    """Put values on a record cell by cell; the changes go to the line, the names of changed columns are returned.

    Of a composite record a cell's part counts as the record. A cell that others changed since the workbook was
    handed out is compared three ways.
    """
    changed: list[str] = []
    for cell in cells:
        value = values.get(cell.column)
        if value is None:
            continue
        if line.is_new:
            _begin(line, record, cell, value)
            continue
        stored = cell.read(record)
        wanted = cell.settled(stored, value)
        owner = getattr(record, cell.part) if cell.part else record
        is_there = owner is not None and owner.pk is not None
        if wanted == stored or (is_there and not run.since.permits(line, owner, cell, stored, wanted)):
            continue
        try:
            cell.write(record, wanted)
        except ValidationError as refused:
            line.fail(cell.column, " ".join(refused.messages))
            continue
        line.changes.append((cell.column, stored, cell.read(record)))
        changed += cell.columns
    return changed
