"""The program in a browser, as a leader uses it: mouse, keyboard, phone, paper, with and without scripts."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.browser

SUMMARY = "/tong-ket/2015/DUK/"
ADMITTED = SUMMARY + "so-lieu/admission.decided/"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def number(page: Page, code: str) -> str:
    return page.locator(f'[data-figure="{code}"]').inner_text()


def some_person(page: Page) -> str:
    """The address of the first person of a list."""
    page.goto(ADMITTED)
    return page.locator("table.list tbody a").first.get_attribute("href") or ""


def some_scans(page: Page) -> str:
    """The papers of somebody whose case the board shows."""
    page.goto("/ket-nap/2/")
    return f"{page.get_by_role('link', name='Hồ sơ người này').get_attribute('href')}giay-to/"


# Addresses that are found by looking.
FOUND = {"person": some_person, "scans": some_scans}


@SCRIPTS
def test_leader_signs_in_and_lands_on_the_summary_of_2015(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    sign_in(page, "lanhdao")
    expect(page).to_have_url(re.compile(SUMMARY + "$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tổng kết năm 2015")
    assert number(page, "admission.decided") == "261"
    assert number(page, "training.candidate.learners") == "394"
    assert number(page, "badges.awarded") == "58"
    assert number(page, "ratings.members.good_or_better") == "4.001"
    for text in ("80,28%", "15,49%", "97,59%"):
        expect(page.get_by_role("link", name=text, exact=True).first).to_be_visible()


@SCRIPTS
def test_number_opens_its_list_which_is_searched_and_paged(open_page, scripts):
    page = open_page("lanhdao", java_script_enabled=scripts)
    page.goto(SUMMARY)
    page.locator('[data-figure="admission.decided"]').click()
    expect(page).to_have_url(re.compile(ADMITTED + "$"))
    assert number(page, "admission.decided") == "261"
    counted = page.locator("table.list tbody tr").count()
    for position in range(2, 7):
        page.get_by_role("link", name="Sau ›").click()
        expect(page.get_by_text(f"Trang {position}/6")).to_be_visible()
        counted += page.locator("table.list tbody tr").count()
    assert counted == 261
    page.get_by_label("Tìm trong danh sách").fill("nguyen thi")
    page.get_by_role("button", name="Tìm").click()
    names = page.locator("table.list tbody tr td:first-child").all_inner_texts()
    assert names
    assert all("nguyễn" in name.lower() and "thị" in name.lower() for name in names)
    page.get_by_role("link", name="bỏ tìm").click()
    expect(page).to_have_url(re.compile("admission.decided/[?]?$"))


@SCRIPTS
def test_organisation_opens_from_the_table_and_the_path_leads_back(open_page, scripts):
    page = open_page("lanhdao", java_script_enabled=scripts)
    page.goto(SUMMARY)
    row = page.locator("table.units tbody tr").nth(4)
    name = row.locator("th a").inner_text()
    members = row.locator("td").nth(1).inner_text()
    row.locator("th a").click()
    expect(page.locator("p.path")).to_contain_text(name)
    assert number(page, "members.total") == members
    page.locator("p.path a").first.click()
    expect(page).to_have_url(re.compile(SUMMARY + "$"))


@SCRIPTS
def test_table_of_organisations_sorts_by_a_column(open_page, scripts):
    page = open_page("lanhdao", java_script_enabled=scripts)
    page.goto(SUMMARY)
    page.locator("table.units thead").get_by_role("link", name="Đảng viên", exact=True).click()
    cells = page.locator("table.units tbody tr td:nth-of-type(2)").all_inner_texts()
    members = [int(text.replace(".", "")) for text in cells]
    assert len(members) == 71
    assert members == sorted(members, reverse=True)
    expect(page.locator("table.units th[aria-sort]")).to_have_attribute("aria-sort", "descending")


@SCRIPTS
def test_choosers_lead_to_another_year_and_organisation(open_page, scripts):
    page = open_page("lanhdao", java_script_enabled=scripts)
    page.goto(SUMMARY)
    page.locator("select[name=nam]").select_option("2013")
    page.locator("select[name=to-chuc]").select_option("DUK-06")
    page.get_by_role("button", name="Xem").click()
    expect(page).to_have_url(re.compile("/tong-ket/2013/DUK-06/$"))


def test_list_and_summary_are_downloaded_as_workbooks(open_page, tmp_path):
    page = open_page("lanhdao")
    page.goto(SUMMARY)
    with page.expect_download() as summary:
        page.get_by_role("link", name="Xuất Excel", exact=True).click()
    assert summary.value.suggested_filename == "tong-ket-2015.xlsx"
    page.goto(ADMITTED)
    with page.expect_download() as listed:
        page.get_by_role("link", name="Excel danh sách này").click()
    for download in (summary.value, listed.value):
        target = tmp_path / download.suggested_filename
        download.save_as(target)
        assert load_workbook(target).active.max_row > 20
    sheet = load_workbook(tmp_path / "admission-decided-2015.xlsx").active
    names = page.locator("table.list tbody tr td:first-child").all_inner_texts()
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert set(names) <= set(cells)
    assert sheet.max_row > 261


def test_wrong_password_says_so_in_vietnamese_and_keeps_the_user_name(open_page):
    page = open_page()
    page.goto(ADMITTED)
    expect(page).to_have_url(re.compile("/dang-nhap/[?]next="))
    page.get_by_label("Tên đăng nhập").fill("lanhdao")
    page.get_by_label("Mật khẩu").fill("sai rồi")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Tên đăng nhập hoặc mật khẩu chưa đúng")).to_be_visible()
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("lanhdao")
    expect(page.get_by_label("Mật khẩu")).to_have_value("")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(re.compile(ADMITTED + "$"))
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("/dang-nhap/$"))


# Keyboard


def focused(page: Page, script: str) -> object:
    return page.evaluate(f"document.activeElement.{script}")


def test_keyboard_reaches_the_content_first_and_every_segment_of_a_chart(open_page):
    page = open_page("lanhdao")
    page.goto(SUMMARY)
    page.keyboard.press("Tab")
    assert focused(page, "textContent") == "Đến nội dung chính"
    assert page.locator("a.skip").is_visible()
    page.keyboard.press("Enter")
    assert focused(page, "tagName") == "MAIN"
    for _ in range(120):
        page.keyboard.press("Tab")
        if focused(page, "closest('figure.chart svg a') !== null"):
            break
    label = focused(page, "getAttribute('aria-label')")
    assert re.match(r"\d{4} · .+: [\d.]+ \(\d+,\d\d%\)$", str(label))
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    rectangle = page.evaluate("getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth")
    assert outline != "none" or rectangle != "0px"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/so-lieu/ratings[.]"))
    said = re.search(r": ([\d.]+) \(", str(label))
    assert page.locator("[data-figure]").inner_text() == said.group(1)


def test_whole_sign_in_is_done_by_keyboard(open_page):
    page = open_page()
    page.goto("/dang-nhap/")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    page.keyboard.type("lanhdao")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(SUMMARY + "$"))


# Everyone


PAGES = {
    "sign in": ("", "/dang-nhap/"),
    "dashboard": ("lanhdao", SUMMARY),
    "dashboard of an organisation": ("lanhdao", "/tong-ket/2015/DUK-06/"),
    "empty dashboard": ("lanhdao", "/tong-ket/2009/DUK/"),
    "list": ("lanhdao", ADMITTED),
    "list of organisations": ("lanhdao", SUMMARY + "so-lieu/ratings.organisations.subject/?xep=-level"),
    "search without a hit": ("lanhdao", ADMITTED + "?q=khong-co-ai"),
    "person": ("lanhdao", "person"),
    "forecast of badges": ("vanphong", "/huy-hieu/du-kien/DUK/?nam=2016"),
    "list of a forecast": ("lanhdao", "/huy-hieu/du-kien/DUK/danh-sach/?nam=2016&ngay=2016-02-03"),
    "rounds of badges": ("vanphong", "/huy-hieu/dot/"),
    "adding a round": ("vanphong", "/huy-hieu/dot/them/?to-chuc=DUK&ngay=2016-02-03"),
    "discipline": ("vanphong", "/ky-luat/?nam=2015"),
    "discipline of an organisation": ("vanphong", "/to-chuc/DUK-06/ky-luat/them/"),
    "tree of organisations": ("vanphong", "/to-chuc/?mo=*"),
    "organisation": ("vanphong", "/to-chuc/DUK-27/"),
    "organisation as it was": ("lanhdao", "/to-chuc/DUK-27/?ngay=31/12/2013"),
    "splitting an organisation": ("vanphong", "/to-chuc/DUK-27-01/viec/tach/"),
    "adding a secretary": ("vanphong", "/to-chuc/DUK-27/cap-uy/them/"),
    "what waits": ("coso", "/viec-cua-toi/"),
    "board of admissions": ("vanphong", "/ket-nap/"),
    "case that was sent back": ("vanphong", "/ket-nap/31/"),
    "movements": ("vanphong", "/bien-dong/"),
    "round of badges": ("vanphong", "/huy-hieu/dot/1/"),
    "scans of a file": ("vanphong", "scans"),
    "not found": ("lanhdao", "/khong-co/"),
    "forbidden": ("coso", "/tong-ket/2015/DUK-06/excel/"),
    "administration": ("vanphong", "/quan-tri/"),
    "accounts": ("quantri", "/tai-khoan/"),
    "adding an account": ("quantri", "/tai-khoan/moi/"),
    "account": ("quantri", "/tai-khoan/2/"),
    "changing an account": ("quantri", "/tai-khoan/2/sua/"),
    "locking an account": ("quantri", "/tai-khoan/2/khoa/"),
    "my account": ("lanhdao", "/tai-khoan-cua-toi/"),
    "my password": ("lanhdao", "/tai-khoan-cua-toi/mat-khau/"),
    "second factor": ("lanhdao", "/tai-khoan-cua-toi/xac-thuc/"),
    "useless link": ("", "/dat-mat-khau/MQ/khong-dung/"),
}
OWN_PAGES = [name for name in PAGES if name != "administration"]


def visit(page: Page, name: str) -> None:
    """Go to the page, signed in already, and see that it is the program's."""
    address = PAGES[name][1]
    page.goto(FOUND[address](page) if address in FOUND else address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_barrier(open_page, name, width):
    # The checker is a script put into the page, which the page's own policy would refuse.
    page = open_page(PAGES[name][0], width=width, bypass_csp=True)
    visit(page, name)
    result = Axe().run(page)
    assert [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in result.response["violations"]
    ] == []


@pytest.mark.parametrize("name", OWN_PAGES)
def test_page_does_not_scroll_sideways_on_a_phone(open_page, name):
    page = open_page(PAGES[name][0], width=390)
    visit(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", OWN_PAGES)
def test_page_reads_at_twice_the_size_of_text(open_page, name):
    """200 % zoom of a screen 1280 wide leaves 640 pixels."""
    page = open_page(PAGES[name][0], width=640)
    visit(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


# Paper


def squeezed(text: str) -> str:
    """Text without blanks, so that a line break inside a name does not matter."""
    return "".join(unicodedata.normalize("NFC", text).split())


def printed(page: Page, folder: Path) -> tuple[str, int, str]:
    """The text of the page's print on A4, its number of sheets, and their size."""
    target = folder / "page.pdf"
    page.pdf(path=target, format="A4", prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-raw", target, "-"], capture_output=True, text=True, check=True).stdout
    about = subprocess.run(["pdfinfo", target], capture_output=True, text=True, check=True).stdout
    sheets = int(re.search(r"Pages:\s+(\d+)", about).group(1))
    return text, sheets, re.search(r"Page size:\s+(.+)", about).group(1)


def test_dashboard_prints_on_a4_with_every_organisation_and_without_navigation(open_page, tmp_path):
    page = open_page("lanhdao")
    page.goto(SUMMARY)
    names = page.locator("table.units tbody th").all_inner_texts()
    assert len(names) == 71
    text, sheets, size = printed(page, tmp_path)
    assert "A4" in size
    assert sheets <= 12
    paper = squeezed(text)
    assert [name for name in names if squeezed(name) not in paper] == []
    for expected in ("Tổng kết năm 2015", "261", "80,28%", "97,59%", "4.001"):
        assert squeezed(expected) in paper
    for unwanted in ("Đăng xuất", "Xuất Excel", "Quản trị", "Đến nội dung chính"):
        assert squeezed(unwanted) not in paper


def test_case_of_an_admission_prints_the_heading_of_every_part(open_page, tmp_path):
    page = open_page("vanphong")
    page.goto("/ket-nap/2/")
    headings = page.locator("main h2").all_inner_texts()
    text, _, _ = printed(page, tmp_path)
    assert "Lịch sử các bước" in headings
    assert [heading for heading in headings if squeezed(heading) not in squeezed(text)] == []


def test_list_prints_with_its_names_and_without_buttons(open_page, tmp_path):
    page = open_page("lanhdao")
    page.goto(ADMITTED)
    names = page.locator("table.list tbody tr td:first-child").all_inner_texts()
    text, _, size = printed(page, tmp_path)
    assert "A4" in size
    assert [name for name in names if squeezed(name) not in squeezed(text)] == []
    for unwanted in ("Đăng xuất", "Excel danh sách này", "Sau ›"):
        assert squeezed(unwanted) not in squeezed(text)
