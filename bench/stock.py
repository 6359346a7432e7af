"""The stock Django admin on the same members: what somebody would pick who does not build a dashboard."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path

from config.urls import urlpatterns as product_urls
from members.models import Membership
from reviews.sources import last_day

YEAR = 2015


class StockSite(admin.AdminSite):
    """Django's own admin site, open to the account that measures."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active


class MembershipAdmin(admin.ModelAdmin):
    """The members of the last day of the year, 100 a page, with the columns of the paper register.

    Those of form 7-HSĐV, Sổ danh sách đảng viên, as a developer would list them, with the joins done at once.
    """

    list_display = (
        "full_name",
        "born_on",
        "sex",
        "ethnicity",
        "religion",
        "home_town",
        "general_education",
        "professional_education",
        "theory_level",
        "occupation",
        "decided_on",
        "official_on",
        "card_number",
        "file_number",
        "organisation",
        "began_on",
        "start_reason",
    )
    list_select_related = ("person", "organisation", "admission")
    list_filter = ("organisation", "start_reason", "person__sex", "person__theory_level")
    date_hierarchy = "began_on"
    search_fields = ("person__full_name", "person__file_number", "person__card_number")
    ordering = ("person__name_sort_key", "pk")
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).on(last_day(YEAR))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_module_permission = has_view_permission
    has_change_permission = has_view_permission

    @admin.display(ordering="person__full_name")
    def full_name(self, obj: Membership) -> Any:
        return obj.person.full_name

    @admin.display(ordering="person__born_on")
    def born_on(self, obj: Membership) -> Any:
        return obj.person.born_on

    @admin.display(ordering="person__ethnicity")
    def ethnicity(self, obj: Membership) -> Any:
        return obj.person.ethnicity

    @admin.display(ordering="person__religion")
    def religion(self, obj: Membership) -> Any:
        return obj.person.religion

    @admin.display(ordering="person__home_town")
    def home_town(self, obj: Membership) -> Any:
        return obj.person.home_town

    @admin.display(ordering="person__general_education")
    def general_education(self, obj: Membership) -> Any:
        return obj.person.general_education

    @admin.display(ordering="person__professional_education")
    def professional_education(self, obj: Membership) -> Any:
        return obj.person.professional_education

    @admin.display(ordering="person__occupation")
    def occupation(self, obj: Membership) -> Any:
        return obj.person.occupation

    @admin.display(ordering="person__card_number")
    def card_number(self, obj: Membership) -> Any:
        return obj.person.card_number

    @admin.display(ordering="person__file_number")
    def file_number(self, obj: Membership) -> Any:
        return obj.person.file_number

    @admin.display(ordering="person__sex")
    def sex(self, obj: Membership) -> str:
        return obj.person.get_sex_display()

    @admin.display(ordering="person__theory_level")
    def theory_level(self, obj: Membership) -> str:
        return obj.person.get_theory_level_display()

    @admin.display(ordering="admission__decided_on")
    def decided_on(self, obj: Membership) -> Any:
        return obj.admission.decided_on

    @admin.display(ordering="admission__official_on")
    def official_on(self, obj: Membership) -> Any:
        return obj.admission.official_on


site = StockSite(name="stock")
site.register(Membership, MembershipAdmin)

urlpatterns = [*product_urls, path("stock/", site.urls)]
