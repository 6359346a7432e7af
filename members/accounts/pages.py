"""Pages of the administrator: accounts, their roles, sessions and states. No personal record is on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from config.access import Permission
from config.conflicts import ConflictError
from config.pages import ATTEMPTS, get_visible, requires
from config.submissions import act_once
from members.accounts import codes as account_codes
from members.accounts import lockout as account_lockout
from members.accounts import services as account_services
from members.accounts.forms import AccountForm, FilterForm, ReasonForm, RoleFormSet
from members.accounts.session_list import sessions_of
from members.audit import AuditAction
from members.models import AuditEvent, AuditItem, RoleAssignment, User
from members.text import fold

PER_PAGE = 50
SHOWN_LINK = "link to hand over"
# What of an account's own events its administrator sees: nothing that names a record.
SIGNING_IN = (
    AuditAction.SIGNED_IN,
    AuditAction.SIGN_IN_FAILED,
    AuditAction.SIGNED_OUT,
    AuditAction.LOCKED_OUT,
)
HISTORY = 30


# --- List ------------------------------------------------------------------------------------------


@require_GET
@requires(Permission.MANAGE_ACCOUNTS)
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that one manages: searched, by role and state."""
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = _matching(_by_state(_by_role(_listed(request.user), wanted), wanted), wanted.get("q", ""))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "is_filtered": any(wanted.values()),
        "query": query.urlencode(),
    }
    return render(request, "account/list.html", context)


def _listed(user: Any) -> QuerySet[User]:
    held = RoleAssignment.objects.not_ended_on(timezone.localdate()).select_related("organisation")
    return User.objects.visible_to(user).prefetch_related(Prefetch("role_assignments", held, to_attr="listed_roles"))


def _by_role(users: QuerySet[User], wanted: dict[str, str]) -> QuerySet[User]:
    if not wanted.get("role"):
        return users
    held = RoleAssignment.objects.not_ended_on(timezone.localdate()).filter(role=wanted["role"])
    return users.filter(pk__in=held.values("user"))


def _by_state(users: QuerySet[User], wanted: dict[str, str]) -> QuerySet[User]:
    unset = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    conditions = {
        "locked": Q(is_active=False),
        "new": Q(is_active=True) & unset,
        "active": Q(is_active=True) & ~unset,
    }
    return users.filter(conditions.get(wanted.get("state", ""), Q()))


def _matching(users: QuerySet[User], text: str) -> Any:
    """Those whose name holds `text`, whatever its accents; accounts are few enough to look at each."""
    if not text.strip():
        return users
    sought = fold(text)
    return [user for user in users if sought in fold(f"{user.username} {user.full_name} {user.email}")]


# --- One account -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """Something that is done to an account after a page that says what will happen."""

    title: str
    button: str
    says: str
    done: str
    do: Callable[..., Any]
    is_offered: Callable[[User], bool]
    needs_reason: bool = False
    gives_link: bool = False


ACTS = {
    "mo-tam-khoa": Act(
        "Bỏ tạm khóa đăng nhập",
        "Bỏ tạm khóa",
        "Những lần nhập sai dưới tên này được bỏ qua; người dùng có thể thử lại ngay.",
        "Đã bỏ tạm khóa. Người dùng có thể đăng nhập ngay.",
        account_services.lift_lockout,
        lambda user: account_lockout.recent_failures(user).exists(),
    ),
    "cap-lai-mat-khau": Act(
        "Cấp lại mật khẩu",
        "Cấp lại mật khẩu",
        "Mật khẩu hiện tại hết hiệu lực và mọi phiên làm việc kết thúc ngay. Hệ thống tạo một liên kết dùng một lần, "
        "có hiệu lực 72 giờ, để người dùng tự đặt mật khẩu mới. Liên kết cũ, nếu có, không dùng được nữa.",
        "Mật khẩu cũ đã hết hiệu lực.",
        account_services.reset_password,
        lambda user: user.is_active,
        gives_link=True,
    ),
    "ket-thuc-phien": Act(
        "Kết thúc mọi phiên làm việc",
        "Kết thúc mọi phiên",
        "Người dùng bị đăng xuất ở mọi máy ngay lập tức và phải đăng nhập lại. Biểu mẫu đang nhập dở không mất: "
        "khi gửi, người dùng được hỏi đăng nhập rồi tiếp tục.",
        "Đã kết thúc mọi phiên làm việc.",
        account_services.end_all_sessions,
        lambda user: bool(sessions_of(user)),
    ),
    "go-xac-thuc": Act(
        "Gỡ xác thực hai bước",
        "Gỡ xác thực hai bước",
        "Dùng khi người dùng mất điện thoại và hết mã dự phòng. Ứng dụng xác thực và mã dự phòng hết hiệu lực, mọi "
        "phiên làm việc kết thúc. Hãy chắc chắn rằng chính người dùng yêu cầu. Nếu vai trò bắt buộc, lần đăng nhập "
        "sau người dùng phải thiết lập lại.",
        "Đã gỡ xác thực hai bước.",
        account_services.remove_second_factor,
        lambda user: account_codes.authenticator_of(user) is not None,
        needs_reason=True,
    ),
    "khoa": Act(
        "Khóa tài khoản",
        "Khóa tài khoản",
        "Người dùng bị đăng xuất ở mọi máy ngay lập tức và không đăng nhập được cho đến khi mở khóa. Vai trò và mọi "
        "việc đã ghi vẫn giữ nguyên.",
        "Đã khóa tài khoản.",
        account_services.lock,
        lambda user: user.is_active,
        needs_reason=True,
    ),
    "mo-khoa": Act(
        "Mở khóa tài khoản",
        "Mở khóa tài khoản",
        "Người dùng đăng nhập lại được bằng mật khẩu cũ, với những vai trò đang còn hạn.",
        "Đã mở khóa tài khoản.",
        account_services.unlock,
        lambda user: not user.is_active,
    ),
}


