"""Steps of many cases recorded at once, by one paper: all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Exists, OuterRef

from config.access import Permission, scope_of
from members import audit
from members.admission.pipeline import Pipeline, Way
from members.admission.places import Places
from members.admission.services import NeedsConfirmationError, record_step, send_back
from members.models import AdmissionCase, AdmissionStage, CaseStep, User
from members.models.admission_cases import LIVE_STATES
from members.models.admission_stages import StageEffect, StagePhase

# How many cases one form takes.
MOST = 100
FORBIDDEN = "Bạn không được ghi bước này cho hồ sơ này."
AT_ONCE = "Người khác đang ghi hồ sơ này. Hãy gửi lại."


@dataclass
class Entry:
    """What is to become of one case of a batch: `step` is recorded or, with `back_to`, the case goes back there."""

    case: AdmissionCase
    step: CaseStep
    back_to: AdmissionStage | None = None
    seen: int | None = None


@dataclass
class BatchRefusedError(Exception):
    """Nothing was written: what is wrong with each case, and what has to be confirmed, by its key."""

    errors: dict[int, list[str]] = field(default_factory=dict)
    warnings: dict[int, list[str]] = field(default_factory=dict)


def record_batch(
    *, stage: AdmissionStage, entries: Sequence[Entry], is_confirmed: bool, by: User | None
) -> tuple[int, int]:
    """Record a step of many cases as one event; return how many were recorded and how many sent back.

    Raises BatchRefusedError with what stands against each case; nothing is then written for any.
    """
    pipeline, errors, warnings = Pipeline.load(), {}, {}
    with audit.event(by=by, note=f"Ghi bước kết nạp “{stage}”: {len(entries)} hồ sơ"):
        for entry in entries:
            try:
                _record(entry, pipeline, is_confirmed=is_confirmed, by=by)
            except NeedsConfirmationError as told:
                warnings[entry.case.pk] = told.warnings
            except ValidationError as refused:
                errors[entry.case.pk] = refused.messages
            except PermissionDenied:
                errors[entry.case.pk] = [FORBIDDEN]
            except IntegrityError:
                errors[entry.case.pk] = [AT_ONCE]
        if errors or warnings:
            raise BatchRefusedError(errors, warnings)
    back = sum(entry.back_to is not None for entry in entries)
    return len(entries) - back, back


def _record(entry: Entry, pipeline: Pipeline, *, is_confirmed: bool, by: User | None) -> None:
    step = entry.step
    if entry.back_to is None:
        record_step(case=entry.case, step=step, is_confirmed=is_confirmed, seen=entry.seen, pipeline=pipeline, by=by)
        return
    if step.done is None:
        raise ValidationError("Hãy ghi ngày.")
    send_back(
        case=entry.case,
        to=entry.back_to,
        on=step.done.first_day,
        reason=step.reason,
        seen=entry.seen,
        pipeline=pipeline,
        by=by,
    )


def for_several(stage: AdmissionStage) -> bool:
    """Whether one form can record the step of many: helpers are assigned to each by name."""
    return stage.effect != StageEffect.HELPERS


def ready(
    user: User, stage: AdmissionStage, pipeline: Pipeline, cases: Iterable[int] | None = None, path: str = ""
) -> list[Way]:
    """The ways of those cases, or of all under a path, whose turn the step is and which `user` may record.

    A fixed number of queries; the first `MOST` by name.
    """
    taken = CaseStep.objects.filter(case=OuterRef("pk"), stage__code=stage.code, state__in=LIVE_STATES)
    rows = AdmissionCase.objects.changeable_by(user).unfinished().exclude(Exists(taken))
    if cases is not None:
        rows = rows.filter(pk__in=list(cases)[:MOST])
    if path:
        rows = rows.filter(organisation__path__startswith=path)
    state = "running" if stage.phase == StagePhase.CONSIDERATION else "admitted"
    rows = rows.filter(state=state).select_related("person", "organisation__parent", "stage", "due_stage")
    rows = rows.prefetch_related("steps__stage").order_by("person__name_sort_key", "pk")
    found = list(rows)
    places, paths = Places(case.organisation for case in found), scope_of(user, Permission.CHANGE_RECORDS).paths
    ways = (
        pipeline.way(case, sorted(case.steps.all(), key=lambda step: step.pk))
        for case in found
        if places.of(case.organisation, stage.actor).path.startswith(paths)
    )
    return [way for way in ways if way.is_open(stage)][:MOST]
