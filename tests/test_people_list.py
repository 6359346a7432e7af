"""The lists of people: filters against the records by hand, scope, order, addresses, columns."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from config.access import Role
from config.keyed_pages import PER_PAGE
from members import audit
from members.models import Membership, Organisation, OrganisationKind, Person, User
from members.party_age import party_age
from members.services import change_organisation
from members.text import name_sort_key
from reviews.people import selection
from reviews.people.filters import FILTERS, MISSING, Standing, full_years, years_before
from reviews.people.listing import PeopleList
from tests.builders import (
    make_exemption,
    make_member,
    make_organisation,
    make_person,
    make_rating,
    make_stay,
    make_user,
)
from tests.canaries import CANARY, fill, plant
from tests.conftest import Cast
from tests.oracle import Oracle, covers
from tests.pages import content_of, read
from tests.worlds import YEARS, World

pytestmark = pytest.mark.django_db


def listed(user: User, **query: str) -> PeopleList:
    asked = QueryDict(mutable=True)
    asked.update({name: str(value) for name, value in query.items()})
    return PeopleList(user, asked)


def names(user: User, **query: str) -> list[str]:
    listing = listed(user, **query)
    assert listing.form.errors == {}
    return [row.name for row in listing.rows]


# --- Filters against the records by hand -----------------------------------------------------------

ETHNIC, RELIGIONS = ("Kinh", "Kinh", "Tày", "Ê Đê", ""), ("Không", "Phật giáo", "")
EDUCATION, SKILLS = ("12/12", "10/10", ""), ("Thạc sĩ luật", "Cử nhân luật", "kỹ sư", "")
LEVELS = ("university", "master", "")
THEORY = ("elementary", "advanced", "")
REMOVED = ("struck_off", "expelled", "withdrew")


class Asked:
    """A random question, and who should be found, out of every record in turn."""

    def __init__(self, world: World, oracle: Oracle, random: Random) -> None:
        self.random, self.oracle = random, oracle
        self.day = random.choice([dt.date(year, 12, 31) for year in YEARS] + [world.day()])
        self.reader = random.choice([*[world.organisations[0]] * 4, *world.organisations[1:3]])
        self.organisation = random.choice([None, None, *world.organisations])
        self.query = {
            "ngay": f"{self.day:%d/%m/%Y}",
            "tinh_trang": random.choice([*Standing.values, *[Standing.MEMBER] * 5]),
        }
        if self.organisation:
            self.query |= {"to_chuc": self.organisation.code, "duoi": random.choice(["", "khong"])}
        for name, values in CHOICES.items():
            if random.random() < 0.06:
                self.query[name] = random.choice(values)
        for first, last in (("tuoi_tu", "tuoi_den"), ("tuoi_dang_tu", "tuoi_dang_den"), ("ket_nap_tu", "ket_nap_den")):
            if int(self.query.get(first, 0)) > int(self.query.get(last, 9999)):
                del self.query[last]
        if "xep_loai" in self.query:
            self.query["nam_xl"] = str(random.choice(YEARS))

    @property
    def places(self) -> set[int]:
        """Where the stays must lie: under the organisation on the day, and today under the reader's."""
        seen = self.oracle.under(self.reader.pk, dt.date.max)
        if self.organisation is None:
            return seen
        if self.query["duoi"]:
            return seen & {self.organisation.pk}
        return seen & self.oracle.under(self.organisation.pk, self.day)

    def expected(self) -> set[int]:
        return {person.pk for person in self.oracle.people.values() if self._is_found(person)}

    def _is_found(self, person: Person) -> bool:
        standing = self.query["tinh_trang"]
        stays = [stay for stay in self.oracle.stays_of[person.pk] if stay.organisation_id in self.places]
        begun = [stay for stay in stays if stay.began_on <= self.day]
        if standing == Standing.CANDIDATE:
            is_candidate = not self.oracle.stays_of[person.pk] and person.followed_by_id in self.places
            return is_candidate and self._fits(person, None)
        if not begun:
            return False
        last = begun[-1]
        return self._stands(standing, person, last) and self._fits(person, last)

    def _stands(self, standing: str, person: Person, last: Membership) -> bool:
        reasons = {
            Standing.FORMER: ("transferred_out", "moved", "deceased", *REMOVED),
            Standing.TRANSFERRED: ("transferred_out", "moved"),
            Standing.DECEASED: ("deceased",),
            Standing.REMOVED: REMOVED,
        }
        if standing in reasons:
            return not covers(last, self.day) and last.end_reason in reasons[standing]
        official = last.admission.official_on
        is_official = official is not None and official <= self.day
        exempt = [
            row
            for row in self.oracle.exemptions[person.pk]
            if row.starts_on <= self.day and not (row.ends_on and row.ends_on <= self.day)
        ]
        is_so = {
            Standing.MEMBER: True,
            Standing.OFFICIAL: is_official,
            Standing.PROBATIONARY: not is_official,
            Standing.EXEMPT: bool(exempt),
        }
        return covers(last, self.day) and is_so[standing]

    def _fits(self, person: Person, stay: Membership | None) -> bool:
        """Every filter by itself."""
        asked, decided = self.query, stay.admission.decided_on if stay else None
        tests = {
            "gioi": lambda value: person.sex == value,
            "tuoi_tu": lambda value: self._years(person.born_on) >= int(value),
            "tuoi_den": lambda value: 0 <= self._years(person.born_on) <= int(value),
            "dan_toc": lambda value: {
                "Thiểu số": person.ethnicity not in ("", "Kinh"),
                "ê đê": person.ethnicity == "Ê Đê",
                "Kinh": person.ethnicity == "Kinh",
            }[value],
            "ton_giao": lambda value: {
                "Có tôn giáo": person.religion not in ("", "Không"),
                "khong": person.religion == "Không",
            }[value],
            "hoc_van": lambda value: value in person.general_education,
            "chuyen_mon": lambda value: value.lower() in person.professional_education.lower(),
            "ly_luan": lambda value: person.theory_level == ("" if value == "khong" else value),
            "ket_nap_tu": lambda value: decided is not None and decided >= dt.date(int(value), 1, 1),
            "ket_nap_den": lambda value: decided is not None and decided <= dt.date(int(value), 12, 31),
            "trinh_do": lambda value: person.professional_level == ("" if value == "khong" else value),
            "tuoi_dang_tu": lambda value: stay is not None and self._in_party(person) >= int(value),
            "tuoi_dang_den": lambda value: stay is not None and 0 <= self._in_party(person) <= int(value),
            "xep_loai": lambda value: self._rated(person, int(asked["nam_xl"])) == value,
            "thieu": lambda value: self._lacks(person, stay, value),
        }
        return all(tests[name](value) for name, value in asked.items() if name in tests)

    def _years(self, since: dt.date | None) -> int:
        if since is None:
            return -1
        years = self.day.year - since.year
        return years - 1 if (self.day.month, self.day.day) < (since.month, since.day) else years

    def _in_party(self, person: Person) -> int:
        age = party_age(person, on=self.day)
        return age.years if age else -1

    def _rated(self, person: Person, year: int) -> str:
        for rating in person.ratings.filter(year=year, status="approved").select_related("level"):
            return str(rating.level.rank) if rating.level else "khong-xep"
        return "chua-xep"

    @staticmethod
    def _lacks(person: Person, stay: Membership | None, what: str) -> bool:
        if what == "ngay-chinh-thuc":
            return stay is not None and stay.admission.official_on is None
        return not getattr(person, {"ngay-sinh": "born_on", "ly-luan": "theory_level", "dan-toc": "ethnicity"}[what])


