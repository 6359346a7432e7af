"""Writes on organisations: founding, renaming, moving, each with the periods of all below.

Mergers, splits and ends stand in successions.py.
"""

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
from members.models import Organisation, OrganisationPeriod, User
from members.models.organisations import OrganisationEvent
from members.services.checks import refuse_ended, refuse_outside_life, require_change, write_checked
from members.services.committees import end_posts_above


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
    decision_number: str = "",
    by: User | None,
) -> Organisation:
    """Add an organisation under `parent`, with the periods that follow the changes above it."""
    require_change(by, parent)
    if parent is not None:
        lock(parent)
        if founded_on is not None:
            refuse_outside_life(parent, founded_on)
    organisation = write_checked(
        Organisation(code=code, name=name, kind=kind, parent=parent, founded_on=founded_on, sector=sector)
    )
    above = _periods_from(parent, founded_on).first() if parent else None
    organisation.path = own_path(organisation, above.path if above else "")
    organisation.save(update_fields=["path"])
    write_checked(_state_of(organisation, event=OrganisationEvent.FOUNDED, decision_number=decision_number))
    if parent is not None:
        _follow(organisation, parent, since=founded_on)
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
    lock(organisation)
    require_change(by, organisation)
    new_parent = organisation.parent if parent is UNCHANGED else parent
    refuse_ended(organisation)
    refuse_outside_life(organisation, on)
    latest = _latest_period(organisation)
    if latest.starts_on is not None and on < latest.starts_on:
        raise ValidationError(
            f"{latest.name}: ngày thay đổi không được trước lần thay đổi gần nhất ({latest.starts_on:%d/%m/%Y})."
        )
    old_parent = organisation.parent
    is_moved = new_parent != old_parent
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
        end_posts_above(organisation, old_parent, on=on, decision_number=decision_number)
    return organisation


def under_or_same(organisation: Organisation, upper: Organisation) -> bool:
    """Whether `organisation` is `upper` or stands under it today."""
    return organisation.path.startswith(upper.path)


def lock(organisation: Organisation) -> None:
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
    organisation: Organisation, parent: Organisation | None, *, since: dt.date | None, decision_number: str = ""
) -> None:
    """Bring the paths of `organisation` and all below it in step with its parent's, period by period.

    What changed with the parent later bears the number of that decision.
    """
    path = organisation.path
    states: Iterable[tuple[dt.date | None, str, str]] = [(None, "", "")]
    if parent is not None:
        states = _periods_from(parent, since).values_list("starts_on", "path", "decision_number")
    for starts_on, path_above, number_above in states:
        is_later = starts_on is not None and (since is None or starts_on > since)
        new_path = own_path(organisation, path_above)
        if new_path != path:
            number = number_above if is_later else decision_number
            _replace_path(path, new_path, since=starts_on if is_later else since, decision_number=number)
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
