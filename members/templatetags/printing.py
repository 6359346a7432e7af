"""The head of a printed list: whose it is, as documents of the Party have it."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from config.access import Permission, scope_of
from members.models import Organisation

register = template.Library()


@register.inclusion_tag("members/_print_head.html", takes_context=True)
def print_head(context: dict[str, Any], organisation: Organisation | None = None) -> dict[str, str]:
    """The committee above and, below it, the organisation that a list is of: by default the user's own."""
    found = organisation or _own(context["user"])
    if found is None:
        return {"upper": "", "name": settings.PARENT_COMMITTEE_NAME}
    return {"upper": found.parent.name if found.parent else settings.PARENT_COMMITTEE_NAME, "name": found.name}


def _own(user: Any) -> Organisation | None:
    """The highest organisation whose records or trail the user may see."""
    paths = scope_of(user, Permission.VIEW_RECORDS).paths or scope_of(user, Permission.VIEW_AUDIT).paths
    return Organisation.objects.filter(path__in=paths).select_related("parent").order_by("path").first()
