"""A list of people as its address asks for it: filters, columns, order and page.

The address holds the whole state of the page; it is written in one way only (`address`), without what is left empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.functional import cached_property

from config.access import Permission
from config.keyed_pages import AFTER, BEFORE, LAST, LOST, Count, KeyedPage, KeyedPages, Place, Side, Sort, place_of
from config.numbers import count_text
from members.models import GRASSROOTS_KINDS, Organisation
from members.partial_dates import PartialDate
from members.text import one_line
from reviews.people.columns import (
    BY_CODE,
    COLUMNS,
    DEFAULT,
    DEFAULT_CANDIDATES,
    DEFAULT_FORMER,
    ListColumn,
    chosen,
)
from reviews.people.filters import FILTERS, FORMER, FilterForm, Standing
from reviews.people.rows import Loader, PersonRow
from reviews.people.selection import BY_NAME, OF_STAY, Selection

COLUMNS_KEY, ORDER_KEY = "cot", "xep"
PLACES = (AFTER, BEFORE, LAST)
# So many organisations are offered by name; of more only those of the grassroots.
MOST_OFFERED = 300
READ_TOGETHER = 1000


def organisations_found(text: str, organisations: Any) -> list[Organisation]:
    """Those that `text` names: by code (also with the name behind a dash), else by the words of the name."""
    code = text.partition(" – ")[0].strip()
    coded = organisations.filter(code__iexact=code).first()
    return [coded] if coded else list(organisations.matching(text)[:6])


class PeopleList:
    """What the address asks for, as `user` may see it (or, with another permission, export it)."""

    def __init__(
        self, user: Any, query: Mapping[str, str], *, permission: Permission = Permission.VIEW_RECORDS
    ) -> None:
        self.user = user
        self.query = query
        self.permission = permission
        self.form = FilterForm(query)
        self.organisation: Organisation | None = None
        self.wanted: dict[str, Any] = {}
        if self.form.is_valid():
            self._find_organisation(self.form.cleaned_data.get("to_chuc", ""))
            self.wanted = self.form.cleaned_data
        self.day: dt.date = self.wanted.get("ngay") or timezone.localdate()

    @cached_property
    def visible_organisations(self) -> Any:
        """Those whose people the user may see."""
        return Organisation.objects.open_to(self.user, self.permission)

    def _find_organisation(self, text: str) -> None:
        if not text:
            return
        found = organisations_found(text, self.visible_organisations)
        if len(found) == 1:
            self.organisation = found[0]
        elif found:
            told = "; ".join(f"{one.code} – {one.name}" for one in found[:5])
            more = " …" if len(found) > 5 else ""
            self.form.add_error("to_chuc", f"Nhiều tổ chức có tên như vậy, hãy gõ mã: {told}{more}.")
        else:
            self.form.add_error(
                "to_chuc", f"Trong phạm vi của bạn không có tổ chức nào mang mã hoặc tên “{text}”. Hãy xem lại."
            )

    @property
    def is_understood(self) -> bool:
        """Whether everything asked for makes sense."""
        return not self.form.errors

    # What is shown

    @cached_property
    def standing(self) -> Standing:
        """Diện: whom the list is of."""
        return Standing(self.wanted.get("tinh_trang", Standing.MEMBER))

    @cached_property
    def selection(self) -> Selection:
        """The people."""
        wanted = {**self.wanted, "ngay": self.day}
        return Selection(self.user, wanted, organisation=self.organisation, permission=self.permission)

    @property
    def count(self) -> Count:
        """How many there are."""
        return self.pages.count

    @property
    def default_columns(self) -> tuple[str, ...]:
        """The codes of the columns shown where the address names none."""
        if self.standing == Standing.CANDIDATE:
            return DEFAULT_CANDIDATES
        usual = DEFAULT_FORMER if self.standing in FORMER else DEFAULT
        return (*usual, "xep_loai") if "nam_xl" in self.wanted else usual

    @cached_property
    def columns(self) -> list[ListColumn]:
        """The columns shown."""
        getlist = getattr(self.query, "getlist", None)
        given = getlist(COLUMNS_KEY) if getlist else [self.query.get(COLUMNS_KEY, "")]
        return chosen([code for text in given for code in text.split(",")], self.default_columns)

    @cached_property
    def _sorted_by(self) -> tuple[ListColumn, bool]:
        """The column that the list is sorted by, and whether from the end."""
        text = self.query.get(ORDER_KEY, "")
        column = BY_CODE.get(text.removeprefix("-"))
        if column is None or not self._may_sort(column):
            return BY_CODE["ten"], text == "-ten"
        return column, text.startswith("-")

    def _may_sort(self, column: ListColumn) -> bool:
        """Whether the rows have what they would be sorted by; candidates have no stay but an organisation."""
        is_of_stay = column.sort.startswith(OF_STAY) and column.code != "chi_bo"
        return bool(column.sort) and not (self.standing == Standing.CANDIDATE and is_of_stay)

    @cached_property
    def pages(self) -> KeyedPages:
        """The pages in the order asked for."""
        column, is_descending = self._sorted_by
        # The earliest day is the highest age.
        if column.code in {"tuoi", "tuoi_dang"}:
            is_descending = not is_descending
        order = [Sort(column.sort, is_descending, column.sort != BY_NAME)]
        return self.selection.pages(order if column.sort == BY_NAME else [*order, Sort(BY_NAME)])

    @cached_property
    def page(self) -> KeyedPage:
        """The page asked for."""
        return self.pages.page(place_of(self.query))

    @cached_property
    def loader(self) -> Loader:
        """Reads the rows."""
        shown = {column.code for column in self.columns}
        return Loader(self.selection, with_rating="xep_loai" in shown, with_years="tuoi_dang" in shown)

    @cached_property
    def rows(self) -> list[PersonRow]:
        """The rows of the page."""
        return self.loader.rows(self.page.keys)

    @cached_property
    def cells(self) -> list[tuple[PersonRow, list[tuple[ListColumn, str]]]]:
        """The rows of the page with what stands in their columns behind the name."""
        rest = self.columns[1:]
        return [(row, [(column, column.text(row)) for column in rest]) for row in self.rows]

    def all_rows(self) -> Iterator[PersonRow]:
        """Every row in the order of the pages, read in pieces."""
        keys = list(self.pages.in_order())
        for start in range(0, len(keys), READ_TOGETHER):
            yield from self.loader.rows(keys[start : start + READ_TOGETHER])

    # In words

    @property
    def note(self) -> str:
        """What the reader should know of the page."""
        return LOST if self.page.is_lost else ""

    @cached_property
    def parts(self) -> list[str]:
        """What the list is of, in words, as parts of a sentence."""
        parts = [self.standing.label, self.organisation.name if self.organisation else "mọi tổ chức trong phạm vi"]
        for one in FILTERS:
            if one.name in {"tinh_trang", "to_chuc", "ngay"} or one.name not in self.wanted:
                continue
            value = self.wanted[one.name]
            words = dict(self.form.ratings)[value].lower() if one.name == "xep_loai" else one.words(value)
            parts.append(words)
        return [*parts, f"tính đến {self.day:%d/%m/%Y}"]

    @property
    def sentence(self) -> str:
        """What the list is of."""
        return " · ".join(self.parts)

    @property
    def is_filtered(self) -> bool:
        """Whether anything at all was asked for."""
        return bool(self.wanted)

    @property
    def more_count(self) -> int:
        """How many of the filters that are folded away are in use."""
        return sum(one.is_more and one.name in self.wanted for one in FILTERS)

    @cached_property
    def span(self) -> str:
        """Which of the rows the page shows: "1–50 trong 214"; of more than are counted only what is known."""
        shown, first = len(self.page.keys), self.pages.first_number(self.page)
        if first is None:
            return f"{count_text(shown)} người trong {self.count}"
        return f"{count_text(first)}–{count_text(first + shown - 1)} trong {self.count}" if shown else "0"

    # Addresses

    @cached_property
    def state(self) -> dict[str, str]:
        """The parts of the address: filters, columns, order; without the page."""
        codes = [column.code for column in self.columns]
        default = [column.code for column in chosen([], self.default_columns)]
        filters = {one.name: self._as_typed(one.name) for one in FILTERS}
        return {
            name: text
            for name, text in {
                **filters,
                COLUMNS_KEY: "" if codes == default else ",".join(codes),
                ORDER_KEY: self._order,
            }.items()
            if text
        }

    @property
    def _order(self) -> str:
        column, is_descending = self._sorted_by
        code = f"{'-' if is_descending else ''}{column.code}"
        return "" if code == "ten" else code

    def _as_typed(self, name: str) -> str:
        """The value of a filter as an address holds it: organisations by code, days as they are typed."""
        value = self.wanted.get(name)
        if name == "to_chuc" and self.organisation is not None:
            return self.organisation.code
        if value is None:
            return one_line(self.query.get(name, "")) if self.form.errors else ""
        if isinstance(value, dt.date):
            return f"{value:%d/%m/%Y}"
        return str(value) if isinstance(value, PartialDate | int) else value

    def address(self, **changes: str) -> str:
        """The query string of the list with `changes`, from its first page; an empty value leaves a part out."""
        state = {key: value for key, value in {**self.state, **changes}.items() if value}
        return f"?{urlencode(state, safe='/,')}" if state else "?"

    @property
    def own_address(self) -> str:
        """The query string of this very page."""
        return self.address(**{name: self.query[name] for name in PLACES if name in self.query})

    @property
    def own_query(self) -> str:
        """What is kept when the list is saved under a name."""
        return self.address()[1:]

    def place_url(self, place: Place | None) -> str:
        """The address of another page of the list; nothing where there is none."""
        return self.address(**place.parameters) if place else ""

    @property
    def pager(self) -> list[tuple[str, str, str]]:
        """The links to other pages: label, address, relation."""
        page = self.page
        links = []
        if page.has_previous:
            links.append(("« Trang đầu", self.address(), "first"))
            links.append(("‹ Trước", self.place_url(page.previous), "prev"))
        if page.has_next:
            links.append(("Sau ›", self.place_url(page.next), "next"))
            links.append(("Trang cuối »", self.place_url(Place(Side.LAST)), "last"))
        return links

    @property
    def headings(self) -> list[dict[str, Any]]:
        """The columns: their label, the address that sorts by each, and the order that is on."""
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: ListColumn) -> dict[str, Any]:
        sorted_by, is_descending = self._sorted_by
        is_on = sorted_by.code == column.code
        code = column.code if not is_on or is_descending else f"-{column.code}"
        return {
            "label": column.label,
            "url": self.address(**{ORDER_KEY: "" if code == "ten" else code}) if self._may_sort(column) else "",
            "direction": ("descending" if is_descending else "ascending") if is_on else "",
            "is_number": column.is_number,
        }

    # Choices

    @property
    def column_choices(self) -> list[tuple[ListColumn, bool]]:
        """Every column but the name, and whether it is shown."""
        shown = {column.code for column in self.columns}
        return [(column, column.code in shown) for column in COLUMNS if not column.is_first]

    @property
    def usual_columns_url(self) -> str:
        """The same list with the columns that are usual."""
        return self.address(**{COLUMNS_KEY: ""})

    @property
    def kept_beside_columns(self) -> list[tuple[str, str]]:
        """What the form that chooses columns sends along."""
        return [(name, text) for name, text in self.state.items() if name != COLUMNS_KEY]

    @property
    def kept_beside_filters(self) -> list[tuple[str, str]]:
        """What the form of the filters sends along."""
        return [(name, self.state[name]) for name in (COLUMNS_KEY, ORDER_KEY) if name in self.state]

    @cached_property
    def offered_organisations(self) -> list[str]:
        """Organisations to choose from, by code and name."""
        existing = self.visible_organisations.existing_on(self.day).values_list("code", "name")
        found = list(existing[: MOST_OFFERED + 1])
        if len(found) > MOST_OFFERED:
            found = list(existing.filter(kind__in=GRASSROOTS_KINDS)[:MOST_OFFERED])
        return [f"{code} – {name}" for code, name in found]
