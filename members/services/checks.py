"""What all writes share: who may, and refusals that speak to people."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q

from config.access import Permission
from members.models import Organisation, Person, User

Row = TypeVar("Row", bound=models.Model)


def require_change(by: User | None, *organisations: Organisation | None) -> None:
    """Raise PermissionDenied unless `by` may change records on all of `organisations`.

    None among them is the place above every root, where only a command may put something.
    """
    if by is None:
        return
    for organisation in organisations:
        if organisation is None or not by.has_perm(Permission.CHANGE_RECORDS, organisation):
            raise PermissionDenied


def write_checked(row: Row) -> Row:
    """Save `row`; what a constraint refuses is a ValidationError that speaks to people."""
    row.full_clean()
    row.save()
    return row


def require_change_of(by: User | None, person: Person) -> None:
    """Raise PermissionDenied unless `by` may change the file of `person`."""
    if by is not None and not by.has_perm(Permission.CHANGE_RECORDS, person):
        raise PermissionDenied


def refuse_taken_cards(person: Person) -> None:
    """Raise ValidationError where a number of a card of `person` is one of somebody else's, present or former."""
    for name, words in TAKEN_CARDS.items():
        number = getattr(person, name)
        bearers = Person.objects.filter(Q(card_number=number) | Q(former_card_number=number))
        if number and bearers.exclude(pk=person.pk).exists():
            raise ValidationError({name: words})


TAKEN_CARDS = {
    "card_number": "Số thẻ đảng viên này đã có người mang.",
    "former_card_number": "Số thẻ trước đây này đã có người mang.",
}


def refuse_ended(organisation: Organisation) -> None:
    if organisation.ended_on is not None:
        raise ValidationError(f"{organisation.name} đã kết thúc hoạt động, không thay đổi được nữa.")


def refuse_outside_life(organisation: Organisation, day: dt.date) -> None:
    if organisation.founded_on is not None and day < organisation.founded_on:
        raise ValidationError(f"Ngày {day:%d/%m/%Y} trước ngày thành lập của {organisation.name}.")
    if organisation.ended_on is not None and organisation.ended_on <= day:
        raise ValidationError(f"{organisation.name} không còn hoạt động vào ngày {day:%d/%m/%Y}.")
