"""Writes on people's stays: admission into an organisation and moves between two."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from members.audit import audited
from members.models import Admission, Membership, Organisation, Person, User
from members.models.memberships import EndReason, StartReason, covering
from members.partial_dates import PartialDate
from members.services.checks import refuse_outside_life, require_change, write_checked
from members.services.committees import end_posts_left


@audited
def admit(
    *,
    person: Person,
    organisation: Organisation,
    on: dt.date,
    ceremony_on: dt.date | None = None,
    decision_number: str = "",
    by: User | None,
) -> Membership:
    """Record the decision of `on` that admits `person` into `organisation`; the stay begins the same day."""
    require_change(by, organisation)
    refuse_outside_life(organisation, on)
    is_back = Admission.objects.filter(person=person, decided_on__lt=on).exists()
    admission = write_checked(
        Admission(
            person=person,
            organisation=organisation,
            decided_on=on,
            decision_number=decision_number,
            ceremony_on=ceremony_on,
        )
    )
    return write_checked(
        Membership(
            person=person,
            organisation=organisation,
            admission=admission,
            began_on=on,
            start_reason=StartReason.READMITTED if is_back else StartReason.ADMITTED,
            start_decision_number=decision_number,
        )
    )


@audited
def record_move(
    *, person: Person, to: Organisation, on: dt.date | PartialDate, decision_number: str = "", by: User | None
) -> Membership:
    """Move `person` (chuyển nội bộ): the stay of that day ends and one in `to` begins, in one admission."""
    day = on.first_day if isinstance(on, PartialDate) else on
    stay = Membership.objects.select_for_update().filter(covering(day), person=person).first()
    if stay is None or stay.ended_on is not None:
        raise ValidationError(f"Ngày {day:%d/%m/%Y} người này không đang sinh hoạt ở tổ chức nào.")
    require_change(by, stay.organisation, to)
    refuse_outside_life(to, day)
    if stay.organisation == to:
        raise ValidationError(f"Người này đang sinh hoạt ở {to.name}.")
    rest = split_stay(stay, to=to, on=on, decision_number=decision_number)
    end_posts_left(person, on=day, decision_number=decision_number)
    return rest


def split_stay(stay: Membership, *, to: Organisation, on: dt.date | PartialDate, decision_number: str) -> Membership:
    """End `stay` on that day and go on in `to` up to where it ended, if it did."""
    rest = Membership(
        person_id=stay.person_id,
        organisation=to,
        admission_id=stay.admission_id,
        start_reason=StartReason.MOVED,
        start_decision_number=decision_number,
        ended_on=stay.ended_on,
        ended_on_precision=stay.ended_on_precision,
        end_reason=stay.end_reason,
        end_decision_number=stay.end_decision_number,
    )
    rest.began = on
    stay.ended = on
    stay.end_reason = EndReason.MOVED
    stay.end_decision_number = decision_number
    write_checked(stay)
    return write_checked(rest)
