"""The sheet Tổ chức đảng."""

from __future__ import annotations

import random

import pytest

from config.access import Permission, scope_of
from members.exchange.organisations import OrganisationImporter
from members.models import Organisation, OrganisationPeriod
from members.services import change_organisation
from tests.builders import day, make_organisation
from tests.conftest import Cast
from tests.exchange.source import Values, bring, brought, now, written_out

pytestmark = pytest.mark.django_db

KIND, PARENT = "Tổ chức đảng", "Mã tổ chức cấp trên"
NEW = {"Mã tổ chức": "C", "Tên tổ chức": "Chi bộ Cục Thuế", "Loại tổ chức": "Chi bộ cơ sở", PARENT: "K"}


def row(code: str, **changed: str) -> tuple[str, Values]:
    return KIND, {"Mã tổ chức": code} | changed


def new(code: str, parent: str, name: str = "") -> tuple[str, Values]:
    values = NEW | {"Mã tổ chức": code, "Tên tổ chức": name or f"Chi bộ {code}", PARENT: parent}
    return KIND, {name: value for name, value in values.items() if value}


def above(code: str) -> str:
    """The codes from the root down, by the path on record, which must be that of the latest period."""
    found = Organisation.objects.get(code=code)
    assert found.path == OrganisationPeriod.objects.get(organisation=found, ends_on=None).path
    codes = {str(pk): code for pk, code in Organisation.objects.values_list("pk", "code")}
    return "/".join(codes[key] for key in found.path.split("/") if key)


def periods(code: str) -> list[tuple[str, str]]:
    """(first day, name) of each period."""
    rows = OrganisationPeriod.objects.filter(organisation__code=code).order_by("starts_on")
    return [(str(one.starts_on or ""), one.name) for one in sorted(rows, key=lambda one: str(one.starts_on or ""))]


# --- New, the same, changed ------------------------------------------------------------------------


def test_organisation_is_created_and_then_the_same(cast: Cast):
    rows = [(KIND, NEW | {"Ngày thành lập": "2001-05", "Loại hình cơ sở": "Cơ quan Nhà nước"})]
    assert brought(rows).statuses == ["new"]
    assert brought(rows).statuses == ["same"]
    found = Organisation.objects.get(code="C")
    assert (found.parent, found.kind, found.sector, str(found.founded)) == (
        cast.root,
        "grassroots_cell",
        "state_agency",
        "05/2001",
    )
    assert (above("C"), periods("C")) == ("K/C", [("", "Chi bộ Cục Thuế")])


def test_code_is_known_in_any_letter_case(cast):
    assert brought([row("a", **{PARENT: "k"})]).statuses == ["same"]
    assert brought([row("a", **{PARENT: "k"})], user=cast.grassroots_a).statuses == ["same"]
    assert bring([row("a1"), row("A1")]).problems == [(KIND, 3, "Mã tổ chức")]


def test_changed_cells_are_told_and_written(cast):
    cells = {"Loại tổ chức": "Đảng bộ bộ phận", PARENT: "A", "Ngày thành lập": "2003", "Ngày kết thúc": "2015-06-30"}
    source = brought([row("B", **cells)])
    assert source.lines[KIND][0].changes == [
        ("Loại tổ chức", "Chi bộ cơ sở", "Đảng bộ bộ phận"),
        (PARENT, "K", "A"),
        ("Ngày thành lập", "", "2003"),
        ("Ngày kết thúc", "", "2015-06-30"),
    ]
    assert above("B") == "K/A/B"
    assert brought([row("B", **cells | {"Ngày thành lập": "", "Ngày kết thúc": "2015"})]).statuses == ["changed"]
    found = Organisation.objects.get(code="B")
    assert (found.founded, str(found.ended)) == (None, "30/06/2015")


def test_rename_corrects_the_latest_period_alone(cast):
    change_organisation(organisation=cast.b, on=day("2014-01-01"), name="Chi bộ cũ", event="renamed", by=None)
    brought([row("B", **{"Tên tổ chức": "Chi bộ Thanh tra"})])
    assert periods("B") == [("", "Chi bộ Thanh tra tỉnh"), ("2014-01-01", "Chi bộ Thanh tra")]
    assert Organisation.objects.get(name_search="chi bo thanh tra").code == "B"


