"""Where in a sheet the tables are: under which heading lines, from which column to which. No values here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from members.intake.headings import NUMBERING, is_known, is_word
from members.intake.sheets import Sheet
from members.intake.values import clean, plain_key

MOST_HEADING_LINES = 4
MOST_COLUMNS = 200
_TITLE_LINES = 12
_NUMBERING_KEYS = {plain_key(name) for name in NUMBERING}


@dataclass
class Block:
    """A table: its heading rows, the row after its last (the next table's first, or the sheet's end), its columns.

    `parts` has for each column the lines of its heading from the top down; rows and columns count from 0.
    """

    first: int
    data: int
    end: int
    columns: list[int]
    parts: list[tuple[str, ...]]
    title: list[str] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        """Each column's heading in one line."""
        return [" / ".join(parts) for parts in self.parts]


def find_blocks(sheet: Sheet) -> list[Block]:
    """The tables of the sheet from the top down, those side by side from the left."""
    starts = _heading_starts(sheet)
    blocks: list[Block] = []
    for start, following in pairwise([*starts, None]):
        first = start if start is not None else 0
        blocks += _blocks_at(sheet, first, _end(sheet, following))
    for block in blocks:
        before = max((other.data for other in blocks if other.data <= block.first), default=0)
        block.title = _title(sheet, before, block.first)
    return blocks


def _end(sheet: Sheet, following: int | None) -> int:
    return len(sheet.rows) if following is None else following


def texts_of(row: Sequence[Any]) -> list[str]:
    """The cells of a heading row as text."""
    return [clean(cell) if cell != "" else "" for cell in row[:MOST_COLUMNS]]


# --- Heading rows ----------------------------------------------------------------------------------


def _heading_starts(sheet: Sheet) -> list[int]:
    """The first heading row of each table."""
    candidates = [(row, count) for row, cells in enumerate(sheet.rows) if (count := _known_headings(cells))]
    starts: list[tuple[int, int]] = []
    for row, count in candidates:
        if starts and not _has_data_between(sheet, starts[-1][0], row):
            if count > starts[-1][1] and not _is_next_line(sheet, starts[-1][0], row):
                starts[-1] = (row, count)
            continue
        starts.append((row, count))
    return [_with_line_above(sheet, row) for row, _ in starts]


def _known_headings(cells: Sequence[Any]) -> int:
    """How many different headings the row has, 0 where it is no row of headings."""
    filled = []
    for cell in cells[:MOST_COLUMNS]:
        if cell != "":
            if not _may_be_heading(cell):
                return 0
            filled.append(cell)
    if len(filled) < 2:
        return 0
    texts = [clean(cell) for cell in filled]
    known = {plain_key(text) for text in texts if is_known(text)}
    found = known | {plain_key(text) for text in texts if known and is_word(text)}
    return len(found) if len(found) >= 2 and 3 * len(found) >= len(filled) else 0


def _may_be_heading(cell: Any) -> bool:
    """Text that begins with a letter, or with the number of a tick's word (30 năm)."""
    if not isinstance(cell, str) or len(cell) > 200:
        return False
    return not cell[:1].isdigit() or (len(cell) <= 20 and not cell.isdigit() and is_word(clean(cell)))


def _is_next_line(sheet: Sheet, row: int, following: int) -> bool:
    return following == row + 1 and _is_subheading(sheet, row, following)


def _has_data_between(sheet: Sheet, row: int, following: int) -> bool:
    """Whether a row between two rows of headings might be a record of the first."""
    between = sheet.rows[row + 1 : following]
    return any(sum(cell != "" for cell in cells) >= 2 and not _known_headings(cells) for cells in between)


def _with_line_above(sheet: Sheet, row: int) -> int:
    """The row above, where it is the upper line of the same headings: then it has one itself."""
    if row == 0:
        return row
    above = [text for text in texts_of(sheet.rows[row - 1]) if text]
    is_line = len(above) >= 2 and any(map(is_known, above)) and _is_subheading(sheet, row - 1, row)
    return row - 1 if is_line else row


def _is_subheading(sheet: Sheet, row: int, following: int) -> bool:
    """Whether the second row is a lower line of headings: it stands under blanks and under what spans columns."""
    if following >= len(sheet.rows):
        return False
    top, lower = _filled(sheet, row), texts_of(sheet.rows[following])
    places = [column for column, text in enumerate(lower) if text]
    if not places or not all(_may_be_heading(sheet.rows[following][column]) for column in places):
        return False
    if any(plain_key(lower[column]) in _NUMBERING_KEYS - {"so"} for column in places):
        return False
    if not all(_is_open(top, lower, column) for column in places):
        return False
    return any(is_known(lower[column]) or is_word(lower[column]) for column in places)


