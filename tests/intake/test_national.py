"""The national member database's import template: places in three parts, a status with one date for all it may say."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from members.intake.contract import KINDS
from members.intake.headings import meaning_of
from members.intake.national import NATIONAL_COLUMNS
from members.intake.reader import read
from tests.intake.files import cells, only_table, understood, xlsx

PARTS = ("Quốc gia", "Tỉnh/Thành phố", "Chi tiết")
PLACES = ("Nơi ĐK khai sinh", "Quê quán", "Thường trú")
PERSON = {
    "STT": 1,
    "ID": "a-1",
    "Họ và tên": "Lê Thị Mận",
    "Giới tính": "Nữ",
    "Sinh ngày": "13/05/1980",
    "Dân tộc": "Kinh",
    "Tôn giáo": "Không",
    "Số định danh cá nhân": "036180000001",
    "Số thẻ Đảng": "036000000001",
    "Nơi cấp thẻ": "Tỉnh ủy",
    "Ngày cấp thẻ": "02/09/2012",
    "Số thẻ theo QĐ 85": "08468564",
    "TCĐ đang sinh hoạt": "Chi bộ Văn phòng",
    "Nơi ĐK khai sinh / Tỉnh/Thành phố": "Thái Bình",
    "Quê quán / Quốc gia": "Việt Nam",
    "Quê quán / Tỉnh/Thành phố": "Nam Định",
    "Quê quán / Chi tiết": "xã Yên Thắng, huyện Ý Yên",
    "Thường trú / Quốc gia": "Lào",
    "Thường trú / Tỉnh/Thành phố": "Viêng Chăn",
    "Ngày vào Đảng": "03/02/2010",
    "Ngày chính thức": "03/02/2011",
    "Số CMND cũ": "161616161",
    "Trạng thái hoạt động": "Đang sinh hoạt",
}


def template(*people: dict[str, Any]) -> list[list[Any]]:
    """The template's two lines of headings and a row for each person, blank where it says nothing."""
    top = [column.group or column.label for column in NATIONAL_COLUMNS]
    top = [None if place and text == top[place - 1] else text for place, text in enumerate(top)]
    lower = [column.label if column.group else None for column in NATIONAL_COLUMNS]
    stars = ["*" if column.needed else "" for column in NATIONAL_COLUMNS]
    starred = [text and text + star for text, star in zip(top, stars, strict=True)]
    names = [f"{column.group} / {column.label}".removeprefix(" / ") for column in NATIONAL_COLUMNS]
    return [starred, lower, *([person.get(name) for name in names] for person in people)]


MERGES = [f"{letter}1:{letter}2" for letter in "ABCDEFGHIJKLMN"] + ["O1:Q1", "R1:T1", "U1:W1", "X1:X2", "Y1:Y2"]


@pytest.mark.parametrize("merges", [MERGES, []])
def test_template_reads_as_profiles(merges):
    table = only_table(read(xlsx(template(PERSON), title="Danh sách", merges=merges), "a.xlsx", dates="dmy"))
    assert (table.kind, table.is_proposed) == ("Hồ sơ", True)
    assert table.rows[0].values == {
        "Họ và tên": "Lê Thị Mận",
        "Giới tính": "Nữ",
        "Ngày sinh": "1980-05-13",
        "Dân tộc": "Kinh",
        "Tôn giáo": "Không",
        "Số định danh cá nhân": "036180000001",
        "Số thẻ đảng viên": "036000000001",
        "Ngày cấp thẻ": "2012-09-02",
        "Nơi cấp thẻ": "Tỉnh ủy",
        "Số thẻ trước đây": "08468564",
        "Nơi đăng ký khai sinh": "Thái Bình",
        "Số CMND cũ": "161616161",
        "Mã tổ chức": "Chi bộ Văn phòng",
        "Quê quán": "xã Yên Thắng, huyện Ý Yên, Nam Định",
        "Nơi thường trú": "Viêng Chăn, Lào",
        "Ngày quyết định kết nạp": "2010-02-03",
        "Ngày chính thức": "2011-02-03",
    }
    assert sorted(table.left_aside) == sorted(["STT", "ID", "Đề nghị xóa"])


