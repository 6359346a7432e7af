"""Pages by key: every row once, in order, in both directions, whatever is deleted meanwhile."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.keyed_pages import Count, KeyedPages, Place, Side, Sort, bounded_count, place_of
from members.models import Person

pytestmark = pytest.mark.django_db

NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Ánh", "Phạm Đào")
DAYS = (None, dt.date(1970, 1, 1), dt.date(1980, 5, 5), dt.date(1990, 9, 9))
ROWS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(DAYS), st.sampled_from(["male", "female"])), max_size=17
)
ORDERS = st.sampled_from(
    [
        (),
        ("name_sort_key",),
        ("-name_sort_key",),
        ("born_on", "name_sort_key"),
        ("-born_on", "name_sort_key"),
        ("sex", "-born_on"),
        ("-sex", "-name_sort_key", "born_on"),
    ]
)


def sorts(order: tuple[str, ...]) -> list[Sort]:
    return [Sort(name.lstrip("-"), name.startswith("-"), name.endswith("born_on")) for name in order]


def people(rows: list[tuple[Any, ...]]) -> list[Person]:
    """The rows in place of those of the example before."""
    Person.objects.all()._raw_delete("default")
    values = [
        Person(file_number=f"S{number}", full_name=name, born_on=born, sex=sex)
        for number, (name, born, sex) in enumerate(rows)
    ]
    return [Person.objects.get(pk=row.pk) for row in Person.objects.bulk_create(values)]


def in_order(found: list[Person], order: tuple[str, ...]) -> list[int]:
    """As Python sorts them: the last column first, without a value last in either direction."""
    is_descending = bool(order) and order[-1].startswith("-")
    listed = sorted(found, key=lambda row: row.pk, reverse=is_descending)
    for name in reversed(order):
        column = name.lstrip("-")
        given = [row for row in listed if getattr(row, column) is not None]
        given.sort(key=lambda row: getattr(row, column), reverse=name.startswith("-"))
        listed = given + [row for row in listed if getattr(row, column) is None]
    return [row.pk for row in listed]


def walk(pages: KeyedPages, start: Place, *, forward: bool) -> list[list[int]]:
    found, place = [], start
    for _ in range(50):
        page = pages.page(place)
        assert not page.is_lost
        found.append(page.keys)
        place = page.next if forward else page.previous
        if place is None:
            return found
    raise AssertionError("no end")


@settings(max_examples=60)
@given(rows=ROWS, order=ORDERS, size=st.integers(1, 5), most=st.sampled_from([0, 3, 100]))
def test_every_row_stands_on_one_page_in_order(rows, order, size, most):
    expected = in_order(people(rows), order)
    pages = KeyedPages(Person.objects.all(), sorts(order), size=size, most=most)
    there = walk(pages, Place(), forward=True)
    back = walk(pages, Place(Side.LAST), forward=False)
    assert [key for keys in there for key in keys] == expected
    assert [key for keys in reversed(back) for key in keys] == expected
    assert all(len(keys) == size for keys in there[:-1])
    assert list(pages.in_order()) == expected
    assert pages.count == Count(min(len(rows), most), len(rows) <= most)


@settings(max_examples=60)
@given(rows=ROWS, order=ORDERS, seed=st.integers(0, 99), most=st.sampled_from([0, 100]), forward=st.booleans())
def test_rows_deleted_between_pages_move_no_other(rows, order, seed, most, forward):
    """Whoever stays is seen once; the rows that the address names stay, or the page says that it is another one."""
    random, left = Random(seed), people(rows)
    expected, seen = in_order(left, order), []
    place = Place() if forward else Place(Side.LAST)
    while place is not None:
        page = KeyedPages(Person.objects.all(), sorts(order), size=3, most=most).page(place)
        if page.place != place:
            break  # all that was left on that side is gone
        seen += page.keys if forward else page.keys[::-1]
        place = page.next if forward else page.previous
        kept = {place.key} if place else set()
        for key in random.sample(expected, min(2, len(expected))):
            if key not in kept:
                Person.objects.filter(pk=key)._raw_delete("default")
    stayed = set(Person.objects.values_list("pk", flat=True))
    ordered = expected if forward else expected[::-1]
    assert len(seen) == len(set(seen))
    assert [key for key in seen if key in stayed] == [key for key in ordered if key in stayed]


@pytest.mark.parametrize("most", [0, 100])
def test_row_that_left_the_list_still_says_where_it_stood(most):
    rows = people([(name, None, "male") for name in NAMES])
    keys = in_order(rows, ("name_sort_key",))
    gone = Person.objects.exclude(pk=keys[1])
    pages = KeyedPages(gone, [Sort("name_sort_key")], anchors=Person.objects.all(), size=1, most=most)
    assert pages.page(Place(Side.AFTER, keys[1])).keys == [keys[2]]
    assert pages.page(Place(Side.BEFORE, keys[1])).keys == [keys[0]]


@pytest.mark.parametrize("most", [0, 100])
@pytest.mark.parametrize("text", ["abc", "-1", "99999999", "9" * 40, "1 OR 1=1"])
def test_broken_key_gives_the_first_page_and_says_so(text, most):
    people([(name, None, "male") for name in NAMES])
    pages = KeyedPages(Person.objects.all(), [Sort("name_sort_key")], size=2, most=most)
    page = pages.page(place_of({"sau": text}))
    assert page.keys == pages.page(Place()).keys
    assert page.is_lost
    assert page.next == Place(Side.AFTER, page.keys[-1])


def test_beyond_the_last_row_stands_the_last_page():
    rows = people([(name, None, "male") for name in NAMES])
    keys = in_order(rows, ("name_sort_key",))
    pages = KeyedPages(Person.objects.all(), [Sort("name_sort_key")], size=3)
    assert pages.page(Place(Side.AFTER, keys[-1])).keys == keys[-3:]
    assert pages.page(Place(Side.BEFORE, keys[0])).keys == keys[:3]


def test_place_and_address_say_the_same():
    for place in (Place(), Place(Side.LAST), Place(Side.AFTER, 7), Place(Side.BEFORE, 7)):
        assert place_of(place.parameters) == place


def test_number_of_the_first_row_is_told_where_it_is_known():
    rows = people([(name, None, "male") for name in NAMES])
    keys = in_order(rows, ("name_sort_key",))
    for most, expected in ((100, 3), (2, None)):
        pages = KeyedPages(Person.objects.all(), [Sort("name_sort_key")], size=2, most=most)
        assert pages.first_number(pages.page(Place(Side.AFTER, keys[1]))) == expected
        assert pages.first_number(pages.page(Place())) == 1


def test_nothing_is_a_page_too():
    pages = KeyedPages(Person.objects.none(), [Sort("name_sort_key")])
    page = pages.page(Place())
    assert (page.keys, page.previous, page.next, str(pages.count)) == ([], None, None, "0")


def test_counts_stop_where_nobody_needs_them_exactly(django_assert_num_queries):
    people([(NAMES[0], None, "male")] * 5)
    with django_assert_num_queries(3):
        assert str(bounded_count(Person.objects.all(), 5)) == "5"
        assert str(bounded_count(Person.objects.all(), 4)) == "hơn 4"
        assert bounded_count(Person.objects.none(), 4) == Count(0)
        assert bounded_count(Person.objects.all(), 12) == Count(5)
