"""What a disciplinary decision does for a time, by the rules in force on its day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from members.models import Confidence, Discipline, DisciplineEffect
from members.models.honours import DisciplineForm
from members.models.rules import DisciplineEffectKind
from members.months import add_months

# Documents on the yearly rating that a decision in the year lowers (21-HD/BTCTW, 25-HD/BTCTW, 43-HD/BTCTW).
RATED_LOWEST_SINCE = 2018


@dataclass(frozen=True)
class Until:
    """The first day on which an effect no longer holds, and the rule that says so."""

    day: dt.date
    rule: DisciplineEffect

    @property
    def is_sure(self) -> bool:
        """Whether the rule is verified or quoted; else it warns and never blocks."""
        return self.rule.confidence != Confidence.UNVERIFIED


class Effects:
    """All rules on effects, read by one query."""

    def __init__(self, rules: Iterable[DisciplineEffect]) -> None:
        self._rules = list(rules)

    @classmethod
    def load(cls) -> Self:
        """With all rules on record."""
        return cls(DisciplineEffect.objects.all())

    def lapses(self, discipline: Discipline) -> Until | None:
        """When the decision lapses if nothing new happens; None for what doesn't (khai trừ, giải tán)."""
        return self._until(discipline, DisciplineEffectKind.LAPSE)

    def badge_waits(self, discipline: Discipline) -> Until | None:
        """Until when a badge waits; None where it doesn't."""
        return self._until(discipline, DisciplineEffectKind.BADGE_WAIT) if discipline.person_id else None

    def _until(self, discipline: Discipline, effect: str) -> Until | None:
        on = discipline.decided_on
        for rule in self._rules:
            if (rule.form, rule.effect) == (discipline.form, effect) and rule.holds_on(on):
                return Until(add_months(on, rule.months), rule)
        return None

    def in_words(self, discipline: Discipline, *, has_left: bool = False) -> list[str]:
        """What follows from the decision, for people; nothing once it was taken back.

        Who `has_left` by an expulsion needn't be told to leave.
        """
        if discipline.revoked_on:
            return [f"Quyết định đã bị hủy bỏ ngày {discipline.revoked_on:%d/%m/%Y}, không còn tính."]
        told = []
        if lapse := self.lapses(discipline):
            told.append(f"Chấm dứt hiệu lực ngày {lapse.day:%d/%m/%Y} nếu không có vi phạm mới{_unsure(lapse)}.")
        if wait := self.badge_waits(discipline):
            told.append(f"Huy hiệu Đảng: chờ đến {wait.day:%d/%m/%Y} mới xét tặng{_unsure(wait)}.")
        return told if has_left else [*told, *_of_form(discipline)]


def _of_form(discipline: Discipline) -> list[str]:
    year = discipline.decided_on.year
    if discipline.form == DisciplineForm.EXPULSION:
        return ["Người bị khai trừ ra khỏi Đảng: phải ghi ngày ra khỏi Đảng ở quá trình sinh hoạt."]
    if discipline.form == DisciplineForm.DISSOLUTION:
        return ["Tổ chức bị giải tán: phải ghi ngày kết thúc hoạt động của tổ chức."]
    if discipline.person_id and year >= RATED_LOWEST_SINCE:
        return [f"Xếp loại năm {year}: không hoàn thành nhiệm vụ (một vi phạm chỉ tính một lần)."]
    return [f"Xem xét khi đánh giá, xếp loại năm {year}."]


def _unsure(until: Until) -> str:
    return "" if until.is_sure else f" (chưa đối chiếu {until.rule.source})"


def waits_by_person(people: Iterable[Any]) -> dict[int, list[tuple[Discipline, Until]]]:
    """The decisions of each that let a badge wait, by the person's key; two queries."""
    effects, found = Effects.load(), defaultdict(list)
    for discipline in Discipline.objects.standing().filter(person__in=people).order_by("decided_on"):
        if wait := effects.badge_waits(discipline):
            found[discipline.person_id].append((discipline, wait))
    return dict(found)
