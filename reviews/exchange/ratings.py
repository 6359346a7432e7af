"""The sheets Xếp loại đảng viên, Xếp loại tổ chức and Xếp loại đoàn thể; what is brought in counts as approved."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from members.exchange.cells import Cell, shown, text
from members.exchange.organisation_index import UnknownPlaceError, lines_of, place_cell
from members.exchange.people_index import NAME, NUMBER
from members.exchange.plan import Line
from members.exchange.records import MISSING, OUT_OF_SCOPE, RecordImporter
from members.exchange.run import Run
from members.models import Membership
from members.models.memberships import EARLIEST_FIRST
from members.text import fold
from reviews.exchange.levels import LEVEL, REASON, REASON_CELL, SchemeLevels, level_cell
from reviews.exchange.mass_index import MassIndex
from reviews.exchange.years import YEAR, has_year, settle_years
from reviews.models import MassRating, MemberRating, OrganisationRating, RatingStatus, RatingSubject

PLACE, PLACE_NAME, MASS = "Mã tổ chức", "Tên tổ chức", "Mã đoàn thể"

BOTH = "Đã ghi xếp loại thì không ghi lý do không xếp loại. Hãy xóa một trong hai."
NEITHER = "Chưa ghi xếp loại, hoặc lý do không xếp loại."
NO_STAY = "Đến hết năm {} người này chưa là đảng viên của tổ chức nào. Hãy xem lại người, năm, hoặc ghi mã tổ chức."
RATED_ELSEWHERE = "Năm {} người này do tổ chức ngoài phạm vi của bạn xếp loại."
ANOTHER_NAME = "Mã {} là của “{}”; trong tệp ghi “{}”."
NO_ORGANISATION = "Chưa ghi mã tổ chức hoặc tên tổ chức."

_STATUS = "Tình trạng"


class RatingImporter(RecordImporter):
    """Ratings by year and subject."""

    rated: ClassVar[RatingSubject]
    # The relation to the subject.
    subject_name: ClassVar[str]

    def __init__(self, run: Run) -> None:
        self.levels = SchemeLevels(self.rated)
        super().__init__(run)

    def cells_of(self, run: Run) -> tuple[Cell, ...]:
        return (level_cell(self.levels), REASON_CELL, text("Số quyết định", "decision_number"))

    def find_subjects(self, lines: list[Line]) -> None:
        """Find whom the lines are about."""
        raise NotImplementedError

    def subject(self, line: Line) -> int:
        """The key of whom a good line is about."""
        raise NotImplementedError

    def resolve(self, lines: list[Line]) -> None:
        settle_years(self.run, lines)
        self.find_subjects(lines)
        for line in lines:
            if has_year(line):
                self._check_words(line)

    def _check_words(self, line: Line) -> None:
        if line.values.get(LEVEL) and line.values.get(REASON):
            line.fail(REASON, BOTH)
        if line.values.get(LEVEL):
            try:
                self.levels.find(line.values[LEVEL], int(line.values[YEAR]))
            except ValidationError as unknown:
                line.fail(LEVEL, " ".join(unknown.messages))

    def wanted(self, line: Line) -> dict[str, str]:
        told = line.values.get(LEVEL)
        return line.values | ({LEVEL: self.levels.find(told, int(line.values[YEAR])).name} if told else {})

    def key(self, line: Line) -> Hashable:
        return int(line.values[YEAR]), self.subject(line)

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        years = {int(line.values[YEAR]) for line in lines}
        subjects = {f"{self.subject_name}__in": {self.subject(line) for line in lines}}
        rows = self.model.objects.select_for_update().filter(year__in=years, **subjects)
        return {(row.year, getattr(row, f"{self.subject_name}_id")): row for row in rows}

    def begin(self, line: Line) -> Any:
        subject = {f"{self.subject_name}_id": self.subject(line)}
        return self.model(year=int(line.values[YEAR]), status=RatingStatus.APPROVED, **subject)

    def apply(self, line: Line, record: Any) -> list[str]:
        columns = super().apply(line, record)
        columns += self._settle(line, record)
        if record.status != RatingStatus.APPROVED and (line.values.get(LEVEL) or line.values.get(REASON)):
            line.changes.append((_STATUS, record.get_status_display(), str(RatingStatus.APPROVED.label)))
            record.status = RatingStatus.APPROVED
            columns.append("status")
        return columns

    def _settle(self, line: Line, record: Any) -> list[str]:
        """A new level ends the reason why there was none, and the other way."""
        changed = {column for column, _, after in line.changes if after}
        if record.level_id is None or not record.unrated_reason or len(changed & {LEVEL, REASON}) != 1:
            return []
        other = REASON if LEVEL in changed else LEVEL
        cell = next(cell for cell in self.all_cells if cell.column == other)
        line.changes.append((other, cell.read(record), ""))
        cell.write(record, "")
        return list(cell.columns)

    def check(self, line: Line, record: Any) -> None:
        if (record.level_id is None) == (not record.unrated_reason):
            line.fail(REASON if record.level_id else LEVEL, BOTH if record.level_id else NEITHER)


class OrganisationRatingImporter(RatingImporter):
    """Ratings of Party organisations."""

    kind = "Xếp loại tổ chức"
    model = OrganisationRating
    rated = RatingSubject.ORGANISATIONS
    subject_name = "organisation"
    key_column = PLACE
    key_cells = (
        shown(YEAR, lambda row: str(row.year)),
        shown(PLACE, lambda row: row.organisation.code),
        shown(PLACE_NAME, lambda row: row.organisation.name),
    )

    def find_subjects(self, lines: list[Line]) -> None:
        for line in lines:
            column = PLACE if line.values.get(PLACE) else PLACE_NAME
            if not line.values.get(column):
                line.fail(PLACE, NO_ORGANISATION)
                continue
            try:
                line.organisation = self.run.organisations.find(line.values[column])
            except UnknownPlaceError as unknown:
                line.fail(column, str(unknown))
            else:
                self._compare_name(line)

    @staticmethod
    def _compare_name(line: Line) -> None:
        """A code beside quite another name may be a slip; organisations are called many things, so it is only told."""
        name, known = fold(line.values.get(PLACE_NAME, "")), fold(line.organisation.name)
        if name and name not in known and known not in name:
            line.notes.append(
                ANOTHER_NAME.format(line.organisation.code, line.organisation.name, line.values[PLACE_NAME])
            )

    def subject(self, line: Line) -> int:
        key: int = line.organisation.pk
        return key

    def _refuse_foreign(self, pairs: list[tuple[Any, Line]]) -> None:
        """An organisation that is found lies in the scope."""

    def records(self) -> Iterable[OrganisationRating]:
        """Approved ones of the scope's organisations."""
        rows = OrganisationRating.objects.filter(status=RatingStatus.APPROVED).select_related("organisation")
        rows = rows.order_by("year", "organisation__name_sort_key", "organisation__pk")
        return self.run.within(rows).iterator()


