"""Every format of file: .xlsx, .xlsm, .xls, .ods, and text in its codes and with its separators."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from config.uploads import FileKind
from members.intake import csv_text, packages
from members.intake.reader import read
from members.text import nfc
from tests.intake.files import LIST, cells, column, converted, only_table, repacked, understood, xlsx
from tests.intake.test_old_fonts import typed_in_tcvn3, typed_in_vni

NAMES = ["Lê Thị Mận", "Hoàng Văn Ổi"]
TEXT = [
    ["STT", "Họ và tên", "Ngày sinh", "Quê quán"],
    ["1", NAMES[0], "13/5/1980", 'Xóm "Bến", Vụ Bản'],
    ["2", NAMES[1], "1975", "Đà Nẵng; Huế"],
]


def written(delimiter: str, rows: list[list[str]] = TEXT) -> str:
    quoted = ([f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows)
    return "DANH SÁCH ĐẢNG VIÊN\r\n\r\n" + "".join(delimiter.join(row) + "\r\n" for row in quoted)


def as_1258(text: str) -> bytes:
    """As Windows writes Vietnamese: bare letters with their quality, tones after them."""
    return b"".join(_letter_1258(char) for char in nfc(text))


def _letter_1258(char: str) -> bytes:
    import unicodedata

    try:
        return char.encode("cp1258")
    except UnicodeEncodeError:
        letters = unicodedata.normalize("NFD", char)
        tone = next(mark for mark in letters if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", letters.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")


def names_in(data: bytes, name: str = "a.csv") -> list[str | None]:
    return column(read(data, name, kind="Hồ sơ"), "Họ và tên")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_text_in_every_code_and_with_every_separator(encoding, delimiter):
    text = written(delimiter)
    data = as_1258(text) if encoding == "cp1258" else text.encode(encoding)
    reading = read(data, "ds.csv", kind="Hồ sơ")
    assert column(reading, "Họ và tên") == NAMES
    assert column(reading, "Quê quán") == [TEXT[1][3], TEXT[2][3]]
    assert column(reading, "Ngày sinh") == ["1980-05-13", "1975"]
    assert [row.number for row in only_table(reading).rows] == [4, 5]


@pytest.mark.parametrize("typed", [typed_in_tcvn3, typed_in_vni])
def test_text_of_old_fonts(typed):
    reading = read(typed(written(",")).encode("latin-1", "replace"), "ds.csv", kind="Hồ sơ")
    assert [str(name).title() for name in column(reading, "Họ và tên")] == NAMES
    assert reading.conversions


def test_text_as_excel_writes_it():
    data = ('sep=;\r\nHọ và tên;Số thẻ\r\nLê Thị Mận;="0012"\r\n').encode("utf-8-sig")
    (row,) = only_table(read(data, "a.csv", kind="Hồ sơ")).rows
    assert (row.number, row.values["Số thẻ đảng viên"]) == (3, "0012")


def test_quote_that_is_never_closed_is_a_letter():
    data = 'Họ và tên,Quê quán\nLê Thị Mận,"Vụ Bản\nHoàng Văn Ổi,"Ý Yên\n'.encode()
    assert names_in(data)


def test_text_that_lost_its_letters_is_refused():
    with pytest.raises(ValidationError, match="mất dấu"):
        read(written(",").encode("ascii", "replace"), "a.csv")


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_of_text(data):
    assert all(isinstance(cell, str) for row in csv_text.rows(data) for cell in row)


# --- Workbooks -------------------------------------------------------------------------------------


def test_workbook_with_macros_is_read_without_them():
    macros = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 code", "xl/vbaData.xml": b"<a/>"}
    data = repacked(xlsx(LIST), macros)
    kind, kept = packages.check(data, "ds.xlsm")
    assert kind == FileKind.XLSX
    assert not [name for name in zipfile.ZipFile(BytesIO(kept)).namelist() if "vba" in name.lower()]
    assert names_in(data, "ds.xlsm") == NAMES
    assert names_in(xlsx(LIST), "ds.xlsm") == NAMES
    with pytest.raises(ValidationError, match="nhúng"):
        read(data, "ds.xlsx")


def test_macros_do_not_hide_what_else_is_wrong():
    data = repacked(xlsx(LIST), {"xl/vbaProject.bin": b"x", "xl/embeddings/b.xlsx": xlsx([["a"]])})
    with pytest.raises(ValidationError, match="nhúng"):
        read(data, "ds.xlsm")
    bomb = repacked(xlsx(LIST), {"xl/vbaProject.bin": b"\0" * 2**27})
    with pytest.raises(ValidationError, match="quá nhiều"):
        read(bomb, "ds.xlsm")


def test_one_sheet_can_be_chosen():
    with pytest.raises(ValidationError, match="Sheet1"):
        read(xlsx(LIST), "a.xlsx", sheet="Trang 9")
    assert len(read(xlsx(LIST), "a.xlsx", kind="Hồ sơ", sheet="Sheet1").tables) == 1


def test_path_and_bytes_read_the_same(tmp_path):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(xlsx(LIST))
    assert read(path, kind="Hồ sơ") == read(path.read_bytes(), "ds.xlsx", kind="Hồ sơ")


def test_file_is_read_as_the_grid_it_holds():
    assert read(xlsx(LIST), "a.xlsx", kind="Hồ sơ").tables == understood(LIST).tables


def test_unknown_kind_or_order_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="Hồ"):
        read(xlsx(LIST), "a.xlsx", kind="Hồ")
    with pytest.raises(ValueError, match="ymd"):
        read(xlsx(LIST), "a.xlsx", dates="ymd")


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_what_libreoffice_saves_reads_like_the_workbook(ending, tmp_path):
    reading = read(converted(xlsx(LIST), ending, tmp_path), f"a.{ending}", kind="Hồ sơ")
    assert column(reading, "Họ và tên") == NAMES
    assert column(reading, "Giới tính") == ["Nữ", "Nam"]
    assert column(reading, "Ngày sinh") == ["1980-05-13", "1975-08-17"]


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_saved_workbook_keeps_fonts_formats_errors_and_hidden_columns(ending, tmp_path):
    rows = [["Hä vµ tªn", "Sè thÎ", "Quª qu¸n", "D©n téc"], ["t« hµ", 8468564, "Vô B¶n", "=1/0"]]
    data = converted(xlsx(rows, font=".VnTimeH", formats={"B": "00000000"}, hidden="C"), ending, tmp_path)
    reading = read(data, f"a.{ending}", kind="Hồ sơ")
    table = only_table(reading)
    assert table.rows[0].values == {"Họ và tên": "TÔ HÀ", "Số thẻ đảng viên": "08468564", "Quê quán": "VỤ BẢN"}
    assert cells(reading.errors) == {(2, "Dân tộc")}
    assert [about.letters for about in table.columns if about.is_hidden] == ["C"]
