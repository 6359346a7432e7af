"""The sheet Học viên: who learned in a class; somebody unknown becomes a candidate with a provisional number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Any

from django.core.exceptions import ValidationError

from members.exchange import writer
from members.exchange.cells import choice, decimal, shown, text, whole_day
from members.exchange.of_subjects import PLACE, names_person, refuse_foreign_people
from members.exchange.organisation_index import Place, lines_of
from members.exchange.people_index import BORN, NAME, NUMBER, SEX, provisional_numbers
from members.exchange.plan import Line, good
from members.exchange.profile import PERSON_CELLS
from members.exchange.records import MISSING, RecordImporter
from members.exchange.run import Run
from members.models import Person
from members.plausibility import implausible
from members.text import same_name_key
from training.exchange.attendance import PRESENT, RESULT, Attendance, AttendanceRows, counts_in
from training.exchange.classes import CODE, Classes
from training.models import Enrolment, Result

BOTH = "Dòng của một người không ghi số người dự. Hãy xóa ô này, hoặc bỏ số lý lịch và họ tên."
NEW_NEEDS_SEX = "Người này chưa có hồ sơ; muốn thêm hồ sơ thì cần giới tính. Hãy ghi giới tính hoặc số lý lịch."
NEW_NEEDS_PLACE = (
    "Người này chưa có hồ sơ; muốn thêm hồ sơ thì cần tổ chức theo dõi. Hãy ghi mã tổ chức hoặc số lý lịch."
)
SAME_PERSON = "Cùng một người với dòng {}, dòng đó đang sai."
MADE = "Thêm hồ sơ quần chúng ưu tú với số tạm {}."


class EnrolmentImporter(RecordImporter):
    """Learners by class and person; rows without a person give the number of those present of an organisation."""

    kind = "Học viên"
    model = Enrolment
    key_column = NUMBER
    key_cells = (
        shown(CODE, lambda row: row.training_class.code),
        shown(NUMBER, lambda row: row.person.file_number),
        shown(NAME, lambda row: row.person.full_name),
    )
    cells = (
        choice(RESULT, "result", Result),
        decimal("Điểm", "score"),
        text("Xếp loại", "grade"),
        text("Số giấy chứng nhận", "certificate_number"),
        whole_day("Ngày cấp", "certificate_issued_on"),
    )
    columns_by_field = {"training_class": CODE, "person": NUMBER, "organisation": PLACE}

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.classes = Classes()
        self.class_of: dict[int, int] = {}  # by identity of the line
        self.attendance = AttendanceRows(run, self.class_of)

    def take(self, lines: list[Line]) -> None:
        self.class_of.clear()
        lines_of(self.run.organisations, lines, PLACE)
        self._find_classes(lines)
        counts = [line for line in lines if _is_count(line)]
        super().take([line for line in lines if not _is_count(line)])
        self.attendance.take(counts)

    def _find_classes(self, lines: list[Line]) -> None:
        for line in lines:
            told = line.values.get(CODE) or self.run.options.training_class
            try:
                if not told:
                    raise ValidationError(MISSING.format(CODE.lower()))
                self.class_of[id(line)] = self.classes.find(told).pk
            except ValidationError as unknown:
                line.fail(CODE, " ".join(unknown.messages))

    def resolve(self, lines: list[Line]) -> None:
        for line in lines:
            if line.values.get(PRESENT):
                line.fail(PRESENT, BOTH)
        self.run.people.match([line for line in lines if line.values.get(NUMBER)], may_be_new=False)
        self.run.people.match([line for line in lines if not line.values.get(NUMBER)], may_be_new=True)
        refuse_foreign_people(self.run, lines)
        for line in good(lines):
            if line.person is None:
                self._require(line)

    def _require(self, line: Line) -> None:
        """What a new person needs. Of one whom no organisation follows only the operator could ever see the file."""
        if not line.values.get(SEX):
            line.fail(SEX, NEW_NEEDS_SEX)
        if self._home(line) is None and self.run.scope is not None:
            line.fail(PLACE, NEW_NEEDS_PLACE)

    def _home(self, line: Line) -> Place | None:
        found: Place | None = line.organisation or self.run.place
        return found

    def _person_key(self, line: Line) -> Hashable:
        if line.person is not None:
            return line.person.pk
        home = self._home(line)
        return same_name_key(line.values[NAME]), line.values.get(BORN, ""), line.values.get(SEX), home and home.pk

    def key(self, line: Line) -> Hashable:
        return self.class_of[id(line)], self._person_key(line)

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        people = {line.person.pk for line in lines if line.person is not None}
        classes = {self.class_of[id(line)] for line in lines}
        rows = Enrolment.objects.select_for_update().filter(training_class__in=classes, person__in=people)
        return {(row.training_class_id, row.person_id): row for row in rows}

    def begin(self, line: Line) -> Enrolment:
        return Enrolment(training_class_id=self.class_of[id(line)], person=line.person)

    def _refuse_foreign(self, pairs: list[tuple[Any, Line]]) -> None:
        """The people were asked for already."""

    def check(self, line: Line, record: Enrolment) -> None:
        if record.score is not None and not 0 <= record.score <= 10:
            line.fail("Điểm", "Điểm phải từ 0 đến 10.")

    def column_of(self, name: str) -> str:
        return self.by_field.get(name, NUMBER)

    # Writing

    def _write(self, changes: list[tuple[Any, Line, list[str]]]) -> None:
        self._make_people([(record, line) for record, line, _ in changes if line.is_good and line.person is None])
        super()._write(changes)

    def _make_people(self, pairs: list[tuple[Any, Line]]) -> None:
        """The files of new people, each once, whatever number of classes they are in."""
        groups: dict[Hashable, list[tuple[Any, Line]]] = defaultdict(list)
        for record, line in pairs:
            groups[self._person_key(line)].append((record, line))
        made = [(self._new_person(rows[0][1]), rows[0][1]) for rows in groups.values()]
        for (person, _), number in zip(made, provisional_numbers(len(made)) if made else (), strict=True):
            person.file_number = number
        writer.create([pair for pair in made if pair[1].is_good], _column_of)
        for (person, first), rows in zip(made, groups.values(), strict=True):
            self._give(person, first, rows)

    def _give(self, person: Person, first: Line, rows: list[tuple[Any, Line]]) -> None:
        is_made = not person._state.adding
        if is_made:
            self.run.people.made.add(person.pk)
        for record, line in rows:
            if is_made:
                record.person = line.person = person
                self.seen[self.key(line)] = line.number
                line.notes.append(MADE.format(person.file_number))
            elif line is not first:
                line.block(SAME_PERSON.format(first.number))

    def _new_person(self, line: Line) -> Person:
        home = self._home(line)
        person = Person(followed_by_id=home.pk if home else None)
        for cell in PERSON_CELLS:
            value = line.values.get(cell.column)
            if value and cell.column != NUMBER:
                try:
                    cell.write(person, value)
                except ValidationError as refused:
                    line.fail(cell.column, " ".join(refused.messages))
        for field, refusal in implausible(person):
            line.fail(_PERSON_COLUMNS[field], refusal)
        return person

    # Export

    def records(self) -> Iterator[Enrolment | Attendance]:
        """Those of the people whose file is in the scope, by class and name; then the counts of its organisations."""
        rows = Enrolment.objects.filter(person__isnull=False).select_related("training_class", "person")
        rows = rows.order_by("training_class__opens_on", "training_class__code", "person__name_sort_key", "person__pk")
        yield from self.run.within(rows, to_change=True).iterator()
        yield from counts_in(self.run)

    def described(self, record: Enrolment | Attendance) -> dict[str, str]:
        if isinstance(record, Attendance):
            return {
                CODE: record.class_code,
                PLACE: record.organisation_code,
                RESULT: record.result,
                PRESENT: str(record.present),
            }
        return super().described(record)


def _is_count(line: Line) -> bool:
    return PRESENT in line.values and not names_person(line)


_PERSON_COLUMNS = {name: cell.column for cell in PERSON_CELLS for name in cell.columns} | {
    "born": BORN,
    "card_issued": "Ngày cấp thẻ",
}


def _column_of(name: str) -> str:
    """The column at which a refusal of a new person is told."""
    return _PERSON_COLUMNS.get(name, NAME)
