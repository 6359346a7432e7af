"""Administration page of the programmes; classes and learners have pages of their own."""

from django.contrib import admin

from config.admin import ScopedAdmin
from training.models import Programme


@admin.register(Programme)
class ProgrammeAdmin(ScopedAdmin):
    list_display = (
        "position",
        "name",
        "code",
        "present_name",
        "certificate_valid_months",
        "confidence",
        "source",
    )
    list_display_links = ("name",)
    list_filter = ("confidence",)
    search_fields = ("code", "name", "present_name")
