"""The sheet of charts of the summary's workbook: five years of ratings and admissions, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from config.workbook import BOLD, NOTE, SMALL, TITLE, Kind
from config.workbook_charts import Cells, columns_and_marks, stacked_shares
from config.workbook_pages import Column, Page, Row, Table
from reviews.indicators import BY_CODE, FIGURES
from reviews.models import RatingSubject, Target
from reviews.models.schemes import LEVEL_RANKS
from reviews.summary import Summary
from reviews.workbook_front import fraction

YEARS = 5
SHEET = "Biểu đồ"
ADMITTED = BY_CODE["admission.decided"]
RATED = {
    RatingSubject.ORGANISATIONS: "Xếp loại tổ chức cơ sở đảng",
    RatingSubject.MEMBERS: "Xếp loại đảng viên",
}
# A name of the year, the rated, and number and share of each of four levels.
GRID = (13, 8, 7.5, 8, 7.5, 8, 7.5, 8, 7.5, 8)
CHART_ROWS = 20


def write_charts(workbook: Workbook, summary: Summary) -> None:
    """Add the sheet: each chart stands below the table that it draws."""
    year = summary.scope.year
    wanted = [figure for figure in FIGURES if figure == ADMITTED or (figure.rank and figure.subject in RATED)]
    years = [*(summary.in_year(y, wanted) for y in range(year - YEARS + 1, year)), summary]
    page = Page(workbook, SHEET, GRID)
    page.line(f"Xếp loại và kết nạp {year - YEARS + 1}–{year}", TITLE)
    page.line(summary.scope.tree.root.name, SMALL)
    page.skip()
    for subject, title in RATED.items():
        _write_ratings(page, years, subject, title)
        page.next_page()
    _write_admissions(page, years)
    page.finish(footer=f"{SHEET} {year}", fitted=False)


def _write_ratings(page: Page, years: Sequence[Summary], subject: RatingSubject, title: str) -> None:
    """Shares of the levels year by year; an empty place in the row of years marks new rules."""
    page.line(title, BOLD)
    codes = [f"ratings.{subject.value}.tier{rank}" for rank in LEVEL_RANKS]
    labels = [years[-1].number(code).label for code in codes]
    rows: list[Row] = []
    for position, summary in enumerate(years):
        if position and _scheme(summary, subject) != _scheme(years[position - 1], subject):
            rows.append(Row(["quy định mới", *[None] * (len(GRID) - 1)]))
        rows.append(Row([str(summary.scope.year), *_rating_values(summary, codes)]))
    columns = [Column("Năm", centred=True), Column("Đã xếp loại", kind=Kind.COUNT)]
    for label in labels:
        columns += [Column("Số lượng", label, Kind.COUNT), Column("Tỷ lệ", label, Kind.SHARE)]
    numbers = page.table(Table(columns, rows, label_at=0), repeated=False, frozen=False)
    note = _rules_note(years, subject)
    if note:
        page.line(note, NOTE)
    span = numbers[0], numbers[-1]
    parts = [Cells(label, 4 + 2 * position, *span) for position, label in enumerate(labels)]
    _draw(page, stacked_shares(page.sheet, f"{title}, tỷ lệ trên số đã xếp loại", Cells("", 1, *span), parts))


def _rating_values(summary: Summary, codes: Sequence[str]) -> list[Any]:
    numbers = [summary.number(code) for code in codes]
    values: list[Any] = [numbers[0].base]
    for number in numbers:
        # A share of nothing has no segment, and shall have no label either.
        values += [number.count, fraction(number) or None]
    return values


def _scheme(summary: Summary, subject: RatingSubject) -> int | None:
    level = summary.levels.get((subject.value, 1))
    return level.scheme_pk if level else None


def _rules_note(years: Sequence[Summary], subject: RatingSubject) -> str:
    """What the four levels were called under each of the schemes of the years, where there are several."""
    schemes: dict[Any, tuple[int, list[str]]] = {}
    for summary in years:
        names = [
            summary.levels[subject.value, rank].name for rank in LEVEL_RANKS if (subject.value, rank) in summary.levels
        ]
        schemes.setdefault(_scheme(summary, subject), (summary.scope.year, names))
    if len(schemes) < 2:
        return ""
    said = "; ".join(f"từ {year}: {' – '.join(names)}" for year, names in schemes.values())
    return f"Các mức theo quy định của từng thời kỳ, {said}. Tỷ lệ hai bên chỗ ngắt không so sánh được với nhau."


def _write_admissions(page: Page, years: Sequence[Summary]) -> None:
    page.line("Kết nạp đảng viên", BOLD)
    own = Target.objects.filter(organisation=years[-1].scope.organisation, figure=ADMITTED.code)
    targets = {target.year: target.value for target in own}
    rows = [Row([str(s.scope.year), s.number(ADMITTED.code).count, targets.get(s.scope.year)]) for s in years]
    columns = [
        Column("Năm", centred=True),
        Column("Kết nạp", kind=Kind.COUNT),
        Column("Chỉ tiêu", kind=Kind.COUNT),
    ]
    numbers = page.table(Table(columns, rows, label_at=0), repeated=False, frozen=False)
    span = numbers[0], numbers[-1]
    counts, marks = Cells("Kết nạp", 2, *span), Cells("Chỉ tiêu", 3, *span)
    _draw(
        page,
        columns_and_marks(page.sheet, "Kết nạp đảng viên so với chỉ tiêu", Cells("", 1, *span), counts, marks),
    )


def _draw(page: Page, chart: Any) -> None:
    """Put the chart below what is written, and go on below it."""
    page.skip()
    page.sheet.add_chart(chart, f"A{page.row}")
    page.skip(CHART_ROWS)
