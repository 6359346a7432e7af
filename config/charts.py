"""The geometry of the charts: from numbers to rectangles; the templates draw them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.numbers import count_text, share_text

WIDTH, HEIGHT = 400, 230
LEFT, TOP, BOTTOM = 42, 22, 200
LABEL_ROOM = 13


@dataclass(frozen=True)
class Segment:
    """A rectangle that stands for a number: where it is, what it says and which list it opens."""

    x: float
    y: float
    width: float
    height: float
    rank: int
    title: str
    url: str
    text: str = ""

    @property
    def middle(self) -> float:
        """Where its text stands, across."""
        return round(self.x + self.width / 2, 1)

    @property
    def right(self) -> float:
        """Where it ends, across."""
        return round(self.x + self.width, 1)

    @property
    def baseline(self) -> float:
        """Where its text stands, down."""
        return round(self.y + self.height / 2 + 4.5, 1)


@dataclass(frozen=True)
class Tick:
    """A line of the scale or a name under a bar."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart ready to be drawn; `breaks` are where the rules changed between two bars."""

    title: str
    segments: list[Segment]
    ticks: list[Tick]
    names: list[Tick]
    breaks: list[Tick]
    marks: list[Segment]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = BOTTOM
    top: int = TOP


@dataclass(frozen=True)
class Part:
    """A part of a stacked bar."""

    rank: int
    label: str
    count: int
    share: Decimal | None
    url: str


@dataclass(frozen=True)
class Bar:
    """A year of a stacked chart; `rules` tells years apart that were rated by different schemes."""

    name: str
    parts: Sequence[Part]
    rules: int | None


def _columns(number: int) -> tuple[float, float]:
    """The step from bar to bar and a bar's width."""
    step = (WIDTH - LEFT) / max(number, 1)
    return step, min(step * 0.66, 56)


def stacked_chart(title: str, bars: Sequence[Bar]) -> Chart:
    """Shares of each year one on the other up to 100 %, the best level at the bottom."""
    step, width = _columns(len(bars))
    segments: list[Segment] = []
    for position, bar in enumerate(bars):
        x = LEFT + position * step + (step - width) / 2
        segments += _stack(bar, x, width)
    breaks = [
        Tick(round(LEFT + position * step, 1), "quy định mới")
        for position in range(1, len(bars))
        if bars[position].rules != bars[position - 1].rules
    ]
    ticks = [Tick(_down(Decimal(share)), f"{share}%") for share in (0, 25, 50, 75, 100)]
    return Chart(title, segments, ticks, _names([bar.name for bar in bars], step), breaks, [])


def _names(names: Sequence[str], step: float) -> list[Tick]:
    return [Tick(round(LEFT + (position + 0.5) * step, 1), name) for position, name in enumerate(names)]


def _down(share: Decimal) -> float:
    return round(BOTTOM - float(share) / 100 * (BOTTOM - TOP), 1)


def _stack(bar: Bar, x: float, width: float) -> list[Segment]:
    drawn, level = [], Decimal(0)
    for part in bar.parts:
        if not part.share:
            continue
        bottom, level = _down(level), level + part.share
        top = _down(min(level, Decimal(100)))
        height = max(bottom - top, 1.5)
        text = f"{part.share:.1f}".replace(".", ",") if height >= LABEL_ROOM else ""
        title = f"{bar.name} · {part.label}: {count_text(part.count)} ({share_text(part.share)})"
        drawn.append(Segment(round(x, 1), top, round(width, 1), round(height, 1), part.rank, title, part.url, text))
    return drawn


def tally_chart(title: str, bars: Sequence[Bar], unit: str) -> Chart:
    """Counts one on the other, a bar each of `bars`, its sum below its name."""
    sums = [sum(part.count for part in bar.parts) for bar in bars]
    top = _round_up(max([1, *sums]))
    step, width = _columns(len(bars))
    segments: list[Segment] = []
    for position, bar in enumerate(bars):
        x, below = LEFT + position * step + (step - width) / 2, 0
        for part in bar.parts:
            bottom, below = _down(Decimal(below * 100) / top), below + part.count
            y = _down(Decimal(below * 100) / top)
            if part.count:
                height = round(bottom - y, 1)
                text = count_text(part.count) if height >= LABEL_ROOM else ""
                label = f"{part.label}: {count_text(part.count)} {unit}"
                segments.append(Segment(round(x, 1), y, round(width, 1), height, part.rank, label, part.url, text))
    ticks = [Tick(_down(Decimal(quarter * 25)), count_text(top * quarter // 4)) for quarter in range(5)]
    names = [f"{bar.name}: {count_text(total)}" for bar, total in zip(bars, sums, strict=True)]
    return Chart(title, segments, ticks, _names(names, step), [], [])


@dataclass(frozen=True)
class Column:
    """A year of a column chart: a count, its list, and the target where one was set."""

    name: str
    count: int
    url: str
    target: int | None


def column_chart(title: str, columns: Sequence[Column], unit: str) -> Chart:
    """Counts of each year as columns, the target of the year as a line across."""
    top = _round_up(max([1, *(c.count for c in columns), *(c.target or 0 for c in columns)]))
    step, width = _columns(len(columns))
    segments, marks = [], []
    for position, column in enumerate(columns):
        x = LEFT + position * step + (step - width) / 2
        y = _down(Decimal(column.count * 100) / top)
        wanted = f", chỉ tiêu {count_text(column.target)}" if column.target is not None else ""
        label = f"{column.name}: {count_text(column.count)} {unit}{wanted}"
        segments.append(
            Segment(
                round(x, 1),
                y,
                round(width, 1),
                round(BOTTOM - y, 1),
                1,
                label,
                column.url,
                count_text(column.count),
            )
        )
        if column.target is not None:
            line = _down(Decimal(column.target * 100) / top)
            text = count_text(column.target)
            marks.append(Segment(round(x - 5, 1), line, round(width + 10, 1), 0, 0, wanted, "", text))
    ticks = [Tick(_down(Decimal(quarter * 25)), count_text(top * quarter // 4)) for quarter in range(5)]
    return Chart(title, segments, ticks, _names([c.name for c in columns], step), [], marks)


def _round_up(value: int) -> int:
    """The next number that divides well into four."""
    for step in (4, 8, 20, 40, 80, 100, 200, 400, 800, 1000, 2000, 4000, 8000, 20000, 40000, 80000, 200000):
        if value <= step:
            return step
    size = 10 ** (len(str(value)) - 1)
    return -(-value // size) * size if size % 4 == 0 else -(-value // (4 * size)) * 4 * size
