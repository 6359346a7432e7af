"""The second factor: setting up, the second step, codes once only, recovery codes, roles that must have one."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.access import Role
from members.accounts import codes as account_codes
from members.accounts.session_store import SECOND_FACTOR
from members.audit import AuditAction
from members.models import AuditEvent, RecoveryCode, Session, User
from tests.builders import make_user
from tests.pages import read

pytestmark = pytest.mark.django_db

PASSWORD = "hoa phượng nở đỏ"
KEY = "3132333435363738393031323334353637383930"
STEP = reverse("sign_in") + "ma-xac-thuc/"


def code(steps: int = 0) -> str:
    """What the app with the key shows now, or so many half minutes from now."""
    return f"{totp(bytes.fromhex(KEY), drift=steps):06}"


@pytest.fixture
def thu(cast: Any) -> User:
    return make_user("thu", Role.OFFICE, cast.root, full_name="Nguyễn Thị Thu", password=PASSWORD)


@pytest.fixture
def codes(thu: User) -> list[str]:
    """Thu's recovery codes; her app has the key."""
    TOTPDevice.objects.create(user=thu, key=KEY, name="app", confirmed=True)
    return account_codes.renew_recovery_codes(thu)


def first_step(client: Client | None = None, **fields: str) -> Client:
    client = client or Client()
    response = client.post(reverse("sign_in"), {"username": "thu", "password": PASSWORD, **fields})
    assert (response.status_code, response.url) == (302, STEP)
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("my_account")).status_code == 200


# The second step


def test_password_alone_signs_nobody_in(codes):
    client = first_step()
    assert not is_in(client)
    assert not Session.objects.filter(user__isnull=False).exists()
    assert client.get(STEP).status_code == 200


def test_code_leads_to_the_page_that_was_asked_for(codes):
    client = first_step(next="/tong-ket/2015/K/")
    before = client.session.session_key
    response = client.post(STEP, {"otp": code()})
    assert (response.status_code, response.url) == (302, "/tong-ket/2015/K/")
    assert is_in(client)
    assert client.session[SECOND_FACTOR] is True
    assert client.session.session_key != before


def test_code_may_be_typed_with_a_blank(codes):
    shown = code()
    assert first_step().post(STEP, {"otp": f" {shown[:3]} {shown[3:]} "}).status_code == 302


@pytest.mark.parametrize("wrong", ["000000", "12345", "abcdef", "", "aaaa-bbbb-cccc-dddd", "0" * 39])
def test_wrong_code_does_not(codes, wrong):
    client = first_step()
    assert client.post(STEP, {"otp": wrong}).status_code == 200
    assert not is_in(client)


def test_code_is_good_once(codes):
    shown = code()
    assert first_step().post(STEP, {"otp": shown}).status_code == 302
    assert first_step().post(STEP, {"otp": shown}).status_code == 200


def test_recovery_code_is_good_once_and_kept_as_a_digest(thu, codes):
    assert len(codes) == len(set(codes)) == 10
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(one in digest for one in codes for digest in kept)
    assert first_step().post(STEP, {"otp": codes[0].upper()}).status_code == 302
    assert first_step().post(STEP, {"otp": codes[0]}).status_code == 200
    assert account_codes.recovery_codes_left(thu) == 9


def test_recovery_code_of_another_account_is_not_good(codes, cast):
    other = account_codes.renew_recovery_codes(cast.leader)
    assert first_step().post(STEP, {"otp": other[0]}).status_code == 200


def test_wrong_codes_lock_out_like_wrong_passwords(thu, codes):
    client = first_step()
    for _ in range(4):
        assert client.post(STEP, {"otp": "000000"}).status_code == 200
    assert client.post(STEP, {"otp": "000000"}).status_code == 429
    assert client.get(STEP).status_code == 302
    assert Client().post(reverse("sign_in"), {"username": "thu", "password": PASSWORD}).status_code == 429
    assert AuditEvent.objects.filter(action=AuditAction.LOCKED_OUT, user=thu).count() == 1


def test_second_step_ends_after_five_minutes(codes, monkeypatch):
    client, now = first_step(), time.time()
    monkeypatch.setattr("members.accounts.signing_in.time.time", lambda: now + 301)
    assert client.get(STEP).url == reverse("sign_in")
    assert client.post(STEP, {"otp": code()}).url == reverse("sign_in")
    assert not is_in(client)


@pytest.mark.parametrize("change", ["password", "lock"])
def test_second_step_ends_when_the_account_changes(thu, codes, change):
    client = first_step()
    if change == "password":
        thu.set_password("một câu khác hẳn")
        thu.save()
    else:
        User.objects.filter(pk=thu.pk).update(is_active=False)
    assert client.post(STEP, {"otp": code()}).url == reverse("sign_in")
    assert not is_in(client)


def test_first_step_signs_out_whoever_was_in(codes, cast, client_of):
    client = first_step(client_of(cast.leader))
    assert not is_in(client)


