"""Who may do what, and on whose rows: permissions, roles and scope (config.backend answers from them).

Knows users only by their `role_assignments` and organisations only by their materialised path.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Iterable

# An action on rows, as Django's admin asks for it: view, add, change or delete.
Action = str


class Permission(models.TextChoices):
    """What a role may allow; labels are what the office calls it."""

    VIEW_RECORDS = "view_records", "Xem hồ sơ và tổng kết năm"
    CHANGE_RECORDS = "change_records", "Nhập, sửa hồ sơ"
    EXPORT = "export", "Xuất Excel"
    VIEW_AUDIT = "view_audit", "Xem nhật ký"
    VIEW_REFERENCE = "view_reference", "Xem quy định, danh mục"
    CHANGE_REFERENCE = "change_reference", "Sửa quy định, danh mục"
    MANAGE_ACCOUNTS = "manage_accounts", "Quản lý tài khoản"


class Role(models.TextChoices):
    """A named bundle of permissions that a user holds on an organisation with all under it."""

    ADMINISTRATOR = "administrator", "Quản trị"
    OFFICE = "office", "Văn phòng cấp ủy"
    GRASSROOTS = "grassroots", "Cơ sở"
    LEADER = "leader", "Lãnh đạo"
    INSPECTOR = "inspector", "Kiểm tra"


ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_ACCOUNTS, Permission.VIEW_REFERENCE, Permission.CHANGE_REFERENCE}),
    Role.OFFICE: frozenset(
        {
            Permission.VIEW_RECORDS,
            Permission.CHANGE_RECORDS,
            Permission.EXPORT,
            Permission.VIEW_REFERENCE,
            Permission.CHANGE_REFERENCE,
        }
    ),
    Role.GRASSROOTS: frozenset({Permission.VIEW_RECORDS, Permission.CHANGE_RECORDS, Permission.VIEW_REFERENCE}),
    Role.LEADER: frozenset({Permission.VIEW_RECORDS, Permission.EXPORT, Permission.VIEW_REFERENCE}),
    Role.INSPECTOR: frozenset({Permission.VIEW_RECORDS, Permission.VIEW_AUDIT, Permission.VIEW_REFERENCE}),
}


class Area(enum.Enum):
    """What kind of thing a model holds; its `access_area` decides which permission an action needs."""

    RECORDS = "records"
    REFERENCE = "reference"
    ACCOUNTS = "accounts"
    AUDIT = "audit"


# Records are never deleted from a page: people leave, decisions are corrected.
AREA_PERMISSIONS: dict[tuple[Area, Action], Permission] = {
    (Area.RECORDS, "view"): Permission.VIEW_RECORDS,
    (Area.RECORDS, "add"): Permission.CHANGE_RECORDS,
    (Area.RECORDS, "change"): Permission.CHANGE_RECORDS,
    (Area.REFERENCE, "view"): Permission.VIEW_REFERENCE,
    (Area.REFERENCE, "add"): Permission.CHANGE_REFERENCE,
    (Area.REFERENCE, "change"): Permission.CHANGE_REFERENCE,
    (Area.REFERENCE, "delete"): Permission.CHANGE_REFERENCE,
    (Area.ACCOUNTS, "view"): Permission.MANAGE_ACCOUNTS,
    (Area.ACCOUNTS, "add"): Permission.MANAGE_ACCOUNTS,
    (Area.ACCOUNTS, "change"): Permission.MANAGE_ACCOUNTS,
    (Area.ACCOUNTS, "delete"): Permission.MANAGE_ACCOUNTS,
    (Area.AUDIT, "view"): Permission.VIEW_AUDIT,
}


# Permissions that write: a file that has moved on may be read by its former organisation, not changed.
CHANGING = frozenset({Permission.CHANGE_RECORDS, Permission.CHANGE_REFERENCE, Permission.MANAGE_ACCOUNTS})


# Permissions over what is everybody's: they count on a root only.
AT_ROOT = frozenset({Permission.CHANGE_REFERENCE})


def path_range(path: str) -> tuple[str, str]:
    """The half-open range of materialised paths that stand for `path` and everything under it.

    A path ends with "/", and "0" is the character after "/", so the range is one index scan on any database.
    """
    return path, path[:-1] + "0"


def under_path(field: str, path: str) -> Q:
    """The condition that the column `field` holds `path` or a path under it."""
    low, high = path_range(path)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


@dataclass(frozen=True)
class UserScope:
    """The subtrees in which a user holds a permission, as materialised paths."""

    paths: tuple[str, ...]

    def covers(self, field: str) -> Q:
        """The condition that the path column `field` lies in the scope; nothing where it is empty."""
        if not self.paths:
            return Q(pk__in=[])
        return reduce(or_, (under_path(field, path) for path in self.paths))


def scope_of(user: Any, *permissions: Permission) -> UserScope:
    """The scope in which `user` holds any of `permissions` today; empty for anonymous and inactive users."""
    if not getattr(user, "is_active", False):
        return UserScope(())
    wanted = set(permissions)
    return UserScope(_without_nested(path for role, path in user.held_roles if wanted & _allowed(role, path)))


def _allowed(role: str, path: str) -> frozenset[Permission]:
    """What a role allows at the organisation with that path."""
    is_root = path.count("/") == 1
    return ROLE_PERMISSIONS[role] if is_root else ROLE_PERMISSIONS[role] - AT_ROOT


def holds(user: Any, permission: Permission) -> bool:
    """Whether `user` holds `permission` anywhere at all."""
    return bool(scope_of(user, permission).paths)


def _without_nested(paths: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(upper) for upper in kept):
            kept.append(path)
    return tuple(kept)


class ScopedQuerySet(models.QuerySet[Any]):
    """Base of every QuerySet: `visible_to(user)` names the rows that a user may read, `changeable_by` those to change.

    What lies in a scope is said once, in `within`.
    """

    # The column that holds the path of the organisation a row belongs to; None: everybody with the permission.
    scope_path: str | None = None

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """The rows that lie in `scope`: to be read or, with `to_change`, to be changed."""
        if self.scope_path is None:
            return self if scope.paths else self.none()
        return self.filter(scope.covers(self.scope_path))

    def visible_to(self, user: Any) -> Self:
        """The rows in the user's scope; no rows without the permission to view this kind of record."""
        return self.open_to(user, AREA_PERMISSIONS[self.model.access_area, "view"])

    def changeable_by(self, user: Any) -> Self:
        """The rows that the user may change."""
        return self.open_to(user, AREA_PERMISSIONS[self.model.access_area, "change"])

    def open_to(self, user: Any, permission: Permission) -> Self:
        """The rows on which the user holds `permission`."""
        return self.within(scope_of(user, permission), to_change=permission in CHANGING)
