"""What waits about movements: arrivals to be confirmed, temporary stays whose time is up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from config.access import Permission
from members.deadlines import Deadlines
from members.models import Movement, TemporaryStay
from members.models.movements import MovementKind
from members.models.rules import AdmissionStep
from members.work.of_members import rule_in_words
from members.work.tasks import Source, Task, is_near


def on_the_way(user: Any, today: dt.date) -> Iterator[Task]:
    """Transfers without an answer: of a move within, for who receives and who sent; of others, for who sent."""
    rows = Movement.objects.open_to(user, Permission.CHANGE_RECORDS).pending()
    deadlines = Deadlines.load()
    for row in rows.select_related("person", "from_organisation", "to_organisation").order_by("happened_on", "pk"):
        due = deadlines.due(AdmissionStep.TRANSFER_ARRIVAL, row.happened)
        what = "Xác nhận đã tiếp nhận" if row.kind == MovementKind.MOVE else "Chờ phiếu báo của nơi đến"
        yield Task(
            f"{what}: {row.destination}",
            row.person.full_name,
            row.origin,
            reverse("movement", args=[row.pk]),
            key=str(row.pk),
            due_on=due.on if due else None,
            note=rule_in_words(due) if due else "",
            person=row.person_id,
        )


def guests(user: Any, today: dt.date) -> Iterator[Task]:
    """Temporary stays whose granted time ends, or has ended without a word."""
    rows = TemporaryStay.objects.open_to(user, Permission.CHANGE_RECORDS).filter(ended_on__isnull=True)
    for row in rows.select_related("person", "host").order_by("until_on", "pk"):
        if is_near(row.until_on, today):
            what = f"Gia hạn hoặc kết thúc sinh hoạt tạm thời ở {row.place}"
            address = reverse("person", args=[row.person_id])
            yield Task(
                what, row.person.full_name, "", address, key=str(row.pk), due_on=row.until_on, person=row.person_id
            )


SOURCES = (
    Source("chuyen-sinh-hoat", "Chuyển sinh hoạt, chờ tiếp nhận", on_the_way),
    Source("tam-thoi", "Sinh hoạt tạm thời", guests),
)
