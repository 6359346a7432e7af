"""docs/security.md goes through every requirement, and what it calls met stands where it says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

TOP = Path(__file__).parent.parent
TEXT = (TOP / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line[1:-1].split("|")] for line in TEXT.splitlines() if re.match(r"\| V\d", line)]
# How many requirements version 5.0.0 has of levels 1 and 2, by chapter.
CHAPTERS = {
    1: (8, 19), 2: (4, 7), 3: (8, 11), 4: (2, 8), 5: (4, 5), 6: (13, 22), 7: (6, 12), 8: (4, 3), 9: (4, 3),
    10: (5, 24), 11: (3, 11), 12: (3, 6), 13: (1, 12), 14: (2, 7), 15: (3, 10), 16: (0, 16), 17: (0, 7),
}  # fmt: skip
STATES = {"met", "not applicable", "open"}


def numbers(identity: str) -> tuple[int, ...]:
    return tuple(int(part) for part in identity[1:].split("."))


def test_ids_are_well_formed_in_order_and_once_each():
    ids = [row[0] for row in ROWS]
    assert all(re.fullmatch(r"V\d{1,2}\.\d{1,2}\.\d{1,2}", identity) for identity in ids)
    assert ids == sorted(set(ids), key=numbers)


def test_every_requirement_of_levels_1_and_2_is_there():
    found = Counter((numbers(row[0])[0], row[1]) for row in ROWS)
    assert {row[1] for row in ROWS} == {"1", "2"}
    assert {chapter: (found[chapter, "1"], found[chapter, "2"]) for chapter in CHAPTERS} == CHAPTERS
    assert len(ROWS) == sum(map(sum, CHAPTERS.values())) == 253


def test_each_has_a_state_and_says_how_it_is():
    for identity, _, state, how, where in ROWS:
        assert state in STATES, identity
        assert len(how) > 3, identity
        assert (where == "–") == (state != "met"), identity


@pytest.mark.parametrize("row", [row for row in ROWS if row[2] == "met"], ids=lambda row: row[0])
def test_what_is_met_names_files_and_settings_that_exist(row):
    named = re.findall(r"`([^`]+)`", row[4])
    assert named
    for name in named:
        assert hasattr(settings, name) if name.isupper() else (TOP / name).is_file(), name


def test_summary_counts_what_the_tables_say():
    found = re.search(
        r"Of (\d+) requirements of levels 1 and 2, (\d+) are met, (\d+) are not applicable and (\d+) are open\.", TEXT
    )
    states = Counter(row[2] for row in ROWS)
    assert found
    expected = [len(ROWS), states["met"], states["not applicable"], states["open"]]
    assert [int(number) for number in found.groups()] == expected


def test_each_promise_names_its_tests():
    """A promise without a test is a wish; one that waits for its tests says so."""
    table = TEXT[TEXT.index("## Promises") : TEXT.index("## What the parts do")]
    promises = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| Against")]
    assert len(promises) >= 6
    for promise in promises:
        tests = re.findall(r"`(tests/\w+\.py)`", promise)
        assert tests or "Under way" in promise
        assert all((TOP / test).is_file() for test in tests)