CHOICES: dict[str, list[str]] = {
    "gioi": ["male", "female"],
    "tuoi_tu": ["20", "30"],
    "tuoi_den": ["30", "45"],
    "dan_toc": ["Thiểu số", "ê đê", "Kinh"],
    "ton_giao": ["Có tôn giáo", "khong"],
    "hoc_van": ["12"],
    "chuyen_mon": ["luật", "Kỹ sư"],
    "ly_luan": ["advanced", "khong"],
    "trinh_do": ["university", "khong"],
    "ket_nap_tu": ["2005", "2013"],
    "ket_nap_den": ["2010", "2014"],
    "tuoi_dang_tu": ["1", "3", "29"],
    "tuoi_dang_den": ["1", "3"],
    "xep_loai": ["1", "2", "khong-xep", "chua-xep"],
    "thieu": ["ngay-sinh", "ly-luan", "dan-toc", "ngay-chinh-thuc"],
}


def test_every_filter_is_tried_by_hand():
    tried = {"q", "to_chuc", "duoi", "ngay", "tinh_trang", "nam_xl", *CHOICES}
    assert {one.name for one in FILTERS} == tried


def describe(people: list[Person], random: Random) -> None:
    """Give everybody something to be found by."""
    for person in people:
        person.refresh_from_db()
        person.full_name = random.choice(("Nguyễn Văn An", "Trần Thị Ánh", "Lê Đào", "Hoàng Thị Bích"))
        person.born_on = random.choice([None, *[dt.date(year, 6, 15) for year in (1960, 1975, 1983, 1984, 1994)]])
        person.ethnicity, person.religion = random.choice(ETHNIC), random.choice(RELIGIONS)
        person.general_education, person.professional_education = random.choice(EDUCATION), random.choice(SKILLS)
        person.theory_level, person.professional_level = random.choice(THEORY), random.choice(LEVELS)
        person.save()