def _is_open(top: list[str], lower: list[str], column: int) -> bool:
    """Whether the upper heading of a column leaves room for a lower one: blank, or spanning a neighbour."""
    if not top[column]:
        return True
    if column and top[column - 1] == top[column]:
        return True
    if column + 1 >= len(top):
        return False
    return top[column + 1] == top[column] or (not top[column + 1] and bool(lower[column + 1]))


def _filled(sheet: Sheet, row: int) -> list[str]:
    """The texts of a row, each in all cells that are merged with its own."""
    texts = texts_of(sheet.rows[row])
    for (top, left), (bottom, right) in sheet.merges:
        if top <= row <= bottom and left < len(texts):
            text = clean(sheet.rows[top][left])
            for column in range(left, min(right + 1, len(texts))):
                texts[column] = texts[column] or text
    return texts


# --- Heading lines to columns ----------------------------------------------------------------------


def _blocks_at(sheet: Sheet, first: int, end: int) -> list[Block]:
    """The tables that begin at a row: one, or several side by side, each with its own numbering."""
    lines = _heading_lines(sheet, first, end)
    parts = _parts(sheet, lines)
    headed = [column for column, lines_of_it in enumerate(parts) if lines_of_it]
    numbered = [
        column for column in headed if plain_key(parts[column][-1]) in _NUMBERING_KEYS and len(parts[column]) == 1
    ]
    edges = [headed[0], *numbered[1:], len(parts)]
    blocks = []
    for left, right in pairwise(edges):
        columns = list(range(left, right))
        blocks.append(Block(first, first + len(lines), end, columns, [parts[column] for column in columns]))
    return blocks


def _heading_lines(sheet: Sheet, first: int, end: int) -> list[int]:
    lines = [first]
    while len(lines) < MOST_HEADING_LINES and lines[-1] + 1 < end:
        if not _is_subheading(sheet, lines[-1], lines[-1] + 1) or not _stays_open(sheet, lines):
            break
        lines.append(lines[-1] + 1)
    return lines


def _stays_open(sheet: Sheet, lines: list[int]) -> bool:
    """For a third line: it may not stand under a heading that only an upper line has."""
    last, lower = texts_of(sheet.rows[lines[-1]]), texts_of(sheet.rows[lines[-1] + 1])
    uppers = [texts_of(sheet.rows[line]) for line in lines[:-1]]
    return not any(
        text and not last[column] and any(upper[column] for upper in uppers) for column, text in enumerate(lower)
    )


def _parts(sheet: Sheet, lines: list[int]) -> list[tuple[str, ...]]:
    """For each column the lines of its heading, each once."""
    rows = [_filled(sheet, line) for line in lines]
    for place, line in enumerate(lines[:-1]):
        if not _has_wide_merge(sheet, line):
            rows[place] = _spread(rows[place], rows[place + 1])
    return [tuple(dict.fromkeys(filter(None, column))) for column in zip(*rows, strict=True)]


def _has_wide_merge(sheet: Sheet, row: int) -> bool:
    return any(top <= row <= bottom and right > left for (top, left), (bottom, right) in sheet.merges)


def _spread(top: list[str], lower: list[str]) -> list[str]:
    """An upper heading over the blanks to its right, as long as there is a lower heading under each of them."""
    spread, current = [], ""
    for text, below in zip(top, lower, strict=True):
        current = text if text else current
        current = current if below else ""
        spread.append(text or current)
    return spread


def _title(sheet: Sheet, start: int, end: int) -> list[str]:
    """The texts above a table: who it is of, and what. Below another table they end where its records do."""
    title: list[str] = []
    for row in range(end - 1, max(start, end - _TITLE_LINES) - 1, -1):
        cells = [cell for cell in sheet.rows[row][:MOST_COLUMNS] if cell != ""]
        if start and not all(isinstance(cell, str) for cell in cells):
            break
        title = [clean(cell)[:200] for cell in cells if isinstance(cell, str) and cell.strip()] + title
    return title


# --- Rows under the headings -----------------------------------------------------------------------

_COLUMN_NUMBER = re.compile(r"\(?([0-9]{1,3})\)?(?:\s*[=+].*)?")


def is_row_of_numbers(cells: Sequence[Any]) -> bool:
    """Whether the row counts the columns: 1 2 3 …, in brackets, with A B before."""
    filled = [clean(cell) for cell in cells if cell != "" and not isinstance(cell, date)]
    numbers = [int(found[1]) for text in filled if (found := _COLUMN_NUMBER.fullmatch(text))]
    letters = [text for text in filled if len(text) == 1 and text.isalpha()]
    if len(numbers) < 2 or len(numbers) + len(letters) < len(filled) or len(filled) < 3:
        return False
    return numbers[0] <= 2 and all(later - earlier == 1 for earlier, later in pairwise(numbers))
