"""The sets of records that the figures are parts of: what is counted in a year, and where it is placed.

A source says it once; the list behind a number (`within`) and the adding up over the whole tree (`tally`)
are both drawn from that.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.db.models import Case, Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from members.models import Admission, Badge, MassOrganisation, Membership, Organisation, Person
from members.models.memberships import KEY, covering
from reviews.models import Commendation, RatingStatus
from reviews.scope import Scope
from training.models import Enrolment, TrainingClass

# For every figure asked for: the count at every organisation of the tree.
Tally = dict[str, dict[int, int]]


@dataclass(frozen=True)
class Source:
    """Records of a year and the organisations that place them.

    A record lies in a scope when for one of `places` all its columns hold organisations of the scope, and
    `unless` holds none of them. `all_at_root`: at the root every record counts, placed or not.
    """

    name: str
    rows: Callable[[int], QuerySet]
    places: tuple[tuple[str, ...], ...] = (("organisation",),)
    unless: str | None = None
    all_at_root: bool = False

    def within(self, scope: Scope) -> QuerySet:
        """The records of the scope, each once."""
        rows = self.rows(scope.year)
        if self.all_at_root and scope.is_root:
            return rows
        inside = reduce(
            or_,
            (
                reduce(and_, (Q(**{f"{column}__in": scope.organisations}) for column in place))
                for place in self.places
            ),
        )
        rows = rows.filter(inside)
        if self.unless:
            elsewhere = Q(**{f"{self.unless}__isnull": True}) | ~Q(
                **{f"{self.unless}__in": scope.organisations}
            )
            rows = rows.filter(elsewhere)
        return rows

    def tally(self, scope: Scope, conditions: dict[str, Q]) -> Tally:
        """How many records meet each condition, at every organisation of the scope's tree; one query."""
        columns = list(dict.fromkeys(column for place in self.places for column in place))
        if self.unless:
            columns.append(self.unless)
        names = {f"n{number}": code for number, code in enumerate(conditions)}
        counts = {name: Count("pk", filter=conditions[code] or None) for name, code in names.items()}
        groups = self._near(scope).order_by().values(*columns).annotate(**counts)
        tally: Tally = {code: defaultdict(int) for code in conditions}
        for group in groups:
            nodes = self._nodes(scope, group)
            for name, code in names.items():
                if group[name]:
                    for node in nodes:
                        tally[code][node] += group[name]
        return tally

    def _near(self, scope: Scope) -> QuerySet:
        """All records that may lie in the scope or under it: at the root all of the year."""
        if scope.is_root:
            return self.rows(scope.year)
        places = {column for place in self.places for column in place}
        return self.rows(scope.year).filter(
            reduce(or_, (Q(**{f"{c}__in": scope.organisations}) for c in places))
        )

    def _nodes(self, scope: Scope, group: dict) -> set[int]:
        """The organisations at which a group of records counts."""
        line = scope.tree.line
        nodes = {
            node
            for place in self.places
            for node in reduce(and_, (line(group[column]) for column in place))
            if not (self.unless and node in line(group[self.unless]))
        }
        if self.all_at_root and scope.is_root:
            nodes.add(scope.organisation.pk)
        return nodes


@dataclass(frozen=True)
class LinkedSource:
    """Records that lie in a scope when one of their links, the records of another source, does.

    At the root all of them count.
    """

    name: str
    rows: Callable[[int], QuerySet]
    links: Source
    key: str

    def within(self, scope: Scope) -> QuerySet:
        """The records of the scope, each once."""
        rows = self.rows(scope.year)
        if scope.is_root:
            return rows
        return rows.filter(pk__in=self.links.within(scope).values(self.key))

    def tally(self, scope: Scope, conditions: dict[str, Q]) -> Tally:
        """How many records meet each condition, at every organisation of the scope's tree; two queries."""
        names = {f"n{number}": code for number, code in enumerate(conditions)}
        flags = {name: Case(When(conditions[code], then=1), default=0) for name, code in names.items()}
        records = {
            row["pk"]: row for row in self.rows(scope.year).order_by().annotate(**flags).values("pk", *flags)
        }
        reached: dict[int, set[int]] = {
            pk: {scope.organisation.pk} if scope.is_root else set() for pk in records
        }
        (column,) = self.links.places[0]
        pairs = self.links._near(scope).order_by().values_list(self.key, column).distinct()
        for pk, place in pairs:
            if pk in reached:
                reached[pk] |= scope.tree.line(place)
        tally: Tally = {code: defaultdict(int) for code in conditions}
        for pk, nodes in reached.items():
            for name, code in names.items():
                for node in nodes if records[pk][name] else ():
                    tally[code][node] += 1
        return tally


