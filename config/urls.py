"""Every address of the program."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

urlpatterns = [
    path("", include("members.urls")),
    path("", include("reviews.urls")),
    path("dang-nhap/", LoginView.as_view(template_name="pages/sign_in.html"), name="sign_in"),
    path("dang-xuat/", LogoutView.as_view(), name="sign_out"),
    path("quan-tri/", admin.site.urls),
]
