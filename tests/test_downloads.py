"""A file is handed out under a name that no system can misread."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from config.downloads import LONGEST_NAME, download, safe_name
from config.workbook import Look, put, workbook_bytes


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("tong-ket-2015.xlsx", "tong-ket-2015.xlsx"),
        ("Danh sách đảng viên.xlsx", "Danh sách đảng viên.xlsx"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("C:\\Windows\\system32.dll", "C-Windows-system32.dll"),
        ("a\r\nSet-Cookie: b=c.xlsx", "a Set-Cookie- b=c.xlsx"),
        ('a"; filename="b.exe', "a- filename=-b.exe"),
        ("hoá\u202excod.exe", "hoáxcod.exe"),
        ("\u2066an\u2069.pdf", "an.pdf"),
        ("CON.xlsx", "_CON.xlsx"),
        ("", "tep"),
        ("...", "tep"),
        (".xlsx", "xlsx"),
        ("a" * 300 + ".xlsx", "a" * (LONGEST_NAME - 5) + ".xlsx"),
    ],
)
def test_name_becomes_one_plain_file_name(name, safe):
    assert safe_name(name) == safe


def test_file_is_saved_not_shown_and_keeps_its_type():
    response = download(b"PK", "tong-ket-2015.xlsx", "application/zip")
    assert response.content == b"PK"
    assert response["Content-Type"] == "application/zip"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'attachment; filename="tong-ket-2015.xlsx"'


def test_vietnamese_name_travels_in_both_forms():
    header = download(b"", "Đảng viên.xlsx", "application/zip")["Content-Disposition"]
    plain = 'attachment; filename="Dang vien.xlsx"'
    assert header == f"{plain}; filename*=UTF-8''%C4%90%E1%BA%A3ng%20vi%C3%AAn.xlsx"


@given(st.text(max_size=400))
def test_no_text_breaks_out_of_the_header_or_the_folder(name):
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME + 1
    assert not set(safe) & set('<>:"/\\|?*%;\r\n\0')
    assert not {unicodedata.category(letter) for letter in safe} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert safe_name(safe) == safe
    header = download(b"", name, "text/plain")["Content-Disposition"]
    assert header.isascii()
    assert header.count('"') == 2


FORMULAS = [
    "=1+1", "=HYPERLINK(\"http://example.test\")", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "=", "-",
    "=cmd|' /C calc'!A0", "\uff1d1+1",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_text_in_a_workbook_is_never_a_formula(text):
    """In the file itself: a cell of the type of text, and no formula element anywhere."""
    book = Workbook()
    put(book.active["A1"], text, Look())
    cell = load_workbook(io.BytesIO(workbook_bytes(book))).active["A1"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()
