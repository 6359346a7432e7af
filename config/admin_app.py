"""Puts the project's admin site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class ScopedAdminConfig(AdminConfig):
    default_site = "config.admin.CommitteeAdminSite"
