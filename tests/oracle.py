"""Every figure worked out in plain Python, record by record, straight from its definition (docs/figures.md).

Knows the models, nothing of the registry: what both say independently is compared by the tests.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import pairwise
from typing import Any

from members.models import (
    GRASSROOTS_KINDS,
    Admission,
    Badge,
    Exemption,
    MassOrganisation,
    Membership,
    Organisation,
    OrganisationPeriod,
    Person,
)
from reviews.models import Commendation, MassRating, MemberRating, OrganisationRating
from training.models import Enrolment, TrainingClass

PROGRAMMES = (
    "candidate",
    "new_member",
    "elementary",
    "intermediate",
    "advanced",
    "committee",
    "update",
    "resolution",
)
MILESTONES = (30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90)
ARRIVALS = {
    "admitted": {"admitted", "readmitted"},
    "transferred_in": {"transferred_in", "moved"},
    "restored": {"restored"},
}
DEPARTURES = {
    "transferred_out": {"transferred_out", "moved"},
    "deceased": {"deceased"},
    "struck_off": {"struck_off"},
    "expelled": {"expelled"},
    "withdrew": {"withdrew"},
}
Sets = dict[str, set[int]]


def covers(stay: Membership, day: dt.date) -> bool:
    """Begun on or before the day, not ended on or before it."""
    return stay.began_on <= day and (stay.ended_on is None or stay.ended_on > day)


def exists(organisation: Any, day: dt.date) -> bool:
    founded, ended = organisation.founded_on, organisation.ended_on
    return (founded is None or founded <= day) and (ended is None or ended > day)


def keys_of(figure: Any, scope: Any) -> list[int]:
    """The keys of a figure's rows, comparable with the sets below: a rating of a member is its person's."""
    rows = figure.rows(scope)
    by_person = figure.code.startswith("ratings.members.") and rows.model is Membership
    return list(rows.values_list("person" if by_person else "pk", flat=True))


class Oracle:
    """All records, read once; `figures` answers from them."""

    def __init__(self) -> None:
        self.organisations = {row.pk: row for row in Organisation.objects.all()}
        self.roots = {pk for pk, row in self.organisations.items() if row.parent_id is None}
        self.periods = list(OrganisationPeriod.objects.all())
        self.people = {row.pk: row for row in Person.objects.all()}
        self.stays = list(Membership.objects.select_related("admission", "person"))
        self.stays.sort(key=lambda stay: (stay.began_on, stay.ended_on or dt.date.max, stay.pk))
        self.stays_of: dict[int, list[Membership]] = defaultdict(list)
        for stay in self.stays:
            self.stays_of[stay.person_id].append(stay)
        self.admissions = list(Admission.objects.all())
        self.exemptions: dict[int, list[Exemption]] = defaultdict(list)
        for exemption in Exemption.objects.all():
            self.exemptions[exemption.person_id].append(exemption)
        self.classes = list(TrainingClass.objects.select_related("programme"))
        self.enrolments = list(Enrolment.objects.select_related("training_class__programme"))
        self.badges = list(Badge.objects.all())
        self.commendations = list(Commendation.objects.filter(form="certificate"))
        self.mass = list(MassOrganisation.objects.all())
        self.ratings: dict[tuple[str, int, int], Any] = {}
        for row in OrganisationRating.objects.filter(status="approved").select_related("level"):
            self.ratings["organisations", row.organisation_id, row.year] = row
        for row in MemberRating.objects.filter(status="approved").select_related("level"):
            self.ratings["members", row.person_id, row.year] = row
        for row in MassRating.objects.filter(status="approved").select_related("level"):
            self.ratings["mass", row.mass_organisation_id, row.year] = row
        self._states: dict[dt.date, dict[int, OrganisationPeriod]] = {}

    # Organisations

    def states(self, day: dt.date) -> dict[int, OrganisationPeriod]:
        """What every organisation was on the day."""
        if day not in self._states:
            self._states[day] = {
                row.organisation_id: row
                for row in self.periods
                if (row.starts_on is None or row.starts_on <= day) and (row.ends_on is None or row.ends_on > day)
            }
        return self._states[day]

    def under(self, organisation: int, day: dt.date) -> set[int]:
        """`organisation` and everything under it on the day, found by walking up the parents."""
        states = self.states(day)

        def is_under(pk: int | None) -> bool:
            while pk is not None and pk != organisation:
                pk = states[pk].parent_id
            return pk is not None

        return {pk for pk in self.organisations if is_under(pk)}

    # People

    def last_place(self, person: int, day: dt.date) -> int | None:
        """Where the person was on the day or, having left, last before it."""
        begun = [stay for stay in self.stays_of[person] if stay.began_on <= day]
        return begun[-1].organisation_id if begun else None

    def learners_place(self, enrolment: Enrolment) -> int | None:
        """The learner's organisation on the opening day."""
        if enrolment.person_id is None:
            return enrolment.organisation_id
        day, stays = enrolment.training_class.opens_on, self.stays_of[enrolment.person_id]
        if not stays:
            return self.people[enrolment.person_id].followed_by_id
        there = [stay for stay in stays if covers(stay, day)]
        if there:
            return there[0].organisation_id
        first = stays[0]
        return first.organisation_id if first.began_on > day and first.start_reason == "admitted" else None

    @staticmethod
    def is_move(before: Membership, after: Membership) -> bool:
        """Whether two stays that follow each other are one move within a year."""
        if before.ended_on == after.began_on:
            return True
        both = before.end_reason == after.start_reason == "moved"
        return both and before.ended_on.year == after.began_on.year

    def moves_within(self, inside: set[int]) -> tuple[set[int], set[int]]:
        """The stays that such moves inside the organisations left, and those that they began."""
        left, begun = set(), set()
        for stays in self.stays_of.values():
            for before, after in pairwise(stays):
                within = {before.organisation_id, after.organisation_id} <= inside
                if within and before.ended_on and self.is_move(before, after):
                    left.add(before.pk)
                    begun.add(after.pk)
        return left, begun

    # Figures

    def figures(self, organisation: int, year: int) -> Sets:
        """The keys of the records of every figure at the organisation in the year."""
        day = dt.date(year, 12, 31)
        inside, is_root = self.under(organisation, day), organisation in self.roots
        return {
            **self.members(inside, day),
            **self.training(inside, year, is_root=is_root),
            **self.honours(inside, day),
            **self.ratings_of_organisations(inside, day),
            **self.ratings_of_members(inside, day),
            **self.ratings_of_mass(inside, day),
        }

    def total(self, inside: set[int], day: dt.date) -> list[Membership]:
        return [stay for stay in self.stays if stay.organisation_id in inside and covers(stay, day)]

    def members(self, inside: set[int], day: dt.date) -> Sets:
        here = self.total(inside, day)
        official = {s.pk for s in here if s.admission.official_on and s.admission.official_on <= day}
        sets = {
            "members.total": {stay.pk for stay in here},
            "members.official": official,
            "members.probationary": {stay.pk for stay in here} - official,
            "members.women": {stay.pk for stay in here if stay.person.sex == "female"},
            "members.exempt": {stay.pk for stay in here if self.is_exempt(stay.person_id, day)},
            "admission.decided": {
                row.pk
                for row in self.admissions
                if row.decided_on and row.decided_on.year == day.year and row.organisation_id in inside
            },
            "admission.confirmed": {
                stay.pk
                for stay in self.stays
                if stay.organisation_id in inside
                and stay.admission.official_on
                and stay.admission.official_on.year == day.year
                and covers(stay, stay.admission.official_on)
            },
        }
        return sets | self.flows(inside, day.year)

    def is_exempt(self, person: int, day: dt.date) -> bool:
        return any(
            row.starts_on <= day and (row.ends_on is None or row.ends_on > day) for row in self.exemptions[person]
        )

    def flows(self, inside: set[int], year: int) -> Sets:
        left, begun = self.moves_within(inside)
        mine = [stay for stay in self.stays if stay.organisation_id in inside]
        arrived = [s for s in mine if s.began_on.year == year and s.pk not in begun]
        departed = [s for s in mine if s.ended_on and s.ended_on.year == year and s.pk not in left]
        increase = {
            f"members.increase.{name}": {stay.pk for stay in arrived if stay.start_reason in reasons}
            for name, reasons in ARRIVALS.items()
        }
        decrease = {
            f"members.decrease.{name}": {stay.pk for stay in departed if stay.end_reason in reasons}
            for name, reasons in DEPARTURES.items()
        }
        return increase | decrease

    def training(self, inside: set[int], year: int, *, is_root: bool) -> Sets:
        sets: Sets = {}
        for code in PROGRAMMES:
            opened = [row for row in self.classes if row.opens_on.year == year and row.programme.code == code]
            keys = {row.pk for row in opened}
            learners = [
                row
                for row in self.enrolments
                if row.training_class_id in keys
                and row.result != "withdrew"
                and (is_root or self.learners_place(row) in inside)
            ]
            classes = keys if is_root else {row.training_class_id for row in learners}
            sets[f"training.{code}.classes"] = classes
            sets[f"training.{code}.learners"] = {row.pk for row in learners}
            sets[f"training.{code}.passed"] = {row.pk for row in learners if row.result == "passed"}
        return sets

    def honours(self, inside: set[int], day: dt.date) -> Sets:
        badges = [
            row
            for row in self.badges
            if row.awarded_on.year == day.year and self.last_place(row.person_id, row.awarded_on) in inside
        ]
        sets = {"badges.awarded": {row.pk for row in badges}}
        for years in MILESTONES:
            sets[f"badges.awarded.{years}"] = {row.pk for row in badges if row.milestone == years}
        for title in ("organisation_exemplary", "cell_five_years", "member_five_years", "other"):
            sets[f"commendations.{title}"] = {
                row.pk
                for row in self.commendations
                if row.year == day.year
                and row.title == title
                and (row.organisation_id or self.last_place(row.person_id, day)) in inside
            }
        return sets

    # Ratings

    def ratings_of_organisations(self, inside: set[int], day: dt.date) -> Sets:
        states = self.states(day)
        subjects = {pk for pk in inside if states[pk].kind in GRASSROOTS_KINDS and exists(self.organisations[pk], day)}
        return self.rated("organisations", subjects, day.year)

    def ratings_of_mass(self, inside: set[int], day: dt.date) -> Sets:
        subjects = {row.pk for row in self.mass if row.organisation_id in inside and exists(row, day)}
        return self.rated("mass", subjects, day.year)

    def ratings_of_members(self, inside: set[int], day: dt.date) -> Sets:
        """Members on the day, and who left in the year and were rated for it within the scope."""
        subjects = {stay.person_id for stay in self.total(inside, day)}
        for stay in self.stays:
            if stay.organisation_id in inside and stay.ended_on and stay.ended_on.year == day.year:
                rating = self.ratings.get(("members", stay.person_id, day.year))
                if rating and rating.level and rating.organisation_id in inside:
                    subjects.add(stay.person_id)
        return self.rated("members", subjects, day.year)

    def rated(self, subject: str, subjects: set[int], year: int) -> Sets:
        """The figures of the ratings of these subjects."""
        given = {pk: self.ratings.get((subject, pk, year)) for pk in subjects}
        ranks = {pk: row.level.rank for pk, row in given.items() if row and row.level}
        sets = {
            "subject": subjects,
            "rated": set(ranks),
            "good_or_better": {pk for pk, rank in ranks.items() if rank <= 2},
            "unrated": subjects - set(ranks),
            "unrated.missing": {pk for pk, row in given.items() if row is None},
        }
        sets |= {f"tier{rank}": {pk for pk in ranks if ranks[pk] == rank} for rank in (1, 2, 3, 4)}
        return {f"ratings.{subject}.{part}": keys for part, keys in sets.items()}
