"""The sheets Kết nạp and Miễn sinh hoạt."""

from __future__ import annotations

import pytest

from config.access import Permission, scope_of
from members.exchange.admissions import AdmissionImporter, ExemptionImporter
from members.models import Admission, Exemption, Membership, Person
from tests.builders import make_admission, make_exemption, make_member, make_person, make_stay
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out

pytestmark = pytest.mark.django_db

ADMISSIONS, EXEMPTIONS = "Kết nạp", "Miễn sinh hoạt"
DECIDED, STARTS, ENDS = "Ngày quyết định kết nạp", "Từ ngày", "Đến ngày"
ADMISSION = {"Số lý lịch": "01", DECIDED: "2015-03-01", "Mã tổ chức": "A2"}
EXEMPTION = {"Số lý lịch": "01", STARTS: "2012-01-01"}
WHOLE = {"Số quyết định kết nạp": "12-QĐ", "Ngày lễ kết nạp": "2015-03-10", "Ngày chính thức": "2016-03",
         "Số quyết định chính thức": "77"}  # fmt: skip


@pytest.fixture
def an(cast: Cast) -> Person:
    """A member of A1, admitted on 3 February 2010."""
    return make_member(cast.a_cell_1, "Nguyễn Văn An", "2010-02-03", file_number="01")


# --- Kết nạp ---------------------------------------------------------------------------------------


def test_admission_is_created_and_then_the_same(cast, an):
    rows = [(ADMISSIONS, ADMISSION | WHOLE)]
    assert brought(rows).statuses == ["new"]
    assert brought(rows).statuses == ["same"]
    found = Admission.objects.latest("pk")
    assert (found.person, found.organisation, str(found.decided), found.version) == (an, cast.a_cell_2, "01/03/2015", 1)
    told = (found.decision_number, str(found.ceremony), str(found.official), found.official_decision_number)
    assert told == ("12-QĐ", "10/03/2015", "03/2016", "77")
    assert Membership.objects.get().admission != found


def test_changed_cells_of_an_admission_are_told_and_written(cast, an):
    cells = {DECIDED: "2010-02-03", "Mã tổ chức": "Chi bộ Tổ chức công chức", "Ngày chính thức": ""}
    source = brought([(ADMISSIONS, ADMISSION | cells)])
    assert source.lines[ADMISSIONS][0].changes == [
        ("Ngày chính thức", "2011-02-03", ""),
        ("Mã tổ chức", "A1", "A2"),
    ]
    found = Admission.objects.get()
    assert (found.official, found.organisation) == (None, cast.a_cell_2)


def test_admission_elsewhere_has_no_organisation(an):
    assert brought([(ADMISSIONS, ADMISSION | {"Mã tổ chức": ""})]).statuses == ["new"]
    assert Admission.objects.get(decided_on="2015-03-01").organisation is None


def test_admission_may_be_without_a_day_once(an):
    rows = [(ADMISSIONS, {"Số lý lịch": "01", "Số quyết định kết nạp": "9"})]
    assert brought(rows).statuses == ["new"]
    assert brought(rows).statuses == ["same"]
    assert Admission.objects.get(decided_on=None).decision_number == "9"


def test_fuller_day_of_an_admission_stays_whichever_side_has_it(an):
    assert brought([(ADMISSIONS, {"Số lý lịch": "01", DECIDED: "2010"})]).statuses == ["same"]
    Admission.objects.update(decided_on="2010-01-01", decided_on_precision="year")
    source = brought([(ADMISSIONS, {"Số lý lịch": "01", DECIDED: "2010-02-03"})])
    assert source.lines[ADMISSIONS][0].changes == [(DECIDED, "2010", "2010-02-03")]
    assert str(Admission.objects.get().decided) == "03/02/2010"


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Số lý lịch": "99"}, "Số lý lịch"),
        ({"Số lý lịch": ""}, "Số lý lịch"),
        ({"Mã tổ chức": "Z9"}, "Mã tổ chức"),
        ({"Ngày lễ kết nạp": "2015-02-28"}, "Ngày lễ kết nạp"),
        ({"Ngày chính thức": "2015-02-28"}, "Ngày chính thức"),
        ({"Số quyết định chính thức": "1" * 61}, "Số quyết định chính thức"),
    ],
)
def test_problem_of_an_admission_is_told_at_its_column(an, values, column):
    assert bring([(ADMISSIONS, ADMISSION | values)]).problems == [(ADMISSIONS, 2, column)]
    assert Admission.objects.count() == 1


