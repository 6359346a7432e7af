"""The three sheets of ratings."""

from __future__ import annotations

from typing import Any

import pytest

from config.access import Permission, scope_of
from reviews.exchange.ratings import MassRatingImporter, MemberRatingImporter, OrganisationRatingImporter
from reviews.models import MassRating, MemberRating, OrganisationRating
from tests.builders import level_of, make_mass_organisation, make_member, make_person, make_rating, make_stay
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now, written_out

pytestmark = pytest.mark.django_db

KIND, ORGANISATIONS, MASS = "Xếp loại đảng viên", "Xếp loại tổ chức", "Xếp loại đoàn thể"
ROW = {"Năm": "2015", "Số lý lịch": "01", "Xếp loại": "HTT"}


@pytest.fixture
def an(cast: Cast) -> Any:
    return make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")


# --- Members ---------------------------------------------------------------------------------------


def test_rating_is_created_approved_and_then_the_same(an, cast):
    assert brought([(KIND, ROW)]).statuses == ["new"]
    assert brought([(KIND, ROW | {"Xếp loại": "hoàn thành TỐT nhiệm vụ"})]).statuses == ["same"]
    found = MemberRating.objects.get()
    assert (found.person, found.year, found.level.rank, found.status) == (an, 2015, 2, "approved")
    assert (found.organisation, found.version) == (cast.a_cell_1, 1)


@pytest.mark.parametrize(
    ("year", "told", "rank"),
    [
        ("2015", "HTXS", 1),
        ("2015", "Hoàn thành xuất sắc nhiệm vụ", 1),
        ("2015", "KHT", 4),
        ("2010", "HTXS", 1),
        ("2010", "Đủ tư cách hoàn thành tốt nhiệm vụ", 2),
        ("2010", "Hoàn thành tốt nhiệm vụ", None),
        ("2015", "Đủ tư cách, hoàn thành tốt nhiệm vụ", None),
        ("2015", "TSVM", None),
        ("2024", "hoan thanh nhiem vu", 3),
        ("2000", "HTT", None),
    ],
)
def test_word_must_be_of_the_scheme_of_the_year(cast, year, told, rank):
    make_member(cast.a_cell_1, file_number="01", began_on="1990-01-01")
    source = bring([(KIND, {"Năm": year, "Số lý lịch": "01", "Xếp loại": told})])
    if rank is None:
        assert source.problems == [(KIND, 2, "Xếp loại")]
        assert not MemberRating.objects.exists()
    else:
        assert MemberRating.objects.get().level.rank == rank


def test_wrong_word_is_answered_with_the_permitted_ones(an):
    reasons = bring([(KIND, ROW | {"Xếp loại": "TSVM"})]).reasons
    assert "Hoàn thành xuất sắc nhiệm vụ (HTXS)" in reasons
    assert "27-HD/BTCTW" in reasons


@pytest.mark.parametrize(
    ("told", "reason", "note"),
    [
        ("miễn công tác và sinh hoạt đảng", "exempt", ""),
        ("Mới kết nạp dưới 6 tháng", "admitted_recently", ""),
        ("Đi học nước ngoài", "other", "Đi học nước ngoài"),
    ],
)
def test_reason_stands_in_place_of_a_rating(an, told, reason, note):
    row = (KIND, {"Năm": "2015", "Số lý lịch": "01", "Lý do không xếp loại": told})
    assert brought([row]).statuses == ["new"]
    assert brought([row]).statuses == ["same"]
    found = MemberRating.objects.get()
    assert (found.level, found.unrated_reason, found.unrated_note) == (None, reason, note)


def test_rating_ends_the_reason_and_the_other_way(an):
    reason = {"Năm": "2015", "Số lý lịch": "01", "Lý do không xếp loại": "Nghỉ dài hạn"}
    brought([(KIND, reason)])
    source = brought([(KIND, ROW)])
    assert source.lines[KIND][0].changes == [
        ("Xếp loại", "", "Hoàn thành tốt nhiệm vụ"),
        ("Lý do không xếp loại", "Nghỉ dài hạn", ""),
    ]
    found = MemberRating.objects.get()
    assert (found.level.rank, found.unrated_reason, found.unrated_note) == (2, "", "")
    assert brought([(KIND, reason)]).statuses == ["changed"]
    assert MemberRating.objects.get().level is None


