"""A file given back with its wrong cells marked: tinted, with a comment each, and a sheet that lists them all.

What no longer can be written as .xlsx without loss of its rows (.xls, .ods, .csv, what is large) becomes the list
alone. Formulas are given back as the values that they had: nothing that calculates leaves the program.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from config.uploads import MEGABYTE, FileKind
from config.workbook import SMALL, TITLE, clean, new_workbook, sheet_title, workbook_bytes
from config.workbook_pages import Column, Page, Row, Table
from members.intake import packages
from members.intake.contract import KINDS
from members.text import fold

Problem = dict[str, Any]

LIST = "Lỗi"
TINT = PatternFill("solid", fgColor="F6CFCF")
AUTHOR = "Hồ sơ đảng viên"
# What openpyxl takes to memory at most: larger files come back as the list alone.
MOST_UNPACKED = 20 * MEGABYTE
HEADINGS = ("Trang", "Dòng", "Cột", "Giá trị trong tệp", "Lý do, cách sửa")
MOST_MARKS, LONGEST_COMMENT = 5_000, 1_000


def write_report(target: str | Path | IO[bytes], content: bytes, name: str, problems: Sequence[Problem]) -> None:
    """Write the workbook with the marks to a path or buffer.

    `problems`: sheet, row, column (the canonical name), value, reason each and, where they are known, `letters` of the
    column in the file. A file that can't be marked becomes the list alone; no exception for that.
    """
    workbook = _loaded(content, name)
    if workbook is None:
        result = workbook_bytes(_list_alone(name, problems))
    else:
        _mark(workbook, problems)
        _add_list(workbook, problems)
        result = _saved(workbook)
    if isinstance(target, str | Path):
        Path(target).write_bytes(result)
    else:
        target.write(result)


def _loaded(content: bytes, name: str) -> Workbook | None:
    """The workbook, where it is one that openpyxl takes; None otherwise."""
    try:
        kind, content = packages.check(content, name)
        if kind != FileKind.XLSX or _unpacked(content) > MOST_UNPACKED:
            return None
        return load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    except ValidationError:
        return None
    except Exception:
        # openpyxl raises whatever its parsers do for files that other programs take; the list is there all the same.
        return None


def _unpacked(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return sum(part.file_size for part in package.infolist())


def _saved(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


# --- Marks -----------------------------------------------------------------------------------------


def _mark(workbook: Workbook, problems: Iterable[Problem]) -> None:
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    told: dict[Any, list[str]] = {}
    for problem in problems:
        sheet = sheets.get(problem["sheet"])
        cell = _cell(sheet, problem) if sheet is not None and problem["row"] > 0 else None
        if cell is not None and (cell in told or len(told) < MOST_MARKS):
            told.setdefault(cell, []).append(_words(problem))
    for (title, row, column), words in told.items():
        cell = sheets[title].cell(row, column)
        cell.fill = TINT
        comment = Comment(clean("\n".join(words))[:LONGEST_COMMENT], AUTHOR)
        comment.width, comment.height = 320, 120
        cell.comment = comment


def _words(problem: Problem) -> str:
    return f"{problem['column']}: {problem['reason']}" if problem["column"] else str(problem["reason"])


def _cell(sheet: Worksheet, problem: Problem) -> tuple[str, int, int] | None:
    """Where the problem stands: by its letters, its value in the row, its heading above, else the row's first cell."""
    row = problem["row"]
    if row > sheet.max_row:
        return None
    column = _by_letters(problem) or _by_value(sheet, problem) or _by_heading(sheet, problem) or _first(sheet, row)
    place = sheet.cell(row, column)
    for merged in sheet.merged_cells.ranges:
        if place.coordinate in merged:
            return sheet.title, merged.min_row, merged.min_col
    return sheet.title, row, column


def _by_letters(problem: Problem) -> int:
    return column_index_from_string(problem["letters"]) if problem.get("letters") else 0


def _by_value(sheet: Worksheet, problem: Problem) -> int:
    """The one cell of the row that says what the problem quotes."""
    if not problem["value"]:
        return 0
    found = [
        cell.column for cell in sheet[problem["row"]] if cell.value is not None and str(cell.value) == problem["value"]
    ]
    return found[0] if len(found) == 1 else 0


def _by_heading(sheet: Worksheet, problem: Problem) -> int:
    """The nearest heading above that is the column's name or one of its synonyms."""
    names = _names(problem["column"])
    last = min(problem["row"], 60)
    for row in range(last - 1, 0, -1):
        for cell in sheet[row]:
            if isinstance(cell.value, str) and fold(cell.value) in names:
                return int(cell.column)
    return 0


def _names(column: str) -> set[str]:
    known = [kind.by_name[column] for kind in KINDS.values() if column in kind.by_name]
    also = {name for one in known for name in one.also.split(";")}
    return {fold(name.strip()) for name in {column, *also} if name.strip()}


def _first(sheet: Worksheet, row: int) -> int:
    return next((cell.column for cell in sheet[row] if cell.value is not None), 1)


# --- The list --------------------------------------------------------------------------------------


def _add_list(workbook: Workbook, problems: Sequence[Problem]) -> None:
    """A sheet of all problems, before the others."""
    sheet = workbook.create_sheet(sheet_title(LIST, workbook.sheetnames), 0)
    sheet.append([])
    for column, (heading, width) in enumerate(zip(HEADINGS, (24, 8, 26, 30, 80), strict=True), 1):
        cell = sheet.cell(1, column, heading)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row, problem in enumerate(problems, 2):
        for column, value in enumerate(_values(problem), 1):
            cell = sheet.cell(row, column, clean(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _values(problem: Problem) -> list[Any]:
    return [problem["sheet"], problem["row"] or None, problem["column"], problem["value"], problem["reason"]]


def _list_alone(name: str, problems: Sequence[Problem]) -> Workbook:
    """A workbook of nothing but the list, printed like every other."""
    workbook = new_workbook(title=LIST, creator=AUTHOR, on=timezone.localdate())
    columns = [
        Column("Trang"), Column("Dòng", centred=True), Column("Cột"), Column("Giá trị trong tệp"),
        Column("Lý do, cách sửa", most=60),
    ]  # fmt: skip
    rows = [Row([str(value) if value is not None else None for value in _values(problem)]) for problem in problems]
    table = Table(columns, rows)
    page = Page(workbook, LIST, table.widths)
    page.line("Lỗi trong tệp nhập", TITLE)
    page.line(f"Tệp: {name}", SMALL)
    page.skip()
    page.table(table)
    page.finish(footer=LIST)
    return workbook
