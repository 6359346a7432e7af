"""Party badges and discipline."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from config.access import Area
from config.constraints import choices_check, in_order, one_of
from members.fields import LineField, NoteField, PrecisionField
from members.models.memberships import Membership
from members.models.organisations import Organisation
from members.models.people import OfPersonOrOrganisationQuerySet, OfPersonQuerySet, Person
from members.models.records import Record
from members.partial_dates import Precision, partial


class Milestone(models.IntegerChoices):
    """Mốc Huy hiệu Đảng, in years in the Party; which were given when is said by BadgeMilestone."""

    Y30 = 30, "30 năm"
    Y40 = 40, "40 năm"
    Y45 = 45, "45 năm"
    Y50 = 50, "50 năm"
    Y55 = 55, "55 năm"
    Y60 = 60, "60 năm"
    Y65 = 65, "65 năm"
    Y70 = 70, "70 năm"
    Y75 = 75, "75 năm"
    Y80 = 80, "80 năm"
    Y85 = 85, "85 năm"
    Y90 = 90, "90 năm"


class BadgeQuerySet(OfPersonQuerySet):
    """Badges."""

    def awarded_in(self, year: int) -> Self:
        """Those with an award day in `year`."""
        return self.filter(awarded_on__year=year)

    def with_home(self) -> Self:
        """Adds `home`: the person's organisation on the award day or, after leaving or death, the last one."""
        last = Membership.objects.last_by(OuterRef("awarded_on")).filter(person=OuterRef("person"))
        return self.annotate(home=Subquery(last.values("organisation")[:1]))


class Badge(Record):
    """A Party badge (Huy hiệu Đảng) awarded to a person for years in the Party."""

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="badges")
    milestone = models.PositiveSmallIntegerField("mốc", choices=Milestone.choices)
    awarded_on = models.DateField("ngày trao")
    awarded_on_precision = PrecisionField()
    awarded = partial("awarded_on")
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decision_number = LineField("số quyết định", max_length=60, blank=True)
    badge_number = LineField("số huy hiệu", max_length=20, blank=True)
    is_posthumous = models.BooleanField("truy tặng", default=False)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        verbose_name = "Huy hiệu Đảng"
        verbose_name_plural = "Huy hiệu Đảng"
        ordering = ("-awarded_on", "milestone", "pk")
        indexes = (models.Index(fields=["awarded_on"], name="badge_awarded_on"),)
        constraints = (
            choices_check("badge", "milestone", Milestone),
            choices_check("badge", "awarded_on_precision", Precision),
            models.UniqueConstraint(
                fields=["person", "milestone"],
                name="badge_once_a_milestone",
                violation_error_message="Người này đã được tặng Huy hiệu Đảng mốc đó.",
            ),
        )

    def __str__(self) -> str:
        return f"Huy hiệu {self.milestone} năm – {self.person}"


class DisciplineForm(models.TextChoices):
    """Hình thức kỷ luật; dissolution is for organisations alone (QĐ 69-QĐ/TW 2022)."""

    REPRIMAND = "reprimand", "Khiển trách"
    WARNING = "warning", "Cảnh cáo"
    REMOVAL = "removal", "Cách chức"
    EXPULSION = "expulsion", "Khai trừ"
    DISSOLUTION = "dissolution", "Giải tán"


class DisciplineQuerySet(OfPersonOrOrganisationQuerySet):
    """Disciplinary decisions."""

    def standing(self) -> Self:
        """Those that weren't taken back."""
        return self.filter(revoked_on__isnull=True)

    def decided_in(self, year: int) -> Self:
        """Kỷ luật trong năm: those dated in `year` that stand."""
        return self.standing().filter(decided_on__year=year)


class Discipline(Record):
    """A disciplinary decision (kỷ luật) on a member or on an organisation."""

    access_area = Area.RECORDS

    person = models.ForeignKey(
        Person,
        verbose_name="người",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="disciplines",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="tổ chức",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="disciplines",
    )
    form = models.CharField("hình thức", max_length=20, choices=DisciplineForm.choices)
    decided_on = models.DateField("ngày quyết định")
    decided_on_precision = PrecisionField()
    decided = partial("decided_on")
    decision_number = LineField("số quyết định", max_length=60, blank=True)
    note = NoteField("nội dung vi phạm", blank=True)
    revoked_on = models.DateField(
        "ngày hủy bỏ quyết định",
        null=True,
        blank=True,
        help_text="Chỉ ghi khi quyết định bị hủy bỏ sau khiếu nại, hoặc đã ghi nhầm; khi đó kỷ luật không còn tính.",
    )

    objects = DisciplineQuerySet.as_manager()

    class Meta:
        verbose_name = "kỷ luật"
        verbose_name_plural = "kỷ luật"
        ordering = ("-decided_on", "pk")
        constraints = (
            choices_check("discipline", "form", DisciplineForm),
            choices_check("discipline", "decided_on_precision", Precision),
            one_of("discipline", "person", "organisation", "Kỷ luật một người hoặc một tổ chức, không cả hai."),
            in_order("discipline", "decided_on", "revoked_on", "Ngày hủy bỏ không thể trước ngày quyết định."),
            models.CheckConstraint(
                condition=(Q(person__isnull=False) & ~Q(form="dissolution"))
                | Q(organisation__isnull=False, form__in=["reprimand", "warning", "dissolution"]),
                name="discipline_form_fits_subject",
                violation_error_message="Hình thức này không áp dụng cho đối tượng đã chọn.",
            ),
            models.UniqueConstraint(
                fields=["person", "form", "decided_on"],
                condition=Q(person__isnull=False),
                name="discipline_person_once",
                violation_error_message="Quyết định kỷ luật này đã được ghi.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "form", "decided_on"],
                condition=Q(organisation__isnull=False),
                name="discipline_organisation_once",
                violation_error_message="Quyết định kỷ luật này đã được ghi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_form_display()} – {self.person or self.organisation}"
