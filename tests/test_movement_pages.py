"""The pages of movements: form with preview, one movement, confirming, undoing, several at once, the list."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from members.models import AuditEvent, Membership, Movement, Person
from members.movements.services import record_movement
from members.partial_dates import parse
from members.work.tasks import tasks_of
from tests.builders import make_member, make_movement, make_stay
from tests.pages import get, read, table_rows

pytestmark = pytest.mark.django_db

LIST = "/bien-dong/"


@pytest.fixture
def member(cast) -> Person:
    return make_member(cast.a_cell_1, "Nguyễn Văn An")


def form_of(person: Person, slug: str) -> str:
    return reverse("record_movement", args=[person.pk, slug])


def send(client: Any, address: str, **values: Any) -> Any:
    """The form sent, its preview read and sent again as it is."""
    preview = client.post(address, values)
    assert preview.status_code == 200
    seen = read(preview).all("input", name="seen")
    assert seen, read(preview).all(class_="errors")[0].text
    return client.post(address, values | {"seen": seen[0].attributes["value"]})


def errors(answer: Any) -> str:
    return read(answer).first(class_="errors").text


# --- Recording ------------------------------------------------------------------------------------------------------


def test_menu_of_the_person_offers_what_fits(cast, client_of, member):
    address = reverse("person", args=[member.pk])
    labels = [link.text for link in get(client_of(cast.grassroots_a), address).first("details", class_="menu").all("a")]
    assert labels == [
        *("Chuyển nội bộ", "Chuyển sinh hoạt đi", "Sinh hoạt tạm thời", "Miễn công tác và sinh hoạt"),
        *("Xóa tên", "Xin ra khỏi Đảng", "Khai trừ", "Từ trần"),
    ]
    assert get(client_of(cast.leader), address).all("details", class_="menu") == []


def test_day_that_cannot_be_read_is_told_with_an_example(cast, client_of, member):
    answer = client_of(cast.grassroots_a).post(form_of(member, "tam-thoi"), {"happened": "1/2015", "until_on": "31/2"})
    assert "Hãy gõ ngày/tháng/năm, ví dụ 05/09/2015." in errors(answer)


def test_preview_tells_the_consequence_and_writes_nothing(cast, client_of, member):
    client = client_of(cast.grassroots_a)
    address = form_of(member, "xoa-ten")
    page = read(client.post(address, {"happened": "6/2015"}))
    told = page.first(id="sau-khi-ghi").text
    assert "Từ 06/2015, Nguyễn Văn An không còn là đảng viên ở Chi bộ Văn phòng" in told
    assert "giảm 1 đảng viên (xóa tên)" in told
    assert "Chưa ghi số quyết định" in told
    assert (Movement.objects.count(), Membership.objects.get().ended_on) == (0, None)
    answer = send(client, address, happened="6/2015")
    assert answer.status_code == 302
    movement = Movement.objects.get()
    assert answer["Location"] == reverse("movement", args=[movement.pk])
    assert (str(movement.happened), Membership.objects.get().end_reason) == ("06/2015", "struck_off")


def test_what_was_changed_after_the_preview_is_previewed_again(cast, client_of, member):
    client, address = client_of(cast.grassroots_a), form_of(member, "xoa-ten")
    seen = read(client.post(address, {"happened": "6/2015"})).first("input", name="seen").attributes["value"]
    again = client.post(address, {"happened": "7/2015", "seen": seen})
    assert again.status_code == 200
    assert "Từ 07/2015" in read(again).first(id="sau-khi-ghi").text
    assert not Movement.objects.exists()


def test_refusal_stands_above_the_form_with_what_was_typed(cast, client_of, member):
    answer = client_of(cast.grassroots_a).post(form_of(member, "tu-tran"), {"happened": "1/2/2005"})
    assert "trước ngày Nguyễn Văn An đến Chi bộ Văn phòng" in errors(answer)
    assert read(answer).first("input", name="happened").attributes["value"] == "1/2/2005"


def test_grassroots_names_an_organisation_outside_and_sends(cast, client_of, member):
    client, address = client_of(cast.grassroots_a), form_of(member, "chuyen-noi-bo")
    options = [option.text for option in get(client, address).first("select", name="to_organisation").all("option")]
    assert not any("Thanh tra" in text for text in options)
    assert "Không có tổ chức nào" in errors(client.post(address, {"happened": "6/2015", "to_named": "Chi bộ X"}))
    assert send(client, address, happened="6/2015", to_named="chi bo thanh tra tinh").status_code == 302
    movement = Movement.objects.get()
    assert (movement.state, movement.to_organisation) == ("pending", cast.b)
    received = client_of(cast.grassroots_b)
    assert "1 người đang chờ" in get(received, LIST).first(class_="notice").text
    answer = received.post(reverse("confirm_arrival", args=[movement.pk]), {"arrived": "15/6/2015"})
    assert answer.status_code == 302
    assert Membership.objects.get(ended_on__isnull=True).organisation == cast.b


def test_trail_names_the_movement_that_a_form_recorded(cast, client_of, member):
    values = {"happened": "6/2015", "to_organisation": cast.a_cell_2.pk}
    assert send(client_of(cast.office), form_of(member, "chuyen-noi-bo"), **values).status_code == 302
    event = AuditEvent.objects.filter(items__model="members.movement").get()
    assert event.note == "Ghi biến động: Chuyển nội bộ – Nguyễn Văn An"


def test_two_places_of_arrival_are_one_too_many(cast, client_of, member):
    values = {"happened": "1/6/2015", "until_on": "1/3/2016", "to_named": "B", "to_place": "Trường Đảng"}
    assert "Chỉ ghi một nơi đến" in errors(client_of(cast.grassroots_a).post(form_of(member, "tam-thoi"), values))


def test_office_has_every_organisation_in_the_list(cast, client_of, member):
    page = get(client_of(cast.office), form_of(member, "chuyen-noi-bo"))
    assert page.all("input", name="to_named") == []
    assert len(page.first("select", name="to_organisation").all("option")) == 6


def test_arrival_of_somebody_new(cast, client_of):
    values = {
        "happened": "1/6/2015", "from_place": "Đảng bộ huyện", "to_organisation": cast.a_cell_1.pk,
        "full_name": "Lê Thị Mới", "sex": "female", "born": "1980", "decided": "3/2010", "official": "3/2011",
        "file_number": "M-1",
    }  # fmt: skip
    client = client_of(cast.grassroots_a)
    answer = send(client, reverse("record_arrival"), **values)
    assert answer.status_code == 302
    stay = Membership.objects.get()
    assert (stay.person.full_name, stay.start_reason, str(stay.admission.decided)) == (
        "Lê Thị Mới",
        "transferred_in",
        "03/2010",
    )


def test_several_are_moved_by_mark_and_by_number(cast, client_of, member):
    other = make_member(cast.a_cell_1, "Trần Thị Bình")
    client, address = client_of(cast.grassroots_a), reverse("move_several")
    page = get(client, f"{address}?to-chuc=A1")
    assert [row[1] for row in table_rows(page)] == ["Nguyễn Văn An", "Trần Thị Bình"]
    values = {"happened": "1/9/2015", "to_organisation": cast.a_cell_2.pk, "nguoi": [str(member.pk)]}
    wrong = client.post(address, values | {"numbers": "KHONG-CO"})
    assert "mang số KHONG-CO" in errors(wrong)
    assert "Chưa chọn ai" in errors(client.post(address, {**values, "nguoi": []}))
    answer = send(client, address, **values, numbers=other.file_number)
    assert answer.status_code == 302
    assert Membership.objects.filter(organisation=cast.a_cell_2).count() == 2
    assert len(table_rows(get(client, answer["Location"]))) == 2


# --- One movement ---------------------------------------------------------------------------------------------------


def test_movement_is_undone_with_a_reason_from_its_page(cast, client_of, member):
    movement = record_movement(
        movement=Movement(person=member, kind="move", happened=parse("6/2015"), to_organisation=cast.a_cell_2), by=None
    )
    client, address = client_of(cast.grassroots_a), reverse("undo_movement", args=[movement.pk])
    assert "lại sinh hoạt ở Chi bộ Văn phòng liên tục" in get(client, address).first(class_="record-form").text
    assert "Vì sao hoàn tác : Hãy ghi mục này." in errors(client.post(address, {"reason": ""}))
    assert client.post(address, {"reason": "Ghi nhầm người"}).status_code == 302
    page = get(client, reverse("movement", args=[movement.pk]))
    assert "Đã hoàn tác" in page.first(class_="state").text
    assert "Ghi nhầm người" in page.first(class_="state").text
    assert client.get(address).status_code == 403
    person = get(client, reverse("person", args=[member.pk]))
    assert "Hoàn tác: chuyển nội bộ ngày 06/2015" in person.first("main").text


def test_what_stands_in_the_way_is_told_and_no_button_is_there(cast, client_of, member):
    first = Movement(person=member, kind="move", happened=parse("6/2015"), to_organisation=cast.b)
    record_movement(movement=first, by=None)
    page = get(client_of(cast.grassroots_b), reverse("undo_movement", args=[first.pk]))
    assert "ngoài phạm vi của bạn" in page.first(class_="blocked").text
    assert page.first("main").all("button") == []


def test_papers_are_corrected_with_a_reason(cast, client_of, member):
    movement = make_movement(member)
    client, address = client_of(cast.grassroots_a), reverse("correct_papers", args=[movement.pk])
    version = get(client, address).first("input", name="version").attributes["value"]
    assert "Vì sao sửa" in errors(client.post(address, {"letter_number": "5-GT", "version": version}))
    sent = {"letter_number": "5-GT", "version": version, "why": "Bổ sung"}
    assert client.post(address, sent).status_code == 302
    movement.refresh_from_db()
    assert movement.letter_number == "5-GT"


def test_pending_transfers_are_work_for_both_ends(cast, member):
    movement = Movement(person=member, kind="move", happened=parse("20/11/2026"), to_organisation=cast.b)
    record_movement(movement=movement, by=cast.grassroots_a)
    for user in (cast.grassroots_a, cast.grassroots_b):
        (task,) = [task for task in tasks_of(user, dt.date(2026, 11, 27)) if task.source == "chuyen-sinh-hoat"]
        assert (task.about, task.due_on) == ("Nguyễn Văn An", dt.date(2027, 1, 5))


# --- The list -------------------------------------------------------------------------------------------------------


def test_list_shows_movements_and_stays_that_have_none(cast, client_of, member):
    came = make_member(cast.b, "Trần Thị Bình", "2015-02-01")
    make_stay(came, cast.b, "2014-01-01", "2015-01-15", end_reason="struck_off")
    movement = Movement(person=member, kind="move", happened=parse("6/2015"), to_organisation=cast.a_cell_2)
    record_movement(movement=movement, by=None)
    rows = table_rows(get(client_of(cast.office), f"{LIST}?nam=2015"))
    assert [(row[0], row[1], row[2], row[6]) for row in rows] == [
        ("06/2015", "Nguyễn Văn An", "Chuyển nội bộ", "Có hiệu lực"),
        ("01/02/2015", "Trần Thị Bình", "Kết nạp", "Ghi từ trước"),
        ("15/01/2015", "Trần Thị Bình", "Xóa tên", "Ghi từ trước"),
    ]
    assert len(table_rows(get(client_of(cast.grassroots_a), f"{LIST}?nam=2015"))) == 1
    assert len(table_rows(get(client_of(cast.office), f"{LIST}?nam=2015&to-chuc=B&loai=striking_off"))) == 1
    assert len(table_rows(get(client_of(cast.office), f"{LIST}?nam=2015&q=binh"))) == 2
    assert client_of(cast.grassroots_a).get(f"{LIST}?to-chuc=B").status_code == 404


def test_empty_list_says_why(cast, client_of):
    assert "chưa ghi biến động nào" in get(client_of(cast.office), f"{LIST}?nam=2011").first(class_="empty").text


def test_workbook_holds_the_rows_of_the_list_and_is_recorded(cast, client_of, member):
    make_movement(member, letter_number="=5-GT")
    answer = client_of(cast.office).get(f"{LIST}excel/?nam=2015")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {"Nguyễn Văn An", "=5-GT", "Chờ nơi đến tiếp nhận"} <= set(cells)
    assert client_of(cast.grassroots_a).get(f"{LIST}excel/?nam=2015").status_code == 403


def test_queries_of_the_list_do_not_grow(cast, client_of, django_assert_max_num_queries):
    for number in range(30):
        make_movement(make_member(cast.a_cell_1, f"Người {number}", "2015-01-01"))
    client = client_of(cast.office)
    client.get(f"{LIST}?nam=2015")
    with django_assert_max_num_queries(16):
        assert len(table_rows(get(client, f"{LIST}?nam=2015"))) == 50


def test_person_without_movements_is_told_where_one_is_recorded(cast, client_of):
    member = make_member(cast.a_cell_1)
    page = reverse("person", args=[member.pk])
    where = 'được ghi ở nút <a href="#ghi-bien-dong">'
    assert where in client_of(cast.office).get(page).content.decode()
    assert where not in client_of(cast.leader).get(page).content.decode()
