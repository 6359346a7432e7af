"""A table's columns: what each means for its kind of record, and their cells as the values that the columns keep."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

from members.intake import dates, national, values
from members.intake.contract import KINDS
from members.intake.headings import NOTHING, Meaning, is_women, meaning_of
from members.intake.kinds import Column, Kind, Type
from members.intake.layout import Block
from members.intake.reading import Note, Problem, Question, Reading
from members.intake.typed import Converter, converted, converter
from members.intake.values import BadValueError, clean, key, plain_key
from members.intake.xlsx_looks import column_letters

NAME, SEX, BORN = "Họ và tên", "Giới tính", "Ngày sinh"
_SAMPLE_ROWS = 200
_CONVERTED_ONCE = (str, date)


# --- Meaning ---------------------------------------------------------------------------------------


def shape_of(block: Block) -> str:
    """Equal for tables with the same headings in the same order: what answers are remembered by."""
    headings = "\n".join(" / ".join(map(plain_key, parts)) for parts in block.parts if parts)
    return hashlib.sha256(headings.encode()).hexdigest()[:32]


def propose_kind(block: Block, sheet_name: str) -> str:
    """The kind of record that the headings, the sheet's name and the title speak for; "" where nothing does.

    A sheet of the exchange workbook is what its name says, whichever of its columns it has.
    """
    own = next((kind for kind in KINDS.values() if plain_key(kind.name) == plain_key(sheet_name)), None)
    if own and is_canonical(block, meanings_of(block, own), own, sheet_name):
        return own.name
    scores = {name: _score(kind, block, sheet_name) for name, kind in KINDS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0 else ""


def _score(kind: Kind, block: Block, sheet_name: str) -> int:
    meanings = meanings_of(block, kind)
    extra = {column.name for column in kind.columns if column.is_extra}
    found = {meaning.column for meaning in meanings} - {""} - (extra - set(kind.borrowed))
    own = found & {column.name for column in kind.columns if not column.is_extra}
    needed = {column.name for column in kind.columns if column.needed}
    if not found & set(kind.signs) or not own:
        return 0
    canonical = sum(meaning.is_canonical and meaning.column in found for meaning in meanings)
    ticks = 2 if any(meaning.word and meaning.column in kind.signs for meaning in meanings) else 0
    score = 2 * len(own) + len(found - own) + len(found & needed) + canonical + ticks - 2 * len(needed - found)
    return score + 5 * len(found & set(kind.signs)) + _named(kind, sheet_name, block.title)


def _named(kind: Kind, sheet_name: str, title: list[str]) -> int:
    sheet = plain_key(sheet_name)
    if sheet == plain_key(kind.name):
        return 20
    also = sheet in {plain_key(name) for name in kind.also.split("; ")}
    above = plain_key(" ".join([*title, sheet_name]))
    titled = any(plain_key(words) in above for words in kind.titles.split("; ") if words)
    return 2 * also + 6 * titled


def meanings_of(block: Block, kind: Kind, answers: dict[str, str] | None = None) -> list[Meaning]:
    """What each column of the table means; `answers` (by letters) were given by a person and win."""
    has_women = any(is_women(parts[-1]) for parts in block.parts if parts)
    meanings = [meaning_of(parts, kind, has_women=has_women) for parts in block.parts]
    meanings = [NOTHING if _is_lone_tick(place, meanings, block) else meaning for place, meaning in enumerate(meanings)]
    for place, letters in enumerate(map(column_letters, block.columns)):
        if answers and letters in answers:
            name = answers[letters]
            if not name or name != meanings[place].column:  # else it may be a word or a part of it
                meanings[place] = Meaning(name) if name in kind.by_name else NOTHING
    return meanings


def _is_lone_tick(place: int, meanings: list[Meaning], block: Block) -> bool:
    """A word alone, without others of its column or a heading above it, is more likely a heading of something else."""
    meaning = meanings[place]
    if not meaning.word or meaning.column == SEX or len(block.parts[place]) > 1:
        return False
    return sum(other.column == meaning.column and other.word != "" for other in meanings) == 1


def is_canonical(block: Block, meanings: list[Meaning], kind: Kind, sheet_name: str) -> bool:
    """Whether this is the exchange workbook's own sheet: its name, its needed columns, and no others understood."""
    names = {meaning.column for meaning in meanings if meaning.is_canonical and meaning.column}
    understood = {meaning.column for meaning in meanings if meaning.column}
    is_named = key(sheet_name) == key(kind.name) or plain_key(sheet_name) == plain_key(kind.name)
    return is_named and not block.title and not kind.missing(names) and understood == names


