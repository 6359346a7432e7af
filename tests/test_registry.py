"""What holds for every figure of the registry, on the demonstration data: at the root and far below it.

Each figure's cases stand in test_indicators.py; random records are thrown at it in test_registry_random.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Membership, Organisation, OrganisationKind
from members.services import change_organisation
from reviews.indicators import BY_CODE, FIGURES, Section
from reviews.models import CommendationTitle
from reviews.scope import Scope
from reviews.summary import Summary
from reviews.tables import TABLES
from tests.builders import (
    make_badge,
    make_class,
    make_commendation,
    make_enrolment,
    make_exemption,
    make_mass_organisation,
    make_member,
    make_rating,
    make_stay,
    make_target,
)
from tests.oracle import ARRIVALS, DEPARTURES, MILESTONES, PROGRAMMES, Oracle, Sets, keys_of

YEARS = (2012, 2013, 2014, 2015)
SUBJECTS = ("organisations", "members", "mass")

# The contract, typed out: every code that addresses, JSON, sheets and closings rely on.
CODES = {
    "members.total",
    "members.official",
    "members.probationary",
    "members.women",
    "members.exempt",
    "members.increase.admitted",
    "members.increase.transferred_in",
    "members.decrease.transferred_out",
    "members.decrease.deceased",
    "members.decrease.struck_off",
    "members.decrease.expelled",
    "members.decrease.withdrew",
    "admission.decided",
    "admission.confirmed",
    "training.candidate.classes",
    "training.candidate.learners",
    "training.candidate.passed",
    "training.new_member.classes",
    "training.new_member.learners",
    "training.new_member.passed",
    "training.elementary.classes",
    "training.elementary.learners",
    "training.elementary.passed",
    "training.intermediate.classes",
    "training.intermediate.learners",
    "training.intermediate.passed",
    "training.advanced.classes",
    "training.advanced.learners",
    "training.advanced.passed",
    "training.committee.classes",
    "training.committee.learners",
    "training.committee.passed",
    "training.update.classes",
    "training.update.learners",
    "training.update.passed",
    "training.resolution.classes",
    "training.resolution.learners",
    "training.resolution.passed",
    "badges.awarded",
    "badges.awarded.30",
    "badges.awarded.40",
    "badges.awarded.45",
    "badges.awarded.50",
    "badges.awarded.55",
    "badges.awarded.60",
    "badges.awarded.65",
    "badges.awarded.70",
    "badges.awarded.75",
    "badges.awarded.80",
    "badges.awarded.85",
    "badges.awarded.90",
    "ratings.organisations.subject",
    "ratings.organisations.rated",
    "ratings.organisations.tier1",
    "ratings.organisations.tier2",
    "ratings.organisations.tier3",
    "ratings.organisations.tier4",
    "ratings.organisations.good_or_better",
    "ratings.organisations.unrated",
    "ratings.members.subject",
    "ratings.members.rated",
    "ratings.members.tier1",
    "ratings.members.tier2",
    "ratings.members.tier3",
    "ratings.members.tier4",
    "ratings.members.good_or_better",
    "ratings.members.unrated",
    "ratings.mass.subject",
    "ratings.mass.rated",
    "ratings.mass.tier1",
    "ratings.mass.tier2",
    "ratings.mass.tier3",
    "ratings.mass.tier4",
    "ratings.mass.good_or_better",
    "ratings.mass.unrated",
    "commendations.organisation_exemplary",
    "commendations.cell_five_years",
    "commendations.member_five_years",
    "commendations.other",
}
# Given beyond it, which is allowed; a code is never taken away again.
ADDED = {
    "members.increase.restored",
    "ratings.organisations.unrated.missing",
    "ratings.members.unrated.missing",
    "ratings.mass.unrated.missing",
}

# The report of 2015: the table at the end of the figures' definitions.
REPORT = {
    "training.candidate.classes": 3,
    "training.candidate.learners": 394,
    "training.new_member.classes": 2,
    "training.new_member.learners": 231,
    "training.intermediate.classes": 2,
    "training.intermediate.learners": 207,
    "admission.decided": 261,
    "badges.awarded": 58,
    "ratings.organisations.rated": 71,
    "ratings.organisations.tier1": 57,
    "ratings.organisations.tier2": 11,
    "ratings.organisations.good_or_better": 68,
    "ratings.members.rated": 4100,
    "ratings.members.good_or_better": 4001,
    "commendations.organisation_exemplary": 31,
    "commendations.cell_five_years": 9,
    "commendations.member_five_years": 39,
}
SHARES = {
    "ratings.organisations.tier1": "80.28",
    "ratings.organisations.tier2": "15.49",
    "ratings.organisations.good_or_better": "95.77",
    "ratings.members.good_or_better": "97.59",
}
TARGETS_2016 = {
    "ratings.organisations.good_or_better": ("share", "98"),
    "ratings.members.good_or_better": ("share", "97"),
    "ratings.mass.tier1": ("share", "95"),
    "admission.decided": ("count", "250"),
}


# What the registry says of itself


def test_every_code_of_the_definitions_is_there_once():
    codes = [figure.code for figure in FIGURES]
    assert len(codes) == len(set(codes))
    assert set(codes) == CODES | ADDED


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.code)
def test_figure_says_what_it_counts_and_how_it_is_listed(figure):
    assert figure.label
    assert figure.label == figure.label.strip()
    assert figure.note.endswith(".")
    assert figure.unit
    assert isinstance(figure.section, Section)
    assert figure.columns in TABLES
    for code in (figure.base, figure.part_of):
        assert code is None or code in BY_CODE


def test_labels_tell_the_figures_of_a_section_apart():
    labels = [(figure.section, figure.label) for figure in FIGURES]
    assert len(labels) == len(set(labels))


def test_every_section_and_table_is_used():
    assert {figure.section for figure in FIGURES} == set(Section)
    assert {figure.columns for figure in FIGURES} == set(TABLES)


# The demonstration data: the root, and one organisation of each kind below it


class Books:
    """The demonstration's numbers, lists and sets by hand for each scope, each made once for the module."""

    def __init__(self) -> None:
        self.oracle = Oracle()
        self.scopes = {name: self._organisation(name) for name in SCOPES}
        self._numbers: dict[Any, dict[str, int]] = {}
        self._rows: dict[Any, dict[str, list[int]]] = {}
        self._by_hand: dict[Any, Sets] = {}

    def _organisation(self, name: str) -> Organisation:
        """The root, and of each kind the one that has the most to count: its cell, where it is a cell."""
        if name == "root":
            return Organisation.objects.get(code="DUK")
        kind, at_hand = OrganisationKind(name), Organisation.objects.filter(ended_on__isnull=True)
        sizes = {
            organisation: Membership.objects.filter(organisation__path__startswith=organisation.path).count()
            for organisation in at_hand.filter(kind=kind)
        }
        return max(sizes, key=lambda organisation: (sizes[organisation], organisation.code))

    def scope(self, name: str, year: int) -> Scope:
        return Scope(self.scopes[name], year)

    def numbers(self, name: str, year: int) -> dict[str, int]:
        if (name, year) not in self._numbers:
            numbers = Summary(self.scope(name, year)).numbers
            self._numbers[name, year] = {code: number.count for code, number in numbers.items()}
        return self._numbers[name, year]

    def rows(self, name: str, year: int) -> dict[str, list[int]]:
        if (name, year) not in self._rows:
            scope = self.scope(name, year)
            self._rows[name, year] = {figure.code: keys_of(figure, scope) for figure in FIGURES}
        return self._rows[name, year]

    def by_hand(self, name: str, year: int) -> Sets:
        if (name, year) not in self._by_hand:
            self._by_hand[name, year] = self.oracle.figures(self.scopes[name].pk, year)
        return self._by_hand[name, year]


