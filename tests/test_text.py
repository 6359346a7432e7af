"""Vietnamese text: normal form, search form, tone marks, names, and their order against ICU's."""

import itertools
import random
import unicodedata

import icu
import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.text import (
    KEY_LENGTH,
    are_lines,
    canonical_tone,
    fold,
    initials,
    name_sort_key,
    nfc,
    one_line,
    same_name_key,
    split_name,
    text_sort_key,
)

ANY_TEXT = st.text(st.characters())  # lone surrogates too

NGANG, HUYEN, HOI, NGA, SAC, NANG = TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]


def words(text):
    return text.split()


ONSETS = ["", *words("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")]
# Each rime with sắc where older print puts the tone mark.
RIMES = words(
    "á ác ách ái ám án áng ánh áo áp át áu áy ắc ắm ắn ắng ắp ắt ấc ấm ấn ấng ấp ất ấu ấy é éc ém én éng éo "
    "ép ét ế ếch ếm ến ếnh ếp ết ếu í ích ím ín ính íp ít íu ía iếc iếm iến iếng iếp iết iếu ó óc ói óm ón "
    "óng óp ót óa oác oái oán oáng oáp oát oáy oắn oắt óe oén oét ố ốc ối ốm ốn ống ốp ốt ớ ới ớm ớn ớp ớt ú "
    "úc úi úm ún úng úp út úa uấn uất uế uếch uếnh uốc uối uốm uốn uống uớ úy uých uýnh uýt uýa uyến uyết ứ "
    "ức ứng ứt ứa ứu ước ưới ươm ướn ướng ướp ướt ướu ý yếm yến yếu yết"
)
NEWER_PRINT = {"óa": "oá", "óe": "oé", "úy": "uý"}


def syllable(onset, rime, tone):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", onset + rime).replace(SAC, tone))


def collator(locale="vi"):
    instance = icu.Collator.createInstance(icu.Locale(locale))
    instance.setStrength(icu.Collator.SECONDARY)  # letters and tones, not case
    return instance


ICU = collator()
ICU_WITH_NUMBERS = collator("vi-u-kn-true")


def sign_of(left, right):
    return (left > right) - (left < right)


# --- Normal form -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("Ba\u0323\u0302c", "Bậc"),
        ("một\x00\x07 hai\x7f", "một hai"),
        ("dòng một\r\ndòng hai\rdòng ba", "dòng một\ndòng hai\ndòng ba"),
        ("xuống dòng\vtrong Word", "xuống dòng\ntrong Word"),
        ("cột\tmột  giữ nguyên ", "cột\tmột  giữ nguyên "),
        ("chữ \ud800hỏng", "chữ hỏng"),
        ("a\x01\u0301", "á"),
    ],
)
def test_nfc_composes_and_removes_control_characters_only(typed, stored):
    assert nfc(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Nguyễn\u00a0 Văn\t\nAn ", "Nguyễn Văn An"),
        ("\ufeffNguyễn\u200bVăn\u2060 \u200dAn\u200c", "Nguyễn Văn An"),
        ("Nguyễn\u3000Văn\u2003An\u2028", "Nguyễn Văn An"),
        ("Nguyễn\vAn", "Nguyễn An"),
        ("\u200b \u00a0", ""),
        ("", ""),
    ],
)
def test_one_line_has_single_blanks_and_none_at_the_ends(typed, stored):
    assert one_line(typed) == stored


@given(st.lists(st.text(st.sampled_from("aÁệ |\u0338\u0301\u00a0\t"), max_size=4), max_size=4))
def test_many_texts_are_lines_only_if_each_of_them_is(texts):
    assert not are_lines(texts) or all(one_line(text) == text for text in texts)


def test_plain_texts_are_seen_to_be_lines_all_together():
    assert are_lines(["Nguyễn Văn An", "", "Chi bộ 2"])


def test_one_line_keeps_the_soft_hyphen_that_is_a_letter_in_old_fonts():
    assert one_line("Tr\u00ad¬ng") == "Tr\u00ad¬ng"


@given(ANY_TEXT)
def test_normal_forms_of_any_text_are_settled_and_can_be_stored(text):
    for form in (nfc, one_line):
        stored = form(text)
        assert form(stored) == stored
        assert unicodedata.is_normalized("NFC", stored)
        assert "\x00" not in stored.encode().decode()


