"""Turns the invented world into rows, and says whether a database holds it already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction

from members import audit
from members.models import (
    Admission,
    Badge,
    CommitteePost,
    Discipline,
    Exemption,
    MassOrganisation,
    Membership,
    Organisation,
    OrganisationPeriod,
    Person,
    RoleAssignment,
    Succession,
    User,
)
from members.models.organisations import SuccessionKind
from reviews.demo import committees, plan, present
from reviews.demo.accounts import ACCOUNTS, PASSWORD
from reviews.demo.goals import TARGETS
from reviews.demo.organisations import ROOT_CODE, ROOT_NAME
from reviews.demo.records import RATED_YEARS, Entry, Learner, Life, Mark, MassPlace, Place, State, World
from reviews.models import (
    Commendation,
    MassRating,
    MemberRating,
    OrganisationRating,
    RatingLevel,
    RatingScheme,
    RatingStatus,
    RatingSubject,
    Target,
)
from training.models import Enrolment, Programme, TrainingClass

Row = TypeVar("Row", bound=models.Model)


def is_loaded() -> bool:
    """Whether the database holds the demonstration.

    It is known by its root organisation's code and name together with its user names: no committee of its
    own making has all of them. What people have tried out in it since makes no difference.
    """
    has_root = Organisation.objects.filter(code=ROOT_CODE, name=ROOT_NAME, parent=None).exists()
    names = [account.username for account in ACCOUNTS]
    return has_root and User.objects.filter(username__in=names).count() == len(names)


def holds_anything() -> bool:
    """Whether there is any organisation, person or account: then nothing may be loaded beside it."""
    return any(model.objects.exists() for model in (Organisation, Person, User))


def load() -> World:
    """Make everything up and write it, all or nothing."""
    world = plan.make()
    with transaction.atomic():
        with audit.event(note="Nạp dữ liệu trình diễn"):
            _Loader(world).load()
        _gather_statistics()
        present.fill()
    _gather_statistics()
    return world


def _gather_statistics() -> None:
    """What the database does by itself in time: without it, the first queries are planned badly."""
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if alone else "ANALYZE")


class _Loader:
    """Writes a world in the order that the keys need."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.organisations: dict[str, Organisation] = {}
        self.mass: dict[str, MassOrganisation] = {}
        self.people: dict[int, Person] = {}

    def load(self) -> None:
        self._organisations()
        self._periods()
        self._mass_organisations()
        self._people()
        self._committees()
        self._honours()
        self._classes()
        self._ratings()
        self._commendations()
        self._targets()
        self._accounts()

    # Organisations

    def _organisations(self) -> None:
        """From above to below, because the path of each needs the keys of those above it."""
        waiting = self.world.places
        while waiting:
            ready = [place for place in waiting if self._has_parent(place)]
            rows = _save(Organisation, [self._organisation(place) for place in ready])
            for place, row in zip(ready, rows, strict=True):
                row.path = self._path(row, place.states[-1])
                self.organisations[place.code] = row
            waiting = [place for place in waiting if place.code not in self.organisations]
        Organisation.objects.bulk_update(self.organisations.values(), ["path"], batch_size=100)

    def _has_parent(self, place: Place) -> bool:
        parent = place.states[-1].parent
        return parent is None or parent.code in self.organisations

    def _path(self, row: Organisation, state: State) -> str:
        above = self.organisations[state.parent.code].path if state.parent else ""
        return f"{above}{row.pk}/"

    def _organisation(self, place: Place) -> Organisation:
        return Organisation(
            code=place.code,
            name=place.name,
            kind=place.kind,
            sector=place.sector,
            parent=self._parent(place.states[-1]),
            founded_on=place.founded_on,
            ended_on=place.ended_on,
        )

    def _parent(self, state: State) -> Organisation | None:
        return self.organisations[state.parent.code] if state.parent else None

    def _periods(self) -> None:
        """Only cells without anything below change their parent, so no path below them changes."""
        rows = []
        for place in self.world.places:
            row = self.organisations[place.code]
            ends = [state.starts_on for state in place.states[1:]] + [None]
            rows += [
                OrganisationPeriod(
                    organisation=row,
                    starts_on=state.starts_on,
                    ends_on=ends_on,
                    name=state.name,
                    kind=place.kind,
                    parent=self._parent(state),
                    path=self._path(row, state),
                    event=state.event,
                )
                for state, ends_on in zip(place.states, ends, strict=True)
            ]
        _save(OrganisationPeriod, rows)
        _save(Succession, [self._succession(*lineage) for lineage in self.world.successions])

    def _succession(self, old: Place, new: Place, day: dt.date, number: str) -> Succession:
        return Succession(
            predecessor=self.organisations[old.code],
            successor=self.organisations[new.code],
            kind=SuccessionKind.MERGER,
            took_place_on=day,
            decision_number=number,
        )

    def _mass_organisations(self) -> None:
        rows = [
            MassOrganisation(
                code=mass.code,
                name=mass.name,
                kind=mass.kind,
                organisation=self.organisations[mass.place.code],
                founded_on=mass.founded_on,
                ended_on=mass.ended_on,
            )
            for mass in self.world.mass
        ]
        self.mass = {row.code: row for row in _save(MassOrganisation, rows)}

    # People

    def _people(self) -> None:
        lives = [*self.world.lives, *self.world.candidates]
        rows = _save(Person, [self._person(life) for life in lives])
        self.people = {id(life): row for life, row in zip(lives, rows, strict=True)}
        members = self.world.lives
        entries = [(life, entry) for life in members for entry in life.entries]
        saved = _save(Admission, [self._admission(*pair) for pair in entries])
        admissions = {id(entry): row for (_, entry), row in zip(entries, saved, strict=True)}
        _save(Membership, [row for life in members for row in self._memberships(life, admissions)])
        _save(
            Exemption,
            [
                Exemption(person=self.people[id(life)], starts_on=life.exempt_from)
                for life in members
                if life.exempt_from
            ],
        )

    def _committees(self) -> None:
        rows = [
            CommitteePost(
                person=self.people[id(held.life)],
                organisation=self.organisations[held.place.code],
                position=held.position,
                term=committees.TERM,
                began_on=committees.CONGRESS,
            )
            for held in committees.posts(self.world)
        ]
        _save(CommitteePost, rows)

    def _person(self, life: Life) -> Person:
        followed_by = self.organisations[life.followed_by.code] if life.followed_by else None
        return Person(
            file_number=life.file_number,
            full_name=life.name,
            sex=life.sex,
            theory_level=life.theory_level,
            card_number=life.card_number,
            followed_by=followed_by,
            **life.details,
        )

    def _admission(self, life: Life, entry: Entry) -> Admission:
        return Admission(
            person=self.people[id(life)],
            organisation=self.organisations[entry.place.code] if entry.place else None,
            decided_on=entry.decided_on,
            decided_on_precision=entry.precision,
            decision_number=entry.decision_number,
            ceremony_on=entry.ceremony_on,
            official_on=entry.official_on,
            official_decision_number=entry.official_number,
        )

    def _memberships(self, life: Life, admissions: dict[int, Admission]) -> Iterable[Membership]:
        for stay in life.stays:
            begins_with_entry = stay.began_on == stay.entry.decided_on
            yield Membership(
                person=self.people[id(life)],
                organisation=self.organisations[stay.place.code],
                admission=admissions[id(stay.entry)],
                began_on=stay.began_on,
                began_on_precision=stay.entry.precision if begins_with_entry else "day",
                start_reason=stay.start_reason,
                ended_on=stay.ended_on,
                end_reason=stay.end_reason,
            )

    def _honours(self) -> None:
        badges = [
            Badge(
                person=self.people[id(award.life)],
                milestone=award.milestone,
                awarded_on=award.awarded_on,
                badge_number=award.number,
            )
            for award in self.world.awards
        ]
        _save(Badge, badges)
        disciplines = [
            Discipline(person=self.people[id(life)], form=form, decided_on=day)
            for life in self.world.lives
            for form, day in life.disciplines
        ]
        _save(Discipline, disciplines)

    # Training

    def _classes(self) -> None:
        programmes = {programme.code: programme for programme in Programme.objects.all()}
        courses = self.world.courses
        rows = [
            TrainingClass(
                code=course.code,
                name=course.name,
                programme=programmes[course.programme],
                provider=course.provider,
                opens_on=course.opens_on,
                closes_on=course.closes_on,
            )
            for course in courses
        ]
        saved = _save(TrainingClass, rows)
        enrolments = [
            self._enrolment(row, learner)
            for course, row in zip(courses, saved, strict=True)
            for learner in course.learners
        ]
        _save(Enrolment, enrolments)

    def _enrolment(self, training_class: TrainingClass, learner: Learner) -> Enrolment:
        return Enrolment(
            training_class=training_class,
            person=self._person_or_none(learner.who),
            organisation=self._organisation_or_none(learner.who),
            result=learner.result,
            score=Decimal(learner.score) if learner.score else None,
            grade=learner.grade,
            certificate_number=learner.certificate,
            certificate_issued_on=training_class.closes_on if learner.certificate else None,
        )

    def _person_or_none(self, who: Life | Place) -> Person | None:
        return self.people[id(who)] if isinstance(who, Life) else None

    def _organisation_or_none(self, who: Life | Place | None) -> Organisation | None:
        return self.organisations[who.code] if isinstance(who, Place) else None

    # Reviews

    def _ratings(self) -> None:
        levels = {subject: _levels(subject) for subject in RatingSubject}
        members, organisations, mass = [], [], []
        for mark in self.world.marks:
            subject = mark.subject
            if isinstance(subject, Life):
                place = self._organisation_or_none(mark.place)
                level = levels[RatingSubject.MEMBERS].get((mark.year, mark.rank))
                columns = _rating_columns(mark, level)
                members.append(MemberRating(person=self.people[id(subject)], organisation=place, **columns))
            elif isinstance(subject, MassPlace):
                level = levels[RatingSubject.MASS].get((mark.year, mark.rank))
                row = MassRating(mass_organisation=self.mass[subject.code], **_rating_columns(mark, level))
                mass.append(row)
            else:
                level = levels[RatingSubject.ORGANISATIONS].get((mark.year, mark.rank))
                place = self.organisations[subject.code]
                organisations.append(OrganisationRating(organisation=place, **_rating_columns(mark, level)))
        _save(MemberRating, members)
        _save(OrganisationRating, organisations)
        _save(MassRating, mass)

    def _commendations(self) -> None:
        rows = [
            Commendation(
                year=praise.year,
                form=praise.form,
                form_text=praise.form_text,
                title=praise.title,
                title_text=praise.title_text,
                person=self._person_or_none(praise.who),
                organisation=self._organisation_or_none(praise.who),
                decided_on=praise.decided_on,
                decision_number=praise.number,
            )
            for praise in self.world.praises
        ]
        _save(Commendation, rows)

    def _targets(self) -> None:
        rows = [
            Target(year=year, organisation=self.organisations[code], figure=figure, value=value)
            for (code, year), values in TARGETS.items()
            for figure, value in values.items()
        ]
        _save(Target, rows)

    def _accounts(self) -> None:
        users = [
            User(username=account.username, full_name=account.full_name, password=make_password(PASSWORD))
            for account in ACCOUNTS
        ]
        roles = [
            RoleAssignment(user=user, role=account.role, organisation=self.organisations[account.organisation_code])
            for user, account in zip(_save(User, users), ACCOUNTS, strict=True)
        ]
        _save(RoleAssignment, roles)


def _save(model: type[Row], rows: list[Row]) -> list[Row]:
    return model._default_manager.bulk_create(rows)


def _levels(subject: str) -> dict[tuple[int, int | None], RatingLevel]:
    """The levels of the schemes in force, by year and rank."""
    levels: dict[tuple[int, int | None], RatingLevel] = {}
    for year in RATED_YEARS:
        scheme = RatingScheme.objects.in_force(year).get(subject=subject)
        levels |= {(year, level.rank): level for level in scheme.levels.all()}
    return levels


def _rating_columns(mark: Mark, level: RatingLevel | None) -> dict[str, object]:
    return {
        "year": mark.year,
        "level": level,
        "unrated_reason": mark.reason,
        "unrated_note": mark.note,
        "status": RatingStatus.APPROVED,
    }
