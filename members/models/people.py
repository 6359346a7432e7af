"""People, from quần chúng ưu tú to từ trần; what happened to them stands in the modules beside this one."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from config.access import Area, UserScope
from config.constraints import choices_check, in_partial_order
from config.indexes import SearchIndex
from members.fields import (
    CardNumberField,
    FoldField,
    LineField,
    NameSortKeyField,
    NoteField,
    PrecisionField,
    SearchTextField,
)
from members.identifiers import shown_card
from members.models.records import Record, RecordQuerySet
from members.partial_dates import Precision, partial
from members.text import INITIALS_MARK, fold, same_name_key

# A longer word is no one's initials.
MOST_INITIALS = 6


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


class ProfessionalLevel(models.TextChoices):
    """Trình độ chuyên môn, by the highest level reached."""

    ELEMENTARY = "elementary", "Sơ cấp"
    INTERMEDIATE = "intermediate", "Trung cấp"
    COLLEGE = "college", "Cao đẳng"
    UNIVERSITY = "university", "Đại học"
    MASTER = "master", "Thạc sĩ"
    DOCTOR = "doctor", "Tiến sĩ"


class AcademicTitle(models.TextChoices):
    """Học hàm."""

    ASSOCIATE_PROFESSOR = "associate_professor", "Phó giáo sư"
    PROFESSOR = "professor", "Giáo sư"


class PersonQuerySet(RecordQuerySet):
    """People."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those with a stay, ever, in the scope, candidates whom an organisation of it follows, and arrivals undone.

        To be changed: those whose latest stay lies in it, and of who never had one those followed there or whose
        arrival there was undone: their files stay where they were entered.
        """
        from members.models.memberships import LATEST_FIRST, Membership
        from members.models.movements import Movement, MovementState

        undone = Movement.objects.filter(state=MovementState.UNDONE, to_organisation__isnull=False)
        if to_change:
            stays = Membership.objects.filter(person=OuterRef("pk")).order_by(*LATEST_FIRST)
            latest = Subquery(stays.values("organisation__path")[:1])
            arrivals = undone.filter(person=OuterRef("pk")).order_by("-pk")
            entered_at = Subquery(arrivals.values("to_organisation__path")[:1])
            return self.alias(kept_at=Coalesce(latest, F("followed_by__path"), entered_at)).filter(
                scope.covers("kept_at")
            )
        stays = Membership.objects.filter(scope.covers("organisation__path"))
        without_stay = ~Exists(Membership.objects.filter(person=OuterRef("person")))
        arrived = undone.filter(without_stay, scope.covers("to_organisation__path"))
        return self.filter(
            Q(pk__in=stays.values("person")) | scope.covers("followed_by__path") | Q(pk__in=arrived.values("person"))
        )

    def each_within(self, scope: UserScope) -> Self:
        """Those whom `within` names, each asked for by itself: quick for some known people, and for most of all."""
        from members.models.memberships import Membership

        stays = Membership.objects.order_by().filter(scope.covers("organisation__path"), person=OuterRef("pk"))
        return self.filter(Q(Exists(stays)) | scope.covers("followed_by__path"))

    def candidates(self) -> Self:
        """Quần chúng ưu tú: followed by an organisation and never a member."""
        from members.models.memberships import Membership

        return self.filter(followed_by__isnull=False).exclude(Exists(Membership.objects.filter(person=OuterRef("pk"))))

    def matching(self, text: str) -> Self:
        """Of whom every word of `text` begins a word of a name or a number, or is the initials; accents and case
        aside.
        """
        return self.filter(*(_finds(word) for word in fold(text).split()))

    def matching_exactly(self, text: str) -> Self:
        """The same with the accents as they are typed; letter case and the place of the tone mark aside."""
        return self.filter(*(_finds(word) for word in same_name_key(text).split()))


def _finds(word: str) -> Q:
    """The condition that a person is found by a word."""
    found = Q(search_text__holds=f" {word}")
    digits = "".join(filter(str.isalnum, word))
    if digits != word and digits.isdigit():
        found |= Q(search_text__holds=f" {digits}")
    if word.isascii() and word.isalpha() and 1 < len(word) <= MOST_INITIALS:
        found |= Q(search_text__holds=f" {INITIALS_MARK}{word} ")
    return found


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
    search_text = SearchTextField(
        source="full_name",
        others=(
            *("birth_name", "other_names", "file_number", "card_number", "former_card_number"),
            *("national_id_number", "former_id_number"),
        ),
    )
    birth_name = LineField("họ và tên khai sinh", blank=True)
    other_names = LineField("tên gọi khác", blank=True)
    sex = models.CharField("giới tính", max_length=6, choices=Sex.choices)
    born_on = models.DateField("ngày sinh", null=True, blank=True)
    born_on_precision = PrecisionField()
    born = partial("born_on")
    birth_place = LineField("nơi sinh", max_length=500, blank=True)
    birth_registration_place = LineField("nơi đăng ký khai sinh", max_length=500, blank=True)
    home_town = LineField("quê quán", max_length=500, blank=True)
    ethnicity = LineField("dân tộc", max_length=60, blank=True)
    religion = LineField("tôn giáo", max_length=60, blank=True)
    national_id_number = LineField("số định danh cá nhân", max_length=20, blank=True)
    former_id_number = LineField("số CMND cũ", max_length=20, blank=True)

    permanent_residence = LineField("nơi thường trú", max_length=500, blank=True)
    temporary_residence = LineField("nơi tạm trú", max_length=500, blank=True)
    residence = LineField("nơi ở hiện nay", max_length=500, blank=True)

    occupation = LineField("nghề nghiệp, chức vụ", max_length=500, blank=True)
    occupation_at_admission = LineField("nghề nghiệp khi vào Đảng", blank=True)
    youth_union_joined_on = models.DateField("ngày vào Đoàn", null=True, blank=True)
    youth_union_joined_on_precision = PrecisionField()
    youth_union_joined = partial("youth_union_joined_on")
    youth_union_place = LineField("nơi vào Đoàn", blank=True)
    enlisted_on = models.DateField("ngày nhập ngũ", null=True, blank=True)
    enlisted_on_precision = PrecisionField()
    enlisted = partial("enlisted_on")
    discharged_on = models.DateField("ngày xuất ngũ", null=True, blank=True)
    discharged_on_precision = PrecisionField()
    discharged = partial("discharged_on")
    military_rank = LineField("quân hàm, chức vụ cao nhất", blank=True)

    general_education = LineField("trình độ phổ thông", max_length=60, blank=True)
    professional_level = models.CharField(
        "trình độ chuyên môn cao nhất", max_length=20, choices=ProfessionalLevel.choices, blank=True
    )
    professional_education = LineField("trình độ chuyên môn", blank=True)
    academic_title = models.CharField("học hàm", max_length=20, choices=AcademicTitle.choices, blank=True)
    academic_degree = LineField("học vị", max_length=120, blank=True)
    theory_level = models.CharField("lý luận chính trị", max_length=20, choices=TheoryLevel.choices, blank=True)
    state_management = LineField("quản lý nhà nước", max_length=120, blank=True)
    foreign_languages = LineField("ngoại ngữ", blank=True)
    ethnic_languages = LineField("tiếng dân tộc thiểu số", blank=True)
    informatics = LineField("tin học", max_length=120, blank=True)

    card_number = CardNumberField("số thẻ đảng viên", blank=True)
    card_issued_on = models.DateField("ngày cấp thẻ", null=True, blank=True)
    card_issued_on_precision = PrecisionField()
    card_issued = partial("card_issued_on")
    card_issued_by = LineField("nơi cấp thẻ", blank=True)
    former_card_number = CardNumberField("số thẻ trước đây", blank=True)

    health = LineField("tình trạng sức khỏe", max_length=120, blank=True)
    war_invalid_class = LineField("thương binh, bệnh binh hạng", max_length=60, blank=True)
    family_policy = LineField("gia đình chính sách", blank=True)
    family_origin = LineField("thành phần gia đình", max_length=120, blank=True)
    family_circumstances = NoteField("hoàn cảnh gia đình", max_length=10_000, blank=True)
    economic_circumstances = NoteField("hoàn cảnh kinh tế", max_length=10_000, blank=True)
    life_story = NoteField("lịch sử bản thân", max_length=10_000, blank=True)
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
            SearchIndex(fields=["name_sort_key", "id", "search_text"], name="person_search"),
        )
        constraints = (
            choices_check("person", "sex", Sex),
            choices_check("person", "theory_level", TheoryLevel, blank=True),
            choices_check("person", "professional_level", ProfessionalLevel, blank=True),
            choices_check("person", "academic_title", AcademicTitle, blank=True),
            choices_check("person", "born_on_precision", Precision),
            choices_check("person", "youth_union_joined_on_precision", Precision),
            choices_check("person", "enlisted_on_precision", Precision),
            choices_check("person", "discharged_on_precision", Precision),
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
                fields=["former_card_number"],
                condition=~Q(former_card_number=""),
                name="person_former_card_number_unique",
                violation_error_message="Số thẻ trước đây này đã có người mang.",
            ),
            models.CheckConstraint(
                condition=Q(card_number="") | ~Q(card_number=F("former_card_number")),
                name="person_card_numbers_differ",
                violation_error_message="Số thẻ trước đây phải khác số thẻ đảng viên hiện nay.",
            ),
            in_partial_order("person", "enlisted_on", "discharged_on", "Ngày xuất ngũ không thể trước ngày nhập ngũ."),
            models.UniqueConstraint(
                fields=["national_id_number"],
                condition=~Q(national_id_number=""),
                name="person_national_id_number_unique",
                violation_error_message="Số định danh cá nhân này đã có người mang.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def card_as_printed(self) -> str:
        """The number of the card as the card shows it."""
        return shown_card(self.card_number)

    @property
    def former_card_as_printed(self) -> str:
        """The number of the former card as that card showed it."""
        return shown_card(self.former_card_number)