SCOPES = ("root", "grassroots_committee", "grassroots_cell", "department_committee", "subordinate_cell")
everywhere = pytest.mark.parametrize("year", YEARS)
at_each = pytest.mark.parametrize("name", SCOPES)


@pytest.fixture(scope="module")
def books(demo: None, django_db_blocker: Any) -> Books:
    with django_db_blocker.unblock():
        return Books()


@pytest.mark.django_db
class TestDemonstration:
    """Every figure, at every chosen scope and year."""

    @everywhere
    @at_each
    def test_number_is_the_length_of_its_list_without_repeats(self, books, name, year):
        numbers, rows = books.numbers(name, year), books.rows(name, year)
        assert numbers == {code: len(keys) for code, keys in rows.items()}
        assert numbers == {code: len(set(keys)) for code, keys in rows.items()}

    @everywhere
    @at_each
    def test_rows_are_those_found_by_hand(self, books, name, year):
        """Nothing outside the scope, nothing of it left out."""
        rows = {code: set(keys) for code, keys in books.rows(name, year).items()}
        expected = books.by_hand(name, year)
        assert {code for code in rows if rows[code] != expected[code]} == set()

    @everywhere
    def test_every_organisation_of_the_tree_has_the_number_of_its_own_summary(self, books, year):
        """One pass over the root's records gives what the records by hand give at each one below."""
        summary = Summary(books.scope("root", year))
        for node in summary.grassroots[::6]:
            expected = books.oracle.figures(node.pk, year)
            found = {code: summary.number(code, node.pk).count for code in expected}
            # A class counts below the root only with learners there, which the lists say too.
            assert found == {code: len(keys) for code, keys in expected.items()}, node.code

    @everywhere
    @at_each
    def test_parts_lie_inside_their_whole(self, books, name, year):
        rows = books.rows(name, year)
        for figure in FIGURES:
            if figure.part_of:
                assert set(rows[figure.code]) <= set(rows[figure.part_of]), figure.code

    @everywhere
    @at_each
    @pytest.mark.parametrize("subject", SUBJECTS)
    def test_tiers_are_disjoint_and_ratings_add_up(self, books, name, year, subject):
        rows = books.rows(name, year)

        def keys(part: str) -> list[int]:
            return rows[f"ratings.{subject}.{part}"]

        tiers = [key for rank in (1, 2, 3, 4) for key in keys(f"tier{rank}")]
        assert sorted(tiers) == sorted(keys("rated"))
        assert sorted(keys("tier1") + keys("tier2")) == sorted(keys("good_or_better"))
        assert sorted(keys("rated") + keys("unrated")) == sorted(keys("subject"))

    @everywhere
    @at_each
    def test_official_and_probationary_are_the_total(self, books, name, year):
        rows = books.rows(name, year)
        both = rows["members.official"] + rows["members.probationary"]
        assert sorted(both) == sorted(rows["members.total"])

    @everywhere
    @at_each
    def test_milestones_are_the_badges(self, books, name, year):
        rows = books.rows(name, year)
        each = [key for years in MILESTONES for key in rows[f"badges.awarded.{years}"]]
        assert sorted(each) == sorted(rows["badges.awarded"])

    @everywhere
    @at_each
    def test_total_of_the_year_before_and_the_flows_give_the_total(self, books, name, year):
        """In the same tree: an organisation that was moved takes its members along without any flow."""
        numbers = books.numbers(name, year)
        scope = books.scope(name, year)
        stays = Membership.objects.on(dt.date(year - 1, 12, 31))
        before = stays.filter(organisation__in=scope.organisations).count()
        increases = sum(numbers[f"members.increase.{reason}"] for reason in ARRIVALS)
        decreases = sum(numbers[f"members.decrease.{reason}"] for reason in DEPARTURES)
        assert before + increases - decreases == numbers["members.total"]

    @everywhere
    def test_totals_of_the_root_follow_from_year_to_year(self, books, year):
        numbers, before = books.numbers("root", year), books.numbers("root", year - 1)
        flow = sum(numbers[f"members.increase.{reason}"] for reason in ARRIVALS)
        flow -= sum(numbers[f"members.decrease.{reason}"] for reason in DEPARTURES)
        assert numbers["members.total"] - before["members.total"] == flow

    def test_chosen_scopes_have_something_to_count(self, books):
        """Or the tests above would hold for nothing."""
        root = books.numbers("root", 2015)
        needed = {"members.total", "members.women", "ratings.members.rated", "ratings.members.tier2"}
        assert all(books.numbers(name, 2015)[code] for name in SCOPES for code in needed)
        assert {code for code in CODES if root[code]} >= {*REPORT, "members.exempt", "admission.confirmed"}
        assert sum(1 for count in root.values() if count) > 50


