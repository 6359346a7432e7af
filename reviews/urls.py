"""Addresses of the lists of people, the year-end summary, and of imports and exports."""

from django.urls import path

from reviews import views
from reviews.exchange import pages, pages_acts, pages_columns, pages_out, pages_preview, pages_result, pages_row
from reviews.people import pages as people_pages

urlpatterns = [
    path("dang-vien/", people_pages.people, name="people"),
    path("dang-vien/excel/", people_pages.people_excel, name="people_excel"),
    path("dang-vien/da-luu/", people_pages.saved_views, name="saved_views"),
    path("tong-ket/", views.summary_latest, name="summary_latest"),
    path("tong-ket/<int:year>/<code:code>/", views.summary, name="summary"),
    path("tong-ket/<int:year>/<code:code>/excel/", views.summary_workbook_view, name="summary_workbook"),
    path("tong-ket/<int:year>/<code:code>/so-lieu/<str:figure_code>/", views.figure, name="figure"),
    path(
        "tong-ket/<int:year>/<code:code>/so-lieu/<str:figure_code>/excel/",
        views.figure_workbook,
        name="figure_workbook",
    ),
    path("nhap-xuat/", pages.exchange, name="exchange"),
    path("nhap-xuat/xuat/", pages_out.exchange_out, name="exchange_out"),
    path("nhap-xuat/mau/", pages_out.exchange_template, name="exchange_template"),
    path("nhap-xuat/<int:pk>/", pages.import_session, name="import_session"),
    path("nhap-xuat/<int:pk>/cot/", pages_columns.import_columns, name="import_columns"),
    path("nhap-xuat/<int:pk>/xem-truoc/", pages_preview.import_preview, name="import_preview"),
    path("nhap-xuat/<int:pk>/dong/<int:table>/<int:row>/", pages_row.import_row, name="import_row"),
    path("nhap-xuat/<int:pk>/tep/<int:position>/loi/", pages_result.import_report, name="import_report"),
    path("nhap-xuat/<int:pk>/viec/<slug:name>/", pages_acts.import_act, name="import_act"),
]
