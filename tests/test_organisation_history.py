"""All periods written together are those that the services write one organisation at a time."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from members.models import Organisation, OrganisationPeriod
from members.organisation_history import CircleError, Histories, State
from members.services import change_organisation, merge_organisation
from tests.builders import day, make_organisation
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

MOST = 8


def found_some(random: Random) -> list[Organisation]:
    """A root with organisations below it, some founded later than others."""
    made = [make_organisation("Đảng bộ Khối")]
    for number in range(random.randint(4, MOST)):
        founded = dt.date(random.randint(2000, 2006), 3, 1) if random.random() < 0.3 else None
        with suppress(ValidationError):
            made.append(make_organisation(f"Chi bộ {number}", parent=random.choice(made), founded_on=founded))
    return made


def change_some(random: Random, made: list[Organisation]) -> None:
    """Moves, new names and kinds, and mergers, one after the other; what the services refuse does not happen."""
    on = dt.date(2005, 1, 1)
    for number in range(random.randint(3, 14)):
        on += dt.timedelta(days=random.choice((0, 1, 200)))
        one, other = random.sample(made, 2)
        for row in (one, other):
            row.refresh_from_db()
        what = {"organisation": one, "on": on, "decision_number": random.choice(("", str(number))), "by": None}
        with suppress(ValidationError):
            if random.random() < 0.15:
                merge_organisation(**what, into=other)
            elif random.random() < 0.6:
                change_organisation(**what, parent=random.choice((other, made[0])), event="moved")
            else:
                change_organisation(**what, name=f"Tên {number % 3}", kind="grassroots_cell", event="renamed")


def everything() -> list[Any]:
    """All rows with their keys and versions."""
    return [list(model.objects.order_by("pk").values()) for model in (Organisation, OrganisationPeriod)]


def told() -> list[tuple[Any, ...]]:
    """What the periods say, whatever their keys; the number of a change above aside."""
    columns = ("organisation", "starts_on", "ends_on", "name", "kind", "parent", "path", "event")
    return sorted(OrganisationPeriod.objects.values_list(*columns), key=str)


def period_of(organisation: Organisation, starts_on: str) -> OrganisationPeriod:
    return OrganisationPeriod.objects.get(organisation=organisation, starts_on=starts_on)


# --- As the services wrote it ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(30))
def test_what_services_wrote_is_left_as_it_is(db: None, seed: int) -> None:
    random = Random(seed)
    made = found_some(random)
    change_some(random, made)
    before = everything()
    Histories().write([one.pk for one in made])
    assert everything() == before


@pytest.mark.parametrize("seed", range(10))
def test_periods_are_made_whole_again_out_of_the_states_alone(db: None, seed: int) -> None:
    random = Random(seed)
    made = found_some(random)
    change_some(random, made)
    states, before, organisations = Histories().states, told(), everything()[0]
    OrganisationPeriod.objects.all().delete()
    histories = Histories()
    histories.states = states
    histories.write(states)
    assert told() == before
    assert everything()[0] == organisations


# --- Changes ---------------------------------------------------------------------------------------


def test_state_put_between_two_takes_those_below_along(cast: Cast) -> None:
    change_organisation(organisation=cast.a, on=day("2015-01-01"), name="Đảng bộ mới", event="renamed", by=None)
    histories = Histories()
    histories.states[cast.a.pk].insert(1, State(day("2013-01-01"), cast.a.name, cast.a.kind, cast.b.pk, "moved", "7"))
    histories.write([cast.a.pk])
    moved = period_of(cast.a, "2013-01-01")
    assert (moved.ends_on, moved.path) == (day("2015-01-01"), f"{cast.b.path}{cast.a.pk}/")
    follows = period_of(cast.a_cell_1, "2013-01-01")
    assert (follows.ends_on, follows.event, follows.decision_number) == (day("2015-01-01"), "parent_changed", "7")
    assert follows.path == f"{moved.path}{cast.a_cell_1.pk}/"
    cast.a_cell_1.refresh_from_db()
    assert cast.a_cell_1.path == period_of(cast.a_cell_1, "2015-01-01").path == f"{cast.a.path}{cast.a_cell_1.pk}/"


def test_state_taken_away_takes_its_traces_below_along(cast: Cast) -> None:
    before = everything()
    change_organisation(organisation=cast.a, on=day("2013-01-01"), parent=cast.b, event="moved", by=None)
    histories = Histories()
    del histories.states[cast.a.pk][1]
    histories.write([cast.a.pk])
    assert [row["path"] for row in everything()[0]] == [row["path"] for row in before[0]]
    assert not OrganisationPeriod.objects.exclude(starts_on=None).exists()


def test_new_organisation_has_one_state_from_the_beginning(cast: Cast) -> None:
    change_organisation(organisation=cast.a, on=day("2013-01-01"), parent=cast.b, event="moved", by=None)
    late = Organisation.objects.create(code="N", name="Chi bộ mới", kind="subordinate_cell", parent=cast.a)
    histories = Histories()
    histories.add(late)
    histories.write([late.pk])
    late.refresh_from_db()
    assert late.path == f"{cast.a.path}{late.pk}/"
    paths = OrganisationPeriod.objects.filter(organisation=late).values_list("starts_on", "ends_on", "event")
    assert set(paths) == {(None, day("2013-01-01"), "founded"), (day("2013-01-01"), None, "parent_changed")}


# --- Circles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_latest", [True, False], ids=["to this day", "only for a time"])
def test_circle_is_refused_with_its_organisations_and_nothing_is_written(cast: Cast, is_latest: bool) -> None:
    before = everything()
    histories = Histories()
    states = histories.states[cast.a.pk]
    states.append(State(day("2013-01-01"), cast.a.name, cast.a.kind, cast.a_cell_2.pk, "moved"))
    if not is_latest:
        states.append(State(day("2014-01-01"), cast.a.name, cast.a.kind, cast.root.pk, "moved"))
    with pytest.raises(CircleError) as refused:
        histories.write([cast.a.pk])
    assert set(refused.value.keys) == {cast.a.pk, cast.a_cell_2.pk}
    assert everything() == before


def test_places_may_be_changed_if_never_at_one_time(cast: Cast) -> None:
    histories = Histories()
    histories.states[cast.a.pk].append(State(day("2013-01-01"), cast.a.name, cast.a.kind, cast.b.pk, "moved"))
    histories.states[cast.b.pk].insert(0, State(None, cast.b.name, cast.b.kind, cast.a.pk))
    histories.states[cast.b.pk][1].starts_on = day("2013-01-01")
    histories.write([cast.a.pk, cast.b.pk])
    for organisation in (cast.a, cast.b):
        organisation.refresh_from_db()
    assert cast.a.path == f"{cast.b.path}{cast.a.pk}/"
    first = OrganisationPeriod.objects.get(organisation=cast.b, starts_on=None)
    assert first.path == f"{cast.root.path}{cast.a.pk}/{cast.b.pk}/"
