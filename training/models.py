"""Programmes, classes, and who learned in them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from config.access import Area, UserScope
from config.constraints import choices_check, in_order, one_of
from members.fields import FoldField, LineField
from members.models import Confidence, Membership, Organisation, Person
from members.models.memberships import EARLIEST_FIRST, KEY, StartReason, covering
from members.models.people import OfPersonOrOrganisationQuerySet
from members.models.records import Record, RecordQuerySet


class ProgrammeQuerySet(RecordQuerySet):
    """Programmes."""


class Programme(Record):
    """A kind of class (loại lớp), such as the one for candidates; its code is the P of the figures."""

    access_area = Area.REFERENCE

    code = models.SlugField("mã", max_length=20, unique=True)
    name = LineField("tên loại lớp")
    present_name = LineField("tên gọi hiện nay", blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    certificate_valid_months = models.PositiveSmallIntegerField(
        "giấy chứng nhận có giá trị (tháng)",
        null=True,
        blank=True,
        help_text="Để trống khi không có thời hạn.",
    )
    source = LineField("văn bản", max_length=500, blank=True)
    confidence = models.CharField("mức tin cậy", max_length=12, choices=Confidence.choices)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "loại lớp bồi dưỡng"
        verbose_name_plural = "loại lớp bồi dưỡng"
        ordering = ("position", "code")
        constraints = (choices_check("programme", "confidence", Confidence),)

    def __str__(self) -> str:
        return self.name


class TrainingClassQuerySet(RecordQuerySet):
    """Classes."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those in which somebody of the scope learned."""
        enrolments = Enrolment.objects.within(scope, to_change=to_change)
        return self.filter(pk__in=enrolments.values("training_class"))

    def opened_in(self, year: int) -> Self:
        """Those that open in `year`: the year in which a class counts."""
        return self.filter(opens_on__year=year)


class TrainingClass(Record):
    """A class (lớp) of a programme, from its opening to its closing."""

    access_area = Area.RECORDS

    code = LineField("mã lớp", max_length=40, unique=True, error_messages={"unique": "Mã lớp này đã có."})
    name = LineField("tên lớp", max_length=500)
    name_search = FoldField(source="name")
    programme = models.ForeignKey(Programme, verbose_name="loại lớp", on_delete=models.PROTECT, related_name="classes")
    provider = LineField("cơ sở đào tạo", blank=True)
    opens_on = models.DateField("ngày khai giảng")
    closes_on = models.DateField("ngày bế giảng", null=True, blank=True)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = "lớp bồi dưỡng"
        verbose_name_plural = "lớp bồi dưỡng"
        ordering = ("-opens_on", "code")
        indexes = (models.Index(fields=["opens_on"], name="trainingclass_opens_on"),)
        constraints = (
            in_order("trainingclass", "opens_on", "closes_on", "Ngày bế giảng không thể trước ngày khai giảng."),
        )

    def __str__(self) -> str:
        return self.name


class Result(models.TextChoices):
    """Kết quả học; empty while the class goes on."""

    PASSED = "passed", "Đạt"
    FAILED = "failed", "Không đạt"
    WITHDREW = "withdrew", "Bỏ học"


class EnrolmentQuerySet(OfPersonOrOrganisationQuerySet):
    """Enrolments."""

    def opened_in(self, year: int) -> Self:
        """Those in classes that open in `year`."""
        return self.filter(training_class__opens_on__year=year)

    def not_withdrawn(self) -> Self:
        """Học viên: all but those who left the class (Bỏ học)."""
        return self.exclude(result=Result.WITHDREW)

    def with_home(self) -> Self:
        """Adds `home`: the organisation that the learner belonged to on the opening day, or null.

        A stay on that day; before the admission decision the organisation that later admits, or follows, the
        person; before a transfer in, and from the day of leaving on, none.
        """
        opens_on = OuterRef("training_class__opens_on")
        stays = Membership.objects.order_by().filter(person=OuterRef("person"))
        there = stays.filter(covering(opens_on)).values("organisation")[:1]
        first = stays.order_by(*EARLIEST_FIRST)
        admitted = Case(When(start_reason=StartReason.ADMITTED, then=F("organisation_id")), output_field=KEY)
        later = first.filter(began_on__gt=opens_on).annotate(admitted_into=admitted).values("admitted_into")[:1]
        came_before = Exists(stays.filter(began_on__lte=opens_on))
        never_member = ~Exists(stays)
        before = Case(
            When(never_member, then=F("person__followed_by_id")),
            When(~came_before, then=Subquery(later)),
            output_field=KEY,
        )
        return self.annotate(home=Coalesce(F("organisation_id"), Subquery(there), before, output_field=KEY))


class Enrolment(Record):
    """A learner (học viên) in a class.

    For the study of resolutions a count of those present per organisation is enough: each of them is a row
    without a person, on the organisation (see training.services.record_attendance).
    """

    access_area = Area.RECORDS

    training_class = models.ForeignKey(
        TrainingClass, verbose_name="lớp", on_delete=models.PROTECT, related_name="enrolments"
    )
    person = models.ForeignKey(
        Person,
        verbose_name="học viên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="tổ chức (không ghi tên)",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="unnamed_enrolments",
    )
    result = models.CharField("kết quả", max_length=10, choices=Result.choices, blank=True)
    score = models.DecimalField("điểm", max_digits=4, decimal_places=2, null=True, blank=True)
    grade = LineField("xếp loại", max_length=40, blank=True)
    certificate_number = LineField("số giấy chứng nhận", max_length=60, blank=True)
    certificate_issued_on = models.DateField("ngày cấp", null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "học viên"
        verbose_name_plural = "học viên"
        ordering = ("training_class", "pk")
        constraints = (
            choices_check("enrolment", "result", Result, blank=True),
            one_of("enrolment", "person", "organisation", "Ghi một người, hoặc một tổ chức khi không ghi tên."),
            models.UniqueConstraint(
                fields=["training_class", "person"],
                condition=Q(person__isnull=False),
                name="enrolment_once_a_class",
                violation_error_message="Người này đã có trong danh sách lớp.",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(0, 10)),
                name="enrolment_score_up_to_ten",
                violation_error_message="Điểm phải từ 0 đến 10.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person or self.organisation} – {self.training_class}"
