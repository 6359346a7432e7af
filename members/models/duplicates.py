"""Files of one person kept twice: which were merged, and which are two people after all."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from config.access import Area, UserScope
from members.fields import LineField
from members.models.accounts import User
from members.models.people import OfPersonQuerySet, Person
from members.models.records import Record, RecordQuerySet


class DistinctPairQuerySet(RecordQuerySet):
    """Pairs of people."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Both of whom lie in the scope."""
        people = Person.objects.within(scope, to_change=to_change).values("pk")
        return self.filter(first__in=people, second__in=people)


class DistinctPair(Record):
    """Two people whose files look alike and who are two people (hai người khác nhau), with the reason."""

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"person": "first_id"}

    first = models.ForeignKey(
        Person, verbose_name="người thứ nhất", on_delete=models.CASCADE, related_name="told_apart"
    )
    second = models.ForeignKey(
        Person, verbose_name="người thứ hai", on_delete=models.CASCADE, related_name="told_apart_too"
    )
    reason = LineField("căn cứ", max_length=500)

    objects = DistinctPairQuerySet.as_manager()

    class Meta:
        verbose_name = "hai người khác nhau"
        verbose_name_plural = "cặp hồ sơ giống nhau của hai người khác nhau"
        ordering = ("first", "second")
        constraints = (
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="distinctpair_in_order",
                violation_error_message="Phải là hai người, người có khóa nhỏ hơn đứng trước.",
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                name="distinctpair_once",
                violation_error_message="Hai người này đã được xác định là khác nhau.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"


class PersonMergeQuerySet(OfPersonQuerySet):
    """Merges."""

    def standing(self) -> Self:
        """Those that weren't undone."""
        return self.filter(undone_at__isnull=True)


class PersonMerge(Record):
    """That two files of one person became one (gộp hồ sơ): what is needed to part them again.

    `person` is the one that stays; the other's row is gone, its key and columns stand here.
    """

    access_area = Area.RECORDS
    # What was in the rows stands in the event of the merge, row by row.
    audit_hidden: ClassVar[frozenset[str]] = frozenset({"details"})

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="merges")
    merged_key = models.BigIntegerField("khóa của hồ sơ đã gộp vào")
    merged_name = LineField("tên trong hồ sơ đã gộp vào")
    merged_number = LineField("số lý lịch của hồ sơ đã gộp vào", max_length=30)
    reason = LineField("căn cứ", max_length=500)
    details = models.JSONField("chi tiết")
    merged_by = models.ForeignKey(
        User, verbose_name="người gộp", on_delete=models.PROTECT, null=True, blank=True, related_name="merges_done"
    )
    merged_at = models.DateTimeField("gộp lúc")
    undone_by = models.ForeignKey(
        User,
        verbose_name="người tách lại",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merges_undone",
    )
    undone_at = models.DateTimeField("tách lại lúc", null=True, blank=True)

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "lần gộp hồ sơ"
        verbose_name_plural = "gộp hồ sơ"
        ordering = ("-merged_at", "-pk")
        indexes = (models.Index(fields=["merged_key"], name="personmerge_merged_key"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True),
                name="personmerge_undone_when",
                violation_error_message="Tách lại hồ sơ phải ghi cả thời điểm.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.merged_name} → {self.person}"
