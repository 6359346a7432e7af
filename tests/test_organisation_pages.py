"""The pages of organisations: the tree, one as of a day, what is done to it, its committee and mass organisations."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from members.models import (
    AuditEvent,
    CommitteePost,
    MassOrganisation,
    Membership,
    Organisation,
    OrganisationPeriod,
    Succession,
)
from members.services import change_organisation, end_organisation, merge_organisation
from tests.builders import (
    day,
    make_mass_organisation,
    make_member,
    make_organisation,
    make_person,
    make_post,
    make_stay,
)
from tests.pages import get as page_of

pytestmark = pytest.mark.django_db

CELL, COMMITTEE = "subordinate_cell", "grassroots_committee"
ONE = {"code_1": "A9", "name_1": "Chi bộ Chín", "kind_1": CELL}


def act(client, organisation, act_name, /, **values):
    """Send the form of an act; where its consequences are shown, they are taken as seen and it is sent again."""
    address = reverse("organisation_act", args=[organisation.code, act_name])
    values = {"decision_number": "15-QĐ/ĐUK", "reason": "", **values}
    looked = client.post(address, {**values, "look": "1"})
    assert looked.status_code == 200
    text = looked.content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', text)
    if seen is None:
        return text, None
    return text, client.post(address, {**values, "seen": seen[1]})


def numbers_of(page, organisation):
    """The cells of numbers of an organisation's row."""
    (row,) = page.all("tr", id=f"tc-{organisation.pk}")
    return [cell.text for cell in row.all("td") if "n" in cell.attributes.get("class", "").split()]


# --- The tree ------------------------------------------------------------------------------------------


def test_tree_shows_own_and_total_numbers(cast, client_of):
    make_member(cast.a, "Lê An")
    make_member(cast.a_cell_1, "Lê Bình")
    make_member(cast.a_cell_1, "Lê Chi", is_official=False)
    make_person("Ngô Dung", followed_by=cast.a_cell_2)
    page = page_of(client_of(cast.leader), reverse("organisations"))
    assert numbers_of(page, cast.a) == ["1", "1", "0", "0", "3", "2", "1", "1"]
    assert numbers_of(page, cast.root) == ["0", "0", "0", "0", "3", "2", "1", "1"]
    assert "Thanh tra" in page.text


def test_branches_are_opened_and_closed_by_links(cast, client_of):
    client = client_of(cast.leader)
    page = page_of(client, reverse("organisations"))
    assert not page.all("tr", id=f"tc-{cast.a_cell_1.pk}")
    (row,) = page.all("tr", id=f"tc-{cast.a.pk}")
    (fold,) = row.all("a", class_="fold")
    assert fold.attributes["aria-expanded"] == "false"
    opened = page_of(client, reverse("organisations") + fold.attributes["href"].partition("#")[0])
    assert opened.all("tr", id=f"tc-{cast.a_cell_1.pk}")
    (row,) = opened.all("tr", id=f"tc-{cast.a.pk}")
    (fold,) = row.all("a", class_="fold")
    closed = page_of(client, reverse("organisations") + fold.attributes["href"].partition("#")[0])
    assert not closed.all("tr", id=f"tc-{cast.a_cell_1.pk}")
    everything = page_of(client, reverse("organisations") + "?mo=*")
    assert len(everything.all("tbody")[0].all("tr")) == 5


def test_tree_as_of_a_day_keeps_the_names_and_parents_of_then(cast, client_of):
    change_organisation(organisation=cast.a_cell_1, on=day("2014-01-01"), name="Chi bộ Mới", event="renamed", by=None)
    change_organisation(organisation=cast.a_cell_1, on=day("2015-01-01"), parent=cast.b, event="moved", by=None)
    make_member(cast.a_cell_1, began_on="2010-01-01")
    page = page_of(client_of(cast.leader), reverse("organisations") + "?ngay=31/12/2013&mo=*")
    assert "Chi bộ Văn phòng" in page.text
    assert "Chi bộ Mới" not in page.text
    assert numbers_of(page, cast.a)[4:] == ["1", "1", "0", "–"]
    today = page_of(client_of(cast.leader), reverse("organisations") + "?mo=*")
    assert "Chi bộ Mới" in today.text
    assert numbers_of(today, cast.b)[4] == "1"


