"""The cast of the tests, the demonstration data for a whole module, and what holds for every run."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max
from django.test import Client
from django.utils import timezone
from hypothesis import settings

from config.access import Role
from members import audit
from members.models import AuditArchive, AuditEvent, AuditItem, Organisation, OrganisationKind, User
from tests.builders import make_organisation, make_user

# The same examples in every run, and no failure for a slow machine.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")


# What a test asks for that works on the database.
ON_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what works on the database: of the rest nothing is gained by running it on a second one."""
    for item in items:
        if item.get_closest_marker("django_db") or ON_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped test (no database, no browser, no office) makes a green run fail: nothing passes silently."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and exitstatus == pytest.ExitCode.OK and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line("\nTests were skipped: what they need is missing, so this run fails.", red=True)


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
    with audit.event():
        return make_cast()


def make_cast() -> Cast:
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


@pytest.fixture(scope="module")
def of_module(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    """What is written with it (`with of_module.unblock()`) is there for all tests of a module, and then taken back."""
    with django_db_blocker.unblock():
        written = transaction.atomic()
        written.__enter__()
    yield django_db_blocker
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        written.__exit__(None, None, None)


@pytest.fixture(scope="module")
def demo(of_module: Any) -> None:
    """The demonstration data, loaded once for all tests of a module."""
    with of_module.unblock():
        call_command("demo", stdout=io.StringIO())


@pytest.fixture(autouse=True)
def audit_may_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before the tables of a test with real transactions are emptied, the audit trail is: its guard allows it so."""
    marker = request.node.get_closest_marker("django_db")
    named = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not named and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    last = AuditEvent.objects.aggregate(last=Max("sequence"))["last"]
    if last is None:
        return
    values = {"last_seal": "", "file_name": "", "file_digest": "", "seal": "", "archived_at": timezone.now()}
    AuditArchive.objects.create(first_sequence=1, last_sequence=last, **values)
    for rows in (AuditItem, AuditEvent, AuditArchive):
        rows.objects.all().delete()


class Browser(Client):
    """A client that reads every answer to its end, so that no file stays open."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.streaming:
            response.streaming_content = [b"".join(response.streaming_content)]
        return response


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which a user has signed in."""

    def sign_in(user: User) -> Client:
        client = Browser()
        client.force_login(user)
        return client

    return sign_in
