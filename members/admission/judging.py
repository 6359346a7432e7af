"""What stands against a step as it is to be recorded: what can't be so is refused, what rules advise against is told.

A rule that isn't verified only warns; whoever records the step confirms that they have read it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from members.admission import votes
from members.admission.pipeline import Way
from members.models import AdmissionCondition, AdmissionStage, CaseHelper, CaseStep, Confidence, Membership, Person
from members.models.admission_stages import ConditionKind, StageActor, StageEffect, StagePhase, VoteBase
from members.models.memberships import EndReason, is_exempt
from members.models.rules import AdmissionStep
from members.months import add_months, between
from members.partial_dates import Precision

# Ways of leaving after which somebody has to wait before being admitted again.
LEFT = (EndReason.STRUCK_OFF, EndReason.EXPELLED, EndReason.WITHDREW)
QUARTER = 3
TEN_YEARS, TWELVE_YEARS = 10, 12


@dataclass
class Judgement:
    """What stands against a step: refusals by field, and warnings."""

    refusals: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def judge(way: Way, stage: AdmissionStage, step: CaseStep, helpers: Sequence[CaseHelper] = ()) -> Judgement:
    """What stands against recording `step`, not saved yet, as `stage` of the case."""
    found = Judgement(list(_wrong_days(way, stage, step)))
    if found.refusals or step.done is None:
        return found
    if stage.has_vote:
        _judge_vote(stage, step, found)
    day = step.done.last_day
    found.warnings += _on_paper(stage, step)
    if stage.effect == StageEffect.HELPERS:
        found.warnings += _on_helpers(way, helpers, day)
    if stage.effect == StageEffect.CERTIFICATE and certificate(way.case.person, stage) is None:
        found.warnings.append(
            "Chưa thấy người này đạt lớp bồi dưỡng nào thuộc loại lớp của bước này trong danh sách lớp."
        )
    if stage.effect in {StageEffect.PROBATION, StageEffect.RECOGNITION}:
        found.warnings += _on_probation(way, stage, day)
    if stage.is_gate and stage.phase == StagePhase.CONSIDERATION:
        found.warnings += _on_person(way, day)
    return found


# --- Days ------------------------------------------------------------------------------------------


def _wrong_days(way: Way, stage: AdmissionStage, step: CaseStep) -> Iterator[tuple[str, str]]:
    done = step.done
    if done is None:
        yield "done", "Hãy ghi ngày."
        return
    if done.first_day > timezone.localdate():
        yield "done", "Ngày này ở tương lai. Bước chỉ được ghi khi đã làm xong."
    if stage.effect == StageEffect.DECISION and done.precision != Precision.DAY:
        yield "done", "Quyết định kết nạp phải ghi đủ ngày, tháng, năm."
    earliest = way.earliest(stage)
    if earliest is not None and earliest.done_on is not None and done.last_day < earliest.done_on:
        yield "done", f"Không thể trước bước “{earliest.stage}” ngày {earliest.done}."
    if step.received_on is not None and step.received_on < done.first_day:
        yield "received_on", "Ngày nhận không thể trước ngày của văn bản."
    if step.received_on is not None and step.received_on > timezone.localdate():
        yield "received_on", "Ngày nhận ở tương lai."


# --- Votes -----------------------------------------------------------------------------------------


def _judge_vote(stage: AdmissionStage, step: CaseStep, found: Judgement) -> None:
    wrong = list(votes.errors(step))
    found.refusals += wrong
    if wrong:
        return
    if not votes.is_carried(stage, step):
        said = (
            f"Tán thành {step.in_favour}/{step.entitled}, chưa đạt {stage.majority_in_words} "
            f"(cần ít nhất {votes.least(stage, step)})."
        )
        if stage.confidence == Confidence.VERIFIED:
            found.refusals.append(("in_favour", f"{said} Nếu không được thông qua, hãy trả lại hoặc dừng xét hồ sơ."))
        else:
            found.warnings.append(f"{said} Tỷ lệ này {stage.get_confidence_display().lower()}: {stage.source}.")


def official_members(way: Way, day: dt.date) -> tuple[int, int]:
    """Of the organisation that proposes: official members on that day, and how many of them are exempt."""
    rows = Membership.objects.on(day).official(on=day).filter(organisation=way.case.organisation)
    return rows.count(), rows.filter(is_exempt(day)).count()


def _on_paper(stage: AdmissionStage, step: CaseStep) -> Iterator[str]:
    if stage.has_number and not step.number:
        yield "Chưa ghi số văn bản."


def vote_hint(way: Way, stage: AdmissionStage, step: CaseStep) -> Iterator[str]:
    """Whether fewer or more could vote than the cell has official members by the records."""
    if not stage.has_vote or stage.actor != StageActor.CELL or stage.majority_base != VoteBase.ENTITLED:
        return
    if step.done is None or step.entitled is None:
        return
    all_of_them, exempt = official_members(way, step.done.last_day)
    if all_of_them and not all_of_them - exempt <= step.entitled <= all_of_them:
        yield (
            f"Theo hồ sơ, ngày {step.done} chi bộ có {all_of_them} đảng viên chính thức, "
            f"{exempt} người miễn sinh hoạt; ở đây ghi {step.entitled} người được quyền biểu quyết."
        )


# --- People ----------------------------------------------------------------------------------------


def _conditions(day: dt.date) -> dict[str, AdmissionCondition]:
    return {one.kind: one for one in AdmissionCondition.objects.in_force(on=day)}


def _on_person(way: Way, day: dt.date) -> Iterator[str]:
    """Age, education, certificate, and the time to wait of who was in the Party before."""
    known, person = _conditions(day), way.case.person
    yield from age_and_education(person, day, known)
    until = way.certificate_until
    if until is not None and until < day:
        yield f"Giấy chứng nhận học lớp nhận thức về Đảng hết giá trị ngày {until:%d/%m/%Y}, phải học lại."
    left = Membership.objects.filter(person=person, end_reason__in=LEFT).order_by("-ended_on").first()
    due = way.pipeline.deadlines.due(AdmissionStep.READMISSION, left.ended if left else None)
    if due is not None and day < due.on:
        yield f"Chưa hết thời gian chờ để được xét kết nạp lại: {due.on:%d/%m/%Y} ({due.rule.source})."


def age_and_education(
    person: Person, day: dt.date, known: dict[str, AdmissionCondition] | None = None
) -> Iterator[str]:
    """Which conditions on the person aren't met on that day."""
    known = _conditions(day) if known is None else known
    least, most = known.get(ConditionKind.LEAST_AGE), known.get(ConditionKind.MOST_AGE)
    born = person.born
    if born is None:
        yield "Chưa ghi ngày sinh nên chưa xét được tuổi."
    elif least is not None and day < add_months(born.first_day, 12 * least.amount):
        yield f"Chưa đủ {least.amount} tuổi ({least.source})."
    elif most is not None and day > add_months(born.last_day, 12 * most.amount):
        yield f"Đã quá {most.amount} tuổi ({most.source}): phải được cấp ủy có thẩm quyền đồng ý."
    schooling = known.get(ConditionKind.EDUCATION)
    if schooling is not None:
        grade = grade_reached(person.general_education)
        if not person.general_education:
            yield "Chưa ghi trình độ phổ thông."
        elif grade is not None and grade < schooling.amount:
            held = person.general_education
            yield f"Trình độ phổ thông {held}, chưa hết lớp {schooling.amount} ({schooling.source})."


