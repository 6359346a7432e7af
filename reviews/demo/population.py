"""Who was a member where and when: the people of 2009 and what happened in each year since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from members.models.honours import DisciplineForm
from members.models.memberships import EndReason, StartReason
from members.models.organisations import OrganisationKind
from members.models.people import Sex
from members.partial_dates import Precision
from reviews.demo.dates import FEAST_DAYS, add_years, day_between, office_day
from reviews.demo.names import make_name
from reviews.demo.organisations import FOUNDED_ON, MERGED_ON
from reviews.demo.records import FIRST_YEAR, LAST_YEAR, Entry, Life, Place, Stay, World, end_of

MEMBERS_AT_LAST = 4328
EXEMPT_AT_LAST = 120


@dataclass(frozen=True)
class Flow:
    """What happens in a year; `late` admissions are those of the second half."""

    admitted: int
    late: int
    transferred_in: int
    transferred_out: int
    deceased: int
    struck_off: int
    expelled: int
    withdrew: int
    moved: int
    disciplined: int
    rated_leavers: int = 0


FLOWS = {
    2010: Flow(218, 110, 58, 108, 24, 7, 2, 3, 58, 8),
    2011: Flow(231, 106, 61, 112, 27, 8, 3, 2, 66, 9, 8),
    2012: Flow(240, 109, 57, 119, 25, 9, 2, 4, 74, 8, 10),
    2013: Flow(252, 112, 66, 115, 29, 6, 4, 3, 71, 9, 7),
    2014: Flow(245, 107, 63, 124, 26, 8, 3, 2, 78, 7, 11),
    2015: Flow(261, 101, 60, 117, 27, 9, 2, 5, 69, 7, 12),
}
READMITTED_IN = 2014
RESTORED_IN = 2013

# How many of the people of 2009 were admitted between two 7 November, by the later one. Who was admitted by
# 7-11 of a year has reached the milestone by the last award day; 1975 and 1985 make the 17 + 41 badges of
# 2015, and nobody may reach 50 or 55 years in that year.
COHORTS = {
    1961: 1, 1963: 2, 1964: 1, 1966: 8, 1967: 9, 1968: 11, 1969: 12, 1970: 14, 1971: 13, 1972: 14, 1973: 15,
    1974: 16, 1975: 17, 1976: 26, 1977: 27, 1978: 28, 1979: 28, 1980: 29, 1981: 32, 1982: 34, 1983: 36,
    1984: 38, 1985: 41,
}  # fmt: skip
STEADY_COHORTS = (1975, 1985)
# Coarser dates move to the first day and must not move anybody into a cohort that counts exactly.
COARSE_COHORTS = (*range(1967, 1975), *range(1977, 1980))
ELDER_COHORTS = range(1961, 1977)
MODELS = 39


def populate(rng: Random, world: World) -> None:
    """Fill the places with people from the beginning to the end of 2015."""
    _Population(rng, world).run()


class _Population:
    """The members of the moment, year after year."""

    def __init__(self, rng: Random, world: World) -> None:
        self.rng = rng
        self.world = world
        self.present: list[Life] = []

    def run(self) -> None:
        self._found_base()
        _choose_models(self.world)
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            self._live(year, FLOWS[year])
        self._exempt()

    # The people of 2009

    def _found_base(self) -> None:
        cohorts = dict(COHORTS)
        rest = _size_of_base() - sum(cohorts.values())
        years = range(1986, FIRST_YEAR)
        weights = [60 + 5.5 * (year - 1986) for year in years]
        for year in self.rng.choices(years, weights, k=rest):
            cohorts[year] = cohorts.get(year, 0) + 1
        for year in sorted(cohorts):
            for _ in range(cohorts[year]):
                self._add_of_base(year)

    def _add_of_base(self, cohort: int) -> None:
        rng = self.rng
        last = end_of(cohort) if cohort == FIRST_YEAR - 1 else dt.date(cohort, 11, 7)
        decided = office_day(day_between(rng, dt.date(cohort - 1, 11, 8), last - dt.timedelta(days=2)))
        life = self._new_life(decided, women=0.22 if cohort < 1981 else 0.33 if cohort < 1996 else 0.43)
        place = self._place(FIRST_YEAR)
        came = cohort < FIRST_YEAR - 3 and rng.random() < 0.2
        entry = _entry(rng, None if came else place, decided)
        if cohort in COARSE_COHORTS:
            _blur(rng, entry)
        began, reason = entry.decided_on, StartReason.ADMITTED
        if came:
            first = max(add_years(decided, 1), dt.date(1990, 1, 1))
            began, reason = day_between(rng, first, end_of(FIRST_YEAR - 1)), StartReason.TRANSFERRED_IN
        life.is_steady = cohort in STEADY_COHORTS
        life.is_elder = cohort in ELDER_COHORTS or (1976 < cohort < 1981 and rng.random() < 0.6)
        self._enter(life, Stay(place, entry, began, reason))

    def _new_life(self, decided: dt.date, women: float) -> Life:
        rng = self.rng
        sex = Sex.FEMALE if rng.random() < women else Sex.MALE
        youngest, usual, oldest = _ages_at_admission(decided.year)
        age = rng.triangular(youngest, oldest, usual)
        born = decided - dt.timedelta(days=int(age * 365.25) + 1)
        return Life(make_name(rng, sex), sex, born, merit=rng.random())

    def _place(self, year: int) -> Place:
        places = [place for place in self.world.cells if place.takes_people_in(year)]
        return self.rng.choices(places, [place.weight for place in places])[0]

    def _enter(self, life: Life, stay: Stay) -> None:
        life.entries.append(stay.entry)
        life.stays.append(stay)
        self.world.lives.append(life)
        self.present.append(life)

    # A year

    def _live(self, year: int, flow: Flow) -> None:
        shifted = self._change_organisations(year)
        free = [life for life in self.present if not life.is_steady and life not in shifted]
        leaving = self._leave(year, flow, free)
        stayed = [life for life in free if life not in leaving and not life.is_elder]
        moving = [life for life in stayed if life.age_on(end_of(year)) < 58]
        for life in self.rng.sample(moving, flow.moved):
            self._move(life, year)
        self._discipline(year, flow, [life for life in moving if not life.is_model])
        self.present = [life for life in self.present if life not in leaving]
        for number in range(flow.admitted):
            self._admit(year, is_late=number < flow.late)
        for _ in range(flow.transferred_in):
            self._transfer_in(year)
        if year == RESTORED_IN:
            self._bring_back(EndReason.EXPELLED, year - 1, dt.date(year, 5, 20), StartReason.RESTORED)
        if year == READMITTED_IN:
            self._bring_back(EndReason.STRUCK_OFF, year - 4, dt.date(year, 8, 27), StartReason.READMITTED)

    def _change_organisations(self, year: int) -> list[Life]:
        """Moves that come with a merger or a founding; returns who made them."""
        if year == MERGED_ON.year:
            old = next(place for place in self.world.units if place.ended_on)
            new = next(place for place in self.world.cells if place.founded_on == MERGED_ON)
            movers = [life for life in self.present if life.stays[-1].place is old]
            day = MERGED_ON
        elif year == FOUNDED_ON.year:
            new = next(place for place in self.world.cells if place.founded_on == FOUNDED_ON)
            sources = [p for p in self.world.cells if p.name in ("Chi bộ Phòng Quản lý xây dựng", FEEDER)]
            movers = [
                life
                for life in self.present
                if life.stays[-1].place in sources and not life.is_steady and not life.is_elder
            ][:14]
            day = FOUNDED_ON
        else:
            return []
        for life in movers:
            self._shift(life, new, day, day)
        return movers

    def _shift(self, life: Life, place: Place, left: dt.date, arrived: dt.date) -> None:
        stay = life.stays[-1]
        stay.end(left, EndReason.MOVED)
        life.stays.append(Stay(place, stay.entry, arrived, StartReason.MOVED))

    def _move(self, life: Life, year: int) -> None:
        """To another place; now and then with some days on the way, always within the year."""
        place = self._place(year)
        left = office_day(day_between(self.rng, dt.date(year, 2, 1), dt.date(year, 11, 20)))
        if place is life.stays[-1].place or left <= life.stays[-1].began_on:
            return
        seasoned = life.entries[-1].decided_on.year < year - 2
        gap = self.rng.randint(4, 26) if seasoned and self.rng.random() < 0.12 else 0
        self._shift(life, place, left, left + dt.timedelta(days=gap))

    # Leaving

    def _leave(self, year: int, flow: Flow, free: list[Life]) -> list[Life]:
        rng, on = self.rng, end_of(year)
        workers = [life for life in free if not life.is_elder]
        retired = [life for life in workers if life.age_on(on) >= (60 if life.sex == Sex.MALE else 55)]
        young = [life for life in workers if life.age_on(on) < 52]
        late = rng.sample(young, flow.rated_leavers)
        self.world.rated_leavers[year] = late
        for life in late:
            self._end(life, day_between(rng, dt.date(year, 12, 14), dt.date(year, 12, 30)), "transferred_out")
        gone = list(late)
        retiring = rng.sample(retired, min(len(retired), round(flow.transferred_out * 0.55)))
        gone += self._part(retiring, gone, len(retiring), EndReason.TRANSFERRED_OUT, year)
        missing = flow.transferred_out - len(gone)
        gone += self._part(young, gone, missing, EndReason.TRANSFERRED_OUT, year)
        gone += self._part(_by_frailty(free, on), gone, flow.deceased, EndReason.DECEASED, year)
        gone += self._part(young, gone, flow.struck_off, EndReason.STRUCK_OFF, year)
        gone += self._part(young, gone, flow.withdrew, EndReason.WITHDREW, year)
        expelled = self._part(young, gone, flow.expelled, EndReason.EXPELLED, year)
        for life in expelled:
            if day := life.stays[-1].ended_on:
                life.disciplines.append((DisciplineForm.EXPULSION, day))
        return gone + expelled

    def _part(self, pool: list[Life], gone: list[Life], count: int, why: EndReason, year: int) -> list[Life]:
        """End the stays of `count` of the pool who have not gone; the pool may name somebody repeatedly."""
        left: list[Life] = []
        while len(left) < count:
            life = self.rng.choice(pool)
            day = day_between(self.rng, dt.date(year, 1, 5), dt.date(year, 12, 10))
            is_fresh = life.entries[-1].decided_on > dt.date(year - 1, 6, 30)
            if life in gone or life in left or (is_fresh and why != EndReason.STRUCK_OFF):
                continue
            left.append(life)
            self._end(life, day if why == EndReason.DECEASED else office_day(day), why)
        return left

    def _end(self, life: Life, day: dt.date, why: str) -> None:
        life.stays[-1].end(day, EndReason(why))
        official = life.entries[-1].official_on
        if official and official > day:
            life.entries[-1].official_on = None
        life.is_elder = life.is_elder and why == EndReason.DECEASED

    def _discipline(self, year: int, flow: Flow, pool: list[Life]) -> None:
        pool = [life for life in pool if not life.was_disciplined_in(year)]
        pool = [life for life in pool if life.is_official_on(dt.date(year, 1, 1))]
        forms = (DisciplineForm.REPRIMAND, DisciplineForm.WARNING, DisciplineForm.REMOVAL)
        for life in self.rng.sample(pool, flow.disciplined):
            form = self.rng.choices(forms, (5, 3, 1))[0]
            day = day_between(self.rng, dt.date(year, 2, 9), dt.date(year, 11, 27))
            life.disciplines.append((form, office_day(day)))

    # Coming

    def _admit(self, year: int, *, is_late: bool) -> None:
        rng = self.rng
        feasts = [dt.date(year, *feast) for feast in FEAST_DAYS]
        feast = rng.choice(feasts[2:] if is_late else feasts[:2])
        if rng.random() < 0.62:
            decided = office_day(feast - dt.timedelta(days=rng.randint(4, 24)))
        elif is_late:
            decided = office_day(day_between(rng, dt.date(year, 7, 1), dt.date(year, 12, 24)))
        else:
            decided = office_day(day_between(rng, dt.date(year, 1, 6), dt.date(year, 6, 26)))
        life = self._new_life(decided, women=0.47)
        place = self._place(year)
        entry = _entry(rng, place, decided, ceremony=feast if 3 < (feast - decided).days < 28 else None)
        self._enter(life, Stay(place, entry, decided))

    def _transfer_in(self, year: int) -> None:
        """Somebody admitted elsewhere; nobody of them reaches 30 or 40 years by 2015 after coming."""
        rng = self.rng
        arrived = office_day(day_between(rng, dt.date(year, 1, 10), dt.date(year, 12, 20)))
        first, last = dt.date(1988, 1, 1), dt.date(year - 2, 12, 31)
        if rng.random() < 0.06:
            first, last = dt.date(1978, 1, 1), dt.date(1979, 8, 1)
        decided = office_day(max(day_between(rng, first, last), day_between(rng, first, last)))
        life = self._new_life(decided, women=0.4)
        stay = Stay(self._place(year), _entry(rng, None, decided), arrived, StartReason.TRANSFERRED_IN)
        self._enter(life, stay)

    def _bring_back(self, why: EndReason, left_in: int, day: dt.date, reason: StartReason) -> None:
        """Restore, or admit again, the first official member who left for that reason in that year."""
        life = next(
            life
            for life in self.world.lives
            if life.stays[-1].end_reason == why
            and life.stays[-1].ended_on.year == left_in  # type: ignore[union-attr]
            and life.entries[-1].official_on
            and life.stays[-1].place.takes_people_in(day.year)
        )
        place = life.stays[-1].place
        entry = life.entries[-1]
        if reason == StartReason.READMITTED:
            entry = _entry(self.rng, place, day)
            life.entries.append(entry)
        life.stays.append(Stay(place, entry, day, reason))
        life.is_steady = True
        self.present.append(life)

    def _exempt(self) -> None:
        """The oldest of the last day, and most of the old who died, are exempt from some day past 60 on."""
        aged = [life for life in self.world.lives if life.age_on(_last_moment(life)) >= 60]
        oldest = sorted(aged, key=lambda life: life.born_on)
        present = [life for life in oldest if life.stay_on(end_of(LAST_YEAR))][:EXEMPT_AT_LAST]
        dead = [life for life in aged if life.stays[-1].end_reason == EndReason.DECEASED]
        for life in present + dead:
            first = max(add_years(life.born_on, 60), life.stays[-1].began_on)
            last = min(_last_moment(life), add_years(first, 5))
            life.exempt_from = day_between(self.rng, first, last)


def _last_moment(life: Life) -> dt.date:
    """Some months before the end of what is known of somebody."""
    return (life.stays[-1].ended_on or end_of(LAST_YEAR)) - dt.timedelta(days=100)


FEEDER = "Chi bộ Ban Quản lý dự án giao thông"


def _size_of_base() -> int:
    """How many members the years since must have started from."""
    size = MEMBERS_AT_LAST - 2
    for flow in FLOWS.values():
        size -= flow.admitted + flow.transferred_in
        size += flow.transferred_out + flow.deceased + flow.struck_off + flow.expelled + flow.withdrew
    return size


def _ages_at_admission(year: int) -> tuple[float, float, float]:
    """(youngest, usual, oldest)."""
    if year < 1981:
        return 18.2, 20.5, 25
    if year < 1996:
        return 19.5, 23.5, 32
    return (21, 27, 42) if year < FIRST_YEAR else (20.5, 27.5, 46)


def _entry(rng: Random, place: Place | None, decided: dt.date, ceremony: dt.date | None = None) -> Entry:
    """With the ceremony within 30 working days and the official date a year after it, where it has come."""
    ceremony = ceremony or decided + dt.timedelta(days=rng.randint(5, 33))
    official = add_years(ceremony, 1)
    return Entry(place, decided, ceremony, official if official <= end_of(LAST_YEAR) else None)


def _blur(rng: Random, entry: Entry) -> None:
    """Some old dates are known only to the month or the year."""
    chance = rng.random()
    if chance < 0.12:
        entry.precision, entry.ceremony_on = Precision.MONTH, None
        entry.decided_on = entry.decided_on.replace(day=1)
    elif chance < 0.16:
        entry.precision, entry.ceremony_on = Precision.YEAR, None
        entry.decided_on = entry.decided_on.replace(month=1, day=1)


def _by_frailty(lives: list[Life], on: dt.date) -> list[Life]:
    """The old are named more often than the young."""
    return [life for life in lives for _ in range(1 + max(0, life.age_on(on) - 44) ** 2 // 45)]


def _choose_models(world: World) -> None:
    """Two at most of a committee, from among the experienced, whose units do not change."""
    taken: dict[str, int] = {}
    chosen = 0
    today = end_of(FIRST_YEAR - 1)
    for life in sorted(world.lives, key=lambda life: -life.merit):
        unit = life.stays[-1].place.unit_on(today)
        is_apt = 1988 <= life.entries[-1].decided_on.year <= 2007 and life.age_on(today) < 48
        is_stable = len(life.stays[-1].place.states) == 1 and unit.kind == OrganisationKind.GRASSROOTS_COMMITTEE
        if chosen < MODELS and is_apt and is_stable and taken.get(unit.code, 0) < _most_models(unit):
            life.is_model = life.is_steady = True
            taken[unit.code] = taken.get(unit.code, 0) + 1
            chosen += 1


def _most_models(unit: Place) -> int:
    """Large committees have room for two."""
    return 2 if unit.name.removeprefix("Đảng bộ ") in LARGE else 1


LARGE = ("Sở Nông nghiệp và Phát triển nông thôn", "Bệnh viện Đa khoa tỉnh", "Cục Thuế", "Sở Y tế")
