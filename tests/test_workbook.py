"""The workbook of the summary and of a list, read back as the committee above would open it."""

from __future__ import annotations

import datetime as dt
import html
import io
import itertools
import re
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.cell import coordinate_from_string

from config.workbook import Kind, Look, clean, lines_needed, new_workbook, put, sheet_title
from config.workbook_pages import PAGE_WIDTHS, Column, Row, Table
from members.models import Organisation, OrganisationKind
from reviews.indicators import BY_CODE, FIGURES, Section
from reviews.scope import Scope
from reviews.summary import Summary
from reviews.tables import TABLES
from reviews.workbook import NAMES, figure_name, list_workbook, summary_workbook, workbook_bytes
from tests.builders import (
    make_badge,
    make_class,
    make_commendation,
    make_enrolment,
    make_mass_organisation,
    make_member,
    make_organisation,
    make_person,
    make_rating,
    make_stay,
    make_target,
)
from tests.conftest import Cast

FORMULA_NAME = '=HYPERLINK("http://example.test","Trần Văn Thử")'
LONG_NAME = (
    "Chi bộ Văn phòng Đoàn đại biểu Quốc hội, Hội đồng nhân dân và Ủy ban nhân dân tỉnh về theo dõi, đôn đốc "
    "thực hiện các chương trình mục tiêu quốc gia giai đoạn 2011 - 2015"
)


@pytest.fixture
def year(cast: Cast) -> Cast:
    """2015 with something in every section: four members in A, two in B, one of whom moved there from A."""
    members = [make_member(cast.a_cell_1, f"Nguyễn Thị {name}", sex="female") for name in ("Ánh", "Đào", "Em")]
    members.append(make_member(cast.a_cell_2, FORMULA_NAME, "2015-05-19", is_official=False))
    members.append(_veteran(cast.b))
    mover = make_person("Phạm Thị Hòa")
    first = make_stay(mover, cast.a_cell_1, "2010-03-01", "2015-07-01", official_on="2011-03-01", end_reason="moved")
    make_stay(mover, cast.b, "2015-07-01", admission=first.admission, start_reason="moved")
    for rank, member in enumerate(members[:3], 1):
        make_rating(member, 2015, rank)
        make_rating(member, 2014, 2)
        make_rating(member, 2013, 1)
    make_rating(cast.a, 2015, 1)
    make_rating(cast.b, 2015, 2)
    make_rating(make_mass_organisation(cast.a), 2015, 1)
    make_badge(members[4], 40, "2015-02-03", decision_number="007")
    make_commendation(person=members[0], decided_on=dt.date(2016, 1, 11))
    make_commendation(organisation=cast.a)
    training = make_class("candidate")
    for member in members[:2]:
        make_enrolment(training, member, result="passed")
    make_target(cast.root, "admission.decided", 2)
    make_target(cast.root, "ratings.members.good_or_better", 60)
    make_target(cast.root, "ratings.members.good_or_better", 97, year=2016)
    return cast


def _veteran(organisation: Organisation) -> object:
    """A member since 1975 of whose birth only the month is known, with a number that begins with a nought."""
    person = make_person("Lê Văn Giáp", born="03/1948")
    make_stay(person, organisation, "1975-02-03", official_on="1976-02-03")
    return person


def opened(summary: Summary) -> Workbook:
    """The summary's workbook after writing and reading."""
    return load_workbook(io.BytesIO(workbook_bytes(summary_workbook(summary))))


def named(book: Workbook, code: str) -> tuple:
    """The count of a figure with the two cells at its right: share and base."""
    sheet, place = next(iter(book.defined_names[figure_name(code)].destinations))
    column, row = coordinate_from_string(place.replace("$", ""))
    assert column == "C"
    return tuple(book[sheet].cell(row, position) for position in (3, 4, 5))


def table_rows(book: Workbook, title: str) -> list[tuple]:
    """What stands below the repeated head of a sheet."""
    sheet = book[title]
    head = int(re.search(r"\$(\d+)$", sheet.print_title_rows)[1])
    return list(sheet.iter_rows(min_row=head + 1, values_only=True))


