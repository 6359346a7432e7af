"""What each figure counts, case by case; definitions: docs/figures.md."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from members.models import OrganisationKind
from reviews.indicators import BY_CODE, FIGURES
from reviews.models import RatingStatus
from reviews.scope import Scope
from reviews.summary import Summary, count_figures, share_of
from tests.builders import (
    make_admission,
    make_badge,
    make_class,
    make_commendation,
    make_discipline,
    make_enrolment,
    make_exemption,
    make_mass_organisation,
    make_member,
    make_organisation,
    make_person,
    make_rating,
    make_stay,
    make_target,
)
from tests.conftest import Cast

YEAR = 2015


def counts(cast: Cast, code: str, year: int = YEAR) -> dict[str, int]:
    """The figure's number at every organisation of the cast that has one; checked against its list."""
    found = {}
    for organisation in (cast.root, cast.a, cast.a_cell_1, cast.a_cell_2, cast.b):
        scope = Scope(organisation, year)
        number = Summary(scope).numbers[code].count
        assert number == Summary(scope, whole_tree=False).numbers[code].count, (organisation, code)
        rows = BY_CODE[code].rows(scope)
        assert number == len(rows) == len({row.pk for row in rows}), (organisation, code)
        if number:
            found[organisation.code] = number
    return found


# Members


def test_total_counts_stays_that_cover_the_last_day(cast):
    make_member(cast.a_cell_1, began_on="2015-12-31")
    make_member(cast.a_cell_1, began_on="2016-01-01")
    gone = make_person()
    make_stay(gone, cast.a_cell_1, "2010-01-01", "2015-12-31", end_reason="deceased")
    stays_longer = make_person()
    make_stay(stays_longer, cast.b, "2010-01-01", "2016-01-01")
    assert counts(cast, "members.total") == {"K": 2, "A": 1, "A1": 1, "B": 1}


def test_official_and_probationary_add_up_to_the_total(cast):
    make_stay(make_person("Lê Thị Bình"), cast.b, official_on="2015-12-31")
    make_stay(make_person(), cast.b, official_on="2016-01-01")
    make_member(cast.b, is_official=False)
    assert counts(cast, "members.official") == {"K": 1, "B": 1}
    assert counts(cast, "members.probationary") == {"K": 2, "B": 2}


def test_probation_of_a_second_admission_ignores_the_first_ones_official_date(cast):
    person = make_person()
    make_stay(person, cast.b, "1990-01-01", "2000-01-01", official_on="1991-01-01", end_reason="expelled")
    make_stay(person, cast.b, "2015-05-19", start_reason="readmitted")
    assert counts(cast, "members.probationary") == {"K": 1, "B": 1}


def test_exempt_counts_those_exempt_on_the_day(cast):
    make_exemption(make_member(cast.b), "2015-12-31")
    make_exemption(make_member(cast.b), "2016-01-01")
    over = make_member(cast.b)
    make_exemption(over, "2010-01-01", ends_on="2015-12-31")
    assert counts(cast, "members.exempt") == {"K": 1, "B": 1}


def test_move_inside_the_scope_is_neither_increase_nor_decrease(cast):
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2015-06-01", end_reason="moved")
    make_stay(person, cast.b, "2015-06-01", start_reason="moved", admission=first.admission)
    assert counts(cast, "members.increase.transferred_in") == {"B": 1}
    assert counts(cast, "members.decrease.transferred_out") == {"A": 1, "A1": 1}


def test_move_between_cells_shows_only_at_the_cells(cast):
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2015-06-01", end_reason="moved")
    make_stay(person, cast.a_cell_2, "2015-06-01", start_reason="moved", admission=first.admission)
    assert counts(cast, "members.increase.transferred_in") == {"A2": 1}
    assert counts(cast, "members.decrease.transferred_out") == {"A1": 1}


def test_move_with_days_between_in_one_year_is_still_a_move(cast):
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2015-06-01", end_reason="moved")
    make_stay(person, cast.b, "2015-06-20", start_reason="moved", admission=first.admission)
    assert counts(cast, "members.increase.transferred_in") == {"B": 1}
    assert counts(cast, "members.decrease.transferred_out") == {"A": 1, "A1": 1}


