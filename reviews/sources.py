"""The sets of records that the figures are parts of: what is counted in a year, and where it is placed.

A source says it once; the list behind a number (`within`), the number of one organisation (`totals`) and the
adding up over the whole tree (`tally`) are all drawn from that.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Protocol

from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from members.models import Admission, Badge, MassOrganisation, Membership, Organisation
from members.models.memberships import covering
from reviews import prepared
from reviews.models import Commendation, RatingStatus
from reviews.scope import Scope
from training.models import Enrolment, TrainingClass

# For every figure asked for: the count at organisations of the tree.
Tally = dict[str, dict[int, int]]
Row = tuple[Any, ...]


class Counted(Protocol):
    """What a source counts: the records that meet a condition (reviews.indicators.Figure)."""

    @property
    def code(self) -> str: ...

    def condition(self, day: dt.date) -> Q: ...


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
        rows = self._placed(self.rows(scope.year), scope, lambda column: Q(**{f"{column}__in": scope.organisations}))
        if self.unless is None:
            return rows
        inside = Q(**{f"{self.unless}__in": scope.organisations})
        return rows.filter(Q(**{f"{self.unless}__isnull": True}) | ~inside)

    def everywhere(self, scope: Scope) -> Callable[[int], QuerySet]:
        """The records of a year in a scope that is the whole tree: whatever is placed at all lies in it."""

        def rows(year: int) -> QuerySet:
            placed = self._placed(self.rows(year), scope, lambda column: Q(**{f"{column}__isnull": False}))
            return placed.filter(**{f"{self.unless}__isnull": True}) if self.unless else placed

        return rows

    def _placed(self, rows: QuerySet, scope: Scope, lies_in: Callable[[str], Q]) -> QuerySet:
        if self.all_at_root and scope.is_root:
            return rows
        return rows.filter(reduce(or_, (reduce(and_, map(lies_in, place)) for place in self.places)))

    def tally(self, scope: Scope, figures: Sequence[Counted]) -> Tally:
        """How many records each figure counts at every organisation of the scope's tree; one query."""
        return self.add_up(scope, figures, self.groups(scope, self.columns, figures))

    def add_up(self, scope: Scope, figures: Sequence[Counted], groups: Iterable[Row]) -> Tally:
        """The counts of groups (values of `columns`, then a count a figure) at every organisation of the tree."""
        tally: Tally = {figure.code: defaultdict(int) for figure in figures}
        counters = list(tally.values())
        for group in groups:
            counted = [
                (counter, count) for counter, count in zip(counters, group[len(self.columns) :], strict=True) if count
            ]
            for node in self._nodes(scope, group) if counted else ():
                for counter, count in counted:
                    counter[node] += count
        return tally

    def groups(self, scope: Scope, columns: Sequence[str], figures: Sequence[Counted]) -> Iterable[Row]:
        """The records that may lie in the scope or under it, counted by the values of `columns`."""
        if scope.is_whole:
            return _run(scope, (self.name, *columns), self.rows, columns, figures)
        rows = self.rows(scope.year)
        if not scope.is_root:
            near = (Q(**{f"{column}__in": scope.organisations}) for place in self.places for column in place)
            rows = rows.filter(reduce(or_, near))
        return _grouped(rows, columns, figures, scope.day)

    @property
    def columns(self) -> list[str]:
        """The columns that place a record, in the order of a group's values."""
        placing = [column for place in self.places for column in place]
        return [*placing, self.unless] if self.unless else placing

    def _nodes(self, scope: Scope, group: Row) -> Iterable[int]:
        """The organisations at which a group of records counts."""
        line, position = scope.tree.line, 0
        nodes: frozenset[int] = frozenset()
        for place in self.places:
            lines = [line(key) for key in group[position : position + len(place)]]
            nodes |= reduce(and_, lines)
            position += len(place)
        if self.unless:
            nodes -= line(group[position])
        return nodes | {scope.organisation.pk} if self.all_at_root and scope.is_root else nodes


