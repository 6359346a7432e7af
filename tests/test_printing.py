"""What pages look like on paper, as far as their HTML says it: whose a printed list is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.builders import make_badge_round
from tests.pages import get

pytestmark = pytest.mark.django_db

LISTS = {
    "people": "",
    "people of an organisation": "?to_chuc=A",
    "my_work": "",
    "admission_board": "",
    "movements": "",
    "movements of an organisation": "?to-chuc=A",
    "disciplines": "",
    "disciplines of an organisation": "?to-chuc=A",
    "badge_rounds": "",
    "organisations": "",
    "duplicates": "",
}


def head_of(client, address):
    """The lines of the head that only paper shows."""
    return [line.text for line in get(client, address).first(class_="print-head").all("p")]


@pytest.mark.parametrize("name", LISTS)
def test_a_printed_list_says_whose_it_is(cast, client_of, name):
    upper, committee, party = head_of(client_of(cast.office), reverse(name.split()[0]) + LISTS[name])
    expected = (cast.root.name, cast.a.name) if LISTS[name] else ("Đảng bộ tỉnh", cast.root.name)
    assert (upper, committee) == tuple(text.upper() for text in expected)
    assert party == "ĐẢNG CỘNG SẢN VIỆT NAM"


def test_own_list_of_a_unit_is_headed_by_the_unit(cast, client_of):
    assert head_of(client_of(cast.grassroots_a), reverse("people"))[1] == cast.a.name.upper()


def test_pages_of_an_organisation_are_headed_by_it(cast, client_of):
    made = make_badge_round(cast.a)
    for address in (
        reverse("badge_round", args=[made.pk]),
        reverse("badge_forecast", args=["A"]),
        reverse("organisation_documents", args=["A"]),
    ):
        assert head_of(client_of(cast.office), address)[1] == cast.a.name.upper()
