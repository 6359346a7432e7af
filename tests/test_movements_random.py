"""Random movements, undone and refused ones too: figures balance, stays never overlap, nothing else is raised."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members import audit
from members.models import Admission, AuditEvent, Exemption, Membership, Movement, MovementKind, Person, TemporaryStay
from members.models.memberships import EARLIEST_FIRST
from members.movements.services import confirm_arrival, record_movement, record_movements, undo_movement
from members.partial_dates import PartialDate, Precision
from members.services import merge_organisation
from reviews.indicators import BY_CODE
from reviews.scope import Scope
from reviews.summary import Summary
from tests.builders import make_exemption, make_member, make_person, make_stay
from tests.conftest import Cast
from tests.oracle import ARRIVALS, DEPARTURES

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2012, 1, 1), dt.date(2016, 12, 31)
YEARS = range(2012, 2017)
INCREASES = [f"members.increase.{reason}" for reason in ARRIVALS]
DECREASES = [f"members.decrease.{reason}" for reason in DEPARTURES]
FIGURES = [BY_CODE[code] for code in ("members.total", *INCREASES, *DECREASES)]


class Office:
    """People who write movements as they please: of anybody, by anybody, on any day, to anywhere."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.random = Random(seed)
        self.organisations = [cast.root, cast.a, cast.a_cell_1, cast.a_cell_2, cast.b]
        self.users = [None, cast.office, cast.office, cast.grassroots_a, cast.grassroots_b, cast.leader]
        with audit.event():
            self.people = [self._person(number) for number in range(6)]
        self.accepted = self.refused = 0
        self.told: set[str] = set()

    def _person(self, number: int) -> Person:
        place = self.random.choice(self.organisations)
        if number == 0:
            return make_person("Chưa Vào Đảng", followed_by=place)
        person = make_member(place, f"Người Thứ {number}", self._day(FIRST, dt.date(2013, 12, 31)))
        if number == 1:
            make_exemption(person, "2014-03-01", ends_on=dt.date(2015, 6, 1))
        if number == 2:
            last = person.memberships.get()
            last.ended_on, last.end_reason = last.began_on + dt.timedelta(days=90), "transferred_out"
            last.save()
            make_stay(person, place, "2015-01-01", admission=last.admission, start_reason="transferred_in")
        return person

    def _day(self, first: dt.date = FIRST, last: dt.date = LAST) -> dt.date:
        if self.random.random() < 0.3:
            return dt.date(self.random.randint(first.year, last.year), *self.random.choice([(1, 1), (12, 31)]))
        return first + dt.timedelta(days=self.random.randint(0, (last - first).days))

    def _partial(self) -> PartialDate:
        precision = self.random.choice([Precision.DAY] * 5 + [Precision.MONTH, Precision.YEAR])
        return PartialDate(self._day(), precision)

    # Steps

    def step(self) -> bool:
        """One thing that somebody tries; whether it was taken."""
        acts = [self.record] * 12 + [self.record_several, self.confirm, self.confirm, self.undo, self.undo]
        try:
            self.random.choice(acts)()
        except PermissionDenied:
            self.refused += 1
            return False
        except ValidationError as refused:
            self.refused += 1
            self.told |= set(refused.messages)
            return False
        self.accepted += 1
        return True

    def _by(self) -> Any:
        return self.random.choice(self.users)

    def _movement(self, kind: str, person: Person) -> Movement:
        movement = Movement(person=person, kind=kind, decision_number=self.random.choice(["", "12-QĐ/ĐU"]))
        movement.happened = self._partial()
        chance = self.random.random
        if chance() < 0.8:
            movement.to_organisation = self.random.choice(self.organisations)
        if (chance() < 0.5 and movement.to_organisation is None) or kind == MovementKind.TRANSFER_OUT:
            movement.to_organisation, movement.to_place = None, "Đảng bộ thành phố"
        if chance() < 0.8:
            movement.from_place = "Đảng bộ huyện"
        if chance() < 0.8:
            movement.until_on = self._day()
        if chance() < 0.3:
            movement.arrived = self._partial()
        return movement

    def record(self) -> None:
        kind, person = self.random.choice(MovementKind.values), self.random.choice(self.people)
        admission = Admission(decided="3/2010") if self.random.random() < 0.3 else None
        record_movement(movement=self._movement(kind, person), admission=admission, by=self._by())

    def record_several(self) -> None:
        kind = self.random.choice([MovementKind.MOVE, MovementKind.TRANSFER_OUT])
        first = self._movement(kind, self.people[0])
        movements = []
        for person in self.random.sample(self.people, 3):
            movement = Movement(person=person, kind=kind, to_organisation=first.to_organisation)
            movement.to_place, movement.happened = first.to_place, first.happened
            movements.append(movement)
        record_movements(movements=movements, by=self._by())

    def _any(self, **conditions: Any) -> Movement:
        found = list(Movement.objects.filter(**conditions).order_by("pk"))
        if not found:
            raise ValidationError("Chưa có biến động nào.")
        return self.random.choice(found)

    def confirm(self) -> None:
        state = {"state": "pending"} if self.random.random() < 0.9 else {}
        confirm_arrival(movement=self._any(**state), arrived=self._partial(), by=self._by())

    def undo(self) -> None:
        undo_movement(movement=self._any(), reason="Ghi nhầm", by=self._by())


