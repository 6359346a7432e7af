"""Text typed for old fonts to Unicode: TCVN3 (.VnTime and its kin; those ending in H show capitals) and VNI-Windows.

A font's name decides; where it says nothing, letters do, and then good Unicode is never touched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

TCVN3, TCVN3_CAPITALS, VNI = "TCVN3", "TCVN3 chữ hoa", "VNI"
_NEITHER, _BOTH = "neither", "both"

_TONES = {"": "", "huyền": "\u0300", "hỏi": "\u0309", "ngã": "\u0303", "sắc": "\u0301", "nặng": "\u0323"}


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


# --- TCVN3 (TCVN 5712:1993, VN3) -------------------------------------------------------------------
# A byte a letter, seen in Unicode as the Latin-1 character of the same number. The rows: a vowel, then
# its codes with huyền, hỏi, ngã, sắc, nặng.

_TCVN3_ROWS = """
a B5 B6 B7 B8 B9
ă BB BC BD BE C6
â C7 C8 C9 CA CB
e CC CE CF D0 D1
ê D2 D3 D4 D5 D6
i D7 D8 DC DD DE
o DF E1 E2 E3 E4
ô E5 E6 E7 E8 E9
ơ EA EB EC ED EE
u EF F1 F2 F3 F4
ư F5 F6 F7 F8 F9
y FA FB FC FD FE
"""
_TCVN3_LETTERS = dict(zip("ĂÂÊÔƠƯĐăâêôơưđ", range(0xA1, 0xAF), strict=True))


def _tcvn3_table() -> dict[int, str]:
    table = {code: letter for letter, code in _TCVN3_LETTERS.items()}
    tones = list(_TONES.values())[1:]
    for row in _TCVN3_ROWS.split("\n"):
        vowel, *codes = row.split() or [""]
        table |= {int(code, 16): _nfc(vowel + tone) for code, tone in zip(codes, tones, strict=bool(codes))}
    return table


TCVN3_TABLE = _tcvn3_table()
_WITHOUT_CAPITAL = frozenset(TCVN3_TABLE.values()) - frozenset(_TCVN3_LETTERS)

# --- VNI-Windows -----------------------------------------------------------------------------------
# A letter, then a character that stands for its marks; ơ, ư, đ, ỵ and i with its tones are one character.

_VNI_MARKS = {
    "": dict(zip(_TONES, ("", *"øûõùï"), strict=True)),
    "\u0302": dict(zip(_TONES, "âàåãáä", strict=True)),  # â ê ô
    "\u0306": dict(zip(_TONES, "êèúüéë", strict=True)),  # ă
}
_VNI_VOWELS = {"a": ("", "\u0302", "\u0306"), "e": ("", "\u0302"), "o": ("", "\u0302"), "u": ("",), "y": ("",)}
_VNI_HORNS = {"ô": "ơ", "ö": "ư"}
_VNI_SINGLE = _VNI_HORNS | {"ñ": "đ", "î": "ỵ"} | dict(zip("ìæóíò", "ìỉĩíị", strict=True))


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_SINGLE)
    for vowel, qualities in _VNI_VOWELS.items():
        for quality in qualities:
            for tone, mark in _VNI_MARKS[quality].items():
                if mark and (vowel, tone) != ("y", "nặng"):
                    table[vowel + mark] = _nfc(vowel + quality + _TONES[tone])
    for typed, vowel in _VNI_HORNS.items():
        table |= {typed + mark: _nfc(vowel + _TONES[tone]) for tone, mark in _VNI_MARKS[""].items() if mark}
    return table


VNI_TABLE = _vni_table()
_VNI_PIECE = re.compile("|".join(sorted(VNI_TABLE, key=len, reverse=True)), re.IGNORECASE)


def _from_vni(match: re.Match[str]) -> str:
    letter = VNI_TABLE[match[0].lower()]
    return letter.upper() if match[0][0].isupper() else letter


# --- Converting ------------------------------------------------------------------------------------


def encoding_of_font(name: str) -> str | None:
    """The encoding that text in the font is typed in, None for a Unicode font."""
    name = name.strip().casefold()
    if name.startswith(".vn"):
        return TCVN3_CAPITALS if name.endswith("h") else TCVN3
    return VNI if re.match(r"vni[- _]", name) else None


def convert(text: str, encoding: str) -> str:
    """`text` in Unicode; characters that the encoding doesn't know stay."""
    if encoding == VNI:
        return _VNI_PIECE.sub(_from_vni, text)
    text = text.translate(TCVN3_TABLE)
    return text.upper() if encoding == TCVN3_CAPITALS else _with_capitals(text)


