"""The base of kinds whose row is one record of a person: found by number or name, changed where the person may be."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, ClassVar

from members.exchange.cells import partial_of
from members.exchange.organisation_index import lines_of
from members.exchange.people_index import NAME, NUMBER
from members.exchange.plan import Line, good
from members.exchange.records import MISSING, OUT_OF_SCOPE, RecordImporter
from members.models import Person


class OfPersonImporter(RecordImporter):
    """Rows about people who are on record already; a new record lies where the person may be changed."""

    place_column: ClassVar[str] = "Mã tổ chức"

    def resolve(self, lines: list[Line]) -> None:
        self.find_places(lines)
        self.run.people.match(lines, may_be_new=False)
        found = [line for line in good(lines) if line.person is not None]
        allowed = self.run.changeable(Person, [line.person.pk for line in found])
        for line in found:
            if line.person.pk not in allowed:
                line.fail(NUMBER if line.values.get(NUMBER) else NAME, OUT_OF_SCOPE)

    def find_places(self, lines: list[Line]) -> None:
        """Set the organisations of the lines."""
        lines_of(self.run.organisations, lines, self.place_column)

    def _refuse_foreign(self, pairs: list[tuple[Any, Line]]) -> None:
        """The people were asked for already."""


class DatedImporter(OfPersonImporter):
    """Records of a person known by a date, which may be known in part; `date_name` is the property over it.

    The date is one of the cells as well, so that a fuller one is kept.
    """

    date_name: ClassVar[str]

    def resolve(self, lines: list[Line]) -> None:
        for line in lines:
            if self.key_column in self.needed and not line.values.get(self.key_column):
                line.fail(self.key_column, MISSING.format(self.key_column.lower()))
        super().resolve(lines)
        self._settle_dates(good(lines))

    def _settle_dates(self, lines: list[Line]) -> None:
        """A month or year in the file that holds a date on record means that record; also the other way."""
        self.near: dict[int, str] = {}
        stored = self._dates(lines)
        for line in lines:
            told = line.values.get(self.key_column, "")
            near = [text for text in stored.get(line.person.pk, []) if is_one_date(text, told)]
            line.values[self.key_column] = told
            if told not in near and len(near) == 1:
                self.near[id(line)] = near[0]

    def _dates(self, lines: list[Line]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for record in self._of(lines):
            found.setdefault(record.person_id, []).append(self._text(record))
        return found

    def _of(self, lines: list[Line]) -> Any:
        return self.model.objects.select_for_update().filter(person__in={line.person.pk for line in lines})

    def _text(self, record: Any) -> str:
        date = getattr(record, self.date_name)
        return date.isoformat() if date else ""

    def key(self, line: Line) -> Hashable:
        return line.person.pk, self.near.get(id(line), line.values[self.key_column])

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        return {(record.person_id, self._text(record)): record for record in self._of(lines)}

    def begin(self, line: Line) -> Any:
        record = self.model(person=line.person)
        setattr(record, self.date_name, partial_of(line.values[self.key_column]))
        return record


def is_one_date(one: str, other: str) -> bool:
    """Whether one of two canonical dates is the other or lies in it."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (bool(shorter) and longer.startswith(f"{shorter}-"))