# --- Search form -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("ĐẢNG ỦY", "dang uy"),
        ("Đảng Uỷ", "dang uy"),
        ("\u00d0ỗ Thị Đào", "do thi dao"),
        ("  Chi\u00a0bộ   Văn  phòng ", "chi bo van phong"),
        ("Nguye\u0302\u0303n Thu\u031b\u0323c", "nguyen thuc"),
        ("H\u2019Hen Niê", "h'hen nie"),
        ("Y\u2013Blok", "y-blok"),
        ("２０１５", "2015"),
        ("ắằẳẵặ ơờởỡợ ưừửữự ýỳỷỹỵ", "aaaaa ooooo uuuuu yyyyy"),
        ("Jürgen Größe", "jurgen grosse"),
        ("CB-01/2015 (cũ)", "cb-01/2015 (cu)"),
    ],
)
def test_fold_has_neither_case_nor_accents(text, folded):
    assert fold(text) == folded


@given(ANY_TEXT)
def test_fold_of_any_text_is_settled(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == one_line(folded)


@given(st.text("aăâbdđeêoôơuưyĂÂĐÊÔƠƯỘỆẶỬỲÝ -'." + "".join(TONES)))
def test_fold_of_vietnamese_is_lower_case_ascii(text):
    folded = fold(text)
    assert folded.isascii()
    assert folded == folded.lower()


# --- Place of the tone mark ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one_way", "other_way"),
    [
        ("hoà", "hòa"),
        ("thuý", "thúy"),
        ("Uỷ", "Ủy"),
        ("UỶ BAN", "ỦY BAN"),
        ("Khoẻ", "Khỏe"),
        ("Qúy", "Quý"),
        ("Qủang", "Quảng"),
        ("gìa", "già"),
        ("ngòai", "ngoài"),
        ("tòan", "toàn"),
        ("khuyủ", "khuỷu"),
        ("nghiã", "nghĩa"),
        ("muà", "mùa"),
        ("Hùynh", "Huỳnh"),
        ("giừơng", "giường"),
        ("lụât", "luật"),
        ("thùơng", "thuờng"),
    ],
)
def test_canonical_tone_unites_places_of_the_tone_mark(one_way, other_way):
    assert one_way != other_way
    assert canonical_tone(one_way) == canonical_tone(other_way) == other_way


@pytest.mark.parametrize(
    "text",
    [
        "Thúy",
        "Thủy",
        "gì",
        "gìn",
        "Giữ",
        "quý",
        "Nguyễn Thị Ửng",
        "José",
        "René",
        "Chloé",
        "HàNội",
        "ế",
        "Phở 24",
        "\u0131\u00e0",  # a dotless i
    ],
)
def test_canonical_tone_leaves_alone_what_is_in_place_or_no_syllable(text):
    assert canonical_tone(text) == text


def test_canonical_tone_is_that_of_older_print_for_every_syllable():
    # After g the letter i, after q the letter u belong to the consonant: già, quý.
    onsets = [onset for onset in ONSETS if onset not in ("g", "gi", "qu")]
    for onset, rime, tone in itertools.product(onsets, RIMES, TONES):
        older = syllable(onset, rime, tone)
        newer = syllable(onset, NEWER_PRINT.get(rime, rime), tone)
        assert (canonical_tone(older), canonical_tone(newer)) == (older, older)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA"),
        ("Nguyễn  Thị\u00a0Hòa ", "Nguye\u0302\u0303n Thị Hòa"),
        ("Lê Thuý", "lê thúy"),
        ("\u00d0ỗ Văn An", "Đỗ Văn An"),
        ("H\u2019Hen Niê", "H'Hen Niê"),
    ],
)
def test_same_name_key_is_equal_for_spellings_of_one_name(left, right):
    assert same_name_key(left) == same_name_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Thúy", "Thủy"), ("Hoa", "Hòa"), ("Dũng", "Đũng"), ("Lan", "Lân"), ("Văn An", "Vănan"), ("Mỹ", "Mĩ")],
)
def test_same_name_key_differs_for_different_names(left, right):
    assert same_name_key(left) != same_name_key(right)


# --- Names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("full_name", "parts"),
    [
        ("Nguyễn Văn An", ("Nguyễn", "Văn", "An")),
        ("Tôn Nữ Thị Ninh", ("Tôn", "Nữ Thị", "Ninh")),
        (" Lê   Lợi ", ("Lê", "", "Lợi")),
        ("Điểu", ("", "", "Điểu")),
        ("", ("", "", "")),
    ],
)
def test_split_name_gives_family_middle_and_given_name(full_name, parts):
    assert split_name(full_name) == parts


