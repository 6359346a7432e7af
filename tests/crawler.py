"""A visitor who follows every link and sends every form with hostile values, and notes what should not happen."""

from __future__ import annotations

import re
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve

from tests.pages import Element, content_of, read

PROBE = "xss-probe"
# What templates make of the sum, should one ever be evaluated.
SUM, RESULT = "7191*7", "50337"
TEXTS = {
    "SQL": "x' OR 1=1); DROP TABLE members_person;--",
    "HTML": f"\"'><{PROBE} onprobe=1>x</{PROBE}><!--",
    "template": "{{" + SUM + "}}{% debug %}${" + SUM + "}#{" + SUM + "}",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "long": "Ấ" * 100_000,
    "control": "a\x00\x07\x1b\u202e\u2066\ufeffb",
    "lines": "a\r\nSet-Cookie: probe=1\r\n\r\nb",
    "path": "../../../../etc/passwd",
    "number": "9" * 40,
    "blank": "   ",
}
# Sending these ends the visit; they have tests of their own.
LEAVING = {"sign_out", "admin:logout"}


@dataclass
class Form:
    """A form of a page: where it goes, and its fields with what they hold."""

    address: str
    method: str
    fields: list[Element]

    def values(self) -> dict[str, Any]:
        """What a browser would send."""
        sent: dict[str, Any] = {}
        for element in self.fields:
            name, kind = element.attributes.get("name", ""), element.attributes.get("type", "text")
            if not name or kind in {"file", "submit", "button"}:
                continue
            if element.tag == "select":
                options = element.all("option")
                chosen = [o for o in options if "selected" in o.attributes] or options[:1]
                sent[name] = chosen[0].attributes.get("value", chosen[0].text) if chosen else ""
            elif element.tag == "textarea":
                sent[name] = element.text
            elif kind not in {"checkbox", "radio"} or "checked" in element.attributes:
                sent[name] = element.attributes.get("value", "")
        if "submission" in sent:
            sent["submission"] = uuid.uuid4().hex
        return sent

    def named(self, *, hidden: bool, select: bool) -> list[str]:
        """The names of the fields that are filled in (or hidden; or chosen from a list)."""
        names = []
        for element in self.fields:
            kind = element.attributes.get("type", "text")
            is_select = element.tag == "select" or kind == "radio"
            is_token = element.attributes.get("name") in {"csrfmiddlewaretoken", "submission", None}
            if is_token or kind in {"submit", "button", "file", "checkbox"}:
                continue
            if (kind == "hidden") == hidden and (hidden or is_select == select):
                names.append(element.attributes["name"])
        return names

    def attacks(self, keys: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """What is sent, with a name: hostile text in every field, then keys that aren't the sender's."""
        typed = self.named(hidden=False, select=False)
        chosen = self.named(hidden=False, select=True)
        for name, text in TEXTS.items():
            yield name, self.values() | dict.fromkeys(typed, text)
        for key in keys:
            yield f"key {key}", self.values() | dict.fromkeys(chosen, key)
        hidden = self.named(hidden=True, select=False)
        if hidden:
            yield "hidden", self.values() | dict.fromkeys(hidden, TEXTS["HTML"])
        files = [e.attributes["name"] for e in self.fields if e.attributes.get("type") == "file"]
        if files:
            hostile = SimpleUploadedFile(f"../{PROBE}.xlsx", b"PK\x03\x04 not a workbook")
            yield "file", self.values() | dict.fromkeys(files, hostile)


@dataclass
class Crawler:
    """One visitor; `findings` are what no visitor should ever find."""

    sign_in: Callable[[], Client]
    canary: str
    keys: list[str]
    pages_a_route: int = 3
    findings: list[str] = field(default_factory=list)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)
    _visits: Counter[str] = field(default_factory=Counter)
    _forms: dict[tuple[str, str, str], Form] = field(default_factory=dict)
    _parameters: dict[str, tuple[str, set[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.client = self.sign_in()
        self.client.raise_request_exception = False

    def visit(self, starts: list[str]) -> None:
        """Open every start, and follow every link from them on; of each route some addresses."""
        waiting = []
        for address in starts:
            self._seen.add(address)
            waiting += self._open(address)
        while waiting:
            address = waiting.pop(0)
            if self._is_new(address):
                waiting += self._open(address)

    def attack(self) -> None:
        """Send every form that was found, and every page's parameters, with every hostile value."""
        for form in list(self._forms.values()):
            for name, values in form.attacks(self.keys):
                self._send(form.method, form.address, values, name)
        for path, parameters in self._parameters.values():
            for name, text in TEXTS.items():
                self._send("get", path, dict.fromkeys(parameters, text), name)

    def revisit(self) -> None:
        """Look again at what was seen: has anything that was sent come to rest there?"""
        for address in sorted(self._seen):
            self._check(address, self._get(address), "afterwards")

    @property
    def routes(self) -> set[str]:
        """The routes that were opened."""
        return {route for route, status in self.statuses if status < 400}

    # Opening

    def _is_new(self, address: str) -> bool:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or address.startswith("/static/") or not address.startswith("/"):
            return False
        route = route_of(address)
        # Pages of one route with other parameters show the same things.
        if address in self._seen or self._visits[route] >= self.pages_a_route or route in LEAVING:
            return False
        self._seen.add(address)
        self._visits[route] += 1
        return True

    def _open(self, address: str) -> list[str]:
        response = self._get(address)
        self._check(address, response)
        final = response.request["PATH_INFO"]
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return []
        page = read(response)
        self._note_forms(final, page)
        found = [urljoin(final, e.attributes.get("href", "").partition("#")[0]) for e in page.all("a")]
        for link in found:
            names = {name for name, _ in parse_qsl(urlsplit(link).query)}
            if names and link.startswith("/"):
                path = urlsplit(link).path
                self._parameters.setdefault(route_of(path), (path, set()))[1].update(names)
        return found

    def _note_forms(self, path: str, page: Element) -> None:
        for element in page.all("form"):
            address = urljoin(path, element.attributes.get("action") or path)
            method = element.attributes.get("method", "get").lower()
            fields = element.all("input", "select", "textarea", "button")
            key = (route_of(path), route_of(address), ",".join(sorted(e.attributes.get("name", "") for e in fields)))
            if route_of(address) not in LEAVING:
                self._forms.setdefault(key, Form(address, method, fields))

    def _get(self, address: str) -> Any:
        return self.client.get(address, follow=True)

    def _send(self, method: str, address: str, values: dict[str, Any], name: str) -> None:
        if method == "get":
            # A web server takes no longer addresses than this.
            values = {key: text[:2000] for key, text in values.items() if isinstance(text, str)}
        send = self.client.post if method == "post" else self.client.get
        response = send(address, values, follow=True)
        self._check(f"{method} {address}", response, name)
        if "_auth_user_id" not in self.client.session:
            self._begin()

    # Checking

    def _check(self, address: str, response: Any, sent: str = "") -> None:
        self.statuses[route_of(response.request["PATH_INFO"]), response.status_code] += 1
        for fault in self._faults(response):
            self.findings.append(f"{address} {sent}: {fault}")

    def _faults(self, response: Any) -> Iterator[str]:
        if response.status_code >= 500:
            yield f"status {response.status_code}"
        if "probe" in response.cookies or "Set-Cookie: probe" in str(response.headers):
            yield "a header of the sender's"
        if not response.streaming:
            yield from self._faults_within(response)

    def _faults_within(self, response: Any) -> Iterator[str]:
        content = content_of(response)
        if self.canary in content:
            yield "something of a foreign organisation"
        if RESULT in content:
            yield "a template was evaluated"
        if response.content[:2] == b"PK":
            yield from formulas(response.content)
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            page = read(response)
            if page.all(PROBE) or page.having("onprobe"):
                yield "markup of the sender's"


def formulas(workbook: bytes) -> Iterator[str]:
    """The cells of a workbook that hold a formula: the program writes none."""
    with zipfile.ZipFile(BytesIO(workbook)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/") and re.search(rb"<f[ >]", parts.read(name)):
                yield f"a formula in {name}"


def route_of(address: str) -> str:
    """The name of the route that answers an address, or its path."""
    path = urlsplit(address).path
    try:
        found = resolve(path)
    except Resolver404:
        return "nowhere"
    return found.view_name or path
