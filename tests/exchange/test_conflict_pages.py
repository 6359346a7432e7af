"""A cell that was changed in the file and in the records since: the page shows both values, and one is chosen."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from members.models import Person
from reviews.exchange.workbook_out import exported
from tests.builders import make_member
from tests.conftest import Cast
from tests.exchange.test_pages import act, address, fields, upload
from tests.pages import get, read

pytestmark = pytest.mark.django_db

OCCUPATION = "Nghề nghiệp chức vụ"


@pytest.fixture
def overtaken(cast: Cast) -> bytes:
    """A workbook handed out, in which the occupation was changed, as it was meanwhile in the records."""
    an = make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01", occupation="Kế toán", born_on="1975-02-03")
    make_member(cast.a_cell_1, "Lê Thị Bình", file_number="02")
    book = load_workbook(io.BytesIO(exported(cast.a, by=cast.office, name="a.xlsx").content))
    sheet: Any = book["Hồ sơ"]
    places = {cell.value: cell for line in sheet.iter_rows() for cell in line if cell.value}
    sheet.cell(places["01"].row, places[OCCUPATION].column).value = "Chuyên viên"
    an.occupation = "Kế toán trưởng"
    an.save()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(("choice", "stands"), [("mine", "Chuyên viên"), ("theirs", "Kế toán trưởng")])
def test_both_values_are_shown_and_the_chosen_one_stands(cast: Cast, client_of, overtaken, choice, stands):
    client = client_of(cast.office)
    page = read(upload(client, ("a.xlsx", overtaken)))
    choices = page.first("fieldset").text
    assert "Lấy giá trị trong tệp: Chuyên viên" in choices
    assert "Giữ giá trị đang có trong hồ sơ: Kế toán trưởng" in choices
    here = address("import_preview")
    name = next(e.attributes["name"] for e in page.all("input") if e.attributes.get("name", "").startswith("gia-tri"))
    client.post(here, fields(client, here) | {name: choice}, follow=True)
    act(client, "ghi")
    assert Person.objects.get(file_number="01").occupation == stands


def test_what_is_wrong_stands_beside_whom_the_row_is_about(cast: Cast, client_of, overtaken):
    page = read(upload(client_of(cast.office), ("a.xlsx", overtaken)))
    headings = [heading.text for heading in page.all("table")[1].all("th") if heading.attributes.get("scope") == "col"]
    assert headings[:6] == ["Dòng", "Bỏ qua", "Số lý lịch", "Họ và tên", "Mã tổ chức", OCCUPATION]


def test_page_of_the_row_shows_both_values_too(cast: Cast, client_of, overtaken):
    client = client_of(cast.office)
    upload(client, ("a.xlsx", overtaken))
    shown = get(client, address("import_row", 2, 2)).first("fieldset").text
    assert "Lấy giá trị trong tệp: Chuyên viên" in shown
    assert "Giữ giá trị đang có trong hồ sơ: Kế toán trưởng" in shown
