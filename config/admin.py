"""The admin site and the base of its pages: the same scope, permissions and forms as everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.conflicts import ConflictError
from config.forms import ValidatedInlineFormSet, ValidatedModelForm, taken_in_words
from config.pages import ATTEMPTS
from config.submissions import act_once


class CommitteeAdminSite(admin.AdminSite):
    """Danh mục and quy định, for those who keep them; signing in, out and passwords are the program's own pages."""

    site_title = "Quản trị"
    site_header = "Quản trị danh mục, quy định"
    index_title = "Danh mục, quy định"
    site_url = "/"
    enable_nav_sidebar = True

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send to the sign-in page; who has signed in and may not enter is refused."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Hand the form on to the page that signs out."""
        return redirect("sign_out", preserve_request=True)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("my_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("my_account")


class Scoped:
    """Mixin: shows and offers only rows that `visible_to(request.user)` names."""

    form: Any = ValidatedModelForm

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", db_field.remote_field.model._default_manager.visible_to(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class ScopedAdmin(Scoped, admin.ModelAdmin):
    """The pages of a model.

    A form sent twice acts once; what somebody else saved meanwhile is merged or asked, row by row; what was saved
    must still be the user's to change.
    """

    # What a save stands in; the app of the audit trail makes it one event.
    unit_of_work: ClassVar[Callable[[], AbstractContextManager[Any]]] = transaction.atomic

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        return act_once(request, lambda: self._save(request, *args, **kwargs))

    def _save(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show the form; where another one came in between, read and validate again."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with type(self).unit_of_work():
                    return super().changeform_view(request, *args, **kwargs)
            except (ConflictError, IntegrityError):
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("The last attempt answers or raises.")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes along and what stands in the way, by number and kind: the rows may be another organisation's."""
        to_delete, counts, missing, protected = super().get_deleted_objects(objs, request)
        if protected:
            protected = [
                "Đang được hồ sơ khác dùng, nên không xóa được. Hãy ghi ngày hoặc năm hết hiệu lực thay vì xóa."
            ]
        return to_delete, counts, missing, protected

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        action = f"{self.opts.app_label}.change_{self.opts.model_name}"
        if not request.user.has_perm(action, form.instance):
            raise PermissionDenied
        told = taken_in_words([form, *(row for formset in formsets for row in formset.forms)])
        if told:
            messages.warning(request, told)


class ScopedInline(Scoped, admin.TabularInline):
    """Rows within another row's page."""

    formset = ValidatedInlineFormSet
    extra = 0
