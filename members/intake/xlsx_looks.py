"""What the looks of an .xlsx workbook's cells say: old fonts, leading zeros that only a format shows, formulas without
a stored value or with an error, hidden rows and columns.

The values come from elsewhere: here a part is parsed only where something in it matters. Document types have been
refused before, and are refused again.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat  # nosec B407

from members.intake import old_fonts

if TYPE_CHECKING:
    from members.intake.sheets import Looks

_ZEROS = re.compile(r"(0{2,})(?:;.*)?")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Hidden rows and columns, errors, formulas: with any prefix of their names.
_MATTERS = (b"hidden=", b't="e"', b"t='e'", b"<f>", b"<f ", b":f>", b":f ")
_CHUNK = 2**18
_FAULTS = (expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError, IndexError, OverflowError)


class _StopError(ValueError):
    """The part is not one to parse."""


def open_looks(data: bytes) -> WorkbookLooks | None:
    """The looks of a workbook, None where they can't be read."""
    try:
        return WorkbookLooks(data)
    except _FAULTS:
        return None


class WorkbookLooks:
    """Reads the looks of one sheet after the other."""

    def __init__(self, data: bytes) -> None:
        self._package = zipfile.ZipFile(io.BytesIO(data))
        book = _Tags(self._package.read("xl/workbook.xml"), {"sheet", "workbookPr"})
        self.begins_1904 = any(tag.get("date1904") in {"1", "true"} for tag in book.of("workbookPr"))
        self._parts = self._sheet_parts(book)
        styles = _Styles(self._package)
        self._fonts, self._widths = styles.old_fonts, styles.widths

    def _sheet_parts(self, book: _Tags) -> list[str]:
        links = _Tags(self._package.read("xl/_rels/workbook.xml.rels"), {"Relationship"})
        targets = {link["Id"]: posixpath.normpath(posixpath.join("/xl", link["Target"]))[1:] for link in links.all()}
        return [targets.get(sheet.get("id", ""), "") for sheet in book.of("sheet")]

    def read(self, place: int, looks: Looks) -> None:
        """Fill `looks` from the sheet at the place in the workbook."""
        try:
            name = self._parts[place]
            if self._fonts or self._widths or self._has_what_matters(name):
                with self._package.open(name) as part:
                    _SheetLooks(self._fonts, self._widths, looks).parse(part)
        except _FAULTS:
            return

    def _has_what_matters(self, name: str) -> bool:
        with self._package.open(name) as part:
            end = b""
            while chunk := part.read(_CHUNK):
                if any(text in chunk or text in end + chunk[:20] for text in _MATTERS):
                    return True
                end = chunk[-20:]
        return False


def _parser() -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*args: object) -> None:
        raise _StopError

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


class _Tags:
    """The attributes of chosen elements of a small part, in their order; names without prefixes."""

    def __init__(self, part: bytes, names: set[str]) -> None:
        self._names = names
        self._found: list[tuple[str, dict[str, str]]] = []
        parser = _parser()
        parser.StartElementHandler = self._start
        parser.Parse(part, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if _bare(name) in self._names:
            self._found.append((_bare(name), {_bare(key): value for key, value in attributes.items()}))

    def of(self, name: str) -> list[dict[str, str]]:
        return [attributes for found, attributes in self._found if found == name]

    def all(self) -> list[dict[str, str]]:
        return [attributes for _, attributes in self._found]


class _Styles:
    """Which cell styles (by their number) have an old font, or a format of zeros."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.old_fonts: dict[str, str] = {}
        self.widths: dict[str, int] = {}
        self._path: list[str] = []
        self._fonts: list[str] = []
        self._formats: dict[str, str] = {}
        self._styles = 0
        if "xl/styles.xml" in package.namelist():
            parser = _parser()
            parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
            parser.Parse(package.read("xl/styles.xml"), True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(_bare(name))
        match self._path[1:]:
            case ["numFmts", "numFmt"]:
                self._formats[attributes["numFmtId"]] = attributes.get("formatCode", "")
            case ["fonts", "font"]:
                self._fonts.append("")
            case ["fonts", "font", "name"]:
                self._fonts[-1] = attributes.get("val", "")
            case ["cellXfs", "xf"]:
                self._add_style(attributes)

    def _end(self, name: str) -> None:
        self._path.pop()

    def _add_style(self, attributes: dict[str, str]) -> None:
        number, self._styles = str(self._styles), self._styles + 1
        font = int(attributes.get("fontId", "0"))
        encoding = old_fonts.encoding_of_font(self._fonts[font]) if font < len(self._fonts) else None
        if encoding:
            self.old_fonts[number] = encoding
        if width := zeros(self._formats.get(attributes.get("numFmtId", ""), "")):
            self.widths[number] = width


def zeros(number_format: str) -> int:
    """How many digits a format of nothing but zeros shows at least; 0 for other formats."""
    found = _ZEROS.fullmatch(number_format.replace('"', "").replace("\\", ""))
    return len(found[1]) if found else 0


class _SheetLooks:
    """One pass over a sheet's part. Rows and cells may leave out where they stand: then they follow the one before."""

    def __init__(self, fonts: dict[str, str], widths: dict[str, int], looks: Looks) -> None:
        self._fonts, self._widths, self._looks = fonts, widths, looks
        self._row, self._column = -1, -1
        self._has_formula = self._has_value = self._in_value = self._is_error = False

    def parse(self, part: IO[bytes]) -> None:
        parser = _parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.ParseFile(part)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match _bare(name):
            case "c":
                self._start_cell(attributes)
            case "v" | "is":
                self._in_value = True
            case "f":
                self._has_formula = True
            case "row":
                self._start_row(attributes)
            case "col" if attributes.get("hidden") in {"1", "true"}:
                first, last = int(attributes["min"]) - 1, int(attributes["max"])
                self._looks.hidden_columns.update(range(max(first, 0), min(last, 2**14)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
        self._column = -1
        if attributes.get("hidden") in {"1", "true"}:
            self._looks.hidden_rows.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._has_formula = self._has_value = self._in_value = False
        self._is_error = attributes.get("t") == "e"
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._column = column_number(place[1]) if place else self._column + 1
        style, here = attributes.get("s", "0"), (self._row, self._column)
        if style in self._fonts:
            self._looks.fonts[here] = self._fonts[style]
        if style in self._widths:
            self._looks.widths[here] = self._widths[style]

    def _text(self, text: str) -> None:
        if self._in_value:
            self._has_value = True

    def _end(self, name: str) -> None:
        match _bare(name):
            case "v" | "is":
                self._in_value = False
            case "c" if self._is_error or (self._has_formula and not self._has_value):
                self._looks.without_value.append((self._row, self._column))


def column_number(letters: str) -> int:
    """A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
