"""Lists as offices have them, brought in by the command into an empty database, each as its answers say."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from members.exchange.run import Run
from members.text import same_name_key
from reviews.exchange.kinds import IMPORTERS
from tests.intake.conftest import CORPUS

pytestmark = pytest.mark.django_db

ANSWERS = sorted(CORPUS.glob("*.json"))
NUMBERS = {"Điểm", "Mốc", "Năm", "Giá trị"}


def bring_in(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the answer of `import --json`."""
    out, code = io.StringIO(), 0
    try:
        call_command("import", str(path), "--json", *options, stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(out.getvalue())


def file_of(path: Path) -> Path:
    (found,) = (other for other in path.parent.glob(f"{path.stem}.*") if other.suffix != ".json")
    return found


def stored(kind: str) -> list[dict[str, str]]:
    """All that the database holds of a kind, in canonical columns."""
    run = Run.outward(None)
    (importer,) = (each(run) for each in IMPORTERS if each.kind == kind)
    return [importer.described(record) for record in importer.records()]


def comparable(column: str, value: Any) -> str:
    if value is None:
        return ""
    if column in NUMBERS and value != "":
        return f"{float(value):g}"
    return same_name_key(str(value))


def rows(found: list[dict[str, Any]], columns: set[str]) -> Counter[Any]:
    return Counter(tuple(comparable(name, row.get(name)) for name in sorted(columns)) for row in found)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_list_is_brought_in_as_its_answers_say(path: Path) -> None:
    answer = json.loads(path.read_text(encoding="utf-8"))
    for needed in answer["needs"]:
        assert bring_in(CORPUS / needed)[0] == 0
    before = {kind: rows(stored(kind), columns_of(answer, kind)) for kind in answer["records"]}
    code, told = bring_in(file_of(path), *answer["options"])
    assert_errors(told["errors"], answer["errors"])
    if answer["errors"]:
        assert code == 1
        assert {kind: rows(stored(kind), columns_of(answer, kind)) for kind in answer["records"]} == before
        return
    assert code == 0
    for kind, expected in answer["records"].items():
        columns = columns_of(answer, kind)
        assert rows(stored(kind), columns) == rows(expected, columns)
    again = bring_in(file_of(path), *answer["options"])[1]
    assert all(not counts["created"] and not counts["changed"] for counts in again["sheets"].values())


def columns_of(answer: dict[str, Any], kind: str) -> set[str]:
    return {column for row in answer["records"][kind] for column in row}


def assert_errors(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    cells = {(one["sheet"], one["row"], one["column"]) for one in found}
    whole = {(one["sheet"], one["column"]) for one in expected if one["row"] is None}
    exact = {(one["sheet"], one["row"], one["column"]) for one in expected if one["row"] and not one.get("optional")}
    optional = {(one["sheet"], one["row"], one["column"]) for one in expected if one.get("optional")}
    assert {(sheet, column) for sheet, _, column in cells} >= whole
    assert cells >= exact
    assert {cell for cell in cells if (cell[0], cell[2]) not in whole} <= exact | optional
    assert all(one["reason"] for one in found)