@pytest.mark.parametrize("code", ["K", "A", "A1", "B"])
def test_every_figure_has_its_number_in_the_cell_of_its_name(year: Cast, code: str) -> None:
    summary = Summary(Scope(Organisation.objects.get(code=code), 2015))
    book = opened(summary)
    assert {name for name in book.defined_names if name.startswith("figure_")} == {
        figure_name(figure.code) for figure in FIGURES
    }
    for figure in FIGURES:
        number = summary.numbers[figure.code]
        count, share, base = named(book, figure.code)
        assert (count.value, base.value) == (number.count, number.base), figure.code
        assert count.number_format == "#,##0"
        assert share.value == (number.count / number.base if number.base else None)
        assert share.number_format == "0.00%"


def test_a_section_holds_every_grassroots_organisation_and_the_scope_s_own_total(year: Cast) -> None:
    summary = Summary(Scope(year.root, 2015))
    rows = table_rows(opened(summary), Section.MEMBERS.value)
    codes = [figure.code for figure in FIGURES if figure.section == Section.MEMBERS]
    for row, node in zip(rows, [*summary.grassroots, summary.scope.tree.root], strict=False):
        assert row[1] == node.code
        assert list(row[3:]) == [summary.number(code, node.pk).count for code in codes]
    assert rows[0][2] == year.b.name
    assert rows[2][2] == f"Toàn đ{year.root.name[1:]}"


def test_a_section_says_where_its_rows_do_not_add_up(year: Cast) -> None:
    book = opened(Summary(Scope(year.root, 2015)))
    note = table_rows(book, Section.MEMBERS.value)[3][0]
    assert "Tăng: chuyển đến; Giảm: chuyển đi." in note
    assert "Tổng số đảng viên" not in note
    assert len(table_rows(book, Section.ADMISSION.value)) == 3


def test_a_grassroots_committee_is_broken_down_by_its_cells(year: Cast) -> None:
    rows = table_rows(opened(Summary(Scope(year.a, 2015))), Section.MEMBERS.value)
    assert [row[1] for row in rows[:3]] == ["A2", "A1", "A"]


def test_training_leaves_out_programmes_without_classes_and_says_so(year: Cast) -> None:
    book = opened(Summary(Scope(year.root, 2015)))
    heads = [cell.value for row in book["Bồi dưỡng, đào tạo"].iter_rows(max_row=7) for cell in row]
    assert "Bồi dưỡng đối tượng kết nạp Đảng" in heads
    assert "Bồi dưỡng đảng viên mới" not in heads
    last = table_rows(book, "Bồi dưỡng, đào tạo")[-1][0]
    assert last.startswith("Không có lớp nào trong năm: Bồi dưỡng đảng viên mới; Sơ cấp")


def test_lists_of_names_hold_each_counted_record(year: Cast) -> None:
    summary = Summary(Scope(year.root, 2015))
    book = opened(summary)
    for title, _heading, codes in NAMES:
        records = [row for row in table_rows(book, title) if isinstance(row[0], int)]
        assert len(records) == sum(summary.number(code).count for code in codes) > 0
    headings = [row[1] for row in table_rows(book, "DS khen thưởng") if isinstance(row[0], str)]
    assert headings == [
        "Giấy khen: TCCSĐ tiêu biểu trong năm (1)",
        "Giấy khen: đảng viên xuất sắc 5 năm liền (1)",
    ]


