"""The year-end summary of an organisation: every figure with its share, the targets, and its JSON.

Numbers only; what they count is said in indicators.py, how they look in the pages and the workbook.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.utils.functional import cached_property

from members.tree import Node
from reviews.indicators import BY_CODE, FIGURES, Figure
from reviews.models import RatingLevel, Target
from reviews.scope import Scope
from reviews.sources import Tally, tally_all

HUNDREDTH = Decimal("0.01")
POSITIONS = {figure.code: position for position, figure in enumerate(FIGURES)}


def share_of(count: int, base: int) -> Decimal | None:
    """`count` over `base` in percent, rounded half up to two decimals; none for base 0."""
    if base == 0:
        return None
    return (Decimal(count) * 100 / Decimal(base)).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def count_figures(scope: Scope, figures: Iterable[Figure], *, whole_tree: bool = True) -> Tally:
    """The counts of `figures` at the scope's organisation and, with `whole_tree`, every one under it.

    A query or two a source, however many figures and organisations.
    """
    return tally_all(scope, ((figure.source, figure) for figure in figures), whole_tree=whole_tree)


class Level(NamedTuple):
    """A rating level with the years of its scheme."""

    subject: str
    rank: int
    name: str
    scheme_pk: int
    first_year: int
    last_year: int | None


class Levels:
    """The rating levels of all schemes, read once; the names of a year come from the scheme in force in it."""

    @cached_property
    def _all(self) -> list[Level]:
        columns = ("scheme__subject", "rank", "name", "scheme", "scheme__first_year", "scheme__last_year")
        return [Level(*row) for row in RatingLevel.objects.order_by().values_list(*columns)]

    def in_year(self, year: int) -> dict[tuple[str, int], Level]:
        """The levels in force in `year` by subject and rank."""
        in_force = (level for level in self._all if level.first_year <= year <= (level.last_year or year))
        return {(level.subject, level.rank): level for level in in_force}


@dataclass(frozen=True)
class Number:
    """A figure's number at one organisation: its count, and its base and share (percent) where it has one."""

    figure: Figure
    label: str
    count: int
    base: int | None

    @property
    def share(self) -> Decimal | None:
        """Percent of the base, two decimals; none without a base or with base 0."""
        return None if self.base is None else share_of(self.count, self.base)


@dataclass(frozen=True)
class TargetResult:
    """A target and, for the summary's own year, what was reached."""

    target: Target
    figure: Figure
    label: str
    number: Number | None

    @property
    def title(self) -> str:
        """What the target is set on: a level of ratings says of whom."""
        subject = self.figure.subject
        return f"{subject.label} {self.label[0].lower()}{self.label[1:]}" if subject else self.label

    @property
    def measure(self) -> str:
        """ "share" where the figure has a base, else "count"."""
        return "share" if self.figure.base else "count"

    @property
    def actual(self) -> Decimal | None:
        """What was reached, in the target's measure; none for a year to come or with base 0."""
        if self.number is None:
            return None
        return self.number.share if self.figure.base else Decimal(self.number.count)

    @property
    def met(self) -> bool | None:
        """Whether the actual value is at least the target; none without an actual value."""
        return None if self.actual is None else self.actual >= self.target.value

    @property
    def gap(self) -> Decimal | None:
        """Actual less target: percentage points for a share, else records."""
        return None if self.actual is None else self.actual - self.target.value

    @property
    def missing_count(self) -> int:
        """How many more records of the same base would have met the target; 0 where it is met."""
        if self.number is None or self.met is not False:
            return 0
        if self.figure.base is None:
            return int(self.target.value.to_integral_value(rounding="ROUND_CEILING")) - self.number.count
        base = self.number.base or 0
        missing = (
            count for count in range(self.number.count, base + 1) if (share_of(count, base) or 0) >= self.target.value
        )
        return next(missing, base + 1) - self.number.count


