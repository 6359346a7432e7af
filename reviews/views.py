"""The pages of the year-end summary: the dashboard, the list behind every number, and their workbooks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission, scope_of
from config.downloads import download
from config.pages import requires
from config.years import FIRST_YEAR, LAST_YEAR, years_to_choose
from members.models import Organisation
from members.organisation_pages import get_organisation
from members.tree import History
from reviews import exports
from reviews.addresses import Addresses
from reviews.dashboard import Dashboard, latest_year
from reviews.indicators import BY_CODE, Figure
from reviews.lists import FigureList
from reviews.scope import Scope
from reviews.summary import Summary
from reviews.workbook import list_workbook, summary_workbook, workbook_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _scope(request: HttpRequest, year: int, code: str) -> Scope:
    """The scope of an address; 404 for a year out of range and for an organisation the user may not see."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return Scope(get_organisation(request, code), year, request.user)


def _own_organisation(user: Any) -> Organisation:
    """The highest organisation in the user's scope."""
    paths = scope_of(user, Permission.VIEW_RECORDS).paths
    found = Organisation.objects.filter(path__in=paths).order_by("path").first()
    if found is None:
        raise Http404
    return found


@require_GET
@requires(Permission.VIEW_RECORDS)
def summary_latest(request: HttpRequest) -> HttpResponse:
    """Send to the summary that the chooser asks for, else to the last rated year of the user's organisation."""
    own = _own_organisation(request.user)
    code = request.GET.get("to-chuc") or own.code
    year = request.GET.get("nam", "")
    if year.isascii() and year.isdigit() and len(year) == 4:
        return redirect(Addresses(int(year), code).summary)
    organisations = Organisation.objects.open_to(request.user, Permission.VIEW_RECORDS)
    return redirect(Addresses(latest_year(organisations, timezone.localdate().year), code).summary)


@require_GET
@requires(Permission.VIEW_RECORDS)
def summary(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The dashboard."""
    scope = _scope(request, year, code)
    dashboard = Dashboard(scope, sort=request.GET.get("xep", ""))
    context = {"page": dashboard, "scope": scope, **_frame(request, scope)}
    return render(request, "reviews/summary.html", context)


@require_GET
@requires(Permission.VIEW_RECORDS)
def figure(request: HttpRequest, year: int, code: str, figure_code: str) -> HttpResponse:
    """The records behind a number."""
    scope = _scope(request, year, code)
    listing = FigureList(_known(figure_code), scope, request)
    context = {"listing": listing, "scope": scope, **_frame(request, scope)}
    return render(request, "reviews/figure.html", context)


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def figure_workbook(request: HttpRequest, year: int, code: str, figure_code: str) -> HttpResponse:
    """The list behind a number as a workbook: the same rows in the same order."""
    scope = _scope(request, year, code)
    scope = _require_export(request.user, scope)
    listing = FigureList(_known(figure_code), scope, request)
    content = workbook_bytes(list_workbook(listing.whole_table, title=listing.title, lines=listing.lines))
    name = f"{figure_code.replace('.', '-')}-{year}.xlsx"
    exports.record_list(listing, name=name, content=content)
    return download(content, name, XLSX)


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def summary_workbook_view(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The workbook for the provincial committee."""
    scope = _scope(request, year, code)
    scope = _require_export(request.user, scope)
    content, name = workbook_bytes(summary_workbook(Summary(scope))), f"tong-ket-{year}.xlsx"
    exports.record_summary(scope, name=name, content=content)
    return download(content, name, XLSX)


def _may_export(user: Any, organisation: Organisation) -> bool:
    """Whether a role that allows exports covers the organisation."""
    return any(organisation.path.startswith(path) for path in scope_of(user, Permission.EXPORT).paths)


def _require_export(user: Any, scope: Scope) -> Scope:
    """What of the scope the user may export; 403 for an organisation that they may see but not export."""
    if not _may_export(user, scope.organisation):
        raise PermissionDenied
    history = History(scope.organisation, user, Permission.EXPORT)
    return Scope(scope.organisation, scope.year, user, history=history)


def _known(figure_code: str) -> Figure:
    if figure_code not in BY_CODE:
        raise Http404
    return BY_CODE[figure_code]


def _frame(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """What the head of the page shows: the organisation's path and the choices of year and organisation."""
    upper = scope.tree.above
    keys = [node.pk for node in upper]
    open_to_user = (
        Organisation.objects.open_to(request.user, Permission.VIEW_RECORDS)
        .filter(pk__in=keys)
        .values_list("pk", flat=True)
    )
    visible = set(open_to_user) if keys else set()
    above = [(node, Addresses(scope.year, node.code).summary if node.pk in visible else "") for node in upper]
    return {
        "addresses": Addresses(scope.year, scope.organisation.code),
        "above": above,
        "head_above": (upper[-1].name if upper else settings.PARENT_COMMITTEE_NAME).upper(),
        "years": years_to_choose(scope.year, this_year=timezone.localdate().year),
        "choices": _organisation_choices(request, scope),
        "may_export": _may_export(request.user, scope.organisation),
    }


def _organisation_choices(request: HttpRequest, scope: Scope) -> list[tuple[str, str]]:
    """Code and name of what the chooser offers: the user's own organisation and its TCCSĐ of the year."""
    paths = scope_of(request.user, Permission.VIEW_RECORDS).paths
    is_own = paths == (scope.organisation.path,)
    own = scope.organisation if is_own else _own_organisation(request.user)
    tree = scope.tree if is_own else Scope(own, scope.year, request.user).tree
    nodes = [tree.root, *(node for node in tree.grassroots if node.pk != own.pk)]
    if scope.organisation.pk not in {node.pk for node in nodes}:
        nodes.append(scope.tree.root)
    return [(node.code, node.name) for node in nodes]