def test_second_row_of_one_admission_is_refused(an):
    rows = [(ADMISSIONS, ADMISSION | {DECIDED: day}) for day in ("2010-02-03", "2010-02", "2015-03-01", "2015-03-01")]
    source = bring(rows)
    assert source.problems == [(ADMISSIONS, 3, DECIDED), (ADMISSIONS, 5, DECIDED)]


def test_admissions_of_foreign_people_and_into_foreign_organisations_are_refused(cast, an):
    assert bring([(ADMISSIONS, ADMISSION)], user=cast.grassroots_b).problems == [
        (ADMISSIONS, 2, "Số lý lịch"),
        (ADMISSIONS, 2, "Mã tổ chức"),
    ]
    foreign = (ADMISSIONS, ADMISSION | {"Mã tổ chức": "B"})
    assert bring([foreign], user=cast.grassroots_a).problems == [(ADMISSIONS, 2, "Mã tổ chức")]
    assert brought([(ADMISSIONS, ADMISSION)], user=cast.grassroots_a).statuses == ["new"]


def test_admission_elsewhere_comes_back_as_it_is(cast, an):
    Admission.objects.update(organisation=cast.b)
    row = {"Số lý lịch": "01", DECIDED: "2010-02-03", "Mã tổ chức": "B", "Ngày chính thức": "2011-02-04"}
    assert brought([(ADMISSIONS, row)], user=cast.grassroots_a).statuses == ["changed"]
    assert brought([(ADMISSIONS, row)], user=cast.grassroots_a).statuses == ["same"]
    other = (ADMISSIONS, row | {"Mã tổ chức": "K"})
    assert bring([other], user=cast.grassroots_a).problems == [(ADMISSIONS, 2, "Mã tổ chức")]


def test_what_others_changed_in_an_admission_since_is_asked_about(an):
    since = now()
    found = Admission.objects.get()
    found.decision_number = "2"
    found.save()
    row = {"Số lý lịch": "01", DECIDED: "2010-02-03"}
    assert brought([(ADMISSIONS, row | {"Số quyết định kết nạp": ""})], since=since).statuses == ["same"]
    asked = bring([(ADMISSIONS, row | {"Số quyết định kết nạp": "3"})], since=since)
    assert (asked.statuses, asked.problems) == (["conflict"], [(ADMISSIONS, 2, "Số quyết định kết nạp")])


def test_export_tells_the_admissions_that_the_file_cannot(cast, an):
    make_member(cast.b, "Lê Thị Bình")
    assert written_out(AdmissionImporter) == []
    brought([(ADMISSIONS, ADMISSION | WHOLE)])
    rows = written_out(AdmissionImporter)
    assert rows == [
        {"Số lý lịch": "01", DECIDED: "2010-02-03", "Ngày chính thức": "2011-02-03", "Mã tổ chức": "A1"},
        ADMISSION | WHOLE,
    ]
    assert brought([(ADMISSIONS, values) for values in rows]).statuses == ["same", "same"]
    assert written_out(AdmissionImporter, scope_of(cast.grassroots_b, Permission.VIEW_RECORDS)) == []


# --- Miễn sinh hoạt --------------------------------------------------------------------------------


def test_exemption_is_created_changed_and_then_the_same(an):
    rows = [(EXEMPTIONS, EXEMPTION | {ENDS: "2013-01-01", "Số quyết định": "5"})]
    assert brought(rows).statuses == ["new"]
    assert brought(rows).statuses == ["same"]
    source = brought([(EXEMPTIONS, EXEMPTION | {ENDS: ""})])
    assert source.lines[EXEMPTIONS][0].changes == [(ENDS, "2013-01-01", "")]
    found = Exemption.objects.get()
    assert (found.person, str(found.starts), found.ends_on, found.decision_number) == (an, "01/01/2012", None, "5")


