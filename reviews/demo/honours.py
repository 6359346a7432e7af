"""Badges and commendations."""

from __future__ import annotations

import datetime as dt
from random import Random

from members.models.memberships import StartReason
from reviews.demo.dates import add_years, next_feast
from reviews.demo.ratings import streak_cells
from reviews.demo.records import LAST_YEAR, RATED_YEARS, Award, Life, Mark, Place, Praise, World, end_of
from reviews.models.commendations import CommendationForm, CommendationTitle

MILESTONES = (30, 40, 50)
# Badges of 30 years before this day are left out: their rules are not among the reference data.
FIRST_OF_THIRTY = dt.date(2007, 2, 3)
LAST_AWARD = dt.date(LAST_YEAR, 11, 7)

EXEMPLARY = {2011: 24, 2012: 26, 2013: 27, 2014: 29, 2015: 31}
# How many certificates of the grassroots committees' own a year, beside those of the streaks.
OWN_OF_CELLS = 38
OWN_OF_MEMBERS = 90
OTHER_CERTIFICATES = 7
OWN_FORM = "Giấy khen của đảng ủy cơ sở"
CELL_OF_YEAR = "Chi bộ trong sạch, vững mạnh tiêu biểu trong năm"
MEMBER_OF_YEAR = "Đảng viên hoàn thành xuất sắc nhiệm vụ trong năm"
OTHER_TITLES = (
    "Thành tích xuất sắc trong học tập và làm theo tấm gương đạo đức Hồ Chí Minh",
    "Thành tích xuất sắc trong công tác kiểm tra, giám sát",
    "Thành tích xuất sắc trong công tác tổ chức xây dựng Đảng",
)
FIVE_YEARS_OF_ORGANISATION = "Tổ chức cơ sở đảng trong sạch, vững mạnh tiêu biểu 5 năm liền"


def honour(rng: Random, world: World) -> None:
    """Fill `world.awards` and `world.praises`; the ratings must be there."""
    for life in world.lives:
        for milestone in MILESTONES:
            _award(rng, world, life, milestone)
    for year in RATED_YEARS:
        _praise_year(rng, world, year)
    _praise_streaks(world)


# Badges


def _award(rng: Random, world: World, life: Life, milestone: int) -> None:
    """At the first award day after so many years, to who was a member then or had it before coming."""
    decided = life.entries[0].decided_on
    day = next_feast(add_years(decided, milestone))
    if milestone == MILESTONES[0] and day < FIRST_OF_THIRTY:
        day = FIRST_OF_THIRTY
        if add_years(decided, MILESTONES[1]) <= day:
            return
    came_with_it = life.stays[0].start_reason == StartReason.TRANSFERRED_IN and day < life.stays[0].began_on
    forgotten = day.year < LAST_YEAR and rng.random() < 0.02
    if day > LAST_AWARD or forgotten or not (came_with_it or life.stay_on(day)):
        return
    number = f"E{300_000 + len(world.awards) * 7 + milestone:06}"
    world.awards.append(Award(life, milestone, day, number))


# Commendations


def _praise_year(rng: Random, world: World, year: int) -> None:
    marks = [mark for mark in world.marks if mark.year == year and mark.rank == 1]
    best = [mark.subject for mark in marks if isinstance(mark.subject, Place) and mark.subject.is_grassroots]
    day, number = dt.date(year + 1, 1, 8), f"{12 + year - RATED_YEARS[0]}-QĐ/ĐUK"
    title: str = CommendationTitle.ORGANISATION_EXEMPLARY
    for unit in best[: EXEMPLARY[year]]:
        world.praises.append(Praise(year, unit, CommendationForm.CERTIFICATE, title, day, number))
    _praise_others(rng, world, year, best)
    _praise_from_below(rng, world, year, marks)


def _praise_others(rng: Random, world: World, year: int, best: list[Place]) -> None:
    day, number = dt.date(year, 10, 14), f"{131 + year - RATED_YEARS[0]}-QĐ/ĐUK"
    for who in rng.sample(best, OTHER_CERTIFICATES):
        title = rng.choice(OTHER_TITLES)
        world.praises.append(_other(year, who, CommendationForm.CERTIFICATE, title, day, number))


def _praise_from_below(rng: Random, world: World, year: int, marks: list[Mark]) -> None:
    """What the grassroots committees give themselves: no giấy khen of the committee."""
    streaks = streak_cells(world)
    cells = [m.subject for m in marks if isinstance(m.subject, Place) and not m.subject.is_grassroots]
    chosen = streaks + rng.sample([cell for cell in cells if cell not in streaks], OWN_OF_CELLS)
    people = [m.subject for m in marks if isinstance(m.subject, Life)]
    models = [life for life in people if life.is_model]
    others = rng.sample([life for life in people if not life.is_model], OWN_OF_MEMBERS)
    day = dt.date(year, 12, 28)
    for who, title in [(c, CELL_OF_YEAR) for c in chosen] + [(p, MEMBER_OF_YEAR) for p in models + others]:
        place = who if isinstance(who, Place) else who.stays[-1].place
        number = f"{3 + year % 7}-QĐ/{place.unit_on(end_of(year)).code[4:6]}"
        world.praises.append(_other(year, who, CommendationForm.OTHER, title, day, number, OWN_FORM))


def _other(
    year: int, who: Life | Place, form: str, title: str, day: dt.date, number: str, form_text: str = ""
) -> Praise:
    return Praise(year, who, form, CommendationTitle.OTHER, day, number, form_text, title)


def _praise_streaks(world: World) -> None:
    """Five years from 2011 to 2015: cells and members by the committee, organisations by the one above."""
    day = dt.date(LAST_YEAR + 1, 1, 11)
    form = CommendationForm.CERTIFICATE
    for cell in streak_cells(world):
        title: str = CommendationTitle.CELL_FIVE_YEARS
        world.praises.append(Praise(LAST_YEAR, cell, form, title, day, "17-QĐ/ĐUK"))
    for life in world.lives:
        if life.is_model:
            title = CommendationTitle.MEMBER_FIVE_YEARS
            world.praises.append(Praise(LAST_YEAR, life, form, title, day, "18-QĐ/ĐUK"))
    day = dt.date(LAST_YEAR + 1, 1, 28)
    forms = (CommendationForm.FLAG, CommendationForm.DIPLOMA, CommendationForm.DIPLOMA)
    for form, unit in zip(forms, _always_exemplary(world), strict=False):
        world.praises.append(_other(LAST_YEAR, unit, form, FIVE_YEARS_OF_ORGANISATION, day, "96-QĐ/TU"))


def _always_exemplary(world: World) -> list[Place]:
    title = CommendationTitle.ORGANISATION_EXEMPLARY
    exemplary = [praise.who for praise in world.praises if praise.title == title]
    return [unit for unit in world.units if exemplary.count(unit) == len(RATED_YEARS)]
