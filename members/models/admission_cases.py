"""Cases of people on their way into the Party: the steps they took, their helpers, and remarks while on probation."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from config.access import Area, UserScope
from config.constraints import choices_check, in_order, one_of
from members.fields import LineField, NoteField, PrecisionField
from members.models.admission_stages import AdmissionStage
from members.models.admissions import Admission
from members.models.organisations import MassOrganisation, Organisation
from members.models.people import OfPersonOrOrganisationQuerySet, Person
from members.models.records import Record, RecordQuerySet
from members.models.rules import AdmissionDeadline
from members.partial_dates import Precision, partial


class CaseState(models.TextChoices):
    """How far a case has come."""

    RUNNING = "running", "Đang xét kết nạp"
    ADMITTED = "admitted", "Đã kết nạp, đang dự bị"
    RECOGNISED = "recognised", "Đã công nhận chính thức"
    STOPPED = "stopped", "Đã dừng xét"
    REMOVED = "removed", "Đã xóa tên khi dự bị"


OPEN_STATES = (CaseState.RUNNING, CaseState.ADMITTED)
# With an entry into the Party.
ADMITTED_STATES = (CaseState.ADMITTED, CaseState.RECOGNISED, CaseState.REMOVED)


class AdmissionCaseQuerySet(OfPersonOrOrganisationQuerySet):
    """Cases."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those of people of the scope, and those that an organisation of it proposes; changed where the person is."""
        if to_change:
            people = Person.objects.within(scope, to_change=True)
            return self.filter(person__in=people.values("pk"))
        return super().within(scope)

    def unfinished(self) -> Self:
        """Those that wait for a step."""
        return self.filter(state__in=OPEN_STATES)

    def late(self, *, on: dt.date) -> Self:
        """Those of which a step should have been done before that day."""
        return self.unfinished().filter(due_on__lt=on)


class AdmissionCase(Record):
    """Somebody's way into the Party (hồ sơ kết nạp), from the first helper to recognition, or to where it ended.

    `stage` is the first step that isn't done; `due_stage` the one that is due first, on `due_on` by `due_rule`. They
    and the days up to which certificate and probation last follow from the steps (members.admission.pipeline).
    """

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="admission_cases")
    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức đề nghị", on_delete=models.PROTECT, related_name="admission_cases"
    )
    opened_on = models.DateField("ngày mở hồ sơ")
    state = models.CharField("tình trạng", max_length=10, choices=CaseState.choices, default=CaseState.RUNNING)
    admission = models.OneToOneField(
        Admission,
        verbose_name="lần kết nạp",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="case",
    )
    stage = models.ForeignKey(
        AdmissionStage,
        verbose_name="bước đang chờ",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases_waiting",
    )
    due_stage = models.ForeignKey(
        AdmissionStage,
        verbose_name="bước đến hạn trước",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases_due",
    )
    due_on = models.DateField("hạn", null=True, blank=True)
    due_rule = models.ForeignKey(
        AdmissionDeadline,
        verbose_name="theo quy định",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
    )
    is_due_sure = models.BooleanField("hạn chắc chắn", default=True)
    certificate_until = models.DateField("giấy chứng nhận có giá trị đến", null=True, blank=True)
    probation_until = models.DateField("hết thời gian dự bị", null=True, blank=True)
    closed_on = models.DateField("ngày kết thúc", null=True, blank=True)
    close_number = LineField("số quyết định, văn bản", max_length=60, blank=True)
    close_reason = LineField("lý do", max_length=500, blank=True)

    objects = AdmissionCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ kết nạp"
        verbose_name_plural = "hồ sơ kết nạp"
        ordering = ("-opened_on", "pk")
        indexes = (models.Index(fields=["state", "stage", "due_on"], name="admissioncase_board"),)
        constraints = (
            choices_check("admissioncase", "state", CaseState),
            in_order("admissioncase", "opened_on", "closed_on", "Ngày kết thúc không thể trước ngày mở hồ sơ."),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=OPEN_STATES),
                name="admissioncase_one_open",
                violation_error_message="Người này đang có một hồ sơ kết nạp chưa kết thúc.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ADMITTED_STATES, admission__isnull=False)
                | Q(state=CaseState.RUNNING, admission__isnull=True)
                | Q(state=CaseState.STOPPED),
                name="admissioncase_admitted_by_decision",
                violation_error_message="Hồ sơ đã kết nạp phải gắn với quyết định kết nạp.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, stage__isnull=False, closed_on__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(stage__isnull=True, closed_on__isnull=False)),
                name="admissioncase_open_waits",
                violation_error_message="Hồ sơ chưa kết thúc phải đang chờ một bước; hồ sơ đã kết thúc phải có ngày.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(CaseState.STOPPED, CaseState.REMOVED)) | ~Q(close_reason=""),
                name="admissioncase_end_has_reason",
                violation_error_message="Dừng xét hoặc xóa tên phải ghi lý do.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, hồ sơ kết nạp"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a step."""
        return self.state in OPEN_STATES


class OfCaseQuerySet(RecordQuerySet):
    """Base for what belongs to a case."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        cases = AdmissionCase.objects.within(scope, to_change=to_change)
        return self.filter(case__in=cases.values("pk"))


