"""What a person types for one cell becomes what the reader would have read from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.intake.contract import KINDS
from members.intake.typed import typed
from members.intake.values import BadValueError
from tests.intake.files import understood


@pytest.mark.parametrize(
    ("kind", "column", "text", "expected"),
    [
        ("Hồ sơ", "Ngày sinh", "5/9/1975", "1975-09-05"),
        ("Hồ sơ", "Ngày sinh", " 09.1975 ", "1975-09"),
        ("Hồ sơ", "Ngày sinh", "1975", "1975"),
        ("Hồ sơ", "Ngày sinh", "1975-09-05", "1975-09-05"),
        ("Hồ sơ", "Giới tính", "nu", "Nữ"),
        ("Hồ sơ", "Họ và tên", "Lê  Thị Ma\u0323\u0302n", "Lê Thị Mận"),
        ("Hồ sơ", "Số lý lịch", " 0036 ", "0036"),
        ("Hồ sơ", "Dân tộc", "-", ""),
        ("Hồ sơ", "Ngày đến", "–", ""),
        ("Hồ sơ", "Dân tộc", "  ", ""),
        ("Xếp loại đảng viên", "Xếp loại", "hoàn thành tốt", "HTT"),
        ("Xếp loại đảng viên", "Năm", "năm 2015", "2015"),
        ("Học viên", "Điểm", "7,5", "7.5"),
        ("Học viên", "Ngày sinh", "1980", "1980"),
        ("Huy hiệu Đảng", "Mốc", "30 năm", "30"),
        ("Huy hiệu Đảng", "Truy tặng", "x", "Có"),
        ("Huy hiệu Đảng", "Truy tặng", "khong", "Không"),
    ],
)
def test_typed_text_becomes_what_is_kept(kind, column, text, expected):
    assert typed(kind, column, text) == expected


@pytest.mark.parametrize(
    ("kind", "column", "text", "words"),
    [
        ("Hồ sơ", "Ngày sinh", "31/02/1975", "chỉ có 28 ngày"),
        ("Hồ sơ", "Ngày sinh", "5/9/75", "bốn chữ số"),
        ("Hồ sơ", "Giới tính", "không rõ", "Nam, Nữ"),
        ("Hồ sơ", "Họ và tên", "123", "chữ cái"),
        ("Hồ sơ", "Số lý lịch", "3.6E+10", "Text"),
        ("Chỉ tiêu", "Giá trị", "nhiều", "một số"),
        ("Chỉ tiêu", "Năm", "15", "bốn chữ số"),
        ("Huy hiệu Đảng", "Mốc", "ba mươi", "số nguyên"),
        ("Hồ sơ", "Quê quán", "#REF!", "công thức"),
    ],
)
def test_typed_text_that_cannot_be_kept_says_what_to_do(kind, column, text, words):
    with pytest.raises(BadValueError, match=words):
        typed(kind, column, text)


def test_column_of_another_kind_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        typed("Lớp", "Ngày sinh", "1975")


COLUMNS = [(kind.name, column.name) for kind in KINDS.values() for column in kind.columns]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:19|20)[0-9]{2}", fullmatch=True),
    st.sampled_from(["-", "x", "Nam", "7,5", "2015", "Đạt", "Cờ", "Có", "#N/A"]),
)


def outcomes(kind: str, column: str, text: str) -> list[tuple[list[str], list[str]]]:
    try:
        return [([typed(kind, column, text)], [])]
    except BadValueError as error:
        return [([""], [str(error)])]


@given(st.sampled_from(COLUMNS), TEXTS)
def test_typed_text_is_read_as_in_a_sheet_of_the_exchange_workbook(where, text):
    kind, column = where
    head = [about.name for about in KINDS[kind].columns]
    row = [text if name == column else None for name in head]
    reading = understood([head, row], "", kind)
    found = [row.values.get(column, "") for row in reading.tables[0].rows]
    refused = [problem.reason for problem in reading.as_errors()]
    assert (found, refused) in [*outcomes(kind, column, text), ([], [])]  # a blank row is none
