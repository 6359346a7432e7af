"""Import sessions: files on their way into the records, up to their undoing, and what was learnt of shapes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any, Self

from django.db import models

from config.access import Area, Permission, ScopedQuerySet, scope_of
from config.constraints import choices_check
from members.fields import LineField
from members.models.accounts import User
from members.models.organisations import Organisation


class ImportState(models.TextChoices):
    """How far a session has come."""

    UPLOADED = "uploaded", "Chờ đọc tệp"
    READ = "read", "Đã đọc, chờ xem lại cột"
    PREVIEWED = "previewed", "Đã xem trước, chưa ghi"
    DONE = "done", "Đã ghi"
    UNDONE = "undone", "Đã ghi rồi hoàn tác"
    ABANDONED = "abandoned", "Đã bỏ"


class ImportJob(models.TextChoices):
    """The work that goes on in a session, in a process of its own or within a request."""

    READ = "read", "Đọc tệp"
    PREVIEW = "preview", "Xem trước"
    COMMIT = "commit", "Ghi vào hồ sơ"
    UNDO = "undo", "Hoàn tác"


class ImportSessionQuerySet(ScopedQuerySet):
    """Import sessions."""

    scope_path = "organisation__path"

    def visible_to(self, user: Any) -> Self:
        """Those of the scope in which the user may enter records: one's own and those of colleagues."""
        return self.within(scope_of(user, Permission.CHANGE_RECORDS))