def test_tree_is_searched_and_filtered(cast, client_of):
    client = client_of(cast.leader)
    found = page_of(client, reverse("organisations") + "?q=van%20phong")
    assert len(found.all("tbody")[0].all("tr")) == 1
    assert "thuộc Đảng bộ Sở Nội vụ" in found.text
    kinds = page_of(client, reverse("organisations") + f"?loai={CELL}")
    assert len(kinds.all("tbody")[0].all("tr")) == 2
    assert "Không có tổ chức nào như vậy" in page_of(client, reverse("organisations") + "?q=khong-co").text
    end_organisation(organisation=cast.a_cell_2, on=day("2015-01-01"), by=None)
    gone = page_of(client, reverse("organisations") + "?tinh_trang=ket-thuc")
    assert len(gone.all("tbody")[0].all("tr")) == 1
    assert "Tổ chức công chức" in gone.text


@pytest.mark.parametrize("query", ["?ngay=31/2/2015", "?ngay=1/1/1800", "?loai=x", "?mo=%00&q=%00"])
def test_tree_takes_whatever_the_address_says(cast, client_of, query):
    assert client_of(cast.leader).get(reverse("organisations") + query).status_code == 200


def test_staff_see_the_tree_of_their_own_organisation(cast, client_of):
    page = page_of(client_of(cast.grassroots_a), reverse("organisations") + "?mo=*")
    assert len(page.all("tbody")[0].all("tr")) == 3
    assert "Thanh tra" not in page.text


def test_queries_of_the_tree_do_not_grow(cast, client_of, django_assert_max_num_queries):
    client = client_of(cast.leader)
    page_of(client, reverse("organisations") + "?mo=*")
    for number in range(12):
        place = make_organisation(f"Chi bộ {number}", parent=cast.a, kind=CELL)
        make_post(make_member(place, f"Lê {number}"), place)
    with django_assert_max_num_queries(10):
        page_of(client, reverse("organisations") + "?mo=*")


def test_workbook_holds_the_tree_and_is_recorded(cast, client_of):
    place = make_member(cast.a_cell_1, "Lê Bình")
    make_post(place, cast.a_cell_1)
    response = client_of(cast.leader).get(reverse("organisations_excel"))
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (cell,) = [row for row in rows if row[2] == "A1"]
    assert cell[1] == "Chi bộ Văn phòng"
    assert cell[5] == "Đảng bộ Sở Nội vụ"
    assert cell[6] == "Lê Bình"
    assert cell[7:11] == [1, 1, 0, 0]
    assert len([row for row in rows if isinstance(row[0], int)]) == 5
    assert AuditEvent.objects.filter(action="exported").count() == 1


# --- An organisation as of a day -----------------------------------------------------------------------


def test_page_as_of_a_day_shows_what_it_was(cast, client_of):
    secretary = make_member(cast.b, "Lê Văn Bí", began_on="2005-01-01")
    make_post(secretary, cast.b, began="2010")
    CommitteePost.objects.update(ended_on=day("2014-06-01"), end_reason="term_over")
    make_mass_organisation(cast.b, "Công đoàn Thanh tra", ended_on=day("2014-01-01"))
    change_organisation(
        organisation=cast.b, on=day("2015-03-01"), name="Chi bộ Thanh tra mới", event="renamed", by=None
    )
    client = client_of(cast.leader)
    then = page_of(client, reverse("organisation", args=["B"]) + "?ngay=31/12/2013")
    assert then.all("h1")[0].text == "Chi bộ Thanh tra tỉnh"
    (committee,) = then.all("section", id="cap-uy")
    assert "Lê Văn Bí" in committee.text
    assert "Bí thư" in committee.text
    assert "Công đoàn Thanh tra" in then.all("section", id="doan-the")[0].text
    assert "Tên hiện nay Chi bộ Thanh tra mới" in then.text
    now = page_of(client, reverse("organisation", args=["B"]))
    assert now.all("h1")[0].text == "Chi bộ Thanh tra mới"
    assert "Chưa ghi ai trong cấp ủy" in now.all("section", id="cap-uy")[0].text
    assert "Hết nhiệm kỳ" in now.text


