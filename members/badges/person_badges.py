"""Badges recorded or corrected by hand, on the page of a person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from config.access import Permission
from config.pages import get_visible, requires
from members.badges import services
from members.badges.forms import BadgeForm
from members.models import Badge, Person
from members.pages import AddPage, ChangePage, FormPage


class _OnBadge(FormPage):
    form_class = BadgeForm

    def write(self, form: BadgeForm) -> Badge:
        return services.write_badge(badge=form.instance, by=self.user)

    def address(self, row: Badge) -> str:
        return reverse("person", args=[row.person_id])


class AddBadge(_OnBadge, AddPage):
    """A badge that was awarded outside the rounds on record."""

    model = Badge

    def row(self) -> Badge:
        found = get_visible(Person, self.user, pk=self.kwargs["pk"])
        if not self.user.has_perm(self.permission, found):
            raise PermissionDenied
        return Badge(person=found)

    def context(self, form: BadgeForm) -> dict[str, Any]:
        person = form.instance.person
        return {"title": f"Ghi Huy hiệu Đảng: {person}", "back": self.address(form.instance), "action": "Ghi Huy hiệu"}


class ChangeBadge(_OnBadge, ChangePage):
    """A badge on record: its number, or a correction."""

    model = Badge

    def context(self, form: BadgeForm) -> dict[str, Any]:
        stored = self.row()
        return {"title": f"Sửa {stored}", "back": self.address(stored), "action": "Ghi"}


badge_new = requires(Permission.CHANGE_RECORDS)(AddBadge.as_view())
change_badge = requires(Permission.CHANGE_RECORDS)(ChangeBadge.as_view())
