"""The sheet Quá trình tổ chức."""

from __future__ import annotations

import random
from typing import Any

import pytest

from config.access import Permission, scope_of
from members.exchange.organisation_events import OrganisationEventImporter
from members.models import Membership, Organisation, OrganisationPeriod, Succession
from members.services import change_organisation, merge_organisation
from tests.builders import day, make_member, make_organisation
from tests.conftest import Cast
from tests.exchange.source import Values, bring, brought, written_out

pytestmark = pytest.mark.django_db

KIND, PARENT, SUCCESSOR = "Quá trình tổ chức", "Mã tổ chức cấp trên", "Mã tổ chức kế thừa"
RENAMED = {"Mã tổ chức": "B", "Từ ngày": "2014-01-01", "Tên tổ chức": "Chi bộ Thanh tra", "Sự việc": "Đổi tên"}
MOVED = {"Mã tổ chức": "A1", "Từ ngày": "2014-01-01", PARENT: "B", "Sự việc": "Chuyển", "Số quyết định": "7-QĐ"}
MERGED = {"Mã tổ chức": "B", "Từ ngày": "2015-07-01", "Sự việc": "Sáp nhập", SUCCESSOR: "A", "Số quyết định": "9-QĐ"}


def row(values: Values, **changed: str) -> tuple[str, Values]:
    return KIND, values | changed


def periods(code: str) -> list[tuple[str, ...]]:
    """(first day, last day, name, codes above it and its own, event) of each period."""
    codes = {str(pk): code for pk, code in Organisation.objects.values_list("pk", "code")}
    rows = OrganisationPeriod.objects.filter(organisation__code=code)
    return sorted(
        (
            str(one.starts_on or ""),
            str(one.ends_on or ""),
            one.name,
            "/".join(codes[key] for key in one.path.split("/") if key),
            one.event,
        )
        for one in rows
    )


def everything() -> list[Any]:
    """All that the sheet writes, with the versions."""
    return [list(model.objects.order_by("pk").values()) for model in (Organisation, OrganisationPeriod, Succession)]


# --- States ----------------------------------------------------------------------------------------


def test_rename_holds_from_its_day_on(cast: Cast):
    assert brought([row(RENAMED)]).statuses == ["new"]
    assert periods("B") == [
        ("", "2014-01-01", "Chi bộ Thanh tra tỉnh", "K/B", "founded"),
        ("2014-01-01", "", "Chi bộ Thanh tra", "K/B", "renamed"),
    ]
    assert Organisation.objects.get(name_search="chi bo thanh tra") == cast.b
    before = everything()
    assert brought([row(RENAMED)]).statuses == ["same"]
    assert everything() == before


def test_move_takes_those_below_along_from_its_day_on(cast):
    make_organisation("Tổ đảng", code="T", parent=cast.a_cell_1, kind="subordinate_cell")
    brought([row(MOVED)])
    assert [path for *_, path, _ in periods("A1")] == ["K/A/A1", "K/B/A1"]
    assert [(start, path) for start, _, _, path, _ in periods("T")] == [("", "K/A/A1/T"), ("2014-01-01", "K/B/A1/T")]
    latest = OrganisationPeriod.objects.get(organisation=cast.a_cell_1, ends_on=None)
    assert (latest.event, latest.decision_number, latest.parent) == ("moved", "7-QĐ", cast.b)
    assert Organisation.objects.get(code="T").path.startswith(cast.b.path)


def test_rows_of_one_organisation_build_on_each_other_in_any_order(cast):
    rows = [
        row(RENAMED, **{"Mã tổ chức": "A1", "Từ ngày": "2013"}),
        row(MOVED),
        row(RENAMED, **{"Mã tổ chức": "A1", "Từ ngày": "2015-06", "Tên tổ chức": "Chi bộ Hai"}),
    ]
    random.Random(1).shuffle(rows)
    brought(rows)
    assert [(start, name, path) for start, _, name, path, _ in periods("A1")] == [
        ("", "Chi bộ Văn phòng", "K/A/A1"),
        ("2013-01-01", "Chi bộ Thanh tra", "K/A/A1"),
        ("2014-01-01", "Chi bộ Thanh tra", "K/B/A1"),
        ("2015-06-01", "Chi bộ Hai", "K/B/A1"),
    ]
    assert brought(rows).statuses == ["same"] * 3


def test_earlier_state_leaves_the_latest_alone(cast):
    change_organisation(organisation=cast.b, on=day("2014-01-01"), name="Chi bộ Thanh tra", event="renamed", by=None)
    brought([row(RENAMED, **{"Từ ngày": "2010-05-01", "Tên tổ chức": "Chi bộ Ủy ban Thanh tra"})])
    assert [name for _, _, name, _, _ in periods("B")] == [
        "Chi bộ Thanh tra tỉnh",
        "Chi bộ Ủy ban Thanh tra",
        "Chi bộ Thanh tra",
    ]
    assert Organisation.objects.get(code="B").name == "Chi bộ Thanh tra"


