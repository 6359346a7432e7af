"""Signing in: what leads in and what doesn't, lockout and its end, what is recorded, passwords that are refused."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import settings as product
from config.access import Role
from members.accounts import lockout as account_lockout
from members.accounts.passwords import Argon2id
from members.audit import AuditAction
from members.models import AuditEvent, User
from tests.builders import make_user
from tests.pages import read

pytestmark = pytest.mark.django_db

PASSWORD = "hoa phượng nở đỏ"
SIGN_IN = "/dang-nhap/"


@pytest.fixture
def thu(cast: Any) -> User:
    return make_user("thu", Role.LEADER, cast.root, full_name="Nguyễn Thị Thu", password=PASSWORD)


def post(username: str, password: str, address: str = "10.0.0.1", client: Client | None = None, **fields: str) -> Any:
    values = {"username": username, "password": password, **fields}
    return (client or Client()).post(SIGN_IN, values, REMOTE_ADDR=address)


def without_token(response: Any) -> list[str]:
    return [line for line in response.content.decode().splitlines() if "csrfmiddlewaretoken" not in line]


def test_name_and_password_lead_in_and_signing_out_leads_out(thu):
    client = Client()
    response = post("thu", PASSWORD, client=client)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get(reverse("my_account")).status_code == 200
    assert client.post(reverse("sign_out")).url == SIGN_IN
    assert client.get(reverse("my_account")).status_code == 302
    actions = AuditEvent.objects.filter(user=thu).order_by("sequence").values_list("action", flat=True)
    assert list(actions)[-2:] == [AuditAction.SIGNED_IN, AuditAction.SIGNED_OUT]


def test_signing_out_takes_a_form(thu):
    client = Client()
    client.force_login(thu)
    assert client.get(reverse("sign_out")).status_code == 405
    assert client.get(reverse("my_account")).status_code == 200


def test_answer_does_not_tell_whether_there_is_an_account(thu):
    """Nor whether it is locked, or has no password yet."""
    User.objects.create_user(username="moi", full_name="Mới")
    make_user("da-khoa", password=PASSWORD)
    User.objects.filter(username="da-khoa").update(is_active=False)
    answers = {
        name: [line.replace(name, "NAME") for line in without_token(post(name, password))]
        for name, password in (("thu", "sai"), ("khong-co", "sai"), ("moi", "sai"), ("da-khoa", PASSWORD))
    }
    assert answers["thu"] == answers["khong-co"] == answers["moi"] == answers["da-khoa"]


def test_unknown_name_takes_a_hash_too(thu, monkeypatch):
    """The time to answer is that of a hash, whether there is an account or not."""
    hashed: list[str] = []
    encode = identify_hasher(thu.password).__class__.encode

    def counting(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr("members.accounts.passwords.Argon2id.encode", counting)
    post("khong-co", "một mật khẩu nào đó")
    assert hashed == ["một mật khẩu nào đó"]


def test_accents_typed_in_parts_are_the_same_password(thu):
    """Keyboards of another system send ư and dấu hỏi one after the other."""
    apart = unicodedata.normalize("NFD", PASSWORD)
    assert apart != PASSWORD
    assert post("thu", apart).status_code == 302
    thu.set_password(apart)
    thu.save()
    assert post("thu", PASSWORD).status_code == 302


# Lockout


def fail(times: int, username: str = "thu", address: str = "10.0.0.1") -> Any:
    for _ in range(times):
        response = post(username, "sai", address)
    return response


def test_five_failures_lock_this_name_out_from_this_address(thu):
    assert fail(4).status_code == 200
    assert fail(1).status_code == 429
    refused = post("thu", PASSWORD)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "900"
    assert "Tạm khóa đăng nhập" in read(refused).text
    assert post("thu", PASSWORD, "10.0.0.2").status_code == 302


def test_name_without_account_is_locked_out_in_the_same_words(thu):
    assert without_token(fail(5, "khong-co")) == without_token(fail(5))
    assert post("khong-co", PASSWORD).status_code == 429


def test_lockout_ends_by_itself_and_trying_does_not_make_it_longer(thu):
    fail(5)
    began = AccessAttempt.objects.get().attempt_time
    fail(3)
    attempt = AccessAttempt.objects.get()
    assert (attempt.attempt_time, attempt.failures_since_start) == (began, 5)
    AccessAttempt.objects.update(attempt_time=began - dt.timedelta(minutes=16))
    assert post("thu", PASSWORD).status_code == 302


def test_twenty_failures_from_many_addresses_lock_the_name_out_but_not_where_it_is_known(thu):
    post("thu", PASSWORD, "10.0.0.7")
    for number in range(5):
        fail(4, address=f"10.0.1.{number}")
    assert post("thu", PASSWORD, "10.0.0.9").status_code == 429
    assert post("thu", PASSWORD, "10.0.0.7").status_code == 302


def test_fifty_failures_lock_an_address_out_for_names_that_never_came_from_there(thu, cast):
    make_user("tam", Role.LEADER, cast.root, password=PASSWORD)
    post("tam", PASSWORD, "10.0.0.1")
    for number in range(13):
        fail(4, f"ten-{number}")
    assert post("thu", PASSWORD).status_code == 429
    assert post("tam", PASSWORD).status_code == 302


def test_success_forgets_the_failures_of_this_name_from_this_address_only(thu):
    fail(4)
    fail(4, address="10.0.0.2")
    fail(2, "khac")
    post("thu", PASSWORD)
    left = {(attempt.username, attempt.ip_address) for attempt in AccessAttempt.objects.all()}
    thus, others = account_lockout.digest_of("thu"), account_lockout.digest_of("khac")
    assert left == {(thus, "10.0.0.2"), (others, "10.0.0.1")}


def test_nothing_that_was_typed_is_kept_with_the_attempts(thu):
    post("Mật khẩu của tôi", "bí mật trong ô mật khẩu", next="/tong-ket/?q=bi-mat")
    attempt = AccessAttempt.objects.get()
    kept = f"{attempt.username}{attempt.get_data}{attempt.post_data}{attempt.user_agent}".casefold()
    assert not any(word in kept for word in ("mật khẩu", "bí mật", "bi-mat"))


def test_forwarded_address_counts_only_from_a_trusted_proxy(thu, settings):
    for number in range(5):
        Client().post(
            SIGN_IN,
            {"username": "thu", "password": "sai"},
            REMOTE_ADDR="10.0.0.1",
            headers={"X-Forwarded-For": f"1.2.3.{number}"},
        )
    assert post("thu", PASSWORD, "10.0.0.1").status_code == 429


# The audit trail


def failures() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=AuditAction.SIGN_IN_FAILED))


def test_failed_sign_in_is_recorded_with_the_account_and_never_with_what_was_typed(thu):
    fail(1)
    (event,) = failures()
    assert (event.user, event.address) == (thu, "10.0.0.1")
    post("hoa phượng nở đỏ", "sai")
    event = failures()[0]
    assert event.user is None
    assert "phượng" not in f"{event.note}{event.details}{event.actor}{event.place}"


def test_lockout_is_recorded_once(thu):
    fail(8)
    assert AuditEvent.objects.filter(action=AuditAction.LOCKED_OUT, user=thu).count() == 1
    assert len(failures()) == 5


# Passwords


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("ngắn quá 11", "quá ngắn"),
        ("a b" * 86, "quá dài"),
        ("Matkhau@123456", "dễ đoán"),
        ("mậtkhẩuđảngviên2015", "dễ đoán"),
        ("Thu.Nguyễn.2015", "dễ đoán"),
        ("nguyen-thi-thu", "dễ đoán"),
        ("Sơn Nam tỉnh 1999", "dễ đoán"),
        ("aaaaaaaaaaaaaa", "dễ đoán"),
        ("123456789012", "dễ đoán"),
        ("peanutbutter", "hay bị đoán"),
        ("Peanut-Butter!", "hay bị đoán"),
    ],
)
def test_password_that_others_would_guess_is_refused_in_words(thu, password, word):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, thu)
    assert word in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    "password",
    ["hoa phượng nở đỏ", "correct horse battery", "839201748206", "x" * 100 + "yzwv" * 39],
)
def test_password_is_free_in_its_characters(thu, password):
    validate_password(password, thu)


def test_passwords_are_kept_as_argon2id(thu):
    assert thu.password.startswith("argon2$argon2id$")
    assert make_password("x").startswith("argon2$argon2id$")


def test_long_passwords_count_to_their_end(thu):
    long = "câu này dài " * 20
    thu.set_password(long)
    assert thu.check_password(long)
    assert not thu.check_password(long[:-1])


def test_password_fields_may_be_filled_in_and_pasted(thu, client_of):
    form = read(Client().get(SIGN_IN)).first("main").first("form")
    assert form.first("input", name="username").attributes["autocomplete"] == "username"
    assert form.first("input", name="password").attributes["autocomplete"] == "current-password"
    own = read(client_of(thu).get(reverse("my_password"))).first("main")
    words = {field.attributes["name"]: field.attributes.get("autocomplete") for field in own.all("input")}
    assert words["password"] == "current-password"
    assert words["new_password1"] == words["new_password2"] == "new-password"
    assert not own.having("maxlength")
    assert not own.having("onpaste")


def test_moment_of_the_last_sign_in_is_kept(thu):
    before = timezone.now()
    post("thu", PASSWORD)
    thu.refresh_from_db()
    assert thu.last_login >= before


def test_product_spends_memory_on_every_guess() -> None:
    """The tests hash quickly; the product as OWASP asks: Argon2id, 19 MiB and two passes at least."""
    assert product.PASSWORD_HASHERS[0] == "members.accounts.passwords.Argon2id"
    parameters = Argon2id().params()
    assert parameters.type.name == "ID"
    assert (parameters.memory_cost >= 19 * 1024, parameters.time_cost >= 2) == (True, True)
