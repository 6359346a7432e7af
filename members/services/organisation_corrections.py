"""Corrections of what was entered wrongly about an organisation: no change of the organisation itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from members.audit import audited
from members.models import Organisation, OrganisationPeriod, Succession, User
from members.models.organisations import OrganisationEvent
from members.services.checks import refuse_outside_life, require_change, write_checked
from members.services.organisations import lock
from members.services.successions import refuse_remains

REASON_NEEDED = "Hãy ghi lý do, căn cứ sửa tên hoặc ngày thành lập, kết thúc của tổ chức."
# What may be wrong about an organisation, and of that what can't be corrected without a reason.
CORRECTED = ("name", "sector", "founded_on", "founded_on_precision", "ended_on", "ended_on_precision")
EXPLAINED = tuple(name for name in CORRECTED if name != "sector")


def correction_needs_reason(organisation: Organisation) -> bool:
    """Whether name or dates, set on the instance, differ from those on record."""
    stored = Organisation.objects.get(pk=organisation.pk)
    return any(getattr(stored, name) != getattr(organisation, name) for name in EXPLAINED)


@audited
def correct_organisation(*, organisation: Organisation, reason: str, by: User | None) -> Organisation:
    """Save what was corrected on the instance: the latest name's spelling, sector, founding and end.

    Raises ValidationError where members, sub-organisations or other organisations' records contradict the dates.
    """
    require_change(by, organisation)
    if correction_needs_reason(organisation) and not reason:
        raise ValidationError(REASON_NEEDED)
    stored = Organisation.objects.get(pk=organisation.pk)
    lock(stored)
    if organisation.founded_on != stored.founded_on:
        _refuse_founding(organisation)
    if organisation.ended_on != stored.ended_on:
        _refuse_end(organisation, stored)
    corrected = write_checked(organisation)
    if corrected.name != stored.name:
        _correct_latest_name(corrected)
    return corrected


def _correct_latest_name(organisation: Organisation) -> None:
    """The periods of the latest state of its own, also those that only followed a change above."""
    periods = OrganisationPeriod.objects.filter(organisation=organisation)
    latest = periods.order_by(F("starts_on").desc(nulls_last=True))
    wrong = latest[0].name
    for period in latest:
        if period.name != wrong:
            return
        period.name = organisation.name
        write_checked(period)
        if period.event != OrganisationEvent.PARENT_CHANGED:
            return


def _refuse_founding(organisation: Organisation) -> None:
    day = organisation.founded_on
    born_of = Succession.objects.filter(successor=organisation, kind="split").select_related("predecessor").first()
    if born_of is not None:
        raise ValidationError(
            {
                "founded_on": f"Tổ chức này tách ra từ {born_of.predecessor} ngày {born_of.took_place_on:%d/%m/%Y}; "
                "ngày thành lập là ngày tách, không sửa riêng được."
            }
        )
    if day is None:
        return
    said = [f"Có {what} từ {since}, trước ngày thành lập này." for what, since in _earlier(organisation, day)]
    if said:
        raise ValidationError({"founded_on": said})
    first = OrganisationPeriod.objects.select_related("parent").get(organisation=organisation, starts_on__isnull=True)
    if first.parent is not None:
        refuse_outside_life(first.parent, day)


def _earlier(organisation: Organisation, day: dt.date) -> Iterator[tuple[str, str]]:
    """What is on record of the organisation before `day`: in words, each with the date."""
    stays = organisation.memberships.filter(began_on__lt=day).order_by("began_on").select_related("person")
    # A year alone may well be the year of the founding itself.
    early = next((stay for stay in stays if stay.began is not None and stay.began.last_day < day), None)
    if early is not None:
        yield f"đảng viên {early.person} sinh hoạt", str(early.began)
    for child in organisation.children.filter(founded_on__lt=day):
        if child.founded is not None and child.founded.last_day < day:
            yield f"{child} trực thuộc", str(child.founded)
    changed = organisation.periods.filter(starts_on__lte=day).order_by("starts_on").first()
    if changed is not None and changed.starts_on is not None:
        yield f"thay đổi “{changed.get_event_display()}”", f"{changed.starts_on:%d/%m/%Y}"


def _refuse_end(organisation: Organisation, stored: Organisation) -> None:
    for link in _endings(stored):
        raise ValidationError(
            {
                "ended_on": f"Ngày kết thúc gắn với việc {link.get_kind_display().lower()} ngày "
                f"{link.took_place_on:%d/%m/%Y} ({link.successor}), không sửa riêng được."
            }
        )
    if stored.ended_on is None:
        raise ValidationError({"ended_on": "Tổ chức đang hoạt động; hãy dùng mục “Kết thúc hoạt động”."})
    if organisation.ended_on is not None:
        refuse_remains(organisation, organisation.ended_on)
    elif organisation.parent is not None and organisation.parent.ended_on is not None:
        raise ValidationError(
            {"ended_on": f"Cấp trên {organisation.parent} đã kết thúc; tổ chức này không thể còn hoạt động."}
        )


def _endings(organisation: Organisation) -> Iterable[Succession]:
    """The mergers and splits by which it ended."""
    ended = Q(kind="merger") | Q(took_place_on=organisation.ended_on)
    return Succession.objects.filter(ended, predecessor=organisation).select_related("successor")