# JSON


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
class TestJSON:
    """The summary of 2015 as JSON: the whole contract, and the report's figures."""

    @pytest.fixture
    def printed(self) -> dict[str, Any]:
        return Summary(Scope(Organisation.objects.get(code="DUK"), 2015)).as_json()

    def test_has_every_code(self, printed):
        assert set(printed["figures"]) == CODES | ADDED
        assert len([code for code in printed["figures"] if code.startswith("training.")]) == 8 * 3
        assert {f"training.{code}.classes" for code in PROGRAMMES} <= set(printed["figures"])
        assert len([code for code in printed["figures"] if code.startswith("badges.awarded.")]) == 12
        assert {f"commendations.{title}" for title in CommendationTitle.values} <= set(printed["figures"])

    def test_says_what_it_is_of(self, printed):
        assert list(printed) == ["year", "as_of", "status", "organisation", "figures", "targets"]
        assert (printed["year"], printed["as_of"], printed["status"]) == (2015, "2015-12-31", "open")
        assert printed["organisation"]["code"] == "DUK"
        assert printed["organisation"]["name"].startswith("Đảng bộ Khối")

    def test_equals_the_report_row_by_row(self, printed):
        counts = {code: printed["figures"][code]["count"] for code in REPORT}
        assert counts == REPORT
        shares = {code: printed["figures"][code]["share"] for code in SHARES}
        assert shares == SHARES
        figures = printed["figures"]
        badges = figures["badges.awarded.30"]["count"] + figures["badges.awarded.40"]["count"]
        assert badges == figures["badges.awarded"]["count"] == 58
        below = figures["ratings.organisations.tier3"]["count"] + figures["ratings.organisations.tier4"]["count"]
        assert below == 3
        assert figures["ratings.members.good_or_better"]["base"] == 4100

    def test_targets_of_the_next_year_are_those_of_the_report(self, printed):
        next_year = [target for target in printed["targets"] if target["year"] == 2016]
        assert {row["figure"]: (row["measure"], row["target"]) for row in next_year} == TARGETS_2016
        assert all(row["actual"] is None and row["met"] is None for row in next_year)
        assert {row["year"] for row in printed["targets"]} == {2015, 2016}

    def test_only_figures_with_a_base_have_a_share(self, printed):
        for code, figure in printed["figures"].items():
            tier = code.startswith("ratings.") and code.rpartition(".")[2] in {
                "tier1",
                "tier2",
                "tier3",
                "tier4",
                "good_or_better",
            }
            assert set(figure) == {"count", "base", "share"}
            assert (figure["base"] is not None) == tier, code
            assert (figure["share"] is not None) == tier, code


