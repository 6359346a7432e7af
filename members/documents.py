"""What a file lacks, and what documents are called when they are handed out.

Which kinds a step needs is data (DocumentKind, DocumentNeed); a document that is missing warns and never blocks.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.utils import timezone

from members.models import Admission, Document, DocumentKind, DocumentNeed, Membership, Person
from members.models.documents import DocumentType
from members.models.rules import AdmissionStep
from members.text import plain_letters

ENDINGS = {DocumentType.PDF: ".pdf", DocumentType.JPEG: ".jpg", DocumentType.PNG: ".png", DocumentType.TIFF: ".tif"}


class Stage(models.TextChoices):
    """Where somebody stands on the way into the Party."""

    CANDIDATE = "candidate", "Quần chúng ưu tú"
    PROBATIONARY = "probationary", "Đảng viên dự bị"
    OFFICIAL = "official", "Đảng viên chính thức"


# The steps whose documents a file should hold by then.
PASSED: dict[str, tuple[AdmissionStep, ...]] = {
    Stage.CANDIDATE: (AdmissionStep.DECISION,),
    Stage.PROBATIONARY: (AdmissionStep.DECISION, AdmissionStep.MEMBER_FILE),
    Stage.OFFICIAL: (AdmissionStep.DECISION, AdmissionStep.MEMBER_FILE, AdmissionStep.OFFICIAL_DECISION),
}


def standing(*, on: dt.date, person: str = "pk") -> Case:
    """The expression for where somebody stands on a day; `person` is the column that holds their key."""
    admissions = Admission.objects.order_by().filter(person=OuterRef(person))
    stays = Membership.objects.order_by().filter(person=OuterRef(person))
    return Case(
        When(Exists(admissions.filter(official_on__lte=on)), then=Value(Stage.OFFICIAL.value)),
        When(Exists(admissions) | Exists(stays), then=Value(Stage.PROBATIONARY.value)),
        default=Value(Stage.CANDIDATE.value),
        output_field=models.CharField(),
    )


class Needs:
    """Which kinds of documents are needed on a day: for a step, or by where somebody stands."""

    def __init__(self, *, on: dt.date, step: str = "") -> None:
        steps = defaultdict(set)
        for kind, needed in DocumentNeed.objects.order_by().values_list("kind", "step"):
            steps[kind].add(needed)
        self.on = on
        self.kinds = list(DocumentKind.objects.in_force(on=on))
        self.by_standing = {
            where: [kind for kind in self.kinds if steps[kind.pk] & ({step} if step else set(passed))]
            for where, passed in PASSED.items()
        }

    def of(self, where: str) -> list[DocumentKind]:
        """The kinds that are needed of somebody who stands there, in the order of the file."""
        return self.by_standing[where]


def missing(person: Person, step: str | None = None, *, on: dt.date | None = None) -> list[DocumentKind]:
    """The kinds of documents that the file of `person` lacks: for `step`, or for all steps passed by that day."""
    day = on or timezone.localdate()
    where = Person.objects.filter(pk=person.pk).values_list(standing(on=day), flat=True).get()
    return lacked(Needs(on=day, step=step or "").of(where), codes_held([person.pk])[person.pk])


def codes_held(people: Iterable[int]) -> dict[int, set[str]]:
    """By the keys of people, the codes of the kinds of which their files hold a document."""
    held: dict[int, set[str]] = defaultdict(set)
    rows = Document.objects.kept().filter(person__in=people).order_by().values_list("person", "kind__code")
    for person, code in rows.distinct():
        held[person].add(code)
    return held


def lacked(needed: Iterable[DocumentKind], held: set[str]) -> list[DocumentKind]:
    """Those kinds of which nothing is held: one of an earlier rule with the same code counts too."""
    return [kind for kind in needed if kind.code not in held]


# --- Names on export -------------------------------------------------------------------------------


def folder_name(person: Person) -> str:
    """`CCCD_HoTenKhongDau`, as the digitisation rules want it; without an identity number the file number."""
    name = "".join(word[:1].upper() + word[1:] for word in _plain_words(person.full_name))
    return f"{'-'.join(_plain_words(person.national_id_number or person.file_number))}_{name}"


def export_names(documents: Iterable[Document]) -> Iterator[tuple[Document, str]]:
    """Each document with the name of its scan: `STT.Ten khong dau[.n].pdf`, numbered where a kind has several."""
    found = list(documents)
    several, given = Counter(document.kind.order_number for document in found), Counter[int]()
    for document in found:
        order = document.kind.order_number
        given[order] += 1
        number = f".{given[order]}" if several[order] > 1 else ""
        title = " ".join(_plain_words(document.kind.name))[:100].strip()
        yield document, f"{order:02}.{title}{number}{ENDINGS[DocumentType(document.content_type)]}"


def _plain_words(text: str) -> list[str]:
    """The words of a text in plain letters and digits."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in plain_letters(text))
    return letters.split()


def people_of(people: QuerySet[Person], *, on: dt.date) -> QuerySet[Person]:
    """People with their `standing` on that day."""
    return people.annotate(standing=standing(on=on))
