"""The search: names with and without accents, initials, numbers, organisations; from anywhere and in lists."""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.access import Role
from config.keyed_pages import Count
from members import search
from members.models import Person
from members.search import MOST_PEOPLE, Search
from members.text import search_text
from tests.builders import make_member, make_organisation, make_person, make_stay, make_user
from tests.canaries import CANARY, plant
from tests.conftest import Cast
from tests.pages import content_of, read

pytestmark = pytest.mark.django_db


def found(text: str) -> set[str]:
    return set(Person.objects.matching(text).values_list("full_name", flat=True))


@pytest.fixture
def people(cast: Cast) -> None:
    make_member(
        cast.a_cell_1,
        "Nguyễn Văn Hoà",
        other_names="Ba Lúa",
        birth_name="Nguyễn Văn Lượm",
        file_number="77.000123",
        card_number="55.123456",
        national_id_number="077012345678",
        former_card_number="44000001",
    )
    make_member(cast.a_cell_2, "Nguyễn Vân Hoa", file_number="HS-9")
    make_member(cast.b, "Đỗ Thị Ước", file_number="HS-10")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("nguyen", {"Nguyễn Văn Hoà", "Nguyễn Vân Hoa"}),
        ("Nguyễn Văn", {"Nguyễn Văn Hoà", "Nguyễn Vân Hoa"}),
        ("hoa ng", {"Nguyễn Văn Hoà", "Nguyễn Vân Hoa"}),
        ("uyen", set()),  # the middle of a word
        ("nvh", {"Nguyễn Văn Hoà", "Nguyễn Vân Hoa"}),
        ("NVH", {"Nguyễn Văn Hoà", "Nguyễn Vân Hoa"}),
        ("nv", set()),  # not all the initials
        ("dtu", {"Đỗ Thị Ước"}),
        ("đtư", {"Đỗ Thị Ước"}),
        ("do thi uoc", {"Đỗ Thị Ước"}),
        ("ba lua", {"Nguyễn Văn Hoà"}),
        ("luom", {"Nguyễn Văn Hoà"}),
        ("77.0001", {"Nguyễn Văn Hoà"}),
        ("770001", {"Nguyễn Văn Hoà"}),
        ("55123", {"Nguyễn Văn Hoà"}),
        ("55.1234", {"Nguyễn Văn Hoà"}),
        ("077012345678", {"Nguyễn Văn Hoà"}),
        ("44000001", {"Nguyễn Văn Hoà"}),
        ("hs-1", {"Đỗ Thị Ước"}),
        ("hoa 77", {"Nguyễn Văn Hoà"}),
        ("%", set()),
        ("_", set()),
        ("", {"Nguyễn Văn Hoà", "Nguyễn Vân Hoa", "Đỗ Thị Ước"}),
    ],
)
def test_every_word_begins_a_word_of_the_name_or_a_number(people, text, names):
    assert found(text) == names


def test_accents_as_typed_stand_first(cast: Cast, people):
    assert set(Person.objects.matching_exactly("hòa").values_list("full_name", flat=True)) == {"Nguyễn Văn Hoà"}
    for name in ("Trần Hoa", "Lê Hoá"):
        make_member(cast.a, name)
    names = [one.person.full_name for one in Search(cast.office, "Hoà").people]
    assert names[0] == "Nguyễn Văn Hoà"
    assert set(names) == {"Nguyễn Văn Hoà", "Nguyễn Vân Hoa", "Trần Hoa", "Lê Hoá"}
    plain = [one.person.full_name for one in Search(cast.office, "hoa").people]
    assert plain == ["Trần Hoa", "Nguyễn Vân Hoa", "Nguyễn Văn Hoà", "Lê Hoá"]