def test_page_tells_predecessors_and_successors(cast, client_of):
    merge_organisation(organisation=cast.b, into=cast.a, on=day("2015-07-01"), decision_number="9-QĐ", by=None)
    client = client_of(cast.leader)
    assert (
        "01/07/2015 Sáp nhập vào đây: Chi bộ Thanh tra tỉnh , quyết định số 9-QĐ"
        in page_of(client, reverse("organisation", args=["A"])).text
    )
    ended = page_of(client, reverse("organisation", args=["B"]))
    assert "Sáp nhập vào Đảng bộ Sở Nội vụ" in ended.text
    assert "đã kết thúc 01/07/2015" in ended.text
    foreign = page_of(client_of(cast.grassroots_a), reverse("organisation", args=["A"]))
    assert "Chi bộ Thanh tra tỉnh" in foreign.text
    assert not [link for link in foreign.all("a") if "/to-chuc/B/" in link.attributes.get("href", "")]


def test_page_warns_of_what_contradicts_itself(cast, client_of):
    person = make_member(cast.a, "Lê An")
    make_post(person, cast.a)
    Membership.objects.update(ended_on=day("2015-01-01"), end_reason="transferred_out")
    page = page_of(client_of(cast.office), reverse("organisation", args=["A"]))
    assert "Không còn sinh hoạt ở đây" in page.text
    assert "chưa ghi thôi giữ chức vụ: Lê An" in page.text


def test_queries_of_the_page_do_not_grow(cast, client_of, django_assert_max_num_queries):
    client = client_of(cast.office)
    for number in range(12):
        place = make_organisation(f"Chi bộ {number}", parent=cast.a, kind=CELL)
        make_post(make_member(place, f"Lê {number}"), cast.a, "member")
        make_mass_organisation(cast.a, f"Công đoàn {number}")
    with django_assert_max_num_queries(40):
        page_of(client, reverse("organisation", args=["A"]))


# --- Acts ----------------------------------------------------------------------------------------------


def test_organisation_is_founded_after_its_consequences_were_seen(cast, client_of):
    client = client_of(cast.grassroots_a)
    values = {"name": "Chi bộ Ba", "code": "A3", "kind": CELL, "sector": "", "on": "01/07/2015"}
    text, done = act(client, cast.a, "thanh-lap", **values)
    assert "Chi bộ Ba (Chi bộ trực thuộc, mã A3) được thành lập ngày 01/07/2015." in text
    assert done.status_code == 302
    made = Organisation.objects.get(code="A3")
    assert (made.parent, made.founded_on, made.periods.get().decision_number) == (
        cast.a,
        day("2015-07-01"),
        "15-QĐ/ĐUK",
    )


def test_nothing_is_written_before_it_was_seen(cast, client_of):
    client = client_of(cast.office)
    address = reverse("organisation_act", args=["A", "sap-nhap"])
    make_member(cast.a, "Lê An")
    values = {"into": "Chi bộ Thanh tra tỉnh (B)", "on": "01/07/2015", "decision_number": "1", "reason": ""}
    before = AuditEvent.objects.count()
    shown = client.post(address, values)
    assert "1 đảng viên (1 chính thức, 0 dự bị) chuyển sang sinh hoạt ở Chi bộ Thanh tra tỉnh" in shown.content.decode()
    assert (Succession.objects.count(), AuditEvent.objects.count()) == (0, before)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', shown.content.decode())[1]
    # Somebody else came meanwhile: what was seen is no longer what would happen.
    make_member(cast.a, "Lê Bình")
    again = client.post(address, {**values, "seen": seen}).content.decode()
    assert "2 đảng viên" in again
    assert not Succession.objects.exists()


def test_form_sent_twice_acts_once(cast, client_of):
    client = client_of(cast.office)
    address = reverse("organisation_act", args=["A", "thanh-lap"])
    values = {"name": "Chi bộ Ba", "code": "A3", "kind": CELL, "on": "01/07/2015", "decision_number": "1"}
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', client.post(address, values).content.decode())[1]
    sent = {**values, "seen": seen, "submission": "0123456789abcdef0123"}
    first, second = client.post(address, sent), client.post(address, sent)
    assert first.url == second.url == reverse("organisation", args=["A3"])
    assert Organisation.objects.filter(code="A3").count() == 1


