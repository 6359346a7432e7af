"""Which rows under a table's headings are records, and what the others are: groups, totals, signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from members.intake.layout import is_row_of_numbers
from members.intake.values import clean, key, plain_key

_TOTAL = re.compile(
    r"(?:tổng(?: (?:cộng|số|hợp|kết|toàn))?|cộng|tỷ lệ|tỉ lệ|trong đó|danh sách (?:này |trên )?(?:có|gồm)|"
    r"ấn định danh sách|cộng (?:dồn|chung|trang)|bình quân|số lượng)\b"
)
_PLAIN_TOTAL = re.compile(r"(?:tong cong|tong so|ty le|ti le|danh sach nay (?:co|gom)|an dinh danh sach)\b")
_SIGNATURE = re.compile(
    r"(?:người (?:lập|kiểm|tổng hợp|báo cáo|viết)|lập biểu|tm|t m|kt|k t|tl|t l|tuq|"
    r"xác nhận|nơi nhận|ký ghi rõ|ký tên|ký và|đã ký|ghi chú|"
    r"(?:phó |chánh )?(?:bí thư|chủ tịch|trưởng ban|giám đốc|chánh văn phòng|thủ trưởng|hiệu trưởng|"
    r"trưởng phòng|chủ nhiệm|viện trưởng|cục trưởng|chi cục trưởng)|"
    r".{0,40} ngày (?:\d+|) ?tháng (?:\d+|) ?năm(?: \d*)?$|ngày \d* ?tháng)\b"
)
_NUMBERED = re.compile(
    r"\(?(?P<number>[IVXLC]{1,6}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})*)\s*[.)\-/:–]+\s*(?P<text>\D.*)", re.DOTALL
)
_LONE_NUMBER = re.compile(r"\(?(?:[IVXLC]{1,6}|[A-ZĐ])[.)]?")
# Not words that are family names too: Đoàn, Hội and Ban only with what follows them.
_ORGANISATION = re.compile(
    r"(?:đảng bộ|chi bộ|chi đảng bộ|đảng ủy|đảng đoàn|tổ đảng|văn phòng|sở|khối|đơn vị|trung tâm|phòng|khoa|trường|"
    r"chi cục|công đoàn|cơ quan|bệnh viện|công ty|xã|phường|"
    r"đoàn (?:thanh niên|tncs|thể|cơ sở|khối)|hội (?:cựu|phụ nữ|nông dân|chữ thập|liên hiệp)|"
    r"ban (?:tổ chức|tuyên|kiểm|dân|nội|chấp|giám|quản|thường|bảo)|tổ \d)\b"
)


@dataclass(frozen=True)
class Shape:
    """What a table's rows are judged by: its columns, and which of them say what.

    `anchors` are the columns that name the record; `numbering` counts the rows. In a `strict` table each row with
    anything in it is a record; `of_organisations` a name of one is a record and no group.
    """

    columns: list[int]
    understood: list[int]
    anchors: list[int]
    numbering: int | None = None
    strict: bool = False
    of_organisations: bool = False


@dataclass(frozen=True)
class Kept:
    """A record: its row counted from 0, and the groups that it stands in."""

    row: int
    groups: list[str]


@dataclass(frozen=True)
class Left:
    """A row that is no record: what it is instead, and its text."""

    row: int
    why: str
    text: str


@dataclass
class _Groups:
    """The groups that a row stands in: A above I above 1 above what has no number."""

    levels: dict[int, str] = field(default_factory=dict)

    def open(self, number: str, text: str) -> None:
        level = 3
        if number:
            level = 2 if number[0].isdigit() else 1 if re.fullmatch("[IVXLC]+", number) else 0
        self.levels = {other: name for other, name in self.levels.items() if other < level} | {level: text}

    @property
    def texts(self) -> list[str]:
        return list(self.levels.values())


def sort_rows(rows: Sequence[Sequence[Any]], first: int, end: int, shape: Shape) -> Iterator[Kept | Left]:
    """The rows from `first` to `end`, each as what it is; blank ones are left out."""
    groups, is_over = _Groups(), False
    has_numbers = _has_numbers(rows[first:end], shape)
    is_first = True
    for number in range(first, end):
        row = rows[number]
        if shape.strict:
            if not all(_is_blank(row[column]) for column in shape.columns):
                yield Kept(number, [])
            continue
        filled = [cell for column in shape.columns if (cell := row[column]) != "" and not _is_blank(cell)]
        if not filled:
            continue
        why = _why_left(row, filled, shape, is_first, has_numbers)
        is_first = False
        is_over = is_over or why == "signature"
        if is_over:
            yield Left(number, "signature", _text(filled))
        elif why == "group":
            groups.open(*_group(filled))
            yield Left(number, why, _text(filled))
        elif why:
            yield Left(number, why, _text(filled))
        else:
            yield Kept(number, groups.texts)


def _is_blank(cell: Any) -> bool:
    return cell == "" or (isinstance(cell, str) and cell.isspace())


def _text(filled: list[Any]) -> str:
    return " · ".join(map(clean, filled))[:300]


def _has_numbers(rows: Sequence[Sequence[Any]], shape: Shape) -> bool:
    """Whether records are counted: most rows that name one have a number."""
    if shape.numbering is None:
        return False
    named = [row for row in rows if any(not _is_blank(row[column]) for column in shape.anchors)]
    counted = sum(_is_number(row[shape.numbering]) for row in named)
    return counted > 0 and 2 * counted >= len(named)


def _is_number(cell: Any) -> bool:
    return not isinstance(cell, bool) and (
        isinstance(cell, int | float) or (isinstance(cell, str) and cell.strip(" .").isdigit())
    )


def _why_left(row: Sequence[Any], filled: list[Any], shape: Shape, is_first: bool, has_numbers: bool) -> str:
    """Why a row is no record, "" where it is one."""
    if is_first and is_row_of_numbers(filled):
        return "numbers"
    counted = shape.numbering is not None and _is_number(row[shape.numbering])
    if not counted and _is_total(filled):
        return "total"
    if not counted and len(filled) <= 4 and _is_signature(filled):
        return "signature"
    if _is_group(row, filled, shape, counted, has_numbers):
        return "group"
    return "" if _is_record(row, filled, shape, counted, has_numbers) else "other"


def _is_total(filled: list[Any]) -> bool:
    text = next((cell for cell in filled if isinstance(cell, str) and not _LONE_NUMBER.fullmatch(cell.strip())), "")
    return len(text) < 200 and (_TOTAL.match(key(text)) is not None or _PLAIN_TOTAL.match(plain_key(text)) is not None)


def _is_signature(filled: list[Any]) -> bool:
    texts = [cell for cell in filled if isinstance(cell, str)]
    return len(texts) == len(filled) and all(_SIGNATURE.match(key(text)) for text in texts if len(text) < 300)


def _is_record(row: Sequence[Any], filled: list[Any], shape: Shape, counted: bool, has_numbers: bool) -> bool:
    named = any(not _is_blank(row[column]) for column in shape.anchors)
    if has_numbers and not counted and len(filled) <= 2:
        return False
    if named:
        return True
    understood = sum(not _is_blank(row[column]) for column in shape.understood)
    return understood >= min(3, len(shape.understood)) and (counted or not has_numbers)


# --- Groups ----------------------------------------------------------------------------------------


def _is_group(row: Sequence[Any], filled: list[Any], shape: Shape, counted: bool, has_numbers: bool) -> bool:
    texts = [cell for cell in filled if isinstance(cell, str)]
    if not texts:
        return False
    number, text = _group(filled)
    is_organisation = not shape.of_organisations and _ORGANISATION.match(key(text)) is not None
    if _is_lettered(texts[0]):
        return len(texts) <= 2 or is_organisation
    if len(filled) == 1 and not counted:
        return is_organisation or bool(number) or _stands_apart(row, shape, has_numbers)
    return counted and len(filled) == 2 and is_organisation


def _is_lettered(text: str) -> bool:
    """Begins with A or I as a number: alone in its cell, or with a full stop after it."""
    found = _NUMBERED.fullmatch(text.strip())
    return _LONE_NUMBER.fullmatch(text.strip()) is not None or (found is not None and not found["number"][0].isdigit())


def _stands_apart(row: Sequence[Any], shape: Shape, has_numbers: bool) -> bool:
    """The only text of its row, in the first column or left of all names; among counted rows also without a number."""
    first = shape.columns[0]
    return first not in shape.anchors and not _is_blank(row[first]) and has_numbers


def _group(filled: list[Any]) -> tuple[str, str]:
    """A group's number and text."""
    texts = [clean(cell) for cell in filled[:2]]
    if len(texts) > 1 and (_LONE_NUMBER.fullmatch(texts[0]) or texts[0].strip(" .").isdigit()):
        return texts[0].strip("(). "), texts[1]
    found = _NUMBERED.fullmatch(texts[0])
    return (found["number"], found["text"].strip()) if found else ("", texts[0])
