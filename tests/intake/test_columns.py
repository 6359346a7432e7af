"""What headings mean, and their cells as values: ticks, sexes, identifiers, choices; answers of a person win."""

from __future__ import annotations

from datetime import date

import pytest

from members.intake import values
from members.intake.contract import KINDS
from members.intake.headings import meaning_of
from members.intake.reader import read
from members.intake.sheets import WITHOUT_VALUE
from members.intake.values import BadValueError
from members.intake.words import SEX
from tests.intake.files import cells, column, only_table, understood, xlsx

WORKBOOK = [(kind.name, name.name) for kind in KINDS.values() for name in kind.columns]


@pytest.mark.parametrize(("kind", "name"), WORKBOOK)
def test_canonical_name_means_its_own_column_however_it_is_typed(kind, name):
    for typed in (name, name.upper(), f"  {name.lower()} ", f"{name} (*)", f"{name}*", values.plain_key(name)):
        if (kind, typed) == ("Xếp loại đảng viên", "nam"):
            continue
        assert meaning_of((typed,), KINDS[kind]).column == name, typed


def test_no_synonym_is_another_column_of_its_kind():
    for kind in KINDS.values():
        for about in kind.columns:
            for also in filter(None, about.also.split("; ")):
                found = meaning_of((also,), kind)
                assert found.is_numbering or found.column == about.name, (kind.name, about.name, also)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        (("Ngày vào Đảng", "Dự bị"), "Ngày quyết định kết nạp"),
        (("Ngày vào Đảng", "Chính thức"), "Ngày chính thức"),
        (("Quyết định kết nạp", "Số"), "Số quyết định kết nạp"),
        (("Quyết định kết nạp", "Ngày"), "Ngày quyết định kết nạp"),
        (("HỌ VÀ TÊN (chữ in hoa)",), "Họ và tên"),
        (("Trình độ", "Chuyên môn"), "Trình độ chuyên môn"),
        (("Trình độ", "LLCT"), "Lý luận chính trị"),
        (("Số thẻ đảng viên (nếu có)",), "Số thẻ đảng viên"),
        (("Mã hồ sơ",), ""),
        (("Ghi chú",), ""),
        (("Thẻ đảng viên", "Số"), "Số thẻ đảng viên"),
        (("Ngày sinh (dd/mm/yyyy)",), "Ngày sinh"),
        (("Số điện thoại",), ""),
        (("STT",), ""),
        (("Họ tên đồng chí",), "Họ và tên"),
    ],
)
def test_heading_of_lists(heading, name):
    assert meaning_of(heading, KINDS["Hồ sơ"]).column == name


def test_nam_and_nam_with_an_accent():
    ratings = KINDS["Xếp loại đảng viên"]
    assert meaning_of(("Năm",), ratings, has_women=True).column == "Năm"
    assert meaning_of(("NAM",), ratings).column == "Năm"
    assert meaning_of(("NAM",), ratings, has_women=True).word == "Nam"
    assert meaning_of(("Nam",), KINDS["Hồ sơ"]).word == "Nam"


def people(*rows: list[object], head: tuple[str, ...] = ("Nam", "Nữ")) -> list[list[object]]:
    return [["Họ và tên", *head], *(["Lê Thị Mận", *row] for row in rows)]


def test_sex_by_ticks_in_two_columns():
    reading = understood(people(["x", None], [None, "X"], [None, None], ["x", "x"], [None, "có lẽ"]))
    assert column(reading, "Giới tính") == ["Nam", "Nữ", None, None, None]
    assert cells(reading.errors) == {(5, "Giới tính"), (6, "Giới tính")}


def test_sex_by_ticks_in_one_column():
    assert column(understood(people(["x"], [None], ["Nữ"], head=("Nữ",))), "Giới tính") == ["Nữ", "Nam", "Nữ"]


def test_birth_years_under_one_of_two_columns_tell_the_sex():
    reading = understood(people([1980, None], [None, "13/5/1981"], ["1975", "1976"], [None, None]))
    assert column(reading, "Giới tính") == ["Nam", "Nữ", None, None]
    assert column(reading, "Ngày sinh")[:2] == ["1980", "1981-05-13"]
    assert (4, "Giới tính") in cells(reading.errors)


def test_ratings_by_ticks():
    head = ("HTXS", "HTT", "HT", "KHT")
    rows = people(
        ["x", None, None, None],
        [None, None, "X", None],
        [None] * 4,
        ["x", "x", None, None],
        [None, "5", None, None],
        head=head,
    )
    reading = understood(rows, "Xếp loại đảng viên")
    assert column(reading, "Xếp loại") == ["HTXS", "HT", None, None, None]
    assert cells(reading.errors) == {(5, "Xếp loại"), (6, "Xếp loại")}


