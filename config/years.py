"""The years that the program reckons with, and those that a page offers to choose from."""

from __future__ import annotations

# From the founding of the Party on.
FIRST_YEAR, LAST_YEAR = 1930, 2100
# Every chooser goes back to this year; from an earlier one that is shown, ten years further.
FIRST_OFFERED = 2010
FURTHER_BACK = 10


def years_to_choose(shown: int | None, *, this_year: int) -> range:
    """Newest first; the year that is shown is among them, and so are some before it, so that one gets further back."""
    if shown is None or not FIRST_YEAR <= shown <= LAST_YEAR:
        return range(this_year, FIRST_OFFERED - 1, -1)
    first = max(FIRST_YEAR, min(FIRST_OFFERED, shown - FURTHER_BACK))
    return range(max(this_year, shown), first - 1, -1)
