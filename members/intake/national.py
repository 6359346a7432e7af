"""The national member database's import template of 2025: its columns, and what in it no other list has.

Places stand in three columns each, and what became of a member in a status with one date for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from members.intake.values import BadValueError, check, choice, clean, plain_key
from members.intake.words import LEAVING, Choices

COUNTRY, PROVINCE, DETAIL = "Quốc gia", "Tỉnh/Thành phố", "Chi tiết"
STATUS, STATUS_DAY = "Trạng thái hoạt động", "Ngày rời khỏi/mất/miễn SH"
ACTIVE, EXEMPT = "Đang sinh hoạt", "Miễn sinh hoạt"

LEFT_ON, LEFT_BECAUSE, EXEMPT_FROM = "Ngày ra khỏi", "Lý do ra khỏi", "Ngày miễn sinh hoạt"
_HOME = "Việt Nam"


@dataclass(frozen=True)
class NationalColumn:
    """A column of the template: the heading `group` above several, its own `label`; "" in `column` is left aside."""

    label: str
    column: str = ""
    needed: bool = False
    group: str = ""

    @property
    def is_part(self) -> bool:
        """Whether it says only a part of its canonical column."""
        return bool(self.group) or self.label in {STATUS, STATUS_DAY}


def _place(group: str, column: str) -> tuple[NationalColumn, ...]:
    return tuple(NationalColumn(label, column, True, group) for label in (COUNTRY, PROVINCE, DETAIL))


NATIONAL_COLUMNS: tuple[NationalColumn, ...] = (
    NationalColumn("STT"),
    NationalColumn("ID"),
    NationalColumn("Họ và tên", "Họ và tên", True),
    NationalColumn("Tên gọi khác", "Tên gọi khác"),
    NationalColumn("Giới tính", "Giới tính", True),
    NationalColumn("Sinh ngày", "Ngày sinh", True),
    NationalColumn("Dân tộc", "Dân tộc", True),
    NationalColumn("Tôn giáo", "Tôn giáo", True),
    NationalColumn("Số định danh cá nhân", "Số định danh cá nhân", True),
    NationalColumn("Số thẻ Đảng", "Số thẻ đảng viên", True),
    NationalColumn("Nơi cấp thẻ", "Nơi cấp thẻ"),
    NationalColumn("Ngày cấp thẻ", "Ngày cấp thẻ"),
    NationalColumn("Số thẻ theo QĐ 85", "Số thẻ trước đây"),
    NationalColumn("TCĐ đang sinh hoạt", "Mã tổ chức", True),
    *_place("Nơi ĐK khai sinh", "Nơi đăng ký khai sinh"),
    *_place("Quê quán", "Quê quán"),
    *_place("Thường trú", "Nơi thường trú"),
    NationalColumn("Ngày vào Đảng", "Ngày quyết định kết nạp", True),
    NationalColumn("Ngày chính thức", "Ngày chính thức", True),
    NationalColumn("Số CMND cũ", "Số CMND cũ"),
    NationalColumn(STATUS, LEFT_BECAUSE),
    NationalColumn(STATUS_DAY, LEFT_ON),
    NationalColumn("Đề nghị xóa"),
)
"""In their order. The status and its day are columns of leaving or of exemption, by what the status says."""

STATUSES = Choices(
    {
        ACTIVE: "đang sinh hoạt đảng; đang hoạt động",
        **LEAVING,
        EXEMPT: "miễn công tác và sinh hoạt đảng; miễn sinh hoạt đảng; miễn SH; miễn SHĐ; miễn công tác và SHĐ",
    }
)
HEADINGS = frozenset(plain_key(column.label) for column in NATIONAL_COLUMNS if column.is_part)
"""Labels that nothing else is headed by, as keys; their group's names are headings of other lists too."""


@lru_cache(maxsize=1024)
def part_of(parts: tuple[str, ...]) -> tuple[str, str]:
    """The canonical column that a heading (its lines) is a part of, and which; blank for a heading of other lists."""
    leaf = plain_key(parts[-1].replace("*", " ").partition("(")[0])
    above = plain_key(" ".join(parts[:-1]).replace("*", " ").partition("(")[0])
    for column in NATIONAL_COLUMNS:
        if column.is_part and (plain_key(column.label), plain_key(column.group)) == (leaf, above):
            return column.column, column.label
    return "", ""


# --- Places ----------------------------------------------------------------------------------------


def joined_place(parts: Mapping[str, Any]) -> Any:
    """One text for a place in parts: detail, province, and a country that isn't this one.

    "-" where there is nothing but dashes; a cell that shows an error instead of a value is handed on as it is.
    """
    for cell in parts.values():
        try:
            check(cell)
        except BadValueError:
            return cell
    texts = {part: clean(cell) for part, cell in parts.items()}
    if plain_key(texts.get(COUNTRY, "")) in {plain_key(_HOME), "vn"}:
        texts[COUNTRY] = ""
    said = [texts[part] for part in (DETAIL, PROVINCE, COUNTRY) if texts.get(part)]
    return ", ".join(text for text in said if text != "-") or ("-" if said else "")


# --- Status ----------------------------------------------------------------------------------------


def status(value: Any) -> str:
    """The word of STATUSES that the cell means. Raises BadValueError."""
    return choice(value, STATUSES)


def settle(records: dict[str, list[str | None]]) -> list[int]:
    """Make of each row's status and its day what they say: leaving, exemption, or nothing for who is active.

    Returns the places of those that say an exemption without its day, which can't be kept.
    """
    words = records[LEFT_BECAUSE]
    days = records.setdefault(LEFT_ON, [None] * len(words))
    exempt_from = records.setdefault(EXEMPT_FROM, [None] * len(words))
    without_day = []
    for place, word in enumerate(words):
        if word in {ACTIVE, EXEMPT}:
            day, words[place], days[place] = days[place], None, None
            if word == EXEMPT and day:
                exempt_from[place] = day
            elif word == EXEMPT:
                without_day.append(place)
    return without_day


NO_DAY = "Miễn sinh hoạt nhưng chưa có ngày. Hãy ghi ngày miễn sinh hoạt vào cột “Ngày rời khỏi/mất/miễn SH”."
