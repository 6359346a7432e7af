"""Every role follows every link and sends every form with hostile values: nothing breaks, comes back, or leaks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from config.access import Role
from members.models import Organisation, OrganisationKind, Person
from members.services import change_organisation
from reviews.indicators import FIGURES
from tests.builders import (
    make_case,
    make_document,
    make_honours,
    make_import_session,
    make_mass_organisation,
    make_member,
    make_merge,
    make_movement,
    make_organisation,
    make_post,
    make_rating,
    make_user,
)
from tests.canaries import CANARY, fill, plant
from tests.conftest import Cast
from tests.crawler import Crawler
from tests.pages import figure_address
from tests.routes import TABLE, Place

pytestmark = pytest.mark.django_db

# They only lead on to others.
SENDING_ON = {"badges", "home", "summary_latest", "recovery_codes"}


def foreign_keys() -> list[str]:
    """Keys of what the visitor has no right to, and none at all."""
    organisation = Organisation.objects.filter(name__contains=CANARY).first()
    person = Person.objects.filter(full_name__contains=CANARY).first()
    return [str(organisation.pk), str(person.pk), "-1", "x"]


def addresses(*places: Place) -> list[str]:
    """Every address of the access table, about each of the places."""
    found = []
    for name, rule in TABLE.items():
        arguments = [rule.arguments(place) for place in places] if rule.arguments else [[]]
        found += [reverse(name, args=values) for values in arguments]
    return found


def starts(*, step: int = 9) -> list[str]:
    """Where a visitor of A begins: the first page, every so many figure with its workbook, and searches."""
    figures = [figure_address(figure.code, 2015, "A") for figure in FIGURES[::step]]
    return [
        "/",
        reverse("summary", args=[2014, "A"]),
        reverse("summary", args=[2015, "A1"]),
        *figures,
        *(f"{figure}excel/" for figure in figures),
        *(f"{figure}?q={CANARY[:-1]}" for figure in figures),
    ]


@pytest.mark.parametrize("role", Role.values)
def test_nothing_breaks_comes_back_or_leaks(cast: Cast, client_of, role):
    fill(cast)
    plant(cast)
    user = make_user("nguoi-cua-a", role, cast.a, full_name="Người của A")
    crawler = Crawler(lambda: client_of(user), CANARY, foreign_keys())
    member = make_member(cast.a, "Người của A")
    own = Place(
        cast.a,
        member,
        make_user("nguoi-khac-cua-a", Role.LEADER, cast.a),
        make_import_session(cast.a, cast.office),
        make_post(member, cast.a),
        make_mass_organisation(cast.a),
        make_case(cast.a_cell_1),
    )
    make_document(own.person)
    make_merge(own.person)
    foreign = Organisation.objects.get(code=f"{CANARY}-2")
    stranger = Person.objects.get(memberships__organisation=foreign, full_name=f"Nguyễn {CANARY}")
    elsewhere = Place(
        foreign,
        stranger,
        cast.leader,
        make_import_session(foreign, cast.office, f"Tệp {CANARY}"),
        make_post(stranger, foreign),
        make_mass_organisation(foreign, f"Công đoàn {CANARY}"),
        foreign.admission_cases.get(),
    )
    for place in (own, elsewhere):
        make_movement(place.person, note=place.organisation.name)
        make_honours(place.organisation, place.person)
    every = starts(step=1 if role == Role.LEADER else 9)
    crawler.visit([*every, *addresses(own, elsewhere)])
    crawler.attack()
    crawler.revisit()
    assert crawler.findings == []
    assert {route for route, _ in crawler.statuses} >= set(TABLE) - SENDING_ON


def test_crawler_finds_what_it_looks_for(cast: Cast, client_of):
    """Whoever may see the planted name finds it; or the tests above would look for something that is nowhere."""
    fill(cast)
    plant(cast)
    crawler = Crawler(lambda: client_of(cast.leader), CANARY, [], pages_a_route=3)
    crawler.visit([reverse("summary", args=[2015, "K"])])
    assert any("foreign" in finding for finding in crawler.findings)


def test_names_of_a_cell_that_was_moved_away_are_not_shown_for_past_years(cast: Cast, client_of):
    """Its summary of 2014 still has the tree of then, without what the user may not see today."""
    cell = make_organisation(f"Chi bộ {CANARY}", code="A9", parent=cast.a, kind=OrganisationKind.SUBORDINATE_CELL)
    make_rating(make_member(cell, f"Nguyễn {CANARY}"), 2014, rank=1)
    change_organisation(organisation=cell, on=dt.date(2015, 3, 1), parent=cast.b, event="moved", by=None)
    crawler = Crawler(lambda: client_of(cast.grassroots_a), CANARY, [], pages_a_route=2)
    of_2014 = [figure_address(figure.code, 2014, "A") for figure in FIGURES]
    crawler.visit([reverse("summary", args=[2014, "A"]), reverse("summary", args=[2015, "A"]), *of_2014])
    assert crawler.findings == []


def test_whoever_is_not_signed_in_finds_only_the_way_in(cast: Cast):
    fill(cast)
    plant(cast)
    crawler = Crawler(Client, CANARY, foreign_keys())
    crawler.visit(["/", *starts()])
    assert crawler.findings == []
    assert {route for route, status in crawler.statuses if status == 200} <= {"sign_in"}
