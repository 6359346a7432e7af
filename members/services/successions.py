"""Writes by which organisations end or come out of others: mergers, splits, ends without a successor."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from members.audit import audited
from members.models import MassOrganisation, Membership, Organisation, OrganisationPeriod, Person, Succession, User
from members.models.memberships import covering
from members.models.organisations import OrganisationEvent, SuccessionKind
from members.partial_dates import Precision
from members.services.checks import refuse_ended, refuse_outside_life, require_change, write_checked
from members.services.committees import end_posts_left, end_posts_of
from members.services.organisations import change_organisation, found_organisation, lock, under_or_same
from members.services.stays import split_stay

# How many names a refusal tells.
TOLD = 5


@dataclass(frozen=True)
class Part:
    """A new organisation that a split makes, and what goes along to it from the old one."""

    code: str
    name: str
    kind: str
    sector: str = ""
    members: Sequence[Person] = ()
    candidates: Sequence[Person] = ()
    organisations: Sequence[Organisation] = ()
    mass_organisations: Sequence[MassOrganisation] = field(default=())


@audited
def merge_organisation(
    *,
    organisation: Organisation,
    into: Organisation,
    on: dt.date,
    decision_number: str = "",
    reason: str = "",
    by: User | None,
) -> Succession:
    """End `organisation` on `on`; `into` takes its members, candidates, sub- and mass organisations.

    A member's stay ends as "Chuyển nội bộ" and a new one begins the same day within the same admission. The posts
    of its committee end.
    """
    require_change(by, organisation, into)
    for either in (organisation, into):
        lock(either)
        refuse_ended(either)
        refuse_outside_life(either, on)
    if under_or_same(into, organisation):
        raise ValidationError("Không thể sáp nhập một tổ chức vào chính nó hoặc vào tổ chức cấp dưới của nó.")
    _refuse_later(organisation, on, "sáp nhập")
    end_posts_of(organisation, on=on, decision_number=decision_number)
    _move_members(_stays_of(organisation, on), into, on=on, decision_number=decision_number)
    _move_below(_below(organisation, on), into, on=on, decision_number=decision_number, by=by)
    Person.objects.filter(followed_by=organisation).update(followed_by=into)
    MassOrganisation.objects.filter(organisation=organisation, ended_on__isnull=True).update(organisation=into)
    _close(organisation, on, decision_number)
    return _succeed(organisation, into, SuccessionKind.MERGER, on, decision_number)


@audited
def split_organisation(
    *,
    organisation: Organisation,
    parts: Sequence[Part],
    on: dt.date,
    ends: bool,
    decision_number: str = "",
    reason: str = "",
    by: User | None,
) -> list[Organisation]:
    """Found the parts beside `organisation` on `on`; what each names moves along to it.

    The organisation goes on with what no part names or, where it `ends`, everything must be named.
    """
    require_change(by, organisation, organisation.parent)
    lock(organisation)
    refuse_ended(organisation)
    refuse_outside_life(organisation, on)
    _refuse_parts(organisation, parts, on, ends=ends)
    made = [_make_part(organisation, part, on=on, decision_number=decision_number, by=by) for part in parts]
    if ends:
        _refuse_later(organisation, on, "tách")
        refuse_remains(organisation, on)
        end_posts_of(organisation, on=on, decision_number=decision_number)
        _close(organisation, on, decision_number)
    return made


@audited
def end_organisation(
    *, organisation: Organisation, on: dt.date, decision_number: str = "", reason: str = "", by: User | None
) -> Organisation:
    """End an organisation that nobody carries on. Refused, with what to do, while anything of it remains."""
    require_change(by, organisation, organisation.parent)
    lock(organisation)
    refuse_ended(organisation)
    refuse_outside_life(organisation, on)
    refuse_remains(organisation, on)
    end_posts_of(organisation, on=on, decision_number=decision_number)
    return _close(organisation, on, decision_number)


def refuse_remains(organisation: Organisation, on: dt.date) -> None:
    """Raise ValidationError, a sentence for each kind, where members and the like are there from that day on."""
    said = [
        f"Còn {_counted(rows, noun)}: {_names(rows)}. {advice}"
        for noun, rows, advice in _remains(organisation, on)
        if rows
    ]
    if said:
        raise ValidationError([f"{organisation} chưa kết thúc được vào ngày {on:%d/%m/%Y}.", *said])


def _remains(organisation: Organisation, on: dt.date) -> Iterable[tuple[str, list[Any], str]]:
    stays = organisation.memberships.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on)).select_related("person")
    people = sorted({stay.person for stay in stays}, key=lambda person: (person.name_sort_key, person.pk))
    candidates = list(Person.objects.candidates().filter(followed_by=organisation))
    unions = list(organisation.mass_organisations.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on)))
    return (
        ("đảng viên", people, "Hãy chuyển sinh hoạt cho họ trước, hoặc sáp nhập tổ chức này vào tổ chức khác."),
        ("tổ chức trực thuộc", _below(organisation, on), "Hãy chuyển, sáp nhập hoặc kết thúc các tổ chức đó trước."),
        ("quần chúng ưu tú", candidates, "Hãy giao tổ chức khác theo dõi họ trước."),
        ("đoàn thể", unions, "Hãy chuyển các đoàn thể đó sang tổ chức khác hoặc ghi ngày kết thúc trước."),
    )


def _counted(rows: Sequence[Any], noun: str) -> str:
    return f"{len(rows)} {noun}"


def _names(rows: Sequence[Any]) -> str:
    rest = len(rows) - TOLD
    return ", ".join([*(str(row) for row in rows[:TOLD]), *([f"và {rest} nữa"] if rest > 0 else [])])


def _stays_of(organisation: Organisation, on: dt.date) -> list[Membership]:
    rows = Membership.objects.filter(covering(on), organisation=organisation).order_by("pk")
    return list(rows.select_for_update())


def _below(organisation: Organisation, on: dt.date) -> list[Organisation]:
    """The organisations that stand directly under it after that day and haven't ended by then."""
    periods = OrganisationPeriod.objects.filter(parent=organisation).exclude(ends_on__lte=on)
    rows = Organisation.objects.filter(pk__in=periods.values("organisation"))
    return list(rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on)))


