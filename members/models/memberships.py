"""Stays of people in organisations, and exemptions from Party activities."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When

from config.access import Area
from config.constraints import NoOverlap, choices_check, in_order
from members.fields import LineField, PrecisionField
from members.models.admissions import Admission
from members.models.organisations import Organisation
from members.models.people import OfPersonQuerySet, Person
from members.models.records import Record, RecordQuerySet
from members.partial_dates import Precision, partial


class StartReason(models.TextChoices):
    """Lý do đến."""

    ADMITTED = "admitted", "Kết nạp"
    TRANSFERRED_IN = "transferred_in", "Chuyển đến"
    MOVED = "moved", "Chuyển nội bộ"
    READMITTED = "readmitted", "Kết nạp lại"
    RESTORED = "restored", "Phục hồi"


class EndReason(models.TextChoices):
    """Lý do đi."""

    TRANSFERRED_OUT = "transferred_out", "Chuyển đi"
    MOVED = "moved", "Chuyển nội bộ"
    DECEASED = "deceased", "Từ trần"
    STRUCK_OFF = "struck_off", "Xóa tên"
    EXPELLED = "expelled", "Khai trừ"
    WITHDREW = "withdrew", "Xin ra"


# What a column that names an organisation by its key holds.
KEY = models.BigIntegerField()


# One stay after another. Two may begin on one day where the dates are known only to the month or year; the
# one that also ended on it then comes first.
EARLIEST_FIRST = (F("began_on").asc(), F("ended_on").asc(nulls_last=True), F("pk").asc())
LATEST_FIRST = (F("began_on").desc(), F("ended_on").desc(nulls_first=True), F("pk").desc())


def covering(day: Any, prefix: str = "") -> Q:
    """The condition that a stay (reached by `prefix`) covers `day`: begun on or before it, not ended by it."""
    return Q(**{f"{prefix}began_on__lte": day}) & (
        Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": day})
    )


class MembershipQuerySet(RecordQuerySet):
    """Stays in organisations."""

    scope_path = "organisation__path"

    def on(self, day: Any) -> Self:
        """Those that cover `day`: the members of that day."""
        return self.filter(covering(day))

    def begun_in(self, year: int) -> Self:
        """Those that began in `year`."""
        return self.filter(began_on__year=year)

    def ended_in(self, year: int) -> Self:
        """Those that ended in `year`."""
        return self.filter(ended_on__year=year)

    def last_by(self, day: Any) -> Self:
        """Those begun on or before `day`, latest first: the stay of that day or the last one before it."""
        return self.filter(began_on__lte=day).order_by(*LATEST_FIRST)

    def official(self, *, on: Any) -> Self:
        """Đảng viên chính thức: with an official date on or before the day."""
        return self.filter(is_official(on))

    def probationary(self, *, on: Any) -> Self:
        """Đảng viên dự bị: without an official date by that day."""
        return self.exclude(is_official(on))

    def with_came_from(self, year: int) -> Self:
        """Adds `came_from`: the key of the organisation that a move within `year` came from, or null.

        A move is the person's stay before, ending on the day this one begins or, where both ends say
        "Chuyển nội bộ", earlier in the same year.
        """
        others = Membership.objects.order_by().filter(person=OuterRef("person")).exclude(pk=OuterRef("pk"))
        same_day = others.filter(ended_on=OuterRef("began_on")).order_by(*LATEST_FIRST).values("organisation")[:1]
        move = Q(ended_on=OuterRef("began_on")) | Q(end_reason=EndReason.MOVED, ended_on__year=year)
        before = others.filter(ended_on__lte=OuterRef("began_on")).order_by(*LATEST_FIRST)
        latest = before.annotate(move_from=Case(When(move, then=F("organisation_id")), output_field=KEY)).values(
            "move_from"
        )[:1]
        moved = When(start_reason=StartReason.MOVED, then=Subquery(latest))
        return self.annotate(came_from=Case(moved, default=Subquery(same_day), output_field=KEY))

    def with_went_to(self, year: int) -> Self:
        """Adds `went_to`: the key of the organisation that a move within `year` went to, or null.

        The counterpart of `with_came_from`: both name the two ends of the same moves.
        """
        others = Membership.objects.order_by().filter(person=OuterRef("person")).exclude(pk=OuterRef("pk"))
        same_day = others.filter(began_on=OuterRef("ended_on")).order_by(*EARLIEST_FIRST).values("organisation")[:1]
        move = Q(began_on=OuterRef("ended_on")) | Q(start_reason=StartReason.MOVED, began_on__year=year)
        after = others.filter(began_on__gte=OuterRef("ended_on")).order_by(*EARLIEST_FIRST)
        earliest = after.annotate(move_to=Case(When(move, then=F("organisation_id")), output_field=KEY)).values(
            "move_to"
        )[:1]
        moved = When(end_reason=EndReason.MOVED, then=Subquery(earliest))
        return self.annotate(went_to=Case(moved, default=Subquery(same_day), output_field=KEY))


def is_official(on: Any) -> Q:
    """The condition that a member is official (chính thức) on that day."""
    return Q(admission__official_on__lte=on)


def is_exempt(on: Any) -> Q:
    """The condition that a member is exempt from work and activities (miễn công tác và sinh hoạt) that day."""
    return Q(person__in=Exemption.objects.on(on).order_by().values("person"))


class Membership(Record):
    """A stay (thời gian sinh hoạt) of a person in one organisation, from a day to before another.

    It begins on the date of the admission decision, or on the day of arrival; `ended_on` is the first day on
    which the person is no longer a member there. `admission` is the entry into the Party that the stay is
    part of, known or not.
    """

    access_area = Area.RECORDS

    person = models.ForeignKey(
        Person,
        verbose_name="người",
        on_delete=models.PROTECT,
        related_name="memberships",
        db_index=False,  # membership_of_a_person serves
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="memberships"
    )
    admission = models.ForeignKey(
        Admission, verbose_name="lần kết nạp", on_delete=models.PROTECT, related_name="memberships"
    )
    began_on = models.DateField("từ ngày")
    began_on_precision = PrecisionField()
    began = partial("began_on")
    start_reason = models.CharField("lý do đến", max_length=20, choices=StartReason.choices)
    start_decision_number = LineField("số quyết định đến", max_length=60, blank=True)
    ended_on = models.DateField("đến ngày", null=True, blank=True)
    ended_on_precision = PrecisionField()
    ended = partial("ended_on")
    end_reason = models.CharField("lý do đi", max_length=20, choices=EndReason.choices, blank=True)
    end_decision_number = LineField("số quyết định đi", max_length=60, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "thời gian sinh hoạt"
        verbose_name_plural = "quá trình sinh hoạt"
        ordering = ("person", "began_on")
        indexes = (
            # Holds all that the members of a day are counted by, so that the rows themselves aren't read.
            models.Index(
                fields=["began_on", "ended_on", "organisation", "person", "admission"],
                name="membership_on_a_day",
            ),
            models.Index(fields=["person", "began_on", "ended_on", "organisation"], name="membership_of_a_person"),
            models.Index(fields=["ended_on"], name="membership_ended_on"),
        )
        constraints = (
            choices_check("membership", "start_reason", StartReason),
            choices_check("membership", "end_reason", EndReason, blank=True),
            choices_check("membership", "began_on_precision", Precision),
            choices_check("membership", "ended_on_precision", Precision),
            in_order("membership", "began_on", "ended_on", "Ngày rời đi không thể trước ngày đến."),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="membership_end_has_reason",
                violation_error_message="Ngày rời đi và lý do rời đi phải ghi cùng nhau.",
            ),
            NoOverlap(
                name="membership_no_overlap",
                fields=["person"],
                span=("began_on", "ended_on"),
                violation_error_message="Người này đang sinh hoạt ở tổ chức khác trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation} ({self.began} – {self.ended or '…'})"


class ExemptionQuerySet(OfPersonQuerySet):
    """Exemptions."""

    def on(self, day: Any) -> Self:
        """Those in force on `day`."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Exemption(Record):
    """A time in which a member is exempt from work and activities (miễn công tác và sinh hoạt đảng)."""

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="exemptions")
    starts_on = models.DateField("miễn từ ngày")
    starts_on_precision = PrecisionField()
    starts = partial("starts_on")
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    decision_number = LineField("số quyết định", max_length=60, blank=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = "thời gian miễn sinh hoạt"
        verbose_name_plural = "miễn công tác và sinh hoạt đảng"
        ordering = ("person", "starts_on")
        constraints = (
            choices_check("exemption", "starts_on_precision", Precision),
            in_order("exemption", "starts_on", "ends_on", "Ngày hết miễn phải sau ngày bắt đầu."),
            NoOverlap(
                name="exemption_no_overlap",
                fields=["person"],
                span=("starts_on", "ends_on"),
                violation_error_message="Người này đã được miễn trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, miễn sinh hoạt từ {self.starts}"
