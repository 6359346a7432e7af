"""How a case ends without recognition, and goes on again; writes as in members.admission.services."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone

from members import audit
from members.admission.pipeline import Pipeline
from members.admission.services import REASON_NEEDED, locked, require, require_office, settled
from members.models import AdmissionCase, Membership, Movement, User
from members.models.admission_cases import CaseState
from members.models.movements import MovementKind
from members.movements.services import record_movement, undo_movement
from members.partial_dates import PartialDate
from members.services.checks import write_checked


def stop_case(
    *, case: AdmissionCase, on: dt.date, reason: str, number: str = "", seen: int | None = None, by: User | None
) -> AdmissionCase:
    """Stop considering somebody who isn't admitted yet, or following somebody on probation who has left."""
    with audit.event(by=by, note=f"Dừng xét kết nạp: {case.person}", reason=reason):
        case = locked(case, seen)
        require(by, case)
        if not case.is_open or is_member(case):
            raise ValidationError("Chỉ dừng được hồ sơ của người chưa kết nạp, hoặc đã không còn sinh hoạt ở đây.")
        return _close(case, CaseState.STOPPED, on, reason, number)


def remove_probationer(
    *, case: AdmissionCase, on: dt.date, reason: str, number: str = "", seen: int | None = None, by: User | None
) -> AdmissionCase:
    """Strike off (xóa tên) somebody on probation who isn't worthy: a movement, which ends the stay."""
    with audit.event(by=by, note=f"Xóa tên đảng viên dự bị: {case.person}", reason=reason):
        case = locked(case, seen)
        if case.state != CaseState.ADMITTED:
            raise ValidationError("Chỉ xóa tên được đảng viên đang dự bị.")
        require_office(by, case)
        leaving = Movement(person=case.person, kind=MovementKind.STRIKING_OFF, decision_number=number, reason=reason)
        leaving.happened = PartialDate(on)
        record_movement(movement=leaving, by=by)
        return _close(case, CaseState.REMOVED, on, reason, number)


def _close(case: AdmissionCase, state: CaseState, on: dt.date, reason: str, number: str) -> AdmissionCase:
    if not reason.strip():
        raise ValidationError({"close_reason": REASON_NEEDED})
    if on > timezone.localdate():
        raise ValidationError({"closed_on": "Ngày này ở tương lai."})
    case.state, case.closed_on, case.close_reason, case.close_number = state, on, reason, number
    case.stage = case.due_stage = case.due_rule = case.due_on = None
    return write_checked(case)


def reopen_case(*, case: AdmissionCase, reason: str, seen: int | None = None, by: User | None) -> AdmissionCase:
    """Go on with a case that was stopped, or ended by striking off, which is taken back; with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": REASON_NEEDED})
    pipeline = Pipeline.load()
    with audit.event(by=by, note=f"Mở lại hồ sơ kết nạp: {case.person}", reason=reason):
        case = locked(case, seen)
        require(by, case)
        if case.state == CaseState.REMOVED:
            require_office(by, case)
            _take_back_removal(case, reason, by)
        elif case.state != CaseState.STOPPED:
            raise ValidationError("Hồ sơ này không dừng, không cần mở lại.")
        case.state = CaseState.ADMITTED if case.admission_id else CaseState.RUNNING
        case.closed_on, case.close_reason, case.close_number = None, "", ""
        return settled(case, pipeline)


def is_member(case: AdmissionCase) -> bool:
    """Whether the person still is a member by the admission that the case led to."""
    return Membership.objects.filter(admission=case.admission_id, ended_on__isnull=True).exists()


def _take_back_removal(case: AdmissionCase, reason: str, by: User | None) -> None:
    """Undo the striking off; refused, in its own words, where something builds on it."""
    leavings = Movement.objects.not_undone().filter(person=case.person_id, kind=MovementKind.STRIKING_OFF)
    movement = leavings.filter(happened_on=case.closed_on).order_by("-pk").first()
    if movement is not None:
        undo_movement(movement=movement, reason=reason, by=by)
    elif not is_member(case):
        raise ValidationError("Việc xóa tên đã được sửa ở nơi khác. Hãy xem Biến động của người này trước.")
