"""The life of a file in words, and what somebody is: sentences, order, queries."""

import datetime as dt

import pytest
from django.urls import reverse

from members import services
from members.models import Discipline, Journey, Person, ReceivedAward, Study, WorkPeriod
from members.standing import standing
from members.timeline import timeline
from tests.builders import (
    make_admission,
    make_badge,
    make_class,
    make_commendation,
    make_enrolment,
    make_exemption,
    make_member,
    make_person,
    make_rating,
    make_stay,
)
from tests.pages import get

TODAY = dt.date(2016, 1, 1)


def told(person, reader, **how):
    """The timeline as (date, words)."""
    return [(str(moment.when), moment.words) for _, moments in timeline(person, reader, **how) for moment in moments]


@pytest.fixture
def person(cast):
    """Somebody to whom everything happened."""
    person = make_person(
        "Nguyễn Văn An",
        born="5/1955",
        birth_place="Yên Thắng",
        youth_union_joined="1971",
        enlisted="9/1972",
        discharged="1976",
        military_rank="Trung sĩ",
        card_issued="3/2/2006",
        card_number="08123456",
    )
    entry = make_admission(
        person, cast.a_cell_1, "1980-03-01", official_on="1981-03-01", decision_number="12", ceremony="19/3/1980"
    )
    make_stay(person, cast.a_cell_1, "1980-03-01", "2010-05-01", admission=entry, end_reason="moved")
    make_stay(person, cast.a_cell_2, "2010-05-01", "2015-06-01", admission=entry, start_reason="moved")
    make_exemption(person, "2012-01-01", ends_on=dt.date(2013, 1, 1))
    make_badge(person, 30, "2010-03-01")
    Discipline.objects.create(person=person, form="reprimand", decided_on=dt.date(1990, 5, 6), decision_number="3")
    WorkPeriod.objects.create(person=person, began="1977", ended="1990", work="Giáo viên", workplace="Hòa Lâm")
    Study.objects.create(person=person, school="Đại học Sư phạm", ended="1977", certificate="Cử nhân")
    Journey.objects.create(person=person, began="7/1985", country="Lào")
    ReceivedAward.objects.create(person=person, year=1979, form="Bằng khen", awarded_by="Chính phủ")
    make_enrolment(make_class("resolution", dt.date(2014, 4, 1), name="Lớp quán triệt nghị quyết"), person)
    make_rating(person, 2014, organisation=cast.a_cell_2)
    make_commendation(person=person, year=2014)
    return person


def test_whole_life_is_told_in_sentences(cast, person):
    sentences = told(person, cast.office, oldest_first=True)
    for expected in [
        ("05/1955", "Sinh tại Yên Thắng"),
        ("1971", "Vào Đoàn Thanh niên"),
        ("09/1972", "Nhập ngũ"),
        ("1976", "Xuất ngũ, Trung sĩ"),
        ("1977", "Công tác: Giáo viên, Hòa Lâm (đến 1990)"),
        ("1977", "Học: Đại học Sư phạm – Cử nhân"),
        ("1979", "Khen thưởng: Bằng khen, Chính phủ"),
        ("01/03/1980", f"Quyết định kết nạp vào Đảng tại {cast.a_cell_1.name} (quyết định số 12)"),
        ("19/03/1980", "Lễ kết nạp"),
        ("01/03/1981", "Được công nhận đảng viên chính thức"),
        ("07/1985", "Đi Lào"),
        ("06/05/1990", "Kỷ luật: Khiển trách (quyết định số 3)"),
        ("03/02/2006", "Được cấp thẻ đảng viên số 08.123456"),
        ("01/03/2010", "Được tặng Huy hiệu 30 năm tuổi Đảng"),
        ("01/05/2010", f"Chuyển nội bộ đến {cast.a_cell_2.name}"),
        ("01/01/2012", "Được miễn công tác và sinh hoạt đảng"),
        ("01/01/2013", "Hết thời gian miễn công tác và sinh hoạt đảng"),
        ("01/04/2014", "Học lớp quán triệt nghị quyết"),
        ("01/06/2015", f"Chuyển sinh hoạt đảng đi, từ {cast.a_cell_2.name}"),
    ]:
        assert expected in sentences
    assert any(words.startswith("Xếp loại năm 2014: ") for _, words in sentences)
    assert not any("rời" in words for _, words in sentences), "a move is told once"


def test_newest_stands_above_and_the_other_order_is_its_mirror(cast, person):
    newest = told(person, cast.office)
    assert newest == told(person, cast.office, oldest_first=True)[::-1]
    years = [year for year, _ in timeline(person, cast.office)]
    assert years == sorted(set(years), reverse=True)
    assert years[-1] == 1955
    of_2014 = [words for when, words in newest if when.endswith("2014")]
    assert of_2014[-1].startswith("Học lớp"), "what is of the year as a whole comes after its days"


