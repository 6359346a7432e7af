"""Files as offices have them, made on the spot: workbooks, packages by hand, text."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from members.intake.reading import Reading, Table
from members.intake.sheets import Sheet
from members.intake.understand import Options, understand


def grid(rows: Iterable[Sequence[Any]], name: str = "Sheet1") -> Sheet:
    """A sheet as the reader has it; None is a blank cell."""
    rows = [["" if cell is None else cell for cell in row] for row in rows]
    width = max(map(len, rows), default=0)
    return Sheet(name, [row + [""] * (width - len(row)) for row in rows])


def understood(rows: Iterable[Sequence[Any]], kind: str = "Hồ sơ", name: str = "Sheet1", **options: Any) -> Reading:
    """What the rows are read as, without a file."""
    return understand([grid(rows, name)], Options(kind=kind, **options))


def only_table(reading: Reading) -> Table:
    """The one table of a reading."""
    (table,) = (table for table in reading.tables if table.kind)
    return table


def column(reading: Reading, name: str) -> list[str | None]:
    """One column's values, row by row."""
    return [row.values.get(name) for table in reading.tables for row in table.rows]


def cells(problems: Iterable[Any]) -> set[tuple[int, str]]:
    """Where the problems stand."""
    return {(problem.row, problem.column) for problem in problems}


def xlsx(rows: Iterable[Sequence[Any]], *, title: str = "Sheet1", merges: Sequence[str] = (), **look: Any) -> bytes:
    """A workbook of one sheet. `font` is of all cells, `formats` number formats by column letter, `hidden` columns."""
    book, stream = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    for row in sheet.iter_rows():
        for cell in row:
            if "font" in look:
                cell.font = Font(name=look["font"])
            if number_format := look.get("formats", {}).get(cell.coordinate.rstrip("0123456789")):
                cell.number_format = number_format
    for letters in look.get("hidden", ()):
        sheet.column_dimensions[letters].hidden = True
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The package with parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in package.namelist():
            if name not in parts:
                copy.writestr(name, package.read(name))
        for name, content in parts.items():
            copy.writestr(name, content)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(body: str | bytes) -> bytes:
    """A workbook whose sheet holds just these rows of XML."""
    body = body if isinstance(body, bytes) else body.encode()
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return repacked(xlsx([["a"]]), {SHEET: start + body + b"</sheetData></worksheet>"})


def converted(data: bytes, ending: str, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it."""
    source = folder / "source.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(folder / "out"), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "out" / f"source.{ending}").read_bytes()


LIST = [
    ["ĐẢNG BỘ KHỐI CÁC CƠ QUAN TỈNH", None, None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"],
    ["CHI BỘ VĂN PHÒNG"],
    [],
    ["DANH SÁCH ĐẢNG VIÊN"],
    [],
    ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ghi chú"],
    [1, "Lê Thị Mận", "Nữ", date(1980, 5, 13), date(2010, 2, 3), None],
    [2, "Hoàng Văn Ổi", "Nam", "17/08/1975", "19/5/2000", "Bí thư"],
    [None, "Cộng: 2 đồng chí"],
    [],
    ["NGƯỜI LẬP BIỂU", None, None, "T/M CHI BỘ"],
    [],
    ["Trần Thị Cam", None, None, "Phạm Văn Quýt"],
]
