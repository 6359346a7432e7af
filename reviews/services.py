"""Writes on yearly ratings; `by` and refusals as in members.services."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from members.audit import audited
from members.models import MassOrganisation, Membership, Organisation, Person, User
from members.services import require_change, write_checked
from reviews.models import (
    MassRating,
    MemberRating,
    OrganisationRating,
    RatingLevel,
    RatingSubject,
    UnratedReason,
)

Rated = Person | Organisation | MassOrganisation
Rating = MemberRating | OrganisationRating | MassRating


@audited
def rate(
    *,
    subject: Rated,
    year: int,
    level: RatingLevel | None = None,
    unrated_reason: str = "",
    unrated_note: str = "",
    organisation: Organisation | None = None,
    status: str,
    decision_number: str = "",
    by: User | None,
) -> Rating:
    """Rate `subject` for `year` with `level`, or say why not; a rating that is there is replaced.

    `organisation` rates a member; unless given it is the member's on 31 December or the last one before. A
    level must be of the scheme in force that year for this kind of subject.
    """
    rating = _found_or_new(subject, year)
    if isinstance(rating, MemberRating):
        rating.organisation = organisation or _organisation_of(rating.person, year)
    require_change(by, _responsible(rating))
    if level is not None:
        _refuse_foreign_level(level, _kind_of(subject), year)
    if unrated_reason == UnratedReason.OTHER and not unrated_note.strip():
        raise ValidationError({"unrated_note": "Hãy ghi rõ lý do không xếp loại."})
    rating.level = level
    rating.unrated_reason = unrated_reason
    rating.unrated_note = unrated_note
    rating.status = status
    rating.decision_number = decision_number
    return write_checked(rating)


def _found_or_new(subject: Rated, year: int) -> Rating:
    if isinstance(subject, Person):
        found = MemberRating.objects.filter(person=subject, year=year).first()
        return found or MemberRating(person=subject, year=year)
    if isinstance(subject, Organisation):
        rated = OrganisationRating.objects.filter(organisation=subject, year=year).first()
        return rated or OrganisationRating(organisation=subject, year=year)
    known = MassRating.objects.filter(mass_organisation=subject, year=year).first()
    return known or MassRating(mass_organisation=subject, year=year)


def _kind_of(subject: Rated) -> RatingSubject:
    if isinstance(subject, Person):
        return RatingSubject.MEMBERS
    return RatingSubject.ORGANISATIONS if isinstance(subject, Organisation) else RatingSubject.MASS


def _responsible(rating: Rating) -> Organisation:
    """The organisation on whose records the rating stands."""
    if isinstance(rating, MassRating):
        return rating.mass_organisation.organisation
    return rating.organisation


def _organisation_of(person: Person, year: int) -> Organisation:
    stay = Membership.objects.last_by(dt.date(year, 12, 31)).filter(person=person).first()
    if stay is None:
        raise ValidationError(f"Đến hết năm {year} người này chưa là đảng viên của tổ chức nào.")
    organisation: Organisation = stay.organisation
    return organisation


def _refuse_foreign_level(level: RatingLevel, subject: RatingSubject, year: int) -> None:
    scheme = level.scheme
    if scheme.subject != subject:
        raise ValidationError({"level": f"“{level.name}” không phải mức xếp loại dành cho {subject.label.lower()}."})
    if year < scheme.first_year or (scheme.last_year is not None and year > scheme.last_year):
        raise ValidationError({"level": f"“{level.name}” của {scheme} không dùng cho năm {year}."})
