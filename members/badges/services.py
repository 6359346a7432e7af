"""Writes on rounds of badges: from the list to the decision and the award, and back; each one audited event.

As in members.services: `by` is who asks, what the rules forbid raises ValidationError in Vietnamese.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone

from members.audit import audited
from members.badges.forecast import proposed_for
from members.models import Badge, BadgeProposal, BadgeRound, Membership, Organisation, Person, User
from members.models.badge_rounds import ProposalKind, RoundState
from members.models.memberships import EndReason
from members.party_age import reaches
from members.services import require_change, require_change_of, write_checked

REASON = "Hãy ghi lý do."


@audited
def open_round(*, organisation: Organisation, award_on: dt.date, by: User | None) -> BadgeRound:
    """Begin the list of `organisation` for an award day, with everybody who is due by the forecast."""
    require_change(by, organisation)
    opened = write_checked(BadgeRound(organisation=organisation, award_on=award_on))
    fill_round(round=opened, by=by)
    return opened


@audited
def fill_round(*, round: BadgeRound, by: User | None) -> int:
    """Add who is due by the forecast and neither on the list (taken out or not) nor on another's; say how many."""
    _lock(round, by, RoundState.PROPOSED)
    here = set(round.proposals.values_list("person", "milestone"))
    elsewhere = set(BadgeProposal.objects.proposed().values_list("person", "milestone"))
    added = [
        BadgeProposal(round=round, person=due.person, milestone=due.milestone, due_on=due.due_on)
        for due in proposed_for(round.organisation, round.award_on, today=timezone.localdate(), user=by)
        if (due.person.pk, due.milestone) not in here | elsewhere
    ]
    BadgeProposal.objects.bulk_create(added)
    return len(added)


@audited
def propose(
    *,
    round: BadgeRound,
    person: Person,
    milestone: int,
    kind: str = ProposalKind.ON_TIME,
    reason: str = "",
    by: User | None,
) -> BadgeProposal:
    """Put a person on the list by hand: somebody whom the forecast doesn't know, early, or after death."""
    _lock(round, by, RoundState.PROPOSED)
    require_change_of(by, person)
    due_on = reaches(person, milestone)
    _refuse_kind(kind, person, due_on, round.award_on)
    if Badge.objects.filter(person=person, milestone=milestone).exists():
        raise ValidationError(f"{person} đã được tặng Huy hiệu {milestone} năm.")
    return write_checked(
        BadgeProposal(round=round, person=person, milestone=milestone, due_on=due_on, kind=kind, reason=reason.strip())
    )


@audited
def leave_out(*, proposal: BadgeProposal, reason: str, by: User | None) -> BadgeProposal:
    """Take a person off the list; they stay on it with the reason."""
    _lock(proposal.round, by, RoundState.PROPOSED)
    if not reason.strip():
        raise ValidationError({"left_out_reason": REASON})
    proposal.left_out_reason = reason
    return write_checked(proposal)


@audited
def put_back(*, proposal: BadgeProposal, by: User | None) -> BadgeProposal:
    """Take somebody who was taken off onto the list again."""
    _lock(proposal.round, by, RoundState.PROPOSED)
    proposal.left_out_reason = ""
    return write_checked(proposal)


@audited
def decide(
    *,
    round: BadgeRound,
    decided_on: dt.date,
    decision_number: str,
    by: User | None,
) -> BadgeRound:
    """Record the decision that gives their badges to all on the list at once."""
    _lock(round, by, RoundState.PROPOSED)
    if not round.proposals.proposed().exists():
        raise ValidationError("Danh sách chưa có ai. Hãy bổ sung người được đề nghị trước khi ghi quyết định.")
    if not decision_number.strip():
        raise ValidationError({"decision_number": "Hãy ghi số quyết định."})
    round.state = RoundState.DECIDED
    round.decided_on, round.decision_number = decided_on, decision_number
    return write_checked(round)


@audited
def award(*, round: BadgeRound, by: User | None) -> list[Badge]:
    """Record the award: a badge for everybody on the list."""
    _lock(round, by, RoundState.DECIDED)
    proposals = list(round.proposals.proposed().select_related("person"))
    _refuse_unchangeable([proposal.person for proposal in proposals], by)
    for proposal in proposals:
        proposal.badge = _badge_of(proposal, round)
        write_checked(proposal)
    round.state = RoundState.AWARDED
    write_checked(round)
    return [proposal.badge for proposal in proposals]