@never_cache
@require_GET
@requires(Permission.MANAGE_ACCOUNTS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """All of an account: roles, state, sessions, what was done to it and with it."""
    user = get_visible(User, request.user, pk=pk)
    is_own = user.pk == request.user.pk
    shown: dict[str, Any] = request.session.get(SHOWN_LINK) or {}
    link = request.session.pop(SHOWN_LINK)["link"] if shown.get("account") == pk else ""
    context = {
        "account": user,
        "roles": user.role_assignments.select_related("organisation").order_by("starts_on", "pk"),
        "today": timezone.localdate(),
        "sessions": sessions_of(user),
        "authenticator": account_codes.authenticator_of(user),
        "failures": account_lockout.recent_failures(user),
        "is_locked_out": account_lockout.is_locked_out(user),
        "history": history_of(user),
        "link": link,
        "is_own": is_own,
        "acts": [] if is_own else [(name, act) for name, act in ACTS.items() if act.is_offered(user)],
    }
    return render(request, "account/account.html", context)


def history_of(user: User) -> QuerySet[AuditEvent]:
    """The last times that it signed in or failed to, and what was done to it."""
    about = AuditItem.objects.filter(account=user).values("event")
    own, administration = Q(user=user, action__in=SIGNING_IN), Q(pk__in=about, action=AuditAction.ACCOUNT)
    return AuditEvent.objects.filter(own | administration)[:HISTORY]


# --- Writing ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def account_new(request: HttpRequest) -> HttpResponse:
    """Add an account with its roles; the link for its first password is shown once."""
    return act_once(request, lambda: _add(request))


def _add(request: HttpRequest) -> HttpResponse:
    form, roles = _forms(request, User())
    if _are_valid(form, roles):
        user = account_services.create_account(user=form.instance, roles=_kept(roles), by=_by(request))
        messages.success(request, f"Đã tạo tài khoản {user.username}.")
        return _show_link(request, user)
    return render(request, "account/form.html", {"form": form, "roles": roles, "account": None})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def account_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name and roles of an account."""
    return act_once(request, lambda: _change(request, pk))


def _change(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, or show the form; where another one came in between, read and validate again."""
    for attempt in range(1, ATTEMPTS + 1):
        user = get_visible(User, request.user, pk=pk)
        account_services.require_managing(_by(request), user)
        form, roles = _forms(request, user)
        if not _are_valid(form, roles):
            return render(request, "account/form.html", {"form": form, "roles": roles, "account": user})
        try:
            _write(form, roles, _by(request))
        except (ConflictError, IntegrityError):
            if attempt == ATTEMPTS:
                raise
        else:
            break
    messages.success(request, "Đã ghi thay đổi.")
    return redirect("account", pk)


def _write(form: AccountForm, roles: Any, by: User) -> None:
    removed = [row.instance for row in roles.deleted_forms if row.instance.pk]
    account_services.change_account(user=form.instance, roles=_kept(roles), removed=removed, by=by)


def _by(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _forms(request: HttpRequest, user: User) -> tuple[AccountForm, Any]:
    sent = request.POST if request.method == "POST" else None
    form = AccountForm(sent, instance=user)
    return form, RoleFormSet(sent, instance=user, prefix="roles", form_kwargs={"manager": _by(request)})


def _are_valid(form: AccountForm, roles: Any) -> bool:
    """Both are asked, so that both say what is wrong."""
    return form.is_bound and all([form.is_valid(), roles.is_valid()])


def _kept(roles: Any) -> list[RoleAssignment]:
    """The roles of the rows that were filled in or changed, and not struck out."""
    return [row.instance for row in roles.forms if row.has_changed() and row not in roles.deleted_forms]


def _show_link(request: HttpRequest, user: User) -> HttpResponse:
    """Go to the account's page, which shows the link once."""
    link = request.build_absolute_uri(account_services.first_password_path(user))
    request.session[SHOWN_LINK] = {"account": user.pk, "link": link}
    return redirect("account", user.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def account_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say what will happen to the account; do it once that is confirmed."""
    user = get_visible(User, request.user, pk=pk)
    account_services.require_managing(_by(request), user)
    if name not in ACTS:
        raise Http404
    return act_once(request, lambda: _act(request, user, ACTS[name]))


def _act(request: HttpRequest, user: User, act: Act) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None, required=act.needs_reason)
    if not form.is_valid():
        return render(request, "account/act.html", {"form": form, "act": act, "account": user})
    act.do(user=user, reason=form.cleaned_data["reason"], by=_by(request))
    messages.success(request, act.done)
    return _show_link(request, user) if act.gives_link else redirect("account", user.pk)
