"""Who held which post in the committee of an organisation, and when."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Case, F, IntegerField, Q, When

from config.access import Area
from config.constraints import NoOverlap, choices_check, in_order
from members.fields import LineField, PrecisionField
from members.models.organisations import Organisation
from members.models.people import Person
from members.models.records import Record, RecordQuerySet
from members.partial_dates import Precision, partial


class CommitteePosition(models.TextChoices):
    """Chức vụ cấp ủy, the highest first (Điều lệ Đảng, chapters II and V)."""

    SECRETARY = "secretary", "Bí thư"
    DEPUTY = "deputy", "Phó Bí thư"
    STANDING_MEMBER = "standing_member", "Ủy viên ban thường vụ"
    MEMBER = "member", "Ủy viên ban chấp hành, chi ủy viên"


class PostEndReason(models.TextChoices):
    """Lý do thôi giữ chức vụ cấp ủy."""

    TERM_OVER = "term_over", "Hết nhiệm kỳ"
    ANOTHER_POST = "another_post", "Giữ chức vụ khác"
    RELEASED = "released", "Cho thôi tham gia cấp ủy"
    REMOVED = "removed", "Cách chức"
    LEFT = "left", "Không còn sinh hoạt ở tổ chức này"
    DECEASED = "deceased", "Từ trần"
    ORGANISATION_ENDED = "organisation_ended", "Tổ chức kết thúc hoạt động"


class CommitteePostQuerySet(RecordQuerySet):
    """Posts in committees."""

    scope_path = "organisation__path"

    def on(self, day: Any) -> Self:
        """Those held on `day`."""
        return self.filter(began_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def running(self) -> Self:
        """Those whose end isn't known."""
        return self.filter(ended_on__isnull=True)

    def by_rank(self) -> Self:
        """The secretary first, then the others as they stand in lists; within a position by name."""
        ranks = [When(position=value, then=rank) for rank, value in enumerate(CommitteePosition.values)]
        rank = Case(*ranks, output_field=IntegerField())
        return self.order_by(rank, "person__name_sort_key", "began_on", "pk")


class CommitteePost(Record):
    """A post in the committee of an organisation (chức vụ cấp ủy) that a person held from a day to before another."""

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="committee_posts")
    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="committee_posts"
    )
    position = models.CharField("chức vụ cấp ủy", max_length=20, choices=CommitteePosition.choices)
    term = LineField("nhiệm kỳ", max_length=40, blank=True, help_text="Ví dụ 2020–2025.")
    began_on = models.DateField("từ ngày")
    began_on_precision = PrecisionField()
    began = partial("began_on")
    decision_number = LineField("số quyết định", max_length=60, blank=True)
    ended_on = models.DateField("đến ngày", null=True, blank=True)
    ended_on_precision = PrecisionField()
    ended = partial("ended_on")
    end_reason = models.CharField("lý do thôi", max_length=20, choices=PostEndReason.choices, blank=True)
    end_decision_number = LineField("số quyết định thôi", max_length=60, blank=True)

    objects = CommitteePostQuerySet.as_manager()

    class Meta:
        verbose_name = "chức vụ cấp ủy"
        verbose_name_plural = "chức vụ cấp ủy"
        ordering = ("organisation", F("began_on").desc(), "pk")
        constraints = (
            choices_check("committeepost", "position", CommitteePosition),
            choices_check("committeepost", "end_reason", PostEndReason, blank=True),
            choices_check("committeepost", "began_on_precision", Precision),
            choices_check("committeepost", "ended_on_precision", Precision),
            in_order("committeepost", "began_on", "ended_on", "Ngày thôi giữ chức vụ không thể trước ngày bắt đầu."),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="committeepost_end_has_reason",
                violation_error_message="Ngày thôi và lý do thôi giữ chức vụ phải ghi cùng nhau.",
            ),
            NoOverlap(
                name="committeepost_no_overlap",
                fields=["person", "organisation", "position"],
                span=("began_on", "ended_on"),
                violation_error_message="Người này đã giữ chức vụ đó ở tổ chức này trong thời gian đó.",
            ),
            NoOverlap(
                name="committeepost_one_secretary",
                fields=["organisation"],
                only={"position": CommitteePosition.SECRETARY.value},
                span=("began_on", "ended_on"),
                violation_error_message="Tổ chức này đã có Bí thư trong thời gian đó; hãy ghi ngày thôi của Bí thư "
                "trước đã.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_position_display()}: {self.person}, {self.organisation}"
