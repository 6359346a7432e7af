"""The page of an act: what was typed is rehearsed, what will follow is said in words, then it is done once."""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from config.access import Permission
from config.conflicts import ConflictError
from config.pages import requires
from config.submissions import FIELD, act_once
from members import audit
from members.models import Organisation
from members.organisation_pages import get_organisation
from members.organisations.acts import ACTS, Act

MOVED_ON = "Người khác vừa ghi vào các tổ chức này. Hãy xem lại hệ quả rồi ghi."
# What a form sends beside its own fields.
NOT_TYPED = {FIELD, "csrfmiddlewaretoken", "seen", "look"}


class _Rehearsed(Exception):  # noqa: N818
    """Takes back what was only tried."""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_RECORDS)
def organisation_act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Ask, say what will follow, and do it once that was seen."""
    organisation = get_organisation(request, code)
    if name not in ACTS:
        raise Http404
    act = ACTS[name]
    if not act.is_open_to(organisation, request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _show(request, organisation, act, act.form(None, organisation=organisation, user=request.user))
    return act_once(request, lambda: _act(request, organisation, act))


def _act(request: HttpRequest, organisation: Organisation, act: Act) -> HttpResponse:
    form = act.form(request.POST, organisation=organisation, user=request.user)
    if form.is_for_more or not form.is_valid():
        return _show(request, organisation, act, form)
    follows = list(act.follows(organisation, form))
    seen = _digest(request, follows)
    try:
        if request.POST.get("seen") == seen and "look" not in request.POST:
            return _done(request, organisation, act, form)
        _rehearse(request, organisation, act, form)
    except ValidationError as refused:
        _add(form, refused)
        return _show(request, organisation, act, form)
    except (ConflictError, IntegrityError):
        form.add_error(None, MOVED_ON)
        return _show(request, organisation, act, form)
    return _show(request, organisation, act, form, follows=follows, seen=seen)


def _digest(request: HttpRequest, follows: list[str]) -> str:
    """What was typed and what was said to follow: done is only what was seen."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_TYPED)
    return sha256(json.dumps([typed, follows]).encode()).hexdigest()


def _rehearse(request: HttpRequest, organisation: Organisation, act: Act, form: Any) -> None:
    """Do everything and take it back. Raises what the service refuses."""
    row = Organisation.objects.get(pk=organisation.pk)
    with suppress(_Rehearsed), audit.event(is_rehearsed=True):
        act.do(row, form, request.user)
        raise _Rehearsed


def _done(request: HttpRequest, organisation: Organisation, act: Act, form: Any) -> HttpResponse:
    with audit.event(reason=form.cleaned_data["reason"]):
        row = act.do(Organisation.objects.get(pk=organisation.pk), form, request.user)
    messages.success(request, f"Đã ghi: {act.title.lower()}, {row.name}.")
    return redirect("organisation", row.code)


def _add(form: Any, refused: ValidationError) -> None:
    """Refusals go to their fields, those of other fields above all."""
    names = {"founded_on": "on", "ended_on": "on", "parent": "parent"}
    errors = refused.error_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.error_list}
    for name, found in errors.items():
        field = names.get(name, name)
        for error in found:
            form.add_error(field if field in form.fields else None, error)


def _show(
    request: HttpRequest,
    organisation: Organisation,
    act: Act,
    form: Any,
    *,
    follows: list[str] | None = None,
    seen: str = "",
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "act": act,
        "form": form,
        "follows": follows or [],
        "seen": seen,
    }
    return render(request, "members/organisations/act.html", context)
