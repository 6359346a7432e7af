"""The sheet Hồ sơ: people, each with one admission, one stay and one exemption."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from config import bulk
from members.exchange import writer
from members.exchange.organisation_index import lines_of
from members.exchange.people_index import BORN, NAME, NUMBER, SEX, Told, provisional_numbers
from members.exchange.plan import Line, batches, good
from members.exchange.profile import (
    ARRIVED,
    CEREMONY,
    CORRECTED,
    DECIDED,
    DECISION,
    EXEMPT,
    LEFT,
    LEFT_FOR,
    OFFICIAL,
    PERSON_CELLS,
    PLACE,
    Profile,
    profile_cells,
)
from members.exchange.records import MISSING, OUT_OF_SCOPE, REPEATED, put
from members.exchange.run import Importer, Run
from members.models import Admission, Exemption, Membership, Person
from members.models.memberships import EARLIEST_FIRST, StartReason
from members.plausibility import doubtful, implausible
from members.services.checks import TAKEN_CARDS
from members.text import same_name_key

STAYS = "Quá trình sinh hoạt"
CARDS = ("card_number", "former_card_number")
TAKEN = {
    "card_number": ("Số thẻ đảng viên", TAKEN_CARDS["card_number"]),
    "former_card_number": ("Số thẻ trước đây", TAKEN_CARDS["former_card_number"]),
    "national_id_number": ("Số định danh cá nhân", "Số định danh cá nhân này đã có người mang."),
}
NO_PLACE = "Chưa ghi mã tổ chức. Hãy ghi vào ô, hoặc cho biết tổ chức của mọi dòng trong tệp."
NO_MEMBER = "Người này chưa là đảng viên. Hãy ghi ngày quyết định kết nạp hoặc ngày đến."
_COLUMNS = {
    "full_name": NAME,
    "born": BORN,
    "card_issued": "Ngày cấp thẻ",
    "national_id_number": "Số định danh cá nhân",
    "card_number": "Số thẻ đảng viên",
    "former_card_number": "Số thẻ trước đây",
    "former_id_number": "Số CMND cũ",
    "file_number": NUMBER,
    "sex": SEX,
}
# Two dates of a row in their order: the later column, where it is told, the earlier one, and the words.
_ORDERED = (
    (DECIDED, BORN, "Ngày kết nạp không thể trước ngày sinh."),
    (CEREMONY, DECIDED, "Lễ kết nạp không thể trước quyết định kết nạp."),
    (OFFICIAL, DECIDED, "Ngày chính thức không thể trước ngày kết nạp."),
    (LEFT, ARRIVED, "Ngày ra khỏi không thể trước ngày đến."),
    (LEFT, DECIDED, "Ngày ra khỏi không thể trước ngày kết nạp."),
)


class ProfileImporter(Importer):
    """Finds or adds the people of the rows, compares them cell by cell and writes them in bulk."""

    kind = "Hồ sơ"

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.cells = profile_cells(run.organisations)
        self.more_cells = [cell for cell in self.cells if cell.column not in _PLAIN]
        self.dates = [cell for cell in self.cells if cell.column in _DATES]
        self.by_field = {name: cell.column for cell in self.cells for name in cell.columns} | {"__all__": NUMBER}
        # Who has rows in Quá trình sinh hoạt, which then decides about stays.
        self.have_stays = run.source.texts(STAYS, NUMBER)
        self.seen: dict[Any, int] = {}
        self.new_by_name: dict[str, list[Told]] = defaultdict(list)
        # The row that first told a number, by the columns that share the number.
        self.numbers: dict[tuple[str, ...], dict[str, int]] = {CARDS: {}, ("national_id_number",): {}}
        self.make = bulk.maker(Person)
        self.today = timezone.localdate()

    def take(self, lines: list[Line]) -> None:
        lines_of(self.run.organisations, lines, PLACE, self.run.place)
        self._match(lines)
        self._refuse_repeated(lines)
        profiles = self._profiles([line for line in lines if line.person is not None])
        self.run.since.look_up(part for profile in profiles.values() for part in profile.parts)
        pairs = [(profiles.get(line.person.pk) if line.person else None, line) for line in lines]
        changed = [(self._change(profile, line), line) for profile, line in pairs]
        self._refuse_taken(changed)
        self._refuse_foreign(changed)
        self._write([(profile, line) for profile, line in changed if line.is_good])
        self._remember(changed)

    # Who

    def _match(self, lines: list[Line]) -> None:
        people = self.run.people
        people.match([line for line in lines if line.is_good or line.values.get(NUMBER)], may_be_new=True)
        numbered = [line for line in good(lines) if line.values.get(NUMBER) and line.person is None]
        if numbered:
            people.match_provisional(numbered)

    def _refuse_repeated(self, lines: list[Line]) -> None:
        for line in lines:
            column = NUMBER if line.values.get(NUMBER) else NAME
            for key in self._keys(line):
                first = self.seen.setdefault(key, line.number)
                if first != line.number:
                    line.fail(column, REPEATED.format(first))
            if line.person is None and line.values.get(NAME) and line.is_good:
                self._refuse_twin(line, column)

    def _refuse_twin(self, line: Line, column: str) -> None:
        """Somebody new who is told in an earlier row as well, without a number in one of them."""
        told, others = Told.of(line), self.new_by_name[same_name_key(line.values[NAME])]
        twin = next((other for other in others if told.may_be(other)), None)
        if twin is not None:
            line.fail(column, REPEATED.format(twin.row))
        else:
            others.append(told)

    def _remember(self, changed: list[tuple[Profile, Line]]) -> None:
        """Whom the rows so far were about, and of whom they were wrong."""
        for profile, line in changed:
            if line.is_good and line.is_new and profile.person.pk:
                self.seen.setdefault(profile.person.pk, line.number)
            elif not line.is_good and line.values.get(NUMBER):
                self.run.people.failed.add(line.values[NUMBER])
            elif not line.is_good and line.values.get(NAME):
                self.run.people.failed_names.add(same_name_key(line.values[NAME]))

    @staticmethod
    def _keys(line: Line) -> Iterator[Any]:
        if line.values.get(NUMBER):
            yield line.values[NUMBER]
        if line.person is not None:
            yield line.person.pk

    def _profiles(self, lines: list[Line]) -> dict[int, Profile]:
        """What is on record of the people of these lines, by key."""
        keys = [line.person.pk for line in lines]
        people = {person.pk: person for person in Person.objects.select_for_update().filter(pk__among=keys)}
        return {profile.person.pk: profile for profile in profiles_of(list(people.values()))}

    # What

    def _change(self, profile: Profile | None, line: Line) -> Profile:
        line.is_new = profile is None
        profile = profile or Profile(self._new_person(line))
        if line.is_new and not line.is_blocked and not any(problem.candidates for problem in line.problems):
            self._require(line, (NAME, SEX, BORN, PLACE))
        elif not line.is_new:
            self._require(line, [column for column in (NAME, SEX) if line.values.get(column) == ""])
        if not profile.stays:
            self._begin(profile, line)
        values = line.values.copy()
        values.pop(PLACE, None)
        if line.organisation and self._speaks_of_place(line):
            values[PLACE] = line.organisation.code
        if values.get(NUMBER) == "":
            del values[NUMBER]  # nobody is without a number
        if values.get(EXEMPT) == "" and profile.exemption is not None:
            line.fail(EXEMPT, "Không xóa được thời gian miễn sinh hoạt ở đây. Hãy ghi ngày hết miễn.")
        put(line, profile, self._cells_for(profile, line), values, self.run)
        self._settle(profile, line)
        self._check(profile, line)
        return profile

    def _new_person(self, line: Line) -> Person:
        return self.make({_PLAIN[column]: value for column, value in line.values.items() if column in _PLAIN})

    def _require(self, line: Line, columns: Iterable[str]) -> None:
        for column in columns:
            is_there = line.organisation if column == PLACE else line.values.get(column)
            if not is_there:
                line.fail(column, NO_PLACE if column == PLACE else MISSING.format(column.lower()))

    def _speaks_of_place(self, line: Line) -> bool:
        """The row's own cell does; what the file or the option says in general is for new people."""
        if self._is_told_elsewhere(line):
            return False
        return line.is_new or bool(line.values.get(PLACE))

    def _is_told_elsewhere(self, line: Line) -> bool:
        return line.values.get(NUMBER, "") in self.have_stays

    def _begin(self, profile: Profile, line: Line) -> None:
        """Begin the stay of somebody who becomes a member with this row."""
        arrived, decided = line.values.get(ARRIVED), line.values.get(DECIDED)
        if self._is_told_elsewhere(line):
            return
        if not (arrived or decided):
            self._refuse_half_admitted(line)
            return
        home = self.run.organisations.places.get(profile.person.followed_by_id or 0)
        place = line.organisation if home is None or line.values.get(PLACE) else home
        if place is None:
            line.fail(PLACE, MISSING.format(PLACE.lower()))
            return
        admission = profile.admitted()
        reason = StartReason.TRANSFERRED_IN if arrived else StartReason.ADMITTED
        profile.stay = Membership(
            person=profile.person, admission=admission, organisation_id=place.pk, start_reason=reason
        )
        profile.stays = [profile.stay]
        if not arrived:
            admission.organisation_id = place.pk

    def _cells_for(self, profile: Profile, line: Line) -> list[Any]:
        """The cells that the row fills: not those of stays for who has them in the other sheet."""
        cells = self.more_cells if line.is_new else self.cells
        if not self._is_told_elsewhere(line):
            return [cell for cell in cells if profile.stay is not None or cell.column != ARRIVED]
        return [cell for cell in cells if cell.column not in {PLACE, ARRIVED, LEFT, LEFT_FOR}]

    def _settle(self, profile: Profile, line: Line) -> None:
        """What follows from the cells: the stay of an admission begins with its decision."""
        stay, admission = profile.stay, profile.admission
        if stay is None or admission is None:
            return
        before = profile.old["admission"].get("decided_on"), profile.old["admission"].get("decided_on_precision")
        old_stay = profile.old["stay"]
        began = old_stay.get("began_on"), old_stay.get("began_on_precision")
        if stay.start_reason == StartReason.ADMITTED and admission.decided and (not old_stay or began == before):
            stay.began = admission.decided
        if not old_stay and stay.start_reason == StartReason.ADMITTED:
            stay.start_decision_number = admission.decision_number
        if old_stay and stay.organisation_id != old_stay["organisation"]:
            line.notes.append(CORRECTED.format(stay.began))

    def _check(self, profile: Profile, line: Line) -> None:
        for field, refusal in implausible(profile.person, self.today):
            if _COLUMNS[field] in line.values:
                line.fail(_COLUMNS[field], refusal)
        self._note_doubts(profile.person, line)
        self._check_order(profile, line)
        stay = profile.stay
        if stay is None:
            return
        if LEFT in line.values or LEFT_FOR in line.values:
            if stay.ended_on is not None and not stay.end_reason:
                line.fail(LEFT_FOR, "Ngày ra khỏi và lý do ra khỏi phải ghi cùng nhau. Hãy ghi lý do.")
            elif stay.ended_on is None and stay.end_reason:
                line.fail(LEFT_FOR, "Ngày ra khỏi và lý do ra khỏi phải ghi cùng nhau. Hãy ghi ngày ra khỏi.")

    @staticmethod
    def _note_doubts(person: Person, line: Line) -> None:
        """Tell what the row brings that is odd; it is written all the same."""
        told = line.values.keys() if line.is_new else {column for column, _, _ in line.changes}
        for field, doubt, causes in doubtful(person):
            if any(_COLUMNS[cause] in told for cause in causes):
                line.notes.append(f"{_COLUMNS[field]}: {doubt}")

    @staticmethod
    def _refuse_half_admitted(line: Line) -> None:
        for column in (DECISION, CEREMONY, OFFICIAL, EXEMPT, LEFT, LEFT_FOR):
            if line.values.get(column):
                line.fail(column, NO_MEMBER)

    def _check_order(self, profile: Profile, line: Line) -> None:
        if not _DATES & line.values.keys():
            return
        texts = line.values if line.is_new else {cell.column: cell.read(profile) for cell in self.dates}
        for later, earlier, words in _ORDERED:
            if not (texts.get(later) and texts.get(earlier)) or (
                later not in line.values and earlier not in line.values
            ):
                continue
            if _first_day(texts[later]) < _first_day(texts[earlier]):
                line.fail(later, words)

    # Refusals

    def _refuse_taken(self, changed: list[tuple[Profile, Line]]) -> None:
        """Numbers that somebody else bears, on record or in an earlier row."""
        for fields, seen in self.numbers.items():
            for field in fields:
                column, words = TAKEN[field]
                told = [
                    (getattr(profile.person, field), profile, line)
                    for profile, line in changed
                    if column in line.values
                ]
                bearers = self.run.people.bearers(fields, (number for number, _, _ in told))
                for number, profile, line in told:
                    first = seen.setdefault(number, line.number) if number else line.number
                    if first != line.number:
                        line.fail(column, f"{words} Số này đã ghi ở dòng {first}.")
                    elif number and bearers.get(number, profile.person.pk) != profile.person.pk:
                        line.fail(column, words)

    def _refuse_foreign(self, changed: list[tuple[Profile, Line]]) -> None:
        stored = [(profile, line) for profile, line in changed if line.changes and not line.is_new]
        allowed = self.run.changeable(Person, [profile.person.pk for profile, _ in stored])
        for profile, line in stored:
            if profile.person.pk not in allowed:
                line.fail(NUMBER if line.values.get(NUMBER) else NAME, OUT_OF_SCOPE)

    # Writing

    def _write(self, pairs: list[tuple[Profile, Line]]) -> None:
        self._number([profile.person for profile, line in pairs if line.is_new])
        new: dict[type, list[Any]] = defaultdict(list)
        changed: list[Any] = []
        for profile, line in pairs:
            for record, names in profile.changed():
                if record.pk is None:
                    new[type(record)].append((record, line))
                else:
                    changed.append((record, line, names))
        for model in (Person, Admission, Membership, Exemption):
            writer.create([pair for pair in new[model] if pair[1].is_good], self.column_of)
        writer.update(changed, self.column_of)
        self.run.people.made.update(profile.person.pk for profile, line in pairs if self._has_no_home(profile, line))

    def _has_no_home(self, profile: Profile, line: Line) -> bool:
        """Whether the person is new and will get an organisation by a later sheet only."""
        return line.is_new and profile.stay is None and profile.person.followed_by_id is None

    def _number(self, people: list[Person]) -> None:
        unnumbered = [person for person in people if not person.file_number]
        if unnumbered:
            for person, number in zip(unnumbered, provisional_numbers(len(unnumbered)), strict=True):
                person.file_number = number

    def column_of(self, name: str) -> str:
        """The column of the sheet that a refusal of a model's field is told at."""
        return self.by_field.get(name, NUMBER)

    # Export

    def records(self) -> Iterable[Profile]:
        """People whose latest stay lies in the scope, and those followed there, in the order of names."""
        return profiles_in(self.run)

    def described(self, profile: Profile) -> dict[str, str]:
        """A person's row: canonical texts by column."""
        texts = {cell.column: cell.read(profile) for cell in self.cells}
        return texts if profile.tells_exemption else texts | {EXEMPT: ""}


