"""Random founding, renaming, moving, merging, splitting and ending: the past stays whole, and the figures balance."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from members.models import (
    CommitteePosition,
    CommitteePost,
    Membership,
    Organisation,
    OrganisationKind,
    OrganisationPeriod,
    Person,
    Succession,
)
from members.organisation_history import Histories
from members.partial_dates import PartialDate, Precision
from members.services import (
    Part,
    begin_post,
    change_organisation,
    end_organisation,
    found_organisation,
    merge_organisation,
    split_organisation,
)
from reviews.scope import Scope
from reviews.summary import Summary
from tests.builders import make_member, make_organisation
from tests.oracle import Oracle
from tests.test_registry_random import imbalance

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2013, 1, 1), dt.date(2015, 12, 31)
KINDS = OrganisationKind.values[1:]
ACTS = 14


class Committee:
    """A root with some organisations and members, to which random things happen, mostly day after day."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0
        self.done: dict[str, int] = defaultdict(int)
        self.root = make_organisation("Đảng bộ Khối", code="K", kind=OrganisationKind.UPPER_COMMITTEE)
        uppers = [make_organisation(f"Đảng bộ {n}", parent=self.root) for n in range(3)]
        cells = [make_organisation(f"Chi bộ {n}", parent=self.random.choice(uppers)) for n in range(4)]
        for place in [*uppers, *cells]:
            for _ in range(self.random.randrange(4)):
                person = make_member(place, began_on=dt.date(2010, 1, self.random.randint(1, 28)))
                self._maybe_post(person, place)

    def _maybe_post(self, person: Person, place: Organisation) -> None:
        if self.random.random() < 0.5:
            where = place if self.random.random() < 0.5 else place.parent or place
            began = PartialDate(dt.date(2012, 1, 1), Precision.DAY)
            begin_post(person=person, organisation=where, position=CommitteePosition.MEMBER, began=began, by=None)

    def live(self) -> None:
        day = FIRST
        for _ in range(ACTS):
            day = min(day + dt.timedelta(days=self.random.randrange(120)), LAST)
            # Some things are recorded late.
            on = day - dt.timedelta(days=self.random.choice([0, 0, 0, 200]))
            act = self.random.choice([self.found, self.rename, self.move, self.merge, self.split, self.end])
            try:
                act(max(on, FIRST))
            except ValidationError:
                self.done["refused"] += 1
            else:
                self.done[act.__name__] += 1

    def any(self) -> Organisation:
        return self.random.choice(list(Organisation.objects.exclude(pk=self.root.pk).order_by("pk")))

    def new(self) -> dict[str, str]:
        self.number += 1
        return {"code": f"M{self.number}", "name": f"Tổ chức mới {self.number}", "kind": self.random.choice(KINDS)}

    def found(self, on: dt.date) -> None:
        made = found_organisation(**self.new(), parent=self.any(), founded_on=on, decision_number="1-QĐ", by=None)
        make_member(made, began_on=on)

    def rename(self, on: dt.date) -> None:
        new = self.new()
        change_organisation(
            organisation=self.any(), on=on, name=new["name"], kind=new["kind"], event="renamed", by=None
        )

    def move(self, on: dt.date) -> None:
        parent = self.random.choice([self.root, self.any()])
        change_organisation(
            organisation=self.any(), on=on, parent=parent, event="moved", decision_number="2-QĐ", by=None
        )

    def merge(self, on: dt.date) -> None:
        merge_organisation(organisation=self.any(), into=self.any(), on=on, decision_number="3-QĐ", by=None)

    def split(self, on: dt.date) -> None:
        old, ends = self.any(), self.random.random() < 0.5
        people = list(Person.objects.filter(memberships__in=Membership.objects.on(on).filter(organisation=old)))
        below = list(old.children.filter(ended_on__isnull=True))
        parts: list[dict[str, Any]] = [{"members": [], "organisations": []} for _ in range(2)]
        for kind, rows in (("members", people), ("organisations", below)):
            for row in rows:
                chosen = self.random.choice(parts if ends else [*parts, {kind: []}])
                chosen[kind].append(row)
        made = [Part(**self.new(), **part) for part in parts]
        split_organisation(organisation=old, parts=made, on=on, ends=ends, decision_number="4-QĐ", by=None)

    def end(self, on: dt.date) -> None:
        end_organisation(organisation=self.any(), on=on, decision_number="5-QĐ", by=None)


