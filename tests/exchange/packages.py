"""What Excel demands of a workbook's parts and other programs forgive."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree as ET

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# The order of a worksheet's parts in the schema, as far as they are used.
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter",
    "mergeCells", "dataValidations", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks",
)  # fmt: skip


def assert_excel_takes(content: bytes) -> None:
    """Rows and cells stand once and in order, styles exist, parts are in the schema's order, readers see all rows."""
    counts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        styles = ET.fromstring(package.read("xl/styles.xml")).find(f"{MAIN}cellXfs")  # noqa: S314  our own file
        assert styles is not None
        for name in package.namelist():
            if name.startswith("xl/worksheets/"):
                counts[name] = _check_sheet(ET.fromstring(package.read(name)), len(styles))  # noqa: S314  the same
    workbook = load_workbook(io.BytesIO(content), read_only=True)
    for number, sheet in enumerate(workbook.worksheets, 1):
        seen = sum(any(cell.value is not None for cell in row) for row in sheet.iter_rows())
        assert seen == counts[f"xl/worksheets/sheet{number}.xml"], sheet.title
    workbook.close()


def _check_sheet(sheet: ET.Element, styles: int) -> int:
    """Check a sheet; how many of its rows hold a value."""
    names = [part.tag.removeprefix(MAIN) for part in sheet]
    assert names == sorted(names, key=ORDER.index)
    rows = list(sheet.iter(f"{MAIN}row"))
    numbers = [int(row.attrib["r"]) for row in rows]
    assert numbers == sorted(set(numbers))
    filled = 0
    for row in rows:
        places = [re.fullmatch(r"([A-Z]+)(\d+)", cell.attrib["r"]) for cell in row]
        columns = [column_index_from_string(place[1]) for place in places if place]
        assert columns == sorted(set(columns))
        assert all(place and place[2] == row.attrib["r"] for place in places)
        assert all(int(cell.attrib.get("s", 0)) < styles for cell in row)
        filled += any(len(cell) for cell in row)
    return filled