@dataclass(frozen=True)
class LastOfPerson(Source):
    """Stays of which, where a scope holds several of one person, only the last counts."""

    def within(self, scope: Scope) -> QuerySet:
        """The records of the scope, one a person."""
        inside = super().within(scope)
        return _last_of_person(inside, among=inside)

    def everywhere(self, scope: Scope) -> Callable[[int], QuerySet]:
        """The records of a year in a scope that is the whole tree, one a person."""
        rows = super().everywhere(scope)
        return lambda year: _last_of_person(rows(year), among=Membership.objects.ended_in(year))

    def tally(self, scope: Scope, figures: Sequence[Counted]) -> Tally:
        """How many people each figure counts at every organisation of the scope's tree; one query."""
        tally: Tally = {figure.code: defaultdict(int) for figure in figures}
        seen: set[tuple[int, int, str]] = set()
        for person, *group in self.groups(scope, ("person", *self.columns), figures):
            for node in self._nodes(scope, tuple(group)):
                for figure, count in zip(figures, group[len(self.columns) :], strict=True):
                    if count and (person, node, figure.code) not in seen:
                        seen.add((person, node, figure.code))
                        tally[figure.code][node] += 1
        return tally


def _last_of_person(rows: QuerySet, *, among: QuerySet) -> QuerySet:
    later = among.order_by().filter(
        Q(began_on__gt=OuterRef("began_on")) | Q(began_on=OuterRef("began_on"), pk__gt=OuterRef("pk")),
        person=OuterRef("person"),
    )
    return rows.filter(~Exists(later))


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

    def everywhere(self, _scope: Scope) -> Callable[[int], QuerySet]:
        """The records of a year in a scope that is the whole tree."""
        return self.rows

    def tally(self, scope: Scope, figures: Sequence[Counted], linked: Sequence[Counted] = ()) -> Tally:
        """How many records each figure counts at every organisation of the scope's tree; two queries.

        `linked` are figures of the links, counted by the same query.
        """
        own = {scope.organisation.pk} if scope.is_root else set()
        rows = _run(scope, (self.name, "pk"), self.rows, ("pk",), figures)
        meets = {row[0]: row[1:] for row in rows}
        reached: dict[int, set[int]] = {pk: set(own) for pk in meets}
        groups = list(self.links.groups(scope, (self.key, *self.links.columns), linked))
        for pk, place, *_counts in groups:
            if pk in reached:
                reached[pk] |= scope.tree.line(place)
        tally: Tally = {figure.code: defaultdict(int) for figure in figures}
        for pk, nodes in reached.items():
            for counter, count in zip(tally.values(), meets[pk], strict=True):
                for node in nodes if count else ():
                    counter[node] += 1
        return tally | self.links.add_up(scope, linked, (group[1:] for group in groups))


@dataclass(frozen=True)
class UnionSource:
    """Records of several sources that never hold the same record."""

    name: str
    rows: Callable[[int], QuerySet]
    parts: tuple[Source, ...]

    def within(self, scope: Scope) -> QuerySet:
        """The records of the scope, each once."""
        inside = (Q(pk__in=part.within(scope).order_by().values("pk")) for part in self.parts)
        return self.rows(scope.year).filter(reduce(or_, inside))


AnySource = Source | LinkedSource | UnionSource


def _grouped(rows: QuerySet, columns: Sequence[str], figures: Sequence[Counted], day: dt.date) -> QuerySet:
    """The figures' counts by the values of `columns`; without columns in one row, headed by a 1."""
    counts = {
        f"n{position}": Count("pk", filter=figure.condition(day) or None) for position, figure in enumerate(figures)
    }
    if not columns:
        rows, columns = rows.annotate(all_of_them=Value(1, IntegerField())), ("all_of_them",)
    return rows.order_by().values(*columns).annotate(**counts).values_list(*columns, *counts)


def _run(
    scope: Scope,
    key: Row,
    rows: Callable[[int], QuerySet],
    columns: Sequence[str],
    figures: Sequence[Counted],
) -> list[Row]:
    """`_grouped` for a year of the whole tree, compiled once a process."""

    def build(year: int) -> QuerySet:
        return _grouped(rows(year), columns, figures, last_day(year))

    return prepared.run((*key, *(figure.code for figure in figures)), build, scope.year)


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


def _stays(year: int) -> Any:
    """All stays, each with the person's approved rating of the year."""
    approved = Q(person__ratings__year=year, person__ratings__status=RatingStatus.APPROVED)
    return Membership.objects.annotate(rating=FilteredRelation("person__ratings", condition=approved))


