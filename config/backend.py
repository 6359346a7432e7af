"""The one authentication backend: signs in by password and answers permission questions from config.access."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.db import models

from config.access import AREA_PERMISSIONS, Permission, holds


class RoleBackend(ModelBackend):
    """Signs users in by password and answers every permission question from roles and scope."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        """Whether a role of the user allows `perm`, and `obj`, where given, lies in its scope.

        `perm` is a `Permission` or a Django name such as "members.change_person".
        """
        needed = _permission_named(perm)
        if needed is None or not holds(user_obj, needed):
            return False
        return obj is None or _in_scope(user_obj, obj, needed)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the user may view any model of the app (the admin's index asks)."""
        names = (f"{app_label}.view_{model._meta.model_name}" for model in apps.get_app_config(app_label).get_models())
        return any(self.has_perm(user_obj, name) for name in names)

    def get_all_permissions(self, user_obj: Any, obj: models.Model | None = None) -> set[str]:
        """The user's permissions by value."""
        return {permission.value for permission in Permission if self.has_perm(user_obj, permission, obj)}


def _permission_named(perm: str) -> Permission | None:
    if perm in Permission.values:
        return Permission(perm)
    app_label, _, codename = perm.partition(".")
    action, _, model_name = codename.partition("_")
    try:
        area = getattr(apps.get_model(app_label, model_name), "access_area", None)
    except LookupError:
        return None
    return AREA_PERMISSIONS.get((area, action)) if area else None


def _in_scope(user: Any, obj: models.Model, permission: Permission) -> bool:
    manager: Any = type(obj)._default_manager
    return manager.open_to(user, permission).filter(pk=obj.pk).exists()