def test_organisation_is_renamed_moved_and_merged(cast, client_of):
    client = client_of(cast.office)
    member = make_member(cast.a_cell_1, "Lê An", began_on="2010-01-01")
    text, done = act(client, cast.a_cell_1, "doi-ten", name="Chi bộ Mới", kind=CELL, on="1/1/2014")
    assert "Chi bộ Văn phòng đổi tên thành Chi bộ Mới" in text
    assert done.status_code == 302
    text, done = act(client, cast.a_cell_1, "chuyen", parent="B", on="1/1/2015")
    assert "chuyển từ Đảng bộ Sở Nội vụ về Chi bộ Thanh tra tỉnh" in text
    assert "0 tổ chức bên dưới, tất cả 1 đảng viên" in text
    text, done = act(client, cast.a_cell_1, "sap-nhap", into="A2", on="1/6/2015")
    assert done.status_code == 302
    assert [stay.organisation for stay in member.memberships.order_by("began_on")] == [cast.a_cell_1, cast.a_cell_2]
    names = OrganisationPeriod.objects.filter(organisation=cast.a_cell_1).order_by("starts_on")
    assert {row.name for row in names} == {"Chi bộ Văn phòng", "Chi bộ Mới"}


def test_organisation_is_divided_with_its_members(cast, client_of):
    client = client_of(cast.office)
    an, binh, chi = (make_member(cast.b, name, began_on="2010-01-01") for name in ("Lê An", "Lê Bình", "Lê Chi"))
    parts = {
        "code_1": "B1",
        "name_1": "Chi bộ Một",
        "kind_1": CELL,
        "sector_1": "",
        "code_2": "B2",
        "name_2": "Chi bộ Hai",
        "kind_2": CELL,
        "sector_2": "",
    }
    values = {"way": "chia", "so_moi": "2", "rest": "1", f"dv_{binh.pk}": "2", "on": "01/07/2015", **parts}
    text, done = act(client, cast.b, "tach", **values)
    assert "Chi bộ Một nhận 2 đảng viên (Lê An, Lê Chi)." in text
    assert "Chi bộ Thanh tra tỉnh kết thúc hoạt động từ ngày 01/07/2015." in text
    assert done.status_code == 302
    one, two = Organisation.objects.get(code="B1"), Organisation.objects.get(code="B2")
    for person, place in ((an, one), (chi, one), (binh, two)):
        assert person.memberships.latest("began_on").organisation == place
    assert Succession.objects.filter(kind="split").count() == 2


def test_split_asks_for_as_many_new_ones_as_are_wanted(cast, client_of):
    address = reverse("organisation_act", args=["B", "tach"])
    page = client_of(cast.office).post(address, {"so_moi": "3", "name_1": "Chi bộ Một", "more": "1"}).content.decode()
    assert 'name="code_3"' in page
    assert 'name="code_4"' not in page
    assert 'value="Chi bộ Một"' in page
    assert "errorlist" not in page


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("thanh-lap", {"name": "Chi bộ", "code": "a1", "kind": CELL, "on": "1/1/2015"}, "Mã tổ chức này đã có."),
        ("thanh-lap", {"name": "", "code": "A9", "kind": CELL, "on": "31/2/2015"}, "Hãy gõ ngày/tháng/năm"),
        ("doi-ten", {"name": "Đảng bộ Sở Nội vụ", "kind": COMMITTEE, "on": "1/1/2015"}, "Không có gì thay đổi"),
        ("chuyen", {"parent": "A1", "on": "1/1/2015"}, "không thể là chính tổ chức này hoặc nằm dưới nó"),
        ("chuyen", {"parent": "Không có", "on": "1/1/2015"}, "trong phạm vi của bạn"),
        ("sap-nhap", {"into": "A2", "on": "1/1/2015"}, "Không thể sáp nhập"),
        ("ket-thuc", {"on": "1/1/2015"}, "Còn 2 tổ chức trực thuộc"),
        ("doi-ten", {"name": "Tên", "kind": CELL, "on": "1/1/2015", "decision_number": ""}, "Hãy ghi số quyết định"),
        ("tach", {"way": "chia", "so_moi": "1", **ONE, "on": "1/1/2015"}, "ít nhất hai"),
    ],
)  # fmt: skip
def test_act_is_refused_in_words_and_keeps_what_was_typed(cast, client_of, name, values, told):
    before = Organisation.objects.count()
    text, done = act(client_of(cast.office), cast.a, name, **values)
    assert done is None
    assert told in text
    assert values["on"] in text
    assert Organisation.objects.count() == before