# --- Sources ---------------------------------------------------------------------------------------


@dataclass
class Source:
    """Where a canonical column's values come from: one column of the file, several that make up a name, or ticks.

    `parts`, by place: what of the value stands there, as in national.
    """

    column: Column
    places: list[int] = field(default_factory=list)
    ticks: dict[int, str] = field(default_factory=dict)
    parts: dict[int, str] = field(default_factory=dict)
    is_born_under_sex: bool = False


def sources_of(
    block: Block, meanings: list[Meaning], kind: Kind, hidden: set[int], rows: Sequence[Any]
) -> list[Source]:
    """The canonical columns that the table has, each with its places in the rows.

    Of two columns with the same meaning the first that is shown counts; the other loses its meaning in `meanings`.
    """
    sources: dict[str, Source] = {}
    order = sorted(range(len(meanings)), key=lambda place: (block.columns[place] in hidden, place))
    for place in order:
        meaning = meanings[place]
        if not meaning.column:
            continue
        source = sources.setdefault(meaning.column, Source(kind.by_name[meaning.column]))
        if not _add_place(source, meaning, block, place, meanings):
            meanings[place] = NOTHING
    if NAME in sources:
        _join_name(sources[NAME], block, meanings, rows)
    if SEX in sources and sources[SEX].ticks and BORN not in sources:
        _find_births(sources, block, meanings, rows, kind)
    return list(sources.values())


def _add_place(source: Source, meaning: Meaning, block: Block, place: int, meanings: list[Meaning]) -> bool:
    here = block.columns[place]
    if meaning.word:
        if source.places:
            return False
        source.ticks[here] = meaning.word
        return True
    if source.ticks or (source.places and bool(meaning.part) != bool(source.parts)):
        return False
    if meaning.part and meaning.part not in source.parts.values():
        source.parts[here] = meaning.part
        source.places = sorted([*source.places, here])
        return True
    if not source.places or (source.column.name == NAME and _continues_name(source, block, place, meanings)):
        source.places = sorted([*source.places, here])
        return True
    return False


def _continues_name(source: Source, block: Block, place: int, meanings: list[Meaning]) -> bool:
    """Family name and given name in two columns, or both under one heading."""
    before = block.columns.index(source.places[-1])
    return place == before + 1 and (meanings[before].is_family_name or block.parts[before] == block.parts[place])


def _join_name(source: Source, block: Block, meanings: list[Meaning], rows: Sequence[Any]) -> None:
    """The column without a heading right of the name belongs to it where most names go on there."""
    place = block.columns.index(source.places[-1]) + 1 if source.places else len(meanings)
    if len(source.places) == 1 and place < len(meanings) and not block.parts[place]:
        here, there = source.places[0], block.columns[place]
        both = sum(isinstance(row[there], str) and row[there] != "" for row in rows if row[here] != "")
        named = sum(row[here] != "" for row in rows)
        if both and 2 * both > named:
            source.places.append(there)
            meanings[place] = Meaning(NAME)


def _find_births(
    sources: dict[str, Source], block: Block, meanings: list[Meaning], rows: Sequence[Any], kind: Kind
) -> None:
    """Dates in the columns Nam and Nữ: each says the sex by where it stands."""
    ticks = sources[SEX].ticks
    cells = [row[place] for row in rows for place in ticks if row[place] != ""]
    dated = sum(dates.looks_like_date(cell) for cell in cells)
    ticked = sum(values.is_mark(cell) or plain_key(clean(cell)) in {"nam", "nu"} for cell in cells)
    if BORN in kind.by_name and dated > ticked:
        sources[BORN] = Source(kind.by_name[BORN], list(ticks), is_born_under_sex=True)
        sources[SEX].is_born_under_sex = True
        for place in ticks:
            meanings[block.columns.index(place)] = Meaning(BORN, ticks[place])


# --- Values ----------------------------------------------------------------------------------------


