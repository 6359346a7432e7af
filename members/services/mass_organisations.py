"""Writes on mass organisations."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from members.audit import audited
from members.models import MassOrganisation, User
from members.services.checks import require_change, write_checked


@audited
def write_mass_organisation(*, mass_organisation: MassOrganisation, by: User | None) -> MassOrganisation:
    """Save a mass organisation, new or changed, which an organisation that exists leads."""
    require_change(by, mass_organisation.organisation)
    stored = MassOrganisation.objects.filter(pk=mass_organisation.pk).select_related("organisation").first()
    if stored is not None:
        require_change(by, stored.organisation)
    _refuse_led_by_none(mass_organisation)
    return write_checked(mass_organisation)


def _refuse_led_by_none(mass_organisation: MassOrganisation) -> None:
    leader, ended = mass_organisation.organisation, mass_organisation.ended_on
    if leader.ended_on is not None and (ended is None or ended > leader.ended_on):
        raise ValidationError(
            f"{leader} đã kết thúc hoạt động từ {leader.ended}. Hãy chọn tổ chức đảng khác lãnh đạo đoàn thể này, "
            "hoặc ghi ngày kết thúc của đoàn thể không sau ngày đó."
        )
