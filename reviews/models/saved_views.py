"""Lists of people that somebody keeps to come back to."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from config.access import Area, Permission, UserScope, scope_of
from members.fields import LineField
from members.models import Organisation, User
from members.models.records import Record, RecordQuerySet

LONGEST_QUERY = 2000


class SavedViewQuerySet(RecordQuerySet):
    """Saved lists."""

    def visible_to(self, user: Any) -> Self:
        """One's own, and those shared with an organisation that one belongs to or stands under."""
        paths = scope_of(user, Permission.VIEW_RECORDS).paths
        if not paths:
            return self.none()
        keys = {int(key) for path in paths for key in path.split("/")[:-1]}
        return self.filter(Q(owner=user) | Q(organisation__in=keys))

    def changeable_by(self, user: Any) -> Self:
        """One's own."""
        return self.visible_to(user).filter(owner=user)

    def within(self, scope: UserScope, *, to_change: bool = False) -> Self:
        """Those shared with an organisation of the scope."""
        return self.filter(scope.covers("organisation__path"))


class SavedView(Record):
    """A list of people kept under a name (danh sách đã lưu): what was asked for, not who was found.

    Opened by somebody else it finds what they may see. With `organisation` it is shared with all who have a role on
    that organisation or under it.
    """

    access_area = Area.RECORDS
    audit_subjects: ClassVar[dict[str, str]] = {"account": "owner_id"}

    owner = models.ForeignKey(User, verbose_name="người lưu", on_delete=models.PROTECT, related_name="saved_views")
    name = LineField("tên danh sách", max_length=100)
    query = LineField("điều kiện, cột, thứ tự", max_length=LONGEST_QUERY, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="chia sẻ với tổ chức",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="saved_views",
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "danh sách đã lưu"
        verbose_name_plural = "danh sách đã lưu"
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(name=""),
                name="savedview_name_given",
                violation_error_message="Hãy đặt tên cho danh sách.",
            ),
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="savedview_named_once",
                violation_error_message="Bạn đã có một danh sách mang tên này. Hãy đặt tên khác.",
            ),
        )

    def __str__(self) -> str:
        return self.name
