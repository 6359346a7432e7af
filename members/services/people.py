"""Writes on people's files."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ObjectDoesNotExist, ValidationError

from config.conflicts import ConflictError
from members.audit import audited
from members.models import Person, User
from members.models.records import Record
from members.services.checks import (
    refuse_ended,
    refuse_taken_cards,
    require_change,
    require_change_of,
    write_checked,
)

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
    refuse_taken_cards(person)
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
    refuse_taken_cards(person)
    return write_checked(person)


@audited
def change_rows(*, person: Person, written: Iterable[Record], removed: Iterable[Record], by: User | None) -> Person:
    """Write rows of the tables of a person's file, and take out those that were a mistake; the trail keeps both.

    Raises ConflictError for a row that somebody else took out or changed meanwhile.
    """
    require_change_of(by, person)
    for row in removed:
        try:
            row.delete()
        except ObjectDoesNotExist as gone:
            raise ConflictError(row) from gone
    for row in written:
        write_checked(row)
    return person
