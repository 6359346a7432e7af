"""Dates of a column: every way of writing them, the order proven by a row or asked, nothing guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.intake import dates
from members.intake.dates import Order, OrderUnknownError, Reading, ShortYearError, convert, proven_order
from members.intake.values import BadValueError
from tests.intake.files import cells, column, understood

DMY, MDY, UNKNOWN = Reading(Order.DAY_FIRST), Reading(Order.MONTH_FIRST), Reading()
NOON = datetime(1985, 2, 3, 7, 0)  # noqa: DTZ001  cells have no zone

SAME_WHOEVER_ASKS = [
    (date(1965, 3, 7), "1965-03-07"),
    (NOON, "1985-02-03"),
    ("25/12/1968", "1968-12-25"),
    ("15-08-1975", "1975-08-15"),
    ("22.12.1980", "1980-12-22"),
    ("09/1969", "1969-09"),
    ("9-1969", "1969-09"),
    (1958, "1958"),
    (1958.0, "1958"),
    ("1961", "1961"),
    ("1977-04-30", "1977-04-30"),
    ("1977/4/30", "1977-04-30"),
    ("1977-04-30 00:00:00", "1977-04-30"),
    ("ngày 19 tháng 5 năm 1982", "1982-05-19"),
    ("Ngày 02 tháng 9 năm 1945", "1945-09-02"),
    ("tháng 9/1969", "1969-09"),
    ("tháng 9 năm 1969", "1969-09"),
    ("năm 1958", "1958"),
    (31455, "1986-02-12"),
    (" 14 / 09 / 1987 ", "1987-09-14"),
    ("'25/12/1968", "1968-12-25"),
    ("25/12/1968.", "1968-12-25"),
    ("25–12–1968", "1968-12-25"),
    ("19-May-1982", "1982-05-19"),
    ("１９/0５/1982", "1982-05-19"),
    ("04/04/1975", "1975-04-04"),
    ("19 tháng 5, 1982", "1982-05-19"),
    ("25/12/1968 07:30", "1968-12-25"),
    ("ngày 25/12/1968", "1968-12-25"),
    ("Sinh năm 1968", "1968"),
    ("sinh ngày 25-12-1968", "1968-12-25"),
]


@pytest.mark.parametrize(("value", "expected"), SAME_WHOEVER_ASKS)
def test_date_that_needs_no_order_reads_as_it_is_meant(value, expected):
    assert convert(value, UNKNOWN) == expected
    assert convert(value, DMY) == expected


@pytest.mark.parametrize(
    "value",
    [
        "31/02/1970",
        "32/01/1970",
        "13/13/1970",
        "30/02/1980",
        "00/01/1970",
        "1970-02-30",
        "hôm qua",
        "19051982",
        19051982,
        0.5,
        -3,
        True,
        timedelta(days=3),
        "1/2/3/4",
        "01/01/1800",
        "12/25/1970",
    ],
)
def test_impossible_date_is_an_error_with_a_way_out(value):
    with pytest.raises(BadValueError) as caught:
        convert(value, DMY)
    assert not isinstance(caught.value, OrderUnknownError | ShortYearError)
    assert len(str(caught.value)) > 10


def test_ambiguous_date_is_a_question_until_answered():
    with pytest.raises(OrderUnknownError):
        convert("05/03/1971", UNKNOWN)
    assert convert("05/03/1971", DMY) == "1971-03-05"
    assert convert("05/03/1971", MDY) == "1971-05-03"


@pytest.mark.parametrize("value", ["19/5/97", "03/2/05", "9/97", "97", "19-May-97", "ngày 3 tháng 2 năm 05"])
def test_two_digit_year_is_a_question_never_guessed(value):
    with pytest.raises(ShortYearError):
        convert(value, DMY)


def test_two_digit_year_is_read_once_its_century_is_answered():
    how = Reading(Order.DAY_FIRST, two_digit_from=1930)
    assert [convert(value, how) for value in ("19/5/97", "19/5/30", "19/5/29")] == [
        "1997-05-19",
        "1930-05-19",
        "2029-05-19",
    ]


def test_serial_numbers_of_a_1904_workbook():
    assert convert(31455 - 1462, Reading(begins_1904=True)) == "1986-02-12"


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["05/03/1971", "25/12/1968"], Order.DAY_FIRST),
        (["05/03/1971", "12/25/1968"], Order.MONTH_FIRST),
        (["05/03/1971", "04/04/1975"], None),
        (["25/12/1968", "12/25/1968"], None),
        ([date(1970, 1, 25), 1958, "5/1970"], None),
        (["19/5/97", "3/2/05"], Order.DAY_FIRST),
        (["ngày 25 tháng 12 năm 1968", "05/03/1971"], None),
    ],
)
def test_order_is_proven_by_a_row_of_the_column(values, order):
    assert proven_order(values) == order


def table(*born: object, admitted: object = None) -> list[list[object]]:
    rows = [[number, f"Lê Thị Mận {number}", value, admitted] for number, value in enumerate(born, start=1)]
    return [["STT", "Họ tên", "Ngày sinh", "Ngày vào Đảng"], *rows]


def test_each_column_is_decided_for_itself():
    reading = understood(table("05/03/1971", "06/03/1971", admitted="25/12/1999"))
    (question,) = reading.questions
    assert (question.column, question.what, question.row, question.rows) == ("Ngày sinh", "dates", 2, 2)
    assert column(reading, "Ngày quyết định kết nạp") == ["1999-12-25"] * 2
    assert cells(reading.as_errors()) == {(2, "Ngày sinh")}


def test_answer_for_the_file_and_for_the_column():
    assert column(understood(table("05/03/1971"), dates="mdy"), "Ngày sinh") == ["1971-05-03"]
    shape = understood(table("05/03/1971")).tables[0].shape
    answers = {shape: {"dates": {"Ngày sinh": "dmy"}}}
    assert column(understood(table("05/03/1971"), answers=answers), "Ngày sinh") == ["1971-03-05"]


def test_month_first_column_reads_as_such_and_its_odd_row_is_an_error():
    reading = understood(table("12/25/1968", "03/05/1971"))
    assert column(reading, "Ngày sinh") == ["1968-12-25", "1971-03-05"]
    reading = understood(table("25/12/1968", "13/13/1971", "05/03/1971"))
    assert column(reading, "Ngày sinh") == ["1968-12-25", None, "1971-03-05"]
    assert cells(reading.errors) == {(3, "Ngày sinh")}


def test_canonical_sheet_is_day_first():
    head = ["Số lý lịch", "Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức"]
    reading = understood([head, ["01", "Lê Thị Mận", "Nữ", "05/03/1971", "036"]], kind="", name="Hồ sơ")
    assert column(reading, "Ngày sinh") == ["1971-03-05"]
    assert reading.tables[0].is_canonical


def test_american_excel_that_swapped_day_and_month_is_noted():
    swapped = [date(1970 + day, day, 5) for day in range(1, 7)]
    texts = [f"{day}/05/1980" for day in range(13, 20)]
    (note,) = understood(table(*swapped, *texts)).notes
    assert note.column == "Ngày sinh"
    assert understood(table(*swapped, date(1970, 1, 20), *texts)).notes == []


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(
        ["{0.day}/{0.month}/{0.year}", "{0:%d.%m.%Y}", "{0:%Y-%m-%d}", "ngày {0.day} tháng {0.month} năm {0.year}"]
    ),
)
def test_every_day_reads_back_from_every_way_of_writing_it(day, written):
    assert convert(written.format(day), DMY) == day.isoformat()
    if day.year > 1905:  # smaller numbers are years
        assert convert((day - date(1899, 12, 30)).days, DMY) == day.isoformat()


def outcome(value: object, how: Reading) -> str:
    """The date, or the sentence about it."""
    try:
        return convert(value, how)
    except BadValueError as error:
        return str(error)


@given(st.text(max_size=20) | st.integers() | st.floats() | st.booleans() | st.dates() | st.times() | st.timedeltas())
def test_any_cell_is_a_date_or_an_error_in_words(value):
    for how in (UNKNOWN, DMY, MDY):
        assert re.match(r"(?s)[0-9]{4}(?:-[0-9]{2}){0,2}$|.{10}", outcome(value, how))
    assert dates.looks_like_date(value) in {True, False}