def test_proposed_rating_becomes_approved(an):
    make_rating(an, 2015, 2, status="proposed")
    source = brought([(KIND, ROW)])
    assert source.lines[KIND][0].changes == [("Tình trạng", "Đề nghị", "Đã duyệt")]
    assert MemberRating.objects.get().status == "approved"


def test_organisation_is_the_rows_else_the_stored_else_that_of_the_years_end(an, cast):
    person = make_person("Trần Thị Bê", file_number="02")
    first = make_stay(person, cast.a_cell_1, "2010-01-01", "2015-12-31", end_reason="moved", official_on="2011-01-01")
    make_stay(person, cast.a_cell_2, "2015-12-31", admission=first.admission, start_reason="moved")
    rows = [(KIND, ROW | {"Số lý lịch": "02", "Năm": year}) for year in ("2014", "2015")]
    brought(rows)
    assert [row.organisation for row in MemberRating.objects.order_by("year")] == [cast.a_cell_1, cast.a_cell_2]
    brought([(KIND, rows[0][1] | {"Mã tổ chức": "A"})])
    assert MemberRating.objects.get(year=2014).organisation == cast.a
    assert brought([rows[0]]).statuses == ["same"]


def test_year_and_organisation_of_the_file_stand_in(an, cast):
    make_member(cast.b, "Nguyễn Văn An")
    row = (KIND, {"Họ và tên": "Nguyễn Văn An", "Xếp loại": "HT"})
    assert bring([row], year="2015").problems == [(KIND, 2, "Họ và tên")]
    assert brought([row], year="2015", organisation="A").statuses == ["new"]
    assert MemberRating.objects.get().person == an
    in_group = brought([row], year="2014", more={0: {"groups": ["Chi bộ Thanh tra tỉnh"]}})
    assert in_group.statuses == ["new"]
    assert MemberRating.objects.get(year=2014).organisation == cast.b


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Năm": ""}, "Năm"),
        ({"Năm": "1900"}, "Năm"),
        ({"Số lý lịch": "99"}, "Số lý lịch"),
        ({"Số lý lịch": ""}, "Số lý lịch"),
        ({"Họ và tên": "Lê Thị Khác"}, "Họ và tên"),
        ({"Xếp loại": ""}, "Xếp loại"),
        ({"Lý do không xếp loại": "Miễn công tác và sinh hoạt đảng"}, "Lý do không xếp loại"),
        ({"Mã tổ chức": "Z"}, "Mã tổ chức"),
        ({"Năm": "2004"}, "Xếp loại"),
        ({"Số quyết định": "1" * 61}, "Số quyết định"),
    ],
)
def test_problem_is_told_at_its_column(an, values, column):
    assert bring([(KIND, ROW | values)]).problems == [(KIND, 2, column)]
    assert not MemberRating.objects.exists()


def test_nobodys_member_by_the_years_end_is_told_at_the_organisation(cast):
    make_member(cast.a_cell_1, file_number="01", began_on="2016-05-01")
    assert bring([(KIND, ROW)]).problems == [(KIND, 2, "Mã tổ chức")]


def test_emptying_both_is_refused(an):
    brought([(KIND, ROW)])
    assert bring([(KIND, ROW | {"Xếp loại": ""})]).problems == [(KIND, 2, "Xếp loại")]
    assert brought([(KIND, {"Năm": "2015", "Số lý lịch": "01", "Số quyết định": "5"})]).statuses == ["changed"]


def test_second_row_is_refused(an):
    assert bring([(KIND, ROW), (KIND, ROW)]).problems == [(KIND, 3, "Số lý lịch")]