def test_empty_organisation_has_every_code_with_zero_and_no_share(cast):
    printed = Summary(Scope(cast.a_cell_1, 2015)).as_json()
    assert set(printed["figures"]) == CODES | ADDED
    assert {figure["count"] for figure in printed["figures"].values()} == {0}
    assert {figure["share"] for figure in printed["figures"].values()} == {None}
    assert printed["targets"] == []


# Queries


def queries_of(function: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        function()
    return len(captured)


def fill(cast: Any, start: int, number: int) -> None:
    """`number` people with everything that can happen to one, and as many classes and mass organisations."""
    for position in range(start, start + number):
        person = make_member(cast.a_cell_1 if position % 2 else cast.b, began_on=f"2015-01-{position % 28 + 1:02}")
        make_rating(person, rank=position % 4 + 1)
        make_exemption(person)
        make_badge(person)
        make_enrolment(make_class("candidate", "2015-05-05"), person, result="passed")
        make_commendation(person=person)
        make_rating(make_mass_organisation(cast.b), rank=1)
        gone = make_member(cast.b, began_on="2010-01-01")
        gone.memberships.update(ended_on="2015-06-01", end_reason="moved")
        stay = gone.memberships.get()
        make_stay(gone, cast.a_cell_2, "2015-06-01", start_reason="moved", admission=stay.admission)


def test_queries_are_few_and_do_not_grow_with_the_records(cast):
    def counts() -> dict[str, int]:
        scope = Scope(cast.root, 2015)
        lists = {figure.code: queries_of(partial(keys_of, figure, scope)) for figure in FIGURES}
        return {"summary": queries_of(lambda: Summary(scope).as_json()), **lists}

    make_target(cast.root)
    make_rating(cast.a, rank=1)
    fill(cast, 0, 3)
    before = counts()
    assert before["summary"] <= 20
    assert max(before[figure.code] for figure in FIGURES) <= 3
    fill(cast, 3, 40)
    assert counts() == before


def test_moved_organisation_is_counted_where_it_stood_on_the_last_day(cast):
    """The tree of the year is the one of its 31 December, also for what is counted by records alone."""
    make_rating(make_member(cast.a_cell_1), 2014, rank=1)
    change_organisation(organisation=cast.a_cell_1, on=dt.date(2015, 12, 31), parent=cast.b, event="moved", by=None)
    for organisation in (cast.a, cast.b):
        organisation.refresh_from_db()
    oracle = Oracle()
    for year in (2014, 2015):
        for organisation in (cast.root, cast.a, cast.b):
            expected = oracle.figures(organisation.pk, year)
            numbers = Summary(Scope(organisation, year)).numbers
            assert {code: number.count for code, number in numbers.items()} == {
                code: len(keys) for code, keys in expected.items()
            }
