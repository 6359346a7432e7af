"""Rounds of badges: their pages, and the steps from the list to the award and back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from config.access import Permission
from config.pages import get_visible, requires
from members.badges import services
from members.badges.acts import ActPage
from members.badges.forms import (
    ConfirmForm,
    DecideForm,
    LeaveOutForm,
    OpenRoundForm,
    ProposeForm,
    PutBackForm,
    StepBackForm,
)
from members.badges.listing import Column, Listing, person_column, place_columns
from members.badges.scopes import may, require_export
from members.badges.warnings import Line, lines_of
from members.models import BadgeProposal, BadgeRound, Organisation
from members.models.badge_rounds import RoundState
from members.text import one_line

# --- To look at -----------------------------------------------------------------------------------------------------


@require_GET
@requires(Permission.VIEW_RECORDS)
def badge_rounds(request: HttpRequest) -> HttpResponse:
    """The rounds that the user may see, the latest first."""
    rounds = BadgeRound.objects.visible_to(request.user).select_related("organisation")
    context = {
        "rounds": rounds.with_count(),
        "can_change": request.user.has_perm(Permission.CHANGE_RECORDS),
    }
    return render(request, "badges/rounds.html", context)


@require_GET
@requires(Permission.VIEW_RECORDS)
def badge_round(request: HttpRequest, pk: int) -> HttpResponse:
    """A round with its list, and what may be done next."""
    found = get_visible(BadgeRound, request.user, pk=pk)
    lines = lines_of(found)
    listed = [line for line in lines if not line.proposal.left_out_reason]
    context = {
        "round": found,
        "lines": listed,
        "left_out": [line for line in lines if line.proposal.left_out_reason],
        "by_milestone": _by_milestone(listed),
        "warned": sum(1 for line in listed if line.warnings),
        "can_change": may(request.user, Permission.CHANGE_RECORDS, found.organisation),
        "may_export": may(request.user, Permission.EXPORT, found.organisation),
        "steps": RoundState.choices,
    }
    return render(request, "badges/round.html", context)


def _by_milestone(lines: list[Line]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for line in lines:
        counts[line.proposal.milestone] = counts.get(line.proposal.milestone, 0) + 1
    return counts


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def badge_round_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a round as a workbook, without those taken out."""
    found = get_visible(BadgeRound, request.user, pk=pk)
    require_export(request.user, found.organisation)
    lines = [line for line in lines_of(found) if not line.proposal.left_out_reason]
    told = [found.organisation.name, f"Đợt {found.award_on:%d/%m/%Y} · {found.get_state_display()}"]
    if found.decision_number:
        told.append(f"Quyết định số {found.decision_number} ngày {found.decided_on:%d/%m/%Y}")
    listing = Listing(
        "Danh sách đề nghị tặng Huy hiệu Đảng",
        _line_columns(),
        lines,
        lines=told,
        people=lambda line: line.proposal.person_id,
    )
    return listing.download(request, found.organisation, f"huy-hieu-{found.award_on:%Y-%m-%d}.xlsx")


def _line_columns() -> list[Column]:
    return [
        person_column(lambda line: line.proposal.person),
        Column("Ngày sinh", lambda line: line.proposal.person.born),
        Column("Số thẻ", lambda line: line.proposal.person.card_number),
        *place_columns(lambda line: line.stay.organisation if line.stay else None),
        Column("Mốc (năm)", lambda line: line.proposal.milestone),
        Column("Ngày đủ", lambda line: line.proposal.due_on),
        Column("Trường hợp", lambda line: line.proposal.get_kind_display()),
        Column("Lý do", lambda line: line.proposal.reason),
        Column("Lưu ý", lambda line: "; ".join(line.warnings)),
    ]


# --- To do ----------------------------------------------------------------------------------------------------------


class _OnRound(ActPage):
    """A step of a round."""

    model: Any = BadgeRound
    form_class: Any = ConfirmForm
    heading = ""
    action = ""
    told = ""

    def address(self, row: Any) -> str:
        return reverse("badge_round", args=[row.pk])

    def context(self, form: Any) -> dict[str, Any]:
        found = self.row()
        return {
            "title": f"{self.heading}: {found}",
            "back": self.address(found),
            "action": self.action,
            "lead": self.told.format(count=found.proposals.proposed().count(), day=f"{found.award_on:%d/%m/%Y}"),
        }


class OpenRound(_OnRound):
    """A new round with everybody who is due."""

    form_class = OpenRoundForm

    def row(self) -> BadgeRound:
        code = one_line(self.request.GET.get("to-chuc", ""))
        organisation = Organisation.objects.changeable_by(self.user).filter(code=code).first() if code else None
        opened = BadgeRound(organisation=organisation)
        if day := _day(self.request.GET.get("ngay", "")):
            opened.award_on = day
        return opened

    def write(self, form: OpenRoundForm) -> BadgeRound:
        cleaned = form.cleaned_data
        opened = services.open_round(organisation=cleaned["organisation"], award_on=cleaned["award_on"], by=self.user)
        form.instance.pk = opened.pk
        return opened

    def said(self, done: BadgeRound) -> str:
        return f"Đã lập danh sách {done.proposals.count()} người đến hạn. Hãy soát từng dòng, bổ sung hoặc đưa ra."

    def context(self, form: OpenRoundForm) -> dict[str, Any]:
        return {"title": "Lập danh sách đợt xét tặng", "back": reverse("badge_rounds"), "action": "Lập danh sách"}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


