"""The sheet Đoàn thể."""

from __future__ import annotations

import pytest

from config.access import Permission, scope_of
from members.exchange.mass_organisations import MassOrganisationImporter
from members.models import MassOrganisation
from tests.builders import day, make_mass_organisation
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out

pytestmark = pytest.mark.django_db

KIND, PLACE = "Đoàn thể", "Mã tổ chức đảng"
ROW = {
    "Mã đoàn thể": "CD-01",
    "Tên đoàn thể": "Công đoàn Sở Nội vụ",
    "Loại đoàn thể": "Công đoàn",
    "Ngày thành lập": "2001-05-19",
    "Ngày kết thúc": "2015-06-30",
    PLACE: "A",
}


def test_mass_organisation_is_created_and_then_the_same(cast: Cast):
    assert brought([(KIND, ROW)]).statuses == ["new"]
    assert brought([(KIND, ROW)]).statuses == ["same"]
    found = MassOrganisation.objects.get()
    assert (found.organisation, found.kind, found.founded_on, found.version) == (
        cast.a,
        "trade_union",
        day("2001-05-19"),
        1,
    )
    assert found.name_search == "cong doan so noi vu"


def test_changed_cells_are_told_and_written(cast):
    brought([(KIND, ROW)])
    source = brought([(KIND, {"Mã đoàn thể": "CD-01", PLACE: "chi bộ thanh tra tỉnh", "Ngày kết thúc": ""})])
    assert source.lines[KIND][0].changes == [("Ngày kết thúc", "2015-06-30", ""), (PLACE, "A", "B")]
    found = MassOrganisation.objects.get()
    assert (found.organisation, found.ended_on, found.name) == (cast.b, None, ROW["Tên đoàn thể"])


def test_other_kinds_keep_their_word(cast):
    other = ROW | {"Loại đoàn thể": "Hội Chữ thập đỏ"}
    brought([(KIND, other)])
    found = MassOrganisation.objects.get()
    assert (found.kind, found.kind_text) == ("other", "Hội Chữ thập đỏ")
    assert brought([(KIND, other)]).statuses == ["same"]
    source = brought([(KIND, ROW | {"Loại đoàn thể": "Hội Phụ nữ"})])
    assert source.lines[KIND][0].changes == [("Loại đoàn thể", "Hội Chữ thập đỏ", "Hội Phụ nữ")]
    found.refresh_from_db()
    assert (found.kind, found.kind_text) == ("women", "")


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Mã đoàn thể": ""}, "Mã đoàn thể"),
        ({"Mã đoàn thể": "D" * 41}, "Mã đoàn thể"),
        ({"Tên đoàn thể": ""}, "Tên đoàn thể"),
        ({"Loại đoàn thể": ""}, "Loại đoàn thể"),
        ({"Loại đoàn thể": "x" * 300}, "Loại đoàn thể"),
        ({PLACE: ""}, PLACE),
        ({PLACE: "Z9"}, PLACE),
        ({"Ngày thành lập": "2001"}, "Ngày thành lập"),
        ({"Ngày kết thúc": "2000-01-01"}, "Ngày kết thúc"),
    ],
)
def test_problem_is_told_at_its_column(cast, values, column):
    assert bring([(KIND, ROW | values)]).problems == [(KIND, 2, column)]
    assert not MassOrganisation.objects.exists()


@pytest.mark.parametrize("column", ["Tên đoàn thể", "Loại đoàn thể", PLACE])
def test_what_a_mass_organisation_needs_is_not_emptied(cast, column):
    brought([(KIND, ROW)])
    assert bring([(KIND, {"Mã đoàn thể": "CD-01", column: ""})]).problems == [(KIND, 2, column)]
    assert MassOrganisation.objects.get().version == 1


def test_second_row_is_refused(cast):
    assert bring([(KIND, ROW), (KIND, ROW)]).problems == [(KIND, 3, "Mã đoàn thể")]


def test_foreign_organisations_are_refused(cast):
    make_mass_organisation(cast.b, code="CD-02")
    rows = [(KIND, ROW), (KIND, ROW | {"Mã đoàn thể": "CD-02"}), (KIND, ROW | {"Mã đoàn thể": "CD-03", PLACE: "B"})]
    source = bring(rows, user=cast.grassroots_a)
    assert source.problems == [(KIND, 3, "Mã đoàn thể"), (KIND, 4, PLACE)]
    assert dict(MassOrganisation.objects.values_list("code", "organisation__code")) == {"CD-01": "A", "CD-02": "B"}
    assert bring([(KIND, ROW | {PLACE: "B"})], user=cast.grassroots_a).problems == [(KIND, 2, PLACE)]


def test_what_others_changed_since_is_kept_or_asked_about(cast):
    union = make_mass_organisation(cast.a, "Công đoàn Sở Nội vụ", code="CD-01")
    since = now()
    union.name = "Công đoàn Sở"
    union.save()
    row = {"Mã đoàn thể": "CD-01", "Tên đoàn thể": "Công đoàn Sở Nội vụ"}
    assert brought([(KIND, row)], since=since).statuses == ["same"]
    asked = bring([(KIND, row | {"Tên đoàn thể": "Công đoàn cơ sở"})], since=since)
    assert (asked.statuses, asked.problems) == (["conflict"], [(KIND, 2, "Tên đoàn thể")])


def test_export_reads_back_as_the_same(cast):
    other = {"Mã đoàn thể": "H-1", "Tên đoàn thể": "Hội A", "Loại đoàn thể": "Hội Chữ thập đỏ", PLACE: "B"}
    brought([(KIND, other), (KIND, ROW)])
    rows = written_out(MassOrganisationImporter)
    assert rows == [ROW, other]
    assert brought([(KIND, values) for values in rows]).statuses == ["same", "same"]
    assert written_out(MassOrganisationImporter, scope_of(cast.grassroots_b, Permission.VIEW_RECORDS)) == [other]


def test_queries_do_not_grow_with_rows(cast, django_assert_max_num_queries):
    rows = [(KIND, ROW | {"Mã đoàn thể": f"CD-{number}"}) for number in range(60)]
    with django_assert_max_num_queries(20):
        brought(rows, importers=[MassOrganisationImporter])