def _with_capitals(text: str) -> str:
    """Capitals that TCVN3 has no code for, in a name: ý Yên is Ý Yên where every other word begins with a capital."""
    words = text.split(" ")
    small = {place for place, word in enumerate(words) if word[:1] in _WITHOUT_CAPITAL}
    others = [word for place, word in enumerate(words) if place not in small and word[:1].isalpha()]
    if not small or not others or not all(word[0].isupper() for word in others):
        return text
    return " ".join(word[:1].upper() + word[1:] if place in small else word for place, word in enumerate(words))


def convert_by_font(text: str, encoding: str) -> str:
    """Like `convert`, but text that was typed over in Unicode stays: the cell's font has not been changed."""
    if encoding == TCVN3_CAPITALS and text.isascii():
        return text.upper()
    if _is_unicode(text) or (_all_vietnamese(text) and not _all_vietnamese(convert(text, encoding))):
        return text
    return convert(text, encoding)


# --- By letters ------------------------------------------------------------------------------------

_SYLLABLE = re.compile(
    "(?:ngh?|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    "(?:a[iouy]|â[uy]|eo|êu|ia|iu|iêu|oa[ioy]|oeo|oi|ôi|ơi|u[aiơ]|uôi|uây|uêu|uy[au]|ưa|ưi|ưu|ươ[iu]|yêu"
    "|(?:[aeêioôơuưy]|o[aeo]|uê|uy)(?P<coda>ch|ng|nh|[cmnpt])?"
    "|(?:[ăâ]|iê|oă|uâ|uô|ươ|uyê|yê)(?P<coda2>ch|ng|nh|[cmnpt]))"
)
_TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_STOPS, _TONES_BEFORE_STOPS = {"c", "ch", "p", "t"}, ["\u0301", "\u0323"]
_WORDS = re.compile(r"[^\s!-@\[-`{-~]+")
_TOGETHER = 1000


@lru_cache(maxsize=16384)
def _is_vietnamese(word: str) -> bool:
    """Whether it may be a Vietnamese syllable in good Unicode."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = _TONE_MARKS.findall(letters)
    found = _SYLLABLE.fullmatch(_nfc(_TONE_MARKS.sub("", letters)))
    if not found or len(tones) > 1:
        return False
    return (found["coda"] or found["coda2"]) not in _STOPS or tones[:1] in ([tone] for tone in _TONES_BEFORE_STOPS)


def _all_vietnamese(text: str) -> bool:
    return all(_is_vietnamese(word) for word in _WORDS.findall(text))


# Letters and marks that no old font uses: ă đ ĩ ũ ơ ư, marks of decomposed text, letters with tones.
_UNICODE = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u0300-\u036f\u1ea0-\u1ef9]"
)


def _is_unicode(text: str) -> bool:
    return _UNICODE.search(text) is not None


def guess_encoding(texts: Iterable[str]) -> str | None:
    """TCVN3 or VNI where the words that are no Vietnamese as they stand become Vietnamese by it; else None.

    Words that some other reading explains, and words in good Unicode, count against it.
    """
    found: dict[str, set[str]] = {TCVN3: set(), VNI: set(), _NEITHER: set(), _BOTH: set()}
    doubtful = (text for text in texts if not text.isascii() and not _is_unicode(text))
    while some := list(islice(doubtful, _TOGETHER)):
        for word in set(_WORDS.findall("\n".join(some))):
            if not word.isascii() and not _is_vietnamese(word):
                found[_explained_by(word)].add(word)
    best = TCVN3 if len(found[TCVN3]) >= len(found[VNI]) else VNI
    others = sum(len(words) for name, words in found.items() if name not in {best, _BOTH})
    return best if len(found[best]) >= 2 and len(found[best]) > 2 * others else None


def _explained_by(word: str) -> str:
    if len(word) < 2:
        return _NEITHER
    tcvn3, vni = (_is_vietnamese(convert(word, name)) for name in (TCVN3, VNI))
    if tcvn3 == vni:
        return _BOTH if vni else _NEITHER
    return TCVN3 if tcvn3 else VNI


def convert_by_letters(text: str, encoding: str, *, is_alone: bool) -> str:
    """`text` in Unicode where its sheet was guessed to be in the encoding.

    `is_alone`: no text of the sheet is good Unicode. Otherwise a text is converted only where it can't be Unicode.
    """
    if text.isascii() or _is_unicode(text):
        return text
    if is_alone or (not _all_vietnamese(text) and _all_vietnamese(convert(text, encoding))):
        return convert(text, encoding)
    return text


def has_unicode(texts: Iterable[str]) -> bool:
    """Whether one of them has letters that no old font uses."""
    return any(_is_unicode(text) for text in texts)