def test_those_below_follow_a_moved_parent(cast):
    brought([row("A", **{PARENT: "B"})])
    assert [above(code) for code in ("A", "A1", "A2")] == ["K/B/A", "K/B/A/A1", "K/B/A/A2"]
    assert set(OrganisationPeriod.objects.values_list("starts_on", "ends_on")) == {(None, None)}


# --- Parents ---------------------------------------------------------------------------------------


def test_parents_may_stand_in_the_same_file_in_any_order(db):
    rows = [new("R", ""), new("R1", "R"), new("R2", "r"), new("R11", "R1"), new("R111", "R11")]
    random.Random(3).shuffle(rows)
    assert brought(rows).statuses == ["new"] * 5
    assert above("R111") == "R/R1/R11/R111"
    assert brought(rows).statuses == ["same"] * 5


def test_parent_may_be_told_by_its_name(cast):
    rows = [new("C1", "Đảng bộ Cục Thuế"), new("C", "đảng bộ sở nội vụ", "Đảng bộ Cục Thuế")]
    assert brought(rows).statuses == ["new", "new"]
    assert above("C1") == "K/A/C/C1"
    assert brought(rows).statuses == ["same", "same"]


def test_wrong_parent_holds_back_those_below_without_more_errors(cast):
    rows = [new("C1", "C"), new("C", "K", "x" * 300), new("C11", "C1"), new("D", "K")]
    source = bring(rows)
    assert source.problems == [(KIND, 3, "Tên tổ chức")]
    assert source.statuses == ["wrong", "wrong", "wrong", "new"]
    assert "dòng 3" in source.lines[KIND][0].notes[0]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([new("C", "C")], [2]),
        ([new("C", "D"), new("D", "C"), new("E", "K")], [2, 3]),
        ([row("A", **{PARENT: "a"})], [2]),
        ([row("A1", **{"Tên tổ chức": "Chi bộ Hành chính"}), row("A", **{PARENT: "A2"})], [3]),
        ([row("K", **{"Tên tổ chức": "Đảng bộ Khối"}), row("B", **{PARENT: "A"}), row("A", **{PARENT: "B"})], [3, 4]),
    ],
    ids=["itself", "two new ones", "itself, on record", "one below it", "two of the file"],
)
def test_circle_is_told_at_the_rows_that_make_it(cast, rows, wrong):
    assert bring(rows).problems == [(KIND, number, PARENT) for number in wrong]


def test_circle_is_not_told_at_those_who_stand_below_it(cast):
    late = make_organisation("Đảng bộ mới", code="N", parent=cast.root)
    make_organisation("Đảng bộ trong đó", code="M", parent=late)
    change_organisation(organisation=cast.a_cell_1, on=day("2014-01-01"), parent=late, event="moved", by=None)
    assert bring([row("A1", **{"Tên tổ chức": "Chi bộ Hành chính"}), row("N", **{PARENT: "M"})]).problems == [
        (KIND, 3, PARENT)
    ]


# --- Refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Mã tổ chức": ""}, "Mã tổ chức"),
        ({"Mã tổ chức": "C" * 41}, "Mã tổ chức"),
        ({"Tên tổ chức": ""}, "Tên tổ chức"),
        ({"Loại tổ chức": ""}, "Loại tổ chức"),
        ({"Loại tổ chức": "Liên chi bộ"}, "Loại tổ chức"),
        ({"Loại hình cơ sở": "Nhà trẻ"}, "Loại hình cơ sở"),
        ({PARENT: "Z9"}, PARENT),
        ({"Ngày thành lập": "2015-02-01", "Ngày kết thúc": "2015-01-31"}, "Ngày kết thúc"),
    ],
)
def test_problem_is_told_at_its_column(cast, values, column):
    before = OrganisationPeriod.objects.count()
    assert bring([(KIND, NEW | values)]).problems == [(KIND, 2, column)]
    assert OrganisationPeriod.objects.count() == before


