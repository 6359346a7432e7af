"""Where a step is done: the cell, the grassroots committee above it, or the committee above that."""

from __future__ import annotations

from collections.abc import Iterable

from members.models import GRASSROOTS_KINDS, Organisation
from members.models.admission_stages import StageActor


class Places:
    """The organisations that take steps in the cases of others, as the tree is today; one query for any number."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        keys = {key for one in organisations for key in _keys(one)}
        self._known = Organisation.objects.in_bulk(keys)

    def of(self, organisation: Organisation, actor: str) -> Organisation:
        """Who takes the steps of `actor` in the cases of `organisation`."""
        if actor == StageActor.CELL:
            return organisation
        line = [self._known[key] for key in _keys(organisation)]
        base = next((place for place, one in enumerate(line) if one.kind in GRASSROOTS_KINDS), len(line) - 1)
        return line[base] if actor == StageActor.GRASSROOTS else line[max(base - 1, 0)]


def place_of(organisation: Organisation, actor: str) -> Organisation:
    """Who takes the steps of `actor` in the cases of `organisation`."""
    return organisation if actor == StageActor.CELL else Places([organisation]).of(organisation, actor)


def _keys(organisation: Organisation) -> list[int]:
    return [int(key) for key in organisation.path.split("/") if key]
