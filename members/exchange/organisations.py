"""The sheet Tổ chức đảng: organisations as they are by their latest state, from above to below."""

from __future__ import annotations

from collections.abc import Iterable

from members.exchange import writer
from members.exchange.cells import Cell, choice, partial_day, text
from members.exchange.organisation_index import UnknownPlaceError, note_failed
from members.exchange.plan import Line, good
from members.exchange.records import MISSING, OUT_OF_SCOPE, REPEATED, put
from members.exchange.run import Importer, Run
from members.models import Organisation, OrganisationKind
from members.models.organisations import Sector
from members.organisation_history import CircleError, Histories
from members.services import own_path
from members.text import same_name_key

CODE, NAME, KIND, PARENT = "Mã tổ chức", "Tên tổ chức", "Loại tổ chức", "Mã tổ chức cấp trên"
FOUNDED, ENDED = "Ngày thành lập", "Ngày kết thúc"

CIRCLE = "Tổ chức cấp trên không thể là chính tổ chức này hoặc nằm dưới nó."
NO_PARENT = "Chưa ghi mã tổ chức cấp trên. Tổ chức cao nhất chỉ được thêm bằng lệnh trên máy chủ."
HALF_WRONG = "Tổ chức cấp trên {} đang sai ở dòng {}."


class OrganisationImporter(Importer):
    """Adds organisations and corrects their latest state; what they were before is told in Quá trình tổ chức."""

    kind = "Tổ chức đảng"
    waits = True

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.lines: list[Line] = []
        self.by_code: dict[str, Line] = {}
        self.by_name: dict[str, Line] = {}
        self.cells: tuple[Cell, ...] = (
            text(NAME, "name"),
            choice(KIND, "kind", OrganisationKind),
            Cell(PARENT, self._read_parent, self._write_parent, ("parent",)),
            choice("Loại hình cơ sở", "sector", Sector),
            partial_day(FOUNDED, "founded"),
            partial_day(ENDED, "ended"),
            text("Số quyết định kết thúc", "end_decision_number"),
        )
        self.by_field = {name: cell.column for cell in self.cells for name in cell.columns}

    def _read_parent(self, row: Organisation) -> str:
        return self.run.organisations.places[row.parent_id].code if row.parent_id else ""

    def _write_parent(self, row: Organisation, value: str) -> None:
        row.parent_id = self.run.organisations.by_code[value.casefold()].pk if value else None

    def take(self, lines: list[Line]) -> None:
        for line in lines:
            code = line.values.get(CODE, "")
            if not code:
                line.fail(CODE, MISSING.format(CODE.lower()))
                continue
            first = self.by_code.setdefault(code.casefold(), line)
            if first is not line:
                line.fail(CODE, REPEATED.format(first.number))
            self.by_name.setdefault(same_name_key(line.values.get(NAME, "")), line)
        self.lines += lines

    def finish(self) -> None:
        if not self.lines:
            return
        stored = self._stored()
        self.run.since.look_up(stored.values())
        histories = Histories()
        changed: set[int] = set()
        for level in self._levels(stored):
            changed |= self._write(level, stored, histories)
            self.run.organisations.forget()
        self._write_history(histories, changed)
        self.run.organisations.forget()
        note_failed(self.run.organisations, self.lines, (CODE, NAME))

    def _stored(self) -> dict[str, Organisation]:
        codes = [line.values[CODE] for line in good(self.lines)]
        places = [self.run.organisations.by_code.get(code.casefold()) for code in codes]
        rows = Organisation.objects.select_for_update().filter(pk__in=[place.pk for place in places if place])
        return {row.code.casefold(): row for row in rows}

    # Order

    def _levels(self, stored: dict[str, Organisation]) -> Iterable[list[Line]]:
        """The lines in lists, each after the list in which their parents stand."""
        waiting = good(self.lines)
        while waiting:
            codes = {line.values[CODE].casefold() for line in waiting}
            ready = [line for line in waiting if self._parent_key(line, stored) not in codes]
            if not ready:
                for line in waiting:
                    line.fail(PARENT, CIRCLE)
                return
            yield ready
            waiting = [line for line in waiting if line not in ready]

    def _parent_key(self, line: Line, stored: dict[str, Organisation]) -> str:
        """The code of a parent that this file adds; "" where the parent is there or there is none."""
        parent = self._row_of_parent(line)
        key = parent.values[CODE].casefold() if parent else ""
        return key if key not in stored else ""

    def _row_of_parent(self, line: Line) -> Line | None:
        """The row of the file that the parent's cell means, by its code or else its name."""
        told = line.values.get(PARENT, "")
        named = self.by_name.get(same_name_key(told)) if told else None
        return self.by_code.get(told.casefold()) or (named if named is not line else None)

    # Writing

    def _write(self, lines: list[Line], stored: dict[str, Organisation], histories: Histories) -> set[int]:
        rows = [(self._change(line, stored), line) for line in lines]
        new = [(row, line) for (row, _), line in rows if line.is_good and line.is_new]
        changed: set[int] = set()
        made = [row for row, _ in writer.create(new, self.column_of)]
        for row in made:
            histories.add(row)
            changed.add(row.pk)
        self._place(made)
        updates = [
            (row, line, columns) for (row, columns), line in rows if columns and line.is_good and not line.is_new
        ]
        for row, _ in writer.update(updates, self.column_of):
            latest = histories.states[row.pk][-1]
            if latest.what != (row.name, row.kind, row.parent_id):
                latest.name, latest.kind, latest.parent = row.name, row.kind, row.parent_id
                changed.add(row.pk)
        return changed

    def _place(self, rows: list[Organisation]) -> None:
        """Give new organisations their paths at once: by these the next level is known to lie in the scope."""
        places = self.run.organisations.places
        for row in rows:
            row.path = own_path(row, places[row.parent_id].path if row.parent_id else "")
        Organisation.objects.bulk_update(rows, ["path"], batch_size=200)

    def _change(self, line: Line, stored: dict[str, Organisation]) -> tuple[Organisation, list[str]]:
        row = stored.get(line.values[CODE].casefold())
        line.is_new = row is None
        values = self._with_parent(line, row)
        for column in (NAME, KIND):
            if not values.get(column, "" if line.is_new else column):
                line.fail(column, MISSING.format(column.lower()))
        if row is None:
            if self.run.user is not None and not values.get(PARENT):
                line.fail(PARENT, NO_PARENT)
            row = Organisation(code=line.values[CODE])
        columns = put(line, row, self.cells, values, self.run)
        if columns and not line.is_new and row.pk not in self.run.changeable(Organisation, [row.pk]):
            line.fail(CODE, OUT_OF_SCOPE)
        if row.founded_on and row.ended_on and row.ended_on < row.founded_on:
            line.fail(ENDED, "Ngày kết thúc phải sau ngày thành lập.")
        return row, columns

    def _with_parent(self, line: Line, row: Organisation | None) -> dict[str, str]:
        """The values with the parent by its code."""
        told = line.values.get(PARENT)
        if told is None:
            return line.values
        rest = {name: value for name, value in line.values.items() if name != PARENT}
        parent = self._row_of_parent(line)
        if parent is line:
            line.fail(PARENT, CIRCLE)
            return rest
        if parent is not None and not parent.is_good:
            line.block(HALF_WRONG.format(told, parent.number))
            return rest
        if told.casefold() == (self._read_parent(row).casefold() if row is not None else ""):
            return rest
        if not told:
            if self.run.user is not None:
                line.fail(PARENT, NO_PARENT)
            return line.values
        return rest | self._found_parent(line, told)

    def _found_parent(self, line: Line, told: str) -> dict[str, str]:
        """The parent by its code; nothing where it is unknown."""
        try:
            return {PARENT: self.run.organisations.find(told).code}
        except UnknownPlaceError as unknown:
            line.fail(PARENT, str(unknown))
            return {}

    def _write_history(self, histories: Histories, changed: set[int]) -> None:
        try:
            histories.write(changed)
        except CircleError as circle:
            codes = [self.run.organisations.places[key].code.casefold() for key in circle.keys]
            moved = [line for line in map(self.by_code.get, codes) if line is not None and is_moved(line)]
            for line in moved or self.lines[:1]:
                line.fail(PARENT, CIRCLE)

    def column_of(self, name: str) -> str:
        """The column of the sheet that a refusal of a model's field is told at."""
        return self.by_field.get(name, CODE)

    # Export

    def records(self) -> Iterable[Organisation]:
        """The organisations of the scope, those above before those below."""
        rows = self.run.within(Organisation.objects.order_by("path"))
        return sorted(rows, key=lambda row: (row.path.count("/"), row.name_sort_key, row.pk))

    def described(self, record: Organisation) -> dict[str, str]:
        """An organisation's row: canonical texts by column."""
        return {CODE: record.code} | {cell.column: cell.read(record) for cell in self.cells}


def is_moved(line: Line) -> bool:
    """Whether the row gives its organisation another parent."""
    return bool(line.values.get(PARENT)) and (line.is_new or any(column == PARENT for column, *_ in line.changes))
