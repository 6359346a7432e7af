"""Documents (giấy tờ) of people's files, as scans: what each is, and which kinds a file should hold.

The files themselves lie in a folder (members.document_files); rows are never deleted, documents are withdrawn.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from config.access import Area
from config.constraints import NoOverlap, choices_check, in_order
from members.fields import LineField, PrecisionField
from members.models.accounts import User
from members.models.people import OfPersonQuerySet, Person
from members.models.records import Record, RecordQuerySet
from members.models.rules import AdmissionStep, Confidence, DatedRule, DatedRuleQuerySet
from members.partial_dates import Precision, partial


class DocumentGroup(models.TextChoices):
    """Parts of a member's file, in the order in which it is kept."""

    ADMISSION = "admission", "Khi xem xét kết nạp"
    PROBATION = "probation", "Sau khi kết nạp"
    OFFICIAL = "official", "Sau khi công nhận chính thức"
    OTHER = "other", "Giấy tờ khác"


class DocumentKindQuerySet(DatedRuleQuerySet):
    """Kinds of documents."""

    def needed_for(self, *steps: str) -> Self:
        """Those that any of these steps needs."""
        return self.filter(pk__in=DocumentNeed.objects.filter(step__in=steps).values("kind"))


class DocumentKind(DatedRule):
    """A kind of document of a member's file (loại giấy tờ); its order number stands first in a scan's name."""

    code = LineField("mã", max_length=40)
    order_number = models.PositiveSmallIntegerField("số thứ tự trong hồ sơ")
    name = LineField("tên giấy tờ")
    group = models.CharField("phần hồ sơ", max_length=12, choices=DocumentGroup.choices)

    objects = DocumentKindQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "loại giấy tờ"
        verbose_name_plural = "loại giấy tờ trong hồ sơ"
        ordering = ("order_number", "code", "starts_on")
        constraints = (
            choices_check("documentkind", "group", DocumentGroup),
            choices_check("documentkind", "confidence", Confidence),
            in_order("documentkind", "starts_on", "ends_on", "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            NoOverlap(
                name="documentkind_no_overlap",
                fields=["code"],
                span=("starts_on", "ends_on"),
                violation_error_message="Loại giấy tờ này đã có quy định trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_number:02}. {self.name}"


class DocumentNeedQuerySet(RecordQuerySet):
    """What steps need."""


class DocumentNeed(Record):
    """That a step needs a kind of document (giấy tờ phải có)."""

    access_area = Area.REFERENCE

    kind = models.ForeignKey(
        DocumentKind, verbose_name="loại giấy tờ", on_delete=models.CASCADE, related_name="needs", db_index=False
    )
    step = models.CharField("bước", max_length=20, choices=AdmissionStep.choices)

    objects = DocumentNeedQuerySet.as_manager()

    class Meta:
        verbose_name = "bước cần giấy tờ"
        verbose_name_plural = "bước cần giấy tờ"
        ordering = ("kind", "step")
        constraints = (
            choices_check("documentneed", "step", AdmissionStep),
            models.UniqueConstraint(
                fields=["kind", "step"],
                name="documentneed_once",
                violation_error_message="Bước này đã có trong danh sách.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_step_display()}"


class DocumentType(models.TextChoices):
    """What a scan is, found by its content (config.uploads)."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "ảnh JPEG"
    PNG = "image/png", "ảnh PNG"
    TIFF = "image/tiff", "ảnh TIFF"


class DocumentQuerySet(OfPersonQuerySet):
    """Documents."""

    def kept(self) -> Self:
        """Those that weren't withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Document(Record):
    """A scan of one paper of a person's file (giấy tờ); withdrawn, with who, when and why, instead of deleted."""

    access_area = Area.RECORDS
    # The key of the file tells nothing about the paper; the digest says which content it was.
    audit_ignored: ClassVar[frozenset[str]] = frozenset({"storage_key", "uploaded_by", "uploaded_at"})

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="documents")
    kind = models.ForeignKey(
        DocumentKind, verbose_name="loại giấy tờ", on_delete=models.PROTECT, related_name="documents"
    )
    title = LineField("trích yếu, nội dung", blank=True)
    number = LineField("số, ký hiệu", max_length=60, blank=True)
    dated_on = models.DateField("ngày của giấy tờ", null=True, blank=True)
    dated_on_precision = PrecisionField()
    dated = partial("dated_on")
    step = models.CharField("thuộc bước", max_length=20, choices=AdmissionStep.choices, blank=True)
    page_count = models.PositiveSmallIntegerField("số trang", null=True, blank=True)
    file_name = LineField("tên tệp gốc")
    content_type = models.CharField("loại tệp", max_length=20, choices=DocumentType.choices)
    size = models.PositiveBigIntegerField("cỡ tệp (byte)")
    sha256 = models.CharField("SHA-256 của tệp", max_length=64)
    storage_key = models.CharField("khóa của tệp", max_length=64, unique=True, editable=False)
    uploaded_by = models.ForeignKey(
        User,
        verbose_name="người tải lên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uploaded_documents",
        editable=False,
    )
    uploaded_at = models.DateTimeField("tải lên lúc", editable=False)
    withdrawn_by = models.ForeignKey(
        User,
        verbose_name="người rút",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawn_documents",
    )
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    withdrawn_reason = LineField("lý do rút", max_length=500, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "giấy tờ"
        verbose_name_plural = "giấy tờ trong hồ sơ"
        ordering = ("person", "kind__order_number", "dated_on", "pk")
        constraints = (
            choices_check("document", "step", AdmissionStep, blank=True),
            choices_check("document", "content_type", DocumentType),
            choices_check("document", "dated_on_precision", Precision),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="document_withdrawn_with_reason",
                violation_error_message="Rút giấy tờ phải ghi thời điểm và lý do.",
            ),
            models.UniqueConstraint(
                fields=["person", "sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="document_file_once",
                violation_error_message="Tệp này đã có trong hồ sơ của người này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind.name}, {self.number}" if self.number else self.kind.name

    @property
    def is_withdrawn(self) -> bool:
        """Whether it no longer counts."""
        return self.withdrawn_at is not None

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it as a picture, which runs nothing."""
        return self.content_type in {DocumentType.JPEG, DocumentType.PNG}
