"""What each kind of movement does to stays, exemptions and temporary stays, and what it is refused for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from config.access import Permission
from members.models import (
    Admission,
    CommitteePost,
    Exemption,
    Membership,
    Movement,
    Organisation,
    Person,
    PostEndReason,
    TemporaryStay,
    User,
)
from members.models.memberships import EndReason, StartReason
from members.models.movements import MovementKind, MovementState
from members.movements import expulsion
from members.movements.standing import LEAVINGS, Standing
from members.partial_dates import PartialDate, Precision
from members.services.checks import refuse_ended, refuse_outside_life, require_change, write_checked
from members.services.committees import end_posts_left, standing_within
from members.services.stays import record_move

# How far ahead a decision may take effect. A slip of the year is further.
MOST_AHEAD = dt.timedelta(days=31)

Effect = Callable[[Movement, Standing, Admission | None, User | None], None]


# --- Days and places ------------------------------------------------------------------------------------------------


def refuse_future(day: PartialDate, field: str, *, most: dt.timedelta = dt.timedelta(0)) -> None:
    """Refuse a day that hasn't come; `most` is how far ahead it may lie."""
    if day.first_day > timezone.localdate() + most:
        limit = f" quá {most.days} ngày" if most else ""
        raise ValidationError({field: f"Ngày {day} còn ở tương lai{limit}. Hãy xem lại năm."})


def _day(movement: Movement, *, most_ahead: dt.timedelta = MOST_AHEAD) -> PartialDate:
    """The movement's day, not too far ahead."""
    day = movement.happened
    if day is None:
        raise ValidationError({"happened": "Hãy ghi ngày."})
    refuse_future(day, "happened", most=most_ahead)
    return day


def _full_day(movement: Movement) -> dt.date:
    day = _day(movement)
    if day.precision != Precision.DAY:
        raise ValidationError({"happened": "Mục này cần đủ ngày, tháng, năm."})
    return day.first_day


def _member_since(movement: Movement, standing: Standing, day: PartialDate) -> Membership:
    """The open stay, begun by that day; refused in words for who isn't a member."""
    name, stay = movement.person.full_name, standing.stay
    if stay is None:
        raise ValidationError(f"{name} {standing.in_words}, nên không ghi được “{movement.get_kind_display()}”.")
    if day.first_day < stay.began_on:
        told = f"Ngày {day} trước ngày {name} đến {stay.organisation.name} ({stay.began}). Hãy xem lại ngày."
        raise ValidationError({"happened": told})
    return stay


def _refuse_on_the_way(standing: Standing) -> None:
    if standing.on_the_way is not None:
        where = standing.on_the_way.destination
        raise ValidationError(
            f"Người này đang chờ {where} tiếp nhận. Hãy chờ nơi đó xác nhận, hoặc hoàn tác lần chuyển đó trước."
        )


def _destination(movement: Movement, day: PartialDate) -> Organisation:
    """The organisation inside that the movement leads to: alive that day, and today."""
    to = movement.to_organisation
    if to is None:
        raise ValidationError({"to_organisation": "Hãy chọn tổ chức."})
    refuse_ended(to)
    refuse_outside_life(to, day.first_day)
    return to


def _number(movement: Movement) -> str:
    return movement.decision_number or movement.letter_number


def refuse_later_posts(person: Person) -> None:
    """Refuse what would leave somebody in a committee whose post began where they no longer were."""
    for post in CommitteePost.objects.running().filter(person=person).select_related("organisation"):
        if post.pk not in standing_within([post], on=max(post.began_on, timezone.localdate())):
            told = f"{post.get_position_display()} {post.organisation.name} từ {post.began}"
            raise ValidationError(
                f"Người này còn giữ chức vụ {told}, bắt đầu sau ngày này. "
                "Hãy xem lại ngày, hoặc ghi thôi chức vụ trước."
            )


# --- Moves and leavings ---------------------------------------------------------------------------------------------


