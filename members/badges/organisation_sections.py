"""What the page of an organisation shows of discipline."""

from __future__ import annotations

import datetime as dt
from typing import Any

from members.badges.effects import Effects
from members.models import Organisation


def discipline_of(organisation: Organisation, *, by_day: dt.date) -> dict[str, Any]:
    """Context of members/organisations/discipline.html: its own decisions up to that day, the latest first."""
    disciplines = list(organisation.disciplines.filter(decided_on__lte=by_day))
    effects = Effects.load() if disciplines else Effects([])
    return {"disciplines": [(one, effects.in_words(one)) for one in disciplines]}
