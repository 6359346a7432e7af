"""What keeps an account signed in, or lets it: sessions, recovery codes; and forms that were sent already."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from config.access import Area, ScopedQuerySet, UserScope
from members.fields import LineField
from members.models.accounts import User


class OfAccountQuerySet(ScopedQuerySet):
    """Base for what belongs to an account: who manages the account may see it."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Any:
        return self.filter(user__in=User.objects.within(scope, to_change=to_change).values("pk"))


class SessionQuerySet(OfAccountQuerySet):
    """Sessions."""


class Session(AbstractBaseSession):
    """A browser that has signed in, or is about to (phiên làm việc); its data are read by the session store."""

    access_area = Area.ACCOUNTS

    user = models.ForeignKey(
        User, verbose_name="tài khoản", on_delete=models.CASCADE, null=True, related_name="sessions"
    )
    started_at = models.DateTimeField("bắt đầu", null=True)
    seen_at = models.DateTimeField("hoạt động gần nhất", null=True)
    address = LineField("địa chỉ mạng", max_length=45, blank=True)
    agent = LineField("trình duyệt", max_length=200, blank=True)

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta:
        verbose_name = "phiên làm việc"
        verbose_name_plural = "phiên làm việc"
        ordering = ("-seen_at",)

    @classmethod
    def get_session_store_class(cls) -> Any:
        from members.accounts.session_store import SessionStore

        return SessionStore


class RecoveryCodeQuerySet(OfAccountQuerySet):
    """Recovery codes."""


class RecoveryCode(models.Model):
    """A code that stands in once for the second factor (mã dự phòng); only its digest is kept."""

    access_area = Area.ACCOUNTS

    user = models.ForeignKey(User, verbose_name="tài khoản", on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField("dấu của mã", max_length=64)
    used_at = models.DateTimeField("đã dùng lúc", null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "mã dự phòng"
        verbose_name_plural = "mã dự phòng"
        ordering = ("user", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "digest"],
                name="recoverycode_once",
                violation_error_message="Mã dự phòng này đã có.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {'đã dùng' if self.used_at else 'chưa dùng'}"


class SubmissionQuerySet(OfAccountQuerySet):
    """Forms that were sent."""


class Submission(models.Model):
    """A form that was sent and done (lần gửi): sent again, it leads to where it led, and nothing is done twice."""

    access_area = Area.ACCOUNTS

    token = models.CharField("mã lần gửi", max_length=40)
    user = models.ForeignKey(User, verbose_name="tài khoản", on_delete=models.CASCADE, related_name="submissions")
    sent_at = models.DateTimeField("gửi lúc")
    location = models.CharField("dẫn đến", max_length=500, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "lần gửi biểu mẫu"
        verbose_name_plural = "lần gửi biểu mẫu"
        ordering = ("-sent_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["user", "token"],
                name="submission_once",
                violation_error_message="Biểu mẫu này đã được gửi.",
            ),
        )

    def __str__(self) -> str:
        return self.token
