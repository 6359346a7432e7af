"""The pages of an import session through the client: upload, columns, preview, writing, undoing, and who sees what."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from config.access import Role
from members.exchange import progress
from members.exchange.jobs import CANCELLED
from members.models import AuditEvent, ColumnMemory, ImportSession, ImportState, Person, RoleAssignment
from tests.builders import make_import_session, make_member, make_user
from tests.conftest import Cast
from tests.pages import Element, get, read

pytestmark = pytest.mark.django_db

HEADINGS = ("STT", "Họ và tên", "Giới tính", "Ngày sinh", "Chi bộ", "Nghề nghiệp")
AN = (1, "Nguyễn Văn An", "Nam", "15/5/1970", "A1", "Chuyên viên")
BINH = (2, "Trần Thị Bình", "Nữ", "20/8/1985", "A1", "Kế toán")


def xlsx(*rows: Sequence[Any], title: str = "DS", above: str = "DANH SÁCH ĐẢNG VIÊN") -> bytes:
    """A list with a title above, as offices have them."""
    book, stream = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = title
    for row in ([above], [], HEADINGS, *rows):
        sheet.append(list(row))
    book.save(stream)
    return stream.getvalue()


def upload(client: Any, *files: tuple[str, bytes], **options: Any) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("exchange"), {"uploads": sent, **options}, follow=True)


def latest() -> ImportSession:
    return ImportSession.objects.order_by("-pk").first()


def address(route: str, *rest: Any) -> str:
    return reverse(route, args=[latest().pk, *rest])


def preview(client: Any) -> Any:
    """From the columns as they are proposed to the preview."""
    return client.post(
        address("import_columns"), fields(client, address("import_columns")) | {"viec": "xem"}, follow=True
    )


def fields(client: Any, page: str) -> dict[str, str]:
    """What a browser would send of the page's form."""
    sent: dict[str, str] = {}
    main = get(client, page).first("main")
    for element in main.all("input", "select"):
        name, kind = element.attributes.get("name", ""), element.attributes.get("type", "")
        if element.tag == "select":
            options = element.all("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            sent[name] = chosen[0].attributes.get("value", chosen[0].text)
        elif kind not in {"checkbox", "radio", "file"} or "checked" in element.attributes:
            sent[name] = element.attributes.get("value", "")
    return sent


def act(client: Any, name: str) -> Any:
    return client.post(address("import_act", name), follow=True)


def text(response: Any) -> str:
    return read(response).first("main").text


def numbers(page: Element) -> list[str]:
    """The counts of the first line of a table of counts."""
    return [cell.text for cell in page.first("table").all("td")]


# --- Uploading -------------------------------------------------------------------------------------


def test_upload_reads_the_file_and_shows_its_columns(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    response = upload(client, ("ds.xlsx", xlsx(AN, BINH)))
    assert response.redirect_chain[-1][0] == address("import_columns")
    page = read(response)
    assert "DANH SÁCH ĐẢNG VIÊN" in page.text
    chosen = [e.text for e in page.first("table").all("option") if "selected" in e.attributes]
    assert chosen == ["Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức", "Nghề nghiệp chức vụ"]
    session = latest()
    assert (session.state, session.organisation, session.created_by) == ("read", cast.a, cast.grassroots_a)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("anh.xlsx", b"\xff\xd8\xff\xe0 a picture", "Không nhận loại tệp này"),
        ("rong.xlsx", b"", "Tệp trống"),
        ("hong.xlsx", b"PK\x03\x04 broken", "Tệp hỏng"),
    ],
)
def test_file_that_is_no_table_is_refused_with_a_reason_and_nothing_is_kept(
    cast: Cast, client_of, name, content, reason
):
    response = upload(client_of(cast.office), (name, content), year="2015")
    assert reason in text(response)
    assert read(response).first("input", name="year").attributes["value"] == "2015"
    assert not ImportSession.objects.exists()


