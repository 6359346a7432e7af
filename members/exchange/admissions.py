"""The sheets Kết nạp (admissions that Hồ sơ can't tell) and Miễn sinh hoạt (exemptions)."""

from __future__ import annotations

from collections.abc import Iterable

from members.exchange.cells import Cell, partial_day, shown, text, whole_day
from members.exchange.of_people import DatedImporter
from members.exchange.organisation_index import place_cell
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
    key_cells = (_NUMBER, partial_day(DECIDED, "decided"))
    cells = (*ADMISSION_CELLS[1:], text("Số quyết định chính thức", "official_decision_number"))
    columns_by_field = {"decided_on": DECIDED}

    def cells_of(self, run: Run) -> tuple[Cell, ...]:
        return (place_cell(PLACE, "organisation", run.organisations),)

    def wanted(self, line: Line) -> dict[str, str]:
        return line.values | ({PLACE: line.organisation.code} if line.values.get(PLACE) else {})

    def check(self, line: Line, record: Admission) -> None:
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
    key_cells = (_NUMBER, partial_day(STARTS, "starts"))
    cells = (whole_day("Đến ngày", "ends_on"), text("Số quyết định", "decision_number"))
    columns_by_field = {"starts_on": STARTS}

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
