"""The keyboard alone: menus, the list of keys, pages of lists, long choices, the first field, the focus one sees."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

RING = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle === "solid" && outlineWidth === "3px";
}"""


def open_member(page):
    """The page of the first member on the list."""
    page.goto("/dang-vien/")
    page.locator(".list tbody a").first.click()
    return page.url


def begin_a_merge(page):
    """Compare the likeliest twins, and stand where it is said how one knows."""
    page.goto("/trung-ho-so/")
    page.get_by_role("link", name="So sánh").first.press("Enter")
    page.get_by_label(re.compile("^Căn cứ")).first.focus()


def tab_to(page, name, *, most=80):
    """Press Tab until the focus is on what has that name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || ''")
        if focused.strip().startswith(name):
            return
    raise AssertionError(f"{name} is not reached")


def test_menu_opens_and_closes_by_keyboard(open_page):
    page = open_page("vanphong")
    open_member(page)
    menu = page.locator("details.menu")
    tab_to(page, "Ghi biến động")
    assert page.evaluate(RING)
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Chuyển nội bộ"
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.innerText").startswith("Ghi biến động")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(menu).not_to_have_attribute("open", "")


def test_question_mark_lists_the_keys_and_is_a_letter_where_one_types(open_page):
    page = open_page("vanphong")
    page.goto("/dang-vien/")
    keys = page.get_by_role("dialog", name="Phím tắt")
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.press("?")
    expect(keys).to_be_hidden()
    assert page.evaluate("document.activeElement.value") == "?"
    page.get_by_role("button", name="Phím tắt").press("Enter")
    expect(keys).to_be_visible()


def test_pages_of_a_list_turn_by_keys(open_page):
    page = open_page("vanphong")
    page.goto("/dang-vien/?xep=sinh")
    first = page.locator(".list tbody a").first.inner_text()
    page.keyboard.press("Alt+PageDown")
    page.wait_for_url(re.compile("sau="))
    page.keyboard.press("Alt+PageUp")
    page.wait_for_url(re.compile("truoc="))
    assert page.locator(".list tbody a").first.inner_text() == first


def test_filtered_list_goes_on_where_it_begins(open_page):
    page = open_page("vanphong")
    page.goto("/dang-vien/")
    page.get_by_label(re.compile("^Tên")).first.focus()
    page.keyboard.type("nguyen")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=nguyen"))
    found = page.locator("#ket-qua")
    expect(found).to_be_focused()
    expect(found).to_contain_text("Đang xem")
    tab_to(page, "Ngày sinh", most=6)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("xep="))
    expect(found).to_be_focused()


@pytest.mark.parametrize("address", ["/bien-dong/", "/to-chuc/", "/ket-nap/", "/ky-luat/"])
def test_every_list_goes_on_where_it_begins(open_page, address):
    page = open_page("vanphong")
    page.goto(address)
    page.locator("main form.filters button[type=submit]").press("Enter")
    expect(page.locator("#ket-qua")).to_be_focused()
    expect(page.locator("#ket-qua")).to_be_in_viewport()


def test_last_page_of_a_long_list_is_near(open_page):
    page = open_page("vanphong")
    page.goto("/dang-vien/#ket-qua")
    tab_to(page, "Đến các trang khác", most=2)
    assert page.evaluate(RING)
    page.keyboard.press("Enter")
    tab_to(page, "Trang cuối", most=3)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("cuoi=1"))
    expect(page.locator("#ket-qua")).to_be_focused()


def test_rows_that_can_not_be_merged_are_reached_from_what_is_wrong(open_page):
    page = open_page("vanphong")
    begin_a_merge(page)
    page.keyboard.type("Cùng một người")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errors")).to_be_focused()
    wrong = page.locator(".errors a")
    count = wrong.count()
    assert count
    wrong.first.press("Enter")
    choice = page.locator(":focus")
    expect(choice).to_have_attribute("type", "radio")
    choice.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errors")).to_be_focused()
    assert page.locator(".errors a").count() == count - 1


def test_errors_are_told_in_the_order_of_the_page(open_page):
    page = open_page("vanphong")
    page.goto("/to-chuc/DUK-23-02/cap-uy/them/")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errors")).to_be_focused()
    told = page.locator(".errors a").all_inner_texts()
    assert told == ["Đảng viên", "Chức vụ cấp ủy", "Giữ chức vụ từ ngày"]


def test_arrows_go_through_the_rows_of_a_table(open_page):
    page = open_page("vanphong")
    page.goto("/to-chuc/")
    names = page.locator(".tree tbody th a:not(.fold)").all_inner_texts()
    tab_to(page, names[0])
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText") == names[1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.matches('.tree a')")


def test_long_choice_finds_words_without_their_marks(open_page):
    page = open_page("vanphong")
    page.goto(f"{open_member(page)}bien-dong/chuyen-noi-bo/")
    choice = page.get_by_label(re.compile("^Tổ chức"))
    chosen = "field => field.selectedOptions[0].text"
    blank = choice.evaluate(chosen)
    choice.focus()
    page.keyboard.type("van phong so noi vu")
    assert re.match(r"Chi bộ Văn phòng .*Sở Nội vụ", choice.evaluate(chosen))
    page.keyboard.type("zzz")
    assert re.match(r"Chi bộ Văn phòng .*Sở Nội vụ", choice.evaluate(chosen))
    assert choice.evaluate(chosen) != blank


def test_form_begins_in_its_first_field_but_with_its_errors(open_page):
    page = open_page("vanphong")
    person = open_member(page)
    page.goto(f"{person}sua/noi-o/")
    assert page.evaluate("document.activeElement.name") == "permanent_residence"
    page.goto(f"{person}sua/gia-dinh/")
    page.keyboard.type("Vợ")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errors")).to_be_focused()


def test_every_form_that_writes_is_sent_by_control_and_enter(open_page):
    page = open_page("vanphong")
    begin_a_merge(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errors")).to_be_focused()


def test_phone_does_not_begin_in_a_field(open_page):
    page = open_page("vanphong", width=390)
    page.goto(f"{open_member(page)}sua/noi-o/")
    assert page.evaluate("document.activeElement === document.body")


def test_number_that_can_not_be_read_is_refused_as_it_was_typed(open_page):
    page = open_page("vanphong")
    page.goto(f"{open_member(page)}sua/gia-dinh/")
    page.get_by_label("Quan hệ").first.fill("Vợ")
    page.get_by_label("Họ và tên").first.fill("Lê Thị Mận")
    year = page.get_by_label("Năm sinh").first
    year.focus()
    page.keyboard.type("năm 80")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errors")).to_contain_text("Năm sinh")
    expect(page.get_by_label("Năm sinh").first).to_have_value("năm 80")


def test_added_rows_have_the_focus(open_page):
    page = open_page("vanphong")
    page.goto(f"{open_member(page)}sua/gia-dinh/")
    rows = page.locator(".row-of-table").count()
    page.get_by_role("button", name="Thêm dòng trống").press("Enter")
    expect(page.locator(".row-of-table")).to_have_count(rows + 3)
    expect(page.locator(f"[name=dong-{rows}-relation]")).to_be_focused()


def test_menu_on_a_phone_is_as_the_buttons_beside_it(open_page):
    page = open_page("vanphong", width=390)
    open_member(page)
    summary = page.locator("details.menu > summary")
    before = summary.bounding_box()
    assert before["width"] < 200
    summary.press("Enter")
    assert summary.bounding_box() == before
    box = page.locator("details.menu ul").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_place_one_is_in_is_seen_on_a_phone(open_page):
    page = open_page("vanphong", width=390)
    page.goto("/nhap-xuat/")
    expect(page.locator(".rail [aria-current]")).to_be_in_viewport(ratio=1)


def test_people_to_be_marked_are_read_on_a_phone_without_scrolling_sideways(open_page):
    page = open_page("vanphong", width=390)
    page.goto("/bien-dong/nhieu-nguoi/chuyen-noi-bo/?to-chuc=DUK-23-02")
    widths = page.locator(".marks").evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert widths[0] == widths[1]
    assert page.locator(".marks tbody tr").first.bounding_box()["height"] < 110


def test_what_is_focused_on_a_phone_is_not_behind_the_column_that_stays(open_page):
    page = open_page("vanphong", width=390, reduced_motion="reduce")
    page.goto("/huy-hieu/")
    covered = page.evaluate(
        """() => Array.from(document.querySelectorAll(".units tbody td a")).slice(0, 60).filter((link) => {
          link.focus();
          const { left, top, width, height } = link.getBoundingClientRect();
          return !link.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }).length"""
    )
    assert covered == 0
