"""What each step of a whole life changes in the summaries, worked out by hand.

The committee K has in each year three members in the cell A1 of A, and two in B (tests.browser.small_world).
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.clerk import Figures

# Each summary tells the year before too.
SUMMARIES = (1984, 1985, 1992, 1998, 2004, 2014, 2016, 2021)
YEARS = sorted({told for year in SUMMARIES for told in (year - 1, year)})
PLACES = ("K", "A", "A1", "B")
ABOVE = {"A1": ("K", "A", "A1"), "B": ("K", "B")}

# By year, organisation and figure: the number before and after.
Change = dict[tuple[int, str, str], tuple[int, int]]


def _in(year: int, places: tuple[str, ...], *figures: str) -> Change:
    """Figures of what happens: one more in the year."""
    return {(year, place, figure): (0, 1) for place in places for figure in figures}


def _from(year: int, figure: str, **numbers: tuple[int, int]) -> Change:
    """A figure of what stands on the last day: another number in that year and all later ones."""
    return {(one, place, figure): pair for one in YEARS if one >= year for place, pair in numbers.items()}


def _members(year: int, **numbers: tuple[int, int]) -> Change:
    """Members from that year on, each of whom has to be rated and isn't."""
    figures = ("members.total", *(f"ratings.members.{one}" for one in ("subject", "unrated", "unrated.missing")))
    return {key: pair for figure in figures for key, pair in _from(year, figure, **numbers).items()}


_A1, _B = ABOVE["A1"], ABOVE["B"]
_CLASS = ("classes", "learners", "passed")

# Steps that aren't named here change no number.
CHANGES: dict[str, Change] = {
    "class for candidates": _in(1983, _A1, *(f"training.candidate.{one}" for one in _CLASS)),
    "decision": {
        **_in(1984, _A1, "members.increase.admitted", "admission.decided"),
        **_members(1984, K=(5, 6), A=(3, 4), A1=(3, 4)),
        **_from(1984, "members.probationary", K=(0, 1), A=(0, 1), A1=(0, 1)),
        **_from(1984, "members.women", K=(0, 1), A=(0, 1), A1=(0, 1)),
    },
    "class for new members": _in(1984, _A1, *(f"training.new_member.{one}" for one in _CLASS)),
    "recognition": {
        **_in(1985, _A1, "admission.confirmed"),
        **_from(1985, "members.official", K=(5, 6), A=(3, 4), A1=(3, 4)),
        **_from(1985, "members.probationary", K=(1, 0), A=(1, 0), A1=(1, 0)),
    },
    # From A1 to B: for K nothing changes, for A and for B it does.
    "reception": {
        **_in(1992, ("A", "A1"), "members.decrease.transferred_out"),
        **_in(1992, ("B",), "members.increase.transferred_in"),
        **_members(1992, A=(4, 3), A1=(4, 3), B=(2, 3)),
        **_from(1992, "members.official", A=(4, 3), A1=(4, 3), B=(2, 3)),
        **_from(1992, "members.women", A=(1, 0), A1=(1, 0), B=(0, 1)),
    },
    "transfer out": {
        **_in(1998, _B, "members.decrease.transferred_out"),
        **_members(1998, K=(6, 5), B=(3, 2)),
        **_from(1998, "members.official", K=(6, 5), B=(3, 2)),
        **_from(1998, "members.women", K=(1, 0), B=(1, 0)),
    },
    "transfer in": {
        **_in(2004, _B, "members.increase.transferred_in"),
        **_members(2004, K=(5, 6), B=(2, 3)),
        **_from(2004, "members.official", K=(5, 6), B=(2, 3)),
        **_from(2004, "members.women", K=(0, 1), B=(0, 1)),
    },
    "exemption by mistake": _from(2015, "members.exempt", K=(0, 1), B=(0, 1)),
    "exemption undone": _from(2015, "members.exempt", K=(1, 0), B=(1, 0)),
    "award": _in(2014, _B, "badges.awarded", "badges.awarded.30"),
    "exemption": _from(2016, "members.exempt", K=(0, 1), B=(0, 1)),
    "death": {
        **_in(2021, _B, "members.decrease.deceased"),
        **_members(2021, K=(6, 5), B=(3, 2)),
        **_from(2021, "members.official", K=(6, 5), B=(3, 2)),
        **_from(2021, "members.women", K=(1, 0), B=(1, 0)),
        **_from(2021, "members.exempt", K=(1, 0), B=(1, 0)),
    },
}

# A number of a step that is opened in the browser, to see her in its list.
OPENED = {
    "class for candidates": (1983, "A1", "training.candidate.passed"),
    "decision": (1984, "K", "admission.decided"),
    "class for new members": (1984, "A", "training.new_member.learners"),
    "recognition": (1985, "A1", "admission.confirmed"),
    "reception": (1992, "B", "members.increase.transferred_in"),
    "transfer out": (1998, "K", "members.decrease.transferred_out"),
    "transfer in": (2004, "K", "members.increase.transferred_in"),
    "award": (2014, "K", "badges.awarded.30"),
    "exemption": (2016, "B", "members.exempt"),
    "death": (2021, "B", "members.decrease.deceased"),
}

INCREASES = ("admitted", "transferred_in", "restored")
DECREASES = ("transferred_out", "deceased", "struck_off", "expelled", "withdrew")


def difference(before: Figures, after: Figures) -> Change:
    """The numbers that aren't what they were."""
    assert before.keys() == after.keys()
    return {key: (count, after[key]) for key, count in before.items() if after[key] != count}


def out_of_balance(figures: Figures) -> Iterator[tuple[int, str]]:
    """Years and organisations whose total isn't that of the year before with increases and decreases."""
    for year in SUMMARIES:
        for place in PLACES:
            came = sum(figures[year, place, f"members.increase.{reason}"] for reason in INCREASES)
            went = sum(figures[year, place, f"members.decrease.{reason}"] for reason in DECREASES)
            total = "members.total"
            if figures[year - 1, place, total] + came - went != figures[year, place, total]:
                yield year, place
