"""The sheet Lớp."""

from __future__ import annotations

import pytest

from config.access import Permission, scope_of
from tests.builders import make_class, make_enrolment, make_member
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out
from training.exchange.classes import Programmes, TrainingClassImporter
from training.models import TrainingClass

pytestmark = pytest.mark.django_db

KIND = "Lớp"
ROW = {
    "Mã lớp": "BD-01",
    "Tên lớp": "Lớp bồi dưỡng số 1",
    "Loại lớp": "Bồi dưỡng đối tượng kết nạp Đảng",
    "Cơ sở đào tạo": "Trung tâm chính trị",
    "Ngày khai giảng": "2015-04-06",
    "Ngày bế giảng": "2015-04-10",
}


def test_class_is_created_and_then_the_same(db):
    assert brought([(KIND, ROW)]).statuses == ["new"]
    assert brought([(KIND, ROW)]).statuses == ["same"]
    found = TrainingClass.objects.get()
    assert (found.code, found.programme.code, found.version) == ("BD-01", "candidate", 1)


def test_changed_cells_are_told_and_written(db):
    brought([(KIND, ROW)])
    source = brought([(KIND, {"Mã lớp": "BD-01", "Loại lớp": "đảng viên mới", "Cơ sở đào tạo": ""})])
    assert [column for column, *_ in source.lines[KIND][0].changes] == ["Loại lớp", "Cơ sở đào tạo"]
    found = TrainingClass.objects.get()
    assert (found.programme.code, found.provider, found.name) == ("new_member", "", ROW["Tên lớp"])


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("candidate", "candidate"),
        ("Lớp bồi dưỡng nhận thức về Đảng", "candidate"),
        ("Đối tượng kết nạp đảng", "candidate"),
        ("boi duong dang vien moi", "new_member"),
        ("Trung cấp lý luận chính trị - hành chính", "intermediate"),
        ("Cao cấp LLCT", "advanced"),
        ("sơ cấp", "elementary"),
        ("Bí thư chi bộ", "committee"),
        ("Nghiệp vụ bí thư chi bộ và cấp ủy viên", "committee"),
        ("CẬP NHẬT KIẾN THỨC", "update"),
        ("Học tập, quán triệt nghị quyết", "resolution"),
        ("Quán triệt nghị quyết", "resolution"),
        ("Ngoại ngữ", None),
        ("", None),
    ],
)
def test_programmes_are_known_by_their_usual_names(db, told, code):
    found = Programmes().find(told)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Mã lớp": ""}, "Mã lớp"),
        ({"Tên lớp": ""}, "Tên lớp"),
        ({"Loại lớp": ""}, "Loại lớp"),
        ({"Loại lớp": "Ngoại ngữ"}, "Loại lớp"),
        ({"Ngày khai giảng": ""}, "Ngày khai giảng"),
        ({"Ngày khai giảng": "2015-04"}, "Ngày khai giảng"),
        ({"Ngày bế giảng": "2015-04-01"}, "Ngày bế giảng"),
        ({"Mã lớp": "M" * 41}, "Mã lớp"),
    ],
)
def test_problem_is_told_at_its_column(db, values, column):
    assert bring([(KIND, ROW | values)]).problems == [(KIND, 2, column)]
    assert not TrainingClass.objects.exists()


def test_what_a_class_needs_is_not_emptied(db):
    brought([(KIND, ROW)])
    for column in ("Tên lớp", "Loại lớp", "Ngày khai giảng"):
        assert bring([(KIND, {"Mã lớp": "BD-01", column: ""})]).problems == [(KIND, 2, column)]
    assert TrainingClass.objects.get().version == 1


def test_second_row_is_refused(db):
    assert bring([(KIND, ROW), (KIND, ROW)]).problems == [(KIND, 3, "Mã lớp")]


def test_only_the_office_of_a_root_adds_a_class(cast: Cast):
    assert bring([(KIND, ROW)], user=cast.grassroots_a).problems == [(KIND, 2, "Mã lớp")]
    assert brought([(KIND, ROW)], user=cast.office).statuses == ["new"]


def test_grassroots_change_only_classes_of_their_learners(cast: Cast):
    brought([(KIND, ROW)])
    assert brought([(KIND, ROW)], user=cast.grassroots_a).statuses == ["same"]
    changed = [(KIND, ROW | {"Cơ sở đào tạo": "Trường chính trị"})]
    assert bring(changed, user=cast.grassroots_a).problems == [(KIND, 2, "Mã lớp")]
    make_enrolment(TrainingClass.objects.get(), make_member(cast.a_cell_1))
    assert brought(changed, user=cast.grassroots_a).statuses == ["changed"]


def test_what_others_changed_since_is_asked_about(db):
    found = make_class(code="BD-01", name="Lớp một")
    since = now()
    found.name = "Lớp hai"
    found.save()
    assert bring([(KIND, {"Mã lớp": "BD-01", "Tên lớp": "Lớp ba"})], since=since).statuses == ["conflict"]
    assert brought([(KIND, {"Mã lớp": "BD-01", "Tên lớp": "Lớp một"})], since=since).statuses == ["same"]
    assert TrainingClass.objects.get().name == "Lớp hai"


def test_export_reads_back_as_the_same(cast: Cast):
    brought([(KIND, ROW)])
    assert written_out(TrainingClassImporter) == [ROW]
    make_class()
    make_enrolment(TrainingClass.objects.get(code="BD-01"), make_member(cast.a_cell_1))
    for user, rows in ((cast.grassroots_a, [ROW]), (cast.grassroots_b, [])):
        assert written_out(TrainingClassImporter, scope_of(user, Permission.VIEW_RECORDS)) == rows
