"""Base of the custom pages: permission asked first, then scope; out of scope is 404, without permission 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from config.access import Permission, holds

View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=models.Model)

# How often a save is tried where others save the same record at the same moment.
ATTEMPTS = 3
OUT_OF_SCOPE = (
    "Ghi như vậy thì hồ sơ sẽ ra ngoài phạm vi mà bạn được sửa, nên chưa ghi gì. "
    "Hãy chọn tổ chức trong phạm vi của bạn, hoặc đề nghị cấp trên ghi."
)


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Refuse with 403 who holds none of one of `permissions` anywhere; rows are scoped by `get_visible`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not all(holds(request.user, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        wrapped.permissions = permissions  # type: ignore[attr-defined]
        return wrapped

    return decorate


def requires_one_of(*permissions: Permission) -> Callable[[View], View]:
    """Refuse with 403 who holds none of `permissions` anywhere."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(holds(request.user, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def get_visible(model: type[Row], user: Any, **lookup: Any) -> Row:
    """The row that `user` may see; 404 where there is none, whether it exists or not."""
    found = model._default_manager.visible_to(user).filter(**lookup).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
