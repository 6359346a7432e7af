"""Writes of movements: recording one, recording its arrival, correcting its papers, undoing it.

`by` is the user who asks, None for a command. What the rules forbid raises ValidationError in Vietnamese, and nothing
is written; what rules that aren't verified advise against is told by warnings.py and doesn't stand in the way.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from config.access import Permission
from members import audit
from members.models import Admission, CommitteePost, Movement, Person, User
from members.models.movements import MovementKind, MovementState
from members.movements.effects import EFFECTS, end_at_host, refuse_future, refuse_later_posts
from members.movements.expulsion import follow_papers
from members.movements.standing import Standing
from members.movements.undoing import obstacles, take_back
from members.partial_dates import PartialDate
from members.services.checks import refuse_ended, require_change, require_change_of, write_checked
from members.services.stays import record_move

REASON_NEEDED = "Hãy ghi vì sao hoàn tác: lý do được giữ lại trong nhật ký."
NOT_PENDING = "Biến động này không còn chờ nơi đến tiếp nhận."
# What may be corrected without undoing: the papers, not the days and places that stays follow.
PAPERS = ("decision_number", "letter_number", "reason", "note", "answer_number")


def record_movement(*, movement: Movement, admission: Admission | None = None, by: User | None) -> Movement:
    """Record `movement` with all that follows from it, as one event.

    A move to an organisation that `by` may not change is sent, and waits for the organisation to receive the person.
    `admission` is what is known of the admission elsewhere of who comes by transfer. A person who isn't on record yet
    is entered along with their arrival.
    """
    note = f"Ghi biến động: {movement.get_kind_display()} – {movement.person}"
    with audit.event(by=by, note=note, reason=_reason(movement)):
        return _record(movement, admission, by)


def record_movements(*, movements: Sequence[Movement], by: User | None) -> list[Movement]:
    """Record the movements of several people by one decision, as one event: all of them or none.

    Refusals are told with the name of whom each is about.
    """
    if not movements:
        raise ValidationError("Chưa chọn ai. Hãy chọn ít nhất một người.")
    batch = uuid.uuid4()
    note = f"Ghi biến động: {movements[0].get_kind_display()} – {len(movements)} người"
    refused: list[str] = []
    with audit.event(by=by, note=note, reason=_reason(movements[0])):
        for movement in movements:
            movement.batch = batch
            try:
                _record(movement, None, by)
            except ValidationError as wrong:
                refused += [f"{movement.person.full_name}: {message}" for message in wrong.messages]
        if refused:
            raise ValidationError(refused)
    return list(movements)


def _reason(movement: Movement) -> str:
    """The paper, and why, for the trail."""
    papers = [
        f"Quyết định số {movement.decision_number}" if movement.decision_number else "",
        f"Giấy giới thiệu số {movement.letter_number}" if movement.letter_number else "",
        movement.reason,
    ]
    return "; ".join(paper for paper in papers if paper)


def _record(movement: Movement, admission: Admission | None, by: User | None) -> Movement:
    person = movement.person
    if person._state.adding:
        require_change(by, movement.to_organisation)
        movement.person = write_checked(person)
    else:
        # One movement of a person after the other.
        Person.objects.select_for_update().get(pk=person.pk)
        require_change_of(by, person)
    if movement.kind != MovementKind.TRANSFER_OUT:
        movement.arrived, movement.answer_number = None, ""  # no answer is on record before it has come
    standing = Standing.of(movement.person)
    with _posts_of(movement):
        EFFECTS[MovementKind(movement.kind)](movement, standing, admission, by)
    movement.recorded_by, movement.recorded_at = by, timezone.now()
    return write_checked(movement)


@contextmanager
def _posts_of(movement: Movement) -> Iterator[None]:
    """Note which posts in committees end within, and refuse to leave one that could not be held."""
    running = CommitteePost.objects.running().filter(person=movement.person_id).order_by("pk")
    before = list(running.values_list("pk", flat=True))
    yield
    if before:
        left = set(running.values_list("pk", flat=True))
        movement.ended_posts = [pk for pk in before if pk not in left]
        if left and movement.ended_stay is not None:
            refuse_later_posts(movement.person)


@transaction.atomic
def confirm_arrival(*, movement: Movement, arrived: PartialDate, answer_number: str = "", by: User | None) -> Movement:
    """The place of arrival has received the person (phiếu báo): a transfer out is settled, a move within carried out.

    A move is confirmed by who may change the organisation that receives; a transfer out by who sent it.
    """
    movement = _locked(movement)
    if movement.kind == MovementKind.MOVE:
        require_change(by, movement.to_organisation)
    else:
        require_change_of(by, movement.person)
    if not movement.is_pending:
        raise ValidationError(NOT_PENDING)
    refuse_future(arrived, "arrived")
    if arrived.first_day < movement.happened_on:
        raise ValidationError({"arrived": f"Ngày tiếp nhận trước ngày chuyển ({movement.happened}). Hãy xem lại."})
    note = f"Xác nhận nơi đến đã tiếp nhận: {movement.person}"
    with audit.event(by=by, note=note, reason=f"Phiếu báo số {answer_number}" if answer_number else ""):
        movement.arrived, movement.answer_number = arrived, answer_number
        movement.state = MovementState.IN_FORCE
        if movement.kind == MovementKind.MOVE:
            with _posts_of(movement):
                _carry_out(movement, arrived)
        return write_checked(movement)


def _carry_out(movement: Movement, arrived: PartialDate) -> None:
    """Let the person arrive; who gave them away agreed when the move was sent."""
    standing, to = Standing.of(movement.person), movement.to_organisation
    if to is None:
        raise ValidationError(NOT_PENDING)
    refuse_ended(to)
    movement.ended_stay = standing.stay
    number = movement.decision_number or movement.letter_number
    movement.began_stay = record_move(person=movement.person, to=to, on=arrived, decision_number=number, by=None)
    if movement.ended_stay is not None:
        movement.ended_stay.refresh_from_db()
    end_at_host(movement, standing, arrived.first_day)


def correct_papers(*, movement: Movement, reason: str, by: User | None) -> Movement:
    """Save what was changed of a movement's papers; the stays that it ended and began say the same number after it."""
    require_change_of(by, movement.person)
    if movement.is_undone:
        raise ValidationError("Biến động này đã hoàn tác, không sửa nữa.")
    note = f"Sửa giấy tờ của biến động: {movement.get_kind_display()} – {movement.person}"
    with audit.event(by=by, note=note, reason=reason):
        follow_papers(movement)
        number = movement.decision_number or movement.letter_number
        if movement.ended_stay is not None and movement.ended_stay.end_decision_number != number:
            movement.ended_stay.end_decision_number = number
            write_checked(movement.ended_stay)
        if movement.began_stay is not None and movement.began_stay.start_decision_number != number:
            movement.began_stay.start_decision_number = number
            write_checked(movement.began_stay)
        return write_checked(movement)