def test_corrections_are_told_with_their_reason(cast, person):
    person.full_name, person.born, person.occupation = "Nguyễn Văn Ân", "6/1955", "Hưu trí"
    services.change_person(person=person, reason="Giấy khai sinh", by=cast.office)
    ((_, words),) = [one for one in told(person, cast.office) if one[1].startswith("Sửa hồ sơ")]
    assert words == (
        "Sửa hồ sơ: họ và tên: “Nguyễn Văn An” → “Nguyễn Văn Ân”; ngày sinh: 05/1955 → 06/1955. Lý do: Giấy khai sinh"
    )
    person.occupation = "Giáo viên"
    services.change_person(person=person, by=cast.office)
    assert sum(one[1].startswith("Sửa hồ sơ") for one in told(person, cast.office)) == 1


def test_timeline_stands_on_the_page_in_both_orders(cast, client_of, person):
    client, address = client_of(cast.leader), reverse("person", args=[person.pk])
    newest = get(client, address).first(id="dong-thoi-gian")
    oldest = get(client, f"{address}?thu-tu=cu").first(id="dong-thoi-gian")
    assert newest.all("h3")[-1].text == oldest.all("h3")[0].text == "1955"
    assert newest.all("a")[0].attributes["href"] == "?thu-tu=cu#dong-thoi-gian"


def test_person_without_any_date_has_an_empty_timeline(cast, client_of):
    person = make_person("Lê Thị Na", born_on=None, followed_by=cast.a)
    assert timeline(person, cast.office) == []
    assert "Chưa ghi ngày nào" in get(client_of(cast.office), reverse("person", args=[person.pk])).text


def test_queries_do_not_grow_with_the_life(cast, client_of, person):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = client_of(cast.leader), reverse("person", args=[person.pk])

    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    person.full_name = "Nguyễn Văn Ân"
    services.change_person(person=person, reason="Giấy khai sinh", by=cast.office)
    before = count()
    for number, year in enumerate((2012, 2013, 2015)):
        WorkPeriod.objects.create(person=person, began="1977", work=f"Việc {number}")
        make_rating(person, year, organisation=cast.a)
        make_enrolment(make_class("resolution", dt.date(2013, 4, 1)), person)
        person.full_name = f"Nguyễn Văn {'Ă' * (number + 1)}"
        services.change_person(person=person, reason="Thử", by=cast.office)
    assert count() == before


# --- Standing --------------------------------------------------------------------------------------


def test_standing_of_a_candidate_names_who_follows(cast):
    person = make_person("Lê Thị Na", followed_by=cast.a_cell_1)
    assert standing(person, on=TODAY) == f"Quần chúng ưu tú, {cast.a_cell_1.name} theo dõi"
    assert standing(make_person("Lê Thị Ná"), on=TODAY) == "Chưa sinh hoạt ở tổ chức nào"


@pytest.mark.parametrize(
    ("began", "is_official", "expected"),
    [
        ("2003-01-01", True, "Đảng viên chính thức, 13 năm tuổi Đảng"),
        ("2015-05-01", False, "Đảng viên dự bị, 8 tháng tuổi Đảng"),
    ],
)
def test_standing_of_a_member_says_for_how_long(cast, began, is_official, expected):
    person = make_member(cast.a, "Nguyễn Văn An", began, is_official=is_official)
    assert standing(fetched(person), on=TODAY) == expected


def test_standing_of_who_is_exempt_says_since_when(cast):
    person = make_member(cast.a, "Nguyễn Văn An", "2003-01-01")
    make_exemption(person, "2014-01-01")
    assert standing(fetched(person), on=TODAY).endswith(", được miễn công tác và sinh hoạt đảng từ 01/01/2014")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("deceased", "Đã từ trần"),
        ("expelled", "Đã bị khai trừ"),
        ("struck_off", "Đã bị xóa tên"),
        ("withdrew", "Đã ra khỏi Đảng theo đơn xin"),
        ("transferred_out", "Đã chuyển sinh hoạt đảng đi"),
    ],
)
def test_standing_of_who_left_says_how(cast, reason, expected):
    person = make_person()
    make_stay(person, cast.a, "2005-01-01", "2015-06-01", end_reason=reason)
    assert standing(fetched(person), on=TODAY) == f"{expected} (01/06/2015)"
    assert standing(fetched(person), on=dt.date(2015, 5, 31)).startswith("Đảng viên")


def fetched(person):
    """The person with stays latest first, as the page has them."""
    from django.db.models import prefetch_related_objects

    from members.timeline import FETCHED

    found = Person.objects.get(pk=person.pk)
    prefetch_related_objects([found], *FETCHED)
    return found
