"""Which people a list holds, as queries that stay quick however many there are.

A list is of people; each row shows one stay: the one that covers the day, or the last one before it. Where many stays
are to be looked through, people are gone through in the order of their names and asked for a stay; where the stays
are few, they are the beginning. Which of both is known from a count that stops at config.keyed_pages.MOST_COUNTED.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.functional import cached_property

from config.access import Permission, UserScope, scope_of
from config.keyed_pages import Count, KeyedPages, Sort, bounded_count
from members.models import Membership, Organisation, OrganisationPeriod, Person
from members.models.audit import is_whole
from members.models.memberships import EndReason, covering, is_exempt
from members.models.people import TheoryLevel
from reviews.people.filters import FORMER, NONE, Standing, Wanted, conditions, people_found, ratings_of

REASONS = {
    Standing.TRANSFERRED: (EndReason.TRANSFERRED_OUT, EndReason.MOVED),
    Standing.DECEASED: (EndReason.DECEASED,),
    Standing.REMOVED: (EndReason.STRUCK_OFF, EndReason.EXPELLED, EndReason.WITHDREW),
}
BY_NAME = "name_sort_key"
# What a column is sorted by when it is one of the stay; elsewhere it is a column of the person.
OF_STAY = "stay__"
# Columns that are made where a list is sorted by them.
THEORY_RANK, RATING_RANK = "theory_rank", "rating_rank"


class Selection:
    """The people whom `user` may see with `permission` and of whom everything `wanted` holds."""

    def __init__(
        self,
        user: Any,
        wanted: Wanted,
        *,
        organisation: Organisation | None = None,
        permission: Permission = Permission.VIEW_RECORDS,
    ) -> None:
        self.user = user
        self.permission = permission
        self.wanted = wanted
        self.organisation = organisation
        self.day: dt.date = wanted["ngay"]
        self.standing = Standing(wanted.get("tinh_trang", Standing.MEMBER))
        self.scope: UserScope = scope_of(user, permission)

    # Where

    @cached_property
    def organisations(self) -> list[int] | None:
        """The keys of the organisations whose people are listed; None for all there are.

        The tree is that of the day; what may be seen of it is decided by today's.
        """
        visible = Organisation.objects.within(self.scope).order_by()
        if self.organisation is None:
            return None if is_whole(self.scope) else list(visible.values_list("pk", flat=True))
        if self.wanted.get("duoi") == NONE:
            return list(visible.filter(pk=self.organisation.pk).values_list("pk", flat=True))
        below = OrganisationPeriod.objects.under(self.organisation, on=self.day).order_by()
        return list(below.within(self.scope).values_list("organisation", flat=True))

    @cached_property
    def stays(self) -> Any:
        """The stays there, of all times."""
        stays = Membership.objects.order_by()
        return stays if self.organisations is None else stays.filter(organisation__among=self.organisations)

    # Who

    @cached_property
    def _of_person(self) -> list[Any]:
        return conditions(self.wanted, "of_person")

    @cached_property
    def _of_stay(self) -> list[Any]:
        return conditions(self.wanted, "of_stay")

    @property
    def _is_searched(self) -> bool:
        """Whether anything is asked of the person beside where they are."""
        return bool(self._of_person or self.wanted.get("q"))

    @cached_property
    def _named(self) -> Any:
        """The people of whom everything holds that is asked of a person."""
        return people_found(self.wanted.get("q", "")).filter(*self._of_person)

    @cached_property
    def people(self) -> QuerySet:
        """The people of the list, without order."""
        if self.standing == Standing.CANDIDATE:
            return self._candidates
        return self._former if self.standing in FORMER else self._members

    @cached_property
    def _stays_shown(self) -> Any:
        """The stays of the members listed, but for what is asked of the person."""
        stays = self.stays.on(self.day).filter(*self._of_stay)
        if self.standing == Standing.OFFICIAL:
            return stays.official(on=self.day)
        if self.standing == Standing.PROBATIONARY:
            return stays.probationary(on=self.day)
        return stays.filter(is_exempt(self.day)) if self.standing == Standing.EXEMPT else stays

    @cached_property
    def _stay_count(self) -> Count:
        return bounded_count(self._stays_shown)

    @property
    def _members(self) -> QuerySet:
        if self._stay_count.is_exact:
            return self._named.filter(pk__in=self._stays_shown.values("person"))
        return self._named.filter(Exists(self._stays_shown.filter(person=OuterRef("pk"))))

    @property
    def _former(self) -> QuerySet:
        """Who had a stay there by the day and whose last one had ended."""
        left = self.stays.filter(began_on__lte=self.day, ended_on__lte=self.day).filter(*self._of_stay)
        if self.standing in REASONS:
            left = left.filter(end_reason__in=REASONS[self.standing])
        return (
            self._named.filter(pk__in=left.values("person"))
            .alias(last_stay=Subquery(self._last_stay.values("pk")[:1]))
            .filter(last_stay__in=left.values("pk"))
        )

    @property
    def _last_stay(self) -> QuerySet:
        return self.stays.last_by(self.day).filter(person=OuterRef("pk"))

    @property
    def _candidates(self) -> QuerySet:
        candidates = self._named.candidates()
        if self._of_stay:
            return candidates.none()
        return candidates if self.organisations is None else candidates.filter(followed_by__among=self.organisations)

    # In which order

    def pages(self, order: Sequence[Sort]) -> KeyedPages:
        """The pages of the list in an order, whose columns may be those of the stay (`stay__…`)."""
        rows, anchors = self.people, self._anchors
        for sort in order:
            rows, anchors = self._with_column(rows, sort.column), self._with_column(anchors, sort.column)
        return KeyedPages(rows, order, anchors=anchors, is_large=self._is_large)

    @property
    def _anchors(self) -> QuerySet:
        """Everybody whom the reader may see."""
        return Person.objects.each_within(self.scope)

    @property
    def _is_large(self) -> bool:
        """Whether there are so many that not all are read; where people are searched for, that isn't known yet."""
        is_of_stays = self.standing not in {Standing.CANDIDATE, *FORMER}
        return is_of_stays and not self._is_searched and not self._stay_count.is_exact

    def _with_column(self, people: QuerySet, name: str) -> QuerySet:
        """The people with a column of the order that isn't one of their own."""
        if name.startswith(OF_STAY):
            return self._with_stay(people, name.removeprefix(OF_STAY))
        if name == THEORY_RANK:
            ranks = [When(theory_level=level, then=Value(rank)) for rank, level in enumerate(TheoryLevel.values, 1)]
            return people.annotate(**{THEORY_RANK: Case(*ranks, default=None, output_field=IntegerField())})
        if name == RATING_RANK:
            ratings = ratings_of(self.wanted.get("nam_xl", 0)).filter(person=OuterRef("pk"))
            return people.annotate(**{RATING_RANK: Subquery(ratings.values("level__rank")[:1])})
        return people

    def _with_stay(self, people: QuerySet, column: str) -> QuerySet:
        """The people with a column of the stay that their row shows."""
        if self.standing == Standing.CANDIDATE:
            return people.annotate(**{OF_STAY + column: F(column.replace("organisation", "followed_by"))})
        if self.standing in FORMER:
            return people.annotate(**{OF_STAY + column: Subquery(self._last_stay.values(column)[:1])})
        return people.annotate(stay=FilteredRelation("memberships", condition=covering(self.day, "memberships__")))
