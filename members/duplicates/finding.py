"""Pairs of files that may be one person's: a score, with its reasons in words.

People are compared only with those who share a number, the name and something of the birth, or the day of birth and
the given name; that takes two queries, however many people there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

from members.models import DistinctPair, Membership, Person
from members.models.memberships import LATEST_FIRST
from members.partial_dates import Precision
from members.text import fold

# From which score on a pair is shown, and how many people one block may hold: beyond it says nothing.
LEAST, LARGEST_BLOCK = 50, 40
ALIKE = 0.84
NUMBERS = ("file_number", "card_number", "former_card_number", "national_id_number", "former_id_number")
COLUMNS = ("pk", "full_name", "name_search", "sex", "born_on", "born_on_precision", "home_town", *NUMBERS)
_NO_NUMBER = re.compile(r"(?i)t[aạ]m")


@dataclass(eq=False)
class Known:
    """What is compared of a person."""

    person: Any
    home: int | None = None
    home_name: str = ""
    numbers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Two people who may be one: from 0 to 100, and why."""

    first: Known
    second: Known
    score: int
    reasons: tuple[str, ...]


def find_pairs(user: Any) -> list[Pair]:
    """The pairs among people whom `user` may change, the likeliest first, without those told apart."""
    known = {one.person.pk: one for one in _known(user)}
    apart = set(DistinctPair.objects.order_by().values_list("first", "second"))
    pairs = (compare(known[first], known[second]) for first, second in _blocked(known.values()) - apart)
    found = [pair for pair in pairs if pair.score >= LEAST]
    return sorted(found, key=lambda pair: (-pair.score, pair.first.person.name_search, pair.first.person.pk))


def compare_people(first: Person, second: Person) -> Pair:
    """Two people, whatever their score."""
    return compare(*_with_homes([Known(first), Known(second)]))


def _known(user: Any) -> list[Known]:
    people = Person.objects.changeable_by(user).order_by().only(*COLUMNS)
    return _with_homes([Known(person) for person in people])


def _with_homes(known: list[Known]) -> list[Known]:
    homes: dict[int, Any] = {}
    keys = [one.person.pk for one in known]
    few = Membership.objects.filter(person__in=keys) if len(keys) < 500 else Membership.objects.all()
    for person, home, name in few.order_by("person", *LATEST_FIRST).values_list(
        "person", "organisation", "organisation__name"
    ):
        homes.setdefault(person, (home, name))
    for one in known:
        one.home, one.home_name = homes.get(one.person.pk, (None, ""))
        one.numbers = {name: plain_number(getattr(one.person, name)) for name in NUMBERS}
    return known


def plain_number(text: str) -> str:
    """Letters and digits of a number without leading zeros; "" for a provisional one and for what is too short."""
    if _NO_NUMBER.match(text):
        return ""
    plain = re.sub(r"[^0-9a-z]", "", fold(text)).lstrip("0")
    return plain if len(plain) >= 5 else ""


# --- Blocks ----------------------------------------------------------------------------------------


def _blocked(known: Iterable[Known]) -> set[tuple[int, int]]:
    """The keys of all pairs that share a block, the lower first."""
    blocks: dict[Any, list[int]] = defaultdict(list)
    for one in known:
        for key in set(_keys(one)):
            blocks[key].append(one.person.pk)
    return {
        (min(pair), max(pair))
        for keys in blocks.values()
        if 1 < len(keys) <= LARGEST_BLOCK
        for pair in combinations(keys, 2)
    }


def _keys(one: Known) -> Iterator[Any]:
    person = one.person
    for number in filter(None, one.numbers.values()):
        yield "number", number
    if person.born_on is None:
        yield "name", person.name_search
    else:
        yield "name", person.name_search, person.born_on.year
        yield "name", person.name_search
    if person.born_on is not None and person.born_on_precision == Precision.DAY:
        yield "born", person.born_on, person.name_search.rpartition(" ")[2]


# --- Score -----------------------------------------------------------------------------------------


def compare(first: Known, second: Known) -> Pair:
    """How likely two files are one person's."""
    told = [point for rule in (_numbers, _names, _births, _places) for point in rule(first, second)]
    score = max(0, min(100, sum(points for points, _ in told)))
    return Pair(first, second, score, tuple(reason for _, reason in told))


Points = Iterator[tuple[int, str]]
GROUPS = (
    ("số định danh cá nhân", ("national_id_number", "former_id_number"), 75),
    ("số thẻ đảng viên", ("card_number", "former_card_number"), 75),
    ("số lý lịch", ("file_number",), 50),
)


def _numbers(first: Known, second: Known) -> Points:
    for label, names, points in GROUPS:
        mine = {first.numbers[name] for name in names} - {""}
        theirs = {second.numbers[name] for name in names} - {""}
        if mine & theirs:
            yield points, f"cùng {label}"
    one, other = first.numbers["national_id_number"], second.numbers["national_id_number"]
    if one and other and one != other and len(one) == len(other):
        yield -50, "khác số định danh cá nhân"


def _names(first: Known, second: Known) -> Points:
    one, other = first.person, second.person
    if one.full_name.casefold() == other.full_name.casefold():
        yield 40, "cùng họ và tên"
    elif one.name_search == other.name_search:
        yield 30, "họ và tên chỉ khác dấu"
    elif SequenceMatcher(None, one.name_search, other.name_search).ratio() >= ALIKE:
        yield 22, "họ và tên gần giống"
    else:
        yield -20, "khác họ và tên"
    if one.sex != other.sex:
        yield -30, "khác giới tính"


def _births(first: Known, second: Known) -> Points:
    one, other = first.person.born, second.person.born
    if one is None or other is None:
        yield 0, "một hồ sơ không có ngày sinh"
    elif one == other:
        yield (35, "cùng ngày sinh") if one.precision == Precision.DAY else (20, f"cùng sinh {one}")
    elif one.contains(other) or other.contains(one):
        yield 20, "ngày sinh khớp nhau, một hồ sơ ghi thiếu"
    elif one.first_day.year == other.first_day.year:
        yield 8, "cùng năm sinh, khác ngày"
    else:
        yield -25, "khác năm sinh"


def _places(first: Known, second: Known) -> Points:
    if first.home is not None and first.home == second.home:
        yield 10, "cùng tổ chức"
    town, other = fold(first.person.home_town), fold(second.person.home_town)
    if town and town == other:
        yield 10, "cùng quê quán"