class FillRound(_OnRound):
    """Who has become due since."""

    heading, action = "Cập nhật danh sách", "Thêm người mới đến hạn"
    told = (
        "Danh sách đang có {count} người. Ai đến hạn ở đợt {day} theo hồ sơ hôm nay mà chưa có tên sẽ được thêm vào; "
        "người đã đưa ra vẫn ở ngoài."
    )

    def write(self, form: ConfirmForm) -> int:
        return services.fill_round(round=form.instance, by=self.user)

    def said(self, done: int) -> str:
        return f"Đã thêm {done} người đến hạn." if done else "Không có ai mới đến hạn."


class Propose(_OnRound):
    """Somebody by hand."""

    form_class = ProposeForm
    model = BadgeProposal
    heading, action = "Bổ sung người được đề nghị", "Thêm vào danh sách"

    def row(self) -> BadgeProposal:
        found = get_visible(BadgeRound, self.user, pk=self.kwargs["pk"])
        self.refuse_unless_changeable(found)
        return BadgeProposal(round=found)

    def write(self, form: ProposeForm) -> BadgeProposal:
        cleaned = form.cleaned_data
        return services.propose(
            round=form.instance.round,
            person=cleaned["who"],
            milestone=cleaned["milestone"],
            kind=cleaned["kind"],
            reason=cleaned["reason"],
            by=self.user,
        )

    def said(self, done: BadgeProposal) -> str:
        return f"Đã đưa {done} vào danh sách."

    def address(self, row: Any) -> str:
        return reverse("badge_round", args=[row.round_id])

    def context(self, form: ProposeForm) -> dict[str, Any]:
        badge_round = form.instance.round
        return {"title": f"{self.heading}: {badge_round}", "back": self.address(form.instance), "action": self.action}


class Decide(_OnRound):
    """The decision for all."""

    form_class = DecideForm
    heading, action = "Ghi quyết định", "Ghi quyết định"
    told = "Một quyết định cho cả {count} người trong danh sách. Sau bước này danh sách không thêm bớt được nữa."

    def write(self, form: DecideForm) -> BadgeRound:
        cleaned = form.cleaned_data
        return services.decide(
            round=form.instance,
            decided_on=cleaned["decided_on"],
            decision_number=cleaned["decision_number"],
            by=self.user,
        )

    def said(self, done: BadgeRound) -> str:
        return f"Đã ghi quyết định số {done.decision_number}. Sau khi trao, hãy bấm “Ghi đã trao”."


class Award(_OnRound):
    """The badges, handed over."""

    heading, action = "Ghi đã trao", "Ghi đã trao cho tất cả"
    told = "{count} người trong danh sách được ghi Huy hiệu Đảng, trao ngày {day}, và được tính vào tổng kết năm."

    def write(self, form: ConfirmForm) -> int:
        return len(services.award(round=form.instance, by=self.user))

    def said(self, done: int) -> str:
        return f"Đã ghi {done} Huy hiệu Đảng. Số huy hiệu ghi sau trong hồ sơ từng người."


class StepBack(_OnRound):
    """One step back."""

    form_class = StepBackForm
    heading, action = "Lùi một bước", "Lùi lại"
    told = "Nếu đã trao: bỏ các Huy hiệu vừa ghi của đợt. Nếu mới có quyết định: bỏ quyết định, danh sách mở lại."

    def write(self, form: StepBackForm) -> BadgeRound:
        return services.step_back(round=form.instance, reason=form.typed_reason, by=self.user)

    def said(self, done: BadgeRound) -> str:
        return f"Đã lùi về bước “{done.get_state_display()}”."


class _OnProposal(ActPage):
    """One person on a list."""

    model = BadgeProposal
    heading = action = ""

    def address(self, row: BadgeProposal) -> str:
        return reverse("badge_round", args=[row.round_id])

    def context(self, form: Any) -> dict[str, Any]:
        found = self.row()
        return {"title": f"{self.heading}: {found}", "back": self.address(found), "action": self.action}


class LeaveOut(_OnProposal):
    """Take off the list."""

    form_class = LeaveOutForm
    heading, action = "Đưa ra khỏi danh sách", "Đưa ra"

    def write(self, form: LeaveOutForm) -> BadgeProposal:
        return services.leave_out(proposal=form.instance, reason=form.typed_reason, by=self.user)

    def said(self, done: BadgeProposal) -> str:
        return f"Đã đưa {done.person} ra khỏi danh sách."


class PutBack(_OnProposal):
    """Onto the list again."""

    form_class = PutBackForm
    heading, action = "Đưa lại vào danh sách", "Đưa lại"

    def write(self, form: PutBackForm) -> BadgeProposal:
        return services.put_back(proposal=form.instance, by=self.user)

    def said(self, done: BadgeProposal) -> str:
        return f"Đã đưa {done.person} lại vào danh sách."


_may_change = requires(Permission.CHANGE_RECORDS)
badge_round_new = _may_change(OpenRound.as_view())
badge_round_fill = _may_change(FillRound.as_view())
badge_propose = _may_change(Propose.as_view())
badge_decide = _may_change(Decide.as_view())
badge_award = _may_change(Award.as_view())
badge_step_back = _may_change(StepBack.as_view())
badge_leave_out = _may_change(LeaveOut.as_view())
badge_put_back = _may_change(PutBack.as_view())
