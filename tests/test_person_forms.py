"""Changing a person's file and adding a quần chúng ưu tú: scope, choices, the reason, words, the trail."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from members import services
from members.models import AuditEvent, Person
from tests.builders import make_member, make_organisation, make_person, make_stay, make_user
from tests.pages import get, read
from tests.test_conflicts import change, filled, typed_in
from tests.together import at_once, sqlite_file, together  # noqa: F401

ADD = "/nguoi/them/"


@pytest.fixture
def person(cast):
    return make_member(cast.a, "Nguyễn Văn An", occupation="Giáo viên", card_number="12.345678")


def errors(answer):
    """The summary above the form."""
    return read(answer).first(class_="errors").text


# --- Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("office", 200),
        ("grassroots_a", 200),
        ("grassroots_b", 404),
        ("leader", 403),
        ("inspector", 403),
        ("administrator", 403),
    ],
)
def test_form_opens_for_who_may_change_the_person(cast, client_of, person, name, status):
    client = client_of(getattr(cast, name))
    assert client.get(change(person)).status_code == status
    assert client.post(change(person), {"occupation": "x"}).status_code == status


def test_former_organisation_reads_and_does_not_change(cast, client_of, person):
    stay = person.memberships.get()
    stay.ended_on, stay.end_reason = dt.date(2015, 1, 1), "moved"
    stay.save()
    make_stay(person, cast.b, "2015-01-01", start_reason="moved", admission=stay.admission)
    client = client_of(cast.grassroots_a)
    page = get(client, reverse("person", args=[person.pk]))
    assert "Sửa hồ sơ" not in page.text
    assert client.get(change(person)).status_code == 403
    assert client.post(change(person), {"occupation": "x"}).status_code == 403


@pytest.mark.parametrize(("name", "is_there"), [("grassroots_a", True), ("leader", False), ("inspector", False)])
def test_page_of_the_person_links_to_the_form_for_who_may(cast, client_of, person, name, is_there):
    page = get(client_of(getattr(cast, name)), reverse("person", args=[person.pk]))
    assert bool(page.all("a", href=change(person))) == is_there


def test_candidate_of_an_organisation_out_of_scope_cannot_be_added(cast, client_of):
    values = {"full_name": "Lê Thị Na", "file_number": "HS-NA", "sex": "female", "followed_by": cast.b.pk}
    answer = client_of(cast.grassroots_a).post(ADD, values)
    assert answer.status_code == 200
    assert "Tổ chức theo dõi" in errors(answer)
    assert not Person.objects.exists()
    assert client_of(cast.leader).get(ADD).status_code == 403


def test_choices_are_the_organisations_that_one_may_change(cast, client_of):
    cast.a_cell_2.ended_on = dt.date(2014, 1, 1)
    cast.a_cell_2.save()
    options = get(client_of(cast.grassroots_a), ADD).first("select", name="followed_by").all("option")
    assert {option.text for option in options} == {"– chưa chọn –", str(cast.a), str(cast.a_cell_1)}


def test_choice_that_the_record_holds_stays(cast, client_of):
    """Somebody of A who was followed by B before: saving the form does not lose it."""
    person = make_member(cast.a, followed_by=cast.b)
    client = client_of(cast.grassroots_a)
    assert client.post(change(person), filled(client, person, occupation="Kế toán")).status_code == 302
    person.refresh_from_db()
    assert (person.followed_by, person.occupation) == (cast.b, "Kế toán")


def test_page_of_a_member_does_not_say_who_followed_them_before(cast, client_of):
    client, candidate = client_of(cast.office), make_person("Lê Thị Na", followed_by=cast.b)
    assert "Tổ chức theo dõi" in get(client, reverse("person", args=[candidate.pk])).first(id="theo-doi").text
    member = make_member(cast.a, followed_by=cast.b)
    assert get(client, reverse("person", args=[member.pk])).all(id="theo-doi") == []


def test_save_that_would_leave_the_scope_is_taken_back_with_words(cast, client_of):
    person = make_person("Lê Thị Na", followed_by=cast.a)
    client = client_of(cast.grassroots_a)
    mine = filled(client, person, followed_by="", occupation="Kế toán")
    answer = client.post(change(person), mine)
    assert "ra ngoài phạm vi" in errors(answer)
    assert typed_in(read(answer))["occupation"] == "Kế toán"
    person.refresh_from_db()
    assert (person.followed_by, person.occupation) == (cast.a, "")
    assert not AuditEvent.objects.filter(items__verb="changed", items__person=person).exists()


# --- What is saved ---------------------------------------------------------------------------------


def test_saved_form_leads_to_the_person_and_says_what_was_saved(cast, client_of, person):
    client = client_of(cast.grassroots_a)
    mine = filled(client, person, occupation="  Hiệu  trưởng ", card_issued="3/2/2006", theory_level="advanced")
    page = client.post(change(person), mine, follow=True)
    assert page.redirect_chain == [(reverse("person", args=[person.pk]), 302)]
    said = read(page).first(class_="notice").text
    for told in ("Nghề nghiệp, chức vụ: Hiệu trưởng", "Ngày cấp thẻ: 03/02/2006", "chính trị: Cao cấp"):
        assert told in said
    person.refresh_from_db()
    assert (person.occupation, str(person.card_issued)) == ("Hiệu trưởng", "03/02/2006")


def test_form_sent_as_it_is_changes_nothing(cast, client_of, person):
    client, written = client_of(cast.office), AuditEvent.objects.filter(action="changed")
    events = written.count()
    page = client.post(change(person), filled(client, person), follow=True)
    assert "Không có gì thay đổi" in read(page).first(class_="notice").text
    assert written.count() == events
    assert Person.objects.get(pk=person.pk).version == person.version


def test_save_is_one_event_with_who_and_why(cast, client_of, person):
    client = client_of(cast.grassroots_a)
    mine = filled(client, person, full_name="Nguyễn Văn Ân", born="9/1975", reason="Giấy khai sinh")
    assert client.post(change(person), mine).status_code == 302
    event = AuditEvent.objects.first()
    assert (event.note, event.reason, event.user) == ("", "Giấy khai sinh", cast.grassroots_a)
    item = event.items.get()
    assert item.after == {"full_name": "Nguyễn Văn Ân", "born_on": "1975-09-01", "born_on_precision": "month"}


@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": "Nguyễn Văn Ân"},
        {"born": "1970"},
        {"file_number": "HS-KHAC"},
        {"card_number": ""},
        {"national_id_number": "001070000001"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_who_somebody_is_changes_with_a_reason_only(cast, client_of, person, changes):
    client = client_of(cast.office)
    mine = filled(client, person, **changes)
    answer = client.post(change(person), mine | {"reason": "  "})
    assert services.REASON_NEEDED in errors(answer)
    assert typed_in(read(answer))[next(iter(changes))] == next(iter(changes.values()))
    assert client.post(change(person), typed_in(read(answer)) | {"reason": "Theo văn bản"}).status_code == 302
    assert AuditEvent.objects.first().reason == "Theo văn bản"


def test_service_itself_asks_for_the_reason_and_for_the_right(cast, person):
    person.full_name = "Nguyễn Văn Ân"
    with pytest.raises(ValidationError) as refused:
        services.change_person(person=person, by=cast.office)
    assert refused.value.message_dict == {"reason": [services.REASON_NEEDED]}
    with pytest.raises(PermissionDenied):
        services.change_person(person=person, reason="có", by=cast.grassroots_b)
    assert Person.objects.get().full_name == "Nguyễn Văn An"


# --- What is wrong ---------------------------------------------------------------------------------


def test_errors_stand_above_with_links_and_beside_the_fields_and_nothing_is_lost(cast, client_of, person):
    other = make_person("Trần Bình")
    client = client_of(cast.office)
    mine = filled(client, person, born="31/2/1975", file_number=other.file_number, note="dòng một", sex="")
    answer = client.post(change(person), mine)
    page = read(answer)
    summary = page.first(class_="errors")
    assert {link.attributes["href"] for link in summary.all("a")} == {"#id_born", "#id_file_number", "#id_sex"}
    assert "Không có ngày 31/02/1975" in summary.text
    for name in ("born", "file_number", "sex"):
        field = page.all(name=name)[0]
        assert field.attributes["aria-invalid"] == "true"
        described = field.attributes["aria-describedby"].split()[-1]
        assert page.first("ul", id=described).text in summary.text
    sent_back = typed_in(page)
    assert (sent_back["born"], sent_back["note"], sent_back["sex"]) == ("31/2/1975", "dòng một", "")
    assert "Chưa ghi được" in page.first("title").text


def test_hostile_values_are_refused_or_shown_as_text(cast, client_of, person):
    client = client_of(cast.office)
    evil = "<script>alert(1)</script>"
    answer = client.post(change(person), filled(client, person, born=evil, occupation="x" * 100_000, note=evil))
    assert answer.status_code == 200
    assert evil not in answer.content.decode()
    nul = client.post(change(person), filled(client, person, occupation="a\x00b"))
    assert nul.status_code == 200


# --- A new quần chúng ưu tú ------------------------------------------------------------------------


def new(cast, **changes):
    values = {"full_name": "Lê Thị Na", "born": "1990", "sex": "female", "file_number": "HS-NA"}
    return values | {"followed_by": cast.a_cell_1.pk} | changes


def test_candidate_is_added_to_an_organisation_of_the_scope(cast, client_of):
    page = client_of(cast.grassroots_a).post(ADD, new(cast), follow=True)
    person = Person.objects.get()
    assert (person.full_name, str(person.born), person.followed_by) == ("Lê Thị Na", "1990", cast.a_cell_1)
    assert "Quần chúng ưu tú, Chi bộ Văn phòng" in read(page).text
    assert list(Person.objects.candidates()) == [person]
    event = AuditEvent.objects.filter(items__verb="created").first()
    assert (event.note, event.user) == ("", cast.grassroots_a)


def test_candidate_without_an_organisation_is_refused(cast, client_of):
    assert "Tổ chức theo dõi" in errors(client_of(cast.grassroots_a).post(ADD, new(cast, followed_by="")))
    with pytest.raises(ValidationError):
        services.add_candidate(person=Person(full_name="Lê Thị Na", file_number="1", sex="female"), by=None)
    assert not Person.objects.exists()


def test_who_seems_to_be_known_is_shown_and_added_when_said_to_be_another(cast, client_of):
    known = make_member(cast.a, "Lê Thị Ná", born_on=dt.date(1990, 1, 1), born_on_precision="year")
    client = client_of(cast.grassroots_a)
    page = read(client.post(ADD, new(cast)))
    assert known.file_number in page.first(id="da-co").text
    assert page.first(id="da-co").all("a", href=reverse("person", args=[known.pk]))
    assert Person.objects.count() == 1
    assert client.post(ADD, typed_in(page) | {"is_another": "on"}).status_code == 302
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [{"born": "1991"}, {"born": "01/01/1990"}, {"full_name": "Lê Thị Nam"}],
    ids=["year", "precision", "name"],
)
def test_who_is_another_is_added_without_asking(cast, client_of, changes):
    make_member(cast.a, "Lê Thị Na", born_on=dt.date(1990, 1, 1), born_on_precision="year")
    assert client_of(cast.grassroots_a).post(ADD, new(cast, **changes)).status_code == 302


def test_somebody_out_of_scope_is_not_betrayed(cast, client_of):
    make_member(cast.b, "Lê Thị Na", born_on=dt.date(1990, 1, 1), born_on_precision="year")
    assert client_of(cast.grassroots_a).post(ADD, new(cast)).status_code == 302


@pytest.mark.parametrize("page", ["change", "add"])
def test_form_takes_as_many_queries_with_more_records(
    cast, client_of, person, page, django_assert_max_num_queries, django_assert_num_queries
):
    client, address = client_of(cast.office), change(person) if page == "change" else ADD
    client.get(address)
    with django_assert_max_num_queries(18) as before:
        client.get(address)
    for number in range(20):
        make_person(f"Người {number}", followed_by=cast.a)
    with django_assert_num_queries(len(before)):
        client.get(address)


@together
def test_same_number_at_the_same_moment_is_told():
    root = make_organisation("Đảng bộ Khối", kind="upper_committee")
    user = make_user("van-phong", "office", root)
    posts = []
    for name in ("Lê Thị Na", "Trần Văn Bảy"):
        client = Client()
        client.force_login(user)
        values = {"full_name": name, "sex": "female", "file_number": "HS-NA", "followed_by": root.pk}
        posts.append(partial(client.post, ADD, values))
    answers = at_once(*posts)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    loser = next(answer for answer in answers if answer.status_code == 200)
    assert "Số lý lịch này đã có người mang." in errors(loser)
    assert Person.objects.count() == 1
