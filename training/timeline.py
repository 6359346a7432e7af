"""What classes add to the timeline of a person (members.timeline)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from members.models import Person
from members.partial_dates import PartialDate
from members.timeline import Moment


def classes(person: Person, reader: Any) -> Iterator[Moment]:
    """The classes that the person attended, on their opening days."""
    for enrolment in person.enrolments.select_related("training_class"):
        result = f" – {enrolment.get_result_display()}" if enrolment.result else ""
        opened = PartialDate(enrolment.training_class.opens_on)
        yield Moment(opened, f"Học {_small(enrolment.training_class.name)}{result}")


def _small(name: str) -> str:
    """A class's name within a sentence: "Lớp …" begins small, "LLCT …" stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
