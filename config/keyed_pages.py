"""Pages of a long list by the row that they begin after, not by how many rows lie before: the last costs what the
first does. And counts that stop where nobody needs them exactly.

The address names the row by its key alone; what the list is sorted by is looked up.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.functional import cached_property

from config.numbers import count_text

PER_PAGE = 50
MOST_COUNTED = 10_000
AFTER, BEFORE, LAST = "sau", "truoc", "cuoi"
LOST = "Dòng mà địa chỉ trang này nhắc đến không còn thấy, nên đây là trang đầu của danh sách."


class Count(NamedTuple):
    """How many rows there are, or that there are more than `number`."""

    number: int
    is_exact: bool = True

    def __str__(self) -> str:
        return count_text(self.number) if self.is_exact else f"hơn {count_text(self.number)}"


def bounded_count(rows: QuerySet, most: int = MOST_COUNTED) -> Count:
    """The number of `rows`, exact up to `most`; never more than one beyond that is looked at."""
    found = rows.order_by().values("pk")[: most + 1].count()
    return Count(min(found, most), found <= most)


@dataclass(frozen=True)
class Sort:
    """A column that a list is sorted by; rows without a value come last in either direction."""

    column: str
    is_descending: bool = False
    is_nullable: bool = False

    def ordering(self, *, is_reversed: bool) -> Any:
        """As the database is asked for it; an index in that order serves where nothing is said of nulls."""
        descending = self.is_descending != is_reversed
        if not self.is_nullable:
            return F(self.column).desc() if descending else F(self.column).asc()
        nulls = {"nulls_first": True} if is_reversed else {"nulls_last": True}
        return F(self.column).desc(**nulls) if descending else F(self.column).asc(**nulls)

    def beyond(self, value: Any, *, is_reversed: bool, or_at: bool = False) -> Q:
        """The condition that a row comes after one with this value (before it, reversed); `or_at`: or beside it."""
        if value is None:
            if or_at:
                return Q() if is_reversed else self.at(None)
            return ~self.at(None) if is_reversed else NOTHING
        lookup = ("lt" if self.is_descending != is_reversed else "gt") + ("e" if or_at else "")
        later = Q(**{f"{self.column}__{lookup}": value})
        return later | self.at(None) if self.is_nullable and not is_reversed else later

    def at(self, value: Any) -> Q:
        """The condition that a row holds the value."""
        return Q(**{f"{self.column}__isnull": True} if value is None else {self.column: value})


NOTHING = Q(pk__in=[])


class Side(enum.Enum):
    """Where a page stands."""

    FIRST = "first"
    AFTER = AFTER
    BEFORE = BEFORE
    LAST = LAST


class Place(NamedTuple):
    """The page that an address asks for: the first, the last, or the one after or before the row with a key."""

    side: Side = Side.FIRST
    key: int | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address."""
        if self.side == Side.FIRST:
            return {}
        return {self.side.value: "1" if self.key is None else str(self.key)}


def place_of(query: Mapping[str, str]) -> Place:
    """What an address says; what can't be a key asks for a row that there is not."""
    if query.get(LAST):
        return Place(Side.LAST)
    for side in (Side.AFTER, Side.BEFORE):
        text = query.get(side.value, "")
        if text:
            return Place(side, int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1)
    return Place()


@dataclass(frozen=True)
class KeyedPage:
    """The keys of the rows of a page in their order; where it stands, and what lies before and after."""

    keys: list[int]
    place: Place
    has_previous: bool
    has_next: bool
    is_lost: bool = False

    @property
    def previous(self) -> Place | None:
        """The page before."""
        return Place(Side.BEFORE, self.keys[0]) if self.has_previous and self.keys else None

    @property
    def next(self) -> Place | None:
        """The page after."""
        return Place(Side.AFTER, self.keys[-1]) if self.has_next and self.keys else None


