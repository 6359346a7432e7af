"""What a person's timeline tells of the way into the Party."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from members.models import CaseStep, Person
from members.models.admission_cases import CaseState, StepState
from members.models.admission_stages import StageEffect
from members.partial_dates import PartialDate
from members.timeline import Moment, moment

# These steps are dates of the entry itself, which is told as such; the recognition is decided on another day than the
# one from which it counts.
_OF_ENTRY = {StageEffect.DECISION, StageEffect.CEREMONY}


def moments(person: Person, reader: Any) -> Iterator[Moment]:
    """Cases as they were opened and stopped, and the steps that were taken or sent back."""
    cases = list(person.admission_cases.all())
    for case in cases:
        yield Moment(PartialDate(case.opened_on), f"Mở hồ sơ kết nạp, {case.organisation.name} đề nghị")
        if case.state == CaseState.STOPPED and case.closed_on:
            yield Moment(PartialDate(case.closed_on), f"Dừng xét kết nạp. Lý do: {case.close_reason}")
    steps = CaseStep.objects.filter(case__in=cases)
    for step in steps.select_related("stage", "back_to").order_by("pk"):
        yield from moment(step.done, _words(step))


def _words(step: CaseStep) -> str:
    """What is told of a step; nothing of one that was recorded by mistake, left out or is part of the entry."""
    if step.state == StepState.SENT_BACK:
        return f"Trả lại hồ sơ kết nạp về bước “{step.back_to}”. Lý do: {step.reason}"
    if step.state not in {StepState.DONE, StepState.REPLACED}:
        return ""
    if step.stage.effect in _OF_ENTRY and step.state == StepState.DONE:
        return ""
    vote = f", tán thành {step.in_favour}/{step.entitled}" if step.has_votes else ""
    paper = "giấy chứng nhận số" if step.stage.programme else "số"
    number = f" ({paper} {step.number})" if step.number else ""
    again = ", sau đó phải làm lại" if step.state == StepState.REPLACED else ""
    return f"Kết nạp: {step.stage.name}{vote}{again}{number}"
