"""The first sheet of the summary's workbook: the figures and targets in the layout of a Party document.

Where that layout is described: 36-HD/VPTW, 05-HD/VPTW.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from openpyxl import Workbook
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from config.numbers import count_text
from config.workbook import BOLD, CENTRED, NOTE, SMALL, TITLE, Kind, Look
from config.workbook_pages import As, Column, Page, Role, Row, Table
from members.models import OrganisationKind
from members.tree import Node
from reviews.indicators import FIGURES, Figure, Section
from reviews.summary import Number, Summary, TargetResult

SHEET = "Tổng kết"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
CELLS = (OrganisationKind.GRASSROOTS_CELL, OrganisationKind.SUBORDINATE_CELL)

# One grid for both tables of the sheet: number, label, three columns of the year, three of the year before,
# two of the difference.
GRID = (5, 31, 8, 8, 7.5, 8, 8, 7.5, 8, 8)
# The left part of the document's head ends with this column, and so does "Nơi nhận".
LEFT_PART = 3


def figure_name(code: str) -> str:
    """The name in the workbook of the cell that holds a figure's count."""
    return f"figure_{code}"


def fraction(number: Number) -> float | None:
    """A share as the part of one that Excel writes as a percentage; none without a base or with base 0."""
    return number.count / number.base if number.base else None


def write_front(workbook: Workbook, summary: Summary) -> None:
    """Add the sheet; each figure's count is named by `figure_name`."""
    year, name = summary.scope.year, summary.scope.tree.root.name
    page = Page(workbook, SHEET, GRID)
    _write_letterhead(page, summary)
    page.line("TỔNG HỢP", TITLE)
    subject = f"Kết quả công tác xây dựng Đảng năm {year}"
    page.line(subject, Look(bold=True, size=13, across="center"))
    page.line("-----", CENTRED)
    page.line(f"{name}. Số liệu tính đến {summary.scope.day:%d/%m/%Y}", SMALL)
    page.skip()
    if summary.targets:
        page.line("A. Chỉ tiêu", BOLD)
        page.table(_targets(summary), repeated=False, frozen=False)
        page.skip()
        page.line("B. Kết quả", BOLD)
    _write_figures(workbook, page, summary)
    page.skip()
    _write_signatures(page, summary)
    page.finish(footer=name)


# --- The document around the tables ----------------------------------------------------------------


def _upper(summary: Summary) -> str:
    """The committee above the organisation on the day of the summary."""
    above = summary.scope.tree.above
    return above[-1].name if above else settings.PARENT_COMMITTEE_NAME


def issuing_body(node: Node) -> str:
    """Who signs for an organisation: of a đảng bộ its đảng ủy, a chi bộ itself (36-HD/VPTW)."""
    whole, body = "Đảng bộ ", "Đảng ủy "
    return body + node.name.removeprefix(whole) if node.name.startswith(whole) else node.name


def _signer(node: Node) -> str:
    if node.kind in CELLS:
        return "T/M CHI BỘ"
    return "T/M BAN THƯỜNG VỤ" if node.kind == OrganisationKind.UPPER_COMMITTEE else "T/M ĐẢNG ỦY"


def _write_letterhead(page: Page, summary: Summary) -> None:
    """Issuing body at left, the Party's name with place and date at right; the date is filled in by hand."""
    body = Look(size=12, across="center", down="top")
    bold = Look(bold=True, size=12, across="center", down="top")
    party = Look(bold=True, underlined=True, size=13, across="center", down="top")
    date = Look(italic=True, size=12, across="center", down="top")
    page.block(_upper(summary).upper(), body, 1, LEFT_PART)
    page.line("ĐẢNG CỘNG SẢN VIỆT NAM", party, LEFT_PART + 1)
    page.block(issuing_body(summary.scope.tree.root).upper(), bold, 1, LEFT_PART)
    page.line(f"{settings.PLACE_NAME or '………'}, ngày …… tháng …… năm ………", date, LEFT_PART + 1)
    page.line("*", CENTRED, 1, LEFT_PART)
    page.skip()


def _write_signatures(page: Page, summary: Summary) -> None:
    signed = Look(bold=True, size=12, across="center")
    page.block("Nơi nhận:", Look(underlined=True, size=12), 1, LEFT_PART)
    page.line(_signer(summary.scope.tree.root), signed, LEFT_PART + 2)
    page.block(f"- {_upper(summary)},", Look(), 1, LEFT_PART)
    page.line("BÍ THƯ", signed, LEFT_PART + 2)
    page.line("- Lưu.", Look(), 1, LEFT_PART)
    # Room for the name and the seal.
    page.skip(4)
    page.line("", CENTRED, LEFT_PART + 2)


# --- The figures -----------------------------------------------------------------------------------


