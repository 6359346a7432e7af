"""Deadlines: working days among Vietnam's days off, months, and rules that changed in between.

The expected days were counted on a wall calendar; the count stands beside each.
"""

import datetime as dt

import pytest

from members.deadlines import Deadlines, due
from members.models import AdmissionDeadline, Confidence, Holiday
from members.months import Length, add_months, between, later
from members.partial_dates import parse
from members.working_days import Calendar

pytestmark = pytest.mark.django_db


def day(text):
    return dt.date.fromisoformat(text)


# --- Days off -----------------------------------------------------------------------------------------------------

OFF, WORKED = False, True


@pytest.mark.parametrize(
    ("on", "is_working"),
    [
        ("2015-03-04", WORKED),  # a plain Wednesday
        ("2015-03-07", OFF),  # a plain Saturday
        ("2015-01-01", OFF),  # Tết Dương lịch
        ("2015-01-02", OFF),  # Friday, exchanged for the next line
        ("2014-12-27", WORKED),  # Saturday
        ("2015-02-14", WORKED),  # Saturday before Tết Ất Mùi, worked for Monday 16
        ("2015-02-16", OFF),
        ("2015-02-23", OFF),  # Monday, in lieu of Saturday 21 (mùng 3)
        ("2015-02-24", WORKED),
        ("2015-04-28", OFF),  # 10/3 Ất Mùi
        ("2015-04-29", OFF),  # exchanged for Saturday 25
        ("2015-04-25", WORKED),
        ("2015-09-02", OFF),
        ("2015-09-03", WORKED),  # one day only until 2020
        ("2020-09-03", WORKED),
        ("2021-09-03", OFF),  # the second day since the code of 2019
        ("2016-04-18", OFF),  # Monday, in lieu of Saturday 16 (10/3 Bính Thân)
        ("2016-05-03", OFF),  # 30/4 Saturday and 1/5 Sunday: Monday 2 and Tuesday 3
        ("2023-05-03", OFF),  # 29/4 Saturday (10/3), 30/4 Sunday, 1/5 Monday: Tuesday 2 and Wednesday 3
        ("2023-05-04", WORKED),
        ("2011-01-30", WORKED),  # even a Sunday, before Tết Tân Mão
        ("2011-02-07", OFF),  # Monday, in lieu of Saturday 5 (mùng 3)
        ("2014-02-05", OFF),  # Wednesday, in lieu of Sunday 2 (mùng 3)
        ("2026-08-31", OFF),  # Monday, exchanged for Saturday 22
        ("2026-08-22", WORKED),
        ("2027-02-10", OFF),  # expected, not decided yet
    ],
)
def test_offices_are_open(on, is_working):
    assert Calendar.load().is_working(day(on)) is is_working


def test_calendar_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = Calendar.load()
        calendar.after(day("2015-01-01"), 200)


@pytest.mark.parametrize("year", range(2010, 2028))
def test_every_year_has_its_days_off(year):
    """Four days of Tết until 2013, five since; five other days, six since 2021, seven since 2026."""
    days = [off for holiday in Holiday.objects.filter(is_working_day=False) for off in holiday.days()]
    of_the_law = {off for off in days if off.year == year and off.weekday() < 5}
    exchanged = Holiday.objects.filter(name__startswith="Nghỉ hoán đổi", first_on__year=year).count()
    expected = (4 if year < 2014 else 5) + (5 if year < 2021 else 6 if year < 2026 else 7)
    assert len(of_the_law) - exchanged == expected


def test_days_worked_are_as_many_as_those_exchanged():
    worked = Holiday.objects.filter(is_working_day=True).count()
    assert worked == Holiday.objects.filter(name__startswith="Nghỉ hoán đổi").count() == 21


def test_calendar_is_unsure_of_days_not_decided_and_of_years_without_any():
    calendar = Calendar.load()
    assert calendar.is_sure(day("2015-01-01"), day("2016-12-31"))
    assert not calendar.is_sure(day("2027-02-01"), day("2027-02-28"))
    assert not calendar.is_sure(day("2029-12-01"), day("2030-02-01"))


