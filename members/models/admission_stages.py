"""The steps of an admission as data, and the conditions that people and helpers have to meet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from config.constraints import NoOverlap, choices_check, in_order
from members.fields import LineField, NoteField
from members.models.rules import AdmissionStep, Confidence, DatedRule, DatedRuleQuerySet


class StagePhase(models.TextChoices):
    """Before the decision on admission, or after it."""

    CONSIDERATION = "consideration", "Xét kết nạp"
    PROBATION = "probation", "Dự bị"


class StageActor(models.TextChoices):
    """Who does a step, and so whose staff may record it."""

    CELL = "cell", "Chi bộ"
    GRASSROOTS = "grassroots", "Đảng ủy cơ sở"
    OFFICE = "office", "Cấp ủy cấp trên"


class StageEffect(models.TextChoices):
    """What recording a step does beside noting it."""

    HELPERS = "helpers", "Ghi người giúp đỡ"
    CERTIFICATE = "certificate", "Tính hạn giấy chứng nhận"
    DECISION = "decision", "Kết nạp vào danh sách đảng viên"
    CEREMONY = "ceremony", "Ghi ngày lễ, bắt đầu thời gian dự bị"
    PROBATION = "probation", "Hết thời gian dự bị"
    RECOGNITION = "recognition", "Ghi ngày chính thức"


class VoteBase(models.TextChoices):
    """Of whom the majority is asked."""

    ENTITLED = "entitled", "tổng số người được quyền biểu quyết"
    PRESENT = "present", "số người có mặt"


class AdmissionStageQuerySet(DatedRuleQuerySet):
    """Steps of the admission."""


class AdmissionStage(DatedRule):
    """A step of the way from quần chúng ưu tú to đảng viên chính thức (bước kết nạp), as a rule has it in its time.

    Its `code` stays the same where a later rule changes it. A step that closes (`is_gate`) is recorded only when all
    before it are done; those between two such steps are done in any order. Its time runs from the step `due_from`.
    """

    code = models.SlugField("mã bước", max_length=30)
    position = models.PositiveSmallIntegerField("thứ tự")
    name = LineField("tên bước")
    phase = models.CharField("giai đoạn", max_length=15, choices=StagePhase.choices)
    actor = models.CharField("nơi thực hiện", max_length=10, choices=StageActor.choices)
    effect = models.CharField("việc kèm theo", max_length=12, choices=StageEffect.choices, blank=True)
    is_gate = models.BooleanField(
        "phải xong các bước trước", default=False, help_text="Chỉ ghi được khi mọi bước trước đã xong."
    )
    below_committee_only = models.BooleanField(
        "chỉ với chi bộ trực thuộc", default=False, help_text="Chi bộ cơ sở không có bước này."
    )
    has_number = models.BooleanField("có số văn bản", default=False)
    programme = models.SlugField(
        "mã loại lớp", max_length=20, blank=True, help_text="Loại lớp bồi dưỡng mà bước này đòi hỏi."
    )
    majority_numerator = models.PositiveSmallIntegerField("tán thành ít nhất: tử số", null=True, blank=True)
    majority_denominator = models.PositiveSmallIntegerField("mẫu số", null=True, blank=True)
    majority_is_exceeded = models.BooleanField(
        "phải quá tỷ lệ đó", default=False, help_text="Ví dụ “trên một nửa”; không đánh dấu là “từ … trở lên”."
    )
    majority_base = models.CharField(
        "tỷ lệ tính trên", max_length=10, choices=VoteBase.choices, default=VoteBase.ENTITLED
    )
    due_step = models.CharField("theo thời hạn", max_length=20, choices=AdmissionStep.choices, blank=True)
    due_from = models.SlugField("tính từ bước (mã)", max_length=30, blank=True)
    papers = NoteField("giấy tờ phải có", blank=True, help_text="Mỗi dòng một loại.")

    objects = AdmissionStageQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "bước kết nạp"
        verbose_name_plural = "bước kết nạp"
        ordering = ("position", "code", "starts_on")
        constraints = (
            choices_check("admissionstage", "confidence", Confidence),
            choices_check("admissionstage", "phase", StagePhase),
            choices_check("admissionstage", "actor", StageActor),
            choices_check("admissionstage", "effect", StageEffect, blank=True),
            choices_check("admissionstage", "majority_base", VoteBase),
            choices_check("admissionstage", "due_step", AdmissionStep, blank=True),
            in_order("admissionstage", "starts_on", "ends_on", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            models.CheckConstraint(
                condition=Q(majority_numerator__isnull=True, majority_denominator__isnull=True)
                | Q(majority_numerator__gt=0, majority_denominator__gte=models.F("majority_numerator")),
                name="admissionstage_majority_is_a_share",
                violation_error_message="Tỷ lệ tán thành phải ghi đủ tử số và mẫu số, tử số không quá mẫu số.",
            ),
            NoOverlap(
                name="admissionstage_no_overlap",
                fields=["code"],
                span=("starts_on", "ends_on"),
                violation_error_message="Bước này đã có quy định trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def has_vote(self) -> bool:
        """Whether it is decided by a vote."""
        return self.majority_numerator is not None

    @property
    def majority_in_words(self) -> str:
        """From which share on a vote carries, such as “từ 2/3 trở lên”."""
        share = f"{self.majority_numerator}/{self.majority_denominator}"
        asked = f"trên {share}" if self.majority_is_exceeded else f"từ {share} trở lên"
        return f"{asked} {self.get_majority_base_display()}"

    @property
    def paper_names(self) -> list[str]:
        """The papers that it needs."""
        return [line.strip() for line in self.papers.splitlines() if line.strip()]


class ConditionKind(models.TextChoices):
    """What a condition is on, with the unit of its amount."""

    LEAST_AGE = "least_age", "Tuổi thấp nhất (năm)"
    MOST_AGE = "most_age", "Tuổi cao nhất (năm)"
    EDUCATION = "education", "Học hết lớp (hệ 12 năm)"
    HELPERS = "helpers", "Số người, tổ chức giúp đỡ"
    HELPER_MONTHS = "helper_months", "Người giúp đỡ cùng sinh hoạt (tháng)"


class AdmissionConditionQuerySet(DatedRuleQuerySet):
    """Conditions."""


class AdmissionCondition(DatedRule):
    """What somebody, or a helper, must be or have (điều kiện kết nạp); unmet it warns and never blocks."""

    kind = models.CharField("điều kiện", max_length=15, choices=ConditionKind.choices)
    amount = models.PositiveSmallIntegerField("mức")

    objects = AdmissionConditionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "điều kiện kết nạp"
        verbose_name_plural = "điều kiện kết nạp"
        ordering = ("kind", "starts_on")
        constraints = (
            choices_check("admissioncondition", "confidence", Confidence),
            choices_check("admissioncondition", "kind", ConditionKind),
            in_order("admissioncondition", "starts_on", "ends_on", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            NoOverlap(
                name="admissioncondition_no_overlap",
                fields=["kind"],
                span=("starts_on", "ends_on"),
                violation_error_message="Điều kiện này đã có quy định trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"
