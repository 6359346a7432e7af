"""Dates known to the day, month or year: what may be typed, how they compare, their two columns."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from members.partial_dates import PartialDate, PartialDateError, Precision, parse, partial

DAY = PartialDate(date(1975, 9, 5))
MONTH = PartialDate(date(1975, 9, 1), Precision.MONTH)
YEAR = PartialDate(date(1975, 1, 1), Precision.YEAR)

DATES = st.builds(
    PartialDate,
    st.dates(min_value=date(1850, 1, 1), max_value=date(2100, 12, 31)),
    st.sampled_from(Precision),
)


# --- Typed dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("5/9/1975", DAY),
        ("05/09/1975", DAY),
        ("05-09-1975", DAY),
        ("5.9.1975", DAY),
        ("5/9-1975", DAY),
        ("5 \u2013 9 \u2013 1975", DAY),
        ("\u00a05 / 9 / 1975\u3000", DAY),
        ("５／９／１９７５", DAY),
        ("1975-09-05", DAY),
        ("9/1975", MONTH),
        ("09-1975", MONTH),
        ("9.1975", MONTH),
        ("1975-09", MONTH),
        ("1975", YEAR),
        ("\ufeff1975 ", YEAR),
        ("29/02/2016", PartialDate(date(2016, 2, 29))),
        ("1/1/1850", PartialDate(date(1850, 1, 1))),
        ("31/12/2100", PartialDate(date(2100, 12, 31))),
    ],
)
def test_parse_reads_what_is_typed_as_on_paper(typed, known):
    assert parse(typed) == known


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("5/9/75", "là 1975 hay 2075?"),
        ("9/75", "là 1975 hay 2075?"),
        ("15", "là 1915 hay 2015?"),
        ("05-09-05", "là 1905 hay 2005?"),
        ("5/9", "thiếu năm"),
        ("5/9/5", "năm phải có bốn chữ số"),
        ("5/9/19755", "năm phải có bốn chữ số"),
        ("05091975", "năm phải có bốn chữ số"),
        ("005/9/1975", "ngày và tháng có một hoặc hai chữ số"),
        ("31/02/2015", "tháng 2 năm 2015 chỉ có 28 ngày"),
        ("29/02/1900", "tháng 2 năm 1900 chỉ có 28 ngày"),
        ("31/4/2015", "tháng 4 năm 2015 chỉ có 30 ngày"),
        ("9/25/1975", "có phải là 25/09/1975?"),
        ("1/13/1975", "có phải là 13/01/1975?"),
        ("13/1975", "Không có tháng 13. Tháng là số từ 1 đến 12"),
        ("0/13/1975", "Không có tháng 13. Tháng là số từ 1 đến 12"),
        ("9/50/1975", "Không có tháng 50. Tháng là số từ 1 đến 12"),
        ("15/13/1975", "Không có tháng 13. Tháng là số từ 1 đến 12"),
        ("00/9/1975", "Nếu chỉ biết tháng thì ghi: 09/1975"),
        ("00/00/1975", "Nếu chỉ biết năm thì chỉ ghi năm: 1975"),
        ("00/1975", "Nếu chỉ biết năm thì chỉ ghi năm: 1975"),
        ("1849", "ngoài khoảng từ 1850 đến 2100"),
        ("01/01/2101", "ngoài khoảng từ 1850 đến 2100"),
        ("", "Chưa ghi ngày"),
        (" \u00a0", "Chưa ghi ngày"),
        ("không rõ", "Không đọc được ngày “không rõ”. Hãy ghi ngày/tháng/năm"),
        ("1 1/2/1975", "Hãy ghi ngày/tháng/năm"),
        ("5/9/19 75", "Hãy ghi ngày/tháng/năm"),
        ("5//1975", "Hãy ghi ngày/tháng/năm"),
        ("1/2/3/1975", "Hãy ghi ngày/tháng/năm"),
        ("-5/9/1975", "Hãy ghi ngày/tháng/năm"),
    ],
)
def test_parse_refuses_and_says_what_to_do(typed, told):
    with pytest.raises(PartialDateError) as refusal:
        parse(typed)
    assert told in str(refusal.value)


def test_refusal_quotes_only_the_beginning_of_a_long_text():
    with pytest.raises(PartialDateError) as refusal:
        parse("một đoạn văn dài " * 100)
    assert len(str(refusal.value)) < 200


@given(DATES)
def test_parse_reads_back_both_ways_of_writing(known):
    assert parse(str(known)) == known
    assert parse(known.isoformat()) == known


@given(st.text() | st.text("0123456789/.- "))
def test_parse_of_any_text_gives_a_date_or_a_refusal_for_people(text):
    try:
        known = parse(text)
    except PartialDateError as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right
    else:
        assert 1850 <= known.first_day.year <= 2100


# --- The value -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "on_paper", "iso", "last_day"),
    [
        (DAY, "05/09/1975", "1975-09-05", date(1975, 9, 5)),
        (MONTH, "09/1975", "1975-09", date(1975, 9, 30)),
        (YEAR, "1975", "1975", date(1975, 12, 31)),
        (PartialDate(date(2016, 2, 1), Precision.MONTH), "02/2016", "2016-02", date(2016, 2, 29)),
        (PartialDate(date(2015, 12, 1), Precision.MONTH), "12/2015", "2015-12", date(2015, 12, 31)),
    ],
)
def test_partial_date_shows_no_more_than_is_known(known, on_paper, iso, last_day):
    assert (str(known), known.isoformat(), known.last_day) == (on_paper, iso, last_day)


def test_first_day_is_that_of_the_month_or_year():
    assert PartialDate(date(1975, 9, 5), Precision.MONTH) == MONTH
    assert PartialDate(date(1975, 9, 5), "year") == YEAR
    assert PartialDate(date(1975, 9, 5), "year").precision is Precision.YEAR


def test_unknown_precision_and_moments_are_refused():
    with pytest.raises(ValueError, match="week"):
        PartialDate(date(1975, 9, 5), "week")
    with pytest.raises(TypeError, match="without a time"):
        PartialDate(datetime(1975, 9, 5, tzinfo=UTC))


def test_partial_date_cannot_be_changed_and_can_be_a_key():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DAY.first_day = date(1976, 1, 1)
    assert {DAY: "a day"}[parse("5/9/1975")] == "a day"
    assert DAY != MONTH


def test_dates_sort_by_first_day_then_the_coarser_first():
    in_order = [
        "1974",
        "31/12/1974",
        "1975",
        "01/1975",
        "01/01/1975",
        "02/01/1975",
        "09/1975",
        "01/09/1975",
        "1976",
    ]
    dates = [parse(text) for text in reversed(in_order)]
    assert [str(known) for known in sorted(dates)] == in_order


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        ("1975", "09/1975"),
        ("1975", "31/12/1975"),
        ("09/1975", "30/09/1975"),
        ("1975", "1975"),
        ("5/9/1975", "5/9/1975"),
    ],
)
def test_a_date_contains_what_lies_within_it(wider, narrower):
    assert parse(wider).contains(parse(narrower))


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ("1975", "01/01/1976"),
        ("1975", "31/12/1974"),
        ("09/1975", "01/10/1975"),
        ("09/1975", "1975"),
        ("01/1975", "1975"),
        ("01/01/1975", "01/1975"),
    ],
)
def test_a_date_contains_neither_its_neighbour_nor_what_is_wider(known, other):
    assert not parse(known).contains(parse(other))


@given(DATES)
def test_a_date_contains_its_first_and_last_day_and_not_the_days_around(known):
    assert known.contains(PartialDate(known.first_day))
    assert known.contains(PartialDate(known.last_day))
    assert not known.contains(PartialDate(known.first_day - timedelta(days=1)))
    assert not known.contains(PartialDate(known.last_day + timedelta(days=1)))


# --- The pair of columns ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def record_class():
    with isolate_apps():

        class Record(models.Model):
            born_on = models.DateField(null=True)
            born_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
            joined_on = models.DateField(null=True)
            joined_on_precision = models.CharField(max_length=5, choices=Precision, null=True)  # noqa: DJ001
            born = partial("born_on")
            joined = partial("joined_on")

            class Meta:
                app_label = "members"

            def __str__(self):
                return str(self.born)

        yield Record


def test_partial_reads_both_columns(record_class):
    assert record_class(born_on=date(1975, 9, 1), born_on_precision="month").born == MONTH
    assert record_class(born_on=date(1975, 9, 5)).born == DAY
    assert record_class(joined_on=date(1975, 9, 5)).joined == DAY
    assert record_class().born is None


@pytest.mark.parametrize(
    ("assigned", "columns"),
    [
        ("9/1975", (date(1975, 9, 1), "month")),
        ("1975", (date(1975, 1, 1), "year")),
        (DAY, (date(1975, 9, 5), "day")),
        (date(1975, 9, 5), (date(1975, 9, 5), "day")),
        ("  ", (None, "day")),
        (None, (None, "day")),
    ],
)
def test_partial_sets_both_columns(record_class, assigned, columns):
    record = record_class(born_on=date(1930, 1, 1), born_on_precision="year")
    record.born = assigned
    assert (record.born_on, record.born_on_precision) == columns


def test_partial_leaves_a_nullable_precision_empty_without_a_date(record_class):
    record = record_class(joined="1975")
    assert (record.joined_on, record.joined_on_precision) == (date(1975, 1, 1), "year")
    record.joined = None
    assert (record.joined_on, record.joined_on_precision) == (None, None)


def test_partial_refuses_text_that_is_no_date_and_keeps_the_columns(record_class):
    record = record_class(born="1975")
    with pytest.raises(PartialDateError):
        record.born = "31/02/2015"
    assert record.born == YEAR