@pytest.mark.parametrize("is_many", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_lists_hold_whom_the_records_by_hand_say(seed, is_many, monkeypatch):
    """Also when there are too many stays to begin with them, and too many rows to be read at once."""
    if is_many:
        monkeypatch.setattr(selection, "bounded_count", lambda rows: selection.Count(3, is_exact=False))
    world, random = World(seed), Random(seed)
    describe(world.people, random)
    oracle, total = Oracle(), 0
    for _ in range(60):
        asked = Asked(world, oracle, random)
        user = make_user(f"nguoi-{User.objects.count()}", Role.LEADER, asked.reader)
        order = random.choice(("", "-ten", "sinh", "chi_bo", "-ket_nap"))
        listing = listed(user, **asked.query, xep=order)
        if "to_chuc" in listing.form.errors:
            assert asked.organisation.pk not in oracle.under(asked.reader.pk, dt.date.max)
            continue
        assert listing.form.errors == {}
        found = list(listing.pages.in_order())
        assert len(found) == len(set(found))
        assert set(found) == asked.expected(), (asked.query, order)
        assert {row.person.pk for row in listing.all_rows()} == set(found)
        total += len(found)
    assert total > 20


def test_rows_show_the_stay_of_the_day_or_the_last_one_before(cast: Cast):
    person = make_person("Nguyễn Văn An")
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2014-03-01", end_reason="moved")
    make_stay(person, cast.a_cell_2, "2014-03-01", start_reason="moved", admission=first.admission)
    for day, place in (("31/12/2013", "Chi bộ Văn phòng"), ("31/12/2014", "Chi bộ Tổ chức công chức")):
        (row,) = listed(cast.office, ngay=day).rows
        assert (row.unit.name, row.grassroots.name, row.standing) == (place, "Đảng bộ Sở Nội vụ", "Dự bị")
    assert names(cast.office, ngay="31/12/2014", to_chuc="A1") == []
    (row,) = listed(cast.office, ngay="31/12/2014", to_chuc="A1", tinh_trang="da-chuyen").rows
    assert (row.unit.name, row.standing) == ("Chi bộ Văn phòng", "Chuyển nội bộ")


def test_organisations_stand_under_their_names_and_places_of_the_day(cast: Cast):
    make_member(cast.a_cell_1)
    change = {"organisation": cast.a_cell_1, "on": dt.date(2015, 1, 1), "by": None}
    change_organisation(**change, name="Chi bộ Văn phòng, Thanh tra", event="renamed")
    assert [row.unit.name for row in listed(cast.office, ngay="31/12/2014").rows] == ["Chi bộ Văn phòng"]
    assert [row.unit.name for row in listed(cast.office).rows] == ["Chi bộ Văn phòng, Thanh tra"]


# --- Scope -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_many", [False, True])
@pytest.mark.parametrize("standing", Standing.values)
def test_no_list_shows_people_of_others(cast: Cast, client_of, standing, is_many, monkeypatch):
    if is_many:
        monkeypatch.setattr(selection, "bounded_count", lambda rows: selection.Count(3, is_exact=False))
    fill(cast)
    plant(cast)
    make_person("Quần chúng của A", followed_by=cast.a)
    leader = make_user("lanh-dao-a", Role.LEADER, cast.a)
    for more in ({}, {"q": CANARY[:-1]}, {"xep": "chi_bo"}, {"nam_xl": 2015}, {"ngay": "31/12/2014"}):
        query = {"tinh_trang": standing, **more}
        for address in (reverse("people"), reverse("people_excel")):
            response = client_of(leader).get(address, query, follow=True)
            assert response.status_code == 200
            assert f"Nguyễn {CANARY}" not in content_of(response)
            assert f"Quần chúng {CANARY}" not in content_of(response)
            assert f"Đã mất {CANARY}" not in content_of(response)
        assert CANARY in str(Person.objects.values_list("full_name", flat=True))


def test_position_of_somebody_unseen_is_not_told(cast: Cast):
    """Else the order of pages would tell their names letter by letter."""
    for name in ("Lê Văn An", "Lê Văn Yến"):
        make_member(cast.a, name)
    stranger = make_member(cast.b, "Lê Văn Khoa")
    listing = listed(cast.grassroots_a, sau=stranger.pk)
    assert [row.name for row in listing.rows] == ["Lê Văn An", "Lê Văn Yến"]
    assert listing.note


def test_foreign_organisation_is_no_organisation(cast: Cast):
    make_organisation("Chi bộ kín", code="XQ7", parent=cast.b)
    told = [str(listed(cast.grassroots_a, to_chuc=code).form.errors["to_chuc"]) for code in ("XQ7", "XQ8")]
    assert told[0].replace("XQ7", "XQ8") == told[1]


def test_cell_that_was_moved_away_takes_its_past_members_along(cast: Cast):
    make_member(cast.a_cell_1, "Nguyễn Văn An")
    change_organisation(organisation=cast.a_cell_1, on=dt.date(2015, 3, 1), parent=cast.b, event="moved", by=None)
    assert names(cast.grassroots_a, ngay="31/12/2014") == []
    assert names(cast.grassroots_b, ngay="31/12/2014") == ["Nguyễn Văn An"]
    assert names(cast.office, ngay="31/12/2014", to_chuc="A") == ["Nguyễn Văn An"]
    assert names(cast.office, to_chuc="A") == []


# --- Order and pages -------------------------------------------------------------------------------


@audit.audited
def fill_cell(cell: Organisation, count: int) -> None:
    random = Random(count)
    for number in range(count):
        family, given = random.choice(("Đỗ", "Đặng", "Nguyễn")), random.choice(("An", "Ân", "Ánh", "Đào", "Ơn"))
        make_member(
            cell, f"{family} Thị {given}", born_on=None if number % 7 == 0 else dt.date(1960 + number % 30, 1, 1)
        )


@pytest.mark.parametrize("order", ["", "-ten", "sinh", "-sinh", "tuoi", "chi_bo", "ket_nap", "ly_luan", "so_the"])
def test_pages_hold_everybody_once(cast: Cast, client_of, order):
    for place, count in ((cast.a_cell_1, 40), (cast.a_cell_2, 30), (cast.b, 50)):
        fill_cell(place, count)
    client, address, seen = client_of(cast.office), f"{reverse('people')}?xep={order}", []
    for _ in range(5):
        page = read(client.get(address, follow=True))
        rows = page.all("th", scope="row")
        seen += [row.all("a")[0].attributes["href"] for row in rows]
        following = page.all("a", rel="next")
        if not following:
            break
        address = reverse("people") + following[0].attributes["href"]
    assert len(seen) == len(set(seen)) == 120
    assert len(rows) == 120 - 2 * PER_PAGE


def test_names_are_in_vietnamese_order(cast: Cast):
    given = ["Nguyễn Thị Ân", "Đỗ Thị Ánh", "Đặng Thị An", "Trần Đào", "Trần Dao", "Lê Ơn", "Lê Ông", "Lê Oanh"]
    for name in given:
        make_member(cast.a, name)
    expected = sorted(given, key=name_sort_key)
    assert names(cast.office) == expected
    assert names(cast.office, xep="-ten") == expected[::-1]


def test_age_goes_up_where_it_says_so(cast: Cast):
    for year in (1990, 1960, 1975):
        make_member(cast.a, born_on=dt.date(year, 1, 1))
    make_member(cast.a, born_on=None)
    ages = [row.age for row in listed(cast.office, xep="tuoi").rows]
    assert ages[:3] == sorted(ages[:3])
    assert ages[3] is None
    assert [row.age for row in listed(cast.office, xep="-tuoi").rows][:3] == ages[:3][::-1]


@pytest.mark.parametrize("count", [10, 120])
@pytest.mark.parametrize("query", ["", "q=thi&xep=chi_bo", "tinh_trang=quan-chung", "nam_xl=2015&cuoi=1"])
def test_page_costs_a_fixed_number_of_queries(cast: Cast, client_of, django_assert_max_num_queries, count, query):
    fill_cell(cast.a_cell_1, count)
    for number in range(count):
        make_person(f"Lê {number}", followed_by=cast.a)
    client = client_of(cast.office)
    with django_assert_max_num_queries(18):
        assert client.get(f"{reverse('people')}?{query}").status_code == 200


# --- Addresses and words ---------------------------------------------------------------------------


def test_address_is_written_in_one_way(cast: Cast, client_of):
    client = client_of(cast.office)
    typed = {
        "q": "  nguyen ",
        "to_chuc": "sở nội vụ",
        "duoi": "",
        "tinh_trang": "",
        "ket_nap_tu": "1/9/2014",
        "xep": "ten",
    }
    response = client.get(reverse("people"), typed)
    assert response.status_code == 302
    assert response.url == f"{reverse('people')}?q=nguyen&to_chuc=A&ket_nap_tu=01/09/2014"
    assert client.get(response.url).status_code == 200


def test_address_of_columns_is_short(cast: Cast, client_of):
    client = client_of(cast.office)
    response = client.get(f"{reverse('people')}?cot=que&cot=sinh&cot=zzz")
    assert response.url == f"{reverse('people')}?cot=ten,sinh,que"
    page = client.get(response.url)
    make_member(cast.a, home_town="Xã Sơn")
    assert "Quê quán" in content_of(page)


def test_state_reads_as_a_sentence(cast: Cast):
    listing = listed(
        cast.office,
        tinh_trang="du-bi",
        to_chuc="A1",
        ket_nap_tu="2015",
        gioi="female",
        nam_xl="2015",
        xep_loai="1",
        ngay="31/12/2015",
    )
    assert listing.sentence == (
        "Đảng viên dự bị · Chi bộ Văn phòng · nữ · kết nạp từ 2015 · xếp loại năm 2015 · "
        "hoàn thành xuất sắc nhiệm vụ · tính đến 31/12/2015"
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"ngay": "31/2/2015"}, "ngay"),
        ({"tuoi_tu": "ba"}, "tuoi_tu"),
        ({"tuoi_tu": "60", "tuoi_den": "30"}, "tuoi_den"),
        ({"ket_nap_tu": "15"}, "ket_nap_tu"),
        ({"ket_nap_tu": "2015", "ket_nap_den": "2014"}, "ket_nap_den"),
        ({"xep_loai": "1"}, "nam_xl"),
        ({"to_chuc": "chi bộ"}, "to_chuc"),
        ({"tinh_trang": "x"}, "tinh_trang"),
    ],
)
def test_what_makes_no_sense_is_told_and_kept(cast: Cast, client_of, query, field):
    make_member(cast.a_cell_1, "Nguyễn Văn An")
    response = client_of(cast.office).get(reverse("people"), query)
    page = read(response)
    assert response.status_code == 200
    assert page.all("p", class_="field-error", id=f"id_{field}_error")
    assert not page.having("data-fold"), "a phone would fold the marked field away"
    assert "Nguyễn Văn An" not in content_of(response)
    for name, value in query.items():
        assert value in content_of(response), name


