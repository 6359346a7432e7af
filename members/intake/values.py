"""One cell's value as the text that a column of its type keeps. Dates are in dates.py, whole columns in columns.py."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from members.intake.sheets import WITHOUT_VALUE
from members.intake.words import Choices
from members.text import canonical_tone, fold, one_line

LARGEST_EXACT = 10**15
"""Excel keeps 15 digits of a number."""


class BadValueError(ValueError):
    """The cell's value can't be kept; the message tells the person, in Vietnamese, what to do."""


# --- Text ------------------------------------------------------------------------------------------


def clean(value: Any) -> str:
    """The cell as text on one line in NFC; numbers without a needless .0, dates as dd/mm/yyyy."""
    if isinstance(value, str):
        return value if _is_clean(value) else one_line(value)
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**22 else repr(value)
    if isinstance(value, datetime | date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return str(value)


def _is_clean(text: str) -> bool:
    return (
        text.isprintable()
        and "  " not in text
        and text == text.strip()
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def check(value: Any) -> None:
    """Raise BadValueError for a formula without a value and for what Excel shows in place of one."""
    if isinstance(value, str) and value[:1] == "#":
        if value == WITHOUT_VALUE:
            raise BadValueError(
                "Công thức trong ô chưa có giá trị hoặc bị lỗi. Hãy mở tệp bằng Excel, tính lại rồi lưu."
            )
        if re.fullmatch(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|#+)", value):
            raise BadValueError("Ô báo lỗi công thức. Hãy sửa công thức hoặc ghi giá trị vào ô.")


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Words alone, lower case, accents kept but each tone in one place: what headings are compared by."""
    return _words(canonical_tone(text.replace("Ð", "Đ")).lower())


@lru_cache(maxsize=8192)
def plain_key(text: str) -> str:
    """The same without accents."""
    return _words(fold(text))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


# --- Types -----------------------------------------------------------------------------------------


_POWER = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+", re.IGNORECASE)


def code(value: Any, width: int = 0) -> str:
    """An identifier: digits as typed, a number filled to the width of its format. Raises BadValueError."""
    if isinstance(value, str | bool):
        text = clean(value)
        if _POWER.fullmatch(text):
            raise BadValueError(_ROUNDED)
        return text
    if not isinstance(value, int | float):
        raise BadValueError("Excel đã đổi số hiệu này thành ngày giờ. Hãy định dạng ô là Text rồi ghi lại số hiệu.")
    if not abs(value) < LARGEST_EXACT:  # NaN is not less than anything
        raise BadValueError(_ROUNDED)
    text = clean(value)
    return text.zfill(width) if text.isdigit() else text


def name(value: Any) -> str:
    """A person's name. Raises BadValueError for one without a letter, as formulas leave behind."""
    text = clean(value)
    if not any(map(str.isalpha, text)):
        raise BadValueError("Họ và tên không có chữ cái nào. Hãy ghi họ và tên.")
    return text


_ROUNDED = "Excel đã đổi số hiệu này thành số và làm mất chữ số. Hãy định dạng ô là Text rồi ghi lại đủ các chữ số."


def integer(value: Any) -> str:
    """A whole number, alone or before a word (30 năm). Raises BadValueError."""
    text = clean(value)
    numbers = re.findall(r"\d+(?:[.,]\d+)?", text)
    if len(numbers) != 1 or not numbers[0].isdigit() or text.startswith("-"):
        raise BadValueError("Cần một số nguyên, ví dụ 30.")
    return str(int(numbers[0]))


def year(value: Any) -> str:
    """A year of four digits, alone or after the word Năm. Raises BadValueError."""
    if isinstance(value, date):
        return str(value.year)
    found = re.fullmatch(r"(?:năm )?((?:19|20)[0-9]{2})", clean(value).lower())
    if not found:
        raise BadValueError("Cần một năm gồm bốn chữ số, ví dụ 2015.")
    return found[1]


_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")


def decimal(value: Any) -> str:
    """A number with a point: 7,5 is 7.5 and 1.234,5 is 1234.5. Raises BadValueError."""
    text = clean(value).replace(" ", "").removesuffix("%")
    if isinstance(value, str) and _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    text = text.replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", text, re.ASCII):
        raise BadValueError("Cần một số, ví dụ 7,5.")
    return text.rstrip("0").rstrip(".") if "." in text else text


def choice(value: Any, choices: Choices) -> str:
    """The word that the cell means, by itself, a synonym, or either without accents. Raises BadValueError."""
    text = clean(value)
    if choices.ticked and (isinstance(value, bool) or is_mark(value)):
        return choices.ticked if value else choices.unticked
    found = find_word(text, choices)
    if found:
        return found
    if choices.is_open:
        return text
    raise BadValueError(f"Không hiểu “{shortened(text)}”. Hãy ghi một trong các giá trị: {', '.join(choices.words)}.")


def find_word(text: str, choices: Choices) -> str | None:
    """The canonical word for the text, None where there is none."""
    by_key, by_plain_key = _words_of(tuple(choices.words.items()))
    return by_key.get(key(text)) or by_plain_key.get(plain_key(text))


@lru_cache(maxsize=64)
def _words_of(words: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], dict[str, str]]:
    by_key: dict[str, str] = {}
    plain: dict[str, str] = {}
    for word, also in words:
        for name in [word, *filter(None, also.split("; "))]:
            by_key.setdefault(key(name), word)
            plain.setdefault(plain_key(name), word)
    return by_key, plain


_MARKS = {"x", "v", "✓", "✔", "☑", "√", "+", "*", "●", "1", "có", "co", "×", "х", "y", "yes", "true"}


def is_mark(value: Any) -> bool:
    """Whether the cell is ticked, in one of the ways that lists are ticked."""
    return clean(value).lower() in _MARKS


def shortened(text: str) -> str:
    """For a sentence about it."""
    return text if len(text) <= 60 else text[:59] + "…"
