"""Administration pages of the rating schemes; ratings have pages of their own."""

from django.contrib import admin

from config.admin import ScopedAdmin, ScopedInline
from reviews.models import RatingLevel, RatingQuota, RatingScheme


class RatingLevelInline(ScopedInline):
    model = RatingLevel
    fields = ("rank", "name", "abbreviation", "other_names")
    show_change_link = True


@admin.register(RatingScheme)
class RatingSchemeAdmin(ScopedAdmin):
    list_display = ("title", "subject", "first_year", "last_year", "confidence", "source")
    list_filter = ("subject", "confidence")
    search_fields = ("title", "source")
    inlines = (RatingLevelInline,)


class RatingQuotaInline(ScopedInline):
    model = RatingQuota
    fields = ("percent", "base", "per_kind", "rounding", "source", "confidence")


@admin.register(RatingLevel)
class RatingLevelAdmin(ScopedAdmin):
    list_display = ("name", "rank", "abbreviation", "scheme", "other_names")
    list_filter = ("scheme__subject", "scheme")
    list_select_related = ("scheme",)
    search_fields = ("name", "abbreviation", "other_names", "scheme__title")
    inlines = (RatingQuotaInline,)