def _stays_left(year: int) -> QuerySet:
    """Stays that ended in the year, of people who were rated for it.

    `rated_by` is the organisation that rated, `now_at` where the person is on D, if anywhere.
    """
    now = Membership.objects.order_by().filter(person=OuterRef("person")).on(last_day(year)).values("organisation")
    rows = _stays(year).ended_in(year).filter(rating__level__isnull=False)
    return rows.annotate(rated_by=F("rating__organisation_id"), now_at=Subquery(now[:1]))


def _confirmed(year: int) -> QuerySet:
    official_on = F("admission__official_on")
    return Membership.objects.filter(covering(official_on), admission__official_on__year=year)


MEMBERS = Source("members", lambda year: _stays(year).on(last_day(year)))
ARRIVALS = Source("arrivals", lambda year: Membership.objects.begun_in(year).with_came_from(year), unless="came_from")
DEPARTURES = Source("departures", lambda year: Membership.objects.ended_in(year).with_went_to(year), unless="went_to")
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
RATED_LEAVERS = LastOfPerson("rated_leavers", _stays_left, places=(("organisation", "rated_by"),), unless="now_at")
RATED_MEMBERS = UnionSource("rated_members", _stays, parts=(MEMBERS, RATED_LEAVERS))
RATED_MASS = Source("rated_mass", _mass_organisations_to_rate)
COMMENDATIONS = Source(
    "commendations",
    lambda year: Commendation.objects.certificates_for(year).with_home(on=last_day(year)),
    places=(("home",),),
)


def tally_all(scope: Scope, wanted: Iterable[tuple[AnySource, Counted]], *, whole_tree: bool) -> Tally:
    """The counts of many figures: at every organisation of the scope's tree, or only at the scope's own.

    Each source is read once, whatever is counted of it.
    """
    by_source = _by_source(wanted)
    tally: Tally = {}
    if not whole_tree:
        for figures, counts in _totals(scope, list(by_source.values())):
            own = scope.organisation.pk
            _add(tally, {figure.code: {own: count} for figure, count in zip(figures, counts, strict=True)})
        return tally
    done = {source.links.name for source, _figures in by_source.values() if isinstance(source, LinkedSource)}
    for name, (source, figures) in by_source.items():
        if isinstance(source, LinkedSource):
            _add(tally, source.tally(scope, figures, by_source.get(source.links.name, (source, []))[1]))
        elif name not in done:
            _add(tally, source.tally(scope, figures))
    return tally


Batch = tuple[Source | LinkedSource, list[Counted]]


def _totals(scope: Scope, batches: list[Batch]) -> Iterable[tuple[list[Counted], Row]]:
    """For every source the counts of its figures at the scope's organisation."""
    if not scope.is_whole:
        for source, figures in batches:
            (row,) = _grouped(source.within(scope), (), figures, scope.day)
            yield figures, row[1:]
        return
    row = prepared.run_together({_key(batch): _build(scope, batch) for batch in batches}, scope.year)
    position = 0
    for _source, figures in batches:
        yield figures, row[position + 1 : position + 1 + len(figures)]
        position += 1 + len(figures)


def _key(batch: Batch) -> Row:
    source, figures = batch
    return (source.name, "totals", *(figure.code for figure in figures))


def _build(scope: Scope, batch: Batch) -> Callable[[int], QuerySet]:
    source, figures = batch
    rows = source.everywhere(scope)
    return lambda year: _grouped(rows(year), (), figures, last_day(year))


def _by_source(
    wanted: Iterable[tuple[AnySource, Counted]],
) -> dict[str, tuple[Source | LinkedSource, list[Counted]]]:
    by_source: dict[str, tuple[Source | LinkedSource, list[Counted]]] = {}
    for source, figure in wanted:
        for part in source.parts if isinstance(source, UnionSource) else (source,):
            by_source.setdefault(part.name, (part, []))[1].append(figure)
    return by_source


def _add(tally: Tally, more: Tally) -> None:
    """Add the counts of `more` to `tally`: a figure of a union comes from each of its parts."""
    for code, counts in more.items():
        if code not in tally:
            tally[code] = counts
            continue
        for pk, count in counts.items():
            tally[code][pk] = tally[code].get(pk, 0) + count
