"""The year of rows: their own, else that of the whole file."""

from __future__ import annotations

from members.exchange.plan import Line
from members.exchange.records import MISSING
from members.exchange.run import Run

YEAR = "Năm"
FIRST_YEAR, LAST_YEAR = 1930, 2200

NOT_A_YEAR = f"Cần một năm từ {FIRST_YEAR} đến {LAST_YEAR}, ví dụ 2015."


def settle_years(run: Run, lines: list[Line]) -> None:
    """Give each line a year, as the text of a whole number; a problem is told at the year."""
    for line in lines:
        told = line.values.get(YEAR) or run.options.year
        if not told:
            line.fail(YEAR, MISSING.format(YEAR.lower()))
        elif told.isascii() and told.isdigit() and FIRST_YEAR <= int(told) <= LAST_YEAR:
            line.values[YEAR] = told
        else:
            line.fail(YEAR, NOT_A_YEAR)


def has_year(line: Line) -> bool:
    """Whether the line's year can be reckoned with."""
    return not any(problem.column == YEAR for problem in line.problems)
