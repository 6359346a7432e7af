"""What waits for a user: tasks with a deadline, the bands they fall into, and the sources they come from.

Apps register their sources when they are ready (AppConfig.ready), so that members knows no class and no rating.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

# So many days ahead something is told.
HORIZON = 60


class Band(enum.Enum):
    """How near a deadline is: the word in addresses, the label, and the last day of it counted from today."""

    OVERDUE = ("qua-han", "Quá hạn", -1)
    WEEK = ("7-ngay", "Trong 7 ngày", 7)
    MONTH = ("30-ngay", "Trong 30 ngày", 30)
    LATER = ("60-ngay", "Trong 60 ngày", HORIZON)
    NO_DEADLINE = ("khong-han", "Không có hạn", None)

    def __init__(self, word: str, label: str, days: int | None) -> None:
        self.word = word
        self.label = label
        self.days = days


@dataclass(frozen=True)
class Task:
    """Something to be done: what, about whom, where, by when (the last day in time), and the rule that says so.

    `key` tells it from others of its source, the same every day; `count` is how many records it stands for,
    `person` the key of the one it is about.
    """

    what: str
    about: str
    place: str
    address: str
    key: str
    due_on: dt.date | None = None
    note: str = ""
    count: int = 1
    person: int | None = None
    source: str = ""

    def band(self, today: dt.date) -> Band:
        """How near the deadline is."""
        if self.due_on is None:
            return Band.NO_DEADLINE
        left = (self.due_on - today).days
        return next(band for band in Band if band.days is not None and left <= band.days)

    def days_left(self, today: dt.date) -> int | None:
        """The days up to the deadline, below zero when it has passed."""
        return (self.due_on - today).days if self.due_on else None


@dataclass(frozen=True)
class Source:
    """A kind of work: its word in addresses, its label, and what finds its tasks for a user on a day.

    It returns tasks due up to HORIZON days after that day, and all that are overdue, of records that the user may
    change; in a number of queries that doesn't grow with the records.
    """

    word: str
    label: str
    find: Callable[[Any, dt.date], Iterable[Task]]


SOURCES: list[Source] = []


def register(*sources: Source) -> None:
    """Add kinds of work, in the order in which the page lists them."""
    known = {source.word for source in SOURCES}
    SOURCES.extend(source for source in sources if source.word not in known)


def is_near(due_on: dt.date, today: dt.date) -> bool:
    """Whether a deadline is near enough to be told, or has passed."""
    return (due_on - today).days <= HORIZON


def tasks_of(user: Any, today: dt.date) -> list[Task]:
    """All that waits for the user, the most urgent first; what has no deadline comes last."""
    found = [replace(task, source=source.word) for source in SOURCES for task in source.find(user, today)]
    return sorted(found, key=lambda task: task.due_on or dt.date.max)