@pytest.mark.parametrize(
    ("full_name", "letters"),
    [
        ("Nguyễn Văn An", "nva"),
        ("ĐỖ Thị Ửng", "dtu"),
        ("H'Hen Niê", "hn"),
        ("An", "a"),
        ("(Bình) - ?", "b"),
        ("", ""),
    ],
)
def test_initials_are_folded_first_letters(full_name, letters):
    assert initials(full_name) == letters


# --- Order -----------------------------------------------------------------------------------------


def icu_name_key(full_name):
    family, middle, given_name = split_name(full_name)
    return tuple(ICU.getSortKey(part) for part in (given_name, middle, family))


def generated_names(count, seed):
    """Pairs of a name in older print and the same as someone might have typed it."""
    chance = random.Random(seed)
    # Few letters and all tones, so that many names differ in their tones alone.
    given_names = [
        (syllable(onset, rime, tone), syllable(onset, NEWER_PRINT.get(rime, rime), tone))
        for onset, rime, tone in itertools.product(["", "d", "đ", "h", "th"], RIMES, TONES)
    ]
    middles = ["", "Đức Hòa", "Đức Hoa", "Thị Ngọc", "Thị Ngọc Ánh", "Thi Ngọc"]
    middles += words("Thị Văn Thi Vân Đức Thanh Thành Ngọc Hữu Xuân")
    families = words("Nguyễn Nguyên Trần Trân Lê Lễ Phạm Phan Phán Hồ Hò Đỗ Do Dỗ Ông Ưng Ứng Y-Blok H'Hen")
    for _ in range(count):
        older, newer = chance.choice(given_names)
        rest = f"{chance.choice(families)} {chance.choice(middles)}"
        name = one_line(f"{rest} {older}")
        form = chance.choice(["NFC", "NFD"])
        case = chance.choice([str, str.upper, str.lower, str.title])
        yield name, case(unicodedata.normalize(form, f"{rest}  {chance.choice([older, newer])}"))


def test_names_sort_as_with_icu_whatever_their_spelling():
    names = list(generated_names(6000, seed=20151231))
    by_key = sorted(names, key=lambda pair: (name_sort_key(pair[1]), pair))
    by_icu = sorted(names, key=lambda pair: (icu_name_key(pair[0]), pair))
    assert by_key == by_icu


def test_every_syllable_sorts_as_with_icu():
    syllables = [syllable(*parts) for parts in itertools.product(ONSETS, RIMES, TONES)]
    by_key = sorted(syllables, key=lambda text: (text_sort_key(text), text))
    # The keyboard may write gìa or gía; one place of the mark for both sides.
    by_icu = sorted(syllables, key=lambda text: (ICU.getSortKey(canonical_tone(text)), text))
    assert by_key == by_icu


def test_tones_far_apart_and_foreign_marks_sort_as_with_icu():
    plain = "hop tac xa nong nghiep va dich vu tong hop xa hoa an"
    texts = [plain[:place] + tone + plain[place:] for place in range(1, len(plain)) for tone in TONES]
    texts += words("jî jï jǐ jĵ jį jī jẋ j jé ję jė jē jě jö jő jò jỏ jõ jó jọ jå jç")
    texts = sorted({canonical_tone(one_line(text)) for text in texts})
    assert sorted(texts, key=text_sort_key) == sorted(texts, key=ICU.getSortKey)


ORDERED_NAMES = [
    ["Lê An", "Nguyễn An", "Lê Bình An", "Lê Văn An", "Lê Ban", "Lê Bình"],
    ["Trần A", "Trần An", "Trần Ă", "Trần Ăn", "Trần Â", "Trần Ân", "Trần Ba"],
    [
        "Lê Dy",
        "Lê Đa",
        "Lê E",
        "Lê Êm",
        "Lê F",
        "Lê Oy",
        "Lê Ôn",
        "Lê Ơn",
        "Lê Pa",
        "Lê U",
        "Lê Ư",
        "Lê V",
        "Lê W",
    ],
    ["Vũ Ma", "Vũ Mà", "Vũ Mả", "Vũ Mã", "Vũ Má", "Vũ Mạ", "Vũ Man"],
    # The tone of the given name goes before the letters of the middle name, these before family names.
    ["Vũ Văn Hoa", "An Anh Hòa", "Vũ Văn Hòa", "Bùi Anh Hóa"],
    ["Vũ Thi Hà", "An Thị Hà", "Vũ Thị Hà", "An Thị An Hà"],
    ["Hà", "An Hà", "Vũ Hà", "Vũ An Hà"],
    ["Lê Văn A", "Lê Văn-Bê A", "Lê Văn'Bê A", "Lê Văn1 A", "Lê Văna A"],
    ["Lê Văn Bê A", "Lê Văn-Bê A", "Lê VănBê A"],
    ["Y H", "H'Hen", "Y Hen", "Lê J", "Niê Ju", "Niê Jü", "Niê Jy", "Lê Z", "Lê Ж", "Lê 中"],
]


