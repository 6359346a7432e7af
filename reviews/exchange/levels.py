"""Which rating or reason a cell means, in the words of the scheme in force in the year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from members.exchange.cells import Cell
from members.intake.values import key as word_key
from members.intake.values import plain_key
from reviews.models import RatingLevel, RatingScheme, RatingSubject, UnratedReason

LEVEL, REASON = "Xếp loại", "Lý do không xếp loại"

NO_SCHEME = "Chưa có quy định xếp loại của năm {}. Hãy xem lại năm, hoặc thêm quy định ở trang quy định."
FOREIGN_WORD = "Năm {} không có mức “{}”. Theo {}, hãy ghi một trong: {}."


class SchemeLevels:
    """The levels by which a kind of subject is rated, year by year; read once for an import."""

    def __init__(self, subject: RatingSubject) -> None:
        self.subject = subject

    @cached_property
    def _schemes(self) -> list[RatingScheme]:
        return list(RatingScheme.objects.filter(subject=self.subject).prefetch_related("levels"))

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of all levels by their keys."""
        return {level.pk: level.name for scheme in self._schemes for level in scheme.levels.all()}

    def scheme(self, year: int) -> RatingScheme | None:
        """The scheme in force in that year."""
        in_force = (row for row in self._schemes if row.first_year <= year <= (row.last_year or year))
        return next(in_force, None)

    def find(self, told: str, year: int) -> RatingLevel:
        """The level of that year's scheme; the wording of another year's is no word. Raises ValidationError."""
        scheme = self.scheme(year)
        if scheme is None:
            raise ValidationError(NO_SCHEME.format(year))
        levels = list(scheme.levels.all())
        for make_key in (word_key, plain_key):
            for level in levels:
                if make_key(told) in set(map(make_key, _called(level))):
                    return level
        words = "; ".join(f"{level.name} ({level.abbreviation})" for level in levels)
        raise ValidationError(FOREIGN_WORD.format(year, told, scheme.title, words))


def _called(level: RatingLevel) -> Iterable[str]:
    return (level.name, level.abbreviation, *filter(None, level.other_names.split("; ")))


# --- Cells -----------------------------------------------------------------------------------------


def level_cell(levels: SchemeLevels) -> Cell:
    """The level of a rating by its name; a wanted text must be one of the year's."""

    def read(row: Any) -> str:
        return levels.names[row.level_id] if row.level_id else ""

    def write(row: Any, value: str) -> None:
        row.level = levels.find(value, row.year) if value else None

    return Cell(LEVEL, read, write, ("level",))


_REASONS = {word_key(str(reason.label)): reason for reason in UnratedReason if reason != UnratedReason.OTHER}


def _read_reason(row: Any) -> str:
    return str(row.unrated_note or row.get_unrated_reason_display()) if row.unrated_reason else ""


def _write_reason(row: Any, value: str) -> None:
    reason = _REASONS.get(word_key(value), UnratedReason.OTHER) if value else ""
    row.unrated_reason = reason
    row.unrated_note = value if reason == UnratedReason.OTHER else ""


def _settled_reason(stored: str, wanted: str) -> str:
    return stored if word_key(stored) == word_key(wanted) else wanted


REASON_CELL = Cell(REASON, _read_reason, _write_reason, ("unrated_reason", "unrated_note"), settled=_settled_reason)
