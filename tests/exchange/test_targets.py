"""The sheet Chỉ tiêu."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reviews.exchange.targets import FigureNames, TargetImporter, full_name
from reviews.indicators import BY_CODE, FIGURES
from reviews.models import Target
from tests.builders import make_organisation, make_target
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out

pytestmark = pytest.mark.django_db

KIND = "Chỉ tiêu"
ROW = {"Năm": "2016", "Mã tổ chức": "K", "Chỉ tiêu": "admission.decided", "Giá trị": "250"}


def test_target_is_created_changed_and_then_the_same(cast: Cast):
    assert brought([(KIND, ROW)]).statuses == ["new"]
    assert brought([(KIND, ROW)]).statuses == ["same"]
    source = brought([(KIND, ROW | {"Giá trị": "260.5"})])
    assert source.lines[KIND][0].changes == [("Giá trị", "250", "260.5")]
    assert Target.objects.get().value == Decimal("260.5")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("admission.decided", "admission.decided"),
        ("kết nạp trong năm", "admission.decided"),
        ("Đảng viên hoàn thành tốt nhiệm vụ trở lên", "ratings.members.good_or_better"),
        ("Xếp loại đảng viên: hoàn thành tốt nhiệm vụ trở lên", "ratings.members.good_or_better"),
        ("Tổ chức cơ sở đảng trong sạch, vững mạnh", "ratings.organisations.tier1"),
        ("Trong sạch, vững mạnh", "ratings.organisations.tier1"),
        ("Đoàn thể vững mạnh", "ratings.mass.tier1"),
        ("Đoàn thể mức 1", "ratings.mass.tier1"),
        ("Huy hiệu Đảng: 30 năm", "badges.awarded.30"),
        ("Bồi dưỡng đảng viên mới: học viên", "training.new_member.learners"),
    ],
)
def test_figures_are_known_by_code_or_label(db, told, code):
    assert [figure.code for figure in FigureNames().find(told, 2015)] == [code]


def test_every_figure_is_found_by_its_full_name_in_any_year(db):
    names = FigureNames()
    assert len({full_name(figure) for figure in FIGURES}) == len(FIGURES)
    for year in (2000, 2015, 2024):
        assert all(names.find(full_name(figure), year) == [figure] for figure in FIGURES)


def test_organisation_is_the_rows_else_the_files_else_the_only_root(cast: Cast):
    row = {name: value for name, value in ROW.items() if name != "Mã tổ chức"}
    brought([(KIND, row)])
    brought([(KIND, row)], organisation="A")
    assert {target.organisation for target in Target.objects.all()} == {cast.root, cast.a}
    assert bring([(KIND, row)], user=cast.grassroots_a).problems == [(KIND, 2, "Mã tổ chức")]
    make_organisation(code="K2")
    assert bring([(KIND, row)]).problems == [(KIND, 2, "Mã tổ chức")]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Năm": ""}, "Năm"),
        ({"Mã tổ chức": "Z"}, "Mã tổ chức"),
        ({"Chỉ tiêu": ""}, "Chỉ tiêu"),
        ({"Chỉ tiêu": "Số cây trồng"}, "Chỉ tiêu"),
        ({"Chỉ tiêu": "Hoàn thành tốt nhiệm vụ trở lên"}, "Chỉ tiêu"),
        ({"Giá trị": ""}, "Giá trị"),
        ({"Giá trị": "-5"}, "Giá trị"),
        ({"Giá trị": "99999999"}, "Giá trị"),
        ({"Chỉ tiêu": "ratings.members.good_or_better", "Giá trị": "101"}, "Giá trị"),
    ],
)
def test_problem_is_told_at_its_column(cast, values, column):
    assert bring([(KIND, ROW | values)]).problems == [(KIND, 2, column)]
    assert not Target.objects.exists()


def test_missing_value_is_told_for_a_new_target_alone(cast):
    row = {name: value for name, value in ROW.items() if name != "Giá trị"}
    assert bring([(KIND, row)]).problems == [(KIND, 2, "Giá trị")]
    brought([(KIND, ROW)])
    assert brought([(KIND, row)]).statuses == ["same"]


def test_share_that_looks_like_a_fraction_is_told(cast):
    row = ROW | {"Chỉ tiêu": "ratings.members.good_or_better", "Giá trị": "0.97"}
    assert brought([(KIND, row)]).lines[KIND][0].notes


def test_second_row_is_refused_whatever_the_figure_is_called(cast):
    rows = [(KIND, ROW), (KIND, ROW | {"Chỉ tiêu": "Kết nạp trong năm"})]
    assert bring(rows).problems == [(KIND, 3, "Chỉ tiêu")]


def test_foreign_organisations_are_unknown(cast):
    assert bring([(KIND, ROW)], user=cast.grassroots_a).problems == [(KIND, 2, "Mã tổ chức")]
    assert brought([(KIND, ROW | {"Mã tổ chức": "A1"})], user=cast.grassroots_a).statuses == ["new"]


def test_what_others_changed_since_is_asked_about(cast):
    target = make_target(cast.root, year=2016)
    since = now()
    target.value = 300
    target.save()
    assert bring([(KIND, ROW | {"Giá trị": "280"})], since=since).problems == [(KIND, 2, "Giá trị")]
    assert brought([(KIND, ROW)], since=since).statuses == ["same"]
    assert Target.objects.get().value == 300


def test_export_reads_back_as_the_same(cast):
    for code in ("ratings.organisations.tier1", "members.women", "training.update.passed"):
        make_target(cast.root, code, 50, year=2016)
    rows = written_out(TargetImporter)
    assert {values["Chỉ tiêu"] for values in rows} == {full_name(BY_CODE[code]) for code in BY_CODE} & {
        values["Chỉ tiêu"] for values in rows
    }
    assert brought([(KIND, values) for values in rows]).statuses == ["same"] * 3