@pytest.mark.parametrize("names", ORDERED_NAMES, ids=lambda names: names[0])
def test_names_sort_by_given_then_middle_then_family_name(names):
    keys = [name_sort_key(name) for name in names]
    assert all(left < right for left, right in itertools.pairwise(keys))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Lê Hoà", "LÊ HÒA"),
        ("Lê Thuý", "Le\u0302 Thu\u0301y"),
        ("Lê  Văn An ", "lê văn an"),
        ("\u00d0ỗ An", "Đỗ An"),
        ("H\u2019Hen Niê", "H'Hen Niê"),
        ("Nguy\u00adễn An", "Nguyễn An"),
    ],
)
def test_spellings_of_one_name_sort_to_the_same_place(left, right):
    assert name_sort_key(left) == name_sort_key(right)


@pytest.mark.parametrize(
    "texts",
    [
        ["Chi bộ 1", "Chi bộ 2", "Chi bộ 2A", "Chi bộ 10", "Chi bộ 100", "Chi bộ 123456789", "Chi bộ An"],
        ["Chi bộ Văn phòng", "Chi bộ Vân Đồn", "Đảng bộ bộ phận", "Đảng bộ cơ sở", "Đảng ủy", "Đoàn"],
        ["Tổ", "Tổ 1", "Tổ 1-2", "Tổ 02", "Tổ 3"],
        ["Ban A", "Ban A-B", "Ban AB"],
        ["Ban", "Ban !", "Ban €", "Ban 1", "Ban A", "Ban Ж"],
        ["Thôn Hoa 2", "Thôn Hòa 2", "Thôn Hoa 10", "Thôn Hòa 10"],
    ],
    ids=lambda texts: texts[0],
)
def test_texts_sort_from_left_to_right_with_numbers_by_value(texts):
    keys = [text_sort_key(text) for text in texts]
    assert all(left < right for left, right in itertools.pairwise(keys))


VIETNAMESE = st.text("aăâbdđeêoôơuưyàảãáạầổữếịộAĂĐƠ ỳ-'.,()/0129fjwzéüîç" + "".join(TONES), max_size=12)


@st.composite
def near_pairs(draw):
    """Two texts that agree in part: where one ends, or in a few letters or tones."""
    text = draw(VIETNAMESE)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return text, text[:start] + draw(VIETNAMESE | st.sampled_from(TONES)) + text[end:]


@given(near_pairs())
def test_any_two_texts_compare_as_with_icu(pair):
    left, right = (canonical_tone(one_line(text)) for text in pair)
    assert sign_of(text_sort_key(left), text_sort_key(right)) == ICU_WITH_NUMBERS.compare(left, right)


@given(near_pairs())
def test_any_two_names_compare_as_with_icu(pair):
    left, right = (canonical_tone(one_line("".join(c for c in text if not c.isdigit()))) for text in pair)
    assert sign_of(name_sort_key(left), name_sort_key(right)) == sign_of(icu_name_key(left), icu_name_key(right))


@given(ANY_TEXT)
def test_any_text_has_a_printable_ascii_key_that_fits_its_column(text):
    for key in (name_sort_key(text), text_sort_key(text)):
        assert all("!" <= char <= "~" for char in key)
        assert len(key) <= KEY_LENGTH


@pytest.mark.parametrize("text", ["9" * 10_000, "中" * 1000, "ộ" * 1000, "\u0301" * 1000, "₫𝔸½ﬁ€№…", "\ufdfa" * 100])
def test_keys_of_extreme_texts_fit_their_column(text):
    assert 0 < len(text_sort_key(text)) <= KEY_LENGTH
    assert 0 < len(name_sort_key(text)) <= KEY_LENGTH


def test_key_of_the_longest_name_of_an_organisation_is_not_cut():
    name = ("Chi bộ Trường Đại học Kỹ thuật Dưỡng Quế thuộc Đảng ủy Khối các cơ quan và doanh nghiệp " * 3)[:255]
    assert len(text_sort_key(name)) < KEY_LENGTH
