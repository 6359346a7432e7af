"""The services that write: organisations and their past, moves, attendance, ratings."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.models import (
    GRASSROOTS_KINDS,
    Admission,
    AuditEvent,
    MassOrganisation,
    Membership,
    Organisation,
    OrganisationPeriod,
    Succession,
)
from members.services import (
    admit,
    change_organisation,
    found_organisation,
    merge_organisation,
    record_move,
)
from reviews.models import MemberRating, OrganisationRating
from reviews.services import rate
from tests.builders import (
    day,
    level_of,
    make_class,
    make_mass_organisation,
    make_member,
    make_organisation,
    make_person,
    make_stay,
)
from training.services import record_attendance

pytestmark = pytest.mark.django_db


def periods(organisation):
    """(first day, name, parent, codes above it and its own) of every period, in order."""
    codes = {str(pk): code for pk, code in Organisation.objects.values_list("pk", "code")}
    return [
        (
            str(period.starts_on or ""),
            period.name,
            period.parent and period.parent.code,
            "/".join(codes[key] for key in period.path.split("/") if key),
        )
        for period in sorted(
            OrganisationPeriod.objects.filter(organisation=organisation),
            key=lambda period: period.starts_on or dt.date.min,
        )
    ]


def under(organisation, on):
    return set(Organisation.objects.under(organisation, on=day(on)).values_list("code", flat=True))


def refusal(call, **arguments):
    """What people are told when the service refuses; nothing must have been written."""
    before = list(OrganisationPeriod.objects.values()), list(Membership.objects.values())
    with pytest.raises(ValidationError) as refused:
        call(**arguments)
    assert (list(OrganisationPeriod.objects.values()), list(Membership.objects.values())) == before
    return " ".join(refused.value.messages)


def is_whole(organisation):
    """Every day has exactly one period, from the open past to the open future, and the row is the last."""
    rows = sorted(organisation.periods.all(), key=lambda period: period.starts_on or dt.date.min)
    ends = [row.ends_on for row in rows]
    starts = [row.starts_on for row in rows]
    last = rows[-1]
    organisation.refresh_from_db()
    now = (organisation.name, organisation.kind, organisation.parent, organisation.path)
    return (
        starts[0] is None
        and ends[-1] is None
        and ends[:-1] == starts[1:]
        and now == (last.name, last.kind, last.parent, last.path)
    )


def all_are_whole():
    return all(is_whole(organisation) for organisation in Organisation.objects.all())


# --- Founding ----------------------------------------------------------------------------------------


def test_founded_organisation_stands_under_its_parent(cast):
    organisation = found_organisation(
        code="C",
        name="Chi bộ  Trường Chính trị",
        kind="grassroots_cell",
        parent=cast.root,
        founded_on=day("2014-05-01"),
        by=cast.office,
    )
    assert organisation.path == f"{cast.root.path}{organisation.pk}/"
    assert organisation.name == "Chi bộ Trường Chính trị"
    assert periods(organisation) == [("", "Chi bộ Trường Chính trị", "K", "K/C")]
    assert "C" in under(cast.root, "2015-12-31")
    assert all_are_whole()


def test_founded_organisation_follows_the_changes_above_it(cast):
    change_organisation(
        organisation=cast.a_cell_1, on=day("2014-01-01"), parent=cast.b, event="parent_changed", by=None
    )
    change_organisation(
        organisation=cast.a_cell_1, on=day("2016-01-01"), parent=cast.root, event="parent_changed", by=None
    )
    late = make_organisation("Tổ", code="T", parent=cast.a_cell_1, founded_on="2015-01-01")
    assert [(start, path) for start, _, _, path in periods(late)] == [
        ("", "K/B/A1/T"),
        ("2016-01-01", "K/A1/T"),
    ]
    assert under(cast.b, "2015-06-01") == {"B", "A1", "T"}
    assert under(cast.b, "2016-06-01") == {"B"}
    assert all_are_whole()


def test_organisation_with_a_taken_code_is_refused_with_words(cast):
    told = refusal(found_organisation, code="A", name="Chi bộ khác", kind="grassroots_cell", parent=None, by=None)
    assert told == "Mã tổ chức này đã có."


def test_organisation_is_not_founded_under_one_that_has_ended(cast):
    merge_organisation(organisation=cast.b, into=cast.a, on=day("2014-01-01"), by=None)
    told = refusal(
        found_organisation,
        code="C",
        name="Chi bộ khác",
        kind="subordinate_cell",
        parent=cast.b,
        founded_on=day("2014-01-01"),
        by=None,
    )
    assert "không còn hoạt động" in told


# --- Changing ----------------------------------------------------------------------------------------


def test_renamed_organisation_keeps_its_former_name_on_record(cast):
    changed = change_organisation(
        organisation=cast.a,
        on=day("2014-03-01"),
        name="Đảng bộ Sở Nội vụ và Lao động",
        event="renamed",
        decision_number="12-QĐ/ĐUK",
        by=cast.office,
    )
    assert changed.name == "Đảng bộ Sở Nội vụ và Lao động"
    assert periods(cast.a) == [
        ("", "Đảng bộ Sở Nội vụ", "K", "K/A"),
        ("2014-03-01", "Đảng bộ Sở Nội vụ và Lao động", "K", "K/A"),
    ]
    assert cast.a.periods.get(ends_on=None).decision_number == "12-QĐ/ĐUK"
    assert len(periods(cast.a_cell_1)) == 1
    assert all_are_whole()


def test_organisation_changes_its_kind_on_a_day(cast):
    change_organisation(organisation=cast.b, on=day("2015-01-01"), kind="subordinate_cell", event="moved", by=None)
    grassroots = Organisation.objects.grassroots
    assert set(grassroots(on=day("2014-12-31")).values_list("code", flat=True)) == {"A", "B"}
    assert set(grassroots(on=day("2015-01-01")).values_list("code", flat=True)) == {"A"}
    assert cast.b.kind not in GRASSROOTS_KINDS


def test_moved_organisation_takes_all_below_along_from_that_day(cast):
    change_organisation(
        organisation=cast.a, on=day("2015-07-01"), parent=cast.b, event="parent_changed", by=cast.office
    )
    assert under(cast.b, "2015-06-30") == {"B"}
    assert under(cast.b, "2015-07-01") == {"B", "A", "A1", "A2"}
    assert periods(cast.a_cell_1) == [
        ("", "Chi bộ Văn phòng", "A", "K/A/A1"),
        ("2015-07-01", "Chi bộ Văn phòng", "A", "K/B/A/A1"),
    ]
    assert all_are_whole()


def test_organisation_becomes_a_root(cast):
    change_organisation(organisation=cast.a, on=day("2015-07-01"), parent=None, event="split", by=None)
    assert cast.a.path == f"{cast.a.pk}/"
    assert set(Organisation.objects.roots()) == {cast.root, cast.a}
    assert under(cast.a, "2015-07-01") == {"A", "A1", "A2"}
    assert under(cast.root, "2015-07-01") == {"K", "B"}
    assert all_are_whole()


def test_moves_on_one_day_in_any_order_leave_one_period_each(cast):
    on = day("2015-07-01")
    change_organisation(organisation=cast.a_cell_1, on=on, parent=cast.b, event="parent_changed", by=None)
    change_organisation(organisation=cast.b, on=on, parent=cast.a, event="parent_changed", by=None)
    change_organisation(organisation=cast.a, on=on, name="Đảng bộ mới", event="renamed", by=None)
    assert [(start, path) for start, _, _, path in periods(cast.a_cell_1)] == [
        ("", "K/A/A1"),
        ("2015-07-01", "K/A/B/A1"),
    ]
    assert under(cast.a, "2015-07-01") == {"A", "A1", "A2", "B"}
    assert all_are_whole()


def test_change_recorded_late_respects_what_happened_below_since(cast):
    """A cell left A in 2016 and another was renamed; that A moved in 2015 is recorded afterwards."""
    change_organisation(
        organisation=cast.a_cell_1, on=day("2016-01-01"), parent=cast.root, event="parent_changed", by=None
    )
    change_organisation(
        organisation=cast.a_cell_2, on=day("2016-06-01"), name="Chi bộ Công chức", event="renamed", by=None
    )
    change_organisation(organisation=cast.a, on=day("2015-01-01"), parent=cast.b, event="parent_changed", by=None)
    assert [(start, path) for start, _, _, path in periods(cast.a_cell_1)] == [
        ("", "K/A/A1"),
        ("2015-01-01", "K/B/A/A1"),
        ("2016-01-01", "K/A1"),
    ]
    assert [(start, path) for start, _, _, path in periods(cast.a_cell_2)] == [
        ("", "K/A/A2"),
        ("2015-01-01", "K/B/A/A2"),
        ("2016-06-01", "K/B/A/A2"),
    ]
    assert all_are_whole()


def test_move_recorded_late_follows_what_the_new_parent_did_since(cast):
    other = make_organisation("Đảng bộ khác", code="O", kind="upper_committee")
    change_organisation(organisation=cast.b, on=day("2016-01-01"), parent=other, event="parent_changed", by=None)
    change_organisation(
        organisation=cast.a_cell_1, on=day("2015-01-01"), parent=cast.b, event="parent_changed", by=None
    )
    assert [(start, path) for start, _, _, path in periods(cast.a_cell_1)] == [
        ("", "K/A/A1"),
        ("2015-01-01", "K/B/A1"),
        ("2016-01-01", "O/B/A1"),
    ]
    assert all_are_whole()


@pytest.mark.parametrize("parent", ["a", "a_cell_1"])
def test_organisation_is_not_put_below_itself(cast, parent):
    told = refusal(
        change_organisation,
        organisation=cast.a,
        on=day("2015-07-01"),
        parent=getattr(cast, parent),
        event="moved",
        by=None,
    )
    assert "nằm dưới nó" in told


def test_organisation_is_not_put_below_one_that_stood_below_it_then(cast):
    change_organisation(
        organisation=cast.a_cell_1, on=day("2016-01-01"), parent=cast.root, event="parent_changed", by=None
    )
    arguments = {"organisation": cast.a, "parent": cast.a_cell_1, "event": "moved", "by": None}
    assert "nằm dưới nó" in refusal(change_organisation, on=day("2015-07-01"), **arguments)
    change_organisation(on=day("2016-01-01"), **arguments)
    assert all_are_whole()


def test_change_before_the_last_one_is_refused(cast):
    change_organisation(organisation=cast.a, on=day("2015-07-01"), name="Tên mới", event="renamed", by=None)
    told = refusal(
        change_organisation,
        organisation=cast.a,
        on=day("2015-06-30"),
        name="Tên khác",
        event="renamed",
        by=None,
    )
    assert "01/07/2015" in told


def test_change_before_the_founding_is_refused(cast):
    late = make_organisation("Chi bộ mới", parent=cast.root, founded_on="2015-01-01")
    told = refusal(change_organisation, organisation=late, on=day("2014-12-31"), name="Tên", event="renamed", by=None)
    assert "trước ngày thành lập" in told


def test_change_that_changes_nothing_is_refused(cast):
    told = refusal(
        change_organisation,
        organisation=cast.a,
        on=day("2015-06-30"),
        name=cast.a.name,
        parent=cast.root,
        event="renamed",
        by=None,
    )
    assert "Không có gì thay đổi" in told


def test_organisation_that_has_ended_is_not_changed(cast):
    merge_organisation(organisation=cast.b, into=cast.a, on=day("2014-01-01"), by=None)
    told = refusal(change_organisation, organisation=cast.b, on=day("2015-01-01"), name="Tên", event="renamed", by=None)
    assert "đã kết thúc" in told


# --- Merging -----------------------------------------------------------------------------------------


def test_merged_organisation_hands_over_its_members_and_ends(cast):
    member = make_member(cast.b, "Lê Thị Bình", "2010-01-01")
    gone = make_person("Trần Văn Cường")
    make_stay(gone, cast.b, "2010-01-01", "2012-01-01", end_reason="deceased")
    succession = merge_organisation(
        organisation=cast.b, into=cast.a, on=day("2015-07-01"), decision_number="9-QĐ/TU", by=cast.office
    )
    before, after = member.memberships.order_by("began_on")
    assert (before.organisation, str(before.ended_on), before.end_reason) == (cast.b, "2015-07-01", "moved")
    assert (after.organisation, str(after.began_on), after.start_reason) == (cast.a, "2015-07-01", "moved")
    assert (after.admission, after.ended_on) == (before.admission, None)
    assert gone.memberships.get().end_reason == "deceased"
    assert Succession.objects.get() == succession
    assert (succession.predecessor, succession.successor) == (cast.b, cast.a)
    cast.b.refresh_from_db()
    assert cast.b.ended_on == day("2015-07-01")
    assert cast.b not in Organisation.objects.existing_on(day("2015-07-01"))
    assert cast.b in Organisation.objects.existing_on(day("2015-06-30"))


def test_merged_organisation_hands_over_what_hangs_on_it(cast):
    candidate = make_person("Ngô Thị Dung", followed_by=cast.a)
    union = make_mass_organisation(cast.a)
    ended = make_mass_organisation(cast.a, "Đoàn cũ", ended_on=day("2013-01-01"))
    merge_organisation(organisation=cast.a, into=cast.b, on=day("2015-07-01"), by=None)
    candidate.refresh_from_db()
    assert candidate.followed_by == cast.b
    assert set(MassOrganisation.objects.filter(organisation=cast.b)) == {union}
    assert MassOrganisation.objects.get(organisation=cast.a) == ended
    assert under(cast.b, "2015-07-01") == {"B", "A1", "A2"}
    assert under(cast.a, "2015-06-30") == {"A", "A1", "A2"}
    assert all_are_whole()


def test_member_who_left_after_the_merger_left_the_successor(cast):
    person = make_person()
    make_stay(person, cast.b, "2010-01-01", "2016-01-01", end_reason="withdrew")
    merge_organisation(organisation=cast.b, into=cast.a, on=day("2015-07-01"), by=None)
    last = person.memberships.order_by("-began_on")[0]
    assert (last.organisation, str(last.ended_on), last.end_reason) == (cast.a, "2016-01-01", "withdrew")


def test_merger_is_refused_while_members_came_later(cast):
    make_member(cast.b, began_on="2015-07-02")
    told = refusal(merge_organisation, organisation=cast.b, into=cast.a, on=day("2015-07-01"), by=None)
    assert "sau ngày sáp nhập" in told


@pytest.mark.parametrize("into", ["a", "a_cell_1"])
def test_organisation_is_not_merged_into_itself_or_below(cast, into):
    told = refusal(merge_organisation, organisation=cast.a, into=getattr(cast, into), on=day("2015-07-01"), by=None)
    assert "Không thể sáp nhập" in told


# --- People ------------------------------------------------------------------------------------------


def test_admitted_person_is_a_member_from_the_day_of_the_decision(cast):
    person = make_person(followed_by=cast.b)
    stay = admit(person=person, organisation=cast.b, on=day("2015-03-01"), by=cast.grassroots_b)
    assert stay.start_reason == "admitted"
    assert Admission.objects.decided_in(2015).get() == stay.admission
    assert not Membership.objects.on(day("2015-02-28")).exists()
    assert Membership.objects.on(day("2015-03-01")).get() == stay
    assert Membership.objects.probationary(on=day("2015-12-31")).get() == stay


def test_person_who_comes_back_is_readmitted(cast):
    person = make_person()
    make_stay(person, cast.b, "2005-01-01", "2010-01-01", end_reason="struck_off")
    stay = admit(person=person, organisation=cast.a, on=day("2015-03-01"), by=None)
    assert stay.start_reason == "readmitted"
    assert person.admissions.count() == 2


def test_member_is_not_admitted_again(cast):
    person = make_member(cast.a)
    told = refusal(admit, person=person, organisation=cast.b, on=day("2015-03-01"), by=None)
    assert "đang sinh hoạt ở tổ chức khác" in told
    assert person.admissions.count() == 1


def test_moved_member_keeps_the_admission(cast):
    person = make_member(cast.a)
    stay = record_move(person=person, to=cast.b, on=day("2015-05-01"), decision_number="3-GT", by=cast.office)
    former = person.memberships.get(organisation=cast.a)
    assert (str(former.ended_on), former.end_reason) == ("2015-05-01", "moved")
    assert (stay.organisation, stay.start_reason, stay.admission) == (cast.b, "moved", former.admission)
    assert Membership.objects.on(day("2015-04-30")).get() == former
    assert Membership.objects.on(day("2015-05-01")).get() == stay


@pytest.mark.parametrize(
    ("to", "on", "told"),
    [
        ("a", "2015-05-01", "đang sinh hoạt ở Đảng bộ Sở Nội vụ"),
        ("b", "2004-05-01", "không đang sinh hoạt"),
    ],
)
def test_move_to_nowhere_new_or_before_the_beginning_is_refused(cast, to, on, told):
    person = make_member(cast.a)
    assert told in refusal(record_move, person=person, to=getattr(cast, to), on=day(on), by=None)


# --- Who may -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["administrator", "leader", "inspector", "grassroots_a", "grassroots_b"])
def test_only_who_may_change_both_ends_moves_a_member(cast, name):
    person = make_member(cast.a)
    with pytest.raises(PermissionDenied):
        record_move(person=person, to=cast.b, on=day("2015-05-01"), by=getattr(cast, name))
    assert person.memberships.get().ended_on is None


@pytest.mark.parametrize("name", ["administrator", "leader", "inspector", "grassroots_b"])
def test_organisation_is_changed_only_by_who_may(cast, name):
    with pytest.raises(PermissionDenied):
        change_organisation(
            organisation=cast.a,
            on=day("2015-05-01"),
            name="Tên khác",
            event="renamed",
            by=getattr(cast, name),
        )
    cast.a.refresh_from_db()
    assert cast.a.name == "Đảng bộ Sở Nội vụ"


@pytest.mark.parametrize("name", ["administrator", "leader", "grassroots_a"])
def test_organisation_is_founded_only_by_who_changes_records_above_it(cast, name):
    with pytest.raises(PermissionDenied):
        found_organisation(code="Z", name="Chi bộ khác", kind="subordinate_cell", parent=cast.b, by=getattr(cast, name))


def test_root_is_made_by_commands_only(cast):
    with pytest.raises(PermissionDenied):
        found_organisation(code="Z", name="Đảng bộ", kind="upper_committee", parent=None, by=cast.office)
    with pytest.raises(PermissionDenied):
        change_organisation(organisation=cast.a, on=day("2015-05-01"), parent=None, event="split", by=cast.office)
    assert list(Organisation.objects.roots()) == [cast.root]


def test_root_is_renamed_by_the_office(cast):
    change_organisation(
        organisation=cast.root, on=day("2015-05-01"), name="Đảng bộ mới", event="renamed", by=cast.office
    )
    assert all_are_whole()


# --- Attendance --------------------------------------------------------------------------------------


def test_attendance_is_as_many_learners_as_were_present(cast):
    training_class = make_class("resolution")
    for present in (30, 12, 12, 0, 5):
        rows = record_attendance(
            training_class=training_class, organisation=cast.a, present=present, by=cast.grassroots_a
        )
        assert rows.count() == training_class.enrolments.count() == present


def test_attendance_leaves_named_learners_and_other_organisations_alone(cast):
    training_class = make_class("resolution")
    training_class.enrolments.create(person=make_member(cast.a))
    record_attendance(training_class=training_class, organisation=cast.b, present=7, by=None)
    record_attendance(training_class=training_class, organisation=cast.a, present=3, by=None)
    record_attendance(training_class=training_class, organisation=cast.a, present=2, by=None)
    assert training_class.enrolments.count() == 1 + 7 + 2


def test_attendance_below_nothing_is_refused(cast):
    training_class = make_class("resolution")
    arguments = {"training_class": training_class, "organisation": cast.a, "by": None}
    assert "không thể âm" in refusal(record_attendance, present=-1, **arguments)


def test_attendance_of_a_foreign_organisation_is_refused(cast):
    with pytest.raises(PermissionDenied):
        record_attendance(training_class=make_class("resolution"), organisation=cast.a, present=3, by=cast.grassroots_b)


# --- Ratings -----------------------------------------------------------------------------------------


def test_member_is_rated_by_the_last_organisation_of_the_year(cast):
    person = make_member(cast.a)
    record_move(person=person, to=cast.b, on=day("2016-02-01"), by=None)
    rating = rate(subject=person, year=2015, level=level_of("members", 2015), status="proposed", by=cast.grassroots_a)
    assert rating.organisation == cast.a
    assert not MemberRating.objects.approved_in(2015).exists()


def test_second_rating_of_a_year_replaces_the_first(cast):
    person = make_member(cast.a)
    rate(subject=person, year=2015, level=level_of("members", 2015), status="proposed", by=None)
    rate(subject=person, year=2015, unrated_reason="exempt", status="approved", by=None)
    rating = MemberRating.objects.approved_in(2015).get()
    assert (rating.level, rating.unrated_reason) == (None, "exempt")


def test_organisation_and_mass_organisation_are_rated_by_their_schemes(cast):
    union = make_mass_organisation(cast.a)
    level, mass_level = level_of("organisations", 2015), level_of("mass", 2015, rank=4)
    rate(subject=cast.a, year=2015, level=level, status="approved", by=cast.office)
    rate(subject=union, year=2015, level=mass_level, status="approved", by=cast.office)
    assert cast.a.ratings.get().level.name == "Trong sạch, vững mạnh"
    assert union.ratings.get().level.name == "Yếu kém"


@pytest.mark.parametrize(
    ("subject", "scheme_year"),
    [("organisations", 2018), ("organisations", 2013), ("members", 2015), ("mass", 2015)],
)
def test_level_of_another_scheme_is_refused(cast, subject, scheme_year):
    told = refusal(
        rate,
        subject=cast.a,
        year=2015,
        level=level_of(subject, scheme_year),
        status="approved",
        by=None,
    )
    assert "không dùng cho năm 2015" in told or "không phải mức xếp loại dành cho" in told
    assert not OrganisationRating.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"unrated_reason": "other"},
        {"unrated_reason": "other", "unrated_note": "  "},
        {"unrated_reason": "unknown"},
    ],
)
def test_rating_without_level_needs_a_reason_that_says_something(cast, arguments):
    assert refusal(rate, subject=cast.a, year=2015, status="approved", by=None, **arguments)
    assert not OrganisationRating.objects.exists()


def test_rating_with_both_level_and_reason_is_refused(cast):
    told = refusal(
        rate,
        subject=cast.a,
        year=2015,
        level=level_of("organisations", 2015),
        unrated_reason="founded_recently",
        status="approved",
        by=None,
    )
    assert told == "Ghi mức xếp loại, hoặc lý do không xếp loại."


def test_person_who_was_no_member_yet_is_not_rated(cast):
    person = make_member(cast.a, began_on="2016-01-01")
    told = refusal(rate, subject=person, year=2015, level=level_of("members", 2015), status="approved", by=None)
    assert "chưa là đảng viên" in told


@pytest.mark.parametrize("name", ["leader", "inspector", "administrator", "grassroots_b"])
def test_member_is_rated_only_by_who_may_change_the_records(cast, name):
    person = make_member(cast.a)
    with pytest.raises(PermissionDenied):
        rate(
            subject=person,
            year=2015,
            level=level_of("members", 2015),
            status="approved",
            by=getattr(cast, name),
        )


# --- One service, one event ----------------------------------------------------------------------------


def changes_of(event):
    """What an event did, as (verb, model) pairs."""
    return {(item.verb, item.model) for item in event.items.all()}


def test_service_with_many_writes_is_one_event_by_whoever_asked(cast):
    make_member(cast.b)
    before = AuditEvent.objects.count()
    merge_organisation(organisation=cast.b, into=cast.a, on=day("2015-07-01"), by=cast.office)
    event = AuditEvent.objects.first()
    assert AuditEvent.objects.count() == before + 1
    assert event.user == cast.office
    assert {("changed", "members.membership"), ("created", "members.membership")} <= changes_of(event)
    assert ("created", "members.succession") in changes_of(event)


def test_second_change_on_one_day_changes_the_period_that_began_on_it(cast):
    change_organisation(organisation=cast.a, on=day("2015-07-01"), name="Đảng bộ Sở Nội vu", event="renamed", by=None)
    change_organisation(organisation=cast.a, on=day("2015-07-01"), name="Đảng bộ Sở", event="renamed", by=None)
    period = OrganisationPeriod.objects.get(organisation=cast.a, starts_on=day("2015-07-01"))
    assert (period.name, period.version) == ("Đảng bộ Sở", 2)
    assert ("created", "members.organisationperiod") not in changes_of(AuditEvent.objects.first())