class StepState(models.TextChoices):
    """What became of a step."""

    DONE = "done", "Đã làm"
    WAIVED = "waived", "Không phải làm"
    SENT_BACK = "sent_back", "Trả lại"
    REPLACED = "replaced", "Phải làm lại"
    UNDONE = "undone", "Đã rút lại"


# What counts of a case's steps.
LIVE_STATES = (StepState.DONE, StepState.WAIVED)
BALLOT = ("entitled", "present", "issued", "returned", "in_favour", "against", "abstained", "invalid")


class CaseStepQuerySet(OfCaseQuerySet):
    """Steps of cases."""

    def live(self) -> Self:
        """Those that count: done or waived, and neither sent back nor taken back since."""
        return self.filter(state__in=LIVE_STATES)


def _count(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class CaseStep(Record):
    """A step that was taken in a case (bước của hồ sơ), or one at which the case was sent back; none ever goes.

    `received_on` is when whoever does the next step got the papers; `due_on` is by when it was due, by `due_rule`.
    """

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"person": "case__person_id", "organisation": "organisation_id"}

    case = models.ForeignKey(AdmissionCase, verbose_name="hồ sơ", on_delete=models.PROTECT, related_name="steps")
    stage = models.ForeignKey(AdmissionStage, verbose_name="bước", on_delete=models.PROTECT, related_name="case_steps")
    state = models.CharField("tình trạng", max_length=10, choices=StepState.choices, default=StepState.DONE)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="nơi thực hiện",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="case_steps",
    )
    done_on = models.DateField("ngày", null=True, blank=True)
    done_on_precision = PrecisionField()
    done = partial("done_on")
    received_on = models.DateField("ngày nơi làm bước sau nhận được", null=True, blank=True)
    number = LineField("số văn bản", max_length=60, blank=True)
    entitled = _count("được quyền biểu quyết")
    present = _count("có mặt")
    issued = _count("phiếu phát ra")
    returned = _count("phiếu thu về")
    in_favour = _count("tán thành")
    against = _count("không tán thành")
    abstained = _count("không có ý kiến")
    invalid = _count("phiếu không hợp lệ")
    note = NoteField("ghi chú", blank=True)
    reason = LineField("lý do", max_length=500, blank=True)
    warnings = NoteField("điều đã được nhắc khi ghi", blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    due_rule = models.ForeignKey(
        AdmissionDeadline,
        verbose_name="theo quy định",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="case_steps",
    )
    back_to = models.ForeignKey(
        AdmissionStage,
        verbose_name="trả lại về bước",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="case_steps_back",
    )
    replaced_in = models.ForeignKey(
        "self", verbose_name="do lần trả lại", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )

    objects = CaseStepQuerySet.as_manager()

    class Meta:
        verbose_name = "bước của hồ sơ kết nạp"
        verbose_name_plural = "bước của hồ sơ kết nạp"
        ordering = ("case", "pk")
        constraints = (
            choices_check("casestep", "state", StepState),
            choices_check("casestep", "done_on_precision", Precision),
            models.UniqueConstraint(
                fields=["case", "stage"],
                condition=Q(state__in=LIVE_STATES),
                name="casestep_once",
                violation_error_message="Bước này đã được ghi cho hồ sơ.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(StepState.WAIVED, StepState.REPLACED, StepState.UNDONE))
                | Q(done_on__isnull=False),
                name="casestep_done_has_day",
                violation_error_message="Hãy ghi ngày.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(StepState.DONE, StepState.REPLACED)) | ~Q(reason=""),
                name="casestep_turn_has_reason",
                violation_error_message="Bỏ qua, trả lại hoặc rút lại một bước phải ghi lý do.",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": True for name in BALLOT})
                | Q(
                    present__lte=F("entitled"),
                    issued__isnull=True,
                    returned__isnull=True,
                    present=F("in_favour") + F("against") + F("abstained") + F("invalid"),
                )
                | Q(
                    present__lte=F("entitled"),
                    issued__isnull=False,
                    returned__isnull=False,
                    issued__lte=F("present"),
                    returned__lte=F("issued"),
                    returned=F("in_favour") + F("against") + F("abstained") + F("invalid"),
                ),
                name="casestep_votes_add_up",
                violation_error_message="Số phiếu không khớp: phát ra không quá có mặt, thu về bằng tổng các loại; "
                "giơ tay thì tổng các loại bằng số có mặt.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage}, {self.done}" if self.done_on else str(self.stage)

    @property
    def was_late(self) -> bool:
        """Whether it was done after it was due; a date known in part counts as in time."""
        return self.due_on is not None and self.done is not None and self.done.first_day > self.due_on

    @property
    def has_votes(self) -> bool:
        """Whether a vote is on record."""
        return self.entitled is not None


class CaseHelperQuerySet(OfCaseQuerySet):
    """Helpers."""

    def on(self, day: dt.date) -> Self:
        """Those who help on that day."""
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))


class CaseHelper(Record):
    """Who helps somebody on the way (người giúp đỡ): an official member, or the youth union or trade union."""

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"person": "case__person_id"}

    case = models.ForeignKey(AdmissionCase, verbose_name="hồ sơ", on_delete=models.PROTECT, related_name="helpers")
    member = models.ForeignKey(
        Person,
        verbose_name="đảng viên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="helped_cases",
    )
    mass_organisation = models.ForeignKey(
        MassOrganisation,
        verbose_name="đoàn thể",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="helped_cases",
    )
    since = models.DateField("từ ngày")
    until = models.DateField("đến ngày", null=True, blank=True)

    objects = CaseHelperQuerySet.as_manager()

    class Meta:
        verbose_name = "người giúp đỡ"
        verbose_name_plural = "người giúp đỡ"
        ordering = ("case", "since", "pk")
        constraints = (
            one_of("casehelper", "member", "mass_organisation", "Chọn một đảng viên hoặc một đoàn thể."),
            in_order("casehelper", "since", "until", "Ngày thôi giúp đỡ không thể trước ngày bắt đầu."),
            models.UniqueConstraint(
                fields=["case", "member"],
                condition=Q(until__isnull=True, member__isnull=False),
                name="casehelper_member_once",
                violation_error_message="Đảng viên này đang giúp đỡ rồi.",
            ),
            models.UniqueConstraint(
                fields=["case", "mass_organisation"],
                condition=Q(until__isnull=True, mass_organisation__isnull=False),
                name="casehelper_mass_once",
                violation_error_message="Đoàn thể này đang giúp đỡ rồi.",
            ),
        )

    def __str__(self) -> str:
        return str(self.member or self.mass_organisation)


