"""The file that comes back with its wrong cells marked."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from reviews.exchange.report import TINT, write_report

WRONG = {"sheet": "DS", "row": 3, "column": "Ngày sinh", "value": "31/2/1975", "reason": "Không có ngày này."}


def source() -> bytes:
    book, stream = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = "DS"
    for row in (["Họ và tên", "Năm sinh"], ["Nguyễn Văn An", "1970"], ["=2+3", "31/2/1975"], ["=1+1", ""]):
        sheet.append(row)
    sheet["A3"].data_type = "s"
    book.save(stream)
    return stream.getvalue()


def reported(content: bytes, name: str, *problems: dict[str, Any]) -> Any:
    buffer = io.BytesIO()
    write_report(buffer, content, name, problems)
    return load_workbook(buffer)


@pytest.mark.parametrize(
    ("problem", "cell"),
    [
        (WRONG | {"letters": "B"}, "B3"),
        (WRONG, "B3"),
        (WRONG | {"row": 4, "value": ""}, "B4"),
        (WRONG | {"row": 4, "value": "", "column": "Dân tộc"}, "A4"),
    ],
    ids=["by its letters", "by its value", "by its heading", "else at the row's first cell"],
)
def test_wrong_cell_is_tinted_and_commented(problem, cell):
    book = reported(source(), "ds.xlsx", problem)
    marked = {one.coordinate for row in book["DS"] for one in row if one.comment}
    assert marked == {cell}
    assert book["DS"][cell].fill.fgColor.rgb == TINT.fgColor.rgb
    assert "Không có ngày này." in book["DS"][cell].comment.text


def test_list_of_problems_stands_first():
    book = reported(source(), "ds.xlsx", WRONG)
    assert book.sheetnames == ["Lỗi", "DS"]
    assert [cell.value for cell in book["Lỗi"][2]] == ["DS", 3, "Ngày sinh", "31/2/1975", "Không có ngày này."]


def test_nothing_that_calculates_comes_back():
    book = reported(source(), "ds.xlsx", WRONG | {"value": "=HYPERLINK(1)"})
    assert book["DS"]["A4"].value is None
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert book["DS"]["A3"].value == "=2+3"


@pytest.mark.parametrize(
    ("content", "name"), [(b"Ho ten\nAn\n", "ds.csv"), (b"PK\x03\x04 broken", "ds.xlsx"), (b"", "ds.xls")]
)
def test_file_that_cannot_be_marked_becomes_the_list_alone(content, name):
    book = reported(content, name, WRONG, WRONG | {"row": 0, "sheet": ""})
    assert book.sheetnames == ["Lỗi"]
    texts = [cell.value for row in book["Lỗi"] for cell in row]
    assert "31/2/1975" in texts


def test_hostile_sheets_and_rows_are_left_alone():
    strange = [WRONG | {"sheet": "không có"}, WRONG | {"row": 10**9}, WRONG | {"row": -1}]
    book = reported(source(), "ds.xlsx", *strange)
    assert all(cell.comment is None for row in book["DS"] for cell in row)
    assert book["Lỗi"].max_row == 4
