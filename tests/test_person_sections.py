"""The sections and tables of a person's file, each saved on its own; drafts of what isn't saved yet."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members import services
from members.drafts import KEPT
from members.models import AuditItem, Draft, Person, Relative, WorkPeriod
from members.person_pages import SECTIONS
from members.person_tables import TABLES, TablePart
from tests.builders import make_member, make_user
from tests.pages import get, read
from tests.test_conflicts import typed_in


@pytest.fixture
def person(cast):
    return make_member(cast.a, "Nguyễn Văn An", occupation="Giáo viên", home_town="xã Yên Thắng")


def section(person, key):
    return reverse("change_section", args=[person.pk, key])


def filled(client, address, **changes):
    """What the form at the address sends, with what was typed."""
    return typed_in(read(client.get(address))) | changes


def row(number, **values):
    return {f"dong-{number}-{name}": value for name, value in values.items()}


def errors(answer):
    return read(answer).first(class_="errors").text


# --- Sections --------------------------------------------------------------------------------------

ONE_FIELD = {
    "ban-than": ("birth_place", "Trạm xá xã Yên Thắng"),
    "noi-o": ("permanent_residence", "Tổ 3, phường Trường Lạc"),
    "nghe-nghiep": ("youth_union_place", "Trường cấp 3 Hòa Lâm"),
    "trinh-do": ("foreign_languages", "Tiếng Anh B1"),
    "the-dang": ("card_issued_by", "Tỉnh ủy"),
    "hoan-canh": ("life_story", "Từ nhỏ đi học ở quê.\r\nNăm 1990 đi làm."),
    "theo-doi": ("note", "Ghi chú"),
}


@pytest.mark.parametrize("key", ONE_FIELD)
def test_section_saves_alone_and_leads_back_to_it(cast, client_of, person, key):
    client, (name, value) = client_of(cast.grassroots_a), ONE_FIELD[key]
    before = Person.objects.filter(pk=person.pk).values().get()
    answer = client.post(section(person, key), filled(client, section(person, key), **{name: value}))
    assert (answer.status_code, answer["Location"]) == (302, f"/nguoi/{person.pk}/#{key}")
    after = Person.objects.filter(pk=person.pk).values().get()
    changed = {column for column, stored in after.items() if stored != before[column]}
    assert changed == {name, "version"}
    page = get(client, reverse("person", args=[person.pk]))
    told = page.first("section", id=key)
    assert value.split("\r\n")[0] in told.text
    assert "Đã ghi hồ sơ" in told.first(class_="notice").text


def test_section_shows_its_own_fields_only(cast, client_of, person):
    page = get(client_of(cast.office), section(person, "noi-o"))
    names = {element.attributes["name"] for element in page.first("form", class_="record-form").having("name")}
    assert {"permanent_residence", "temporary_residence", "residence"} <= names
    assert not names & {"full_name", "occupation", "reason", "is_confirmed"}


def test_sections_lead_from_the_first_to_the_last(cast, client_of, person):
    client, address, seen = client_of(cast.office), section(person, "ban-than"), []
    while address.startswith(f"/nguoi/{person.pk}/sua/"):
        seen.append(address.rstrip("/").rpartition("/")[2])
        address = client.post(address, filled(client, address) | {"ghi-tiep": "1"})["Location"]
    assert seen == [part.key for part in SECTIONS]


def test_unknown_section_is_not_found(cast, client_of, person):
    assert client_of(cast.office).get(section(person, "khac")).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("grassroots_a", 200), ("grassroots_b", 404), ("leader", 403)])
@pytest.mark.parametrize("key", ["ban-than", "gia-dinh"])
def test_sections_open_for_who_may_change_the_person(cast, client_of, person, key, name, status):
    client = client_of(getattr(cast, name))
    assert client.get(section(person, key)).status_code == status
    for sent in ({"home_town": "x"}, {"ban-nhap": "luu", "home_town": "x"}, {"them-dong": "1"}):
        assert client.post(section(person, key), sent).status_code in {status, 204 if status == 200 else status}
    assert status == 200 or not Draft.objects.exists()


def test_reason_is_asked_in_the_section_that_says_who_somebody_is(cast, client_of, person):
    client, address = client_of(cast.office), section(person, "ban-than")
    answer = client.post(address, filled(client, address, full_name="Nguyễn Văn Ân"))
    assert services.REASON_NEEDED in errors(answer)
    assert client.post(address, typed_in(read(answer)) | {"reason": "Giấy khai sinh"}).status_code == 302
    assert Person.objects.get(pk=person.pk).full_name == "Nguyễn Văn Ân"


def test_two_people_on_two_sections_keep_both(cast, client_of, person):
    first, second = client_of(cast.office), client_of(cast.grassroots_a)
    mine = filled(first, section(person, "noi-o"), residence="Tổ 1")
    theirs = filled(second, section(person, "trinh-do"), informatics="Tin học B")
    assert second.post(section(person, "trinh-do"), theirs).status_code == 302
    assert first.post(section(person, "noi-o"), mine).status_code == 302
    person.refresh_from_db()
    assert (person.residence, person.informatics) == ("Tổ 1", "Tin học B")


def test_dates_in_the_wrong_order_are_told_and_known_in_part_are_taken(cast, client_of, person):
    client, address = client_of(cast.office), section(person, "nghe-nghiep")
    answer = client.post(address, filled(client, address, enlisted="9/1972", discharged="1/2/1970"))
    assert "Ngày xuất ngũ không thể trước ngày nhập ngũ." in errors(answer)
    assert client.post(address, filled(client, address, enlisted="9/1972", discharged="1972")).status_code == 302


# --- Numbers ---------------------------------------------------------------------------------------


def test_odd_number_is_asked_about_once_and_never_refused(cast, client_of, person):
    client, address = client_of(cast.office), section(person, "the-dang")
    answer = client.post(address, filled(client, address, card_number="1234567", reason="Theo thẻ"))
    page = read(answer)
    assert "Số thẻ có 8 chữ số" in errors(answer)
    assert "id_card_number" in {link.attributes["href"][1:] for link in page.first(class_="errors").all("a")}
    again = typed_in(page) | {"is_confirmed": "on"}
    assert client.post(address, again).status_code == 302
    assert Person.objects.get(pk=person.pk).card_number == "1234567"
    untouched = filled(client, address, card_issued_by="Tỉnh ủy")
    assert client.post(address, untouched).status_code == 302, "what is on record isn't asked about again"


def test_card_is_one_however_it_is_written_and_nobody_elses(cast, client_of, person):
    other = make_member(cast.a, "Trần Thị Bình", card_number="08.123456", former_card_number="08.000001")
    assert (other.card_number, other.card_as_printed) == ("08123456", "08.123456")
    client, address = client_of(cast.office), section(person, "the-dang")
    for number in ("08 123456", "08123456", "08.000001"):
        answer = client.post(address, filled(client, address, card_number=number, reason="Theo thẻ"))
        assert "Số thẻ đảng viên này đã có người mang." in errors(answer)
    answer = client.post(address, filled(client, address, former_card_number="08-123456"))
    assert "Số thẻ trước đây này đã có người mang." in errors(answer)
    sent = filled(client, address, card_number="036000000001", former_card_number="08.123457", reason="Đổi thẻ")
    assert client.post(address, sent).status_code == 302
    person.refresh_from_db()
    assert (person.card_number, person.former_card_number) == ("036000000001", "08123457")


# --- Tables ----------------------------------------------------------------------------------------

ROWS = {
    "qua-trinh-cong-tac": {"began": "9/1990", "ended": "1995", "work": "Giáo viên", "workplace": "Trường Hòa Lâm"},
    "dao-tao": {"school": "Đại học Sư phạm", "subject": "Ngữ văn", "began": "1986", "ended": "1990"},
    "nuoc-ngoai": {"began": "5/2010", "country": "Lào", "purpose": "Tham quan"},
    "gia-dinh": {"relation": "Vợ", "full_name": "Lê Thị Hoa", "birth_year": "1972", "residence": "Tổ 3"},
    "khen-thuong": {"year": "2005", "form": "Bằng khen", "awarded_by": "Thủ tướng Chính phủ"},
}


def test_every_table_has_a_row_here():
    assert set(ROWS) == {table.key for table in TABLES}


@pytest.mark.parametrize("key", ROWS)
def test_row_is_added_shown_changed_and_taken_out(cast, client_of, person, key):
    client, address = client_of(cast.grassroots_a), section(person, key)
    (table,) = (table for table in TABLES if table.key == key)
    answer = client.post(address, filled(client, address, **row(1, **ROWS[key])))
    assert answer["Location"] == f"/nguoi/{person.pk}/#{key}"
    added = getattr(person, table.rows).get()
    shown = get(client, reverse("person", args=[person.pk])).first(id=key)
    for value in ROWS[key].values():
        assert value.split("/")[-1] in shown.text
    last = list(ROWS[key])[-1]
    assert client.post(address, filled(client, address, **{f"dong-0-{last}": "2001"})).status_code == 302
    assert str(getattr(getattr(person, table.rows).get(), last)) == "2001"
    assert client.post(address, filled(client, address, **{"dong-0-DELETE": "on"})).status_code == 302
    assert not getattr(person, table.rows).exists()
    gone = AuditItem.objects.get(verb="deleted", model=table.model._meta.label_lower, key=added.pk)
    assert gone.person_id == person.pk
    assert gone.before


def test_blank_rows_say_nothing_and_half_filled_ones_are_told(cast, client_of, person):
    client, address = client_of(cast.office), section(person, "gia-dinh")
    assert client.post(address, filled(client, address)).status_code == 302
    answer = client.post(address, filled(client, address, **row(0, relation="Con"), **row(2, full_name="Bé")))
    assert answer.status_code == 200
    links = {link.attributes["href"] for link in read(answer).first(class_="errors").all("a")}
    assert links == {"#id_dong-0-full_name", "#id_dong-2-relation"}
    assert typed_in(read(answer))["dong-2-full_name"] == "Bé"
    assert not Relative.objects.exists()


def test_more_rows_come_without_losing_what_was_typed(cast, client_of, person):
    client, address = client_of(cast.office), section(person, "gia-dinh")
    page = read(client.post(address, filled(client, address, **row(3, relation="Con")) | {"them-dong": "1"}))
    sent = typed_in(page)
    assert (sent["dong-TOTAL_FORMS"], sent["dong-3-relation"]) == ("7", "Con")
    assert not page.all(class_="errors")
    assert client.post(address, sent | row(3, full_name="Nguyễn Thị Em")).status_code == 302
    assert Relative.objects.get().full_name == "Nguyễn Thị Em"


def test_same_row_twice_is_refused_in_words(cast, client_of, person):
    client, address = client_of(cast.office), section(person, "khen-thuong")
    twice = row(0, **ROWS["khen-thuong"]) | row(1, **ROWS["khen-thuong"])
    answer = client.post(address, filled(client, address, **twice))
    assert answer.status_code == 200
    assert errors(answer)
    assert not person.received_awards.exists()


def test_row_that_two_change_is_asked_and_one_that_is_gone_is_told(cast, client_of, person):
    client, address = client_of(cast.office), section(person, "qua-trinh-cong-tac")
    work = WorkPeriod.objects.create(person=person, began_on=dt.date(1990, 9, 1), work="Giáo viên")
    mine = filled(client, address, **row(0, position="Hiệu trưởng"))
    work.position = "Hiệu phó"
    work.save()
    answer = client.post(address, mine)
    assert "giữ giá trị nào" in read(answer).text
    stale = filled(client, address, **row(0, position="Hiệu trưởng"))
    work.delete()
    answer = client.post(address, stale)
    assert "Người khác đã xóa dòng này" in errors(answer)
    assert "Hiệu trưởng" in errors(answer)


def test_tables_are_one_event_of_whoever_wrote(cast, client_of, person):
    client, address = client_of(cast.grassroots_a), section(person, "gia-dinh")
    both = row(0, relation="Con", full_name="Nguyễn Thị Em") | row(1, relation="Con", full_name="Nguyễn Văn Út")
    page = client.post(address, filled(client, address, **both), follow=True)
    assert "thêm “Con Nguyễn Thị Em”; thêm “Con Nguyễn Văn Út”" in read(page).text
    items = AuditItem.objects.filter(model="members.relative").select_related("event")
    assert {(item.event.sequence, item.event.user) for item in items} == {(items[0].event.sequence, cast.grassroots_a)}


def test_service_asks_for_the_right(cast, person):
    from django.core.exceptions import PermissionDenied

    row_of = Relative(person=person, relation="Con", full_name="Nguyễn Thị Em")
    with pytest.raises(PermissionDenied):
        services.change_rows(person=person, written=[row_of], removed=[], by=cast.grassroots_b)
    assert not Relative.objects.exists()


# --- Drafts ----------------------------------------------------------------------------------------

FORMS = ["/nguoi/them/", "sua", *(part.key for part in SECTIONS)]


def draft_address(person, form):
    return (
        form
        if form.startswith("/")
        else reverse("change_person", args=[person.pk]) + ("" if form == "sua" else f"{form}/")
    )


@pytest.mark.parametrize("form", ["/nguoi/them/", "sua", "noi-o"])
def test_draft_is_offered_goes_on_and_goes_with_saving(cast, client_of, person, form):
    client, address = client_of(cast.grassroots_a), draft_address(person, form)
    typed = (
        filled(client, address, residence="Tổ 9", born="31/2/1975")
        if form != "noi-o"
        else filled(client, address, residence="Tổ 9")
    )
    events = AuditItem.objects.exclude(verb="viewed").count()
    assert client.post(address, typed | {"ban-nhap": "luu"}).status_code == 204
    draft = Draft.objects.get()
    assert (draft.owner, draft.address) == (cast.grassroots_a, address)
    assert "csrfmiddlewaretoken" not in draft.data
    assert AuditItem.objects.exclude(verb="viewed").count() == events
    offered = get(client, address)
    assert "bản nháp" in offered.first(class_="draft").text
    assert typed_in(offered)["residence"] != "Tổ 9"
    assert "data-draft" not in offered.first("form", class_="record-form").attributes
    goes_on = get(client, f"{address}?ban-nhap=tiep")
    assert typed_in(goes_on)["residence"] == "Tổ 9"
    assert not goes_on.all(class_="errors")
    assert "data-draft" in goes_on.first("form", class_="record-form").attributes
    if form == "noi-o":
        assert client.post(address, typed_in(goes_on)).status_code == 302
        assert not Draft.objects.exists()
        assert Person.objects.get(pk=person.pk).residence == "Tổ 9"


def test_draft_of_a_table_keeps_its_rows(cast, client_of, person):
    client, address = client_of(cast.grassroots_a), section(person, "gia-dinh")
    typed = filled(client, address, **row(2, relation="Con", full_name="Bé"))
    assert client.post(address, typed | {"ban-nhap": "luu"}).status_code == 204
    goes_on = typed_in(get(client, f"{address}?ban-nhap=tiep"))
    assert goes_on["dong-2-full_name"] == "Bé"
    assert client.post(address, goes_on).status_code == 302
    assert Relative.objects.get().full_name == "Bé"
    assert not Draft.objects.exists()


def test_draft_meets_what_others_saved_meanwhile(cast, client_of, person):
    client, address = client_of(cast.grassroots_a), section(person, "noi-o")
    client.post(address, filled(client, address, residence="Tổ 9") | {"ban-nhap": "luu"})
    person.residence = "Tổ 1"
    person.save()
    answer = client.post(address, typed_in(get(client, f"{address}?ban-nhap=tiep")))
    assert "Tổ 1" in read(answer).first(class_="conflicts").text


def test_draft_is_nobody_elses_and_can_be_given_up(cast, client_of, person):
    mine, other = client_of(cast.grassroots_a), client_of(cast.office)
    address = section(person, "noi-o")
    mine.post(address, filled(mine, address, residence="Tổ 9") | {"ban-nhap": "luu"})
    assert not get(other, address).all(class_="draft")
    assert typed_in(get(other, f"{address}?ban-nhap=tiep"))["residence"] != "Tổ 9"
    assert not Draft.objects.visible_to(cast.office).exists()
    assert get(mine, reverse("person", args=[person.pk])).first(class_="draft").all("a", href=address)
    assert mine.post(address, {"ban-nhap": "bo"})["Location"] == address
    assert not Draft.objects.exists()


def test_old_drafts_go_and_late_ones_stay_away(cast, client_of, person):
    client, address = client_of(cast.grassroots_a), section(person, "noi-o")
    old = Draft.objects.create(
        owner=make_user("nguoi-cu"), address="/nguoi/1/sua/", data={}, saved_at=timezone.now() - KEPT - dt.timedelta(1)
    )
    typed = filled(client, address, residence="Tổ 9")
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed | {"ban-nhap": "luu"}).status_code == 409, "the form was saved already"
    assert (
        client.post(address, filled(client, address, residence="x" * 300_000) | {"ban-nhap": "luu"}).status_code == 409
    )
    assert client.post(address, filled(client, address) | {"ban-nhap": "luu"}).status_code == 204
    assert not Draft.objects.filter(pk=old.pk).exists()


def test_every_form_on_a_file_keeps_drafts(cast, client_of, person):
    client = client_of(cast.grassroots_a)
    for form in FORMS:
        page = get(client, draft_address(person, form))
        assert "data-draft" in page.first("form", class_="record-form").attributes, form


def test_table_parts_name_fields_that_are_there():
    for table in (part for part in SECTIONS if isinstance(part, TablePart)):
        assert set(table.columns) == set(table.form.Meta.fields)
