"""Years in the Party: from the decision, less the time out. The expected days were reckoned on paper."""

import datetime as dt

import pytest

from members.models import Person
from members.partial_dates import parse
from members.party_age import counts_by_person, party_age, reaches, since_by_person
from tests.builders import make_admission, make_member, make_organisation, make_person, make_stay

pytestmark = pytest.mark.django_db


def day(text):
    return dt.date.fromisoformat(text)


@pytest.fixture
def cell():
    return make_organisation()


def make_life(cell, *stays):
    """A person with stays (start reason, from, to, end reason); who is admitted again gets another admission."""
    person = make_person()
    admission = None
    for start_reason, began, ended, end_reason in stays:
        begun = parse(began)
        if admission is None or start_reason == "readmitted":
            admission = make_admission(person, cell, begun.first_day, decided_on_precision=begun.precision)
        until = parse(ended) if ended else None
        make_stay(
            person,
            cell,
            begun.first_day,
            until and until.first_day,
            admission=admission,
            start_reason=start_reason,
            end_reason=end_reason,
            began_on_precision=begun.precision,
            **({"ended_on_precision": until.precision} if until else {}),
        )
    return person


def stayed(began):
    return (("admitted", began, None, ""),)


# One stay, then: the day asked for, years, months, days.
PLAIN = [
    ("3/2/1985", "2015-02-03", (30, 0, 0)),
    ("3/2/1985", "2015-02-02", (29, 11, 30)),  # 3/1/2015 is 29 years 11 months, and thirty days
    ("3/2/1985", "1985-02-03", (0, 0, 0)),
    ("3/2/1985", "1986-02-02", (0, 11, 30)),
    ("3/2/1985", "2024-12-31", (39, 10, 28)),  # 3/12/2024 and 28 days
    ("29/2/1984", "2014-02-28", (30, 0, 0)),  # no 29/2 in 2014: its last day
    ("29/2/1984", "2014-02-27", (29, 11, 29)),  # 29/1 and 29 days
    ("29/2/1984", "2024-02-28", (39, 11, 30)),  # 29/1/2024 and 30 days
    ("29/2/1984", "2024-02-29", (40, 0, 0)),
    ("31/1/1990", "1990-02-28", (0, 1, 0)),
    ("31/1/1990", "1990-03-30", (0, 1, 30)),  # 28/2 and 30 days
    ("31/1/1990", "1990-04-30", (0, 3, 0)),
    ("31/12/1979", "2020-01-01", (40, 0, 1)),
    ("19/5/1960", "2020-05-19", (60, 0, 0)),
]


@pytest.mark.parametrize(("decided", "on", "expected"), PLAIN)
def test_years_without_a_gap(cell, decided, on, expected):
    age = party_age(make_life(cell, *stayed(decided)), on=day(on))
    assert (age.years, age.months, age.days) == expected
    assert (age.since, age.is_approximate) == (parse(decided).first_day, False)


