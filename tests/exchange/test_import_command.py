"""`manage.py import` and `manage.py export_workbook` as the operator types them."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from members.models import AuditEvent, Membership, Organisation, Person
from reviews.exchange.report import TINT
from reviews.models import MemberRating
from tests.builders import make_class, make_member, make_organisation
from tests.conftest import Cast
from training.models import Enrolment

pytestmark = pytest.mark.django_db

HEADS = ["Số lý lịch", "Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức"]
AN = ["01", "Nguyễn Văn An", "Nam", "25/09/1980", "A1"]
BINH = ["02", "Lê Thị Bình", "Nữ", "15/09/1981", "B"]
WRONG = ["02", "Lê Thị Bình", "Nữ", "31/02/1981", "B"]
PROFILES = ["--as", "Hồ sơ"]


class Answer(NamedTuple):
    """What the command prints, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        return json.loads(self.out)


def run(path: Path, *options: Any) -> Answer:
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("import", str(path), *map(str, options), stdout=out, stderr=err)
    except SystemExit as ended:
        code = int(str(ended.code))
    return Answer(code, out.getvalue(), err.getvalue())


@pytest.fixture
def folder(tmp_path: Path, cast: Cast) -> Path:
    """Where files lie, and beside them the committee."""
    return tmp_path


def csv(folder: Path, *rows: list[str], heads: list[str] = HEADS) -> Path:
    path = folder / "danh-sach.csv"
    path.write_text("\n".join(",".join(cells) for cells in [heads, *rows]) + "\n", encoding="utf-8")
    return path


