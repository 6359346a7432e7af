"""What follows from recording a step, and from taking it back: the entry into the Party and its dates."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from members.admission.pipeline import Way
from members.models import AdmissionCase, CaseStep, Membership, User
from members.models.admission_cases import CaseState
from members.models.admission_stages import StageEffect
from members.partial_dates import PartialDate, Precision
from members.services.checks import write_checked
from members.services.stays import admit

BUILT_ON = "Sau quyết định kết nạp, hồ sơ người này đã ghi thêm việc khác ({what}); hãy hoàn tác việc đó trước."


def _admit(way: Way, step: CaseStep, by: User | None) -> None:
    case = way.case
    if step.done_on is None:
        raise ValidationError({"done_on": "Hãy ghi ngày quyết định."})
    stay = admit(
        person=case.person,
        organisation=case.organisation,
        on=step.done_on,
        decision_number=step.number,
        by=by,
    )
    case.admission, case.state = stay.admission, CaseState.ADMITTED


def _take_back_admission(case: AdmissionCase, step: CaseStep) -> None:
    """Take the entry and its stay away again: a decision that was recorded wrongly never was one."""
    admission = case.admission
    if admission is None:
        return
    stays = list(Membership.objects.filter(admission=admission))
    if len(stays) != 1 or stays[0].ended_on is not None or stays[0].began_on != step.done_on:
        raise ValidationError(BUILT_ON.format(what="quá trình sinh hoạt"))
    if admission.official_on is not None:
        raise ValidationError(BUILT_ON.format(what="ngày chính thức"))
    case.admission, case.state = None, CaseState.RUNNING
    write_checked(case)
    try:
        stays[0].delete()
        admission.delete()
    except ProtectedError as used:
        what = ", ".join(sorted({str(one._meta.verbose_name) for one in used.protected_objects}))
        raise ValidationError(BUILT_ON.format(what=what)) from used


def _hold_ceremony(way: Way, step: CaseStep, by: User | None) -> None:
    admission = way.case.admission
    if admission is not None:
        admission.ceremony = step.done
        write_checked(admission)


def _take_back_ceremony(case: AdmissionCase, step: CaseStep) -> None:
    if case.admission is not None:
        case.admission.ceremony = None
        write_checked(case.admission)


def _recognise(way: Way, step: CaseStep, by: User | None) -> None:
    """Official from the day on which probation ends, also where it was decided later (QĐ 29-QĐ/TW, mục 4.4)."""
    case, ends = way.case, way.probation
    if case.admission is None or step.done is None:
        raise ValidationError("Hồ sơ này chưa có quyết định kết nạp.")
    if ends is None:
        raise ValidationError(
            "Chưa tính được ngày hết dự bị: hãy ghi bước lễ kết nạp, hoặc xem lại quy định thời gian."
        )
    case.admission.official = PartialDate(ends.on, _precision_of(way))
    case.admission.official_decision_number = step.number
    write_checked(case.admission)
    case.state, case.closed_on = CaseState.RECOGNISED, max(step.done.first_day, case.opened_on)


def _precision_of(way: Way) -> Precision:
    """How much of the day is known from which probation runs."""
    begun = way.done(StageEffect.CEREMONY) or way.done(StageEffect.DECISION)
    return begun.done.precision if begun is not None and begun.done is not None else Precision.DAY


def _take_back_recognition(case: AdmissionCase, step: CaseStep) -> None:
    if case.admission is not None:
        case.admission.official, case.admission.official_decision_number = None, ""
        write_checked(case.admission)
    case.state, case.closed_on = CaseState.ADMITTED, None


def _let_helpers_go(case: AdmissionCase, step: CaseStep) -> None:
    """Those who were assigned by the step stop on the day they began."""
    if step.done_on is None:
        return
    for helper in case.helpers.filter(until__isnull=True, since=step.done_on):
        helper.until = helper.since
        write_checked(helper)


EFFECTS: dict[StageEffect, Callable[[Way, CaseStep, User | None], None]] = {
    StageEffect.DECISION: _admit,
    StageEffect.CEREMONY: _hold_ceremony,
    StageEffect.RECOGNITION: _recognise,
}
REVERSALS: dict[StageEffect, Callable[[AdmissionCase, CaseStep], None]] = {
    StageEffect.HELPERS: _let_helpers_go,
    StageEffect.DECISION: _take_back_admission,
    StageEffect.CEREMONY: _take_back_ceremony,
    StageEffect.RECOGNITION: _take_back_recognition,
}