def test_fuller_day_of_an_exemption_stays_whichever_side_has_it(an):
    make_exemption(an, "2012-01-01", starts_on_precision="month")
    assert brought([(EXEMPTIONS, EXEMPTION | {STARTS: "2012"})]).statuses == ["same"]
    assert brought([(EXEMPTIONS, EXEMPTION | {STARTS: "2012-01-15"})]).statuses == ["changed"]
    assert str(Exemption.objects.get().starts) == "15/01/2012"


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({STARTS: ""}, STARTS),
        ({"Số lý lịch": "99"}, "Số lý lịch"),
        ({ENDS: "2011-12-31"}, ENDS),
        ({ENDS: "2013"}, ENDS),
        ({STARTS: "2009-01-01"}, STARTS),
        ({"Số quyết định": "1" * 61}, "Số quyết định"),
    ],
)
def test_problem_of_an_exemption_is_told_at_its_column(an, values, column):
    make_exemption(an, "2008-01-01", ends_on="2010-01-01")
    assert bring([(EXEMPTIONS, EXEMPTION | values)]).problems == [(EXEMPTIONS, 2, column)]
    assert Exemption.objects.count() == 1


def test_second_row_of_one_exemption_is_refused(an):
    rows = [(EXEMPTIONS, EXEMPTION), (EXEMPTIONS, EXEMPTION)]
    assert bring(rows).problems == [(EXEMPTIONS, 3, STARTS)]


def test_exemptions_of_foreign_people_are_refused(cast, an):
    assert bring([(EXEMPTIONS, EXEMPTION)], user=cast.grassroots_b).problems == [(EXEMPTIONS, 2, "Số lý lịch")]
    assert brought([(EXEMPTIONS, EXEMPTION)], user=cast.grassroots_a).statuses == ["new"]


def test_export_tells_the_exemptions_that_the_file_cannot(cast, an):
    make_exemption(make_member(cast.b), "2014-05-01")
    make_exemption(an, "2010-05-01", ends_on="2011-05-01", decision_number="3")
    make_exemption(an, "2012-01-01")
    rows = written_out(ExemptionImporter)
    assert rows == [EXEMPTION | {STARTS: "2010-05-01", ENDS: "2011-05-01", "Số quyết định": "3"}, EXEMPTION]
    assert brought([(EXEMPTIONS, values) for values in rows]).statuses == ["same", "same"]


# --- Both ------------------------------------------------------------------------------------------


def test_person_without_number_is_found_by_name_where_they_once_were(cast):
    for place, number in ((cast.a_cell_1, "01"), (cast.a_cell_2, "02")):
        stay = make_stay(make_person("Lê Văn Hai", file_number=number), place, "2010-02-03", "2014-01-01")
        make_admission(stay.person, None, "2000-01-01")
    named = {"Họ và tên": "lê văn hai", DECIDED: "2000-01-01"}
    assert bring([(ADMISSIONS, named)]).problems == [(ADMISSIONS, 2, "Họ và tên")]
    named |= {"Mã tổ chức": "A2", "Số quyết định kết nạp": "8"}
    assert brought([(ADMISSIONS, named)]).statuses == ["changed"]
    assert Admission.objects.get(decision_number="8").person.file_number == "02"


def test_queries_do_not_grow_with_rows(cast, django_assert_max_num_queries):
    people = [make_member(cast.b, f"Người Số {number}") for number in range(40)]
    rows = [(ADMISSIONS, ADMISSION | {"Số lý lịch": person.file_number}) for person in people]
    rows += [(EXEMPTIONS, EXEMPTION | {"Số lý lịch": person.file_number}) for person in people]
    with django_assert_max_num_queries(45):
        brought(rows, importers=[AdmissionImporter, ExemptionImporter])