class ImportSession(models.Model):
    """An import (phiên nhập): the files of one upload and everything decided about them, until they are written.

    `organisation` is the one whose staff see it. `options` are what the sender said of the files
    (members.exchange.plan.Options), `answers` what columns mean by a table's shape, `understood` what the reader made
    of them without the rows. `edits` hold cells mended in the browser, `choices` which person a row is, `decisions`
    whose value of a cell stands, `left_out` the rows not to be written; all by "table:row". `counts` are those of the
    preview or, once done, of what was written; `event` and `undo_event` name the events of the audit trail.
    """

    access_area = Area.RECORDS

    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="import_sessions"
    )
    created_by = models.ForeignKey(
        User, verbose_name="người tải lên", on_delete=models.PROTECT, related_name="import_sessions"
    )
    created_at = models.DateTimeField("thời điểm tải lên")
    touched_by = models.ForeignKey(
        User, verbose_name="người làm gần nhất", on_delete=models.PROTECT, related_name="touched_import_sessions"
    )
    touched_at = models.DateTimeField("thời điểm làm gần nhất")
    state = models.CharField("tình trạng", max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    job = models.CharField("việc đang chạy", max_length=10, choices=ImportJob.choices, blank=True)
    job_key = models.UUIDField("mã lần chạy", null=True, blank=True)
    problem = LineField("trục trặc", max_length=500, blank=True)
    options = models.JSONField("lựa chọn khi đọc", default=dict, blank=True)
    answers = models.JSONField("trả lời về cột", default=dict, blank=True)
    understood = models.JSONField("cách hiểu tệp", default=dict, blank=True)
    edits = models.JSONField("ô đã sửa", default=dict, blank=True)
    choices = models.JSONField("người đã chọn", default=dict, blank=True)
    decisions = models.JSONField("giá trị đã chọn", default=dict, blank=True)
    left_out = models.JSONField("dòng bỏ qua", default=list, blank=True)
    counts = models.JSONField("số đếm", default=dict, blank=True)
    event = models.UUIDField("sự kiện ghi", null=True, blank=True)
    undo_event = models.UUIDField("sự kiện hoàn tác", null=True, blank=True)

    objects = ImportSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên nhập"
        verbose_name_plural = "phiên nhập"
        ordering = ("-touched_at", "-pk")
        indexes = (models.Index(fields=["organisation", "-touched_at"], name="importsession_latest"),)
        constraints = (
            choices_check("importsession", "state", ImportState),
            choices_check("importsession", "job", ImportJob, blank=True),
        )

    def __str__(self) -> str:
        names = [file.name for file in self.files.all()]
        return ", ".join(names) or f"Phiên nhập {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be changed in it."""
        return self.state in {ImportState.DONE, ImportState.UNDONE, ImportState.ABANDONED}


class OfImportSessionQuerySet(ScopedQuerySet):
    """Base for what belongs to an import session."""

    scope_path = "session__organisation__path"

    def visible_to(self, user: Any) -> Self:
        return self.within(scope_of(user, Permission.CHANGE_RECORDS))


class ImportFileQuerySet(OfImportSessionQuerySet):
    """Files of import sessions."""


class ImportFile(models.Model):
    """A file of an import session as it was sent; its content goes some weeks after the session is over."""

    access_area = Area.RECORDS

    session = models.ForeignKey(
        ImportSession, verbose_name="phiên nhập", on_delete=models.CASCADE, related_name="files"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    name = LineField("tên tệp", max_length=200)
    size = models.PositiveIntegerField("cỡ (byte)")
    sha256 = models.CharField("SHA-256 của tệp", max_length=64)
    content = models.BinaryField("nội dung tệp", null=True)

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp nhập"
        verbose_name_plural = "tệp nhập"
        ordering = ("session", "position")
        constraints = (
            models.UniqueConstraint(
                fields=["session", "position"],
                name="importfile_in_order",
                violation_error_message="Phiên nhập đã có tệp ở thứ tự này.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ImportPartQuerySet(OfImportSessionQuerySet):
    """Parts of what was read."""


class ImportPart(models.Model):
    """Some hundred rows of a table as they were read: packed JSON, so that a page unpacks no more than it shows.

    `table` counts the tables of all files of the session from 0.
    """

    access_area = Area.RECORDS

    session = models.ForeignKey(
        ImportSession, verbose_name="phiên nhập", on_delete=models.CASCADE, related_name="parts"
    )
    table = models.PositiveSmallIntegerField("bảng")
    first_row = models.PositiveIntegerField("từ dòng")
    last_row = models.PositiveIntegerField("đến dòng")
    content = models.BinaryField("các dòng")

    objects = ImportPartQuerySet.as_manager()

    class Meta:
        verbose_name = "phần đã đọc"
        verbose_name_plural = "phần đã đọc"
        ordering = ("session", "table", "first_row")

    def __str__(self) -> str:
        return f"{self.session_id}, bảng {self.table}, dòng {self.first_row}–{self.last_row}"

    @classmethod
    def packed(cls, rows: Iterable[Any]) -> bytes:
        """Rows as the column holds them."""
        return zlib.compress(json.dumps(list(rows), ensure_ascii=False, separators=(",", ":")).encode(), 1)

    def unpacked(self) -> list[Any]:
        """The rows: [number, cells, groups] each."""
        rows: list[Any] = json.loads(zlib.decompress(self.content))
        return rows


class RowStatus(models.TextChoices):
    """What an import makes, or would make, of a row."""

    NEW = "new", "Thêm mới"
    CHANGED = "changed", "Thay đổi"
    SAME = "same", "Không đổi"
    CONFLICT = "conflict", "Cần chọn"
    WRONG = "wrong", "Sai"
    LEFT_OUT = "left_out", "Bỏ qua"


class ImportOutcomeQuerySet(OfImportSessionQuerySet):
    """Outcomes of rows."""


class ImportOutcome(models.Model):
    """What the last preview of a session, or its import, made of a row.

    `detail` holds what the page tells of it (members.exchange.plan.Outcome.detail), empty where there is nothing to
    tell; `has_notes` is for the filter.
    """

    access_area = Area.RECORDS

    session = models.ForeignKey(
        ImportSession, verbose_name="phiên nhập", on_delete=models.CASCADE, related_name="outcomes", db_index=False
    )
    table = models.PositiveSmallIntegerField("bảng")
    row = models.PositiveIntegerField("dòng")
    status = models.CharField("kết quả", max_length=10, choices=RowStatus.choices)
    has_notes = models.BooleanField("có lưu ý", default=False)
    detail = models.JSONField("chi tiết", default=dict, blank=True)

    objects = ImportOutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả của dòng"
        verbose_name_plural = "kết quả của dòng"
        ordering = ("session", "table", "row")
        indexes = (
            models.Index(fields=["session", "table", "row"], name="importoutcome_in_order"),
            models.Index(fields=["session", "status", "table", "row"], name="importoutcome_status"),
        )
        constraints = (choices_check("importoutcome", "status", RowStatus),)

    def __str__(self) -> str:
        return f"{self.get_status_display()}: bảng {self.table}, dòng {self.row}"


class ColumnMemoryQuerySet(ScopedQuerySet):
    """What was learnt of shapes."""

    scope_path = "organisation__path"

    def visible_to(self, user: Any) -> Self:
        """Those of the scope in which the user may enter records."""
        return self.within(scope_of(user, Permission.CHANGE_RECORDS))


class ColumnMemory(models.Model):
    """What the columns of tables with the same headings meant the last time (ghi nhớ cách hiểu cột).

    `answer` is as members.intake.understand.Options.answers has it for one shape.
    """

    access_area = Area.RECORDS

    organisation = models.ForeignKey(
        Organisation, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="column_memories"
    )
    shape = models.CharField("hình dạng bảng", max_length=32)
    answer = models.JSONField("trả lời về cột", default=dict)
    saved_by = models.ForeignKey(
        User, verbose_name="người trả lời", on_delete=models.PROTECT, related_name="column_memories"
    )
    saved_at = models.DateTimeField("thời điểm")

    objects = ColumnMemoryQuerySet.as_manager()

    class Meta:
        verbose_name = "ghi nhớ cách hiểu cột"
        verbose_name_plural = "ghi nhớ cách hiểu cột"
        ordering = ("organisation", "shape")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "shape"],
                name="columnmemory_once_a_shape",
                violation_error_message="Cách hiểu bảng này đã được ghi nhớ.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.shape[:8]}"