def with_status(*told: tuple[str | None, str | None]) -> list[list[Any]]:
    return template(*(PERSON | {"Trạng thái hoạt động": word, "Ngày rời khỏi/mất/miễn SH": day} for word, day in told))


@pytest.mark.parametrize("word", ["Chuyển đi", "Từ trần", "Xóa tên", "Khai trừ", "Xin ra"])
def test_who_left_has_the_day_and_the_reason(word):
    values = only_table(understood(with_status((word, "05/2015")))).rows[0].values
    assert (values["Ngày ra khỏi"], values["Lý do ra khỏi"]) == ("2015-05", word)
    assert "Ngày miễn sinh hoạt" not in values


@pytest.mark.parametrize("word", ["Miễn sinh hoạt", "Miễn công tác và sinh hoạt đảng", "MIỄN SH"])
def test_who_is_exempt_has_the_day_of_that(word):
    values = only_table(understood(with_status((word, "20/05/2015")))).rows[0].values
    assert values["Ngày miễn sinh hoạt"] == "2015-05-20"
    assert not {"Ngày ra khỏi", "Lý do ra khỏi"} & set(values)


def test_who_is_active_or_without_a_status_has_nothing():
    rows = only_table(understood(with_status(("Đang sinh hoạt", None), ("đang sinh hoạt", "2015"), (None, None)))).rows
    told = {"Ngày miễn sinh hoạt", "Ngày ra khỏi", "Lý do ra khỏi"}
    assert [told & set(row.values) for row in rows] == [set(), set(), set()]


def test_unknown_status_and_exemption_without_a_day_are_errors():
    reading = understood(with_status(("Đi nghĩa vụ", None), ("Miễn sinh hoạt", None)))
    assert cells(reading.errors) == {(3, "Lý do ra khỏi"), (4, "Ngày miễn sinh hoạt")}
    assert "Đang sinh hoạt" in reading.errors[0].reason


@pytest.mark.parametrize(
    ("country", "province", "detail", "expected"),
    [
        ("Việt Nam", "Nam Định", "xã Yên Thắng", "xã Yên Thắng, Nam Định"),
        ("VIỆT NAM", "Nam Định", None, "Nam Định"),
        ("Lào", None, "bản Một", "bản Một, Lào"),
        (None, None, " xã  Yên Thắng ", "xã Yên Thắng"),
        ("Việt Nam", None, None, None),
        ("-", "-", "-", ""),
        ("-", "Nam Định", "-", "Nam Định"),
    ],
)
def test_place_from_its_parts(country, province, detail, expected):
    parts = dict(zip(PARTS, (country, province, detail), strict=True))
    person = PERSON | {f"Quê quán / {part}": text for part, text in parts.items()}
    assert only_table(understood(template(person))).rows[0].values.get("Quê quán") == expected


def test_part_of_a_place_that_shows_an_error_is_an_error():
    reading = understood(template(PERSON | {"Quê quán / Chi tiết": "#N/A"}))
    assert cells(reading.errors) == {(3, "Quê quán")}


def test_answers_that_repeat_what_was_understood_keep_the_parts():
    rows = template(PERSON)
    table = only_table(understood(rows))
    told = {column.letters: column.meaning for column in table.columns}
    again = only_table(understood(rows, "", answers={table.shape: {"kind": "Hồ sơ", "columns": told}}))
    assert again.rows[0].values == table.rows[0].values


def test_place_in_one_column_stays_as_it_is():
    table = only_table(understood([["Họ và tên", "Quê quán", "Thường trú"], ["Lê Thị Mận", "Ý Yên", "Vụ Bản"]]))
    assert table.rows[0].values == {"Họ và tên": "Lê Thị Mận", "Quê quán": "Ý Yên", "Nơi thường trú": "Vụ Bản"}


def test_template_has_its_columns_and_every_one_means_what_it_says():
    assert len(NATIONAL_COLUMNS) == 29
    for column in NATIONAL_COLUMNS:
        parts = (column.group, column.label) if column.group else (column.label,)
        assert meaning_of(parts, KINDS["Hồ sơ"]).column == column.column
    grouped = [(column.group, column.label) for column in NATIONAL_COLUMNS if column.group]
    assert grouped == list(product(PLACES, PARTS))