def test_move_across_new_year_leaves_in_one_year_and_arrives_in_the_next(cast):
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2014-12-20", end_reason="moved")
    make_stay(person, cast.b, "2015-01-10", start_reason="moved", admission=first.admission)
    assert counts(cast, "members.decrease.transferred_out", 2014) == {"K": 1, "A": 1, "A1": 1}
    assert counts(cast, "members.total", 2014) == {}
    assert counts(cast, "members.increase.transferred_in") == {"K": 1, "B": 1}


def test_out_and_back_in_the_same_year_counts_both_ways(cast):
    person = make_person()
    first = make_stay(person, cast.b, "2010-01-01", "2015-03-01")
    make_stay(person, cast.b, "2015-09-01", start_reason="transferred_in", admission=first.admission)
    assert counts(cast, "members.increase.transferred_in") == {"K": 1, "B": 1}
    assert counts(cast, "members.decrease.transferred_out") == {"K": 1, "B": 1}


def test_there_and_back_inside_counts_at_the_organisation_that_was_left(cast):
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2015-03-01", end_reason="moved")
    make_stay(
        person,
        cast.b,
        "2015-03-01",
        "2015-09-01",
        start_reason="moved",
        end_reason="moved",
        admission=first.admission,
    )
    make_stay(person, cast.a_cell_1, "2015-09-01", start_reason="moved", admission=first.admission)
    assert counts(cast, "members.increase.transferred_in") == {"A": 1, "A1": 1, "B": 1}
    assert counts(cast, "members.decrease.transferred_out") == {"A": 1, "A1": 1, "B": 1}


@pytest.mark.parametrize("reason", ["deceased", "struck_off", "expelled", "withdrew"])
def test_decrease_counts_by_reason(cast, reason):
    make_stay(make_person(), cast.a_cell_1, "2010-01-01", "2015-06-01", end_reason=reason)
    assert counts(cast, f"members.decrease.{reason}") == {"K": 1, "A": 1, "A1": 1}


def test_increase_counts_admitted_readmitted_and_restored(cast):
    make_member(cast.b, began_on="2015-02-03", is_official=False)
    make_stay(make_person(), cast.b, "2015-03-01", start_reason="readmitted")
    make_stay(make_person(), cast.b, "2015-04-01", start_reason="restored")
    assert counts(cast, "members.increase.admitted") == {"K": 2, "B": 2}
    assert counts(cast, "members.increase.restored") == {"K": 1, "B": 1}


# Admissions


def test_decided_counts_decisions_of_the_year_where_they_brought_the_person(cast):
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2015-05-19", "2015-10-01", end_reason="moved")
    make_stay(person, cast.b, "2015-10-01", start_reason="moved", admission=first.admission)
    assert counts(cast, "admission.decided") == {"K": 1, "A": 1, "A1": 1}


def test_decided_leaves_out_admissions_elsewhere(cast):
    person = make_person()
    earlier = make_admission(person, None, "2015-02-03")
    make_stay(person, cast.b, "2015-08-01", start_reason="transferred_in", admission=earlier)
    assert counts(cast, "admission.decided") == {}
    assert counts(cast, "members.increase.transferred_in") == {"K": 1, "B": 1}


def test_confirmed_counts_where_the_person_was_on_the_official_day(cast):
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2014-05-19", "2015-03-01", official_on="2015-05-19", end_reason="moved")
    make_stay(person, cast.b, "2015-03-01", start_reason="moved", admission=first.admission)
    assert counts(cast, "admission.confirmed") == {"K": 1, "B": 1}


# Training


def test_learners_belong_to_their_organisation_on_the_opening_day(cast):
    opened = make_class("intermediate", "2015-04-06")
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2015-04-06", end_reason="moved")
    make_stay(person, cast.b, "2015-04-06", start_reason="moved", admission=first.admission)
    make_enrolment(opened, person, result="passed")
    assert counts(cast, "training.intermediate.learners") == {"K": 1, "B": 1}
    assert counts(cast, "training.intermediate.passed") == {"K": 1, "B": 1}
    assert counts(cast, "training.intermediate.classes") == {"K": 1, "B": 1}


