"""Administration pages of rules and organisations (to look at); personal records and accounts aren't here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as auth_admin  # noqa: F401 (registers Group)
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django_otp.plugins.otp_totp import admin as otp_admin  # noqa: F401 (registers TOTPDevice)
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.admin import ScopedAdmin, ScopedInline
from members.admission.keeping import refresh_cases
from members.models import (
    AdmissionCondition,
    AdmissionDeadline,
    AdmissionStage,
    BadgeAwardDay,
    BadgeMilestone,
    DisciplineEffect,
    DocumentKind,
    DocumentNeed,
    Holiday,
    MassOrganisation,
    Organisation,
    OrganisationPeriod,
)

# Permissions come from roles (config.access), never from Django's groups; accounts and their second factor have pages
# of their own (members.accounts.pages).
admin.site.unregister([Group, TOTPDevice])

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


class ReckonsCases:
    """Mixin: what is changed here changes by when the steps of open cases are due."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        refresh_cases()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        super().delete_model(request, obj)  # type: ignore[misc]
        refresh_cases()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        super().delete_queryset(request, queryset)  # type: ignore[misc]
        refresh_cases()


@admin.register(AdmissionStage)
class AdmissionStageAdmin(ReckonsCases, ScopedAdmin):
    list_display = ("position", "name", "phase", "actor", "majority", "due_step", *VALIDITY)
    list_display_links = ("name",)
    list_filter = ("phase", "actor", "confidence")
    search_fields = ("code", "name", "source")

    @admin.display(description="biểu quyết", empty_value="–")
    def majority(self, stage: AdmissionStage) -> str | None:
        return stage.majority_in_words if stage.has_vote else None


@admin.register(AdmissionCondition)
class AdmissionConditionAdmin(ScopedAdmin):
    list_display = ("kind", "amount", *VALIDITY)
    list_filter = ("confidence", "kind")
    search_fields = ("source",)


@admin.register(AdmissionDeadline)
class AdmissionDeadlineAdmin(ReckonsCases, ScopedAdmin):
    list_display = ("step", "amount", "unit", "counted_from", "counts_from_receipt", *VALIDITY)
    list_filter = ("confidence", "step")
    search_fields = ("counted_from", "source")


@admin.register(DisciplineEffect)
class DisciplineEffectAdmin(ScopedAdmin):
    list_display = ("form", "effect", "months", *VALIDITY)
    list_filter = ("confidence", "effect", "form")
    search_fields = ("source",)


@admin.register(Holiday)
class HolidayAdmin(ReckonsCases, ScopedAdmin):
    list_display = ("name", "first_on", "last_on", "is_working_day", "confidence", "source")
    list_filter = ("is_working_day", "confidence")
    date_hierarchy = "first_on"
    search_fields = ("name", "source")


class DocumentNeedInline(ScopedInline):
    model = DocumentNeed
    extra = 1


@admin.register(DocumentKind)
class DocumentKindAdmin(ScopedAdmin):
    list_display = ("order_number", "name", "group", *VALIDITY)
    list_display_links = ("name",)
    list_filter = ("group", "confidence", "needs__step")
    search_fields = ("name", "code", "source")
    inlines = (DocumentNeedInline,)


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
