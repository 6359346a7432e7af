"""Writes on cases of admission; `by` and refusals as in members.services.

Every write locks the case, brings its state in line with its steps and is one event of the trail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from config.access import Permission, scope_of
from members import audit
from members.admission import votes
from members.admission.effects import EFFECTS, REVERSALS
from members.admission.judging import judge, vote_hint
from members.admission.pipeline import Pipeline, Way
from members.admission.places import Places, place_of
from members.models import (
    AdmissionCase,
    AdmissionStage,
    CaseHelper,
    CaseStep,
    Membership,
    Organisation,
    Person,
    User,
)
from members.models.admission_cases import BALLOT, CaseState, StepState
from members.models.admission_stages import StageActor, StageEffect
from members.models.memberships import LATEST_FIRST
from members.partial_dates import PartialDate
from members.services.checks import refuse_ended, require_change, require_change_of, write_checked

CLOSED = "Hồ sơ này đã kết thúc, không ghi thêm bước."
OVERTAKEN = "Người khác vừa ghi hồ sơ này. Hãy mở lại hồ sơ, xem đã ghi gì rồi làm tiếp."
REASON_NEEDED = "Hãy ghi lý do."
CONFIRM = "Hãy đọc các điều cần lưu ý và đánh dấu xác nhận, rồi ghi lại."


class NeedsConfirmationError(ValidationError):
    """What stands against a step can be confirmed: it warns and doesn't forbid."""

    def __init__(self, warnings: Sequence[str]) -> None:
        super().__init__([*warnings, CONFIRM])
        self.warnings = list(warnings)


def open_case(
    *,
    person: Person,
    on: dt.date,
    organisation: Organisation | None = None,
    by: User | None,
    pipeline: Pipeline | None = None,
) -> AdmissionCase:
    """Open the case of a candidate, or of somebody who is on probation already and has none.

    The organisation that proposes is the one that follows the candidate, or where the member is. What is on record of
    a probationary member's admission is taken over as steps; those before it aren't asked for.
    """
    require_change_of(by, person)
    if on > timezone.localdate():
        raise ValidationError({"opened_on": "Ngày mở hồ sơ ở tương lai."})
    stay = Membership.objects.filter(person=person).order_by(*LATEST_FIRST).select_related("admission").first()
    is_member = stay is not None and stay.ended_on is None
    if stay is not None and is_member and stay.admission.official_on is not None:
        raise ValidationError(f"{person} đã là đảng viên chính thức.")
    where = organisation or (stay.organisation if stay is not None and is_member else person.followed_by)
    if where is None:
        raise ValidationError(f"{person} chưa có tổ chức đảng theo dõi, giúp đỡ. Hãy ghi ở hồ sơ người này trước.")
    require_change(by, where)
    refuse_ended(where)
    pipeline = pipeline or Pipeline.load()
    with audit.event(by=by, note=f"Mở hồ sơ kết nạp: {person}"):
        Person.objects.select_for_update().get(pk=person.pk)  # one case of a person after the other
        case = AdmissionCase(person=person, organisation=where, opened_on=on, stage=_first_stage(pipeline))
        if stay is not None and is_member:
            return _taken_over(case, stay, pipeline)
        way = pipeline.way(case, [])
        way.settle()
        return write_checked(case)


def _first_stage(pipeline: Pipeline) -> AdmissionStage:
    if not pipeline.stages:
        raise ValidationError("Chưa có bước kết nạp nào đang có hiệu lực trong danh mục. Hãy báo văn phòng cấp ủy.")
    return pipeline.stages[0]


def _taken_over(case: AdmissionCase, stay: Membership, pipeline: Pipeline) -> AdmissionCase:
    """The case of a probationary member: up to what is on record of the admission all is done or left out."""
    admission = stay.admission
    case.state, case.admission = CaseState.ADMITTED, admission
    write_checked(case)
    days = {StageEffect.DECISION.value: admission.decided, StageEffect.CEREMONY.value: admission.ceremony}
    known = [one.position for one in pipeline.stages if days.get(one.effect) or one.effect == StageEffect.DECISION]
    for stage in pipeline.stages:
        if stage.position > max(known, default=0):
            break
        day = days.get(stage.effect)
        step = CaseStep(case=case, stage=stage, state=StepState.DONE if day else StepState.WAIVED)
        step.done = day
        if stage.effect == StageEffect.DECISION:
            step.number = admission.decision_number
        step.reason = "" if day else "Đã làm trước khi mở hồ sơ này"
        write_checked(step)
    return settled(case, pipeline)


def settled(case: AdmissionCase, pipeline: Pipeline) -> AdmissionCase:
    """The case saved, in line with its steps as they are on record."""
    way_of(case, pipeline).settle()
    return write_checked(case)


