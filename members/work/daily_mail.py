"""The daily mail: how much waits, never whose file; one a day, and only where mail is set up.

A mail may lie on servers that no member's file should reach, so that it holds numbers and the address of the page.
"""

from __future__ import annotations

import datetime as dt
import smtplib
from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse

from config.access import Permission, holds
from config.numbers import count_text
from members.models import DailyMail, User
from members.work.tasks import SOURCES, Band, Task, tasks_of

# What is worth a mail; the rest can wait until somebody opens the page.
PRESSING = (Band.OVERDUE, Band.WEEK, Band.MONTH)


@dataclass
class Sent:
    """What became of the mails of a day: to how many, who was left out, and what could not be sent."""

    sent: int = 0
    already: int = 0
    nothing: int = 0
    failed: list[str] = field(default_factory=list)


def send_all(day: dt.date) -> Sent:
    """Mail everybody who has work waiting, wants it and has an address; who got one for the day gets no other."""
    told = Sent()
    connection = get_connection()
    people = User.objects.filter(is_active=True, wants_daily_mail=True).exclude(email="").order_by("pk")
    for user in people:
        if not holds(user, Permission.CHANGE_RECORDS):
            continue
        if DailyMail.objects.filter(user=user, day=day).exists():
            told.already += 1
            continue
        message = message_to(user, day)
        if message is None:
            told.nothing += 1
            continue
        message.connection = connection
        _send(message, user, day, told)
    return told


def _send(message: EmailMessage, user: User, day: dt.date, told: Sent) -> None:
    """Note the mail and send it; what could not be sent is not noted, and tried again the next time."""
    try:
        with transaction.atomic():
            _, is_new = DailyMail.objects.get_or_create(user=user, day=day)
            if is_new:
                message.send()
    except (smtplib.SMTPException, OSError) as error:
        told.failed.append(f"{user.username}: {error}")
        return
    told.sent += is_new
    told.already += not is_new


def message_to(user: User, day: dt.date) -> EmailMessage | None:
    """The mail of a day; None where nothing presses."""
    tasks = [task for task in tasks_of(user, day) if task.band(day) in PRESSING]
    if not tasks:
        return None
    late = sum(task.band(day) == Band.OVERDUE for task in tasks)
    subject = f"Việc cần làm ngày {day:%d/%m/%Y}: {count_text(len(tasks))} việc"
    return EmailMessage(
        subject=subject + (f", {count_text(late)} quá hạn" if late else ""),
        body=_body(user, tasks, day),
        to=[user.email],
    )


def _body(user: User, tasks: list[Task], day: dt.date) -> str:
    lines = [f"Kính gửi {user.full_name},", "", f"Việc đến hạn trong 30 ngày và quá hạn, tính đến {day:%d/%m/%Y}:", ""]
    for source in SOURCES:
        counted = Counter(task.band(day) for task in tasks if task.source == source.word)
        told = ", ".join(f"{band.label.lower()} {count_text(counted[band])}" for band in PRESSING if counted[band])
        if told:
            lines.append(f"- {source.label}: {told}.")
    where = f"{settings.SITE_ADDRESS}{reverse('my_work')}" if settings.SITE_ADDRESS else "trang Việc của tôi"
    lines += ["", f"Xem từng việc: {where}", "", "Thư này không nêu tên ai trong hồ sơ."]
    return "\n".join([*lines, "Không muốn nhận thư hằng ngày: bỏ chọn ở trang Tài khoản của tôi.", ""])