# --- What always holds ----------------------------------------------------------------------------------------------


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """The stays, exemptions and temporary stays, without how often they were changed."""
    models = (Membership, Exemption, TemporaryStay)
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name != "version"}
            for row in model.objects.order_by("pk").values()
        ]
        for model in models
    }


def overlapping() -> list[tuple[Membership, Membership]]:
    """Two stays of one person that share a day."""
    found = []
    for person in Person.objects.all():
        stays = list(person.memberships.order_by(*EARLIEST_FIRST))
        found += [(one, two) for one, two in pairwise(stays) if one.ended_on is None or one.ended_on > two.began_on]
    return found


def imbalances(cast: Cast) -> dict[tuple[int, str], int]:
    """Where total of the year before + increases − decreases isn't the total."""
    found, before = {}, Summary(Scope(cast.root, YEARS[0] - 1), FIGURES)
    for year in YEARS:
        now = Summary(Scope(cast.root, year), FIGURES)
        for organisation in (cast.root, cast.a, cast.a_cell_1, cast.a_cell_2, cast.b):

            def count(summary: Summary, *codes: str, pk: int = organisation.pk) -> int:
                return sum(summary.number(code, pk).count for code in codes)

            expected = count(before, "members.total") + count(now, *INCREASES) - count(now, *DECREASES)
            if count(now, "members.total") != expected:
                found[year, organisation.name] = count(now, "members.total") - expected
        before = now
    return found


@pytest.mark.parametrize("seed", range(20))
def test_random_movements_balance_never_overlap_and_are_undone_without_trace_in_stays(cast, seed):
    office = Office(cast, seed)
    before = snapshot()
    admissions = Admission.objects.count()
    for _ in range(60):
        state, events = snapshot(), AuditEvent.objects.count()
        if office.step():
            assert overlapping() == []
            assert imbalances(cast) == {}
            assert AuditEvent.objects.count() == events + 1, "one movement, one event"
        else:
            assert snapshot() == state, "refused, and yet something was written"
    assert office.accepted > 5
    assert office.refused > 5
    assert all(len(text) > 15 and text.endswith(".") for text in office.told), office.told
    recorded = Movement.objects.count()
    for movement in Movement.objects.not_undone().order_by("-pk"):
        undo_movement(movement=movement, reason="Trả lại ban đầu", by=None)
    assert snapshot() == before
    assert Movement.objects.count() == recorded
    assert Admission.objects.count() - admissions <= 1, "of the candidate who came by transfer, kept as a fact"
    assert imbalances(cast) == {}


def test_a_movement_on_which_a_merger_builds_is_not_undone(cast):
    """The merger moves everybody without a movement; what came before it stays as it is."""
    person = make_member(cast.a_cell_1)
    day = PartialDate(dt.date(2015, 3, 1))
    movement = Movement(person=person, kind=MovementKind.MOVE, happened=day, to_organisation=cast.a_cell_2)
    record_movement(movement=movement, by=None)
    merge_organisation(organisation=cast.a_cell_2, into=cast.a_cell_1, on=dt.date(2015, 9, 1), by=None)
    with pytest.raises(ValidationError, match="Chi bộ Văn phòng từ 01/09/2015"):
        undo_movement(movement=movement, reason="Nhầm", by=None)
