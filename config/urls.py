"""Every address of the program."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("members.urls")),
    path("", include("reviews.urls")),
    path("quan-tri/", admin.site.urls),
]

handler400 = "config.errors.bad_request"
