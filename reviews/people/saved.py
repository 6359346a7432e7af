"""Writes on saved lists."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from config.access import Permission, scope_of
from members.audit import audited
from members.models import Organisation
from members.services.checks import write_checked
from reviews.models import SavedView

MOST_SAVED = 100


def own_organisation(user: Any) -> Organisation | None:
    """The highest organisation whose records the user sees: with its people a list is shared."""
    paths = scope_of(user, Permission.VIEW_RECORDS).paths
    return Organisation.objects.filter(path__in=paths).order_by("path").first()


@audited
def save_view(*, name: str, query: str, is_shared: bool, by: Any) -> SavedView:
    """Keep a list under a name, for oneself or shared with one's organisation."""
    if SavedView.objects.filter(owner=by).count() >= MOST_SAVED:
        raise ValidationError(f"Bạn đã lưu {MOST_SAVED} danh sách. Hãy xóa bớt danh sách không còn dùng.")
    return write_checked(SavedView(owner=by, name=name, query=query, organisation=_shared_with(by, is_shared)))


@audited
def change_view(*, view: SavedView, name: str, is_shared: bool, by: Any) -> SavedView:
    """Give one's own list another name, share it or share it no longer."""
    view.name = name
    if is_shared != (view.organisation_id is not None):
        view.organisation = _shared_with(by, is_shared)
    return write_checked(view)


@audited
def delete_view(*, view: SavedView, by: Any) -> None:
    """Let one's own list go; the people in it stay as they are."""
    view.delete()


def _shared_with(by: Any, is_shared: bool) -> Organisation | None:
    return own_organisation(by) if is_shared else None
