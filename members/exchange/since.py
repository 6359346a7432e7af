"""What others changed since a workbook was handed out: cell by cell, out of the audit trail."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from config.conflicts import Stands, whose
from members.audit import Verb
from members.exchange.cells import Cell
from members.exchange.plan import MINE, THEIRS, Line
from members.models import AuditItem

Held = dict[str, Any]

CONFLICT = "Bạn ghi “{mine}”; từ khi tệp được xuất, {by} đã sửa “{base}” thành “{theirs}”. Hãy chọn giá trị để giữ."
KEPT = "{column}: giữ “{theirs}” do {by} sửa sau khi tệp được xuất; trong tệp vẫn là giá trị cũ “{base}”."


class Since:
    """What records held when the chain of the trail ended in `sequence`; None: nobody knows, so nothing is compared."""

    def __init__(self, sequence: int | None) -> None:
        self.sequence = sequence
        self._held: dict[tuple[str, int], Held] = {}
        self._by: dict[tuple[str, int, str], str] = {}

    def look_up(self, records: Iterable[Any]) -> None:
        """Read what was changed in these records since; a query for each of their models."""
        if self.sequence is None:
            return
        keys: dict[str, list[int]] = defaultdict(list)
        for record in records:
            keys[record._meta.label_lower].append(record.pk)
        for model, wanted in keys.items():
            self._read(model, wanted)

    def _read(self, model: str, keys: list[int]) -> None:
        items = AuditItem.objects.filter(
            model=model, key__in=keys, verb=Verb.CHANGED, event__sequence__gt=self.sequence
        ).order_by("key", "version")
        for key, before, actor in items.values_list("key", "before", "event__actor"):
            held = self._held.setdefault((model, key), {})
            for name, value in before.items():
                held.setdefault(name, value)
                self._by[model, key, name] = actor

    def base(self, record: Any, cell: Cell) -> str | None:
        """The text of the cell as it was handed out; None where nobody has changed it since."""
        held = self._held.get((record._meta.label_lower, record.pk), {})
        names = [name for name in cell.columns if name in held]
        return cell.read(before(record, {name: held[name] for name in names})) if names else None

    def changed_by(self, record: Any, cell: Cell) -> str:
        """Who changed it last."""
        names = (self._by.get((record._meta.label_lower, record.pk, name)) for name in cell.columns)
        return next(filter(None, names), "") or "người khác"

    def permits(self, line: Line, record: Any, cell: Cell, stored: str, wanted: str) -> bool:
        """Whether the wanted text is to be written over the stored one; a conflict is told to the line."""
        base = self.base(record, cell) if self.sequence is not None else None
        if base is None:
            return True
        words = {"mine": wanted, "theirs": stored, "base": base, "by": self.changed_by(record, cell)}
        stands = whose(base, stored, wanted)
        if stands == Stands.UNDECIDED:
            decided = line.decisions.get(cell.column)
            if decided not in {MINE, THEIRS}:
                line.fail(cell.column, CONFLICT.format(**words), is_conflict=True)
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