AnySource = Source | LinkedSource


def last_day(year: int) -> dt.date:
    """D of the figures: 31 December of the year."""
    return dt.date(year, 12, 31)


def _rated_for(year: int) -> FilteredRelation:
    """The one approved rating of a subject for the year, or none."""
    return FilteredRelation("ratings", condition=Q(ratings__year=year, ratings__status=RatingStatus.APPROVED))


def _organisations_to_rate(year: int) -> QuerySet:
    day = last_day(year)
    return Organisation.objects.grassroots(on=day).existing_on(day).annotate(rating=_rated_for(year))


def _mass_organisations_to_rate(year: int) -> QuerySet:
    return MassOrganisation.objects.existing_on(last_day(year)).annotate(rating=_rated_for(year))


def _members_to_rate(year: int) -> QuerySet:
    """People with a stay on D (`home`), and those who left in the year and were rated for it.

    Of the latter `rated_by` is the organisation that rated and `left_at` the one they left: its own, where
    they had a stay there, else the last one of the year.
    """
    stay = FilteredRelation("memberships", condition=covering(last_day(year), "memberships__"))
    people = Person.objects.annotate(stay=stay, rating=_rated_for(year)).annotate(
        home=F("stay__organisation_id"), rated_by=F("rating__organisation_id")
    )
    left = Membership.objects.ended_in(year).filter(person=OuterRef("pk")).values("organisation")
    at_rater = left.filter(organisation=OuterRef("rated_by"))[:1]
    last = left.order_by("-ended_on")[:1]
    elsewhere = Q(rating__level__isnull=False) & (Q(home__isnull=True) | ~Q(home=F("rated_by")))
    people = people.annotate(
        left_at=Case(When(elsewhere, then=Coalesce(Subquery(at_rater), Subquery(last))), output_field=KEY)
    )
    return people.filter(Q(home__isnull=False) | Q(left_at__isnull=False))


def _confirmed(year: int) -> QuerySet:
    official_on = F("admission__official_on")
    return Membership.objects.filter(covering(official_on), admission__official_on__year=year)


MEMBERS = Source("members", lambda year: Membership.objects.on(last_day(year)))
ARRIVALS = Source(
    "arrivals", lambda year: Membership.objects.begun_in(year).with_came_from(year), unless="came_from"
)
DEPARTURES = Source(
    "departures", lambda year: Membership.objects.ended_in(year).with_went_to(year), unless="went_to"
)
ADMISSIONS = Source("admissions", lambda year: Admission.objects.decided_in(year))
CONFIRMATIONS = Source("confirmations", _confirmed)
LEARNERS = Source(
    "learners",
    lambda year: Enrolment.objects.opened_in(year).not_withdrawn().with_home(),
    places=(("home",),),
    all_at_root=True,
)
CLASSES = LinkedSource(
    "classes", lambda year: TrainingClass.objects.opened_in(year), links=LEARNERS, key="training_class"
)
BADGES = Source("badges", lambda year: Badge.objects.awarded_in(year).with_home(), places=(("home",),))
RATED_ORGANISATIONS = Source("rated_organisations", _organisations_to_rate, places=(("pk",),))
RATED_MEMBERS = Source("rated_members", _members_to_rate, places=(("home",), ("rated_by", "left_at")))
RATED_MASS = Source("rated_mass", _mass_organisations_to_rate)
COMMENDATIONS = Source(
    "commendations",
    lambda year: Commendation.objects.certificates_for(year).with_home(on=last_day(year)),
    places=(("home",),),
)


def tally_all(scope: Scope, wanted: Iterable[tuple[AnySource, str, Q]]) -> Tally:
    """The counts of many figures at every organisation of the scope, each source read once."""
    by_source: dict[str, tuple[AnySource, dict[str, Q]]] = {}
    for source, code, condition in wanted:
        by_source.setdefault(source.name, (source, {}))[1][code] = condition
    tally: Tally = {}
    for source, conditions in by_source.values():
        tally |= source.tally(scope, conditions)
    return tally
