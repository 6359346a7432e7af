"""The exchange workbook as it is handed out, empty and filled, and the command that writes it."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from members.exchange.importing import since_of
from members.intake.contract import KINDS
from members.intake.kinds import Type
from members.intake.reader import read
from members.models import AuditEvent, AuditHead, Person
from reviews.exchange.guide import GUIDE
from reviews.exchange.kinds import IMPORTERS
from reviews.exchange.sheet_out import NEEDED
from reviews.exchange.workbook_out import BY_KIND, Handout, exported, template
from tests.builders import make_badge, make_class, make_discipline, make_member, make_person, make_rating, make_target
from tests.conftest import Cast
from tests.exchange.packages import assert_excel_takes
from tests.exchange.source import brought
from tests.intake.files import converted

pytestmark = pytest.mark.django_db


def opened(handout: Handout) -> Any:
    return load_workbook(io.BytesIO(handout.content))


def rows_of(handout: Handout, kind: str) -> list[dict[str, str]]:
    """What the import reads of a sheet."""
    reading = read(handout.content, handout.name)
    assert (reading.errors, reading.questions, reading.conversions) == ([], [], [])
    (table,) = (table for table in reading.tables if table.kind == kind)
    return [row.values for row in table.rows]


@pytest.fixture
def committee(cast: Cast) -> Cast:
    """Records whose texts are hard to hand out."""
    made = {"file_number": "0001", "born_on": dt.date(1975, 9, 1), "born_on_precision": "month"}
    an = make_member(cast.a_cell_1, "Nguyễn Văn An", home_town="=1+1", occupation="-", **made)
    make_member(cast.a_cell_2, "Đỗ Thị Ánh", file_number="0002", residence="+84 & <b>", professional_education="@SUM")
    make_person("Lê Cụ", file_number="0003", followed_by=cast.b, born_on=dt.date(1899, 5, 7), other_names="x" * 255)
    make_rating(an, 2015, 2)
    make_rating(cast.a, 2015, 1)
    make_badge(an, 30, "2015-02-03")
    make_discipline(person=an, note="Dòng một\nDòng hai")
    make_class(code="BD-01")
    make_target(cast.root, "ratings.members.good_or_better", 97)
    return cast


# --- Empty -----------------------------------------------------------------------------------------


def test_every_kind_has_an_importer():
    assert set(BY_KIND) == set(KINDS)
    assert len(IMPORTERS) == len(KINDS)


def test_template_reads_as_the_contract_and_asks_nothing(db):
    reading = read(template().content, "mau.xlsx")
    assert [(table.sheet, table.kind) for table in reading.tables] == [(kind, kind) for kind in KINDS]
    assert all(table.is_canonical and not table.rows and not table.left_aside for table in reading.tables)
    assert (reading.errors, reading.questions, reading.notes) == ([], [], [])


def test_sheets_have_the_columns_of_the_contract_needed_ones_marked(db):
    workbook = opened(template())
    assert workbook.sheetnames == [GUIDE, *KINDS, "_xuat"]
    assert workbook["_xuat"].sheet_state == "hidden"
    for kind in KINDS.values():
        sheet = workbook[kind.name]
        heads = list(sheet[1])
        assert [cell.value for cell in heads] == [column.name for column in kind.columns]
        marked = [cell.value for cell in heads if cell.fill.fgColor.rgb == f"00{NEEDED}"]
        assert marked == [column.name for column in kind.columns if column.needed]
        assert sheet.freeze_panes.endswith("2")


def test_codes_and_dates_are_typed_as_text_and_choices_are_offered(db):
    workbook = opened(template())
    for kind in KINDS.values():
        sheet = workbook[kind.name]
        offered = {str(rule.sqref).partition("2:")[0]: rule for rule in sheet.data_validations.dataValidation}
        for place, column in enumerate(kind.columns, 1):
            letters = get_column_letter(place)
            if column.type in {Type.CODE, Type.DATE}:
                assert sheet.column_dimensions[letters].number_format == "@"
            if column.choices:
                assert offered[letters].formula1.startswith("'_xuat'!$")
            if column.type == Type.DATE:
                assert offered[letters].type == "custom"


def test_guide_tells_of_every_column(db):
    texts = {cell.value for row in opened(template())[GUIDE].iter_rows() for cell in row}
    assert {f"Trang “{kind}”" for kind in KINDS} <= texts
    assert {column.name for kind in KINDS.values() for column in kind.columns} <= texts
    assert "Ghi chữ tùy ý." not in texts


# --- Filled ----------------------------------------------------------------------------------------


def test_cells_are_what_they_seem(committee):
    sheet = opened(exported(None, by=None))["Hồ sơ"]
    heads = [cell.value for cell in sheet[1]]
    people = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [row["Họ và tên"].value for row in people] == ["Nguyễn Văn An", "Đỗ Thị Ánh", "Lê Cụ"]
    an, anh, cu = people
    assert (an["Số lý lịch"].value, an["Số lý lịch"].number_format) == ("0001", "@")
    assert (an["Quê quán"].value, an["Quê quán"].data_type) == ("=1+1", "s")
    assert an["Nghề nghiệp chức vụ"].value is None
    assert an["Ngày sinh"].value == "09/1975"
    assert an["Ngày quyết định kết nạp"].value == dt.datetime(2005, 3, 1)  # noqa: DTZ001  as openpyxl reads a day
    assert an["Ngày quyết định kết nạp"].number_format == "dd/mm/yyyy"
    assert (anh["Nơi ở hiện nay"].value, anh["Trình độ chuyên môn"].value) == ("+84 & <b>", "@SUM")
    assert (cu["Ngày sinh"].value, cu["Tên gọi khác"].value) == ("07/05/1899", "x" * 255)
    target = opened(exported(None, by=None))["Chỉ tiêu"]
    assert [cell.value for cell in target[2]] == [2015, "K", "Đảng viên hoàn thành tốt nhiệm vụ trở lên", 97]


def test_workbook_reads_back_as_the_same(committee):
    handout = exported(None, by=None)
    reading = read(handout.content, handout.name)
    assert (reading.errors, reading.questions, reading.notes, reading.conversions) == ([], [], [], [])
    assert all(table.is_canonical for table in reading.tables)
    assert {table.kind: len(table.rows) for table in reading.tables} == handout.counts
    again = brought([(table.kind, row.values) for table in reading.tables for row in table.rows])
    assert set(again.statuses) == {"same"}


@pytest.mark.office
def test_office_opens_it_and_saves_the_same_rows(committee, tmp_path):
    handout = exported(None, by=None)
    ods = read(converted(handout.content, "ods", tmp_path), "ho-so.ods")
    assert (ods.errors, ods.questions) == ([], [])
    assert all(table.is_canonical for table in ods.tables)
    assert {table.kind: [row.values for row in table.rows] for table in ods.tables} == {
        table.kind: [row.values for row in table.rows] for table in read(handout.content, handout.name).tables
    }


def test_excel_takes_it(committee):
    assert_excel_takes(exported(None, by=None).content)
    assert_excel_takes(template().content)


def test_marks_say_what_was_handed_out(committee):
    last = AuditHead.objects.get()
    handout = exported(None, by=None)
    marks = read(handout.content, handout.name).marks
    assert (marks["sự kiện"], marks["dấu"]) == (str(last.sequence), last.last_seal)
    assert len(marks["lần xuất"]) == 36
    assert since_of(marks) == last.sequence


def test_export_is_noted_with_the_people_in_it(committee):
    handout = exported(committee.a, by=committee.office, name="a.xlsx")
    event = AuditEvent.objects.latest("sequence")
    people = Person.objects.filter(file_number__in=["0001", "0002"])
    assert (event.action, event.details["file"], event.user_id) == ("exported", "a.xlsx", committee.office.pk)
    assert event.details["people"] == sorted(people.values_list("pk", flat=True))
    assert event.details["rows"] == sum(handout.counts.values())


def test_export_holds_the_organisation_with_all_under_it_alone(committee):
    handout = exported(committee.b, by=None)
    assert {kind: rows for kind, rows in handout.counts.items() if rows} == {"Tổ chức đảng": 1, "Hồ sơ": 1}
    assert [row["Số lý lịch"] for row in rows_of(exported(committee.a, by=None), "Hồ sơ")] == ["0001", "0002"]
    assert rows_of(exported(None, by=committee.grassroots_a), "Hồ sơ") == []


def test_queries_do_not_grow_with_rows(committee, django_assert_max_num_queries):
    for number in range(30):
        make_rating(make_member(committee.b, f"Người Số {number}"), 2015, 2)
    with django_assert_max_num_queries(70):
        exported(None, by=None)


# --- The command -----------------------------------------------------------------------------------


def run(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("export_workbook", *arguments, stdout=out)
    return out.getvalue()


def test_command_writes_the_file_and_counts_its_rows(committee, tmp_path):
    path = tmp_path / "ra.xlsx"
    assert "Hồ sơ: 3 dòng\n" in run(path)
    assert len(read(path).tables) == len(KINDS)
    assert "Hồ sơ: 2 dòng\n" in run(path, "--organisation", "A", "--user", "lanh-dao")
    assert "Hồ sơ: 0 dòng\n" in run(path, "--empty")
    assert [file.name for file in tmp_path.iterdir()] == ["ra.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--user", "co-so-a"], "không có quyền"),
        (["--organisation", "Z"], "mã “Z”"),
        (["--user", "khong-co"], "Không có tài khoản"),
    ],
)
def test_command_refuses_in_words(committee, tmp_path, arguments, said):
    with pytest.raises(CommandError, match=said):
        run(tmp_path / "ra.xlsx", *arguments)
    assert list(tmp_path.iterdir()) == []


def test_command_writes_workbooks_alone(committee, tmp_path):
    with pytest.raises(CommandError, match="xlsx"):
        run(tmp_path / "ra.csv")
    with pytest.raises(CommandError, match="Không ghi được"):
        run(Path("/nonexistent/ra.xlsx"))
