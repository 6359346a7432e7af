"""Templates of Word papers that the office uploads."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from config.access import Area
from config.constraints import choices_check
from members.fields import LineField
from members.models.accounts import User
from members.models.records import Record, RecordQuerySet


class PaperKind(models.TextChoices):
    """What a paper is (loại văn bản)."""

    MEMBER_SHEET = "member_sheet", "Phiếu đảng viên"
    ADMISSION_DECISION = "admission_decision", "Quyết định kết nạp đảng viên"
    OFFICIAL_DECISION = "official_decision", "Quyết định công nhận đảng viên chính thức"
    TRANSFER_LETTER = "transfer_letter", "Giấy giới thiệu sinh hoạt đảng"
    BADGE_LIST = "badge_list", "Danh sách đề nghị tặng Huy hiệu Đảng"


class PaperTemplateQuerySet(RecordQuerySet):
    """Templates."""

    def in_use(self) -> PaperTemplateQuerySet:
        """Those that papers are made from."""
        return self.filter(is_in_use=True)


class PaperTemplate(Record):
    """A template of a kind of paper (mẫu văn bản), a .docx that was checked when it came in; older ones are kept."""

    access_area = Area.REFERENCE

    kind = models.CharField("loại văn bản", max_length=20, choices=PaperKind.choices)
    name = LineField("tên tệp")
    content = models.BinaryField("nội dung")
    sha256 = models.CharField("SHA-256", max_length=64)
    is_in_use = models.BooleanField("đang dùng", default=False)
    uploaded_by = models.ForeignKey(
        User,
        verbose_name="người tải lên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uploaded_templates",
    )
    uploaded_at = models.DateTimeField("tải lên lúc")

    objects = PaperTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu văn bản"
        verbose_name_plural = "mẫu văn bản"
        ordering = ("kind", "-uploaded_at", "-pk")
        constraints = (
            choices_check("papertemplate", "kind", PaperKind),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(is_in_use=True),
                name="papertemplate_one_in_use",
                violation_error_message="Loại văn bản này đã có mẫu đang dùng.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"
