"""The sheets Kết nạp (admissions that Hồ sơ can't tell) and Miễn sinh hoạt (exemptions)."""

from __future__ import annotations

from collections.abc import Iterable

from members.exchange.cells import Cell, partial_day, shown, text, whole_day
from members.exchange.of_people import DatedImporter
from members.exchange.organisation_index import UNKNOWN, hidden_places, lines_of, place_cell
from members.exchange.people import profiles_in
from members.exchange.people_index import NUMBER
from members.exchange.plan import Line
from members.exchange.profile import ADMISSION_CELLS, DECIDED, PLACE
from members.exchange.run import Run
from members.models import Admission, Exemption

STARTS = "Từ ngày"
_NUMBER = shown(NUMBER, lambda row: row.person.file_number)


class AdmissionImporter(DatedImporter):
    """Entries into the Party, each with the organisation that it brought the person into."""

    kind = "Kết nạp"
    model = Admission
    key_column = DECIDED
    date_name = "decided"
    key_cells = (_NUMBER,)
    cells = (*ADMISSION_CELLS, text("Số quyết định chính thức", "official_decision_number"))

    def cells_of(self, run: Run) -> tuple[Cell, ...]:
        return (place_cell(PLACE, "organisation", run.organisations),)

    def find_places(self, lines: list[Line]) -> None:
        """One out of scope may be that of the admission on record."""
        self.hidden = hidden_places(self.run.organisations, lines, PLACE)
        lines_of(self.run.organisations, [line for line in lines if id(line) not in self.hidden], PLACE)

    def resolve(self, lines: list[Line]) -> None:
        super().resolve(lines)
        for line in lines:
            if id(line) in self.hidden and not line.is_good:
                line.fail(PLACE, UNKNOWN.format(line.values[PLACE]))

    def wanted(self, line: Line) -> dict[str, str]:
        place = self.hidden.get(id(line), line.organisation)
        return line.values | ({PLACE: place.code} if line.values.get(PLACE) else {})

    def check(self, line: Line, record: Admission) -> None:
        if id(line) in self.hidden and (line.is_new or any(column == PLACE for column, *_ in line.changes)):
            line.fail(PLACE, UNKNOWN.format(line.values[PLACE]))
        for name, words in (
            ("ceremony_on", "Lễ kết nạp không thể trước quyết định kết nạp."),
            ("official_on", "Ngày chính thức không thể trước ngày kết nạp."),
        ):
            day = getattr(record, name)
            if day is not None and record.decided_on is not None and day < record.decided_on:
                line.fail(self.by_field[name], words)

    def records(self) -> Iterable[Admission]:
        """Those that the rows of Hồ sơ and Quá trình sinh hoạt leave out or would tell otherwise."""
        for profile in profiles_in(self.run):
            if not profile.tells_admissions:
                for admission in profile.admissions:
                    admission.person = profile.person
                    yield admission


class ExemptionImporter(DatedImporter):
    """Times of exemption from Party activities."""

    kind = "Miễn sinh hoạt"
    model = Exemption
    key_column = STARTS
    date_name = "starts"
    needed = (STARTS,)
    key_cells = (_NUMBER,)
    cells = (partial_day(STARTS, "starts"), whole_day("Đến ngày", "ends_on"), text("Số quyết định", "decision_number"))

    def check(self, line: Line, record: Exemption) -> None:
        if record.ends_on is not None and record.ends_on < record.starts_on:
            line.fail("Đến ngày", "Ngày hết miễn phải sau ngày bắt đầu.")

    def records(self) -> Iterable[Exemption]:
        """Those of people whose exemption the one cell of Hồ sơ can't tell."""
        for profile in profiles_in(self.run):
            if not profile.tells_exemption:
                for exemption in profile.exemptions:
                    exemption.person = profile.person
                    yield exemption
