"""What the dashboard shows, ready to be written: rows, cards, charts and the table of organisations.

Figures come from summary.py; this module only arranges them and gives every number its address.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from config import charts
from config.beside import beside
from config.numbers import MISSING, change_text, count_text, decimal_text, points_text, share_text
from members.tree import Node
from reviews.addresses import Addresses
from reviews.indicators import BY_CODE, FIGURES, Figure, Section
from reviews.models import RatingSubject
from reviews.scope import Scope
from reviews.summary import Number, Summary, TargetResult

CHART_YEARS = 5
ADMITTED = "admission.decided"


@dataclass(frozen=True)
class FigureRow:
    """A figure with this year's number, last year's, and the difference."""

    code: str
    label: str
    note: str
    depth: int
    rank: int | None
    count: str
    url: str
    share: str
    base: str
    base_url: str
    before: str
    before_url: str
    change: str


@dataclass(frozen=True)
class ProgrammeRow:
    """A training programme: its three figures side by side."""

    label: str
    cells: list[FigureRow]


@dataclass(frozen=True)
class TargetCard:
    """A target with what was reached; `fill` and `line` are where the gauge ends and the target stands (0–200)."""

    label: str
    code: str
    wanted: str
    value: str
    base: str
    url: str
    verdict: str
    gap: str
    met: bool | None
    fill: float
    line: float


@dataclass(frozen=True)
class UnitCell:
    """A cell of the table of organisations: what it shows, what it sorts by, which list it opens."""

    text: str
    key: Any
    url: str = ""
    small: str = ""


@dataclass(frozen=True)
class UnitRow:
    """A grassroots organisation in the table: its numbers and its own rating."""

    node: Node
    url: str
    cells: list[UnitCell]
    level: UnitCell

    def sorting_key(self, position: int) -> Any:
        """What the table sorts by at a column of UNIT_COLUMNS."""
        keys = [0, self.node.kind_label, *(cell.key for cell in self.cells), self.level.key]
        return keys[position]


@dataclass(frozen=True)
class UnitColumn:
    """A column of the table of organisations; `sort` is its name in the address."""

    sort: str
    label: str
    code: str
    numeric: bool = True


UNIT_COLUMNS = (
    UnitColumn("to-chuc", "Tổ chức cơ sở đảng", "", numeric=False),
    UnitColumn("loai", "Loại", "", numeric=False),
    UnitColumn("dang-vien", "Đảng viên", "members.total"),
    UnitColumn("ket-nap", "Kết nạp", ADMITTED),
    UnitColumn("da-xep-loai", "ĐV đã xếp loại", "ratings.members.rated"),
    UnitColumn("tot-tro-len", "ĐV hoàn thành tốt trở lên", "ratings.members.good_or_better"),
    UnitColumn("con-thieu", "ĐV còn thiếu", "ratings.members.unrated.missing"),
    UnitColumn("xep-loai", "Xếp loại tổ chức", "ratings.organisations.rated", numeric=False),
)


class Dashboard:
    """The dashboard of one organisation and year."""

    def __init__(self, scope: Scope, *, sort: str = "") -> None:
        self.scope = scope
        self.sort = sort.removeprefix("-")
        self.descending = sort.startswith("-")
        self.summary = Summary(scope)
        self.before = self.summary.in_year(scope.year - 1)
        self.years = [*self._older_years(), self.before, self.summary]
        self.addresses = Addresses(scope.year, scope.organisation.code)
        self.addresses_before = Addresses(scope.year - 1, scope.organisation.code)

        self._count()

    def _count(self) -> None:
        """Count all that the page shows, the years before beside this one."""
        _ = self.scope.tree.nodes, self.scope.is_whole  # read once, for all years
        year_before = beside(lambda: self.before.tally)
        older_years = beside(lambda: [summary.tally for summary in self.years[:-2]])
        _ = self.summary.tally, self.units, self.unit_columns  # what needs this year alone
        year_before()
        older_years()

    # Figures

    def row(self, figure: Figure) -> FigureRow:
        """A figure as a row of a table."""
        number, before = self.summary.number(figure.code), self.before.number(figure.code)
        url = self.addresses.figure(figure.code)
        return FigureRow(
            code=figure.code,
            label=number.label,
            note=figure.note,
            depth=_depth(figure),
            rank=figure.rank,
            count=count_text(number.count),
            url=url,
            share=share_text(number.share) if figure.base else "",
            base=count_text(number.base) if figure.base else "",
            base_url=self.addresses.figure(figure.base) if figure.base else "",
            before=share_text(before.share) if figure.base else count_text(before.count),
            before_url=self.addresses_before.figure(figure.code),
            change=_change(number, before, comparable=self.summary.has_rules_of(self.before, figure)),
        )

    def rows(self, section: Section) -> list[FigureRow]:
        """The figures of a section in printed order."""
        return [self.row(figure) for figure in FIGURES if figure.section == section]

    @cached_property
    def sections(self) -> dict[str, list[FigureRow]]:
        """The rows of every section but training, by its name in lower case."""
        return {section.name.lower(): self.rows(section) for section in Section if section != Section.TRAINING}

    @cached_property
    def programmes(self) -> list[ProgrammeRow]:
        """The training figures, a row a programme."""
        rows = self.rows(Section.TRAINING)
        threes = [rows[start : start + 3] for start in range(0, len(rows), 3)]
        return [ProgrammeRow(cells[0].label.partition(":")[0], cells) for cells in threes]

    # Targets

    @cached_property
    def targets(self) -> list[TargetCard]:
        """The targets of the year with what was reached."""
        return [self._card(result) for result in self.summary.targets if result.target.year == self.scope.year]

    @cached_property
    def next_targets(self) -> list[TargetCard]:
        """The targets set for the year after."""
        return [self._card(result) for result in self.summary.targets if result.target.year != self.scope.year]

    def _card(self, result: TargetResult) -> TargetCard:
        is_share = bool(result.figure.base)
        wanted = decimal_text(result.target.value, short=True) + ("%" if is_share else "")
        top = 100 if is_share else max(float(result.target.value), float(result.actual or 0), 1) * 1.06
        number = result.number
        return TargetCard(
            label=result.title,
            code=result.figure.code,
            wanted=wanted,
            value=_target_value(number, is_share=is_share),
            base=f"{count_text(number.count)}/{count_text(number.base)}" if number and is_share else "",
            url=self.addresses.figure(result.figure.code),
            verdict={True: "Đạt", False: "Chưa đạt", None: "Chưa có số liệu"}[result.met],
            gap=_gap_text(result),
            met=result.met,
            fill=round(float(result.actual or 0) / top * 200, 1),
            line=round(float(result.target.value) / top * 200, 1),
        )

    # Charts

    def _older_years(self) -> list[Summary]:
        """The years before the last, with what the charts need."""
        needed = [figure for figure in FIGURES if figure.rank or figure.code == ADMITTED]
        needed = [figure for figure in needed if figure.subject != RatingSubject.MASS]
        years = range(self.scope.year - CHART_YEARS + 1, self.scope.year - 1)
        return [self.summary.in_year(year, needed) for year in years]

    @cached_property
    def organisations_chart(self) -> charts.Chart:
        """The ratings of grassroots organisations over five years."""
        return self._ratings_chart(RatingSubject.ORGANISATIONS, "Xếp loại tổ chức cơ sở đảng")

    @cached_property
    def members_chart(self) -> charts.Chart:
        """The ratings of members over five years."""
        return self._ratings_chart(RatingSubject.MEMBERS, "Xếp loại đảng viên")

    def _ratings_chart(self, subject: RatingSubject, title: str) -> charts.Chart:
        bars = [self._bar(summary, subject) for summary in self.years]
        first, last = bars[0].name, bars[-1].name
        return charts.stacked_chart(f"{title}, {first}–{last}, tỷ lệ trên số đã xếp loại", bars)

    def _bar(self, summary: Summary, subject: RatingSubject) -> charts.Bar:
        addresses = Addresses(summary.scope.year, self.scope.organisation.code)
        numbers = [summary.number(f"ratings.{subject.value}.tier{rank}") for rank in (1, 2, 3, 4)]
        parts = [
            charts.Part(rank, number.label, number.count, number.share, addresses.figure(number.figure.code))
            for rank, number in enumerate(numbers, 1)
        ]
        level = summary.levels.get((subject.value, 1))
        return charts.Bar(str(summary.scope.year), parts, level.scheme_pk if level else None)

    @cached_property
    def admissions_chart(self) -> charts.Chart:
        """Admissions of five years against the targets."""
        targets = {row.year: int(row.value) for row in self.summary.all_targets if row.figure == ADMITTED}
        columns = []
        for summary in self.years:
            year = summary.scope.year
            address = Addresses(year, self.scope.organisation.code).figure(ADMITTED)
            columns.append(charts.Column(str(year), summary.number(ADMITTED).count, address, targets.get(year)))
        title = f"Kết nạp đảng viên, {columns[0].name}–{columns[-1].name}, so với chỉ tiêu"
        return charts.column_chart(title, columns, "người")

    def legend(self, subject: str) -> list[tuple[int, str]]:
        """Rank and name of each level of the year."""
        return [(rank, self.summary.number(f"ratings.{subject}.tier{rank}").label) for rank in (1, 2, 3, 4)]

    @cached_property
    def organisations_legend(self) -> list[tuple[int, str]]:
        """The levels of organisations."""
        return self.legend("organisations")

    @cached_property
    def members_legend(self) -> list[tuple[int, str]]:
        """The levels of members."""
        return self.legend("members")

    # Organisations

    @cached_property
    def unit_columns(self) -> list[dict[str, Any]]:
        """The headings of the table of organisations, each with the address that sorts by it."""
        return [self._heading(column) for column in UNIT_COLUMNS]

    def _heading(self, column: UnitColumn) -> dict[str, Any]:
        is_sorted = column.sort == (self.sort or UNIT_COLUMNS[0].sort)
        first = "-" if column.numeric else ""
        target = ("" if self.descending else "-") + column.sort if is_sorted else first + column.sort
        direction = ("descending" if self.descending else "ascending") if is_sorted else ""
        arrow = {"ascending": " ▲", "descending": " ▼", "": ""}[direction]
        return {"column": column, "url": f"?xep={target}#to-chuc", "direction": direction, "arrow": arrow}

    @cached_property
    def units(self) -> list[UnitRow]:
        """The grassroots organisations below this one, sorted as the address says."""
        nodes = [node for node in self.summary.grassroots if node.pk != self.scope.organisation.pk]
        rows = [self._unit(node) for node in nodes]
        sorts = [column.sort for column in UNIT_COLUMNS]
        position = sorts.index(self.sort) if self.sort in sorts else 0
        if position:
            rows.sort(key=lambda row: row.sorting_key(position), reverse=self.descending)
        elif self.descending:
            rows.reverse()
        return rows

    def _unit(self, node: Node) -> UnitRow:
        addresses = Addresses(self.scope.year, node.code)
        columns = UNIT_COLUMNS[2:-1]
        cells = [
            _unit_cell(self.summary.number(column.code, node.pk), addresses.figure(column.code)) for column in columns
        ]
        return UnitRow(node, addresses.summary, cells, self._level_cell(node, addresses))

    def _level_cell(self, node: Node, addresses: Addresses) -> UnitCell:
        for rank in (1, 2, 3, 4):
            number = self.summary.number(f"ratings.organisations.tier{rank}", node.pk)
            if number.count:
                return UnitCell(number.label, rank, addresses.figure(number.figure.code))
        return UnitCell("Chưa xếp loại", 5, addresses.figure("ratings.organisations.unrated"))


def _unit_cell(number: Number, url: str) -> UnitCell:
    if number.base is None:
        return UnitCell(count_text(number.count), number.count, url)
    small = f"{count_text(number.count)}/{count_text(number.base)}"
    return UnitCell(share_text(number.share), number.share if number.share is not None else -1, url, small)


def _depth(figure: Figure) -> int:
    depth, whole = 0, figure.part_of
    while whole:
        depth, whole = depth + 1, BY_CODE[whole].part_of
    return min(depth, 2)


def _change(number: Number, before: Number, *, comparable: bool) -> str:
    if not comparable:
        return MISSING
    if number.figure.base is None:
        return change_text(number.count - before.count)
    if number.share is None or before.share is None:
        return MISSING
    return points_text(number.share - before.share)


def _target_value(number: Number | None, *, is_share: bool) -> str:
    if number is None:
        return ""
    return share_text(number.share) if is_share else count_text(number.count)


def _gap_text(result: TargetResult) -> str:
    if result.gap is None:
        return ""
    unit = result.figure.unit
    if not result.met:
        return f"thiếu {count_text(result.missing_count)} {unit}"
    if result.figure.base:
        return f"vượt {decimal_text(result.gap, short=True)} điểm %" if result.gap else "vừa đủ"
    return f"vượt {count_text(int(result.gap))} {unit}" if result.gap else "vừa đủ"


def latest_year(organisations: Iterable[Any], default: int) -> int:
    """The last year that has ratings of members in these organisations, or `default`."""
    from reviews.models import MemberRating

    year = MemberRating.objects.filter(organisation__in=organisations).order_by("-year").values_list("year", flat=True)
    return year.first() or default
