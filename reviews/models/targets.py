"""Targets (chỉ tiêu) that an organisation sets itself for a year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from config.access import Area
from members.fields import KeyField
from members.models import Organisation
from members.models.records import Record, RecordQuerySet


class TargetQuerySet(RecordQuerySet):
    """Targets."""

    scope_path = "organisation__path"


class Target(Record):
    """What a figure of an organisation should at least be in a year: a share where it has a base, else a count.

    `figure` is a code of reviews.indicators; `value` is percent for a share.
    """

    access_area = Area.RECORDS

    year = models.PositiveSmallIntegerField("năm")
    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="targets"
    )
    figure = KeyField("chỉ tiêu", max_length=80)
    value = models.DecimalField("giá trị", max_digits=9, decimal_places=2)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ("year", "organisation", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="target_value_not_negative",
                violation_error_message="Giá trị không thể âm.",
            ),
            models.UniqueConstraint(
                fields=["year", "organisation", "figure"],
                name="target_once",
                violation_error_message="Chỉ tiêu này của năm đó đã có.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.figure} {self.year}: {self.value}"