def test_acts_are_for_who_may_change_both_ends(cast, client_of):
    client = client_of(cast.grassroots_a)

    def status(organisation, name):
        return client.get(reverse("organisation_act", args=[organisation.code, name])).status_code

    assert status(cast.b, "doi-ten") == 404
    assert [status(cast.a, name) for name in ("doi-ten", "thanh-lap", "chuyen", "sap-nhap", "tach", "ket-thuc")] == [
        *(200, 200),
        *(403, 403, 403, 403),
    ]
    assert [status(cast.a_cell_1, name) for name in ("chuyen", "sap-nhap", "tach", "ket-thuc")] == [200] * 4
    assert status(cast.a, "khong-co") == 404
    assert client_of(cast.leader).get(reverse("organisation_act", args=["A", "doi-ten"])).status_code == 403
    text, done = act(client, cast.a_cell_1, "chuyen", parent="B", on="1/1/2015")
    assert "trong phạm vi của bạn" in text
    assert done is None


def test_root_is_neither_moved_nor_ended_on_a_page(cast, client_of):
    client = client_of(cast.office)
    for name in ("chuyen", "sap-nhap", "tach", "ket-thuc"):
        assert client.get(reverse("organisation_act", args=["K", name])).status_code == 403
    page = page_of(client, reverse("organisation", args=["K"]))
    assert "Kết thúc hoạt động" not in page.text
    assert "Thành lập tổ chức trực thuộc" in page.text


def test_ended_organisation_is_only_corrected(cast, client_of):
    client = client_of(cast.office)
    _, done = act(client, cast.a_cell_1, "ket-thuc", on="1/1/2015", reason="Giải thể")
    assert done.status_code == 302
    assert client.get(reverse("organisation_act", args=["A1", "doi-ten"])).status_code == 403
    address = reverse("correct_organisation", args=["A1"])
    organisation = Organisation.objects.get(code="A1")
    values = {
        "name": organisation.name,
        "sector": "",
        "founded": "",
        "ended": "2/2/2015",
        "version": organisation.version,
    }
    assert "Hãy ghi lý do" in client.post(address, values).content.decode()
    assert client.post(address, {**values, "reason": "Ghi nhầm"}).status_code == 302
    assert Organisation.objects.get(code="A1").ended_on == day("2015-02-02")


# --- Committee and mass organisations ------------------------------------------------------------------


def test_secretary_is_added_corrected_and_gives_up(cast, client_of):
    client = client_of(cast.grassroots_b)
    make_member(cast.b, "Lê Văn Bí", file_number="0001")
    address = reverse("add_post", args=["B"])
    values = {
        "member": "lê văn bí",
        "position": "secretary",
        "term": "2015–2020",
        "began": "6/2015",
        "decision_number": "3",
    }
    assert client.post(address, values).url == reverse("organisation", args=["B"]) + "#cap-uy"
    post = CommitteePost.objects.get()
    assert (post.person.full_name, str(post.began), post.term) == ("Lê Văn Bí", "06/2015", "2015–2020")
    corrected = {**values, "position": "deputy", "version": post.version, "reason": "Ghi nhầm"}
    assert client.post(reverse("change_post", args=[post.pk]), corrected).status_code == 302
    post.refresh_from_db()
    ended = {"ended": "1/1/2017", "end_reason": "term_over", "end_decision_number": "", "version": post.version}
    assert client.post(reverse("end_post", args=[post.pk]), ended).status_code == 302
    post.refresh_from_db()
    assert (post.position, post.ended_on, post.end_reason) == ("deputy", dt.date(2017, 1, 1), "term_over")