@dataclass
class Context:
    """What the cells of a table are read with, and where what is found goes."""

    sheet: str
    reading: Reading
    rows: Sequence[Sequence[Any]]
    kept: Sequence[int]
    widths: dict[tuple[int, int], int] = field(default_factory=dict)
    orders: dict[str, dates.Order] = field(default_factory=dict)
    order: dates.Order | None = None
    two_digit_from: int | None = None
    begins_1904: bool = False
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)

    @cached_property
    def kept_rows(self) -> list[Sequence[Any]]:
        """The rows that are records."""
        return [self.rows[row] for row in self.kept]

    def fail(self, row: int, column: str, value: Any, reason: str) -> None:
        """Report an error of a cell; the row counts from 0."""
        self.reading.add_error(Problem(self.sheet, row + 1, column, values.shortened(clean(value)), reason))

    def ask(self, row: int, column: str, value: Any, question: BadValueError) -> None:
        """Put the question about a column once, and count its rows."""
        what = "dates" if isinstance(question, dates.OrderUnknownError) else "years"
        asked = self.questions.get((column, what))
        if asked is None:
            asked = Question(what, self.sheet, row + 1, column, values.shortened(clean(value)), str(question), 0)
            self.questions[column, what] = asked
            self.reading.questions.append(asked)
        asked.rows += 1


Values = list[str | None]
"""A canonical column's values, in the order of the kept rows; None where the row doesn't say it."""
Records = dict[str, Values]


def fill_all(sources: list[Source], context: Context) -> Records:
    """The values of all canonical columns, and of a national status what it says; errors and questions are reported."""
    records: Records = {}
    for source in sources:
        fill(records, source, context)
    if any(national.STATUS in source.parts.values() for source in sources):
        for place in national.settle(records):
            context.fail(context.kept[place], national.EXEMPT_FROM, national.EXEMPT, national.NO_DAY)
    return {name: found for name, found in records.items() if any(value is not None for value in found)}


def fill(records: Records, source: Source, context: Context) -> None:
    """Put the values of the canonical column into the records; errors and questions into the reading."""
    name = source.column.name
    if source.ticks:
        records[name] = (_sex_by_birth if source.is_born_under_sex else _ticked)(source, context)
    elif source.column.type == Type.DATE:
        records[name] = _dates(source, context)
    elif source.column.type == Type.CODE:
        records[name] = _codes(source, context)
    else:
        convert = national.status if national.STATUS in source.parts.values() else converter(source.column)
        records[name] = _values(name, _cells(source, context), convert, context)


def _values(column: str, cells: list[Any], convert: Converter, context: Context) -> Values:
    """The cells' values: None for a blank cell, "" for a dash alone; a text or a day is converted once."""
    distinct = set(cells)
    known = _known(distinct, convert)
    found: Values = list(map(known.get, cells))
    if others := distinct - known.keys():
        for place, cell in enumerate(cells):
            if cell in others:
                found[place] = _value(cell, context.kept[place], column, convert, context)
    return found


def _known(distinct: set[Any], convert: Converter) -> dict[Any, str | None]:
    """The values of texts and days. Others are left to be looked at one by one: True, 1 and 1.0 are one key."""
    known: dict[Any, str | None] = {"": None}
    for cell in distinct:
        if isinstance(cell, _CONVERTED_ONCE):
            try:
                known[cell] = converted(cell, convert)
            except BadValueError:
                continue  # reported for each of its rows
    return known


def _value(cell: Any, row: int, column: str, convert: Converter, context: Context) -> str | None:
    try:
        return converted(cell, convert)
    except (dates.OrderUnknownError, dates.ShortYearError) as question:
        context.ask(row, column, cell, question)
    except BadValueError as error:
        context.fail(row, column, cell, str(error))
    return None


def _cells(source: Source, context: Context) -> list[Any]:
    """The cells of the column in the kept rows, blank ones as ""."""
    rows = context.kept_rows
    if source.column.type == Type.TEXT and source.parts:
        places = source.parts.items()
        return [national.joined_place({part: row[place] for place, part in places}) for row in rows]
    if len(source.places) == 1:
        place = source.places[0]
        return [row[place] for row in rows]
    return [_joined(row, source.places) for row in rows]


def _joined(row: Sequence[Any], places: list[int]) -> Any:
    """The cells of several columns as one text; one alone as it is."""
    filled = [row[place] for place in places if row[place] != ""]
    if len(filled) == 1:
        return filled[0]
    return " ".join(map(clean, filled))