def way_of(case: AdmissionCase, pipeline: Pipeline) -> Way:
    """The way of the case, by its steps on record."""
    return pipeline.way(case, case.steps.select_related("stage", "organisation", "back_to"))


def locked(case: AdmissionCase, seen: int | None = None) -> AdmissionCase:
    """The case as it is now, kept from others; `seen` is the version that whoever writes has seen."""
    found = (
        AdmissionCase.objects.select_for_update(of=("self",))
        .select_related("person", "organisation", "admission", "stage")
        .get(pk=case.pk)
    )
    if seen is not None and seen != found.version:
        raise ValidationError(OVERTAKEN)
    return found


def may_record(by: User | None, case: AdmissionCase, stage: AdmissionStage) -> bool:
    """Whether `by` may record that step: it takes the right to change records where the step is done."""
    if by is None:
        return True
    place = place_of(case.organisation, stage.actor)
    return bool(by.has_perm(Permission.CHANGE_RECORDS, place) and by.has_perm(Permission.CHANGE_RECORDS, case))


def stages_open_to(by: User, case: AdmissionCase) -> frozenset[str]:
    """The actors whose steps of the case `by` may record, in a fixed number of queries."""
    if not by.has_perm(Permission.CHANGE_RECORDS, case):
        return frozenset()
    places, paths = Places([case.organisation]), scope_of(by, Permission.CHANGE_RECORDS).paths
    return frozenset(
        actor for actor in StageActor.values if paths and places.of(case.organisation, actor).path.startswith(paths)
    )


def require(by: User | None, case: AdmissionCase, stage: AdmissionStage | None = None) -> None:
    """Raise PermissionDenied unless `by` may record that step of the case or, without one, change the case."""
    allowed = may_record(by, case, stage) if stage else by is None or by.has_perm(Permission.CHANGE_RECORDS, case)
    if not allowed:
        raise PermissionDenied


def require_office(by: User | None, case: AdmissionCase) -> None:
    """Raise PermissionDenied unless `by` may do what the committee above decides."""
    require_change(by, place_of(case.organisation, StageActor.OFFICE))


# --- Steps -----------------------------------------------------------------------------------------


def record_step(
    *,
    case: AdmissionCase,
    step: CaseStep,
    helpers: Sequence[CaseHelper] = (),
    is_confirmed: bool = False,
    seen: int | None = None,
    pipeline: Pipeline | None = None,
    by: User | None,
) -> CaseStep:
    """Record `step`, not saved yet, with what follows from it.

    Refused: a step whose turn it isn't, what can't be, and a vote that misses a verified majority. What else stands
    against it has to be confirmed, and stays on the step.
    """
    pipeline = pipeline or Pipeline.load()
    with audit.event(by=by, note=f"Ghi bước kết nạp “{step.stage}”: {case.person}"):
        case = locked(case, seen)
        way = way_of(case, pipeline)
        stage = _in_turn(way, step)
        require(by, case, stage)
        warnings = _weigh(way, stage, step, helpers)
        if warnings and not is_confirmed:
            raise NeedsConfirmationError(warnings)
        # The end of probation is waited for: what is done after it isn't late.
        due = way.due(stage) if stage.effect != StageEffect.PROBATION else None
        step.case, step.stage, step.state = case, stage, StepState.DONE
        step.organisation = place_of(case.organisation, stage.actor)
        step.due_on, step.due_rule = (due.on, due.rule) if due else (None, None)
        step.warnings = "\n".join(warnings)
        write_checked(step)
        _add_helpers(case, step, helpers)
        if stage.effect in EFFECTS:
            EFFECTS[StageEffect(stage.effect)](way, step, by)
        settled(case, pipeline)
        return step


def _in_turn(way: Way, step: CaseStep) -> AdmissionStage:
    """The step as the rules had it on its day, if it may be recorded now."""
    if not way.case.is_open:
        raise ValidationError(CLOSED)
    day = step.done.first_day if step.done else None
    stage = way.pipeline.stage(step.stage.code, on=day) or step.stage
    if not way.is_open(step.stage):
        before = next((one for one in way.todo if one.position < step.stage.position), None)
        said = f"Còn bước “{before}” chưa xong." if before else "Bước này đã được ghi."
        raise ValidationError(f"Chưa ghi được bước “{step.stage}”. {said}")
    return stage


def _weigh(way: Way, stage: AdmissionStage, step: CaseStep, helpers: Sequence[CaseHelper]) -> list[str]:
    if stage.has_vote:
        votes.completed(step)
    else:
        for name in BALLOT:
            setattr(step, name, None)
    found = judge(way, stage, step, helpers)
    if found.refusals:
        known: dict[str, list[str]] = {}
        for name, said in found.refusals:
            known.setdefault("done_on" if name == "done" else name, []).append(said)
        raise ValidationError(known)
    return [*found.warnings, *vote_hint(way, stage, step)]


