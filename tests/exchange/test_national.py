"""Members in the columns of the national database's template."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from members.intake.national import NATIONAL_COLUMNS
from members.intake.reader import read
from members.models import AuditEvent
from reviews.exchange.national import MISSING, MISSING_SHEET, SHEET, national_workbook
from reviews.exchange.places import parts_of
from tests.builders import make_exemption, make_member, make_person, make_stay
from tests.conftest import Cast
from tests.exchange.packages import assert_excel_takes
from tests.exchange.source import brought
from tests.intake.files import converted

pytestmark = pytest.mark.django_db

WHOLE = {
    "ethnicity": "Kinh",
    "religion": "Không",
    "home_town": "xã Yên Thắng, huyện Ý Yên, tỉnh Nam Định",
    "birth_registration_place": "xã Yên Thắng, huyện Ý Yên, tỉnh Nam Định",
    "permanent_residence": "số 5, phố Hàng Tiện, Nam Định",
    "card_issued_by": "Tỉnh ủy Nam Định",
    "national_id_number": "036180000001",
    "card_number": "036000000001",
}


@pytest.fixture
def committee(cast: Cast) -> Cast:
    """One of whom all is known, one of whom little is, one who left, one candidate."""
    make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01", **WHOLE)
    ho = make_member(
        cast.a_cell_2,
        "Lê Thị Hồ",
        file_number="02",
        national_id_number="161616161",
        card_number="99221175",
        born_on_precision="year",
        home_town="Viêng Chăn, Lào",
    )
    make_exemption(ho, "2012-01-01")
    make_stay(make_person("Trần Văn Đi"), cast.b, "2010-01-01", "2015-05-01")
    make_person("Vũ Thị Ưu", followed_by=cast.b)
    return cast


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def test_headings_are_the_templates_on_two_lines(committee):
    sheet = opened(national_workbook(None, by=None).content)[SHEET]
    assert sheet.max_column == len(NATIONAL_COLUMNS)
    assert [sheet["C1"].value, sheet["E1"].value, sheet["O1"].value] == [
        "Họ và tên*",
        "Giới tính*",
        "Nơi ĐK khai sinh*",
    ]
    assert [sheet[f"{letter}2"].value for letter in "OPQ"] == ["Quốc gia", "Tỉnh/Thành phố", "Chi tiết"]
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    assert {"A1:A2", "O1:Q1", "R1:T1", "U1:W1", "AC1:AC2"} <= merged


def test_members_of_the_day_stand_there_by_name(committee):
    handout = national_workbook(None, by=None)
    sheet = opened(handout.content)[SHEET]
    people = {row[2].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=3)}
    assert list(people) == ["Nguyễn Văn An", "Lê Thị Hồ"]
    an, ho = people.values()
    assert an[0] == 1
    assert an[17:23] == [
        "Việt Nam", "tỉnh Nam Định", "xã Yên Thắng, huyện Ý Yên", "Việt Nam", "Nam Định", "số 5, phố Hàng Tiện",
    ]  # fmt: skip
    assert an[13] == "Chi bộ Văn phòng"
    assert an[26:28] == ["Đang sinh hoạt", None]
    assert ho[26] == "Miễn sinh hoạt"
    assert ho[8] is None
    assert ho[25] == "161616161"
    assert ho[5] == "1970"


def test_what_is_needed_and_missing_is_tinted_and_listed(committee):
    workbook = opened(national_workbook(None, by=None).content)
    heads = [column.label for column in NATIONAL_COLUMNS]
    tinted = {
        heads[cell.column - 1]
        for cell in workbook[SHEET][4]
        if cell.fill.fgColor.rgb == f"00{MISSING}" and not NATIONAL_COLUMNS[cell.column - 1].group
    }
    assert tinted == {"Sinh ngày", "Dân tộc", "Tôn giáo", "Số định danh cá nhân", "Số thẻ Đảng"}
    rows = [[cell.value for cell in row] for row in workbook[MISSING_SHEET].iter_rows()]
    told = [row for row in rows if row[2] == "Lê Thị Hồ"]
    assert not any(row[2] == "Nguyễn Văn An" for row in rows)
    assert told[0][4] == (
        "Sinh ngày (chưa đủ ngày, tháng, năm); Dân tộc; Tôn giáo; Số định danh cá nhân; "
        "Số thẻ Đảng (chưa đủ 12 chữ số); Nơi ĐK khai sinh; Quê quán: Quốc gia, Tỉnh/Thành phố; Thường trú"
    )
    texts = [row[0] for row in rows]
    assert "Dân tộc: 1 người" in texts
    assert any("Nơi ĐK khai sinh" in str(text) for text in texts)


def test_list_reads_back_as_the_same_profiles(committee):
    handout = national_workbook(None, by=None)
    reading = read(handout.content, handout.name, sheet=SHEET)
    assert (reading.errors, reading.questions) == ([], [])
    (table,) = reading.tables
    source = brought([(table.kind, row.values) for row in table.rows])
    # The old number in the place of the new one comes back in its own.
    assert [line.changes for line in source.lines["Hồ sơ"]] == [[], [("Số CMND cũ", "", "161616161")]]


def test_scope_and_trail(committee):
    handout = national_workbook(committee.a, by=committee.leader)
    assert handout.counts == {SHEET: 2, MISSING_SHEET: 1}
    assert national_workbook(committee.b, by=None).counts[SHEET] == 0
    event = AuditEvent.objects.filter(user=committee.leader).get()
    assert (event.action, len(event.details["people"])) == ("exported", 2)


def test_excel_takes_it(committee):
    assert_excel_takes(national_workbook(None, by=None).content)


@pytest.mark.office
def test_office_opens_it(committee, tmp_path):
    handout = national_workbook(None, by=None)
    again = opened(converted(handout.content, "xlsx", tmp_path))
    assert again[SHEET]["C3"].value == "Nguyễn Văn An"


@pytest.mark.parametrize(
    ("place", "parts"),
    [
        ("xã Yên Thắng, huyện Ý Yên, Nam Định", ("Việt Nam", "Nam Định", "xã Yên Thắng, huyện Ý Yên")),
        ("TP. Hồ Chí Minh", ("Việt Nam", "TP. Hồ Chí Minh", "")),
        ("phường 1, thành phố Vinh", ("", "", "phường 1, thành phố Vinh")),
        ("xã A, tỉnh Sơn Nam, Việt Nam", ("Việt Nam", "tỉnh Sơn Nam", "xã A")),
        ("Thừa Thiên - Huế", ("Việt Nam", "Thừa Thiên - Huế", "")),
        ("Viêng Chăn, Lào", ("", "", "Viêng Chăn, Lào")),
        ("", ("", "", "")),
    ],
)
def test_place_in_parts(place, parts):
    assert tuple(parts_of(place).values()) == parts
