"""A workbook that comes back: what I was given, what I changed, what others changed since."""

from __future__ import annotations

from typing import Any

import pytest

from members.exchange.importing import since_of
from members.models import AuditEvent, Membership, Person
from tests.builders import make_member
from tests.conftest import Cast
from tests.exchange.source import bring, brought, now

pytestmark = pytest.mark.django_db

KIND = "Hồ sơ"


@pytest.fixture
def person(cast: Cast) -> Person:
    return make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01", home_town="Vụ Bản", religion="Không")


def change(person: Person, **values: str) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    person.save()


@pytest.mark.parametrize(
    ("mine", "theirs", "stands", "status"),
    [
        ("Ý Yên", None, "Ý Yên", "changed"),
        ("Vụ Bản", "Nam Trực", "Nam Trực", "same"),
        ("Ý Yên", "Ý Yên", "Ý Yên", "same"),
        ("Ý Yên", "Nam Trực", "Nam Trực", "conflict"),
    ],
)
def test_cell_is_compared_three_ways(person: Person, mine: str, theirs: Any, stands: str, status: str) -> None:
    handed_out = now()
    if theirs:
        change(person, home_town=theirs)
    source = bring([(KIND, {"Số lý lịch": "01", "Quê quán": mine, "Tôn giáo": "Không"})], since=handed_out)
    assert source.statuses == [status]
    assert Person.objects.get().home_town == stands
    if status == "conflict":
        assert source.problems == [(KIND, 2, "Quê quán")]
        assert all(word in source.reasons for word in ("Ý Yên", "Nam Trực", "Vụ Bản"))


@pytest.mark.parametrize(("decided", "stands"), [("mine", "Ý Yên"), ("theirs", "Nam Trực")])
def test_who_decides_has_it_so(person: Person, decided: str, stands: str) -> None:
    handed_out = now()
    change(person, home_town="Nam Trực")
    row = (KIND, {"Số lý lịch": "01", "Quê quán": "Ý Yên"})
    brought([row], since=handed_out, more={0: {"decisions": {"Quê quán": decided}}})
    assert Person.objects.get().home_town == stands


def test_what_others_changed_and_i_did_not_is_noted(person: Person) -> None:
    handed_out = now()
    change(person, home_town="Nam Trực")
    (line,) = brought([(KIND, {"Số lý lịch": "01", "Quê quán": "Vụ Bản"})], since=handed_out).lines[KIND]
    assert any("Nam Trực" in note and "Vụ Bản" in note for note in line.notes)


def test_stay_that_others_ended_since_is_asked_about(person: Person) -> None:
    handed_out = now()
    stay = Membership.objects.get()
    stay.ended, stay.end_reason = "1/5/2015", "deceased"
    stay.save()
    row = {"Số lý lịch": "01", "Ngày ra khỏi": "2015-06-01", "Lý do ra khỏi": "Chuyển đi"}
    source = bring([(KIND, row)], since=handed_out)
    assert {column for _, _, column in source.problems} == {"Ngày ra khỏi", "Lý do ra khỏi"}
    assert source.statuses == ["conflict"]


def test_without_a_mark_the_file_counts(person: Person) -> None:
    change(person, home_town="Nam Trực")
    brought([(KIND, {"Số lý lịch": "01", "Quê quán": "Vụ Bản"})])
    assert Person.objects.get().home_town == "Vụ Bản"


def test_mark_of_another_database_is_none(person: Person) -> None:
    event = AuditEvent.objects.latest("sequence")
    assert since_of({"sự kiện": str(event.sequence), "dấu": event.seal}) == event.sequence
    assert since_of({"sự kiện": str(event.sequence), "dấu": "0" * 64}) is None
    assert since_of({"sự kiện": "9" * 30, "dấu": event.seal}) is None
    assert since_of({}) is None
