"""What somebody should look at before a badge is decided: told, never in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from members.badges.effects import Until, waits_by_person
from members.badges.scopes import Units
from members.models import Badge, BadgeMilestone, BadgeProposal, BadgeRound, Discipline, Membership
from members.models.badge_rounds import ProposalKind
from members.models.memberships import LATEST_FIRST, EndReason
from members.months import add_months
from members.party_age import OUT, Count, counts_by_person

# Truy tặng: died so many months at most before the years were complete.
POSTHUMOUS_MONTHS = 12


@dataclass
class Line:
    """A proposal with where the person belongs and what to look at."""

    proposal: BadgeProposal
    stay: Membership | None
    warnings: list[str]
    place: tuple[str, str] = ("", "")


def lines_of(badge_round: BadgeRound) -> list[Line]:
    """All on the list of a round, those taken out among them; the number of queries doesn't grow with it."""
    proposals = list(
        badge_round.proposals.select_related("person").order_by("milestone", "person__name_sort_key", "pk")
    )
    people = [proposal.person_id for proposal in proposals]
    stays = _last_stays(people)
    counts, waits = counts_by_person(people), waits_by_person(people)
    held = dict.fromkeys(Badge.objects.filter(person__in=people).values_list("person", "milestone", "pk"))
    units = Units()
    rules = {rule.years: rule for rule in BadgeMilestone.objects.in_force(on=badge_round.award_on)}
    lines = []
    for proposal in proposals:
        key, stay = proposal.person_id, stays.get(proposal.person_id)
        others = [pk for person, milestone, pk in held if (person, milestone) == (key, proposal.milestone)]
        told = [
            *_of_years(proposal, counts.get(key)),
            *_of_kind(proposal, badge_round.award_on, stay, rules.get(proposal.milestone)),
            *_of_discipline(waits.get(key, []), badge_round.award_on),
        ]
        if others and proposal.badge_id not in others:
            told.append(f"đã ghi Huy hiệu {proposal.milestone} năm")
        place = units.names(stay.organisation.path, stay.organisation.name) if stay else ("", "")
        lines.append(Line(proposal, stay, [] if proposal.badge_id else told, place))
    return lines


def _last_stays(people: Sequence[int]) -> dict[int, Membership]:
    rows = Membership.objects.filter(person__in=people).select_related("organisation").order_by(*LATEST_FIRST)
    found: dict[int, Membership] = {}
    for stay in rows:
        found.setdefault(stay.person_id, stay)
    return found


def _of_years(proposal: BadgeProposal, count: Count | None) -> Iterator[str]:
    if count is None:
        yield "chưa có ngày quyết định kết nạp, chưa tính được tuổi đảng"
        return
    if count.is_approximate:
        yield "ngày vào Đảng chưa đủ ngày, tháng"
    if count.reaches(proposal.milestone) != proposal.due_on:
        yield f"hồ sơ đã sửa, nay đủ {proposal.milestone} năm ngày {count.reaches(proposal.milestone):%d/%m/%Y}"


def _of_kind(
    proposal: BadgeProposal, award_on: dt.date, stay: Membership | None, rule: BadgeMilestone | None
) -> Iterator[str]:
    if rule is None:
        yield f"chưa có quy định về mốc {proposal.milestone} năm vào ngày trao"
    if stay is None:
        yield "chưa ghi quá trình sinh hoạt"
    elif proposal.kind != ProposalKind.POSTHUMOUS and stay.end_reason in OUT | {EndReason.DECEASED}:
        yield f"{stay.get_end_reason_display().lower()} ngày {stay.ended}"
    if proposal.due_on is None:
        return
    early = rule.early_months if rule else 0
    if proposal.kind == ProposalKind.EARLY and add_months(award_on, early) < proposal.due_on:
        yield f"sớm hơn {early} tháng mà quy định cho phép"
    died_on = stay.ended_on if stay is not None and proposal.kind == ProposalKind.POSTHUMOUS else None
    if died_on is not None and add_months(died_on, POSTHUMOUS_MONTHS) < proposal.due_on:
        yield f"từ trần ngày {died_on:%d/%m/%Y}, trước khi đủ tuổi đảng hơn {POSTHUMOUS_MONTHS} tháng"


def _of_discipline(waits: list[tuple[Discipline, Until]], award_on: dt.date) -> Iterator[str]:
    for discipline, until in waits:
        if discipline.decided_on <= award_on < until.day:
            form = discipline.get_form_display().lower()
            unsure = "" if until.is_sure else f" (chưa đối chiếu {until.rule.source})"
            yield f"kỷ luật {form} ngày {discipline.decided}, chờ đến {until.day:%d/%m/%Y}{unsure}"