@audited
def step_back(*, round: BadgeRound, reason: str, by: User | None) -> BadgeRound:
    """Take back the last step for a reason: an award with its badges, else the decision."""
    if not reason.strip():
        raise ValidationError({"reason": REASON})
    _lock(round, by, RoundState.DECIDED, RoundState.AWARDED)
    if round.state == RoundState.AWARDED:
        _take_badges_back(round, by)
        round.state = RoundState.DECIDED
    else:
        round.state = RoundState.PROPOSED
        round.decided_on, round.decision_number = None, ""
    return write_checked(round)


@audited
def write_badge(*, badge: Badge, by: User | None) -> Badge:
    """Save a badge recorded or corrected by hand."""
    require_change_of(by, badge.person)
    return write_checked(badge)


# --- Refusals -----------------------------------------------------------------------------------------------------


def _lock(round: BadgeRound, by: User | None, *states: str) -> None:
    """Read the round anew, keep others from changing it, and refuse a step that it isn't at."""
    round.refresh_from_db(from_queryset=BadgeRound.objects.select_for_update())
    require_change(by, round.organisation)
    if round.state not in states:
        raise ValidationError(f"Đợt này đang ở bước “{round.get_state_display()}”, không làm việc đó được nữa.")


def _refuse_kind(kind: str, person: Person, due_on: dt.date | None, award_on: dt.date) -> None:
    died_on = (
        Membership.objects.filter(person=person, end_reason=EndReason.DECEASED)
        .values_list("ended_on", flat=True)
        .first()
    )
    if kind == ProposalKind.POSTHUMOUS and died_on is None:
        raise ValidationError({"kind": "Chỉ truy tặng người đã từ trần. Hãy ghi ngày từ trần vào hồ sơ trước."})
    if kind != ProposalKind.POSTHUMOUS and died_on is not None:
        raise ValidationError({"kind": f"Người này từ trần ngày {died_on:%d/%m/%Y}: hãy chọn truy tặng."})
    if kind == ProposalKind.ON_TIME and due_on is not None and due_on > award_on:
        raise ValidationError(
            {"kind": f"Đến {due_on:%d/%m/%Y} mới đủ tuổi đảng. Nếu xét sớm, hãy chọn tặng sớm và ghi lý do."}
        )


def _unchangeable(people: list[Person], by: User | None) -> list[str]:
    """The names of those whose files `by` may not change."""
    if by is None:
        return []
    open_to_user = set(
        Person.objects.changeable_by(by).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True)
    )
    return [person.full_name for person in people if person.pk not in open_to_user]


def _refuse_unchangeable(people: list[Person], by: User | None) -> None:
    if gone := _unchangeable(people, by):
        raise ValidationError(
            f"Hồ sơ đã chuyển đi nơi khác: {', '.join(gone)}. Hãy lùi về bước lập danh sách và đưa ra với lý do."
        )


def _badge_of(proposal: BadgeProposal, round: BadgeRound) -> Badge:
    if Badge.objects.filter(person=proposal.person, milestone=proposal.milestone).exists():
        raise ValidationError(
            f"{proposal.person} đã được ghi Huy hiệu {proposal.milestone} năm. "
            "Hãy lùi về bước lập danh sách và đưa ra với lý do."
        )
    return write_checked(
        Badge(
            person=proposal.person,
            milestone=proposal.milestone,
            awarded_on=round.award_on,
            decided_on=round.decided_on,
            decision_number=round.decision_number,
            is_posthumous=proposal.kind == ProposalKind.POSTHUMOUS,
        )
    )


def _take_badges_back(round: BadgeRound, by: User | None) -> None:
    """Remove the badges that the award made; what somebody has worked on since stays, and so does the award."""
    proposals = list(round.proposals.filter(badge__isnull=False).select_related("badge", "person"))
    if gone := _unchangeable([proposal.person for proposal in proposals], by):
        raise ValidationError(
            f"Hồ sơ đã chuyển đi nơi khác: {', '.join(gone)}. Hãy đề nghị văn phòng cấp ủy cấp trên lùi đợt này."
        )
    changed = [str(proposal.person) for proposal in proposals if proposal.badge.version > 1]
    if changed:
        raise ValidationError(
            f"Huy hiệu của {', '.join(changed)} đã được sửa sau khi trao, nên không lùi được. Hãy sửa từng Huy hiệu."
        )
    for proposal in proposals:
        badge, proposal.badge = proposal.badge, None
        write_checked(proposal)
        badge.delete()
