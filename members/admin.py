"""Administration pages of rules, organisations (to look at) and accounts; personal records aren't here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.forms import UserCreationForm as DjangoUserCreationForm
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest

from config.admin import ScopedAdmin, ScopedInline
from config.forms import ValidatedModelForm
from members.models import (
    AdmissionDeadline,
    BadgeAwardDay,
    BadgeMilestone,
    MassOrganisation,
    Organisation,
    OrganisationPeriod,
    RoleAssignment,
    User,
)

# Permissions come from roles (config.access), never from Django's groups.
admin.site.unregister(Group)

VALIDITY = ("starts_on", "ends_on", "confidence", "source")


class ReadOnly:
    """Mixin: rows that are looked at here and written elsewhere."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(BadgeMilestone)
class BadgeMilestoneAdmin(ScopedAdmin):
    list_display = ("years", "early_months", *VALIDITY)
    list_filter = ("confidence", "years")
    search_fields = ("source",)


@admin.register(BadgeAwardDay)
class BadgeAwardDayAdmin(ScopedAdmin):
    list_display = ("__str__", "name", *VALIDITY)
    list_filter = ("confidence",)
    search_fields = ("name", "source")


@admin.register(AdmissionDeadline)
class AdmissionDeadlineAdmin(ScopedAdmin):
    list_display = ("step", "amount", "unit", "counted_from", *VALIDITY)
    list_filter = ("confidence", "step")
    search_fields = ("counted_from", "source")


class OrganisationPeriodInline(ReadOnly, ScopedInline):
    model = OrganisationPeriod
    fk_name = "organisation"
    fields = ("starts_on", "ends_on", "name", "kind", "parent", "event", "decision_number")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("parent")


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly, ScopedAdmin):
    list_display = ("name", "code", "kind", "sector", "parent", "founded", "ended")
    list_filter = ("kind", "sector", ("ended_on", admin.EmptyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("code", "name", "name_search")
    fields = readonly_fields = ("code", "name", "kind", "sector", "parent", "founded", "ended")
    inlines = (OrganisationPeriodInline,)

    @admin.display(description="ngày thành lập", ordering="founded_on", empty_value="–")
    def founded(self, organisation: Organisation) -> str | None:
        return str(organisation.founded) if organisation.founded else None

    @admin.display(description="ngày kết thúc", ordering="ended_on", empty_value="–")
    def ended(self, organisation: Organisation) -> str | None:
        return str(organisation.ended) if organisation.ended else None


@admin.register(MassOrganisation)
class MassOrganisationAdmin(ReadOnly, ScopedAdmin):
    list_display = ("name", "code", "kind", "kind_text", "organisation", "founded_on", "ended_on")
    list_filter = ("kind", ("ended_on", admin.EmptyFieldListFilter))
    list_select_related = ("organisation",)
    search_fields = ("code", "name", "organisation__name")
    fields = ("code", "name", "kind", "kind_text", "organisation", "founded_on", "ended_on")


class UserCreationForm(DjangoUserCreationForm, ValidatedModelForm):
    """A new account with its first password."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email")


class UserForm(UserChangeForm, ValidatedModelForm):
    """An account; its password is changed on a page of its own."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email", "is_active")
        help_texts = {"is_active": "Bỏ chọn để khóa tài khoản; tài khoản đã dùng thì khóa, không xóa."}


class RoleAssignmentInline(ScopedInline):
    model = RoleAssignment
    fields = ("role", "organisation", "starts_on", "ends_on")


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = UserCreationForm
    list_display = ("username", "full_name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "role_assignments__role")
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login",)
    fieldsets = ((None, {"fields": ("username", "password", "full_name", "email", "is_active", "last_login")}),)
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "full_name", "email", "password1", "password2"), "classes": ("wide",)},
        ),
    )
    inlines = (RoleAssignmentInline,)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        roles = Prefetch("role_assignments", RoleAssignment.objects.select_related("organisation"))
        return super().get_queryset(request).prefetch_related(roles)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A new account is given its roles once it is there."""
        return self.inlines if obj else ()

    @admin.display(description="vai trò")
    def roles(self, user: User) -> str:
        """Every role with its organisation, past and future ones too."""
        return "; ".join(
            f"{assignment.get_role_display()} – {assignment.organisation}" for assignment in user.role_assignments.all()
        )
