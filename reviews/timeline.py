"""What ratings and commendations add to the timeline of a person (members.timeline)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from members.models import Person
from members.partial_dates import PartialDate
from members.timeline import Moment, of_year
from reviews.models import RatingStatus


def ratings(person: Person, reader: Any) -> Iterator[Moment]:
    """The rating of each year, or why there is none."""
    for rating in person.ratings.select_related("level", "organisation"):
        told = rating.level.name if rating.level else f"không xếp loại ({rating.get_unrated_reason_display()})"
        status = "" if rating.status == RatingStatus.APPROVED else f", {rating.get_status_display().lower()}"
        yield of_year(rating.year, f"Xếp loại năm {rating.year}: {told}, {rating.organisation.name}{status}")


def commendations(person: Person, reader: Any) -> Iterator[Moment]:
    """What the committees commended the person for, on the day of the decision where it is known."""
    for commendation in person.commendations.all():
        told = f"{commendation.form_label}: {commendation.title_label}"
        if commendation.decided_on:
            yield Moment(PartialDate(commendation.decided_on), told)
        else:
            yield of_year(commendation.year, told)
