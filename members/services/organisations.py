"""Writes on organisations: founding, renaming, moving, merging, each with the periods of all below."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from config.access import under_path
from members.audit import audited
from members.models import MassOrganisation, Membership, Organisation, OrganisationPeriod, Person, Succession, User
from members.models.memberships import covering
from members.models.organisations import OrganisationEvent, SuccessionKind
from members.partial_dates import Precision
from members.services.checks import refuse_ended, refuse_outside_life, require_change, write_checked
from members.services.stays import split_stay


class Unchanged(enum.Enum):
    """Stands for "as it is" where None has a meaning of its own."""

    UNCHANGED = enum.auto()


UNCHANGED = Unchanged.UNCHANGED


@audited
def found_organisation(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Organisation | None,
    founded_on: dt.date | None = None,
    sector: str = "",
    by: User | None,
) -> Organisation:
    """Add an organisation under `parent`, with the periods that follow the changes above it."""
    require_change(by, parent)
    if parent is not None:
        _lock(parent)
        if founded_on is not None:
            refuse_outside_life(parent, founded_on)
    organisation = write_checked(
        Organisation(code=code, name=name, kind=kind, parent=parent, founded_on=founded_on, sector=sector)
    )
    above = _periods_from(parent, founded_on).first() if parent else None
    organisation.path = own_path(organisation, above.path if above else "")
    organisation.save(update_fields=["path"])
    write_checked(_state_of(organisation, event=OrganisationEvent.FOUNDED))
    if parent is not None:
        _follow(organisation, parent, since=founded_on, decision_number="")
    return organisation


def own_path(organisation: Organisation, path_above: str) -> str:
    """The materialised path of `organisation` under one with `path_above` ("" for a root)."""
    return f"{path_above}{organisation.pk}/"


@audited
def change_organisation(
    *,
    organisation: Organisation,
    on: dt.date,
    name: str | None = None,
    kind: str | None = None,
    parent: Organisation | Unchanged | None = UNCHANGED,
    event: str,
    decision_number: str = "",
    by: User | None,
) -> Organisation:
    """Give `organisation` another name, kind or parent from `on` on; what it was before stays on record.

    When the parent changes, all that stood below from that day on moves along. A second change on the day of
    the last one corrects that one.
    """
    _lock(organisation)
    require_change(by, organisation)
    new_parent = organisation.parent if parent is UNCHANGED else parent
    refuse_ended(organisation)
    refuse_outside_life(organisation, on)
    latest = _latest_period(organisation)
    if latest.starts_on is not None and on < latest.starts_on:
        raise ValidationError(f"Ngày thay đổi không được trước lần thay đổi gần nhất ({latest.starts_on:%d/%m/%Y}).")
    is_moved = new_parent != organisation.parent
    if is_moved:
        require_change(by, new_parent)
        _refuse_parent(organisation, new_parent, on)
    organisation.name = organisation.name if name is None else name
    organisation.kind = organisation.kind if kind is None else kind
    organisation.parent = new_parent
    if (organisation.name, organisation.kind, is_moved) == (latest.name, latest.kind, False):
        raise ValidationError("Không có gì thay đổi so với hiện tại.")
    write_checked(organisation)
    _open_period(organisation, latest, on=on, event=event, decision_number=decision_number)
    if is_moved:
        _follow(organisation, new_parent, since=on, decision_number=decision_number)
    return organisation


@audited
def merge_organisation(
    *,
    organisation: Organisation,
    into: Organisation,
    on: dt.date,
    decision_number: str = "",
    by: User | None,
) -> Succession:
    """End `organisation` on `on`; `into` takes its members, candidates, sub- and mass organisations.

    A member's stay ends as "Chuyển nội bộ" and a new one begins the same day within the same admission.
    """
    require_change(by, organisation, into)
    _lock(organisation)
    _lock(into)
    for either in (organisation, into):
        refuse_ended(either)
        refuse_outside_life(either, on)
    if under_or_same(into, organisation):
        raise ValidationError("Không thể sáp nhập một tổ chức vào chính nó hoặc vào tổ chức cấp dưới của nó.")
    _move_all_members(organisation, into, on=on, decision_number=decision_number)
    for child in organisation.children.filter(ended_on__isnull=True):
        change_organisation(
            organisation=child,
            on=on,
            parent=into,
            event=OrganisationEvent.PARENT_CHANGED,
            decision_number=decision_number,
            by=by,
        )
    Person.objects.filter(followed_by=organisation).update(followed_by=into)
    MassOrganisation.objects.filter(organisation=organisation, ended_on__isnull=True).update(organisation=into)
    organisation.ended_on = on
    organisation.ended_on_precision = Precision.DAY
    write_checked(organisation)
    return write_checked(
        Succession(
            predecessor=organisation,
            successor=into,
            kind=SuccessionKind.MERGER,
            took_place_on=on,
            decision_number=decision_number,
        )
    )


def under_or_same(organisation: Organisation, upper: Organisation) -> bool:
    """Whether `organisation` is `upper` or stands under it today."""
    return organisation.path.startswith(upper.path)


def _lock(organisation: Organisation) -> None:
    """Read the row anew and keep others from changing it (on SQLite one transaction writes at a time)."""
    organisation.refresh_from_db(from_queryset=Organisation.objects.select_for_update())


def _refuse_parent(organisation: Organisation, parent: Organisation | None, on: dt.date) -> None:
    if parent is None:
        return
    refuse_outside_life(parent, on)
    if _periods_from(parent, on).filter(under_path("path", organisation.path)).exists():
        raise ValidationError("Tổ chức cấp trên mới không thể là chính tổ chức này hoặc nằm dưới nó.")


def _state_of(organisation: Organisation, *, event: str, decision_number: str = "") -> OrganisationPeriod:
    return _describe(OrganisationPeriod(organisation=organisation), event=event, decision_number=decision_number)


def _describe(period: OrganisationPeriod, *, event: str, decision_number: str) -> OrganisationPeriod:
    """Let `period` say what its organisation is now."""
    period.name = period.organisation.name
    period.kind = period.organisation.kind
    period.parent = period.organisation.parent
    period.path = period.organisation.path
    period.event = event
    period.decision_number = decision_number
    return period


def _latest_period(organisation: Organisation) -> OrganisationPeriod:
    return OrganisationPeriod.objects.get(organisation=organisation, ends_on__isnull=True)


def _periods_from(organisation: Organisation, day: dt.date | None) -> models.QuerySet[OrganisationPeriod]:
    """The periods of `organisation` that reach beyond `day` (None: all), in their order."""
    periods = OrganisationPeriod.objects.filter(organisation=organisation)
    if day is not None:
        periods = periods.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    return periods.order_by(F("starts_on").asc(nulls_first=True))


def _open_period(
    organisation: Organisation, latest: OrganisationPeriod, *, on: dt.date, event: str, decision_number: str
) -> None:
    """Close the latest period on that day and open the next, still with the path that it had.

    A period that began on that day is described anew.
    """
    if latest.starts_on == on:
        latest.organisation = organisation
        write_checked(_describe(latest, event=event, decision_number=decision_number))
        return
    latest.ends_on = on
    write_checked(latest)
    opened = _state_of(organisation, event=event, decision_number=decision_number)
    opened.starts_on = on
    write_checked(opened)


def _follow(
    organisation: Organisation, parent: Organisation | None, *, since: dt.date | None, decision_number: str
) -> None:
    """Bring the paths of `organisation` and all below it in step with its parent's, period by period."""
    path = organisation.path
    states: Iterable[tuple[dt.date | None, str]] = [(None, "")]
    if parent is not None:
        states = _periods_from(parent, since).values_list("starts_on", "path")
    for starts_on, path_above in states:
        day = max((known for known in (starts_on, since) if known is not None), default=None)
        new_path = own_path(organisation, path_above)
        if new_path != path:
            _replace_path(path, new_path, since=day, decision_number=decision_number)
        path = new_path
    Organisation.objects.filter(under_path("path", organisation.path)).update(
        path=_with_beginning(path, organisation.path)
    )
    organisation.path = path