def test_candidates_belong_to_who_follows_or_later_admits_them(cast):
    opened = make_class("candidate", "2015-04-06")
    make_enrolment(opened, make_person(followed_by=cast.b))
    admitted_later = make_person(followed_by=cast.b)
    make_stay(admitted_later, cast.a_cell_1, "2015-09-02")
    make_enrolment(opened, admitted_later)
    assert counts(cast, "training.candidate.learners") == {"K": 2, "A": 1, "A1": 1, "B": 1}


def test_learners_who_left_or_have_not_come_yet_count_only_at_the_root(cast):
    opened = make_class("update", "2015-04-06")
    left = make_person()
    make_stay(left, cast.b, "2010-01-01", "2015-04-06")
    comes_later = make_person(followed_by=cast.b)
    make_stay(
        comes_later,
        cast.b,
        "2015-05-01",
        start_reason="transferred_in",
        admission=make_admission(comes_later),
    )
    make_enrolment(opened, left)
    make_enrolment(opened, comes_later)
    assert counts(cast, "training.update.learners") == {"K": 2}
    assert counts(cast, "training.update.classes") == {"K": 1}


def test_withdrawn_learners_do_not_count_and_a_class_without_learners_counts_at_the_root(cast):
    opened = make_class("update", "2015-04-06")
    make_enrolment(opened, make_member(cast.b), result="withdrew")
    assert counts(cast, "training.update.learners") == {}
    assert counts(cast, "training.update.classes") == {"K": 1}


def test_unnamed_attendance_counts_as_learners_of_its_organisation(cast):
    opened = make_class("resolution", "2015-04-06")
    for _ in range(3):
        make_enrolment(opened, organisation=cast.a_cell_2)
    assert counts(cast, "training.resolution.learners") == {"K": 3, "A": 3, "A2": 3}


def test_class_counts_in_the_year_in_which_it_opens(cast):
    make_class("candidate", "2014-12-30", closes_on="2015-01-15")
    assert counts(cast, "training.candidate.classes") == {}
    assert counts(cast, "training.candidate.classes", 2014) == {"K": 1}


# Badges and commendations


def test_badge_counts_at_the_last_organisation_after_death(cast):
    person = make_person()
    make_stay(person, cast.a_cell_1, "1985-01-01", "2015-01-15", end_reason="deceased")
    make_badge(person, 30, "2015-02-03")
    assert counts(cast, "badges.awarded") == {"K": 1, "A": 1, "A1": 1}
    assert counts(cast, "badges.awarded.30") == {"K": 1, "A": 1, "A1": 1}
    assert counts(cast, "badges.awarded.40") == {}


def test_badge_from_before_a_transfer_in_counts_nowhere(cast):
    person = make_person()
    make_stay(person, cast.b, "2015-06-01", start_reason="transferred_in", admission=make_admission(person))
    make_badge(person, 30, "2015-02-03")
    assert counts(cast, "badges.awarded") == {}


def test_only_certificates_count_as_commendations(cast):
    make_commendation(organisation=cast.b)
    make_commendation(organisation=cast.b, form="diploma")
    make_commendation(organisation=cast.a_cell_1, title="cell_five_years")
    make_commendation(organisation=cast.b, title="other", title_text="Thành tích đột xuất")
    assert counts(cast, "commendations.organisation_exemplary") == {"K": 1, "B": 1}
    assert counts(cast, "commendations.cell_five_years") == {"K": 1, "A": 1, "A1": 1}
    assert counts(cast, "commendations.other") == {"K": 1, "B": 1}


def test_commendation_of_a_person_counts_at_the_last_organisation(cast):
    person = make_person()
    make_stay(person, cast.a_cell_1, "2000-01-01", "2015-07-01", end_reason="transferred_out")
    make_commendation(person=person)
    assert counts(cast, "commendations.member_five_years") == {"K": 1, "A": 1, "A1": 1}


# Ratings


