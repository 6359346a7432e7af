"""How a case ends without recognition, and goes on again; writes as in members.admission.services."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone

from members import audit
from members.admission.pipeline import Pipeline
from members.admission.services import REASON_NEEDED, locked, require, require_office, settled
from members.models import AdmissionCase, Membership, User
from members.models.admission_cases import CaseState
from members.models.memberships import LATEST_FIRST, EndReason
from members.partial_dates import PartialDate
from members.services.checks import write_checked


def stop_case(
    *, case: AdmissionCase, on: dt.date, reason: str, number: str = "", seen: int | None = None, by: User | None
) -> AdmissionCase:
    """Stop considering somebody who isn't admitted yet."""
    with audit.event(by=by, note=f"Dừng xét kết nạp: {case.person}", reason=reason):
        case = locked(case, seen)
        require(by, case)
        if case.state != CaseState.RUNNING:
            raise ValidationError("Chỉ dừng xét được hồ sơ chưa có quyết định kết nạp.")
        return _close(case, CaseState.STOPPED, on, reason, number)


def remove_probationer(
    *, case: AdmissionCase, on: dt.date, reason: str, number: str = "", seen: int | None = None, by: User | None
) -> AdmissionCase:
    """Strike off (xóa tên) somebody on probation who isn't worthy: the stay ends on that day."""
    with audit.event(by=by, note=f"Xóa tên đảng viên dự bị: {case.person}", reason=reason):
        case = locked(case, seen)
        if case.state != CaseState.ADMITTED:
            raise ValidationError("Chỉ xóa tên được đảng viên đang dự bị.")
        require_office(by, case)
        stay = Membership.objects.select_for_update().filter(admission=case.admission, ended_on__isnull=True).first()
        if stay is None:
            raise ValidationError("Người này không còn sinh hoạt ở tổ chức nào, không xóa tên được ở đây.")
        stay.ended, stay.end_reason, stay.end_decision_number = PartialDate(on), EndReason.STRUCK_OFF, number
        write_checked(stay)
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
            _take_back_removal(case)
        elif case.state != CaseState.STOPPED:
            raise ValidationError("Hồ sơ này không dừng, không cần mở lại.")
        case.state = CaseState.ADMITTED if case.admission_id else CaseState.RUNNING
        case.closed_on, case.close_reason, case.close_number = None, "", ""
        return settled(case, pipeline)


def _take_back_removal(case: AdmissionCase) -> None:
    last = Membership.objects.select_for_update().filter(person=case.person_id).order_by(*LATEST_FIRST).first()
    if last is None or last.end_reason != EndReason.STRUCK_OFF or last.ended_on != case.closed_on:
        raise ValidationError(
            "Sau khi xóa tên, quá trình sinh hoạt của người này đã được sửa: không mở lại được ở đây."
        )
    last.ended, last.end_reason, last.end_decision_number = None, "", ""
    write_checked(last)
