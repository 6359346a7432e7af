"""The demonstration's accounts: one user a role, all with the same password, which is no secret."""

from __future__ import annotations

from dataclasses import dataclass

from config.access import Role
from reviews.demo.organisations import ROOT_CODE

# Printed by the command and meant to be known: it opens invented records only.
PASSWORD = "sen-trang-2015"  # noqa: S105  # nosec B105
GRASSROOTS_CODE = "DUK-06"


@dataclass(frozen=True)
class Account:
    """A user with a role on an organisation."""

    username: str
    full_name: str
    role: Role
    organisation_code: str = ROOT_CODE


ACCOUNTS = (
    Account("quantri", "Đinh Thị Hải Yến", Role.ADMINISTRATOR),
    Account("vanphong", "Lưu Thị Minh Tâm", Role.OFFICE),
    Account("coso", "Phan Hữu Thuận", Role.GRASSROOTS, GRASSROOTS_CODE),
    Account("lanhdao", "Bùi Quốc Thịnh", Role.LEADER),
    Account("kiemtra", "Đỗ Đình Khiêm", Role.INSPECTOR),
)
