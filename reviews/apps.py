"""The app's configuration."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Đánh giá, khen thưởng"
