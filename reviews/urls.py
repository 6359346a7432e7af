"""Addresses of the year-end summary."""

from django.urls import path

from reviews import views

urlpatterns = [
    path("tong-ket/", views.summary_latest, name="summary_latest"),
    path("tong-ket/<int:year>/<code:code>/", views.summary, name="summary"),
    path("tong-ket/<int:year>/<code:code>/excel/", views.summary_workbook_view, name="summary_workbook"),
    path("tong-ket/<int:year>/<code:code>/so-lieu/<str:figure_code>/", views.figure, name="figure"),
    path(
        "tong-ket/<int:year>/<code:code>/so-lieu/<str:figure_code>/excel/",
        views.figure_workbook,
        name="figure_workbook",
    ),
]