def _write_figures(workbook: Workbook, page: Page, summary: Summary) -> None:
    before = summary.in_year(summary.scope.year - 1)
    rows, codes = _figure_rows(summary, before)
    table = Table(_figure_columns(summary.scope.year), rows)
    for row, code in zip(page.table(table, frozen=False), codes, strict=True):
        if code:
            place = f"{quote_sheetname(page.sheet.title)}!$C${row}"
            workbook.defined_names[figure_name(code)] = DefinedName(figure_name(code), attr_text=place)
    sections = {figure.section for figure in FIGURES if not summary.has_rules_of(before, figure)}
    changed = ", ".join(section.value.lower() for section in Section if section in sections)
    if changed:
        year = summary.scope.year
        page.line(f"Quy định mới từ năm {year} về {changed}: các mức không so sánh với năm {year - 1}.", NOTE)


def _figure_columns(year: int) -> list[Column]:
    of_year = (("Số lượng", Kind.COUNT), ("Tỷ lệ", Kind.SHARE), ("Trên tổng số", Kind.COUNT))
    groups = (f"Năm {year}", f"Năm {year - 1}")
    return [
        Column("STT", centred=True),
        Column("Nội dung"),
        *(Column(label, group, kind) for group in groups for label, kind in of_year),
        Column("Số lượng", "Chênh lệch", Kind.CHANGE),
        Column("Điểm %", "Chênh lệch", Kind.POINTS),
    ]


def _figure_rows(summary: Summary, before: Summary) -> tuple[list[Row], list[str]]:
    """The rows of all figures, and of each row the code, empty for a heading."""
    rows, codes = [], []
    for roman, section in zip(ROMAN, Section, strict=False):
        rows.append(Row([roman, section.value], Role.HEADING))
        codes.append("")
        for place, figure in numbered([figure for figure in FIGURES if figure.section == section]):
            number, old = summary.number(figure.code), before.number(figure.code)
            values = _compared(number, old, comparable=summary.has_rules_of(before, figure))
            rows.append(Row([place, number.label, *values], indent=place.count(".")))
            codes.append(figure.code)
    return rows, codes


def numbered(figures: Sequence[Figure]) -> Iterator[tuple[str, Figure]]:
    """The figures with their numbers 1, 1.1, 1.2, 2: a part is counted below its whole."""
    places: dict[str | None, str] = {}
    counts: Counter[str | None] = Counter()
    for figure in figures:
        whole = figure.part_of if figure.part_of in places else None
        counts[whole] += 1
        places[figure.code] = f"{places[whole]}.{counts[whole]}" if whole else str(counts[whole])
        yield places[figure.code], figure


def _compared(number: Number, old: Number, *, comparable: bool) -> list[Any]:
    points = None
    if comparable and number.share is not None and old.share is not None:
        points = number.share - old.share
    change = number.count - old.count if comparable else None
    return [number.count, fraction(number), number.base, old.count, fraction(old), old.base, change, points]


# --- The targets -----------------------------------------------------------------------------------


def _targets(summary: Summary) -> Table:
    """The targets of the year with what was reached, beside those for the year after."""
    year = summary.scope.year
    this = f"Năm {year}"
    columns = [
        Column("STT", centred=True),
        Column("Nội dung"),
        Column("Chỉ tiêu", this),
        Column("Thực hiện", this),
        Column("Trên tổng số", this, Kind.COUNT),
        Column("Chênh lệch", this, span=2),
        Column("Kết quả", this, centred=True, span=2),
        Column(f"Chỉ tiêu {year + 1}"),
    ]
    results: dict[str, dict[int, TargetResult]] = {}
    for result in summary.targets:
        results.setdefault(result.figure.code, {})[result.target.year] = result
    rows = [
        [str(number), *_target(summary, results[figure.code].get(year), results[figure.code].get(year + 1))]
        for number, figure in enumerate((figure for figure in FIGURES if figure.code in results), 1)
    ]
    return Table(columns, [Row(row) for row in rows])


def _target(summary: Summary, this: TargetResult | None, following: TargetResult | None) -> list[Any]:
    target = this or following or summary.targets[0]
    figure = target.figure
    number = summary.number(figure.code)
    reached = As(fraction(number), Kind.SHARE) if figure.base else number.count
    gap = _gap(this) if this else None
    return [
        target.title,
        _wanted(this),
        reached,
        number.base,
        gap,
        _verdict(this),
        _wanted(following),
    ]


def _wanted(result: TargetResult | None) -> Any:
    if result is None:
        return None
    value = result.target.value
    return As(float(value / 100), Kind.SHARE) if result.figure.base else As(value, Kind.COUNT)


def _gap(result: TargetResult) -> Any:
    if result.gap is None:
        return None
    return As(float(result.gap), Kind.NAMED_POINTS) if result.figure.base else As(result.gap, Kind.CHANGE)


def _verdict(result: TargetResult | None) -> str | None:
    """Whether the target was met or, where not, what was missing."""
    if result is None or result.met is None:
        return None
    if result.met:
        return "Đạt"
    return f"Chưa đạt, thiếu {count_text(result.missing_count)} {result.figure.unit}"
