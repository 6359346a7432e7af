"""The sheet Quá trình sinh hoạt."""

from __future__ import annotations

from typing import Any

import pytest

from config.access import Permission, scope_of
from members.exchange.stays import StayImporter
from members.models import Admission, Membership, Person
from tests.builders import make_admission, make_member, make_person, make_stay
from tests.conftest import Cast
from tests.exchange.source import Values, bring, brought, now, written_out

pytestmark = pytest.mark.django_db

KIND = "Quá trình sinh hoạt"
FIRST = {"Số lý lịch": "01", "Mã tổ chức": "A1", "Từ ngày": "2010-02-03"}
SECOND = {"Số lý lịch": "01", "Mã tổ chức": "A2", "Từ ngày": "2014-01-01"}


def row(values: Values, **changed: str) -> tuple[str, Values]:
    return KIND, values | changed


def stays() -> list[tuple[Any, ...]]:
    """Every stay: where, from, why, to, why."""
    rows = Membership.objects.order_by("person__file_number", "began_on", "pk").select_related("organisation")
    return [(one.organisation.code, str(one.began), one.start_reason, str(one.ended), one.end_reason) for one in rows]


@pytest.fixture
def an(cast: Cast) -> Person:
    """Somebody on file who never was a member here."""
    return make_person("Nguyễn Văn An", file_number="01")


@pytest.fixture
def member(cast: Cast) -> Person:
    """A member of A1 since 3 February 2010."""
    return make_member(cast.a_cell_1, "Nguyễn Văn An", "2010-02-03", file_number="01")


# --- New, the same, changed ------------------------------------------------------------------------


def test_stays_are_created_and_then_the_same(an):
    rows = [
        row(FIRST, **{"Lý do đến": "Kết nạp", "Số quyết định": "1-QĐ", "Đến ngày": "2012-05", "Lý do đi": "Chuyển đi",
                      "Số quyết định đi": "2-QĐ"}),
        row(SECOND, **{"Lý do đến": "Chuyển đến"}),
    ]  # fmt: skip
    assert brought(rows).statuses == ["new", "new"]
    assert stays() == [
        ("A1", "03/02/2010", "admitted", "05/2012", "transferred_out"),
        ("A2", "01/01/2014", "transferred_in", "None", ""),
    ]
    first = Membership.objects.earliest("began_on")
    assert (first.start_decision_number, first.end_decision_number) == ("1-QĐ", "2-QĐ")
    assert brought(rows).statuses == ["same", "same"]


def test_changed_cells_are_told_and_written(member):
    source = brought([row(FIRST, **{"Đến ngày": "2015-06-01", "Lý do đi": "Từ trần", "Mã tổ chức": "A2"})])
    assert source.lines[KIND][0].changes == [
        ("Đến ngày", "", "2015-06-01"),
        ("Lý do đi", "", "Từ trần"),
        ("Mã tổ chức", "A1", "A2"),
    ]
    assert stays() == [("A2", "03/02/2010", "admitted", "01/06/2015", "deceased")]


def test_the_dead_do_not_come_back(cast, an):
    make_stay(an, cast.a_cell_1, "2010-02-03", "2012-05-01", end_reason="deceased")
    source = bring([row(SECOND, **{"Lý do đến": "Chuyển đến"})])
    assert source.statuses == ["wrong"]
    assert "đã từ trần ngày 01/05/2012" in source.lines[KIND][0].problems[0].reason
    assert len(stays()) == 1


def test_what_a_row_leaves_out_stays(cast, member):
    Membership.objects.update(start_decision_number="9-QĐ")
    assert brought([row(FIRST)]).statuses == ["same"]
    assert Membership.objects.get().start_decision_number == "9-QĐ"


