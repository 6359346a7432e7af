"""What a case waits for: the steps that are done and those to do, by when, and up to when papers are good.

Loaded once for many cases; whoever writes a step brings the case in line by `Way.settle`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.utils import timezone

from members.deadlines import Deadlines, Due
from members.models import AdmissionCase, AdmissionDeadline, AdmissionStage, CaseStep, OrganisationKind
from members.models.admission_cases import LIVE_STATES, StepState
from members.models.admission_stages import StageEffect, StagePhase
from members.models.rules import AdmissionStep
from members.partial_dates import PartialDate


class Pipeline:
    """All steps and deadlines on record."""

    def __init__(self, stages: Iterable[AdmissionStage], deadlines: Deadlines, *, on: dt.date) -> None:
        self._stages = list(stages)
        self.deadlines = deadlines
        self.on = on
        self.stages = sorted((one for one in self._stages if one.holds_on(on)), key=lambda one: one.position)

    @classmethod
    def load(cls, *, on: dt.date | None = None) -> Self:
        """Three queries: steps, deadlines, days off."""
        return cls(AdmissionStage.objects.all(), Deadlines.load(), on=on or timezone.localdate())

    def stage(self, code: str, *, on: dt.date | None = None) -> AdmissionStage | None:
        """The step of that code as the rules had it on a day, or have it now where they knew none then."""
        same = [one for one in self._stages if one.code == code]
        then = next((one for one in same if on is not None and one.holds_on(on)), None)
        return then or next((one for one in same if one.holds_on(self.on)), None)

    def with_effect(self, effect: str) -> AdmissionStage | None:
        """The step that has that effect now."""
        return next((one for one in self.stages if one.effect == effect), None)

    def way(self, case: AdmissionCase, steps: Iterable[CaseStep]) -> Way:
        """The way of a case, of which `steps` are on record, oldest first."""
        return Way(self, case, list(steps))


@dataclass(frozen=True)
class Place:
    """A step of a case as it stands: what was recorded, by when it is due, whether it can be recorded now."""

    stage: AdmissionStage
    step: CaseStep | None
    due: Due | None
    is_next: bool
    is_open: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.step is not None

    @property
    def is_waived(self) -> bool:
        """Whether it was left out."""
        return self.step is not None and self.step.state == StepState.WAIVED


class Way:
    """Steps of one case."""

    def __init__(self, pipeline: Pipeline, case: AdmissionCase, steps: list[CaseStep]) -> None:
        self.pipeline = pipeline
        self.case = case
        self.steps = steps
        self.live = {step.stage.code: step for step in steps if step.state in LIVE_STATES}

    @cached_property
    def stages(self) -> list[AdmissionStage]:
        """The steps that this case has to take; what it has taken stays, also where a rule since has dropped it."""
        has_committee = self.case.organisation.kind != OrganisationKind.GRASSROOTS_CELL
        found = {
            one.code: one
            for one in self.pipeline.stages
            if has_committee or not one.below_committee_only or one.code in self.live
        }
        for code, step in self.live.items():
            found.setdefault(code, step.stage)
        return sorted(found.values(), key=lambda one: one.position)

    @cached_property
    def todo(self) -> list[AdmissionStage]:
        """Those that are neither done nor left out."""
        return [one for one in self.stages if one.code not in self.live]

    @property
    def next(self) -> AdmissionStage | None:
        """The first of them."""
        return self.todo[0] if self.todo else None

    def is_open(self, stage: AdmissionStage) -> bool:
        """Whether it can be recorded now: one that closes comes after all before it, others after what closes."""
        if not self.case.is_open or stage.code in self.live:
            return False
        before = [one for one in self.todo if one.position < stage.position]
        return not before if stage.is_gate else not any(one.is_gate for one in before)

    @property
    def places(self) -> list[Place]:
        """All steps in order."""
        return [
            Place(
                stage=one,
                step=self.live.get(one.code),
                due=self.due(one) if one.code not in self.live else None,
                is_next=one == self.next and self.case.is_open,
                is_open=self.is_open(one),
            )
            for one in self.stages
        ]

    # Deadlines

    def due(self, stage: AdmissionStage) -> Due | None:
        """By when the step is due, by the rule in force on the day from which its time runs; None where none runs."""
        if not stage.due_step or not stage.due_from:
            return None
        done, received = self._start(stage.due_from)
        due = self.pipeline.deadlines.due(stage.due_step, done)
        if due is not None and due.rule.counts_from_receipt and received is not None:
            return self.pipeline.deadlines.due(stage.due_step, received)
        return due

    def _start(self, code: str, depth: int = 0) -> tuple[PartialDate | None, dt.date | None]:
        """From when time runs after the step of that code, and when its papers were received.

        Of a step that was left out, or that this case doesn't take, from when it would have run itself.
        """
        stage = self.pipeline.stage(code)
        if stage is None or depth > len(self.stages):
            return None, None
        if stage.effect == StageEffect.PROBATION:
            ends = self.due(stage)
            return (PartialDate(ends.on) if ends else None), None
        step = self.live.get(code)
        if step is not None and step.done_on is not None:
            return step.done, step.received_on
        is_taken = code in {one.code for one in self.todo}
        return (None, None) if is_taken or not stage.due_from else self._start(stage.due_from, depth + 1)

    def done(self, effect: str) -> CaseStep | None:
        """The step with that effect, if it was taken."""
        return next((step for step in self.live.values() if step.stage.effect == effect and step.done_on), None)

    @property
    def certificate_until(self) -> dt.date | None:
        """Up to when the certificate of the class for candidates is good."""
        step = self.done(StageEffect.CERTIFICATE)
        due = self.pipeline.deadlines.due(AdmissionStep.CLASS_VALID, step.done if step else None)
        return due.on if due else None

    @property
    def probation(self) -> Due | None:
        """When probation ends."""
        stage = next((one for one in self.stages if one.effect == StageEffect.PROBATION), None)
        return self.due(stage) if stage is not None else None

    def settle(self) -> None:
        """Let the case say what it waits for, and what is due first; it isn't saved."""
        case = self.case
        case.certificate_until = self.certificate_until
        ends = self.probation
        case.probation_until = ends.on if ends else None
        case.stage = self.next if case.is_open else None
        case.due_stage, due = self._first_due() if case.is_open else (None, None)
        case.due_on = due.on if due else None
        case.due_rule = due.rule if due else None
        case.is_due_sure = due is None or (due.is_sure and not due.is_approximate)

    def _first_due(self) -> tuple[AdmissionStage | None, Due | None]:
        """What has to be done first. The end of probation is no deadline: it is waited for."""
        dues = [
            (one, due)
            for one in self.todo
            if one.effect != StageEffect.PROBATION and (due := self.due(one)) is not None
        ]
        return min(dues, key=lambda pair: pair[1].on, default=(None, None))

    # What may be recorded

    def earliest(self, stage: AdmissionStage) -> CaseStep | None:
        """The last closing step before `stage`, before which it can't have been done."""
        before = [
            step
            for step in self.live.values()
            if step.done_on is not None and step.stage.is_gate and step.stage.position < stage.position
        ]
        return max(before, key=lambda step: (step.done_on, step.stage.position), default=None)

    def targets(self) -> list[AdmissionStage]:
        """The steps to which the case can be sent back: taken ones of this phase since the last decision."""
        decided = [one.position for one in self.stages if one.code in self.live and one.effect in TURNS]
        since = max(decided, default=0)
        return [
            one
            for one in self.stages
            if one.code in self.live and one.position > since and self.live[one.code].state == StepState.DONE
        ]


# Steps that change what the member lists say; they are taken back by undoing them, not by sending the case back.
TURNS = frozenset({StageEffect.DECISION, StageEffect.CEREMONY, StageEffect.RECOGNITION})
PHASES = dict(StagePhase.choices)


def rule_in_words(rule: AdmissionDeadline) -> str:
    """A deadline as people read it, with where it is written."""
    return f"{rule.amount} {rule.get_unit_display()} tính từ {rule.counted_from}; {rule.source}"