class MassRatingImporter(RatingImporter):
    """Ratings of mass organisations."""

    kind = "Xếp loại đoàn thể"
    model = MassRating
    rated = RatingSubject.MASS
    subject_name = "mass_organisation"
    key_column = MASS
    key_cells = (
        shown(YEAR, lambda row: str(row.year)),
        shown(MASS, lambda row: row.mass_organisation.code),
    )

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.subjects: dict[int, int] = {}  # by identity of the line

    @cached_property
    def index(self) -> MassIndex:
        """Read once the mass organisations of the same file are there."""
        return MassIndex(self.run)

    def find_subjects(self, lines: list[Line]) -> None:
        self.subjects.clear()
        for line in lines:
            if not line.values.get(MASS):
                line.fail(MASS, MISSING.format(MASS.lower()))
                continue
            try:
                self.subjects[id(line)] = self.index.find(line.values[MASS], line.groups)
            except ValidationError as unknown:
                line.fail(MASS, " ".join(unknown.messages))

    def subject(self, line: Line) -> int:
        return self.subjects[id(line)]

    def _refuse_foreign(self, pairs: list[tuple[Any, Line]]) -> None:
        """A mass organisation that is found lies in the scope."""

    def records(self) -> Iterable[MassRating]:
        """Approved ones of the scope's mass organisations."""
        rows = MassRating.objects.filter(status=RatingStatus.APPROVED).select_related("mass_organisation")
        rows = rows.order_by("year", "mass_organisation__name_sort_key", "mass_organisation__pk")
        return self.run.within(rows).iterator()


