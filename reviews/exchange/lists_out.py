"""The hidden sheet of a workbook that is handed out: what the import knows it by, and the words of its drop-downs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from config.workbook import Kind, Look, put
from members.intake.contract import KINDS
from members.intake.kinds import Column
from members.intake.sheets import MARKS
from members.models import AuditHead
from members.models.honours import Milestone
from members.models.organisations import Sector
from reviews.exchange.targets import full_name
from reviews.indicators import FIGURES
from reviews.models import CommendationTitle, RatingLevel, RatingScheme, RatingSubject
from training.models import Programme

# The first two columns are the marks; the reader looks no further.
FIRST_LIST = 4

SUBJECTS = {
    "Xếp loại đảng viên": RatingSubject.MEMBERS,
    "Xếp loại tổ chức": RatingSubject.ORGANISATIONS,
    "Xếp loại đoàn thể": RatingSubject.MASS,
}


def present_marks() -> dict[str, str]:
    """By which an import later knows what was handed out: to be asked for before the records are read."""
    head = AuditHead.objects.get()
    return {"lần xuất": str(uuid.uuid4()), "sự kiện": str(head.sequence), "dấu": head.last_seal}


class Lists:
    """The hidden sheet; a list of words stands in a column of its own, once."""

    def __init__(self) -> None:
        self.lists: dict[tuple[str, ...], int] = {}

    def reference(self, words: Sequence[str]) -> str:
        """Where a drop-down finds the words."""
        column = self.lists.setdefault(tuple(words), FIRST_LIST + len(self.lists))
        letters = get_column_letter(column)
        return f"'{MARKS}'!${letters}$1:${letters}${len(words)}"

    def write(self, workbook: Workbook, marks: dict[str, str]) -> None:
        """Add the sheet, last of the workbook."""
        sheet = workbook.create_sheet(MARKS)
        sheet.sheet_state = "hidden"
        for row, (name, value) in enumerate(marks.items(), 1):
            put(sheet.cell(row, 1), name, Look())
            put(sheet.cell(row, 2), value, Look())
        for words, column in self.lists.items():
            for row, word in enumerate(words, 1):
                put(sheet.cell(row, column), int(word) if word.isdigit() else word, Look(Kind.PROSE))


class Words:
    """The words that columns offer, of ratings those of a year where it is given; read once."""

    def __init__(self, year: int | None = None) -> None:
        self.programmes = [programme.name for programme in Programme.objects.all()]
        self.levels = {kind: _levels(subject, year) for kind, subject in SUBJECTS.items()}
        self.figures = [full_name(figure) for figure in FIGURES]

    def of(self, kind: str) -> dict[str, list[str]]:
        """The words of a sheet's columns."""
        columns = KINDS[kind].by_name.values()
        return {column.name: words for column in columns if (words := self._of_column(kind, column))}

    def _of_column(self, kind: str, column: Column) -> list[str]:
        if kind in self.levels and column.name == "Xếp loại":
            return self.levels[kind]
        match kind, column.name:
            case "Lớp", "Loại lớp":
                return self.programmes
            case "Chỉ tiêu", "Chỉ tiêu":
                return self.figures
            case "Khen thưởng", "Danh hiệu":
                return [str(title.label) for title in CommendationTitle if title != CommendationTitle.OTHER]
            case "Huy hiệu Đảng", "Mốc":
                return [str(milestone.value) for milestone in Milestone]
            case "Tổ chức đảng", "Loại hình cơ sở":
                return [str(sector.label) for sector in Sector]
        return list(column.choices.words) if column.choices else []


def _levels(subject: RatingSubject, year: int | None) -> list[str]:
    """The levels of the year or of all years, those of the latest scheme first."""
    schemes = RatingScheme.objects.filter(subject=subject)
    schemes = schemes if year is None else schemes.in_force(year)
    rows = RatingLevel.objects.filter(scheme__in=schemes).order_by("-scheme__first_year", "rank")
    return list(dict.fromkeys(rows.values_list("name", flat=True)))
