"""Who signs in, and the roles they hold on organisations."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from config.access import Area, Permission, Role, UserScope
from config.constraints import NoOverlap, choices_check, in_order
from members.fields import LineField
from members.models.organisations import Organisation
from members.models.records import Record, RecordQuerySet


class UserQuerySet(RecordQuerySet):
    """Accounts; only who manages accounts sees others'."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those all of whose present and coming roles lie in the scope; none reaches beyond who manages it.

        Who has no such role is managed where all former ones lie, and who never had one by who manages everything.
        """
        if not scope.paths:
            return self.none()
        ever = RoleAssignment.objects.filter(user=OuterRef("pk"))
        held, inside = ever.not_ended_on(timezone.localdate()), scope.covers("organisation__path")
        users = self.exclude(Exists(held.exclude(inside)))
        if not Organisation.objects.roots().exclude(scope.covers("path")).exists():
            return users
        return users.filter(Exists(held.filter(inside)) | Exists(ever.filter(inside)) & ~Exists(ever.exclude(inside)))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds and makes accounts."""

    def create_user(self, *, username: str, password: str | None = None, **fields: Any) -> User:
        """Create an account; without a password it can't sign in until one is set."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(Record, AbstractBaseUser):
    """An account (tài khoản): one row is one person who may sign in."""

    access_area = Area.ACCOUNTS
    audit_subjects: ClassVar[dict[str, str]] = {"account": "id"}
    audit_hidden = frozenset({"password"})
    audit_ignored = frozenset({"last_login"})

    username = models.CharField(
        "tên đăng nhập",
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    full_name = LineField("họ và tên")
    email = models.EmailField("thư điện tử", blank=True)
    is_active = models.BooleanField("đang hoạt động", default=True)
    wants_daily_mail = models.BooleanField("nhận thư nhắc việc hằng ngày", default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.full_name or self.username

    @cached_property
    def held_roles(self) -> list[tuple[str, str]]:
        """(role, path of its organisation) of every role held today; read once a request."""
        held = self.role_assignments.held_on(timezone.localdate())
        return list(held.values_list("role", "organisation__path"))

    @property
    def is_staff(self) -> bool:
        """Whether the account may enter the administration pages: it may change rules."""
        return self.has_perm(Permission.CHANGE_REFERENCE)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Whether any backend grants `perm` (see config.access)."""
        return any(backend.has_perm(self, perm, obj) for backend in get_backends())

    def has_perms(self, perms: list[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return any(backend.has_module_perms(self, app_label) for backend in get_backends())  # type: ignore[attr-defined]


class RoleAssignmentQuerySet(RecordQuerySet):
    """Roles of users."""

    scope_path = "organisation__path"

    def not_ended_on(self, day: Any) -> Self:
        """Those in force on `day` or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def held_on(self, day: Any) -> Self:
        """Those in force on `day`."""
        return self.not_ended_on(day).filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day))


class RoleAssignment(Record):
    """A role (vai trò) of a user on one organisation with all under it, from a day to before another."""

    access_area = Area.ACCOUNTS

    user = models.ForeignKey(User, verbose_name="tài khoản", on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="role_assignments"
    )
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "vai trò được giao"
        verbose_name_plural = "vai trò được giao"
        ordering = ("user", "role", "organisation")
        constraints = (
            choices_check("roleassignment", "role", Role),
            in_order("roleassignment", "starts_on", "ends_on", "Ngày kết thúc phải sau ngày bắt đầu."),
            NoOverlap(
                name="roleassignment_no_overlap",
                fields=["user", "role", "organisation"],
                span=("starts_on", "ends_on"),
                violation_error_message="Người này đã có vai trò đó ở tổ chức này trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} – {self.organisation}"
