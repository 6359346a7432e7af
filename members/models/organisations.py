"""Party organisations with their dated names and parents, their lineage, and mass organisations."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from config.access import Area, Permission, scope_of, under_path
from config.constraints import NoOverlap, choices_check, in_order
from members.fields import FoldField, KeyField, LineField, PrecisionField, TextSortKeyField
from members.models.records import Record, RecordQuerySet
from members.partial_dates import Precision, partial
from members.text import fold


class OrganisationKind(models.TextChoices):
    """Loại tổ chức."""

    UPPER_COMMITTEE = "upper_committee", "Đảng bộ cấp trên trực tiếp cơ sở"
    GRASSROOTS_COMMITTEE = "grassroots_committee", "Đảng bộ cơ sở"
    GRASSROOTS_CELL = "grassroots_cell", "Chi bộ cơ sở"
    DEPARTMENT_COMMITTEE = "department_committee", "Đảng bộ bộ phận"
    SUBORDINATE_CELL = "subordinate_cell", "Chi bộ trực thuộc"


# TCCSĐ: the two kinds of grassroots Party organisation; the other kinds are none (Điều lệ Đảng, chapter V).
GRASSROOTS_KINDS = (OrganisationKind.GRASSROOTS_COMMITTEE, OrganisationKind.GRASSROOTS_CELL)


class Sector(models.TextChoices):
    """Loại hình cơ sở, the rows of form Biểu 5-BTCTW (HD 11-HD/BTCTW 2021)."""

    COMMUNE = "commune", "Xã"
    WARD = "ward", "Phường"
    TOWNSHIP = "township", "Thị trấn"
    PARTY_AGENCY = "party_agency", "Cơ quan Đảng, MTTQ, đoàn thể"
    STATE_AGENCY = "state_agency", "Cơ quan Nhà nước"
    PUBLIC_UNIT = "public_unit", "Đơn vị sự nghiệp công lập"
    PRIVATE_UNIT = "private_unit", "Đơn vị sự nghiệp ngoài công lập"
    ARMY = "army", "Quân đội"
    POLICE = "police", "Công an"
    ENTERPRISE = "enterprise", "Doanh nghiệp, hợp tác xã"
    ABROAD = "abroad", "Ngoài nước"
    OTHER = "other", "Khác"


class OrganisationEvent(models.TextChoices):
    """Sự việc that began the period."""

    FOUNDED = "founded", "Thành lập"
    RENAMED = "renamed", "Đổi tên"
    MOVED = "moved", "Chuyển"
    MERGED = "merged", "Sáp nhập"
    SPLIT = "split", "Tách"
    PARENT_CHANGED = "parent_changed", "Cấp trên thay đổi"


class SuccessionKind(models.TextChoices):
    """Sự việc."""

    MERGER = "merger", "Sáp nhập"
    SPLIT = "split", "Tách"


class MassKind(models.TextChoices):
    """Loại đoàn thể."""

    TRADE_UNION = "trade_union", "Công đoàn"
    YOUTH_UNION = "youth_union", "Đoàn Thanh niên"
    VETERANS = "veterans", "Hội Cựu chiến binh"
    WOMEN = "women", "Hội Phụ nữ"
    OTHER = "other", "Khác"


class OrganisationQuerySet(RecordQuerySet):
    """Party organisations."""

    scope_path = "path"

    def visible_to(self, user: Any) -> Self:
        """Those in the scope of the user's records; who manages accounts also sees those to give roles on."""
        return self.within(scope_of(user, Permission.VIEW_RECORDS, Permission.MANAGE_ACCOUNTS))

    def under(self, organisation: Organisation, *, on: dt.date) -> Self:
        """`organisation` and all that stood under it on that day, ended ones with their last parent."""
        return self.filter(pk__in=OrganisationPeriod.objects.under(organisation, on=on).values("organisation"))

    def existing_on(self, day: dt.date) -> Self:
        """Founded on or before `day` (or without a date) and not ended by then."""
        return self.filter(
            Q(founded_on__isnull=True) | Q(founded_on__lte=day),
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        )

    def grassroots(self, *, on: dt.date) -> Self:
        """Those that were a TCCSĐ by their kind on that day."""
        periods = OrganisationPeriod.objects.on(on).filter(kind__in=GRASSROOTS_KINDS)
        return self.filter(pk__in=periods.values("organisation"))

    def matching(self, text: str) -> Self:
        """Of which every word of `text` begins a word of the name, or the code; accents and case aside."""
        found = self
        for word in fold(text).split():
            begins = Q(name_search__startswith=word) | Q(name_search__contains=f" {word}")
            found = found.filter(begins | Q(code__istartswith=word))
        return found

    def roots(self) -> Self:
        """Those without a parent today."""
        return self.filter(parent__isnull=True)