class KeyedPages:
    """The pages of `rows` in an order.

    Where there are no more than `most`, the keys of all are read at once: that tells how many they are and where a
    page stands. Of more (`is_large`, where that is known before) only the page itself is read.

    `anchors` are the rows that an address may name: they need the columns of the order but may have left the list
    meanwhile. They must be rows that the reader may see, since a page tells where its anchor stands.
    """

    def __init__(
        self,
        rows: QuerySet,
        order: Sequence[Sort],
        *,
        anchors: QuerySet | None = None,
        size: int = PER_PAGE,
        most: int = MOST_COUNTED,
        is_large: bool = False,
    ) -> None:
        self.rows = rows
        self.anchors = rows if anchors is None else anchors
        self.order = (*order, Sort("pk", order[-1].is_descending if order else False))
        self.size = size
        self.most = most
        self.is_large = is_large

    @cached_property
    def known(self) -> list[int] | None:
        """The keys of all rows in order; None where there are more than `most`."""
        keys = [] if self.is_large else list(self.in_order()[: self.most + 1])
        return None if self.is_large or len(keys) > self.most else keys

    @property
    def count(self) -> Count:
        """How many rows there are."""
        return Count(self.most, is_exact=False) if self.known is None else Count(len(self.known))

    def in_order(self) -> QuerySet:
        """The keys of all rows in the order of the pages."""
        return self._ordered(self.rows, is_reversed=False)

    def first_number(self, page: KeyedPage) -> int | None:
        """Which of the rows the page begins with, from 1; None where they weren't counted."""
        if not page.keys or not page.has_previous:
            return 1
        return self.known.index(page.keys[0]) + 1 if self.known is not None else None

    # Pages

    def page(self, place: Place) -> KeyedPage:
        """The page at a place; the first one where its row is nowhere to be found."""
        if place.side in {Side.FIRST, Side.LAST}:
            return self._found(place, self._next(place.side == Side.LAST))
        is_reversed = place.side == Side.BEFORE
        if self.known is not None and place.key in self.known:
            keys = self._beside_known(self.known.index(place.key), is_reversed=is_reversed)
        else:
            values = self.anchors.filter(pk=place.key).values_list(*(sort.column for sort in self.order)).first()
            if values is None:
                return replace(self.page(Place()), is_lost=True)
            keys = self._next(is_reversed, self.rows.filter(self._beyond(values, is_reversed=is_reversed)))
        # Nothing stands there any more: the end on that side.
        return self._found(place, keys) if keys else self.page(Place(Side.FIRST if is_reversed else Side.LAST))

    def _found(self, place: Place, keys: list[int]) -> KeyedPage:
        """The page of these keys, read from the place on and one more than it holds where there are more."""
        has_more, keys = len(keys) > self.size, keys[: self.size]
        if place.side in {Side.BEFORE, Side.LAST}:
            return KeyedPage(keys[::-1], place, has_previous=has_more, has_next=place.side == Side.BEFORE)
        return KeyedPage(keys, place, has_previous=place.side == Side.AFTER, has_next=has_more)

    def _next(self, is_reversed: bool, rows: QuerySet | None = None) -> list[int]:
        """The first keys of the rows, or of all; reversed the last ones."""
        if rows is None and self.known is not None:
            return (self.known[::-1] if is_reversed else self.known)[: self.size + 1]
        return list(self._ordered(self.rows if rows is None else rows, is_reversed=is_reversed)[: self.size + 1])

    def _beside_known(self, position: int, *, is_reversed: bool) -> list[int]:
        known = self.known or []
        return (known[:position][::-1] if is_reversed else known[position + 1 :])[: self.size + 1]

    def _ordered(self, rows: QuerySet, *, is_reversed: bool) -> QuerySet:
        return rows.order_by(*(sort.ordering(is_reversed=is_reversed) for sort in self.order)).values_list(
            "pk", flat=True
        )

    def _beyond(self, values: Sequence[Any], *, is_reversed: bool) -> Q:
        """The condition that a row comes after the one with these values.

        It says first what follows for the first column alone, so that an index is entered at that place.
        """
        found = NOTHING
        for sort, value in reversed(list(zip(self.order, values, strict=True))):
            found = sort.beyond(value, is_reversed=is_reversed) | (sort.at(value) & found)
        return self.order[0].beyond(values[0], is_reversed=is_reversed, or_at=True) & found