def test_what_people_are_found_by_follows_every_change(people):
    person = Person.objects.get(file_number="HS-9")
    person.card_number = "11.222"
    person.save()
    assert found("11222") == {"Nguyễn Vân Hoa"}
    person.full_name = "Lê Thị Mới"
    person.save()
    assert found("ltm") == {"Lê Thị Mới"}
    assert "Nguyễn Vân Hoa" not in found("van hoa")


def test_text_is_found_by_itself_only():
    assert search_text("An", "", "", "") == " an "
    assert search_text("Nguyễn An", "", "", "") == " nguyen an nguyễn =na "


# --- From anywhere ---------------------------------------------------------------------------------


def test_page_groups_people_and_organisations(cast: Cast, client_of, people):
    page = read(client_of(cast.office).get(reverse("search"), {"q": "thanh tra"}))
    assert [link.text for link in page.having("data-found")[0].all("a")][:1] == ["Chi bộ Thanh tra tỉnh"]
    page = read(client_of(cast.office).get(reverse("search"), {"q": "uoc"}))
    text = page.having("data-found")[0].text
    assert text.startswith("Đỗ Thị Ước")
    assert "Chi bộ Thanh tra tỉnh" in text


@pytest.mark.parametrize("is_many", [False, True])
def test_nobody_finds_what_they_may_not_see(cast: Cast, client_of, is_many, monkeypatch):
    if is_many:
        monkeypatch.setattr(search, "bounded_count", lambda rows: Count(1, is_exact=False))
    plant(cast)
    moved = make_person("Nguyễn Văn An")
    stay = make_stay(moved, cast.a, "2010-01-01", "2014-01-01", end_reason="moved")
    elsewhere = make_organisation(f"Chi bộ {CANARY}", parent=cast.b)
    make_stay(moved, elsewhere, "2014-01-01", start_reason="moved", admission=stay.admission)
    client = client_of(make_user("cua-a", Role.GRASSROOTS, cast.a))
    for text in (CANARY, "nguyen", "chi bo", "quan chung", "da mat"):
        response = client.get(reverse("search"), {"q": text})
        assert CANARY not in content_of(response).replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "")
    assert [one.person for one in Search(cast.grassroots_a, "nguyen").people] == [moved]


def test_candidates_and_former_members_are_found_too(cast: Cast):
    make_person("Quần Chúng Tốt", followed_by=cast.a)
    make_stay(make_person("Đã Chuyển Đi"), cast.a, "2010-01-01", "2014-01-01")
    for text in ("quan chung tot", "da chuyen"):
        assert len(Search(cast.grassroots_a, text).people) == 1


def test_many_hits_are_not_counted(cast: Cast, client_of):
    for number in range(MOST_PEOPLE + 3):
        make_member(cast.a, f"Nguyễn {number}")
    asked = Search(cast.office, "nguyen")
    assert (len(asked.people), asked.has_more_people) == (MOST_PEOPLE, True)
    assert "hơn 50" in read(client_of(cast.office).get(reverse("search"), {"q": "nguyen"})).text


@pytest.mark.parametrize("count", [3, 40])
def test_search_costs_a_fixed_number_of_queries(cast: Cast, client_of, django_assert_max_num_queries, count):
    for number in range(count):
        make_member(cast.a, f"Nguyễn {number}")
        make_organisation(f"Chi bộ Nguyễn {number}", parent=cast.a)
    client = client_of(cast.office)
    with django_assert_max_num_queries(9):
        assert client.get(reverse("search"), {"q": "Nguyễn"}).status_code == 200


def test_header_has_the_search_for_who_may_see_records(cast: Cast, client_of):
    assert read(client_of(cast.leader).get(reverse("people"))).having("data-find")
    assert not read(client_of(cast.administrator).get(reverse("accounts"))).having("data-find")


@pytest.mark.parametrize("text", ["", "   ", "\x00", "’", "x" * 5000])
def test_odd_texts_break_nothing(cast: Cast, client_of, text):
    assert client_of(cast.office).get(reverse("search"), {"q": text}).status_code == 200
