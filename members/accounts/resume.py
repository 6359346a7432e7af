"""A form that outlives its session is not lost: sign in again in place, and what was sent goes on.

The page sends back to the browser what it has just sent, in hidden fields: never passwords, and no files. Only for
requests from our own pages: a form with the browser's token or, where that is an old one, with our own Origin.
"""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables

from config import errors
from members.accounts import codes as account_codes
from members.accounts.lockout import LockedOutError
from members.accounts.signing_in import (
    WRONG,
    WRONG_CODE,
    SignInForm,
    check_code,
    check_password,
    enter,
    lockout_minutes,
)
from members.models import User

# Begins the names of this page's own fields, beside those that are kept.
PREFIX = "dang-nhap-lai"
NEVER_KEPT = re.compile(r"password|mat.?khau|^otp$|^csrfmiddlewaretoken$")


class SignInAgainForm(SignInForm):
    """Name, password and code at once."""

    otp = forms.CharField(
        label="Mã xác thực",
        required=False,
        max_length=40,
        help_text="Nếu tài khoản có xác thực hai bước: mã trong ứng dụng hoặc một mã dự phòng.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )


def sign_in_again(request: HttpRequest) -> HttpResponse | None:
    """Answer a POST without a session: ask to sign in, 403; None once that is done, and the view may go on."""
    is_sent = f"{PREFIX}-username" in request.POST
    form = SignInAgainForm(request.POST if is_sent else None, prefix=PREFIX, initial={"username": _last_user(request)})
    status = 403
    if is_sent and form.is_valid():
        try:
            if _signed_in(request, form):
                request.POST = _own_fields(request.POST)  # type: ignore[assignment]
                return None
        except LockedOutError:
            form.add_error(None, f"Đã sai quá nhiều lần. Hãy để trang này mở và thử lại sau {lockout_minutes()} phút.")
            status = 429
    return render(request, "account/sign_in_again.html", {"form": form, **kept(request)}, status=status)


@sensitive_variables()
def _signed_in(request: HttpRequest, form: SignInAgainForm) -> bool:
    typed = form.cleaned_data
    user = check_password(request, typed["username"], typed["password"])
    if user is None:
        form.add_error(None, WRONG)
        return False
    has_second_factor = account_codes.authenticator_of(user) is not None
    if has_second_factor and not (typed["otp"] and check_code(request, user, typed["otp"])):
        form.add_error("otp", WRONG_CODE if typed["otp"] else "Hãy nhập mã xác thực của tài khoản này.")
        return False
    enter(request, user, second_factor=has_second_factor)
    return True


def _last_user(request: HttpRequest) -> str:
    """Whose session it was, where it has ended by itself and is still known."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return User.objects.filter(sessions__session_key=key).values_list("username", flat=True).first() or ""


def _own_fields(sent: QueryDict) -> QueryDict:
    """What was sent without the fields of this module's page."""
    own = sent.copy()
    for name in list(own):
        if name.startswith(f"{PREFIX}-"):
            del own[name]
    return own


def kept(request: HttpRequest) -> dict[str, object]:
    """What the page gives back: pairs of name and value, whether files were left out, and where to send it."""
    sent = _own_fields(request.POST)
    names = [name for name in sent if not NEVER_KEPT.search(name)]
    return {
        "fields": [(name, value) for name in names for value in sent.getlist(name)],
        "has_files": bool(request.FILES),
        "address": request.get_full_path(),
    }


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: a form of ours with an old token may be sent again with one button; others are refused.

    The token changes when somebody signs in in another tab. That the form is ours is known from the Origin header,
    which no other site can make a browser send.
    """
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if request.method == "POST" and is_ours and settings.CSRF_COOKIE_NAME in request.COOKIES:
        return render(request, "account/send_again.html", kept(request), status=403)
    return errors.csrf_failure(request, reason)
