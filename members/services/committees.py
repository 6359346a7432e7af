"""Writes on posts in committees: who takes one, gives it up, or loses it with the place in the organisation."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from members.audit import audited
from members.models import CommitteePost, Membership, Organisation, OrganisationPeriod, Person, PostEndReason, User
from members.models.committees import CommitteePostQuerySet
from members.models.memberships import LATEST_FIRST
from members.partial_dates import PartialDate, Precision
from members.services.checks import require_change, write_checked

NO_MEMBER = "{person} không phải là đảng viên đang sinh hoạt vào {day}; hãy xem lại người hoặc ngày."
ELSEWHERE = (
    "Vào {day} {person} sinh hoạt ở {place}, không thuộc {organisation}. "
    "Hãy xem lại ngày, hoặc ghi việc chuyển sinh hoạt trước."
)


@audited
def begin_post(
    *,
    person: Person,
    organisation: Organisation,
    position: str,
    began: PartialDate,
    term: str = "",
    decision_number: str = "",
    by: User | None,
) -> CommitteePost:
    """Let `person`, a member in `organisation` or below it, hold a post in its committee from `began` on."""
    post = CommitteePost(
        person=person,
        organisation=organisation,
        position=position,
        term=term,
        decision_number=decision_number,
        began_on=began.first_day,
        began_on_precision=began.precision,
    )
    return write_post(post=post, by=by)


@audited
def write_post(*, post: CommitteePost, by: User | None) -> CommitteePost:
    """Save a post, new or corrected, whose holder may hold it."""
    require_change(by, post.organisation)
    refuse_post(post)
    return write_checked(post)


def refuse_post(post: CommitteePost) -> None:
    """Raise ValidationError where the organisation or the holder could not have the post when it began."""
    _refuse_outside_life(post)
    _refuse_holder(post)


@audited
def end_post(
    *, post: CommitteePost, ended: PartialDate, reason: str, decision_number: str = "", by: User | None
) -> CommitteePost:
    """Let a post end on the first day on which it is no longer held."""
    require_change(by, post.organisation)
    if post.ended_on is not None:
        raise ValidationError(f"{post} đã thôi giữ từ {post.ended}.")
    return _end(post, ended, reason, decision_number)


def _end(post: CommitteePost, ended: PartialDate, reason: str, decision_number: str) -> CommitteePost:
    post.ended_on, post.ended_on_precision = ended.first_day, ended.precision
    post.end_reason = reason
    post.end_decision_number = decision_number
    return write_checked(post)


def _refuse_outside_life(post: CommitteePost) -> None:
    organisation, began = post.organisation, post.began
    if began is None:
        return
    if organisation.founded_on is not None and began.last_day < organisation.founded_on:
        raise ValidationError({"began_on": f"{organisation} mới thành lập {organisation.founded}, sau ngày này."})
    if organisation.ended_on is not None and organisation.ended_on <= began.first_day:
        raise ValidationError({"began_on": f"{organisation} đã kết thúc hoạt động từ {organisation.ended}."})


def _refuse_holder(post: CommitteePost) -> None:
    """The holder must have a stay at the beginning, in the organisation or below it."""
    began = post.began
    if began is None:
        return
    # A stay that ends on the day itself holds no more.
    stays = Membership.objects.filter(person=post.person_id, began_on__lte=began.last_day)
    stays = stays.exclude(ended_on__lte=began.first_day)
    if not stays.exists():
        raise ValidationError({"person": NO_MEMBER.format(person=post.person, day=began)})
    below = OrganisationPeriod.objects.under(post.organisation, on=began.last_day)
    if not stays.filter(organisation__in=below.values("organisation")).exists():
        place = stays.order_by(*LATEST_FIRST)[0].organisation
        told = ELSEWHERE.format(day=began, person=post.person, place=place, organisation=post.organisation)
        raise ValidationError({"person": told})


# --- Ends that follow from something else --------------------------------------------------------------


def end_posts_of(organisation: Organisation, *, on: dt.date, decision_number: str = "") -> None:
    """All posts of an organisation that ends on that day end with it."""
    for post in organisation.committee_posts.running().filter(began_on__lte=on).select_for_update():
        _end(post, PartialDate(on, Precision.DAY), PostEndReason.ORGANISATION_ENDED, decision_number)


def end_posts_left(
    person: Person, *, on: dt.date, reason: str = PostEndReason.LEFT, decision_number: str = ""
) -> list[CommitteePost]:
    """End the running posts of `person` in organisations to which they no longer belong on that day.

    To be called after every write by which somebody leaves an organisation or the Party.
    """
    return _end_misplaced(CommitteePost.objects.filter(person=person), on, reason, decision_number)


def end_posts_above(
    organisation: Organisation, former: Organisation | None, *, on: dt.date, decision_number: str = ""
) -> None:
    """After a move: posts in the committees above where it stood, held by people who moved away with it, end."""
    if former is None:
        return
    paths = OrganisationPeriod.objects.on(on).filter(organisation=former).values_list("path", flat=True)
    upper = [int(key) for path in paths for key in path[:-1].split("/")]
    moved = OrganisationPeriod.objects.under(organisation, on=on).values("organisation")
    people = Membership.objects.on(on).filter(organisation__in=moved).values("person")
    posts = CommitteePost.objects.filter(organisation__in=upper, person__in=people)
    _end_misplaced(posts, on, PostEndReason.LEFT, decision_number)


def _end_misplaced(posts: CommitteePostQuerySet, on: dt.date, reason: str, decision_number: str) -> list[CommitteePost]:
    running = list(posts.running().filter(began_on__lte=on).select_for_update(of=("self",)))
    here = standing_within(running, on=on)
    ended = [post for post in running if post.pk not in here]
    return [_end(post, PartialDate(on, Precision.DAY), reason, decision_number) for post in ended]


def standing_within(posts: list[CommitteePost], *, on: dt.date) -> set[int]:
    """The keys of the posts whose holder is a member in the organisation or below it on that day."""
    stays = Membership.objects.on(on).filter(person__in={post.person_id for post in posts})
    place_of = dict(stays.values_list("person", "organisation"))
    keys = {*place_of.values(), *(post.organisation_id for post in posts)}
    path_of = dict(OrganisationPeriod.objects.on(on).filter(organisation__in=keys).values_list("organisation", "path"))
    return {
        post.pk
        for post in posts
        if post.person_id in place_of and path_of[place_of[post.person_id]].startswith(path_of[post.organisation_id])
    }
