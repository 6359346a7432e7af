"""A movement in words: what it does, as the form foretells it and its page tells it, and what undoing it would do."""

from __future__ import annotations

from collections.abc import Iterator

from members.models import CommitteePost, Movement
from members.models.movements import MovementKind
from members.movements.advice import arrival_due
from members.movements.expulsion import decision_by, is_taken_back
from members.movements.standing import LEAVINGS

KEPT = "Biến động vẫn còn trong danh sách, ghi rõ đã hoàn tác, do ai, khi nào và vì sao."


def account(movement: Movement) -> list[str]:
    """What `movement` does or did, a sentence each; it is in force or pending."""
    return [*_ACCOUNTS[MovementKind(movement.kind)](movement), *_also(movement), *_awaited(movement)]


def _moved(movement: Movement) -> Iterator[str]:
    name, here, there = movement.person.full_name, movement.origin, movement.destination
    if movement.is_pending:
        yield f"{name} được giới thiệu sang {there}; nơi đó xác nhận thì việc chuyển mới thành."
        yield f"Cho đến lúc đó, {name} vẫn sinh hoạt và được tính ở {here}."
        return
    day = movement.arrived or movement.happened
    yield f"{name} thôi sinh hoạt ở {here} và sinh hoạt ở {there} từ {day}."
    yield "Tổng số đảng viên của cấp trên chung không đổi."


def _left(movement: Movement) -> Iterator[str]:
    name, here, year = movement.person.full_name, movement.origin, movement.happened_on.year
    reason = LEAVINGS[MovementKind(movement.kind)].label.lower()
    what = "không còn sinh hoạt" if movement.kind == MovementKind.TRANSFER_OUT else "không còn là đảng viên"
    yield f"Từ {movement.happened}, {name} {what} ở {here}."
    yield f"Năm {year}, {here} giảm 1 đảng viên ({reason})."


def _came(movement: Movement) -> Iterator[str]:
    name, there, stay = movement.person.full_name, movement.destination, movement.began_stay
    yield f"Từ {movement.happened}, {name} sinh hoạt ở {there}."
    if stay is not None:
        reason = stay.get_start_reason_display().lower()
        yield f"Năm {movement.happened_on.year}, {there} tăng 1 đảng viên ({reason})."
    if movement.kind == MovementKind.READMISSION:
        yield f"Bắt đầu lần kết nạp mới, dự bị từ {movement.happened}; lần trước vẫn còn trong hồ sơ."
    if movement.kind == MovementKind.RESTORATION:
        yield "Tuổi đảng được tính liên tục, như chưa từng rời Đảng."


def _rested(movement: Movement) -> Iterator[str]:
    name, day = movement.person.full_name, movement.happened
    if movement.kind == MovementKind.EXEMPTION:
        yield f"Từ {day}, {name} được miễn công tác và sinh hoạt; vẫn tính trong số đảng viên, không xếp loại cuối năm."
    else:
        yield f"Từ {day}, {name} công tác và sinh hoạt trở lại."


def _guest(movement: Movement) -> Iterator[str]:
    name, host, until = movement.person.full_name, movement.destination, movement.until_on
    if movement.kind == MovementKind.TEMPORARY_END:
        yield f"Từ {movement.happened}, {name} thôi sinh hoạt tạm thời ở {host}."
    elif movement.kind == MovementKind.TEMPORARY:
        yield f"{name} sinh hoạt tạm thời ở {host} từ {movement.happened} đến {until:%d/%m/%Y}."
        yield f"{name} vẫn được tính ở {movement.origin}; {host} không tính."
    else:
        former = movement.former_end_on
        told = f" (trước là {former:%d/%m/%Y})" if former else ""
        yield f"{name} sinh hoạt tạm thời ở {host} được gia hạn đến {until:%d/%m/%Y}{told}."


_ACCOUNTS = {
    MovementKind.MOVE: _moved,
    **dict.fromkeys(LEAVINGS, _left),
    **dict.fromkeys((MovementKind.TRANSFER_IN, MovementKind.RESTORATION, MovementKind.READMISSION), _came),
    **dict.fromkeys((MovementKind.EXEMPTION, MovementKind.EXEMPTION_END), _rested),
    MovementKind.TEMPORARY: _guest,
    MovementKind.TEMPORARY_EXTENSION: _guest,
    MovementKind.TEMPORARY_END: _guest,
}


