"""The sheet Khen thưởng."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from members.exchange.cells import shown, text, whole_day
from members.exchange.of_subjects import PLACE, OfSubjectImporter, names_person
from members.exchange.people_index import NUMBER
from members.exchange.plan import Line
from members.exchange.records import MISSING
from members.intake.values import plain_key
from members.text import same_name_key
from reviews.exchange.years import YEAR, settle_years
from reviews.models import Commendation, CommendationForm, CommendationTitle

FORM, TITLE = "Hình thức", "Danh hiệu"

FOR_ORGANISATIONS = "Danh hiệu này dành cho tổ chức đảng. Hãy ghi mã tổ chức và xóa số lý lịch, hoặc xem lại danh hiệu."
FOR_PEOPLE = "Danh hiệu này dành cho đảng viên. Hãy ghi số lý lịch, hoặc xem lại danh hiệu."

# What the titles of the report are called beside their labels; the wording changed with 01-HD/TW of 2021.
_ALSO = {
    CommendationTitle.ORGANISATION_EXEMPLARY: (
        "TCCSĐ tiêu biểu",
        "TCCSĐ TSVM tiêu biểu",
        "TCCSĐ TSVM tiêu biểu trong năm",
        "TCCSĐ trong sạch vững mạnh tiêu biểu",
        "TCCSĐ trong sạch vững mạnh tiêu biểu trong năm",
        "TCCSĐ HTXSNV tiêu biểu",
        "TCCSĐ HTXSNV tiêu biểu trong năm",
        "TCCSĐ hoàn thành xuất sắc nhiệm vụ tiêu biểu",
        "TCCSĐ hoàn thành xuất sắc nhiệm vụ tiêu biểu trong năm",
    ),
    CommendationTitle.CELL_FIVE_YEARS: (
        "Chi bộ TSVM tiêu biểu 5 năm liền",
        "Chi bộ trong sạch vững mạnh tiêu biểu 5 năm liền",
        "Chi bộ HTXSNV tiêu biểu 5 năm liền",
        "Chi bộ hoàn thành xuất sắc nhiệm vụ tiêu biểu 5 năm liền",
    ),
    CommendationTitle.MEMBER_FIVE_YEARS: (
        "Đảng viên HTXS 5 năm liền",
        "Đảng viên HTXSNV 5 năm liền",
        "Đảng viên HTXS nhiệm vụ 5 năm liền",
        "Đảng viên hoàn thành xuất sắc 5 năm liền",
        "Đảng viên xuất sắc 5 năm liền",
        "Đảng viên đủ tư cách, hoàn thành xuất sắc nhiệm vụ 5 năm liền",
    ),
}


def _title_key(told: str) -> str:
    """Words without accents; a grassroots organisation by its abbreviation, five years by their number."""
    words = plain_key(told).replace("to chuc co so dang", "tccsd").replace("nam nam lien", "5 nam lien")
    return words.replace("lien tuc", "lien").removesuffix("trong nam").strip()


_TITLES = {_title_key(name): title for title in CommendationTitle for name in (str(title.label), *_ALSO.get(title, ()))}
_FORMS = {plain_key(str(form.label)): form for form in CommendationForm}


def title_of(told: str) -> tuple[str, str]:
    """The title that a cell means, with its text where it is another one."""
    title = _TITLES.get(_title_key(told), CommendationTitle.OTHER)
    is_plain = title != CommendationTitle.OTHER or _title_key(told) == _title_key(str(title.label))
    return title.value, "" if is_plain else told


def form_of(told: str) -> tuple[str, str]:
    """The form that a cell means, with its text where it is another one."""
    form = _FORMS.get(plain_key(told), CommendationForm.OTHER)
    is_plain = plain_key(told) == plain_key(str(form.label))
    return form.value, "" if is_plain else told


class CommendationImporter(OfSubjectImporter):
    """Commendations by year, form, title and subject."""

    kind = "Khen thưởng"
    model = Commendation
    key_column = TITLE
    key_cells = (
        shown(YEAR, lambda row: str(row.year)),
        shown(FORM, lambda row: row.form_label),
        shown(TITLE, lambda row: row.title_label),
        shown(PLACE, lambda row: row.organisation.code if row.organisation_id else ""),
        shown(NUMBER, lambda row: row.person.file_number if row.person_id else ""),
    )
    cells = (text("Số quyết định", "decision_number"), whole_day("Ngày quyết định", "decided_on"))
    columns_by_field = OfSubjectImporter.columns_by_field | {
        "year": YEAR,
        "form": FORM,
        "form_text": FORM,
        "title": TITLE,
        "title_text": TITLE,
    }

    def resolve(self, lines: list[Line]) -> None:
        settle_years(self.run, lines)
        for line in lines:
            for column in (FORM, TITLE):
                if not line.values.get(column):
                    line.fail(column, MISSING.format(column.lower()))
            self._refuse_unfitting(line)
        super().resolve(lines)

    @staticmethod
    def _refuse_unfitting(line: Line) -> None:
        """A title for organisations given to a person, or the other way; told at whom it is given to."""
        title, _ = title_of(line.values.get(TITLE, ""))
        if title == CommendationTitle.OTHER:
            return
        is_for_people = title == CommendationTitle.MEMBER_FIVE_YEARS
        if names_person(line) and not is_for_people:
            line.fail(NUMBER, FOR_ORGANISATIONS)
        elif not names_person(line) and is_for_people:
            line.fail(PLACE if line.values.get(PLACE) else NUMBER, FOR_PEOPLE)

    def key(self, line: Line) -> Hashable:
        form, title = form_of(line.values[FORM]), title_of(line.values[TITLE])
        return int(line.values[YEAR]), *_keys(form), *_keys(title), self.subject(line)

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        rows = self.of_subjects(lines).filter(year__in={int(line.values[YEAR]) for line in lines})
        return {self._key_of(row): row for row in rows}

    def _key_of(self, row: Commendation) -> Hashable:
        """As its row in the workbook would be read, whatever it was entered as."""
        return row.year, *_keys(form_of(row.form_label)), *_keys(title_of(row.title_label)), self.subject_of(row)

    def begin(self, line: Line) -> Commendation:
        record: Commendation = super().begin(line)
        record.year = int(line.values[YEAR])
        record.form, record.form_text = form_of(line.values[FORM])
        record.title, record.title_text = title_of(line.values[TITLE])
        return record

    def records(self) -> Iterable[Commendation]:
        """Of the organisations of the scope, and of the people whose file is in it."""
        rows = Commendation.objects.select_related("person", "organisation").order_by("year", "form", "title", "pk")
        return self.run.within(rows, to_change=True).iterator()


def _keys(word: tuple[str, str]) -> tuple[str, str]:
    return word[0], same_name_key(word[1])
