"""What the page of a person shows of years in the Party, badges and discipline."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from members.badges.effects import Effects
from members.models import BadgeMilestone, Discipline, Person
from members.models.badge_rounds import RoundState
from members.models.honours import DisciplineForm
from members.models.memberships import EndReason
from members.party_age import Count, count_of


def honours_of(person: Person) -> dict[str, Any]:
    """Context of members/person/badges.html and members/person/discipline.html; what was read already isn't again."""
    today = timezone.localdate()
    count = count_of(person)
    badges = sorted(person.badges.all(), key=lambda badge: -badge.milestone)
    disciplines = sorted(person.disciplines.all(), key=lambda one: one.decided_on, reverse=True)
    effects = Effects.load() if disciplines else Effects([])
    waiting = person.badge_proposals.proposed().exclude(round__state=RoundState.AWARDED)
    return {
        "party_age": count.age(today) if count else None,
        "milestone": _next(count, max((badge.milestone for badge in badges), default=0)) if count else None,
        "badges": badges,
        "proposals": waiting.select_related("round__organisation"),
        "disciplines": [(one, effects.in_words(one, has_left=_has_left(person, one))) for one in disciplines],
    }


def _has_left(person: Person, discipline: Discipline) -> bool:
    """Whether a decision to expel was carried out: a stay ended by it."""
    stays = [stay for stay in person.memberships.all() if stay.end_reason == EndReason.EXPELLED]
    is_expulsion = discipline.form == DisciplineForm.EXPULSION
    return is_expulsion and any(stay.ended.last_day >= discipline.decided_on for stay in stays)


def _next(count: Count, held: int) -> dict[str, Any] | None:
    """The milestone that follows the highest badge, and the day that completes it."""
    today = timezone.localdate()
    if count.until is not None and count.until <= today:
        return None
    later = BadgeMilestone.objects.in_force(on=today).filter(years__gt=held).order_by("years")
    days = [(rule.years, count.reaches(rule.years)) for rule in later]
    coming = next(((years, day) for years, day in days if day >= today), None)
    return {"years": coming[0], "on": coming[1]} if coming else None
