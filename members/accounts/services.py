"""Writes on accounts: each is one event of the audit trail.

`by` is the user who asks, None for a command of the operator. Who may not manage the account, or gives a role beyond
their own scope, is refused with PermissionDenied; so is who would do to the own account what another administrator
must. Nothing here ever returns or records a password.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from config.access import Permission
from members import audit
from members.accounts import codes as account_codes
from members.accounts import lockout as account_lockout
from members.accounts.codes import RECOVERY_CODES
from members.audit import AuditAction, Change, Verb
from members.models import RoleAssignment, Session, User

SESSIONS, SECOND_FACTOR = "số phiên làm việc", "xác thực hai bước"


@contextmanager
def _event(user: User, by: User | None, note: str, reason: str = "") -> Iterator[audit.Event]:
    """One event about the account."""
    with audit.event(AuditAction.ACCOUNT, by=by, note=f"{note}: {user.username}", reason=reason) as event:
        yield event


def _changed(user: User, what: str, before: Any, after: Any) -> list[Change]:
    """A change of something that belongs to the account and isn't a record itself."""
    return [
        Change(
            Verb.CHANGED,
            User._meta.label_lower,
            user.pk,
            user.version,
            account=user.pk,
            before={what: before},
            after={what: after},
        )
    ]


def require_managing(by: User | None, user: User) -> None:
    """Raise PermissionDenied unless `by` manages that account, which nobody does with the own one."""
    if by is None:
        return
    if by.pk == user.pk or not by.has_perm(Permission.MANAGE_ACCOUNTS, user):
        raise PermissionDenied


def _require_scope(by: User | None, roles: Iterable[RoleAssignment]) -> None:
    """Raise PermissionDenied where a role, as it stands on record or is to be, reaches beyond what `by` manages."""
    roles = list(roles)
    stored = RoleAssignment.objects.filter(pk__in=[role.pk for role in roles if role.pk])
    for role in (*roles, *stored.select_related("organisation")):
        if by is not None and not by.has_perm(Permission.MANAGE_ACCOUNTS, role.organisation):
            raise PermissionDenied


# --- By the administrator --------------------------------------------------------------------------


def create_account(*, user: User, roles: Iterable[RoleAssignment] = (), by: User | None) -> User:
    """Add the account, which can't sign in until its owner sets a password through `first_password_path`."""
    roles = list(roles)
    _require_scope(by, roles)
    user.set_unusable_password()
    with audit.event(AuditAction.ACCOUNT, by=by, note=f"Tạo tài khoản: {user.username}"):
        user.full_clean()
        user.save()
        _save_roles(user, roles)
        # Nobody makes an account that they could not manage.
        require_managing(by, user)
    return user


def change_account(
    *,
    user: User,
    roles: Iterable[RoleAssignment] = (),
    removed: Iterable[RoleAssignment] = (),
    by: User | None,
) -> User:
    """Write the account's names and address as they stand on `user`; add and change roles, and take others away."""
    roles, removed = list(roles), list(removed)
    require_managing(by, user)
    _require_scope(by, [*roles, *removed])
    with _event(user, by, "Sửa tài khoản"):
        user.save(update_fields=["username", "full_name", "email"])
        for role in removed:
            role.delete()
        _save_roles(user, roles)
    return user


def _save_roles(user: User, roles: Iterable[RoleAssignment]) -> None:
    for role in roles:
        role.user = user
        role.full_clean()
        role.save()


def want_daily_mail(*, user: User, wants: bool, by: User | None) -> None:
    """Whether the account is mailed what waits for it; its owner says so."""
    with _event(user, by, "Nhận thư nhắc việc" if wants else "Thôi nhận thư nhắc việc"):
        user.wants_daily_mail = wants
        user.save(update_fields=["wants_daily_mail"])


def lock(*, user: User, reason: str, by: User | None) -> None:
    """Keep the account out, now and until it is unlocked; its rows stay."""
    require_managing(by, user)
    if not reason.strip():
        raise ValidationError("Hãy ghi lý do khóa tài khoản.")
    with _event(user, by, "Khóa tài khoản", reason):
        user.is_active = False
        user.save(update_fields=["is_active"])
        _end_sessions(user)


