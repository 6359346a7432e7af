"""What a heading means: the canonical column it names, or the word that a tick under it says. No cells here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from members.intake import national
from members.intake.contract import KINDS
from members.intake.kinds import Column, Kind, Type
from members.intake.values import find_word, key, plain_key
from members.intake.words import SEX, Choices

NUMBERING = ("STT", "TT", "số TT", "số thứ tự", "thứ tự", "số", "no")
ASIDE = ("Ghi chú", "chú thích", "ghi chú khác", "ký tên", "ký nhận", "chữ ký")
FAMILY_NAMES = (
    "họ",
    "họ đệm",
    "họ và đệm",
    "họ lót",
    "họ và tên đệm",
    "họ tên đệm",
    "họ và chữ đệm",
    "họ chữ đệm",
    "họ và chữ lót",
)
_FILLING = (
    "đảng viên",
    "học viên",
    "đồng chí",
    "quần chúng",
    "của",
    "nếu có",
    "bắt buộc",
    "dd mm yyyy",
    "d m y",
    "dd mm yy",
)


@dataclass(frozen=True)
class Meaning:
    """The canonical column, "" for none; `word` where a tick in the column stands for it; a part of a name.

    `is_canonical`: headed by the canonical name itself. `part`: which part of the column's value, as in national.
    """

    column: str = ""
    word: str = ""
    is_family_name: bool = False
    is_numbering: bool = False
    is_canonical: bool = False
    part: str = ""


NOTHING = Meaning()
STT = Meaning(is_numbering=True)


def _bag(text: str) -> str:
    return " ".join(sorted(plain_key(text).split()))


class _Names:
    """The headings of one kind of record."""

    def __init__(self, kind: Kind) -> None:
        self.exact: dict[str, str] = {}
        self.plain: dict[str, str] = {}
        self.bags: dict[str, str] = {}
        columns = list(kind.by_name.values())
        for column in columns:
            self._add(column.name, column)
        for column in kind.columns:
            self._add_synonyms(column)
        for column in columns:
            self._add_synonyms(column)

    def _add_synonyms(self, column: Column) -> None:
        for name in filter(None, column.also.split("; ")):
            self._add(name, column)

    def _add(self, name: str, column: Column) -> None:
        self.exact.setdefault(key(name), column.name)
        self.plain.setdefault(plain_key(name), column.name)
        self.bags.setdefault(_bag(name), column.name)

    def find(self, text: str) -> str:
        """The column of the name, by its letters, without accents, in another order of words."""
        return self.exact.get(key(text)) or self.plain.get(plain_key(text)) or self.bags.get(_bag(text)) or ""


@cache
def _names(kind: str) -> _Names:
    return _Names(KINDS[kind])


_NUMBERING_KEYS = {plain_key(name) for name in NUMBERING}
_ASIDE_KEYS = {plain_key(name) for name in ASIDE}
_FAMILY_KEYS = {plain_key(name) for name in FAMILY_NAMES}


@cache
def _all_keys() -> frozenset[str]:
    names = (set(_names(kind).plain) for kind in KINDS)
    return frozenset(_NUMBERING_KEYS | _ASIDE_KEYS | _FAMILY_KEYS | national.HEADINGS).union(*names)


@lru_cache(maxsize=8192)
def is_known(text: str) -> bool:
    """Whether the text is a heading of any kind of record."""
    return bool(text) and len(text) <= 120 and any(plain_key(name) in _all_keys() for name in _variants(text))


def _variants(text: str) -> list[str]:
    """The heading, then without what stands in brackets, then without words that say nothing."""
    short = text.replace("*", " ").partition("(")[0]
    bare = f" {key(short)} "
    for word in _FILLING:
        bare = bare.replace(f" {word} ", " ")
    return [variant for variant in dict.fromkeys([text, short, bare.strip()]) if variant.strip()]


def meaning_of(parts: tuple[str, ...], kind: Kind, *, has_women: bool = False) -> Meaning:
    """What the heading means, from its lines from the top down, for a table of the kind.

    `has_women`: another heading of the table is Nữ, so that one without accents, Nam, is no year.
    """
    if not parts:
        return NOTHING
    leaf = parts[-1]
    if sex := _sex(leaf, kind, has_women):
        return Meaning("Giới tính", sex)
    if plain_key(leaf) in _NUMBERING_KEYS and (len(parts) == 1 or not _find(" ".join(parts), kind)):
        return STT
    if "Họ và tên" in kind.by_name and plain_key(leaf) in _FAMILY_KEYS:
        return Meaning("Họ và tên", is_family_name=True)
    if kind.name == "Hồ sơ" and (part := national.part_of(parts))[1]:
        return Meaning(part[0], part=part[1]) if part[0] else NOTHING
    for text in (" ".join(parts), leaf):
        if name := _find(text, kind):
            return Meaning(name, is_canonical=key(name) == key(text.replace("*", "")))
    return _tick(parts, kind)


def _find(text: str, kind: Kind) -> str:
    return next(filter(None, (_names(kind.name).find(variant) for variant in _variants(text))), "")


def _sex(leaf: str, kind: Kind, has_women: bool) -> str:
    """Nam or Nữ as a heading. Without accents Nam may be Năm, the year."""
    if "Giới tính" not in kind.by_name or plain_key(leaf) not in {"nam", "nu"} or key(leaf) == "năm":
        return ""
    if plain_key(leaf) == "nam" and "Năm" in kind.by_name and not has_women:
        return ""
    return find_word(leaf, SEX) or ""


def is_women(leaf: str) -> bool:
    """Whether the heading is Nữ."""
    return plain_key(leaf) == "nu"


def _tick(parts: tuple[str, ...], kind: Kind) -> Meaning:
    """A column to tick: its heading is a word of a column, under a heading of that column or alone."""
    above = _find(" ".join(parts[:-1]), kind) if len(parts) > 1 else ""
    for column in kind.columns:
        if column.choices and not column.choices.ticked and column.name != "Giới tính" and above in {"", column.name}:
            word = find_word(parts[-1], column.choices)
            if word:
                return Meaning(column.name, word)
    return NOTHING


def is_word(text: str) -> bool:
    """Whether a tick under the heading may say something: Nam, HTT, Đạt …"""
    return any(find_word(text, choices) for choices in _all_choices())


@cache
def _all_choices() -> tuple[Choices, ...]:
    columns = (column for kind in KINDS.values() for column in kind.columns if column.type != Type.TEXT)
    choices = (column.choices for column in columns if column.choices and not column.choices.ticked)
    return tuple({id(found): found for found in choices}.values())
