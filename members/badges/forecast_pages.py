"""The forecast of badges: figures, chart, the people behind each number, and their Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission
from config.charts import Bar, Chart, Part, tally_chart
from config.pages import requires
from members.badges.forecast import Due, Forecast
from members.badges.listing import Column, Listing, person_column, place_columns
from members.badges.scopes import choices, may, own_organisation, require_export
from members.models import BadgeRound, Organisation
from members.organisation_pages import get_organisation
from members.text import one_line

FIRST_YEAR = 2010
BEFORE, UNDATED = "truoc", "chua-ro"
COLOURS = 4


@require_GET
@requires(Permission.VIEW_RECORDS)
def badges(request: HttpRequest) -> HttpResponse:
    """Send to the forecast of the organisation that the chooser asks for, else of the user's own."""
    code = one_line(request.GET.get("to-chuc", "")) or own_organisation(request.user).code
    year = _digits(request.GET.get("nam", ""))
    path = reverse("badge_forecast", args=[code])
    return redirect(f"{path}?nam={year}" if year else path)


@require_GET
@requires(Permission.VIEW_RECORDS)
def badge_forecast(request: HttpRequest, code: str) -> HttpResponse:
    """How many become due at each award day of five years, by milestone and by organisation."""
    organisation = get_organisation(request, code)
    year, start = _start(request)
    forecast = Forecast(organisation, request.user, start=start)
    figures = Figures(forecast, year)
    context = {
        "organisation": organisation,
        "above": _above(request, organisation),
        "choices": choices(request, organisation),
        "year": year,
        "years": range(timezone.localdate().year + 1, FIRST_YEAR - 1, -1),
        "forecast": forecast,
        "figures": figures,
        "may_export": may(request.user, Permission.EXPORT, organisation),
        "can_change": may(request.user, Permission.CHANGE_RECORDS, organisation),
    }
    return render(request, "badges/forecast.html", context)


@require_GET
@requires(Permission.VIEW_RECORDS)
def badge_due(request: HttpRequest, code: str) -> HttpResponse:
    """The people behind a number of the forecast."""
    organisation = get_organisation(request, code)
    year, start = _start(request)
    choice = Choice(request)
    listing = _listing(Forecast(organisation, request.user, start=start), choice, request.GET.get("trang", "1"))
    context = {
        "organisation": organisation,
        "listing": listing,
        "address": choice.query(nam=year),
        "back": f"{reverse('badge_forecast', args=[code])}?nam={year}",
        "workbook": f"{reverse('badge_due_workbook', args=[code])}?{choice.query(nam=year)}",
        "may_export": may(request.user, Permission.EXPORT, organisation),
    }
    return render(request, "badges/due.html", context)


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def badge_due_workbook(request: HttpRequest, code: str) -> HttpResponse:
    """The same list as a workbook."""
    organisation = get_organisation(request, code)
    require_export(request.user, organisation)
    year, start = _start(request)
    forecast = Forecast(organisation, request.user, start=start, permission=Permission.EXPORT)
    return _listing(forecast, Choice(request)).download(request, organisation, f"huy-hieu-du-kien-{year}.xlsx")


# --- What the address says ----------------------------------------------------------------------------------------


