"""What the page of a case tells: its steps with what may be done, what is to be watched, helpers, remarks, history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from members.admission import ending, services
from members.admission.board import Lateness, notes, standing
from members.admission.judging import age_and_education
from members.admission.pipeline import Pipeline, Place, Way, rule_in_words
from members.documents import missing
from members.models import AdmissionCase, CaseHelper, CaseStep, DocumentNeed, Membership, ProbationRemark
from members.models.admission_cases import CaseState
from members.models.admission_stages import StageActor, StageEffect, StagePhase
from members.models.memberships import LATEST_FIRST
from members.months import add_months


@dataclass(frozen=True)
class Act:
    """Something that the user may do with a case."""

    label: str
    url: str


@dataclass(frozen=True)
class PlaceOnPage:
    """A step on the page of a case."""

    place: Place
    acts: list[Act]
    lateness: str
    rule: str


class CasePage:
    """What the page of a case shows."""

    def __init__(self, user: Any, case: AdmissionCase) -> None:
        self.user, self.case, self.today = user, case, timezone.localdate()
        self.steps = list(
            case.steps.select_related("stage", "organisation", "back_to", "due_rule", "replaced_in").order_by("pk")
        )
        self.way: Way = Pipeline.load().way(case, self.steps)
        self.open_to = services.stages_open_to(user, case)

    @property
    def phases(self) -> list[tuple[str, list[PlaceOnPage]]]:
        """The steps in order, by phase."""
        shown = [self._shown(place) for place in self.way.places]
        return [
            (label, [one for one in shown if one.place.stage.phase == phase]) for phase, label in StagePhase.choices
        ]

    def _shown(self, place: Place) -> PlaceOnPage:
        acts = []
        stage = place.stage
        if place.is_open and stage.actor in self.open_to:
            acts.append(Act("Ghi bước này", self._url("admission_step", stage.code)))
            if stage.effect not in {StageEffect.DECISION, StageEffect.RECOGNITION}:
                acts.append(Act("Không phải làm", self._url("admission_waive", stage.code)))
        return PlaceOnPage(place, acts, self._lateness(place), rule_in_words(place.due.rule) if place.due else "")

    def _lateness(self, place: Place) -> str:
        if place.due is None:
            return ""
        days = (place.due.on - self.today).days
        if place.stage.effect == StageEffect.PROBATION:
            return f"còn {days} ngày" if days > 0 else "đã hết thời gian dự bị"
        return f"còn {days} ngày" if days > 0 else "hết hạn hôm nay" if days == 0 else f"quá hạn {-days} ngày"

    def _url(self, name: str, *rest: Any) -> str:
        return reverse(name, args=[self.case.pk, *rest])

    @property
    def acts(self) -> list[Act]:
        """What may be done with the case as a whole, the weightiest last."""
        case, found = self.case, []
        if not self.open_to:
            return []
        last = services.last_recorded(case)
        if case.is_open and case.stage is not None and case.stage.actor in self.open_to and self.way.targets():
            found.append(Act("Trả lại hồ sơ", self._url("admission_send_back")))
        if case.state not in {CaseState.STOPPED, CaseState.REMOVED} and last and last.stage.actor in self.open_to:
            found.append(Act("Rút lại bước vừa ghi", self._url("admission_undo")))
        if case.state == CaseState.RUNNING:
            found.append(Act("Dừng xét", self._url("admission_stop")))
        if case.state == CaseState.ADMITTED and not ending.is_member(case):
            found.append(Act("Kết thúc theo dõi", self._url("admission_stop")))
        elif case.state == CaseState.ADMITTED and StageActor.OFFICE in self.open_to:
            found.append(Act("Xóa tên", self._url("admission_stop")))
        if case.state == CaseState.STOPPED or (case.state == CaseState.REMOVED and StageActor.OFFICE in self.open_to):
            found.append(Act("Mở lại hồ sơ", self._url("admission_reopen")))
        return found

    @property
    def may_change(self) -> bool:
        """Whether helpers and remarks may be written."""
        return bool(self.open_to) and self.case.is_open

    @property
    def watched(self) -> list[str]:
        """What is to be watched: conditions on the person, papers that lapse, a move meanwhile."""
        found = notes(self.case, self.today)
        if self.case.state == CaseState.RUNNING:
            found = [*age_and_education(self.case.person, self._last_day), *found]
        stay = Membership.objects.filter(person=self.case.person).select_related("organisation").order_by(*LATEST_FIRST)
        latest = stay.first() if self.case.state == CaseState.ADMITTED else None
        if latest is not None and latest.ended_on is not None:
            found.append("người này không còn sinh hoạt ở tổ chức nào trong hồ sơ")
        elif latest is not None and latest.organisation_id != self.case.organisation_id:
            found.append(f"hiện sinh hoạt ở {latest.organisation.name}")
        return [f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in found]

    @property
    def _last_day(self) -> dt.date:
        """Up to when the case has come, as far as it is on record: one of long ago isn't judged as of today."""
        return max([self.case.opened_on, *(step.done.first_day for step in self.way.live.values() if step.done)])

    @property
    def missing(self) -> list[str]:
        """The documents that the file lacks for the steps to come of this phase."""
        phase = StagePhase.CONSIDERATION if self.case.state == CaseState.RUNNING else StagePhase.PROBATION
        steps = {one.due_step for one in self.way.todo if one.phase == phase and one.due_step}
        needed = set(DocumentNeed.objects.filter(step__in=steps).values_list("step", flat=True))
        kinds = {kind.code: kind.name for step in sorted(needed) for kind in missing(self.case.person, step)}
        return list(kinds.values())

    @property
    def standing(self) -> Lateness:
        """How it stands against its deadline."""
        return standing(self.case, self.today)

    @property
    def history(self) -> list[CaseStep]:
        """Everything that was recorded, newest first, also what no longer counts."""
        return self.steps[::-1]

    @property
    def helpers(self) -> list[CaseHelper]:
        """All who help or helped."""
        return list(self.case.helpers.select_related("member", "mass_organisation"))

    @property
    def quarters(self) -> list[tuple[str, ProbationRemark | None, str]]:
        """The quarters of probation up to today, each with its remark and where to write it; none before it began."""
        written = {(one.year, one.quarter): one for one in self.case.remarks.select_related("helper__member")}
        wanted = set(written)
        begun, form = self.way.done(StageEffect.CEREMONY), self._url("admission_remark")
        if begun is not None and begun.done_on is not None:
            wanted |= set(_quarters(begun.done_on, min(self.today, self.case.probation_until or self.today)))
        return [
            (f"Quý {quarter}/{year}", written.get((year, quarter)), f"{form}?quy={quarter}/{year}")
            for year, quarter in sorted(wanted)
        ]


def _quarters(first: dt.date, last: dt.date) -> list[tuple[int, int]]:
    """The quarters that ended between two days."""
    found, day = [], dt.date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    while add_months(day, 3) <= last:
        found.append((day.year, (day.month - 1) // 3 + 1))
        day = add_months(day, 3)
    return found
