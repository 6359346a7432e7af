"""The sheets Huy hiệu Đảng (Party badges) and Kỷ luật (discipline)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any

from members.exchange.cells import note, partial_day, partial_of, shown, text, whole_day, yes_no
from members.exchange.of_people import OfPersonImporter, is_one_date
from members.exchange.of_subjects import PLACE, OfSubjectImporter, Subject
from members.exchange.people_index import NUMBER
from members.exchange.plan import Line, good
from members.exchange.records import MISSING
from members.exchange.run import Run
from members.models import Badge, Discipline
from members.models.honours import DisciplineForm, Milestone

MILESTONE, AWARDED = "Mốc", "Ngày trao"
FORM, DECIDED = "Hình thức", "Ngày quyết định"

NO_MILESTONE = "Không có Huy hiệu Đảng mốc này. Hãy ghi một trong: {}."
NO_FORM = "Không có hình thức kỷ luật này. Hãy ghi một trong: {}."
NOT_FOR_PEOPLE = "Giải tán chỉ áp dụng cho tổ chức đảng. Hãy xem lại hình thức hoặc số lý lịch."
NOT_FOR_ORGANISATIONS = "Hình thức này chỉ áp dụng cho đảng viên. Hãy xem lại hình thức hoặc ghi số lý lịch."


class BadgeImporter(OfPersonImporter):
    """Badges by person and milestone."""

    kind = "Huy hiệu Đảng"
    model = Badge
    key_column = MILESTONE
    needed = (AWARDED,)
    key_cells = (shown(NUMBER, lambda row: row.person.file_number), shown(MILESTONE, lambda row: str(row.milestone)))
    cells = (
        partial_day(AWARDED, "awarded"),
        text("Số quyết định", "decision_number"),
        whole_day(DECIDED, "decided_on"),
        text("Số huy hiệu", "badge_number"),
        yes_no("Truy tặng", "is_posthumous"),
    )

    def resolve(self, lines: list[Line]) -> None:
        known = {str(value) for value in Milestone.values}
        for line in lines:
            told = line.values.get(MILESTONE)
            if not told:
                line.fail(MILESTONE, MISSING.format(MILESTONE.lower()))
            elif told not in known:
                line.fail(MILESTONE, NO_MILESTONE.format(", ".join(map(str, Milestone.values))))
        super().resolve(lines)

    def key(self, line: Line) -> Hashable:
        return line.person.pk, int(line.values[MILESTONE])

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        rows = Badge.objects.select_for_update().filter(person__in={line.person.pk for line in lines})
        return {(row.person_id, row.milestone): row for row in rows}

    def begin(self, line: Line) -> Badge:
        return Badge(person=line.person, milestone=int(line.values[MILESTONE]))

    def records(self) -> Iterable[Badge]:
        """Of the people whose file is in the scope."""
        rows = Badge.objects.select_related("person").order_by("person__name_sort_key", "person", "milestone")
        return self.run.within(rows, to_change=True).iterator()


class DisciplineImporter(OfSubjectImporter):
    """Disciplinary decisions by subject, form and day."""

    kind = "Kỷ luật"
    model = Discipline
    key_column = DECIDED
    key_cells = (
        shown(NUMBER, lambda row: row.person.file_number if row.person_id else ""),
        shown(PLACE, lambda row: row.organisation.code if row.organisation_id else ""),
        shown(FORM, lambda row: row.get_form_display()),
    )
    cells = (
        text("Số quyết định", "decision_number"),
        partial_day(DECIDED, "decided"),
        note("Nội dung vi phạm", "note"),
        whole_day("Ngày hủy bỏ", "revoked_on"),
    )
    columns_by_field = OfSubjectImporter.columns_by_field | {"form": FORM}

    forms = {str(label): value for value, label in DisciplineForm.choices}

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        # By which date a line of the present ones is recognised.
        self.dates: dict[int, str] = {}

    def resolve(self, lines: list[Line]) -> None:
        for line in lines:
            for column in (FORM, DECIDED):
                if not line.values.get(column):
                    line.fail(column, MISSING.format(column.lower()))
            if line.values.get(FORM) and line.values[FORM] not in self.forms:
                line.fail(FORM, NO_FORM.format(", ".join(self.forms)))
        super().resolve(lines)
        for line in good(lines):
            self._refuse_unfitting(line)
        self._settle_dates(good(lines))

    def _refuse_unfitting(self, line: Line) -> None:
        form = self.forms[line.values[FORM]]
        if line.person is not None and form == DisciplineForm.DISSOLUTION:
            line.fail(FORM, NOT_FOR_PEOPLE)
        elif line.person is None and form in {DisciplineForm.REMOVAL, DisciplineForm.EXPULSION}:
            line.fail(FORM, NOT_FOR_ORGANISATIONS)

    def _settle_dates(self, lines: list[Line]) -> None:
        """A month or year means the decision on record within it, also the other way; the fuller date stays."""
        self.dates.clear()
        known: dict[tuple[Subject, str], list[str]] = defaultdict(list)
        for row in self.of_subjects(lines):
            known[self.subject_of(row), row.form].append(row.decided.isoformat())
        for line in lines:
            told = line.values[DECIDED]
            near = [date for date in known[self.subject(line), self._form(line)] if is_one_date(date, told)]
            self.dates[id(line)] = near[0] if told not in near and len(near) == 1 else told

    def _form(self, line: Line) -> str:
        return self.forms[line.values[FORM]]

    def key(self, line: Line) -> Hashable:
        return self.subject(line), self._form(line), self.dates[id(line)]

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        rows = self.of_subjects(lines)
        return {(self.subject_of(row), row.form, row.decided.isoformat()): row for row in rows}

    def begin(self, line: Line) -> Discipline:
        record: Discipline = super().begin(line)
        record.form, record.decided = self._form(line), partial_of(line.values[DECIDED])
        return record

    def records(self) -> Iterable[Discipline]:
        """Of the organisations of the scope, and of the people whose file is in it."""
        rows = Discipline.objects.select_related("person", "organisation").order_by("decided_on", "pk")
        return self.run.within(rows, to_change=True).iterator()
