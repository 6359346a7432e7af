"""The figures of random committees: number, list and the records by hand agree at every organisation."""

from __future__ import annotations

import datetime as dt

import pytest

from members.models import Organisation
from reviews.indicators import FIGURES
from reviews.scope import Scope
from reviews.summary import Summary
from tests.oracle import ARRIVALS, DEPARTURES, Oracle, Sets, covers, keys_of
from tests.worlds import YEARS, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(30))
def test_number_list_and_records_by_hand_agree_and_members_balance(seed):
    """Numbers and balance at every organisation in every year; the lists at the root and one below."""
    world = World(seed)
    oracle = Oracle()
    for year in YEARS:
        summary = Summary(Scope(world.organisations[0], year))
        for organisation in world.organisations:
            where = (year, organisation.pk, organisation.name)
            expected = oracle.figures(organisation.pk, year)
            assert differing_numbers(summary, organisation, expected) == {}, where
            assert imbalance(summary, oracle, organisation) == 0, where
    for organisation in (world.organisations[0], world.random.choice(world.organisations[1:])):
        year = world.random.choice(YEARS)
        assert differing_lists(oracle, organisation, year) == {}, (year, organisation.pk, organisation.name)


def differing_numbers(summary: Summary, organisation: Organisation, expected: Sets) -> dict[str, tuple[int, int]]:
    """Where the number of one pass over the root's records differs from the records by hand: both."""
    numbers = {code: summary.number(code, organisation.pk).count for code in expected}
    return {code: (numbers[code], len(keys)) for code, keys in expected.items() if numbers[code] != len(keys)}


def differing_lists(oracle: Oracle, organisation: Organisation, year: int) -> dict[str, tuple[int, set[int], set[int]]]:
    """Where the organisation's own number, its list and the records by hand disagree: all three."""
    scope = Scope(organisation, year)
    numbers, expected = Summary(scope).numbers, oracle.figures(organisation.pk, year)
    found = {}
    for figure in FIGURES:
        rows, number = keys_of(figure, scope), numbers[figure.code].count
        if set(rows) != expected[figure.code] or not number == len(rows) == len(expected[figure.code]):
            found[figure.code] = (number, set(rows), expected[figure.code])
    return found


def imbalance(summary: Summary, oracle: Oracle, organisation: Organisation) -> int:
    """The total less what the year before and the flows give, in the tree of the year's last day."""
    year = summary.scope.year
    inside = oracle.under(organisation.pk, dt.date(year, 12, 31))
    before = sum(covers(s, dt.date(year - 1, 12, 31)) for s in oracle.stays if s.organisation_id in inside)

    def total(codes: list[str]) -> int:
        return sum(summary.number(code, organisation.pk).count for code in codes)

    flow = total([f"members.increase.{reason}" for reason in ARRIVALS])
    flow -= total([f"members.decrease.{reason}" for reason in DEPARTURES])
    return total(["members.total"]) - before - flow
