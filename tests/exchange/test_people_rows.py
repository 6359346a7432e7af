"""The sheet Hồ sơ: who a row is about, what it changes, and where it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from members.exchange.people import ProfileImporter
from members.models import Admission, Exemption, Membership, Person
from reviews.exchange.kinds import IMPORTERS
from tests.builders import make_exemption, make_member, make_person, make_stay
from tests.conftest import Cast
from tests.exchange.source import Source, Values, bring, brought, written_out

pytestmark = pytest.mark.django_db

KIND, STAYS = "Hồ sơ", "Quá trình sinh hoạt"
CANDIDATE = {
    "Số lý lịch": "01", "Họ và tên": "Nguyễn Văn An", "Giới tính": "Nam", "Ngày sinh": "1980-05", "Mã tổ chức": "A1",
}  # fmt: skip
MEMBER = CANDIDATE | {
    "Ngày quyết định kết nạp": "2010-02-03", "Số quyết định kết nạp": "12-QĐ", "Ngày lễ kết nạp": "2010-02-10",
    "Ngày chính thức": "2011-02-03",
}  # fmt: skip


def without(values: Values, *columns: str) -> Values:
    return {name: value for name, value in values.items() if name not in columns}


def stays() -> list[tuple[Any, ...]]:
    """Every stay: whose, where, from, why, to, why."""
    rows = Membership.objects.order_by("person__file_number", "began_on").select_related("person", "organisation")
    return [
        (
            row.person.file_number,
            row.organisation.code,
            str(row.began),
            row.start_reason,
            str(row.ended),
            row.end_reason,
        )
        for row in rows
    ]


# --- What a new row makes --------------------------------------------------------------------------


def test_row_without_a_decision_is_a_candidate(cast: Cast) -> None:
    assert brought([(KIND, CANDIDATE)]).statuses == ["new"]
    found = Person.objects.get()
    assert (found.full_name, found.sex, found.born.isoformat(), found.followed_by) == (
        "Nguyễn Văn An", "male", "1980-05", cast.a_cell_1,
    )  # fmt: skip
    assert not Membership.objects.exists()
    assert not Admission.objects.exists()
    assert brought([(KIND, CANDIDATE)]).statuses == ["same"]


def test_row_with_a_decision_is_a_member_from_that_day(cast: Cast) -> None:
    assert brought([(KIND, MEMBER)]).statuses == ["new"]
    admission = Admission.objects.get()
    assert stays() == [("01", "A1", "03/02/2010", "admitted", "None", "")]
    assert (admission.organisation, str(admission.official), admission.decision_number) == (
        cast.a_cell_1, "03/02/2011", "12-QĐ",
    )  # fmt: skip
    assert Person.objects.get().followed_by is None
    assert brought([(KIND, MEMBER)]).statuses == ["same"]


def test_row_with_a_day_of_arrival_is_a_transfer_in(cast: Cast) -> None:
    row = MEMBER | {"Ngày đến": "2014-06-15"}
    assert brought([(KIND, row)]).statuses == ["new"]
    assert stays() == [("01", "A1", "15/06/2014", "transferred_in", "None", "")]
    assert Admission.objects.get().organisation is None
    assert brought([(KIND, row)]).statuses == ["same"]


def test_transfer_in_needs_no_day_of_admission(cast: Cast) -> None:
    row = CANDIDATE | {"Ngày đến": "2014"}
    assert brought([(KIND, row)]).statuses == ["new"]
    assert stays() == [("01", "A1", "2014", "transferred_in", "None", "")]
    assert brought([(KIND, row)]).statuses == ["same"]


def test_whole_row_reads_back(cast: Cast) -> None:
    row = MEMBER | {
        "Tên gọi khác": "Tư An", "Dân tộc": "Kinh", "Tôn giáo": "Không", "Quê quán": "Ý Yên",
        "Nơi ở hiện nay": "Vụ Bản",
        "Số định danh cá nhân": "001080000001", "Nghề nghiệp chức vụ": "Chuyên viên", "Trình độ phổ thông": "12/12",
        "Trình độ chuyên môn": "Cử nhân", "Lý luận chính trị": "Trung cấp", "Số thẻ đảng viên": "00012345",
        "Ngày cấp thẻ": "2012", "Số thẻ trước đây": "0077", "Ngày miễn sinh hoạt": "2019-03",
        "Ngày ra khỏi": "2020-01-02", "Lý do ra khỏi": "Từ trần",
    }  # fmt: skip
    assert brought([(KIND, row)]).statuses == ["new"]
    assert written_out(ProfileImporter) == [row]
    assert brought([(KIND, row)]).statuses == ["same"]


def test_candidate_becomes_a_member_by_a_later_row(cast: Cast) -> None:
    brought([(KIND, CANDIDATE)])
    source = brought([(KIND, {"Số lý lịch": "01", "Ngày quyết định kết nạp": "2015-03-01"})])
    assert source.statuses == ["changed"]
    assert stays() == [("01", "A1", "01/03/2015", "admitted", "None", "")]
    assert Admission.objects.get().organisation == cast.a_cell_1


@pytest.mark.parametrize("told", ["A", "K"])
def test_candidate_is_admitted_where_followed_and_not_where_the_whole_file_says(cast: Cast, told: str) -> None:
    brought([(KIND, CANDIDATE)])
    brought([(KIND, {"Số lý lịch": "01", "Ngày quyết định kết nạp": "2015-03-01"})], organisation=told)
    assert stays() == [("01", "A1", "01/03/2015", "admitted", "None", "")]


def test_candidate_is_admitted_where_the_row_says(cast: Cast) -> None:
    brought([(KIND, CANDIDATE)])
    brought([(KIND, {"Số lý lịch": "01", "Ngày quyết định kết nạp": "2015-03-01", "Mã tổ chức": "B"})])
    assert stays() == [("01", "B", "01/03/2015", "admitted", "None", "")]
    assert Admission.objects.get().organisation == cast.b


def test_person_without_a_number_gets_a_provisional_one_and_keeps_it(cast: Cast) -> None:
    row = without(CANDIDATE, "Số lý lịch")
    source = brought([(KIND, row), (KIND, row | {"Họ và tên": "Lê Thị Bé", "Giới tính": "Nữ"})])
    assert source.statuses == ["new", "new"]
    numbers = Person.objects.order_by("file_number").values_list("full_name", "file_number")
    assert list(numbers) == [("Nguyễn Văn An", "TẠM-000001"), ("Lê Thị Bé", "TẠM-000002")]
    assert brought([(KIND, row)]).statuses == ["same"]


def test_number_takes_the_place_of_a_provisional_one(cast: Cast) -> None:
    brought([(KIND, without(CANDIDATE, "Số lý lịch"))])
    source = brought([(KIND, CANDIDATE)])
    assert source.lines[KIND][0].changes == [("Số lý lịch", "TẠM-000001", "01")]
    assert "TẠM-000001" in source.lines[KIND][0].notes[0]
    assert Person.objects.count() == 1


def test_group_heading_says_the_organisation_of_new_people(cast: Cast) -> None:
    brought([(KIND, without(CANDIDATE, "Mã tổ chức"))], more={0: {"groups": ["II. Chi bộ Văn phòng"]}})
    assert Person.objects.get().followed_by == cast.a_cell_1


# --- What a row changes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({"Nơi ở hiện nay": "Ý Yên"}, [("Nơi ở hiện nay", "Vụ Bản", "Ý Yên")]),
        ({"Nơi ở hiện nay": ""}, [("Nơi ở hiện nay", "Vụ Bản", "")]),
        ({"Ngày chính thức": ""}, [("Ngày chính thức", "2011-02-03", "")]),
        ({"Ngày chính thức": "2011-03"}, [("Ngày chính thức", "2011-02-03", "2011-03")]),
        ({"Ngày chính thức": "2011"}, []),
        ({"Ngày sinh": "1980"}, []),
        ({"Ngày sinh": "1980-05-07"}, [("Ngày sinh", "1980-05", "1980-05-07")]),
        ({"Họ và tên": "NGUYỄN  VĂN AN"}, []),
        ({"Họ và tên": "Nguyễn Văn Ân"}, [("Họ và tên", "Nguyễn Văn An", "Nguyễn Văn Ân")]),
        ({"Lý luận chính trị": "Sơ cấp"}, [("Lý luận chính trị", "", "Sơ cấp")]),
        ({}, []),
    ],
)
def test_cells_that_differ_are_changed_and_the_others_left_alone(cast: Cast, values: Values, changes: Any) -> None:
    row = MEMBER | {"Nơi ở hiện nay": "Vụ Bản"}
    brought([(KIND, row)])
    source = brought([(KIND, {"Số lý lịch": "01"} | values)])
    assert source.lines[KIND][0].changes == changes
    assert source.statuses == ["changed" if changes else "same"]
    assert written_out(ProfileImporter) == [
        {name: value for name, value in (row | {name: after for name, _, after in changes}).items() if value}
    ]


def test_place_of_an_accent_is_no_change(cast: Cast) -> None:
    brought([(KIND, CANDIDATE | {"Họ và tên": "Lê Văn Hòa"})])
    assert brought([(KIND, CANDIDATE | {"Họ và tên": "Lê Văn Hoà"})]).statuses == ["same"]
    assert brought([(KIND, without(CANDIDATE, "Số lý lịch") | {"Họ và tên": "LÊ VĂN HOÀ"})]).statuses == ["same"]
    changed = brought([(KIND, CANDIDATE | {"Họ và tên": "Lê Văn Hoa"})])
    assert changed.statuses == ["changed"]


def test_day_of_admission_moves_the_beginning_of_its_stay(cast: Cast) -> None:
    brought([(KIND, MEMBER)])
    brought([(KIND, {"Số lý lịch": "01", "Ngày quyết định kết nạp": "2010-02-01"})])
    assert stays() == [("01", "A1", "01/02/2010", "admitted", "None", "")]


def test_organisation_of_a_single_stay_is_corrected_and_noted(cast: Cast) -> None:
    brought([(KIND, MEMBER)])
    source = brought([(KIND, {"Số lý lịch": "01", "Mã tổ chức": "chi bộ thanh tra tỉnh"})])
    assert source.lines[KIND][0].changes == [("Mã tổ chức", "A1", "B")]
    assert "Quá trình sinh hoạt" in source.lines[KIND][0].notes[0]
    assert stays() == [("01", "B", "03/02/2010", "admitted", "None", "")]
    assert Admission.objects.get().organisation == cast.b


def test_organisation_of_somebody_with_several_stays_is_told_in_the_other_sheet(cast: Cast) -> None:
    person = make_person("Nguyễn Văn An", file_number="01")
    stay = make_stay(person, cast.a_cell_1, "2010-02-03", "2014-01-01", end_reason="moved")
    make_stay(person, cast.a_cell_2, "2014-01-01", admission=stay.admission, start_reason="moved")
    assert brought([(KIND, {"Số lý lịch": "01", "Mã tổ chức": "A2"})]).statuses == ["same"]
    source = bring([(KIND, {"Số lý lịch": "01", "Mã tổ chức": "A1"})])
    assert source.problems == [(KIND, 2, "Mã tổ chức")]
    assert STAYS in source.reasons


def test_leaving_is_written_and_taken_back(cast: Cast) -> None:
    brought([(KIND, MEMBER)])
    brought([(KIND, {"Số lý lịch": "01", "Ngày ra khỏi": "2015-04", "Lý do ra khỏi": "Khai trừ"})])
    assert stays() == [("01", "A1", "03/02/2010", "admitted", "04/2015", "expelled")]
    brought([(KIND, {"Số lý lịch": "01", "Ngày ra khỏi": "", "Lý do ra khỏi": ""})])
    assert stays() == [("01", "A1", "03/02/2010", "admitted", "None", "")]


def test_exemption_begins_and_is_corrected(cast: Cast) -> None:
    brought([(KIND, MEMBER | {"Ngày miễn sinh hoạt": "2015"})])
    brought([(KIND, MEMBER | {"Ngày miễn sinh hoạt": "2015-05-01"})])
    assert [str(one.starts) for one in Exemption.objects.all()] == ["01/05/2015"]
    source = bring([(KIND, MEMBER | {"Ngày miễn sinh hoạt": ""})])
    assert source.problems == [(KIND, 2, "Ngày miễn sinh hoạt")]


def test_exemption_after_one_that_has_ended_is_another_one(cast: Cast) -> None:
    person = make_member(cast.a_cell_1, file_number="01")
    make_exemption(person, "2010-01-01", ends_on="2012-01-01")
    brought([(KIND, {"Số lý lịch": "01", "Ngày miễn sinh hoạt": "2015-05-01"})])
    assert [str(one.starts) for one in person.exemptions.order_by("starts_on")] == ["01/01/2010", "01/05/2015"]
    assert brought([(KIND, {"Số lý lịch": "01", "Ngày miễn sinh hoạt": "2015-05-01"})]).statuses == ["same"]


# --- Who a row is about ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "is_found"),
    [
        ({"Họ và tên": "nguyễn văn  AN"}, True),
        ({"Họ và tên": "Nguyễn Văn An", "Ngày sinh": "1970"}, True),
        ({"Họ và tên": "Nguyễn Văn An", "Ngày sinh": "1970-05"}, True),
        ({"Họ và tên": "Nguyễn Văn An", "Ngày sinh": "1970-05-01"}, True),
        ({"Họ và tên": "Nguyễn Văn An", "Ngày sinh": "1970-05-02"}, False),
        ({"Họ và tên": "Nguyễn Văn An", "Ngày sinh": "1971"}, False),
        ({"Họ và tên": "Nguyễn Văn An", "Giới tính": "Nữ"}, False),
        ({"Họ và tên": "Nguyễn Văn An", "Mã tổ chức": "A1"}, True),
        ({"Họ và tên": "Nguyễn Văn An", "Mã tổ chức": "A"}, True),
        ({"Họ và tên": "Nguyễn Văn An", "Mã tổ chức": "A2"}, False),
        ({"Họ và tên": "Nguyễn Văn Ấn"}, False),
    ],
)
def test_person_is_found_by_name_birth_and_organisation(cast: Cast, values: Values, is_found: bool) -> None:
    make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")
    row = {"Giới tính": "Nam", "Ngày sinh": "1970", "Mã tổ chức": "K", "Quê quán": "Ý Yên"} | values
    row = row if "Mã tổ chức" in values else without(row, "Mã tổ chức")
    brought([(KIND, row)], organisation="K")
    assert Person.objects.count() == (1 if is_found else 2)
    assert (Person.objects.get(file_number="01").home_town == "Ý Yên") == is_found


def test_several_candidates_are_listed_and_one_is_chosen(cast: Cast) -> None:
    first, second = (make_member(place, "Nguyễn Văn An") for place in (cast.a_cell_1, cast.b))
    row = {"Họ và tên": "Nguyễn Văn An", "Giới tính": "Nam", "Ngày sinh": "1970", "Quê quán": "Ý Yên"}
    source = bring([(KIND, row)])
    assert source.problems == [(KIND, 2, "Họ và tên")]
    assert source.statuses == ["conflict"]
    assert {key for key, _ in source.lines[KIND][0].problems[0].candidates} == {first.pk, second.pk}
    brought([(KIND, row)], more={0: {"choice": second.pk}})
    assert Person.objects.get(home_town="Ý Yên") == second
    brought([(KIND, row)], more={0: {"choice": 0}}, organisation="A1")
    assert Person.objects.count() == 3


@pytest.mark.parametrize("together", [1, 100])
def test_number_given_twice_is_told_at_the_second_row(cast: Cast, together: int) -> None:
    source = bring([(KIND, CANDIDATE), (KIND, CANDIDATE | {"Họ và tên": "Lê Văn Hai"})], together=together)
    assert source.problems == [(KIND, 3, "Số lý lịch")]
    assert "dòng 2" in source.reasons


@pytest.mark.parametrize("together", [1, 100])
@pytest.mark.parametrize(
    ("first", "second", "column"),
    [
        ({"Số lý lịch": ""}, {"Số lý lịch": ""}, "Họ và tên"),
        ({"Số lý lịch": ""}, {"Số lý lịch": "", "Ngày sinh": "1980"}, "Họ và tên"),
        ({}, {"Số lý lịch": ""}, "Họ và tên"),
        ({"Số lý lịch": ""}, {}, "Số lý lịch"),
    ],
)
def test_person_given_twice_is_told_at_the_second_row(
    cast: Cast, together: int, first: Values, second: Values, column: str
) -> None:
    rows = [(KIND, {name: value for name, value in (CANDIDATE | own).items() if value}) for own in (first, second)]
    assert bring(rows, together=together).problems == [(KIND, 3, column)]


@pytest.mark.parametrize("together", [1, 100])
@pytest.mark.parametrize(
    "other",
    [
        {"Số lý lịch": "02"},
        {"Ngày sinh": "1981"},
        {"Mã tổ chức": "B"},
        {"Giới tính": "Nữ"},
        {"Họ và tên": "Nguyễn Văn Ân"},
    ],
)
def test_two_people_who_differ_are_two(cast: Cast, together: int, other: Values) -> None:
    base = CANDIDATE if "Số lý lịch" in other else without(CANDIDATE, "Số lý lịch")
    assert brought([(KIND, base), (KIND, base | other)], together=together).statuses == ["new", "new"]


@pytest.mark.parametrize("column", ["Số thẻ đảng viên", "Số định danh cá nhân"])
@pytest.mark.parametrize("together", [1, 100])
def test_number_of_a_card_or_identity_is_borne_by_one(cast: Cast, column: str, together: int) -> None:
    number = "001080000001"
    other = CANDIDATE | {"Số lý lịch": "02", "Họ và tên": "Lê Văn Hai", column: number}
    source = bring([(KIND, CANDIDATE | {column: number}), (KIND, other)], together=together)
    assert source.problems == [(KIND, 3, column)]
    assert "dòng 2" in source.reasons
    source = bring([(KIND, other)])
    assert source.problems == [(KIND, 2, column)]
    assert brought([(KIND, CANDIDATE | {column: number})]).statuses == ["same"]


# --- Where a row is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        (without(CANDIDATE, "Họ và tên"), ["Họ và tên"]),
        (without(CANDIDATE, "Họ và tên", "Số lý lịch"), ["Họ và tên"]),
        (without(CANDIDATE, "Giới tính", "Ngày sinh"), ["Giới tính", "Ngày sinh"]),
        (without(CANDIDATE, "Mã tổ chức"), ["Mã tổ chức"]),
        (CANDIDATE | {"Mã tổ chức": "Z9"}, ["Mã tổ chức"]),
        (CANDIDATE | {"Ngày sinh": "2999-01-01"}, ["Ngày sinh"]),
        (CANDIDATE | {"Họ và tên": "Nguyễn Văn 5"}, ["Họ và tên"]),
        (CANDIDATE | {"Số định danh cá nhân": "123"}, ["Số định danh cá nhân"]),
        (CANDIDATE | {"Lý luận chính trị": "Tiến sĩ"}, ["Lý luận chính trị"]),
        (CANDIDATE | {"Quê quán": "x" * 501}, ["Quê quán"]),
        (CANDIDATE | {"Số lý lịch": "1" * 31}, ["Số lý lịch"]),
        (CANDIDATE | {"Ngày sinh": "1849-01-01"}, ["Ngày sinh"]),
        (CANDIDATE | {"Ngày chính thức": "2011-02-03"}, ["Ngày chính thức"]),
        (CANDIDATE | {"Ngày lễ kết nạp": "2011-02-03"}, ["Ngày lễ kết nạp"]),
        (CANDIDATE | {"Số quyết định kết nạp": "12"}, ["Số quyết định kết nạp"]),
        (CANDIDATE | {"Ngày miễn sinh hoạt": "2011-02-03"}, ["Ngày miễn sinh hoạt"]),
        (CANDIDATE | {"Ngày ra khỏi": "2011-02-03", "Lý do ra khỏi": "Từ trần"}, ["Ngày ra khỏi", "Lý do ra khỏi"]),
        (MEMBER | {"Ngày quyết định kết nạp": "1979-01-01"}, ["Ngày quyết định kết nạp"]),
        (MEMBER | {"Ngày lễ kết nạp": "2010-02-02"}, ["Ngày lễ kết nạp"]),
        (MEMBER | {"Ngày chính thức": "2010-02-02"}, ["Ngày chính thức"]),
        (MEMBER | {"Ngày ra khỏi": "2010-02-02", "Lý do ra khỏi": "Từ trần"}, ["Ngày ra khỏi"]),
        (MEMBER | {"Ngày đến": "2012-01-01", "Ngày ra khỏi": "2011-12-31", "Lý do ra khỏi": "Từ trần"},
         ["Ngày ra khỏi"]),
        (MEMBER | {"Ngày ra khỏi": "2012-01-01"}, ["Lý do ra khỏi"]),
        (MEMBER | {"Lý do ra khỏi": "Từ trần"}, ["Lý do ra khỏi"]),
        (MEMBER | {"Ngày ra khỏi": "2012-01-01", "Lý do ra khỏi": "Chán"}, ["Lý do ra khỏi"]),
        (MEMBER | {"Ngày cấp thẻ": "1980-04-30"}, ["Ngày cấp thẻ"]),
    ],
)  # fmt: skip
def test_new_row_is_refused_at_its_column(cast: Cast, values: Values, problems: list[str]) -> None:
    source = bring([(KIND, values)])
    assert sorted(column for _, _, column in source.problems) == sorted(problems)
    assert not Person.objects.exists()
    assert_says_what_to_do(source)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"Họ và tên": ""}, ["Họ và tên"]),
        ({"Giới tính": ""}, ["Giới tính"]),
        ({"Ngày chính thức": "2010-02-02"}, ["Ngày chính thức"]),
        ({"Ngày quyết định kết nạp": "2012-01-01"}, ["Ngày lễ kết nạp", "Ngày chính thức"]),
        ({"Ngày sinh": "2010-02-04"}, ["Ngày quyết định kết nạp"]),
        ({"Ngày ra khỏi": "2012-01-01"}, ["Lý do ra khỏi"]),
        ({"Lý do ra khỏi": "Từ trần"}, ["Lý do ra khỏi"]),
        ({"Ngày đến": "", "Ngày quyết định kết nạp": ""}, []),
    ],
)
def test_change_is_refused_at_its_column(cast: Cast, values: Values, problems: list[str]) -> None:
    brought([(KIND, MEMBER)])
    source = bring([(KIND, {"Số lý lịch": "01"} | values)])
    assert sorted(column for _, _, column in source.problems) == sorted(problems)
    assert_says_what_to_do(source)


def test_dash_for_the_number_leaves_the_number_alone(cast: Cast) -> None:
    brought([(KIND, CANDIDATE)])
    brought([(KIND, CANDIDATE | {"Số lý lịch": "", "Quê quán": "Ý Yên"})])
    assert list(Person.objects.values_list("file_number", "home_town")) == [("01", "Ý Yên")]


def assert_says_what_to_do(source: Source) -> None:
    for reason in filter(None, source.reasons.split("\n")):
        assert any(word in reason for word in ("Hãy", "Cần", "Chưa ghi", "nhiều nhất", "không thể")), reason


# --- Scope -----------------------------------------------------------------------------------------


def test_grassroots_user_writes_own_people_only(cast: Cast) -> None:
    assert brought([(KIND, MEMBER)], user=cast.grassroots_a).statuses == ["new"]
    assert brought([(KIND, MEMBER | {"Quê quán": "Ý Yên"})], user=cast.grassroots_a).statuses == ["changed"]
    source = bring([(KIND, MEMBER | {"Mã tổ chức": "B", "Số lý lịch": "02"})], user=cast.grassroots_a)
    assert source.problems == [(KIND, 2, "Mã tổ chức")]
    assert bring([(KIND, MEMBER | {"Mã tổ chức": "B"})], user=cast.grassroots_a).problems == [(KIND, 2, "Mã tổ chức")]


@pytest.mark.parametrize("values", [{}, {"Mã tổ chức": "B"}, {"Quê quán": "Ý Yên"}])
def test_number_of_a_foreign_person_is_refused_without_saying_whose(cast: Cast, values: Values) -> None:
    make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")
    source = bring([(KIND, CANDIDATE | {"Mã tổ chức": "B"} | values)], user=cast.grassroots_b)
    assert source.problems == [(KIND, 2, "Số lý lịch")]
    assert "Nguyễn" not in source.reasons
    assert Person.objects.count() == 1


def test_former_organisation_reads_and_does_not_change(cast: Cast) -> None:
    person = make_person("Nguyễn Văn An", file_number="01")
    stay = make_stay(person, cast.b, "2010-02-03", "2014-01-01", end_reason="moved")
    make_stay(person, cast.a_cell_2, "2014-01-01", admission=stay.admission, start_reason="moved")
    assert brought([(KIND, {"Số lý lịch": "01"})], user=cast.grassroots_b).statuses == ["same"]
    source = bring([(KIND, {"Số lý lịch": "01", "Quê quán": "Ý Yên"})], user=cast.grassroots_b)
    assert source.problems == [(KIND, 2, "Số lý lịch")]
    assert Person.objects.get().home_town == ""


# --- Beside other sheets ---------------------------------------------------------------------------


def test_stays_of_the_file_decide_about_stays(cast: Cast) -> None:
    rows = [
        (KIND, MEMBER | {"Mã tổ chức": "A2", "Ngày ra khỏi": "2015-01-01", "Lý do ra khỏi": "Từ trần"}),
        (STAYS, {"Số lý lịch": "01", "Mã tổ chức": "A1", "Từ ngày": "2010-02-03"}),
        (STAYS, {"Số lý lịch": "01", "Mã tổ chức": "A2", "Từ ngày": "2014-01-01"}),
    ]
    assert brought(rows).statuses == ["new"] * 3
    assert stays() == [
        ("01", "A1", "03/02/2010", "admitted", "01/01/2014", "moved"),
        ("01", "A2", "01/01/2014", "moved", "None", ""),
    ]
    assert Admission.objects.get().organisation == cast.a_cell_1


def test_wrong_row_holds_back_what_speaks_of_its_person_without_more_errors(cast: Cast) -> None:
    rows = [
        (KIND, CANDIDATE | {"Ngày sinh": "2999"}),
        (KIND, without(CANDIDATE, "Số lý lịch") | {"Họ và tên": "Lê Văn Hai", "Giới tính": "", "Ngày sinh": "1970"}),
        (STAYS, {"Số lý lịch": "01", "Mã tổ chức": "A1", "Từ ngày": "2010-02-03"}),
        ("Huy hiệu Đảng", {"Số lý lịch": "01", "Mốc": "30", "Ngày trao": "2015-02-03"}),
        ("Huy hiệu Đảng", {"Họ và tên": "Lê Văn Hai", "Mốc": "30", "Ngày trao": "2015-02-03"}),
        ("Xếp loại đảng viên", {"Năm": "2015", "Số lý lịch": "01", "Xếp loại": "HTT"}),
    ]
    source = bring(rows)
    assert source.problems == [(KIND, 2, "Ngày sinh"), (KIND, 3, "Giới tính")]
    assert source.statuses == ["wrong"] * 6


def test_number_of_a_hidden_person_is_told_once(cast: Cast) -> None:
    make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")
    rows = [
        (KIND, CANDIDATE | {"Mã tổ chức": "B"}),
        (STAYS, {"Số lý lịch": "01", "Mã tổ chức": "B", "Từ ngày": "2010-02-03"}),
        ("Huy hiệu Đảng", {"Số lý lịch": "01", "Mốc": "30", "Ngày trao": "2015-02-03"}),
    ]
    assert bring(rows, user=cast.grassroots_b).problems == [(KIND, 2, "Số lý lịch")]


def test_wrong_organisation_holds_back_its_people_without_more_errors(cast: Cast) -> None:
    rows = [
        ("Tổ chức đảng", {"Mã tổ chức": "C", "Tên tổ chức": "Chi bộ Cục Thuế", "Loại tổ chức": "Lạ"}),
        (KIND, CANDIDATE | {"Mã tổ chức": "C"}),
        (KIND, CANDIDATE | {"Mã tổ chức": "chi bộ Cục Thuế", "Số lý lịch": "02"}),
        ("Đoàn thể", {"Mã đoàn thể": "D1", "Tên đoàn thể": "Công đoàn Cục Thuế", "Loại đoàn thể": "Công đoàn",
                      "Mã tổ chức đảng": "C"}),
        ("Quá trình tổ chức", {"Mã tổ chức": "C", "Từ ngày": "2010-01-01", "Tên tổ chức": "Chi bộ Thuế"}),
    ]  # fmt: skip
    source = bring(rows, importers=IMPORTERS)
    assert {sheet for sheet, _, _ in source.problems} == {"Tổ chức đảng"}
    assert source.statuses == ["wrong"] * 5
    assert not Person.objects.exists()


# --- Size ------------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    rows = [
        (KIND, MEMBER | {"Số lý lịch": f"{number:04}", "Họ và tên": f"Nguyễn Văn {number:c}"})
        for number in range(ord("A"), ord("Z"))
    ]
    changed = [(KIND, values | {"Quê quán": "Ý Yên", "Ngày chính thức": "2012"}) for _, values in rows]
    with django_assert_max_num_queries(34):
        brought(rows, importers=[ProfileImporter])
    with django_assert_max_num_queries(34):
        brought(changed, importers=[ProfileImporter])