def test_fuller_date_stays_whichever_side_has_it(member):
    assert brought([row(FIRST, **{"Từ ngày": "2010-02"})]).statuses == ["same"]
    Membership.objects.update(began_on="2010-01-01", began_on_precision="year")
    assert brought([row(FIRST)]).lines[KIND][0].changes == [("Từ ngày", "2010", "2010-02-03")]
    assert stays() == [("A1", "03/02/2010", "admitted", "None", "")]


def test_of_two_stays_begun_in_one_month_the_row_means_that_of_its_organisation(cast, an):
    first = make_stay(an, cast.a_cell_1, "2010-02-03", "2010-02-20", end_reason="moved")
    make_stay(an, cast.a_cell_2, "2010-02-20", admission=first.admission, start_reason="moved")
    source = brought([row(FIRST, **{"Từ ngày": "2010-02", "Mã tổ chức": "A2", "Số quyết định": "5"})])
    assert source.statuses == ["changed"]
    assert Membership.objects.get(organisation=cast.a_cell_2).start_decision_number == "5"


# --- What follows from the order -------------------------------------------------------------------


def test_move_closes_the_stay_before_and_says_so(member):
    source = brought([row(SECOND, **{"Lý do đến": "Chuyển nội bộ"})])
    assert stays() == [
        ("A1", "03/02/2010", "admitted", "01/01/2014", "moved"),
        ("A2", "01/01/2014", "moved", "None", ""),
    ]
    (note,) = source.lines[KIND][0].notes
    assert "03/02/2010" in note
    assert "Chi bộ Văn phòng" in note


def test_reasons_follow_where_rows_give_none(an):
    rows = [
        row(FIRST),
        row(SECOND),
        row(SECOND, **{"Mã tổ chức": "B", "Từ ngày": "2015-03-01", "Đến ngày": "2015-06-01", "Lý do đi": "Chuyển đi"}),
        row(SECOND, **{"Từ ngày": "2015-08-01"}),
    ]
    assert brought(list(reversed(rows))).statuses == ["new"] * 4
    assert stays() == [
        ("A1", "03/02/2010", "admitted", "01/01/2014", "moved"),
        ("A2", "01/01/2014", "moved", "01/03/2015", "moved"),
        ("B", "01/03/2015", "moved", "01/06/2015", "transferred_out"),
        ("A2", "01/08/2015", "transferred_in", "None", ""),
    ]
    assert brought(rows).statuses == ["same"] * 4


def test_end_on_the_day_of_the_next_beginning_is_a_move(an):
    brought([row(FIRST, **{"Đến ngày": "2014-01-01"}), row(SECOND)])
    assert [reason for *_, reason in stays()] == ["moved", ""]


# --- Admissions ------------------------------------------------------------------------------------


def test_admission_of_that_day_is_linked_and_told_its_organisation(cast, an):
    admission = make_admission(an, None, "2010-02-03")
    brought([row(FIRST), row(SECOND)])
    assert {stay.admission for stay in Membership.objects.all()} == {admission}
    admission.refresh_from_db()
    assert admission.organisation == cast.a_cell_1


def test_admission_is_made_where_there_is_none(cast, an):
    brought([row(FIRST, **{"Số quyết định": "1-QĐ"})])
    admission = Admission.objects.get()
    assert Membership.objects.get().admission == admission
    assert (admission.organisation, str(admission.decided), admission.decision_number) == (
        cast.a_cell_1,
        "03/02/2010",
        "1-QĐ",
    )


def test_who_came_by_transfer_was_admitted_elsewhere(an):
    admission = make_admission(an, None, "1999-05-19")
    brought([row(FIRST)])
    stay = Membership.objects.get()
    assert (stay.admission, stay.start_reason) == (admission, "transferred_in")
    assert Admission.objects.get().organisation is None


def test_admission_of_a_transfer_is_made_without_a_day(an):
    brought([row(FIRST, **{"Lý do đến": "Chuyển đến"})])
    admission = Admission.objects.get()
    assert (admission.decided, admission.organisation, Membership.objects.get().admission) == (None, None, admission)


