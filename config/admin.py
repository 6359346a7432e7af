"""The admin site and the base of its pages: the same scope and permissions as everywhere else."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from config.forms import ValidatedInlineFormSet, ValidatedModelForm


class CommitteeAdminSite(admin.AdminSite):
    """Danh mục, quy định and accounts, for those who keep them."""

    site_title = "Quản trị"
    site_header = "Quản trị danh mục, quy định"
    index_title = "Danh mục, quy định và tài khoản"
    site_url = "/"
    enable_nav_sidebar = True


class Scoped:
    """Mixin: shows and offers only rows that `visible_to(request.user)` names."""

    form: Any = ValidatedModelForm

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", db_field.remote_field.model._default_manager.visible_to(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class ScopedAdmin(Scoped, admin.ModelAdmin):
    """The pages of a model."""


class ScopedInline(Scoped, admin.TabularInline):
    """Rows within another row's page."""

    formset = ValidatedInlineFormSet
    extra = 0
