"""Movements: the paper acts by which members come, go, move, rest and return; and temporary stays.

What counts are the stays and exemptions (memberships.py); a movement says by which paper they came to be so.
"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from config.access import Area, UserScope
from config.constraints import NoOverlap, choices_check, in_order
from members.fields import LineField, NoteField, PrecisionField
from members.models.honours import Discipline
from members.models.memberships import Exemption, Membership
from members.models.organisations import Organisation
from members.models.people import OfPersonQuerySet, Person
from members.models.records import Record
from members.partial_dates import Precision, partial


class TemporaryStayQuerySet(OfPersonQuerySet):
    """Temporary stays."""

    def on(self, day: Any) -> Self:
        """Those that cover `day`, whether or not their time was up by then."""
        return self.filter(began_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class TemporaryStay(Record):
    """A time of temporary activities (sinh hoạt tạm thời) of a member with a host, who doesn't count them.

    The member goes on being counted at home, by the stay there. `until_on` is the day up to which it was granted,
    `ended_on` the first day on which it no longer holds, once it has ended.
    """

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="temporary_stays")
    host = models.ForeignKey(
        Organisation,
        verbose_name="nơi sinh hoạt tạm thời",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="temporary_stays",
    )
    host_place = LineField("nơi sinh hoạt tạm thời ngoài đảng bộ", blank=True)
    began_on = models.DateField("từ ngày")
    until_on = models.DateField("được phép đến ngày")
    ended_on = models.DateField("kết thúc ngày", null=True, blank=True)
    is_study = models.BooleanField("để đi học", default=False)

    objects = TemporaryStayQuerySet.as_manager()

    class Meta:
        verbose_name = "thời gian sinh hoạt tạm thời"
        verbose_name_plural = "sinh hoạt tạm thời"
        ordering = ("person", "began_on")
        constraints = (
            models.CheckConstraint(
                condition=Q(host__isnull=False, host_place="") | (Q(host__isnull=True) & ~Q(host_place="")),
                name="temporarystay_host_or_place",
                violation_error_message="Nơi sinh hoạt tạm thời là một tổ chức trong đảng bộ, hoặc là một nơi khác.",
            ),
            in_order("temporarystay", "began_on", "until_on", "Ngày hết hạn không thể trước ngày bắt đầu."),
            in_order("temporarystay", "began_on", "ended_on", "Ngày kết thúc không thể trước ngày bắt đầu."),
            NoOverlap(
                name="temporarystay_no_overlap",
                fields=["person"],
                span=("began_on", "ended_on"),
                violation_error_message="Người này đang sinh hoạt tạm thời ở nơi khác trong thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, sinh hoạt tạm thời ở {self.place}"

    @property
    def place(self) -> str:
        """The host in words."""
        return self.host.name if self.host else self.host_place


class MovementKind(models.TextChoices):
    """Loại biến động."""

    MOVE = "move", "Chuyển nội bộ"
    TRANSFER_OUT = "transfer_out", "Chuyển sinh hoạt đi"
    TRANSFER_IN = "transfer_in", "Chuyển sinh hoạt đến"
    TEMPORARY = "temporary", "Sinh hoạt tạm thời"
    TEMPORARY_EXTENSION = "temporary_extension", "Gia hạn sinh hoạt tạm thời"
    TEMPORARY_END = "temporary_end", "Kết thúc sinh hoạt tạm thời"
    EXEMPTION = "exemption", "Miễn công tác và sinh hoạt"
    EXEMPTION_END = "exemption_end", "Thôi miễn công tác và sinh hoạt"
    STRIKING_OFF = "striking_off", "Xóa tên"
    WITHDRAWAL = "withdrawal", "Xin ra khỏi Đảng"
    EXPULSION = "expulsion", "Khai trừ"
    DEATH = "death", "Từ trần"
    RESTORATION = "restoration", "Phục hồi"
    READMISSION = "readmission", "Kết nạp lại"


class MovementState(models.TextChoices):
    """Tình trạng của biến động."""

    PENDING = "pending", "Chờ nơi đến tiếp nhận"
    IN_FORCE = "in_force", "Có hiệu lực"
    UNDONE = "undone", "Đã hoàn tác"


class MovementQuerySet(OfPersonQuerySet):
    """Movements."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those of people of the scope, and those by which somebody is on the way into it."""
        people = Person.objects.within(scope, to_change=to_change)
        arriving = scope.covers("to_organisation__path") & Q(state=MovementState.PENDING)
        return self.filter(Q(person__in=people.values("pk")) | arriving)

    def not_undone(self) -> Self:
        """Those that hold, pending ones included."""
        return self.exclude(state=MovementState.UNDONE)

    def pending(self) -> Self:
        """Chờ nơi đến tiếp nhận: sent, without an answer so far."""
        return self.filter(state=MovementState.PENDING)

    def happened_in(self, year: int) -> Self:
        """Those of `year`, by their own day."""
        return self.filter(happened_on__year=year)


