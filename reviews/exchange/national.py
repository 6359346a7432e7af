"""Members in the columns of the national member database's import template of 2025, and what is still missing.

The template's columns are listed in members.intake.national, which also reads such files.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from config.access import Permission, UserScope, scope_of
from config.downloads import safe_name
from config.workbook import FIRST_DATE, HEADING, LONGEST_TEXT_FORMAT, Kind, Look, new_workbook, put, workbook_bytes
from config.workbook_pages import A3, Column, Page, Row, Table
from config.workbook_rows import Rows, blank_cell, date_cell, number_cell, style_number, text_cell
from members.exchange.people import ProfileImporter, profiles_in
from members.exchange.profile import Profile
from members.exchange.run import Run
from members.intake.national import (
    ACTIVE,
    COUNTRY,
    DETAIL,
    EXEMPT,
    NATIONAL_COLUMNS,
    PROVINCE,
    STATUS,
    STATUS_DAY,
    NationalColumn,
)
from members.models import Membership, Organisation, User
from reviews.exchange.places import parts_of
from reviews.exchange.sheet_out import NEEDED
from reviews.exchange.workbook_out import Handout, record

TITLE = "Danh sách đảng viên theo mẫu cơ sở dữ liệu quốc gia"
SHEET, MISSING_SHEET = "Danh sách đảng viên", "Còn thiếu"
MISSING = "FFEB9C"
"""The ground of cells that are needed and missing, or not as the template wants them."""
_DIGITS = {"Số thẻ Đảng": 12, "Số định danh cá nhân": 12}
_DATES = frozenset({"Sinh ngày", "Ngày cấp thẻ", "Ngày vào Đảng", "Ngày chính thức", STATUS_DAY})
_WIDTHS = {"STT": 6.0, "ID": 8.0, "Họ và tên": 25.0, "TCĐ đang sinh hoạt": 36.0, "Chi tiết": 30.0, STATUS: 18.0}
_WIDTH = 15.0
PLACE_PARTS = (COUNTRY, PROVINCE, DETAIL)
_LINE = Look(wrapped=False)

# A column by its group ("" for none) and its label.
Key = tuple[str, str]
Texts = dict[Key, str]


def national_workbook(
    organisation: Organisation | None, *, by: User | None, on: dt.date | None = None, name: str = ""
) -> Handout:
    """The members on a day (today) of an organisation with all under it, or of all that `by` may export.

    Noted in the trail. Who may export what is for the caller to ask.
    """
    scope = scope_of(by, Permission.EXPORT) if by is not None else None
    if organisation is not None:
        scope = UserScope((organisation.path,))
    day = on or timezone.localdate()
    writer = _Writer(day)
    writer.fill(Run.outward(scope))
    place = f"{organisation.code} " if organisation else ""
    handout = writer.handout(name or safe_name(f"dang vien theo mau quoc gia {place}{day:%Y-%m-%d}.xlsx"))
    record(handout, title=f"{TITLE} {place}".strip(), organisation=organisation, by=by)
    return handout


# --- What the template wants of a person -----------------------------------------------------------


def national_texts(number: int, texts: dict[str, str], profile: Profile, day: dt.date, place: str) -> Texts:
    """What goes into the template's columns: canonical texts, dates as yyyy-mm-dd or less."""
    found: Texts = {}
    for column in NATIONAL_COLUMNS:
        if not column.group:
            found["", column.label] = texts.get(column.column, "")
        else:
            found[column.group, column.label] = parts_of(texts.get(column.column, "")).get(column.label, "")
    found["", "STT"], found["", "TCĐ đang sinh hoạt"] = str(number), place
    exempt = [one for one in profile.exemptions if one.starts_on <= day and (one.ends_on is None or one.ends_on > day)]
    found["", STATUS] = EXEMPT if exempt else ACTIVE
    found["", STATUS_DAY] = exempt[-1].starts.isoformat() if exempt else ""
    old = found["", "Số định danh cá nhân"]
    if len(old) == 9 and old.isdigit():
        found["", "Số CMND cũ"], found["", "Số định danh cá nhân"] = found["", "Số CMND cũ"] or old, ""
    return found