def test_results_by_ticks():
    reading = understood(people(["x", None, None], [None, None, "v"], head=("Đạt", "Không đạt", "Bỏ học")), "Học viên")
    assert column(reading, "Kết quả") == ["Đạt", "Bỏ học"]


def test_dash_empties_and_blank_says_nothing():
    reading = understood(people(["-", " "], [" – ", None], head=("Dân tộc", "Tôn giáo")))
    assert [row.values for row in only_table(reading).rows] == [{"Họ và tên": "Lê Thị Mận", "Dân tộc": ""}] * 2


def test_same_meaning_twice_reads_the_column_that_is_shown():
    rows = [["Họ và tên", "Số thẻ", "Số thẻ đảng viên"], ["Lê Thị Mận", "001", "002"]]
    assert column(read(xlsx(rows, hidden="B"), "a.xlsx", kind="Hồ sơ"), "Số thẻ đảng viên") == ["002"]
    assert column(read(xlsx(rows), "a.xlsx", kind="Hồ sơ"), "Số thẻ đảng viên") == ["001"]


def test_answers_about_columns_win_and_are_known_by_the_shape():
    rows = [["Họ và tên", "Dòng họ", "Quê quán"], ["Lê Thị Mận", "Tày", "Vụ Bản"]]
    shape = understood(rows).tables[0].shape
    answers = {shape: {"kind": "Hồ sơ", "columns": {"B": "Dân tộc", "C": ""}}}
    table = only_table(understood(rows, "", answers=answers))
    assert table.rows[0].values == {"Họ và tên": "Lê Thị Mận", "Dân tộc": "Tày"}
    assert not table.is_proposed
    assert table.shape == understood([["title"], [], *rows, ["Hoàng Văn Ổi", "Kinh", "Ý Yên"]]).tables[0].shape
    assert table.shape != understood([["Họ và tên", "Quê quán"], ["a", "b"]]).tables[0].shape


# --- Identifiers -----------------------------------------------------------------------------------


def test_identifier_that_became_a_number_gets_its_zeros_back_from_the_format():
    rows = [
        ["Họ và tên", "Số lý lịch", "Số thẻ"],
        ["Lê Thị Mận", 36000001, 8468564],
        ["Hoàng Văn Ổi", "0036000002", "08468565"],
    ]
    reading = read(xlsx(rows, formats={"B": "0000000000", "C": "00000000"}), "a.xlsx", kind="Hồ sơ")
    assert column(reading, "Số lý lịch") == ["0036000001", "0036000002"]
    assert column(reading, "Số thẻ đảng viên") == ["08468564", "08468565"]
    assert reading.notes == []


def test_identifier_that_lost_its_zeros_is_reported_and_not_guessed():
    rows = [
        ["Họ và tên", "Số CCCD", "Số thẻ"],
        ["Lê Thị Mận", 36078740665, 8468564],
        ["Hoàng Văn Ổi", "036078740666", "08468565"],
    ]
    reading = understood(rows)
    assert column(reading, "Số định danh cá nhân") == ["36078740665", "036078740666"]
    assert {(note.column, note.row) for note in reading.notes} == {("Số định danh cá nhân", 2), ("Số thẻ đảng viên", 2)}


@pytest.mark.parametrize(
    ("value", "expected"), [(1234.0, "1234"), (1234, "1234"), ("0036", "0036"), (36.01, "36.01"), (" 01-QĐ ", "01-QĐ")]
)
def test_identifier_as_text(value, expected):
    assert values.code(value) == expected


@pytest.mark.parametrize(
    "value", [date(2015, 1, 1), 3.6e15, 1e300, "3.6E+10", "3,60787E+10", float("inf"), float("nan")]
)
def test_identifier_that_lost_digits_is_an_error(value):
    with pytest.raises(BadValueError):
        values.code(value)


# --- Other values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7,5", "7.5"), (7.5, "7.5"), (4.0, "4"), ("1.234,5", "1234.5"), ("98%", "98"), ("8.0", "8"), (0, "0")],
)
def test_decimals(value, expected):
    assert values.decimal(value) == expected


@pytest.mark.parametrize("value", ["bảy", "", "1,2,3", float("nan"), "٣"])
def test_what_is_no_number(value):
    with pytest.raises(BadValueError):
        values.decimal(value)


