"""Which person a row is about: by number, or by name, birth date and organisation, within what the user may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from config.access import UserScope
from members.exchange.cells import partial_of
from members.exchange.organisation_index import OrganisationIndex, Place
from members.exchange.plan import Line
from members.models import Membership, Person
from members.partial_dates import PartialDate
from members.text import fold, same_name_key

NUMBER, NAME, BORN, SEX = "Số lý lịch", "Họ và tên", "Ngày sinh", "Giới tính"
PROVISIONAL = "TẠM-"

UNKNOWN_NUMBER = "Không có hồ sơ nào mang số lý lịch này trong phạm vi của bạn. Hãy xem lại số, hoặc thêm hồ sơ trước."
NOBODY = "Không tìm thấy đảng viên này. Hãy xem lại họ tên, ngày sinh, tổ chức, hoặc ghi số lý lịch."
NO_NAME = "Chưa ghi số lý lịch hoặc họ và tên."
ANOTHER_NAME = "Số lý lịch này là của {}. Hãy xem lại số hoặc họ tên."
TAKEN = "Số lý lịch này đã có người mang ở tổ chức khác, ngoài phạm vi của bạn. Hãy xem lại số."
SEVERAL = "Có {} người cùng họ tên phù hợp: {}. Hãy ghi số lý lịch hoặc chọn đúng người."


class PeopleIndex:
    """Finds the people of lines, some hundred at a time; a few queries for each call.

    `failed` are numbers of people whose own rows are wrong: what speaks of them waits without a problem of its own.
    `failed_names` are those of such people without a number, as `same_name_key`.
    `made` are new people who get an organisation by a later sheet only, so that no scope holds them yet.
    """

    def __init__(self, scope: UserScope | None, organisations: OrganisationIndex, within: Place | None) -> None:
        self.scope = scope
        self.organisations = organisations
        self.within = within
        self.failed: set[str] = set()
        self.failed_names: set[str] = set()
        self.made: set[int] = set()
        self.hidden_bearers: set[int] = set()

    # Reading

    def _visible(self, **wanted: Iterable[str]) -> list[Person]:
        """Those of the people wanted whom the user may see: mostly nobody is there, then no scope is asked for."""
        people = Person.objects.filter(**wanted).order_by("pk")
        if self.scope is None:
            return list(people)
        keys = list(people.values_list("pk", flat=True))
        if not keys:
            return []
        seen = set(Person.objects.within(self.scope).filter(pk__among=keys).order_by().values_list("pk", flat=True))
        return list(people.filter(pk__among=(seen | self.made) & set(keys)))

    def by_number(self, numbers: Iterable[str]) -> dict[str, Person]:
        """The visible people with these numbers."""
        wanted = {number for number in numbers if number}
        return {person.file_number: person for person in self._visible(file_number__among=wanted)}

    def bearers(self, fields: Sequence[str], values: Iterable[str]) -> dict[str, int]:
        """Who bears a number in one of the fields, visible or not: keys by value."""
        wanted = {value for value in values if value}
        found: dict[str, int] = {}
        for field in fields if wanted else ():
            found |= Person.objects.filter(**{f"{field}__among": wanted}).order_by("pk").values_list(field, "pk")
        return found

    def _by_name(self, names: Iterable[str]) -> dict[str, list[Person]]:
        """Visible people by `same_name_key`."""
        keys = {same_name_key(name) for name in names}
        found: dict[str, list[Person]] = defaultdict(list)
        folded = {fold(key) for key in keys}
        for person in self._visible(name_search__among=folded):
            found[same_name_key(person.full_name)].append(person)
        return found

    def _stays(self, people: Sequence[Person]) -> dict[int, set[str]]:
        """The paths of all organisations where each was ever, or who follows them."""
        paths: dict[int, set[str]] = defaultdict(set)
        keys = [person.pk for person in people]
        for pk, path in Membership.objects.filter(person__among=keys).values_list("person", "organisation__path"):
            paths[pk].add(path)
        for person in people:
            place = self.organisations.places.get(person.followed_by_id or 0)
            if place is not None:
                paths[person.pk].add(place.path)
        return paths

    # Matching

    def match(self, lines: list[Line], *, may_be_new: bool) -> None:
        """Set `person` of each line; it stays None for somebody new. Problems are told to the line.

        Lines must have their `organisation`, where there is one.
        """
        self._match_numbers([line for line in lines if line.values.get(NUMBER)], may_be_new)
        self._match_names([line for line in lines if not line.values.get(NUMBER)], may_be_new)

    def _match_numbers(self, lines: list[Line], may_be_new: bool) -> None:
        found = self.by_number(line.values[NUMBER] for line in lines)
        missing = [line for line in lines if line.values[NUMBER] not in found]
        taken = self.bearers(("file_number",), (line.values[NUMBER] for line in missing))
        for line in lines:
            line.person = found.get(line.values[NUMBER])
            if line.person is not None:
                self._compare_name(line, may_be_new)
        for line in missing:
            if line.values[NUMBER] in self.failed and not may_be_new:
                line.block(f"Dòng hồ sơ của số lý lịch {line.values[NUMBER]} đang sai.")
            elif line.values[NUMBER] in taken:
                self.hidden_bearers.add(taken[line.values[NUMBER]])
                line.fail(NUMBER, TAKEN if may_be_new else UNKNOWN_NUMBER)
            elif not may_be_new:
                line.fail(NUMBER, UNKNOWN_NUMBER)

    @staticmethod
    def _compare_name(line: Line, may_be_new: bool) -> None:
        """A number with another's name, in a sheet that doesn't change names, is a slip of the row or the number."""
        name = line.values.get(NAME, "")
        if name and not may_be_new and same_name_key(name) != same_name_key(line.person.full_name):
            line.fail(NAME, ANOTHER_NAME.format(line.person.full_name))

    def _match_names(self, lines: list[Line], may_be_new: bool) -> None:
        named = [line for line in lines if line.values.get(NAME)]
        by_name = self._by_name(line.values[NAME] for line in named)
        people = [person for found in by_name.values() for person in found]
        paths = self._stays(people)
        for line in lines:
            if not line.values.get(NAME):
                line.fail(NAME if may_be_new else NUMBER, NO_NAME)
                continue
            found = by_name.get(same_name_key(line.values[NAME]), [])
            self._choose(line, [person for person in found if self._fits(line, person, paths[person.pk])], may_be_new)

    def match_provisional(self, lines: list[Line]) -> None:
        """Set `person` of lines with a new number to the one person who fits and has only a provisional number yet."""
        if not Person.objects.filter(file_number__startswith=PROVISIONAL).exists():
            return
        by_name = self._by_name(line.values[NAME] for line in lines if line.values.get(NAME))
        waiting = {key: [person for person in found if _is_provisional(person)] for key, found in by_name.items()}
        paths = self._stays([person for found in waiting.values() for person in found])
        for line in lines:
            found = waiting.get(same_name_key(line.values.get(NAME, "")), [])
            fitting = [person for person in found if self._fits(line, person, paths[person.pk])]
            if len(fitting) == 1:
                line.person = fitting[0]
                line.notes.append(f"Là người đang có số tạm {line.person.file_number}.")

    def _choose(self, line: Line, found: list[Person], may_be_new: bool) -> None:
        if line.choice is not None:
            found = [person for person in found if person.pk == line.choice]
        if len(found) > 1:
            labels = [(person.pk, self.label(person)) for person in found[:10]]
            listed = "; ".join(label for _, label in labels)
            line.fail(NAME, SEVERAL.format(len(found), listed), candidates=labels, is_conflict=True)
        elif found:
            line.person = found[0]
        elif not may_be_new and same_name_key(line.values[NAME]) in self.failed_names:
            line.block("Dòng hồ sơ của người này đang sai.")
        elif not may_be_new:
            line.fail(NAME, NOBODY)

    def _fits(self, line: Line, person: Person, paths: set[str]) -> bool:
        sex = line.values.get(SEX)
        if sex and sex != person.get_sex_display():
            return False
        place = line.organisation or self.within
        if place is not None and not any(path.startswith(place.path) for path in paths):
            return False
        return may_be_born(line.values.get(BORN, ""), person.born)

    def label(self, person: Person) -> str:
        """Somebody among others of the same name."""
        born = f", sinh {person.born}" if person.born else ""
        return f"{person.file_number} {person.full_name}{born}"


class Told(NamedTuple):
    """What a row says of somebody new that others of the name are told apart by; kept to the end, unlike the row."""

    row: int
    number: str
    sex: str | None
    born: str
    place: int | None

    @classmethod
    def of(cls, line: Line) -> Told:
        values, place = line.values, line.organisation
        return cls(
            line.number, values.get(NUMBER, ""), values.get(SEX), values.get(BORN, ""), place.pk if place else None
        )

    def may_be(self, other: Told) -> bool:
        """Whether both rows, of one name, are about one person; two numbers are two people."""
        if self.number and other.number:
            return False
        return (self.sex, self.place) == (other.sex, other.place) and may_be_one(self.born, other.born)


def _is_provisional(person: Person) -> bool:
    return person.file_number.startswith(PROVISIONAL)


def may_be_one(one: str, other: str) -> bool:
    """The same of two canonical texts."""
    return may_be_born(one, partial_of(other))


def may_be_born(text: str, born: PartialDate | None) -> bool:
    """Whether two birth dates, each known to the day, the month, the year or not at all, may be one."""
    told = partial_of(text)
    return told is None or born is None or told.contains(born) or born.contains(told)


def provisional_numbers(count: int) -> list[str]:
    """Free numbers TẠM-… for people without a Số lý lịch."""
    highest = 0
    taken = Person.objects.filter(file_number__startswith=PROVISIONAL).values_list("file_number", flat=True)
    for number in taken.iterator():
        ending = number.removeprefix(PROVISIONAL)
        highest = max(highest, int(ending) if ending.isascii() and ending.isdigit() else 0)
    return [f"{PROVISIONAL}{highest + place:06}" for place in range(1, count + 1)]
