"""Which mass organisation a cell means: by its code or its name, within what the user may change."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from django.core.exceptions import ValidationError

from config.access import UserScope
from members.exchange.run import Run
from members.models import MassOrganisation
from members.text import fold, same_name_key

UNKNOWN = "Không có đoàn thể nào mã hoặc tên “{}” trong phạm vi của bạn. Hãy ghi đúng mã, hoặc thêm đoàn thể này trước."
SEVERAL = "Có {} đoàn thể tên “{}”, mã: {}. Hãy ghi mã đoàn thể."


class _Mass(NamedTuple):
    pk: int
    code: str
    name: str
    path: str
    is_ended: bool


class MassIndex:
    """All mass organisations of the scope, read once."""

    def __init__(self, run: Run) -> None:
        self.organisations = run.organisations
        scope: UserScope | None = run.scope
        rows = MassOrganisation.objects.order_by("code") if scope is None else MassOrganisation.objects.within(scope)
        columns = ("pk", "code", "name", "organisation__path", "ended_on")
        self.by_code: dict[str, _Mass] = {}
        self.by_name: dict[str, list[_Mass]] = defaultdict(list)
        for pk, code, name, path, ended_on in rows.order_by("code").values_list(*columns):
            mass = _Mass(pk, code, name, path, ended_on is not None)
            self.by_code[code.casefold()] = mass
            for key in {same_name_key(name), fold(name)}:
                self.by_name[key].append(mass)

    def find(self, told: str, groups: list[str]) -> int:
        """The key of the one that is meant; of several by name the one in the group's or the file's organisation.

        Raises ValidationError.
        """
        by_code = self.by_code.get(told.casefold())
        if by_code is not None:
            return by_code.pk
        found = self.by_name.get(same_name_key(told)) or self.by_name.get(fold(told)) or []
        if not found:
            raise ValidationError(UNKNOWN.format(told))
        place = self.organisations.named_by(groups)
        within = place.path if place else self.organisations.within
        inside = [mass for mass in found if mass.path.startswith(within)]
        for choice in (inside, [mass for mass in inside if not mass.is_ended], found):
            if len(choice) == 1:
                return choice[0].pk
        few = inside or found
        raise ValidationError(SEVERAL.format(len(few), told, ", ".join(mass.code for mass in few[:8])))