def test_working_days_are_not_counted_back():
    with pytest.raises(ValueError, match="forward"):
        Calendar([]).after(day("2015-01-01"), -1)
    assert Calendar([]).after(day("2015-01-03"), 0) == day("2015-01-03")


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2017-03-06", 5, "2017-03-13"),  # Mon: 7, 8, 9, 10 | 13
        ("2017-03-10", 1, "2017-03-13"),  # Fri: Mon
        ("2017-03-11", 1, "2017-03-13"),  # from a Saturday
        ("2017-03-10", 30, "2017-04-24"),  # 13-17 5, -24 10, -31 15, 3-7/4 without the 6th 19, -14 24, -21 29, 24 30
        ("2015-02-13", 1, "2015-02-14"),  # the Saturday worked
        ("2015-02-13", 2, "2015-02-24"),  # then off from 16 to 23
        ("2011-01-28", 3, "2011-02-08"),  # Sat 29, Sun 30 worked; off 31/1-7/2
        ("2014-01-24", 3, "2014-02-06"),  # Sat 25, Mon 27; off 28/1-5/2
        ("2014-01-24", 5, "2014-02-08"),  # … Fri 7, and the Saturday worked
        ("2012-01-20", 1, "2012-01-30"),  # off 22-27, Sat 28, Sun 29
        ("2012-01-20", 6, "2012-02-04"),  # 30/1-3/2 five, the Saturday worked
        ("2013-04-26", 3, "2013-05-04"),  # off 29, 30, 1; Thu 2, Fri 3, the Saturday worked
        ("2023-04-28", 1, "2023-05-04"),
        ("2021-08-31", 2, "2021-09-06"),  # Wed 1; off 2, 3; Mon 6
        ("2020-09-01", 1, "2020-09-03"),
        ("2022-12-30", 1, "2023-01-03"),  # 1/1 Sunday, 2/1 in lieu
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-08-28", 1, "2026-09-03"),  # off 31/8, 1/9, 2/9
        ("2019-12-02", 60, "2020-03-03"),  # 31/12 21, without 1/1 22/1 36, off 23-29, 31/1 38, 28/2 58, 3/3 60
        ("2018-12-10", 60, "2019-03-12"),  # 28/12 14, 4/1 17, Sat 5 18, 31/1 37, 1/2 38, off 4-8, 28/2 52, 12/3 60
    ],
)
def test_working_day_after(start, amount, expected):
    assert Calendar.load().after(day(start), amount) == day(expected)


# --- Months -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2015-01-31", 1, "2015-02-28"),
        ("2016-01-31", 1, "2016-02-29"),
        ("2015-08-31", 1, "2015-09-30"),
        ("2015-11-30", 3, "2016-02-29"),
        ("2016-02-29", 12, "2017-02-28"),
        ("2016-02-29", 48, "2020-02-29"),
        ("2015-12-31", 2, "2016-02-29"),
        ("2015-02-28", 12, "2016-02-28"),  # not the last of the month
        ("2015-03-31", -1, "2015-02-28"),
        ("2015-01-15", -1, "2014-12-15"),
    ],
)
def test_months_later(start, months, expected):
    assert add_months(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("first", "last", "length"),
    [
        ("2015-01-31", "2015-02-28", (1, 0)),
        ("2015-01-31", "2015-03-30", (1, 30)),  # 28/2 and thirty days
        ("2015-01-31", "2015-03-31", (2, 0)),
        ("2015-01-15", "2015-02-14", (0, 30)),
        ("2015-06-10", "2019-08-25", (50, 15)),
        ("2015-06-10", "2015-06-10", (0, 0)),
        ("2015-06-10", "2015-06-09", (0, 0)),
    ],
)
def test_months_between(first, last, length):
    assert between(day(first), day(last)) == Length(*length)
    if first <= last:
        assert later(day(first), Length(*length)) == day(last)


# --- Deadlines ----------------------------------------------------------------------------------------------------

BY_45, BY_29, BY_24, BY_232, BY_294, BY_208 = "45-QĐ/TW", "29-QĐ/TW", "24-QĐ/TW", "232-QĐ/TW", "294-QĐ/TW", "208-QĐ/TW"


