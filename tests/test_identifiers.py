"""The numbers of people: how they are written, and what about one is worth a second look."""

import pytest

from members.identifiers import (
    card_digits,
    card_doubt,
    file_number_doubt,
    former_card_doubt,
    former_id_doubt,
    national_id_doubt,
    shown_card,
)
from members.partial_dates import parse


@pytest.mark.parametrize(
    ("written", "kept", "printed"),
    [
        ("08.123456", "08123456", "08.123456"),
        ("08 123 456", "08123456", "08.123456"),
        ("08-123456", "08123456", "08.123456"),
        ("08123456", "08123456", "08.123456"),
        ("036 000 000 001", "036000000001", "036000000001"),
        ("036000000001", "036000000001", "036000000001"),
        ("12.34567", "12.34567", "12.34567"),
        ("AB.123456", "AB.123456", "AB.123456"),
        ("٠٨١٢٣٤٥٦", "٠٨١٢٣٤٥٦", "٠٨١٢٣٤٥٦"),
        ("", "", ""),
    ],
)
def test_card_is_kept_by_its_digits_and_shown_as_printed(written, kept, printed):
    assert card_digits(written) == kept
    assert shown_card(kept) == printed
    assert card_digits(shown_card(kept)) == kept


@pytest.mark.parametrize(
    ("number", "issued", "is_odd"),
    [
        ("", "3/2/2010", False),
        ("08123456", None, False),
        ("08123456", "3/2/2010", False),
        ("08123456", "2025", False),
        ("08123456", "3/2/2026", True),
        ("036000000001", None, False),
        ("036000000001", "2/9/2025", False),
        ("036000000001", "3/2/2026", False),
        ("036000000001", "2024", True),
        ("0812345", None, True),
        ("0812345678", None, True),
        ("0812345A", None, True),
    ],
)
def test_card_has_the_digits_of_its_day(number, issued, is_odd):
    assert bool(card_doubt(number, parse(issued) if issued else None)) is is_odd


@pytest.mark.parametrize(("number", "is_odd"), [("", False), ("08123456", False), ("036000000001", True), ("1", True)])
def test_former_card_is_an_old_one(number, is_odd):
    assert bool(former_card_doubt(number)) is is_odd


@pytest.mark.parametrize(
    ("number", "sex", "born", "is_odd"),
    [
        ("", "male", "1970", False),
        ("036070000001", "male", "5/1970", False),
        ("036170000001", "female", "1970", False),
        ("036201000001", "male", "2001", False),
        ("036301000001", "female", "2001", False),
        ("036070000001", "female", "1970", True),
        ("036070000001", "male", "1971", True),
        ("036070000001", "male", "2070", True),
        ("036070000001", "male", None, False),
        ("036070000001", "", "1970", False),
        ("161616161", "male", "1970", True),
    ],
)
def test_national_number_fits_sex_and_birth(number, sex, born, is_odd):
    assert bool(national_id_doubt(number, sex, parse(born) if born else None)) is is_odd


@pytest.mark.parametrize(
    ("number", "is_odd"), [("", False), ("161616161", False), ("036070000001", False), ("16161616", True)]
)
def test_old_identity_card_has_nine_digits_or_twelve(number, is_odd):
    assert bool(former_id_doubt(number)) is is_odd


@pytest.mark.parametrize(("number", "is_odd"), [("0360001234", False), ("TẠM-000001", False), ("03600012345", True)])
def test_file_number_fits_the_boxes(number, is_odd):
    assert bool(file_number_doubt(number)) is is_odd
