"""The page of the search from anywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.access import Permission
from config.pages import requires
from members.search import Search


@require_GET
@requires(Permission.VIEW_RECORDS)
def search(request: HttpRequest) -> HttpResponse:
    """People and organisations found by `q`."""
    return render(request, "members/search.html", {"search": Search(request.user, request.GET.get("q", ""))})
