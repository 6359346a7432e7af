"""The app's configuration."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Bồi dưỡng"

    def ready(self) -> None:
        from members.work.tasks import register
        from training import work

        register(*work.SOURCES)
