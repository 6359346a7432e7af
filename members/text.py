"""Vietnamese text: the normal form at every door, the search fold, sort keys, parts of a name.

No database, no Django, and no old fonts (TCVN3, VNI) here.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

KEY_LENGTH = 400
"""Longest sort key, in characters; a longer one is cut, which keeps the order up to ties."""

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_VOWELS = "aăâeêioôơuưy"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries


# --- Normal form -----------------------------------------------------------------------------------

# Word writes a line break as \v; \x85 is the line end of some hosts. Stripped like the other control
# characters they would glue two words together.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85]")
# Also the marks that turn the direction of writing: with them a name can be made to read as another.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# Not the soft hyphen: in text of a TCVN3 font it is the letter ư.
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), " ")


def nfc(text: str) -> str:
    r"""`text` in NFC, without control characters (and lone surrogates) other than \n and \t.

    Other line ends become \n. Blanks and everything printed stay as they are.
    """
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """`nfc(text)` with single blanks, none at the ends; no-break and zero width blanks and BOM are blanks."""
    if is_one_line(text):
        return text
    return " ".join(nfc(text).translate(_ZERO_WIDTH).split())


def is_one_line(text: str) -> bool:
    """Whether `one_line` would leave the text as it is; nearly all that is stored is so, and this is soon known."""
    return (
        text.isprintable()
        and "  " not in text
        and text[:1] != " " != text[-1:]
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def are_lines(texts: Sequence[str]) -> bool:
    """Whether `one_line` would leave all the texts as they are; False also where a text holds the bar " | "."""
    together = f"|{'|'.join(texts)}|"
    return is_one_line(together) and "| " not in together and " |" not in together


# --- Place of the tone mark ------------------------------------------------------------------------

_BARE = {
    unicodedata.normalize("NFC", vowel + tone): (vowel, tone) for vowel in _VOWELS + _VOWELS.upper() for tone in _TONES
}
_TONED = {bare: toned for toned, bare in _BARE.items()}
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    rf"(?:qu|gi(?=[{_VOWELS}])|ngh|ng|nh|gh|kh|ph|th|tr|ch|[bcdđghklmnpqrstvx])?"
    rf"(?P<vowels>[{_VOWELS}]{{1,3}})"
    r"(?P<coda>ch|ng|nh|[cmnpt])?",
    re.IGNORECASE,
)


def canonical_tone(text: str) -> str:
    """The same letters with each tone mark where older print puts it: hoà → hòa, thuý → thúy, Uỷ → Ủy.

    Words that are no Vietnamese syllable with one tone mark stay as they are. The result is NFC.
    """
    return _WORD.sub(_with_tone_in_place, nfc(text))


def _with_tone_in_place(match: re.Match[str]) -> str:
    word = match[0]
    return word if word.isascii() else _word_with_tone_in_place(word)


@lru_cache(maxsize=8192)
def _word_with_tone_in_place(word: str) -> str:
    tones = [_BARE[char][1] for char in word if char in _BARE]
    if len(tones) != 1:
        return word
    letters = [_BARE[char][0] if char in _BARE else char for char in word]
    syllable = _SYLLABLE.fullmatch("".join(letters))
    if not syllable:
        return word
    place = syllable.start("vowels") + _tone_place(syllable["vowels"].lower(), bool(syllable["coda"]))
    # Without regard to case a dotless ı counts as an i, and no tone stands on it.
    letters[place] = _TONED.get((letters[place], tones[0]), "")
    return "".join(letters) if letters[place] else word


def _tone_place(vowels: str, has_coda: bool) -> int:
    """Index of the vowel that carries the tone: of ươ the second, before a final consonant the last."""
    marked = [index for index, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if marked:
        return marked[-1]
    if has_coda:
        return len(vowels) - 1
    return 1 if len(vowels) == 3 else 0


# --- Comparing and searching -----------------------------------------------------------------------

# What a keyboard or Word's autocorrection puts in place of the plain character. Ð (eth) is
# indistinguishable from Đ on paper.
_LOOKALIKES = str.maketrans(
    dict.fromkeys("\u00f0\u0256", "đ")
    | dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)
_LATIN = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ħ": "h", "\u0131": "i", "þ": "th", "ŋ": "n"})


# An import asks for the key of a name several times.
@lru_cache(maxsize=8192)
def same_name_key(text: str) -> str:
    """Equal for names that differ only in letter case, in blanks or in the place of the tone mark.

    Hoà is hòa; Thúy is not Thủy. Curly apostrophes, long dashes and Ð for Đ make no difference either.
    """
    return canonical_tone(one_line(text).casefold().translate(_LOOKALIKES))


def fold(text: str) -> str:
    """Search form: lower case, no accents or tones, đ as d, single blanks; punctuation stays.

    Curly quotes and long dashes become plain ones. The result may be longer than `text` (ß is ss).
    """
    return one_line(text.lower()) if text.isascii() else _folded(text)


# A name is folded for each of the keys that are made of it.
@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFD", _comparable(text)).translate(_FOLDED)
    return unicodedata.normalize("NFC", " ".join(bare.split()))


def plain_letters(text: str) -> str:
    """`text` without accents and tones, case as it is, đ as d: "Đỗ Thị Ánh" is "Do Thi Anh"."""
    bare = unicodedata.normalize("NFKD", nfc(text).replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if unicodedata.category(letter) not in _UNSEEN)


@lru_cache(maxsize=8192)
def _comparable(text: str) -> str:
    """`text` without differences of case, width, blanks and typographic variants; accents stay."""
    if text.isascii():
        return one_line(text.lower())
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", nfc(text)).casefold())
    return one_line(text.translate(_LOOKALIKES))


class _Folded(dict[int, str]):
    """Translation table of decomposed text, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = "" if unicodedata.category(char) in _UNSEEN else char
        return self[code]


