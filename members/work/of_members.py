"""What waits about members: ceremonies to be held, probation that ends, badges that become due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from config.access import Permission, scope_of
from config.numbers import count_text
from members.badges.forecast import Due as DueBadge
from members.badges.forecast import Forecast
from members.deadlines import Deadlines, Due
from members.models import BadgeProposal, Membership, Organisation
from members.models.memberships import StartReason
from members.models.rules import AdmissionStep
from members.work.tasks import Source, Task, is_near

ABOUT = "khoảng, vì ngày tính từ chỉ rõ đến tháng hoặc năm"
UNSURE = "chưa đối chiếu văn bản"


def members_to_change(user: Any, today: dt.date) -> Any:
    """The stays of today whose people the user may change."""
    stays = Membership.objects.open_to(user, Permission.CHANGE_RECORDS).on(today)
    return stays.select_related("person", "admission", "organisation").order_by("person__name_sort_key", "pk")


def rule_in_words(due: Due) -> str:
    """Where a deadline comes from, and how sure it is."""
    doubts = [words for words, is_so in ((ABOUT, due.is_approximate), (UNSURE, not due.is_sure)) if is_so]
    told = f"{due.rule.amount} {due.rule.get_unit_display()} từ {due.rule.counted_from}"
    return "; ".join([told, *doubts])


def _about(stay: Membership) -> dict[str, Any]:
    person = reverse("person", args=[stay.person_id])
    about = {"about": stay.person.full_name, "place": stay.organisation.name}
    return {**about, "address": person, "person": stay.person_id}


# --- Admission -----------------------------------------------------------------------------------------------------


def ceremonies(user: Any, today: dt.date) -> Iterator[Task]:
    """Decisions after which no ceremony is on record; of who is official by now it is history."""
    waiting = members_to_change(user, today).filter(
        start_reason__in=(StartReason.ADMITTED, StartReason.READMITTED),
        admission__ceremony_on__isnull=True,
        admission__official_on__isnull=True,
        admission__decided_on__isnull=False,
    )
    deadlines = Deadlines.load()
    for stay in waiting:
        due = deadlines.due(AdmissionStep.CEREMONY, stay.admission.decided)
        if due is not None and is_near(due.on, today):
            what = f"Tổ chức lễ kết nạp (quyết định ngày {stay.admission.decided})"
            yield Task(what, **_about(stay), key=str(stay.pk), due_on=due.on, note=rule_in_words(due))


def probations(user: Any, today: dt.date) -> Iterator[Task]:
    """Probation that ends; once it has ended, the time in which the cell is to consider the recognition."""
    deadlines = Deadlines.load()
    for stay in members_to_change(user, today).probationary(on=today):
        begun = stay.admission.ceremony or stay.admission.decided
        ends = deadlines.due(AdmissionStep.PROBATION, begun)
        if ends is None:
            what = "Ghi ngày kết nạp hoặc ngày chính thức: chưa rõ nên không tính được thời gian dự bị"
            yield Task(what, **_about(stay), key=str(stay.pk))
        elif is_near(ends.on, today):
            yield _recognition(stay, ends, deadlines, today)


def _recognition(stay: Membership, ends: Due, deadlines: Deadlines, today: dt.date) -> Task:
    due, what = ends, "Hết thời gian dự bị: chi bộ xét công nhận chính thức"
    proposal = deadlines.due(AdmissionStep.OFFICIAL_PROPOSAL, ends.on)
    if ends.on < today and proposal is not None:
        due, what = proposal, f"Xét công nhận chính thức: hết dự bị từ {ends.on:%d/%m/%Y}"
    return Task(what, **_about(stay), key=str(stay.pk), due_on=due.on, note=rule_in_words(due))


# --- Badges --------------------------------------------------------------------------------------------------------


def badges(user: Any, today: dt.date) -> Iterator[Task]:
    """Who becomes due at an award day that is near and stands in no round of it; who is long due only as a number."""
    proposed = set(BadgeProposal.objects.values_list("person", "milestone"))
    for organisation in Organisation.objects.filter(path__in=scope_of(user, Permission.CHANGE_RECORDS).paths):
        forecast = Forecast(organisation, user, start=today, years=1, permission=Permission.CHANGE_RECORDS)
        waiting = [due for due in forecast.dues if (due.person.pk, due.milestone) not in proposed]
        yield from (_badge(due) for due in waiting if due.award_on is not None and is_near(due.award_on, today))
        late = sum(due.award_on is None for due in waiting)
        if late:
            yield Task(
                what="Xét Huy hiệu Đảng: đã đủ năm từ trước, chưa ghi huy hiệu",
                about=f"{count_text(late)} đảng viên",
                place=organisation.name,
                address=reverse("badge_forecast", args=[organisation.code]),
                key=f"to-chuc-{organisation.pk}",
                count=late,
            )


def _badge(due: DueBadge) -> Task:
    notes = [f"đủ {due.milestone} năm ngày {due.due_on:%d/%m/%Y}", *due.notes]
    what = f"Lập danh sách Huy hiệu {due.milestone} năm tuổi Đảng"
    return Task(
        what, **_about(due.stay), key=f"{due.person.pk}-{due.milestone}", due_on=due.award_on, note="; ".join(notes)
    )


SOURCES = (
    Source("le-ket-nap", "Lễ kết nạp", ceremonies),
    Source("du-bi", "Hết dự bị, công nhận chính thức", probations),
    Source("huy-hieu", "Huy hiệu Đảng", badges),
)