# The columns that a new person holds as they are.
_PLAIN = {cell.column: cell.plain for cell in PERSON_CELLS if cell.plain}
_DATES = {column for later, earlier, _ in _ORDERED for column in (later, earlier)}


def _first_day(text: str) -> str:
    """A canonical date to compare: its first day."""
    return (text + "-01-01")[:10]


def profiles_of(people: list[Person]) -> list[Profile]:
    """The people with their records; three queries for all."""
    keys = [person.pk for person in people]
    admissions = _by_person(Admission.objects.filter(person__among=keys).order_by("pk"))
    stays = _by_person(Membership.objects.filter(person__among=keys).order_by("person", *EARLIEST_FIRST))
    exemptions = _by_person(Exemption.objects.filter(person__among=keys).order_by("starts_on", "pk"))
    return [Profile(row, admissions[row.pk], stays[row.pk], exemptions[row.pk]) for row in people]


def profiles_in(run: Run) -> Iterator[Profile]:
    """People whose latest stay lies in the scope, and those followed there, in the order of names."""
    people = Person.objects.order_by("name_sort_key", "pk")
    if run.scope is not None:
        people = people.within(run.scope, to_change=True)
    for some in batches(people.iterator(chunk_size=1000), 1000):
        yield from profiles_of(some)


def _by_person(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found