_UNSEEN = {"Mn", "Mc", "Me", "Cf"}
_FOLDED = _Folded(_LATIN | {ord("đ"): "d"})


# --- Names -----------------------------------------------------------------------------------------


def split_name(full_name: str) -> tuple[str, str, str]:
    """(family, middle, given): first word, words between, last word; one word alone is the given name."""
    words = one_line(full_name).split(" ")
    if len(words) == 1:
        return "", "", words[0]
    return words[0], " ".join(words[1:-1]), words[-1]


def initials(full_name: str) -> str:
    """First letters of all words, folded: "nva" for Nguyễn Văn An."""
    firsts = (next(filter(str.isalnum, word), "") for word in fold(full_name).split())
    return "".join(firsts)


# What a search finds a person by: words in byte order of their making, each with a blank before and after it.
INITIALS_MARK = "="


def search_text(full_name: str, birth_name: str, other_names: str, *numbers: str) -> str:
    """The words that a person is found by, a blank around each: of the names without accents and as they are
    written, the initials behind a mark, and the numbers, also without points and blanks.
    """
    names = [name for name in (full_name, birth_name, other_names) if name]
    words = [word for spelling in (fold, same_name_key) for name in names for word in spelling(name).split()]
    short = initials(full_name)
    words += [INITIALS_MARK + short] if len(short) > 1 else []
    for number in filter(None, numbers):
        told = number if number.isdigit() and number.isascii() else fold(number)
        words += [told] if told.isalnum() else [told.replace(" ", ""), "".join(filter(str.isalnum, told))]
    return f" {' '.join(dict.fromkeys(word for word in words if word))} "


# --- Sort keys -------------------------------------------------------------------------------------
# A part's key is its letters (one ASCII character each), a separator lower than all of them, and its
# tones. The ranks are those of ICU for "vi": Unicode's root order with the Vietnamese letters and tones
# put in.

_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_END = "!"
_RANKS = iter(range(ord(_END) + 1, 0x7F))
_PRIMARY = {char: chr(next(_RANKS)) for char in " " + _PUNCTUATION}
_OTHER_SYMBOL = chr(next(_RANKS))
_NUMBER_OF_LENGTH = [chr(next(_RANKS)) for _ in range(9)]  # 1 to 8 digits, then longer
_PRIMARY |= {char: chr(next(_RANKS)) for char in _LETTERS}
_OTHER_LETTER = chr(next(_RANKS))

