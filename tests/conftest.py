"""The cast of the tests: a small committee, and one person of every role in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from config.access import Role
from members.models import Organisation, OrganisationKind, User
from tests.builders import make_organisation, make_user


@dataclass
class Cast:
    """The committee `root` with the grassroots organisations A (two cells) and B, and their people.

    Everybody's role is on the root, but for the staff of A and of B.
    """

    root: Organisation
    a: Organisation
    a_cell_1: Organisation
    a_cell_2: Organisation
    b: Organisation
    administrator: User
    office: User
    grassroots_a: User
    grassroots_b: User
    leader: User
    inspector: User

    @property
    def users(self) -> dict[str, User]:
        """All users by their name in the cast."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


@pytest.fixture
def cast(db: None) -> Cast:
    """The committee and its people, without any member."""
    kind = OrganisationKind
    root = make_organisation("Đảng bộ Khối Các cơ quan tỉnh Sơn Nam", code="K", kind=kind.UPPER_COMMITTEE)
    a = make_organisation("Đảng bộ Sở Nội vụ", code="A", parent=root)
    b = make_organisation("Chi bộ Thanh tra tỉnh", code="B", parent=root, kind=kind.GRASSROOTS_CELL)
    cell = kind.SUBORDINATE_CELL
    return Cast(
        root=root,
        a=a,
        a_cell_1=make_organisation("Chi bộ Văn phòng", code="A1", parent=a, kind=cell),
        a_cell_2=make_organisation("Chi bộ Tổ chức công chức", code="A2", parent=a, kind=cell),
        b=b,
        administrator=make_user("quan-tri", Role.ADMINISTRATOR, root, full_name="Đỗ Quản Trị"),
        office=make_user("van-phong", Role.OFFICE, root, full_name="Lê Văn Phòng"),
        grassroots_a=make_user("co-so-a", Role.GRASSROOTS, a, full_name="Trần Cơ Sở"),
        grassroots_b=make_user("co-so-b", Role.GRASSROOTS, b, full_name="Phạm Chi Bộ"),
        leader=make_user("lanh-dao", Role.LEADER, root, full_name="Vũ Lãnh Đạo"),
        inspector=make_user("kiem-tra", Role.INSPECTOR, root, full_name="Hồ Kiểm Tra"),
    )


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which a user has signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
