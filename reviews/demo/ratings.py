"""The yearly ratings 2011–2015 of organisations, members and mass organisations, as ranks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from members.models.memberships import StartReason
from members.models.organisations import OrganisationKind
from members.models.people import Sex
from reviews.demo.organisations import FOUNDED_ON
from reviews.demo.records import RATED_YEARS, Life, Mark, Place, World, end_of
from reviews.models.ratings import UnratedReason

# TCCSĐ by rank; what is left over is not rated, with a reason.
ORGANISATION_RANKS = {
    2011: (50, 14, 5, 2), 2012: (51, 13, 4, 1), 2013: (53, 12, 4, 1), 2014: (55, 11, 4, 1),
    2015: (57, 11, 2, 1),
}  # fmt: skip
UNDER_INSPECTION = "Đang được kiểm tra khi có dấu hiệu vi phạm"
# Mass organisations by rank, all but those of rank 1.
MASS_RANKS = {2011: (15, 5, 1), 2012: (13, 4, 1), 2013: (11, 4, 0), 2014: (9, 3, 0), 2015: (7, 2, 0)}
# Cells below the committees: how many of a hundred have rank 2, 3, 4.
CELL_RANKS = {2011: (22, 6, 1), 2012: (20, 5, 1), 2013: (19, 4, 1), 2014: (17, 4, 0), 2015: (16, 3, 0)}
# Organisations that are the best every year, and cells commended for five years.
FLAGSHIPS = 4
STREAK_CELLS = 9


@dataclass(frozen=True)
class MemberPlan:
    """Of the members of a year: how many have rank 3 and 4, and how many are not rated for other reasons."""

    third: int
    fourth: int
    suspended: int
    other: int
    missing: int


MEMBER_PLANS = {
    2011: MemberPlan(141, 15, 4, 14, 21),
    2012: MemberPlan(124, 14, 3, 12, 16),
    2013: MemberPlan(113, 14, 3, 11, 12),
    2014: MemberPlan(97, 11, 4, 10, 9),
    2015: MemberPlan(87, 12, 3, 9, 7),
}
OTHER_NOTES = (
    "Đi học dài hạn ở nước ngoài",
    "Ốm điều trị dài ngày, chưa kiểm điểm",
    "Đi công tác ở nước ngoài",
)
MATERNITY = "Nghỉ thai sản, chưa kiểm điểm"


def rate(rng: Random, world: World) -> None:
    """Fill `world.marks`."""
    quality = {place.code: rng.random() for place in world.places}
    _make_best(world, quality)
    for year in RATED_YEARS:
        _rate_organisations(rng, world, year, quality)
        _rate_cells(rng, world, year, quality)
        _rate_mass(rng, world, year)
        _rate_members(rng, world, year)


def _make_best(world: World, quality: dict[str, float]) -> None:
    """Give the flagships, and a cell each of nine committees, the best of qualities."""
    lasting = [unit for unit in world.units if not unit.founded_on and not unit.ended_on]
    for unit in sorted(lasting, key=lambda unit: -quality[unit.code])[:FLAGSHIPS]:
        quality[unit.code] = 9
    cells = [p for p in world.places if p.kind == OrganisationKind.SUBORDINATE_CELL]
    cells = [p for p in cells if not p.founded_on and len(p.states) == 1]
    taken: list[Place] = []
    for cell in sorted(cells, key=lambda cell: -quality[cell.code]):
        unit = cell.unit_on(end_of(RATED_YEARS[-1]))
        if len(taken) < STREAK_CELLS and unit not in taken:
            taken.append(unit)
            quality[cell.code] = 9


def streak_cells(world: World) -> list[Place]:
    """The nine cells with rank 1 in all years, in nine committees."""
    firsts = [
        mark.subject
        for mark in world.marks
        if mark.rank == 1 and isinstance(mark.subject, Place) and not mark.subject.is_grassroots
    ]
    chosen: list[Place] = []
    units: list[Place] = []
    for cell in firsts[: len(firsts) // len(RATED_YEARS)]:
        unit = cell.unit_on(end_of(RATED_YEARS[-1]))
        if firsts.count(cell) == len(RATED_YEARS) and unit not in units and len(chosen) < STREAK_CELLS:
            chosen.append(cell)
            units.append(unit)
    return chosen


# Organisations


def _rate_organisations(rng: Random, world: World, year: int, quality: dict[str, float]) -> None:
    units = [unit for unit in world.units if unit.exists_on(end_of(year))]
    for unit in [unit for unit in units if unit.founded_on == FOUNDED_ON and year == FOUNDED_ON.year]:
        units.remove(unit)
        world.marks.append(Mark(year, unit, None, reason=UnratedReason.FOUNDED_RECENTLY))
    best_first = _ranked(rng, units, quality)
    ranks = ORGANISATION_RANKS[year]
    for place in range(len(best_first) - sum(ranks)):
        unit = best_first.pop(len(best_first) // 2 + place)
        world.marks.append(Mark(year, unit, None, reason=UnratedReason.OTHER, note=UNDER_INSPECTION))
    numbers = [rank for rank, count in enumerate(ranks, start=1) for _ in range(count)]
    world.marks += [Mark(year, unit, rank) for unit, rank in zip(best_first, numbers, strict=True)]


def _ranked(rng: Random, places: list[Place], quality: dict[str, float]) -> list[Place]:
    """Best first: mostly as in other years, partly as the year had it."""
    keys = {place.code: quality[place.code] * 0.7 + rng.random() * 0.5 for place in places}
    return sorted(places, key=lambda place: -keys[place.code])


def _rate_cells(rng: Random, world: World, year: int, quality: dict[str, float]) -> None:
    middle = dt.date(year, 6, 30)
    cells = [p for p in world.places if p.kind == OrganisationKind.SUBORDINATE_CELL and p.exists_on(middle)]
    best_first = _ranked(rng, cells, quality)
    counts = [len(cells) * percent // 100 for percent in CELL_RANKS[year]]
    ranks = [1] * (len(cells) - sum(counts))
    ranks += [rank for rank, count in enumerate(counts, start=2) for _ in range(count)]
    world.marks += [Mark(year, cell, rank) for cell, rank in zip(best_first, ranks, strict=True)]


def _rate_mass(rng: Random, world: World, year: int) -> None:
    there = [mass for mass in world.mass if mass.exists_on(end_of(year))]
    weak = rng.sample(there, sum(MASS_RANKS[year]))
    ranks = [rank for rank, count in enumerate(MASS_RANKS[year], start=2) for _ in range(count)]
    lower = {mass.code: rank for mass, rank in zip(weak, ranks, strict=True)}
    world.marks += [Mark(year, mass, lower.get(mass.code, 1)) for mass in there]


# Members


def _rate_members(rng: Random, world: World, year: int) -> None:
    last = end_of(year)
    rated: list[tuple[Life, Place]] = []
    for life, stay in ((life, life.stay_on(last)) for life in world.lives):
        if not stay:
            continue
        recent = stay.entry.decided_on > dt.date(year, 6, 30) and stay.start_reason != StartReason.TRANSFERRED_IN
        if life.is_exempt_on(last):
            world.marks.append(Mark(year, life, None, stay.place, UnratedReason.EXEMPT))
        elif recent:
            world.marks.append(Mark(year, life, None, stay.place, UnratedReason.ADMITTED_RECENTLY))
        else:
            rated.append((life, stay.place))
    rated = _set_aside(rng, world, year, rated)
    for life in world.rated_leavers[year]:
        rated.append((life, life.stays[-1].place))
    _give_ranks(rng, world, year, rated)


def _set_aside(rng: Random, world: World, year: int, pairs: list[tuple[Life, Place]]) -> list[tuple[Life, Place]]:
    """Without the suspended, those unrated for other reasons, and the few of whom nothing was reported."""
    plan = MEMBER_PLANS[year]
    ordinary = [pair for pair in pairs if not pair[0].is_model and not pair[0].was_disciplined_in(year)]
    aside = rng.sample(ordinary, plan.suspended + plan.other + plan.missing)
    for number, (life, place) in enumerate(aside):
        if number < plan.suspended:
            world.marks.append(Mark(year, life, None, place, UnratedReason.SUSPENDED))
        elif number < plan.suspended + plan.other:
            may_be_mother = life.sex == Sex.FEMALE and 22 < life.age_on(end_of(year)) < 42
            note = MATERNITY if may_be_mother else rng.choice(OTHER_NOTES)
            world.marks.append(Mark(year, life, None, place, UnratedReason.OTHER, note))
    return [pair for pair in pairs if pair not in aside]


def _give_ranks(rng: Random, world: World, year: int, rated: list[tuple[Life, Place]]) -> None:
    plan = MEMBER_PLANS[year]
    punished = [life for life, _ in rated if life.was_disciplined_in(year)]
    free = [life for life, _ in rated if not life.was_disciplined_in(year) and not life.is_model]
    lowest = sorted(free, key=lambda life: life.merit * 0.3 + rng.random())[: plan.third + plan.fourth - len(punished)]
    rng.shuffle(lowest)
    ranks: dict[int, int] = {id(life): 3 for life in lowest}
    for life in punished + lowest[: plan.fourth - len(punished)]:
        ranks[id(life)] = 4
    by_unit: dict[str, list[Life]] = {}
    for life, place in rated:
        if id(life) not in ranks:
            by_unit.setdefault(place.unit_on(end_of(year)).code, []).append(life)
    for good in by_unit.values():
        ranks |= {id(life): 1 for life in _excellent(rng, year, good)}
    world.marks += [Mark(year, life, ranks.get(id(life), 2), place) for life, place in rated]


def _excellent(rng: Random, year: int, good: list[Life]) -> list[Life]:
    """Who of a unit's good members is the best: at most 15 % of those who are left, or one."""
    official = [life for life in good if life.is_official_on(dt.date(year, 6, 30))]
    models = sum(life.is_model for life in official)
    most = int(15 * len(good) / 115 * rng.uniform(0.88, 1.08))
    most = max(1, models, min(most, 15 * len(good) // 115))
    best_first = sorted(official, key=lambda life: -(5 * life.is_model + life.merit * 0.5 + rng.random()))
    return best_first[:most]
