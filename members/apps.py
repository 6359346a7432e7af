"""The app's configuration."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Đảng viên, tổ chức"

    def ready(self) -> None:
        from config.admin import ScopedAdmin
        from members import audit

        # A save in the admin, with its inline rows, is one event of the trail.
        ScopedAdmin.unit_of_work = audit.event

        from members.admission import work as of_cases
        from members.movements import work as of_movements
        from members.work import of_members
        from members.work.tasks import register

        register(*of_members.SOURCES, *of_movements.SOURCES, *of_cases.SOURCES)
