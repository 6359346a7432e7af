"""What was mailed about waiting work."""

from __future__ import annotations

from django.db import models

from config.access import Area
from members.models.accounts import User
from members.models.sessions import OfAccountQuerySet


class DailyMailQuerySet(OfAccountQuerySet):
    """Daily mails."""


class DailyMail(models.Model):
    """The mail of a day to an account (thư nhắc việc): one a day, however often the command runs."""

    access_area = Area.ACCOUNTS

    user = models.ForeignKey(User, verbose_name="tài khoản", on_delete=models.CASCADE, related_name="daily_mails")
    day = models.DateField("ngày")
    sent_at = models.DateTimeField("gửi lúc", auto_now_add=True)

    objects = DailyMailQuerySet.as_manager()

    class Meta:
        verbose_name = "thư nhắc việc"
        verbose_name_plural = "thư nhắc việc"
        ordering = ("-day", "user")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "day"],
                name="dailymail_once_a_day",
                violation_error_message="Hôm nay đã gửi thư nhắc việc cho tài khoản này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.day:%d/%m/%Y}"
