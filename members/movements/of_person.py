"""What a person's page and timeline tell of movements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from config.access import Permission
from members.models import Person
from members.models.movements import MovementKind
from members.movements.acts import BY_KIND
from members.movements.standing import Standing
from members.partial_dates import PartialDate
from members.timeline import Moment, moment


def movements_of(person: Person, reader: Any) -> dict[str, Any]:
    """The movements and temporary stays of a person, and what `reader` may record of them next."""
    may_change = reader.has_perm(Permission.CHANGE_RECORDS, person)
    return {
        "movements": person.movements.all(),
        "temporary_stays": person.temporary_stays.all(),
        "possible_acts": [BY_KIND[kind] for kind in Standing.of(person).possible] if may_change else [],
    }


def moments(person: Person, reader: Any) -> Iterator[Moment]:
    """Temporary stays, answers of where somebody went, and what was undone; the stays are told as stays."""
    for stay in person.temporary_stays.all():
        why = " để đi học" if stay.is_study else ""
        yield Moment(PartialDate(stay.began_on), f"Sinh hoạt đảng tạm thời{why} tại {stay.place}")
        if stay.ended_on:
            yield Moment(PartialDate(stay.ended_on), f"Thôi sinh hoạt đảng tạm thời tại {stay.place}")
    for movement in person.movements.all():
        if movement.kind == MovementKind.TRANSFER_OUT and not movement.is_undone:
            number = f" (phiếu báo số {movement.answer_number})" if movement.answer_number else ""
            yield from moment(movement.arrived, f"{movement.destination} báo đã tiếp nhận{number}")
        if movement.undone_at is None:
            continue
        day = PartialDate(timezone.localdate(movement.undone_at))
        what = f"{movement.get_kind_display().lower()} ngày {movement.happened}"
        yield Moment(day, f"Hoàn tác: {what}. Lý do: {movement.undone_reason}", "correction")
