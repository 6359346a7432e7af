"""The columns of the lists of people, used by page and Excel alike: one entry a column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from config.workbook import Kind
from members.identifiers import shown_card
from members.partial_dates import PartialDate
from reviews.people.rows import PersonRow
from reviews.people.selection import BY_NAME, RATING_RANK, THEORY_RANK

MISSING = "–"


@dataclass(frozen=True)
class ListColumn:
    """A column: its code in addresses, its heading, what it shows, and what it is sorted by ("": not at all)."""

    code: str
    label: str
    value: Callable[[PersonRow], Any]
    sort: str = ""
    is_number: bool = False
    is_first: bool = False
    kind: Kind | None = None

    def text(self, row: PersonRow) -> str:
        """What the page shows."""
        value = self.value(row)
        if value in (None, ""):
            return MISSING
        return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


def _of_person(name: str) -> Callable[[PersonRow], Any]:
    return lambda row: getattr(row.person, name)


def _date(code: str, label: str, value: Callable[[PersonRow], PartialDate | None], sort: str) -> ListColumn:
    return ListColumn(code, label, value, sort, is_number=True)


COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("ten", "Họ và tên", lambda row: row.name, BY_NAME, is_first=True),
    _date("sinh", "Ngày sinh", _of_person("born"), "born_on"),
    ListColumn("tuoi", "Tuổi", lambda row: row.age, "born_on", is_number=True, kind=Kind.COUNT),
    ListColumn("gioi", "Giới tính", lambda row: row.person.get_sex_display(), "sex"),
    ListColumn(
        "chi_bo", "Tổ chức", lambda row: row.unit.name if row.unit else "", "stay__organisation__name_sort_key"
    ),
    ListColumn("tccs", "Tổ chức cơ sở đảng", lambda row: row.grassroots.name if row.grassroots else ""),
    ListColumn("tinh_trang", "Tình trạng", lambda row: row.standing),
    _date("ket_nap", "Kết nạp", lambda row: row.decided, "stay__admission__decided_on"),
    _date("chinh_thuc", "Chính thức", lambda row: row.official, "stay__admission__official_on"),
    ListColumn(
        "tuoi_dang",
        "Tuổi Đảng",
        lambda row: row.years_in_party,
        "stay__admission__decided_on",
        is_number=True,
        kind=Kind.COUNT,
    ),
    ListColumn("xep_loai", "Xếp loại", lambda row: row.rated, RATING_RANK),
    ListColumn("ly_lich", "Số lý lịch", _of_person("file_number"), "file_number"),
    ListColumn("so_the", "Số thẻ", lambda row: shown_card(row.person.card_number), "card_number"),
    ListColumn("dinh_danh", "Số định danh", _of_person("national_id_number"), "national_id_number"),
    ListColumn("dan_toc", "Dân tộc", _of_person("ethnicity")),
    ListColumn("ton_giao", "Tôn giáo", _of_person("religion")),
    ListColumn("que", "Quê quán", _of_person("home_town")),
    ListColumn("noi_o", "Nơi ở hiện nay", _of_person("residence")),
    ListColumn("nghe", "Nghề nghiệp, chức vụ", _of_person("occupation")),
    ListColumn("hoc_van", "Trình độ phổ thông", _of_person("general_education")),
    ListColumn("trinh_do", "Chuyên môn cao nhất", lambda row: row.person.get_professional_level_display()),
    ListColumn("chuyen_mon", "Trình độ chuyên môn", _of_person("professional_education")),
    ListColumn(
        "ly_luan", "Lý luận chính trị", lambda row: row.person.get_theory_level_display(), THEORY_RANK
    ),
    _date("den", "Về tổ chức từ", lambda row: row.stay.began if row.stay else None, "stay__began_on"),
    _date("roi", "Ngày rời", lambda row: row.left, "stay__ended_on"),
)  # fmt: skip
BY_CODE = {column.code: column for column in COLUMNS}
DEFAULT = ("ten", "sinh", "gioi", "chi_bo", "tccs", "ket_nap", "chinh_thuc", "so_the", "tinh_trang")
DEFAULT_FORMER = ("ten", "sinh", "gioi", "chi_bo", "tccs", "ket_nap", "roi", "tinh_trang")
DEFAULT_CANDIDATES = ("ten", "sinh", "gioi", "chi_bo", "tccs", "nghe", "chuyen_mon")


def chosen(codes: Sequence[str], default: Sequence[str]) -> list[ListColumn]:
    """The columns with these codes in their printed order, with the name; the usual ones where no code is known."""
    known = [code for code in codes if code in BY_CODE]
    wanted = {*(known or default), "ten"}
    return [column for column in COLUMNS if column.code in wanted]
