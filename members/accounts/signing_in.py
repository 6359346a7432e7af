"""Signing in: name and password, then, where the account has a second factor, a code; and signing out.

Between the two steps nobody is signed in: the session only holds, for minutes, who is about to.
"""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from members import audit
from members.accounts import codes as account_codes
from members.accounts import session_store
from members.accounts.lockout import Attempt, LockedOutError
from members.audit import AuditAction
from members.models import User

BACKEND = "config.backend.RoleBackend"
PENDING = "about to sign in"
PENDING_SECONDS = 5 * 60

# The same words whether there is such an account or not, locked or not.
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi nhập lại."
WRONG_CODE = "Mã chưa đúng hoặc đã dùng rồi. Hãy chờ ứng dụng hiện mã mới rồi nhập mã đó."


# --- Checking --------------------------------------------------------------------------------------


def check_password(request: HttpRequest, username: str, password: str) -> User | None:
    """The account with that name and password, None where there is none; LockedOutError after too many tries."""
    attempt = Attempt(request, username)
    attempt.check_allowed()
    user = attempt.user_with(password)
    if user is None:
        _note_failure(attempt, User.objects.filter(username=username).first(), "mật khẩu chưa đúng")
    return user


def check_code(request: HttpRequest, user: User, code: str) -> bool:
    """Whether that is a code of the account's second factor, used up by it; LockedOutError after too many tries."""
    attempt = Attempt(request, user.username)
    attempt.check_allowed()
    if account_codes.accept(user, code):
        return True
    attempt.fail()
    _note_failure(attempt, user, "mã xác thực chưa đúng")
    return False


def _note_failure(attempt: Attempt, user: User | None, why: str) -> None:
    """Record it without the typed name, which may be a password; raise LockedOutError where it was one too many."""
    name = f" vào tài khoản {user.username}" if user else " với một tên không có"
    audit.record(AuditAction.SIGN_IN_FAILED, by=user, note=f"Đăng nhập{name}: {why}")
    if attempt.was_last:
        audit.record(AuditAction.LOCKED_OUT, by=user, note=f"Tạm khóa đăng nhập{name} sau nhiều lần sai")
        raise LockedOutError


def enter(request: HttpRequest, user: User, *, second_factor: bool) -> None:
    """Sign `user` in with a new session; nothing of what the browser's session held before goes along."""
    request.session.flush()
    auth.login(request, user, backend=BACKEND)
    session_store.begin(request, second_factor=second_factor)
    session_store.clear_long_expired()
    Attempt(request, user.username).forget()
    how = "mật khẩu và mã xác thực" if second_factor else "mật khẩu"
    audit.record(AuditAction.SIGNED_IN, by=user, note=f"Đăng nhập bằng {how}")


def locked_out(request: HttpRequest) -> HttpResponse:
    """The answer to who has failed too often."""
    response = render(request, "account/locked_out.html", {"minutes": lockout_minutes()}, status=429)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return response


def lockout_minutes() -> int:
    return int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60


# --- Pages -----------------------------------------------------------------------------------------


class SignInForm(forms.Form):
    """Name and password."""

    username = UsernameField(
        label="Tên đăng nhập",
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="Mật khẩu", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class CodeForm(forms.Form):
    """A code of the second factor."""

    otp = forms.CharField(
        label="Mã xác thực",
        max_length=40,
        help_text="Sáu chữ số trong ứng dụng xác thực, hoặc một mã dự phòng.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}),
    )


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first step."""
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = check_password(request, **form.cleaned_data)
        except LockedOutError:
            return locked_out(request)
        if user is not None:
            return _go_on(request, user)
        form.add_error(None, WRONG)
    return render(request, "account/sign_in.html", {"form": form, "next": _target(request)})


def _go_on(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in, or ask for the code first."""
    target = _target(request)
    if account_codes.authenticator_of(user) is None:
        enter(request, user, second_factor=False)
        return HttpResponseRedirect(target)
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),
        "at": int(time.time()),
        "next": target,
    }
    return redirect("second_step")


def _target(request: HttpRequest) -> str:
    """Where to go after signing in: an address of ours that was asked for, else the first page."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code, for who has just given the password."""
    user = _pending_user(request)
    if user is None:
        messages.info(request, "Hãy đăng nhập lại từ đầu: đã quá năm phút kể từ khi nhập mật khẩu.")
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            is_right = check_code(request, user, form.cleaned_data["otp"])
        except LockedOutError:
            request.session.flush()
            return locked_out(request)
        if is_right:
            return _finish(request, user)
        form.add_error("otp", WRONG_CODE)
    return render(request, "account/second_step.html", {"form": form})


def _finish(request: HttpRequest, user: User) -> HttpResponse:
    target = request.session[PENDING]["next"]
    enter(request, user, second_factor=True)
    left = account_codes.recovery_codes_left(user)
    if left <= 3:
        messages.warning(request, f"Chỉ còn {left} mã dự phòng. Hãy tạo mã mới ở trang Tài khoản của tôi.")
    return HttpResponseRedirect(target)


def _pending_user(request: HttpRequest) -> User | None:
    """Who gave the password in this session minutes ago; nobody once it has changed or the account is locked."""
    pending: dict[str, Any] = request.session.get(PENDING) or {}
    if time.time() - pending.get("at", 0) > PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    is_same = user is not None and constant_time_compare(user.get_session_auth_hash(), pending["proof"])
    return user if is_same else None


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    if request.user.is_authenticated:
        audit.record(AuditAction.SIGNED_OUT, note="Đăng xuất")
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
