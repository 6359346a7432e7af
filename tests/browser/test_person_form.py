"""A person's file in the browser: two people on it, the keyboard alone, a phone, a double click."""

import re

import pytest

pytestmark = pytest.mark.browser

SAVE = "Ghi hồ sơ"


def open_form(page):
    """The form of the first member on the list behind a number of the user's own organisation."""
    page.goto("/tong-ket/")
    page.locator("[data-figure='members.total'] >> visible=true").first.click()
    page.locator(".list tbody a").first.click()
    page.get_by_role("link", name="Sửa hồ sơ").click()
    return page.url


def field(page, label):
    """The field with that label, whether it has to be filled in or not."""
    return page.get_by_label(re.compile(rf"^{label}( \(phải ghi\))?$"))


def save(page):
    page.get_by_role("button", name=SAVE).click()
    page.wait_for_load_state()


def test_second_of_two_browsers_sees_both_values_and_chooses(open_page):
    first, second = open_page("coso"), open_page("coso", java_script_enabled=False)
    address = open_form(first)
    second.goto(address)
    field(first, "Nghề nghiệp, chức vụ").fill("Kế toán trưởng")
    field(first, "Nơi ở hiện nay").fill("Tổ 9, phường Hồ Xuân")
    save(first)
    assert "Nghề nghiệp, chức vụ: Kế toán trưởng" in first.get_by_role("status").inner_text()

    field(second, "Nghề nghiệp, chức vụ").fill("Phó phòng Tổng hợp")
    field(second, "Ghi chú").fill("Ghi chú của người thứ hai")
    save(second)
    box = second.locator(".conflicts")
    assert "Kế toán trưởng" in box.inner_text()
    assert "Tổ 9, phường Hồ Xuân" in box.inner_text()
    assert field(second, "Ghi chú").input_value() == "Ghi chú của người thứ hai"
    box.get_by_label("Giữ giá trị của tôi: Phó phòng Tổng hợp").check()
    save(second)
    assert "Phó phòng Tổng hợp" in second.locator("#nghe-nghiep").inner_text()
    assert "Tổ 9, phường Hồ Xuân" in second.locator("#noi-o").inner_text()


def test_form_is_filled_in_with_the_keyboard_alone(open_page):
    page = open_page("coso")
    open_form(page)
    names, typed = [], page.locator(".record-form [name]:not([type=hidden])")
    expected = [control.get_attribute("name") for control in typed.all()]
    field(page, "Họ và tên").focus()
    for _ in expected:
        names.append(page.evaluate("document.activeElement.name"))
        page.keyboard.press("Tab")
    assert names == expected
    assert page.evaluate("document.activeElement.innerText") == SAVE
    field(page, "Ngày sinh").fill("31/2/1975")
    page.get_by_role("button", name=SAVE).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".errors")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#id_born"
    field(page, "Ngày sinh").fill("9/1975")
    field(page, "Lý do, căn cứ sửa").fill("Theo giấy khai sinh")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/nguoi/\d+/$"))
    assert "09/1975" in page.locator(".facts").first.inner_text()


def test_form_its_errors_and_its_conflicts_fit_a_phone(open_page):
    page, other = open_page("coso", width=390), open_page("coso")
    other.goto(open_form(page))
    field(other, "Ghi chú").fill("Một ghi chú dài " * 20)
    save(other)
    field(page, "Họ và tên").fill("")
    field(page, "Ghi chú").fill("x" * 300)
    save(page)
    assert page.locator(".conflicts").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for control in page.locator(".record-form :is(input, select, textarea, button):visible").all():
        assert control.bounding_box()["height"] >= 20


