"""What somebody typed into a form and hasn't saved yet."""

from __future__ import annotations

from typing import Any

from django.db import models

from config.access import Area, Permission, ScopedQuerySet, UserScope
from members.models.accounts import User


class DraftQuerySet(ScopedQuerySet):
    """Drafts: each is its owner's alone, whatever roles others hold."""

    def within(self, scope: UserScope, *, to_change: bool = False) -> Any:
        return self.none()

    def open_to(self, user: Any, permission: Permission) -> Any:
        return self.filter(owner=user.pk)


class Draft(models.Model):
    """What its owner has typed into the form at an address (bản nháp), until the form is saved.

    No record and not in the trail: nothing was changed by it. It lies here and not in the browser, which may stand in
    a room where others use it.
    """

    access_area = Area.RECORDS

    owner = models.ForeignKey(User, verbose_name="người nhập", on_delete=models.CASCADE, related_name="drafts")
    address = models.CharField("địa chỉ biểu mẫu", max_length=200)
    data = models.JSONField("nội dung đã nhập")
    saved_at = models.DateTimeField("lưu lúc", db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "bản nháp"
        verbose_name_plural = "bản nháp"
        ordering = ("-saved_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["owner", "address"],
                name="draft_once_a_form",
                violation_error_message="Biểu mẫu này đã có bản nháp.",
            ),
        )

    def __str__(self) -> str:
        return self.address
