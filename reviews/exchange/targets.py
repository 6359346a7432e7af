"""The sheet Chỉ tiêu."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from members.exchange.cells import decimal
from members.exchange.organisation_index import Place, lines_of
from members.exchange.plan import Line, good
from members.exchange.records import MISSING, RecordImporter
from members.exchange.run import Run
from members.intake.values import key as word_key
from members.intake.values import plain_key
from reviews.exchange.years import YEAR, has_year, settle_years
from reviews.indicators import BY_CODE, FIGURES, Figure
from reviews.models import Target
from reviews.summary import Levels

PLACE, FIGURE, VALUE = "Mã tổ chức", "Chỉ tiêu", "Giá trị"

NO_FIGURE = "Không có chỉ tiêu “{}”. Hãy ghi đúng tên, ví dụ: {}."
SEVERAL_FIGURES = "Có nhiều chỉ tiêu tên “{}”. Hãy ghi rõ: {}."
NO_PLACE = "Chưa ghi mã tổ chức."
MOST = 9_999_999
OUT_OF_RANGE = f"Cần một số từ 0 đến {MOST}."
OVER_HUNDRED = "Chỉ tiêu này là tỷ lệ phần trăm, không quá 100."
IS_IT_PERCENT = "Chỉ tiêu này tính bằng phần trăm: {} nghĩa là {} %."


class FigureNames:
    """What a figure may be called in a year: its code, its label, alone or with its section or of whom it speaks."""

    def __init__(self) -> None:
        self.levels = Levels()
        self._of_year: dict[int, dict[str, list[Figure]]] = {}

    def find(self, told: str, year: int) -> list[Figure]:
        """The figures that the text may mean."""
        if told in BY_CODE:
            return [BY_CODE[told]]
        names = self._names(year)
        return names.get(word_key(told)) or names.get(plain_key(told)) or []

    def _names(self, year: int) -> dict[str, list[Figure]]:
        if year not in self._of_year:
            names: dict[str, list[Figure]] = defaultdict(list)
            for figure in FIGURES:
                for name in set(self._called(figure, year)):
                    for key in {word_key(name), plain_key(name)}:
                        names[key].append(figure)
            self._of_year[year] = names
        return self._of_year[year]

    def _called(self, figure: Figure, year: int) -> Iterator[str]:
        yield from (figure.label, f"{figure.section.value}: {figure.label}", full_name(figure))
        level = self.levels.in_year(year).get((figure.subject or "", figure.rank or 0))
        if level is not None:
            yield from (level.name, f"{figure.section.value}: {level.name}", f"{_subject(figure)} {level.name}")


def full_name(figure: Figure) -> str:
    """A name that no other figure has, whatever the year: with of whom it speaks, or its section."""
    label = figure.label
    if figure.subject:
        return f"{_subject(figure)} {label[0].lower()}{label[1:]}"
    is_whole = figure.part_of is None or ": " in label
    return label if is_whole else f"{figure.section.value}: {label}"


def _subject(figure: Figure) -> str:
    return str(figure.subject.label) if figure.subject else ""


class TargetImporter(RecordImporter):
    """Targets by year, organisation and figure."""

    kind = "Chỉ tiêu"
    model = Target
    key_column = FIGURE
    needed = (VALUE,)
    cells = (decimal(VALUE, "value"),)
    columns_by_field = {"year": YEAR, "organisation": PLACE, "figure": FIGURE}

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.names = FigureNames()
        self.figures: dict[int, Figure] = {}  # by identity of the line

    def resolve(self, lines: list[Line]) -> None:
        self.figures.clear()
        settle_years(self.run, lines)
        lines_of(self.run.organisations, lines, PLACE, self.run.place or self._only_root())
        for line in lines:
            if line.organisation is None:
                line.fail(PLACE, NO_PLACE)
            self._find_figure(line)
        for line in good(lines):
            self._check_value(line)

    def _only_root(self) -> Place | None:
        index = self.run.organisations
        roots = [place for place in index.places.values() if place.path.count("/") == 1 and not place.is_ended]
        return roots[0] if len(roots) == 1 and index.covers(roots[0]) else None

    def _find_figure(self, line: Line) -> None:
        told = line.values.get(FIGURE)
        if not told:
            line.fail(FIGURE, MISSING.format(FIGURE.lower()))
            return
        if not has_year(line):
            return
        found = self.names.find(told, int(line.values[YEAR]))
        if len(found) == 1:
            self.figures[id(line)] = found[0]
        elif found:
            line.fail(FIGURE, SEVERAL_FIGURES.format(told, "; ".join(map(full_name, found[:8]))))
        else:
            examples = [figure for figure in FIGURES if figure.code.endswith((".good_or_better", "admission.decided"))]
            line.fail(FIGURE, NO_FIGURE.format(told, "; ".join(map(full_name, examples))))

    def _check_value(self, line: Line) -> None:
        told = line.values.get(VALUE)
        if told is None:
            return
        value = float(told) if told else -1
        if not 0 <= value <= MOST:
            line.fail(VALUE, OUT_OF_RANGE)
        elif self.figures[id(line)].base and value > 100:
            line.fail(VALUE, OVER_HUNDRED)
        elif self.figures[id(line)].base and 0 < value <= 1:
            line.notes.append(IS_IT_PERCENT.format(told, told))

    def key(self, line: Line) -> Hashable:
        return int(line.values[YEAR]), line.organisation.pk, self.figures[id(line)].code

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        rows = Target.objects.select_for_update().filter(
            year__in={int(line.values[YEAR]) for line in lines},
            organisation__in={line.organisation.pk for line in lines},
        )
        return {(row.year, row.organisation_id, row.figure): row for row in rows}

    def begin(self, line: Line) -> Target:
        return Target(
            year=int(line.values[YEAR]), organisation_id=line.organisation.pk, figure=self.figures[id(line)].code
        )

    def records(self) -> Iterable[Target]:
        """Of the organisations of the scope."""
        return self.run.within(Target.objects.order_by("year", "organisation__code", "figure", "pk")).iterator()

    def described(self, record: Target) -> dict[str, str]:
        figure = BY_CODE.get(record.figure)
        return {
            YEAR: str(record.year),
            PLACE: self.run.organisations.places[record.organisation_id].code,
            FIGURE: full_name(figure) if figure else record.figure,
        } | super().described(record)