def faults(texts: Texts) -> dict[Key, str]:
    """The cells that are needed and missing or not whole, each with what is to be done."""
    found: dict[Key, str] = {}
    for column in NATIONAL_COLUMNS:
        key = (column.group, column.label)
        text, digits = texts.get(key, ""), _DIGITS.get(column.label)
        if not text and column.needed and not _may_wait(column, texts):
            found[key] = ""
        elif text and digits and not (len(text) == digits and text.isdigit()):
            found[key] = f"chưa đủ {digits} chữ số"
        elif text and column.needed and column.label in _DATES and len(text) < 10:
            found[key] = "chưa đủ ngày, tháng, năm"
    return found


def _may_wait(column: NationalColumn, texts: Texts) -> bool:
    """Who is on probation has no official day yet."""
    return column.label == "Ngày chính thức" and bool(texts.get(("", "Ngày vào Đảng")))


# --- The workbook ----------------------------------------------------------------------------------


@dataclass
class _Incomplete:
    """A person of whom something is missing."""

    number: str
    name: str
    place: str
    faults: dict[Key, str]


class _Writer:
    """Makes the list and the sheet of what is missing."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self.workbook = new_workbook(title=TITLE, creator="Hồ sơ đảng viên", on=day)
        self.sheet: Worksheet = self.workbook.create_sheet(SHEET)
        self.rows = Rows(self.sheet, len(NATIONAL_COLUMNS), first=3)
        self.cells = [_NationalCell(self.sheet, column) for column in NATIONAL_COLUMNS]
        self.incomplete: list[_Incomplete] = []
        self.people: set[int] = set()
        write_head(self.sheet)

    def fill(self, run: Run) -> None:
        """Write the members of the day whose file is in the run's scope, in the order of names."""
        importer = ProfileImporter(run)
        for profile in profiles_in(run):
            stay = _stay_on(profile, self.day)
            if stay is not None:
                self._add(profile, importer.described(profile), run.organisations.places[stay.organisation_id].name)

    def _add(self, profile: Profile, described: dict[str, str], place: str) -> None:
        texts = national_texts(self.rows.count + 1, described, profile, self.day, place)
        wrong = faults(texts)
        self.rows.add([cell.written(texts, wrong) for cell in self.cells])
        self.people.add(profile.person.pk)
        if wrong:
            self.incomplete.append(_Incomplete(profile.person.file_number, profile.person.full_name, place, wrong))

    def handout(self, name: str) -> Handout:
        """The finished file."""
        sheet, last = self.sheet, f"{get_column_letter(len(NATIONAL_COLUMNS))}{max(self.rows.next - 1, 2)}"
        sheet.freeze_panes = "D3"
        sheet.print_title_rows, sheet.print_title_cols = "1:2", "A:C"
        sheet.page_setup.paperSize, sheet.page_setup.orientation = A3, "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 2, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_options.gridLines = True
        sheet.print_area = f"A1:{last}"
        write_missing(self.workbook, self.incomplete, self.day)
        content = workbook_bytes(self.workbook, {SHEET: self.rows})
        counts = {SHEET: self.rows.count, MISSING_SHEET: len(self.incomplete)}
        self.rows.close()
        return Handout(name, content, counts, self.people)


def _stay_on(profile: Profile, day: dt.date) -> Membership | None:
    covering = (
        stay for stay in profile.stays if stay.began_on <= day and (stay.ended_on is None or stay.ended_on > day)
    )
    return next(covering, None)


def write_head(sheet: Worksheet) -> None:
    """The template's headings on two lines: a group above its columns, others over both lines; needed ones starred."""
    place = 1
    for group, members in groupby(NATIONAL_COLUMNS, key=lambda column: column.group):
        columns = list(members)
        for offset, column in enumerate(columns):
            look = replace(HEADING, tint=NEEDED if column.needed else "")
            star = "*" if column.needed else ""
            here = place + offset
            put(sheet.cell(1, here), f"{group or column.label}{star}" if not (group and offset) else None, look)
            put(sheet.cell(2, here), column.label if group else None, look)
            sheet.column_dimensions[get_column_letter(here)].width = _WIDTHS.get(column.label, _WIDTH)
            if not group:
                sheet.merge_cells(start_row=1, end_row=2, start_column=here, end_column=here)
        if group:
            sheet.merge_cells(start_row=1, end_row=1, start_column=place, end_column=place + len(columns) - 1)
        place += len(columns)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 18, 30


