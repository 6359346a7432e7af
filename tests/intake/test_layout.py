"""Tables as lists have them: found under titles and headings of several lines, apart from all that is no record."""

from __future__ import annotations

from datetime import date

import pytest

from members.intake.layout import is_row_of_numbers
from members.intake.reader import read
from members.intake.understand import Options, understand
from tests.intake.files import LIST, cells, column, grid, only_table, understood, xlsx

NAMES = ["Lê Thị Mận", "Hoàng Văn Ổi"]


def names(rows: list[list[object]], kind: str = "Hồ sơ") -> list[str]:
    return [row.values.get("Họ và tên", "") for table in understood(rows, kind).tables for row in table.rows]


def why(rows: list[list[object]], kind: str = "Hồ sơ") -> dict[int, str]:
    return {row.number: row.why for row in only_table(understood(rows, kind)).skipped}


def test_list_with_title_total_and_signatures():
    assert names(LIST) == NAMES
    assert why(LIST) == {9: "total", 11: "signature", 13: "signature"}
    table = only_table(understood(LIST))
    assert [row.number for row in table.rows] == [7, 8]
    assert "CHI BỘ VĂN PHÒNG" in table.title
    assert column(understood(LIST), "Ngày sinh") == ["1980-05-13", "1975-08-17"]
    assert table.left_aside == ["STT", "Ghi chú"]


def test_title_may_stand_right_above_the_headings():
    assert names([["DANH SÁCH ĐẢNG VIÊN CHI BỘ A", None, None], *LIST[5:8]]) == NAMES
    assert names([["Năm 2015", None, "Chi bộ A"], *LIST[5:8]]) == NAMES


TWO_LINES = [
    ["TT", "Họ và tên", "Ngày sinh", None, "Ngày vào Đảng", None, "Quyết định kết nạp", None, "Dân tộc"],
    [None, None, "Nam", "Nữ", "Dự bị", "Chính thức", "Số", "Ngày", None],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
    [1, "Lê Thị Mận", None, "13/5/1980", date(2010, 1, 2), date(2011, 1, 2), "12-QĐ/ĐU", None, "Tày"],
    [2, "Hoàng Văn Ổi", 1975, None, "5/2001", None, None, None, "Kinh"],
]


@pytest.mark.parametrize("merges", [(), ("A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:H1", "I1:I2")])
def test_headings_on_two_lines_with_and_without_merged_cells(merges):
    reading = read(xlsx(TWO_LINES, merges=merges), "a.xlsx", kind="Hồ sơ")
    first, second = (row.values for row in only_table(reading).rows)
    assert first == {
        "Họ và tên": "Lê Thị Mận",
        "Giới tính": "Nữ",
        "Ngày sinh": "1980-05-13",
        "Ngày quyết định kết nạp": "2010-01-02",
        "Ngày chính thức": "2011-01-02",
        "Số quyết định kết nạp": "12-QĐ/ĐU",
        "Dân tộc": "Tày",
    }
    assert (second["Giới tính"], second["Ngày sinh"]) == ("Nam", "1975")
    assert [row.why for row in only_table(reading).skipped] == ["numbers"]


def test_headings_on_three_lines():
    rows = [
        ["STT", "Họ và tên", "Kết quả phân loại", None, None, None],
        [None, None, "Đảng viên", None, None, None],
        [None, None, "HTXS", "HTT", "HT", "KHT"],
        [1, "Lê Thị Mận", None, "x", None, None],
    ]
    reading = read(xlsx(rows, merges=("A1:A3", "B1:B3", "C1:F1", "C2:F2")), "a.xlsx", kind="Xếp loại đảng viên")
    assert column(reading, "Xếp loại") == ["HTT"]


