"""The search from anywhere: people and organisations that what was typed finds, within the reader's scope."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.functional import cached_property

from config.access import Permission, scope_of
from config.keyed_pages import bounded_count
from members.models import Membership, Organisation, Person
from members.models.audit import is_whole
from members.models.memberships import LATEST_FIRST
from members.text import fold, one_line

MOST_PEOPLE, MOST_ORGANISATIONS = 50, 20
LONGEST = 100


def names(user: Any, text: str) -> Q:
    """The condition that the `person` of a row is found by `text`: by numbers too where `user` may see the file.

    Of somebody whose file is closed to the reader, such as one who is still on the way, the row tells the name alone;
    a search that knew the numbers would tell them digit by digit.
    """
    scope, found = scope_of(user, Permission.VIEW_RECORDS), Person.objects.matching(text)
    if is_whole(scope):
        return Q(person__in=found.values("pk"))
    words = fold(text).split()
    named = (Q(person__name_search__startswith=word) | Q(person__name_search__contains=f" {word}") for word in words)
    return Q(person__in=found.within(scope).values("pk")) | reduce(and_, named, Q())


class FoundPerson(NamedTuple):
    """A person and the last stay that the reader may see."""

    person: Person
    stay: Membership | None


class Search:
    """What `text` finds. Who was typed with accents stands first where the accents agree."""

    def __init__(self, user: Any, text: str) -> None:
        self.text = one_line(text)[:LONGEST]
        self.scope = scope_of(user, Permission.VIEW_RECORDS)

    @property
    def is_asked(self) -> bool:
        """Whether anything was typed that can be searched for."""
        return bool(fold(self.text))

    # People

    @cached_property
    def _visible(self) -> Any:
        """Everybody whom the reader may see.

        A reader of many is best served by asking of each one found; one of few by beginning with those few.
        """
        stays = Membership.objects.order_by().filter(self.scope.covers("organisation__path"))
        is_few = bounded_count(stays).is_exact
        return Person.objects.within(self.scope) if is_few else Person.objects.each_within(self.scope)

    @cached_property
    def _keys(self) -> list[int]:
        """The keys of those found, one more than are shown where there are more."""
        most = MOST_PEOPLE + 1
        ordered: Any = self._visible.order_by("name_sort_key", "pk").values_list("pk", flat=True)
        exact = [] if self.text.isascii() else list(ordered.matching_exactly(self.text)[:most])
        if len(exact) == most:
            return exact
        others = list(ordered.matching(self.text)[: most + len(exact)])
        return list(dict.fromkeys([*exact, *others]))[:most]

    @cached_property
    def people(self) -> list[FoundPerson]:
        """Those shown."""
        if not self.is_asked:
            return []
        keys = self._keys[:MOST_PEOPLE]
        people = {person.pk: person for person in Person.objects.filter(pk__in=keys).select_related("followed_by")}
        stays = self._stays(keys)
        return [FoundPerson(people[key], stays.get(key)) for key in keys]

    @property
    def has_more_people(self) -> bool:
        """Whether there are more than are shown."""
        return self.is_asked and len(self._keys) > MOST_PEOPLE

    def _stays(self, keys: Sequence[int]) -> dict[int, Membership]:
        stays = Membership.objects.filter(self.scope.covers("organisation__path"), person__in=keys)
        found: dict[int, Membership] = {}
        for stay in stays.select_related("organisation").order_by(*LATEST_FIRST):
            found.setdefault(stay.person_id, stay)
        return found

    # Organisations

    @cached_property
    def _organisations(self) -> list[Organisation]:
        visible = Organisation.objects.within(self.scope).select_related("parent")
        return list(visible.matching(self.text)[: MOST_ORGANISATIONS + 1]) if self.is_asked else []

    @property
    def organisations(self) -> list[tuple[Organisation, Organisation | None]]:
        """Those shown, each with the one above where the reader may see it."""
        return [
            (one, one.parent if one.parent is not None and one.parent.path.startswith(self.scope.paths) else None)
            for one in self._organisations[:MOST_ORGANISATIONS]
        ]

    @property
    def has_more_organisations(self) -> bool:
        """Whether there are more than are shown."""
        return len(self._organisations) > MOST_ORGANISATIONS
