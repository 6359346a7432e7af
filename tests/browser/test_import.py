"""Imports in the browser, with and without scripts: asked, mended, chosen, written by a colleague, taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
HEADINGS = ("STT", "Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Nghề nghiệp")
PLACE = "DUK-06"


def xlsx(title: str, *rows: Sequence[Any]) -> bytes:
    """A list as offices have it: title, headings below a blank line, a total and a signature."""
    book, stream = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(stream)
    return stream.getvalue()


def members_list(remark: str) -> bytes:
    """Days whose order nobody knows, years of two digits, and a sex that isn't.

    A column's heading of its own makes it a table of another shape, for which nothing was answered before.
    """
    return xlsx(
        "DS đảng viên",
        ["ĐẢNG BỘ SỞ NÔNG NGHIỆP"],
        ["DANH SÁCH ĐẢNG VIÊN MỚI"],
        [],
        [*HEADINGS, remark],
        [1, "Hồ Thị Mai Sương", "Nữ", "05/03/1981", "3/2/05", "Kế toán"],
        [2, "Lò Văn Tươm", "Nam", "02/11/1980", "3/2/06", "Văn thư"],
        [3, "Vừ A Sính", "Nam nữ", "07/08/1979", "3/2/07", "Lái xe"],
        ["", "Cộng: 3 đảng viên"],
        ["", "", "", "", "NGƯỜI LẬP BIỂU"],
    )


def namesakes() -> bytes:
    rows = [[number, "Phạm Thị Trùng Tên", "Nữ", f"{number}/12/1985", "", "Thủ quỹ"] for number in (14, 15)]
    return xlsx("DS", ["DANH SÁCH QUẦN CHÚNG"], HEADINGS, *rows)


def learners() -> str:
    """Text with semicolons, as old programs write it."""
    return "Họ và tên;Giới tính;Ngày sinh;Nơi ở hiện nay\nPhạm Thị Trùng Tên;Nữ;1985;Phường Hồ Xuân\n"


def choose(page: Page, *files: tuple[str, bytes], organisation: str = "") -> None:
    page.goto("/nhap-xuat/")
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    )
    if organisation:
        page.get_by_text("Cho biết thêm về các dòng").click()
        page.get_by_label("Các dòng thuộc tổ chức").select_option(organisation)


def upload(page: Page, *files: tuple[str, bytes], organisation: str = "") -> None:
    choose(page, *files, organisation=organisation)
    page.get_by_role("button", name="Tải lên và đọc tệp").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Nhập, xuất Excel")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def answer(page: Page) -> None:
    """Once it is known which years are meant, the order of these days is asked for as well."""
    page.get_by_label("Hai chữ số là năm trong khoảng").select_option(index=2)
    page.get_by_label(re.compile("thứ tự ngày, tháng ở cột Ngày sinh")).select_option("dmy")
    press(page, "Xem trước")
    expect(page.get_by_role("status").first).to_contain_text("còn một câu hỏi nữa")
    page.get_by_label(re.compile("thứ tự ngày, tháng ở cột Ngày quyết định kết nạp")).select_option("dmy")
    press(page, "Xem trước")
    heading(page, "Xem trước")


def undo(page: Page) -> None:
    page.get_by_role("link", name="Hoàn tác…").click()
    press(page, "Hoàn tác")
    heading(page, "Đã ghi rồi hoàn tác")


@SCRIPTS
def test_list_with_questions_and_wrong_cells_goes_in_and_out_again(open_page, scripts):
    page = open_page("coso", java_script_enabled=scripts)
    upload(page, ("danh-sach.xlsx", members_list(f"Ghi chú {scripts}")), organisation=PLACE)
    heading(page, "Xem cột")
    press(page, "Xem trước")
    expect(page.locator(".errors")).to_contain_text("Hãy chọn thứ tự ngày, tháng.")
    answer(page)
    expect(page.locator("main")).to_contain_text("Còn 1 dòng sai hoặc cần chọn")
    page.get_by_label("Giới tính, dòng 7").fill("Nam")
    if scripts:
        page.get_by_label("Giới tính, dòng 7").press("Tab")
    else:
        press(page, "Lưu các ô đã sửa")
    expect(page.get_by_role("button", name="Ghi tất cả (3 dòng)")).to_be_visible()
    expect(page.locator("main")).to_contain_text("03/02/2007")
    press(page, "Ghi tất cả")
    heading(page, "Đã ghi")
    expect(page.locator("table.counts tbody td").first).to_have_text("3")
    undo(page)
    expect(page.locator("main")).to_contain_text("trả lại 0 bản ghi")


def test_one_of_two_namesakes_is_chosen_and_a_colleague_writes(open_page):
    page, colleague = open_page("coso"), open_page("vanphong")
    upload(page, ("hai-nguoi.xlsx", namesakes()), organisation=PLACE)
    press(page, "Xem trước")
    press(page, "Ghi tất cả (2 dòng)")
    heading(page, "Đã ghi")

    upload(page, ("noi-o.csv", learners().encode()), organisation=PLACE)
    press(page, "Xem trước")
    expect(page.locator("legend")).to_have_text("Có 2 người khớp, là ai?")
    page.get_by_label(re.compile("15.12.1985")).check()
    expect(page.get_by_role("button", name="Ghi tất cả (1 dòng)")).to_be_visible()

    colleague.goto("/nhap-xuat/")
    colleague.get_by_role("row", name=re.compile("noi-o.csv")).get_by_role("link").click()
    press(colleague, "Ghi tất cả (1 dòng)")
    heading(colleague, "Đã ghi")
    page.reload()
    expect(page.get_by_role("button", name="Ghi tất cả (1 dòng)")).to_have_count(0)
    page.goto("/nhap-xuat/")
    for _ in range(2):
        page.goto("/nhap-xuat/")
        page.get_by_role("row", name=re.compile("Đã ghi (?!rồi)")).first.get_by_role("link").click()
        undo(page)


def test_mending_goes_on_with_the_keyboard(open_page):
    """Saved, a row leaves the list; the focus is at what took its place, and what is typed there is kept."""
    page = open_page("coso")
    names = enumerate(("An", "Bình", "Cường"), 14)
    rows = [[day, f"Nguyễn Văn {name}", "không rõ", f"{day}/05/1970", "", ""] for day, name in names]
    upload(page, ("sai.xlsx", xlsx("DS", ["DANH SÁCH QUẦN CHÚNG"], HEADINGS, *rows)), organisation=PLACE)
    press(page, "Xem trước")
    fields = page.locator("input[name^='o-']")
    expect(fields).to_have_count(3)
    fields.first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Nam")
    page.keyboard.press("Tab")
    expect(fields).to_have_count(2)
    assert page.evaluate("document.activeElement.innerText") == "Dòng 4"
    page.get_by_role("link", name="Dòng 4", exact=True).click()
    expect(page.get_by_label("Giới tính")).to_have_value("không rõ")
    page.get_by_label("Giới tính").fill("Nữ")
    press(page, "Lưu dòng này")
    expect(page.locator(".state .status")).to_have_text("+ Thêm mới")
    page.get_by_role("link", name="Về bảng xem trước").click()
    press(page, "Bỏ qua mọi dòng sai (1)")
    expect(page.get_by_role("button", name="Ghi tất cả (2 dòng)")).to_be_visible()
    page.get_by_role("link", name="Bỏ phiên nhập").click()
    press(page, "Bỏ phiên nhập")
    heading(page, "Đã bỏ")


@SCRIPTS
def test_large_file_goes_on_in_its_own_process_is_stopped_and_begun_again(open_page, scripts):
    columns = ["Số lý lịch", "Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức"]
    number = 7 if scripts else 8
    rows = [[f"{number}{place:09}", "Nguyễn Văn Đông", "Nam", "05/09/1975", PLACE] for place in range(3000)]
    page = open_page("vanphong", java_script_enabled=scripts)
    upload(page, ("lon.xlsx", xlsx("Hồ sơ", columns, *rows)))
    heading(page, "Xem trước")
    expect(page.locator(".far-words")).to_contain_text("3.000 dòng")
    press(page, "Dừng")
    page.wait_for_url(re.compile("/cot/$"), timeout=30_000)
    expect(page.locator(".errors")).to_contain_text("Đã hủy theo yêu cầu; chưa ghi gì.")
    press(page, "Xem trước")
    page.wait_for_url(re.compile("/xem-truoc/"), timeout=60_000)
    press(page, "Ghi tất cả (3.000 dòng)")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã ghi", timeout=60_000)
    expect(page.locator("table.counts tbody td").first).to_have_text("3.000")
    page.get_by_role("link", name="Hoàn tác…").click()
    press(page, "Hoàn tác")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã ghi rồi hoàn tác", timeout=60_000)


def test_files_are_dropped_on_the_field(open_page):
    page = open_page("coso")
    page.goto("/nhap-xuat/")
    dropped = page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          for (const name of ["mot.csv", "hai.csv"]) data.items.add(new File(["Họ và tên\\nNguyễn Văn Thả\\n"], name));
          return data;
        }"""
    )
    page.locator("[data-drop]").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.locator("[data-chosen] li")).to_have_text(["mot.csv", "hai.csv"])
    press(page, "Tải lên và đọc tệp")
    expect(page.locator(".head .state")).to_have_text("mot.csv, hai.csv")


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible_and_fit(open_page, width):
    page = open_page("coso", width=width, bypass_csp=True)
    upload(page, ("danh-sach.xlsx", members_list(f"Ghi chú {width}")), organisation=PLACE)
    address = page.url.removesuffix("cot/")
    check(page)
    answer(page)
    check(page)
    for part in ("xem-truoc/?kq=tat-ca", "dong/0/7/", "viec/ghi-dong-dung/", "viec/ghi/", "cot/"):
        page.goto(address + part)
        check(page)
    page.goto(address + "viec/ghi-dong-dung/")
    press(page, "Ghi các dòng đúng")
    heading(page, "Đã ghi")
    expect(page.locator("#khong-ghi")).to_have_text("1 dòng sai không được ghi")
    check(page)
    with page.expect_download() as report:
        page.get_by_role("link", name=re.compile("ô lỗi được đánh dấu")).click()
    assert report.value.suggested_filename == "danh-sach-loi.xlsx"
    undo(page)
    check(page)
    page.goto("/nhap-xuat/")
    page.get_by_text("Cho biết thêm về các dòng").click()
    check(page)
    press(page, "Tải lên và đọc tệp")
    expect(page.locator(".errors")).to_contain_text("Hãy chọn ít nhất một tệp.")
    check(page)


def check(page: Page) -> None:
    """No fault of accessibility, and nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"), page.url