class ProbationRemarkQuerySet(OfCaseQuerySet):
    """Remarks on people on probation."""


class ProbationRemark(Record):
    """What a helper says of somebody on probation in a quarter (nhận xét hằng quý)."""

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"person": "case__person_id"}

    case = models.ForeignKey(AdmissionCase, verbose_name="hồ sơ", on_delete=models.PROTECT, related_name="remarks")
    year = models.PositiveSmallIntegerField("năm")
    quarter = models.PositiveSmallIntegerField("quý")
    helper = models.ForeignKey(
        CaseHelper,
        verbose_name="người nhận xét",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="remarks",
    )
    remarked_on = models.DateField("ngày nhận xét")
    text = NoteField("nội dung nhận xét")

    objects = ProbationRemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "nhận xét đảng viên dự bị"
        verbose_name_plural = "nhận xét đảng viên dự bị hằng quý"
        ordering = ("case", "year", "quarter")
        constraints = (
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 4)),
                name="probationremark_quarter_of_year",
                violation_error_message="Quý phải từ 1 đến 4.",
            ),
            models.UniqueConstraint(
                fields=["case", "year", "quarter"],
                name="probationremark_once_a_quarter",
                violation_error_message="Quý này đã có nhận xét; hãy sửa nhận xét đó.",
            ),
        )

    def __str__(self) -> str:
        return f"Quý {self.quarter}/{self.year}"