# Stays; from when on the years count.
WITH_GAPS = [
    # Expelled for three years to the day
    (
        (("admitted", "19/5/1980", "19/5/1985", "expelled"), ("readmitted", "19/5/1988", None, "")),
        "1983-05-19",
    ),
    # Struck off from 10/6/1990 to 25/8/1994: 50 months and 15 days. 1/3/1980 + 50 months = 1/5/1984, + 15 = 16/5
    (
        (("admitted", "1/3/1980", "10/6/1990", "struck_off"), ("readmitted", "25/8/1994", None, "")),
        "1984-05-16",
    ),
    # Left on his own wish, 31/1/1990 to 28/2/1993: 37 months (31/1/1990 + 37 months = 28/2/1993). 15/9/1982 + 37
    (
        (("admitted", "15/9/1982", "31/1/1990", "withdrew"), ("readmitted", "28/2/1993", None, "")),
        "1985-10-15",
    ),
    # Restored: put out wrongly, counts on
    (
        (("admitted", "19/5/1980", "19/5/1985", "expelled"), ("restored", "19/5/1988", None, "")),
        "1980-05-19",
    ),
    (
        (("admitted", "19/5/1980", "19/5/1985", "struck_off"), ("restored", "1/8/1986", None, "")),
        "1980-05-19",
    ),
    # Away on transfer for a year and a half: a member elsewhere
    (
        (("admitted", "19/5/1980", "1/1/1990", "transferred_out"), ("transferred_in", "1/7/1991", None, "")),
        "1980-05-19",
    ),
    # Moved inside, to the day
    (
        (("admitted", "19/5/1980", "1/1/1990", "moved"), ("moved", "1/1/1990", None, "")),
        "1980-05-19",
    ),
    # Two gaps: 24 months, then 36 months and 30 days. 15/1/1970 -> 15/1/1972 -> 15/1/1975 -> 14/2/1975
    (
        (
            ("admitted", "15/1/1970", "15/1/1975", "struck_off"),
            ("readmitted", "15/1/1977", "1/3/1980", "withdrew"),
            ("readmitted", "31/3/1983", None, ""),
        ),
        "1975-02-14",
    ),
    # A gap, and a restoration after it: only the first counts off. 12 months
    (
        (
            ("admitted", "2/9/1970", "1/6/1975", "struck_off"),
            ("readmitted", "1/6/1976", "1/3/1980", "expelled"),
            ("restored", "1/9/1981", None, ""),
        ),
        "1971-09-02",
    ),
    # Moves around a gap: 1/7/1992 to 1/10/1996 is 51 months. 3/2/1986 + 51 months
    (
        (
            ("admitted", "3/2/1986", "1/1/1990", "moved"),
            ("moved", "1/1/1990", "1/7/1992", "struck_off"),
            ("readmitted", "1/10/1996", "1/1/2000", "moved"),
            ("moved", "1/1/2000", None, ""),
        ),
        "1990-05-03",
    ),
    # A gap over a leap day: 29/2/1988 to 28/2/1991 is 36 months (no 29/2 in 1991). 10/10/1980 + 36 months
    (
        (("admitted", "10/10/1980", "29/2/1988", "expelled"), ("readmitted", "28/2/1991", None, "")),
        "1983-10-10",
    ),
]


@pytest.mark.parametrize(("stays", "since"), WITH_GAPS)
def test_gaps_put_the_count_off(cell, stays, since):
    person = make_life(cell, *stays)
    age = party_age(person, on=day("2026-11-07"))
    assert (age.since, age.is_approximate) == (day(since), False)
    assert reaches(person, 30) == day(since).replace(year=day(since).year + 30)


def test_years_after_a_gap(cell):
    person = make_life(cell, ("admitted", "1/3/1980", "10/6/1990", "struck_off"), ("readmitted", "25/8/1994", None, ""))
    assert party_age(person, on=day("2014-05-16")).years == 30
    age = party_age(person, on=day("2014-05-15"))  # from 16/5/1984: 16/4/2014 and 29 days
    assert (age.years, age.months, age.days) == (29, 11, 29)


# Stays with dates known in part; from when on.
APPROXIMATE = [
    (stayed("2/1985"), "1985-02-01"),
    (stayed("1985"), "1985-01-01"),
    # Expelled in 1985, that is 1/1/1985, until 1/3/1990: 62 months. 19/5/1980 + 62 months
    (
        (("admitted", "19/5/1980", "1985", "expelled"), ("readmitted", "1/3/1990", None, "")),
        "1985-07-19",
    ),
    # Back in 3/1990, that is 1/3: 1/9/1985 to 1/3/1990 is 54 months
    (
        (("admitted", "19/5/1980", "1/9/1985", "expelled"), ("readmitted", "3/1990", None, "")),
        "1984-11-19",
    ),
]


@pytest.mark.parametrize(("stays", "since"), APPROXIMATE)
def test_a_date_known_in_part_makes_it_approximate(cell, stays, since):
    age = party_age(make_life(cell, *stays), on=day("2026-11-07"))
    assert (age.since, age.is_approximate) == (day(since), True)