class Summary:
    """Figures of a scope, counted once: for its organisation and, with `whole_tree`, every one under it."""

    def __init__(self, scope: Scope, figures: Iterable[Figure] = FIGURES, *, whole_tree: bool = True) -> None:
        self.scope = scope
        self.figures = tuple(figures)
        self.whole_tree = whole_tree
        self.all_levels = Levels()

    def in_year(self, year: int, figures: Iterable[Figure] | None = None) -> Summary:
        """The same organisation's figures in another year, without those of the organisations under it."""
        summary = Summary(self.scope.in_year(year), self.figures if figures is None else figures, whole_tree=False)
        summary.all_levels = self.all_levels
        return summary

    @cached_property
    def tally(self) -> Tally:
        """The counts of every figure at every organisation."""
        wanted = {figure.code: figure for figure in self.figures}
        wanted |= {figure.base: BY_CODE[figure.base] for figure in self.figures if figure.base}
        return count_figures(self.scope, wanted.values(), whole_tree=self.whole_tree)

    @cached_property
    def levels(self) -> dict[tuple[str, int], Level]:
        """The rating levels in force in the year, by subject and rank."""
        return self.all_levels.in_year(self.scope.year)

    @property
    def status(self) -> str:
        """Whether the year is open or closed for this organisation."""
        return "open"

    def label(self, figure: Figure) -> str:
        """The figure's label in the words of the year."""
        if figure.rank and figure.subject and (figure.subject.value, figure.rank) in self.levels:
            return self.levels[figure.subject.value, figure.rank].name
        return figure.label

    def has_rules_of(self, other: Summary, figure: Figure) -> bool:
        """Whether the figure's levels are those of the same scheme in both years: only then may they be compared."""
        if figure.subject is None or figure.base is None:
            return True
        now, then = (levels.get((figure.subject.value, 1)) for levels in (self.levels, other.levels))
        return now is None or then is None or now.scheme_pk == then.scheme_pk

    def number(self, code: str, pk: int | None = None) -> Number:
        """The number of a figure at the scope's organisation or, given its key, at one under it."""
        pk = self.scope.organisation.pk if pk is None else pk
        figure = BY_CODE[code]
        base = self.tally[figure.base].get(pk, 0) if figure.base else None
        return Number(figure, self.label(figure), self.tally[code].get(pk, 0), base)

    @cached_property
    def numbers(self) -> dict[str, Number]:
        """Every number of the scope's organisation by its code, in printed order."""
        return {figure.code: self.number(figure.code) for figure in self.figures}

    @property
    def grassroots(self) -> list[Node]:
        """The TCCSĐ of the scope on D, the organisation itself included where it is one."""
        return self.scope.tree.grassroots

    @cached_property
    def all_targets(self) -> list[Target]:
        """The organisation's targets of every year."""
        return list(Target.objects.filter(organisation=self.scope.organisation).order_by("year"))

    @cached_property
    def targets(self) -> list[TargetResult]:
        """The organisation's targets of the year with what was reached, then those for the year after.

        Shares come first, as in the report.
        """
        years = (self.scope.year, self.scope.year + 1)
        known = [row for row in self.all_targets if row.year in years and row.figure in BY_CODE]
        known.sort(key=lambda row: (row.year, BY_CODE[row.figure].base is None, POSITIONS[row.figure]))
        return [self._result(row) for row in known]

    def _result(self, target: Target) -> TargetResult:
        figure = BY_CODE[target.figure]
        number = self.number(figure.code) if target.year == self.scope.year else None
        return TargetResult(target, figure, self.label(figure), number)

    def as_json(self) -> dict[str, Any]:
        """The summary in the shape of the command's JSON; shares and targets are decimal strings."""
        root = self.scope.tree.root
        return {
            "year": self.scope.year,
            "as_of": self.scope.day.isoformat(),
            "status": self.status,
            "organisation": {"code": root.code, "name": root.name},
            "figures": {
                code: {"count": number.count, "base": number.base, "share": plain(number.share)}
                for code, number in self.numbers.items()
            },
            "targets": [
                {
                    "year": result.target.year,
                    "figure": result.figure.code,
                    "measure": result.measure,
                    "target": plain(result.target.value, short=True),
                    "actual": plain(result.actual, short=result.figure.base is None),
                    "met": result.met,
                }
                for result in self.targets
            ],
        }


def plain(value: Decimal | None, *, short: bool = False) -> str | None:
    """A decimal as JSON text: "80.28"; with `short`, without zeros at its end: "98"."""
    if value is None:
        return None
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if short else text
