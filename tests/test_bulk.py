"""Many rows at once: what is made and found quickly is what Django's own way makes and finds."""

from __future__ import annotations

import pytest
from django.db import connection

from config import bulk
from members.models import Person

VALUES = {"file_number": "S1", "full_name": "Nguyễn Văn An", "sex": "male"}


def test_a_row_made_quickly_is_as_django_makes_it() -> None:
    make = bulk.maker(Person)
    quick, other, plain = make(VALUES), make({}), Person(**VALUES)
    held = [{name: value for name, value in vars(row).items() if name != "_state"} for row in (quick, plain)]
    assert held[0] == held[1]
    assert (quick._state.adding, quick._state.db) == (True, None)
    assert quick._state is not other._state
    assert other.full_name == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "found"), [({"00000001", "9"}, ["a"]), ({""}, ["b"]), ({"", "00000001"}, ["a", "b"])]
)
def test_empty_texts_are_found_among_others_only_if_they_are_looked_for(wanted: set[str], found: list[str]) -> None:
    for number, card in (("a", "00000001"), ("b", ""), ("c", "00000002")):
        Person.objects.create(file_number=number, full_name="An", sex="male", card_number=card)
    people = Person.objects.filter(card_number__among=wanted).order_by("file_number")
    assert list(people.values_list("file_number", flat=True)) == found


@pytest.mark.django_db
def test_numbers_of_many_people_are_looked_up_in_their_index() -> None:
    Person.objects.bulk_create(
        Person(file_number=f"S{n}", full_name="An", sex="male", card_number=f"{n:08}") for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE members_person")
    plan = Person.objects.filter(card_number__among={"00000001"}).explain()
    assert "person_card_number_unique" in plan


@pytest.mark.django_db
def test_texts_of_many_rows_are_put_in_order_as_those_of_one() -> None:
    made = [
        Person(file_number=f"S{n}", full_name="An", sex="male", home_town=town, card_number=card)
        for n, (town, card) in enumerate([("  Xã  A ", "08.123456")] + [("Xã | B", "")] * bulk.LEAST)
    ]
    Person.objects.bulk_create(made)
    one = Person.objects.get(file_number="S0")
    assert (one.home_town, one.card_number) == ("Xã A", "08123456")
    assert (made[0].home_town, made[0].card_number) == ("Xã A", "08123456")
    assert Person.objects.get(file_number="S1").home_town == "Xã | B"
