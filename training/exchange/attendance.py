"""Rows of Học viên that give how many of an organisation were present: as many learners without a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count

from members.exchange import writer
from members.exchange.of_subjects import PLACE
from members.exchange.plan import Line, good
from members.exchange.records import REPEATED
from members.exchange.run import Run
from training.models import Enrolment, TrainingClass

PRESENT = "Số người dự"

NO_PLACE = "Chưa ghi mã tổ chức của những người dự."
NOT_A_COUNT = "Cần một số từ 0 đến {}."

MOST_PRESENT = 20_000

# A class and an organisation.
Key = tuple[int, int]


@dataclass(frozen=True)
class Attendance:
    """A count of those present of an organisation, where no names are kept."""

    class_code: str
    organisation_code: str
    present: int


def counts_in(run: Run) -> Iterator[Attendance]:
    """The counts of the scope, in the order of the classes."""
    columns = ("training_class__opens_on", "training_class__code", "organisation__code")
    rows = Enrolment.objects.filter(organisation__isnull=False).order_by(*columns).values_list(*columns)
    for _, code, place, present in run.within(rows).annotate(present=Count("pk")):
        yield Attendance(code, place, present)


class AttendanceRows:
    """Brings in counts; `class_of` gives the class of a line by the line's identity."""

    def __init__(self, run: Run, class_of: dict[int, int]) -> None:
        self.run = run
        self.class_of = class_of
        self.seen: dict[Key, int] = {}

    def take(self, lines: list[Line]) -> None:
        """Make the unnamed learners as many as the rows say."""
        for line in lines:
            self._check(line)
        lines = good(lines)
        keys = [self._key(line) for line in lines]
        stored = self._stored(keys)
        for line, key in zip(lines, keys, strict=True):
            first = self.seen.setdefault(key, line.number)
            if first != line.number:
                line.fail(PLACE, REPEATED.format(first))
            else:
                self._compare(line, len(stored[key]))
        self._write([(line, key) for line, key in zip(lines, keys, strict=True) if line.is_good], stored)

    def _check(self, line: Line) -> None:
        line.organisation = line.organisation or self.run.place
        if line.organisation is None:
            line.fail(PLACE, NO_PLACE)
        told = line.values[PRESENT] or "0"
        if not (told.isascii() and told.isdigit() and int(told) <= MOST_PRESENT):
            line.fail(PRESENT, NOT_A_COUNT.format(MOST_PRESENT))

    def _key(self, line: Line) -> Key:
        return self.class_of[id(line)], line.organisation.pk

    def _stored(self, keys: Sequence[Key]) -> dict[Key, list[int]]:
        """The unnamed learners, oldest first, by class and organisation; the classes stay locked."""
        found: dict[Key, list[int]] = defaultdict(list)
        if not keys:
            return found
        classes, places = ({key[part] for key in keys} for part in (0, 1))
        list(TrainingClass.objects.select_for_update().filter(pk__in=classes).order_by("pk"))
        rows = Enrolment.objects.filter(training_class__in=classes, organisation__in=places).order_by("pk")
        for pk, *key in rows.values_list("pk", "training_class", "organisation"):
            found[key[0], key[1]].append(pk)
        return found

    @staticmethod
    def _compare(line: Line, already: int) -> None:
        present = int(line.values[PRESENT] or "0")
        line.is_new = already == 0 and present > 0
        if present != already:
            line.changes.append((PRESENT, str(already), str(present)))

    def _write(self, pairs: list[tuple[Line, Key]], stored: dict[Key, list[int]]) -> None:
        more, fewer = [], []
        for line, key in pairs:
            there, present = stored[key], int(line.values[PRESENT] or "0")
            for _ in range(present - len(there)):
                more.append((Enrolment(training_class_id=key[0], organisation_id=key[1]), line))
            fewer += there[present:]
        writer.create(more, lambda name: PRESENT)
        Enrolment.objects.filter(pk__in=fewer).delete()