def _add_helpers(case: AdmissionCase, step: CaseStep, helpers: Sequence[CaseHelper]) -> None:
    for helper in helpers:
        helper.case = case
        if step.done is not None:
            helper.since = step.done.first_day
        write_checked(helper)


def waive_step(
    *, case: AdmissionCase, stage: AdmissionStage, reason: str, seen: int | None = None, by: User | None
) -> CaseStep:
    """Leave a step out, with the reason; one that changes the lists of members can't be left out."""
    if not reason.strip():
        raise ValidationError({"reason": REASON_NEEDED})
    pipeline = Pipeline.load()
    with audit.event(by=by, note=f"Ghi không phải làm bước kết nạp “{stage}”: {case.person}", reason=reason):
        case = locked(case, seen)
        step = CaseStep(case=case, stage=stage, state=StepState.WAIVED, reason=reason)
        stage = _in_turn(way_of(case, pipeline), step)
        require(by, case, stage)
        if stage.effect in {StageEffect.DECISION, StageEffect.RECOGNITION}:
            raise ValidationError(f"Không bỏ qua được bước “{stage}”.")
        step.organisation = place_of(case.organisation, stage.actor)
        write_checked(step)
        settled(case, pipeline)
        return step


def send_back(
    *,
    case: AdmissionCase,
    to: AdmissionStage,
    on: dt.date,
    reason: str,
    keeps_between: bool = False,
    seen: int | None = None,
    pipeline: Pipeline | None = None,
    by: User | None,
) -> CaseStep:
    """Send the case back to an earlier step, which is to be done again, with the reason.

    The steps since are to be done again too, unless `keeps_between`. All that was recorded stays in the history.
    """
    if not reason.strip():
        raise ValidationError({"reason": REASON_NEEDED})
    pipeline = pipeline or Pipeline.load()
    with audit.event(by=by, note=f"Trả lại hồ sơ kết nạp về bước “{to}”: {case.person}", reason=reason):
        case = locked(case, seen)
        if not case.is_open or case.stage is None:
            raise ValidationError(CLOSED)
        way = way_of(case, pipeline)
        require(by, case, case.stage)
        if to.code not in {one.code for one in way.targets()}:
            raise ValidationError("Chỉ trả lại được về một bước đã làm, sau quyết định gần nhất.")
        if on > timezone.localdate():
            raise ValidationError({"done_on": "Ngày trả lại ở tương lai."})
        back = CaseStep(case=case, stage=case.stage, state=StepState.SENT_BACK, reason=reason, back_to=to)
        back.done = PartialDate(on)
        back.organisation = place_of(case.organisation, case.stage.actor)
        write_checked(back)
        again = [step for code, step in way.live.items() if _is_to_redo(step, to, keeps_between=keeps_between)]
        for step in again:
            step.state, step.replaced_in = StepState.REPLACED, back
            write_checked(step)
        settled(case, pipeline)
        return back


def _is_to_redo(step: CaseStep, to: AdmissionStage, *, keeps_between: bool) -> bool:
    if step.stage.code == to.code:
        return True
    return not keeps_between and step.state == StepState.DONE and step.stage.position > to.position


def undo_last(*, case: AdmissionCase, reason: str, seen: int | None = None, by: User | None) -> CaseStep:
    """Take back what was recorded last, with what followed from it; it stays in the history with the reason.

    Refused where something outside the case builds on it.
    """
    if not reason.strip():
        raise ValidationError({"reason": REASON_NEEDED})
    pipeline = Pipeline.load()
    with audit.event(by=by, note=f"Rút lại bước kết nạp vừa ghi: {case.person}", reason=reason):
        case = locked(case, seen)
        step = last_recorded(case)
        if step is None or case.state in {CaseState.STOPPED, CaseState.REMOVED}:
            raise ValidationError("Hồ sơ này không có bước nào rút lại được.")
        require(by, case, step.stage)
        if step.state == StepState.SENT_BACK:
            for replaced in step.replaces.all():
                replaced.state, replaced.replaced_in = StepState.DONE, None
                write_checked(replaced)
        elif step.state == StepState.DONE and step.stage.effect in REVERSALS:
            REVERSALS[StageEffect(step.stage.effect)](case, step)
        step.state, step.reason = StepState.UNDONE, reason
        write_checked(step)
        settled(case, pipeline)
        return step


def last_recorded(case: AdmissionCase) -> CaseStep | None:
    """What was recorded last in the case and still counts; what was taken over when it was opened isn't taken back."""
    counting = (StepState.DONE, StepState.WAIVED, StepState.SENT_BACK)
    step = case.steps.select_related("stage").filter(state__in=counting).order_by("-pk").first()
    return step if step is None or step.organisation_id is not None else None