_QUALITY = {unicodedata.normalize("NFD", char): char for char in "ăâêôơư"}
_OTHER_MARKS = "\u0306\u0302\u030c\u030a\u0308\u030b\u0307\u0327\u0328\u0304\u0331"
_MARK_RANKS = 6  # five tones, any other mark
_MAX_GAP = 14
_LONG_GAP = chr(ord(_END) + 1)
_FIRST_MARK = ord(_LONG_GAP) + 1

# A number, or a character of decomposed text with the marks on it.
_PIECE = re.compile("\\d+|.[\u0300-\u036f]*", re.DOTALL)


def name_sort_key(full_name: str) -> str:
    """ASCII key whose binary order is the order of a Vietnamese list of names; at most `KEY_LENGTH`.

    Given name, then middle, then family name; in each first the letters (a ă â b c d đ …), then the
    tones (ngang, huyền, hỏi, ngã, sắc, nặng). Case and the place of the tone mark make no difference.
    """
    family, middle, given = split_name(full_name)
    parts = [_part_key(given), _part_key(middle), _part_key(family)]
    return _END.join(parts).rstrip(_END)[:KEY_LENGTH]


def text_sort_key(text: str) -> str:
    """ASCII key whose binary order is the Vietnamese order of `text` read left to right.

    Letters and tones as in `name_sort_key`. Numbers sort by value: Chi bộ 2 comes before Chi bộ 10.
    """
    return _part_key(text).rstrip(_END)[:KEY_LENGTH]


@lru_cache(maxsize=8192)
def _part_key(text: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    gap = 0
    plain = canonical_tone(_comparable(text).translate(_LATIN))
    for piece in _PIECE.findall(unicodedata.normalize("NFD", plain)):
        letter, marks = _weights(piece)
        if letter:
            letters.append(letter)
            gap += 1
        for mark in marks:
            tones.append(_mark_after(gap, mark))
            gap = 0
    return "".join(letters) + _END + "".join(tones)


@lru_cache(maxsize=8192)
def _weights(piece: str) -> tuple[str, str]:
    """The rank of a number's or letter's piece of text, and the marks that are not part of the letter."""
    if piece.isdecimal():
        return _number_weight(piece), ""
    is_bare_mark = unicodedata.category(piece[0]).startswith("M")
    base, marks = ("", piece[0]) if is_bare_mark else (piece[0], "")
    for mark in piece[1:]:
        if base + mark in _QUALITY:
            base = _QUALITY[base + mark]
        else:
            marks += mark
    return _letter_weight(base), marks


def _number_weight(digits: str) -> str:
    """Length before digits, so that the shorter number is the lower one."""
    digits = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0") or "0"
    length = len(digits)
    if length < len(_NUMBER_OF_LENGTH):
        return _NUMBER_OF_LENGTH[length - 1] + digits
    return f"{_NUMBER_OF_LENGTH[-1]}{min(length, 9999):04}{digits}"


def _mark_after(gap: int, mark: str) -> str:
    """The weight of a mark `gap` letters after the one before it.

    Of two texts with the same letters the one whose mark comes earlier is the higher: at that place
    the other one has no mark.
    """
    skipped, gap = divmod(gap, _MAX_GAP)
    rank, detail = _mark_rank(mark)
    weight = chr(_FIRST_MARK + (_MAX_GAP - 1 - gap) * _MARK_RANKS + rank)
    return _LONG_GAP * skipped + weight + detail


def _mark_rank(mark: str) -> tuple[int, str]:
    rank = _TONES.find(mark)
    if rank >= 0:
        return rank, ""
    known = _OTHER_MARKS.find(mark)
    return _MARK_RANKS - 1, chr(_FIRST_MARK + (known if known >= 0 else len(_OTHER_MARKS)))


def _letter_weight(char: str) -> str:
    """One character for what a Vietnamese keyboard writes, an escape and the code for anything else."""
    if not char or char in _PRIMARY:
        return _PRIMARY.get(char, "")
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    is_symbol = category[0] in "PSZ"
    return f"{_OTHER_SYMBOL if is_symbol else _OTHER_LETTER}{ord(char):06x}"