class _NationalCell:
    """Writes a column's cells: text, full days as days, what is missing on another ground."""

    def __init__(self, sheet: Worksheet, column: NationalColumn) -> None:
        self.key = (column.group, column.label)
        is_date, self.is_number = column.label in _DATES, column.label == "STT"
        look = replace(_LINE, across="center" if is_date or self.is_number else "left")
        if self.is_number:
            look = replace(look, kind=Kind.PROSE)
        self.is_date = is_date
        self.text, self.long, self.day = self._styles(sheet, look)
        self.wrong, self.wrong_long, self.wrong_day = self._styles(sheet, replace(look, tint=MISSING))

    @staticmethod
    def _styles(sheet: Worksheet, look: Look) -> tuple[int, int, int]:
        kinds = (look.kind, Kind.PROSE, Kind.DATE)
        text, long, day = (style_number(sheet, replace(look, kind=kind)) for kind in kinds)
        return text, long, day

    def written(self, texts: Texts, wrong: dict[Key, str]) -> str:
        """The cell; "" where it stays empty."""
        told, is_wrong = texts.get(self.key, ""), self.key in wrong
        if not told:
            return blank_cell(self.wrong) if is_wrong else ""
        if self.is_number:
            return number_cell(told, self.text)
        if self.is_date:
            return self._date(told, is_wrong=is_wrong)
        long, text = (self.wrong_long, self.wrong) if is_wrong else (self.long, self.text)
        return text_cell(told, long if len(told) > LONGEST_TEXT_FORMAT else text)

    def _date(self, told: str, *, is_wrong: bool) -> str:
        if len(told) == 10 and (known := dt.date.fromisoformat(told)) >= FIRST_DATE:
            return date_cell(known, self.wrong_day if is_wrong else self.day)
        return text_cell("/".join(reversed(told.split("-"))), self.wrong if is_wrong else self.text)


# --- What is missing -------------------------------------------------------------------------------


def write_missing(workbook: Workbook, incomplete: Iterable[_Incomplete], day: dt.date) -> None:
    """Per person what is to be completed, below how often each thing is missing."""
    people = list(incomplete)
    heads = (
        Column("STT", kind=Kind.COUNT, centred=True),
        Column("Số lý lịch"),
        Column("Họ và tên"),
        Column("Tổ chức đảng", most=36),
        Column("Còn thiếu, cần sửa", most=70),
    )
    rows = [
        Row([number, one.number, one.name, one.place, "; ".join(_told(one.faults))])
        for number, one in enumerate(people, 1)
    ]
    table = Table(heads, rows)
    page = Page(workbook, MISSING_SHEET, table.widths)
    page.line(f"Những gì còn thiếu so với mẫu, ngày {day:%d/%m/%Y}", Look(bold=True, size=14))
    for words, count in _counted(people):
        page.line(f"{words}: {count} người", Look())
    if not people:
        page.line("Không thiếu gì.", Look(italic=True))
    page.skip()
    page.table(table)
    page.finish(footer=MISSING_SHEET)


def _told(wrong: dict[Key, str]) -> Iterator[str]:
    """What is missing, the parts of a place together."""
    for group, keys in groupby(wrong, key=lambda key: key[0]):
        labels = [f"{label} ({wrong[group, label]})" if wrong[group, label] else label for _, label in keys]
        is_whole = len(labels) == len(PLACE_PARTS)
        yield ("; ".join(labels) if not group else group if is_whole else f"{group}: {', '.join(labels)}")


def _counted(people: Iterable[_Incomplete]) -> list[tuple[str, int]]:
    counts: dict[str, int] = defaultdict(int)
    for one in people:
        for words in {group or label for group, label in one.faults}:
            counts[words] += 1
    order = [column.group or column.label for column in NATIONAL_COLUMNS]
    return sorted(counts.items(), key=lambda pair: order.index(pair[0]))