def _move(movement: Movement, standing: Standing, _admission: Admission | None, by: User | None) -> None:
    """Move at once where `by` may change both ends, else send; the stay then goes on until the other end receives."""
    day = _day(movement)
    stay = _member_since(movement, standing, day)
    _refuse_on_the_way(standing)
    to = _destination(movement, day)
    movement.from_organisation = stay.organisation
    if to == stay.organisation:
        raise ValidationError({"to_organisation": f"Người này đang sinh hoạt ở {to.name}. Hãy chọn tổ chức khác."})
    if by is not None and not by.has_perm(Permission.CHANGE_RECORDS, to):
        movement.state = MovementState.PENDING
        return
    movement.began_stay = record_move(person=movement.person, to=to, on=day, decision_number=_number(movement), by=by)
    stay.refresh_from_db()
    movement.ended_stay = stay
    end_at_host(movement, standing, day.first_day)


def end_at_host(movement: Movement, standing: Standing, day: dt.date) -> None:
    """Who moves to where they are a guest is a guest no longer."""
    if standing.temporary is not None and standing.temporary.host == movement.to_organisation:
        _end_temporary(movement, standing.temporary, day)


def _leave(movement: Movement, standing: Standing, _admission: Admission | None, _by: User | None) -> None:
    """End the stay and, with it, an exemption and a temporary stay that are open."""
    is_death = movement.kind == MovementKind.DEATH
    day = _day(movement, most_ahead=dt.timedelta(0) if is_death else MOST_AHEAD)
    stay = _member_since(movement, standing, day)
    _refuse_on_the_way(standing)
    movement.from_organisation = stay.organisation
    if movement.kind == MovementKind.TRANSFER_OUT:
        _send(movement)
    stay.ended = day
    stay.end_reason = LEAVINGS[MovementKind(movement.kind)]
    stay.end_decision_number = _number(movement)
    movement.ended_stay = write_checked(stay)
    reason = PostEndReason.DECEASED if is_death else PostEndReason.LEFT
    end_posts_left(movement.person, on=day.first_day, reason=reason, decision_number=stay.end_decision_number)
    _end_exemption(movement, day.first_day)
    if standing.temporary is not None:
        _end_temporary(movement, standing.temporary, day.first_day)


def _expel(movement: Movement, standing: Standing, admission: Admission | None, by: User | None) -> None:
    """End the stay by the decision on record or, where there is none, record that too."""
    decision = expulsion.decision_of(movement.person)
    _leave(movement, standing, admission, by)
    if decision is None:
        movement.discipline = expulsion.record_decision(movement, by)


def _send(movement: Movement) -> None:
    """A transfer out of the committee is pending until its answer comes; that may be known already."""
    if not movement.to_place:
        raise ValidationError({"to_place": "Hãy ghi nơi chuyển đến."})
    if movement.arrived is None:
        movement.state = MovementState.PENDING
    else:
        refuse_future(movement.arrived, "arrived")


def _end_exemption(movement: Movement, day: dt.date) -> None:
    """End the exemption, if any, that lasts beyond the day."""
    lasting = Exemption.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), person=movement.person)
    exemption = lasting.order_by("-starts_on").first()
    if exemption is not None:
        movement.exemption, movement.former_end_on = exemption, exemption.ends_on
        exemption.ends_on = max(day, exemption.starts_on)
        write_checked(exemption)


def _end_temporary(movement: Movement, temporary: TemporaryStay, day: dt.date) -> None:
    movement.temporary_stay = temporary
    temporary.ended_on = max(day, temporary.began_on)
    write_checked(temporary)


# --- Arrivals and returns -------------------------------------------------------------------------------------------


def _arrive(movement: Movement, standing: Standing, admission: Admission | None, by: User | None) -> None:
    """Begin a stay by transfer in, within the admission that is on record or the one known from elsewhere."""
    day = _returning_on(movement, standing, {EndReason.TRANSFERRED_OUT, EndReason.MOVED, ""})
    to = _destination(movement, day)
    require_change(by, to)
    if not movement.from_place:
        raise ValidationError({"from_place": "Hãy ghi nơi chuyển đi."})
    entry = standing.last.admission if standing.last else movement.person.admissions.order_by("-pk").first()
    if entry is None or admission is not None:
        entry = _admission_elsewhere(movement, admission or Admission(), entry)
    if entry.decided_on is not None and entry.decided_on > day.first_day:
        raise ValidationError(f"Ngày kết nạp ({entry.decided}) sau ngày chuyển đến ({day}). Hãy xem lại.")
    _begin(movement, to, day, entry, StartReason.TRANSFERRED_IN)


