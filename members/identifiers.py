"""The numbers that people are known by: how they are written, and what about one deserves a second look.

Nothing here refuses: the rules of the day change, and papers hold what was once right. Whether a number is taken by
somebody else is asked in members.services.checks and by the import.
"""

from __future__ import annotations

import re

from members.partial_dates import PartialDate

# Cards of the Party: 8 digits (QĐ 85), printed NN.NNNNNN; 12 digits since 38-HD/BTCTW of 2025. When in 2025 a
# committee began to issue the new ones differs, so cards of that year may be either.
OLD_CARD, NEW_CARD = 8, 12
LAST_YEAR_OF_OLD_CARDS = FIRST_YEAR_OF_NEW_CARDS = 2025
# The boxes for the number on the Phiếu đảng viên.
FILE_NUMBER_BOXES = 10
NATIONAL_ID, OLD_NATIONAL_ID = 12, 9

_SEPARATORS = re.compile(r"[\s.\-]+")


def card_digits(text: str) -> str:
    """A card's number by its digits alone: "08.123456" is "08123456". Anything else stays as it is."""
    digits = _SEPARATORS.sub("", text)
    return digits if _has(digits, OLD_CARD, NEW_CARD) else text


def shown_card(number: str) -> str:
    """A card's number as it is printed."""
    return f"{number[:2]}.{number[2:]}" if _has(number, OLD_CARD) else number


def card_doubt(number: str, issued: PartialDate | None) -> str:
    """What is odd about the number of a card issued then; "" where nothing is."""
    if not number:
        return ""
    if not _has(number, OLD_CARD, NEW_CARD):
        return "Số thẻ có 8 chữ số (thẻ cấp đến năm 2025) hoặc 12 chữ số (thẻ cấp từ năm 2025)."
    if issued is None:
        return ""
    year = issued.first_day.year
    if len(number) == OLD_CARD and year > LAST_YEAR_OF_OLD_CARDS:
        return f"Thẻ cấp năm {year} có số 12 chữ số; số này có 8. Nếu là số thẻ cũ, hãy ghi ở “Số thẻ trước đây”."
    if len(number) == NEW_CARD and year < FIRST_YEAR_OF_NEW_CARDS:
        return f"Thẻ cấp năm {year} có số 8 chữ số; số này có 12. Hãy xem lại số hoặc ngày cấp."
    return ""


def former_card_doubt(number: str) -> str:
    """What is odd about the number of a card that was changed for another; "" where nothing is."""
    return "" if not number or _has(number, OLD_CARD) else "Số thẻ trước đây (theo QĐ 85) có 8 chữ số."


def national_id_doubt(number: str, sex: str, born: PartialDate | None) -> str:
    """What is odd about a Số định danh cá nhân of somebody of that sex and birth; "" where nothing is.

    After three digits for the province one says century and sex (0 and 1 for men and women of the 20th century, 2 and
    3 of the 21st), two the year of birth (Nghị định 137/2015/NĐ-CP, điều 13).
    """
    if _has(number, OLD_NATIONAL_ID):
        return "Số có 9 chữ số là số chứng minh nhân dân cũ: hãy ghi ở “Số CMND cũ”, ở đây ghi số 12 chữ số."
    if not _has(number, NATIONAL_ID):
        return ""
    century, year = 1900 + 100 * (int(number[3]) // 2), int(number[4:6])
    if sex and (int(number[3]) % 2 == 1) != (sex == "female"):
        return "Chữ số thứ tư của số định danh không hợp với giới tính đã ghi."
    if born is not None and century + year != born.first_day.year:
        return f"Chữ số thứ tư đến thứ sáu của số định danh nói năm sinh {century + year}, hồ sơ ghi {born}."
    return ""


def former_id_doubt(number: str) -> str:
    """What is odd about a number of the old identity card; "" where nothing is."""
    is_known = not number or _has(number, OLD_NATIONAL_ID, NATIONAL_ID)
    return "" if is_known else "Số chứng minh nhân dân cũ có 9 chữ số (loại sau có 12)."


def file_number_doubt(number: str) -> str:
    """What is odd about a Số lý lịch; "" where nothing is."""
    if len(number) <= FILE_NUMBER_BOXES:
        return ""
    return f"Phiếu đảng viên có {FILE_NUMBER_BOXES} ô cho số lý lịch; số này có {len(number)} ký tự."


def _has(text: str, *lengths: int) -> bool:
    """Whether it is digits and nothing else, so many of them."""
    return text.isascii() and text.isdigit() and len(text) in lengths
