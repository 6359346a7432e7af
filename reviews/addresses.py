"""The addresses of the summary's pages; they are readable and hold the whole state of a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

from django.urls import reverse


class CodeConverter:
    """An organisation's code as one part of a path; a code may hold a slash, which is then written %2F."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return unquote(value)

    def to_url(self, value: str) -> str:
        return quote(value, safe=" ") if "/" in value or "%" in value else value


@dataclass(frozen=True)
class Addresses:
    """The addresses of one organisation's summary of one year."""

    year: int
    code: str

    @cached_property
    def summary(self) -> str:
        """The dashboard."""
        return reverse("summary", args=[self.year, self.code])

    @cached_property
    def workbook(self) -> str:
        """The workbook for the provincial committee."""
        return reverse("summary_workbook", args=[self.year, self.code])

    @cached_property
    def _figure(self) -> tuple[str, str]:
        before, _, after = reverse("figure", args=[self.year, self.code, "X"]).rpartition("X")
        return before, after

    def figure(self, code: str) -> str:
        """The list behind a figure; one address is resolved for all of them, since a page has hundreds."""
        before, after = self._figure
        return f"{before}{code}{after}"
