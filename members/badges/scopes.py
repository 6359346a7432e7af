"""Of which organisation a page speaks, and which others it offers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from config.access import Permission, scope_of
from members.models import GRASSROOTS_KINDS, Organisation


def own_organisation(user: Any, permission: Permission = Permission.VIEW_RECORDS) -> Organisation:
    """The highest organisation of the user's scope."""
    found = Organisation.objects.filter(path__in=scope_of(user, permission).paths).order_by("path").first()
    if found is None:
        raise Http404
    return found


def choices(request: HttpRequest, shown: Organisation) -> list[Organisation]:
    """What a chooser offers: the user's own organisations, their TCCSĐ of today, and the one shown."""
    paths = scope_of(request.user, Permission.VIEW_RECORDS).paths
    visible = Organisation.objects.open_to(request.user, Permission.VIEW_RECORDS)
    grassroots = visible.existing_on(timezone.localdate()).filter(kind__in=GRASSROOTS_KINDS)
    found = {own.pk: own for own in visible.filter(path__in=paths).order_by("path")}
    found |= {unit.pk: unit for unit in grassroots.order_by("name_sort_key", "pk")}
    return list(({shown.pk: shown} | found if shown.pk not in found else found).values())


def may(user: Any, permission: Permission, organisation: Organisation) -> bool:
    """Whether a role that allows it covers the organisation."""
    return any(organisation.path.startswith(path) for path in scope_of(user, permission).paths)


def require_export(user: Any, organisation: Organisation) -> None:
    """403 for an organisation that the user may see but not export."""
    if not may(user, Permission.EXPORT, organisation):
        raise PermissionDenied


class Units:
    """The TCCSĐ that organisations belong to, by today's tree; one query."""

    def __init__(self) -> None:
        rows = Organisation.objects.filter(kind__in=GRASSROOTS_KINDS).values_list("pk", "name")
        self._names = {str(pk): name for pk, name in rows}

    def names(self, path: str, name: str) -> tuple[str, str]:
        """The name of the TCCSĐ of the organisation with that path and name, and its own where it is another."""
        unit = next((self._names[key] for key in path.split("/") if key in self._names), "")
        return unit or name, "" if not unit or unit == name else name
