"""The exchange workbook's own sheets: whatever columns they leave out, the extra ones, and the sheet of marks."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from members.intake.contract import KINDS
from members.intake.kinds import Kind
from members.intake.reader import read
from members.intake.reading import Assembly, to_messages
from members.intake.understand import Options, understand
from tests.intake.files import column, grid, only_table, understood

EXTRA = {
    "Tổ chức đảng": ["Số quyết định kết thúc"],
    "Đoàn thể": ["Ngày thành lập", "Ngày kết thúc"],
    "Hồ sơ": [
        *("Số thẻ trước đây", "Tên khai sinh", "Nơi đăng ký khai sinh", "Số CMND cũ", "Nơi tạm trú"),
        *("Nghề nghiệp khi vào Đảng", "Ngày vào Đoàn", "Nơi vào Đoàn", "Ngày nhập ngũ", "Ngày xuất ngũ"),
        *("Quân hàm cao nhất", "Trình độ chuyên môn cao nhất", "Học hàm", "Học vị", "Quản lý nhà nước"),
        *("Ngoại ngữ", "Tiếng dân tộc thiểu số", "Tin học", "Nơi cấp thẻ", "Tình trạng sức khỏe"),
        *("Thương binh, bệnh binh hạng", "Gia đình chính sách", "Thành phần gia đình", "Hoàn cảnh gia đình"),
        *("Hoàn cảnh kinh tế", "Lịch sử bản thân"),
    ],
    "Quá trình sinh hoạt": ["Số quyết định đi"],
    "Học viên": ["Mã tổ chức", "Số người dự"],
    "Xếp loại đảng viên": ["Số quyết định"],
    "Xếp loại tổ chức": ["Số quyết định"],
    "Xếp loại đoàn thể": ["Số quyết định"],
    "Huy hiệu Đảng": ["Số huy hiệu", "Truy tặng"],
    "Kỷ luật": ["Nội dung vi phạm", "Ngày hủy bỏ"],
}


def test_extra_columns_are_never_needed():
    extra = {kind.name: {about.name for about in kind.columns if about.is_extra} for kind in KINDS.values()}
    assert {name: columns for name, columns in extra.items() if columns} == {k: set(v) for k, v in EXTRA.items()}
    assert not any(about.needed for kind in KINDS.values() for about in kind.columns if about.is_extra)


def test_sheets_of_admissions_and_exemptions_stand_beside_the_stays():
    names = list(KINDS)
    assert names[2:6] == ["Hồ sơ", "Kết nạp", "Quá trình sinh hoạt", "Miễn sinh hoạt"]


@given(st.sampled_from(list(KINDS.values())), st.data())
def test_sheet_with_any_of_its_columns_is_the_workbooks_own(kind: Kind, data: st.DataObject):
    """One column alone is no table."""
    needed = [about.name for about in kind.columns if about.needed]
    others = [about.name for about in kind.columns if not about.needed]
    head = data.draw(st.permutations(needed + data.draw(st.lists(st.sampled_from(others), min_size=1, unique=True))))
    (table,) = understood([head, ["1"] * len(head)], "", kind.name).tables
    assert (table.kind, table.is_canonical) == (kind.name, True)


# --- Unnamed attendance ----------------------------------------------------------------------------


def test_learner_has_a_number_or_the_row_counts_who_came():
    learners = KINDS["Học viên"]
    assert learners.missing({"Mã lớp"}) == ["Số lý lịch"]
    assert learners.missing({"Mã lớp", "Số người dự"}) == []
    assert learners.missing({"Số lý lịch"}) == ["Mã lớp"]


@pytest.mark.parametrize("title", [[], [["DANH SÁCH HỌC VIÊN"]]])
def test_attendance_without_names_is_read(title):
    rows = [*title, ["Mã lớp", "Mã tổ chức", "Số người dự"], ["L01", "CB01", 45], ["L01", "CB02", "12"]]
    reading = understood(rows, "", "Học viên")
    assert [row.values for row in only_table(reading).rows] == [
        {"Mã lớp": "L01", "Mã tổ chức": "CB01", "Số người dự": "45"},
        {"Mã lớp": "L01", "Mã tổ chức": "CB02", "Số người dự": "12"},
    ]
    assert reading.errors == []
    assert only_table(reading).is_canonical == (not title)


# --- Kinds by name alone ---------------------------------------------------------------------------

ADMISSIONS = ["Số lý lịch", "Ngày quyết định kết nạp", "Mã tổ chức"]


@pytest.mark.parametrize(
    ("head", "sheet", "kind"),
    [
        (ADMISSIONS, "Kết nạp", "Kết nạp"),
        (ADMISSIONS, "KET NAP ", "Kết nạp"),
        (["Số lý lịch", "Họ và tên", "Ngày vào Đảng", "Quê quán"], "Kết nạp", "Hồ sơ"),
        (["Số lý lịch", "Họ và tên", "Ngày quyết định kết nạp"], "Kết nạp 2015", "Hồ sơ"),
        (["Số lý lịch", "Từ ngày", "Đến ngày"], "Miễn sinh hoạt", "Miễn sinh hoạt"),
        (["Số lý lịch", "Mã tổ chức", "Từ ngày", "Đến ngày"], "Sheet1", "Quá trình sinh hoạt"),
    ],
)
def test_sheet_of_admissions_or_exemptions_is_known_by_its_name_alone(head, sheet, kind):
    assert [table.kind for table in understood([head, ["1"] * len(head)], "", sheet).tables] == [kind]


def test_list_is_read_as_admissions_where_a_person_says_so():
    rows = [["STT", "Số LL", "Ngày vào Đảng", "Số QĐ chính thức"], [1, "0036", "13/05/2010", "12-QĐ"]]
    (table,) = understood(rows, "Kết nạp").tables
    assert table.rows[0].values == {
        "Số lý lịch": "0036",
        "Ngày quyết định kết nạp": "2010-05-13",
        "Số quyết định chính thức": "12-QĐ",
    }


# --- Boxes to tick ---------------------------------------------------------------------------------


def test_posthumous_badge_by_word_mark_or_box():
    said = ["Có", "không", "x", "✓", True, False, None, "-", 1, 0]
    rows = [["Số lý lịch", "Mốc", "Ngày trao", "Truy tặng"], *(["0036", 30, "2015", word] for word in said)]
    reading = understood(rows, "", "Huy hiệu Đảng")
    assert column(reading, "Truy tặng") == ["Có", "Không", "Có", "Có", "Có", "Không", None, "", "Có", "Không"]
    assert reading.errors == []


def test_yes_and_no_are_no_headings_to_tick():
    reading = understood([["Họ và tên", "Huy hiệu", "Có", "Không"], ["Lê Thị Mận", "30", "x", None]], "Huy hiệu Đảng")
    assert only_table(reading).left_aside == ["Có", "Không"]


# --- Marks -----------------------------------------------------------------------------------------


def workbook(marks: list[list[Any]], state: str = "hidden") -> bytes:
    book, stream = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.append(["Họ và tên", "Giới tính"])
    sheet.append(["Lê Thị Mận", "Nữ"])
    noted: Any = book.create_sheet("_xuat")
    noted.sheet_state = state
    for row in marks:
        noted.append(row)
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("state", ["hidden", "veryHidden", "visible"])
@pytest.mark.parametrize("sheet", [None, "Sheet"])
def test_marks_of_the_export_are_read_and_are_no_table(state, sheet):
    marks = [["Lần xuất", "2026-11-24 10:00"], ["Số", 12], ["Họ và tên"], [None, "không có tên"]]
    reading = read(workbook(marks, state), "a.xlsx", sheet=sheet)
    assert reading.marks == {"Lần xuất": "2026-11-24 10:00", "Số": "12", "Họ và tên": ""}
    assert (reading.notes, [table.sheet for table in reading.tables]) == ([], ["Sheet"])


def test_marks_are_few_and_short_and_go_between_processes():
    marks = [[f"{number:03}" + "k" * 300, "v" * 300] for number in range(60)]
    reading = understand([grid(marks, "_xuat")], Options())
    assert len(reading.marks) == 50
    assert {(len(name), len(value)) for name, value in reading.marks.items()} == {(200, 200)}
    assembly = Assembly()
    for message in to_messages(reading):
        assembly.add(*message)
    assert assembly.reading.marks == reading.marks


def test_file_without_marks_has_none():
    assert understood([["Họ và tên", "Giới tính"], ["Lê Thị Mận", "Nữ"]]).marks == {}
