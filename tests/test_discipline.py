"""Discipline: recording and correcting a decision, what follows from it, the list and its Excel."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from members.badges.discipline import correct_discipline, record_discipline
from members.badges.effects import Effects
from members.models import AuditEvent, Discipline
from tests.builders import make_discipline, make_member, make_person, make_stay
from tests.pages import get, table_rows

pytestmark = pytest.mark.django_db


def day(text):
    return dt.date.fromisoformat(text)


@pytest.fixture
def person(cast):
    return make_member(cast.a_cell_1, "Ngô Văn Lỗi", "1995-03-01")


def on_record(**values):
    return Discipline(**{"form": "warning", "decided_on": day("2017-05-10")} | values)


# --- What follows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "decided_on", "lapse", "wait"),
    [
        ("reprimand", "2023-01-31", "2024-01-31", None),
        ("warning", "2017-08-31", "2018-08-31", "2018-02-28"),  # six months from 31/8: the last day of February
        ("removal", "2020-02-29", "2021-02-28", "2021-02-28"),
        ("expulsion", "2020-02-29", None, None),
        ("warning", "2016-07-24", "2017-07-24", None),  # no rule on badges before 25/7/2016
        ("warning", "2016-07-25", "2017-07-25", "2017-01-25"),
    ],
)
def test_effects_follow_the_rule_of_the_day(person, form, decided_on, lapse, wait):
    discipline = make_discipline(person=person, form=form, decided_on=day(decided_on))
    effects = Effects.load()
    found = [effects.lapses(discipline), effects.badge_waits(discipline)]
    assert [str(until.day) if until else None for until in found] == [lapse, wait]


def test_effects_are_told(person):
    told = " ".join(Effects.load().in_words(make_discipline(person=person, decided_on=day("2023-06-01"))))
    assert "01/06/2024" in told
    assert "Xếp loại năm 2023: không hoàn thành nhiệm vụ" in told
    expelled = make_discipline(person=person, form="expulsion", decided_on=day("2023-07-01"))
    assert "ra khỏi Đảng" in " ".join(Effects.load().in_words(expelled))


def test_an_unverified_rule_is_said_to_be(person):
    discipline = make_discipline(person=person, form="warning", decided_on=day("2026-09-01"))
    told = Effects.load().in_words(discipline)
    assert sum("chưa đối chiếu" in line for line in told) == 2


def test_nothing_follows_from_what_was_taken_back(person):
    discipline = make_discipline(person=person, revoked_on=day("2015-08-01"))
    assert Effects.load().in_words(discipline) == ["Quyết định đã bị hủy bỏ ngày 01/08/2015, không còn tính."]
    assert not Discipline.objects.decided_in(2015).exists()


# --- Writes ---------------------------------------------------------------------------------------------------------


def test_decision_is_recorded_by_whoever_keeps_the_file(cast, person):
    recorded = record_discipline(discipline=on_record(person=person), by=cast.grassroots_a)
    assert person.disciplines.get() == recorded
    for by in (cast.grassroots_b, cast.leader, cast.inspector):
        with pytest.raises(PermissionDenied):
            record_discipline(discipline=on_record(person=person, form="removal"), by=by)


def test_decision_on_a_stranger_is_refused(cast, person):
    early = on_record(person=person, decided_on=day("1995-02-28"))
    with pytest.raises(ValidationError, match="chưa vào Đảng"):
        record_discipline(discipline=early, by=cast.office)


@pytest.mark.parametrize(("form", "is_taken"), [("reprimand", True), ("warning", True), ("removal", False)])
def test_who_is_on_probation_is_reprimanded_or_warned(cast, form, is_taken):
    new = make_member(cast.a, began_on="2017-01-01", is_official=False)
    discipline = on_record(person=new, form=form)
    if is_taken:
        assert record_discipline(discipline=discipline, by=cast.office).pk
    else:
        with pytest.raises(ValidationError, match="dự bị"):
            record_discipline(discipline=discipline, by=cast.office)


def test_correction_takes_a_reason(cast, person):
    discipline = make_discipline(person=person)
    discipline.form = "warning"
    with pytest.raises(ValidationError, match="lý do"):
        correct_discipline(discipline=discipline, reason="", by=cast.office)
    correct_discipline(discipline=discipline, reason="Theo quyết định giải quyết khiếu nại", by=cast.office)
    assert AuditEvent.objects.latest("sequence").reason == "Theo quyết định giải quyết khiếu nại"


# --- Pages ----------------------------------------------------------------------------------------------------------


def send(client, name, *args, **values):
    path = reverse(name, args=args)
    version = {
        field.attributes["name"]: field.attributes["value"] for field in get(client, path).all("input", name="version")
    }
    return client.post(path, version | values, follow=True)


def test_clerk_records_a_decision_and_reads_what_follows(cast, person, client_of):
    client = client_of(cast.grassroots_a)
    values = {"form": "warning", "decided": "10/5/2023", "decision_number": "7", "note": "Vi phạm quy chế"}
    text = send(client, "discipline_of_person", person.pk, **values).content.decode()
    assert "Chấm dứt hiệu lực ngày 10/05/2024" in text
    form = get(client, reverse("change_discipline", args=[person.disciplines.get().pk]))
    assert "dissolution" not in [
        option.attributes["value"] for option in form.first("select", name="form").all("option")
    ]


def test_who_is_expelled_is_to_leave_the_party_by_a_movement(cast, person, client_of):
    """The decision alone doesn't end the stay; its page leads to what does, until that is recorded."""
    client, address = client_of(cast.office), reverse("person", args=[person.pk])
    exit_form = reverse("record_movement", args=[person.pk, "khai-tru"])
    values = {"form": "expulsion", "decided": "10/5/2023", "decision_number": "8"}
    assert exit_form in send(client, "discipline_of_person", person.pk, **values).content.decode()
    stay = person.memberships.get()
    stay.ended_on, stay.end_reason = day("2023-05-10"), "expelled"
    stay.save()
    ended = client.get(address).content.decode().partition('id="ky-luat"')[2].partition("</section>")[0]
    assert exit_form not in ended


