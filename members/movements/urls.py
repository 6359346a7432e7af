"""Addresses of movements."""

from django.urls import path

from members.movements import list_pages, pages, several

urlpatterns = [
    path("bien-dong/", list_pages.movements, name="movements"),
    path("bien-dong/excel/", list_pages.movements_workbook, name="movements_workbook"),
    path("bien-dong/chuyen-den/", pages.record_arrival, name="record_arrival"),
    path("bien-dong/nhieu-nguoi/chuyen-noi-bo/", several.move_several, name="move_several"),
    path("bien-dong/nhieu-nguoi/chuyen-di/", several.transfer_several, name="transfer_several"),
    path("bien-dong/<int:pk>/", pages.movement, name="movement"),
    path("bien-dong/<int:pk>/phieu-bao/", pages.confirm_arrival, name="confirm_arrival"),
    path("bien-dong/<int:pk>/sua/", pages.correct_papers, name="correct_papers"),
    path("bien-dong/<int:pk>/hoan-tac/", pages.undo_movement, name="undo_movement"),
    path("nguoi/<int:pk>/bien-dong/<slug:slug>/", pages.record_movement, name="record_movement"),
]
