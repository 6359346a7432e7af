"""Commendations of organisations and members."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from config.access import Area
from config.constraints import choices_check, one_of
from members.fields import LineField
from members.models import Membership, Organisation, Person
from members.models.memberships import KEY
from members.models.people import OfPersonOrOrganisationQuerySet
from members.models.records import Record


class CommendationForm(models.TextChoices):
    """Hình thức khen thưởng; only a giấy khen is in the committee's own power and counts."""

    CERTIFICATE = "certificate", "Giấy khen"
    DIPLOMA = "diploma", "Bằng khen"
    FLAG = "flag", "Cờ"
    BADGE = "badge", "Huy hiệu"
    OTHER = "other", "Khác"


class CommendationTitle(models.TextChoices):
    """Danh hiệu; the first three are those of the year-end report."""

    ORGANISATION_EXEMPLARY = "organisation_exemplary", "TCCSĐ tiêu biểu trong năm"
    CELL_FIVE_YEARS = "cell_five_years", "Chi bộ tiêu biểu 5 năm liền"
    MEMBER_FIVE_YEARS = "member_five_years", "Đảng viên hoàn thành xuất sắc nhiệm vụ 5 năm liền"
    OTHER = "other", "Danh hiệu khác"


class CommendationQuerySet(OfPersonOrOrganisationQuerySet):
    """Commendations."""

    def certificates_for(self, year: int) -> Self:
        """Giấy khen given for `year`."""
        return self.filter(year=year, form=CommendationForm.CERTIFICATE)

    def with_home(self, *, on: dt.date) -> Self:
        """Adds `home`: the organisation, or the person's on that day or the last one before it."""
        last = Membership.objects.last_by(on).filter(person=OuterRef("person")).values("organisation")[:1]
        return self.annotate(home=Coalesce(F("organisation_id"), Subquery(last), output_field=KEY))


class Commendation(Record):
    """A commendation (khen thưởng) of an organisation or a person for a year."""

    access_area = Area.RECORDS

    year = models.PositiveSmallIntegerField("năm")
    form = models.CharField("hình thức", max_length=15, choices=CommendationForm.choices)
    form_text = LineField("hình thức khác", blank=True)
    title = models.CharField("danh hiệu", max_length=30, choices=CommendationTitle.choices)
    title_text = LineField("danh hiệu khác", blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="tổ chức",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commendations",
    )
    person = models.ForeignKey(
        Person,
        verbose_name="người",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commendations",
    )
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decision_number = LineField("số quyết định", max_length=60, blank=True)

    objects = CommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "khen thưởng"
        verbose_name_plural = "khen thưởng"
        ordering = ("-year", "title", "pk")
        indexes = (models.Index(fields=["year", "form"], name="commendation_year"),)
        constraints = (
            choices_check("commendation", "form", CommendationForm),
            choices_check("commendation", "title", CommendationTitle),
            one_of("commendation", "person", "organisation", "Khen một người hoặc một tổ chức, không cả hai."),
            models.CheckConstraint(
                condition=Q(title="other")
                | Q(title="member_five_years", person__isnull=False)
                | Q(title__in=["organisation_exemplary", "cell_five_years"], organisation__isnull=False),
                name="commendation_title_fits_subject",
                violation_error_message="Danh hiệu này không dành cho đối tượng đã chọn.",
            ),
            models.UniqueConstraint(
                fields=["year", "form", "form_text", "title", "title_text", "organisation"],
                condition=Q(organisation__isnull=False),
                name="commendation_organisation_once",
                violation_error_message="Khen thưởng này đã được ghi.",
            ),
            models.UniqueConstraint(
                fields=["year", "form", "form_text", "title", "title_text", "person"],
                condition=Q(person__isnull=False),
                name="commendation_person_once",
                violation_error_message="Khen thưởng này đã được ghi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form_label} {self.year}: {self.title_label} – {self.person or self.organisation}"

    @property
    def title_label(self) -> str:
        """The title as it is written on paper."""
        return self.title_text or self.get_title_display()

    @property
    def form_label(self) -> str:
        """The form as it is written on paper."""
        return self.form_text or self.get_form_display()