def test_clerk_takes_a_decision_back_for_a_reason(cast, person, client_of):
    discipline, client = make_discipline(person=person), client_of(cast.office)
    values = {"form": "reprimand", "decided": "1/6/2015", "revoked_on": "01/08/2015"}
    send(client, "change_discipline", discipline.pk, **values)
    discipline.refresh_from_db()
    assert discipline.revoked_on is None
    send(client, "change_discipline", discipline.pk, **values, reason="Ghi nhầm người")
    discipline.refresh_from_db()
    assert discipline.revoked_on == day("2015-08-01")


def section_of(client, organisation, query=""):
    return get(client, reverse("organisation", args=[organisation.code]) + query).first(id="ky-luat")


def test_page_of_an_organisation_shows_its_own_decisions_up_to_the_day(cast, client_of):
    make_discipline(organisation=cast.a, decided_on=day("2014-03-03"), decision_number="7", note="Buông lỏng")
    make_discipline(organisation=cast.b, form="warning", decided_on=day("2014-03-03"))
    section = section_of(client_of(cast.office), cast.a)
    assert "03/03/2014: Khiển trách, quyết định số 7 – Buông lỏng" in section.text
    assert "Chấm dứt hiệu lực ngày" in section.text
    assert "Cảnh cáo" not in section.text
    links = [link.attributes["href"] for link in section.all("a")]
    assert reverse("discipline_of_organisation", args=["A"]) in links
    assert reverse("change_discipline", args=[Discipline.objects.get(organisation=cast.a).pk]) in links
    assert reverse("disciplines") + "?to-chuc=A" in links
    before = section_of(client_of(cast.office), cast.a, "?ngay=01/01/2014")
    assert "Đến ngày 01/01/2014 không có quyết định kỷ luật nào" in before.text
    read_only = section_of(client_of(cast.leader), cast.a)
    assert [link.attributes["href"] for link in read_only.all("a")] == [reverse("disciplines") + "?to-chuc=A"]


