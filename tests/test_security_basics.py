"""What every response carries, and never carries: inline code, or anything of foreign organisations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from config.access import Role
from members.models import User
from tests.builders import (
    make_user,
)
from tests.canaries import CANARY, fill, plant
from tests.conftest import Cast
from tests.pages import Element, content_of, figure_address, read

pytestmark = pytest.mark.django_db

ADMIN_LISTS = (
    "members_organisation",
    "members_massorganisation",
    "members_badgemilestone",
    "members_badgeawardday",
    "members_admissiondeadline",
    "members_documentkind",
    "members_disciplineeffect",
    "members_holiday",
    "training_programme",
    "reviews_ratingscheme",
    "reviews_ratinglevel",
)


def pages(cast: Cast, client_of: Callable[[User], Client]) -> dict[str, HttpResponse]:
    """A response of every kind of page, errors and the administration among them."""
    leader, office, administrator = (client_of(user) for user in (cast.leader, cast.office, cast.administrator))
    person = cast.a_cell_1.memberships.get().person
    found = {
        "sign in": Client().get(reverse("sign_in")),
        "wrong password": Client().post(reverse("sign_in"), {"username": "a", "password": "b"}),
        "dashboard": leader.get(reverse("summary", args=[2015, "A"])),
        "dashboard of the root": leader.get(reverse("summary", args=[2015, "K"])),
        "empty dashboard": leader.get(reverse("summary", args=[2015, "B"])),
        "list": leader.get(figure_address("members.total", organisation="A")),
        "searched list": leader.get(figure_address("members.total", organisation="A", q="anh", xep="-name")),
        "empty list": leader.get(figure_address("members.total", organisation="B")),
        "person": leader.get(reverse("person", args=[person.pk])),
        "not found": leader.get("/khong-co/"),
        "forbidden": client_of(cast.inspector).get(reverse("summary_workbook", args=[2015, "A"])),
        "administration": office.get(reverse("admin:index")),
        "administration, sign in": Client().get(reverse("admin:login"), follow=True),
        "accounts": administrator.get(reverse("accounts")),
        "adding an account": administrator.get(reverse("account_new")),
        "account": administrator.get(reverse("account", args=[cast.leader.pk])),
        "changing an account": administrator.get(reverse("account_change", args=[cast.leader.pk])),
        "locking an account": administrator.get(reverse("account_act", args=[cast.leader.pk, "khoa"])),
        "my account": leader.get(reverse("my_account")),
        "my password": leader.get(reverse("my_password")),
        "second factor": leader.get(reverse("second_factor")),
        "session ended": Client().post(reverse("my_password"), {"a": "b"}),
    }
    for model in ADMIN_LISTS:
        found[f"admin {model}"] = office.get(reverse(f"admin:{model}_changelist"))
    found["admin adding"] = office.get(reverse("admin:reviews_ratingscheme_add"))
    return found


@pytest.fixture
def every_page(cast: Cast, client_of: Callable[[User], Client]) -> dict[str, HttpResponse]:
    fill(cast)
    return pages(cast, client_of)


def test_policy_forbids_inline_code_and_foreign_sources_on_every_page(every_page):
    for name, response in every_page.items():
        policy = {
            words[0]: words[1:] for words in (part.split() for part in response["Content-Security-Policy"].split(";"))
        }
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"], name
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"], name
        allowed = {source for directive in policy.values() for source in directive}
        assert allowed <= {"'self'", "'none'", "data:"}, name
        assert "data:" not in [*policy.get("script-src", []), *policy["default-src"]], name


def test_headers_keep_pages_out_of_frames_and_types_as_they_are(every_page):
    for name, response in every_page.items():
        assert response["X-Frame-Options"] == "DENY", name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Referrer-Policy"] == "same-origin", name
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", name


def inline_code(page: Element) -> list[str]:
    """What the policy would refuse: styles, scripts and handlers within the page, and addresses that run."""
    found = [element.tag for element in page.all("style")]
    for script in page.all("script"):
        kind = script.attributes.get("type", "")
        if "src" not in script.attributes and kind != "application/json":
            found.append(f"script {kind}")
    for element in page.all():
        found += [name for name in element.attributes if name == "style" or name.startswith("on")]
        found += [value for value in element.attributes.values() if value.lower().startswith("javascript:")]
    return found


def test_no_page_holds_inline_code(every_page):
    held = {name: inline_code(read(response)) for name, response in every_page.items()}
    assert {name: found for name, found in held.items() if found} == {}


def test_no_page_fetches_anything_from_elsewhere(every_page):
    for name, response in every_page.items():
        page = read(response)
        sources = [e.attributes["src"] for e in page.having("src") if not e.attributes["src"].startswith("data:image/")]
        sources += [e.attributes["href"] for e in page.all("link")]
        sources += [e.attributes["action"] for e in page.all("form") if e.attributes.get("action")]
        elsewhere = [source for source in sources if source[:1] not in {"/", "#"} or source.startswith("//")]
        assert elsewhere == [], name  # "#" is a place on the page itself


def test_every_page_speaks_vietnamese_has_a_title_and_a_way_past_the_head(every_page):
    for name, response in every_page.items():
        page = read(response)
        assert page.first("html").attributes["lang"].startswith("vi"), name
        assert page.first("title").text, name
        if "admin" not in name:
            assert page.first("body").first("a").attributes["href"] == "#" + page.first("main").attributes["id"]
            assert len(page.all("h1")) == 1, name


# Foreign names


@pytest.mark.parametrize("role", [Role.GRASSROOTS, Role.LEADER])
def test_foreign_addresses_do_not_say_the_name_either(cast, client_of, role):
    fill(cast)
    plant(cast)
    client = client_of(make_user("nguoi-cua-a", role, cast.a, full_name="Người của A"))
    for code in (f"{CANARY}-1", f"{CANARY}-2", "B", "K"):
        for address in (
            reverse("summary", args=[2015, code]),
            figure_address("members.total", organisation=code),
            f"{reverse('summary_latest')}?to-chuc={code}",
        ):
            response = client.get(address, follow=True)
            assert response.status_code == 404
            assert f"Nguyễn {CANARY}" not in content_of(response)
            assert f"Đảng bộ {CANARY}" not in content_of(response)


# Signing in


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "https://evil.example/",
        "http:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "https:///evil.example",
        " //evil.example",
        "/\t/evil.example",
    ],
)
def test_signing_in_never_leads_elsewhere(cast, target):
    make_user("thu", Role.OFFICE, cast.root, password="một mật khẩu dài")
    values = {"username": "thu", "password": "một mật khẩu dài", "next": target}
    response = Client().post(reverse("sign_in"), values)
    assert (response.status_code, response.url) == (302, reverse("home"))


def test_forms_refuse_posts_without_their_token(cast):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("sign_in"), {"username": "a", "password": "b"})
    assert response.status_code == 403
    client.force_login(cast.leader)
    assert client.post(reverse("sign_out")).status_code == 403
    assert client.get(reverse("summary", args=[2015, "A"])).status_code == 200


def test_signing_in_gives_a_new_session_that_scripts_cannot_read(cast):
    make_user("thu", Role.LEADER, cast.root, password="một mật khẩu dài")
    client = Client()
    client.get(reverse("sign_in"))
    session = client.session
    session["from before"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post(reverse("sign_in"), {"username": "thu", "password": "một mật khẩu dài"})
    cookie = client.cookies["sessionid"]
    assert cookie.value != session.session_key
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
