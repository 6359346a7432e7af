"""What accompanies a case: helpers, remarks while on probation, and deadlines when rules or days off change."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from members import audit
from members.admission.pipeline import Pipeline
from members.admission.services import CLOSED, require
from members.models import AdmissionCase, CaseHelper, ProbationRemark, User
from members.models.admission_cases import CaseState
from members.services.checks import write_checked


def add_helper(*, helper: CaseHelper, by: User | None) -> CaseHelper:
    """Assign another helper."""
    with audit.event(by=by, note=f"Phân công người giúp đỡ: {helper.case.person}"):
        require(by, helper.case)
        if not helper.case.is_open:
            raise ValidationError(CLOSED)
        return write_checked(helper)


def end_helper(*, helper: CaseHelper, by: User | None) -> CaseHelper:
    """Save the day on which a helper stops."""
    with audit.event(by=by, note=f"Thôi phân công giúp đỡ: {helper.case.person}"):
        require(by, helper.case)
        return write_checked(helper)


def write_remark(*, remark: ProbationRemark, by: User | None) -> ProbationRemark:
    """Save a remark of a quarter, new or changed; of somebody on probation only."""
    with audit.event(by=by, note=f"Nhận xét đảng viên dự bị, {remark}: {remark.case.person}"):
        require(by, remark.case)
        if remark.case.state != CaseState.ADMITTED:
            raise ValidationError("Chỉ ghi nhận xét cho đảng viên đang dự bị.")
        return write_checked(remark)


def refresh_cases() -> int:
    """Bring all open cases in line with deadlines and days off as they are now; return how many changed."""
    pipeline, changed = Pipeline.load(), []
    names = ("stage_id", "due_stage_id", "due_on", "due_rule_id", "is_due_sure", "certificate_until", "probation_until")
    cases = AdmissionCase.objects.unfinished().select_related("organisation").prefetch_related("steps__stage")
    for case in cases:
        before = [getattr(case, name) for name in names]
        pipeline.way(case, case.steps.all()).settle()
        if case.stage is not None and before != [getattr(case, name) for name in names]:
            changed.append(case)
    for case in changed:
        write_checked(case)
    return len(changed)
