"""The addresses of the summary's pages; they are readable and hold the whole state of a page."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote, unquote

from django.urls import reverse

from members.addresses import CodeConverter

# What django.urls leaves as it is in a part of a path (RFC 3986).
SAFE = "!$&'()*+,;=/~:@"


@cache
def _pattern(route: str) -> str:
    """The address of `route` with places for year, code and figure: resolved once, since a page has hundreds."""
    names = ["{year}", "{code}", "{figure}"]
    year = 8642
    arguments = [year, *names[1:]] if route.startswith("figure") else [year, names[1]]
    return unquote(reverse(route, args=arguments)).replace(str(year), names[0])


class Addresses:
    """The addresses of one organisation's summary of one year."""

    def __init__(self, year: int, code: str) -> None:
        self.year = year
        self._code = quote(CodeConverter().to_url(code), safe=SAFE)

    def _address(self, route: str, figure: str = "") -> str:
        return _pattern(route).format(year=self.year, code=self._code, figure=figure)

    @property
    def summary(self) -> str:
        """The dashboard."""
        return self._address("summary")

    @property
    def workbook(self) -> str:
        """The workbook for the provincial committee."""
        return self._address("summary_workbook")

    def figure(self, code: str) -> str:
        """The list behind a figure."""
        return self._address("figure", code)
