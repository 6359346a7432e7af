"""The sheet Quá trình tổ chức: what organisations were called and where they stood, and who carries on whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from members.exchange.cells import partial_of
from members.exchange.organisation_index import HeldBackError, UnknownPlaceError
from members.exchange.organisations import CIRCLE, CODE, KIND, NAME, NO_PARENT, PARENT, is_moved
from members.exchange.plan import Line, good
from members.exchange.records import MISSING, OUT_OF_SCOPE, REPEATED
from members.exchange.run import Importer, Run
from members.exchange.writer import refuse_longer
from members.models import Organisation, OrganisationKind, OrganisationPeriod, Succession
from members.models.organisations import OrganisationEvent, SuccessionKind
from members.organisation_history import BEGINNING, CircleError, Histories, State
from members.services import merge_organisation

STARTS, EVENT, SUCCESSOR, NUMBER = "Từ ngày", "Sự việc", "Mã tổ chức kế thừa", "Số quyết định"
# The first day of an organisation whose founding isn't known: the year in which the Party was founded.
UNKNOWN_FOUNDING = "1930"

_EVENTS = {str(label): value for value, label in OrganisationEvent.choices}
_KINDS = {str(label): value for value, label in OrganisationKind.choices}
_SUCCESSIONS = {str(label): value for value, label in SuccessionKind.choices}


@dataclass(frozen=True)
class Told:
    """A row of the export."""

    code: str
    starts: str
    event: str
    state: State | None = None
    successor: str = ""
    decision_number: str = ""


class OrganisationEventImporter(Importer):
    """States of organisations by the day on which they began, and successions."""

    kind = "Quá trình tổ chức"
    waits = True

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.lines: list[Line] = []
        self.seen: dict[tuple[int, str, bool, str], int] = {}

    def take(self, lines: list[Line]) -> None:
        for line in lines:
            for column in (CODE, STARTS):
                if not line.values.get(column):
                    line.fail(column, MISSING.format(column.lower()))
            self._check_words(line)
            if line.values.get(CODE):
                self._find(line)
        self.lines += lines

    @staticmethod
    def _check_words(line: Line) -> None:
        for column, name in ((NAME, "name"), (NUMBER, "decision_number")):
            field: Any = OrganisationPeriod._meta.get_field(name)
            refuse_longer(line, column, line.values.get(column, ""), field.max_length)
        if line.values.get(KIND) and line.values[KIND] not in _KINDS:
            line.fail(KIND, f"Không hiểu “{line.values[KIND]}”. Hãy ghi một trong các giá trị: {', '.join(_KINDS)}.")

    def _find(self, line: Line) -> None:
        try:
            line.organisation = self.run.organisations.find(line.values[CODE])
        except HeldBackError as waiting:
            line.block(str(waiting))
            return
        except UnknownPlaceError as unknown:
            line.fail(CODE, str(unknown))
            return
        key = (line.organisation.pk, line.values.get(STARTS, ""), _is_founding(line), line.values.get(SUCCESSOR, ""))
        first = self.seen.setdefault(key, line.number)
        if first != line.number:
            line.fail(STARTS, REPEATED.format(first))

    def finish(self) -> None:
        lines = good(self.lines)
        if not lines:
            return
        allowed = self.run.changeable(Organisation, [line.organisation.pk for line in lines])
        for line in lines:
            if line.organisation.pk not in allowed:
                line.fail(CODE, OUT_OF_SCOPE)
        self._write_states(good(lines))
        self._write_successions([line for line in good(lines) if line.values.get(SUCCESSOR)])

    # States

    def _write_states(self, lines: list[Line]) -> None:
        histories = Histories()
        by_organisation: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            if _tells_state(line):
                by_organisation[line.organisation.pk].append(line)
        changed: set[int] = set()
        for pk, own in by_organisation.items():
            # Founding first, then day by day: what a row leaves out is as it was before.
            for line in sorted(own, key=lambda line: (not _is_founding(line), line.values[STARTS], line.number)):
                if self._put(line, histories.states[pk]):
                    changed.add(pk)
        try:
            histories.write(changed)
        except CircleError as circle:
            moved = [line for key in circle.keys for line in by_organisation.get(key, ()) if is_moved(line)]
            for line in moved or lines[-1:]:
                line.fail(PARENT, CIRCLE)
        self.run.organisations.forget()

    def _put(self, line: Line, states: list[State]) -> bool:
        """Put the row on the state that began that day, or on a new one; whether anything changed."""
        day = None if _is_founding(line) else _day(line)
        known = next((one for one in states if one.starts_on == day), None)
        line.is_new = known is None and line.values.get(SUCCESSOR, "") == ""
        before = known or next(one for one in reversed(states) if one.start <= (day or BEGINNING))
        state = State(**vars(before)) if known else State(day, *before.what, OrganisationEvent.RENAMED)
        self._fill(line, state, before)
        if not line.is_good or state == known:
            return False
        place = states.index(before)
        if known is not None:
            self._tell_changes(line, known, state)
            states[place] = state
        else:
            states.insert(place + 1, state)
        return True

    def _fill(self, line: Line, state: State, before: State) -> None:
        values = line.values
        state.name = values.get(NAME) or state.name
        if values.get(KIND):
            state.kind = _KINDS[values[KIND]]
        if PARENT in values:
            state.parent = self._parent(line, before)
        if EVENT in values or state.starts_on != before.starts_on:
            moved = OrganisationEvent.MOVED if state.parent != before.parent else OrganisationEvent.RENAMED
            state.event = _EVENTS.get(values.get(EVENT, ""), moved)
        state.decision_number = values.get(NUMBER, state.decision_number)

    def _parent(self, line: Line, before: State) -> int | None:
        told = line.values[PARENT]
        if not told:
            if before.parent is None or self.run.user is None:
                return None
            line.fail(PARENT, NO_PARENT)
            return before.parent
        # Where it stood then may lie outside what the user may change today, as long as it is what is on record.
        place = self.run.organisations.by_code.get(told.casefold())
        if place is not None and place.pk == before.parent:
            return place.pk
        try:
            return self.run.organisations.find(told).pk
        except UnknownPlaceError as unknown:
            line.fail(PARENT, str(unknown))
            return before.parent

    def _tell_changes(self, line: Line, old: State, new: State) -> None:
        for column, before, after in zip(
            (NAME, KIND, PARENT, EVENT, NUMBER), self._texts(old), self._texts(new), strict=True
        ):
            if before != after:
                line.changes.append((column, before, after))

    def _texts(self, state: State) -> tuple[str, ...]:
        parent = self.run.organisations.places[state.parent].code if state.parent else ""
        kind = str(OrganisationKind(state.kind).label)
        return state.name, kind, parent, str(OrganisationEvent(state.event).label), state.decision_number

    # Successions

    def _write_successions(self, lines: list[Line]) -> None:
        seen: dict[tuple[int, int], int] = {}
        for line in lines:
            try:
                successor = self.run.organisations.find(line.values[SUCCESSOR])
            except UnknownPlaceError as unknown:
                line.fail(SUCCESSOR, str(unknown))
                continue
            kind = _SUCCESSIONS.get(line.values.get(EVENT, ""))
            if kind is None:
                line.fail(EVENT, "Tổ chức kế thừa chỉ ghi khi sự việc là Sáp nhập hoặc Tách.")
                continue
            first = seen.setdefault((line.organisation.pk, successor.pk), line.number)
            if first != line.number:
                line.fail(SUCCESSOR, REPEATED.format(first))
                continue
            self._succeed(line, successor.pk, kind)

    def _succeed(self, line: Line, successor: int, kind: str) -> None:
        """Record it; a merger of an organisation that hasn't ended also ends it and moves its people."""
        day, number = _day(line), line.values.get(NUMBER, "")
        known = Succession.objects.filter(predecessor=line.organisation.pk, successor=successor).first()
        try:
            if known is not None:
                self._correct(line, known, kind, day)
                return
            line.is_new = True
            old = Organisation.objects.get(pk=line.organisation.pk)
            new = Organisation.objects.get(pk=successor)
            if kind == SuccessionKind.MERGER and old.ended_on is None:
                merge_organisation(organisation=old, into=new, on=day, decision_number=number, by=self.run.user)
                self.run.organisations.forget()
                return
            row = Succession(predecessor=old, successor=new, kind=kind, took_place_on=day, decision_number=number)
            row.full_clean()
            row.save()
        except ValidationError as refused:
            line.fail(SUCCESSOR, " ".join(refused.messages))
        except PermissionDenied:
            line.fail(SUCCESSOR, OUT_OF_SCOPE)

    def _correct(self, line: Line, known: Succession, kind: str, day: dt.date) -> None:
        before = _told_of(known)
        known.kind, known.took_place_on = kind, day
        known.decision_number = line.values.get(NUMBER, known.decision_number)
        after = _told_of(known)
        for column, old, new in zip((EVENT, STARTS, NUMBER), before, after, strict=True):
            if old != new:
                line.changes.append((column, old, new))
        if before != after:
            known.full_clean()
            known.save()

    # Export

    def records(self) -> Iterable[Told]:
        """The states of organisations that had several, and the successions."""
        histories, places = Histories(), self.run.organisations.places
        own = self.run.within(Organisation.objects.order_by("path"))
        for row in own:
            states = histories.states.get(row.pk, [])
            if len(states) > 1 or (states and states[0].decision_number):
                for state in states:
                    starts = state.starts_on.isoformat() if state.starts_on else ""
                    starts = starts or (row.founded.isoformat() if row.founded else UNKNOWN_FOUNDING)
                    event = state.event if state.starts_on else OrganisationEvent.FOUNDED
                    yield Told(row.code, starts, str(OrganisationEvent(event).label), state, "", state.decision_number)
        for link in Succession.objects.filter(predecessor__in=[row.pk for row in own]).order_by("took_place_on", "pk"):
            code, successor = places[link.predecessor_id].code, places[link.successor_id].code
            kind = str(SuccessionKind(link.kind).label)
            yield Told(code, link.took_place_on.isoformat(), kind, None, successor, link.decision_number)

    def described(self, record: Told) -> dict[str, str]:
        """A row of the sheet: canonical texts by column."""
        row = {CODE: record.code, STARTS: record.starts, EVENT: record.event, NUMBER: record.decision_number}
        if record.state is None:
            return row | {SUCCESSOR: record.successor}
        name, kind, parent, _, _ = self._texts(record.state)
        # A root says so: an empty cell would leave the parent as it was.
        return row | {NAME: name, KIND: kind, PARENT: parent or "-"}


def _is_founding(line: Line) -> bool:
    return line.values.get(EVENT) == str(OrganisationEvent.FOUNDED.label)


def _tells_state(line: Line) -> bool:
    """A row with a successor alone tells of no name, kind or parent."""
    return not line.values.get(SUCCESSOR) or any(line.values.get(column) for column in (NAME, KIND, PARENT))


def _told_of(link: Succession) -> tuple[str, str, str]:
    return str(SuccessionKind(link.kind).label), link.took_place_on.isoformat(), link.decision_number


def _day(line: Line) -> dt.date:
    date = partial_of(line.values[STARTS])
    return date.first_day if date else dt.date.min