def test_founding_row_tells_of_the_beginning_whatever_its_day(cast):
    change_organisation(organisation=cast.b, on=day("2014-01-01"), name="Chi bộ Thanh tra", event="renamed", by=None)
    founding = row(RENAMED, **{"Từ ngày": "1930", "Tên tổ chức": "Chi bộ cũ", "Sự việc": "Thành lập"})
    source = brought([founding])
    assert source.lines[KIND][0].changes == [("Tên tổ chức", "Chi bộ Thanh tra tỉnh", "Chi bộ cũ")]
    assert [(start, name) for start, _, name, _, _ in periods("B")] == [
        ("", "Chi bộ cũ"),
        ("2014-01-01", "Chi bộ Thanh tra"),
    ]


def test_changed_cells_of_a_state_are_told(cast):
    brought([row(MOVED)])
    source = brought([row(MOVED, **{PARENT: "K", "Loại tổ chức": "Chi bộ cơ sở", "Số quyết định": ""})])
    assert source.lines[KIND][0].changes == [
        ("Loại tổ chức", "Chi bộ trực thuộc", "Chi bộ cơ sở"),
        (PARENT, "B", "K"),
        ("Số quyết định", "7-QĐ", ""),
    ]
    assert [path for *_, path, _ in periods("A1")] == ["K/A/A1", "K/A1"]


def test_event_follows_where_the_row_gives_none(cast):
    for values in (RENAMED, MOVED):
        brought([(KIND, {name: value for name, value in values.items() if name != "Sự việc"})])
    assert [periods(code)[-1][-1] for code in ("B", "A1")] == ["renamed", "moved"]


# --- Successions -----------------------------------------------------------------------------------


def test_merger_ends_the_organisation_and_moves_its_members(cast):
    person = make_member(cast.b)
    assert brought([row(MERGED)]).statuses == ["new"]
    before, after = Membership.objects.filter(person=person).order_by("began_on")
    assert (before.organisation, str(before.ended), before.end_reason) == (cast.b, "01/07/2015", "moved")
    assert (after.organisation, str(after.began), after.start_reason) == (cast.a, "01/07/2015", "moved")
    assert after.start_decision_number == "9-QĐ"
    assert str(Organisation.objects.get(code="B").ended) == "01/07/2015"
    assert brought([row(MERGED)]).statuses == ["same"]
    assert Membership.objects.count() == 2


def test_merger_moves_those_below_under_the_successor(cast):
    brought([row(MERGED, **{"Mã tổ chức": "A", SUCCESSOR: "B"})])
    assert [path for *_, path, _ in periods("A1")] == ["K/A/A1", "K/B/A1"]


@pytest.mark.parametrize("event", ["Tách", "Sáp nhập"])
def test_succession_alone_is_written_of_a_split_or_where_the_end_is_on_record(cast, event):
    make_member(cast.b)
    if event == "Sáp nhập":
        Organisation.objects.filter(code="B").update(ended_on=day("2015-07-01"))
    assert brought([row(MERGED, **{"Sự việc": event})]).statuses == ["new"]
    link = Succession.objects.get()
    assert (link.predecessor, link.successor, str(link.took_place_on)) == (cast.b, cast.a, "2015-07-01")
    assert Membership.objects.get().organisation == cast.b


def test_succession_is_corrected_in_the_words_of_the_sheet(cast):
    brought([row(MERGED, **{"Sự việc": "Tách"})])
    source = brought([row(MERGED, **{"Từ ngày": "2015-08-01", "Số quyết định": "10"})])
    assert source.lines[KIND][0].changes == [
        ("Sự việc", "Tách", "Sáp nhập"),
        ("Từ ngày", "2015-07-01", "2015-08-01"),
        ("Số quyết định", "9-QĐ", "10"),
    ]
    link = Succession.objects.get()
    assert (link.kind, str(link.took_place_on), link.decision_number) == ("merger", "2015-08-01", "10")


def test_organisation_may_split_into_several(cast):
    rows = [row(MERGED, **{"Sự việc": "Tách", SUCCESSOR: code}) for code in ("A", "A1", "A2")]
    assert brought(rows).statuses == ["new"] * 3
    assert brought(rows).statuses == ["same"] * 3


