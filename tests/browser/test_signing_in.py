"""Signing in as people do: second factor, lockout and unlock, first password, and a session that ends in a form."""

from __future__ import annotations

import re
from base64 import b32decode

import pytest
from django_otp.oath import totp
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.browser

MINE = "/tai-khoan-cua-toi/"


def type_password(page: Page, username: str, password: str = PASSWORD) -> None:
    """The first step, wherever it leads."""
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Mã xác thực").fill(code)
    page.get_by_role("button", name="Đăng nhập").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("/dang-nhap/$"))


def test_second_factor_is_set_up_and_then_asked_for(open_page):
    page = open_page()
    sign_in(page, "kiemtra")
    page.get_by_role("link", name="Đỗ Đình Khiêm").click()
    page.get_by_role("link", name="Thiết lập").click()
    expect(page.get_by_alt_text("Mã QR")).to_be_visible()
    key = b32decode(page.locator("code.key").inner_text().replace(" ", ""))
    page.get_by_label("Mã sáu chữ số").fill("000000")
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_text("Mã chưa đúng")).to_be_visible()
    page.get_by_label("Mã sáu chữ số").fill(f"{totp(key, drift=-1):06}")
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator(".codes li")).to_have_count(10)
    spare = page.locator(".codes code").first.inner_text()

    sign_out(page)
    type_password(page, "kiemtra")
    expect(page.get_by_role("heading", name="Bước hai")).to_be_visible()
    page.goto(MINE)
    expect(page).to_have_url(re.compile("/dang-nhap/"))
    type_password(page, "kiemtra")
    type_code(page, "123")
    expect(page.get_by_text("Mã chưa đúng hoặc đã dùng rồi")).to_be_visible()
    type_code(page, f"{totp(key):06}")
    expect(page.get_by_role("link", name="Đỗ Đình Khiêm")).to_be_visible()

    sign_out(page)
    type_password(page, "kiemtra")
    type_code(page, spare)
    expect(page.get_by_role("link", name="Đỗ Đình Khiêm")).to_be_visible()
    sign_out(page)
    type_password(page, "kiemtra")
    type_code(page, spare)
    expect(page.get_by_text("Mã chưa đúng hoặc đã dùng rồi")).to_be_visible()


def test_five_wrong_passwords_lock_out_and_the_administrator_lifts_it(open_page):
    page, administrator = open_page(), open_page("quantri")
    for _ in range(4):
        type_password(page, "coso", "sai-mat-khau")
        expect(page.get_by_text("Tên đăng nhập hoặc mật khẩu chưa đúng")).to_be_visible()
    type_password(page, "coso", "sai-mat-khau")
    expect(page.get_by_role("heading", name="Tạm khóa đăng nhập")).to_be_visible()
    type_password(page, "coso")
    expect(page.get_by_role("heading", name="Tạm khóa đăng nhập")).to_be_visible()

    administrator.goto("/tai-khoan/?q=coso")
    administrator.get_by_role("link", name="coso").click()
    expect(administrator.get_by_text("đang tạm khóa đăng nhập")).to_be_visible()
    administrator.get_by_role("link", name="Bỏ tạm khóa đăng nhập").click()
    administrator.get_by_role("button", name="Bỏ tạm khóa").click()
    expect(administrator.get_by_text("Đã bỏ tạm khóa")).to_be_visible()

    sign_in(page, "coso")
    expect(page.get_by_role("link", name="Phan Hữu Thuận")).to_be_visible()


def test_session_that_ends_in_a_long_form_loses_nothing(open_page):
    """The session is ended from another browser while the form is filled in."""
    page, elsewhere = open_page(), open_page()
    sign_in(page, "quantri")
    page.goto("/tai-khoan/moi/")
    page.get_by_label("Tên đăng nhập").fill("ngothibich")
    page.get_by_label("Họ và tên").fill("Ngô Thị “Bích” <Ngọc>")
    page.get_by_label("Thư điện tử").fill("bich@example.vn")
    first, second = page.get_by_role("group", name="Vai trò 1"), page.get_by_role("group", name="Vai trò 2")
    first.get_by_label("Vai trò").select_option("Cơ sở")
    first.get_by_label("Tổ chức").select_option(label="Đảng bộ Sở Nông nghiệp và Phát triển nông thôn")
    first.get_by_label("Từ ngày").fill("5/9/2015")
    second.get_by_label("Vai trò").select_option("Lãnh đạo")
    second.get_by_label("Tổ chức").select_option(index=1)

    sign_in(elsewhere, "quantri")
    elsewhere.goto(MINE)
    elsewhere.get_by_role("button", name="Kết thúc mọi phiên khác").click()
    expect(elsewhere.get_by_text("Đã kết thúc")).to_be_visible()

    page.get_by_role("button", name="Tạo tài khoản").click()
    expect(page.get_by_role("heading", name="Đăng nhập để tiếp tục")).to_be_visible()
    page.get_by_label("Tên đăng nhập").fill("quantri")
    page.get_by_label("Mật khẩu").fill("không phải mật khẩu này")
    page.get_by_role("button", name="Đăng nhập và gửi tiếp").click()
    expect(page.get_by_text("Tên đăng nhập hoặc mật khẩu chưa đúng")).to_be_visible()
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập và gửi tiếp").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ngô Thị “Bích” <Ngọc>")
    main = page.get_by_role("main")
    for words in ("ngothibich", "bich@example.vn", "05/09/2015", "Lãnh đạo", "Nông nghiệp và Phát triển nông thôn"):
        expect(main).to_contain_text(words)

    link = page.locator("[data-link]").inner_text()
    page.reload()
    expect(page.locator("[data-link]")).to_have_count(0)
    owner = open_page()
    owner.goto(link)
    owner.get_by_label("Mật khẩu mới").fill("mây bay qua núi xanh")
    owner.get_by_label("Nhập lại lần nữa").fill("mây bay qua núi xanh")
    owner.get_by_role("button", name="Đặt mật khẩu").click()
    sign_in(owner, "ngothibich", "mây bay qua núi xanh")
    expect(owner.get_by_role("link", name="Ngô Thị “Bích” <Ngọc>")).to_be_visible()


def test_form_with_an_old_token_is_sent_again_with_one_button(open_page):
    """Signing in in another tab gives the browser a new token."""
    page = open_page()
    sign_in(page, "quantri")
    page.goto("/tai-khoan/moi/")
    page.get_by_label("Tên đăng nhập").fill("lethido")
    page.get_by_label("Họ và tên").fill("Lê Thị Đỗ")
    other = page.context.new_page()
    sign_in(other, "quantri")
    page.get_by_role("button", name="Tạo tài khoản").click()
    page.get_by_role("button", name="Gửi lại những gì đã nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lê Thị Đỗ")
