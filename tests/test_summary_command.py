"""The command `manage.py summary`: what it prints and writes, and what it says when it cannot."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from members.models import OrganisationKind
from reviews.indicators import FIGURES
from reviews.scope import Scope
from reviews.summary import Summary
from tests.builders import make_member, make_organisation, make_rating, make_target
from tests.conftest import Cast


def run(*arguments: Any) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("summary", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def year(cast: Cast) -> Cast:
    """2015 with three members in A, all rated, two of them well; and a target not met."""
    for name, rank in (("Ánh", 1), ("Đào", 2), ("Giáp", 3)):
        make_rating(make_member(cast.a_cell_1, f"Nguyễn Văn {name}"), 2015, rank)
    make_target(cast.root, "ratings.members.good_or_better", 97)
    make_target(cast.root, "admission.decided", 250, year=2016)
    return cast


def test_json_holds_every_figure_of_the_only_root(year: Cast) -> None:
    text = run(2015, "--format", "json")
    printed = json.loads(text)
    assert printed == Summary(Scope(year.root, 2015)).as_json()
    assert list(printed["figures"]) == [figure.code for figure in FIGURES]
    assert printed["figures"]["ratings.members.good_or_better"] == {"count": 2, "base": 3, "share": "66.67"}
    assert "Đảng bộ Khối Các cơ quan tỉnh Sơn Nam" in text


def test_an_organisation_is_chosen_by_its_code(year: Cast) -> None:
    printed = json.loads(run(2015, "--organisation", "A1", "--format", "json"))
    assert printed["organisation"] == {"code": "A1", "name": "Chi bộ Văn phòng"}
    assert printed["figures"]["members.total"]["count"] == 3
    assert json.loads(run(2015, "--organisation", "B", "--format", "json"))["figures"]["members.total"]["count"] == 0


def test_text_shows_counts_shares_with_their_base_and_targets(year: Cast) -> None:
    lines = [" ".join(line.split()) for line in run(2015).splitlines()]
    assert lines[0] == "TỔNG KẾT NĂM 2015: Đảng bộ Khối Các cơ quan tỉnh Sơn Nam (K)"
    assert "Tổng số đảng viên 3" in lines
    assert "Hoàn thành tốt nhiệm vụ trở lên 2 66,67% (2/3)" in lines
    wanted = "Đảng viên hoàn thành tốt nhiệm vụ trở lên 97%, thực hiện 66,67% (2/3): chưa đạt, thiếu 1 đảng viên"
    assert wanted in lines
    assert lines[-2:] == ["CHỈ TIÊU NĂM 2016", "Kết nạp trong năm 250"]


def test_text_is_aligned(year: Cast) -> None:
    lines = run(2015).splitlines()
    counts = [line for line in lines if line.startswith("  ") and line.rstrip()[-1].isdigit() and "%" not in line]
    assert len(counts) > 50
    assert len({len(line) for line in counts}) == 1


def test_a_workbook_is_written_to_the_file(year: Cast, tmp_path: Path) -> None:
    path = tmp_path / "tong-ket.xlsx"
    path.write_text("cũ")
    assert run(2015, "--format", "xlsx", "--output", path) == ""
    assert load_workbook(path).sheetnames[0] == "Tổng kết"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_file_holds_what_would_be_printed(year: Cast, tmp_path: Path, form: str) -> None:
    path = tmp_path / "tong-ket"
    run(2015, "--format", form, "--output", path)
    assert path.read_text() == run(2015, "--format", form)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["2015", "--organisation", "X9"], "Không có tổ chức nào mang mã “X9”."),
        (["1929"], "Năm “1929” không hợp lệ: cần một năm từ 1930 đến 2100."),
        (["2101"], "Năm “2101” không hợp lệ: cần một năm từ 1930 đến 2100."),
        (["nay"], "Năm “nay” không hợp lệ: cần một năm từ 1930 đến 2100."),
        (["２０１５"], "Năm “２０１５” không hợp lệ: cần một năm từ 1930 đến 2100."),
        (["2015", "--format", "pdf"], "Không có định dạng “pdf”; chọn một trong: text, json, xlsx."),
        (["2015", "--format", "xlsx"], "Định dạng xlsx cần --output TỆP."),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(cast: Cast, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert str(error.value) == sentence


@pytest.mark.django_db
def test_without_organisations_there_is_nothing_to_sum_up() -> None:
    with pytest.raises(CommandError, match="Chưa có tổ chức nào"):
        run(2015)


def test_of_several_roots_one_must_be_chosen(cast: Cast) -> None:
    make_organisation("Đảng bộ huyện", code="H", kind=OrganisationKind.UPPER_COMMITTEE)
    with pytest.raises(CommandError, match=r"không có cấp trên \(.*H.*\); hãy chọn bằng --organisation MÃ"):
        run(2015)
    assert run(2015, "--organisation", "H").startswith("TỔNG KẾT NĂM 2015: Đảng bộ huyện (H)")


def test_a_place_that_cannot_be_written_is_named_and_left_as_it_was(cast: Cast, tmp_path: Path) -> None:
    for path in (tmp_path / "không-có" / "a.json", tmp_path):
        with pytest.raises(CommandError, match="Không ghi được tệp") as error:
            run(2015, "--format", "json", "--output", path)
        assert str(path) in str(error.value)
    assert list(tmp_path.iterdir()) == []
