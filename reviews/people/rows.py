"""The rows of a list of people: what of each person's records the columns show, read for many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from members.models import GRASSROOTS_KINDS, Exemption, Membership, OrganisationPeriod, Person
from members.models.memberships import LATEST_FIRST
from members.partial_dates import PartialDate
from members.party_age import Count as PartyCount
from members.party_age import counts_by_person
from reviews.models import MemberRating, UnratedReason
from reviews.people.filters import full_years, ratings_of
from reviews.people.selection import Selection


@dataclass(frozen=True)
class Unit:
    """An organisation as it was called on the day of the list."""

    pk: int
    code: str
    name: str
    kind: str
    path: str


@dataclass(frozen=True)
class PersonRow:
    """A person in a list."""

    person: Person
    stay: Membership | None
    unit: Unit | None
    grassroots: Unit | None
    is_exempt: bool
    rating: MemberRating | None
    in_party: PartyCount | None
    day: dt.date

    @property
    def name(self) -> str:
        return self.person.full_name

    @property
    def has_left(self) -> bool:
        """Whether the stay had ended by the day."""
        return self.stay is not None and self.stay.ended_on is not None and self.stay.ended_on <= self.day

    @property
    def left(self) -> PartialDate | None:
        """When the stay ended, if it had by the day."""
        return self.stay.ended if self.stay is not None and self.has_left else None

    @property
    def standing(self) -> str:
        """What the person was on the day."""
        if self.stay is None:
            return "Quần chúng ưu tú"
        if self.has_left:
            return self.stay.get_end_reason_display()
        if self.is_exempt:
            return "Miễn sinh hoạt"
        official = self.stay.admission.official_on
        return "Chính thức" if official is not None and official <= self.day else "Dự bị"

    @property
    def decided(self) -> PartialDate | None:
        return self.stay.admission.decided if self.stay else None

    @property
    def official(self) -> PartialDate | None:
        return self.stay.admission.official if self.stay else None

    @property
    def years_in_party(self) -> int | None:
        """Full years in the Party on the day, or when counting stopped before."""
        age = self.in_party.age(self.day) if self.in_party else None
        return age.years if age else None

    @property
    def age(self) -> int | None:
        return full_years(self.person.born_on, self.day)

    @property
    def rated(self) -> str:
        """The rating of the year asked for."""
        if self.rating is None:
            return ""
        if self.rating.level is not None:
            return self.rating.level.name
        return f"Không xếp loại – {UnratedReason(self.rating.unrated_reason).label}"


class Loader:
    """Reads the rows for keys of people; a fixed number of queries, whatever their number.

    Organisations that were read once are kept, so that a workbook read in pieces asks for each only once.
    """

    def __init__(self, selection: Selection, *, with_rating: bool, with_years: bool) -> None:
        self.selection = selection
        self.day = selection.day
        self.with_years = with_years
        self.rated_in: int | None = selection.wanted.get("nam_xl") if with_rating else None
        self._units: dict[int, Unit] = {}

    def rows(self, keys: Sequence[int]) -> list[PersonRow]:
        """The rows in the order of the keys."""
        people = {person.pk: person for person in Person.objects.filter(pk__among=list(keys)).order_by()}
        stays = self._stays(keys)
        exempt = set(
            Exemption.objects.on(self.day).filter(person__among=list(keys)).order_by().values_list("person", flat=True)
        )
        ratings = self._ratings(keys)
        in_party = counts_by_person(list(people.values())) if self.with_years else {}
        places = {key: self._place(people[key], stays.get(key)) for key in keys if key in people}
        self._read_units({place for place in places.values() if place is not None})
        return [
            PersonRow(
                people[key],
                stays.get(key),
                self._units.get(place) if place else None,
                self._grassroots(place),
                key in exempt,
                ratings.get(key),
                in_party.get(key),
                self.day,
            )
            for key, place in places.items()
        ]

    @staticmethod
    def _place(person: Person, stay: Membership | None) -> int | None:
        return stay.organisation_id if stay else person.followed_by_id

    def _stays(self, keys: Sequence[int]) -> dict[int, Membership]:
        """Of each the last stay begun by the day, in the organisations of the list."""
        stays = self.selection.stays.filter(person__among=list(keys), began_on__lte=self.day)
        found: dict[int, Membership] = {}
        for stay in stays.select_related("admission").order_by(*LATEST_FIRST):
            found.setdefault(stay.person_id, stay)
        return found

    def _ratings(self, keys: Sequence[int]) -> dict[int, MemberRating]:
        if self.rated_in is None:
            return {}
        ratings = ratings_of(self.rated_in).filter(person__among=list(keys)).select_related("level")
        return {rating.person_id: rating for rating in ratings}

    # Organisations

    def _read_units(self, keys: set[int]) -> None:
        """Those organisations and, of what stands above them, what the reader may see."""
        self._read(keys)
        above = {int(key) for pk in keys if pk in self._units for key in self._units[pk].path.split("/")[:-1]}
        self._read(above)

    def _read(self, keys: set[int]) -> None:
        wanted = sorted(keys - self._units.keys())
        if not wanted:
            return
        columns = ("organisation", "organisation__code", "name", "kind", "path", "organisation__path")
        periods = OrganisationPeriod.objects.on(self.day).filter(organisation__among=wanted).order_by()
        for *unit, path_today in periods.values_list(*columns):
            if path_today.startswith(self.selection.scope.paths):
                self._units[unit[0]] = Unit(*unit)

    def _grassroots(self, pk: int | None) -> Unit | None:
        """The TCCSĐ that the organisation is or belongs to."""
        unit = self._units.get(pk) if pk else None
        if unit is None:
            return None
        line = (self._units.get(int(key)) for key in reversed(unit.path.split("/")[:-1]))
        return next((upper for upper in line if upper is not None and upper.kind in GRASSROOTS_KINDS), None)