class Movement(Record):
    """A movement (biến động): one paper act on one person, with its decision, its day and what it did.

    It names the stays that it ended and began, the exemption and the temporary stay that it began, changed or
    ended. Undone, it stays on record without these: what it had done was taken back, and the audit trail tells it.
    Stays that were imported, or entered before there were movements, have none.
    """

    access_area = Area.RECORDS

    person = models.ForeignKey(Person, verbose_name="người", on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField("loại biến động", max_length=20, choices=MovementKind.choices)
    state = models.CharField("tình trạng", max_length=10, choices=MovementState.choices, default=MovementState.IN_FORCE)
    happened_on = models.DateField("ngày")
    happened_on_precision = PrecisionField()
    happened = partial("happened_on")
    decision_number = LineField("số quyết định", max_length=60, blank=True)
    letter_number = LineField("số giấy giới thiệu", max_length=60, blank=True)
    from_organisation = models.ForeignKey(
        Organisation,
        verbose_name="từ tổ chức",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements_from",
    )
    from_place = LineField("nơi chuyển đi ngoài đảng bộ", blank=True)
    to_organisation = models.ForeignKey(
        Organisation,
        verbose_name="đến tổ chức",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements_to",
    )
    to_place = LineField("nơi đến ngoài đảng bộ", blank=True)
    until_on = models.DateField("đến ngày", null=True, blank=True)
    is_study = models.BooleanField("để đi học", default=False)
    reason = LineField("lý do", max_length=500, blank=True)
    note = NoteField("ghi chú", blank=True)
    cause_on = models.DateField(
        "ngày có quyết định chuyển công tác, nghỉ hưu, chuyển nơi ở",
        null=True,
        blank=True,
        help_text="Thời hạn làm thủ tục tính từ ngày này.",
    )
    arrived_on = models.DateField("ngày nơi đến tiếp nhận", null=True, blank=True)
    arrived_on_precision = PrecisionField()
    arrived = partial("arrived_on")
    answer_number = LineField("số phiếu báo", max_length=60, blank=True)
    batch = models.UUIDField("ghi cùng đợt", null=True, blank=True, editable=False)
    # What it did.
    ended_stay = models.ForeignKey(
        Membership,
        verbose_name="thời gian sinh hoạt đã kết thúc",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ended_by",
    )
    began_stay = models.ForeignKey(
        Membership,
        verbose_name="thời gian sinh hoạt đã bắt đầu",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="begun_by",
    )
    exemption = models.ForeignKey(
        Exemption,
        verbose_name="thời gian miễn sinh hoạt",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
    )
    temporary_stay = models.ForeignKey(
        TemporaryStay,
        verbose_name="thời gian sinh hoạt tạm thời",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
    )
    # The decision to expel that it wrote, where none was on record.
    discipline = models.ForeignKey(
        Discipline,
        verbose_name="quyết định kỷ luật",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
    )
    # The keys of the posts in committees that ended along with a stay.
    ended_posts = models.JSONField("chức vụ cấp ủy đã thôi", default=list, blank=True, editable=False)
    former_end_on = models.DateField("ngày hết trước đó", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người ghi",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="recorded_movements",
    )
    recorded_at = models.DateTimeField("ghi lúc", null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người hoàn tác",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="undone_movements",
    )
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True, editable=False)
    undone_reason = LineField("lý do hoàn tác", max_length=500, blank=True)

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = "biến động"
        verbose_name_plural = "biến động đảng viên"
        ordering = ("-happened_on", "-pk")
        indexes = (
            models.Index(fields=["happened_on"], name="movement_happened_on"),
            # Who came only by movements that were undone is found by them.
            models.Index(fields=["person"], name="movement_undone", condition=Q(state=MovementState.UNDONE)),
        )
        constraints = (
            choices_check("movement", "kind", MovementKind),
            choices_check("movement", "state", MovementState),
            choices_check("movement", "happened_on_precision", Precision),
            choices_check("movement", "arrived_on_precision", Precision),
            in_order("movement", "happened_on", "arrived_on", "Ngày tiếp nhận không thể trước ngày chuyển."),
            models.CheckConstraint(
                condition=Q(state=MovementState.UNDONE, undone_at__isnull=False)
                & ~Q(undone_reason="")
                & Q(ended_stay__isnull=True, began_stay__isnull=True, exemption__isnull=True)
                & Q(temporary_stay__isnull=True)
                | ~Q(state=MovementState.UNDONE) & Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason=""),
                name="movement_undone_with_reason",
                violation_error_message="Biến động đã hoàn tác phải có lý do, thời điểm và không còn hiệu lực gì.",
            ),
            models.CheckConstraint(
                condition=Q(to_organisation__isnull=True) | Q(to_place=""),
                name="movement_one_destination",
                violation_error_message="Nơi đến hoặc là một tổ chức trong đảng bộ, hoặc là một nơi khác.",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind=MovementKind.MOVE, state=MovementState.PENDING),
                name="movement_one_on_the_way",
                violation_error_message="Người này đang chờ một tổ chức khác trong đảng bộ tiếp nhận.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}, {self.happened}"

    @property
    def origin(self) -> str:
        """Where from, in words."""
        return self.from_organisation.name if self.from_organisation else self.from_place

    @property
    def destination(self) -> str:
        """Where to, in words."""
        return self.to_organisation.name if self.to_organisation else self.to_place

    @property
    def is_pending(self) -> bool:
        """Whether the answer of the place of arrival is awaited."""
        return self.state == MovementState.PENDING

    @property
    def is_undone(self) -> bool:
        """Whether what it did was taken back."""
        return self.state == MovementState.UNDONE
