"""People, from quần chúng ưu tú to từ trần; what happened to them stands in the modules beside this one."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from config.access import Area, UserScope
from config.constraints import choices_check
from members.fields import FoldField, LineField, NameSortKeyField, NoteField, PrecisionField
from members.models.records import Record, RecordQuerySet
from members.partial_dates import Precision, partial
from members.text import fold


class Sex(models.TextChoices):
    """Giới tính."""

    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class TheoryLevel(models.TextChoices):
    """Trình độ lý luận chính trị, by the highest level reached (Biểu 3-BTCTW)."""

    ELEMENTARY = "elementary", "Sơ cấp"
    INTERMEDIATE = "intermediate", "Trung cấp"
    ADVANCED = "advanced", "Cao cấp"
    BACHELOR = "bachelor", "Cử nhân"


class PersonQuerySet(RecordQuerySet):
    """People."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those with a stay, ever, in the scope, and candidates whom an organisation of it follows.

        To be changed: those whose latest stay lies in it, and candidates followed there who never had one.
        """
        from members.models.memberships import LATEST_FIRST, Membership

        if to_change:
            stays = Membership.objects.filter(person=OuterRef("pk")).order_by(*LATEST_FIRST)
            latest = Subquery(stays.values("organisation__path")[:1])
            return self.alias(kept_at=Coalesce(latest, F("followed_by__path"))).filter(scope.covers("kept_at"))
        stays = Membership.objects.filter(scope.covers("organisation__path"))
        return self.filter(Q(pk__in=stays.values("person")) | scope.covers("followed_by__path"))

    def candidates(self) -> Self:
        """Quần chúng ưu tú: followed by an organisation and never a member."""
        from members.models.memberships import Membership

        return self.filter(followed_by__isnull=False).exclude(Exists(Membership.objects.filter(person=OuterRef("pk"))))

    def matching(self, text: str) -> Self:
        """Whose name holds every word of `text` (accents and case aside), or a number that begins with it."""
        words = fold(text).split()
        named = Q()
        for word in words:
            named &= Q(name_search__contains=word)
        number = text.strip()
        return (
            self.filter(named | Q(file_number__startswith=number) | Q(card_number__startswith=number))
            if words
            else self
        )


class OfPersonQuerySet(RecordQuerySet):
    """Base for what belongs to a person: it lies where the person does."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        people = Person.objects.within(scope, to_change=to_change)
        return self.filter(person__in=people.values("pk"))


class OfPersonOrOrganisationQuerySet(RecordQuerySet):
    """Base for what belongs to a person, or stands on an organisation: it lies where either does."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        people = Person.objects.within(scope, to_change=to_change)
        return self.filter(scope.covers("organisation__path") | Q(person__in=people.values("pk")))


class Person(Record):
    """A person (người): one row from quần chúng ưu tú through every stay in the Party to từ trần."""

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"person": "id", "organisation": "followed_by_id"}

    file_number = LineField(
        "số lý lịch",
        max_length=30,
        unique=True,
        error_messages={"unique": "Số lý lịch này đã có người mang."},
    )
    full_name = LineField("họ và tên")
    name_sort_key = NameSortKeyField(source="full_name")
    name_search = FoldField(source="full_name")
    other_names = LineField("tên gọi khác", blank=True)
    sex = models.CharField("giới tính", max_length=6, choices=Sex.choices)
    born_on = models.DateField("ngày sinh", null=True, blank=True)
    born_on_precision = PrecisionField()
    born = partial("born_on")
    ethnicity = LineField("dân tộc", max_length=60, blank=True)
    religion = LineField("tôn giáo", max_length=60, blank=True)
    home_town = LineField("quê quán", max_length=500, blank=True)
    residence = LineField("nơi ở hiện nay", max_length=500, blank=True)
    national_id_number = LineField("số định danh cá nhân", max_length=20, blank=True)
    occupation = LineField("nghề nghiệp, chức vụ", max_length=500, blank=True)
    general_education = LineField("trình độ phổ thông", max_length=60, blank=True)
    professional_education = LineField("trình độ chuyên môn", blank=True)
    theory_level = models.CharField("lý luận chính trị", max_length=20, choices=TheoryLevel.choices, blank=True)
    card_number = LineField("số thẻ đảng viên", max_length=20, blank=True)
    card_issued_on = models.DateField("ngày cấp thẻ", null=True, blank=True)
    card_issued_on_precision = PrecisionField()
    card_issued = partial("card_issued_on")
    former_card_number = LineField("số thẻ trước đây", max_length=20, blank=True)
    followed_by = models.ForeignKey(
        "members.Organisation",
        verbose_name="tổ chức theo dõi",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_people",
        help_text="Tổ chức đảng theo dõi, giúp đỡ quần chúng ưu tú.",
    )
    note = NoteField("ghi chú", blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "người"
        verbose_name_plural = "người"
        ordering = ("name_sort_key", "pk")
        indexes = (
            models.Index(fields=["name_sort_key", "id"], name="person_name_order"),
            models.Index(fields=["name_search"], name="person_name_search"),
        )
        constraints = (
            choices_check("person", "sex", Sex),
            choices_check("person", "theory_level", TheoryLevel, blank=True),
            choices_check("person", "born_on_precision", Precision),
            choices_check("person", "card_issued_on_precision", Precision),
            models.CheckConstraint(
                condition=~Q(full_name=""),
                name="person_full_name_given",
                violation_error_message="Phải ghi họ và tên.",
            ),
            models.CheckConstraint(
                condition=Q(born_on__isnull=True) | Q(born_on__gte=dt.date(1850, 1, 1)),
                name="person_born_after_1850",
                violation_error_message="Ngày sinh phải sau năm 1850.",
            ),
            models.UniqueConstraint(
                fields=["card_number"],
                condition=~Q(card_number=""),
                name="person_card_number_unique",
                violation_error_message="Số thẻ đảng viên này đã có người mang.",
            ),
            models.UniqueConstraint(
                fields=["national_id_number"],
                condition=~Q(national_id_number=""),
                name="person_national_id_number_unique",
                violation_error_message="Số định danh cá nhân này đã có người mang.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name
