"""Lists as offices have them, each with its answers beside it: what a reader without a database can get right."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from members.intake.reader import read
from members.text import same_name_key
from tests.intake.conftest import CORPUS

ANSWERS = sorted(CORPUS.glob("*.json"))

# What only the registry can tell: equal numbers, order of two dates, unknown codes, several people of one name.
FOR_THE_REGISTRY = {
    "loi-ho-so": {(4, "Số lý lịch"), (5, "Ngày chính thức"), (7, "Số lý lịch"), (8, "Mã tổ chức"), (10, "Họ và tên")},
    "loi-xep-loai": {(5, "Họ và tên"), (6, "Xếp loại")},
}
RATINGS_OF_2015 = {
    "HTXS": "Hoàn thành xuất sắc nhiệm vụ",
    "HTT": "Hoàn thành tốt nhiệm vụ",
    "HT": "Hoàn thành nhiệm vụ",
    "KHT": "Không hoàn thành nhiệm vụ",
}


def option(answer: dict[str, Any], name: str) -> str | None:
    options = answer["options"]
    return options[options.index(name) + 1] if name in options else None


def file_of(path: Path) -> Path:
    (found,) = (other for other in path.parent.glob(f"{path.stem}.*") if other.suffix != ".json")
    return found


def organisation_codes() -> dict[str, str]:
    """Names to codes, from the canonical workbook that the lists need."""
    (table,) = (table for table in read(CORPUS / "needs" / "to-chuc.xlsx").tables if table.kind == "Tổ chức đảng")
    return {same_name_key(row.values["Tên tổ chức"]): row.values["Mã tổ chức"] for row in table.rows}


def comparable(column: str, value: Any, codes: dict[str, str]) -> str:
    if value is None:
        return ""
    if column in {"Điểm", "Mốc", "Năm"}:
        return f"{float(value):g}"
    if column == "Mã tổ chức":
        return codes.get(same_name_key(value), value)
    if column in {"Họ và tên", "Xếp loại"}:
        return same_name_key(RATINGS_OF_2015.get(value, value))
    return str(value).casefold()


def with_names(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The answers, and beside a number the name of its person: the lists have names alone."""
    names = {row["Số lý lịch"]: row["Họ và tên"] for row in found.get("Hồ sơ", []) if "Số lý lịch" in row}
    return {
        kind: [{"Họ và tên": names[row["Số lý lịch"]]} | row if row.get("Số lý lịch") in names else row for row in rows]
        for kind, rows in found.items()
    }


def records(rows: list[dict[str, Any]], columns: set[str], codes: dict[str, str]) -> Counter[Any]:
    return Counter(tuple(comparable(name, row.get(name), codes) for name in sorted(columns)) for row in rows)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_list_reads_as_its_answers_say(path):
    answer = json.loads(path.read_text(encoding="utf-8"))
    reading = read(file_of(path), kind=option(answer, "--as"), dates=option(answer, "--dates"))
    kind = option(answer, "--as") or "Hồ sơ"
    tables = [table for table in reading.tables if table.kind == kind]
    rows = [row.values for table in tables for row in table.rows]
    expected = with_names(answer["records"]).get(kind, [])
    if expected:
        columns = {column for row in expected for column in row} & {column for row in rows for column in row}
        codes = organisation_codes()
        assert len(columns) >= 2
        assert records(rows, columns, codes) == records(expected, columns, codes)
    assert_errors(reading, answer["errors"], FOR_THE_REGISTRY.get(path.stem, set()))


def assert_errors(reading: Any, expected: list[dict[str, Any]], later: set[tuple[int, str]]) -> None:
    found = {(error.sheet, error.row, error.column) for error in reading.as_errors()}
    exact = {(error["sheet"], error["row"], error["column"]) for error in expected if error["row"]}
    whole = {(error["sheet"], error["column"]) for error in expected if not error["row"]}
    assert {place for place in found if (place[0], place[2]) not in whole} == {
        place for place in exact if place[1:] not in later
    }
    assert {(sheet, column) for sheet, _, column in found} >= whole


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_kind_of_record_is_proposed_from_the_list_itself(path):
    answer = json.loads(path.read_text(encoding="utf-8"))
    kinds = {table.kind for table in read(file_of(path)).tables}
    assert kinds == {option(answer, "--as") or "Hồ sơ"}


def test_rating_list_names_the_group_each_person_stands_in():
    reading = read(CORPUS / "xep-loai-dang-vien-2015.xlsx", kind="Xếp loại đảng viên")
    groups = {row.values["Họ và tên"]: row.groups for table in reading.tables for row in table.rows}
    assert groups["Đoàn Thị Hoà"] == ["CHI BỘ TỔ CHỨC CÔNG CHỨC"]


def test_columns_without_a_meaning_are_named():
    (table,) = read(CORPUS / "nam-sinh-hai-cot.xlsx", kind="Hồ sơ").tables
    assert table.left_aside == ["TT", "Mã NV", "Ghi chú"]
