"""The workbook of a year-end summary for the committee above, and that of a single list.

Here are the sheets of the sections, the lists of names and the order of all; the first sheet and the charts
stand in the modules beside this one. How cells look and pages print is said in config/workbook.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from openpyxl import Workbook

from config.workbook import NOTE, Kind, new_workbook, workbook_bytes
from config.workbook_lists import workbook_of_list, write_heading
from config.workbook_pages import Column, Page, Role, Row, Table
from members.models import OrganisationKind
from members.partial_dates import PartialDate, Precision
from members.tree import Node
from reviews.indicators import BY_CODE, FIGURES, Figure, Section
from reviews.summary import Summary
from reviews.tables import TABLES, DateColumn, RecordTable
from reviews.workbook_charts import write_charts
from reviews.workbook_front import ROMAN, figure_name, fraction, write_front

__all__ = ["figure_name", "list_workbook", "summary_workbook", "workbook_bytes"]

# The sheets of names: their title, heading and figures.
NAMES = (
    ("DS kết nạp", "Danh sách đảng viên kết nạp", ("admission.decided",)),
    ("DS Huy hiệu Đảng", "Danh sách đảng viên được trao Huy hiệu Đảng", ("badges.awarded",)),
    (
        "DS khen thưởng",
        "Danh sách tập thể, cá nhân được tặng giấy khen",
        tuple(figure.code for figure in FIGURES if figure.section == Section.COMMENDATIONS),
    ),
)


def summary_workbook(summary: Summary) -> Workbook:
    """The summary as a document, a sheet a section by organisation, the lists of names, the charts."""
    scope = summary.scope
    title = f"Tổng hợp kết quả công tác xây dựng Đảng năm {scope.year}"
    workbook = new_workbook(title=title, creator=scope.tree.root.name, on=scope.day)
    write_front(workbook, summary)
    for section in Section:
        _write_section(workbook, summary, section)
    for sheet, heading, codes in NAMES:
        _write_names(workbook, summary, sheet, heading, [BY_CODE[code] for code in codes])
    write_charts(workbook, summary)
    return workbook


def list_workbook(table: RecordTable, *, title: str, lines: list[str]) -> Workbook:
    """The rows of a list as they stand on its page, below its title and `lines`."""
    written = Table(_record_columns(table), _record_rows(table))
    scope = table.scope
    return workbook_of_list(written, title=title, lines=lines, creator=scope.tree.root.name, on=scope.day)


def _lines(summary: Summary) -> list[str]:
    """What stands below the title of every sheet."""
    return [
        summary.scope.tree.root.name,
        f"Năm {summary.scope.year}, số liệu tính đến {summary.scope.day:%d/%m/%Y}",
    ]


# --- The sections ----------------------------------------------------------------------------------


def _units(summary: Summary, figures: Sequence[Figure]) -> list[Node]:
    """The organisations that a section's table lists.

    They are the TCCSĐ; of an organisation that is one itself those directly under it, unless they have none
    of the figures (chi bộ under a đảng bộ cơ sở are not rated among the TCCSĐ).
    """
    root = summary.scope.tree.root
    if root.kind == OrganisationKind.UPPER_COMMITTEE:
        return summary.grassroots
    nodes = [node for node in summary.scope.tree.nodes.values() if node.exists and node.parent_pk == root.pk]
    return nodes if any(summary.number(f.code, node.pk).count for f in figures for node in nodes) else []


def _write_section(workbook: Workbook, summary: Summary, section: Section) -> None:
    figures = [figure for figure in FIGURES if figure.section == section]
    left_out: list[str] = []
    if section == Section.TRAINING:
        figures, left_out = _held(summary, figures)
    units = _units(summary, figures)
    root = summary.scope.tree.root
    bases = {figure.base for figure in figures if figure.base}
    # Of a single record a share says nothing.
    with_shares = any(summary.number(base, node.pk).count > 1 for base in bases for node in units or [root])
    rows = [
        Row([number, node.code, node.name, *_values(summary, figures, node, with_shares)])
        for number, node in enumerate(units, 1)
    ]
    total = [None, root.code, f"Toàn {root.name[0].lower()}{root.name[1:]}"]
    rows.append(Row([*total, *_values(summary, figures, root, with_shares)], Role.TOTAL))
    table = Table(_section_columns(summary, figures, with_shares), rows, label_at=2)
    page = Page(workbook, section.value, table.widths)
    write_heading(page, section.value, _lines(summary))
    page.table(table)
    for note in (_sums_note(summary, figures, units), _left_out_note(left_out)):
        if note:
            page.line(note, NOTE)
    page.finish(footer=f"{section.value} {summary.scope.year}")


def _held(summary: Summary, figures: list[Figure]) -> tuple[list[Figure], list[str]]:
    """The figures of the programmes that had a class or a learner, and the names of the others."""
    held: list[Figure] = []
    left_out: list[str] = []
    for name, group in groupby(figures, key=lambda figure: _split(figure.label)[0]):
        programme = list(group)
        if any(summary.number(figure.code).count for figure in programme):
            held += programme
        else:
            left_out.append(name)
    return held, left_out


def _split(label: str) -> tuple[str, str]:
    """The parts of a label like "Tăng: kết nạp": a heading above, if any, and the column's own."""
    group, separator, own = label.partition(": ")
    return (group, own[0].upper() + own[1:]) if separator else ("", label)