def grade_reached(text: str) -> int | None:
    """The grade in the system of twelve years that “12/12”, “7/10” or “lớp 9” tells; None where it tells none.

    In the old system of ten years secondary school ended with grade 7, which is grade 9 of twelve.
    """
    found = re.search(r"(\d{1,2})\s*/\s*(\d{1,2})", text)
    if found:
        grade, years = int(found[1]), int(found[2])
        return grade + TWELVE_YEARS - TEN_YEARS if years == TEN_YEARS else grade
    alone = re.search(r"\b(\d{1,2})\b", text)
    return int(alone[1]) if alone else None


def certificate(person: Person, stage: AdmissionStage) -> Any:
    """The latest enrolment in a class of the programme that the step asks for which the person passed, or None.

    Reached from the person: classes belong to an app above this one.
    """
    if not stage.programme:
        return None
    passed = person.enrolments.filter(training_class__programme__code=stage.programme, result="passed")
    return passed.select_related("training_class").order_by("-training_class__opens_on").first()


def certificate_day(enrolment: Any) -> dt.date:
    """From when its certificate counts: the day it was issued or, unknown, the end of the class."""
    held = enrolment.training_class
    day: dt.date = enrolment.certificate_issued_on or held.closes_on or held.opens_on
    return day


# --- Helpers and probation -------------------------------------------------------------------------


def _on_helpers(way: Way, helpers: Sequence[CaseHelper], day: dt.date) -> Iterator[str]:
    known = _conditions(day)
    wanted, months = known.get(ConditionKind.HELPERS), known.get(ConditionKind.HELPER_MONTHS)
    if wanted is not None and len(helpers) < wanted.amount:
        yield f"Mới có {len(helpers)} người, tổ chức giúp đỡ; quy định là {wanted.amount} ({wanted.source})."
    for helper in helpers:
        if helper.member is not None and months is not None:
            yield from _on_helper(way, helper.member, day, months)


def _on_helper(way: Way, member: Person, day: dt.date, months: AdmissionCondition) -> Iterator[str]:
    stay = Membership.objects.on(day).select_related("admission").filter(person=member).first()
    if stay is None or not (stay.admission.official_on and stay.admission.official_on <= day):
        yield f"{member} không phải đảng viên chính thức vào ngày {day:%d/%m/%Y}."
    elif stay.organisation_id != way.case.organisation_id:
        yield f"{member} không cùng sinh hoạt ở {way.case.organisation}."
    elif between(stay.began_on, day).months < months.amount:
        yield f"{member} cùng sinh hoạt chưa đủ {months.amount} tháng ({months.source})."


def _on_probation(way: Way, stage: AdmissionStage, day: dt.date) -> Iterator[str]:
    ends = way.probation
    if ends is not None and day < ends.on:
        yield f"Ngày này trước khi hết thời gian dự bị ({ends.on:%d/%m/%Y})."
    if stage.effect == StageEffect.PROBATION and ends is not None:
        wanted = ends.rule.amount // QUARTER
        written = way.case.remarks.count()
        if written < wanted:
            yield f"Mới có {written} nhận xét hằng quý của người giúp đỡ trong {wanted} quý dự bị."
