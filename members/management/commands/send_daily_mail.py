"""Mails everybody what waits for them: `manage.py send_daily_mail`, to be run once a morning."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.numbers import count_text
from members.work.daily_mail import send_all


class Command(BaseCommand):
    """Run again on the same day it sends only what could not be sent before."""

    help = "Gửi thư nhắc việc của hôm nay: mỗi người một thư một ngày, chỉ có số việc, không có tên ai."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HAS_MAIL:
            self.stdout.write("Chưa đặt EMAIL_URL: không gửi thư nào.")
            return
        told = send_all(timezone.localdate())
        self.stdout.write(
            f"Đã gửi {count_text(told.sent)} thư; {count_text(told.already)} người đã có thư hôm nay, "
            f"{count_text(told.nothing)} người không có việc gấp."
        )
        if told.failed:
            for line in told.failed:
                self.stderr.write(f"Không gửi được cho {line}")
            raise CommandError(f"{count_text(len(told.failed))} thư chưa gửi được; chạy lại lệnh để gửi tiếp.")
