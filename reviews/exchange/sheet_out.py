"""One sheet of the exchange workbook: its headings, how its cells look and what they offer, and rows put into it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from config.workbook import FIRST_DATE, HEADING, LONGEST_TEXT_FORMAT, Kind, Look, lines_needed, put
from config.workbook_pages import A3, A4, FONT, LINE_HEIGHT, LONGEST_FOOTER, PAGE_WIDTHS
from config.workbook_rows import Rows, blank_cell, date_cell, number_cell, set_column_look, style_number, text_cell
from members.intake.kinds import Column, Type
from members.intake.kinds import Kind as RecordKind
from reviews.exchange.lists_out import Lists
from reviews.exchange.wording import is_open

NEEDED = "F3DDD3"
"""The ground of headings of needed columns."""
TO_FILL, FILLED_BELOW = "FFF6D6", "F2DC9B"
"""The ground of empty cells to be filled in, and of the headings above them."""
LAST_ROW = 200_000
"""The last row that an import reads."""

# Printed no smaller than so many times the width of a page on one page; A3 is so much wider than A4.
WIDEST_ON_A4, WIDEST_UPRIGHT, A3_TO_A4 = 1.5, 1.15, 1.45

# A dash alone empties a stored value, so none is written for one.
_DASHES = frozenset({"", "-", "–", "—"})
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_NUMBERS = {Type.YEAR, Type.INTEGER, Type.DECIMAL}
_FROZEN = frozenset(
    {"Năm", "Số lý lịch", "Họ và tên", "Mã tổ chức", "Tên tổ chức", "Mã đoàn thể", "Tên đoàn thể", "Mã lớp", "Tên lớp"}
)
_WIDTHS = {Type.DATE: 12.5, Type.YEAR: 7.5, Type.INTEGER: 9.0, Type.DECIMAL: 9.0, Type.CODE: 15.0, Type.CHOICE: 18.0}
_WIDTHS_BY_NAME = {
    "Họ và tên": 25.0,
    "Tên tổ chức": 38.0,
    "Tên đoàn thể": 34.0,
    "Tên lớp": 44.0,
    "Loại lớp": 34.0,
    "Loại tổ chức": 32.0,
    "Loại hình cơ sở": 26.0,
    "Quê quán": 34.0,
    "Nơi ở hiện nay": 34.0,
    "Nghề nghiệp chức vụ": 30.0,
    "Giới tính": 9.0,
    "Dân tộc": 10.0,
    "Tôn giáo": 11.0,
    "Danh hiệu": 46.0,
    "Chỉ tiêu": 52.0,
    "Xếp loại": 36.0,
    "Lý do không xếp loại": 34.0,
    "Nội dung vi phạm": 44.0,
    "Số giấy chứng nhận": 19.0,
    "Số quyết định": 18.0,
    "Số quyết định đi": 18.0,
    "Số quyết định kết thúc": 18.0,
    "Số quyết định kết nạp": 18.0,
    "Số quyết định chính thức": 18.0,
}
_DEFAULT_WIDTH = 20.0


def _width(column: Column) -> float:
    is_mark_of_learners = column.name == "Xếp loại" and column.choices is None
    name = "" if is_mark_of_learners else column.name
    return _WIDTHS_BY_NAME.get(name, _WIDTHS.get(column.type, _DEFAULT_WIDTH))


# Earlier days are a year that Excel took for a number of days; a date before 1915 in a sheet is text.
_FIRST_PLAUSIBLE = (dt.date(1915, 1, 1) - dt.date(1899, 12, 30)).days
_DATE_RULE = (
    'OR({cell}="-",AND(ISNUMBER({cell}),N({cell})>={first}),'
    "AND(LEN({cell})>=4,LEN({cell})<=10,ISNUMBER(--RIGHT({cell},4))))"
)
BAD_DATE = "Ghi ngày/tháng/năm (05/09/2015), tháng/năm (09/2015) hoặc năm (2015)."
BAD_WORD = "Hãy chọn trong danh sách. Ghi dấu - là xóa giá trị đang có."
BAD_NUMBER = "Ghi một số."


# From a canonical text to the XML of a cell.
CellWriter = Callable[[str], str]


@dataclass(frozen=True)
class Fill:
    """What may be typed on a protected sheet: these columns, and so many rows below those that are there.

    Empty cells to fill are tinted, unless the row says one of `enough`.
    """

    columns: frozenset[str]
    more_rows: int = 0
    enough: frozenset[str] = frozenset()


@dataclass
class SheetOut:
    """A sheet with the columns given; `words` are the choices of columns, `fill` says that it is to be filled in."""

    workbook: Workbook
    kind: RecordKind
    columns: Sequence[Column]
    lists: Lists
    words: Mapping[str, list[str]]
    fill: Fill | None = None
    rows: Rows = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.workbook.create_sheet(self.kind.name)
        self.rows = Rows(self.sheet, len(self.columns))
        self._cells = [self._writer(column) for column in self.columns]
        for place, column in enumerate(self.columns, 1):
            self._set_up(place, column)
        self._write_head()

    # Looks

    def _look(self, column: Column, *, is_blank: bool = False) -> Look:
        kinds = {Type.DATE: Kind.TEXT, Type.YEAR: Kind.PROSE, Type.INTEGER: Kind.PROSE, Type.DECIMAL: Kind.PROSE}
        across = "center" if column.type in {Type.DATE, Type.YEAR} else "right" if column.type in _NUMBERS else "left"
        look = Look(kinds.get(column.type, Kind.TEXT), across=across, wrapped=False)
        if self.fill is None:
            return look
        if column.name not in self.fill.columns:
            return replace(look, framed=True)
        return replace(look, framed=True, may_be_typed=True, tint=TO_FILL if is_blank else "")

    def _set_up(self, place: int, column: Column) -> None:
        dimension = self.sheet.column_dimensions[get_column_letter(place)]
        dimension.width = _width(column)
        if self.fill is None:
            # What is typed below takes the look of its column.
            set_column_look(self.sheet, get_column_letter(place), self._look(column))
        self._offer(place, column)

    def _write_head(self) -> None:
        lines = 1
        for place, column in enumerate(self.columns, 1):
            look = replace(HEADING, tint=self._head_tint(column))
            put(self.sheet.cell(1, place), column.name, look)
            width = self.sheet.column_dimensions[get_column_letter(place)].width
            lines = max(lines, lines_needed(column.name, width, look))
        self.sheet.row_dimensions[1].height = round(lines * HEADING.size * LINE_HEIGHT + 4, 1)
        self.sheet.freeze_panes = f"{get_column_letter(self.frozen + 1)}2"

    def _head_tint(self, column: Column) -> str:
        if self.fill is not None:
            return FILLED_BELOW if column.name in self.fill.columns else ""
        return NEEDED if column.needed else ""

    @property
    def frozen(self) -> int:
        """How many columns stay in sight: the first ones that say what a row is about."""
        names = [column.name for column in self.columns]
        first_other = next((place for place, name in enumerate(names) if name not in _FROZEN), len(names))
        return min(first_other, 3)

    # What cells offer and accept

    def _offer(self, place: int, column: Column) -> None:
        letters = get_column_letter(place)
        rule = self._rule(column, f"{letters}2")
        if rule is not None:
            rule.add(f"{letters}2:{letters}{LAST_ROW}")
            self.sheet.add_data_validation(rule)

    def _rule(self, column: Column, cell: str) -> DataValidation | None:
        if words := self.words.get(column.name):
            rule = DataValidation("list", formula1=self.lists.reference(words), allow_blank=True)
            return self._told(rule, BAD_WORD, is_told=self._is_closed(column))
        if column.type == Type.DATE:
            formula = _DATE_RULE.format(cell=cell, first=_FIRST_PLAUSIBLE)
            return self._told(DataValidation("custom", formula1=formula, allow_blank=True), BAD_DATE)
        if column.type in _NUMBERS:
            formula = f'OR({cell}="-",ISNUMBER({cell}))'
            return self._told(DataValidation("custom", formula1=formula, allow_blank=True), BAD_NUMBER)
        return None

    def _is_closed(self, column: Column) -> bool:
        """Whether words beside those offered are likely slips: ratings are offered for all years, or for the one."""
        return not is_open(column) or (self.fill is not None and column.name == "Xếp loại")

    @staticmethod
    def _told(rule: DataValidation, words: str, *, is_told: bool = True) -> DataValidation:
        """A rule that warns: whoever is sure may keep what they typed."""
        rule.showErrorMessage = is_told
        rule.errorStyle, rule.errorTitle, rule.error = "warning", "Hãy xem lại", words
        return rule

    # Rows

    def add(self, texts: Mapping[str, str]) -> None:
        """Write a record's row from canonical texts by column."""
        cells = self._cells
        if self.fill is not None and any(texts.get(name) for name in self.fill.enough):
            cells = self._plain_cells
        self.rows.add([cell(texts.get(column.name, "")) for cell, column in zip(cells, self.columns, strict=True)])

    @cached_property
    def _plain_cells(self) -> list[CellWriter]:
        """The writers of a row that has nothing to fill."""
        return [self._writer(column, is_done=True) for column in self.columns]

    def _writer(self, column: Column, *, is_done: bool = False) -> CellWriter:
        look = self._look(column)
        text = style_number(self.sheet, look)
        long = style_number(self.sheet, replace(look, kind=Kind.PROSE))
        blank = blank_cell(style_number(self.sheet, self._look(column, is_blank=not is_done))) if self.fill else ""
        typed = self._typed_writer(column, look)

        def cell(told: str) -> str:
            if told in _DASHES:
                return blank
            if typed is not None and (found := typed(told)):
                return found
            return text_cell(told, text if len(told) <= LONGEST_TEXT_FORMAT else long)

        return cell

    def _typed_writer(self, column: Column, look: Look) -> CellWriter | None:
        """What writes the column's texts as dates or numbers; "" where the text is neither."""
        if column.type == Type.DATE:
            return self._date_writer(look)
        return _number_writer(style_number(self.sheet, look)) if column.type in _NUMBERS else None

    def _date_writer(self, look: Look) -> CellWriter:
        text, day = style_number(self.sheet, look), style_number(self.sheet, replace(look, kind=Kind.DATE))

        def cell(told: str) -> str:
            if len(told) == 10 and (known := dt.date.fromisoformat(told)) >= FIRST_DATE:
                return date_cell(known, day)
            return text_cell("/".join(reversed(told.split("-"))), text)

        return cell

    # The end

    def finish(self, *, footer: str) -> None:
        """Set up printing, filters and, where it is to be filled in, protection."""
        if self.fill is not None:
            for _ in range(self.fill.more_rows):
                self.add({})
            self._protect()
            # Empty rows are printed too, to be filled in by hand.
            self.sheet.print_area = f"A1:{get_column_letter(len(self.columns))}{self.rows.next - 1}"
        last = f"{get_column_letter(len(self.columns))}{max(self.rows.next - 1, 1)}"
        if self.rows.count:
            self.sheet.auto_filter.ref = f"A1:{last}"
        self._set_up_printing(footer)

    def _set_up_printing(self, footer: str) -> None:
        sheet, (upright, on_side) = self.sheet, PAGE_WIDTHS
        width = sum(dimension.width for dimension in sheet.column_dimensions.values())
        is_wide = width > on_side * WIDEST_ON_A4
        sheet.page_setup.paperSize = A3 if is_wide else A4
        sheet.page_setup.orientation = "landscape" if width > upright * WIDEST_UPRIGHT else "portrait"
        sheet.page_setup.fitToWidth = ceil(width / (on_side * A3_TO_A4 * WIDEST_ON_A4)) if is_wide else 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"
        if is_wide:
            sheet.print_title_cols = f"A:{get_column_letter(self.frozen)}"
        sheet.print_options.gridLines = True
        left, right = f"{self.kind.name} – {footer}".replace("&", "&&"), "Trang &P/&N"
        for part, words in ((sheet.oddFooter.left, left), (sheet.oddFooter.right, right)):
            part.text, part.font, part.size = words[:LONGEST_FOOTER], f"{FONT},Regular", 9

    def _protect(self) -> None:
        """Only cells to fill may be changed; there is no password: it keeps from slips, not from intent."""
        protection = self.sheet.protection
        protection.sheet = True
        protection.formatColumns = protection.formatRows = protection.autoFilter = protection.sort = False


def _number_writer(style: int) -> CellWriter:
    def cell(told: str) -> str:
        return number_cell(told, style) if _NUMBER.fullmatch(told) else ""

    return cell
