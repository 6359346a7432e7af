"""Small random committees for tests of the figures: trees that change, people who come and go in every way.

Everything comes out of one seeded generator, so a failing world can be made again from its seed.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from random import Random

from django.core.exceptions import ValidationError

from members import audit
from members.models import Admission, Membership, Organisation, OrganisationKind, Person, Relative, WorkPeriod
from members.services import change_organisation, merge_organisation
from reviews.models import MassRating, MemberRating, OrganisationRating
from tests.builders import (
    level_of,
    make_badge,
    make_class,
    make_commendation,
    make_enrolment,
    make_exemption,
    make_mass_organisation,
    make_organisation,
    make_person,
)

FIRST, LAST = dt.date(2012, 6, 1), dt.date(2015, 12, 31)
YEARS = (2013, 2014, 2015)
PROGRAMMES = ("candidate", "new_member", "resolution")
# How a stay ends and how the person's next one begins; the last pairs are mistakes people make.
STEPS = (
    *[("moved", "moved")] * 6,
    *[("transferred_out", "transferred_in")] * 3,
    ("struck_off", "restored"),
    ("expelled", "restored"),
    ("expelled", "readmitted"),
    ("moved", "transferred_in"),
    ("transferred_out", "moved"),
)
LAST_REASONS = ("transferred_out", "deceased", "struck_off", "expelled", "withdrew", "moved")


class World:
    """A committee of three levels with about 30 people, and what happened to both from 2012 to 2015."""

    @audit.audited
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.organisations = self._plant()
        self.people = [self._person() for _ in range(self.random.randint(12, 24))]
        self.people += [self._candidate() for _ in range(4)]
        self._change_tree()
        for organisation in self.organisations:
            organisation.refresh_from_db()
        self._train()
        self._honour()
        self._rate()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def day(self, first: dt.date = FIRST, last: dt.date = LAST) -> dt.date:
        """A day between both; often one beside New Year."""
        if self.chance(0.3):
            year = self.random.randint(first.year, last.year)
            near = self.random.choice((dt.date(year, 12, 30), dt.date(year, 12, 31), dt.date(year, 1, 1)))
            return min(max(near, first), last)
        return first + dt.timedelta(days=self.random.randint(0, max((last - first).days, 0)))

    # Organisations

    def _plant(self) -> list[Organisation]:
        kinds = OrganisationKind
        root = make_organisation("Đảng bộ Khối", kind=kinds.UPPER_COMMITTEE)
        found = [root]
        for _ in range(self.random.randint(2, 3)):
            committee = make_organisation("Đảng bộ cơ sở", parent=root, founded_on=self._founding())
            found.append(committee)
            for _ in range(self.random.randint(1, 2)):
                found.append(self._below(committee, kinds.SUBORDINATE_CELL, "Chi bộ"))
            if self.chance(0.4):
                department = self._below(committee, kinds.DEPARTMENT_COMMITTEE, "Đảng bộ bộ phận")
                found += [department, self._below(department, kinds.SUBORDINATE_CELL, "Chi bộ sâu")]
        founded = self._founding()
        found.append(make_organisation("Chi bộ cơ sở", parent=root, kind="grassroots_cell", founded_on=founded))
        return found

    def _below(self, parent: Organisation, kind: OrganisationKind, name: str) -> Organisation:
        founded = parent.founded_on or self._founding()
        return make_organisation(name, parent=parent, kind=kind, founded_on=founded)

    def _founding(self) -> dt.date | None:
        return self.day() if self.chance(0.2) else None

    def _change_tree(self) -> None:
        """Some moves, changes of kind and mergers; what the services refuse does not happen."""
        for day in sorted(self.day() for _ in range(self.random.randint(0, 5))):
            organisation, other = self.random.sample(self.organisations[1:], 2)
            organisation.refresh_from_db()
            other.refresh_from_db()
            with suppress(ValidationError):
                self._change(organisation, other, day)

    def _change(self, organisation: Organisation, other: Organisation, day: dt.date) -> None:
        change = {"organisation": organisation, "on": day, "by": None}
        if self.chance(0.4):
            merge_organisation(**change, into=other)
        elif self.chance(0.7):
            parent = self.random.choice((other, self.organisations[0]))
            change_organisation(**change, parent=parent, event="moved")
        else:
            kind = self.random.choice(("grassroots_cell", "subordinate_cell"))
            change_organisation(**change, kind=kind, event="renamed")

    def place(self, day: dt.date) -> Organisation:
        """An organisation that was founded by that day."""
        founded = [row for row in self.organisations if row.founded_on is None or row.founded_on <= day]
        return self.random.choice(founded)

    # People

    def _person(self) -> Person:
        """A person with one to four stays, one after the other."""
        person = make_person(sex=self.random.choice(("male", "female")))
        began = self.day(dt.date(2010, 1, 1)) if self.chance(0.7) else dt.date(1984, 5, 1)
        reason = self.random.choice(("admitted", "admitted", "transferred_in"))
        admission = self._admission(person, began, reason)
        for _ in range(self.random.choice((1, 1, 2, 2, 3, 4))):
            stay = self._stay(person, admission, began, reason)
            if stay.ended_on is None:
                break
            began, reason = self._next(stay)
            if reason == "readmitted" and began == admission.decided_on:
                break  # nobody is admitted twice in a day
            if reason == "readmitted":
                admission = self._admission(person, began, reason)
        self._tell_life(person)
        if self.chance(0.2):
            make_exemption(person, self.day(), ends_on=None if self.chance(0.5) else LAST)
        return person

    def _tell_life(self, person: Person) -> None:
        """Some rows of the Lý lịch, most of them incomplete."""
        for year in self.random.sample(range(1990, 2010), self.random.randint(0, 3)):
            place = self.random.choice(("", "Trường Hòa Lâm"))
            WorkPeriod.objects.create(person=person, began=str(year), work="Giáo viên", workplace=place)
        for relation in self.random.sample(("Cha", "Mẹ", "Vợ", "Con"), self.random.randint(0, 2)):
            born = self.random.choice((None, 1950))
            Relative.objects.create(person=person, relation=relation, full_name="Nguyễn Thị Em", birth_year=born)

    def _stay(self, person: Person, admission: Admission, began: dt.date, reason: str) -> Membership:
        """A stay that ends or not; one in twelve on the day it begins, as when a merger follows a move."""
        stay = Membership(
            person=person,
            organisation=self.place(began),
            admission=admission,
            began_on=began,
            start_reason=reason,
        )
        if self.chance(0.7):
            first = max(began + dt.timedelta(days=1), FIRST)
            stay.ended_on = began if self.chance(0.08) else self.day(first, max(first, LAST))
            stay.end_reason = self.random.choice(LAST_REASONS)
        stay.save()
        return stay

    def _admission(self, person: Person, began: dt.date, reason: str) -> Admission:
        by_transfer = reason == "transferred_in"
        decided = began - dt.timedelta(days=self.random.randint(200, 2000)) if by_transfer else began
        official = decided + dt.timedelta(days=365) if self.chance(0.7) else None
        place = None if by_transfer else self.place(began)
        return Admission.objects.create(person=person, organisation=place, decided_on=decided, official_on=official)

    def _next(self, before: Membership) -> tuple[dt.date, str]:
        """When and why the person's next stay, if any, begins: the same day, or after a gap."""
        before.end_reason, reason = self.random.choice(STEPS)
        before.save()
        gap = self.random.choice((0, 0, 0, 1, 20, 200))
        return before.ended_on + dt.timedelta(days=gap), reason

    def _candidate(self) -> Person:
        return make_person(followed_by=self.random.choice(self.organisations))

    # What happens to them

    def _train(self) -> None:
        for _ in range(6):
            opened = make_class(self.random.choice(PROGRAMMES), self.day())
            for person in self.random.sample(self.people, self.random.randint(0, 8)):
                make_enrolment(
                    opened, person, result=self.random.choice(("", "passed", "passed", "failed", "withdrew"))
                )
            if self.chance(0.3):
                make_enrolment(opened, organisation=self.random.choice(self.organisations))

    def _honour(self) -> None:
        for person in self.people:
            if self.chance(0.3):
                make_badge(person, self.random.choice((30, 40)), self.day())
            if self.chance(0.3):
                title = self.random.choice(("member_five_years", "other"))
                form = self.random.choice(("certificate", "certificate", "diploma"))
                make_commendation(person=person, year=self.random.choice(YEARS), title=title, form=form)
        for organisation in self.organisations:
            if self.chance(0.4):
                title = self.random.choice(("organisation_exemplary", "cell_five_years", "other"))
                make_commendation(organisation=organisation, year=self.random.choice(YEARS), title=title)

    def _rate(self) -> None:
        """Ratings of all kinds, of members by the organisation they were in, one above it, or any other."""
        for organisation in self.organisations:
            unions = [make_mass_organisation(organisation)] if self.chance(0.4) else []
            for year in YEARS:
                if self.chance(0.7):
                    OrganisationRating.objects.create(organisation=organisation, **self._given("organisations", year))
                for union in unions:
                    MassRating.objects.create(mass_organisation=union, **self._given("mass", year))
        for person in self.people:
            for year in YEARS:
                if self.chance(0.7):
                    self._rate_member(person, year)

    def _rate_member(self, person: Person, year: int) -> None:
        begun = Membership.objects.last_by(dt.date(year, 12, 31)).filter(person=person)
        there = [stay.organisation for stay in begun.select_related("organisation__parent")]
        there += [organisation.parent for organisation in there if organisation.parent]
        rater = self.random.choice(self.organisations if self.chance(0.2) or not there else there)
        MemberRating.objects.create(person=person, organisation=rater, **self._given("members", year))

    def _given(self, subject: str, year: int) -> dict[str, object]:
        """A level, or a reason, mostly approved."""
        status = "approved" if self.chance(0.85) else "proposed"
        if self.chance(0.2):
            return {"year": year, "unrated_reason": "suspended", "status": status}
        rank = self.random.choice((1, 2, 2, 3, 4))
        return {"year": year, "level": level_of(subject, year, rank), "status": status}
