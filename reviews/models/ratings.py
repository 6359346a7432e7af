"""The yearly ratings of organisations, members and mass organisations."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from config.access import Area
from config.constraints import choices_check
from members.fields import LineField
from members.models import MassOrganisation, Organisation, Person
from members.models.people import OfPersonOrOrganisationQuerySet
from members.models.records import Record, RecordQuerySet
from reviews.models.schemes import RatingLevel


class UnratedReason(models.TextChoices):
    """Lý do không xếp loại (QĐ 124, HD 21-HD/BTCTW); who has no row at all is missing."""

    EXEMPT = "exempt", "Miễn công tác và sinh hoạt đảng"
    SUSPENDED = "suspended", "Đình chỉ sinh hoạt đảng"
    ADMITTED_RECENTLY = "admitted_recently", "Mới kết nạp dưới 6 tháng"
    FOUNDED_RECENTLY = "founded_recently", "Mới thành lập dưới 6 tháng"
    OTHER = "other", "Lý do khác"


class RatingStatus(models.TextChoices):
    """How far a rating has come; only an approved one counts."""

    PROPOSED = "proposed", "Đề nghị"
    APPROVED = "approved", "Đã duyệt"


class RatingQuerySet(RecordQuerySet):
    """Ratings of any subject."""

    def approved_in(self, year: int) -> Self:
        """Those of `year` that count."""
        return self.filter(year=year, status=RatingStatus.APPROVED)


class OrganisationRatingQuerySet(RatingQuerySet):
    """Ratings of Party organisations."""

    scope_path = "organisation__path"


class MassRatingQuerySet(RatingQuerySet):
    """Ratings of mass organisations."""

    scope_path = "mass_organisation__organisation__path"


class MemberRatingQuerySet(RatingQuerySet, OfPersonOrOrganisationQuerySet):  # type: ignore[override]
    """Ratings of members."""


class Rating(Record):
    """Base of a year's rating of a subject: a level, or the reason why there is none."""

    access_area = Area.RECORDS

    year = models.PositiveSmallIntegerField("năm")
    level = models.ForeignKey(
        RatingLevel,
        verbose_name="xếp loại",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )
    unrated_reason = models.CharField("lý do không xếp loại", max_length=20, choices=UnratedReason.choices, blank=True)
    unrated_note = LineField("lý do khác", max_length=500, blank=True)
    status = models.CharField("tình trạng", max_length=10, choices=RatingStatus.choices, default=RatingStatus.PROPOSED)
    decision_number = LineField("số quyết định", max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.year}: {self.level or self.get_unrated_reason_display()}"


def rating_constraints(model: str, subject: str) -> tuple[models.BaseConstraint, ...]:
    """What holds for every kind of rating: known choices, a level or a reason, one a year."""
    return (
        choices_check(model, "unrated_reason", UnratedReason, blank=True),
        choices_check(model, "status", RatingStatus),
        models.CheckConstraint(
            condition=(Q(level__isnull=False, unrated_reason="") | (Q(level__isnull=True) & ~Q(unrated_reason=""))),
            name=f"{model}_level_or_reason",
            violation_error_message="Ghi mức xếp loại, hoặc lý do không xếp loại.",
        ),
        models.CheckConstraint(
            condition=Q(year__range=(1930, 2200)),
            name=f"{model}_year_plausible",
            violation_error_message="Năm xếp loại không hợp lý.",
        ),
        models.UniqueConstraint(
            fields=[subject, "year"],
            name=f"{model}_once_a_year",
            violation_error_message="Đã có xếp loại của năm này.",
        ),
    )


class OrganisationRating(Rating):
    """The rating of a Party organisation for a year."""

    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="ratings"
    )

    objects = OrganisationRatingQuerySet.as_manager()

    class Meta:
        verbose_name = "xếp loại tổ chức"
        verbose_name_plural = "xếp loại tổ chức"
        ordering = ("-year", "organisation")
        indexes = (models.Index(fields=["year", "level"], name="organisationrating_year"),)
        constraints = rating_constraints("organisationrating", "organisation")


class MemberRating(Rating):
    """The rating of a member for a year, given by the organisation where the member then was."""

    person = models.ForeignKey(Person, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="ratings")
    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức xếp loại", on_delete=models.PROTECT, related_name="member_ratings"
    )

    objects = MemberRatingQuerySet.as_manager()

    class Meta:
        verbose_name = "xếp loại đảng viên"
        verbose_name_plural = "xếp loại đảng viên"
        ordering = ("-year", "person")
        # Holds all that the ratings of members are counted by, so that the rows themselves aren't read.
        indexes = (
            models.Index(fields=["year", "person", "status", "level", "organisation"], name="memberrating_of_a_year"),
        )
        constraints = rating_constraints("memberrating", "person")


class MassRating(Rating):
    """The rating of a mass organisation for a year."""

    audit_subjects: ClassVar[dict[str, str]] = {"organisation": "mass_organisation__organisation_id"}

    mass_organisation = models.ForeignKey(
        MassOrganisation, verbose_name="đoàn thể", on_delete=models.PROTECT, related_name="ratings"
    )

    objects = MassRatingQuerySet.as_manager()

    class Meta:
        verbose_name = "xếp loại đoàn thể"
        verbose_name_plural = "xếp loại đoàn thể"
        ordering = ("-year", "mass_organisation")
        indexes = (models.Index(fields=["year", "level"], name="massrating_year"),)
        constraints = rating_constraints("massrating", "mass_organisation")