class MemberRatingImporter(RatingImporter):
    """Ratings of members, each by the organisation where the member was at the end of the year."""

    kind = "Xếp loại đảng viên"
    model = MemberRating
    rated = RatingSubject.MEMBERS
    subject_name = "person"
    key_column = NUMBER
    key_cells = (
        shown(YEAR, lambda row: str(row.year)),
        shown(NUMBER, lambda row: row.person.file_number),
        shown(NAME, lambda row: row.person.full_name),
    )

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        # Where people were, stay after stay: from when, and the organisation.
        self.homes: dict[int, list[tuple[dt.date, int]]] = {}

    def cells_of(self, run: Run) -> tuple[Cell, ...]:
        return (*super().cells_of(run), place_cell(PLACE, "organisation", run.organisations))

    def find_subjects(self, lines: list[Line]) -> None:
        lines_of(self.run.organisations, lines, PLACE)
        self.run.people.match(lines, may_be_new=False)

    def subject(self, line: Line) -> int:
        key: int = line.person.pk
        return key

    def wanted(self, line: Line) -> dict[str, str]:
        own = {PLACE: line.organisation.code} if line.values.get(PLACE) else {}
        return {name: value for name, value in super().wanted(line).items() if name != PLACE} | own

    def _refuse_foreign(self, pairs: list[tuple[Any, Line]]) -> None:
        for record, line in pairs:
            if not self._is_covered(record.organisation_id):
                line.fail(NUMBER if line.values.get(NUMBER) else NAME, OUT_OF_SCOPE)

    def _is_covered(self, place: int) -> bool:
        return self.run.organisations.covers(self.run.organisations.places[place])

    def stored(self, lines: list[Line]) -> dict[Hashable, Any]:
        found = super().stored(lines)
        new = [line for line in lines if self.key(line) not in found and not line.values.get(PLACE)]
        self._read_homes({line.person.pk for line in new})
        return found

    def _read_homes(self, people: set[int]) -> None:
        self.homes = defaultdict(list)
        if people:
            stays = Membership.objects.filter(person__in=people).order_by("person", *EARLIEST_FIRST)
            for person, began_on, place in stays.values_list("person", "began_on", "organisation"):
                self.homes[person].append((began_on, place))

    def begin(self, line: Line) -> MemberRating:
        record: MemberRating = super().begin(line)
        if line.values.get(PLACE):
            record.organisation_id = line.organisation.pk
            return record
        year = int(line.values[YEAR])
        stays = self.homes.get(line.person.pk, [])
        begun = [place for began_on, place in stays if began_on <= dt.date(year, 12, 31)]
        if not begun:
            line.fail(PLACE, NO_STAY.format(year))
        elif not self._is_covered(begun[-1]):
            line.fail(NUMBER if line.values.get(NUMBER) else NAME, RATED_ELSEWHERE.format(year))
        else:
            record.organisation_id = begun[-1]
        return record

    def records(self) -> Iterable[MemberRating]:
        """Approved ones given by the scope's organisations to people whose file is in the scope."""
        rows = MemberRating.objects.filter(status=RatingStatus.APPROVED).select_related("person")
        if self.run.scope is not None:
            rows = rows.within(self.run.scope, to_change=True).filter(self.run.scope.covers("organisation__path"))
        return rows.order_by("year", "person__name_sort_key", "person__pk").iterator()