def test_post_of_who_is_not_clear_or_no_member_is_refused(cast, client_of):
    client = client_of(cast.office)
    for number in ("0001", "0002"):
        make_member(cast.b, "Lê An", file_number=number)
    gone = make_person("Lê Đi", file_number="0003")
    make_stay(gone, cast.b, "2000-01-01", "2010-01-01")
    values = {"position": "member", "began": "2015", "term": "", "decision_number": ""}

    def told(member):
        return client.post(reverse("add_post", args=["B"]), {**values, "member": member}).content.decode()

    assert "Có nhiều người như vậy" in told("le an")
    assert "số lý lịch 0002" in told("le an")
    assert "Không tìm thấy" in told("Trần Không Ai")
    assert "không phải là đảng viên đang sinh hoạt" in told("0003")
    assert client.post(reverse("add_post", args=["B"]), {**values, "member": "Lê An (0002)"}).status_code == 302


def test_mass_organisation_is_added_changed_and_ended(cast, client_of):
    client = client_of(cast.grassroots_a)
    values = {
        "name": "Hội Cựu chiến binh Sở",
        "code": "CCB-A",
        "kind": "veterans",
        "kind_text": "",
        "founded_on": "1/2/2010",
    }
    assert client.post(reverse("add_mass_organisation", args=["A"]), values).status_code == 302
    mass = MassOrganisation.objects.get()
    assert (mass.organisation, mass.founded_on) == (cast.a, day("2010-02-01"))
    changed = {**values, "kind": "other", "organisation": cast.a_cell_1.pk, "version": mass.version, "ended_on": ""}
    address = reverse("change_mass_organisation", args=[mass.pk])
    assert "loại đoàn thể nào" in client.post(address, changed).content.decode()
    assert client.post(address, {**changed, "kind_text": "Hội Khuyến học"}).status_code == 302
    mass.refresh_from_db()
    assert (mass.organisation, mass.kind_text) == (cast.a_cell_1, "Hội Khuyến học")
    ended = {"ended_on": "1/1/2016", "reason": "Giải thể", "version": mass.version}
    assert client.post(reverse("end_mass_organisation", args=[mass.pk]), ended).status_code == 302
    mass.refresh_from_db()
    assert mass.ended_on == day("2016-01-01")
    assert AuditEvent.objects.latest("sequence").reason == "Giải thể"


def test_mass_organisation_is_not_left_under_an_ended_one(cast, client_of):
    mass = make_mass_organisation(cast.a, ended_on=day("2014-01-01"))
    end_organisation(organisation=cast.a_cell_1, on=day("2015-01-01"), by=None)
    MassOrganisation.objects.update(organisation=cast.a_cell_1)
    mass.refresh_from_db()
    values = {
        "name": mass.name,
        "code": mass.code,
        "kind": mass.kind,
        "kind_text": "",
        "founded_on": "",
        "ended_on": "",
    }
    values |= {"organisation": cast.a_cell_1.pk, "version": mass.version}
    page = client_of(cast.office).post(reverse("change_mass_organisation", args=[mass.pk]), values)
    assert "đã kết thúc hoạt động" in page.content.decode()


@pytest.mark.parametrize("query", ["", "?ngay=31/12/2014"])
def test_numbers_are_the_lengths_of_their_lists(cast, client_of, query):
    make_member(cast.a, "Lê An", began_on="2010-01-01")
    make_member(cast.a_cell_1, "Lê Bình", began_on="2012-01-01")
    make_member(cast.a_cell_1, "Lê Chi", began_on="2015-03-01", is_official=False)
    make_person("Ngô Dung", followed_by=cast.a_cell_2)
    client = client_of(cast.leader)
    page = page_of(client, reverse("organisations") + query)
    (row,) = page.all("tr", id=f"tc-{cast.a.pk}")
    links = [link for link in row.all("a") if "/dang-vien/" in link.attributes["href"]]
    assert len(links) >= 4
    for link in links:
        listed = page_of(client, link.attributes["href"])
        assert len(listed.all("tbody")[0].all("tr")) == int(link.text), link.attributes["href"]
