"""The base of kinds whose row is a record of a person or of an organisation: of whom it names."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from members.exchange.organisation_index import lines_of
from members.exchange.people_index import NAME, NUMBER
from members.exchange.plan import Line, good
from members.exchange.records import OUT_OF_SCOPE, RecordImporter
from members.exchange.run import Run
from members.models import Person

PLACE = "Mã tổ chức"
NO_SUBJECT = "Chưa ghi số lý lịch hoặc mã tổ chức."

Subject = tuple[str, int]


def names_person(line: Line) -> bool:
    """Whether the row says who it is about; the organisation beside them only helps to find the person."""
    return bool(line.values.get(NUMBER) or line.values.get(NAME))


def refuse_foreign_people(run: Run, lines: list[Line]) -> None:
    """Report the people whom the user may not change."""
    found = [line for line in good(lines) if line.person is not None]
    allowed = run.changeable(Person, [line.person.pk for line in found])
    for line in found:
        if line.person.pk not in allowed:
            line.fail(NUMBER if line.values.get(NUMBER) else NAME, OUT_OF_SCOPE)


class OfSubjectImporter(RecordImporter):
    """Rows about people on record or, where they name none, about the organisation of their own cell."""

    columns_by_field = {"person": NUMBER, "organisation": PLACE}

    def resolve(self, lines: list[Line]) -> None:
        lines_of(self.run.organisations, lines, PLACE)
        of_people = [line for line in lines if names_person(line)]
        self.run.people.match(of_people, may_be_new=False)
        refuse_foreign_people(self.run, of_people)
        for line in lines:
            if not names_person(line) and not line.values.get(PLACE):
                line.fail(NUMBER, NO_SUBJECT)

    def subject(self, line: Line) -> Subject:
        """Whom a good line is about."""
        return ("person", line.person.pk) if line.person is not None else ("organisation", line.organisation.pk)

    def subject_of(self, record: Any) -> Subject:
        """Whom a record is about."""
        is_person = record.person_id is not None
        return ("person", record.person_id) if is_person else ("organisation", record.organisation_id)

    def of_subjects(self, lines: list[Line]) -> Any:
        """The records of the subjects of good lines, locked."""
        keys: dict[str, set[int]] = {"person": set(), "organisation": set()}
        for line in lines:
            name, key = self.subject(line)
            keys[name].add(key)
        rows = self.model.objects.select_for_update()
        return rows.filter(Q(person__in=keys["person"]) | Q(organisation__in=keys["organisation"]))

    def begin(self, line: Line) -> Any:
        name, key = self.subject(line)
        return self.model(**{f"{name}_id": key})

    def _refuse_foreign(self, pairs: list[tuple[Any, Line]]) -> None:
        """The people were asked for already, and an organisation that is found lies in the scope."""
