"""What the browser is told with every response, and what cookies a server with HTTPS sets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config.headers import HEADERS, UNUSED, browser_limits

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent


def responses(cast, client_of) -> dict[str, HttpResponse]:
    """A page, a file, a redirect, errors and the administration."""
    leader = client_of(cast.leader)
    return {
        "page": leader.get(reverse("summary", args=[2015, "A"])),
        "workbook": leader.get(reverse("summary_workbook", args=[2015, "A"])),
        "redirect": Client().get("/"),
        "sign in": Client().get(reverse("sign_in")),
        "not found": leader.get("/khong-co/"),
        "forbidden": client_of(cast.inspector).get(reverse("summary_workbook", args=[2015, "A"])),
        "wrong host": Client().get("/", headers={"host": "evil.example"}),
        "administration": client_of(cast.office).get(reverse("admin:index")),
    }


def test_every_response_keeps_the_browser_and_other_sites_out(cast, client_of):
    for name, response in responses(cast, client_of).items():
        assert response["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert response["Cross-Origin-Embedder-Policy"] == "require-corp", name
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"], name
        off = dict(entry.split("=") for entry in response["Permissions-Policy"].split(", "))
        assert off.keys() >= {"camera", "microphone", "geolocation", "usb", "payment"}, name
        assert set(off.values()) == {"()"}, name


def test_no_response_with_data_is_kept_by_the_browser(cast, client_of):
    for name, response in responses(cast, client_of).items():
        assert "no-store" in response["Cache-Control"], name
        assert "private" in response["Cache-Control"], name


def test_a_response_keeps_what_it_sets_itself():
    own = {"Cache-Control": "max-age=60", "Cross-Origin-Resource-Policy": "cross-origin"}
    response = browser_limits(lambda request: HttpResponse(headers=own))(RequestFactory().get("/"))
    assert {name: response[name] for name in own} == own
    assert response["Permissions-Policy"] == HEADERS["Permissions-Policy"]
    assert len(set(UNUSED)) == len(UNUSED)


def test_static_files_are_cached_and_carry_the_headers_too(settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    response = Client().get("/static/config/app.css")
    list(response.streaming_content)
    response.close()
    assert response.status_code == 200
    assert "no-store" not in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_policy_allows_nothing_but_own_scripts_styles_and_pictures():
    policy = Client().get(reverse("sign_in"))["Content-Security-Policy"]
    found = {words[0]: words[1:] for words in (part.split() for part in policy.split(";"))}
    closed = ["default-src", "object-src", "base-uri", "frame-src", "frame-ancestors", "worker-src"]
    assert {name: found[name] for name in closed} == {name: ["'none'"] for name in closed}
    own = ["script-src", "style-src", "connect-src", "font-src", "form-action"]
    assert {name: found[name] for name in own} == {name: ["'self'"] for name in own}


def on_a_server(code: str, **variables: str) -> dict:
    """What `code` prints as JSON under the settings of a server."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {"SECRET_KEY": "k" * 60, "DATABASE_URL": "sqlite:///:memory:", "PYTHONUTF8": "1"} | variables
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    start = "import django, json; django.setup();\n"
    command = [sys.executable, "-W", "ignore", "-c", start + code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


SIGN_IN = """
from django.test import Client
from django.conf import settings
response = Client().get("/dang-nhap/", secure=%s, headers={"host": "localhost"})
cookies = {name: dict(cookie.items()) for name, cookie in response.cookies.items()}
print(json.dumps({"status": response.status_code, "headers": dict(response.items()), "cookies": cookies,
                  "session": settings.SESSION_COOKIE_NAME}))
"""


def test_with_https_cookies_belong_to_this_host_alone_and_hsts_is_on():
    seen = on_a_server(SIGN_IN % "True")
    assert seen["session"] == "__Host-sessionid"
    (cookie,) = seen["cookies"].values()
    assert list(seen["cookies"]) == ["__Host-csrftoken"]
    assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["httponly"]) == (True, "/", "", True)
    assert cookie["samesite"] == "Lax"
    hsts = seen["headers"]["Strict-Transport-Security"]
    assert "max-age=31536000" in hsts
    assert "includeSubDomains" in hsts


def test_plain_http_is_sent_to_https_without_any_cookie():
    seen = on_a_server(SIGN_IN % "False")
    assert (seen["status"], seen["cookies"]) == (301, {})
    assert seen["headers"]["Location"] == "https://localhost/dang-nhap/"


def test_messages_never_travel_in_a_cookie(settings):
    assert settings.MESSAGE_STORAGE.endswith("session.SessionStorage")


def test_trace_is_refused_and_echoes_nothing(cast, client_of):
    client = client_of(cast.leader)
    for address in ("/", reverse("sign_in"), reverse("summary", args=[2015, "A"])):
        response = client.trace(address, headers={"x-secret": "bi-mat"})
        assert response.status_code == 405
        assert b"bi-mat" not in response.content