def test_groups_are_kept_for_the_rows_below_them():
    rows = [
        *LIST[5:6],
        ["A", "ĐẢNG BỘ SỞ"],
        ["I", "Chi bộ Một"],
        LIST[6],
        ["II. Chi bộ Hai"],
        LIST[7],
        ["B", "ĐẢNG BỘ VIỆN"],
        [3, "Trần Thị Na", "Nữ", 1980],
    ]
    table = only_table(understood(rows))
    assert [row.groups for row in table.rows] == [
        ["ĐẢNG BỘ SỞ", "Chi bộ Một"],
        ["ĐẢNG BỘ SỞ", "Chi bộ Hai"],
        ["ĐẢNG BỘ VIỆN"],
    ]
    assert {row.why for row in table.skipped} == {"group"}


@pytest.mark.parametrize(
    "group",
    [
        ["CHI BỘ VĂN PHÒNG"],
        [None, "Chi bộ Văn phòng"],
        ["I", "Chi bộ Văn phòng", None, None, 5],
        ["1. Chi bộ Văn phòng"],
        [1, "Chi bộ Văn phòng"],
        ["I/ Chi bộ Văn phòng"],
        [None, "Phòng Tổ chức"],
        ["Khối Đảng"],
    ],
)
def test_row_that_only_groups_is_no_record(group):
    assert names([LIST[5], group, LIST[6], LIST[7]]) == NAMES


@pytest.mark.parametrize(
    "total",
    [
        [None, "Cộng"],
        ["Tổng cộng", None, 2],
        [None, "Tổng số: 2 đồng chí"],
        [None, "TỔNG CỘNG: 2"],
        ["Cộng:", "", "1 nữ"],
        [None, "Tỷ lệ %", 50],
        ["Danh sách này có 2 đồng chí./."],
        ["(Danh sách có 2 người)"],
        ["Ấn định danh sách có 2 người"],
        [None, "Tong cong"],
        [None, "Trong đó: nữ", 1],
    ],
)
def test_total_is_no_record(total):
    assert names([*LIST[5:8], total]) == NAMES


def test_people_whose_names_look_like_totals_are_records():
    rows = [
        LIST[5],
        [1, "Tống Thị Cộng", "Nữ", 1980],
        [2, "Công Văn Tổng", "Nam", 1981],
        [3, "Chi Bộ Lĩnh", "Nam", 1982],
    ]
    assert names(rows) == ["Tống Thị Cộng", "Công Văn Tổng", "Chi Bộ Lĩnh"]
    assert names([LIST[5], [1, "Đoàn Thị Hòa"], [2, "Ban Văn Hội"]]) == ["Đoàn Thị Hòa", "Ban Văn Hội"]
    assert names([["Họ và tên", "Quê quán"], ["Đoàn Thị Hòa", None], ["Khổng Tú", "A"]]) == ["Đoàn Thị Hòa", "Khổng Tú"]


@pytest.mark.parametrize(
    "signature",
    [
        ["NGƯỜI LẬP BIỂU", None, None, "T/M ĐẢNG ỦY"],
        [None, "TM. BAN CHẤP HÀNH"],
        [None, None, "BÍ THƯ"],
        [None, None, None, "Sơn Nam, ngày 31 tháng 12 năm 2015"],
        ["Nơi nhận:"],
        [None, "(Ký, ghi rõ họ tên)"],
    ],
)
def test_nothing_below_the_signatures_is_a_record(signature):
    assert names([*LIST[5:8], [], signature, [], [None, "Trần Thị Cam", None, "Phạm Văn Quýt"]]) == NAMES


def test_secretary_without_number_and_birth_is_still_a_record():
    rows = [["Họ và tên", "Chức vụ"], ["Lê Thị Mận", "Bí thư"], ["Hoàng Văn Ổi", "Phó Bí thư"]]
    assert names(rows) == NAMES


def test_blank_rows_and_columns_between_do_not_matter():
    rows = [
        [None],
        [None, "STT", None, "Họ và tên", None, "Ngày sinh"],
        [None],
        [None, 1, None, NAMES[0], None, 1980],
        [None],
        [None, 2, None, NAMES[1], None, 1975],
    ]
    assert names(rows) == NAMES


