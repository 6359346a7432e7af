"""The stock Django admin with a change list of today's members, its columns those of the program's own list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone

from bench.stock import MembershipAdmin, StockSite
from config.keyed_pages import PER_PAGE
from config.urls import urlpatterns as product_urls
from members.models import Membership


class TodaysMembers(MembershipAdmin):
    """As a developer would list them: the joins done at once, as many on a page as the program has, and filters by
    organisation, reason, sex, theory and the date of admission.
    """

    list_display = (
        "full_name",
        "born_on",
        "sex",
        "organisation",
        "decided_on",
        "official_on",
        "card_number",
        "start_reason",
    )
    date_hierarchy = "admission__decided_on"
    list_per_page = PER_PAGE

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return admin.ModelAdmin.get_queryset(self, request).on(timezone.localdate())

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display


site = StockSite(name="stock_people")
site.register(Membership, TodaysMembers)
urlpatterns = [*product_urls, path("stock/", site.urls)]
