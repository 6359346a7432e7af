"""Which organisation a cell means: by its code, its name or a former name, within what the user may change."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.functional import cached_property

from config.access import UserScope
from members.exchange.cells import Cell
from members.models import Organisation, OrganisationPeriod
from members.text import fold, same_name_key

UNKNOWN = (
    "Không có tổ chức nào mã hoặc tên “{}” trong phạm vi của bạn. Hãy ghi đúng mã tổ chức, hoặc thêm tổ chức này trước."
)


class Place(NamedTuple):
    """An organisation as far as rows need it."""

    pk: int
    code: str
    name: str
    path: str
    is_ended: bool


class UnknownPlaceError(ValueError):
    """The cell names no organisation, or several; the message tells the person, in Vietnamese, what to do."""


class HeldBackError(UnknownPlaceError):
    """The organisation's own row in the file is wrong: what speaks of it waits without an error of its own."""


class OrganisationIndex:
    """All organisations, read once for an import. `scope` None is everything; `within` a path that rows keep to."""

    def __init__(self, scope: UserScope | None, within: str = "") -> None:
        self.scope = scope
        self.within = within
        # Codes and names of organisations whose own rows are wrong.
        self.failed: set[str] = set()

    @cached_property
    def places(self) -> dict[int, Place]:
        """By key."""
        rows = Organisation.objects.order_by("pk").values_list("pk", "code", "name", "path", "ended_on")
        return {pk: Place(pk, code, name, path, ended is not None) for pk, code, name, path, ended in rows}

    @cached_property
    def by_code(self) -> dict[str, Place]:
        """By code, letter case aside."""
        return {place.code.casefold(): place for place in self.places.values()}

    @cached_property
    def _by_name(self) -> dict[str, list[Place]]:
        names: dict[str, list[Place]] = defaultdict(list)
        for place in self.places.values():
            names[_name_key(place.name)].append(place)
        return names

    @cached_property
    def _by_former_name(self) -> dict[str, list[Place]]:
        names: dict[str, list[Place]] = defaultdict(list)
        rows = OrganisationPeriod.objects.order_by("pk").values_list("name", "organisation").distinct()
        for name, pk in rows:
            if self.places[pk] not in names[_name_key(name)]:
                names[_name_key(name)].append(self.places[pk])
        return names

    def forget(self) -> None:
        """Read the organisations anew when they are asked for next: some were written."""
        for name in ("places", "by_code", "_by_name", "_by_former_name", "_by_bare_name"):
            self.__dict__.pop(name, None)

    @cached_property
    def _by_bare_name(self) -> dict[str, list[Place]]:
        names: dict[str, list[Place]] = defaultdict(list)
        for place in self.places.values():
            names[fold(place.name)].append(place)
        return names

    def covers(self, place: Place) -> bool:
        """Whether the user may change its records."""
        return self.scope is None or (bool(self.scope.paths) and place.path.startswith(self.scope.paths))

    def find(self, text: str) -> Place:
        """The organisation that a code or name means. Raises UnknownPlaceError; one out of scope is unknown."""
        place = self.by_code.get(text.casefold())
        if place is not None and self.covers(place):
            return place
        for names, key in ((self._by_name, _name_key), (self._by_former_name, _name_key), (self._by_bare_name, fold)):
            found = [place for place in names.get(key(text), []) if self.covers(place)]
            if found:
                return self._only(found, text)
        if _name_key(text) in self.failed:
            raise HeldBackError(f"Dòng của tổ chức “{text}” đang sai.")
        raise UnknownPlaceError(UNKNOWN.format(text))

    def _only(self, found: list[Place], text: str) -> Place:
        """The one that is meant: with several, the one under the organisation of the file, or still there."""
        inside = [place for place in found if place.path.startswith(self.within)] if self.within else found
        for choice in (inside, [place for place in inside if not place.is_ended], found):
            if len(choice) == 1:
                return choice[0]
        codes = "; ".join(f"{place.code} ({self.above(place)})" for place in (inside or found)[:8])
        raise UnknownPlaceError(f"Có {len(inside or found)} tổ chức tên “{text}”: {codes}. Hãy ghi mã tổ chức.")

    def above(self, place: Place) -> str:
        """The name of the organisation above."""
        keys = [int(key) for key in place.path.split("/") if key][:-1]
        return self.places[keys[-1]].name if keys and keys[-1] in self.places else "không có cấp trên"

    def named_by(self, groups: list[str]) -> Place | None:
        """The organisation that the headings of a group speak of, the narrowest first; None where none does."""
        for heading in reversed(groups):
            try:
                return self.find(_NUMBERING.sub("", heading))
            except UnknownPlaceError:
                continue
        return None


# The number of a group before its name: "II. ", "a) ", "3 - ".
_NUMBERING = re.compile(r"^\s*(?:[IVXLC]+|[0-9]+|[A-Za-zĐđ])\s*[.)/–-]\s*")


def note_failed(index: OrganisationIndex, lines: Iterable[Any], columns: Sequence[str]) -> None:
    """Remember the organisations of wrong rows by what these columns call them."""
    for line in lines:
        if not line.is_good:
            index.failed |= {_name_key(line.values[column]) for column in columns if line.values.get(column)}


def _name_key(name: str) -> str:
    return same_name_key(name)


def lines_of(
    index: OrganisationIndex, lines: list[Any], column: str = "Mã tổ chức", default: Place | None = None
) -> None:
    """Set `organisation` of each line: its own cell, the group that it stands in, or `default`."""
    for line in lines:
        text = line.values.get(column, "")
        try:
            line.organisation = index.find(text) if text else (index.named_by(line.groups) or default)
        except HeldBackError as waiting:
            line.block(str(waiting))
        except UnknownPlaceError as unknown:
            line.fail(column, str(unknown))


def hidden_places(index: OrganisationIndex, lines: list[Any], column: str) -> dict[int, Place]:
    """Organisations out of scope that cells name by their codes, by identity of the line.

    To the user they are unknown, unless they are what is on record.
    """
    found = ((line, index.by_code.get(line.values.get(column, "").casefold())) for line in lines)
    return {id(line): place for line, place in found if place is not None and not index.covers(place)}


def place_cell(column: str, name: str, index: OrganisationIndex) -> Cell:
    """A column that names an organisation: its code. A wanted text must be a code, as `wanted` puts it."""

    def read(row: Any) -> str:
        pk = getattr(row, f"{name}_id")
        return index.places[pk].code if pk else ""

    def write(row: Any, value: str) -> None:
        setattr(row, f"{name}_id", index.by_code[value.casefold()].pk if value else None)

    return Cell(column, read, write, (name,))
