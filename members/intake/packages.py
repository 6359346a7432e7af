"""Before a table file is read: is it one, and is it of a size that reading it is safe?

What any upload is judged by is config.uploads; here are the rows and columns that a workbook's sheets name, what its
shared strings come to, macros, which are dropped, and text in UTF-16.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from zipfile import ZipFile

from django.core.exceptions import ValidationError

from config.uploads import MEGABYTE, TABLES, ZIP, FileKind, check_upload, refusal

MOST_ROWS, MOST_COLUMNS = 200_000, 2_000
"""The last row and column that may hold a value."""
MOST_CELLS = 4_000_000
"""From A1 to that row and column."""
MOST_STRINGS = 64 * MEGABYTE
"""Shared strings, unpacked."""
_CHUNK, _OVERLAP = 2**18, 2**10

EXTENT = (
    "Trang tính có ô ở dòng %(row)s, cột %(column)s, xa hơn mức đọc được. "
    "Hãy xóa các dòng, cột thừa hoặc chia bảng thành nhiều tệp nhỏ rồi gửi từng tệp."
)


class _Named(io.BytesIO):
    """Bytes with the name that they came by."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


def check(data: bytes, name: str = "") -> tuple[FileKind, bytes]:
    """The kind of a table file and the bytes to read: without macros, text in UTF-8.

    Raises ValidationError, in words for the person who sent it, for what is no table or not safe to read.
    """
    data = _as_utf8(data)
    data, name = _without_macros(data, name)
    kind = check_upload(_Named(data, name), TABLES)
    if kind == FileKind.XLSX:
        _check_extent(data)
    return kind, data


def _as_utf8(data: bytes) -> bytes:
    """Text of Excel's “Unicode Text” in UTF-8; other bytes as they are."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        return data.decode("utf-16").encode()
    except UnicodeError as error:
        raise refusal("broken") from error


# --- Macros ----------------------------------------------------------------------------------------

_MACROS = re.compile(r"(?:^|/)vba(?:project|data)[^/]*$|^customui/|(?:^|/)activex/|(?:^|/)ctrlprops/", re.IGNORECASE)


def _without_macros(data: bytes, name: str) -> tuple[bytes, str]:
    """A workbook with macros (.xlsm) as one without: the parts that hold them are left out.

    The package is judged as it came first, for everything but the macros.
    """
    if not name.lower().endswith((".xlsm", ".xltm", ".xltx")) or not data.startswith(ZIP):
        return data, name
    name = f"{name.rpartition('.')[0]}.xlsx"
    try:
        check_upload(_Named(data, name), TABLES)
    except ValidationError as error:
        if error.code != "nested":
            raise
        return _repacked(data), name
    return data, name


def _repacked(data: bytes) -> bytes:
    """Only called when the package's declared sizes were found harmless; a part is read no further than its own."""
    target = io.BytesIO()
    try:
        with ZipFile(io.BytesIO(data)) as package, ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for part in package.infolist():
                if not _MACROS.search(part.filename):
                    copy.writestr(part.filename, package.read(part))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, EOFError, zlib.error) as error:
        raise refusal("broken") from error
    return target.getvalue()


# --- Extent ----------------------------------------------------------------------------------------

# Places worth a closer look: three letters, a row of six digits, or two letters and a row of five. All others lie
# within 7 million cells, which the reading process can hold. Literal beginnings make the search quick.
_FAR = re.compile(
    rb'r="([A-Za-z]{3,4}[0-9]{1,9}|[A-Za-z]{1,2}[0-9]{6,9}|[A-Za-z]{2}[0-9]{5})"'
    rb"|r='([A-Za-z]{3,4}[0-9]{1,9}|[A-Za-z]{1,2}[0-9]{6,9}|[A-Za-z]{2}[0-9]{5})'"
)
_PARTS_OF_PLACE = re.compile(rb"([A-Z]+)([0-9]+)")


def _check_extent(data: bytes) -> None:
    with ZipFile(io.BytesIO(data)) as package:
        for part in package.infolist():
            name = part.filename.lower()
            if "sharedstrings" in name and part.file_size > MOST_STRINGS:
                raise refusal("unpacked")
            if name.endswith(".xml") and "/worksheets/" in f"/{name}":
                _check_sheet(package, part)


def _check_sheet(package: ZipFile, part: zipfile.ZipInfo) -> None:
    """Find the last row and column that hold something, from a stream read piece by piece."""
    row = column = 0
    for piece in _pieces(package, part):
        for place in _FAR.finditer(piece):
            if _holds_something(piece, place.end()):
                letters, digits = _PARTS_OF_PLACE.findall((place[1] or place[2]).upper())[0]
                row, column = max(row, int(digits)), max(column, _number(letters))
        _check_place(row, column)


def _holds_something(piece: bytes, end: int) -> bool:
    """Whether the cell whose place ends there has content; a cell that is only formatted is closed at once."""
    end = piece.find(b">", end)
    return end < 0 or not (piece.startswith(b"/", end - 1) or piece.startswith(b"</", end + 1))


def _pieces(package: ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that begin with a tag of a cell, so that hardly any is cut in two."""
    with package.open(part) as stream:
        kept = b""
        while chunk := stream.read(_CHUNK):
            text = kept + chunk
            end = text.rfind(b"<c", 0, len(text) - _OVERLAP) if len(text) > _OVERLAP else -1
            end = end if end > 0 else len(text)
            kept = text[end:]
            yield text[:end]
        yield kept


def _check_place(row: int, column: int) -> None:
    if row > MOST_ROWS or column > MOST_COLUMNS or row * column > MOST_CELLS:
        raise ValidationError(EXTENT, code="extent", params={"row": row, "column": _letters(column)})


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
