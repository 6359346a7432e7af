"""The sheet Kỷ luật."""

from __future__ import annotations

from typing import Any

import pytest

from members.exchange.honours import DisciplineImporter
from members.models import Discipline
from tests.builders import make_discipline, make_member
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out

pytestmark = pytest.mark.django_db

KIND = "Kỷ luật"
PERSON = {"Số lý lịch": "01", "Hình thức": "Cảnh cáo", "Ngày quyết định": "2015-06-01"}
ORGANISATION = {"Mã tổ chức": "A", "Hình thức": "Khiển trách", "Ngày quyết định": "2015-07"}


@pytest.fixture
def an(cast: Cast) -> Any:
    return make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")


def test_people_and_organisations_are_disciplined_once(an, cast):
    rows = [(KIND, PERSON | {"Nội dung vi phạm": "Vi phạm quy chế", "Mã tổ chức": "A1"}), (KIND, ORGANISATION)]
    assert brought(rows).statuses == ["new", "new"]
    assert brought(rows).statuses == ["same", "same"]
    of_person, of_organisation = Discipline.objects.order_by("pk")
    assert (of_person.person, of_person.organisation, of_person.form) == (an, None, "warning")
    assert (of_organisation.organisation, str(of_organisation.decided)) == (cast.a, "07/2015")
    assert of_person.note == "Vi phạm quy chế"


def test_fuller_date_stays_whichever_side_has_it(an, cast):
    make_discipline(person=an, form="warning", decided_on="2015-06-01")
    assert brought([(KIND, PERSON | {"Ngày quyết định": "2015"})]).statuses == ["same"]
    brought([(KIND, ORGANISATION)])
    assert brought([(KIND, ORGANISATION | {"Ngày quyết định": "2015-07-15"})]).statuses == ["changed"]
    assert sorted(str(row.decided) for row in Discipline.objects.all()) == ["01/06/2015", "15/07/2015"]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        (PERSON | {"Hình thức": "Phê bình"}, "Hình thức"),
        (PERSON | {"Hình thức": "Giải tán"}, "Hình thức"),
        (PERSON | {"Hình thức": ""}, "Hình thức"),
        (ORGANISATION | {"Hình thức": "Cách chức"}, "Hình thức"),
        (PERSON | {"Ngày quyết định": ""}, "Ngày quyết định"),
        (PERSON | {"Số lý lịch": ""}, "Số lý lịch"),
        (ORGANISATION | {"Mã tổ chức": "Không có"}, "Mã tổ chức"),
    ],
)
def test_problem_is_told_at_its_column(an, values, column):
    assert bring([(KIND, values)]).problems == [(KIND, 2, column)]
    assert not Discipline.objects.exists()


def test_second_row_is_refused(an):
    assert bring([(KIND, PERSON), (KIND, PERSON)]).problems == [(KIND, 3, "Ngày quyết định")]


def test_foreign_people_and_organisations_are_refused(an, cast):
    source = bring([(KIND, PERSON), (KIND, ORGANISATION)], user=cast.grassroots_b)
    assert source.problems == [(KIND, 2, "Số lý lịch"), (KIND, 3, "Mã tổ chức")]
    assert brought([(KIND, PERSON), (KIND, ORGANISATION)], user=cast.grassroots_a).statuses == ["new", "new"]


def test_what_others_changed_since_is_asked_about(an):
    record = make_discipline(person=an, form="warning", decided_on="2015-06-01", decision_number="1")
    since = now()
    record.decision_number = "2"
    record.save()
    source = bring([(KIND, PERSON | {"Số quyết định": "3"})], since=since)
    assert source.problems == [(KIND, 2, "Số quyết định")]


def test_export_reads_back_as_the_same(an, cast):
    rows = [(KIND, PERSON | {"Số quyết định": "7", "Nội dung vi phạm": "Vi phạm"}), (KIND, ORGANISATION)]
    brought(rows)
    written = written_out(DisciplineImporter)
    assert written == [values for _, values in rows]
    assert brought([(KIND, values) for values in written]).statuses == ["same", "same"]