def _replace_path(old: str, new: str, *, since: dt.date | None, decision_number: str) -> None:
    """Every period under `old` that reaches beyond `since` gets, from that day on, its path under `new`."""
    states = OrganisationPeriod.objects.filter(under_path("path", old))
    if since is None:
        states.update(path=_with_beginning(new, old))
        return
    spanning = states.filter(Q(starts_on__isnull=True) | Q(starts_on__lt=since)).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=since)
    )
    later = list(spanning)
    spanning.update(ends_on=since)
    for state in later:
        state.pk = None
        state.version = 1
        state.starts_on = since
        state.event = OrganisationEvent.PARENT_CHANGED
        state.decision_number = decision_number
    OrganisationPeriod.objects.bulk_create(later)
    states.filter(starts_on__gte=since).update(path=_with_beginning(new, old))


def _with_beginning(new: str, old: str) -> Concat:
    return Concat(Value(new), Substr("path", len(old) + 1), output_field=models.CharField())


def _move_all_members(organisation: Organisation, into: Organisation, *, on: dt.date, decision_number: str) -> None:
    stays = Membership.objects.filter(organisation=organisation)
    if stays.filter(began_on__gt=on).exists():
        raise ValidationError("Có đảng viên đến tổ chức này sau ngày sáp nhập; hãy xem lại ngày.")
    for stay in stays.filter(covering(on)).select_for_update():
        split_stay(stay, to=into, on=on, decision_number=decision_number)
