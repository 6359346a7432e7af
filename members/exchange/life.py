"""The sheets of the tables of the Lý lịch đảng viên: work, schooling, journeys, family, awards received."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, ClassVar

from members.exchange.cells import Cell, partial_day, shown, text, whole_number
from members.exchange.of_people import OfPersonImporter
from members.exchange.people_index import NUMBER
from members.exchange.plan import Line
from members.exchange.records import MISSING
from members.models import Journey, ReceivedAward, Relative, Study, WorkPeriod

_NUMBER = shown(NUMBER, lambda row: row.person.file_number)
_FROM, _TO = partial_day("Từ ngày", "began"), partial_day("Đến ngày", "ended")


class LifeRowImporter(OfPersonImporter):
    """Rows of a table, each known by its person and what its `told_by` cells say; `needed` ones of them must speak."""

    told_by: ClassVar[tuple[Cell, ...]]

    def __init_subclass__(cls) -> None:
        cls.key_cells = (_NUMBER, *cls.told_by)
        cls.key_column = cls.needed[-1]
        cls.columns_by_field = {name: cell.column for cell in cls.told_by for name in cell.columns}

    def resolve(self, lines: list[Line]) -> None:
        for line in lines:
            for column in self.needed:
                if not line.values.get(column):
                    line.fail(column, MISSING.format(column.lower()))
        super().resolve(lines)

    def key(self, line: Line) -> Hashable:
        return line.person.pk, *(line.values.get(cell.column, "") for cell in self.told_by)

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        rows = self.model.objects.select_for_update().filter(person__in={line.person.pk for line in lines})
        return {(row.person_id, *(cell.read(row) for cell in self.told_by)): row for row in rows}

    def begin(self, line: Line) -> Any:
        record = self.model(person=line.person)
        for cell in self.told_by:
            cell.write(record, line.values.get(cell.column, ""))
        return record

    def records(self) -> Iterable[Any]:
        """Of the people whose file is in the scope."""
        names = [field.name for field in self.model._meta.concrete_fields]
        began = ["began_on"] if "began_on" in names else []
        rows = self.model.objects.select_related("person").order_by("person__name_sort_key", "person", *began, "pk")
        return self.run.within(rows, to_change=True).iterator()


class WorkPeriodImporter(LifeRowImporter):
    """What somebody did, from when to when."""

    kind = "Quá trình công tác"
    model = WorkPeriod
    needed = ("Từ ngày", "Làm việc gì")
    told_by = (_FROM, text("Làm việc gì", "work"), text("Nơi công tác", "workplace"))
    cells = (_TO, text("Chức vụ", "position"))


class StudyImporter(LifeRowImporter):
    """Schools and courses that aren't classes of the committee."""

    kind = "Đào tạo, bồi dưỡng đã qua"
    model = Study
    needed = ("Tên trường",)
    told_by = (text("Tên trường", "school"), text("Ngành học", "subject"))
    cells = (_FROM, _TO, text("Hình thức học", "mode"), text("Văn bằng, chứng chỉ", "certificate"))


class JourneyImporter(LifeRowImporter):
    """Stays in other countries."""

    kind = "Đi nước ngoài"
    model = Journey
    needed = ("Từ ngày", "Nước")
    told_by = (_FROM, text("Nước", "country"))
    cells = (_TO, text("Nội dung đi", "purpose"))


class RelativeImporter(LifeRowImporter):
    """Members of somebody's family."""

    kind = "Quan hệ gia đình"
    model = Relative
    needed = ("Quan hệ", "Họ tên người thân")
    told_by = (text("Quan hệ", "relation"), text("Họ tên người thân", "full_name"))
    cells = (
        whole_number("Năm sinh", "birth_year"),
        text("Nghề nghiệp người thân", "occupation"),
        text("Nơi ở người thân", "residence"),
        text("Đặc điểm chính trị", "political_note"),
    )


class ReceivedAwardImporter(LifeRowImporter):
    """Awards by others than the committee."""

    kind = "Khen thưởng đã nhận"
    model = ReceivedAward
    needed = ("Năm", "Hình thức khen thưởng")
    told_by = (
        whole_number("Năm", "year"),
        text("Hình thức khen thưởng", "form"),
        text("Cấp khen thưởng", "awarded_by"),
    )


LIFE_IMPORTERS = (WorkPeriodImporter, StudyImporter, JourneyImporter, RelativeImporter, ReceivedAwardImporter)
