"""Expulsion is a form of discipline: the decision behind a movement stands in the person's discipline, and only once.

Whichever is recorded first, the other follows: a movement writes the decision where none is on record yet, and takes
number and day from one that is.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from members.badges.discipline import record_discipline
from members.models import Discipline, Membership, Movement, Person, User
from members.models.honours import DisciplineForm
from members.models.memberships import EndReason
from members.services.checks import write_checked

WAS_REVOKED = (
    "Quyết định khai trừ ngày {day} đã ghi ở phần Kỷ luật và đã hủy bỏ. Hãy xem lại ngày, hoặc sửa quyết định đó trước."
)


def decision_of(person: Person) -> Discipline | None:
    """The decision to expel that stands and that no expulsion has carried out yet."""
    expelled = Membership.objects.filter(person=person, end_reason=EndReason.EXPELLED)
    last = expelled.aggregate(last=Max("ended_on"))["last"]
    rows = _standing(person)
    return (rows.filter(decided_on__gt=last) if last else rows).first()


def decision_by(person: Person, day: dt.date) -> Discipline | None:
    """The latest decision to expel that stands, of that day or before it; carried out or not."""
    return _standing(person).filter(decided_on__lte=day).first()


def _standing(person: Person) -> Any:
    return Discipline.objects.standing().filter(person=person, form=DisciplineForm.EXPULSION)


def record_decision(movement: Movement, by: User | None) -> Discipline:
    """Record the decision that the movement tells of; ValidationError for what discipline refuses."""
    same_day = Discipline.objects.filter(
        person=movement.person, form=DisciplineForm.EXPULSION, decided_on=movement.happened_on
    )
    if same_day.filter(revoked_on__isnull=False).exists():
        raise ValidationError({"happened": WAS_REVOKED.format(day=movement.happened)})
    discipline = Discipline(person=movement.person, form=DisciplineForm.EXPULSION)
    discipline.decided = movement.happened
    _take_papers(discipline, movement)
    try:
        return record_discipline(discipline=discipline, by=by)
    except ValidationError as refused:
        raise ValidationError(refused.messages) from refused


def follow_papers(movement: Movement) -> None:
    """Let the decision say what the movement's papers say now, where it said what they said before."""
    discipline = movement.discipline
    if discipline is None or not _is_as_written(discipline, Movement.objects.get(pk=movement.pk)):
        return
    _take_papers(discipline, movement)
    write_checked(discipline)


def take_back_decision(movement: Movement, discipline: Discipline) -> None:
    """Take the decision away again; one that somebody has worked on since stays."""
    if _is_as_written(discipline, movement):
        discipline.delete()


def is_taken_back(movement: Movement) -> bool:
    """Whether undoing the movement takes its decision away."""
    return movement.discipline is not None and _is_as_written(movement.discipline, movement)


def _take_papers(discipline: Discipline, movement: Movement) -> None:
    discipline.decision_number, discipline.note = movement.decision_number, movement.reason


def _is_as_written(discipline: Discipline, movement: Movement) -> bool:
    told = (discipline.decided, discipline.decision_number, discipline.note, discipline.revoked_on)
    return told == (movement.happened, movement.decision_number, movement.reason, None)
