"""What waits in cases of admission, for the page of what waits for somebody (members.work)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from members.admission.pipeline import rule_in_words
from members.models import AdmissionCase
from members.models.rules import AdmissionStep
from members.work.tasks import HORIZON, Source, Task

# Ceremonies and the end of probation are told of all members, with a case or without (members.work.of_members).
STEPS = (AdmissionStep.DECISION, AdmissionStep.MEMBER_FILE, AdmissionStep.OFFICIAL_DECISION)


def due_steps(user: Any, today: dt.date) -> Iterator[Task]:
    """Steps of cases that are late or due soon: one query."""
    cases = AdmissionCase.objects.changeable_by(user).filter(
        due_on__lte=today + dt.timedelta(days=HORIZON), due_stage__due_step__in=STEPS
    )
    for case in cases.select_related("person", "organisation", "due_stage", "due_rule").order_by("due_on", "pk"):
        yield Task(
            what=case.due_stage.name,
            about=case.person.full_name,
            place=case.organisation.name,
            address=reverse("admission_case", args=[case.pk]),
            key=str(case.pk),
            due_on=case.due_on,
            note=rule_in_words(case.due_rule),
            person=case.person_id,
        )


SOURCES = (Source("ket-nap", "Hồ sơ kết nạp", due_steps),)
