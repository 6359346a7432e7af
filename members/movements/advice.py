"""What a movement is advised against by rules that aren't verified: told, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator

from members.deadlines import Due, due
from members.models import Movement
from members.models.memberships import EndReason, Membership, StartReason
from members.models.movements import MovementKind
from members.models.rules import AdmissionStep
from members.movements.expulsion import decision_by

UNVERIFIED = "Quy định này chưa đối chiếu với văn bản, nên chỉ nhắc."
# Kinds for which there is always a decision.
DECIDED = {
    MovementKind.EXEMPTION,
    MovementKind.STRIKING_OFF,
    MovementKind.WITHDRAWAL,
    MovementKind.EXPULSION,
    MovementKind.RESTORATION,
    MovementKind.READMISSION,
}


def advice(movement: Movement) -> list[str]:
    """What should be looked at again before `movement`, as it was recorded, stands."""
    return [*_papers(movement), *_readmission(movement), *_restoration(movement), *_temporary(movement)]


def _papers(movement: Movement) -> Iterator[str]:
    if movement.kind in DECIDED and not movement.decision_number:
        yield "Chưa ghi số quyết định. Có thể ghi sau ở mục “Sửa giấy tờ”."
    if movement.kind == MovementKind.TRANSFER_OUT and not movement.letter_number:
        yield "Chưa ghi số giấy giới thiệu sinh hoạt đảng. Có thể ghi sau ở mục “Sửa giấy tờ”."
    procedure = due(AdmissionStep.TRANSFER, movement.cause_on)
    if procedure is not None and movement.happened_on > procedure.on:
        yield f"Đã quá hạn làm thủ tục chuyển sinh hoạt: chậm nhất {procedure.on:%d/%m/%Y} ({_source(procedure)})."


def _source(known: Due) -> str:
    """The rule's document; of one that isn't verified, that it is so."""
    return known.rule.source if known.is_sure else f"{known.rule.source}; chưa đối chiếu với văn bản, nên chỉ nhắc"


def _readmission(movement: Movement) -> Iterator[str]:
    if movement.kind != MovementKind.READMISSION or movement.began_stay is None:
        return
    before = Membership.objects.filter(person=movement.person).exclude(pk=movement.began_stay.pk)
    last = before.last_by(movement.happened_on).first()
    wait = due(AdmissionStep.READMISSION, last.ended) if last is not None else None
    if wait is not None and movement.happened_on < wait.on:
        yield f"Phải sau {wait.rule.amount} tháng từ ngày ra khỏi Đảng, tức từ {wait.on:%d/%m/%Y} ({_source(wait)})."
    if before.filter(start_reason=StartReason.READMITTED).exists():
        yield f"Người này đã được kết nạp lại trước đó; chỉ được kết nạp lại một lần. {UNVERIFIED}"


def _restoration(movement: Movement) -> Iterator[str]:
    if movement.kind != MovementKind.RESTORATION:
        return
    last = (
        Membership.objects.filter(person=movement.person, ended_on__isnull=False).last_by(movement.happened_on).first()
    )
    if last is not None and last.end_reason == EndReason.WITHDREW:
        yield f"Người này đã xin ra khỏi Đảng; phục hồi dành cho người bị xóa tên, khai trừ oan sai. {UNVERIFIED}"
    if last is not None and last.end_reason == EndReason.EXPELLED:
        yield from _standing_decision(movement)


def _standing_decision(movement: Movement) -> Iterator[str]:
    """That the decision to expel whom the movement restores still stands: whether it was annulled is on paper."""
    decision = decision_by(movement.person, movement.happened_on)
    if decision is not None:
        yield (
            f"Quyết định khai trừ ngày {decision.decided} ở phần Kỷ luật vẫn còn tính. Nếu quyết định đó đã bị hủy bỏ, "
            "hãy ghi ngày hủy bỏ ở đó."
        )


def _temporary(movement: Movement) -> Iterator[str]:
    temporary = movement.temporary_stay
    if temporary is None or movement.kind not in {MovementKind.TEMPORARY, MovementKind.TEMPORARY_EXTENSION}:
        return
    longest = due(AdmissionStep.TEMPORARY_STUDY if temporary.is_study else AdmissionStep.TEMPORARY, temporary.began_on)
    least = due(AdmissionStep.TEMPORARY_LEAST, temporary.began_on)
    if longest is not None and temporary.until_on > longest.on:
        study = " để đi học" if temporary.is_study else ""
        yield (
            f"Sinh hoạt tạm thời{study} không quá {longest.rule.amount} tháng, tức "
            f"đến {longest.on:%d/%m/%Y}; lâu hơn thì chuyển sinh hoạt chính thức ({_source(longest)})."
        )
    elif least is not None and temporary.until_on < least.on:
        yield f"Đi dưới {least.rule.amount} tháng thì không cần chuyển sinh hoạt tạm thời ({_source(least)})."


def arrival_due(movement: Movement) -> Due | None:
    """By when who was sent is to hand in their papers at the place of arrival; None where no answer is awaited."""
    return due(AdmissionStep.TRANSFER_ARRIVAL, movement.happened) if movement.is_pending else None
