"""Splitting, ending and correcting organisations, posts in their committees, and their lineage."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.lineage import Lineage
from members.models import AuditEvent, CommitteePost, Organisation, OrganisationPeriod, Succession
from members.partial_dates import PartialDate, Precision, parse
from members.services import (
    Part,
    begin_post,
    change_organisation,
    correct_organisation,
    end_organisation,
    end_post,
    found_organisation,
    merge_organisation,
    record_move,
    split_organisation,
)
from tests.builders import day, make_mass_organisation, make_member, make_organisation, make_person, make_stay

pytestmark = pytest.mark.django_db

CELL = "subordinate_cell"
DAY = dt.date(2015, 7, 1)


def refusal(call, **arguments):
    """What people are told when a service refuses; no organisation must have changed."""
    before = list(OrganisationPeriod.objects.values()), list(Organisation.objects.values())
    with pytest.raises(ValidationError) as refused:
        call(**arguments)
    assert (list(OrganisationPeriod.objects.values()), list(Organisation.objects.values())) == before
    return " ".join(refused.value.messages)


def post(person, organisation, position="member", began="01/01/2014", **more):
    return begin_post(
        person=person, organisation=organisation, position=position, began=parse(began), **{"by": None, **more}
    )


# --- Founding ------------------------------------------------------------------------------------------


def test_founding_keeps_the_number_of_its_decision(cast):
    made = found_organisation(
        code="A3", name="Chi bộ Ba", kind=CELL, parent=cast.a, founded_on=DAY, decision_number="7-QĐ/ĐU", by=cast.office
    )
    assert made.periods.get().decision_number == "7-QĐ/ĐU"


# --- Splitting -----------------------------------------------------------------------------------------


def test_split_takes_along_what_each_part_names(cast):
    an, binh, chi = (make_member(cast.a, name) for name in ("Lê An", "Lê Bình", "Lê Chi"))
    candidate = make_person("Ngô Dung", followed_by=cast.a)
    union = make_mass_organisation(cast.a)
    (made,) = split_organisation(
        organisation=cast.a,
        parts=[Part("A-2", "Đảng bộ Chi cục", "grassroots_committee", "", [an], [candidate], [cast.a_cell_2], [union])],
        on=DAY,
        ends=False,
        decision_number="12-QĐ/ĐUK",
        by=cast.office,
    )
    assert (made.parent, made.founded_on, made.periods.get().decision_number) == (cast.root, DAY, "12-QĐ/ĐUK")
    assert [stay.organisation for stay in an.memberships.order_by("began_on")] == [cast.a, made]
    assert {person.memberships.get().organisation for person in (binh, chi)} == {cast.a}
    for row in (candidate, union, cast.a_cell_2, cast.a):
        row.refresh_from_db()
    assert (candidate.followed_by, union.organisation, cast.a_cell_2.parent) == (made, made, made)
    assert cast.a.ended_on is None
    link = Succession.objects.get()
    assert (link.predecessor, link.successor, link.kind, link.took_place_on) == (cast.a, made, "split", DAY)


def test_division_ends_the_old_one(cast):
    an, binh = make_member(cast.b, "Lê An"), make_member(cast.b, "Lê Bình")
    secretary = post(an, cast.b, "secretary")
    parts = [Part("B1", "Chi bộ Một", CELL, members=[an]), Part("B2", "Chi bộ Hai", CELL, members=[binh])]
    one, two = split_organisation(
        organisation=cast.b, parts=parts, on=DAY, ends=True, decision_number="9-QĐ", by=cast.office
    )
    cast.b.refresh_from_db()
    assert (cast.b.ended_on, cast.b.end_decision_number) == (DAY, "9-QĐ")
    assert {link.successor for link in cast.b.successions.all()} == {one, two}
    secretary.refresh_from_db()
    assert (secretary.ended_on, secretary.end_reason) == (DAY, "left")
    assert AuditEvent.objects.filter(items__key=cast.b.pk, items__model="members.organisation").distinct().count() == 2


def test_division_that_leaves_somebody_behind_is_refused(cast):
    an = make_member(cast.b, "Lê An")
    make_member(cast.b, "Lê Bình")
    parts = [Part("B1", "Chi bộ Một", CELL, members=[an]), Part("B2", "Chi bộ Hai", CELL)]
    told = refusal(split_organisation, organisation=cast.b, parts=parts, on=DAY, ends=True, by=None)
    assert "Còn 1 đảng viên: Lê Bình." in told


@pytest.mark.parametrize("case", ["foreign", "twice", "none", "one that ends"])
def test_split_that_makes_no_sense_is_refused(cast, case):
    an, other = make_member(cast.b, "Lê An"), make_member(cast.a, "Lê Xa")
    part = Part("B1", "Chi bộ Một", CELL, members=[an])
    parts, ends, words = {
        "foreign": ([Part("B1", "Chi bộ Một", CELL, members=[other])], False, "không thuộc"),
        "twice": ([part, Part("B2", "Chi bộ Hai", CELL, members=[an])], False, "chỉ chuyển đến một nơi"),
        "none": ([], False, "ít nhất"),
        "one that ends": ([part], True, "ít nhất hai"),
    }[case]
    assert words in refusal(split_organisation, organisation=cast.b, parts=parts, on=DAY, ends=ends, by=None)


def test_split_is_for_who_may_change_the_organisation_above(cast):
    parts = [Part("A9", "Chi bộ Chín", "grassroots_cell")]
    with pytest.raises(PermissionDenied):
        split_organisation(organisation=cast.a, parts=parts, on=DAY, ends=False, by=cast.grassroots_a)
    split_organisation(organisation=cast.a_cell_1, parts=parts, on=DAY, ends=False, by=cast.grassroots_a)


# --- Ending --------------------------------------------------------------------------------------------


def test_empty_organisation_ends_with_date_and_number(cast):
    end_organisation(
        organisation=cast.a_cell_1, on=DAY, decision_number="3-QĐ/ĐU", reason="Giải thể", by=cast.grassroots_a
    )
    cast.a_cell_1.refresh_from_db()
    assert (cast.a_cell_1.ended_on, cast.a_cell_1.end_decision_number) == (DAY, "3-QĐ/ĐU")
    assert AuditEvent.objects.latest("sequence").reason == "Giải thể"


def test_end_is_refused_while_anything_remains_and_says_what_to_do(cast):
    make_member(cast.a, "Lê An")
    make_person("Ngô Dung", followed_by=cast.a)
    make_mass_organisation(cast.a, "Công đoàn Sở")
    told = refusal(end_organisation, organisation=cast.a, on=DAY, by=cast.office)
    assert "Còn 1 đảng viên: Lê An. Hãy chuyển sinh hoạt" in told
    assert "Còn 2 tổ chức trực thuộc: Chi bộ Tổ chức công chức, Chi bộ Văn phòng." in told
    assert "Còn 1 quần chúng ưu tú: Ngô Dung." in told
    assert "Còn 1 đoàn thể: Công đoàn Sở." in told


def test_end_before_the_last_member_left_is_refused(cast):
    make_stay(make_person("Lê An"), cast.b, "2010-01-01", "2015-08-01")
    assert "Lê An" in refusal(end_organisation, organisation=cast.b, on=DAY, by=None)
    end_organisation(organisation=cast.b, on=day("2015-08-01"), by=None)


def test_root_is_ended_by_a_command_only(cast):
    other = make_organisation("Đảng bộ khác", code="X")
    with pytest.raises(PermissionDenied):
        end_organisation(organisation=other, on=DAY, by=cast.office)


# --- Correcting ----------------------------------------------------------------------------------------


def test_founding_is_corrected_with_a_reason(cast):
    cast.b.founded = PartialDate(dt.date(1999, 3, 1), Precision.MONTH)
    assert "lý do" in refusal(correct_organisation, organisation=cast.b, reason="", by=cast.office)
    correct_organisation(organisation=cast.b, reason="Theo quyết định gốc", by=cast.office)
    cast.b.refresh_from_db()
    assert str(cast.b.founded) == "03/1999"
    assert AuditEvent.objects.latest("sequence").reason == "Theo quyết định gốc"


def test_founding_after_the_first_member_is_refused(cast):
    make_member(cast.b, "Lê An", began_on="2005-03-01")
    cast.b.founded = dt.date(2006, 1, 1)
    told = refusal(correct_organisation, organisation=cast.b, reason="Sửa", by=None)
    assert "đảng viên Lê An sinh hoạt từ 01/03/2005" in told


def test_stay_known_by_its_year_does_not_contradict_a_founding_in_it(cast):
    make_stay(make_person(), cast.b, "2005-01-01", began_on_precision="year")
    cast.b.founded = dt.date(2005, 6, 1)
    correct_organisation(organisation=cast.b, reason="Sửa", by=None)


def test_spelling_of_the_latest_name_is_corrected_in_its_periods(cast):
    change_organisation(
        organisation=cast.a_cell_1, on=day("2012-01-01"), name="Chi bộ Hành chính", event="renamed", by=None
    )
    change_organisation(organisation=cast.a, on=day("2014-01-01"), parent=cast.b, event="moved", by=None)
    cast.a_cell_1.refresh_from_db()
    cast.a_cell_1.name = "Chi bộ Hành chính – Quản trị"
    correct_organisation(organisation=cast.a_cell_1, reason="Ghi thiếu", by=None)
    names = [row.name for row in cast.a_cell_1.periods.order_by("pk")]
    assert sorted(names) == ["Chi bộ Hành chính – Quản trị", "Chi bộ Hành chính – Quản trị", "Chi bộ Văn phòng"]


def test_wrong_end_is_taken_back_or_moved(cast):
    end_organisation(organisation=cast.b, on=DAY, by=None)
    make_stay(make_person("Lê An"), cast.b, "2010-01-01", "2015-06-20")
    cast.b.ended = dt.date(2015, 6, 1)
    assert "Lê An" in refusal(correct_organisation, organisation=cast.b, reason="Sửa", by=None)
    cast.b.ended = dt.date(2015, 6, 30)
    correct_organisation(organisation=cast.b, reason="Sửa", by=None)
    cast.b.ended = None
    correct_organisation(organisation=cast.b, reason="Ghi nhầm", by=None)
    cast.b.refresh_from_db()
    assert cast.b.ended_on is None


def test_end_by_a_merger_is_not_corrected_alone(cast):
    merge_organisation(organisation=cast.b, into=cast.a, on=DAY, by=None)
    cast.b.refresh_from_db()
    cast.b.ended = None
    assert "sáp nhập" in refusal(correct_organisation, organisation=cast.b, reason="Sửa", by=None)


# --- Committees ----------------------------------------------------------------------------------------


def test_member_from_below_sits_on_the_committee_and_leaves_it_with_the_stay(cast):
    person = make_member(cast.a_cell_1, "Lê An")
    upper, own = post(person, cast.a, "secretary"), post(person, cast.a_cell_1, "deputy")
    record_move(person=person, to=cast.a_cell_2, on=DAY, decision_number="5", by=None)
    for row in (upper, own):
        row.refresh_from_db()
    assert upper.ended_on is None
    assert (own.ended_on, own.end_reason, own.end_decision_number) == (DAY, "left", "5")


def test_move_of_an_organisation_ends_posts_above_it(cast):
    person = make_member(cast.a_cell_1, "Lê An")
    above, own, top = post(person, cast.a), post(person, cast.a_cell_1), post(person, cast.root)
    change_organisation(organisation=cast.a_cell_1, on=DAY, parent=cast.b, event="moved", by=None)
    ended = {row.pk for row in CommitteePost.objects.filter(ended_on=DAY)}
    assert ended == {above.pk}
    assert {own.pk, top.pk} == {row.pk for row in CommitteePost.objects.running()}


@pytest.mark.parametrize("who", ["nobody", "elsewhere"])
def test_post_is_for_members_of_the_organisation(cast, who):
    person = make_person("Lê An", followed_by=cast.b) if who == "nobody" else make_member(cast.a, "Lê An")
    told = refusal(post, person=person, organisation=cast.b)
    assert ("không phải là đảng viên" if who == "nobody" else "sinh hoạt ở Đảng bộ Sở Nội vụ") in told


def test_second_secretary_is_refused_until_the_first_has_gone(cast):
    first, second = make_member(cast.b, "Lê An"), make_member(cast.b, "Lê Bình")
    held = post(first, cast.b, "secretary", "2013")
    assert "đã có Bí thư" in refusal(post, person=second, organisation=cast.b, position="secretary")
    end_post(post=held, ended=parse("01/01/2014"), reason="term_over", decision_number="8", by=cast.grassroots_b)
    assert post(second, cast.b, "secretary").pk
    assert "đã thôi giữ" in refusal(end_post, post=held, ended=parse("2015"), reason="left", by=None)


def test_posts_are_written_by_who_may_change_the_organisation(cast):
    person = make_member(cast.a, "Lê An")
    with pytest.raises(PermissionDenied):
        post(person, cast.a, by=cast.grassroots_b)
    assert post(person, cast.a, by=cast.grassroots_a).pk


# --- Lineage -------------------------------------------------------------------------------------------


def test_lineage_leads_back_and_forward_with_dates(cast, django_assert_num_queries):
    new = make_organisation("Đảng bộ hợp nhất", parent=cast.root, founded_on="2014-01-01", code="N")
    merge_organisation(organisation=cast.a, into=new, on=day("2014-01-01"), by=None)
    merge_organisation(organisation=cast.b, into=new, on=day("2014-01-01"), by=None)
    (part,) = split_organisation(organisation=new, parts=[Part("P", "Chi bộ tách", CELL)], on=DAY, ends=False, by=None)
    with django_assert_num_queries(2):
        lineage = Lineage.load()
        steps = lineage.predecessors(part.pk)
        found = lineage.bearers_of([part.pk, new.pk, cast.a.pk, cast.root.pk], day("2013-12-31"))
    assert [(step.predecessor, step.kind, step.distance) for step in steps] == [
        (new.pk, "split", 1),
        (cast.a.pk, "merger", 2),
        (cast.b.pk, "merger", 2),
    ]
    assert [step.successor for step in lineage.successors(cast.b.pk)] == [new.pk, part.pk]
    assert found == {
        part.pk: {cast.a.pk, cast.b.pk},
        new.pk: {cast.a.pk, cast.b.pk},
        cast.a.pk: {cast.a.pk},
        cast.root.pk: {cast.root.pk},
    }
    assert lineage.bearers(part.pk, day("2015-01-01")) == {new.pk}


def test_organisation_with_a_past_of_its_own_keeps_it(cast):
    merge_organisation(organisation=cast.b, into=cast.a, on=DAY, by=None)
    assert Lineage.load().bearers(cast.a.pk, day("2010-12-31")) == {cast.a.pk}
