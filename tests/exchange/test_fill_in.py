"""Workbooks to be filled in by those without an account."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from members.intake.reader import read
from members.intake.reading import Reading
from members.models import AuditEvent
from reviews.exchange.fill_in import Request, Task, fill_in_package, fill_in_workbook, grassroots_of
from reviews.exchange.guide import GUIDE
from reviews.exchange.sheet_out import TO_FILL
from reviews.exchange.workbook_out import Handout
from reviews.models import MemberRating
from tests.builders import make_class, make_exemption, make_member, make_rating
from tests.conftest import Cast
from tests.exchange.packages import assert_excel_takes
from tests.exchange.source import bring, brought
from tests.intake.files import converted

pytestmark = pytest.mark.django_db

MEMBERS, ORGANISATIONS, PROFILES, LEARNERS = (str(task.label) for task in Task)
ALL = Request(tuple(Task), 2015, until=dt.date(2016, 1, 15))


@pytest.fixture
def committee(cast: Cast) -> Cast:
    """Three members of A: one rated, one exempt, one not rated; one of B."""
    an = make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01", home_town="Nam Định")
    make_exemption(make_member(cast.a_cell_1, "Lê Thị Ánh", file_number="02"), "2012-01-01")
    make_member(cast.a_cell_2, "Đỗ Văn Bê", file_number="03", born_on=None)
    make_member(cast.b, "Vũ Thị Ca", file_number="04")
    make_rating(an, 2015, 2)
    return cast


def understood(handout: Handout) -> Reading:
    reading = read(handout.content, handout.name)
    assert (reading.errors, reading.questions, reading.notes) == ([], [], [])
    assert all(table.is_canonical for table in reading.tables)
    return reading


def rows_of(handout: Handout, kind: str) -> list[dict[str, str]]:
    (table,) = (table for table in understood(handout).tables if table.kind == kind)
    return [row.values for row in table.rows]


def opened(handout: Handout) -> Any:
    return load_workbook(io.BytesIO(handout.content))


def test_sheets_are_those_of_the_exchange_workbook(committee):
    handout = fill_in_workbook(committee.a, ALL)
    assert [table.kind for table in understood(handout).tables] == [MEMBERS, ORGANISATIONS, PROFILES, LEARNERS]
    assert handout.counts == {MEMBERS: 3, ORGANISATIONS: 3, PROFILES: 3, LEARNERS: 0}
    assert opened(handout).sheetnames == [GUIDE, MEMBERS, ORGANISATIONS, PROFILES, LEARNERS, "_xuat"]
    assert understood(handout).marks["sự kiện"]


def test_members_of_the_years_end_stand_there_with_what_is_known(committee):
    make_member(committee.a_cell_1, "Hồ Văn Sau", "2016-03-01")
    rows = rows_of(fill_in_workbook(committee.a, ALL), MEMBERS)
    assert [(row["Họ và tên"], row["Mã tổ chức"]) for row in rows] == [
        ("Đỗ Văn Bê", "A2"),
        ("Nguyễn Văn An", "A1"),
        ("Lê Thị Ánh", "A1"),
    ]
    assert rows[1]["Xếp loại"] == "Hoàn thành tốt nhiệm vụ"
    assert rows[2]["Lý do không xếp loại"] == "Miễn công tác và sinh hoạt đảng"
    assert {"Xếp loại", "Lý do không xếp loại"}.isdisjoint(rows[0])


def test_only_cells_to_fill_may_be_typed_into(committee):
    sheet = opened(fill_in_workbook(committee.a, ALL))[MEMBERS]
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.protection.sheet
    open_to_type = {name for name, column in heads.items() if not sheet.cell(2, column).protection.locked}
    assert open_to_type == {"Xếp loại", "Lý do không xếp loại", "Số quyết định"}
    tints = [sheet.cell(row, heads["Xếp loại"]).fill.fgColor.rgb for row in (2, 3, 4)]
    assert tints == [f"00{TO_FILL}", "00000000", "00000000"]


def test_ratings_offered_are_those_of_the_year(committee):
    workbook = opened(fill_in_workbook(committee.a, Request((Task.ORGANISATION_RATINGS,), 2015)))
    rules = {str(rule.sqref)[0]: rule for rule in workbook[ORGANISATIONS].data_validations.dataValidation}
    letters, _, last = rules["D"].formula1.partition("!")[2].replace("$", "").partition(":")
    offered = [cell.value for (cell,) in workbook["_xuat"][f"{letters}:{last}"]]
    assert offered == ["Trong sạch, vững mạnh", "Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Yếu kém"]
    assert rules["D"].showErrorMessage


def test_rows_for_learners_are_empty_and_offer_the_class_and_the_organisations(committee):
    handout = fill_in_workbook(committee.a, Request((Task.LEARNERS,), 2015, make_class(code="BD-01")))
    sheet = opened(handout)[LEARNERS]
    assert sheet.max_row == 101
    assert all(not cell.protection.locked for cell in sheet[50])
    codes = {cell.value for row in opened(handout)["_xuat"].iter_rows() for cell in row}
    assert {"BD-01", "A", "A1", "A2"} <= codes
    assert "BD-01" in " ".join(str(cell.value) for row in opened(handout)[GUIDE].iter_rows() for cell in row)


def test_guide_says_what_until_when_and_which_code_is_whose(committee):
    text = "\n".join(
        str(cell.value) for row in opened(fill_in_workbook(committee.a, ALL))[GUIDE].iter_rows() for cell in row
    )
    assert "15/01/2016" in text
    assert "A1: Chi bộ Văn phòng" in text
    assert "năm 2015" in text


def test_what_was_filled_in_comes_back(committee):
    workbook = opened(fill_in_workbook(committee.a, ALL))
    sheet = workbook[MEMBERS]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["Xếp loại"]).value = "Hoàn thành nhiệm vụ"
    learners = workbook[LEARNERS]
    for column, value in enumerate(["BD-01", None, "Trần Thị Mới", "Nữ", "1990", "A1"], 1):
        learners.cell(2, column).value = value
    saved = io.BytesIO()
    workbook.save(saved)
    make_class(code="BD-01")
    reading = read(saved.getvalue(), "phieu.xlsx")
    assert reading.errors == reading.questions == []
    kinds = (MEMBERS, PROFILES, LEARNERS)
    rows = [(table.kind, row.values) for table in reading.tables for row in table.rows if table.kind in kinds]
    source = brought(rows)
    assert source.statuses == ["new", "same", "new", "same", "same", "same", "new"]
    assert MemberRating.objects.get(person__file_number="03").level.rank == 3


def test_what_was_left_empty_is_told(committee):
    rows = [(MEMBERS, values) for values in rows_of(fill_in_workbook(committee.a, ALL), MEMBERS)]
    assert bring(rows).problems == [(MEMBERS, 2, "Xếp loại")]


def test_excel_takes_it(committee):
    assert_excel_takes(fill_in_workbook(committee.a, ALL).content)


@pytest.mark.office
def test_office_opens_it_and_keeps_it(committee, tmp_path):
    handout = fill_in_workbook(committee.a, ALL)
    again = load_workbook(io.BytesIO(converted(handout.content, "xlsx", tmp_path)))
    assert again[MEMBERS].protection.sheet
    assert not again[MEMBERS]["F2"].protection.locked
    assert len(again[MEMBERS].data_validations.dataValidation) == len(
        opened(handout)[MEMBERS].data_validations.dataValidation
    )


# --- The package -----------------------------------------------------------------------------------


def test_package_has_a_workbook_for_each_and_is_noted(committee):
    package = fill_in_package(grassroots_of(committee.office), ALL, by=committee.office)
    with zipfile.ZipFile(io.BytesIO(package.content)) as files:
        assert files.namelist() == ["B Chi bộ Thanh tra tỉnh.xlsx", "A Đảng bộ Sở Nội vụ.xlsx"]
        inside = Handout("a.xlsx", files.read("B Chi bộ Thanh tra tỉnh.xlsx"))
    assert [row["Họ và tên"] for row in rows_of(inside, MEMBERS)] == ["Vũ Thị Ca"]
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.user_id, len(event.details["people"])) == ("exported", committee.office.pk, 4)
    assert event.details["file"] == package.name


def test_package_is_for_those_who_may_export_there_alone(committee):
    assert grassroots_of(committee.grassroots_a) == []
    with pytest.raises(PermissionDenied):
        fill_in_package([committee.a], ALL, by=committee.grassroots_a)
    assert not AuditEvent.objects.filter(action="exported").exists()