def test_organisation_ratings_count_only_grassroots_that_exist_on_the_day(cast):
    make_organisation("Chi bộ mới", parent=cast.root, kind=OrganisationKind.GRASSROOTS_CELL, founded_on="2016-01-01")
    make_rating(cast.a, rank=1)
    make_rating(cast.a_cell_1, rank=1)
    assert counts(cast, "ratings.organisations.subject") == {"K": 2, "A": 1, "B": 1}
    assert counts(cast, "ratings.organisations.tier1") == {"K": 1, "A": 1}
    assert counts(cast, "ratings.organisations.unrated.missing") == {"K": 1, "B": 1}


def test_only_approved_ratings_count(cast):
    make_rating(make_member(cast.b), rank=1, status=RatingStatus.PROPOSED)
    assert counts(cast, "ratings.members.rated") == {}
    assert counts(cast, "ratings.members.unrated") == {"K": 1, "B": 1}


def test_unrated_members_have_a_reason_or_are_missing(cast):
    make_rating(make_member(cast.b), reason="exempt", rank=None)
    make_member(cast.b)
    make_rating(make_member(cast.b), rank=3)
    assert counts(cast, "ratings.members.unrated") == {"K": 2, "B": 2}
    assert counts(cast, "ratings.members.unrated.missing") == {"K": 1, "B": 1}
    assert counts(cast, "ratings.members.rated") == {"K": 1, "B": 1}


def test_who_left_in_the_year_counts_where_they_were_rated(cast):
    rated = make_person()
    make_stay(rated, cast.a_cell_1, "2010-01-01", "2015-11-01")
    make_rating(rated, rank=2, organisation=cast.a_cell_1)
    unrated = make_person()
    make_stay(unrated, cast.a_cell_1, "2010-01-01", "2015-11-01")
    assert counts(cast, "ratings.members.subject") == {"K": 1, "A": 1, "A1": 1}
    assert counts(cast, "ratings.members.tier2") == {"K": 1, "A": 1, "A1": 1}


def test_who_moved_counts_once_above_and_at_both_places_below(cast):
    person = make_person()
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2015-12-01", end_reason="moved")
    make_stay(person, cast.b, "2015-12-01", start_reason="moved", admission=first.admission)
    make_rating(person, rank=1, organisation=cast.a_cell_1)
    assert counts(cast, "ratings.members.subject") == {"K": 1, "A": 1, "A1": 1, "B": 1}
    assert counts(cast, "ratings.members.tier1") == {"K": 1, "A": 1, "A1": 1, "B": 1}


def test_rating_of_the_year_before_does_not_count(cast):
    make_rating(make_member(cast.b), 2014, rank=1)
    assert counts(cast, "ratings.members.rated") == {}


def test_mass_organisations_count_by_their_levels(cast):
    make_rating(make_mass_organisation(cast.a), rank=1)
    make_rating(make_mass_organisation(cast.a), rank=2)
    make_mass_organisation(cast.b, ended_on="2015-12-31")
    assert counts(cast, "ratings.mass.subject") == {"K": 2, "A": 2}
    assert counts(cast, "ratings.mass.good_or_better") == {"K": 2, "A": 2}


# Shares, targets, JSON


@pytest.mark.parametrize(
    ("count", "base", "share"),
    [
        (57, 71, "80.28"),
        (11, 71, "15.49"),
        (4001, 4100, "97.59"),
        (1, 8, "12.50"),
        (1, 800, "0.13"),
        (0, 3, "0.00"),
    ],
)
def test_share_is_rounded_half_up_to_two_decimals(count, base, share):
    assert share_of(count, base) == Decimal(share)


def test_share_over_nothing_is_none():
    assert share_of(0, 0) is None


def test_only_tiers_and_good_or_better_have_a_base():
    with_base = {figure.code for figure in FIGURES if figure.base}
    expected = {
        f"ratings.{subject}.{part}"
        for subject in ("organisations", "members", "mass")
        for part in ("tier1", "tier2", "tier3", "tier4", "good_or_better")
    }
    assert with_base == expected
    assert all(BY_CODE[figure.base].code.endswith(".rated") for figure in FIGURES if figure.base)