def test_only_ratings_by_organisations_of_the_scope_are_written(cast):
    person = make_person("Trần Thị Bê", file_number="01")
    first = make_stay(person, cast.b, "2010-01-01", "2016-02-01", end_reason="moved", official_on="2011-01-01")
    make_stay(person, cast.a_cell_1, "2016-02-01", admission=first.admission, start_reason="moved")
    assert bring([(KIND, ROW)], user=cast.grassroots_a).problems == [(KIND, 2, "Số lý lịch")]
    assert brought([(KIND, ROW)], user=cast.grassroots_b).statuses == ["new"]
    assert bring([(KIND, ROW | {"Xếp loại": "HT"})], user=cast.grassroots_a).problems == [(KIND, 2, "Số lý lịch")]
    assert brought([(KIND, ROW | {"Năm": "2016"})], user=cast.grassroots_a).statuses == ["new"]


def test_rating_and_reason_changed_since_are_one_question(an):
    rating = make_rating(an, 2015, 2)
    since = now()
    rating.level, rating.unrated_reason = None, "exempt"
    rating.save()
    kept = brought([(KIND, ROW)], since=since)
    assert kept.statuses == ["same"]
    asked = bring([(KIND, ROW | {"Xếp loại": "HT"})], since=since)
    assert asked.problems == [(KIND, 2, "Xếp loại")]
    decided = brought([(KIND, ROW | {"Xếp loại": "HT"})], since=since, more={0: {"decisions": {"Xếp loại": "mine"}}})
    assert decided.statuses == ["changed"]
    found = MemberRating.objects.get()
    assert (found.level.rank, found.unrated_reason) == (3, "")


def test_export_holds_approved_ratings_of_the_scope_and_reads_back(an, cast):
    other = make_member(cast.b, "Lê Thị Bê", file_number="02")
    make_rating(an, 2015, 2)
    make_rating(other, 2015, None, reason="other", note="Đi học")
    make_rating(other, 2014, 1, status="proposed")
    rows = written_out(MemberRatingImporter)
    assert rows == [
        {
            "Năm": "2015",
            "Số lý lịch": "01",
            "Họ và tên": "Nguyễn Văn An",
            "Xếp loại": "Hoàn thành tốt nhiệm vụ",
            "Mã tổ chức": "A1",
        },
        {
            "Năm": "2015",
            "Số lý lịch": "02",
            "Họ và tên": "Lê Thị Bê",
            "Lý do không xếp loại": "Đi học",
            "Mã tổ chức": "B",
        },
    ]
    assert brought([(KIND, values) for values in rows]).statuses == ["same", "same"]
    assert written_out(MemberRatingImporter, scope_of(cast.grassroots_b, Permission.VIEW_RECORDS)) == rows[1:]


def test_queries_do_not_grow_with_rows(cast, django_assert_max_num_queries):
    people = [make_member(cast.b, f"Người Số {number}") for number in range(40)]
    rows = [(KIND, ROW | {"Số lý lịch": person.file_number}) for person in people]
    with django_assert_max_num_queries(35):
        brought(rows, importers=[MemberRatingImporter])


# --- Organisations ---------------------------------------------------------------------------------


def test_organisations_are_rated_by_code_or_name(cast):
    rows = [
        (ORGANISATIONS, {"Năm": "2015", "Mã tổ chức": "A", "Xếp loại": "TSVM"}),
        (ORGANISATIONS, {"Năm": "2015", "Tên tổ chức": "chi bộ thanh tra tỉnh", "Xếp loại": "Hoàn thành nhiệm vụ"}),
    ]
    assert brought(rows).statuses == ["new", "new"]
    assert brought(rows).statuses == ["same", "same"]
    found = {row.organisation: row.level for row in OrganisationRating.objects.all()}
    assert found == {cast.a: level_of("organisations", 2015, 1), cast.b: level_of("organisations", 2015, 3)}


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Mã tổ chức": ""}, "Mã tổ chức"),
        ({"Mã tổ chức": "Z"}, "Mã tổ chức"),
        ({"Mã tổ chức": "", "Tên tổ chức": "Chi bộ Không Có"}, "Tên tổ chức"),
        ({"Xếp loại": "Hoàn thành xuất sắc nhiệm vụ"}, "Xếp loại"),
        ({"Năm": "2020"}, "Xếp loại"),
        ({"Năm": "mười lăm"}, "Năm"),
    ],
)
def test_problem_of_an_organisation_is_told_at_its_column(cast, values, column):
    row = {"Năm": "2015", "Mã tổ chức": "A", "Xếp loại": "TSVM"} | values
    assert bring([(ORGANISATIONS, row)]).problems == [(ORGANISATIONS, 2, column)]


