"""What waits about classes: certificates of candidates that run out before they are admitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse

from members.deadlines import Deadlines
from members.models import Person
from members.models.rules import AdmissionStep
from members.work.of_members import rule_in_words
from members.work.tasks import Source, Task, is_near
from training.models import Enrolment, Result

# The class that somebody passes before the admission.
PROGRAMME = "candidate"


def certificates(user: Any, today: dt.date) -> Iterator[Task]:
    """Candidates whose latest certificate of the class before admission runs out, or has."""
    candidates = Person.objects.changeable_by(user).candidates()
    passed = Enrolment.objects.filter(
        person__in=candidates.values("pk"), result=Result.PASSED, training_class__programme__code=PROGRAMME
    )
    begins = Coalesce(F("certificate_issued_on"), F("training_class__closes_on"), F("training_class__opens_on"))
    rows = passed.annotate(begins=begins).select_related("person__followed_by").order_by("begins", "pk")
    latest = {row.person_id: row for row in rows}
    deadlines = Deadlines.load()
    for row in latest.values():
        due = deadlines.due(AdmissionStep.CLASS_VALID, row.begins)
        if due is not None and is_near(due.on, today):
            yield Task(
                what="Giấy chứng nhận lớp bồi dưỡng kết nạp hết giá trị: học lại, hoặc quyết định trước ngày đó",
                about=row.person.full_name,
                place=row.person.followed_by.name,
                address=reverse("person", args=[row.person_id]),
                person=row.person_id,
                key=str(row.pk),
                due_on=due.on,
                note=rule_in_words(due),
            )


SOURCES = (Source("chung-nhan", "Giấy chứng nhận hết giá trị", certificates),)
