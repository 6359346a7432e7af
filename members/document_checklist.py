"""Who lacks which documents in an organisation with all under it, as page and as Excel.

What is needed of whom stands in members.documents; nothing here depends on how many people there are.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from config.access import under_path
from members.documents import Needs, Stage, codes_held, lacked, standing
from members.models import Document, DocumentKind, Membership, Organisation, Person
from members.models.memberships import LATEST_FIRST
from members.models.rules import AdmissionStep

PER_PAGE = 50
# The steps that a list can be asked for: those that need documents of people in the organisation.
STEPS = (
    AdmissionStep.DECISION,
    AdmissionStep.MEMBER_FILE,
    AdmissionStep.OFFICIAL_DECISION,
    AdmissionStep.TRANSFER,
)
# Of whom each of them is asked, where it isn't yet passed: a step ahead needs its documents too.
ASKED_OF: dict[str, tuple[Stage, ...]] = {
    AdmissionStep.DECISION: (Stage.CANDIDATE, Stage.PROBATIONARY, Stage.OFFICIAL),
    AdmissionStep.MEMBER_FILE: (Stage.PROBATIONARY, Stage.OFFICIAL),
    AdmissionStep.OFFICIAL_DECISION: (Stage.PROBATIONARY, Stage.OFFICIAL),
    AdmissionStep.TRANSFER: (Stage.PROBATIONARY, Stage.OFFICIAL),
}


@dataclass
class FileOfPerson:
    """A person on the list: the kinds that are needed, and those of them that are missing."""

    person: Any
    needed_count: int
    missing: list[DocumentKind]

    @property
    def held_count(self) -> int:
        """How many of the needed kinds the file holds."""
        return self.needed_count - len(self.missing)

    @property
    def standing(self) -> str:
        """Where the person stands, in words."""
        return str(Stage(self.person.standing).label)


@dataclass(frozen=True)
class KindCount:
    """How many of the files that need a kind lack it."""

    kind: DocumentKind
    needed: int
    missing: int


class Checklist:
    """The files of an organisation on a day.

    `query` says the step (`buoc`; without it what is passed), the kind that is lacking (`loai`), where people stand
    (`dien`), whether whole files are shown too (`tat-ca`), and the page (`trang`).
    """

    def __init__(self, organisation: Organisation, query: Any, *, on: dt.date) -> None:
        self.organisation, self.on = organisation, on
        self.step = query.get("buoc", "") if query.get("buoc") in STEPS else ""
        self.standing = query.get("dien", "") if query.get("dien") in Stage.values else ""
        self.shows_all = query.get("tat-ca") == "1"
        self.needs = Needs(on=on, step=self.step)
        self.kind = next((kind for kind in self.needs.kinds if kind.code == query.get("loai", "")), None)
        text = query.get("trang", "")
        self.page = int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 1

    # Whose files

    @cached_property
    def asked(self) -> dict[str, list[DocumentKind]]:
        """The kinds that are needed, by where somebody stands."""
        places = [Stage(self.standing)] if self.standing else list(Stage)
        if self.step:
            places = [place for place in places if place in ASKED_OF[self.step]]
        return {place: self.needs.of(place) for place in places}

    @cached_property
    def people(self) -> Any:
        """Members of that day and candidates of whom something is asked, with their `standing`."""
        below = under_path("organisation__path", self.organisation.path)
        members = Membership.objects.on(self.on).filter(below).order_by().values("person")
        followed = Person.objects.candidates().filter(under_path("followed_by__path", self.organisation.path))
        people = Person.objects.filter(Q(pk__in=members) | Q(pk__in=followed.order_by().values("pk")))
        return people.annotate(standing=standing(on=self.on)).filter(standing__in=list(self.asked))

    @cached_property
    def found(self) -> Any:
        """Those on the list: who lacks the kind or, without one, anything; or all."""
        if self.shows_all:
            return self.people
        lacking = Q(pk__in=[])
        for place, kinds in self.asked.items():
            wanted = [kind for kind in kinds if self.kind in (None, kind)]
            if wanted:
                codes = [kind.code for kind in wanted]
                lacking |= Q(standing=place, pk__in=self._without(codes))
        return self.people.filter(lacking)

    @staticmethod
    def _without(codes: Sequence[str]) -> QuerySet[Any]:
        """The keys of people whose files lack a document of at least one of these kinds."""
        held = Document.objects.kept().filter(person=OuterRef("pk"), kind__code__in=codes).order_by()
        distinct = held.annotate(one=Value(1)).values("one").annotate(n=Count("kind__code", distinct=True)).values("n")
        counted = Person.objects.order_by().annotate(held=Coalesce(Subquery(distinct), 0))
        return counted.filter(held__lt=len(codes)).values("pk")

    # What is shown

    @cached_property
    def count(self) -> int:
        """How many are on the list."""
        return self.found.count()

    @cached_property
    def people_count(self) -> int:
        """How many files something is asked of."""
        return self.people.count()

    @property
    def page_count(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.count // PER_PAGE))

    def rows(self) -> list[FileOfPerson]:
        """The files of the page."""
        start = (min(self.page, self.page_count) - 1) * PER_PAGE
        return self._files(self._with_home(self.found)[start : start + PER_PAGE])

    def all_rows(self) -> list[FileOfPerson]:
        """The files of the whole list."""
        return self._files(self._with_home(self.found))

    def _with_home(self, people: QuerySet[Person]) -> QuerySet[Person]:
        stays = Membership.objects.on(self.on).filter(person=OuterRef("pk")).order_by(*LATEST_FIRST)
        home = Coalesce(Subquery(stays.values("organisation__name")[:1]), F("followed_by__name"))
        return people.annotate(home=home)

    def _files(self, people: QuerySet[Person]) -> list[FileOfPerson]:
        found = list(people)
        held = codes_held([person.pk for person in found])
        files = []
        for person in found:
            needed = self.asked[person.standing]  # type: ignore[attr-defined]
            files.append(FileOfPerson(person, len(needed), lacked(needed, held[person.pk])))
        return files

    @cached_property
    def kinds(self) -> list[KindCount]:
        """Every kind that is asked of somebody, with how many files need and lack it."""
        people = Counter(dict(self.people.order_by().values_list("standing").annotate(n=Count("pk"))))
        having = self._having()
        counts = []
        for kind in self.needs.kinds:
            places = [place for place, kinds in self.asked.items() if kind in kinds]
            needed = sum(people[place] for place in places)
            if needed:
                held = sum(having[place, kind.code] for place in places)
                counts.append(KindCount(kind, needed, needed - held))
        return counts

    def _having(self) -> Counter[tuple[str, str]]:
        """How many of the people hold a document of a kind, by where they stand and its code."""
        documents = Document.objects.kept().filter(person__in=self.people.order_by().values("pk")).order_by()
        rows = documents.annotate(place=standing(on=self.on, person="person")).values_list("place", "kind__code")
        return Counter({(place, code): n for place, code, n in rows.annotate(n=Count("person", distinct=True))})

    # Words and addresses

    @property
    def sentence(self) -> str:
        """What the list shows, in words."""
        parts = [str(AdmissionStep(self.step).label) if self.step else "Hồ sơ hiện nay"]
        if self.standing:
            parts.append(str(Stage(self.standing).label))
        if self.kind and not self.shows_all:
            parts.append(f"thiếu “{self.kind.name}”")
        elif not self.shows_all:
            parts.append("còn thiếu giấy tờ")
        return " · ".join(parts)

    def query(self, **changes: Any) -> str:
        """The address's query for this list, with changes."""
        values = {
            "buoc": self.step,
            "dien": self.standing,
            "loai": self.kind.code if self.kind else "",
            "tat-ca": "1" if self.shows_all else "",
        }
        return urlencode({name: value for name, value in (values | changes).items() if value})
