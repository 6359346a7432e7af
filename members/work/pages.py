"""The first page of a staff member: what waits, by deadline; and the same as a calendar file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission, scope_of
from config.downloads import download
from config.numbers import count_text
from config.pages import requires
from members import audit
from members.models import Organisation
from members.work.calendar_file import calendar_file
from members.work.tasks import SOURCES, Band, Task, tasks_of

PER_PAGE = 100


@dataclass(frozen=True)
class Number:
    """A number of the table of counts, with the address that shows what it counts."""

    count: int
    address: str
    is_here: bool
    label: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Row:
    """A task as the page shows it."""

    task: Task
    band: Band
    days_left: int | None

    @property
    def left(self) -> str:
        """How long there is, in words."""
        if self.days_left is None:
            return ""
        if self.days_left < 0:
            return f"quá {count_text(-self.days_left)} ngày"
        return f"còn {self.days_left} ngày" if self.days_left else "hôm nay"


class WorkPage:
    """What waits for the user on a day; `source` and `band` are the words by which the list is narrowed."""

    def __init__(self, user: Any, today: dt.date, *, source: str = "", band: str = "", number: str = "1") -> None:
        self.user, self.today, self.number = user, today, number
        self.source = next((one for one in SOURCES if one.word == source), None)
        self.band = next((one for one in Band if one.word == band), None)

    @cached_property
    def tasks(self) -> list[Task]:
        """Everything, the most urgent first."""
        return tasks_of(self.user, self.today)

    @cached_property
    def shown(self) -> list[Task]:
        """What the address asks for."""
        return [
            task
            for task in self.tasks
            if (self.source is None or task.source == self.source.word)
            and (self.band is None or task.band(self.today) == self.band)
        ]

    @cached_property
    def page(self) -> Page:
        """The page of it."""
        paginator = Paginator(self.shown, PER_PAGE)
        return paginator.get_page(1 if self.number.startswith(("0", "-")) else self.number)

    @property
    def rows(self) -> list[Row]:
        """The tasks of the page."""
        return [Row(task, task.band(self.today), task.days_left(self.today)) for task in self.page]

    @property
    def in_words(self) -> str:
        """What the list is narrowed to."""
        chosen = [one.label for one in (self.source, self.band) if one is not None]
        return " · ".join(chosen)

    def address(self, **changes: str) -> str:
        """The query string of this page with changes."""
        state = {
            "viec": self.source.word if self.source else "",
            "han": self.band.word if self.band else "",
            **changes,
        }
        text = urlencode({name: value for name, value in state.items() if value})
        return f"{reverse('my_work')}?{text}" if text else reverse("my_work")

    @property
    def previous_url(self) -> str:
        """The page before, or nothing."""
        return self.address(trang=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing."""
        return self.address(trang=str(self.page.next_page_number())) if self.page.has_next() else ""

    # The table of counts

    @property
    def bands(self) -> list[str]:
        """The headings of the columns."""
        return [band.label for band in Band]

    @cached_property
    def counts(self) -> list[tuple[str, list[Number]]]:
        """For each kind of work that has any, and for all: how many in each band, and together."""
        lines = [(source.label, self._line(source.word)) for source in SOURCES if self._count(source.word, None)]
        return [*lines, ("Tất cả", self._line(""))] if lines else []

    def _line(self, source: str) -> list[Number]:
        return [self._number(source, band) for band in (*Band, None)]

    def _number(self, source: str, band: Band | None) -> Number:
        chosen = (self.source.word if self.source else "", self.band)
        count = self._count(source, band)
        return Number(
            count,
            self.address(viec=source, han=band.word if band else ""),
            is_here=chosen == (source, band) and chosen != ("", None),
            label=band.label if band else "Tất cả",
            is_late=band == Band.OVERDUE and count > 0,
        )

    def _count(self, source: str, band: Band | None) -> int:
        return self._counted[source, band]

    @cached_property
    def _counted(self) -> Counter[tuple[str, Band | None]]:
        """How many tasks by source and band; "" and None stand for all."""
        counted: Counter[tuple[str, Band | None]] = Counter()
        for task in self.tasks:
            counted.update(product((task.source, ""), (task.band(self.today), None)))
        return counted


@require_GET
@requires(Permission.CHANGE_RECORDS)
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for me."""
    asked = request.GET
    page = WorkPage(
        request.user,
        timezone.localdate(),
        source=asked.get("viec", ""),
        band=asked.get("han", ""),
        number=asked.get("trang", "1"),
    )
    return render(request, "work/mine.html", {"page": page})


@require_GET
@requires(Permission.CHANGE_RECORDS)
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The deadlines as a calendar file; it names people, so that it is recorded like an export."""
    tasks = [task for task in tasks_of(request.user, timezone.localdate()) if task.due_on is not None]
    content = calendar_file(tasks, host=request.get_host(), link=request.build_absolute_uri)
    paths = scope_of(request.user, Permission.CHANGE_RECORDS).paths
    audit.record_export(
        title=f"lịch việc cần làm, {len(tasks)} hạn",
        organisation=Organisation.objects.filter(path__in=paths).order_by("path").first(),
        name="viec-cua-toi.ics",
        content=content,
        people=[task.person for task in tasks],
    )
    return download(content, "viec-cua-toi.ics", "text/calendar; charset=utf-8")
