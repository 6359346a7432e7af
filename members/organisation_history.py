"""The dated states of organisations as a whole: from what each was by itself, the periods of all with their paths.

Services change one organisation at a time; here many states are put right together, as an import needs it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from members.models import Organisation, OrganisationPeriod
from members.models.organisations import OrganisationEvent

BEGINNING = dt.date.min


class CircleError(ValueError):
    """Organisations would stand under one another; `keys` are those of the circle."""

    def __init__(self, keys: list[int]) -> None:
        super().__init__(keys)
        self.keys = keys


@dataclass
class State:
    """What an organisation was by itself from a day (None: from the beginning) to its next state."""

    starts_on: dt.date | None
    name: str
    kind: str
    parent: int | None
    event: str = OrganisationEvent.FOUNDED
    decision_number: str = ""

    @property
    def start(self) -> dt.date:
        """The day, to compare by."""
        return self.starts_on or BEGINNING

    @property
    def what(self) -> tuple[str, str, int | None]:
        """All that an organisation is."""
        return self.name, self.kind, self.parent


class Histories:
    """The states of all organisations, read once; changed by their callers in `states`, then written.

    A period that only follows a change above is no state: those are made anew when written.
    """

    def __init__(self) -> None:
        self.periods: dict[int, list[OrganisationPeriod]] = defaultdict(list)
        rows = OrganisationPeriod.objects.select_for_update().order_by("organisation", "pk")
        for period in rows:
            self.periods[period.organisation_id].append(period)
        self.states: dict[int, list[State]] = {}
        for pk, periods in self.periods.items():
            periods.sort(key=lambda period: period.starts_on or BEGINNING)
            self.states[pk] = _own_states(periods)

    def add(self, organisation: Organisation) -> None:
        """A new organisation, in its one state from the beginning."""
        self.states[organisation.pk] = [State(None, organisation.name, organisation.kind, organisation.parent_id)]

    # Paths

    def _parent_on(self, pk: int, day: dt.date) -> int | None:
        return next(state.parent for state in reversed(self.states[pk]) if state.start <= day)

    def path_on(self, pk: int, day: dt.date) -> str:
        """The materialised path on that day. Raises CircleError."""
        line = [pk]
        while (parent := self._parent_on(line[-1], day)) is not None:
            if parent in line:
                raise CircleError(line[line.index(parent) :])
            line.append(parent)
        return "".join(f"{key}/" for key in reversed(line))

    def _breaks(self, pk: int, known: set[int]) -> set[dt.date]:
        """The days on which the organisation or any that ever stood above it changed."""
        known.add(pk)
        days = {state.start for state in self.states[pk]}
        for state in self.states[pk]:
            if state.parent is not None and state.parent not in known:
                days |= self._breaks(state.parent, known)
        return days

    def _timeline(self, pk: int) -> list[tuple[dt.date, State, str]]:
        """The periods: first day, state, path; one each time that either changes."""
        found: list[tuple[dt.date, State, str]] = []
        for day in sorted(self._breaks(pk, set())):
            state = next(state for state in reversed(self.states[pk]) if state.start <= day)
            path = self.path_on(pk, day)
            if not found or found[-1][1:] != (state, path):
                found.append((day, state, path))
        return found

    # Writing

    def write(self, changed: Iterable[int]) -> None:
        """Bring periods, and the organisations' latest name, kind, parent and path, in step with the states.

        `changed` are those whose states were changed; those below them follow. Raises CircleError; nothing is
        written then.
        """
        affected = self._with_below(set(changed))
        wanted = {pk: self._wanted(pk) for pk in affected}
        self._write_periods(wanted)
        self._write_latest(affected)

    def _with_below(self, changed: set[int]) -> list[int]:
        children: dict[int, set[int]] = defaultdict(set)
        for pk, states in self.states.items():
            for state in states:
                if state.parent is not None:
                    children[state.parent].add(pk)
        found, waiting = set(changed), list(changed)
        while waiting:
            below = children[waiting.pop()] - found
            found |= below
            waiting += below
        return sorted(found)

    def _wanted(self, pk: int) -> list[OrganisationPeriod]:
        """The periods as they should be, unsaved."""
        timeline = self._timeline(pk)
        ends = [day for day, _, _ in timeline[1:]] + [None]
        periods = []
        before: State | None = None
        for (day, state, path), ends_on in zip(timeline, ends, strict=True):
            follows = before is state
            periods.append(
                OrganisationPeriod(
                    organisation_id=pk,
                    starts_on=None if day == BEGINNING else day,
                    ends_on=ends_on,
                    name=state.name,
                    kind=state.kind,
                    parent_id=state.parent,
                    path=path,
                    event=OrganisationEvent.PARENT_CHANGED if follows else state.event,
                    decision_number=self._number_above(pk, day) if follows else state.decision_number,
                )
            )
            before = state
        return periods

    def _number_above(self, pk: int, day: dt.date) -> str:
        """The number of the decision that moved one above on that day, for a period that only follows it.

        With several moves on a day the one that is written stands.
        """
        numbers = []
        above = self._parent_on(pk, day)
        while above is not None:
            states = self.states[above]
            pairs = pairwise(states)
            numbers += [new.decision_number for old, new in pairs if new.start == day and new.parent != old.parent]
            above = self._parent_on(above, day)
        written = [period.decision_number for period in self.periods.get(pk, ()) if period.starts_on == day]
        return next((number for number in written if number in {"", *numbers}), next(iter(numbers), ""))

    def _write_periods(self, wanted: dict[int, list[OrganisationPeriod]]) -> None:
        """Those that are no longer go first, then the others shrink, then they grow, then new ones come."""
        gone: list[int] = []
        new: list[OrganisationPeriod] = []
        shrinking: list[OrganisationPeriod] = []
        growing: list[OrganisationPeriod] = []
        for pk, periods in wanted.items():
            stored = {period.starts_on: period for period in self.periods.get(pk, [])}
            for period in periods:
                known = stored.pop(period.starts_on, None)
                if known is None:
                    new.append(period)
                elif _described(known) != _described(period):
                    ends_earlier = (period.ends_on or dt.date.max) < (known.ends_on or dt.date.max)
                    _take_over(known, period)
                    (shrinking if ends_earlier else growing).append(known)
            gone += [period.pk for period in stored.values()]
        OrganisationPeriod.objects.filter(pk__in=gone).delete()
        for rows in (shrinking, growing):
            OrganisationPeriod.objects.bulk_update(rows, PERIOD_COLUMNS, batch_size=200)
        OrganisationPeriod.objects.bulk_create(new)

    def _write_latest(self, affected: list[int]) -> None:
        changed, moved = [], []
        for organisation in Organisation.objects.select_for_update().filter(pk__in=affected):
            latest = self.states[organisation.pk][-1]
            path = self.path_on(organisation.pk, dt.date.max)
            if (organisation.name, organisation.kind, organisation.parent_id) != latest.what:
                organisation.name, organisation.kind, organisation.parent_id = latest.what
                for name in ("name_sort_key", "name_search"):
                    organisation._meta.get_field(name).pre_save(organisation, False)
                changed.append(organisation)
            if organisation.path != path:
                organisation.path = path
                moved.append(organisation)
        Organisation.objects.bulk_update(changed, LATEST_COLUMNS, batch_size=200)
        # Alone, since it is derived: no change of the record.
        Organisation.objects.bulk_update(moved, ("path",), batch_size=200)


PERIOD_COLUMNS = ("starts_on", "ends_on", "name", "kind", "parent", "path", "event", "decision_number")
_ATTNAMES = tuple("parent_id" if name == "parent" else name for name in PERIOD_COLUMNS)
LATEST_COLUMNS = ("name", "kind", "parent", "name_sort_key", "name_search")


def _own_states(periods: list[OrganisationPeriod]) -> list[State]:
    states: list[State] = []
    for period in periods:
        state = State(
            period.starts_on, period.name, period.kind, period.parent_id, period.event, period.decision_number
        )
        follows = state.event == OrganisationEvent.PARENT_CHANGED and states and states[-1].what == state.what
        if not follows:
            states.append(state)
    return states


def _described(period: OrganisationPeriod) -> tuple[Any, ...]:
    return tuple(getattr(period, name) for name in _ATTNAMES)


def _take_over(known: OrganisationPeriod, wanted: OrganisationPeriod) -> None:
    for name in _ATTNAMES:
        setattr(known, name, getattr(wanted, name))