def test_code_beside_quite_another_name_is_told(cast):
    row = {"Năm": "2015", "Mã tổ chức": "A", "Tên tổ chức": "Sở Y tế", "Xếp loại": "TSVM"}
    assert brought([(ORGANISATIONS, row)]).lines[ORGANISATIONS][0].notes
    assert not brought([(ORGANISATIONS, row | {"Tên tổ chức": "Sở Nội vụ"})]).lines[ORGANISATIONS][0].notes


def test_foreign_organisations_are_unknown(cast):
    row = {"Năm": "2015", "Mã tổ chức": "A", "Xếp loại": "TSVM"}
    assert bring([(ORGANISATIONS, row)], user=cast.grassroots_b).problems == [(ORGANISATIONS, 2, "Mã tổ chức")]
    assert brought([(ORGANISATIONS, row)], user=cast.grassroots_a).statuses == ["new"]


def test_organisation_ratings_read_back(cast):
    make_rating(cast.a, 2015, 1)
    make_rating(cast.b, 2015, None, reason="founded_recently")
    rows = written_out(OrganisationRatingImporter)
    assert [values["Tên tổ chức"] for values in rows] == ["Chi bộ Thanh tra tỉnh", "Đảng bộ Sở Nội vụ"]
    assert brought([(ORGANISATIONS, values) for values in rows]).statuses == ["same", "same"]


# --- Mass organisations ----------------------------------------------------------------------------


def test_mass_organisations_are_rated_by_code_or_name(cast):
    make_mass_organisation(cast.a, "Công đoàn cơ sở", code="CD-A")
    of_b = make_mass_organisation(cast.b, "Công đoàn cơ sở", code="CD-B")
    row = {"Năm": "2015", "Mã đoàn thể": "công đoàn cơ sở", "Xếp loại": "Vững mạnh"}
    assert bring([(MASS, row)]).problems == [(MASS, 2, "Mã đoàn thể")]
    assert brought([(MASS, row)], organisation="B").statuses == ["new"]
    assert MassRating.objects.get().mass_organisation == of_b
    assert brought([(MASS, row)], user=cast.grassroots_a).statuses == ["new"]
    in_group = brought([(MASS, row)], more={0: {"groups": ["Chi bộ Thanh tra tỉnh"]}})
    assert in_group.statuses == ["same"]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Mã đoàn thể": ""}, "Mã đoàn thể"),
        ({"Mã đoàn thể": "Hội Không Có"}, "Mã đoàn thể"),
        ({"Xếp loại": "Hoàn thành tốt nhiệm vụ"}, "Xếp loại"),
        ({"Xếp loại": ""}, "Xếp loại"),
    ],
)
def test_problem_of_a_mass_organisation_is_told_at_its_column(cast, values, column):
    make_mass_organisation(cast.a, code="CD-A")
    row = {"Năm": "2015", "Mã đoàn thể": "CD-A", "Xếp loại": "VM"} | values
    assert bring([(MASS, row)]).problems == [(MASS, 2, column)]


def test_mass_ratings_read_back(cast):
    make_rating(make_mass_organisation(cast.a, code="CD-A"), 2015, 1)
    make_rating(make_mass_organisation(cast.b, code="CD-B"), 2015, None, reason="other", note="Mới lập")
    rows = written_out(MassRatingImporter)
    assert brought([(MASS, values) for values in rows]).statuses == ["same", "same"]
    assert bring([(MASS, rows[0])], user=cast.grassroots_b).problems == [(MASS, 2, "Mã đoàn thể")]
