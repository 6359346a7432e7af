"""Taking a movement back: what stands in the way, and the state before it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from members.models import CommitteePost, Membership, Movement, TemporaryStay, User
from members.models.memberships import LATEST_FIRST
from members.models.movements import MovementKind, MovementState
from members.movements.expulsion import take_back_decision
from members.movements.standing import LEAVINGS
from members.services.checks import write_checked


def obstacles(movement: Movement) -> list[str]:
    """What later builds on the movement, so that it can't be undone; empty where nothing does."""
    if movement.is_undone:
        return ["Biến động này đã được hoàn tác trước đó."]
    later = Movement.objects.not_undone().filter(person=movement.person_id, pk__gt=movement.pk).order_by("-pk").first()
    if later is not None:
        return [
            f"Sau đó đã ghi “{later.get_kind_display()}” ngày {later.happened}: hãy hoàn tác việc đó trước, "
            "rồi mới hoàn tác việc này."
        ]
    return [*_changed_stays(movement), *_changed_others(movement)]


def _changed_stays(movement: Movement) -> list[str]:
    """Stays that were changed, or came, in another way than by movements."""
    began, ended = movement.began_stay, movement.ended_stay
    latest = Membership.objects.filter(person=movement.person_id).order_by(*LATEST_FIRST).first()
    mine = began or ended
    if mine is not None and latest is not None and latest.pk != mine.pk:
        return [f"Sau đó đã có thời gian sinh hoạt ở {latest.organisation.name} từ {latest.began}, ghi bằng cách khác."]
    if began is not None and began.ended_on is not None:
        reason = began.get_end_reason_display().lower()
        return [f"Thời gian sinh hoạt do việc này mở ra đã kết thúc ngày {began.ended} ({reason})."]
    if ended is not None and ended.ended != _left(movement):
        return [f"Ngày rời {ended.organisation.name} đã được sửa thành {ended.ended or 'để trống'} sau đó."]
    if movement.kind == MovementKind.READMISSION and began is not None and began.admission.official_on is not None:
        return [f"Đã ghi ngày chính thức {began.admission.official} cho lần kết nạp này."]
    return []


def _left(movement: Movement) -> object:
    """The day on which the stay that the movement ended did end."""
    return movement.arrived if movement.kind == MovementKind.MOVE and movement.arrived else movement.happened


def _changed_others(movement: Movement) -> list[str]:
    exemption, temporary = movement.exemption, movement.temporary_stay
    if movement.kind == MovementKind.EXEMPTION and exemption is not None and exemption.ends_on is not None:
        return [f"Thời gian miễn này đã ghi hết ngày {exemption.ends_on:%d/%m/%Y}."]
    if movement.kind == MovementKind.TEMPORARY and temporary is not None and temporary.ended_on is not None:
        return [f"Lần sinh hoạt tạm thời này đã kết thúc ngày {temporary.ended_on:%d/%m/%Y}."]
    left = movement.ended_stay.ended if movement.ended_stay is not None else None
    posts = CommitteePost.objects.filter(pk__in=movement.ended_posts).select_related("organisation")
    return [
        f"Ngày thôi {post.get_position_display()} {post.organisation.name} đã được sửa thành {post.ended} sau đó."
        for post in posts
        if left is not None and post.ended_on != left.first_day
    ]


def take_back(movement: Movement, *, reason: str, by: User | None) -> Movement:
    """Restore the state before the movement, which has nothing that builds on it, and mark it undone."""
    began, ended = movement.began_stay, movement.ended_stay
    exemption, temporary = movement.exemption, movement.temporary_stay
    former_end_on, discipline = movement.former_end_on, movement.discipline
    movement.began_stay = movement.ended_stay = movement.exemption = movement.temporary_stay = None
    movement.discipline = None
    movement.state, movement.undone_reason = MovementState.UNDONE, reason
    movement.undone_by, movement.undone_at = by, timezone.now()
    write_checked(movement)
    if began is not None:
        _close(movement, began)
    if ended is not None:
        ended.ended, ended.end_reason, ended.end_decision_number = None, "", ""
        write_checked(ended)
    if exemption is not None:
        if movement.kind == MovementKind.EXEMPTION:
            exemption.delete()
        else:
            exemption.ends_on = former_end_on
            write_checked(exemption)
    if temporary is not None:
        _return_temporary(movement, temporary)
    if discipline is not None:
        take_back_decision(movement, discipline)
    for post in CommitteePost.objects.filter(pk__in=movement.ended_posts):
        post.ended, post.end_reason, post.end_decision_number = None, "", ""
        write_checked(post)
    return movement


def _close(movement: Movement, began: Membership) -> None:
    """Take away the stay that the movement began and, of who was admitted again by it, that admission.

    The admission elsewhere of who came by transfer stays: it is a fact about the person.
    """
    admission = began.admission
    began.delete()
    if movement.kind == MovementKind.READMISSION:
        try:
            admission.delete()
        except ProtectedError as used:
            raise ValidationError("Lần kết nạp này đã được hồ sơ khác dùng, không hoàn tác được.") from used


def _return_temporary(movement: Movement, temporary: TemporaryStay) -> None:
    if movement.kind == MovementKind.TEMPORARY:
        temporary.delete()
    elif movement.kind == MovementKind.TEMPORARY_EXTENSION and movement.former_end_on is not None:
        temporary.until_on = movement.former_end_on
        write_checked(temporary)
    elif movement.kind in {MovementKind.TEMPORARY_END, MovementKind.MOVE, *LEAVINGS}:
        temporary.ended_on = None
        write_checked(temporary)
