"""Who leads the invented organisations: posts in their committees since the congresses of 2015."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from members.models import CommitteePosition
from reviews.demo.records import Life, Place, World, end_of

TERM, CONGRESS = "2015–2020", dt.date(2015, 6, 15)
LAST_DAY = end_of(2015)
_TOP = CommitteePosition
# From which number of members on an organisation has which posts.
_CELL = ((3, _TOP.SECRETARY), (9, _TOP.DEPUTY), (9, _TOP.MEMBER))
_COMMITTEE = ((3, _TOP.SECRETARY), (3, _TOP.DEPUTY), (30, _TOP.STANDING_MEMBER), (30, _TOP.MEMBER), (30, _TOP.MEMBER))


class Held(NamedTuple):
    """A post."""

    place: Place
    life: Life
    position: str


def posts(world: World) -> Iterator[Held]:
    """The committees of all organisations that exist at the end of 2015, out of their own official members."""
    members = _members(world)
    for place in world.places:
        people = members[place.code]
        wanted = _CELL if place.has_members else _COMMITTEE
        positions = [position for least, position in wanted if len(people) >= least]
        for life, position in zip(people, positions, strict=False):
            yield Held(place, life, position)


def _members(world: World) -> dict[str, list[Life]]:
    """By code the members who stay there or below it from the congress on, the longest in the Party first."""
    found: dict[str, list[Life]] = defaultdict(list)
    for life in world.lives:
        stay = life.stay_on(CONGRESS)
        if stay is None or not stay.covers(LAST_DAY) or life.is_elder or life.exempt_from:
            continue
        if stay.entry.official_on is None or stay.entry.official_on > CONGRESS:
            continue
        place: Place | None = stay.place
        while place is not None:
            if place.exists_on(LAST_DAY) and place.exists_on(CONGRESS):
                found[place.code].append(life)
            place = place.state_on(LAST_DAY).parent
    for lives in found.values():
        lives.sort(key=lambda life: (life.entries[-1].decided_on, life.file_number))
    return found
