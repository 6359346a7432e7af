"""Text files of tables: in which code they are written, and what parts their cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from members.intake import old_fonts
from members.text import nfc

_DELIMITERS = ",;\t|"
_BYTE_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 50
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_AS_FORMULA = re.compile(r'="([^"]*)"')
_LOST_LETTER = re.compile(r"\w\?\w|\?\?\w|\ufffd")
_LONGEST_FIELD = 100_000


def decode(data: bytes) -> str:
    """The text of the file: by its byte mark, else UTF-8, else the Windows code that makes it Vietnamese.

    Text of old fonts comes as it was typed. Bytes without a meaning become U+FFFD.
    """
    for mark, encoding in _BYTE_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_ansi(data)


def _decode_ansi(data: bytes) -> str:
    """Windows-1258 unless the letters are those of an old font; both fill the same bytes."""
    plain = data.decode("latin-1")
    if old_fonts.guess_encoding(plain.splitlines()):
        return plain
    return nfc_lines(data.decode("cp1258", "replace"))


def nfc_lines(text: str) -> str:
    """`text` in NFC; line ends stay."""
    return "\n".join(nfc(line) for line in text.splitlines())


def has_lost_letters(rows_of_text: list[list[str]]) -> bool:
    """Whether letters became question marks, as they do where a program saves Vietnamese in a Western code."""
    return sum(_LOST_LETTER.search(cell) is not None for row in rows_of_text[:200] for cell in row) >= 3


def rows(data: bytes) -> list[list[str]]:
    """The rows of cells, blank cells as ""."""
    text = decode(data).replace("\0", "")
    if named := _SEPARATOR_LINE.match(text):
        delimiter, text = named[1], "\n" + text[named.end() :]  # rows keep the numbers that the file gives them
    else:
        delimiter = _delimiter(text)
    return [[_cell(cell) for cell in row] for row in _split(text, delimiter)]


def _split(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:  # a quote that is never closed: take quotes as letters
        lines = text.splitlines()
        return [line[:_LONGEST_FIELD].split(delimiter) for line in lines]


def _delimiter(text: str) -> str:
    """The one that parts most rows into the same number of cells, at least two."""
    sample = "\n".join(text.splitlines()[: 2 * _SAMPLE])
    return max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in _split(sample, delimiter) if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return count, width


def _cell(text: str) -> str:
    """Without the ="…" by which Excel is told that digits are text."""
    formula = _AS_FORMULA.fullmatch(text)
    return formula[1] if formula else text
