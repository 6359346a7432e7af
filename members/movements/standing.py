"""Where a person stands: what the stays, exemptions and movements on record allow to be recorded next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.db.models import Q
from django.utils import timezone

from members.models import Exemption, Membership, Movement, Person, TemporaryStay
from members.models.memberships import LATEST_FIRST, EndReason
from members.models.movements import MovementKind
from members.party_age import OUT

# What ends or begins a stay of a member; while a move within is on the way it has to wait.
LEAVINGS = {
    MovementKind.TRANSFER_OUT: EndReason.TRANSFERRED_OUT,
    MovementKind.STRIKING_OFF: EndReason.STRUCK_OFF,
    MovementKind.WITHDRAWAL: EndReason.WITHDREW,
    MovementKind.EXPULSION: EndReason.EXPELLED,
    MovementKind.DEATH: EndReason.DECEASED,
}
OF_MEMBERS = (MovementKind.MOVE, *LEAVINGS)
RETURNS = (MovementKind.RESTORATION, MovementKind.READMISSION)


@dataclass(frozen=True)
class Standing:
    """What is on record of a person: the latest stay, and the exemption, temporary stay and move that are open."""

    person: Person
    last: Membership | None
    exemption: Exemption | None
    temporary: TemporaryStay | None
    on_the_way: Movement | None

    @classmethod
    def of(cls, person: Person) -> Self:
        """As it is now: four queries."""
        stays = Membership.objects.filter(person=person).select_related("organisation", "admission")
        open_exemption = Q(ends_on__isnull=True) | Q(ends_on__gt=timezone.localdate())
        on_the_way = Movement.objects.pending().filter(person=person, kind=MovementKind.MOVE)
        return cls(
            person=person,
            last=stays.order_by(*LATEST_FIRST).first(),
            exemption=Exemption.objects.filter(open_exemption, person=person).order_by("-starts_on").first(),
            temporary=TemporaryStay.objects.filter(person=person, ended_on__isnull=True).select_related("host").first(),
            on_the_way=on_the_way.select_related("to_organisation").first(),
        )

    @property
    def stay(self) -> Membership | None:
        """The stay that hasn't ended: the person is a member."""
        return self.last if self.last is not None and self.last.ended_on is None else None

    @property
    def end_reason(self) -> str:
        """Why the last stay ended; empty for a member and for who never was one."""
        return self.last.end_reason if self.last is not None else ""

    @property
    def in_words(self) -> str:
        """The standing as the rest of a sentence about the person."""
        if self.last is None:
            return "chưa có thời gian sinh hoạt nào"
        where = self.last.organisation.name
        if self.stay is not None:
            return f"đang sinh hoạt ở {where} từ {self.last.began}"
        return f"đã rời {where} ngày {self.last.ended} ({self.last.get_end_reason_display().lower()})"

    def may_be(self, kind: str) -> bool:
        """Whether a movement of that kind fits the standing; its day and place are looked at when it is recorded."""
        return kind in self.possible

    @property
    def possible(self) -> list[MovementKind]:
        """The kinds that fit, in the order of the menu."""
        if self.stay is not None:
            return [kind for kind in MovementKind if kind in self._of_a_member()]
        if self.last is None or self.end_reason in {EndReason.TRANSFERRED_OUT, EndReason.MOVED}:
            return [MovementKind.TRANSFER_IN]
        return list(RETURNS) if self.end_reason in OUT else []

    def _of_a_member(self) -> set[MovementKind]:
        kinds = set() if self.on_the_way else set(OF_MEMBERS)
        kinds.add(MovementKind.EXEMPTION_END if self.exemption else MovementKind.EXEMPTION)
        if self.temporary:
            return kinds | {MovementKind.TEMPORARY_EXTENSION, MovementKind.TEMPORARY_END}
        return kinds | {MovementKind.TEMPORARY}

    def was_member_on(self, day: dt.date) -> bool:
        """Whether a stay covers the day."""
        return Membership.objects.filter(person=self.person).on(day).exists()
