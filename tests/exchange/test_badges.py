"""The sheet Huy hiệu Đảng."""

from __future__ import annotations

from typing import Any

import pytest

from members.exchange.honours import BadgeImporter
from members.models import Badge
from tests.builders import make_badge, make_member
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out

pytestmark = pytest.mark.django_db

KIND = "Huy hiệu Đảng"
ROW = {"Số lý lịch": "01", "Mốc": "30", "Ngày trao": "2015-02-03"}


def row(values: dict[str, str] | None = None) -> tuple[str, dict[str, str]]:
    return KIND, ROW | (values or {})


@pytest.fixture
def an(cast: Cast) -> Any:
    return make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")


def test_badge_is_created_and_then_the_same(an):
    rows = [row({"Số quyết định": "12-QĐ/TU", "Ngày quyết định": "2015-01-20", "Số huy hiệu": "007"})]
    assert brought(rows).statuses == ["new"]
    assert brought(rows).statuses == ["same"]
    badge = Badge.objects.get()
    assert (badge.person, badge.milestone, str(badge.awarded), badge.badge_number) == (an, 30, "03/02/2015", "007")
    assert badge.version == 1


def test_changed_cells_are_told_and_written(an):
    make_badge(an, 30, "2015-02-03")
    source = brought([row({"Truy tặng": "Có", "Ngày trao": "2015-05-19"})])
    assert source.lines[KIND][0].changes == [("Ngày trao", "2015-02-03", "2015-05-19"), ("Truy tặng", "", "Có")]
    assert Badge.objects.get().is_posthumous


def test_empty_and_missing_cells_leave_what_is_there(an):
    make_badge(an, 30, "2015-02-03", decision_number="12", is_posthumous=True)
    assert brought([(KIND, {"Số lý lịch": "01", "Mốc": "30"})]).statuses == ["same"]
    brought([row({"Số quyết định": "", "Truy tặng": "Không"})])
    badge = Badge.objects.get()
    assert (badge.decision_number, badge.is_posthumous) == ("", False)


def test_month_in_the_file_keeps_the_full_date(an):
    make_badge(an, 30, "2015-02-03")
    assert brought([row({"Ngày trao": "2015-02"})]).statuses == ["same"]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Mốc": "35"}, "Mốc"),
        ({"Mốc": ""}, "Mốc"),
        ({"Mốc": "ba mươi"}, "Mốc"),
        ({"Ngày trao": ""}, "Ngày trao"),
        ({"Số lý lịch": "99"}, "Số lý lịch"),
        ({"Ngày quyết định": "2015"}, "Ngày quyết định"),
        ({"Số quyết định": "1" * 61}, "Số quyết định"),
        ({"Họ và tên": "Nguyễn Văn Ân"}, "Họ và tên"),
        ({"Mã tổ chức": "Z"}, "Mã tổ chức"),
    ],
)
def test_problem_is_told_at_its_column(an, values, column):
    source = bring([row(values)])
    assert source.problems == [(KIND, 2, column)]
    assert not Badge.objects.exists()


def test_second_row_of_a_milestone_is_refused(an):
    source = bring([row(), row()])
    assert source.statuses == ["new", "wrong"]
    assert source.problems == [(KIND, 3, "Mốc")]


def test_person_without_number_is_found_by_name_or_told(an, cast):
    named = (KIND, {"Họ và tên": "nguyễn văn an", "Mốc": "30", "Ngày trao": "2015-02-03"})
    assert brought([named]).statuses == ["new"]
    make_member(cast.b, "Nguyễn Văn An")
    assert bring([named]).problems == [(KIND, 2, "Họ và tên")]
    assert bring([(KIND, named[1] | {"Họ và tên": "Lê Thị Không"})]).problems == [(KIND, 2, "Họ và tên")]


def test_people_of_others_are_refused(an, cast):
    source = bring([row()], user=cast.grassroots_b)
    assert source.problems == [(KIND, 2, "Số lý lịch")]
    assert brought([row()], user=cast.grassroots_a).statuses == ["new"]


def test_what_others_changed_since_is_kept_or_asked_about(an):
    badge = make_badge(an, 30, "2015-02-03", decision_number="1")
    since = now()
    badge.decision_number, badge.badge_number = "2", "99"
    badge.save()
    kept = brought([row({"Số quyết định": "1", "Số huy hiệu": ""})], since=since)
    assert Badge.objects.get().decision_number == "2"
    assert "giữ “2”" in kept.lines[KIND][0].notes[0]
    asked = bring([row({"Số quyết định": "3"})], since=since)
    assert (asked.statuses, asked.problems) == (["conflict"], [(KIND, 2, "Số quyết định")])
    brought([row({"Số quyết định": "3"})], since=since, more={0: {"decisions": {"Số quyết định": "mine"}}})
    assert Badge.objects.get().decision_number == "3"


def test_export_reads_back_as_the_same(an):
    make_badge(an, 40, "2015-02-03", decision_number="12", is_posthumous=True)
    rows = written_out(BadgeImporter)
    assert rows == [
        {"Số lý lịch": "01", "Mốc": "40", "Ngày trao": "2015-02-03", "Số quyết định": "12", "Truy tặng": "Có"}
    ]
    assert brought([(KIND, values) for values in rows]).statuses == ["same"]


def test_queries_do_not_grow_with_rows(cast, django_assert_max_num_queries):
    people = [make_member(cast.b, f"Người Số {number}") for number in range(40)]
    rows = [row({"Số lý lịch": person.file_number}) for person in people]
    with django_assert_max_num_queries(30):
        brought(rows, importers=[BadgeImporter])
