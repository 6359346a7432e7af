"""Rules about members that are data: badge milestones and days, deadlines of steps, days off.

Each row says from when to when it holds and where it is written; a rule that is not verified only warns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Self

from django.db import models
from django.db.models import Q

from config.access import Area
from config.constraints import NoOverlap, choices_check, in_order
from members.fields import LineField
from members.models.honours import DisciplineForm
from members.models.records import Record, RecordQuerySet


class Confidence(models.TextChoices):
    """How sure a rule is; anything but `VERIFIED` warns and explains, and never blocks."""

    VERIFIED = "verified", "Đã đối chiếu văn bản"
    SECONDARY = "secondary", "Theo nguồn dẫn lại"
    UNVERIFIED = "unverified", "Chưa đối chiếu"


class DatedRuleQuerySet(RecordQuerySet):
    """Rules with days of validity."""

    def in_force(self, *, on: dt.date) -> Self:
        """Those that hold on `on`."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gt=on)
        )


class DatedRule(Record):
    """Base of rules with days of validity and a source."""

    access_area = Area.REFERENCE

    starts_on = models.DateField("hiệu lực từ", null=True, blank=True)
    ends_on = models.DateField("hết hiệu lực từ", null=True, blank=True)
    source = LineField("văn bản", max_length=500)
    confidence = models.CharField("mức tin cậy", max_length=12, choices=Confidence.choices)

    objects = DatedRuleQuerySet.as_manager()

    class Meta:
        abstract = True

    def holds_on(self, day: dt.date) -> bool:
        """Whether the rule is in force on `day`."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day < self.ends_on)


class BadgeMilestone(DatedRule):
    """A number of years in the Party for which the badge is given, while the rule holds."""

    years = models.PositiveSmallIntegerField("số năm tuổi Đảng")
    early_months = models.PositiveSmallIntegerField(
        "xét sớm (tháng)",
        default=0,
        help_text="Người bệnh nặng có thể được xét tặng sớm đến chừng này tháng.",
    )

    class Meta:
        verbose_name = "mốc Huy hiệu Đảng"
        verbose_name_plural = "mốc Huy hiệu Đảng"
        ordering = ("years", "starts_on")
        constraints = (
            choices_check("badgemilestone", "confidence", Confidence),
            in_order("badgemilestone", "starts_on", "ends_on", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            NoOverlap(
                name="badgemilestone_no_overlap",
                fields=["years"],
                span=("starts_on", "ends_on"),
                violation_error_message="Mốc này đã có quy định trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.years} năm"


class BadgeAwardDay(DatedRule):
    """A day of the year on which badges are handed over (đợt trao tặng)."""

    month = models.PositiveSmallIntegerField("tháng")
    day = models.PositiveSmallIntegerField("ngày")
    name = LineField("dịp")

    class Meta:
        verbose_name = "đợt trao Huy hiệu Đảng"
        verbose_name_plural = "đợt trao Huy hiệu Đảng"
        ordering = ("month", "day", "starts_on")
        constraints = (
            choices_check("badgeawardday", "confidence", Confidence),
            in_order("badgeawardday", "starts_on", "ends_on", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 31)),
                name="badgeawardday_in_calendar",
                violation_error_message="Ngày và tháng phải có trong lịch.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.day}/{self.month}"


class DeadlineUnit(models.TextChoices):
    """What a deadline is counted in."""

    WORKING_DAYS = "working_days", "ngày làm việc"
    MONTHS = "months", "tháng"


class AdmissionStep(models.TextChoices):
    """Steps that a rule puts a time on: of the admission, of coming back, of a transfer and of a temporary stay."""

    CLASS_VALID = "class_valid", "Giấy chứng nhận bồi dưỡng còn giá trị"
    DECISION = "decision", "Quyết định kết nạp"
    CEREMONY = "ceremony", "Lễ kết nạp"
    PROBATION = "probation", "Thời gian dự bị"
    OFFICIAL_PROPOSAL = "official_proposal", "Chi bộ xét công nhận chính thức"
    OFFICIAL_DECISION = "official_decision", "Quyết định công nhận chính thức"
    MEMBER_FILE = "member_file", "Khai lý lịch đảng viên"
    READMISSION = "readmission", "Thời gian chờ để được xét kết nạp lại"
    TRANSFER = "transfer", "Làm thủ tục chuyển sinh hoạt đảng"
    TRANSFER_ARRIVAL = "transfer_arrival", "Nộp hồ sơ chuyển sinh hoạt đảng nơi đến"
    TEMPORARY_LEAST = "temporary_least", "Sinh hoạt đảng tạm thời, ngắn nhất"
    TEMPORARY = "temporary", "Sinh hoạt đảng tạm thời, dài nhất"
    TEMPORARY_STUDY = "temporary_study", "Sinh hoạt đảng tạm thời để đi học, dài nhất"


class AdmissionDeadline(DatedRule):
    """How long a step may take, or has to wait, counted from the event that opens it."""

    step = models.CharField("bước", max_length=20, choices=AdmissionStep.choices)
    amount = models.PositiveSmallIntegerField("thời hạn")
    unit = models.CharField("đơn vị", max_length=15, choices=DeadlineUnit.choices)
    counted_from = LineField("tính từ")
    counts_from_receipt = models.BooleanField(
        "tính từ ngày nhận được",
        default=False,
        help_text="Không đánh dấu: tính từ ngày ký, ngày làm. Chưa ghi ngày nhận thì cũng tính từ ngày ký.",
    )

    class Meta:
        verbose_name = "thời hạn kết nạp, chuyển sinh hoạt"
        verbose_name_plural = "thời hạn kết nạp, chuyển sinh hoạt"
        ordering = ("step", "starts_on")
        constraints = (
            choices_check("admissiondeadline", "confidence", Confidence),
            choices_check("admissiondeadline", "step", AdmissionStep),
            choices_check("admissiondeadline", "unit", DeadlineUnit),
            in_order("admissiondeadline", "starts_on", "ends_on", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            NoOverlap(
                name="admissiondeadline_no_overlap",
                fields=["step"],
                span=("starts_on", "ends_on"),
                violation_error_message="Bước này đã có thời hạn trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.amount} {self.get_unit_display()}"


class DisciplineEffectKind(models.TextChoices):
    """What a disciplinary decision does for a time."""

    LAPSE = "lapse", "Chấm dứt hiệu lực sau"
    BADGE_WAIT = "badge_wait", "Chờ xét tặng Huy hiệu Đảng"


class DisciplineEffect(DatedRule):
    """For how many months after a decision of that form something holds, under the rule of the decision's day."""

    form = models.CharField("hình thức kỷ luật", max_length=20, choices=DisciplineForm.choices)
    effect = models.CharField("hệ quả", max_length=20, choices=DisciplineEffectKind.choices)
    months = models.PositiveSmallIntegerField("số tháng")

    class Meta:
        verbose_name = "hệ quả của kỷ luật"
        verbose_name_plural = "hệ quả của kỷ luật"
        ordering = ("effect", "form", "starts_on")
        constraints = (
            choices_check("disciplineeffect", "confidence", Confidence),
            choices_check("disciplineeffect", "form", DisciplineForm),
            choices_check("disciplineeffect", "effect", DisciplineEffectKind),
            in_order("disciplineeffect", "starts_on", "ends_on", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            NoOverlap(
                name="disciplineeffect_no_overlap",
                fields=["form", "effect"],
                span=("starts_on", "ends_on"),
                violation_error_message="Hình thức này đã có quy định trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_form_display()}: {self.get_effect_display().lower()} {self.months} tháng"


class HolidayQuerySet(RecordQuerySet):
    """Days off and days worked in exchange."""


class Holiday(Record):
    """Days off (nghỉ lễ, Tết, nghỉ bù), or a Saturday or Sunday that is worked in exchange for one.

    All days are on record: what a holiday on a Saturday or Sunday is made up for by is a row of its own.
    """

    access_area = Area.REFERENCE

    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến hết ngày")
    name = LineField("tên")
    is_working_day = models.BooleanField(
        "ngày làm bù",
        default=False,
        help_text="Thứ Bảy, Chủ nhật đi làm để hoán đổi cho một ngày nghỉ khác.",
    )
    source = LineField("văn bản", max_length=500)
    confidence = models.CharField("mức tin cậy", max_length=12, choices=Confidence.choices)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "ngày nghỉ lễ, Tết và làm bù"
        ordering = ("-first_on",)
        constraints = (
            choices_check("holiday", "confidence", Confidence),
            in_order("holiday", "first_on", "last_on", "Ngày cuối không thể trước ngày đầu."),
            NoOverlap(
                name="holiday_no_overlap",
                fields=[],
                span=("first_on", "last_on", "daterange", "[]"),
                violation_error_message="Trong những ngày này đã có ngày nghỉ hoặc ngày làm bù.",
            ),
        )

    def __str__(self) -> str:
        days = f"{self.first_on:%d/%m/%Y}"
        return (
            f"{self.name}, {days}" if self.first_on == self.last_on else f"{self.name}, {days}–{self.last_on:%d/%m/%Y}"
        )

    def days(self) -> Iterator[dt.date]:
        """Each of its days."""
        for number in range((self.last_on - self.first_on).days + 1):
            yield self.first_on + dt.timedelta(days=number)