def test_target_is_met_by_the_rounded_share_and_says_how_many_are_missing(cast):
    for _ in range(2):
        make_rating(make_member(cast.b), rank=1)
    make_rating(make_member(cast.b), rank=3)
    make_target(cast.b, "ratings.members.good_or_better", 66)
    make_target(cast.b, "ratings.members.tier1", 98)
    make_target(cast.b, "admission.decided", 3)
    results = {result.figure.code: result for result in Summary(Scope(cast.b, YEAR)).targets}
    assert results["ratings.members.good_or_better"].met is True
    assert results["ratings.members.tier1"].missing_count == 1
    assert (results["admission.decided"].met, results["admission.decided"].missing_count) == (False, 3)


def test_target_without_a_base_to_measure_is_neither_met_nor_missed(cast):
    make_target(cast.b, "ratings.members.good_or_better", 90)
    (result,) = Summary(Scope(cast.b, YEAR)).targets
    assert (result.actual, result.met, result.missing_count) == (None, None, 0)


def test_summary_shows_own_targets_of_this_year_and_the_next(cast):
    make_target(cast.root, value=250)
    make_target(cast.root, value=260, year=2016)
    make_target(cast.root, value=240, year=2014)
    make_target(cast.b, value=5)
    results = Summary(Scope(cast.root, YEAR)).targets
    assert [(result.target.year, result.target.value) for result in results] == [(2015, 250), (2016, 260)]
    assert results[1].actual is None


def test_labels_of_tiers_come_from_the_scheme_of_the_year(cast):
    def label(year: int) -> str:
        return Summary(Scope(cast.root, year)).numbers["ratings.organisations.tier1"].label

    assert label(2015) == label(2017) == "Trong sạch, vững mạnh"
    assert label(2018) == label(2025) == "Hoàn thành xuất sắc nhiệm vụ"


# Scope in time


def test_past_year_keeps_the_tree_of_its_day(cast):
    from members.services import change_organisation

    make_member(cast.a_cell_1)
    change_organisation(
        organisation=cast.a_cell_1,
        on=_day("2015-03-01"),
        parent=cast.b,
        event="moved",
        decision_number="1",
        by=None,
    )
    for organisation in (cast.root, cast.a, cast.a_cell_1, cast.a_cell_2, cast.b):
        organisation.refresh_from_db()
    assert counts(cast, "members.total", 2014) == {"K": 1, "A": 1, "A1": 1}
    assert counts(cast, "members.total", 2015) == {"K": 1, "A1": 1, "B": 1}


def test_user_sees_only_what_is_in_scope_today_also_in_past_years(cast):
    from members.services import change_organisation

    make_member(cast.a_cell_1)
    make_member(cast.a_cell_2)
    change_organisation(organisation=cast.a_cell_1, on=_day("2015-03-01"), parent=cast.b, event="moved", by=None)
    scope = Scope(cast.a, 2014, cast.grassroots_a)
    assert Summary(scope).numbers["members.total"].count == BY_CODE["members.total"].rows(scope).count() == 1


def test_queries_do_not_grow_with_the_records(cast, django_assert_max_num_queries):
    from django.db import connection

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            count_figures(Scope(cast.root, YEAR), FIGURES)
        return len(captured)

    make_member(cast.b)
    before = queries()
    for number in range(30):
        person = make_member(cast.a_cell_1, began_on=f"2015-01-{number + 1:02}")
        make_rating(person, rank=number % 4 + 1)
        make_discipline(person=person)
        make_enrolment(make_class(opens_on="2015-05-05"), person)
    assert queries() == before <= 16


def _day(text: str):
    import datetime as dt

    return dt.date.fromisoformat(text)


def test_condition_reckoned_from_another_year_is_refused_instead_of_counted_wrongly(cast):
    from dataclasses import replace

    from django.core.exceptions import ImproperlyConfigured
    from django.db.models import Q

    young = replace(
        BY_CODE["members.total"],
        code="members.young",
        where=lambda day: Q(person__born_on__gt=day.replace(year=day.year - 35)),
    )
    with pytest.raises(ImproperlyConfigured, match=r"members\.young"):
        count_figures(Scope(cast.root, YEAR), [young])
