"""The page of files that go out, each noted in the trail before it leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from config.access import Permission
from config.downloads import download
from config.pages import requires, requires_one_of
from reviews.exchange.fill_in import fill_in_package
from reviews.exchange.national import national_workbook
from reviews.exchange.out_forms import FillInForm, OutForm
from reviews.exchange.pages_base import user_of
from reviews.exchange.workbook_out import Handout, exported, template
from reviews.views import XLSX

ZIP = "application/zip"


def _exchange_workbook(form: Any) -> Handout:
    return exported(form.cleaned_data["organisation"], by=form.user)


def _national_workbook(form: Any) -> Handout:
    return national_workbook(form.cleaned_data["organisation"], by=form.user)


def _fill_in_package(form: Any) -> Handout:
    return fill_in_package(form.chosen, form.request, by=form.user)


# What the button of each form makes.
FILES: dict[str, tuple[Callable[..., Any], Callable[[Any], Handout], str]] = {
    "trao-doi": (OutForm, _exchange_workbook, XLSX),
    "phieu": (FillInForm, _fill_in_package, ZIP),
    "quoc-gia": (OutForm, _national_workbook, XLSX),
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EXPORT)
def exchange_out(request: HttpRequest) -> HttpResponse:
    """The files that can be made, each a form; sent, the file itself."""
    wanted = request.POST.get("tep", "") if request.method == "POST" else ""
    forms = {}
    for name, (form_class, make, content_type) in FILES.items():
        data = request.POST if name == wanted else None
        forms[name] = form_class(data, user=user_of(request), prefix=name, auto_id="%s")
        if data is not None and forms[name].is_valid():
            handout = make(forms[name])
            return download(handout.content, handout.name, content_type)
    named = {name.replace("-", "_"): form for name, form in forms.items()}
    return render(request, "exchange/out.html", named | {"wrong": forms.get(wanted)})


@require_safe
@requires_one_of(Permission.CHANGE_RECORDS, Permission.EXPORT)
def exchange_template(request: HttpRequest) -> HttpResponse:
    """The exchange workbook without a record."""
    handout = template()
    return download(handout.content, handout.name, XLSX)