def test_second_step_alone_leads_to_the_first():
    assert Client().get(STEP).url == reverse("sign_in")
    assert Client().post(STEP, {"otp": "123456"}).url == reverse("sign_in")


def test_few_codes_left_are_said(thu, codes):
    RecoveryCode.objects.filter(pk__in=RecoveryCode.objects.values("pk")[:8]).update(used_at="2026-01-01T00:00Z")
    client = first_step()
    client.post(STEP, {"otp": code()})
    assert "Chỉ còn 2 mã dự phòng" in read(client.get(reverse("my_account"))).text


# Setting up


def set_up(client: Client) -> tuple[Any, str]:
    """The page that follows the first code, and the key."""
    page = read(client.get(reverse("second_factor")))
    assert page.first("img").attributes["src"].startswith("data:image/svg+xml")
    shown = page.first("code").text.replace(" ", "")
    key = client.session["new authenticator"]
    assert account_codes.key_as_text(key).replace(" ", "") == shown
    first = f"{totp(bytes.fromhex(key)):06}"
    return client.post(reverse("second_factor"), {"otp": first}, follow=True), key


def test_set_up_with_the_first_code_gives_ten_codes_once(thu, client_of):
    client = client_of(thu)
    page, key = set_up(client)
    codes = [element.text for element in read(page).first("main").all("code")]
    assert len(codes) == 10
    assert TOTPDevice.objects.get(user=thu).key == key
    assert client.session[SECOND_FACTOR] is True
    assert codes[0] not in client.get(reverse("recovery_codes")).content.decode()
    assert account_codes.accept(thu, codes[0])


def test_wrong_first_code_sets_nothing_up_and_keeps_the_key(thu, client_of):
    client = client_of(thu)
    client.get(reverse("second_factor"))
    key = client.session["new authenticator"]
    assert client.post(reverse("second_factor"), {"otp": "000000"}).status_code == 200
    assert not TOTPDevice.objects.exists()
    assert client.session["new authenticator"] == key


def test_setting_up_ends_the_other_sessions(thu, client_of):
    client, other = client_of(thu), client_of(thu)
    set_up(client)
    assert is_in(client)
    assert not is_in(other)


def test_a_second_authenticator_is_not_set_up_beside_the_first(thu, codes, client_of):
    client = client_of(thu)
    session = client.session
    session["new authenticator"] = KEY
    session.save()
    client.post(reverse("second_factor"), {"otp": code()})
    assert TOTPDevice.objects.filter(user=thu).count() == 1


def test_new_codes_and_removal_take_the_password(thu, codes, client_of):
    client = client_of(thu)
    for route in ("recovery_codes", "give_up_second_factor"):
        assert "Mật khẩu hiện tại chưa đúng" in read(client.post(reverse(route), {"password": "sai"})).text
    assert account_codes.accept(thu, codes[0])
    client.post(reverse("recovery_codes"), {"password": PASSWORD}, follow=True)
    assert not account_codes.accept(thu, codes[1])
    client.post(reverse("give_up_second_factor"), {"password": PASSWORD})
    assert account_codes.authenticator_of(thu) is None
    assert not RecoveryCode.objects.exists()


# Roles that must have one


@pytest.fixture
def obligatory(settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = [Role.OFFICE]


def test_role_that_must_is_sent_to_set_up_from_every_page_but_its_own_account(obligatory, thu, client_of):
    client = client_of(thu)
    for address in ("/", "/tong-ket/2015/K/", "/quan-tri/", "/tai-khoan/"):
        assert client.get(address).url == reverse("second_factor"), address
        assert client.post(address).url == reverse("second_factor"), address
    for route in ("my_account", "my_password", "second_factor"):
        assert client.get(reverse(route)).status_code == 200
    set_up(client)
    assert client.get("/tong-ket/2015/K/").status_code == 200
    assert client.post(reverse("sign_out")).status_code == 302


def test_session_without_the_second_factor_does_not_do(obligatory, thu, codes, client_of):
    """Also where one is set up, in another session."""
    assert client_of(thu).get("/quan-tri/").url == reverse("second_factor")


def test_role_that_need_not_goes_on(obligatory, cast, client_of):
    assert client_of(cast.leader).get("/tong-ket/2015/K/").status_code == 200


def test_role_that_has_ended_asks_for_nothing(obligatory, thu, client_of):
    thu.role_assignments.update(starts_on="2010-01-01", ends_on="2011-01-01")
    assert client_of(thu).get("/tong-ket/2015/K/").status_code == 403


def test_giving_up_where_it_is_obligatory_leads_back_to_set_up(obligatory, thu, codes):
    client = first_step()
    client.post(STEP, {"otp": code()})
    assert client.get("/tong-ket/2015/K/").status_code == 200
    client.post(reverse("give_up_second_factor"), {"password": PASSWORD})
    assert client.get("/tong-ket/2015/K/").url == reverse("second_factor")
