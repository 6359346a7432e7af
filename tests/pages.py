"""Reads a page as people and browsers do: its links, numbers, tables, and what could run as a script."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from reviews.indicators import Columns

# One figure for each of the eleven lists; each has records in the demonstration.
FIGURE_OF = {
    Columns.STAYS: "members.exempt",
    Columns.ARRIVALS: "members.increase.transferred_in",
    Columns.DEPARTURES: "members.decrease.transferred_out",
    Columns.ADMISSIONS: "admission.decided",
    Columns.CLASSES: "training.candidate.classes",
    Columns.LEARNERS: "training.new_member.learners",
    Columns.BADGES: "badges.awarded",
    Columns.ORGANISATION_RATINGS: "ratings.organisations.subject",
    Columns.MEMBER_RATINGS: "ratings.members.tier3",
    Columns.MASS_RATINGS: "ratings.mass.subject",
    Columns.COMMENDATIONS: "commendations.organisation_exemplary",
}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(eq=False)
class Element:
    """An element with the text inside it."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, blanks folded."""
        return " ".join(" ".join(child if isinstance(child, str) else child.text for child in self.children).split())

    def all(self, *tags: str, **attributes: str) -> list[Element]:
        """The elements below it with one of the tags (or any) and these attributes, in order."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, str):
                continue
            if (not tags or child.tag in tags) and wanted.items() <= child.attributes.items():
                found.append(child)
            found += child.all(*tags, **attributes)
        return found

    def having(self, attribute: str) -> list[Element]:
        """The elements below it that carry the attribute."""
        return [element for element in self.all() if attribute in element.attributes]

    def first(self, *tags: str, **attributes: str) -> Element:
        return self.all(*tags, **attributes)[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        tags = [element.tag for element in self.open]
        if tag in tags[1:]:
            del self.open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(response: Any) -> Element:
    """The page of a response."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.root


def strange(page: Element, *tags: str) -> list[Element]:
    """The elements with one of the tags, and scripts that aren't files of the program."""
    scripts = [one for one in page.all("script") if not one.attributes.get("src", "").startswith("/static/config/")]
    return [*scripts, *page.all(*tags)]


def get(client: Client, address: str, status: int = 200) -> Element:
    """The page at the address, which must answer with that status."""
    response = client.get(address)
    assert response.status_code == status, address
    return read(response)


def figure_address(code: str, year: int = 2015, organisation: str = "DUK", **query: Any) -> str:
    """The list behind a figure; of the demonstration's root unless an organisation's code is given."""
    path = reverse("figure", args=[year, organisation, code])
    return f"{path}?{urlencode(query)}" if query else path


def whole(text: str) -> int:
    """4100 out of "4.100"."""
    assert re.fullmatch(r"\d{1,3}(\.\d{3})*", text), text
    return int(text.replace(".", ""))


def numbers(page: Element) -> dict[str, int]:
    """The numbers of the page by the code of their figure."""
    return {element.attributes["data-figure"]: whole(element.text) for element in page.having("data-figure")}


def links(page: Element) -> list[str]:
    """The addresses that the page's links lead to, each once, in order."""
    found = [element.attributes.get("href", "") for element in page.all("a")]
    return [address for address in dict.fromkeys(found) if address]


def is_workbook(link: Element) -> bool:
    """Whether a link downloads what the page shows as Excel."""
    return link.attributes.get("href", "").partition("?")[0].endswith("/excel/")


def table_rows(page: Element) -> list[list[str]]:
    """The texts of the rows of the page's list."""
    return [
        [cell.text for cell in row.all("td", "th")]
        for table in page.all("table")[:1]
        for row in table.first("tbody").all("tr")
    ]


def headings(page: Element) -> list[Element]:
    """The heads of the columns of the page's list."""
    return page.first("table").first("thead").all("th")


def content_of(response: Any) -> str:
    """Everything that a response says: a page's text, or all parts of a workbook unpacked."""
    content = response.content
    if content[:2] != b"PK":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