def test_who_is_admitted_again_gets_another_admission(cast, an):
    rows = [
        row(FIRST, **{"Đến ngày": "2012-01-01", "Lý do đi": "Khai trừ"}),
        row(SECOND, **{"Lý do đến": "Kết nạp lại"}),
    ]
    brought(rows)
    admissions = Admission.objects.order_by("decided_on")
    assert [(str(one.decided), one.organisation) for one in admissions] == [
        ("03/02/2010", cast.a_cell_1),
        ("01/01/2014", cast.a_cell_2),
    ]
    assert brought(rows).statuses == ["same", "same"]


# --- Refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "column"),
    [
        (FIRST | {"Từ ngày": ""}, "Từ ngày"),
        (FIRST | {"Mã tổ chức": ""}, "Mã tổ chức"),
        (FIRST | {"Mã tổ chức": "Z9"}, "Mã tổ chức"),
        (FIRST | {"Số lý lịch": "99"}, "Số lý lịch"),
        (FIRST | {"Số lý lịch": ""}, "Số lý lịch"),
        (FIRST | {"Họ và tên": "Lê Thị Khác"}, "Họ và tên"),
        (FIRST | {"Lý do đến": "Tự đến"}, "Lý do đến"),
        (FIRST | {"Đến ngày": "2009-12-31", "Lý do đi": "Từ trần"}, "Đến ngày"),
        (FIRST | {"Đến ngày": "2015-06-01"}, "Lý do đi"),
        (FIRST | {"Lý do đi": "Từ trần"}, "Lý do đi"),
        (FIRST | {"Số quyết định": "1" * 61}, "Số quyết định"),
    ],
)
def test_problem_is_told_at_its_column(an, values, column):
    assert bring([(KIND, values)]).problems == [(KIND, 2, column)]
    assert not Membership.objects.exists()
    assert not Admission.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"Lý do đến": "Chuyển đến"},
        {"Từ ngày": "2009-05-01", "Đến ngày": "2011-01-01", "Lý do đi": "Chuyển đi"},
        {"Từ ngày": "2009-05-01"},
    ],
    ids=["an open stay goes on", "it reaches into the next", "it does not end"],
)
def test_overlap_is_told_at_the_beginning_with_the_other_stay(member, values):
    before = stays()
    source = bring([row(SECOND, **values)])
    assert source.problems == [(KIND, 2, "Từ ngày")]
    assert "Chi bộ" in source.reasons
    assert stays() == before


def test_row_given_twice_is_refused(member):
    source = bring([row(FIRST), row(FIRST)])
    assert source.problems == [(KIND, 3, "Từ ngày")]
    assert "dòng 2" in source.reasons


def test_new_row_given_twice_is_refused(an):
    assert bring([row(FIRST), row(FIRST)]).problems == [(KIND, 3, "Từ ngày")]


@pytest.mark.parametrize(
    "wrong", [{"Mã tổ chức": "Z9"}, {"Đến ngày": "2013-01-01", "Lý do đi": "Từ trần"}, {"Lý do đến": "Chuyển đến"}]
)
def test_one_wrong_row_leaves_all_of_its_person_unwritten(cast, an, wrong):
    make_person("Lê Thị Bình", file_number="02", followed_by=cast.b)
    source = bring([row(FIRST), row(SECOND, **wrong), row(FIRST, **{"Số lý lịch": "02"})])
    assert {number for _, number, _ in source.problems} == {3}
    assert list(Membership.objects.values_list("person__file_number", flat=True)) == ["02"]


# --- Scope, and what others changed ----------------------------------------------------------------


def test_foreign_people_and_organisations_are_refused(cast, member):
    source = bring([row(FIRST, **{"Mã tổ chức": "B"})], user=cast.grassroots_b)
    assert source.problems == [(KIND, 2, "Số lý lịch")]
    assert bring([row(SECOND, **{"Mã tổ chức": "B"})], user=cast.grassroots_a).problems == [(KIND, 2, "Mã tổ chức")]
    assert brought([row(SECOND)], user=cast.grassroots_a).statuses == ["new"]


