"""Text of old fonts: every letter there and back, by the font and by letters, and good Unicode is never touched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.intake import old_fonts
from members.intake.old_fonts import TCVN3, TCVN3_CAPITALS, TCVN3_TABLE, VNI, VNI_TABLE
from members.intake.reader import read
from tests.intake.files import grid, only_table, understood, xlsx

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
ALPHABET = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES} | set("bcdđghklmnpqrstvx")
NAMES = [
    "Nguyễn Đình Chiểu",
    "Hoàng Thị Thúy",
    "Phạm Hồng Phượng",
    "Vũ Ngọc Ẩn",
    "Lương Mỹ Kỳ",
    "Trịnh Quý Đôn",
    "Bùi Ỷ Lỵ",
]
UNICODE = [*NAMES, "Hà Công Tý", "Lê Thì", "Đảng viên", "Cà Mau", "Hòa", "HÀ NỘI", "Tôn Thất Tùng", "Niê Kdăm", "Café"]


def typed_in_tcvn3(text: str) -> str:
    letters = {letter: chr(code) for code, letter in TCVN3_TABLE.items()}
    return "".join(letters.get(char, letters.get(char.lower(), char)) for char in text)


def typed_in_vni(text: str) -> str:
    pieces = {letter: typed for typed, letter in VNI_TABLE.items()}

    def piece(char: str) -> str:
        typed = pieces.get(char.lower(), char.lower())
        if char == char.lower():
            return typed
        return typed.upper() if text.isupper() else typed[:1].upper() + typed[1:]

    return "".join(map(piece, text))


def test_every_letter_comes_back_from_both_encodings():
    for letter in ALPHABET:
        assert old_fonts.convert(typed_in_tcvn3(letter), TCVN3) == letter
        assert old_fonts.convert(typed_in_vni(letter), VNI) == letter
        assert old_fonts.convert(typed_in_vni(letter.upper()), VNI) == letter.upper()
    with_marks = {letter for letter in ALPHABET if not letter.isascii()}
    assert {letter.lower() for letter in TCVN3_TABLE.values()} == with_marks == set(VNI_TABLE.values())


@pytest.mark.parametrize("name", NAMES)
def test_names_come_back_from_both_encodings(name):
    assert old_fonts.convert(typed_in_tcvn3(name), TCVN3).lower() == name.lower()
    assert old_fonts.convert(typed_in_tcvn3(name.lower()), TCVN3_CAPITALS) == name.upper()
    assert old_fonts.convert(typed_in_vni(name), VNI) == name
    assert old_fonts.convert(typed_in_vni(name.upper()), VNI) == name.upper()


def test_known_texts():
    assert old_fonts.convert("®¶ng bé khèi c¸c c¬ quan", TCVN3) == "đảng bộ khối các cơ quan"
    assert old_fonts.convert("Tr\u00ad¬ng §×nh Ých", TCVN3) == "Trương Đình Ích"
    assert old_fonts.convert("Phöôùc, NIEÂ KDAÊM, Nghóa, Kyõ, YÙ, Ñoã", VNI) == "Phước, NIÊ KDĂM, Nghĩa, Kỹ, Ý, Đỗ"


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", TCVN3),
        (".VnArial Narrow", TCVN3),
        (".VnTimeH", TCVN3_CAPITALS),
        ("VNI-Times", VNI),
        ("vni-helve", VNI),
        ("Times New Roman", None),
        ("Calibri", None),
        ("", None),
        ("Vninet", None),
    ],
)
def test_font_tells_its_encoding(font, encoding):
    assert old_fonts.encoding_of_font(font) == encoding


@pytest.mark.parametrize("encoding", [TCVN3, VNI])
def test_text_typed_over_in_unicode_keeps_its_letters_whatever_the_font(encoding):
    for text in ["Nguyễn Văn Ẩn", "Hà", "Nam", "Đỗ"]:
        assert old_fonts.convert_by_font(text, encoding) == text


def test_letters_tell_the_encoding_where_no_font_does():
    assert old_fonts.guess_encoding(map(typed_in_tcvn3, NAMES)) == TCVN3
    assert old_fonts.guess_encoding(map(typed_in_vni, NAMES)) == VNI


def test_capitals_that_the_encoding_lacks_come_back_in_names_alone():
    assert old_fonts.convert("ý Yªn, Vô B¶n", TCVN3) == "Ý Yên, Vụ Bản"
    assert old_fonts.convert("N¬i ë hiÖn nay", TCVN3) == "Nơi ở hiện nay"
    assert old_fonts.convert("æi", TCVN3) == "ổi"


def test_words_of_other_languages_speak_against_a_guess():
    old = ["bé khèi", "c¸c c¬ quan"]
    assert old_fonts.guess_encoding(old) == TCVN3
    assert old_fonts.guess_encoding([*old, "Zürich Malmö Größe Ångström señor Müller façade naïve"]) is None


@given(st.lists(st.sampled_from(UNICODE) | st.text(max_size=12), max_size=12))
def test_lists_in_unicode_are_not_taken_for_old_fonts(texts):
    encoding = old_fonts.guess_encoding([*texts, *UNICODE])
    if encoding:  # noise may look like one; good words still stay
        assert [old_fonts.convert_by_letters(text, encoding, is_alone=False) for text in UNICODE] == UNICODE


def test_no_name_in_unicode_is_guessed():
    assert old_fonts.guess_encoding(UNICODE) is None
    assert old_fonts.guess_encoding(["®", "Windows®", "m²", "25 °C", "Niño", "Côte", "Zürich", "Malmö"]) is None


def rows(name: str) -> list[list[object]]:
    return [["STT", "Họ và tên", "Giới tính", "Ngày sinh"], [1, name, "Nữ", 1980], [2, "Lê Thị Mận", "Nữ", 1981]]


@pytest.mark.parametrize(("typed", "encoding"), [(typed_in_tcvn3, TCVN3), (typed_in_vni, VNI)])
def test_sheet_without_fonts_is_converted_and_shown_before_and_after(typed, encoding):
    old = [[typed(cell) if isinstance(cell, str) else cell for cell in row] for row in rows("Nguyễn Thị Phượng")]
    reading = understood(old)
    assert [row.values["Họ và tên"] for row in only_table(reading).rows] == ["Nguyễn Thị Phượng", "Lê Thị Mận"]
    shown = {(each.row, each.column): (each.before, each.after, each.encoding) for each in reading.conversions}
    assert shown[2, "B"] == (typed("Nguyễn Thị Phượng"), "Nguyễn Thị Phượng", encoding)
    assert reading.conversion_count == len(reading.conversions) >= 5


def test_workbook_in_an_old_font_is_converted_by_its_name():
    old = [[typed_in_tcvn3(cell) if isinstance(cell, str) else cell for cell in row] for row in rows("Tô Hà")]
    reading = read(xlsx(old, font=".VnTime"), "a.xlsx", kind="Hồ sơ")
    assert [row.values["Họ và tên"] for row in only_table(reading).rows] == ["Tô Hà", "Lê Thị Mận"]
    assert reading.conversions[0].encoding == TCVN3


def test_one_strange_word_in_a_unicode_sheet_is_left():
    reading = understood(rows("Windows® Hå"))
    assert only_table(reading).rows[0].values["Họ và tên"] == "Windows® Hå"
    assert reading.conversions == []
    assert grid(rows("a")).width == 4
