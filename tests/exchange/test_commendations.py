"""The sheet Khen thưởng."""

from __future__ import annotations

from typing import Any

import pytest

from reviews.exchange.commendations import CommendationImporter, form_of, title_of
from reviews.models import Commendation
from tests.builders import make_commendation, make_member
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out

pytestmark = pytest.mark.django_db

KIND = "Khen thưởng"
PERSON = {
    "Năm": "2015",
    "Hình thức": "Giấy khen",
    "Danh hiệu": "Đảng viên hoàn thành xuất sắc nhiệm vụ 5 năm liền",
    "Số lý lịch": "01",
}
ORGANISATION = {"Năm": "2015", "Hình thức": "Giấy khen", "Danh hiệu": "TCCSĐ tiêu biểu trong năm", "Mã tổ chức": "A"}
OTHER = {"Năm": "2015", "Hình thức": "Kỷ niệm chương", "Danh hiệu": "Vì sự nghiệp tổ chức", "Số lý lịch": "01"}


@pytest.fixture
def an(cast: Cast) -> Any:
    return make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")


def test_commendations_are_created_and_then_the_same(an, cast):
    rows = [(KIND, values) for values in (PERSON, ORGANISATION, OTHER)]
    assert brought(rows).statuses == ["new"] * 3
    assert brought(rows).statuses == ["same"] * 3
    of_person, of_organisation, other = Commendation.objects.order_by("pk")
    assert (of_person.title, of_person.person) == ("member_five_years", an)
    assert (of_organisation.title, of_organisation.organisation) == ("organisation_exemplary", cast.a)
    assert (other.form, other.form_text, other.title_text) == ("other", "Kỷ niệm chương", "Vì sự nghiệp tổ chức")


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("tổ chức cơ sở đảng trong sạch, vững mạnh tiêu biểu trong năm", "organisation_exemplary"),
        ("TCCSĐ tiêu biểu", "organisation_exemplary"),
        ("Chi bộ TSVM tiêu biểu 5 năm liền", "cell_five_years"),
        ("Chi bộ tiêu biểu năm năm liền", "cell_five_years"),
        ("đảng viên HTXS nhiệm vụ 5 năm liên tục", "member_five_years"),
        ("Chi bộ tiêu biểu trong năm", "other"),
        ("Danh hiệu khác", "other"),
    ],
)
def test_titles_are_known_by_their_usual_names(told, title):
    assert title_of(told) == (title, told if title == "other" and told != "Danh hiệu khác" else "")


def test_forms_are_known_by_their_labels():
    assert form_of("giấy khen") == ("certificate", "")
    assert form_of("Khác") == ("other", "")
    assert form_of("Huân chương") == ("other", "Huân chương")


def test_changed_cells_are_told_and_written(an):
    brought([(KIND, PERSON)])
    source = brought([(KIND, PERSON | {"Số quyết định": "12-QĐ/ĐU", "Ngày quyết định": "2015-12-20"})])
    assert [column for column, *_ in source.lines[KIND][0].changes] == ["Số quyết định", "Ngày quyết định"]
    assert Commendation.objects.get().decision_number == "12-QĐ/ĐU"


def test_organisation_beside_a_person_only_helps_to_find_them(an, cast):
    make_member(cast.b, "Nguyễn Văn An")
    named = PERSON | {"Số lý lịch": "", "Họ và tên": "Nguyễn Văn An"}
    assert bring([(KIND, named)]).problems == [(KIND, 2, "Họ và tên")]
    assert brought([(KIND, named | {"Mã tổ chức": "A"})]).statuses == ["new"]
    assert (Commendation.objects.get().person, Commendation.objects.get().organisation) == (an, None)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        (PERSON | {"Năm": ""}, "Năm"),
        (PERSON | {"Hình thức": ""}, "Hình thức"),
        (PERSON | {"Danh hiệu": ""}, "Danh hiệu"),
        (PERSON | {"Số lý lịch": "99"}, "Số lý lịch"),
        (PERSON | {"Số lý lịch": ""}, "Số lý lịch"),
        (PERSON | {"Số lý lịch": "", "Mã tổ chức": "A"}, "Mã tổ chức"),
        (ORGANISATION | {"Mã tổ chức": "Z"}, "Mã tổ chức"),
        (ORGANISATION | {"Mã tổ chức": "", "Số lý lịch": "01"}, "Số lý lịch"),
        (PERSON | {"Ngày quyết định": "2015-12"}, "Ngày quyết định"),
        (OTHER | {"Danh hiệu": "D" * 256}, "Danh hiệu"),
    ],
)
def test_problem_is_told_at_its_column(an, values, column):
    assert bring([(KIND, values)]).problems == [(KIND, 2, column)]
    assert not Commendation.objects.exists()


def test_year_of_the_file_stands_in(an):
    row = {name: value for name, value in PERSON.items() if name != "Năm"}
    assert brought([(KIND, row)], year="2015").statuses == ["new"]
    assert bring([(KIND, row)], year="15").problems == [(KIND, 2, "Năm")]


def test_second_row_is_refused(an):
    assert bring([(KIND, PERSON), (KIND, PERSON)]).problems == [(KIND, 3, "Danh hiệu")]


def test_foreign_people_and_organisations_are_refused(an, cast):
    source = bring([(KIND, PERSON), (KIND, ORGANISATION)], user=cast.grassroots_b)
    assert source.problems == [(KIND, 2, "Số lý lịch"), (KIND, 3, "Mã tổ chức")]
    assert brought([(KIND, PERSON), (KIND, ORGANISATION)], user=cast.grassroots_a).statuses == ["new", "new"]


def test_what_others_changed_since_is_asked_about(an):
    record = make_commendation(person=an, decision_number="1")
    since = now()
    record.decision_number = "2"
    record.save()
    assert bring([(KIND, PERSON | {"Số quyết định": "3"})], since=since).statuses == ["conflict"]
    assert brought([(KIND, PERSON | {"Số quyết định": "1"})], since=since).statuses == ["same"]


def test_export_reads_back_as_the_same(an, cast):
    brought([(KIND, values) for values in (PERSON, ORGANISATION, OTHER)])
    make_commendation(organisation=cast.b, title="other", title_text="TCCSĐ tiêu biểu")
    make_commendation(organisation=cast.b, title="other", form="other")
    rows = written_out(CommendationImporter)
    assert len(rows) == 5
    assert brought([(KIND, values) for values in rows]).statuses == ["same"] * 5