def test_who_was_dissolved_is_led_to_the_end_by_who_may_end_it(cast, client_of):
    make_discipline(organisation=cast.a, form="dissolution", decided_on=day("2014-03-03"))
    assert "Ghi kết thúc hoạt động" in section_of(client_of(cast.office), cast.a).text
    assert "Ghi kết thúc hoạt động" not in section_of(client_of(cast.grassroots_a), cast.a).text
    Discipline.objects.update(revoked_on=day("2014-06-01"))
    assert "Ghi kết thúc hoạt động" not in section_of(client_of(cast.office), cast.a).text


def test_organisation_is_disciplined_on_its_own_form(cast, client_of):
    send(client_of(cast.office), "discipline_of_organisation", "A", form="reprimand", decided="2/2023")
    (row,) = cast.a.disciplines.all()
    assert (row.form, str(row.decided)) == ("reprimand", "02/2023")


@pytest.fixture
def three(cast, person):
    """A member of A, one of B and the organisation A."""
    make_discipline(person=person, form="warning", decided_on=day("2015-05-01"))
    make_discipline(person=make_member(cast.b, "Tô Thị Khác", "1990-01-01"), decided_on=day("2014-05-01"))
    make_discipline(organisation=cast.a, decided_on=dt.date(2099, 1, 1))


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ({}, ["Đảng bộ Sở Nội vụ", "Ngô Văn Lỗi", "Tô Thị Khác"]),
        ({"nam": "2015"}, ["Ngô Văn Lỗi"]),
        ({"hinh-thuc": "reprimand"}, ["Đảng bộ Sở Nội vụ", "Tô Thị Khác"]),
        ({"doi-tuong": "to-chuc-dang"}, ["Đảng bộ Sở Nội vụ"]),
        ({"doi-tuong": "dang-vien"}, ["Ngô Văn Lỗi", "Tô Thị Khác"]),
        ({"hieu-luc": "con"}, ["Đảng bộ Sở Nội vụ"]),
        ({"hieu-luc": "het"}, ["Ngô Văn Lỗi", "Tô Thị Khác"]),
        ({"q": "ngo van"}, ["Ngô Văn Lỗi"]),
        ({"q": "so noi vu"}, ["Đảng bộ Sở Nội vụ"]),
        ({"to-chuc": "B"}, ["Tô Thị Khác"]),
        ({"nam": "1999"}, []),
    ],
)
def test_list_is_filtered_and_its_excel_is_the_same(cast, three, client_of, query, subjects):
    client = client_of(cast.office)
    page = get(client, f"{reverse('disciplines')}?{'&'.join(f'{key}={value}' for key, value in query.items())}")
    assert [row[0] for row in table_rows(page)] == subjects
    assert page.first("p", class_="state").first("b").text == str(len(subjects))
    content = client.get(reverse("disciplines_workbook"), query).content
    rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    assert [row[1] for row in rows if isinstance(row[0], int)] == subjects


def test_list_keeps_to_the_scope(cast, three, client_of):
    page = get(client_of(cast.grassroots_b), reverse("disciplines"))
    assert [row[0] for row in table_rows(page)] == ["Tô Thị Khác"]
    assert client_of(cast.grassroots_b).get(reverse("disciplines"), {"to-chuc": "A"}).status_code == 404
    assert client_of(cast.grassroots_b).get(reverse("disciplines_workbook")).status_code == 403


def test_list_asks_as_many_queries_for_many_as_for_few(cast, client_of, django_assert_max_num_queries):
    client = client_of(cast.office)
    for number in range(20):
        person = make_person(f"Người {number}")
        make_stay(person, cast.a, "2000-01-01")
        make_discipline(person=person)
    with django_assert_max_num_queries(25):
        assert len(table_rows(get(client, reverse("disciplines")))) == 20
