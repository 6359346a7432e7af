"""Movements: what each does to stays, what it is refused for, and how it is undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from members.models import (
    Admission,
    AuditEvent,
    CommitteePost,
    Membership,
    Movement,
    Person,
    TemporaryStay,
)
from members.models.memberships import EARLIEST_FIRST
from members.movements.account import account, account_of_undoing
from members.movements.advice import advice, arrival_due
from members.movements.services import (
    confirm_arrival,
    correct_papers,
    record_movement,
    record_movements,
    undo_movement,
)
from members.movements.standing import Standing
from members.partial_dates import PartialDate, parse
from tests.builders import make_exemption, make_member, make_person, make_stay

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(cast) -> Person:
    """A member of the first cell of A since 2005."""
    return make_member(cast.a_cell_1, "Nguyễn Văn An")


def act(person: Person, kind: str, day: str = "01/06/2015", *, by: Any = None, **fields: Any) -> Movement:
    """A movement, recorded by the operator unless somebody else is named."""
    admission = fields.pop("admission", None)
    movement = Movement(person=person, kind=kind, happened=parse(day), **fields)
    return record_movement(movement=movement, admission=admission, by=by)


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    """What people are told; nothing was written."""
    before = list(Membership.objects.values()), Movement.objects.count()
    with pytest.raises(ValidationError) as refused:
        call(*args, **kwargs)
    assert (list(Membership.objects.values()), Movement.objects.count()) == before
    return " ".join(refused.value.messages)


def stays(person: Person) -> list[tuple[str, str, str, str]]:
    """Code, beginning, end and its reason of every stay."""
    return [
        (stay.organisation.code, str(stay.began), str(stay.ended or ""), stay.end_reason)
        for stay in person.memberships.select_related("organisation").order_by(*EARLIEST_FIRST)
    ]


# --- Moves and transfers --------------------------------------------------------------------------------------------


def test_move_within_one_s_scope_is_done_at_once_with_its_decision(cast, member):
    movement = act(
        member, "move", "6/2015", to_organisation=cast.a_cell_2, decision_number="7-QĐ", by=cast.grassroots_a
    )
    assert stays(member) == [("A1", "01/03/2005", "06/2015", "moved"), ("A2", "06/2015", "", "")]
    assert (movement.state, movement.ended_stay.end_decision_number) == ("in_force", "7-QĐ")
    assert movement.began_stay.start_decision_number == "7-QĐ"
    assert movement.recorded_by == cast.grassroots_a


def test_move_out_of_one_s_scope_waits_until_the_other_end_receives(cast, member):
    movement = act(member, "move", to_organisation=cast.b, by=cast.grassroots_a)
    assert (movement.state, stays(member)) == ("pending", [("A1", "01/03/2005", "", "")])
    assert "vẫn sinh hoạt và được tính ở Chi bộ Văn phòng" in " ".join(account(movement))
    assert Movement.objects.changeable_by(cast.grassroots_b).get() == movement
    assert not Person.objects.visible_to(cast.grassroots_b).exists()
    arrived = parse("15/06/2015")
    with pytest.raises(PermissionDenied):
        confirm_arrival(movement=movement, arrived=arrived, by=cast.grassroots_a)
    confirm_arrival(movement=movement, arrived=arrived, answer_number="9-PB", by=cast.grassroots_b)
    assert stays(member) == [("A1", "01/03/2005", "15/06/2015", "moved"), ("B", "15/06/2015", "", "")]
    assert Person.objects.changeable_by(cast.grassroots_b).get() == member


def test_who_is_on_the_way_is_not_moved_again(cast, member):
    act(member, "move", to_organisation=cast.b, by=cast.grassroots_a)
    assert "đang chờ Chi bộ Thanh tra tỉnh tiếp nhận" in refusal(act, member, "death", by=cast.grassroots_a)


def test_pending_move_is_taken_back_by_either_end(cast, member):
    for by in (cast.grassroots_a, cast.grassroots_b):
        movement = act(member, "move", to_organisation=cast.b, by=cast.grassroots_a)
        undone = undo_movement(movement=movement, reason="Không nhận", by=by)
        assert (undone.state, undone.undone_by, stays(member)) == ("undone", by, [("A1", "01/03/2005", "", "")])


def test_transfer_out_ends_the_stay_and_waits_for_its_answer(cast, member):
    movement = act(member, "transfer_out", "20/11/2026", to_place="Đảng bộ huyện", letter_number="5-GT", by=cast.office)
    assert (movement.state, stays(member)) == ("pending", [("A1", "01/03/2005", "20/11/2026", "transferred_out")])
    assert arrival_due(movement).on == dt.date(2027, 1, 5)
    answered = confirm_arrival(movement=movement, arrived=parse("25/11/2026"), by=cast.grassroots_a)
    assert (answered.state, arrival_due(answered)) == ("in_force", None)
    assert stays(member)[0][2] == "20/11/2026"


def test_who_transferred_out_comes_back_by_transfer_in(cast, member):
    act(member, "transfer_out", to_place="Đảng bộ huyện")
    movement = act(member, "transfer_in", "3/2016", from_place="Đảng bộ huyện", to_organisation=cast.b)
    assert stays(member)[-1] == ("B", "03/2016", "", "")
    assert movement.began_stay.admission == member.admissions.get()


def test_newcomer_is_entered_with_the_admission_elsewhere(cast):
    person = Person(full_name="Lê Thị Mới", sex="female", file_number="M1")
    entry = Admission()
    entry.decided, entry.official = parse("3/2010"), parse("3/2011")
    fields = {"from_place": "Đảng bộ huyện", "to_organisation": cast.a_cell_1, "admission": entry}
    movement = act(person, "transfer_in", by=cast.grassroots_a, **fields)
    assert movement.person.pk
    assert (str(entry.decided), entry.organisation, movement.began_stay.admission) == ("03/2010", None, entry)
    undo_movement(movement=movement, reason="Nhầm nơi", by=cast.grassroots_a)
    assert stays(person) == []
    assert Person.objects.changeable_by(cast.grassroots_a).get() == person
    assert not Person.objects.visible_to(cast.grassroots_b).exists()
    assert Standing.of(person).possible == ["transfer_in"]


def test_nobody_enters_a_newcomer_elsewhere(cast):
    person = Person(full_name="Lê Thị Mới", sex="female", file_number="M1")
    with pytest.raises(PermissionDenied):
        act(person, "transfer_in", from_place="Huyện", to_organisation=cast.b, by=cast.grassroots_a)
    assert not Person.objects.exists()


# --- Leaving and coming back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("striking_off", "struck_off"), ("withdrawal", "withdrew"), ("expulsion", "expelled"), ("death", "deceased")],
)
def test_leaving_ends_stay_exemption_temporary_stay_and_posts_and_undoing_brings_all_back(cast, member, kind, reason):
    make_exemption(member, "2014-01-01")
    post = CommitteePost.objects.create(
        person=member, organisation=cast.a, position="member", began_on=dt.date(2014, 1, 1)
    )
    act(member, "temporary", "01/02/2015", to_place="Trường Đảng", until_on=dt.date(2015, 12, 1))
    movement = act(member, kind, decision_number="1-QĐ", by=cast.office)
    assert stays(member) == [("A1", "01/03/2005", "01/06/2015", reason)]
    day = dt.date(2015, 6, 1)
    post.refresh_from_db()
    ends = (member.exemptions.get().ends_on, TemporaryStay.objects.get().ended_on, post.ended_on)
    assert ends == (day, day, day)
    told = " ".join(account(movement))
    assert "miễn công tác và sinh hoạt cũng kết thúc" in told
    assert "thôi giữ chức vụ" in told
    assert "lại giữ chức vụ" in " ".join(account_of_undoing(movement))
    undo_movement(movement=movement, reason="Nhầm người", by=cast.office)
    post.refresh_from_db()
    ends = (member.exemptions.get().ends_on, TemporaryStay.objects.get().ended_on, post.ended_on)
    assert (stays(member), ends) == ([("A1", "01/03/2005", "", "")], (None, None, None))


def test_the_dead_do_not_come_back(cast, member):
    act(member, "death")
    for kind in ("transfer_in", "restoration", "readmission", "move"):
        told = refusal(act, member, kind, "01/01/2016", to_organisation=cast.a_cell_1, from_place="Nơi khác")
        assert "đã rời Chi bộ Văn phòng ngày 01/06/2015 (từ trần)" in told
    assert Standing.of(member).possible == []


def test_restored_goes_on_in_the_same_admission_and_readmitted_begins_another(cast, member):
    act(member, "expulsion", decision_number="1-QĐ")
    restored = act(member, "restoration", "01/09/2015", to_organisation=cast.a_cell_1, decision_number="2-QĐ")
    assert (restored.began_stay.start_reason, member.admissions.count()) == ("restored", 1)
    undo_movement(movement=restored, reason="Nhầm", by=None)
    back = act(member, "readmission", "01/09/2019", to_organisation=cast.b, decision_number="3-QĐ")
    assert (back.began_stay.start_reason, back.began_stay.admission.organisation) == ("readmitted", cast.b)
    assert advice(back) == []
    undo_movement(movement=back, reason="Nhầm", by=None)
    assert (member.admissions.count(), stays(member)[-1][3]) == (1, "expelled")


def test_readmission_too_early_and_a_second_time_is_only_warned_about(cast, member):
    act(member, "withdrawal", "01/06/2017", decision_number="1-QĐ")
    first = act(member, "readmission", "01/06/2018", to_organisation=cast.a_cell_1, decision_number="2-QĐ")
    assert "từ 01/06/2020" in " ".join(advice(first))
    act(member, "withdrawal", "01/01/2019", decision_number="3-QĐ")
    second = act(member, "readmission", "01/06/2023", to_organisation=cast.a_cell_1, decision_number="4-QĐ")
    assert "chỉ được kết nạp lại một lần" in " ".join(advice(second))


def test_recognised_readmission_is_not_undone(cast, member):
    act(member, "expulsion", decision_number="1-QĐ")
    back = act(member, "readmission", "01/09/2019", to_organisation=cast.b, decision_number="3-QĐ")
    entry = back.began_stay.admission
    entry.official = parse("9/2020")
    entry.save()
    assert "Đã ghi ngày chính thức 09/2020" in refusal(undo_movement, movement=back, reason="Nhầm", by=None)


# --- Exemption and temporary stays ----------------------------------------------------------------------------------


def test_exemption_begins_and_ends(cast, member):
    begun = act(member, "exemption", "6/2015", decision_number="3-NQ", by=cast.grassroots_a)
    assert (str(begun.exemption.starts), begun.exemption.decision_number) == ("06/2015", "3-NQ")
    ended = act(member, "exemption_end", "01/08/2015", decision_number="4-NQ")
    assert member.exemptions.get().ends_on == dt.date(2015, 8, 1)
    told = refusal(undo_movement, movement=begun, reason="Nhầm", by=None)
    assert "“Thôi miễn công tác và sinh hoạt” ngày 01/08/2015: hãy hoàn tác việc đó trước" in told
    for movement in (ended, begun):
        undo_movement(movement=movement, reason="Nhầm", by=None)
    assert not member.exemptions.exists()


def test_guest_is_counted_at_home_and_stays_longer_by_extension(cast, member):
    until = dt.date(2016, 3, 1)
    lent = act(member, "temporary", to_organisation=cast.b, until_on=until, letter_number="1-GT", by=cast.grassroots_a)
    assert Membership.objects.on(dt.date(2015, 12, 31)).filter(organisation=cast.b).count() == 0
    assert TemporaryStay.objects.on(dt.date(2015, 12, 31)).get().place == "Chi bộ Thanh tra tỉnh"
    longer = act(member, "temporary_extension", "01/02/2016", until_on=dt.date(2017, 9, 1))
    assert "không quá 12 tháng" in " ".join(advice(longer))
    undo_movement(movement=longer, reason="Nhầm", by=None)
    assert TemporaryStay.objects.get().until_on == until
    act(member, "temporary_end", "01/03/2016")
    assert TemporaryStay.objects.get().ended_on == until
    assert "hãy hoàn tác việc đó trước" in refusal(undo_movement, movement=lent, reason="Nhầm", by=None)


def test_guest_who_moves_to_the_host_is_a_guest_no_longer(cast, member):
    act(member, "temporary", to_organisation=cast.a_cell_2, until_on=dt.date(2016, 3, 1))
    moved = act(member, "move", "01/09/2015", to_organisation=cast.a_cell_2)
    assert TemporaryStay.objects.get().ended_on == dt.date(2015, 9, 1)
    undo_movement(movement=moved, reason="Nhầm", by=None)
    assert TemporaryStay.objects.get().ended_on is None


# --- Refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "fields", "told"),
    [
        ("striking_off", "01/02/2005", {}, "trước ngày Nguyễn Văn An đến Chi bộ Văn phòng (01/03/2005)"),
        ("striking_off", "01/06/2035", {}, "còn ở tương lai quá 31 ngày"),
        ("move", "01/06/2015", {}, "Hãy chọn tổ chức"),
        ("transfer_out", "01/06/2015", {}, "Hãy ghi nơi chuyển đến"),
        ("transfer_in", "01/06/2015", {"from_place": "Huyện"}, "đang sinh hoạt ở Chi bộ Văn phòng từ 01/03/2005"),
        ("restoration", "01/06/2015", {}, "đang sinh hoạt ở Chi bộ Văn phòng"),
        ("exemption", "01/06/2001", {}, "không sinh hoạt ở tổ chức nào"),
        ("exemption_end", "01/06/2015", {}, "không đang được miễn"),
        ("temporary", "6/2015", {}, "cần đủ ngày, tháng, năm"),
        ("temporary", "01/06/2015", {}, "Hãy ghi ngày hết hạn"),
        ("temporary", "01/06/2015", {"until_on": dt.date(2015, 1, 1)}, "Ngày hết hạn trước ngày bắt đầu"),
        ("temporary_end", "01/06/2015", {}, "không đang sinh hoạt tạm thời"),
    ],
)
def test_refusals_say_what_is_wrong(cast, member, kind, day, fields, told):
    assert told in refusal(act, member, kind, day, **fields)


def test_death_is_not_foretold(cast, member):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert "còn ở tương lai" in refusal(act, member, "death", f"{tomorrow:%d/%m/%Y}")


def test_nobody_moves_into_an_organisation_that_has_ended(cast, member):
    cast.a_cell_2.ended_on = dt.date(2016, 1, 1)
    cast.a_cell_2.save()
    assert "đã kết thúc hoạt động" in refusal(act, member, "move", to_organisation=cast.a_cell_2)


def test_post_that_begins_after_the_leaving_stands_in_its_way(cast, member):
    CommitteePost.objects.create(person=member, organisation=cast.a, position="member", began_on=dt.date(2015, 9, 1))
    assert "Đảng bộ Sở Nội vụ từ 01/09/2015" in refusal(act, member, "transfer_out", to_place="Huyện")


@pytest.mark.parametrize("name", ["grassroots_b", "leader", "inspector", "administrator"])
def test_who_may_not_change_the_file_records_and_undoes_nothing(cast, member, name):
    movement = act(member, "exemption")
    for call in (
        lambda by: act(member, "striking_off", by=by),
        lambda by: undo_movement(movement=movement, reason="Nhầm", by=by),
        lambda by: correct_papers(movement=movement, reason="Nhầm", by=by),
    ):
        with pytest.raises(PermissionDenied):
            call(getattr(cast, name))
    assert stays(member) == [("A1", "01/03/2005", "", "")]


def test_move_across_scopes_is_undone_only_by_who_may_change_both_ends(cast, member):
    movement = act(member, "move", to_organisation=cast.b)
    for by in (cast.grassroots_a, cast.grassroots_b):
        with pytest.raises(PermissionDenied):
            undo_movement(movement=movement, reason="Nhầm", by=by)
    undo_movement(movement=movement, reason="Nhầm", by=cast.office)
    assert stays(member) == [("A1", "01/03/2005", "", "")]


# --- Undoing and correcting -----------------------------------------------------------------------------------------


def test_undoing_takes_a_reason_and_happens_once(cast, member):
    movement = act(member, "move", to_organisation=cast.a_cell_2)
    assert "vì sao" in refusal(undo_movement, movement=movement, reason=" ", by=None)
    undo_movement(movement=movement, reason="Nhầm", by=cast.office)
    assert "đã được hoàn tác trước đó" in refusal(undo_movement, movement=movement, reason="Nhầm", by=None)


def test_stay_that_came_another_way_stands_in_the_way(cast, member):
    movement = act(member, "transfer_out", to_place="Huyện")
    make_stay(member, cast.b, "2016-01-01", admission=member.admissions.get(), start_reason="transferred_in")
    told = refusal(undo_movement, movement=movement, reason="Nhầm", by=None)
    assert "Chi bộ Thanh tra tỉnh từ 01/01/2016, ghi bằng cách khác" in told


def test_every_movement_and_every_undoing_is_one_event_with_its_reason(cast, member):
    before = AuditEvent.objects.count()
    movement = act(member, "expulsion", decision_number="8-QĐ/UBKT", reason="Vi phạm kỷ luật", by=cast.office)
    recorded = AuditEvent.objects.first()
    assert recorded.note == "Ghi biến động: Khai trừ – Nguyễn Văn An"
    assert recorded.reason == "Quyết định số 8-QĐ/UBKT; Vi phạm kỷ luật"
    models = {item.model for item in recorded.items.all()}
    assert models == {"members.membership", "members.movement", "members.discipline"}
    undo_movement(movement=movement, reason="Quyết định bị thu hồi", by=cast.office)
    undone = AuditEvent.objects.first()
    assert (undone.note, undone.reason) == ("Hoàn tác biến động: Khai trừ – Nguyễn Văn An", "Quyết định bị thu hồi")
    assert AuditEvent.objects.count() == before + 2


def test_corrected_number_is_that_of_the_stays_too(cast, member):
    movement = act(member, "move", to_organisation=cast.a_cell_2, decision_number="7-QĐ")
    movement.decision_number = "17-QĐ"
    correct_papers(movement=movement, reason="Gõ thiếu", by=cast.grassroots_a)
    numbers = {(stay.start_decision_number, stay.end_decision_number) for stay in member.memberships.all()}
    assert numbers == {("", "17-QĐ"), ("17-QĐ", "")}
    undo_movement(movement=movement, reason="Nhầm", by=cast.grassroots_a)


def test_several_people_move_together_or_not_at_all(cast, member):
    other, dead = make_member(cast.a_cell_1, "Trần Thị Bình"), make_member(cast.a_cell_1, "Lê Văn Cường")
    act(dead, "death")

    def moves(*people: Person) -> list[Movement]:
        day = PartialDate(dt.date(2015, 9, 1))
        return [Movement(person=one, kind="move", happened=day, to_organisation=cast.a_cell_2) for one in people]

    told = refusal(record_movements, movements=moves(member, other, dead), by=cast.grassroots_a)
    assert told.startswith("Lê Văn Cường: Lê Văn Cường đã rời")
    events = AuditEvent.objects.count()
    made = record_movements(movements=moves(member, other), by=cast.grassroots_a)
    assert AuditEvent.objects.count() == events + 1
    assert len({movement.batch for movement in made}) == 1
    assert [stays(one)[-1][0] for one in (member, other)] == ["A2", "A2"]


def test_candidate_may_come_by_transfer(cast):
    person = make_person(followed_by=cast.a)
    assert Standing.of(person).possible == ["transfer_in"]
    act(person, "transfer_in", from_place="Huyện", to_organisation=cast.a_cell_1)
    assert stays(person) == [("A1", "01/06/2015", "", "")]
