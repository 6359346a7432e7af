"""Writes on disciplinary decisions."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from members.audit import audited
from members.models import Discipline, Membership, Person, User
from members.models.honours import DisciplineForm
from members.services import require_change, require_change_of, write_checked


@audited
def record_discipline(*, discipline: Discipline, by: User | None) -> Discipline:
    """Record a decision on a member or an organisation; what follows from it is told by members.badges.effects."""
    _require_change(discipline, by)
    if discipline.person is not None:
        _refuse_strangers(discipline, discipline.person)
    return write_checked(discipline)


@audited
def correct_discipline(*, discipline: Discipline, reason: str, by: User | None) -> Discipline:
    """Save what was changed in a decision on record, for a reason."""
    _require_change(discipline, by)
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do, căn cứ sửa."})
    return write_checked(discipline)


def _require_change(discipline: Discipline, by: User | None) -> None:
    if discipline.person is not None:
        require_change_of(by, discipline.person)
    else:
        require_change(by, discipline.organisation)


def _refuse_strangers(discipline: Discipline, person: Person) -> None:
    """Refuse decisions on who wasn't a member, and those of a form that isn't for members on probation."""
    day = discipline.decided.last_day
    stay = Membership.objects.last_by(day).filter(person=person).select_related("admission").first()
    if stay is None:
        raise ValidationError({"decided": "Ngày đó người này chưa vào Đảng. Hãy xem lại ngày quyết định."})
    official = stay.admission.official_on
    is_probationary = official is None or official > day
    if is_probationary and discipline.form not in (DisciplineForm.REPRIMAND, DisciplineForm.WARNING):
        raise ValidationError(
            {"form": "Đảng viên dự bị chỉ bị khiển trách hoặc cảnh cáo; không đủ tư cách thì xóa tên."}
        )