@pytest.mark.parametrize(
    ("end_reason", "ended", "expected"),
    [
        ("expelled", "1/6/2010", (20, 0, 0)),
        ("withdrew", "31/5/2010", (19, 11, 30)),  # 1/5/2010 and 30 days
        ("deceased", "10/9/2014", (24, 3, 9)),  # 1/9/2014 and 9 days
        ("transferred_out", "10/9/2014", (25, 6, 30)),  # counts on elsewhere: 1/12/2015 and 30 days
    ],
)
def test_counting_stops_with_leaving_and_death(cell, end_reason, ended, expected):
    person = make_life(cell, ("admitted", "1/6/1990", ended, end_reason))
    age = party_age(person, on=day("2015-12-31"))
    assert (age.years, age.months, age.days) == expected
    assert reaches(person, 30) == day("2020-06-01")


def test_without_an_entry_there_are_no_years(cell):
    nobody = make_person()
    assert party_age(nobody, on=day("2015-12-31")) is None
    assert reaches(nobody, 30) is None
    member = make_member(cell, began_on="2005-03-01")
    assert party_age(member, on=day("2005-02-28")) is None


def test_an_admission_that_nobody_dated_tells_nothing(cell):
    person = make_person()
    unknown = make_admission(person, None, None)
    make_stay(person, cell, "2001-01-01", admission=unknown, start_reason="transferred_in")
    assert party_age(person, on=day("2015-12-31")) is None


def test_the_stay_that_an_undated_decision_opened_stands_in(cell):
    person = make_person()
    make_stay(person, cell, "1995-07-01", admission=make_admission(person, cell, None))
    age = party_age(person, on=day("2025-07-01"))
    assert (age.years, age.since, age.is_approximate) == (30, day("1995-07-01"), True)


def test_the_ceremony_stands_in(cell):
    person = make_person()
    entry = make_admission(person, None, None, ceremony_on=day("1995-07-20"))
    make_stay(person, cell, "2001-01-01", admission=entry, start_reason="transferred_in")
    assert party_age(person, on=day("2025-07-19")).years == 29
    assert party_age(person, on=day("2025-07-20")).is_approximate


def test_a_former_membership_without_its_end_does_not_count(cell):
    person = make_person()
    make_admission(person, None, "1980-05-19")
    again = make_admission(person, None, "1995-06-20")
    make_stay(person, cell, "2000-01-01", admission=again, start_reason="transferred_in")
    age = party_age(person, on=day("2025-06-20"))
    assert (age.years, age.since, age.is_approximate) == (30, day("1995-06-20"), True)


def test_admitted_again_elsewhere_counts_from_that_decision(cell):
    """Out from 10/1/1990 until the decision of 10/1/1994, four years; the arrival of 1998 is a transfer."""
    person = make_life(cell, ("admitted", "19/5/1980", "10/1/1990", "struck_off"))
    again = make_admission(person, None, "1994-01-10")
    make_stay(person, cell, "1998-01-01", admission=again, start_reason="transferred_in")
    assert party_age(person, on=day("2014-05-19")).since == day("1984-05-19")


def test_admitted_again_without_a_stay_on_record(cell):
    person = make_life(cell, ("admitted", "19/5/1980", "10/1/1990", "struck_off"))
    make_admission(person, None, "1992-01-10")
    assert reaches(person, 40) == day("2022-05-19")  # two years later than 19/5/2020


def test_a_stay_after_leaving_that_says_no_reason_to_be_back_is_a_gap(cell):
    person = make_life(cell, ("admitted", "1/1/1980", "1/1/1985", "expelled"), ("moved", "1/7/1985", None, ""))
    assert party_age(person, on=day("2015-12-31")).since == day("1980-07-01")


@pytest.mark.parametrize(
    ("years", "expected"), [(30, "2014-02-28"), (40, "2024-02-29"), (45, "2029-02-28"), (50, "2034-02-28")]
)
def test_reaches_a_milestone(cell, years, expected):
    assert reaches(make_life(cell, *stayed("29/2/1984")), years) == day(expected)


def test_many_people_cost_two_queries(cell, django_assert_num_queries):
    members = [make_member(cell, began_on=f"198{number}-02-03") for number in range(8)]
    make_person("Không phải đảng viên")
    with django_assert_num_queries(2):
        since = since_by_person(Person.objects.all())
    assert since == {member.pk: day(f"198{number}-02-03") for number, member in enumerate(members)}
    assert counts_by_person([]) == {}
