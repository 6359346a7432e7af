"""Who carries on whom: the lineage of organisations through mergers and splits, which series and streaks follow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from members.models import Organisation, Succession


class Step(NamedTuple):
    """A merger or split on the way from one organisation to another; `distance` counts the steps up to it."""

    predecessor: int
    successor: int
    kind: str
    on: dt.date
    decision_number: str
    distance: int = 1


@dataclass
class Lineage:
    """All successions, read once: two queries, however many organisations are asked for."""

    before: dict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))
    after: dict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))
    founded: dict[int, dt.date | None] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Lineage:
        """The lineage as it is on record now."""
        found = cls()
        rows = Succession.objects.order_by("took_place_on", "pk").values_list(
            "predecessor", "successor", "kind", "took_place_on", "decision_number"
        )
        for row in rows:
            step = Step(*row)
            found.before[step.successor].append(step)
            found.after[step.predecessor].append(step)
        born = Organisation.objects.filter(pk__in=Succession.objects.values("successor"))
        found.founded = dict(born.values_list("pk", "founded_on"))
        return found

    def predecessors(self, organisation: int) -> list[Step]:
        """How all that went before came into it: the latest steps first, then those before them."""
        return _walk(organisation, self.before, lambda step: step.predecessor, latest_first=True)

    def successors(self, organisation: int) -> list[Step]:
        """How it was carried on: the first steps first, then those after them."""
        return _walk(organisation, self.after, lambda step: step.successor, latest_first=False)

    def bearers(self, organisation: int, day: dt.date) -> frozenset[int]:
        """Who bore on that day what the organisation carries on: itself, or those that it came out of.

        An organisation with a series of its own keeps it, whoever was merged into it. One that was founded later
        takes the series of what it was split from, or of all those that were merged into it when it was founded.
        """
        return self._bearers(organisation, day, frozenset())

    def _bearers(self, organisation: int, day: dt.date, known: frozenset[int]) -> frozenset[int]:
        founded = self.founded.get(organisation)
        if founded is None or founded <= day or organisation in known:
            return frozenset({organisation})
        origins = [step.predecessor for step in self.before[organisation] if step.on == founded]
        found = [self._bearers(origin, day, known | {organisation}) for origin in origins]
        return frozenset().union(*found) if found else frozenset({organisation})

    def bearers_of(self, organisations: Iterable[int], day: dt.date) -> dict[int, frozenset[int]]:
        """The same for many, by organisation, without further queries."""
        return {organisation: self.bearers(organisation, day) for organisation in organisations}


def _walk(start: int, steps_of: dict[int, list[Step]], far: Callable[[Step], int], *, latest_first: bool) -> list[Step]:
    """The steps that lead away from `start`, each once, the nearest first."""
    found: list[Step] = []
    seen, ring, distance = {start}, [start], 1
    while ring:
        steps = [step for pk in ring for step in steps_of.get(pk, ())]
        steps.sort(key=lambda step: step.on, reverse=latest_first)
        ring = []
        for step in steps:
            found.append(step._replace(distance=distance))
            if far(step) not in seen:
                seen.add(far(step))
                ring.append(far(step))
        distance += 1
    return found