@pytest.mark.parametrize(
    ("step", "start", "expected", "source"),
    [
        # Months
        ("probation", "3/2/2014", "2015-02-03", "Điều lệ"),
        ("probation", "29/2/2016", "2017-02-28", "Điều lệ"),
        ("probation", "31/8/2015", "2016-08-31", "Điều lệ"),
        ("readmission", "29/2/2020", "2023-02-28", BY_29),
        ("readmission", "30/6/2025", "2028-06-30", BY_294),
        ("class_valid", "29/2/2020", "2025-02-28", "01-HD/TW"),
        ("class_valid", "30/6/2025", "2030-06-30", "06-HD/TW"),
        ("class_valid", "20/5/2026", "2031-05-20", "19/5/2026"),
        # Over two New Years: 31/12 23 with Sat 27; off 1, 2/1; 30/1 43; 13/2 53, Sat 14 54; off 16-23; 27/2 58; 3/3 60
        ("decision", "1/12/2014", "2015-03-03", BY_45),
        # 2-4/3 3, 11 8, 18 13, 25 18, 1/4 23, 8/4 28, 12/4 30
        ("ceremony", "1/3/2016", "2016-04-12", BY_45),
        # The day before and the day of a new edict: from Sunday 24/7 the first day is Monday 25
        ("decision", "24/7/2016", "2016-10-17", BY_45),  # 29/7 5, 31/8 28, 30/9 without the 2nd 49, 17/10 60
        ("decision", "25/7/2016", "2016-10-18", BY_29),
        # 20-24/1 5, off 27-31, 28/2 25, 31/3 46, 4/4 50, off 7/4, 18/4 59, 21/4 60
        ("decision", "17/1/2025", "2025-04-21", BY_24),
        ("decision", "20/1/2025", "2025-04-22", BY_232),
        ("ceremony", "29/7/2021", "2021-09-13", BY_29),  # 30/7 1, 31/8 23, 1/9 24, off 2, 3, 10/9 29, 13/9 30
        ("ceremony", "30/7/2021", "2021-09-14", BY_24),
        # From Saturday 25/7: 31/7 5, 21/8 20, Sat 22 21, 28/8 26, off 31-2, 4/9 28, 8/9 30
        ("ceremony", "25/7/2026", "2026-09-08", BY_232),
        ("ceremony", "26/7/2026", "2026-09-08", BY_208),
        ("ceremony", "27/7/2026", "2026-09-09", BY_208),
        # Mon 2/1 in lieu; 3-6/1 4, 13 9, 20 14, 25/1 17, off 26/1-1/2, 3/2 19, 10/2 24, 17/2 29, 20/2 30
        ("official_proposal", "1/1/2017", "2017-02-20", BY_29),
        # 4-8/2 5, off 11-15, 22/2 10, Sat 23 11, 1/3 16, 8/3 21, 15/3 26, 21/3 30
        ("official_decision", "1/2/2013", "2013-03-21", BY_45),
        # 5/4 4, 12/4 9, 19/4 without the 18th 13, 26/4 18, off 29-1, 3/5 20, Sat 4 21, 10/5 26, 16/5 30
        ("official_proposal", "1/4/2024", "2024-05-16", BY_24),
        # 2-4/4 3, off 7, 11/4 7, 18/4 12, 25/4 17, Sat 26 18, 29/4 20, off 30-2, 9/5 25, 16/5 30
        ("official_decision", "1/4/2025", "2025-05-16", BY_232),
        # 2/2 1, 5-7/2 4, off 8-14, 16/2 6, 23/2 11, 1/3 16, 8/3 21, 15/3 26, 21/3 30
        ("member_file", "1/2/2024", "2024-03-21", "Ban Tổ chức"),
        # 30/5 4, 6/6 9, 13 14, 20 19, 27 24, 4/7 29, 7/7 30
        ("transfer_arrival", "26/5/2025", "2025-07-07", BY_294),
        ("transfer", "26/5/2025", "2025-08-18", BY_294),  # … 7/7 30, 11 34, 18 39, 25 44, 1/8 49, 8 54, 15 59, 18 60
    ],
)
def test_due(step, start, expected, source):
    found = due(step, parse(start))
    assert (found.on, found.is_approximate) == (day(expected), False)
    assert source in found.rule.source


@pytest.mark.parametrize(
    ("step", "start"),
    [
        ("ceremony", "31/10/2011"),  # before the first rule on record
        ("class_valid", "19/9/2016"),
        ("transfer", "24/7/2016"),
    ],
)
def test_nothing_is_due_where_no_rule_was_in_force(step, start):
    assert due(step, parse(start)) is None


def test_nothing_is_due_without_a_start():
    assert due("ceremony", None) is None


@pytest.mark.parametrize(
    ("start", "expected"),
    [("5/2014", "2015-05-01"), ("2014", "2015-01-01"), ("2/2016", "2017-02-01")],
)
def test_a_date_known_in_part_counts_from_its_first_day(start, expected):
    found = due("probation", parse(start))
    assert (found.on, found.is_approximate) == (day(expected), True)


@pytest.mark.parametrize(
    ("step", "start", "is_sure"),
    [
        ("probation", "3/2/2014", True),
        ("ceremony", "1/3/2017", True),  # a rule and days off that were read
        ("ceremony", "1/3/2016", False),  # the rule wasn't
        ("ceremony", "1/11/2026", False),  # 24/11 isn't decided for offices on record
        ("transfer", "1/12/2026", False),  # over Tết Đinh Mùi
    ],
)
def test_due_says_what_it_is_not_sure_of(step, start, is_sure):
    assert due(step, parse(start)).is_sure is is_sure


def test_no_rule_on_record_overlaps_another():
    """Every step has at most one rule a day; those of the admission have one each day since 25/7/2016."""
    deadlines = AdmissionDeadline.objects.order_by("starts_on")
    for step in ("decision", "ceremony", "official_proposal", "official_decision", "probation", "member_file"):
        rules = [rule for rule in deadlines if rule.step == step]
        for on in ("2016-07-25", "2021-07-30", "2025-01-20", "2026-07-26", "2030-01-01"):
            assert len([rule for rule in rules if rule.holds_on(day(on))]) == 1, (step, on)


def test_what_an_office_adds_counts_at_once():
    Holiday.objects.create(
        first_on=day("2017-03-13"),
        last_on=day("2017-03-14"),
        name="Nghỉ bão",
        source="Công điện",
        confidence=Confidence.VERIFIED,
    )
    assert Calendar.load().after(day("2017-03-10"), 1) == day("2017-03-15")


def test_list_asks_two_queries_however_long(django_assert_num_queries):
    with django_assert_num_queries(2):
        deadlines = Deadlines.load()
        assert {deadlines.due("ceremony", day(f"2017-03-{number:02}")).rule.pk for number in range(1, 29)}
