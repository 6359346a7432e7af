"""The sheet Học viên."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from config.access import Permission, scope_of
from members.models import Person
from tests.builders import make_class, make_enrolment, make_member, make_person
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out
from training.exchange.learners import EnrolmentImporter
from training.models import Enrolment
from training.services import record_attendance

pytestmark = pytest.mark.django_db

KIND = "Học viên"
ROW = {"Mã lớp": "BD-01", "Số lý lịch": "01", "Kết quả": "Đạt", "Điểm": "7.5", "Xếp loại": "Khá"}
NEW = {"Mã lớp": "BD-01", "Họ và tên": "Trần Thị Mới", "Giới tính": "Nữ", "Ngày sinh": "1990-05", "Mã tổ chức": "A1"}
COUNT = {"Mã lớp": "BD-01", "Mã tổ chức": "A", "Số người dự": "12"}


@pytest.fixture
def an(cast: Cast) -> Any:
    make_class(code="BD-01", name="Lớp bồi dưỡng số 1")
    return make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")


def test_learner_is_created_and_then_the_same(an):
    assert brought([(KIND, ROW)]).statuses == ["new"]
    assert brought([(KIND, ROW)]).statuses == ["same"]
    found = Enrolment.objects.get()
    assert (found.person, found.result, found.score, found.grade) == (an, "passed", Decimal("7.5"), "Khá")


def test_changed_cells_are_told_and_written(an):
    brought([(KIND, ROW)])
    source = brought([(KIND, ROW | {"Điểm": "8.455", "Kết quả": "", "Ngày cấp": "2015-05-01"})])
    assert source.lines[KIND][0].changes == [
        ("Kết quả", "Đạt", ""),
        ("Điểm", "7.5", "8.46"),
        ("Ngày cấp", "", "2015-05-01"),
    ]
    assert brought([(KIND, ROW | {"Điểm": "8.455", "Kết quả": ""})]).statuses == ["same"]


def test_class_is_known_by_name_or_by_the_option(an):
    unnamed = {name: value for name, value in ROW.items() if name != "Mã lớp"}
    assert brought([(KIND, ROW | {"Mã lớp": "lớp bồi dưỡng SỐ 1"})]).statuses == ["new"]
    assert brought([(KIND, unnamed)], training_class="BD-01").statuses == ["same"]
    make_class(code="BD-02", name="Lớp bồi dưỡng số 1")
    assert bring([(KIND, ROW | {"Mã lớp": "Lớp bồi dưỡng số 1"})]).problems == [(KIND, 2, "Mã lớp")]


def test_unknown_person_becomes_a_candidate(an, cast):
    source = brought([(KIND, NEW | {"Quê quán": "Nam Định"}), (KIND, NEW | {"Họ và tên": "Lê Văn Hai"})])
    assert source.statuses == ["new", "new"]
    people = Person.objects.filter(file_number__startswith="TẠM-").order_by("file_number")
    assert [person.file_number for person in people] == ["TẠM-000001", "TẠM-000002"]
    first = people[0]
    assert (first.full_name, first.sex, str(first.born), first.home_town) == (
        "Trần Thị Mới",
        "female",
        "05/1990",
        "Nam Định",
    )
    assert first.followed_by == cast.a_cell_1
    assert brought([(KIND, NEW)]).statuses == ["same"]
    assert Person.objects.count() == 3


def test_unknown_person_of_two_classes_becomes_one(an):
    make_class(code="BD-02")
    rows = [(KIND, NEW), (KIND, NEW | {"Mã lớp": "BD-02"})]
    assert brought(rows).statuses == ["new", "new"]
    assert Person.objects.filter(file_number__startswith="TẠM-").count() == 1
    assert Enrolment.objects.count() == 2


@pytest.mark.parametrize("together", [1, 100])
def test_unknown_person_given_twice_is_refused(an, together):
    assert bring([(KIND, NEW), (KIND, NEW)], together=together).problems == [(KIND, 3, "Số lý lịch")]


def test_candidate_without_organisation_is_for_the_operator_alone(an, cast):
    row = (KIND, {name: value for name, value in NEW.items() if name != "Mã tổ chức"})
    assert bring([row], user=cast.office).problems == [(KIND, 2, "Mã tổ chức")]
    assert brought([row], user=cast.office, organisation="A").statuses == ["new"]
    assert Person.objects.get(full_name="Trần Thị Mới").followed_by == cast.a
    assert brought([(KIND, row[1] | {"Họ và tên": "Lê Văn Hai"})]).statuses == ["new"]
    assert Person.objects.get(full_name="Lê Văn Hai").followed_by is None


@pytest.mark.parametrize(
    ("values", "column"),
    [
        (ROW | {"Mã lớp": "BD-99"}, "Mã lớp"),
        ({name: value for name, value in ROW.items() if name != "Mã lớp"}, "Mã lớp"),
        (ROW | {"Số lý lịch": "99"}, "Số lý lịch"),
        (ROW | {"Họ và tên": "Lê Thị Khác"}, "Họ và tên"),
        (ROW | {"Điểm": "11"}, "Điểm"),
        (ROW | {"Điểm": "-1"}, "Điểm"),
        (ROW | {"Kết quả": "Tốt"}, "Kết quả"),
        (ROW | {"Ngày cấp": "2015"}, "Ngày cấp"),
        (ROW | {"Số người dự": "3"}, "Số người dự"),
        (NEW | {"Giới tính": ""}, "Giới tính"),
        (NEW | {"Ngày sinh": "2999-01-01"}, "Ngày sinh"),
        (NEW | {"Họ và tên": ""}, "Họ và tên"),
        (NEW | {"Lý luận chính trị": "Tiến sĩ"}, "Lý luận chính trị"),
        (COUNT | {"Mã tổ chức": "Z"}, "Mã tổ chức"),
        (COUNT | {"Mã tổ chức": ""}, "Mã tổ chức"),
        (COUNT | {"Số người dự": "nhiều"}, "Số người dự"),
        (COUNT | {"Số người dự": "99999"}, "Số người dự"),
        (COUNT | {"Mã lớp": "BD-99"}, "Mã lớp"),
    ],
)
def test_problem_is_told_at_its_column(an, values, column):
    assert bring([(KIND, values)]).problems == [(KIND, 2, column)]
    assert not Enrolment.objects.exists()
    assert Person.objects.count() == 1


def test_option_of_a_class_that_is_not_there_is_told_at_the_class(an):
    row = {name: value for name, value in ROW.items() if name != "Mã lớp"}
    assert bring([(KIND, row)], training_class="BD-99").problems == [(KIND, 2, "Mã lớp")]


def test_several_of_one_name_are_told_at_the_name(an, cast):
    make_person("Nguyễn Văn An", followed_by=cast.b)
    row = {"Mã lớp": "BD-01", "Họ và tên": "Nguyễn Văn An", "Giới tính": "Nam"}
    source = bring([(KIND, row)])
    assert source.problems == [(KIND, 2, "Họ và tên")]
    assert len(source.lines[KIND][0].problems[0].candidates) == 2
    assert brought([(KIND, row)], more={0: {"choice": 0}}, organisation="B").statuses == ["new"]
    assert Person.objects.count() == 3


def test_foreign_people_are_unknown(an, cast):
    assert bring([(KIND, ROW)], user=cast.grassroots_b).problems == [(KIND, 2, "Số lý lịch")]
    assert bring([(KIND, NEW)], user=cast.grassroots_b).problems == [(KIND, 2, "Mã tổ chức")]
    assert brought([(KIND, ROW)], user=cast.grassroots_a).statuses == ["new"]


def test_count_of_those_present_is_made_what_the_row_says(an, cast):
    assert brought([(KIND, COUNT)]).statuses == ["new"]
    assert brought([(KIND, COUNT)]).statuses == ["same"]
    source = brought([(KIND, COUNT | {"Số người dự": "9"})])
    assert source.lines[KIND][0].changes == [("Số người dự", "12", "9")]
    assert Enrolment.objects.filter(organisation=cast.a).count() == 9
    assert brought([(KIND, COUNT | {"Số người dự": ""})]).statuses == ["changed"]
    assert not Enrolment.objects.exists()
    assert bring([(KIND, COUNT), (KIND, COUNT)]).problems == [(KIND, 3, "Mã tổ chức")]


def test_count_may_have_a_result(an, cast):
    passed = COUNT | {"Kết quả": "Đạt"}
    assert brought([(KIND, COUNT)]).statuses == ["new"]
    assert brought([(KIND, passed)]).statuses == ["changed"]
    assert Enrolment.objects.filter(result="passed").count() == Enrolment.objects.count() == 12
    assert brought([(KIND, COUNT)]).statuses == ["same"]
    assert brought([(KIND, COUNT | {"Số người dự": "13"})]).statuses == ["changed"]
    assert Enrolment.objects.filter(result="passed").count() == 13
    assert bring([(KIND, COUNT | {"Kết quả": "Tốt"})]).problems == [(KIND, 2, "Kết quả")]


@pytest.mark.parametrize("together", [1, 100])
def test_counts_with_several_results_read_back(an, cast, together):
    rows = [
        (KIND, COUNT | {"Số người dự": "5"}),
        (KIND, COUNT | {"Kết quả": "Không đạt"}),
        (KIND, COUNT | {"Kết quả": "Đạt", "Số người dự": "20"}),
    ]
    assert brought(rows, together=together).statuses == ["new"] * 3
    written = written_out(EnrolmentImporter)
    assert written == [values for _, values in rows]
    assert brought([(KIND, values) for values in written], together=together).statuses == ["same"] * 3
    assert Enrolment.objects.count() == 37


def test_count_of_foreign_organisation_is_refused(an, cast):
    assert bring([(KIND, COUNT)], user=cast.grassroots_b).problems == [(KIND, 2, "Mã tổ chức")]
    assert brought([(KIND, COUNT)], user=cast.grassroots_a).statuses == ["new"]


def test_what_others_changed_since_is_asked_about(an):
    brought([(KIND, ROW)])
    since = now()
    found = Enrolment.objects.get()
    found.grade = "Giỏi"
    found.save()
    assert brought([(KIND, ROW)], since=since).statuses == ["same"]
    assert bring([(KIND, ROW | {"Xếp loại": "Trung bình"})], since=since).problems == [(KIND, 2, "Xếp loại")]


def test_export_reads_back_as_the_same(an, cast):
    brought([(KIND, ROW)])
    (found,) = {row.training_class for row in Enrolment.objects.all()}
    record_attendance(training_class=found, organisation=cast.b, present=5, by=None)
    make_enrolment(found, make_member(cast.b, "Lê Thị Bê", file_number="02"))
    rows = written_out(EnrolmentImporter)
    assert rows == [
        ROW | {"Họ và tên": "Nguyễn Văn An"},
        {"Mã lớp": "BD-01", "Số lý lịch": "02", "Họ và tên": "Lê Thị Bê"},
        {"Mã lớp": "BD-01", "Mã tổ chức": "B", "Số người dự": "5"},
    ]
    assert brought([(KIND, values) for values in rows]).statuses == ["same"] * 3
    scope = scope_of(cast.grassroots_b, Permission.VIEW_RECORDS)
    assert written_out(EnrolmentImporter, scope) == rows[1:]


def test_queries_do_not_grow_with_rows(cast, an, django_assert_max_num_queries):
    rows = [(KIND, NEW | {"Họ và tên": f"Người Mới {number:c}"}) for number in range(ord("A"), ord("Z"))]
    people = [make_member(cast.b, f"Người Số {number}") for number in range(40)]
    rows += [(KIND, ROW | {"Số lý lịch": person.file_number}) for person in people]
    with django_assert_max_num_queries(45):
        brought(rows, importers=[EnrolmentImporter])
