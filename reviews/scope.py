"""What a summary speaks of: an organisation with everything under it, in a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from members.models import Organisation, OrganisationPeriod
from members.tree import History, Tree


class Scope:
    """An organisation with all that stood under it on 31 December of `year`.

    Where `user` is given, organisations that this user may not see today are left out, so that every number
    is the length of a list that the same user can open.
    """

    def __init__(
        self, organisation: Organisation, year: int, user: Any = None, *, history: History | None = None
    ) -> None:
        self.organisation = organisation
        self.year = year
        self.user = user
        self.history = history or History(organisation, user)

    @property
    def day(self) -> dt.date:
        """D of the figures: 31 December of the year."""
        return dt.date(self.year, 12, 31)

    @property
    def is_root(self) -> bool:
        """Whether the organisation has none above it: some figures then count all there is."""
        return self.organisation.parent_id is None

    @property
    def is_whole(self) -> bool:
        """Whether every organisation is in the scope, in any year."""
        return self.history.is_whole

    @cached_property
    def organisations(self) -> QuerySet:
        """The keys of the organisations of the scope, for a subquery."""
        periods = OrganisationPeriod.objects.under(self.organisation, on=self.day)
        if self.history.is_limited:
            periods = periods.filter(organisation__in=Organisation.objects.open_to(self.user, self.history.permission))
        return periods.values("organisation")

    @cached_property
    def tree(self) -> Tree:
        """The organisations of the scope in memory."""
        return Tree(self.history, self.day)

    def in_year(self, year: int) -> Scope:
        """The same organisation in another year."""
        return Scope(self.organisation, year, self.user, history=self.history)
