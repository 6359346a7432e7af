"""Rating schemes: who is rated with which levels and quotas in which years, and where that is written."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from config.access import Area
from config.constraints import NoOverlap, choices_check, in_order
from members.fields import LineField
from members.models import Confidence, OrganisationKind
from members.models.records import Record, RecordQuerySet

LEVEL_RANKS = (1, 2, 3, 4)


class RatingSubject(models.TextChoices):
    """Who is rated; the values are the X of the figures ratings.X."""

    ORGANISATIONS = "organisations", "Tổ chức cơ sở đảng"
    MEMBERS = "members", "Đảng viên"
    MASS = "mass", "Đoàn thể"


class RatingSchemeQuerySet(RecordQuerySet):
    """Rating schemes."""

    def in_force(self, year: int) -> Self:
        """Those by which `year` is rated."""
        return self.filter(first_year__lte=year).filter(Q(last_year__isnull=True) | Q(last_year__gte=year))


class RatingScheme(Record):
    """How a kind of subject is rated (quy định xếp loại) in the years from `first_year` to `last_year`."""

    access_area = Area.REFERENCE

    subject = models.CharField("đối tượng", max_length=15, choices=RatingSubject.choices)
    title = LineField("tên quy định")
    first_year = models.PositiveSmallIntegerField("từ năm")
    last_year = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    source = LineField("văn bản", max_length=500)
    confidence = models.CharField("mức tin cậy", max_length=12, choices=Confidence.choices)

    objects = RatingSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = "quy định xếp loại"
        verbose_name_plural = "quy định xếp loại"
        ordering = ("subject", "first_year")
        constraints = (
            choices_check("ratingscheme", "subject", RatingSubject),
            choices_check("ratingscheme", "confidence", Confidence),
            in_order("ratingscheme", "first_year", "last_year", "Năm cuối không thể trước năm đầu."),
            NoOverlap(
                name="ratingscheme_no_overlap",
                fields=["subject"],
                span=("first_year", "last_year", "int4range", "[]"),
                violation_error_message="Đối tượng này đã có quy định xếp loại trong những năm đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.first_year}–{self.last_year or 'nay'})"


class RatingLevelQuerySet(RecordQuerySet):
    """Levels of the schemes."""


class RatingLevel(Record):
    """A level (mức xếp loại) of a scheme; rank 1 is the best."""

    access_area = Area.REFERENCE

    scheme = models.ForeignKey(RatingScheme, verbose_name="quy định", on_delete=models.CASCADE, related_name="levels")
    rank = models.PositiveSmallIntegerField("thứ hạng", help_text="1 là mức cao nhất.")
    name = LineField("tên mức")
    abbreviation = LineField("viết tắt", max_length=20)
    other_names = LineField("cách ghi khác", max_length=500, blank=True, help_text="Cách nhau bằng dấu chấm phẩy.")

    objects = RatingLevelQuerySet.as_manager()

    class Meta:
        verbose_name = "mức xếp loại"
        verbose_name_plural = "mức xếp loại"
        ordering = ("scheme", "rank")
        constraints = (
            models.CheckConstraint(
                condition=Q(rank__in=LEVEL_RANKS),
                name="ratinglevel_rank_up_to_four",
                violation_error_message="Thứ hạng từ 1 đến 4.",
            ),
            models.UniqueConstraint(
                fields=["scheme", "rank"],
                name="ratinglevel_rank_once",
                violation_error_message="Quy định này đã có mức ở thứ hạng đó.",
            ),
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="ratinglevel_name_once",
                violation_error_message="Quy định này đã có mức tên đó.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class QuotaBase(models.TextChoices):
    """The set that a quota is a share of."""

    SECOND_LEVEL = "second_level", "số hoàn thành tốt"
    TOP_TWO = "top_two", "số hoàn thành tốt trở lên"
    RATED = "rated", "số đã xếp loại"


class QuotaRounding(models.TextChoices):
    """How the permitted number is made whole."""

    FLOOR = "floor", "bỏ phần lẻ"
    HALF_UP = "half_up", "làm tròn"


class RatingQuotaQuerySet(RecordQuerySet):
    """Quotas of the schemes."""


class RatingQuota(Record):
    """The largest share (tỷ lệ khống chế) that a level may have; it warns and never blocks."""

    access_area = Area.REFERENCE

    level = models.ForeignKey(RatingLevel, verbose_name="mức", on_delete=models.CASCADE, related_name="quotas")
    base = models.CharField("trên", max_length=15, choices=QuotaBase.choices)
    percent = models.DecimalField("tối đa (%)", max_digits=5, decimal_places=2)
    per_kind = models.CharField(
        "tính trong từng",
        max_length=30,
        choices=OrganisationKind.choices,
        blank=True,
        help_text="Để trống: trong từng tổ chức cơ sở đảng.",
    )
    rounding = models.CharField("làm tròn", max_length=10, choices=QuotaRounding.choices)
    source = LineField("văn bản", max_length=500)
    confidence = models.CharField("mức tin cậy", max_length=12, choices=Confidence.choices)

    objects = RatingQuotaQuerySet.as_manager()

    class Meta:
        verbose_name = "tỷ lệ khống chế"
        verbose_name_plural = "tỷ lệ khống chế"
        ordering = ("level", "pk")
        constraints = (
            choices_check("ratingquota", "base", QuotaBase),
            choices_check("ratingquota", "per_kind", OrganisationKind, blank=True),
            choices_check("ratingquota", "rounding", QuotaRounding),
            choices_check("ratingquota", "confidence", Confidence),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100),
                name="ratingquota_percent_of_hundred",
                violation_error_message="Tỷ lệ lớn hơn 0 và không quá 100.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.level}: tối đa {self.percent}% {self.get_base_display()}"
