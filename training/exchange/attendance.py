"""Rows of Học viên that give how many of an organisation were present: as many learners without a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from members.exchange import writer
from members.exchange.of_subjects import PLACE
from members.exchange.plan import Line, good
from members.exchange.records import REPEATED
from members.exchange.run import Run
from training.models import Enrolment, Result, TrainingClass

PRESENT, RESULT = "Số người dự", "Kết quả"

NO_PLACE = "Chưa ghi mã tổ chức của những người dự."
NOT_A_COUNT = "Cần một số từ 0 đến {}."
NO_RESULT = "Không có kết quả này. Hãy ghi một trong: {}."

MOST_PRESENT = 20_000

RESULTS = {str(result.label): result.value for result in Result}

# A class and an organisation.
Group = tuple[int, int]
# Keys of unnamed learners, oldest first, by their result.
Unnamed = dict[str, list[int]]


@dataclass(frozen=True)
class Attendance:
    """How many of an organisation were present, with one result, where no names are kept."""

    class_code: str
    organisation_code: str
    result: str
    present: int


def counts_in(run: Run) -> Iterator[Attendance]:
    """The counts of the scope, in the order of the classes; those without a result first, as the import needs them."""
    columns = ("training_class__opens_on", "training_class__code", "organisation__code", "result")
    rows = Enrolment.objects.filter(organisation__isnull=False).order_by(*columns).values_list(*columns)
    labels = {value: label for label, value in RESULTS.items()}
    for _, code, place, result, present in run.within(rows).annotate(present=Count("pk")):
        yield Attendance(code, place, labels.get(result, ""), present)


class AttendanceRows:
    """Brings in counts; `class_of` gives the class of a line by the line's identity.

    A row that gives a result counts those who have it, one without speaks of all where they have one result in common,
    else of those who have none. A result turns those without one into such that have it, unless a row counts them.
    """

    def __init__(self, run: Run, class_of: dict[int, int]) -> None:
        self.run = run
        self.class_of = class_of
        self.seen: dict[tuple[Group, str], int] = {}

    def take(self, lines: list[Line]) -> None:
        """Make the unnamed learners as many as the rows say."""
        for line in lines:
            self._check(line)
        lines = good(lines)
        self._refuse_repeated(lines)
        lines = good(lines)
        stored = self._stored([self._group(line) for line in lines])
        work = _Work()
        # Rows without a result first: they say who keeps none.
        for line in sorted(lines, key=lambda line: bool(line.values.get(RESULT))):
            self._change(line, stored[self._group(line)], work)
        work.write()

    def _check(self, line: Line) -> None:
        line.organisation = line.organisation or self.run.place
        if line.organisation is None:
            line.fail(PLACE, NO_PLACE)
        told = line.values[PRESENT] or "0"
        if not (told.isascii() and told.isdigit() and int(told) <= MOST_PRESENT):
            line.fail(PRESENT, NOT_A_COUNT.format(MOST_PRESENT))
        if line.values.get(RESULT) and line.values[RESULT] not in RESULTS:
            line.fail(RESULT, NO_RESULT.format(", ".join(RESULTS)))

    def _group(self, line: Line) -> Group:
        return self.class_of[id(line)], line.organisation.pk

    def _refuse_repeated(self, lines: list[Line]) -> None:
        for line in lines:
            first = self.seen.setdefault((self._group(line), line.values.get(RESULT, "")), line.number)
            if first != line.number:
                line.fail(PLACE, REPEATED.format(first))

    @staticmethod
    def _stored(groups: Sequence[Group]) -> dict[Group, Unnamed]:
        """Who is there, by class and organisation; the classes stay locked."""
        found: dict[Group, Unnamed] = defaultdict(lambda: defaultdict(list))
        if groups:
            classes, places = ({group[part] for group in groups} for part in (0, 1))
            list(TrainingClass.objects.select_for_update().filter(pk__in=classes).order_by("pk"))
            rows = Enrolment.objects.filter(training_class__in=classes, organisation__in=places).order_by("pk")
            for pk, of_class, place, result in rows.values_list("pk", "training_class", "organisation", "result"):
                found[of_class, place][result].append(pk)
        return found

    def _change(self, line: Line, there: Unnamed, work: _Work) -> None:
        group, present = self._group(line), int(line.values[PRESENT] or "0")
        result = self._result(line, there)
        counted = there[result]
        already = len(counted)
        if result and (group, "") not in self.seen:
            turned = there[""][: max(present - already, 0)]
            there[""] = there[""][len(turned) :]
            work.turned += [(pk, result, line) for pk in turned]
            counted += turned
        missing = present - len(counted)
        work.new += [
            (Enrolment(training_class_id=group[0], organisation_id=group[1], result=result), line)
            for _ in range(missing)
        ]
        work.gone += counted[present:]
        line.is_new = already == 0 and 0 < missing == present
        if present != already:
            line.changes.append((PRESENT, str(already), str(present)))

    @staticmethod
    def _result(line: Line, there: Unnamed) -> str:
        if told := line.values.get(RESULT):
            return RESULTS[told]
        held = [result for result, keys in there.items() if keys]
        return held[0] if len(held) == 1 else ""


@dataclass
class _Work:
    """What is to be written: new learners, those who go, those who get a result."""

    new: list[tuple[Enrolment, Line]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    turned: list[tuple[int, str, Line]] = field(default_factory=list)

    def write(self) -> None:
        rows = Enrolment.objects.in_bulk([pk for pk, _, _ in self.turned])
        for pk, result, _ in self.turned:
            rows[pk].result = result
        writer.update([(rows[pk], line, ["result"]) for pk, _, line in self.turned], lambda name: PRESENT)
        writer.create(self.new, lambda name: PRESENT)
        Enrolment.objects.filter(pk__in=self.gone).delete()