def test_more_than_ten_files_are_refused(cast: Cast, client_of, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 20
    files = [(f"{number}.csv", b"Ho ten\nAn\n") for number in range(11)]
    assert "10 tệp" in text(upload(client_of(cast.office), *files))
    assert not ImportSession.objects.exists()


def test_several_files_make_one_session(cast: Cast, client_of):
    response = upload(client_of(cast.office), ("mot.xlsx", xlsx(AN)), ("hai.xlsx", xlsx(BINH, title="Trang 2")))
    assert "mot.xlsx: DS" in text(response)
    assert "hai.xlsx: Trang 2" in text(response)
    assert latest().files.count() == 2


def test_form_sent_twice_makes_one_session(cast: Cast, client_of):
    client = client_of(cast.office)
    for _ in range(2):
        upload(client, ("ds.xlsx", xlsx(AN)), submission="s" * 20)
    assert ImportSession.objects.count() == 1


def test_session_belongs_to_the_highest_organisation_over_the_one_chosen(cast: Cast, client_of):
    user = make_user("hai-noi", Role.GRASSROOTS, cast.a)
    RoleAssignment.objects.create(user=user, role=Role.GRASSROOTS, organisation=cast.b)
    client = client_of(user)
    upload(client, ("ds.xlsx", xlsx(AN)), organisation="B")
    assert latest().organisation == cast.b
    upload(client, ("ds.xlsx", xlsx(AN)), organisation="A1")
    assert (latest().organisation, latest().options["organisation"]) == (cast.a, "A1")


def test_organisation_out_of_scope_is_no_choice(cast: Cast, client_of):
    response = upload(client_of(cast.grassroots_a), ("ds.xlsx", xlsx(AN)), organisation="B")
    assert "Hãy chọn một tổ chức trong danh sách" in text(response)
    assert not ImportSession.objects.exists()


def test_who_may_only_export_sees_the_place_without_the_form(cast: Cast, client_of):
    client = client_of(cast.leader)
    assert not get(client, reverse("exchange")).all("input", type="file")
    assert client.post(reverse("exchange"), {}).status_code == 403


# --- Columns ---------------------------------------------------------------------------------------


def test_questions_must_be_answered_before_the_preview(cast: Cast, client_of):
    client = client_of(cast.office)
    rows = [(1, "Lê Văn Cảnh", "Nam", "5/3/1971", "A1", ""), (2, "Lý Thị Duyên", "Nữ", "7/8/69", "A1", "")]
    upload(client, ("ds.xlsx", xlsx(*rows)))
    response = preview(client)
    assert "Chưa xem trước được" in text(response)
    assert "Ngày sinh: Hãy chọn thứ tự ngày, tháng." in text(response)
    assert "Hãy chọn cách hiểu năm" in text(response)
    assert latest().state == "read"

    assert "câu hỏi về cột" in text(act(client, "xem"))

    sent = fields(client, address("import_columns")) | {"thu-tu-0-0": "dmy", "hai-chu-so": "1900", "viec": "xem"}
    response = client.post(address("import_columns"), sent, follow=True)
    assert response.redirect_chain[-1][0] == address("import_preview")
    assert "05/03/1971" in text(response)
    assert "07/08/1969" in text(response)


def test_meaning_that_was_put_right_is_remembered_for_the_next_file(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    upload(client, ("ds.xlsx", xlsx(AN)))
    sent = fields(client, address("import_columns")) | {"cot-0-F": "Trình độ chuyên môn", "viec": "luu"}
    response = client.post(address("import_columns"), sent, follow=True)
    assert read(response).first("select", name="cot-0-F").all("option", selected="")[0].text == "Trình độ chuyên môn"
    assert ColumnMemory.objects.get().organisation == cast.a

    page = text(upload(client, ("lan-sau.xlsx", xlsx(BINH))))
    assert "Hiểu theo lần trước: Trần Cơ Sở" in page
    assert latest().understood["tables"][0]["fields"][-1] == "Trình độ chuyên môn"


def test_table_is_left_aside_and_taken_in_again_as_another_kind(cast: Cast, client_of):
    client = client_of(cast.office)
    upload(client, ("ds.xlsx", xlsx(AN)))
    sent = fields(client, address("import_columns")) | {"loai-0": "", "viec": "luu"}
    assert "Bảng này được bỏ qua" in text(client.post(address("import_columns"), sent, follow=True))

    sent = fields(client, address("import_columns")) | {"loai-0": "Học viên", "viec": "xem"}
    response = client.post(address("import_columns"), sent, follow=True)
    assert response.redirect_chain[-1][0] == address("import_columns")
    assert latest().understood["tables"][0]["kind"] == "Học viên"


def test_kind_said_for_all_files_can_be_put_right_for_one_table(cast: Cast, client_of):
    client = client_of(cast.office)
    upload(client, ("ds.xlsx", xlsx(AN)), kind="Học viên")
    assert latest().understood["tables"][0]["kind"] == "Học viên"
    sent = fields(client, address("import_columns")) | {"loai-0": "Hồ sơ", "viec": "luu"}
    client.post(address("import_columns"), sent)
    assert latest().understood["tables"][0]["kind"] == "Hồ sơ"


# --- Preview ---------------------------------------------------------------------------------------


def started(client: Any, *rows: Sequence[Any], **options: Any) -> Any:
    """A session in its preview."""
    upload(client, ("ds.xlsx", xlsx(*rows)), **options)
    return preview(client)


def test_preview_counts_rows_and_writes_nothing(cast: Cast, client_of):
    make_member(cast.a_cell_1, "Nguyễn Văn An", born_on=dt.date(1970, 5, 15), occupation="Văn thư")
    page = read(started(client_of(cast.grassroots_a), AN, BINH))
    assert numbers(page) == ["1", "1", "0", "0", "0", "0", "0", "2"]
    assert "Văn thư → Chuyên viên" in page.text
    assert Person.objects.count() == 1
    assert page.all("button", type="submit")[1].text.startswith("Ghi tất cả (2")


def test_wrong_cell_is_mended_in_place_and_previewed_again(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    page = read(started(client, (*AN[:3], "31/2/1975", *AN[4:]), BINH))
    assert numbers(page) == ["1", "0", "0", "0", "1", "0", "0", "2"]
    (cell,) = [field for field in page.all("input") if field.attributes.get("name", "").startswith("o-")]
    assert cell.attributes["value"] == "31/2/1975"
    assert "Ghi tất cả" not in page.text
    sent = fields(client, address("import_preview")) | {cell.attributes["name"]: "15/5/1970", "viec": "luu"}
    page = read(client.post(address("import_preview"), sent, follow=True))
    assert numbers(page) == ["2", "0", "0", "0", "0", "0", "0", "2"]
    assert "đã sửa" in page.text


def test_field_that_was_not_touched_does_not_undo_what_a_colleague_mended(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, (*AN[:3], "31/2/1975", *AN[4:]), (*BINH[:3], "32/8/1985", *BINH[4:]))
    stale = fields(client, address("import_preview"))
    first, second = [name for name in stale if name.startswith("o-")]
    colleague = client_of(cast.office)
    colleague.post(address("import_preview"), stale | {first: "15/5/1970"})
    client.post(address("import_preview"), stale | {second: "20/8/1985"})
    assert latest().counts["all"]["wrong"] == 0
    assert latest().touched_by == cast.grassroots_a


def test_one_of_several_people_is_chosen(cast: Cast, client_of):
    made = [
        make_member(cast.a_cell_1, "Trần Thị Bình", sex="female", born_on=dt.date(1985, 8, 20), occupation=job)
        for job in ("Văn thư", "Thủ quỹ")
    ]
    client = client_of(cast.grassroots_a)
    page = read(started(client, BINH))
    assert numbers(page)[3] == "1"
    offered = page.all("input", type="radio")
    assert [one.attributes["value"] for one in offered] == [str(made[0].pk), str(made[1].pk), "0"]
    sent = fields(client, address("import_preview")) | {offered[1].attributes["name"]: str(made[1].pk)}
    page = read(client.post(address("import_preview"), sent, follow=True))
    assert "Thủ quỹ → Kế toán" in page.text


def test_person_who_was_not_offered_is_not_taken(cast: Cast, client_of):
    for _ in range(2):
        make_member(cast.a_cell_1, "Trần Thị Bình", sex="female", born_on=dt.date(1985, 8, 20))
    other = make_member(cast.b, "Trần Thị Bình", sex="female", born_on=dt.date(1985, 8, 20))
    client = client_of(cast.grassroots_a)
    page = read(started(client, BINH))
    name = page.first("input", type="radio").attributes["name"]
    client.post(address("import_preview"), fields(client, address("import_preview")) | {name: str(other.pk)})
    assert latest().choices == {}


def test_rows_are_left_out_one_by_one_or_all_wrong_ones_and_taken_in_again(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, (*AN[:3], "31/2/1975", *AN[4:]), BINH)
    everything = address("import_preview") + "?kq=tat-ca"
    client.post(everything, fields(client, everything) | {"viec": "bo-dong-sai"})
    assert latest().left_out == ["0:4"]
    sent = fields(client, everything)
    assert sent["bo-0-4"] == ""
    sent["bo-0-5"] = "on"
    del sent["bo-0-4"]
    client.post(everything, sent)
    assert latest().left_out == ["0:5"]
    assert latest().counts["all"] | {} == {"new": 0, "changed": 0, "same": 0, "conflict": 0, "wrong": 1, "left_out": 1}


def test_large_session_says_that_its_preview_is_old(cast: Cast, client_of, monkeypatch):
    client = client_of(cast.grassroots_a)
    started(client, (*AN[:3], "31/2/1975", *AN[4:]), BINH)
    monkeypatch.setattr("members.exchange.jobs.SMALL_ROWS", 1)
    client.post(address("import_preview"), fields(client, address("import_preview")) | {"viec": "bo-dong-sai"})
    page = get(client, address("import_preview"))
    assert "Bảng dưới đây đã cũ" in page.text
    assert "Xem trước lại" in [button.text for button in page.all("button")]
    assert "Bảng xem trước đã cũ" in text(act(client, "ghi"))
    act(client, "xem")
    assert "is_stale" not in latest().counts


def test_rows_are_paged_by_key_forwards_and_back(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, *((number, f"Nguyễn Văn Số {number}", *AN[2:]) for number in range(1, 121)))
    seen, page = [], get(client, address("import_preview"))
    while True:
        seen.append([row.attributes["id"] for row in page.all("tr") if row.attributes.get("id")])
        links = page.all("a", rel="next")
        if not links:
            break
        page = get(client, links[0].attributes["href"])
    assert [len(rows) for rows in seen] == [50, 50, 20]
    assert len({row for rows in seen for row in rows}) == 120
    back = get(client, page.first("a", rel="prev").attributes["href"])
    assert [row.attributes["id"] for row in back.all("tr") if row.attributes.get("id")] == seen[1]


def test_every_count_leads_to_as_many_rows(cast: Cast, client_of):
    make_member(cast.a_cell_1, "Nguyễn Văn An", born_on=dt.date(1970, 5, 15), occupation="Văn thư")
    client = client_of(cast.grassroots_a)
    page = read(started(client, AN, BINH, (3, "Lê Thị Chi", "Nữ", "32/1/1980", "A1", "")))
    links = page.first("table").all("a")
    assert len(links) == 4
    for link in links:
        rows = get(client, link.attributes["href"]).first("form", class_="rows-form").all("tr")
        assert len([row for row in rows if row.attributes.get("id")]) == int(link.text)


def test_any_cell_of_a_row_is_mended_on_its_page_and_taken_back(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, AN)
    page = address("import_row", 0, 4)
    named = {e.attributes["for"]: e.text for e in get(client, page).all("label") if "for" in e.attributes}
    place = next(name for name, label in named.items() if label == "Dân tộc")
    client.post(page, fields(client, page) | {place: "Kinh", "viec": "luu"})
    assert latest().edits == {"0:4": {"Dân tộc": "Kinh"}}
    client.post(page, fields(client, page) | {"viec": "tra-lai"})
    assert latest().edits == {}
    client.post(page, fields(client, page) | {"bo-qua": "on", "viec": "luu"})
    assert latest().counts["all"]["left_out"] == 1
    assert client.get(address("import_row", 0, 99)).status_code == 404
    assert client.get(address("import_row", 7, 4)).status_code == 404


def test_hostile_text_in_a_mended_cell_stays_text(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, AN)
    page = address("import_row", 0, 4)
    name = next(name for name in fields(client, page) if name.startswith("o-") and name.endswith("-1"))
    response = client.post(page, fields(client, page) | {name: "<b>x</b>\x00 {{ 7 }}"}, follow=True)
    assert response.status_code == 200
    assert b"<b>x</b>" not in response.content


# --- Writing ---------------------------------------------------------------------------------------


def test_everything_is_written_once_and_undone(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, AN, BINH)
    response = client.post(address("import_act", "ghi"), {"submission": "w" * 20}, follow=True)
    assert "Đã ghi" in text(response)
    assert numbers(read(response)) == ["2", "0", "0", "0"]
    assert Person.objects.count() == 2
    client.post(address("import_act", "ghi"), {"submission": "w" * 20})
    assert Person.objects.count() == 2

    assert "2 dòng" in get(client, address("import_act", "hoan-tac")).text
    page = text(act(client, "hoan-tac"))
    assert "Đã hoàn tác" in page
    assert not Person.objects.exists()
    assert "Chỉ hoàn tác được lần nhập đã ghi" in text(act(client, "hoan-tac"))


def test_only_good_rows_are_written_after_a_page_that_names_them(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, (*AN[:3], "31/2/1975", *AN[4:]), BINH)
    assert "Còn dòng sai" in text(act(client, "ghi"))
    assert not Person.objects.exists()
    confirm = get(client, address("import_act", "ghi-dong-dung")).text
    assert "Sẽ ghi 1 dòng" in confirm
    assert "Không ghi 1 dòng sai" in confirm
    page = read(act(client, "ghi-dong-dung"))
    assert Person.objects.get().full_name == "Trần Thị Bình"
    assert "1 dòng sai không được ghi" in page.text
    assert "31/2/1975" in page.text

    book = load_workbook(io.BytesIO(client.get(address("import_report", 0)).content))
    assert book.sheetnames == ["Lỗi", "DS"]
    assert book["DS"]["D4"].comment is not None
    assert [cell.value for cell in book["Lỗi"][2]][:4] == ["DS", 4, "Ngày sinh", "31/2/1975"]


def test_what_others_changed_since_is_kept_and_told(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, AN)
    act(client, "ghi")
    person = Person.objects.get()
    person.occupation = "Trưởng phòng"
    person.save()
    page = text(act(client, "hoan-tac"))
    assert "giữ nguyên 1 bản ghi" in page
    assert "Nguyễn Văn An" in page


def test_event_of_the_trail_is_linked_for_who_may_see_it(cast: Cast, client_of):
    user = make_user("kiem-tra-a", Role.GRASSROOTS, cast.root)
    RoleAssignment.objects.create(user=user, role=Role.INSPECTOR, organisation=cast.root)
    client = client_of(cast.grassroots_a)
    started(client, AN)
    act(client, "ghi")
    event = AuditEvent.objects.get(key=latest().event)
    link = reverse("audit_event", args=[event.sequence])
    assert link in client_of(user).get(address("import_session")).content.decode()
    assert link not in client.get(address("import_session")).content.decode()


def test_session_is_given_up(cast: Cast, client_of):
    client = client_of(cast.grassroots_a)
    started(client, AN)
    assert "Không ghi gì" in text(act(client, "bo"))
    assert latest().state == ImportState.ABANDONED
    assert "Phiên nhập đã bỏ" in get(client, address("import_session")).text
    assert client.post(address("import_preview"), {"viec": "bo-dong-sai"}, follow=True).status_code == 200
    assert "đã xong" in text(act(client, "xem"))


def test_colleague_takes_a_session_up(cast: Cast, client_of):
    started(client_of(cast.grassroots_a), AN)
    colleague = make_user("dong-nghiep", Role.GRASSROOTS, cast.a, full_name="Đỗ Đồng Nghiệp")
    client = client_of(colleague)
    assert "ds.xlsx" in get(client, reverse("exchange")).text
    act(client, "ghi")
    session = latest()
    assert (session.state, session.created_by, session.touched_by) == ("done", cast.grassroots_a, colleague)
    assert AuditEvent.objects.get(key=session.event).user == colleague


# --- Work that goes on -----------------------------------------------------------------------------


def running(cast: Cast, **fields: Any) -> ImportSession:
    """A session in which another process works."""
    key = "01234567-89ab-cdef-0123-456789abcdef"
    return make_import_session(cast.a, cast.grassroots_a, state="previewed", job="commit", job_key=key, **fields)


def test_running_work_shows_how_far_it_is_and_is_stopped(cast: Cast, client_of, tmp_path, settings):
    settings.IMPORT_FOLDER = tmp_path
    client, session = client_of(cast.grassroots_a), running(cast)
    session.refresh_from_db()
    with progress.Reporter(session.job_key, 3000) as report:
        report.progress.done = 1200
        report._write()
        page = get(client, address("import_session"))
        assert "1.200 /3.000 dòng" in page.text
        assert page.all("meta", http_equiv="refresh")
        assert "đang chạy" in get(client, reverse("exchange")).text
        assert "đang chạy một việc khác" in text(act(client, "ghi"))
        act(client, "dung")
        with pytest.raises(progress.CancelledError):
            report("Hồ sơ", 1)


def test_work_whose_process_died_says_that_nothing_was_written(cast: Cast, client_of):
    client, session = client_of(cast.grassroots_a), running(cast)
    page = get(client, address("import_session"))
    assert "bị ngắt giữa chừng, chưa ghi gì" in page.text
    assert page.first("main").first("form").attributes["action"] == address("import_act", "xem")
    act(client, "xem")
    session.refresh_from_db()
    assert session.job == ""


def test_work_that_died_after_its_transaction_says_that_all_was_written(cast: Cast, client_of):
    running(cast)
    ImportSession.objects.update(state="done")
    assert "tất cả các dòng đã được ghi" in get(client_of(cast.grassroots_a), address("import_session")).text


def test_stopped_reading_is_begun_again(cast: Cast, client_of):
    make_import_session(cast.a, cast.grassroots_a, state="uploaded", problem=CANCELLED)
    client = client_of(cast.grassroots_a)
    assert CANCELLED in get(client, address("import_session")).text
    act(client, "doc")
    assert latest().state == "read"


# --- The place -------------------------------------------------------------------------------------


def test_place_lists_sessions_of_the_scope_latest_first_and_pages_them(cast: Cast, client_of):
    for number in range(25):
        moment = timezone.now() - dt.timedelta(hours=number)
        make_import_session(cast.a, cast.grassroots_a, f"Tệp số {number:02}", touched_at=moment)
    make_import_session(cast.b, cast.grassroots_b, "Tệp của B")
    client = client_of(cast.grassroots_a)
    first = get(client, reverse("exchange"))
    names = [cell.text for cell in first.all("td", data_label="Tệp")]
    assert names == [f"Tệp số {number:02}.csv" for number in range(20)]
    second = get(client, first.first("a", rel="next").attributes["href"].replace("?", reverse("exchange") + "?"))
    assert len(second.all("td", data_label="Tệp")) == 5


@pytest.mark.parametrize("count", [2, 15])
def test_queries_of_the_place_and_the_preview_do_not_grow(cast: Cast, client_of, django_assert_max_num_queries, count):
    for number in range(count):
        make_import_session(cast.a, cast.grassroots_a, f"Tệp {number}")
    client = client_of(cast.grassroots_a)
    with django_assert_max_num_queries(14):
        get(client, reverse("exchange"))
    started(client, *((number, f"Nguyễn Văn Số {number}", *AN[2:]) for number in range(1, count + 1)))
    with django_assert_max_num_queries(12):
        get(client, address("import_preview"))


def test_session_whose_contents_were_let_go_still_opens(cast: Cast, client_of):
    session = make_import_session(cast.a, cast.grassroots_a, understood={})
    session.files.update(content=None)
    session.outcomes.all().delete()
    client = client_of(cast.grassroots_a)
    for route in ("import_session", "import_columns", "import_preview"):
        assert "đã được xóa" in get(client, address(route)).text
    assert client.get(address("import_report", 0)).status_code == 200


# --- Going out -------------------------------------------------------------------------------------


def exported(client: Any, organisation: str = "") -> Any:
    """The answer to the form of the exchange workbook."""
    sent = {"tep": "trao-doi", "trao-doi-organisation": organisation}
    return client.post(reverse("exchange_out"), sent)


def test_template_is_for_who_imports_and_holds_nobody(cast: Cast, client_of):
    make_member(cast.a_cell_1, "Nguyễn Văn An")
    book = load_workbook(io.BytesIO(client_of(cast.grassroots_a).get(reverse("exchange_template")).content))
    assert "Hồ sơ" in book.sheetnames
    assert all(cell.value != "Nguyễn Văn An" for row in book["Hồ sơ"] for cell in row)
    assert not AuditEvent.objects.filter(action="exported").exists()


def test_records_of_an_organisation_are_exported_and_noted(cast: Cast, client_of):
    person = make_member(cast.a_cell_1, "Nguyễn Văn An")
    make_member(cast.b, "Trần Thị Bình")
    client = client_of(cast.leader)
    assert reverse("exchange_out") in client.get(reverse("exchange")).content.decode()
    book = load_workbook(io.BytesIO(exported(client, "A").content))
    texts = {cell.value for row in book["Hồ sơ"] for cell in row}
    assert "Nguyễn Văn An" in texts
    assert "Trần Thị Bình" not in texts
    assert AuditEvent.objects.get(action="exported").details["people"] == [person.pk]


def test_organisation_out_of_scope_is_not_exported(cast: Cast, client_of):
    leader = make_user("lanh-dao-b", Role.LEADER, cast.b)
    make_member(cast.a, "Nguyễn Văn An")
    response = exported(client_of(leader), "A")
    assert "Hãy chọn một tổ chức trong danh sách" in text(response)
    everything = exported(client_of(leader)).content
    texts = {cell.value for sheet in load_workbook(io.BytesIO(everything)) for row in sheet for cell in row}
    assert "Nguyễn Văn An" not in texts


def test_exported_file_comes_back_as_no_change(cast: Cast, client_of):
    make_member(cast.a_cell_1, "Nguyễn Văn An", born_on=dt.date(1970, 5, 15))
    content = exported(client_of(cast.leader), "A").content
    response = upload(client_of(cast.office), ("ho-so.xlsx", content))
    assert response.redirect_chain[-1][0] == address("import_preview")
    counted = latest().counts["all"]
    assert (counted["new"], counted["changed"], counted["wrong"]) == (0, 0, 0)
    assert counted["same"] > 0
    assert "Không có gì để ghi" in text(response)