def test_two_tables_one_below_the_other_and_two_side_by_side():
    below = [*LIST[5:7], [], ["DANH SÁCH CHUYỂN ĐẾN"], ["TT", "Họ tên", "Quê quán"], [1, "Hoàng Văn Ổi", "Vụ Bản"]]
    reading = understood(below)
    assert [len(table.rows) for table in reading.tables] == [1, 1]
    assert reading.tables[1].title == ["DANH SÁCH CHUYỂN ĐẾN"]
    beside = [
        ["STT", "Họ và tên", "Ngày sinh", None, "STT", "Họ và tên", "Ngày sinh"],
        [1, NAMES[0], 1980, None, 2, NAMES[1], 1975],
    ]
    assert names(beside) == NAMES


def test_headings_repeated_on_every_page_do_not_become_records():
    assert names([LIST[5], LIST[6], LIST[5], LIST[7]]) == NAMES


def test_words_in_the_title_are_not_taken_for_headings():
    rows = [
        ["TỔNG HỢP", None, None, "họ", "tên"],
        [],
        ["STT", "Họ tên", "Sinh ngày", None, None],
        [1, NAMES[0], 1980, "Lê Thị", "Mận"],
    ]
    assert names(rows) == NAMES[:1]


def test_name_in_two_columns():
    assert names([["STT", "Họ và tên đệm", "Tên"], [1, "Lê Thị", "Mận"], [2, "Hoàng Văn", "Ổi"]]) == NAMES
    assert (
        names([["STT", "Họ và tên", None, "Quê quán"], [1, "Lê Thị", "Mận", "A"], [2, "Hoàng Văn", "Ổi", "B"]]) == NAMES
    )
    assert names([["STT", "Họ và tên", "Tên"], [1, "Lê Thị Mận", "Mận"], [2, "Hoàng Văn Ổi", "Ổi"]]) == NAMES


def test_row_of_numbers():
    assert is_row_of_numbers([1, 2, 3, 4])
    assert is_row_of_numbers(["A", "B", "(1)", "(2)=(3)+(4)", 3.0])
    assert not is_row_of_numbers([1, "Lê Thị Mận", 1980])
    assert not is_row_of_numbers([1, 2])


def test_row_without_a_name_is_a_record_where_it_says_enough():
    rows = [*LIST[5:8], [3, None, "Nữ", date(1990, 1, 20), "2/2015"]]
    assert [row.number for row in only_table(understood(rows)).rows] == [2, 3, 4]


def test_every_row_of_a_canonical_sheet_is_a_record():
    head = ["Số lý lịch", "Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức"]
    rows = [
        head,
        [None, "Cộng", None, None, None],
        ["01", "Bí thư", "Nam", "1980", "036"],
        [],
        ["02", None, None, None, None],
    ]
    table = only_table(understood(rows, "", "Hồ sơ"))
    assert [row.number for row in table.rows] == [2, 3, 5]


def test_hidden_sheets_are_named_and_not_read_unless_asked_for():
    hidden = grid(LIST, "Nháp")
    hidden.is_visible = False
    reading = understand([hidden], Options(kind="Hồ sơ"))
    assert (reading.tables, [note.sheet for note in reading.notes]) == ([], ["Nháp"])
    assert len(only_table(understand([hidden], Options(kind="Hồ sơ", sheet="Nháp"))).rows) == 2


def test_sheet_without_any_table_says_nothing():
    assert understood([["ĐẢNG BỘ"], ["Đợt 3/2/2016"]]).tables == []
    assert understood([]).tables == []
    assert cells(understood([[1, 2], [3, 4]]).errors) == set()


def test_record_of_a_canonical_sheet_that_reads_like_headings_is_a_record():
    rows = [
        ["Mã tổ chức", "Tên tổ chức", "Loại tổ chức", "Mã tổ chức cấp trên"],
        ["A", "Đảng bộ Sở", "Đảng bộ cơ sở", ""],
        ["B", "Chi bộ", "Chi bộ trực thuộc", "A"],
    ]
    (table,) = understood(rows, kind="", name="Tổ chức đảng").tables
    assert [row.values["Tên tổ chức"] for row in table.rows] == ["Đảng bộ Sở", "Chi bộ"]
