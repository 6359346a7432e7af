"""Mass organisations (đoàn thể) as rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from members.exchange.cells import Cell, shown, text, whole_day
from members.exchange.organisation_index import lines_of, place_cell
from members.exchange.plan import Line
from members.exchange.records import MISSING, RecordImporter
from members.exchange.run import Run
from members.models import MassOrganisation
from members.models.organisations import MassKind

CODE, KIND, PLACE = "Mã đoàn thể", "Loại đoàn thể", "Mã tổ chức đảng"
ENDED = "Ngày kết thúc"
_KINDS = {str(label): value for value, label in MassKind.choices if value != MassKind.OTHER}


def _read_kind(row: Any) -> str:
    return row.kind_text if row.kind == MassKind.OTHER else row.get_kind_display()


def _write_kind(row: Any, value: str) -> None:
    row.kind = _KINDS.get(value, MassKind.OTHER)
    row.kind_text = "" if value in _KINDS else value


class MassOrganisationImporter(RecordImporter):
    """The sheet Đoàn thể."""

    kind = "Đoàn thể"
    model = MassOrganisation
    key_column = CODE
    key_cells = (shown(CODE, lambda row: row.code),)
    cells = (
        text("Tên đoàn thể", "name"),
        Cell(KIND, _read_kind, _write_kind, ("kind", "kind_text")),
        whole_day("Ngày thành lập", "founded_on"),
        whole_day(ENDED, "ended_on"),
    )
    needed = ("Tên đoàn thể", KIND, PLACE)
    columns_by_field = {"code": CODE}

    def cells_of(self, run: Run) -> tuple[Cell, ...]:
        return (place_cell(PLACE, "organisation", run.organisations),)

    def resolve(self, lines: list[Line]) -> None:
        for line in lines:
            if not line.values.get(CODE):
                line.fail(CODE, MISSING.format(CODE.lower()))
        lines_of(self.run.organisations, lines, PLACE)

    def wanted(self, line: Line) -> dict[str, str]:
        return line.values | ({PLACE: line.organisation.code} if line.values.get(PLACE) else {})

    def key(self, line: Line) -> str:
        return line.values[CODE]

    def stored(self, lines: list[Line]) -> dict[Any, Any]:
        codes = [line.values[CODE] for line in lines]
        return {row.code: row for row in MassOrganisation.objects.select_for_update().filter(code__in=codes)}

    def begin(self, line: Line) -> MassOrganisation:
        return MassOrganisation(code=line.values[CODE])

    def check(self, line: Line, record: MassOrganisation) -> None:
        if not line.is_new:
            for column in self.needed:
                if line.values.get(column) == "":
                    line.fail(column, MISSING.format(column.lower()))
        if record.founded_on and record.ended_on and record.ended_on < record.founded_on:
            line.fail(ENDED, "Ngày kết thúc phải sau ngày thành lập.")

    def records(self) -> Iterable[MassOrganisation]:
        return self.run.within(MassOrganisation.objects.order_by("code")).iterator()
