"""Addresses of people."""

from django.urls import path

from members import views

urlpatterns = [
    path("", views.home, name="home"),
    path("nguoi/<int:pk>/", views.person, name="person"),
]
