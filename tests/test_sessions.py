"""Sessions: idle and absolute limits, what is kept of them, how they are ended, and forms that outlive them."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.access import Role
from members.accounts import services as account_services
from members.accounts.session_list import browser_in_words, sessions_of
from members.audit import AuditAction
from members.models import AuditEvent, Session, User
from tests.builders import make_user
from tests.pages import Element, read

pytestmark = pytest.mark.django_db

PASSWORD = "hoa phượng nở đỏ"
PAGE = "/tai-khoan-cua-toi/"
MINUTE, HOUR = 60, 3600
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


@pytest.fixture
def thu(cast: Any) -> User:
    return make_user("thu", Role.ADMINISTRATOR, cast.root, full_name="Nguyễn Thị Thu", password=PASSWORD)


@pytest.fixture
def later(monkeypatch: Any) -> Any:
    """Lets time pass for sessions."""
    begun = time.time()

    def pass_(seconds: int) -> None:
        now = dt.datetime.fromtimestamp(begun + seconds, tz=dt.UTC)
        monkeypatch.setattr("members.accounts.session_store.time.time", lambda: begun + seconds)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    return pass_


def signed_in(username: str = "thu", password: str = PASSWORD, **options: Any) -> Client:
    client = Client(**options)
    values = {"username": username, "password": password}
    response = client.post("/dang-nhap/", values, headers={"User-Agent": AGENT}, REMOTE_ADDR="10.0.0.5")
    assert response.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def test_signing_in_takes_nothing_along_from_before(thu):
    client = Client()
    client.get("/dat-mat-khau/MQ/khong-dung/")
    session = client.session
    session["from before"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post("/dang-nhap/", {"username": "thu", "password": PASSWORD})
    assert is_in(client)
    assert "from before" not in client.session
    assert not Session.objects.filter(session_key=session.session_key).exists()


# Limits


def test_session_ends_after_half_an_hour_without_use(thu, later):
    client = signed_in()
    later(29 * MINUTE)
    assert is_in(client)
    later(58 * MINUTE)
    assert is_in(client)
    later(89 * MINUTE)
    assert not is_in(client)


def test_session_ends_after_twelve_hours_of_use(thu, later):
    client = signed_in()
    for minutes in range(20, 12 * 60, 20):
        later(minutes * MINUTE)
        assert is_in(client), minutes
    later(12 * HOUR + 1)
    assert not is_in(client)


def test_limits_are_settings(thu, later, settings):
    settings.SESSION_IDLE_SECONDS, settings.SESSION_COOKIE_AGE = 5 * MINUTE, 8 * MINUTE
    client = signed_in()
    later(4 * MINUTE)
    assert is_in(client)
    later(8 * MINUTE + 1)
    assert not is_in(client)


def test_last_use_is_written_once_a_minute_and_nothing_is_lost_by_it(thu, later):
    client = signed_in()
    is_in(client)
    first = Session.objects.get(user=thu)
    later(30)
    with CaptureQueriesContext(connection) as captured:
        is_in(client)
    assert [query for query in captured if query["sql"].startswith("UPDATE")] == []
    later(61)
    is_in(client)
    session = Session.objects.get(user=thu)
    assert session.seen_at > first.seen_at
    assert (session.started_at, session.address) == (first.started_at, "127.0.0.1")
    assert first.address == "10.0.0.5"
    assert "Windows" in first.agent


def test_expired_sessions_are_deleted_a_day_later(thu, later):
    signed_in()
    later(26 * HOUR)
    signed_in()
    assert Session.objects.count() == 1


# Ending


def test_sessions_are_listed_and_ended_one_by_one_or_all(thu):
    one, two, three = signed_in(), signed_in(), signed_in()
    page = read(one.get(PAGE)).first("main")
    assert page.text.count("Chrome trên Windows") == 3
    assert not any(row.session_key in page.text for row in Session.objects.all())
    marks = [button.attributes["value"] for button in page.all("button", name="session")]
    key = two.session.session_key
    mark = next(session.mark for session in sessions_of(thu) if session.key == key)
    assert mark in marks
    one.post(reverse("end_my_sessions"), {"session": mark})
    assert (is_in(one), is_in(two), is_in(three)) == (True, False, True)
    one.post(reverse("end_my_sessions"), {"session": "others"})
    assert (is_in(one), is_in(three)) == (True, False)


def test_nobody_ends_sessions_of_others(thu, cast, client_of):
    client = signed_in()
    mark = sessions_of(thu)[0].mark
    client_of(cast.leader).post(reverse("end_my_sessions"), {"session": mark})
    client_of(cast.leader).post(reverse("end_my_sessions"), {"session": "others"})
    assert is_in(client)


def test_password_change_ends_the_other_sessions_and_keeps_this_one(thu):
    client, other = signed_in(), signed_in()
    before = client.session.session_key
    new = "mây bay qua núi xanh"
    values = {"password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(reverse("my_password"), values).url == PAGE
    assert is_in(client)
    assert client.session.session_key != before
    assert not is_in(other)
    assert Session.objects.filter(user=thu).count() == 1
    signed_in(password=new)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"password": "sai"}, "Mật khẩu hiện tại chưa đúng"),
        ({"new_password2": "khác hẳn câu kia"}, "không giống nhau"),
        ({"new_password1": "ngắn", "new_password2": "ngắn"}, "quá ngắn"),
    ],
)
def test_password_is_not_changed_without_the_old_one_or_to_a_weak_one(thu, changes, word):
    client, new = signed_in(), "mây bay qua núi xanh"
    values = {"password": PASSWORD, "new_password1": new, "new_password2": new} | changes
    assert word in read(client.post(reverse("my_password"), values)).text
    thu.refresh_from_db()
    assert thu.check_password(PASSWORD)


def test_lock_ends_every_session(thu, cast):
    client = signed_in()
    account_services.lock(user=thu, reason="nghỉ việc", by=None)
    assert not is_in(client)
    assert not Session.objects.filter(user=thu).exists()


def test_ended_session_is_not_brought_back_by_a_page_under_way(thu):
    """Its data are written at the end of a page: a session that was ended meanwhile stays ended."""
    client = signed_in()
    session = client.session
    session["later"] = 1
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (AGENT, "Chrome trên Windows"),
        (AGENT + " Edg/120.0", "Edge trên Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "Firefox trên Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari trên iPhone, iPad",
        ),
        ("", "Trình duyệt khác"),
    ],
)
def test_browser_is_named_in_words(agent, words):
    assert browser_in_words(agent) == words


# A form that outlives its session


NEW = "/tai-khoan/moi/"
AGAIN = "dang-nhap-lai"


def account_form(cast: Any, **changes: str) -> dict[str, str]:
    return {
        "username": "an",
        "full_name": "Nguyễn <b>Văn</b> An\u2019",
        "email": "",
        "roles-TOTAL_FORMS": "3",
        "roles-INITIAL_FORMS": "0",
        "roles-0-role": "grassroots",
        "roles-0-organisation": str(cast.a.pk),
        "roles-0-starts_on": "5/9/2015",
        "password": "không được giữ",
        **changes,
    }


def hidden(page: Element) -> dict[str, str]:
    return {
        field.attributes["name"]: field.attributes["value"]
        for field in page.first("main").all("input", type="hidden")
        if field.attributes["name"] != "csrfmiddlewaretoken"
    }


def test_form_goes_on_after_signing_in_in_place(thu, cast):
    client = signed_in()
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    answer = client.post(NEW, account_form(cast))
    page = read(answer)
    assert answer.status_code == 403
    assert page.first("input", name=f"{AGAIN}-username").attributes["value"] == "thu"
    kept = hidden(page)
    assert kept["full_name"] == "Nguyễn <b>Văn</b> An\u2019"
    assert "không được giữ" not in answer.content.decode()
    address = page.first("main").first("form").attributes["action"]
    sent = kept | {f"{AGAIN}-username": "thu", f"{AGAIN}-password": PASSWORD}
    assert client.post(address, sent).status_code == 302
    made = User.objects.get(username="an")
    assert made.full_name == "Nguyễn <b>Văn</b> An\u2019"
    role = made.role_assignments.get()
    assert (role.organisation, f"{role.starts_on:%d/%m/%Y}") == (cast.a, "05/09/2015")
    assert is_in(client)
    event = AuditEvent.objects.get(note="Tạo tài khoản: an")
    assert (event.user, event.action) == (thu, AuditAction.ACCOUNT)


def test_ended_session_tells_no_name(thu, cast):
    client = signed_in()
    Session.objects.all().delete()
    page = read(client.post(NEW, account_form(cast)))
    assert "value" not in page.first("input", name=f"{AGAIN}-username").attributes


def test_wrong_password_in_place_keeps_what_was_typed_and_writes_nothing(thu, cast):
    sent = account_form(cast) | {f"{AGAIN}-username": "thu", f"{AGAIN}-password": "sai"}
    client = Client()
    answer = client.post(NEW, sent)
    assert answer.status_code == 403
    assert hidden(read(answer))["full_name"] == "Nguyễn <b>Văn</b> An\u2019"
    for _ in range(4):
        answer = client.post(NEW, sent)
    assert answer.status_code == 429
    assert hidden(read(answer))["username"] == "an"
    assert not User.objects.filter(username="an").exists()


def test_second_factor_is_asked_in_place(thu, cast):
    key = "3132333435363738393031323334353637383930"
    TOTPDevice.objects.create(user=thu, key=key, name="app", confirmed=True)
    sent = account_form(cast) | {f"{AGAIN}-username": "thu", f"{AGAIN}-password": PASSWORD}
    client = Client()
    for code in ("", "000000"):
        assert client.post(NEW, sent | {f"{AGAIN}-otp": code}).status_code == 403
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert client.post(NEW, sent | {f"{AGAIN}-otp": f"{totp(bytes.fromhex(key)):06}"}).status_code == 302
    assert User.objects.filter(username="an").exists()


def test_who_signs_in_in_place_may_do_only_what_is_theirs(thu, cast):
    make_user("tam", Role.LEADER, cast.root, password=PASSWORD)
    sent = account_form(cast) | {f"{AGAIN}-username": "tam", f"{AGAIN}-password": PASSWORD}
    assert Client().post(NEW, sent).status_code == 403
    assert not User.objects.filter(username="an").exists()


def test_files_are_not_kept_and_that_is_said(thu, cast):
    sent = account_form(cast) | {"paper": SimpleUploadedFile("a.txt", b"x")}
    assert "Tệp đã chọn không giữ được" in read(Client().post(NEW, sent)).text


def test_form_from_elsewhere_is_refused_before_anything_is_offered(thu, cast):
    """Without the browser's token nothing is given back, and signing in does nothing."""
    client = Client(enforce_csrf_checks=True)
    client.get("/dang-nhap/")
    sent = account_form(cast) | {f"{AGAIN}-username": "thu", f"{AGAIN}-password": PASSWORD}
    answer = client.post(NEW, sent, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert hidden(read(answer)) == {}
    assert not User.objects.filter(username="an").exists()
    assert not is_in(client)


# An old token


def test_own_form_with_an_old_token_is_sent_again_with_one_button(thu, cast):
    client = signed_in(enforce_csrf_checks=False)
    client.handler.enforce_csrf_checks = True
    sent = account_form(cast, csrfmiddlewaretoken="x" * 64)
    answer = client.post(NEW, sent, headers={"Origin": "http://testserver"})
    page = read(answer)
    assert answer.status_code == 403
    assert "Gửi lại biểu mẫu" in page.text
    form = page.first("main").first("form")
    token = form.first("input", name="csrfmiddlewaretoken").attributes["value"]
    again = hidden(page) | {"csrfmiddlewaretoken": token}
    assert client.post(form.attributes["action"], again, headers={"Origin": "http://testserver"}).status_code == 302
    assert User.objects.filter(username="an").exists()


@pytest.mark.parametrize("origin", ["https://evil.example", "http://testserver.evil.example", "null", ""])
def test_form_of_another_site_is_offered_nothing(thu, cast, origin):
    client = signed_in(enforce_csrf_checks=False)
    client.handler.enforce_csrf_checks = True
    headers = {"Origin": origin} if origin else {}
    answer = client.post(NEW, account_form(cast, csrfmiddlewaretoken="x" * 64), headers=headers)
    assert answer.status_code == 403
    assert hidden(read(answer)) == {}