@pytest.mark.parametrize("column", ["Tên tổ chức", "Loại tổ chức"])
def test_what_an_organisation_needs_is_not_emptied(cast, column):
    assert bring([row("B", **{column: ""})]).problems == [(KIND, 2, column)]
    cast.b.refresh_from_db()
    assert (cast.b.name, cast.b.kind) == ("Chi bộ Thanh tra tỉnh", "grassroots_cell")


# --- Scope, and what others changed ----------------------------------------------------------------


@pytest.mark.parametrize("user", ["grassroots_a", "office"])
def test_only_the_operator_makes_a_root(cast, user):
    rows = [new("C", ""), row("A", **{PARENT: ""})]
    source = bring(rows, user=cast.users[user])
    assert source.problems == [(KIND, 2, PARENT), (KIND, 3, PARENT)]
    assert above("A") == "K/A"
    assert brought(rows).statuses == ["new", "changed"]
    assert (above("C"), above("A1")) == ("C", "A/A1")


def test_root_stays_one_for_whoever_brings_its_row(cast):
    assert brought([row("K", **{PARENT: ""})], user=cast.office).statuses == ["same"]


def test_grassroots_write_below_themselves_alone(cast):
    rows = [new("A3", "A"), new("A31", "A3"), row("A1", **{"Tên tổ chức": "Chi bộ Hành chính"})]
    assert brought(rows, user=cast.grassroots_a).statuses == ["new", "new", "changed"]
    foreign = [
        new("C", "K"),
        row("B", **{"Tên tổ chức": "Chi bộ khác"}),
        row("A1", **{PARENT: "B"}),
        row("B", **{PARENT: "A"}),
    ]
    found = [bring([one], user=cast.grassroots_a).problems for one in foreign]
    columns = [PARENT, "Mã tổ chức", PARENT, "Mã tổ chức"]
    assert found == [[(KIND, 2, column)] for column in columns]
    assert (above("A1"), above("B")) == ("K/A/A1", "K/B")


def test_unchanged_parent_may_lie_above_what_the_user_writes(cast):
    changed = row("A", **{PARENT: "K", "Tên tổ chức": "Đảng bộ Sở Nội vụ tỉnh"})
    assert brought([changed], user=cast.grassroots_a).statuses == ["changed"]
    assert above("A") == "K/A"


def test_what_others_changed_since_is_kept_or_asked_about(cast):
    since = now()
    change_organisation(organisation=cast.b, on=day("2015-01-01"), name="Chi bộ Thanh tra", event="renamed", by=None)
    kept = brought([row("B", **{"Tên tổ chức": "Chi bộ Thanh tra tỉnh"})], since=since)
    assert kept.statuses == ["same"]
    assert "giữ “Chi bộ Thanh tra”" in kept.lines[KIND][0].notes[0]
    asked = bring([row("B", **{"Tên tổ chức": "Chi bộ B"})], since=since)
    assert (asked.statuses, asked.problems) == (["conflict"], [(KIND, 2, "Tên tổ chức")])


# --- Out -------------------------------------------------------------------------------------------


def test_export_reads_back_as_the_same(cast):
    brought([(KIND, NEW | {PARENT: "A2", "Ngày thành lập": "2001-05", "Loại hình cơ sở": "Xã"})])
    rows = written_out(OrganisationImporter)
    assert [values["Mã tổ chức"] for values in rows] == ["K", "B", "A", "A2", "A1", "C"]
    assert rows[-1] == NEW | {PARENT: "A2", "Ngày thành lập": "2001-05", "Loại hình cơ sở": "Xã"}
    assert brought([(KIND, values) for values in rows]).statuses == ["same"] * 6
    scope = scope_of(cast.grassroots_b, Permission.VIEW_RECORDS)
    assert [values["Mã tổ chức"] for values in written_out(OrganisationImporter, scope)] == ["B"]


def test_queries_grow_with_levels_and_not_with_rows(cast, django_assert_max_num_queries):
    rows = [new(f"C{number}", "K") for number in range(40)] + [new(f"D{number}", f"C{number}") for number in range(40)]
    with django_assert_max_num_queries(45):
        brought(rows, importers=[OrganisationImporter])