def _digits(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _start(request: HttpRequest) -> tuple[int, dt.date]:
    """The year that the forecast begins with, and its first day: today in this year, else the first of January."""
    today = timezone.localdate()
    text = request.GET.get("nam", "")
    year = _digits(text) if text else today.year
    if year is None or not FIRST_YEAR <= year <= today.year + 1:
        raise Http404
    return year, today if year == today.year else dt.date(year, 1, 1)


def day_of(text: str) -> dt.date:
    """The day that an address names; 404 for none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as unreadable:
        raise Http404 from unreadable


class Choice:
    """Which of those due a list holds: of an award day (`ngay`), a year of awards (`trao`), a milestone (`moc`)."""

    def __init__(self, request: HttpRequest) -> None:
        day = request.GET.get("ngay", "")
        self.is_before, self.is_undated = day == BEFORE, day == UNDATED
        self.day = None if day in ("", BEFORE, UNDATED) else day_of(day)
        self.day_text = day
        self.year = _digits(request.GET.get("trao", ""))
        self.milestone = _digits(request.GET.get("moc", ""))

    def takes(self, due: Due) -> bool:
        """Whether it is one of them."""
        if (self.is_before and due.award_on is not None) or (self.day and due.award_on != self.day):
            return False
        if self.year and (due.award_on is None or due.award_on.year != self.year):
            return False
        return not self.milestone or due.milestone == self.milestone

    def query(self, **more: Any) -> str:
        """The query string that says so."""
        state = {"ngay": self.day_text, "trao": self.year, "moc": self.milestone, **more}
        return urlencode({name: value for name, value in state.items() if value})

    @property
    def in_words(self) -> str:
        """What the list is of."""
        if self.is_before:
            when = "đã đủ tuổi đảng từ trước, chưa ghi Huy hiệu"
        elif self.day:
            when = f"đợt {self.day:%d/%m/%Y}"
        else:
            when = f"các đợt năm {self.year}" if self.year else "mọi đợt"
        return f"mốc {self.milestone} năm, {when}" if self.milestone else when


def _listing(forecast: Forecast, choice: Choice, page_number: str = "1") -> Listing:
    lines = [forecast.organisation.name, f"Tính từ đảng viên ngày {forecast.start:%d/%m/%Y}"]
    if choice.is_undated:
        columns = [person_column(), *_who(lambda stay: stay)]
        title = "Đảng viên chưa tính được tuổi đảng"
        rows: list[Any] = forecast.undated
        return Listing(title, columns, rows, lines=lines, people=lambda stay: stay.person_id, page_number=page_number)
    return Listing(
        f"Đảng viên đến hạn tặng Huy hiệu Đảng: {choice.in_words}",
        _due_columns(),
        [due for due in forecast.dues if choice.takes(due)],
        lines=lines,
        people=lambda due: due.person.pk,
        page_number=page_number,
    )


def _who(of: Any) -> list[Column]:
    return [
        Column("Ngày sinh", lambda row: of(row).person.born, is_number=True),
        Column("Số thẻ", lambda row: of(row).person.card_number),
        *place_columns(lambda row: of(row).organisation),
    ]


def _due_columns() -> list[Column]:
    return [
        person_column(),
        *_who(lambda due: due.stay),
        Column("Tuổi đảng tính từ", lambda due: due.count.since, is_number=True),
        Column("Mốc (năm)", lambda due: due.milestone, is_number=True),
        Column("Ngày đủ", lambda due: due.due_on, is_number=True),
        Column("Đợt trao", lambda due: due.award_on or "đã qua", is_number=True),
        Column("Lưu ý", lambda due: "; ".join(due.notes), is_long=True),
    ]


# --- Figures ------------------------------------------------------------------------------------------------------


class Number:
    """A count and the list that it opens; nothing to open where it is none."""

    def __init__(self, count: int, url: str) -> None:
        self.count = count
        self.url = url if count else ""


class Figures:
    """The tables and the chart of a forecast."""

    def __init__(self, forecast: Forecast, year: int) -> None:
        self.forecast = forecast
        self.year = year
        self.milestones = forecast.milestones

    def _url(self, code: str = "", **choice: Any) -> str:
        path = reverse("badge_due", args=[code or self.forecast.organisation.code])
        return f"{path}?{urlencode({name: value for name, value in choice.items() if value} | {'nam': self.year})}"

    @property
    def before(self) -> Number:
        """Those who should have had it before."""
        return Number(len(self.forecast.on(None)), self._url(ngay=BEFORE))

    @property
    def undated(self) -> Number:
        """Those whose years can't be counted."""
        return Number(len(self.forecast.undated), self._url(ngay=UNDATED))

    @property
    def total(self) -> Number:
        """All of the award days."""
        return Number(sum(1 for due in self.forecast.dues if due.award_on), self._url())

    @property
    def by_day(self) -> list[dict[str, Any]]:
        """A row for each award day: its numbers by milestone, their sum, and the round where there is one."""
        rounds = dict(
            BadgeRound.objects.filter(
                organisation=self.forecast.organisation, award_on__in=self.forecast.days
            ).values_list("award_on", "pk")
        )
        return [
            {
                "day": day,
                "numbers": [
                    Number(self.forecast.counts[day, milestone], self._url(ngay=day.isoformat(), moc=milestone))
                    for milestone in self.milestones
                ],
                "sum": Number(self._sum(day), self._url(ngay=day.isoformat())),
                "round": rounds.get(day),
            }
            for day in self.forecast.days
        ]

    def _sum(self, day: dt.date) -> int:
        return sum(self.forecast.counts[day, milestone] for milestone in self.milestones)

    @property
    def by_year(self) -> list[dict[str, Any]]:
        """A row for each year: its numbers by milestone and their sum."""
        return [
            {
                "year": year,
                "numbers": [
                    Number(self._of_year(year, milestone), self._url(trao=year, moc=milestone))
                    for milestone in self.milestones
                ],
                "sum": Number(sum(self._of_year(year, one) for one in self.milestones), self._url(trao=year)),
            }
            for year in self.years
        ]

    def _of_year(self, year: int, milestone: int) -> int:
        return sum(self.forecast.counts[day, milestone] for day in self.forecast.days if day.year == year)

    @property
    def years(self) -> list[int]:
        """The years of the award days."""
        return sorted({day.year for day in self.forecast.days})

    @property
    def by_unit(self) -> list[dict[str, Any]]:
        """A row for each organisation directly below: its numbers by year, and those who are late."""
        below = Organisation.objects.filter(parent=self.forecast.organisation, ended_on__isnull=True)
        if self.forecast.user is not None:
            below = below.open_to(self.forecast.user, Permission.VIEW_RECORDS)
        units = [(unit, self._under(unit)) for unit in below]
        return [
            {
                "unit": unit,
                "numbers": [
                    Number(sum(1 for due in dues if _year(due) == year), self._url(unit.code, trao=year))
                    for year in self.years
                ],
                "before": Number(sum(1 for due in dues if due.award_on is None), self._url(unit.code, ngay=BEFORE)),
            }
            for unit, dues in units
            if dues
        ]

    def _under(self, unit: Organisation) -> list[Due]:
        return [due for due in self.forecast.dues if due.stay.organisation.path.startswith(unit.path)]

    @property
    def chart(self) -> Chart:
        """A bar a year, a part an award day."""
        bars = [Bar(str(year), list(self._parts(year)), None) for year in self.years]
        return tally_chart(f"Huy hiệu Đảng đến hạn, {self.forecast.organisation.name}", bars, "người")

    def _parts(self, year: int) -> Iterable[Part]:
        for day in self.forecast.days:
            if day.year == year:
                rank = self._ranks[day.month, day.day]
                label = f"Đợt {day:%d/%m/%Y}"
                yield Part(rank, label, self._sum(day), None, self._url(ngay=day.isoformat()))

    @property
    def _ranks(self) -> dict[tuple[int, int], int]:
        days = sorted({(day.month, day.day) for day in self.forecast.days})
        return {day: position % COLOURS + 1 for position, day in enumerate(days)}

    @property
    def legend(self) -> list[tuple[int, str]]:
        """The colours of the award days."""
        return [(rank, f"{day}/{month}") for (month, day), rank in self._ranks.items()]


def _year(due: Due) -> int | None:
    return due.award_on.year if due.award_on else None


def _above(request: HttpRequest, organisation: Organisation) -> Organisation | None:
    visible = Organisation.objects.open_to(request.user, Permission.VIEW_RECORDS)
    above: Organisation | None = visible.filter(pk=organisation.parent_id).first()
    return above