def test_double_click_adds_one_person(open_page):
    page = open_page("coso")
    page.goto("/nguoi/them/")
    field(page, "Tổ chức theo dõi").select_option(index=1)
    field(page, "Họ và tên").fill("Tạ Thị Nhấp Đúp")
    field(page, "Giới tính").select_option("female")
    field(page, "Số lý lịch").fill("HS-DUP-1")
    page.get_by_role("button", name="Thêm vào danh sách").dblclick()
    page.wait_for_url(re.compile(r"/nguoi/\d+/$"))
    first = page.url
    page.goto("/nguoi/them/")
    field(page, "Tổ chức theo dõi").select_option(index=1)
    field(page, "Họ và tên").fill("Tạ Thị Nhấp Đúp")
    field(page, "Giới tính").select_option("female")
    field(page, "Số lý lịch").fill("HS-DUP-2")
    page.get_by_role("button", name="Thêm vào danh sách").click()
    page.wait_for_selector("#da-co")
    assert [link.get_attribute("href") for link in page.locator("#da-co a").all()] == [
        re.sub(r"^https?://[^/]+", "", first)
    ]


def open_section(page, key):
    """The form of a section of the first member on the list, from the member's page."""
    open_form(page)
    page.goto(f"{page.url}{key}/")


def test_what_was_typed_is_there_again_after_the_browser_was_closed(open_page):
    page = open_page("coso")
    open_section(page, "noi-o")
    address = page.url
    field(page, "Nơi tạm trú").fill("Tổ 21, phường Nháp")
    page.get_by_text("Đã giữ bản nháp lúc").wait_for()
    page.close()

    again = open_page("coso")
    again.goto(address)
    assert field(again, "Nơi tạm trú").input_value() == ""
    again.get_by_role("link", name="Tiếp tục bản nháp").click()
    assert field(again, "Nơi tạm trú").input_value() == "Tổ 21, phường Nháp"
    field(again, "Nơi tạm trú").fill("Tổ 22, phường Nháp")
    again.keyboard.press("Control+Enter")
    again.wait_for_url(re.compile(r"/nguoi/\d+/#noi-o$"))
    assert "Tổ 22, phường Nháp" in again.locator("#noi-o").inner_text()
    again.goto(address)
    assert again.locator(".draft").count() == 0


def test_page_that_is_left_at_once_keeps_what_was_typed(open_page):
    page = open_page("coso")
    open_section(page, "gia-dinh")
    address = page.url
    page.get_by_label("Quan hệ").first.fill("Con")
    page.get_by_label("Họ và tên").first.fill("Nguyễn Thị Vội")
    page.goto("/tong-ket/")

    # What was sent along arrives by itself, perhaps after the next page.
    for _ in range(10):
        page.goto(address)
        if page.locator(".draft").count():
            break
        page.wait_for_timeout(500)
    page.get_by_role("link", name="Tiếp tục bản nháp").click()
    assert page.get_by_label("Họ và tên").first.input_value() == "Nguyễn Thị Vội"
    page.get_by_role("button", name="Bỏ bản nháp").click()
    assert page.locator(".draft").count() == 0
    assert page.get_by_label("Họ và tên").first.input_value() == ""


def test_rows_are_added_and_taken_out_without_scripts_on_a_phone(open_page):
    page = open_page("coso", width=390, java_script_enabled=False)
    open_section(page, "khen-thuong")
    count = page.locator(".row-of-table").count()
    page.get_by_role("button", name="Thêm dòng trống").click()
    assert page.locator(".row-of-table").count() > count
    page.get_by_label("Năm").last.fill("2005")
    page.get_by_label("Hình thức khen thưởng").last.fill("Bằng khen")
    page.get_by_role("button", name="Ghi", exact=True).click()
    assert "Bằng khen" in page.locator("#khen-thuong").inner_text()
    page.locator("#khen-thuong").get_by_role("link", name="Sửa").click()
    page.get_by_label("Xóa dòng này").check()
    page.get_by_role("button", name="Ghi", exact=True).click()
    assert "xóa “Bằng khen, 2005”" in page.locator("#khen-thuong").inner_text()