def _section_columns(summary: Summary, figures: Sequence[Figure], with_shares: bool) -> list[Column]:
    name = "Tổ chức cơ sở đảng" if summary.scope.tree.root.kind == OrganisationKind.UPPER_COMMITTEE else "Tổ chức"
    columns = [Column("STT", kind=Kind.COUNT, centred=True), Column("Mã"), Column(name, most=36)]
    for figure in figures:
        label = summary.label(figure)
        if figure.base and with_shares:
            columns += [Column("Số lượng", label, Kind.COUNT), Column("Tỷ lệ", label, Kind.SHARE)]
        else:
            group, own = _split(label)
            columns.append(Column(own, group, Kind.COUNT, most=9))
    return columns


def _values(summary: Summary, figures: Sequence[Figure], node: Node, with_shares: bool) -> Iterator[Any]:
    for figure in figures:
        number = summary.number(figure.code, node.pk)
        yield number.count
        if figure.base and with_shares:
            yield fraction(number)


def _sums_note(summary: Summary, figures: Sequence[Figure], units: Sequence[Node]) -> str:
    """Says which columns do not add up to the last row, and why that may be."""
    apart = [
        summary.label(figure)
        for figure in figures
        if units
        and sum(summary.number(figure.code, unit.pk).count for unit in units) != summary.number(figure.code).count
    ]
    if not apart:
        return ""
    return (
        f"Dòng cuối là số của toàn tổ chức, không bằng tổng các dòng trên ở: {'; '.join(apart)}. "
        "Chuyển sinh hoạt trong nội bộ chỉ tính ở tổ chức cấp dưới; một lớp có học viên của nhiều tổ chức "
        "tính ở từng tổ chức; số của tổ chức đã kết thúc trong năm, hoặc không ghi ở tổ chức nào, "
        "chỉ có ở dòng cuối."
    )


def _left_out_note(programmes: Sequence[str]) -> str:
    return f"Không có lớp nào trong năm: {'; '.join(programmes)}." if programmes else ""


# --- The names -------------------------------------------------------------------------------------


def _write_names(workbook: Workbook, summary: Summary, sheet: str, heading: str, figures: Sequence[Figure]) -> None:
    """The records of figures with the same columns, each figure's below its name where there are several."""
    tables = [_record_table(summary, figure) for figure in figures]
    rows: list[Row] = []
    for figure, table in zip(figures, tables, strict=True):
        records = _record_rows(table)
        if records and len(figures) > 1:
            roman = ROMAN[sum(row.role == Role.HEADING for row in rows)]
            rows.append(Row([roman, f"{summary.label(figure)} ({len(records)})"], Role.HEADING))
        rows += records
    written = Table(_record_columns(tables[0]), rows)
    page = Page(workbook, sheet, written.widths)
    write_heading(page, heading, _lines(summary))
    page.table(written)
    if not rows:
        page.line("Không có trong năm.", NOTE)
    page.finish(footer=f"{heading} {summary.scope.year}")


def _record_table(summary: Summary, figure: Figure) -> RecordTable:
    table = TABLES[figure.columns]
    return table(table.prepare(figure.rows(summary.scope), summary.scope), scope=summary.scope)


def _record_columns(table: RecordTable) -> list[Column]:
    return [
        Column("STT", kind=Kind.COUNT, centred=True),
        *(
            Column(str(column.header), most=30, centred=isinstance(column.column, DateColumn))
            for column in table.columns
        ),
    ]


def _record_rows(table: RecordTable) -> list[Row]:
    names = table.columns.names()
    return [
        Row([number, *(_cell_value(row.get_cell_value(name)) for name in names)])
        for number, row in enumerate(table.rows, 1)
    ]


def _cell_value(value: Any) -> Any:
    """A date known to the day as a date; what is neither date nor number as text."""
    if isinstance(value, PartialDate):
        return value.first_day if value.precision == Precision.DAY else str(value)
    return value if value is None or isinstance(value, dt.date | int | float) else str(value)
