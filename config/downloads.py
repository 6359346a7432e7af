"""Files that are handed out: under a name that can do no harm, and never shown within the browser."""

from __future__ import annotations

import re
import unicodedata
from typing import IO
from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

LONGEST_NAME = 120
# What Windows forbids in a file's name, and what parts a path.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%;]+')
# Names of devices on Windows, whatever follows after the first point.
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """The response that saves `content` under a safe form of `name`."""
    response = HttpResponse(content, content_type=content_type)
    _keep_harmless(response, name)
    return response


def download_file(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    """The same for an open file, from where it stands, piece by piece; the server closes it."""
    response = FileResponse(file, content_type=content_type)
    _keep_harmless(response, name)
    # Scans and archives are packed already: what compresses pages leaves an encoding that is named alone.
    response["Content-Encoding"] = "identity"
    return response


def _keep_harmless(response: HttpResponseBase, name: str) -> None:
    """Saved, not shown; and where a program shows it all the same, nothing in it runs or reaches out."""
    response["Content-Disposition"] = _disposition(safe_name(name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"


def safe_name(name: str) -> str:
    """`name` as one plain file name: no path, no control or direction characters, not too long, never empty."""
    text = "".join(letter for letter in unicodedata.normalize("NFC", name) if not _is_hidden(letter))
    text = " ".join(_FORBIDDEN.sub("-", text).split()).strip(". ")
    stem, point, ending = text.rpartition(".")
    if not point or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        stem, point, ending = text, "", ""
    stem = stem[: LONGEST_NAME - len(ending) - 1].strip(". ") or "tep"
    return ("_" if _DEVICE.match(stem) else "") + stem + point + ending


def _is_hidden(letter: str) -> bool:
    """Control, format (bidirectional among them), surrogate, private and unassigned characters, line ends."""
    category = unicodedata.category(letter)
    return (category[0] == "C" and letter not in "\t\n\r") or category in {"Zl", "Zp"}


def _disposition(name: str) -> str:
    """The name in ASCII for old programs, and as it is (RFC 6266) where it holds more."""
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    ascii_name = plain.encode("ascii", "ignore").decode("ascii")
    ascii_name = _FORBIDDEN.sub("-", ascii_name).strip(". ") or "tep"
    header = f'attachment; filename="{ascii_name}"'
    return header if ascii_name == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"