class Organisation(Record):
    """A Party organisation (tổ chức đảng) from its founding to its end, whatever it was called meanwhile.

    `name`, `kind`, `parent` and `path` are those of its latest period; services keep both in step.
    `path` holds the keys of the organisations above it and its own, each followed by "/".
    """

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"organisation": "id"}

    code = LineField("mã tổ chức", max_length=40, unique=True, error_messages={"unique": "Mã tổ chức này đã có."})
    name = LineField("tên tổ chức")
    name_sort_key = TextSortKeyField(source="name")
    name_search = FoldField(source="name")
    kind = models.CharField("loại tổ chức", max_length=30, choices=OrganisationKind.choices)
    sector = models.CharField("loại hình cơ sở", max_length=20, choices=Sector.choices, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name="tổ chức cấp trên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    path = KeyField("đường dẫn", max_length=200, editable=False, blank=True)
    founded_on = models.DateField("ngày thành lập", null=True, blank=True)
    founded_on_precision = PrecisionField()
    founded = partial("founded_on")
    ended_on = models.DateField("ngày kết thúc", null=True, blank=True)
    ended_on_precision = PrecisionField()
    ended = partial("ended_on")
    end_decision_number = LineField("số quyết định kết thúc", max_length=60, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "tổ chức đảng"
        verbose_name_plural = "tổ chức đảng"
        ordering = ("name_sort_key", "pk")
        indexes = (
            models.Index(fields=["path"], name="organisation_path"),
            models.Index(fields=["name_sort_key", "id"], name="organisation_name_order"),
        )
        constraints = (
            choices_check("organisation", "kind", OrganisationKind),
            choices_check("organisation", "sector", Sector, blank=True),
            choices_check("organisation", "founded_on_precision", Precision),
            choices_check("organisation", "ended_on_precision", Precision),
            in_order("organisation", "founded_on", "ended_on", "Ngày kết thúc phải sau ngày thành lập."),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="organisation_not_its_own_parent",
                violation_error_message="Một tổ chức không thể là cấp trên của chính nó.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class OrganisationPeriodQuerySet(RecordQuerySet):
    """Dated states of organisations."""

    scope_path = "organisation__path"

    def on(self, day: dt.date) -> Self:
        """The one state of every organisation that held on `day`."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        )

    def under(self, organisation: Organisation, *, on: dt.date) -> Self:
        """The states on that day of `organisation` and of all that stood under it."""
        states = self.on(on)
        path = states.filter(organisation=organisation).values_list("path", flat=True).get()
        return states.filter(under_path("path", path))


class OrganisationPeriod(Record):
    """What an organisation was called, its kind and its parent between two changes (quá trình tổ chức).

    The first period of an organisation is open to the past and the last to the future, so that every day has
    exactly one; whether it existed then is said by its founding and end.
    """

    access_area = Area.RECORDS

    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="periods"
    )
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    name = LineField("tên tổ chức")
    kind = models.CharField("loại tổ chức", max_length=30, choices=OrganisationKind.choices)
    parent = models.ForeignKey(
        Organisation,
        verbose_name="tổ chức cấp trên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="child_periods",
    )
    path = KeyField("đường dẫn", max_length=200, editable=False)
    event = models.CharField(
        "sự việc", max_length=20, choices=OrganisationEvent.choices, default=OrganisationEvent.FOUNDED
    )
    decision_number = LineField("số quyết định", max_length=60, blank=True)

    objects = OrganisationPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "thời kỳ của tổ chức"
        verbose_name_plural = "quá trình tổ chức"
        ordering = ("organisation", F("starts_on").asc(nulls_first=True))
        indexes = (models.Index(fields=["path", "organisation"], name="organisationperiod_path"),)
        constraints = (
            choices_check("organisationperiod", "kind", OrganisationKind),
            choices_check("organisationperiod", "event", OrganisationEvent),
            in_order("organisationperiod", "starts_on", "ends_on", "Ngày kết thúc phải sau ngày bắt đầu."),
            NoOverlap(
                name="organisationperiod_no_overlap",
                fields=["organisation"],
                span=("starts_on", "ends_on"),
                violation_error_message="Thời kỳ này chồng lên một thời kỳ khác của tổ chức.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.starts_on or '…'} – {self.ends_on or '…'})"


class SuccessionQuerySet(RecordQuerySet):
    """Lineage of organisations."""

    scope_path = "successor__path"


class Succession(Record):
    """One organisation carries on another (kế thừa): a merger or a split on a day; series and streaks follow it."""

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"organisation": "successor_id"}

    predecessor = models.ForeignKey(
        Organisation, verbose_name="tổ chức trước", on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Organisation, verbose_name="tổ chức kế thừa", on_delete=models.PROTECT, related_name="precessions"
    )
    kind = models.CharField("sự việc", max_length=10, choices=SuccessionKind.choices)
    took_place_on = models.DateField("ngày")
    decision_number = LineField("số quyết định", max_length=60, blank=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = "kế thừa tổ chức"
        verbose_name_plural = "kế thừa tổ chức"
        ordering = ("took_place_on", "pk")
        constraints = (
            choices_check("succession", "kind", SuccessionKind),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_between_two",
                violation_error_message="Tổ chức trước và tổ chức kế thừa phải khác nhau.",
            ),
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="succession_once",
                violation_error_message="Việc kế thừa này đã được ghi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class MassOrganisationQuerySet(RecordQuerySet):
    """Mass organisations."""

    scope_path = "organisation__path"

    def existing_on(self, day: dt.date) -> Self:
        """Founded on or before `day` (or without a date) and not ended by then."""
        return self.filter(
            Q(founded_on__isnull=True) | Q(founded_on__lte=day),
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        )


class MassOrganisation(Record):
    """A mass organisation (hội, đoàn thể) that a Party organisation leads."""

    access_area = Area.RECORDS

    code = LineField("mã đoàn thể", max_length=40, unique=True, error_messages={"unique": "Mã đoàn thể này đã có."})
    name = LineField("tên đoàn thể")
    name_sort_key = TextSortKeyField(source="name")
    name_search = FoldField(source="name")
    kind = models.CharField("loại đoàn thể", max_length=20, choices=MassKind.choices)
    kind_text = LineField("loại khác", blank=True, help_text="Ghi khi loại đoàn thể là “Khác”.")
    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức đảng", on_delete=models.PROTECT, related_name="mass_organisations"
    )
    founded_on = models.DateField("ngày thành lập", null=True, blank=True)
    ended_on = models.DateField("ngày kết thúc", null=True, blank=True)

    objects = MassOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "đoàn thể"
        verbose_name_plural = "đoàn thể"
        ordering = ("name_sort_key", "pk")
        constraints = (
            choices_check("massorganisation", "kind", MassKind),
            in_order("massorganisation", "founded_on", "ended_on", "Ngày kết thúc phải sau ngày thành lập."),
        )

    def __str__(self) -> str:
        return self.name
