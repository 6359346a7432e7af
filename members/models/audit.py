"""The audit trail (nhật ký) as it is kept: events in a chain, each with the changes that belong to it.

Written by members.audit alone. Rows are never changed, and deleted only after they went into an archive; the
database refuses anything else (migration 0004).
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q

from config.access import Area, ScopedQuerySet, UserScope
from config.constraints import choices_check
from members.audit import AuditAction, AuditOrigin, Verb, sealed
from members.fields import LineField
from members.models.accounts import RoleAssignment, User
from members.models.organisations import Organisation
from members.models.people import Person


def is_whole(scope: UserScope) -> bool:
    """Whether the scope holds every organisation."""
    return bool(scope.paths) and not Organisation.objects.roots().exclude(scope.covers("path")).exists()


class HoldsPerson(Func):
    """Whether the details of an export name a person, whose key is `person=`."""

    output_field = models.BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"({sql} -> 'people') @> %s::jsonb", (*parameters, str(self.extra["person"]))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, parameters = compiler.compile(self.source_expressions[0])
        held = f"SELECT 1 FROM json_each({sql}, '$.people') WHERE value = %s"  # noqa: S608  # nosec B608 (a column)
        return f"EXISTS ({held})", (*parameters, self.extra["person"])


class AuditEventQuerySet(ScopedQuerySet):
    """Events."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those that concern a record of the scope, and those of accounts all of whose roles lie in it.

        With a scope over every root: all.
        """
        if not scope.paths:
            return self.none()
        if is_whole(scope):
            return self
        inside = RoleAssignment.objects.within(scope).values("user")
        outside = RoleAssignment.objects.exclude(scope.covers("organisation__path")).values("user")
        own = User.objects.filter(pk__in=inside).exclude(pk__in=outside)
        items = AuditItem.objects.within(scope).filter(event=OuterRef("pk"))
        return self.filter(Exists(items) | Q(user__in=own.values("pk")))

    def exporting(self, person: int) -> Self:
        """Exports whose file held the person with that key."""
        return self.filter(HoldsPerson("details", person=person), action=AuditAction.EXPORTED)


class AuditEvent(models.Model):
    """One unit of work, sign-in, view or export: who, when, from where, why; chained to the one before it.

    `seal` is an HMAC over everything else in the row, among it the seal of the event before and the digest of the
    seals of its items.
    """

    access_area = Area.AUDIT

    key = models.UUIDField("mã", primary_key=True, editable=False)
    sequence = models.PositiveBigIntegerField("số thứ tự", unique=True)
    happened_at = models.DateTimeField("thời điểm")
    action = models.CharField("việc", max_length=20, choices=AuditAction.choices)
    user = models.ForeignKey(
        User, verbose_name="tài khoản", on_delete=models.PROTECT, null=True, blank=True, related_name="audit_events"
    )
    actor = LineField("người làm", blank=True)
    origin = models.CharField("qua", max_length=10, choices=AuditOrigin.choices)
    place = LineField("trang, lệnh", max_length=200, blank=True)
    address = LineField("địa chỉ mạng", max_length=45, blank=True)
    note = LineField("nội dung", max_length=500, blank=True)
    reason = LineField("lý do", max_length=500, blank=True)
    details = models.JSONField("chi tiết", default=dict, blank=True)
    item_count = models.PositiveIntegerField("số mục")
    items_digest = models.CharField("dấu của các mục", max_length=64, blank=True)
    previous_seal = models.CharField("dấu của sự kiện trước", max_length=64, blank=True)
    seal = models.CharField("dấu", max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "nhật ký"
        ordering = ("-sequence",)
        indexes = (
            models.Index(fields=["happened_at"], name="auditevent_happened_at"),
            models.Index(fields=["user", "sequence"], name="auditevent_user"),
            models.Index(fields=["action", "sequence"], name="auditevent_action"),
        )
        constraints = (
            choices_check("auditevent", "action", AuditAction),
            choices_check("auditevent", "origin", AuditOrigin),
        )

    def __str__(self) -> str:
        return f"{self.sequence}: {self.get_action_display()}"

    def tidy(self) -> None:
        """Bring the texts into the form in which the database will hold them, so that the seal fits it."""
        for column in self._meta.concrete_fields:
            if isinstance(column, LineField):
                text = column.to_python(getattr(self, column.attname))[: column.max_length]
                setattr(self, column.attname, column.to_python(text.replace("\0", "")))

    def payload(self) -> dict[str, Any]:
        """What the seal stands for."""
        values = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        del values["seal"]
        return values | {"key": str(self.key), "happened_at": self.happened_at.astimezone(dt.UTC).isoformat()}


class AuditItemQuerySet(ScopedQuerySet):
    """Parts of events."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those that concern an organisation or a person of the scope; with a scope over every root: all."""
        if is_whole(scope):
            return self
        people = Person.objects.within(scope).values("pk")
        return self.filter(scope.covers("organisation__path") | Q(person__in=people))