# --- Refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "column"),
    [
        (RENAMED | {"Mã tổ chức": ""}, "Mã tổ chức"),
        (RENAMED | {"Mã tổ chức": "Z9"}, "Mã tổ chức"),
        (RENAMED | {"Từ ngày": ""}, "Từ ngày"),
        (RENAMED | {"Loại tổ chức": "Liên chi bộ"}, "Loại tổ chức"),
        (RENAMED | {"Tên tổ chức": "x" * 300}, "Tên tổ chức"),
        (RENAMED | {"Số quyết định": "1" * 61}, "Số quyết định"),
        (MOVED | {PARENT: "Z9"}, PARENT),
        (MOVED | {PARENT: "A1"}, PARENT),
        (MERGED | {SUCCESSOR: "Z9"}, SUCCESSOR),
        (MERGED | {SUCCESSOR: "B"}, SUCCESSOR),
        (MERGED | {"Mã tổ chức": "A", SUCCESSOR: "A1"}, SUCCESSOR),
        (MERGED | {"Sự việc": "Đổi tên"}, "Sự việc"),
        (MERGED | {"Sự việc": "Tách", "Số quyết định": "1" * 61}, "Số quyết định"),
        (MERGED | {"Số quyết định": "1" * 61}, "Số quyết định"),
    ],
)
def test_problem_is_told_at_its_column(cast, values, column):
    make_member(cast.b)
    before = everything()
    assert bring([(KIND, values)]).problems == [(KIND, 2, column)]
    assert everything() == before


def test_second_row_of_a_day_is_refused(cast):
    source = bring([row(RENAMED), row(RENAMED, **{"Tên tổ chức": "Chi bộ khác"})])
    assert source.problems == [(KIND, 3, "Từ ngày")]


def test_second_row_of_a_succession_is_refused(cast):
    source = bring([row(MERGED), row(MERGED, **{"Từ ngày": "2015-08-01"})])
    assert source.problems == [(KIND, 3, SUCCESSOR)]
    assert str(Succession.objects.get().took_place_on) == "2015-07-01"


def test_circle_is_told_at_the_move_that_makes_it(cast):
    make_organisation("Chi bộ dưới", code="B1", parent=cast.b)
    rows = [
        row(RENAMED, **{"Mã tổ chức": "A1"}),
        row(RENAMED, **{"Mã tổ chức": "B1"}),
        row(MOVED, **{"Mã tổ chức": "B", PARENT: "B1"}),
    ]
    assert bring(rows).problems == [(KIND, 4, PARENT)]


def test_only_the_operator_makes_a_root(cast):
    detached = row(MOVED, **{"Mã tổ chức": "A", PARENT: ""})
    for user in (cast.grassroots_a, cast.office):
        assert bring([detached], user=user).problems == [(KIND, 2, PARENT)]
        assert Organisation.objects.get(code="A").parent == cast.root
    brought([detached])
    assert [path for *_, path, _ in periods("A1")] == ["K/A/A1", "A/A1"]


def test_foreign_organisations_are_refused(cast):
    for values, column in ((RENAMED, "Mã tổ chức"), (MOVED, PARENT), (MERGED | {"Mã tổ chức": "A1", SUCCESSOR: "B"},
                                                                      SUCCESSOR)):  # fmt: skip
        assert bring([(KIND, values)], user=cast.grassroots_a).problems == [(KIND, 2, column)]
    assert not Succession.objects.exists()
    own = [row(RENAMED, **{"Mã tổ chức": "A2"}), row(MERGED, **{"Mã tổ chức": "A2", SUCCESSOR: "A1"})]
    assert brought(own, user=cast.grassroots_a).statuses == ["new", "new"]


# --- Out -------------------------------------------------------------------------------------------


def test_export_reads_back_as_the_same(cast):
    change_organisation(
        organisation=cast.a_cell_1, on=day("2013-05-01"), parent=cast.b, event="moved", decision_number="3", by=None
    )
    change_organisation(organisation=cast.a_cell_1, on=day("2014-01-01"), name="Chi bộ Một", event="renamed", by=None)
    merge_organisation(organisation=cast.b, into=cast.a, on=day("2015-07-01"), by=None)
    rows = written_out(OrganisationEventImporter)
    assert [(values["Mã tổ chức"], values["Từ ngày"], values["Sự việc"]) for values in rows] == [
        ("A1", "1930", "Thành lập"),
        ("A1", "2013-05-01", "Chuyển"),
        ("A1", "2014-01-01", "Đổi tên"),
        ("A1", "2015-07-01", "Cấp trên thay đổi"),
        ("B", "2015-07-01", "Sáp nhập"),
    ]
    before = everything()
    for user in (None, cast.office):
        assert brought([(KIND, values) for values in rows], user=user).statuses == ["same"] * 5
    assert everything() == before
    assert written_out(OrganisationEventImporter, scope_of(cast.grassroots_b, Permission.VIEW_RECORDS)) == rows[-1:]


def test_former_parent_out_of_scope_comes_back_as_it_is(cast):
    change_organisation(organisation=cast.a_cell_1, on=day("2013-05-01"), parent=cast.b, event="moved", by=None)
    change_organisation(organisation=cast.a_cell_1, on=day("2014-05-01"), parent=cast.a, event="moved", by=None)
    rows = [(KIND, values) for values in written_out(OrganisationEventImporter)]
    assert brought(rows, user=cast.grassroots_a).statuses == ["same"] * 3
