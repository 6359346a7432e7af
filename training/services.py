"""Writes on classes that touch more than one row; `by` and refusals as in members.services."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from members.audit import audited
from members.models import Organisation, User
from members.services import require_change
from training.models import Enrolment, EnrolmentQuerySet, TrainingClass


@audited
def record_attendance(
    *, training_class: TrainingClass, organisation: Organisation, present: int, by: User | None
) -> EnrolmentQuerySet:
    """Make the unnamed learners of `organisation` in the class `present` in number, and return them.

    For the study of resolutions, where a count of those present is enough.
    """
    require_change(by, organisation)
    if present < 0:
        raise ValidationError("Số người dự không thể âm.")
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    unnamed = Enrolment.objects.filter(training_class=training_class, organisation=organisation)
    already = unnamed.count()
    Enrolment.objects.bulk_create(
        Enrolment(training_class=training_class, organisation=organisation) for _ in range(present - already)
    )
    too_many = unnamed.order_by("-pk")[: max(already - present, 0)]
    unnamed.filter(pk__in=[enrolment.pk for enrolment in too_many]).delete()
    return unnamed