class AuditItem(models.Model):
    """What an event did to one record: its columns before and after; whom the record is about.

    A reference may outlive what it points to.
    """

    access_area = Area.AUDIT

    event = models.ForeignKey(
        AuditEvent, verbose_name="sự kiện", on_delete=models.PROTECT, related_name="items", db_index=False
    )
    ordinal = models.PositiveIntegerField("mục số")
    verb = models.CharField("việc", max_length=10, choices=Verb.choices)
    model = models.CharField("loại bản ghi", max_length=60)
    key = models.BigIntegerField("khóa")
    version = models.PositiveIntegerField("lần sửa")
    person = models.ForeignKey(
        Person,
        verbose_name="người",
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="audit_items",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="tổ chức",
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="audit_items",
    )
    account = models.ForeignKey(
        User,
        verbose_name="tài khoản",
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="audit_items",
    )
    before = models.JSONField("trước", default=dict, blank=True)
    after = models.JSONField("sau", default=dict, blank=True)
    seal = models.CharField("dấu", max_length=64)

    objects = AuditItemQuerySet.as_manager()

    class Meta:
        verbose_name = "mục của sự kiện"
        verbose_name_plural = "mục của sự kiện"
        ordering = ("event", "ordinal")
        indexes = (models.Index(fields=["model", "key", "version"], name="audititem_record"),)
        constraints = (
            choices_check("audititem", "verb", Verb),
            models.UniqueConstraint(
                fields=["event", "ordinal"],
                name="audititem_once",
                violation_error_message="Mục này của sự kiện đã được ghi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.model} {self.key}"

    def payload(self) -> dict[str, Any]:
        """What the seal stands for; the same as members.audit seals when it writes."""
        return {
            "event": str(self.event_id),
            "ordinal": self.ordinal,
            "verb": self.verb,
            "model": self.model,
            "key": self.key,
            "version": self.version,
            "person": self.person_id,
            "organisation": self.organisation_id,
            "account": self.account_id,
            "before": self.before,
            "after": self.after,
        }


class AuditHeadQuerySet(ScopedQuerySet):
    """The end of the chain."""


class AuditHead(models.Model):
    """The end of the chain, in one row: how many events there are and the seal of the last one."""

    access_area = Area.AUDIT

    sequence = models.PositiveBigIntegerField("số thứ tự", default=0)
    last_seal = models.CharField("dấu của sự kiện cuối", max_length=64, blank=True)
    seal = models.CharField("dấu", max_length=64, blank=True)

    objects = AuditHeadQuerySet.as_manager()

    class Meta:
        verbose_name = "đầu chuỗi nhật ký"
        verbose_name_plural = "đầu chuỗi nhật ký"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.sequence}:{self.last_seal[:16]}"

    def payload(self) -> dict[str, Any]:
        """What the seal stands for; it can't be taken from an event."""
        return {"head": self.sequence, "last_seal": self.last_seal}

    def advance(self, event: AuditEvent) -> None:
        """Let the chain end in `event`."""
        self.sequence, self.last_seal = event.sequence, event.seal
        self.seal = sealed(self.payload())
        self.save(force_update=True)


class AuditArchiveQuerySet(ScopedQuerySet):
    """Archives."""


class AuditArchive(models.Model):
    """Events that went into a file: up to which one, and what the file and the chain's end then were."""

    access_area = Area.AUDIT

    first_sequence = models.PositiveBigIntegerField("từ sự kiện")
    last_sequence = models.PositiveBigIntegerField("đến sự kiện", unique=True)
    last_seal = models.CharField("dấu của sự kiện cuối", max_length=64)
    file_name = LineField("tệp", max_length=200)
    file_digest = models.CharField("SHA-256 của tệp", max_length=64)
    archived_at = models.DateTimeField("thời điểm")
    seal = models.CharField("dấu", max_length=64)

    objects = AuditArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = "bản lưu trữ nhật ký"
        verbose_name_plural = "bản lưu trữ nhật ký"
        ordering = ("last_sequence",)

    def __str__(self) -> str:
        return self.file_name

    def payload(self) -> dict[str, Any]:
        """What the seal stands for."""
        values = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        del values["seal"], values["id"]
        return values | {"archived_at": self.archived_at.astimezone(dt.UTC).isoformat()}
