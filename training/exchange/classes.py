"""The sheet Lớp: classes, and which programme or class a cell means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from members.exchange.cells import Cell, shown, text, whole_day
from members.exchange.plan import Line
from members.exchange.records import MISSING, OUT_OF_SCOPE, RecordImporter
from members.exchange.run import Run
from members.intake.values import key as word_key
from members.intake.values import plain_key
from training.models import Programme, TrainingClass

CODE, CLASS_NAME, PROGRAMME, OPENS = "Mã lớp", "Tên lớp", "Loại lớp", "Ngày khai giảng"

NEW_CLASS = "Chưa có lớp mang mã này. Lớp mới do văn phòng cấp ủy thêm; hãy xem lại mã lớp hoặc báo văn phòng."
NO_PROGRAMME = "Không có loại lớp “{}”. Hãy ghi một trong: {}."
NO_CLASS = "Không có lớp nào mã hoặc tên “{}”. Hãy ghi đúng mã lớp, hoặc thêm lớp này trước."
SEVERAL_CLASSES = "Có {} lớp tên “{}”, mã: {}. Hãy ghi mã lớp."

# What programmes are called beside their names, by the codes of the programmes.
_ALSO = {
    "candidate": (
        "Bồi dưỡng nhận thức về Đảng",
        "Nhận thức về Đảng",
        "Bồi dưỡng kết nạp Đảng",
        "Bồi dưỡng kết nạp đảng viên",
        "Đối tượng Đảng",
        "Cảm tình Đảng",
        "Quần chúng ưu tú",
    ),
    "new_member": ("Đảng viên mới kết nạp", "Đảng viên dự bị", "Lý luận chính trị cho đảng viên mới"),
    "elementary": ("Sơ cấp", "Sơ cấp LLCT", "Sơ cấp chính trị", "Sơ cấp lý luận"),
    "intermediate": (
        "Trung cấp",
        "Trung cấp LLCT",
        "Trung cấp chính trị",
        "Trung cấp lý luận",
        "Trung cấp lý luận chính trị - hành chính",
        "Trung cấp LLCT - HC",
        "Trung cấp LLCT-HC",
    ),
    "advanced": (
        "Cao cấp",
        "Cao cấp LLCT",
        "Cao cấp chính trị",
        "Cao cấp lý luận",
        "Cao cấp lý luận chính trị - hành chính",
        "Cao cấp LLCT - HC",
    ),
    "committee": (
        "Cấp ủy viên",
        "Cấp ủy",
        "Bí thư chi bộ",
        "Bí thư chi bộ và cấp ủy viên",
        "Bí thư, cấp ủy viên",
        "Nghiệp vụ công tác đảng",
        "Nghiệp vụ bí thư chi bộ",
    ),
    "update": ("Bồi dưỡng cập nhật kiến thức", "Cập nhật kiến thức mới"),
    "resolution": ("Nghị quyết", "Quán triệt nghị quyết", "Học tập nghị quyết", "Học nghị quyết"),
}


class Programmes:
    """The programmes by what lists call them; read once for an import."""

    @cached_property
    def all(self) -> dict[int, Programme]:
        """By key, in their order."""
        return {row.pk: row for row in Programme.objects.all()}

    @cached_property
    def _by_name(self) -> dict[str, Programme]:
        names: dict[str, Programme] = {}
        for make_key in (word_key, plain_key):
            for row in self.all.values():
                for name in (row.code, row.name, row.present_name, *_ALSO.get(row.code, ())):
                    names.setdefault(make_key(name), row)
                    names.setdefault(_bare(make_key(name)), row)
        names.pop("", None)
        return names

    def find(self, told: str) -> Programme | None:
        """The programme that a cell names, with or without "Lớp", "Bồi dưỡng" and accents."""
        for make_key in (word_key, plain_key):
            for name in (make_key(told), _bare(make_key(told))):
                if name in self._by_name:
                    return self._by_name[name]
        return None


def _bare(name: str) -> str:
    for before in ("lớp ", "lop ", "bồi dưỡng ", "boi duong "):
        name = name.removeprefix(before)
    return name


class TrainingClassImporter(RecordImporter):
    """Classes by their code. Only the office of a root adds one: it belongs to no single organisation."""

    kind = "Lớp"
    model = TrainingClass
    key_column = CODE
    key_cells = (shown(CODE, lambda row: row.code),)
    needed = (CLASS_NAME, PROGRAMME, OPENS)
    columns_by_field = {"code": CODE}

    def __init__(self, run: Run) -> None:
        self.programmes = Programmes()
        super().__init__(run)
        # The classes among those at hand that the user may change.
        self.allowed: set[int] = set()

    def cells_of(self, run: Run) -> tuple[Cell, ...]:
        return (
            text(CLASS_NAME, "name"),
            Cell(PROGRAMME, self._read_programme, self._write_programme, ("programme",)),
            text("Cơ sở đào tạo", "provider"),
            whole_day(OPENS, "opens_on"),
            whole_day("Ngày bế giảng", "closes_on"),
        )

    def _read_programme(self, row: TrainingClass) -> str:
        return self.programmes.all[row.programme_id].name if row.programme_id else ""

    def _write_programme(self, row: TrainingClass, value: str) -> None:
        found = self.programmes.find(value)
        if found is None:
            names = "; ".join(programme.name for programme in self.programmes.all.values())
            raise ValidationError(NO_PROGRAMME.format(value, names))
        row.programme_id = found.pk

    def resolve(self, lines: list[Line]) -> None:
        for line in lines:
            if not line.values.get(CODE):
                line.fail(CODE, MISSING.format(CODE.lower()))

    def wanted(self, line: Line) -> dict[str, str]:
        found = self.programmes.find(line.values.get(PROGRAMME, ""))
        return line.values | ({PROGRAMME: found.name} if found else {})

    def key(self, line: Line) -> str:
        return line.values[CODE]

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        codes = [line.values[CODE] for line in lines]
        return {row.code: row for row in TrainingClass.objects.select_for_update().filter(code__in=codes)}

    def begin(self, line: Line) -> TrainingClass:
        return TrainingClass(code=line.values[CODE])

    def _refuse_foreign(self, pairs: list[tuple[Any, Line]]) -> None:
        """A row that changes nothing is refused to nobody: `check` asks."""
        if not self.run.is_over_a_root:
            self.allowed = self.run.changeable(TrainingClass, [record.pk for record, _ in pairs])

    def check(self, line: Line, record: TrainingClass) -> None:
        if not self.run.is_over_a_root:
            if line.is_new:
                line.fail(CODE, NEW_CLASS)
            elif line.changes and record.pk not in self.allowed:
                line.fail(CODE, OUT_OF_SCOPE)
        for column, name in ((OPENS, "opens_on"), (CLASS_NAME, "name")):
            if line.values.get(column) == "" and not line.is_new and not getattr(record, name):
                line.fail(column, MISSING.format(column.lower()))
        if record.opens_on and record.closes_on and record.closes_on < record.opens_on:
            line.fail("Ngày bế giảng", "Ngày bế giảng không thể trước ngày khai giảng.")

    def records(self) -> Iterable[TrainingClass]:
        """At the root all of them, below it those in which somebody of the scope learned; in the order of opening."""
        rows = TrainingClass.objects.order_by("opens_on", "code")
        return (rows if self.run.is_over_a_root else self.run.within(rows)).iterator()


class _Class(NamedTuple):
    pk: int
    code: str
    name: str


class Classes:
    """All classes by code and by name; read once for an import."""

    @cached_property
    def _all(self) -> list[_Class]:
        rows = TrainingClass.objects.order_by("opens_on", "code").values_list("pk", "code", "name")
        return [_Class(*row) for row in rows]

    @cached_property
    def _by_code(self) -> dict[str, _Class]:
        return {one.code.casefold(): one for one in self._all}

    @cached_property
    def _by_name(self) -> dict[str, list[_Class]]:
        names: dict[str, list[_Class]] = defaultdict(list)
        for one in self._all:
            names[word_key(one.name)].append(one)
        return names

    def find(self, told: str) -> _Class:
        """The class that a code or name means. Raises ValidationError."""
        one = self._by_code.get(told.casefold())
        found = [one] if one else self._by_name.get(word_key(told), [])
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(one.code for one in found[:8])
            raise ValidationError(SEVERAL_CLASSES.format(len(found), told, codes))
        raise ValidationError(NO_CLASS.format(told))
