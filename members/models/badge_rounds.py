"""Rounds of badges (đợt xét tặng Huy hiệu Đảng): a list that is proposed, decided and awarded as a whole."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, Q

from config.access import Area
from config.constraints import choices_check
from members.fields import LineField
from members.models.honours import Badge, Milestone
from members.models.organisations import Organisation
from members.models.people import Person
from members.models.records import Record, RecordQuerySet


class RoundState(models.TextChoices):
    """How far a round is."""

    PROPOSED = "proposed", "Đang lập danh sách"
    DECIDED = "decided", "Đã có quyết định"
    AWARDED = "awarded", "Đã trao"


class BadgeRoundQuerySet(RecordQuerySet):
    """Rounds."""

    scope_path = "organisation__path"

    def with_count(self) -> Self:
        """Adds `count`: how many are on the list and weren't taken out."""
        return self.annotate(count=Count("proposals", filter=Q(proposals__left_out_reason="")))


class BadgeRound(Record):
    """The badges that an organisation proposes for one award day (đợt xét tặng)."""

    access_area = Area.RECORDS

    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức lập danh sách", on_delete=models.PROTECT, related_name="badge_rounds"
    )
    award_on = models.DateField("ngày trao tặng")
    state = models.CharField("bước", max_length=10, choices=RoundState.choices, default=RoundState.PROPOSED)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decision_number = LineField("số quyết định", max_length=60, blank=True)

    objects = BadgeRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt xét tặng Huy hiệu Đảng"
        verbose_name_plural = "đợt xét tặng Huy hiệu Đảng"
        ordering = ("-award_on", "pk")
        constraints = (
            choices_check("badgeround", "state", RoundState),
            models.UniqueConstraint(
                fields=["organisation", "award_on"],
                name="badgeround_once_a_day",
                violation_error_message="Tổ chức này đã có danh sách của đợt đó.",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.PROPOSED, decided_on__isnull=True, decision_number="")
                | (~Q(state=RoundState.PROPOSED) & Q(decided_on__isnull=False) & ~Q(decision_number="")),
                name="badgeround_decision_by_state",
                violation_error_message="Số và ngày quyết định ghi cùng lúc với bước quyết định.",
            ),
        )

    def __str__(self) -> str:
        return f"Đợt {self.award_on:%d/%m/%Y}, {self.organisation}"


class ProposalKind(models.TextChoices):
    """Why a badge is given now."""

    ON_TIME = "on_time", "Đúng hạn"
    EARLY = "early", "Tặng sớm"
    POSTHUMOUS = "posthumous", "Truy tặng"


class BadgeProposalQuerySet(RecordQuerySet):
    """People on the lists of rounds."""

    scope_path = "round__organisation__path"

    def proposed(self) -> Self:
        """Those who weren't taken out."""
        return self.filter(left_out_reason="")


class BadgeProposal(Record):
    """One person on the list of a round, for one milestone; who is taken out stays on it with the reason."""

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"organisation": "round__organisation_id"}

    round = models.ForeignKey(
        BadgeRound, verbose_name="đợt xét tặng", on_delete=models.PROTECT, related_name="proposals"
    )
    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="badge_proposals")
    milestone = models.PositiveSmallIntegerField("mốc", choices=Milestone.choices)
    due_on = models.DateField("ngày đủ tuổi đảng", null=True, blank=True)
    kind = models.CharField("trường hợp", max_length=12, choices=ProposalKind.choices, default=ProposalKind.ON_TIME)
    reason = LineField("lý do", max_length=500, blank=True)
    left_out_reason = LineField("lý do đưa ra", max_length=500, blank=True)
    badge = models.OneToOneField(
        Badge, verbose_name="Huy hiệu đã trao", on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    objects = BadgeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị tặng Huy hiệu Đảng"
        verbose_name_plural = "đề nghị tặng Huy hiệu Đảng"
        ordering = ("milestone", "person__name_sort_key", "pk")
        constraints = (
            choices_check("badgeproposal", "milestone", Milestone),
            choices_check("badgeproposal", "kind", ProposalKind),
            models.UniqueConstraint(
                fields=["round", "person", "milestone"],
                name="badgeproposal_once_a_round",
                violation_error_message="Người này đã có trong danh sách của đợt.",
            ),
            models.UniqueConstraint(
                fields=["person", "milestone"],
                condition=Q(left_out_reason=""),
                name="badgeproposal_once_a_milestone",
                violation_error_message="Người này đã được đề nghị mốc đó trong một đợt khác.",
            ),
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.ON_TIME) | ~Q(reason=""),
                name="badgeproposal_reason_given",
                violation_error_message="Tặng sớm và truy tặng phải ghi lý do.",
            ),
            models.CheckConstraint(
                condition=Q(badge__isnull=True) | Q(left_out_reason=""),
                name="badgeproposal_left_out_has_no_badge",
                violation_error_message="Người đã đưa ra khỏi danh sách không thể được trao trong đợt này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.milestone} năm"
