"""What stands already in the workbooks to be filled in: who is to be rated, what is known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from config.access import UserScope
from config.workbook import BOLD, Look
from config.workbook_pages import Page
from members.exchange.cells import partial_day
from members.exchange.people import ProfileImporter, profiles_in
from members.exchange.run import Run
from members.models import Exemption, Membership, Organisation
from reviews.exchange.levels import REASON
from reviews.exchange.ratings import MemberRatingImporter, OrganisationRatingImporter
from reviews.models import MemberRating, OrganisationRating, UnratedReason

Texts = dict[str, str]

_BORN = partial_day("Ngày sinh", "born")


def organisations_under(organisation: Organisation, year: int, scope: UserScope | None) -> list[Organisation]:
    """The organisation and all that stood under it at the end of the year and existed then, in the order of names."""
    day = dt.date(year, 12, 31)
    rows = Organisation.objects.under(organisation, on=day).existing_on(day)
    return list(rows if scope is None else rows.within(scope))


def members(run: Run, places: Sequence[Organisation], year: int, people: set[int]) -> Iterator[Texts]:
    """The members of 31 December with what is known of their rating, organisation after organisation, by name.

    Who is exempt that day has the reason already. Keys of people are added to `people`.
    """
    day = dt.date(year, 12, 31)
    stays = _stays(places, day)
    rated = {
        row.person_id: row for row in MemberRating.objects.approved_in(year).filter(person__in=stays.values("person"))
    }
    exempt = set(Exemption.objects.on(day).order_by().values_list("person", flat=True))
    importer = MemberRatingImporter(run)
    for stay in stays.select_related("person", "organisation"):
        texts = {
            "Năm": str(year),
            "Số lý lịch": stay.person.file_number,
            "Họ và tên": stay.person.full_name,
            "Ngày sinh": _BORN.read(stay.person),
            "Mã tổ chức": stay.organisation.code,
        }
        people.add(stay.person_id)
        if stay.person_id in rated:
            rating = rated[stay.person_id]
            rating.person = stay.person
            texts |= importer.described(rating)
        elif stay.person_id in exempt:
            texts[REASON] = str(UnratedReason.EXEMPT.label)
        yield texts


def _stays(places: Sequence[Organisation], day: dt.date) -> QuerySet:
    order = ("organisation__name_sort_key", "organisation", "person__name_sort_key", "person")
    rows = Membership.objects.on(day).filter(organisation__in=[place.pk for place in places])
    found: QuerySet = rows.order_by(*order)
    return found


def organisations(run: Run, places: Sequence[Organisation], year: int) -> Iterator[Texts]:
    """The organisations with what is known of their rating."""
    rows = OrganisationRating.objects.approved_in(year).filter(organisation__in=[place.pk for place in places])
    rated = {row.organisation_id: row for row in rows}
    importer = OrganisationRatingImporter(run)
    for place in places:
        texts = {"Năm": str(year), "Mã tổ chức": place.code, "Tên tổ chức": place.name}
        if place.pk in rated:
            rating = rated[place.pk]
            rating.organisation = place
            texts |= importer.described(rating)
        yield texts


def profiles(organisation: Organisation, people: set[int]) -> Iterator[Texts]:
    """What is known of those who are members under the organisation today, by name."""
    run = Run.outward(UserScope((organisation.path,)))
    importer = ProfileImporter(run)
    for profile in profiles_in(run):
        if profile.stay is not None and profile.stay.ended_on is None:
            people.add(profile.person.pk)
            yield importer.described(profile)


def write_codes(page: Page, places: Sequence[Organisation]) -> None:
    """Which organisation each code means; each in one cell, which is no table."""
    page.line("Các tổ chức", BOLD)
    for place in places:
        page.line(f"{place.code}: {place.name}", Look(), 2)