def test_former_organisation_reads_and_does_not_change(cast, an):
    stay = make_stay(an, cast.b, "2010-02-03", "2014-01-01", end_reason="moved")
    make_stay(an, cast.a_cell_2, "2014-01-01", admission=stay.admission, start_reason="moved")
    source = bring([row(FIRST, **{"Mã tổ chức": "B", "Số quyết định": "7"})], user=cast.grassroots_b)
    assert source.problems == [(KIND, 2, "Số lý lịch")]


def test_stays_elsewhere_come_back_as_they_are_and_do_not_change(cast, an):
    stay = make_stay(an, cast.b, "2010-02-03", "2014-01-01", end_reason="moved")
    make_stay(an, cast.a_cell_2, "2014-01-01", admission=stay.admission, start_reason="moved")
    before = stays()
    rows = [
        (KIND, values) for values in written_out(StayImporter, scope_of(cast.grassroots_a, Permission.VIEW_RECORDS))
    ]
    assert brought(rows, user=cast.grassroots_a).statuses == ["same", "same"]
    for values, column in (
        ({"Số quyết định": "7"}, "Từ ngày"),
        ({"Mã tổ chức": "A1"}, "Từ ngày"),
        ({"Mã tổ chức": "K"}, "Mã tổ chức"),
        ({"Từ ngày": "2009-05-01", "Đến ngày": "2010-02-03", "Lý do đi": "Chuyển nội bộ"}, "Mã tổ chức"),
    ):
        changed = row(FIRST, **({"Mã tổ chức": "B"} | values))
        assert bring([changed], user=cast.grassroots_a).problems == [(KIND, 2, column)]
    assert stays() == before


def test_what_others_changed_since_is_kept_or_asked_about(member):
    since = now()
    stay = Membership.objects.get()
    stay.start_decision_number, stay.ended, stay.end_reason = "2", "1/5/2015", "deceased"
    stay.save()
    kept = brought([row(FIRST, **{"Số quyết định": ""})], since=since)
    assert kept.statuses == ["same"]
    assert "giữ “2”" in kept.lines[KIND][0].notes[0]
    mine = row(FIRST, **{"Số quyết định": "3"})
    asked = bring([mine], since=since)
    assert (asked.statuses, asked.problems) == (["conflict"], [(KIND, 2, "Số quyết định")])
    brought([mine], since=since, more={0: {"decisions": {"Số quyết định": "mine"}}})
    assert Membership.objects.get().start_decision_number == "3"


# --- Out -------------------------------------------------------------------------------------------


def test_export_tells_of_those_whom_the_file_cannot_and_reads_back(cast, an):
    make_member(cast.b, "Lê Thị Bình")
    rows = [row(FIRST, **{"Số quyết định": "1"}), row(SECOND)]
    brought(rows)
    written = written_out(StayImporter)
    assert written == [
        FIRST | {"Lý do đến": "Kết nạp", "Số quyết định": "1", "Đến ngày": "2014-01-01", "Lý do đi": "Chuyển nội bộ"},
        SECOND | {"Lý do đến": "Chuyển nội bộ"},
    ]
    assert brought([(KIND, values) for values in written]).statuses == ["same", "same"]
    assert written_out(StayImporter, scope_of(cast.grassroots_a, Permission.VIEW_RECORDS)) == written
    assert written_out(StayImporter, scope_of(cast.grassroots_b, Permission.VIEW_RECORDS)) == []


def test_queries_do_not_grow_with_rows(cast, django_assert_max_num_queries):
    people = [make_person(f"Người Số {number}", followed_by=cast.b) for number in range(40)]
    rows = [row(values, **{"Số lý lịch": person.file_number}) for person in people for values in (FIRST, SECOND)]
    with django_assert_max_num_queries(30):
        brought(rows, importers=[StayImporter])
