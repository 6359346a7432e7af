"""Votes on a step: whether the numbers add up, and whether the majority that the step asks for was reached."""

from __future__ import annotations

from collections.abc import Iterator

from members.models import AdmissionStage, CaseStep
from members.models.admission_cases import BALLOT
from members.models.admission_stages import VoteBase


def completed(step: CaseStep) -> CaseStep:
    """Fill in what was left out: nothing against, abstained or invalid; of ballots, that everybody had and gave one.

    A show of hands has no ballots: neither of both numbers is given, and neither is made up.
    """
    if not is_by_hand(step):
        step.issued = step.present if step.issued is None else step.issued
        step.returned = step.issued if step.returned is None else step.returned
    for name in ("against", "abstained", "invalid"):
        if getattr(step, name) is None:
            setattr(step, name, 0)
    return step


def is_by_hand(step: CaseStep) -> bool:
    """Whether hands were counted, not ballots."""
    return step.issued is None and step.returned is None


def errors(step: CaseStep) -> Iterator[tuple[str, str]]:
    """What can't be so in the numbers of a vote, by field: arithmetic, whatever the rules say."""
    numbers = [name for name in BALLOT if not (is_by_hand(step) and name in {"issued", "returned"})]
    missing = [name for name in numbers if getattr(step, name) is None]
    if missing:
        yield missing[0], "Hãy ghi số phiếu này."
        return
    for name in numbers:
        if getattr(step, name) < 0:
            yield name, "Số phiếu không thể âm: hãy xem lại số tán thành riêng của hồ sơ này."
            return
    for larger, smaller, said in (
        ("entitled", "present", "Số có mặt không thể nhiều hơn số được quyền biểu quyết"),
        ("present", "issued", "Số phiếu phát ra không thể nhiều hơn số có mặt"),
        ("issued", "returned", "Số phiếu thu về không thể nhiều hơn số phát ra"),
    ):
        if {larger, smaller} <= set(numbers) and getattr(step, smaller) > getattr(step, larger):
            yield smaller, f"{said} ({getattr(step, smaller)} so với {getattr(step, larger)})."
    counted = step.in_favour + step.against + step.abstained + step.invalid
    voted = step.present if is_by_hand(step) else step.returned
    if counted != voted:
        told = f"có mặt {voted} người (biểu quyết giơ tay)" if is_by_hand(step) else f"thu về {voted} phiếu"
        yield (
            "in_favour",
            f"Tán thành, không tán thành, không có ý kiến và không hợp lệ cộng lại là {counted}, nhưng {told}.",
        )


def is_carried(stage: AdmissionStage, step: CaseStep) -> bool:
    """Whether the majority that `stage` asks for voted in favour; reckoned in whole numbers."""
    base = step.entitled if stage.majority_base == VoteBase.ENTITLED else step.present
    have = step.in_favour * stage.majority_denominator
    need = base * stage.majority_numerator
    return bool(have > need if stage.majority_is_exceeded else have >= need) and base > 0


def least(stage: AdmissionStage, step: CaseStep) -> int:
    """How many have to be in favour."""
    base = step.entitled if stage.majority_base == VoteBase.ENTITLED else step.present
    whole, rest = divmod(base * stage.majority_numerator, stage.majority_denominator)
    return int(whole + 1) if rest or stage.majority_is_exceeded else int(whole)
