"""Workbooks that nobody foresaw, through the command: an answer in words, never a traceback; with an error, nothing."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from members.intake.contract import KINDS
from members.models import Organisation, Person
from tests.conftest import Cast
from tests.intake.files import xlsx
from tests.intake.test_random import lists

pytestmark = pytest.mark.django_db

WORDS = st.sampled_from(
    ["", "-", "A1", "A", "Z9", "01", "02", "Nam", "Nữ", "Đạt", "HTT", "30", "2015", "31/02/1970", "5/9/1975", "9/1975",
     "Giấy khen", "Khiển trách", "Chi bộ cơ sở", "Chi bộ Văn phòng", "Chuyển nội bộ", "Từ trần", "Sáp nhập", "=1+1",
     "Nguyễn Văn An", "Lê Thị Bình", "x" * 600, "#REF!", "9,5", "Công đoàn", "Kết nạp lại",
     "admission.decided"]
)  # fmt: skip
CELLS = st.one_of(WORDS, st.dates(date(1899, 1, 1), date(2200, 1, 1)), st.integers(-5, 10**16), st.floats(), st.none())


@st.composite
def canonical_books(draw: st.DrawFn) -> bytes:
    """Sheets of the exchange workbook with any values in any of their columns."""
    book, stream = Workbook(), io.BytesIO()
    book.remove(book.active)
    for kind in draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4, unique=True)):
        sheet: Any = book.create_sheet(kind)
        needed = KINDS[kind].missing(())
        others = [column.name for column in KINDS[kind].columns if column.name not in needed]
        columns = [
            *needed,
            *draw(st.lists(st.sampled_from(others), unique=True, max_size=6) if others else st.just([])),
        ]
        sheet.append(columns)
        for row in draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), max_size=5)):
            sheet.append([None if isinstance(cell, float) and cell != cell else cell for cell in row])
    book.save(stream)
    return stream.getvalue()


def bring_in(folder: Path, content: bytes, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and what the command answers; a refusal of the whole file is words as well."""
    path, out = folder / "tep.xlsx", io.StringIO()
    path.write_bytes(content)
    try:
        call_command("import", str(path), "--json", *options, stdout=out, stderr=io.StringIO())
    except CommandError as refused:
        return 1, {"errors": [str(refused)], "sheets": {}}
    except SystemExit as ended:
        return int(ended.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def assert_told(folder: Path, content: bytes, *options: str) -> None:
    before = Person.objects.count(), Organisation.objects.count()
    code, told = bring_in(folder, content, *options)
    assert code == (1 if told["errors"] else code)
    for error in told["errors"]:
        assert error if isinstance(error, str) else error["reason"] and error["column"]
    if code:
        assert (Person.objects.count(), Organisation.objects.count()) == before
    elif "--dry-run" not in options:
        assert all(not counts["errors"] for counts in told["sheets"].values())


several = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


@several
@given(content=canonical_books(), dry=st.booleans())
def test_any_values_in_the_sheets_of_the_workbook(cast: Cast, tmp_path: Path, content: bytes, dry: bool) -> None:
    assert_told(tmp_path, content, *(["--dry-run"] if dry else []))


@several
@given(made=lists())
def test_any_list_of_people(cast: Cast, tmp_path: Path, made: Any) -> None:
    assert_told(tmp_path, xlsx(made[0]), "--as", "Hồ sơ", "--organisation", "A")