def unlock(*, user: User, reason: str = "", by: User | None) -> None:
    """Let a locked account sign in again."""
    require_managing(by, user)
    with _event(user, by, "Mở khóa tài khoản", reason):
        user.is_active = True
        user.save(update_fields=["is_active"])


def reset_password(*, user: User, reason: str = "", by: User | None) -> None:
    """Make the old password useless and end every session; the owner sets a new one through `first_password_path`."""
    require_managing(by, user)
    with _event(user, by, "Cấp lại mật khẩu", reason):
        user.set_unusable_password()
        user.save(update_fields=["password"])
        _end_sessions(user)


def end_all_sessions(*, user: User, reason: str = "", by: User | None) -> None:
    """End every session of the account."""
    require_managing(by, user)
    with _event(user, by, "Kết thúc mọi phiên làm việc", reason) as event:
        event.add(_changed(user, SESSIONS, _end_sessions(user), 0))


def remove_second_factor(*, user: User, reason: str = "", by: User | None) -> None:
    """Take the second factor away, for who has lost the phone; every session ends."""
    require_managing(by, user)
    with _event(user, by, "Gỡ xác thực hai bước", reason) as event:
        account_codes.remove(user)
        _end_sessions(user)
        event.add(_changed(user, SECOND_FACTOR, True, False))


def lift_lockout(*, user: User, reason: str = "", by: User | None) -> None:
    """Forget the failed attempts under the account's name, so that it can sign in before the time is over."""
    require_managing(by, user)
    with _event(user, by, "Bỏ tạm khóa đăng nhập", reason) as event:
        event.add(_changed(user, "số địa chỉ đã nhập sai", account_lockout.lift(user), 0))
        account_codes.reset_throttle(user)


def first_password_path(user: User) -> str:
    """The address, good once and for 72 hours, where the owner sets the password."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("first_password", args=[key, default_token_generator.make_token(user)])


# --- By the owner ----------------------------------------------------------------------------------


def set_password(*, user: User, password: str, keep: str | None = None, by: User | None) -> None:
    """Give the account a password that the validators have passed; its sessions end but the one with the key `keep`."""
    with _event(user, by, "Đặt mật khẩu"):
        user.set_password(password)
        user.save(update_fields=["password"])
        _end_sessions(user, keep)


def set_up_second_factor(*, user: User, key: str, code: str, keep: str | None, by: User) -> list[str]:
    """Set up the authenticator with that key and end the other sessions; the ten recovery codes.

    ValidationError unless `code` is right.
    """
    with _event(user, by, "Thiết lập xác thực hai bước") as event:
        account_codes.set_up(user, key, code)
        _end_sessions(user, keep)
        event.add(_changed(user, SECOND_FACTOR, False, True))
        return account_codes.renew_recovery_codes(user)


def renew_recovery_codes(*, user: User, by: User) -> list[str]:
    """Ten new recovery codes instead of the old ones."""
    with _event(user, by, "Tạo mã dự phòng mới") as event:
        event.add(_changed(user, "mã dự phòng còn lại", account_codes.recovery_codes_left(user), RECOVERY_CODES))
        return account_codes.renew_recovery_codes(user)


def give_up_second_factor(*, user: User, keep: str | None, by: User) -> None:
    """The owner takes the own second factor away; the other sessions end."""
    with _event(user, by, "Gỡ xác thực hai bước") as event:
        account_codes.remove(user)
        _end_sessions(user, keep)
        event.add(_changed(user, SECOND_FACTOR, True, False))


def end_sessions(*, user: User, keys: Iterable[str], by: User) -> None:
    """End some of the own sessions."""
    with _event(user, by, "Kết thúc phiên làm việc") as event:
        sessions = Session.objects.filter(user=user)
        ended, _ = sessions.filter(session_key__in=list(keys)).delete()
        left = sessions.count()
        event.add(_changed(user, SESSIONS, ended + left, left))


def _end_sessions(user: User, keep: str | None = None) -> int:
    """End the account's sessions but the one with the key `keep`; how many there were."""
    sessions = Session.objects.filter(user=user)
    ended, _ = (sessions.exclude(session_key=keep) if keep else sessions).delete()
    return ended