@transaction.atomic
def undo_movement(*, movement: Movement, reason: str, by: User | None) -> Movement:
    """Take back what `movement` did; it stays on record, marked undone, with the reason.

    Refused where something later builds on it, and for who may not change every organisation that it touches.
    """
    if not reason.strip():
        raise ValidationError({"reason": REASON_NEEDED})
    movement = _locked(movement)
    require_change_of_all(by, movement)
    if standing_in_the_way := obstacles(movement):
        raise ValidationError(standing_in_the_way)
    note = f"Hoàn tác biến động: {movement.get_kind_display()} – {movement.person}"
    with audit.event(by=by, note=note, reason=reason):
        return take_back(movement, reason=reason, by=by)


def require_change_of_all(by: User | None, movement: Movement) -> None:
    """Raise PermissionDenied unless `by` may change every organisation whose stays a movement touched.

    One that is still on the way may be taken back by who sent it, and turned away by who was to receive the person.
    """
    if by is None or (movement.is_pending and by.has_perm(Permission.CHANGE_RECORDS, movement)):
        return
    if not by.has_perm(Permission.CHANGE_RECORDS, movement.person):
        raise PermissionDenied
    touched = (movement.ended_stay, movement.began_stay)
    require_change(by, *(stay.organisation for stay in touched if stay is not None))


def _locked(movement: Movement) -> Movement:
    """The movement as it is now, while nobody else changes it or records another of that person."""
    Person.objects.select_for_update().get(pk=movement.person_id)
    return Movement.objects.select_related("person").get(pk=movement.pk)
