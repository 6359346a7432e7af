"""The movements of a year in an organisation: what was recorded as such, and stays that began or ended otherwise."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from config.access import Permission, under_path
from config.years import FIRST_YEAR, LAST_YEAR
from members.models import Membership, Movement, Organisation, Person
from members.models.memberships import EndReason, StartReason
from members.models.movements import MovementKind, MovementState
from members.partial_dates import PartialDate
from members.search import names
from members.text import one_line

PER_PAGE = 50
YEAR, BATCH = re.compile("[0-9]{4}"), re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ADMITTED = "admitted"
# What stays without a movement are called, by how they began or ended.
BEGINNINGS = {
    MovementKind.TRANSFER_IN: StartReason.TRANSFERRED_IN,
    MovementKind.MOVE: StartReason.MOVED,
    MovementKind.RESTORATION: StartReason.RESTORED,
    MovementKind.READMISSION: StartReason.READMITTED,
}
ENDS = {
    MovementKind.TRANSFER_OUT: EndReason.TRANSFERRED_OUT,
    MovementKind.STRIKING_OFF: EndReason.STRUCK_OFF,
    MovementKind.WITHDRAWAL: EndReason.WITHDREW,
    MovementKind.EXPULSION: EndReason.EXPELLED,
    MovementKind.DEATH: EndReason.DECEASED,
}
NO_MOVEMENT, BY_CASE = "Ghi từ trước", "Theo hồ sơ kết nạp"
KINDS = [("", "Mọi biến động"), (ADMITTED, StartReason.ADMITTED.label), *MovementKind.choices]
STATES = [("", "Mọi tình trạng"), *MovementState.choices]


@dataclass(frozen=True)
class Entry:
    """A line of the list."""

    person: Person
    day: PartialDate
    kind: str
    origin: str
    destination: str
    papers: str
    state: str
    url: str = ""
    is_undone: bool = False
    is_pending: bool = False


class MovementList:
    """What the address asks for: year (`nam`), organisation (`to-chuc`), kind, state, name, batch and page.

    What is still on its way is shown whatever the year.
    """

    def __init__(self, user: Any, query: QueryDict) -> None:
        self.user = user
        self.organisation_code = one_line(query.get("to-chuc", ""))[:40]
        self.kind = query.get("loai", "") if query.get("loai", "") in dict(KINDS) else ""
        self.state = query.get("tinh-trang", "") if query.get("tinh-trang", "") in dict(STATES) else ""
        self.text = one_line(query.get("q", ""))[:100]
        self.batch = query.get("dot", "") if BATCH.fullmatch(query.get("dot", "")) else ""
        self.page_number = query.get("trang", "1")
        year = query.get("nam", "")
        is_year = YEAR.fullmatch(year) is not None and FIRST_YEAR <= int(year) <= LAST_YEAR
        self.year = int(year) if is_year else timezone.localdate().year

    # What

    @cached_property
    def organisations(self) -> QuerySet:
        """Those that the reader may choose."""
        open_to_user = Organisation.objects.open_to(self.user, Permission.VIEW_RECORDS)
        return open_to_user.existing_on(dt.date(self.year, 12, 31)).select_related("parent").order_by("path")

    @cached_property
    def organisation(self) -> Organisation | None:
        """The one whose movements are listed, with all under it; None for all that the reader may see."""
        if not self.organisation_code:
            return None
        open_to_user = Organisation.objects.open_to(self.user, Permission.VIEW_RECORDS)
        return open_to_user.filter(code=self.organisation_code).first()

    def _under(self, *columns: str) -> Q:
        if self.organisation is None:
            return Q()
        found = Q()
        for column in columns:
            found |= under_path(f"{column}__path", self.organisation.path)
        return found

    def _named(self, rows: QuerySet) -> QuerySet:
        return rows.filter(names(self.user, self.text)) if self.text else rows

    @cached_property
    def movements(self) -> QuerySet:
        """The movements."""
        rows = Movement.objects.visible_to(self.user)
        rows = rows.pending() if self.state == MovementState.PENDING else rows.happened_in(self.year)
        if self.state:
            rows = rows.filter(state=self.state)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.batch:
            rows = rows.filter(batch=self.batch)
        return self._named(rows.filter(self._under("from_organisation", "to_organisation")))

    @property
    def _has_stays(self) -> bool:
        return not self.batch and self.state in {"", MovementState.IN_FORCE}

    @cached_property
    def beginnings(self) -> QuerySet:
        """The stays that began without a movement."""
        told = Exists(Movement.objects.filter(began_stay=OuterRef("pk")))
        rows = Membership.objects.visible_to(self.user).begun_in(self.year).filter(~told, self._under("organisation"))
        if self.kind:
            rows = rows.filter(start_reason=BEGINNINGS.get(self.kind, self.kind))  # type: ignore[call-overload]
        return self._named(rows) if self._has_stays else rows.none()

    @cached_property
    def ends(self) -> QuerySet:
        """The stays that ended without a movement; of a move within the reader's sight its beginning is shown."""
        told = Exists(Movement.objects.filter(ended_stay=OuterRef("pk")))
        seen = Membership.objects.visible_to(self.user).filter(
            self._under("organisation"), start_reason=StartReason.MOVED, person=OuterRef("person")
        )
        went_on = Exists(seen.filter(began_on=OuterRef("ended_on")))
        rows = Membership.objects.visible_to(self.user).ended_in(self.year).filter(~told, self._under("organisation"))
        rows = rows.exclude(Q(went_on, end_reason=EndReason.MOVED))
        if self.kind:
            reason = EndReason.MOVED if self.kind == MovementKind.MOVE else ENDS.get(self.kind, self.kind)  # type: ignore[call-overload]
            rows = rows.filter(end_reason=reason)
        return self._named(rows) if self._has_stays else rows.none()

    # In order

    @cached_property
    def keys(self) -> list[tuple[dt.date, str, str, int]]:
        """Day, name, source and key of every line, latest first."""
        found: list[tuple[dt.date, str, str, int]] = []
        for source, rows, day in (
            ("movement", self.movements, "happened_on"),
            ("beginning", self.beginnings, "began_on"),
            ("end", self.ends, "ended_on"),
        ):
            columns = rows.order_by().values_list(day, "person__name_sort_key", "pk")
            found += [(when, name, source, pk) for when, name, pk in columns]
        found.sort(key=lambda row: (-row[0].toordinal(), row[1], row[2], row[3]))
        return found

    @cached_property
    def page(self) -> Page:
        """The page that the address asks for; the nearest one where it asks for none that is."""
        paginator = Paginator(self.keys, PER_PAGE)
        return paginator.get_page(1 if self.page_number.startswith(("0", "-")) else self.page_number)

    @property
    def entries(self) -> list[Entry]:
        """The lines of the page."""
        return self.entries_of(self.page.object_list)

    def entries_of(self, keys: Iterable[tuple[dt.date, str, str, int]]) -> list[Entry]:
        """The lines of these keys: a query for each source."""
        keys = list(keys)
        wanted = {source: [key[3] for key in keys if key[2] == source] for source in ("movement", "beginning", "end")}
        related = ("person", "from_organisation", "to_organisation")
        movements = Movement.objects.filter(pk__in=wanted["movement"]).select_related(*related).in_bulk()
        stays = Membership.objects.select_related("person", "organisation", "admission__case").in_bulk(
            [*wanted["beginning"], *wanted["end"]]
        )
        made: dict[str, Any] = {"movement": self._of_movement, "beginning": _of_beginning, "end": _of_end}
        rows: dict[str, Any] = {"movement": movements, "beginning": stays, "end": stays}
        return [made[source](rows[source][pk]) for _, _, source, pk in keys]

    @staticmethod
    def _of_movement(row: Movement) -> Entry:
        papers = " · ".join(number for number in (row.decision_number, row.letter_number) if number)
        return Entry(
            person=row.person,
            day=row.happened,
            kind=row.get_kind_display(),
            origin=row.origin,
            destination=row.destination,
            papers=papers,
            state=row.get_state_display(),
            url=reverse("movement", args=[row.pk]),
            is_undone=row.is_undone,
            is_pending=row.is_pending,
        )

    # Addresses and words

    def address(self, **changes: str) -> str:
        """The query string of this list with `changes`; an empty value leaves a part out."""
        state = {
            "nam": str(self.year),
            "to-chuc": self.organisation_code,
            "loai": self.kind,
            "tinh-trang": self.state,
            "q": self.text,
            "dot": self.batch,
            **changes,
        }
        return f"?{urlencode({key: value for key, value in state.items() if value})}"

    @property
    def previous_url(self) -> str:
        """The page before, or nothing on the first one."""
        return self.address(trang=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing on the last one."""
        return self.address(trang=str(self.page.next_page_number())) if self.page.has_next() else ""

    @property
    def clear_url(self) -> str:
        """The year without any other condition."""
        return f"?nam={self.year}"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the year is asked for."""
        return any((self.organisation_code, self.kind, self.state, self.text, self.batch))

    @property
    def says(self) -> str:
        """What is asked for, as a sentence."""
        when = "mọi năm" if self.state == MovementState.PENDING else f"năm {self.year}"
        parts = [
            dict(KINDS)[self.kind],
            self.organisation.name if self.organisation else "",
            when,
            dict(STATES)[self.state].lower() if self.state else "",
            f"tên hoặc số “{self.text}”" if self.text else "",
            "ghi cùng một đợt" if self.batch else "",
        ]
        return " · ".join(part for part in parts if part)


def _of_beginning(stay: Membership) -> Entry:
    is_admission = stay.start_reason == StartReason.ADMITTED
    case = getattr(stay.admission, "case", None) if is_admission else None
    return Entry(
        person=stay.person,
        day=stay.began,
        kind=stay.get_start_reason_display(),
        origin="",
        destination=stay.organisation.name,
        papers=stay.start_decision_number,
        state=BY_CASE if case else NO_MOVEMENT,
        url=reverse("admission_case", args=[case.pk]) if case else "",
    )


def _of_end(stay: Membership) -> Entry:
    return Entry(
        person=stay.person,
        day=stay.ended,
        kind=stay.get_end_reason_display(),
        origin=stay.organisation.name,
        destination="",
        papers=stay.end_decision_number,
        state=NO_MOVEMENT,
    )