def _refuse_later(organisation: Organisation, on: dt.date, act: str) -> None:
    if organisation.memberships.filter(began_on__gt=on).exists():
        raise ValidationError(f"Có đảng viên đến tổ chức này sau ngày {act}; hãy xem lại ngày.")


def _move_members(stays: Iterable[Membership], into: Organisation, *, on: dt.date, decision_number: str) -> None:
    for stay in stays:
        split_stay(stay, to=into, on=on, decision_number=decision_number)
        end_posts_left(stay.person, on=on, decision_number=decision_number)


def _move_below(
    organisations: Iterable[Organisation], into: Organisation, *, on: dt.date, decision_number: str, by: User | None
) -> None:
    for child in organisations:
        change_organisation(
            organisation=child,
            on=on,
            parent=into,
            event=OrganisationEvent.PARENT_CHANGED,
            decision_number=decision_number,
            by=by,
        )


def _close(organisation: Organisation, on: dt.date, decision_number: str) -> Organisation:
    organisation.ended_on = on
    organisation.ended_on_precision = Precision.DAY
    organisation.end_decision_number = decision_number
    return write_checked(organisation)


def _succeed(
    organisation: Organisation, successor: Organisation, kind: SuccessionKind, on: dt.date, decision_number: str
) -> Succession:
    return write_checked(
        Succession(
            predecessor=organisation,
            successor=successor,
            kind=kind,
            took_place_on=on,
            decision_number=decision_number,
        )
    )


# --- Splitting -----------------------------------------------------------------------------------------


def _refuse_parts(organisation: Organisation, parts: Sequence[Part], on: dt.date, *, ends: bool) -> None:
    if len(parts) < (2 if ends else 1):
        raise ValidationError("Chia một tổ chức thì phải có ít nhất hai tổ chức mới; tách thì ít nhất một.")
    people = {stay.person_id for stay in _stays_of(organisation, on)}
    rows_and_known = (
        ([row for part in parts for row in part.members], people),
        ([row for part in parts for row in part.organisations], {row.pk for row in _below(organisation, on)}),
        (
            [row for part in parts for row in part.candidates],
            set(organisation.followed_people.values_list("pk", flat=True)),
        ),
        (
            [row for part in parts for row in part.mass_organisations],
            set(organisation.mass_organisations.filter(ended_on__isnull=True).values_list("pk", flat=True)),
        ),
    )
    for rows, known in rows_and_known:
        foreign = [row for row in rows if row.pk not in known]
        if foreign:
            raise ValidationError(f"Ngày {on:%d/%m/%Y} không thuộc {organisation}: {_names(foreign)}.")
        twice = [row for row, times in Counter(rows).items() if times > 1]
        if twice:
            raise ValidationError(f"Mỗi người, mỗi tổ chức chỉ chuyển đến một nơi: {_names(twice)}.")


def _make_part(
    organisation: Organisation, part: Part, *, on: dt.date, decision_number: str, by: User | None
) -> Organisation:
    made = found_organisation(
        code=part.code,
        name=part.name,
        kind=part.kind,
        sector=part.sector,
        parent=organisation.parent,
        founded_on=on,
        decision_number=decision_number,
        by=by,
    )
    people = {person.pk for person in part.members}
    stays = [stay for stay in _stays_of(organisation, on) if stay.person_id in people]
    _move_members(stays, made, on=on, decision_number=decision_number)
    _move_below(part.organisations, made, on=on, decision_number=decision_number, by=by)
    Person.objects.filter(pk__in=[row.pk for row in part.candidates]).update(followed_by=made)
    MassOrganisation.objects.filter(pk__in=[row.pk for row in part.mass_organisations]).update(organisation=made)
    _succeed(organisation, made, SuccessionKind.SPLIT, on, decision_number)
    return made