def test_dates_are_dates_and_partly_known_dates_and_numbers_of_decisions_text(year: Cast) -> None:
    sheet = opened(Summary(Scope(year.root, 2015)))["DS Huy hiệu Đảng"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    awarded = cells[dt.datetime(2015, 2, 3)]  # noqa: DTZ001 - a date as openpyxl reads it
    assert (awarded.is_date, awarded.number_format) == (True, "dd/mm/yyyy")
    for text in ("03/1948", "007"):
        assert (cells[text].data_type, cells[text].number_format) == ("s", "@")


def test_a_name_that_looks_like_a_formula_stays_text(year: Cast) -> None:
    sheet = opened(Summary(Scope(year.root, 2015)))["DS kết nạp"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == FORMULA_NAME]
    assert (cell.data_type, cell.number_format) == ("s", "@")


def test_every_sheet_prints_on_a4_with_repeated_heads_and_page_numbers(year: Cast) -> None:
    book = opened(Summary(Scope(year.root, 2015)))
    assert book.sheetnames[0] == "Tổng kết"
    for sheet in book.worksheets:
        assert len(sheet.title) <= 31
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_area.startswith(f"'{sheet.title}'!$A$1:")
        assert sheet.oddFooter.right.text == "Trang &P/&N"
        assert round(sheet.page_margins.left * 25.4) == 30
        assert round(sheet.page_margins.right * 25.4) == 15
        if sheet.title != "Biểu đồ":
            assert sheet.print_title_rows
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


def test_the_first_sheet_is_laid_out_as_a_party_document(year: Cast, settings) -> None:
    settings.PLACE_NAME = "Sơn Nam"
    text = first_texts(opened(Summary(Scope(year.root, 2015))))
    assert text[:4] == [
        "ĐẢNG BỘ TỈNH",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "ĐẢNG ỦY KHỐI CÁC CƠ QUAN TỈNH SƠN NAM",
        "Sơn Nam, ngày …… tháng …… năm ………",
    ]
    assert "T/M BAN THƯỜNG VỤ" in text
    below = first_texts(opened(Summary(Scope(year.b, 2015))))
    assert below[0] == "ĐẢNG BỘ KHỐI CÁC CƠ QUAN TỈNH SƠN NAM"
    assert below[2] == "CHI BỘ THANH TRA TỈNH"
    assert "T/M CHI BỘ" in below


def first_texts(book: Workbook) -> list[str]:
    return [cell.value for row in book.worksheets[0].iter_rows() for cell in row if isinstance(cell.value, str)]


def test_targets_show_what_was_reached_and_those_of_the_next_year(year: Cast) -> None:
    rows = list(opened(Summary(Scope(year.root, 2015))).worksheets[0].iter_rows(values_only=True))
    admitted = next(row for row in rows if row[1] == "Kết nạp trong năm")
    assert admitted[2:8] == (2, 1, None, -1, None, "Chưa đạt, thiếu 1 người")
    members = next(row for row in rows if row[1] == "Đảng viên hoàn thành tốt nhiệm vụ trở lên")
    assert members[2:5] == (0.6, 2 / 3, 3)
    assert members[5] == pytest.approx(6.67)
    assert (members[7], members[9]) == ("Đạt", 0.97)


def test_levels_are_not_compared_across_a_change_of_rules(year: Cast) -> None:
    summary = Summary(Scope(year.root, 2014))
    book = opened(summary)
    count = named(book, "ratings.members.tier2")[0]
    row = [cell.value for cell in book.worksheets[0][count.row]]
    assert row[2:10] == [3, 1, 3, 0, 0, 3, None, None]
    assert any("Quy định mới từ năm 2014" in text for text in first_texts(book))


def test_charts_are_native_and_break_where_the_rules_changed(year: Cast) -> None:
    sheet = opened(Summary(Scope(year.root, 2015)))["Biểu đồ"]
    assert [chart.grouping for chart in sheet._charts] == ["percentStacked", "percentStacked", "clustered"]
    years = [row[0].value for row in sheet.iter_rows() if row[0].value in {"2011", "2013", "quy định mới", "2014"}]
    assert years[:4] == ["2011", "2013", "quy định mới", "2014"]


def test_a_workbook_is_the_same_file_whenever_it_is_written(year: Cast) -> None:
    scope = Scope(year.root, 2015)
    assert workbook_bytes(summary_workbook(Summary(scope))) == workbook_bytes(summary_workbook(Summary(scope)))


def test_a_list_keeps_the_rows_and_order_of_its_table(year: Cast) -> None:
    scope = Scope(year.root, 2015)
    figure = BY_CODE["members.total"]
    table_class = TABLES[figure.columns]
    table = table_class(table_class.prepare(figure.rows(scope), scope), scope=scope)
    workbook = list_workbook(table, title="Tổng số đảng viên: 2015/12 [tất cả]", lines=["Đảng bộ", "Tìm: “a”"])
    book = load_workbook(io.BytesIO(workbook_bytes(workbook)))
    (sheet,) = book.worksheets
    assert book.properties.title == "Tổng số đảng viên: 2015/12 [tất cả]"
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [book.properties.title, "Đảng bộ", "Tìm: “a”"]
    rows = table_rows(book, sheet.title)
    assert [row[1] for row in rows] == [stay.person.full_name for stay in table.data]
    assert len(rows) == figure.rows(scope).count() == 6
    assert sheet.auto_filter.ref == f"A5:I{5 + len(rows)}"


def test_an_empty_list_still_makes_a_workbook(cast: Cast) -> None:
    scope = Scope(cast.root, 2015)
    table = TABLES[BY_CODE["badges.awarded"].columns]([], scope=scope)
    book = load_workbook(io.BytesIO(workbook_bytes(list_workbook(table, title="Huy hiệu", lines=[]))))
    assert book.active.title == "Huy hiệu"


# --- Cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "#N/A", "00123", "TRUE", "1/2/2015"])
def test_text_is_written_as_text(text: str) -> None:
    cell = new_workbook(title="a", creator="b", on=dt.date(2015, 1, 1)).create_sheet("a")["A1"]
    put(cell, text, Look())
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_text_loses_what_a_file_cannot_hold() -> None:
    assert clean("a\x00b\x0bc\ud800d\uffffe\r\nf\tg") == "abcde\nf\tg"
    assert len(clean("đ" * 40000)) == 32767


def test_long_text_and_early_dates_are_shown_in_full() -> None:
    sheet = new_workbook(title="a", creator="b", on=dt.date(2015, 1, 1)).create_sheet("a")
    put(sheet["A1"], "đ" * 256, Look())
    put(sheet["A2"], dt.date(1899, 5, 1), Look(Kind.DATE))
    assert sheet["A1"].number_format == "General"
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("01/05/1899", "s")


def test_sheet_titles_are_short_plain_and_different() -> None:
    assert sheet_title("a/b:c[d]*e?") == "a b c d  e"
    first = sheet_title("Bồi dưỡng cấp ủy viên, bí thư chi bộ: số lớp")
    second = sheet_title("Bồi dưỡng cấp ủy viên, bí thư chi bộ: số lớp", [first.upper()])
    assert max(len(first), len(second)) <= 31
    assert first != second
    assert sheet_title("''") == "Trang"


def test_a_word_longer_than_its_column_is_broken() -> None:
    assert lines_needed("x" * 50, 20, Look()) == 3
    assert lines_needed(f"một {'x' * 50} hai", 20, Look()) == 5
    table = Table([Column("Tên")], [Row(["x" * 250])])
    assert table.widths[0] <= PAGE_WIDTHS[0]


def test_lines_are_counted_by_words() -> None:
    assert lines_needed("một", 20, Look()) == 1
    assert lines_needed("một\nhai", 20, Look()) == 2
    assert lines_needed("một hai ba bốn năm sáu bảy tám chín mười", 16, Look()) == 3


# --- On paper --------------------------------------------------------------------------------------

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
# What may stand between two words of a name that takes two lines: the other cells of its row.
OTHER_CELLS = r"(?:\s+\S*\d\S*)*\s+"


def printed(path: Path, *options: str) -> str:
    """What LibreOffice prints of a workbook, as text."""
    profile = (path.parent / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf"]
    pdf = path.with_suffix(".pdf")
    if not pdf.exists():
        subprocess.run([*command, "--outdir", path.parent, path], check=True, capture_output=True, timeout=180)
    read = subprocess.run(["pdftotext", *options, pdf, "-"], check=True, capture_output=True)
    return html.unescape(read.stdout.decode())


def collisions(page: str) -> list[tuple[str, str]]:
    """Words of a page that stand on each other: what a row too low for its text looks like."""
    words = [(*map(float, found[:4]), found[4]) for found in WORD.findall(page)]
    return [
        (first[4], second[4])
        for first, second in itertools.combinations(words, 2)
        if min(first[2], second[2]) - max(first[0], second[0]) > 1
        and min(first[3], second[3]) - max(first[1], second[1]) > 0.4 * (first[3] - first[1])
    ]


@pytest.mark.office
def test_nothing_is_cut_when_libreoffice_prints_the_workbook(year: Cast, tmp_path: Path) -> None:
    make_organisation(LONG_NAME, parent=year.root, kind=OrganisationKind.GRASSROOTS_CELL)
    summary = Summary(Scope(year.root, 2015))
    path = tmp_path / "tong-ket.xlsx"
    path.write_bytes(workbook_bytes(summary_workbook(summary)))
    text = printed(path)
    assert "###" not in text
    for node in summary.grassroots:
        assert re.search(OTHER_CELLS.join(map(re.escape, node.name.split())), text), node.name
    assert "".join(FORMULA_NAME.split()) in "".join(text.split())
    pages = printed(path, "-bbox").split("</page>")
    assert len(WORD.findall(pages[0])) > 100
    assert [pair for page in pages for pair in collisions(page)] == []