def _also(movement: Movement) -> Iterator[str]:
    """What ends along with a stay."""
    if movement.kind in LEAVINGS and movement.exemption is not None:
        yield "Thời gian miễn công tác và sinh hoạt cũng kết thúc ngày đó."
    if movement.kind in {*LEAVINGS, MovementKind.MOVE} and movement.temporary_stay is not None:
        yield f"Sinh hoạt tạm thời ở {movement.temporary_stay.place} cũng kết thúc ngày đó."
    if movement.kind == MovementKind.EXPULSION:
        yield from _decision(movement)
    for post in _posts(movement):
        yield f"{movement.person.full_name} thôi giữ chức vụ {post}."


def _decision(movement: Movement) -> Iterator[str]:
    if movement.discipline is not None:
        yield "Quyết định khai trừ cũng được ghi vào phần Kỷ luật của hồ sơ, không phải ghi lại ở đó."
        return
    decision = decision_by(movement.person, movement.happened.last_day)
    if decision is not None:
        yield f"Quyết định khai trừ ngày {decision.decided} đã có ở phần Kỷ luật, không ghi thêm."


def _posts(movement: Movement) -> list[str]:
    """The posts that ended along with a stay, in words."""
    posts = CommitteePost.objects.filter(pk__in=movement.ended_posts).select_related("organisation")
    return [f"{post.get_position_display()} {post.organisation.name}" for post in posts]


def _awaited(movement: Movement) -> Iterator[str]:
    if not movement.is_pending:
        return
    if movement.kind == MovementKind.TRANSFER_OUT:
        yield f"Chờ phiếu báo của {movement.destination}."
    due = arrival_due(movement)
    if due is not None:
        unsure = "" if due.is_sure else "; chưa đối chiếu với văn bản"
        yield (
            f"Hạn nộp hồ sơ ở nơi đến: {due.on:%d/%m/%Y} ({due.rule.amount} {due.rule.get_unit_display()} từ ngày "
            f"giới thiệu, {due.rule.source}{unsure})."
        )


def account_of_undoing(movement: Movement) -> list[str]:
    """What undoing `movement` will do, a sentence each."""
    return [*_undone(movement), KEPT]


def _undone(movement: Movement) -> Iterator[str]:
    name, began, ended = movement.person.full_name, movement.began_stay, movement.ended_stay
    if movement.kind == MovementKind.MOVE and movement.is_pending:
        yield f"{movement.destination} không còn chờ tiếp nhận; {name} vẫn sinh hoạt ở {movement.origin} như trước."
    if began is not None:
        yield f"Thời gian sinh hoạt của {name} ở {began.organisation.name} từ {began.began} bị bỏ khỏi hồ sơ."
    if movement.kind == MovementKind.READMISSION:
        yield f"Lần kết nạp ngày {movement.happened} cũng bị bỏ."
    if movement.kind == MovementKind.TRANSFER_IN:
        yield f"Hồ sơ của {name} vẫn còn, để ghi lại cho đúng."
    if ended is not None:
        yield f"{name} lại sinh hoạt ở {ended.organisation.name} liên tục từ {ended.began}, như chưa rời đi."
    if ended is not None or began is not None:
        yield f"Tăng, giảm và tổng số đảng viên từ năm {movement.happened_on.year} trở đi được tính lại."
    yield from _other_undone(movement)


def _other_undone(movement: Movement) -> Iterator[str]:
    exemption, temporary, former = movement.exemption, movement.temporary_stay, movement.former_end_on
    if exemption is not None:
        until = f"đến {former:%d/%m/%Y}" if former else "chưa hết hạn"
        told = "bị bỏ khỏi hồ sơ" if movement.kind == MovementKind.EXEMPTION else f"lại có hiệu lực, {until}"
        yield f"Thời gian miễn công tác và sinh hoạt từ {exemption.starts} {told}."
    if temporary is not None:
        told = {
            MovementKind.TEMPORARY: "bị bỏ khỏi hồ sơ",
            MovementKind.TEMPORARY_EXTENSION: f"lại có hạn đến {former:%d/%m/%Y}" if former else "",
        }.get(MovementKind(movement.kind), "lại tiếp tục")
        yield f"Lần sinh hoạt tạm thời ở {temporary.place} từ {temporary.began_on:%d/%m/%Y} {told}."
    if movement.discipline is not None:
        kept = "bị bỏ khỏi hồ sơ" if is_taken_back(movement) else "đã được sửa sau đó nên vẫn còn; hãy xem lại"
        yield f"Quyết định khai trừ ghi kèm ở phần Kỷ luật {kept}."
    for post in _posts(movement):
        yield f"{movement.person.full_name} lại giữ chức vụ {post}."