def _admission_elsewhere(movement: Movement, told: Admission, known: Admission | None) -> Admission:
    """What was told of the admission, on the row that there is; what is on record isn't written over."""
    if known is not None:
        if known.decided_on is None:
            known.decided = told.decided
        if known.official_on is None:
            known.official = told.official
        return write_checked(known)
    told.person = movement.person
    return write_checked(told)


def _restore(movement: Movement, standing: Standing, _admission: Admission | None, by: User | None) -> None:
    """Begin a stay within the admission that was left, as if it had not been."""
    day = _returning_on(movement, standing, {EndReason.STRUCK_OFF, EndReason.EXPELLED, EndReason.WITHDREW})
    to = _destination(movement, day)
    require_change(by, to)
    if standing.last is not None:
        _begin(movement, to, day, standing.last.admission, StartReason.RESTORED)


def _readmit(movement: Movement, standing: Standing, admission: Admission | None, by: User | None) -> None:
    """Begin a second admission, with a stay from the day of its decision."""
    day = _returning_on(movement, standing, {EndReason.STRUCK_OFF, EndReason.EXPELLED, EndReason.WITHDREW})
    to = _destination(movement, day)
    require_change(by, to)
    entry = admission or Admission()
    entry.person, entry.organisation = movement.person, to
    entry.decided, entry.decision_number = day, movement.decision_number
    _begin(movement, to, day, write_checked(entry), StartReason.READMITTED)


def _returning_on(movement: Movement, standing: Standing, ends: set[str]) -> PartialDate:
    """The day of an arrival; refused in words for who is a member, has died, or left in another way than `ends`."""
    day, last = _day(movement), standing.last
    if standing.stay is not None or standing.end_reason not in ends:
        told = f"{movement.person.full_name} {standing.in_words}, nên không ghi được “{movement.get_kind_display()}”."
        if standing.end_reason in LEAVINGS.values() and standing.end_reason != EndReason.DECEASED:
            told += " Người đã ra khỏi Đảng trở lại bằng Phục hồi hoặc Kết nạp lại."
        raise ValidationError(told)
    if last is not None and last.ended_on is not None and day.first_day < last.ended_on:
        where = last.organisation.name
        raise ValidationError({"happened": f"Ngày {day} trước ngày rời {where} ({last.ended}). Hãy xem lại ngày."})
    return day


def _begin(movement: Movement, to: Organisation, day: PartialDate, entry: Admission, reason: StartReason) -> None:
    stay = Membership(person=movement.person, organisation=to, admission=entry, start_reason=reason)
    stay.began, stay.start_decision_number = day, _number(movement)
    movement.began_stay = write_checked(stay)


# --- Exemption and temporary stays ----------------------------------------------------------------------------------


def _exempt(movement: Movement, standing: Standing, _admission: Admission | None, _by: User | None) -> None:
    day = _day(movement)
    _refuse_stranger(movement, standing, day)
    exemption = Exemption(person=movement.person, decision_number=movement.decision_number)
    exemption.starts = day
    movement.exemption = write_checked(exemption)


def _refuse_stranger(movement: Movement, standing: Standing, day: PartialDate) -> None:
    """Refuse for who isn't a member now, or wasn't on the day."""
    if standing.stay is None:
        _member_since(movement, standing, day)
    elif not standing.was_member_on(day.first_day):
        raise ValidationError({"happened": f"Ngày {day} người này không sinh hoạt ở tổ chức nào. Hãy xem lại ngày."})
    movement.from_organisation = standing.stay.organisation if standing.stay else None


