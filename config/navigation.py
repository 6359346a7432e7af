"""The places of the program, as data: each shown only to those who may enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from config.access import Permission, holds


@dataclass(frozen=True)
class Place:
    """An entry of the main navigation, for who holds one of the permissions.

    `prefix` is the beginning, or the beginnings, of the addresses that belong to it.
    """

    label: str
    route: str
    prefix: str | tuple[str, ...]
    permissions: tuple[Permission, ...]


PLACES = (
    Place("Việc của tôi", "my_work", "/viec-cua-toi/", (Permission.CHANGE_RECORDS,)),
    Place("Tổng kết năm", "summary_latest", "/tong-ket/", (Permission.VIEW_RECORDS,)),
    Place("Đảng viên", "people", "/dang-vien/", (Permission.VIEW_RECORDS,)),
    Place("Kết nạp", "admission_board", "/ket-nap/", (Permission.VIEW_RECORDS,)),
    Place("Biến động", "movements", "/bien-dong/", (Permission.VIEW_RECORDS,)),
    Place("Huy hiệu, kỷ luật", "badges", ("/huy-hieu/", "/ky-luat/"), (Permission.VIEW_RECORDS,)),
    Place("Tổ chức đảng", "organisations", "/to-chuc/", (Permission.VIEW_RECORDS,)),
    Place("Nhập, xuất Excel", "exchange", "/nhap-xuat/", (Permission.CHANGE_RECORDS, Permission.EXPORT)),
    Place("Nhật ký", "audit_log", "/nhat-ky/", (Permission.VIEW_AUDIT,)),
    Place("Tài khoản", "accounts", "/tai-khoan/", (Permission.MANAGE_ACCOUNTS,)),
    Place("Quản trị", "admin:index", "/quan-tri/", (Permission.CHANGE_REFERENCE,)),
)


def places(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `places`, each with its address and whether one is there; `may_search`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"places": [], "may_search": False}
    entries = [
        {"label": place.label, "url": reverse(place.route), "is_here": request.path.startswith(place.prefix)}
        for place in PLACES
        if any(holds(user, permission) for permission in place.permissions)
    ]
    return {"places": entries, "may_search": holds(user, Permission.VIEW_RECORDS)}
