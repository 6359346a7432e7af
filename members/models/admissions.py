"""Entries into the Party."""

from __future__ import annotations

from typing import Self

from django.db import models

from config.access import Area
from config.constraints import choices_check, in_order
from members.fields import LineField, PrecisionField
from members.models.organisations import Organisation
from members.models.people import OfPersonOrOrganisationQuerySet, Person
from members.models.records import Record
from members.partial_dates import Precision, partial


class AdmissionQuerySet(OfPersonOrOrganisationQuerySet):
    """Admissions."""

    def decided_in(self, year: int) -> Self:
        """Kết nạp trong năm: those whose decision is dated in `year`."""
        return self.filter(decided_on__year=year)


class Admission(Record):
    """One entry of a person into the Party (kết nạp), from the decision to the recognition as official.

    A person who was expelled and came back has two. `organisation` is the one that the person was admitted
    into; empty for somebody who came by transfer and was admitted elsewhere.
    """

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="admissions")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="tổ chức kết nạp",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="admissions",
        help_text="Để trống khi người này được kết nạp ở nơi khác rồi chuyển đến.",
    )
    decided_on = models.DateField("ngày quyết định kết nạp", null=True, blank=True)
    decided_on_precision = PrecisionField()
    decided = partial("decided_on")
    decision_number = LineField("số quyết định kết nạp", max_length=60, blank=True)
    ceremony_on = models.DateField("ngày lễ kết nạp", null=True, blank=True)
    ceremony_on_precision = PrecisionField()
    ceremony = partial("ceremony_on")
    official_on = models.DateField("ngày chính thức", null=True, blank=True)
    official_on_precision = PrecisionField()
    official = partial("official_on")
    official_decision_number = LineField("số quyết định công nhận chính thức", max_length=60, blank=True)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "lần kết nạp"
        verbose_name_plural = "kết nạp"
        ordering = ("-decided_on", "pk")
        indexes = (
            models.Index(fields=["decided_on"], name="admission_decided_on"),
            models.Index(fields=["official_on"], name="admission_official_on"),
        )
        constraints = (
            choices_check("admission", "decided_on_precision", Precision),
            choices_check("admission", "ceremony_on_precision", Precision),
            choices_check("admission", "official_on_precision", Precision),
            in_order("admission", "decided_on", "ceremony_on", "Lễ kết nạp không thể trước quyết định kết nạp."),
            in_order("admission", "decided_on", "official_on", "Ngày chính thức không thể trước ngày kết nạp."),
            models.UniqueConstraint(
                fields=["person", "decided_on"],
                name="admission_once_a_day",
                violation_error_message="Người này đã có quyết định kết nạp ngày đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, kết nạp {self.decided or '(chưa rõ ngày)'}"
