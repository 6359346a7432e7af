"""Candidates (quần chúng ưu tú) and the classes of 2011–2015 with their learners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from random import Random

from members.models.organisations import OrganisationKind
from members.models.people import Sex, TheoryLevel
from reviews.demo.dates import office_day
from reviews.demo.names import make_name
from reviews.demo.records import LAST_YEAR, RATED_YEARS, Course, Learner, Life, World, end_of
from training.models import Result

SCHOOL = "Trường Chính trị tỉnh"
ACADEMY = "Học viện Chính trị khu vực"
NAMES = {
    "candidate": "Lớp bồi dưỡng đối tượng kết nạp Đảng",
    "new_member": "Lớp bồi dưỡng lý luận chính trị cho đảng viên mới",
    "elementary": "Lớp sơ cấp lý luận chính trị",
    "intermediate": "Lớp trung cấp lý luận chính trị - hành chính",
    "advanced": "Lớp cao cấp lý luận chính trị",
    "committee": "Lớp bồi dưỡng cấp ủy viên, bí thư chi bộ",
    "update": "Lớp cập nhật kiến thức",
    "resolution": "Hội nghị học tập, quán triệt nghị quyết",
}
CODES = {
    "candidate": "DT", "new_member": "DVM", "elementary": "SC", "intermediate": "TC", "advanced": "CC",
    "committee": "CUV", "update": "CN", "resolution": "NQ",
}  # fmt: skip
# Who passes has reached the level of the same name.
THEORY = (TheoryLevel.ELEMENTARY, TheoryLevel.INTERMEDIATE, TheoryLevel.ADVANCED)
CANDIDATES = 424

# Month and day of the opening, days that it takes, learners.
Plan = tuple[tuple[int, int], int, int]
Plans = Mapping[int, tuple[Plan, ...]]

# Classes by year.
CANDIDATE_CLASSES: Plans = {
    2011: (((3, 14), 5, 112), ((9, 12), 5, 108)),
    2012: (((3, 12), 5, 121), ((9, 10), 5, 117)),
    2013: (((3, 11), 5, 128), ((9, 9), 5, 124)),
    2014: (((3, 10), 5, 136), ((9, 15), 5, 139)),
    2015: (((3, 9), 5, 132), ((6, 8), 5, 128), ((9, 14), 5, 134)),
}
NEW_MEMBER_CLASSES: Plans = {
    2011: (((4, 18), 8, 101), ((10, 17), 8, 97)),
    2012: (((4, 16), 8, 108), ((10, 15), 8, 105)),
    2013: (((4, 15), 8, 114), ((10, 14), 8, 109)),
    2014: (((4, 14), 8, 117), ((10, 13), 8, 112)),
    2015: (((4, 13), 8, 119), ((10, 12), 8, 112)),
}
INTERMEDIATE_CLASSES: Plans = {
    2011: (((3, 21), 240, 86),),
    2012: (((4, 9), 240, 95),),
    2013: (((3, 25), 240, 92), ((9, 23), 480, 78)),
    2014: (((3, 24), 240, 97), ((9, 22), 480, 91)),
    2015: (((3, 23), 240, 105), ((9, 21), 480, 102)),
}
ELEMENTARY_CLASSES: Plans = {
    2012: (((5, 14), 30, 48),),
    2014: (((5, 12), 30, 52),),
    2015: (((5, 11), 30, 44),),
}
ADVANCED_CLASSES: Plans = {2013: (((6, 17), 540, 28),), 2015: (((6, 15), 540, 31),)}
COMMITTEE_CLASSES: Plans = {year: (((8, 3), 3, 96 + 9 * (year - 2011)),) for year in RATED_YEARS}
UPDATE_CLASSES: Plans = {year: (((7, 6), 4, 84 + 7 * (year - 2011)),) for year in RATED_YEARS}
# Of the study of resolutions the cadres are named; of the others only how many were there.
RESOLUTION_CLASSES: Plans = {year: (((11, 16), 1, 64 + 3 * (year - 2011)),) for year in RATED_YEARS}
UNITS_WITH_ATTENDANCE = 24
WITHDRAWN_OF_CLASS = {"candidate": 2, "intermediate": 1}

BEFORE_ADMISSION = dt.timedelta(days=45)
WITHIN = dt.timedelta(days=600)
GRADES = ((9, "Xuất sắc"), (8, "Giỏi"), (7, "Khá"), (5, "Trung bình"))


def train(rng: Random, world: World) -> None:
    """Fill `world.candidates` and `world.courses`."""
    _add_candidates(rng, world)
    classes = _Classes(rng, world)
    for year in RATED_YEARS:
        classes.open_year(year)


def _add_candidates(rng: Random, world: World) -> None:
    places = [place for place in world.cells if place.exists_on(end_of(LAST_YEAR))]
    weights = [place.weight for place in places]
    for _ in range(CANDIDATES):
        sex = Sex.FEMALE if rng.random() < 0.5 else Sex.MALE
        born = dt.date(LAST_YEAR, 6, 1) - dt.timedelta(days=int(rng.triangular(20.5, 45, 27) * 365.25))
        place = rng.choices(places, weights)[0]
        world.candidates.append(Life(make_name(rng, sex), sex, born, followed_by=place, merit=rng.random()))


class _Classes:
    """Opens the classes year after year and remembers who has been in which programme."""

    def __init__(self, rng: Random, world: World) -> None:
        self.rng = rng
        self.world = world
        self.done: dict[str, list[int]] = {code: [] for code in NAMES}
        self.waiting = list(world.candidates)

    def open_year(self, year: int) -> None:
        plans: dict[str, tuple[Plans, Callable[[Course, int], list[Life]]]] = {
            "candidate": (CANDIDATE_CLASSES, self._candidates),
            "new_member": (NEW_MEMBER_CLASSES, self._new_members),
            "elementary": (ELEMENTARY_CLASSES, self._without_theory),
            "intermediate": (INTERMEDIATE_CLASSES, self._below_intermediate),
            "advanced": (ADVANCED_CLASSES, self._with_intermediate),
            "committee": (COMMITTEE_CLASSES, self._experienced),
            "update": (UPDATE_CLASSES, self._experienced),
            "resolution": (RESOLUTION_CLASSES, self._experienced),
        }
        for code, (classes, learners_of) in plans.items():
            for number, (opening, days, size) in enumerate(classes.get(year, ()), start=1):
                opens_on = office_day(dt.date(year, *opening))
                course = self._open(code, number, opens_on, opens_on + dt.timedelta(days=days - 1))
                extra = WITHDRAWN_OF_CLASS.get(code, 0)
                learners = learners_of(course, size + extra)
                self._enrol(course, learners, withdrawn=extra)
                if code == "resolution":
                    self._count_others(course)

    def _open(self, code: str, number: int, opens_on: dt.date, closes_on: dt.date) -> Course:
        name = f"{NAMES[code]} khóa {number} năm {opens_on.year}"
        provider = ACADEMY if code == "advanced" else SCHOOL
        course_code = f"{CODES[code]}-{opens_on.year}-{number:02}"
        course = Course(course_code, name, code, provider, opens_on, closes_on)
        self.world.courses.append(course)
        return course

    # Who learns

    def _candidates(self, course: Course, size: int) -> list[Life]:
        """Who is admitted some weeks after the class, filled up with candidates."""
        first, last = course.opens_on + BEFORE_ADMISSION, course.opens_on + WITHIN
        later = [
            life
            for life in self.world.lives
            if life.stays[0].entry.place and first < life.entries[0].decided_on <= last
        ]
        learners = sorted(self._new_to(course, later), key=lambda life: life.entries[0].decided_on)
        share = 0.9 if course.opens_on.year < LAST_YEAR else 1
        learners = learners[: int(size * share)]
        missing = size - len(learners)
        learners += self.waiting[:missing]
        self.waiting = self.waiting[missing:]
        return self._exactly(course, size, learners)

    def _new_members(self, course: Course, size: int) -> list[Life]:
        """Who is probationary on the opening day, the longest first."""
        day = course.opens_on
        probationary = [life for life in self._members(course, until=day) if not life.is_official_on(day)]
        learners = sorted(probationary, key=lambda life: life.entries[-1].decided_on)
        return self._exactly(course, size, learners[:size])

    def _without_theory(self, course: Course, size: int) -> list[Life]:
        return self._by_level(course, size, ("",), (24, 45))

    def _below_intermediate(self, course: Course, size: int) -> list[Life]:
        return self._by_level(course, size, ("", TheoryLevel.ELEMENTARY), (27, 50))

    def _with_intermediate(self, course: Course, size: int) -> list[Life]:
        return self._by_level(course, size, (TheoryLevel.INTERMEDIATE,), (33, 52))

    def _by_level(self, course: Course, size: int, levels: Iterable[str], ages: tuple[int, int]) -> list[Life]:
        youngest, oldest = ages
        pool = [
            life
            for life in self._members(course, until=min(course.closes_on, end_of(LAST_YEAR)))
            if life.theory_level in levels
            and life.is_official_on(course.opens_on)
            and youngest <= life.age_on(course.opens_on) <= oldest
        ]
        return self._exactly(course, size, self.rng.sample(pool, size))

    def _experienced(self, course: Course, size: int) -> list[Life]:
        pool = [
            life
            for life in self._members(course, until=course.closes_on)
            if life.merit > 0.55 and 32 <= life.age_on(course.opens_on) < 58
        ]
        self.done[course.programme] = []
        return self.rng.sample(pool, size)

    def _members(self, course: Course, *, until: dt.date) -> list[Life]:
        """Members from the opening day to `until` who have not been in such a class."""
        there = [life for life in self.world.lives if life.stay_on(course.opens_on) and life.stay_on(until)]
        return self._new_to(course, there)

    def _new_to(self, course: Course, lives: list[Life]) -> list[Life]:
        done = frozenset(self.done[course.programme])
        return [life for life in lives if id(life) not in done]

    def _exactly(self, course: Course, size: int, learners: list[Life]) -> list[Life]:
        if len(learners) != size:
            raise AssertionError(f"{course.code}: {len(learners)} learners instead of {size}")
        self.done[course.programme] += [id(life) for life in learners]
        return learners

    # How it went

    def _enrol(self, course: Course, learners: list[Life], *, withdrawn: int) -> None:
        is_over = course.closes_on <= end_of(LAST_YEAR)
        for number, life in enumerate(learners, start=1):
            learner = Learner(life)
            if number > len(learners) - withdrawn:
                learner.result = Result.WITHDREW
            elif is_over:
                self._grade(course, learner, number)
            course.learners.append(learner)

    def _grade(self, course: Course, learner: Learner, number: int) -> None:
        if course.programme == "resolution":
            learner.result = Result.PASSED
            return
        score = round(self.rng.triangular(4.1, 9.6, 7.6) * 2) / 2
        learner.score = f"{score:.1f}"
        learner.result = Result.PASSED if score >= 5 else Result.FAILED
        if learner.result == Result.PASSED:
            learner.grade = next(name for least, name in GRADES if score >= least)
            learner.certificate = f"{course.code}/{number:03}"
            if course.programme in THEORY and isinstance(learner.who, Life):
                learner.who.theory_level = course.programme

    def _count_others(self, course: Course) -> None:
        """Unnamed rows: so many were present from each of some organisations."""
        units = [unit for unit in self.world.units if unit.exists_on(course.opens_on)]
        for unit in self.rng.sample(units, UNITS_WITH_ATTENDANCE):
            is_committee = unit.kind == OrganisationKind.GRASSROOTS_COMMITTEE
            present = self.rng.randint(18, 34) if is_committee else self.rng.randint(6, 9)
            course.learners += [Learner(unit, Result.PASSED) for _ in range(present)]
