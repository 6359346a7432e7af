"""My account: my roles and sessions, my password, my second factor; and the page that sets a first password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.accounts import codes as account_codes
from members.accounts import services as account_services
from members.accounts import session_store
from members.accounts.forms import ChangePasswordForm, FirstCodeForm, NewPasswordForm, OwnPasswordForm
from members.accounts.lockout import LockedOutError
from members.accounts.middleware import before_second_factor
from members.accounts.session_list import sessions_of
from members.accounts.signing_in import check_password, locked_out
from members.models import User

WRONG_PASSWORD = "Mật khẩu hiện tại chưa đúng. Hãy nhập lại."  # noqa: S105  # nosec B105
NEW_KEY = "new authenticator"
SHOWN_CODES = "recovery codes to show"


@before_second_factor
@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may, and where I am signed in."""
    user: Any = request.user
    today = timezone.localdate()
    context = {
        "roles": user.role_assignments.not_ended_on(today).select_related("organisation"),
        "sessions": sessions_of(user, request.session.session_key),
        "authenticator": account_codes.authenticator_of(user),
        "codes_left": account_codes.recovery_codes_left(user),
        "is_obligatory": is_obligatory(user),
        "has_mail": settings.HAS_MAIL,
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
    }
    return render(request, "account/mine.html", context)


def is_obligatory(user: Any) -> bool:
    """Whether a role of the account asks for a second factor."""
    return any(role in settings.SECOND_FACTOR_ROLES for role, _ in user.held_roles)


@before_second_factor
@require_POST
def end_my_sessions(request: HttpRequest) -> HttpResponse:
    """End the session that the form names, or all but this one."""
    user: Any = request.user
    others = [session for session in sessions_of(user, request.session.session_key) if not session.is_this]
    mark = request.POST.get("session", "")
    keys = [session.key for session in others if mark in {session.mark, "others"}]
    if keys:
        account_services.end_sessions(user=user, keys=keys, by=user)
        messages.success(request, f"Đã kết thúc {len(keys)} phiên làm việc.")
    return redirect("my_account")


@before_second_factor
@require_POST
def my_daily_mail(request: HttpRequest) -> HttpResponse:
    """Want the daily mail, or no more."""
    user: Any = request.user
    wants = request.POST.get("wants") == "1"
    account_services.want_daily_mail(user=user, wants=wants, by=user)
    messages.success(request, "Sẽ gửi thư nhắc việc mỗi ngày." if wants else "Không gửi thư nhắc việc nữa.")
    return redirect("my_account")


def _confirmed(request: HttpRequest, form: Any) -> bool:
    """Whether the form is valid and its password is that of who has signed in; LockedOutError after too many tries."""
    user: Any = request.user
    if not form.is_valid():
        return False
    if check_password(request, user.username, form.cleaned_data["password"]) is None:
        form.add_error("password", WRONG_PASSWORD)
    return not form.errors


@before_second_factor
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def my_password(request: HttpRequest) -> HttpResponse:
    """Change one's password; the other sessions end."""
    user: Any = request.user
    form = ChangePasswordForm(user, request.POST or None)
    try:
        if _confirmed(request, form):
            return _change_password(request, form.cleaned_data["new_password1"])
    except LockedOutError:
        return locked_out(request)
    return render(request, "account/password.html", {"form": form})


def _change_password(request: HttpRequest, password: str) -> HttpResponse:
    user: Any = User.objects.get(pk=request.user.pk)
    account_services.set_password(user=user, password=password, keep=request.session.session_key, by=user)
    auth.update_session_auth_hash(request, user)
    messages.success(request, "Đã đổi mật khẩu. Các phiên làm việc khác đã kết thúc.")
    return redirect("my_account")


# --- Second factor ---------------------------------------------------------------------------------


@before_second_factor
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator, or see that there is one."""
    user: Any = request.user
    if account_codes.authenticator_of(user) is not None:
        codes_left = account_codes.recovery_codes_left(user)
        return render(request, "account/second_factor.html", {"codes_left": codes_left})
    key = request.session.setdefault(NEW_KEY, account_codes.new_key())
    form = FirstCodeForm(request.POST or None)
    if form.is_valid() and _set_up(request, key, form):
        return redirect("recovery_codes")
    context = {
        "form": form,
        "qr_code": account_codes.qr_code(user, key),
        "key": account_codes.key_as_text(key),
        "is_obligatory": is_obligatory(user),
    }
    return render(request, "account/second_factor_new.html", context)


def _set_up(request: HttpRequest, key: str, form: FirstCodeForm) -> bool:
    user: Any = request.user
    try:
        codes = account_services.set_up_second_factor(
            user=user, key=key, code=form.cleaned_data["otp"], keep=request.session.session_key, by=user
        )
    except ValidationError as refused:
        form.add_error("otp", refused)
        return False
    del request.session[NEW_KEY]
    request.session[session_store.SECOND_FACTOR] = True
    request.session[SHOWN_CODES] = codes
    return True


@before_second_factor
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes once; make new ones, with the password."""
    user: Any = request.user
    codes = request.session.pop(SHOWN_CODES, None)
    if codes:
        return render(request, "account/recovery_codes_shown.html", {"codes": codes})
    if account_codes.authenticator_of(user) is None:
        return redirect("second_factor")
    form = OwnPasswordForm(request.POST or None)
    try:
        if _confirmed(request, form):
            request.session[SHOWN_CODES] = account_services.renew_recovery_codes(user=user, by=user)
            return redirect("recovery_codes")
    except LockedOutError:
        return locked_out(request)
    return render(request, "account/recovery_codes.html", {"form": form})


@before_second_factor
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def give_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Take one's second factor away, with the password."""
    user: Any = request.user
    form = OwnPasswordForm(request.POST or None)
    try:
        if _confirmed(request, form):
            account_services.give_up_second_factor(user=user, keep=request.session.session_key, by=user)
            request.session[session_store.SECOND_FACTOR] = False
            messages.success(request, "Đã gỡ xác thực hai bước.")
            return redirect("my_account")
    except LockedOutError:
        return locked_out(request)
    return render(request, "account/second_factor_remove.html", {"form": form, "is_obligatory": is_obligatory(user)})


# --- The first password ----------------------------------------------------------------------------


@method_decorator(login_not_required, name="dispatch")
class FirstPassword(PasswordResetConfirmView):
    """Set a password through the link from the administrator, which is good once and for 72 hours."""

    template_name = "account/first_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("sign_in")

    def get_user(self, uidb64: str) -> User | None:
        user: Any = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.user
        account_services.set_password(user=user, password=form.cleaned_data["new_password1"], by=user)
        self.request.session.flush()
        messages.success(self.request, "Đã đặt mật khẩu. Hãy đăng nhập bằng mật khẩu đó.")
        return HttpResponseRedirect(self.get_success_url())