def _work_again(movement: Movement, standing: Standing, _admission: Admission | None, _by: User | None) -> None:
    day, exemption = _full_day(movement), standing.exemption
    if exemption is None:
        raise ValidationError("Người này không đang được miễn công tác và sinh hoạt.")
    if day < exemption.starts_on:
        raise ValidationError({"happened": f"Ngày này trước ngày được miễn ({exemption.starts}). Hãy xem lại."})
    _refuse_stranger(movement, standing, PartialDate(day))
    movement.exemption, movement.former_end_on = exemption, exemption.ends_on
    exemption.ends_on = day
    write_checked(exemption)


def _lend(movement: Movement, standing: Standing, _admission: Admission | None, _by: User | None) -> None:
    """Begin a temporary stay; the member goes on being counted at home."""
    day = _full_day(movement)
    stay = _member_since(movement, standing, PartialDate(day))
    if standing.temporary is not None:
        raise ValidationError(
            f"Người này đang sinh hoạt tạm thời ở {standing.temporary.place} từ "
            f"{standing.temporary.began_on:%d/%m/%Y}. Hãy ghi kết thúc lần đó trước."
        )
    if movement.until_on is None:
        raise ValidationError({"until_on": "Hãy ghi ngày hết hạn."})
    if movement.until_on < day:
        raise ValidationError({"until_on": "Ngày hết hạn trước ngày bắt đầu. Hãy xem lại."})
    if movement.to_organisation is not None:
        _destination(movement, PartialDate(day))
    elif not movement.to_place:
        raise ValidationError({"to_place": "Hãy ghi nơi sinh hoạt tạm thời."})
    if movement.to_organisation == stay.organisation:
        raise ValidationError({"to_organisation": "Người này sinh hoạt chính thức ở đó. Hãy chọn nơi khác."})
    movement.from_organisation = stay.organisation
    movement.temporary_stay = write_checked(
        TemporaryStay(
            person=movement.person,
            host=movement.to_organisation,
            host_place=movement.to_place,
            began_on=day,
            until_on=movement.until_on,
            is_study=movement.is_study,
        )
    )


def _lent(movement: Movement, standing: Standing) -> TemporaryStay:
    if standing.temporary is None:
        raise ValidationError("Người này không đang sinh hoạt tạm thời ở nơi nào.")
    movement.to_organisation, movement.to_place = standing.temporary.host, standing.temporary.host_place
    movement.from_organisation = standing.stay.organisation if standing.stay else None
    return standing.temporary


def _lend_longer(movement: Movement, standing: Standing, _admission: Admission | None, _by: User | None) -> None:
    temporary, day = _lent(movement, standing), _full_day(movement)
    if movement.until_on is None or movement.until_on <= temporary.until_on:
        raise ValidationError({"until_on": f"Hạn mới phải sau hạn cũ ({temporary.until_on:%d/%m/%Y})."})
    if day < temporary.began_on:
        raise ValidationError({"happened": "Ngày gia hạn trước ngày bắt đầu sinh hoạt tạm thời. Hãy xem lại."})
    movement.temporary_stay, movement.former_end_on = temporary, temporary.until_on
    temporary.until_on = movement.until_on
    write_checked(temporary)


def _take_home(movement: Movement, standing: Standing, _admission: Admission | None, _by: User | None) -> None:
    temporary, day = _lent(movement, standing), _full_day(movement)
    if day < temporary.began_on:
        raise ValidationError({"happened": "Ngày kết thúc trước ngày bắt đầu sinh hoạt tạm thời. Hãy xem lại."})
    _end_temporary(movement, temporary, day)


EFFECTS: dict[MovementKind, Effect] = {
    MovementKind.MOVE: _move,
    **dict.fromkeys(LEAVINGS, _leave),
    MovementKind.EXPULSION: _expel,
    MovementKind.TRANSFER_IN: _arrive,
    MovementKind.RESTORATION: _restore,
    MovementKind.READMISSION: _readmit,
    MovementKind.EXEMPTION: _exempt,
    MovementKind.EXEMPTION_END: _work_again,
    MovementKind.TEMPORARY: _lend,
    MovementKind.TEMPORARY_EXTENSION: _lend_longer,
    MovementKind.TEMPORARY_END: _take_home,
}
