"""How an organisation stands in an address: by its code."""

from __future__ import annotations

from urllib.parse import quote, unquote


class CodeConverter:
    """An organisation's code as one part of a path; a code may hold a slash, which is then written %2F."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return unquote(value)

    def to_url(self, value: str) -> str:
        return quote(value, safe=" ") if "/" in value or "%" in value else value