def test_empty_lists_say_why_and_what_to_do(cast: Cast, client_of):
    client = client_of(cast.office)
    assert "chưa có đảng viên nào" in content_of(client.get(reverse("people")))
    make_member(cast.a)
    assert "Thử bớt một điều kiện" in content_of(client.get(reverse("people"), {"q": "zzz"}))


def test_missing_choices_are_columns_of_a_person():
    for _, condition in MISSING.values():
        assert Person.objects.filter(condition).count() == 0


@pytest.mark.parametrize(
    ("since", "day", "years"),
    [
        ("2004-02-29", "2014-02-28", 10),
        ("2004-02-29", "2014-02-27", 9),
        ("2004-03-01", "2014-02-28", 9),
        ("2004-02-28", "2024-02-28", 20),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2003-02-28", "2024-02-29", 21),
        ("2004-12-31", "2014-12-31", 10),
    ],
)
def test_years_are_full_from_the_same_day_on(since, day, years):
    since, day = dt.date.fromisoformat(since), dt.date.fromisoformat(day)
    assert full_years(since, day) == years
    assert since <= years_before(day, years)
    assert since > years_before(day, years + 1)


def test_whoever_is_exempt_says_so(cast: Cast):
    person = make_member(cast.a, "Nguyễn Văn An")
    make_exemption(person)
    make_rating(person, 2015, rank=1)
    (row,) = listed(cast.office, tinh_trang="mien", nam_xl="2015").rows
    assert row.standing == "Miễn sinh hoạt"
    assert row.rated == "Hoàn thành xuất sắc nhiệm vụ"


