"""The app's configuration."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Đánh giá, khen thưởng"

    def ready(self) -> None:
        from members.work.tasks import register
        from reviews import work

        register(*work.SOURCES)
