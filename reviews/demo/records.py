"""What the invented world is made of before it becomes rows: plain records, no database.

Records are compared by identity; nothing here or beside it walks a set, so that every run gives the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from members.models.memberships import EndReason, StartReason
from members.models.organisations import OrganisationEvent, OrganisationKind
from members.partial_dates import Precision

FIRST_YEAR = 2010
LAST_YEAR = 2015
RATED_YEARS = range(2011, LAST_YEAR + 1)


def end_of(year: int) -> dt.date:
    """31 December."""
    return dt.date(year, 12, 31)


@dataclass(eq=False)
class State:
    """What a place was from a day (None: from the beginning) to the next of its states."""

    starts_on: dt.date | None
    name: str
    parent: Place | None
    event: str = OrganisationEvent.FOUNDED


@dataclass(eq=False)
class Place:
    """A Party organisation."""

    code: str
    kind: str
    states: list[State]
    sector: str = ""
    head: str = ""
    staff: tuple[str, ...] = ()
    weight: float = 0.0
    founded_on: dt.date | None = None
    ended_on: dt.date | None = None

    @property
    def name(self) -> str:
        """The last name."""
        return self.states[-1].name

    def state_on(self, day: dt.date) -> State:
        """The state of that day."""
        return [s for s in self.states if s.starts_on is None or s.starts_on <= day][-1]

    def exists_on(self, day: dt.date) -> bool:
        """Founded by that day and not ended by then."""
        founded = self.founded_on is None or self.founded_on <= day
        return founded and (self.ended_on is None or self.ended_on > day)

    def takes_people_in(self, year: int) -> bool:
        """Whether people join it in `year`: all of that year it must be there."""
        return self.exists_on(dt.date(year - 1, 12, 31)) and self.exists_on(end_of(year))

    @property
    def is_grassroots(self) -> bool:
        """Tổ chức cơ sở đảng."""
        return self.kind in (OrganisationKind.GRASSROOTS_COMMITTEE, OrganisationKind.GRASSROOTS_CELL)

    @property
    def has_members(self) -> bool:
        """Chi bộ: people stay in cells only."""
        return self.kind in (OrganisationKind.GRASSROOTS_CELL, OrganisationKind.SUBORDINATE_CELL)

    def unit_on(self, day: dt.date) -> Place:
        """The grassroots organisation that it is or belongs to on that day."""
        place = self
        while not place.is_grassroots:
            parent = place.state_on(day).parent
            if parent is None:
                raise ValueError(f"{self.code} stands below no grassroots organisation on {day}")
            place = parent
        return place


@dataclass(eq=False)
class MassPlace:
    """A mass organisation."""

    code: str
    name: str
    kind: str
    place: Place
    founded_on: dt.date | None = None
    ended_on: dt.date | None = None

    def exists_on(self, day: dt.date) -> bool:
        """Founded by that day and not ended by then."""
        founded = self.founded_on is None or self.founded_on <= day
        return founded and (self.ended_on is None or self.ended_on > day)


@dataclass(eq=False)
class Entry:
    """An admission; `place` is None for one elsewhere."""

    place: Place | None
    decided_on: dt.date
    ceremony_on: dt.date | None
    official_on: dt.date | None
    precision: str = Precision.DAY
    decision_number: str = ""
    official_number: str = ""


@dataclass(eq=False)
class Stay:
    """A stay of a person in a place."""

    place: Place
    entry: Entry
    began_on: dt.date
    start_reason: str = StartReason.ADMITTED
    ended_on: dt.date | None = None
    end_reason: str = ""

    def end(self, day: dt.date, reason: EndReason) -> None:
        """End it."""
        self.ended_on, self.end_reason = day, reason

    def covers(self, day: dt.date) -> bool:
        """Begun by that day and not ended by then."""
        return self.began_on <= day and (self.ended_on is None or self.ended_on > day)


@dataclass(eq=False)
class Life:
    """A person with everything that happened to them."""

    name: str
    sex: str
    born_on: dt.date
    entries: list[Entry] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    followed_by: Place | None = None
    merit: float = 0.0
    # Stays in one place through all years: whoever a badge or a streak of 2015 needs.
    is_steady: bool = False
    # Has a streak of five years at the best level.
    is_model: bool = False
    # Kept on in the cell after retirement.
    is_elder: bool = False
    exempt_from: dt.date | None = None
    disciplines: list[tuple[str, dt.date]] = field(default_factory=list)
    theory_level: str = ""
    file_number: str = ""
    card_number: str = ""
    details: dict[str, object] = field(default_factory=dict)

    def stay_on(self, day: dt.date) -> Stay | None:
        """The stay that covers that day."""
        return next((stay for stay in self.stays if stay.covers(day)), None)

    def age_on(self, day: dt.date) -> int:
        """Full years."""
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))

    def is_exempt_on(self, day: dt.date) -> bool:
        """Miễn công tác và sinh hoạt đảng."""
        return self.exempt_from is not None and self.exempt_from <= day

    def is_official_on(self, day: dt.date) -> bool:
        """By the entry of the stay of that day."""
        stay = self.stay_on(day)
        return bool(stay and stay.entry.official_on and stay.entry.official_on <= day)

    def was_disciplined_in(self, year: int) -> bool:
        """Whether any decision is dated in `year`."""
        return any(day.year == year for _, day in self.disciplines)


@dataclass(eq=False)
class Award:
    """A badge."""

    life: Life
    milestone: int
    awarded_on: dt.date
    number: str


@dataclass(eq=False)
class Learner:
    """Somebody in a class: a person, or one unnamed of a place."""

    who: Life | Place
    result: str = ""
    score: str = ""
    grade: str = ""
    certificate: str = ""


@dataclass(eq=False)
class Course:
    """A class with its learners."""

    code: str
    name: str
    programme: str
    provider: str
    opens_on: dt.date
    closes_on: dt.date
    learners: list[Learner] = field(default_factory=list)


@dataclass(eq=False)
class Mark:
    """A year's rating of somebody: the rank of the level, or the reason why there is none."""

    year: int
    subject: Life | Place | MassPlace
    rank: int | None
    place: Place | None = None
    reason: str = ""
    note: str = ""


@dataclass(eq=False)
class Praise:
    """A commendation."""

    year: int
    who: Life | Place
    form: str
    title: str
    decided_on: dt.date
    number: str
    form_text: str = ""
    title_text: str = ""


@dataclass(eq=False)
class World:
    """Everything, in the order in which it was made up."""

    root: Place
    places: list[Place]
    mass: list[MassPlace]
    successions: list[tuple[Place, Place, dt.date, str]]
    lives: list[Life] = field(default_factory=list)
    candidates: list[Life] = field(default_factory=list)
    # Who left towards the end of the year and was rated for it all the same, by year.
    rated_leavers: dict[int, list[Life]] = field(default_factory=dict)
    awards: list[Award] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    praises: list[Praise] = field(default_factory=list)

    @property
    def units(self) -> list[Place]:
        """The grassroots organisations of all times."""
        return [place for place in self.places if place.is_grassroots]

    @property
    def cells(self) -> list[Place]:
        """Where people stay."""
        return [place for place in self.places if place.has_members]

    def members_on(self, day: dt.date) -> list[Life]:
        """Who was a member that day."""
        return [life for life in self.lives if life.stay_on(day)]
