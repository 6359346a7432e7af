"""Writes on people's files."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from members.audit import audited
from members.models import Person, User
from members.services.checks import refuse_ended, require_change, require_change_of, write_checked

# Who somebody is; changing it takes a reason.
IDENTITY = ("full_name", "born_on", "born_on_precision", "file_number", "card_number", "national_id_number")
REASON_NEEDED = (
    "Hãy ghi lý do, căn cứ: họ và tên, ngày sinh, số lý lịch, số thẻ hoặc số định danh cá nhân vừa được sửa."
)


@audited
def change_person(*, person: Person, reason: str = "", by: User | None) -> Person:
    """Save what was changed in `person`; a change of who they are takes a `reason`."""
    require_change_of(by, person)
    if needs_reason(person) and not reason.strip():
        raise ValidationError({"reason": REASON_NEEDED})
    return write_checked(person)


def needs_reason(person: Person) -> bool:
    """Whether `person`, not saved yet, is to be another one than is on record."""
    stored = Person.objects.filter(pk=person.pk).values(*IDENTITY).first()
    return stored is not None and any(getattr(person, name) != value for name, value in stored.items())


@audited
def add_candidate(*, person: Person, by: User | None) -> Person:
    """Add `person`, a quần chúng ưu tú whom the organisation `followed_by` follows and helps."""
    if person.followed_by is None:
        raise ValidationError({"followed_by": "Hãy chọn tổ chức đảng theo dõi, giúp đỡ."})
    require_change(by, person.followed_by)
    refuse_ended(person.followed_by)
    return write_checked(person)
