"""A person's file as the page shows it: sections with what is known, tables with their rows, what isn't told yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from members.models import Person
from members.person_forms import FOLLOWED, PARTS, Part
from members.person_tables import TABLES, TablePart, label_of

UNKNOWN = "–"
# Fields that the page shows in words of their own.
_SHOWN_AS = {"card_number": "card_as_printed", "former_card_number": "former_card_as_printed"}


@dataclass(frozen=True)
class ShownPart:
    """A section with its facts, and the labels of what isn't known."""

    part: Part
    facts: list[tuple[str, str]]
    missing: list[str]


@dataclass(frozen=True)
class ShownTable:
    """A table with its rows as texts."""

    table: TablePart
    rows: list[list[str]]


def shown_parts(person: Person) -> dict[str, ShownPart]:
    """The sections by their keys, with dashes replaced by underscores as templates need them."""
    return {part.key.replace("-", "_"): _shown(part, person) for part in PARTS if _is_shown(part, person)}


def _is_shown(part: Part, person: Person) -> bool:
    """Who follows and helps is no matter of the page once somebody is a member, unless something is told of it."""
    return part is not FOLLOWED or any(text for _, text in _texts(part, person))


def _shown(part: Part, person: Person) -> ShownPart:
    texts = dict(_texts(part, person))
    facts = [(label_of(Person, name), text or UNKNOWN) for name, text in texts.items() if text or name in part.needed]
    missing = [_small(label_of(Person, name)) for name, text in texts.items() if not text and name not in part.needed]
    return ShownPart(part, facts, missing)


def _texts(part: Part, person: Person) -> Iterator[tuple[str, str]]:
    left_out = {"full_name", "followed_by"} if person.memberships.all() else {"full_name"}
    return ((name, text_of(person, name)) for name in part.names if name not in left_out)


def shown_tables(person: Person) -> list[ShownTable]:
    """All tables, those without rows too; one query each."""
    return [
        ShownTable(table, [[text_of(row, name) or UNKNOWN for name in table.columns] for row in _rows(person, table)])
        for table in TABLES
    ]


def _rows(person: Person, table: TablePart) -> Any:
    return getattr(person, table.rows).all()


def text_of(row: Any, name: str) -> str:
    """What a record holds in a field, as people read it; "" for nothing."""
    if hasattr(row, f"get_{name}_display"):
        return str(getattr(row, f"get_{name}_display")())
    value = getattr(row, _SHOWN_AS.get(name, name))
    return "" if value is None else str(value)


def _small(label: str) -> str:
    """A label within a sentence; "Số CMND cũ" keeps its capitals."""
    return label[:1].lower() + label[1:]