@pytest.mark.parametrize(("value", "expected"), [("30 năm", "30"), (40.0, "40"), ("Huy hiệu 50 năm", "50")])
def test_milestones(value, expected):
    assert values.integer(value) == expected


@pytest.mark.parametrize("value", ["năm ngoái", 15, "2015-2016", "", 3015])
def test_what_is_no_year(value):
    with pytest.raises(BadValueError):
        values.year(value)


def test_choices_by_word_synonym_and_without_accents():
    assert [values.choice(text, SEX) for text in ("nam", "NỮ", "nu", " Nữ ", "Gái", "Nư\u0303")] == [
        "Nam",
        "Nữ",
        "Nữ",
        "Nữ",
        "Nữ",
        "Nữ",
    ]
    with pytest.raises(BadValueError, match="Nam, Nữ"):
        values.choice("Không rõ", SEX)


def test_decomposed_text_and_odd_blanks_become_plain():
    reading = understood(
        [
            ["Ho\u0323 va\u0300 te\u0302n", "Que\u0302 qua\u0301n"],
            ["Le\u0302  Thi\u0323\u00a0Ma\u0323\u0302n", "Vu\u0323\nBa\u0309n"],
        ]
    )
    assert only_table(reading).rows[0].values == {"Họ và tên": "Lê Thị Mận", "Quê quán": "Vụ Bản"}


@pytest.mark.parametrize("cell", [WITHOUT_VALUE, "#REF!", "#N/A", "#DIV/0!", "######"])
def test_formula_without_a_value_is_an_error(cell):
    assert cells(understood(people([cell], head=("Dân tộc",))).errors) == {(2, "Dân tộc")}


def test_formula_without_a_value_and_error_cell_in_a_workbook():
    rows = [["Họ và tên", "Dân tộc", "Quê quán"], ["Lê Thị Mận", '=IF(A1="","a","b")', "#REF!"]]
    reading = read(xlsx(rows), "a.xlsx", kind="Hồ sơ")
    assert cells(reading.errors) == {(2, "Dân tộc"), (2, "Quê quán")}


def test_name_without_a_letter_is_an_error():
    assert cells(understood([["Họ và tên", "Quê quán"], [0, "Vụ Bản"], ["H'Hen", "Ý Yên"]]).errors) == {
        (2, "Họ và tên")
    }


# --- Kinds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_sheet_of_the_exchange_workbook_is_known_by_its_name(kind):
    head = [about.name for about in KINDS[kind].columns]
    table = understood([head, ["1"] * len(head)], "", kind).tables[0]
    assert (table.kind, table.is_canonical, len(table.rows)) == (kind, True, 1)
    assert {about.meaning for about in table.columns} == set(head)


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        ("Hồ sơ", ["STT", "Họ tên", "Ngày sinh", "Quê quán", "Ngày vào Đảng"]),
        ("Học viên", ["TT", "Họ tên", "Năm sinh", "Điểm", "Kết quả"]),
        ("Xếp loại đảng viên", ["STT", "Họ và tên", "Chi bộ", "HTXS", "HTT", "HT", "KHT"]),
        ("Huy hiệu Đảng", ["STT", "Họ tên", "Ngày sinh", "Huy hiệu"]),
        ("Kỷ luật", ["STT", "Họ và tên", "Hình thức kỷ luật", "Số QĐ", "Ngày QĐ"]),
        ("Khen thưởng", ["STT", "Họ và tên", "Hình thức khen thưởng", "Danh hiệu"]),
        ("Xếp loại tổ chức", ["STT", "Tên TCCSĐ", "Năm", "Kết quả phân loại"]),
        ("Lớp", ["STT", "Tên lớp", "Loại lớp", "Ngày khai giảng", "Ngày bế giảng"]),
        ("Chỉ tiêu", ["STT", "Chỉ tiêu", "Giá trị"]),
        ("Tổ chức đảng", ["Mã", "Tên tổ chức", "Loại tổ chức", "Cấp trên"]),
    ],
)
def test_kind_is_proposed_from_the_headings(kind, head):
    assert [table.kind for table in understood([head, [1, *["x"] * (len(head) - 1)]], "").tables] == [kind]


def test_tables_that_are_not_of_the_kind_asked_for_are_only_named():
    reading = understood([["Chỉ tiêu", "Giá trị"], ["Kết nạp", 250]], "Huy hiệu Đảng")
    assert [table.kind for table in reading.tables] == [""]
    assert reading.tables[0].left_aside == ["Chỉ tiêu", "Giá trị"]