def workbook(folder: Path, **sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(cells)
    book.save(folder / "danh-sach.xlsx")
    return folder / "danh-sach.xlsx"


def without(column: str, *rows: list[str]) -> list[list[str]]:
    """The headings and rows without a column."""
    place = HEADS.index(column)
    return [cells[:place] + cells[place + 1 :] for cells in (HEADS, *rows)]


# --- All or nothing --------------------------------------------------------------------------------


def test_rows_are_written_and_counted(folder):
    path = csv(folder, AN, BINH)
    assert run(path).out == "(không tên): 2 thêm mới, 0 thay đổi, 0 không đổi\n"
    assert run(csv(folder, AN, [*BINH[:4], "A2"])) == (0, "(không tên): 0 thêm mới, 1 thay đổi, 1 không đổi\n", "")
    places = Person.objects.order_by("file_number").values_list("file_number", "followed_by__code")
    assert list(places) == [("01", "A1"), ("02", "A2")]


def test_wrong_row_leaves_all_unwritten_and_every_error_is_named(folder):
    answer = run(csv(folder, AN, WRONG, ["03", "Vũ Văn Cự", "Nam", "1990", "Z9"]))
    assert answer.code == 1
    assert not Person.objects.exists()
    lines = answer.err.splitlines()
    assert [line.partition(", giá trị")[0] for line in lines] == [
        "dòng 3, cột Ngày sinh",
        "dòng 4, cột Mã tổ chức",
    ]
    assert "“31/02/1981”" in lines[0]
    assert "1 thêm mới, 0 thay đổi, 0 không đổi, 2 dòng sai" in answer.out
    assert "Chưa ghi gì" in answer.out


def test_json_tells_counts_and_errors(folder):
    answer = run(csv(folder, AN, WRONG), "--json")
    assert (answer.code, answer.err) == (1, "")
    assert answer.told["sheets"] == {"": {"created": 1, "changed": 0, "same": 0, "errors": 1}}
    (error,) = answer.told["errors"]
    assert error.pop("reason")
    assert error == {"sheet": "", "row": 3, "column": "Ngày sinh", "value": "31/02/1981"}


def test_dry_run_tells_the_same_and_writes_nothing(folder):
    path, before = csv(folder, AN), AuditEvent.objects.count()
    answer = run(path, "--dry-run", "--json")
    assert (answer.code, answer.told["sheets"][""]["created"]) == (0, 1)
    assert (Person.objects.count(), AuditEvent.objects.count()) == (0, before)
    assert run(csv(folder, WRONG), "--dry-run").code == 1


def test_event_of_the_trail_holds_the_file(folder):
    path = csv(folder, AN)
    run(path)
    event = AuditEvent.objects.latest("sequence")
    content = path.read_bytes()
    assert (event.action, event.user, event.note) == ("imported", None, "Nhập từ tệp danh-sach.csv")
    assert event.details["files"] == [
        {"name": "danh-sach.csv", "size": len(content), "sha256": sha256(content).hexdigest()}
    ]
    assert event.details["rows"]["new"] == 1


def test_file_without_a_table_says_so(folder):
    path = workbook(folder, Trống=[])
    assert run(path) == (0, "Không tìm thấy bảng nào để nhập.\n", "")


# --- Options ---------------------------------------------------------------------------------------


def test_kind_may_be_said_without_regard_to_letter_case(folder, cast):
    make_member(cast.a_cell_1, file_number="01")
    rows = [["Số lý lịch", "Từ ngày", "Số quyết định"], ["01", "21/02/2012", "5"]]
    run(csv(folder, rows[1], heads=rows[0]), "--as", "MIỄN sinh hoạt")
    assert Person.objects.get().exemptions.get().decision_number == "5"


def test_organisation_is_of_rows_that_name_none(folder, cast):
    heads, *rows = without("Mã tổ chức", AN)
    path = csv(folder, *rows, heads=heads)
    assert run(path, *PROFILES).code == 1
    assert run(path, *PROFILES, "--organisation", "A2").code == 0
    assert Person.objects.get().followed_by == cast.a_cell_2


def test_class_is_of_learners_that_name_none(folder, cast):
    make_member(cast.a_cell_1, file_number="01")
    make_class(code="BD-01")
    path = csv(folder, ["01", "Đạt"], heads=["Số lý lịch", "Kết quả"])
    run(path, "--as", "Học viên", "--class", "BD-01")
    enrolled = Enrolment.objects.get()
    assert (enrolled.training_class.code, enrolled.result) == ("BD-01", "passed")


def test_year_is_of_rows_that_name_none(folder, cast):
    make_member(cast.a_cell_1, file_number="01")
    path = csv(folder, ["01", "HTT"], heads=["Số lý lịch", "Xếp loại"])
    run(path, "--as", "Xếp loại đảng viên", "--year", "2015")
    assert MemberRating.objects.get().year == 2015


def test_dates_may_be_ordered_as_in_america(folder):
    path = csv(folder, [*AN[:3], "05/09/1980", "A1"])
    run(path, "--dates", "mdy")
    assert str(Person.objects.get().born) == "09/05/1980"


def test_one_sheet_may_be_read_alone(folder):
    path = workbook(folder, Một=[HEADS, AN], Hai=[HEADS, BINH])
    assert list(run(path, *PROFILES, "--sheet", "Hai", "--json").told["sheets"]) == ["Hai"]
    assert Person.objects.get().file_number == "02"


# --- The report ------------------------------------------------------------------------------------


def test_report_marks_the_wrong_cell(folder):
    report = folder / "loi.xlsx"
    run(workbook(folder, DS=[HEADS, AN, WRONG]), *PROFILES, "--report", report)
    sheet = load_workbook(report)["DS"]
    marked = {cell.coordinate for row in sheet for cell in row if cell.comment}
    assert marked == {"D3"}
    assert sheet["D3"].fill.fgColor.rgb == TINT.fgColor.rgb


def test_report_that_cannot_be_written_stops_before_anything_is(folder):
    for report in (folder / "không-có" / "loi.xlsx", folder):
        with pytest.raises(CommandError, match="Không ghi được"):
            run(csv(folder, AN), "--report", report)
    assert not Person.objects.exists()


# --- In somebody's name ----------------------------------------------------------------------------


def test_account_writes_within_its_scope_and_stands_in_the_trail(folder, cast):
    answer = run(csv(folder, AN, BINH), "--user", "co-so-a", "--json")
    assert [(error["row"], error["column"]) for error in answer.told["errors"]] == [(3, "Mã tổ chức")]
    assert run(csv(folder, AN), "--user", "co-so-a").code == 0
    assert AuditEvent.objects.latest("sequence").user == cast.grassroots_a


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--user", "lanh-dao"], "“lanh-dao” không có quyền"),
        (["--user", "khong-co"], "Không có tài khoản"),
        (["--as", "Sổ vàng"], "Không có loại “Sổ vàng”"),
        (["--year", "15"], "Năm “15” không hợp lệ"),
        (["--organisation", "Z9"], "mã hoặc tên “Z9”"),
        (["--user", "co-so-a", "--organisation", "B"], "mã hoặc tên “B”"),
    ],
)
def test_command_refuses_in_words(folder, options, said):
    with pytest.raises(CommandError, match=said):
        run(csv(folder, AN), *options)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("thieu.xlsx", None, "Không đọc được tệp"),
        ("hong.xlsx", b"PK\x03\x04", "Hãy"),
        ("anh.png", b"\x89PNG\r\n\x1a\n\0", "Hãy"),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_words(folder, name, content, said):
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(CommandError, match=said):
        run(folder / name)


def test_sheet_that_is_not_there_is_told(folder):
    with pytest.raises(CommandError, match="Ba"):
        run(workbook(folder, Một=[HEADS, AN]), "--sheet", "Ba")


# --- There and back --------------------------------------------------------------------------------


def test_exported_workbook_comes_back_through_both_commands(folder, cast):
    make_member(cast.a_cell_1, file_number="01")
    make_organisation("Chi bộ mới", parent=cast.b, code="B1", kind="subordinate_cell", founded_on="2015-01-01")
    path = folder / "ra.xlsx"
    call_command("export_workbook", str(path), stdout=io.StringIO())
    before = Membership.objects.count(), Organisation.objects.count(), AuditEvent.objects.count()
    answer = run(path, "--json")
    assert (answer.code, answer.told["errors"]) == (0, [])
    assert all(not counts["created"] + counts["changed"] for counts in answer.told["sheets"].values())
    assert (Membership.objects.count(), Organisation.objects.count()) == before[:2]
