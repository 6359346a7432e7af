"""What others changed since a workbook was handed out: cell by cell, out of the audit trail."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from config.conflicts import Stands, whose
from members.audit import Verb
from members.exchange.cells import Cell
from members.exchange.plan import MINE, THEIRS, Line
from members.models import AuditItem

Held = dict[str, Any]

CONFLICT = "Bạn ghi “{mine}”; từ khi tệp được xuất, {by} đã sửa “{base}” thành “{theirs}”. Hãy chọn giá trị để giữ."
KEPT = "{column}: giữ “{theirs}” do {by} sửa sau khi tệp được xuất; trong tệp vẫn là giá trị cũ “{base}”."


class Since:
    """What records held when the chain of the trail ended in a number: that of each table's workbook, by table.

    Of a table without a number nobody knows, so nothing is compared.
    """

    def __init__(self, sequences: dict[int, int]) -> None:
        self.sequences = sequences
        self._changes: dict[tuple[str, int], list[Since._Change]] = defaultdict(list)

    class _Change(NamedTuple):
        sequence: int
        before: Held
        actor: str

    def look_up(self, records: Iterable[Any]) -> None:
        """Read what was changed in these records since; a query for each of their models."""
        if not self.sequences:
            return
        keys: dict[str, list[int]] = defaultdict(list)
        for record in records:
            keys[record._meta.label_lower].append(record.pk)
        for model, wanted in keys.items():
            self._read(model, wanted)

    def _read(self, model: str, keys: list[int]) -> None:
        first = min(self.sequences.values())
        items = AuditItem.objects.filter(model=model, key__in=keys, verb=Verb.CHANGED, event__sequence__gt=first)
        rows = items.order_by("key", "version").values_list("key", "event__sequence", "before", "event__actor")
        for key, *change in rows:
            self._changes[model, key].append(self._Change(*change))

    def base(self, line: Line, record: Any, cell: Cell) -> tuple[str, str] | None:
        """The text of the cell as it was handed out, and who changed it last; None where nobody has since."""
        sequence = self.sequences.get(line.table)
        if sequence is None:
            return None
        held: Held = {}
        by = ""
        for change in self._changes.get((record._meta.label_lower, record.pk), []):
            names = set(cell.columns) & set(change.before)
            if change.sequence > sequence and names:
                held = {name: change.before[name] for name in names} | held
                by = change.actor
        return (cell.read(before(record, held)), by or "người khác") if held else None

    def permits(self, line: Line, record: Any, cell: Cell, stored: str, wanted: str) -> bool:
        """Whether the wanted text is to be written over the stored one; a conflict is told to the line."""
        found = self.base(line, record, cell)
        if found is None:
            return True
        base, by = found
        words = {"mine": wanted, "theirs": stored, "base": base, "by": by}
        stands = whose(base, stored, wanted)
        if stands == Stands.UNDECIDED:
            decided = line.decisions.get(cell.column)
            if decided not in {MINE, THEIRS}:
                line.fail(cell.column, CONFLICT.format(**words), is_conflict=True, theirs=stored)
            return decided == MINE
        if stands == Stands.THEIRS:
            line.notes.append(KEPT.format(column=cell.column, **words))
        return stands == Stands.MINE


def before(record: Any, held: Held) -> Any:
    """A copy of the record with columns as the trail says they were."""
    former = copy.copy(record)
    for name, value in held.items():
        column = record._meta.get_field(name)
        setattr(former, column.attname, column.to_python(value))
    return former