def _codes(source: Source, context: Context) -> Values:
    column, name, cells = source.places[0], source.column.name, _cells(source, context)
    found = _values(name, [cell if isinstance(cell, str) else "" for cell in cells], values.code, context)
    numbers = [place for place, cell in enumerate(cells) if not isinstance(cell, str)]
    for place in numbers:
        row = context.kept[place]
        convert = partial(values.code, width=context.widths.get((row, column), 0))
        found[place] = _value(cells[place], row, name, convert, context)
    bare = [place for place in numbers if (context.kept[place], column) not in context.widths]
    if bare:
        _note_lost_zeros(found, name, bare, context)
    return found


def _note_lost_zeros(found: Values, column: str, bare: list[int], context: Context) -> None:
    """Numbers that are shorter than the column's other numbers, or than the twelve digits of a personal number."""
    texts = [value or "" for value in found]
    usual = 12 if column == "Số định danh cá nhân" else max((len(text) for text in texts if text.isdigit()), default=0)
    short = [place for place in bare if texts[place].isdigit() and len(texts[place]) < usual]
    if short and (column == "Số định danh cá nhân" or any(text.startswith("0") for text in texts)):
        row = context.kept[short[0]]
        text = f"{len(short)} ô đã bị Excel đổi thành số, có thể mất số 0 ở đầu. Hãy so với hồ sơ rồi ghi lại dạng chữ."
        context.reading.notes.append(Note(context.sheet, row + 1, column, texts[short[0]], text))


# --- Dates -----------------------------------------------------------------------------------------


def _dates(source: Source, context: Context) -> Values:
    name, cells = source.column.name, _cells(source, context)
    told = context.orders.get(name) or context.order
    order = told or dates.proven_order(set(cells))
    how = dates.Reading(order, context.two_digit_from, context.begins_1904)
    found = _values(name, cells, partial(dates.convert, reading=how), context)
    if not told and dates.looks_swapped(cells):
        first = next(row for row, cell in zip(context.kept, cells, strict=True) if cell != "")
        text = "Các ô ngày có thể đã bị Excel đổi chỗ ngày và tháng (máy đặt kiểu Mỹ). Hãy kiểm tra vài dòng."
        context.reading.notes.append(Note(context.sheet, first + 1, name, "", text))
    return found


# --- Ticks -----------------------------------------------------------------------------------------


def _ticked(source: Source, context: Context) -> Values:
    """The word of the column that is ticked. Where only Nữ (or only Nam) can be ticked, nothing is the other."""
    name, ticks = source.column.name, source.ticks
    other = {"Nữ": "Nam", "Nam": "Nữ"}.get(next(iter(ticks.values()))) if name == SEX and len(ticks) == 1 else None
    found: Values = []
    for row in context.kept:
        cells = context.rows[row]
        ticked = [place for place in ticks if cells[place] != "" and clean(cells[place]) not in {"-", "0", ""}]
        found.append(other if not ticked else None)
        if len(ticked) > 1:
            words = ", ".join(ticks[place] for place in ticked)
            context.fail(row, name, clean(cells[ticked[1]]), f"Chỉ đánh dấu một cột, dòng này đánh dấu: {words}.")
        elif ticked:
            found[-1] = _word_of_tick(row, source, ticked[0], context)
    return found


def _word_of_tick(row: int, source: Source, place: int, context: Context) -> str | None:
    cell, word = context.rows[row][place], source.ticks[place]
    if values.is_mark(cell) or plain_key(clean(cell)) == plain_key(word):
        return word
    reason = f"Cột “{word}” để đánh dấu x. Hãy ghi x hoặc để trống."
    try:
        values.check(cell)
    except BadValueError as error:
        reason = str(error)
    context.fail(row, source.column.name, cell, reason)
    return None


def _sex_by_birth(source: Source, context: Context) -> Values:
    found: Values = []
    for row in context.kept:
        filled = [place for place in source.ticks if clean(context.rows[row][place]) not in {"", "-"}]
        found.append(source.ticks[filled[0]] if len(filled) == 1 else None)
        if len(filled) > 1:
            value = clean(context.rows[row][filled[1]])
            context.fail(row, SEX, value, "Cả hai cột Nam và Nữ đều ghi năm sinh. Hãy xóa một bên.")
    return found
