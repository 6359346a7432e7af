"""The life of a file in words, and what somebody is: sentences, order, queries."""

import datetime as dt

import pytest
from django.urls import reverse

from members import services
from members.admission import services as services_of_cases
from members.models import Discipline, Journey, Movement, Person, ReceivedAward, Study, WorkPeriod
from members.movements.services import record_movement
from members.partial_dates import parse
from members.standing import standing
from members.timeline import timeline
from tests.admission import walks
from tests.builders import (
    make_admission,
    make_badge,
    make_class,
    make_commendation,
    make_discipline,
    make_document,
    make_enrolment,
    make_exemption,
    make_member,
    make_person,
    make_post,
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


def test_posts_in_committees_are_told_and_stand_on_the_page(cast, client_of):
    person = make_member(cast.a_cell_1, "Nguyễn Văn An", "2003-01-01")
    post = make_post(person, cast.a_cell_1, began="6/2010", term="2010–2015", decision_number="7")
    services.end_post(post=post, ended=parse("15/6/2015"), reason="term_over", decision_number="9", by=None)
    make_post(person, cast.a, "deputy", began="15/6/2015")
    sentences = told(person, cast.office)
    cell = cast.a_cell_1.name
    assert ("06/2010", f"Giữ chức vụ Bí thư, {cell}, nhiệm kỳ 2010–2015 (quyết định số 7)") in sentences
    assert ("15/06/2015", f"Thôi giữ chức vụ Bí thư, {cell}: hết nhiệm kỳ (quyết định số 9)") in sentences
    assert ("15/06/2015", f"Giữ chức vụ Phó Bí thư, {cast.a.name}") in sentences
    section = get(client_of(cast.office), reverse("person", args=[person.pk])).first(id="cap-uy")
    assert [row.text for row in section.all("th", scope="row")] == ["Phó Bí thư", "Bí thư"]
    links = [link.attributes["href"] for link in section.all("a")]
    assert reverse("organisation", args=[cast.a.code]) + "#cap-uy" in links
    assert reverse("end_post", args=[person.committee_posts.get(position="deputy").pk]) in links


def test_posts_of_a_committee_that_the_reader_may_not_open_have_no_link(cast, client_of):
    person = make_member(cast.a_cell_1, "Nguyễn Văn An", "2003-01-01")
    make_post(person, cast.root, "member")
    section = get(client_of(cast.grassroots_a), reverse("person", args=[person.pk])).first(id="cap-uy")
    assert cast.root.name in section.text
    assert section.all("a") == []


def test_way_into_the_party_is_told_and_its_decision_only_once(cast):
    case = walks.opened(cast.a_cell_1)
    walks.walk(case, "application")
    services_of_cases.send_back(
        case=case, to=walks.stage("application"), on=dt.date(2015, 2, 4), reason="Đơn thiếu chữ ký", by=None
    )
    walks.walk(case, "ceremony")
    sentences = told(case.person, cast.office)
    assert ("05/01/2015", f"Mở hồ sơ kết nạp, {cast.a_cell_1.name} đề nghị") in sentences
    application = walks.stage("application").name
    assert ("02/02/2015", f"Kết nạp: {application}, sau đó phải làm lại") in sentences
    assert (
        "04/02/2015",
        f"Trả lại hồ sơ kết nạp về bước “{application}”. Lý do: Đơn thiếu chữ ký",
    ) in sentences
    assert any(words.startswith("Kết nạp: ") and ", tán thành 11/12" in words for _, words in sentences)
    assert sum("kết nạp" in words.lower() for when, words in sentences if when == "26/03/2015") == 1
    assert [words for when, words in sentences if when == "10/04/2015"] == ["Lễ kết nạp"]


def test_step_that_was_recorded_by_mistake_is_not_told(cast):
    case = walks.opened(cast.a_cell_1)
    walks.walk(case, "helpers")
    services_of_cases.undo_last(case=case, reason="Ghi nhầm người", by=None)
    assert not any(words.startswith("Kết nạp") for _, words in told(case.person, cast.office))


def test_documents_and_a_revoked_discipline_are_told(cast):
    person = make_member(cast.a_cell_1, "Nguyễn Văn An", "2003-01-01")
    first, second = make_document(person, number="12"), make_document(person, "member_history")
    services.withdraw_document(document=second, reason="Quét nhầm", by=cast.office)
    make_discipline(person=person, revoked_on=dt.date(2015, 9, 1))
    words = [one for _, one in told(person, cast.office)]
    assert f"Đưa vào hồ sơ 2 giấy tờ đã quét: {first}; {second}" in words
    assert f"Rút khỏi hồ sơ giấy tờ: {second}. Lý do: Quét nhầm" in words
    assert "Hủy bỏ quyết định kỷ luật khiển trách ngày 01/06/2015" in words


def test_where_somebody_came_from_and_went_is_told_with_the_papers_of_the_movement(cast):
    person, elsewhere = make_member(cast.a_cell_1), "Đảng bộ huyện Lộc Sơn"
    out = Movement(person=person, kind="transfer_out", happened=parse("1/6/2010"), to_place=elsewhere)
    out.letter_number, out.arrived, out.answer_number = "012", parse("15/6/2010"), "31"
    record_movement(movement=out, by=None)
    back = Movement(person=person, kind="transfer_in", happened=parse("1/7/2012"), from_place=elsewhere)
    back.to_organisation = cast.b
    record_movement(movement=back, by=None)
    make_post(person, cast.b, began="1/1/2013", term="2013–2015")
    record_movement(movement=Movement(person=person, kind="exemption", happened=parse("2014")), by=None)
    record_movement(movement=Movement(person=person, kind="death", happened=parse("1/6/2015")), by=None)
    sentences = told(person, cast.office, oldest_first=True)
    assert sentences[-7:] == [
        ("01/06/2010", f"Chuyển sinh hoạt đảng đi, từ {cast.a_cell_1.name}, đến {elsewhere} (giấy giới thiệu số 012)"),
        ("15/06/2010", f"{elsewhere} báo đã tiếp nhận (phiếu báo số 31)"),
        ("01/07/2012", f"Chuyển sinh hoạt đảng đến {cast.b.name}, từ {elsewhere}"),
        ("01/01/2013", f"Giữ chức vụ Bí thư, {cast.b.name}, nhiệm kỳ 2013–2015"),
        ("2014", "Được miễn công tác và sinh hoạt đảng"),
        ("01/06/2015", "Từ trần"),
        ("01/06/2015", f"Thôi giữ chức vụ Bí thư, {cast.b.name}: từ trần"),
    ]


def test_paper_of_a_step_is_called_what_it_is(cast):
    case = walks.walk(walks.opened(cast.a_cell_1), "decision")
    words = [words for _, words in told(case.person, cast.office)]
    certificate, resolution = walks.stage("candidate_class").name, walks.stage("cell_resolution").name
    assert f"Kết nạp: {certificate} (giấy chứng nhận số cand-20)" in words
    assert f"Kết nạp: {resolution}, tán thành 11/12 (số cell-05)" in words
    assert not any(said.startswith("Bắt đầu sinh hoạt") for said in words), "the decision tells of the first stay"


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
    make_document(person)  # The history of the file asks for the names of kinds, once.
    before = count()
    for number, year in enumerate((2012, 2013, 2015)):
        WorkPeriod.objects.create(person=person, began="1977", work=f"Việc {number}")
        make_rating(person, year, organisation=cast.a)
        make_enrolment(make_class("resolution", dt.date(2013, 4, 1)), person)
        make_document(person)
        make_post(person, (cast.a_cell_2, cast.a, cast.root)[number], "member", began="1/2/2011")
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


def test_recognition_is_told_on_the_day_it_was_decided_and_from_which_it_counts(cast):
    case = walks.walk(walks.opened(cast.a_cell_1), "official_decision")
    words = told(Person.objects.get(pk=case.person_id), cast.office)
    decided = [when for when, said in words if said.startswith("Kết nạp: Quyết định công nhận chính thức")]
    counts = [when for when, said in words if said.startswith("Được công nhận đảng viên chính thức")]
    assert (decided, counts) == (["16/05/2016"], ["10/04/2016"])
