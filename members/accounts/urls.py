"""Addresses of signing in, of one's own account and of the administrator's pages of accounts."""

from django.urls import path

from members.accounts import own as account_own
from members.accounts import pages as account_pages
from members.accounts import signing_in

urlpatterns = [
    path("dang-nhap/", signing_in.sign_in, name="sign_in"),
    path("dang-nhap/ma-xac-thuc/", signing_in.second_step, name="second_step"),
    path("dang-xuat/", signing_in.sign_out, name="sign_out"),
    path("dat-mat-khau/<uidb64>/<token>/", account_own.FirstPassword.as_view(), name="first_password"),
    path("tai-khoan-cua-toi/", account_own.my_account, name="my_account"),
    path("tai-khoan-cua-toi/thu-nhac-viec/", account_own.my_daily_mail, name="my_daily_mail"),
    path("tai-khoan-cua-toi/mat-khau/", account_own.my_password, name="my_password"),
    path("tai-khoan-cua-toi/phien/ket-thuc/", account_own.end_my_sessions, name="end_my_sessions"),
    path("tai-khoan-cua-toi/xac-thuc/", account_own.second_factor, name="second_factor"),
    path("tai-khoan-cua-toi/xac-thuc/ma-du-phong/", account_own.recovery_codes, name="recovery_codes"),
    path("tai-khoan-cua-toi/xac-thuc/go/", account_own.give_up_second_factor, name="give_up_second_factor"),
    path("tai-khoan/", account_pages.accounts, name="accounts"),
    path("tai-khoan/moi/", account_pages.account_new, name="account_new"),
    path("tai-khoan/<int:pk>/", account_pages.account, name="account"),
    path("tai-khoan/<int:pk>/sua/", account_pages.account_change, name="account_change"),
    path("tai-khoan/<int:pk>/<slug:name>/", account_pages.account_act, name="account_act"),
]
