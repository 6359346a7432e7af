"""The sheet Quá trình sinh hoạt: all stays of people who had several, one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from members.exchange import writer
from members.exchange.cells import Cell, choice, partial_day, partial_of, shown, text
from members.exchange.of_people import is_one_date
from members.exchange.organisation_index import UNKNOWN, hidden_places, lines_of, place_cell
from members.exchange.people import profiles_in, profiles_of
from members.exchange.people_index import NAME, NUMBER
from members.exchange.plan import Line, batches, good
from members.exchange.profile import PLACE, Profile
from members.exchange.records import MISSING, OUT_OF_SCOPE, REPEATED, put
from members.exchange.run import Importer, Run
from members.models import Admission, Membership, Person
from members.models.memberships import EndReason, StartReason

BEGAN, REASON, ENDED, END_REASON = "Từ ngày", "Lý do đến", "Đến ngày", "Lý do đi"
DECISION = "Số quyết định"
TOGETHER = 500

OVERLAP = "Trùng thời gian với sinh hoạt từ {} ở {}. Hãy xem lại ngày, hoặc ghi ngày kết thúc cho lần trước."
DECEASED = "Người này đã từ trần ngày {}, nên không có sinh hoạt sau đó. Hãy xem lại lý do đi hoặc người."
CLOSED = "Sinh hoạt trước đó, từ {} ở {}, kết thúc ngày này vì chuyển nội bộ."


class StayImporter(Importer):
    """Stays by person: all rows of one are looked at together with what is on record."""

    kind = "Quá trình sinh hoạt"
    waits = True

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.lines: list[Line] = []
        began = partial_day(BEGAN, "began")
        self.cells: tuple[Cell, ...] = (
            began,
            choice(REASON, "start_reason", StartReason),
            text(DECISION, "start_decision_number"),
            partial_day(ENDED, "ended"),
            choice(END_REASON, "end_reason", EndReason),
            text("Số quyết định đi", "end_decision_number"),
            place_cell(PLACE, "organisation", run.organisations),
        )
        self.by_field = {name: cell.column for cell in self.cells for name in cell.columns}
        # An admission that a stay begins has the number of the stay's decision.
        self.by_field["decision_number"] = DECISION

    def take(self, lines: list[Line]) -> None:
        for line in lines:
            for column in (BEGAN, PLACE):
                if not line.values.get(column):
                    line.fail(column, MISSING.format(column.lower()))
        self._find(lines)
        found = [line for line in good(lines) if line.person is not None]
        allowed = self.run.changeable(Person, [line.person.pk for line in found])
        for line in found:
            if line.person.pk not in allowed:
                line.fail(NUMBER if line.values.get(NUMBER) else NAME, OUT_OF_SCOPE)
        self.lines += lines

    def _find(self, lines: list[Line]) -> None:
        """Whose stay, and where; an organisation out of scope may be that of the stay on record."""
        hidden = hidden_places(self.run.organisations, lines, PLACE)
        lines_of(self.run.organisations, [line for line in lines if id(line) not in hidden], PLACE)
        self.run.people.match(lines, may_be_new=False)
        for line in lines:
            if id(line) in hidden:
                line.organisation = hidden[id(line)]
                if line.person is None:
                    line.fail(PLACE, UNKNOWN.format(line.values[PLACE]))

    def finish(self) -> None:
        by_person: dict[int, list[Line]] = defaultdict(list)
        wrong = {line.person.pk for line in self.lines if line.person is not None and not line.is_good}
        for line in good(self.lines):
            by_person[line.person.pk].append(line)
        for keys in batches(by_person, TOGETHER):
            people = list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
            profiles = profiles_of(people)
            self.run.since.look_up(stay for profile in profiles for stay in profile.stays)
            histories = [self._history(profile, by_person[profile.person.pk]) for profile in profiles]
            self._write([history for history in histories if history.person.pk not in wrong])

    def _history(self, profile: Profile, lines: list[Line]) -> History:
        history = History(profile, self.run)
        for line in sorted(lines, key=lambda line: (line.values[BEGAN], line.values.get(ENDED) or "9999", line.number)):
            history.add(line, self.cells)
        history.settle()
        return history

    def _write(self, histories: list[History]) -> None:
        """Admissions first; then stays that change, those that shrink before others; then new ones."""
        sound = [history for history in histories if all(line.is_good for line in history.lines)]
        admissions = [pair for history in sound for pair in history.new_admissions]
        writer.create(admissions, self.column_of)
        writer.update([change for history in sound for change in history.changed_admissions], self.column_of)
        writer.update([change for history in sound for change in history.changes()], self.column_of)
        writer.create([pair for history in sound for pair in history.new if pair[1].is_good], self.column_of)

    def column_of(self, name: str) -> str:
        """The column of the sheet that a refusal of a model's field is told at."""
        return self.by_field.get(name, BEGAN)

    # Export

    def records(self) -> Iterable[Membership]:
        """The stays of people whose row of Hồ sơ can't tell them."""
        for profile in profiles_in(self.run):
            if not profile.tells_stays:
                for stay in profile.stays:
                    stay.person = profile.person
                    yield stay

    def described(self, record: Membership) -> dict[str, str]:
        """A stay's row: canonical texts by column."""
        cells = (shown(NUMBER, lambda row: row.person.file_number), *self.cells)
        return {cell.column: cell.read(record) for cell in cells}


