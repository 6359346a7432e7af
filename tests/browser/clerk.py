"""A clerk at the browser: fills in forms by their labels, and reads the numbers of the summaries."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect

# What the summaries of some years and organisations say, by year, organisation and code of the figure.
Figures = dict[tuple[int, str, str], int]
# Rows of a workbook by its sheets.
Sheets = dict[str, Iterable[Sequence[Any]]]
NUMBER = re.compile(r'<a href="/tong-ket/(\d+)/(\w+)/so-lieu/([\w.]+)/"[^>]*>([\d.]+)</a>')


class Clerk:
    """Somebody who has signed in, at one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def field(self, label: str) -> Locator:
        """The field with that label, whether it has to be filled in or not."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(phải ghi\))?$"))

    def fill(self, fields: dict[str, str]) -> None:
        """Type what belongs in each field, by its label; of a choice, its words."""
        for label, value in fields.items():
            field = self.field(label)
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def press(self, name: str) -> None:
        """Press a button, and see that nothing was refused."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()
        refused = self.page.locator(".errors, .conflicts")
        assert refused.count() == 0, "\n".join(refused.all_inner_texts())

    def follow(self, name: str) -> None:
        """Follow the one link of that name in what the page is about."""
        self.page.locator("main").get_by_role("link", name=name, exact=True).click()

    def says(self, text: str) -> None:
        """See the page's answer."""
        expect(self.page.get_by_role("status").first).to_contain_text(text)

    def sees(self, *texts: str) -> None:
        """See what the page tells in its middle."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def person(self, name: str) -> None:
        """Open somebody's page by the search in the head."""
        search = self.page.locator("header").get_by_role("searchbox")
        search.fill(name)
        search.press("Enter")
        self.page.locator("main").get_by_role("link", name=name, exact=True).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def bring_in(self, sheets: Sheets) -> None:
        """Import a workbook of the exchange's form: every row has to be right at once."""
        self.page.goto("/nhap-xuat/")
        file = {"name": "lop.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(sheets)}
        self.page.locator("input[type=file]").set_input_files([file])
        self.press("Tải lên và đọc tệp")
        self.page.get_by_role("button", name=re.compile("^Ghi tất cả")).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Đã ghi")

    def figures(self, years: Iterable[int], codes: Iterable[str]) -> Figures:
        """All numbers on the summaries of these years and organisations, told by the lists that they open.

        A summary tells those of the year before too, and some of the organisations below; nothing is told in two ways.
        """
        found: Figures = {}
        for year, code in product(years, codes):
            answer = self.page.request.get(f"/tong-ket/{year}/{code}/")
            assert answer.ok
            for of_year, place, figure, count in NUMBER.findall(answer.text()):
                key, number = (int(of_year), place, figure), int(count.replace(".", ""))
                assert found.setdefault(key, number) == number, key
        return found


def workbook(sheets: Sheets) -> bytes:
    """A workbook with those sheets, each of a heading and rows."""
    book, stream = Workbook(), io.BytesIO()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(stream)
    return stream.getvalue()