def test_many_organisations_are_offered_by_the_grassroots_alone(cast: Cast, monkeypatch):
    offered = listed(cast.office).offered_organisations
    assert "A1 – Chi bộ Văn phòng" in offered
    monkeypatch.setattr("reviews.people.listing.MOST_OFFERED", 3)
    make_organisation("Chi bộ khác", parent=cast.a, kind=OrganisationKind.SUBORDINATE_CELL)
    assert set(listed(cast.office).offered_organisations) == {
        "A – Đảng bộ Sở Nội vụ",
        "B – Chi bộ Thanh tra tỉnh",
    }
    assert listed(cast.office, to_chuc=offered[0]).organisation is not None


def test_day_is_todays_unless_another_is_asked_for(cast: Cast):
    assert listed(cast.office).day == timezone.localdate()


def test_columns_show_what_the_person_has(cast: Cast, client_of: Any):
    make_member(cast.a_cell_1, "Nguyễn Văn An", "2005-03-01", card_number="77.123456", theory_level="advanced")
    codes = "ten,so_the,ly_luan,tuoi_dang,chi_bo,tccs,roi"
    page = read(client_of(cast.office).get(f"{reverse('people')}?cot={codes}&ngay=31/12/2015", follow=True))
    (row,) = page.all("tbody")[0].all("tr")
    cells = [cell.text for cell in row.all("th", "td")]
    assert cells == ["Nguyễn Văn An", "Chi bộ Văn phòng", "Đảng bộ Sở Nội vụ", "10", "77.123456", "Cao cấp", "–"]
