"""The tables of the Lý lịch đảng viên: what a person did and learned, where they were, their family, their awards.

Each row is as the person's paper has it; what the committee itself decided stands in modules of its own.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from config.access import Area
from config.constraints import choices_check, in_partial_order
from members.fields import LineField, PrecisionField
from members.models.people import OfPersonQuerySet, Person
from members.models.records import Record
from members.partial_dates import FIRST_YEAR, LAST_YEAR, Precision, partial


def year_check(model: str, field: str, message: str) -> models.CheckConstraint:
    """`field` is a year that people of the files can have seen; an unknown one passes."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": FIRST_YEAR, f"{field}__lte": LAST_YEAR}),
        name=f"{model}_{field}_possible",
        violation_error_message=message,
    )


class WorkPeriod(Record):
    """A time in which a person did one kind of work (quá trình công tác), as the Lý lịch đảng viên tells it."""

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="work_periods")
    began_on = models.DateField("từ")
    began_on_precision = PrecisionField()
    began = partial("began_on")
    ended_on = models.DateField("đến", null=True, blank=True)
    ended_on_precision = PrecisionField()
    ended = partial("ended_on")
    work = LineField("làm việc gì")
    position = LineField("chức vụ", blank=True)
    workplace = LineField("đơn vị, nơi công tác", blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "quá trình công tác"
        verbose_name_plural = "quá trình công tác"
        ordering = ("person", "began_on", "pk")
        constraints = (
            choices_check("workperiod", "began_on_precision", Precision),
            choices_check("workperiod", "ended_on_precision", Precision),
            in_partial_order("workperiod", "began_on", "ended_on", "Ngày kết thúc không thể trước ngày bắt đầu."),
            models.UniqueConstraint(
                fields=["person", "began_on", "work", "workplace"],
                name="workperiod_once",
                violation_error_message="Công việc này từ ngày đó đã được ghi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.began} – {self.ended or 'nay'}: {self.work}"


class Study(Record):
    """A course of study that a person went through (đào tạo, bồi dưỡng đã qua), as the Lý lịch đảng viên tells it."""

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="studies")
    school = LineField("tên trường")
    subject = LineField("ngành học, tên lớp", blank=True)
    began_on = models.DateField("từ", null=True, blank=True)
    began_on_precision = PrecisionField()
    began = partial("began_on")
    ended_on = models.DateField("đến", null=True, blank=True)
    ended_on_precision = PrecisionField()
    ended = partial("ended_on")
    mode = LineField("hình thức học", max_length=60, blank=True)
    certificate = LineField("văn bằng, chứng chỉ", blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "đào tạo, bồi dưỡng đã qua"
        verbose_name_plural = "đào tạo, bồi dưỡng đã qua"
        ordering = ("person", "began_on", "pk")
        constraints = (
            choices_check("study", "began_on_precision", Precision),
            choices_check("study", "ended_on_precision", Precision),
            in_partial_order("study", "began_on", "ended_on", "Ngày kết thúc không thể trước ngày bắt đầu."),
            models.UniqueConstraint(
                fields=["person", "school", "subject"],
                name="study_once",
                violation_error_message="Trường và ngành học này đã được ghi.",
            ),
        )

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.school, self.subject)))


class Journey(Record):
    """A stay of a person in another country (đi nước ngoài), as the Lý lịch đảng viên tells it."""

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="journeys")
    began_on = models.DateField("từ")
    began_on_precision = PrecisionField()
    began = partial("began_on")
    ended_on = models.DateField("đến", null=True, blank=True)
    ended_on_precision = PrecisionField()
    ended = partial("ended_on")
    country = LineField("nước", max_length=120)
    purpose = LineField("nội dung đi", blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "lần đi nước ngoài"
        verbose_name_plural = "đi nước ngoài"
        ordering = ("person", "began_on", "pk")
        constraints = (
            choices_check("journey", "began_on_precision", Precision),
            choices_check("journey", "ended_on_precision", Precision),
            in_partial_order("journey", "began_on", "ended_on", "Ngày về không thể trước ngày đi."),
            models.UniqueConstraint(
                fields=["person", "began_on", "country"],
                name="journey_once",
                violation_error_message="Lần đi nước ngoài này đã được ghi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.country}, {self.began}"


class Relative(Record):
    """A member of a person's family (quan hệ gia đình), as the Lý lịch đảng viên tells of them."""

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="relatives")
    relation = LineField("quan hệ", max_length=60)
    full_name = LineField("họ và tên")
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    occupation = LineField("nghề nghiệp, chức vụ", blank=True)
    residence = LineField("nơi ở", max_length=500, blank=True)
    political_note = LineField("đặc điểm chính trị", max_length=500, blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "quan hệ gia đình"
        verbose_name_plural = "quan hệ gia đình"
        ordering = ("person", "pk")
        constraints = (
            year_check("relative", "birth_year", "Năm sinh phải từ 1850 đến 2100."),
            models.UniqueConstraint(
                fields=["person", "relation", "full_name"],
                name="relative_once",
                violation_error_message="Người này đã được ghi với quan hệ đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.relation} {self.full_name}"


class ReceivedAward(Record):
    """An award that a person holds from others than the committee (khen thưởng đã nhận): decorations, certificates."""

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="received_awards")
    year = models.PositiveSmallIntegerField("năm")
    form = LineField("hình thức khen thưởng")
    awarded_by = LineField("cấp khen thưởng", blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "khen thưởng đã nhận"
        verbose_name_plural = "khen thưởng đã nhận"
        ordering = ("person", "year", "pk")
        constraints = (
            year_check("receivedaward", "year", "Năm khen thưởng phải từ 1850 đến 2100."),
            models.UniqueConstraint(
                fields=["person", "year", "form", "awarded_by"],
                name="receivedaward_once",
                violation_error_message="Khen thưởng này đã được ghi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form}, {self.year}"