@pytest.fixture(params=range(16))
def committee(request):
    made = Committee(request.param)
    made.live()
    return made


def test_history_stays_whole_and_figures_balance(committee):
    assert gaps() == []
    assert wrong_paths() == []
    assert what_histories_would_change() == []
    assert members_in_no_place() == []
    assert posts_out_of_place() == []
    assert ends_and_beginnings_without_their_lineage() == []
    assert imbalances(committee.root) == []


def test_every_act_is_among_them(db):
    done: dict[str, int] = defaultdict(int)
    for seed in range(4):
        with transaction.atomic():
            made = Committee(seed)
            made.live()
            transaction.set_rollback(True)
        for act, times in made.done.items():
            done[act] += times
    assert {"found", "rename", "move", "merge", "split", "end"} <= set(done), done
    assert done["refused"] < sum(done.values()) / 2, done


def gaps() -> list[str]:
    """Organisations whose periods don't follow one another from the open past to the open future."""
    found = []
    for organisation in Organisation.objects.all():
        rows = sorted(organisation.periods.all(), key=lambda row: row.starts_on or dt.date.min)
        starts, ends = [row.starts_on for row in rows], [row.ends_on for row in rows]
        last = rows[-1]
        is_last = (organisation.name, organisation.parent_id, organisation.path) == (
            last.name,
            last.parent_id,
            last.path,
        )
        if starts[0] is not None or ends[-1] is not None or starts[1:] != ends[:-1] or not is_last:
            found.append(organisation.code)
    return found


def wrong_paths() -> list[tuple[str, str]]:
    """Periods whose path isn't that of the parents on each of its days on which anything changed."""
    periods = list(OrganisationPeriod.objects.all())
    days = sorted({row.starts_on for row in periods if row.starts_on} | {dt.date(2000, 1, 1)})
    found = []
    for day in days:
        states = {row.organisation_id: row for row in OrganisationPeriod.objects.on(day)}
        for row in states.values():
            line, at = [row.organisation_id], row
            while at.parent_id is not None:
                at = states[at.parent_id]
                line.append(at.organisation_id)
            if row.path != "".join(f"{pk}/" for pk in reversed(line)):
                found.append((str(row), str(day)))
    return found


def what_histories_would_change() -> list[Any]:
    """The import works the periods out of the states as a whole: that must be what the services have written."""
    columns = [
        "organisation", "starts_on", "ends_on", "name", "kind", "parent", "path", "event", "decision_number"
    ]  # fmt: skip
    before = set(OrganisationPeriod.objects.values_list(*columns))
    histories = Histories()
    histories.write(histories.states)
    return sorted(set(OrganisationPeriod.objects.values_list(*columns)) ^ before, key=str)


def members_in_no_place() -> list[str]:
    """People who aren't in exactly one organisation, one that exists, on a day on which anything happened."""
    days = set(Membership.objects.values_list("began_on", flat=True)) | {LAST}
    found = []
    for day in days:
        stays = list(Membership.objects.on(day).select_related("organisation"))
        people = Person.objects.filter(memberships__began_on__lte=day).distinct().count()
        if len({stay.person_id for stay in stays}) != people or len(stays) != people:
            found.append(f"{day}: {len(stays)} of {people}")
        alive = Organisation.objects.existing_on(day)
        found += [str(stay) for stay in stays if stay.organisation not in alive]
    return found


def posts_out_of_place() -> list[str]:
    """Running posts whose holder is no member there, as far as things were recorded day after day."""
    found = []
    for post in CommitteePost.objects.running():
        path = Organisation.objects.get(pk=post.organisation_id).path
        stay = Membership.objects.on(LAST).get(person=post.person)
        if not stay.organisation.path.startswith(path):
            found.append(str(post))
    return found


def imbalances(root: Organisation) -> list[tuple[int, str]]:
    oracle = Oracle()
    found = []
    for year in (2013, 2014, 2015):
        summary = Summary(Scope(root, year))
        for organisation in Organisation.objects.all():
            if organisation.pk in summary.scope.tree.nodes and imbalance(summary, oracle, organisation):
                found.append((year, organisation.code))
    return found


def ends_and_beginnings_without_their_lineage() -> list[str]:
    return [
        str(link)
        for link in Succession.objects.select_related("predecessor", "successor")
        if link.took_place_on != (link.predecessor.ended_on if link.kind == "merger" else link.successor.founded_on)
    ]