class History:
    """All stays of a person: those on record, changed by rows, and new ones."""

    def __init__(self, profile: Profile, run: Run) -> None:
        self.profile = profile
        self.person = profile.person
        self.run = run
        self.lines: list[Line] = []
        self.line_of: dict[int, Line] = {}  # by identity of the stay
        self.stays: list[Membership] = list(profile.stays)
        self.old = {stay.pk: _held(stay) for stay in self.stays}
        self.new: list[tuple[Membership, Line]] = []
        self.new_admissions: list[tuple[Admission, Line]] = []
        self.changed_admissions: list[tuple[Admission, Line, list[str]]] = []

    # Rows

    def add(self, line: Line, cells: tuple[Cell, ...]) -> None:
        """Put a row on the stay that it means, or on a new one."""
        self.lines.append(line)
        stay = self._meant_by(line)
        if stay is None:
            self._refuse_twin(line)
            line.is_new = True
            stay = Membership(person=self.person, start_reason="")
            self.stays.append(stay)
            self.new.append((stay, line))
        self.line_of[id(stay)] = line
        values = line.values | {PLACE: line.organisation.code}
        if line.is_new:
            stay.began = partial_of(values[BEGAN])
        put(line, stay, cells, values, self.run)
        self._refuse_foreign(stay, line)

    def _meant_by(self, line: Line) -> Membership | None:
        """Of stays that began that day the one that no row has taken, in this organisation if there are several."""
        near = [stay for stay in self.stays if stay.pk and is_one_date(stay.began.isoformat(), line.values[BEGAN])]
        exact = [stay for stay in near if stay.began.isoformat() == line.values[BEGAN]]
        taken = [stay for stay in exact or near if id(stay) in self.line_of]
        free = [stay for stay in exact or near if id(stay) not in self.line_of]
        there = [stay for stay in free if stay.organisation_id == line.organisation.pk]
        if not free and taken and self._repeats(line, taken):
            line.fail(BEGAN, REPEATED.format(self.line_of[id(taken[0])].number))
        return next(iter(there or free), None)

    @staticmethod
    def _repeats(line: Line, taken: list[Membership]) -> bool:
        return any(stay.organisation_id == line.organisation.pk for stay in taken)

    def _refuse_foreign(self, stay: Membership, line: Line) -> None:
        """A stay out of scope may be told as it is on record, nothing else."""
        index = self.run.organisations
        held = self.old.get(stay.pk, {}).get("organisation")
        if not index.covers(line.organisation) and held != line.organisation.pk:
            line.fail(PLACE, UNKNOWN.format(line.values[PLACE]))
        elif held is not None and not index.covers(index.places[held]) and line.changes:
            line.fail(BEGAN, OUT_OF_SCOPE)

    def _refuse_twin(self, line: Line) -> None:
        """A new stay that an earlier row tells with the same days."""
        for _, other in self.new:
            is_same = all(other.values.get(column, "") == line.values.get(column, "") for column in (BEGAN, ENDED))
            if is_same and other.organisation.pk == line.organisation.pk:
                line.fail(BEGAN, REPEATED.format(other.number))

    # What follows

    def settle(self) -> None:
        """Fill in reasons and ends that follow from the order of the stays, link admissions, look for overlaps."""
        self.stays.sort(key=lambda stay: (stay.began_on, stay.ended_on is None, stay.ended_on or stay.began_on))
        before: Membership | None = None
        for stay in self.stays:
            line = self.line_of.get(id(stay))
            if line is not None:
                self._settle_beginning(stay, before, line)
            if before is not None:
                self._settle_between(before, stay)
            if line is not None and stay._state.adding:
                self._link(stay, before, line)
            before = stay
        for stay, line in ((stay, self.line_of.get(id(stay))) for stay in self.stays):
            if line is not None:
                self._check_end(stay, line)

    def _settle_beginning(self, stay: Membership, before: Membership | None, line: Line) -> None:
        if stay.start_reason != "":
            return
        if before is None:
            decided = [admission.decided for admission in self.profile.admissions if admission.decided]
            is_ours = not self.profile.admissions or any(_are_one(day, stay.began) for day in decided)
            stay.start_reason = StartReason.ADMITTED if is_ours else StartReason.TRANSFERRED_IN
        else:
            is_move = before.ended_on in {None, stay.began_on} and before.end_reason in {"", EndReason.MOVED}
            stay.start_reason = StartReason.MOVED if is_move else StartReason.TRANSFERRED_IN

    def _settle_between(self, before: Membership, stay: Membership) -> None:
        line = self.line_of.get(id(stay)) or self.line_of.get(id(before))
        if line is None:
            return
        if before.ended_on is None and stay.start_reason == StartReason.MOVED:
            before.ended, before.end_reason = stay.began, EndReason.MOVED
            line.notes.append(CLOSED.format(before.began, self._name(before)))
        elif before.ended_on == stay.began_on and not before.end_reason and stay.start_reason == StartReason.MOVED:
            before.end_reason = EndReason.MOVED
        elif before.ended_on is None or before.ended_on > stay.began_on:
            line.fail(BEGAN, OVERLAP.format(before.began, self._name(before)))
        if before.end_reason == EndReason.DECEASED:
            line.fail(BEGAN, DECEASED.format(before.ended))

    def _name(self, stay: Membership) -> str:
        return self.run.organisations.places[stay.organisation_id].name

    @staticmethod
    def _check_end(stay: Membership, line: Line) -> None:
        if stay.ended_on is not None and stay.ended_on < stay.began_on:
            line.fail(ENDED, "Ngày rời đi không thể trước ngày đến.")
        elif (stay.ended_on is None) != (not stay.end_reason):
            missing = "lý do" if stay.ended_on else "ngày rời đi"
            line.fail(END_REASON, f"Ngày rời đi và lý do rời đi phải ghi cùng nhau. Hãy ghi {missing}.")

    # Admissions

    def _link(self, stay: Membership, before: Membership | None, line: Line) -> None:
        """The entry into the Party that a new stay is part of."""
        if stay.start_reason == StartReason.READMITTED or (
            before is None and stay.start_reason == StartReason.ADMITTED
        ):
            stay.admission = self._admission_of(stay, line)
        elif before is not None:
            stay.admission = before.admission
        else:
            stay.admission = self._earlier_admission(stay) or self._begin(Admission(person=self.person), line)

    def _admission_of(self, stay: Membership, line: Line) -> Admission:
        for admission in self.profile.admissions:
            if admission.decided and _are_one(admission.decided, stay.began):
                if admission.organisation_id is None and self._is_untold(admission):
                    admission.organisation_id = stay.organisation_id
                    self.changed_admissions.append((admission, line, ["organisation"]))
                return admission
        begun = Admission(person=self.person, organisation_id=stay.organisation_id)
        begun.decided = stay.began
        begun.decision_number = stay.start_decision_number
        return self._begin(begun, line)

    def _is_untold(self, admission: Admission) -> bool:
        """Whether the admission was made by this import's row of Hồ sơ, which left the stays to this sheet."""
        return all(stay.admission_id != admission.pk for stay in self.profile.stays)

    def _earlier_admission(self, stay: Membership) -> Admission | None:
        dated = [(row.decided_on, row.pk, row) for row in self.profile.admissions if row.decided_on]
        earlier = [row for day, _, row in sorted(dated, key=lambda one: one[:2]) if day <= stay.began_on]
        undated = [row for row in self.profile.admissions if not row.decided_on]
        return earlier[-1] if earlier else undated[0] if undated else None

    def _begin(self, admission: Admission, line: Line) -> Admission:
        self.new_admissions.append((admission, line))
        return admission

    # Writing

    def changes(self) -> list[tuple[Membership, Line, list[str]]]:
        """The stays on record that changed, those that end earlier first."""
        found = []
        for stay in self.stays:
            old = self.old.get(stay.pk)
            if old is None:
                continue
            now = _held(stay)
            names = [name for name, value in now.items() if value != old[name]]
            line = self.line_of.get(id(stay)) or self.lines[0]
            if names:
                found.append((stay, line, names))
        return found


def _held(stay: Membership) -> dict[str, Any]:
    return {field.name: getattr(stay, field.attname) for field in Membership.recorded_fields()}


def _are_one(one: Any, other: Any) -> bool:
    return is_one_date(one.isoformat(), other.isoformat())
