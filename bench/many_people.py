"""A committee with as many invented members as are asked for, written in bulk and without the audit trail."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db import transaction

from bench.people_file import FAMILIES, GIVEN, MIDDLES
from config import bulk
from members.models import Admission, Membership, Organisation, OrganisationKind, Person
from members.models.memberships import StartReason
from members.services import found_organisation

CELLS = 20
TOGETHER = 20_000
MORE_GIVEN = [
    "Ánh",
    "Bảo",
    "Chi",
    "Đạt",
    "Giang",
    "Hạnh",
    "Khoa",
    "Linh",
    "Minh",
    "Oanh",
    "Tâm",
    "Uyên",
    "Vinh",
    "Xuân",
]


def make(count: int) -> Organisation:
    """The committee; each grassroots organisation below has cells, and each cell some fifty members."""
    kinds = OrganisationKind
    with transaction.atomic():
        root = found_organisation(code="TINH", name="Đảng bộ tỉnh", kind=kinds.UPPER_COMMITTEE, parent=None, by=None)
        cells = []
        for number in range(max(1, count // (50 * CELLS))):
            unit = found_organisation(
                code=f"CS{number:03}",
                name=f"Đảng bộ cơ sở {number}",
                kind=kinds.GRASSROOTS_COMMITTEE,
                parent=root,
                by=None,
            )
            cells += [
                found_organisation(
                    code=f"CS{number:03}-{place:02}",
                    name=f"Chi bộ {number}-{place}",
                    kind=kinds.SUBORDINATE_CELL,
                    parent=unit,
                    by=None,
                )
                for place in range(CELLS)
            ]
        keys = [cell.pk for cell in cells]
        for start in range(0, count, TOGETHER):
            _write(range(start, min(start + TOGETHER, count)), keys)
    return root


def _write(numbers: range, organisations: list[int]) -> None:
    random = Random(numbers.start)  # noqa: S311 (invented people)
    people = [_person(random, number) for number in numbers]
    bulk.insert(Person, people)
    days = [dt.date(1975 + number % 45, 1 + number % 12, 1 + number % 28) for number in numbers]
    places = [random.choice(organisations) for _ in numbers]
    admissions = [
        Admission(
            person=person,
            organisation_id=place,
            decided_on=day,
            official_on=day.replace(year=day.year + 1) if number % 40 else None,
        )
        for number, person, place, day in zip(numbers, people, places, days, strict=True)
    ]
    bulk.insert(Admission, admissions)
    stays = [
        Membership(
            person=person,
            organisation_id=place,
            admission=admission,
            began_on=day,
            start_reason=StartReason.ADMITTED,
        )
        for person, place, admission, day in zip(people, places, admissions, days, strict=True)
    ]
    bulk.insert(Membership, stays)


def _person(random: Random, number: int) -> Person:
    name = [random.choice(words) for words in (FAMILIES, MIDDLES, MIDDLES, GIVEN + MORE_GIVEN)]
    if random.random() < 0.3:
        del name[1]
    return Person(
        full_name=" ".join(name),
        file_number=f"77{number:08}",
        card_number=f"77.{number:06}",
        sex=random.choice(("male", "female")),
        born_on=dt.date(1945 + number % 55, 1 + number % 12, 1 + number % 28),
        ethnicity=random.choices(("Kinh", "Tày", "Mường", "Ê Đê"), (90, 6, 3, 1))[0],
        religion="Không",
        home_town=f"Xã Sơn {number % 300}, huyện Nam {number % 10}",
        residence=f"Phường Trung {number % 200}",
        national_id_number=f"077{number:09}",
        occupation=random.choice(("Chuyên viên", "Kế toán", "Trưởng phòng", "Giáo viên")),
        general_education="12/12",
        professional_education=random.choice(("Cử nhân luật", "Kỹ sư xây dựng", "")),
        theory_level=random.choice(("elementary", "intermediate", "advanced", "")),
    )
