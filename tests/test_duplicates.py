"""Files of one person kept twice: found with reasons, told apart, merged, and parted again exactly."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.duplicates.finding import compare_people, find_pairs, plain_number
from members.duplicates.merging import Merge, merge_people, tell_apart, undo_merge
from members.models import AuditEvent, AuditItem, DistinctPair, Membership, Person, PersonMerge
from tests.builders import (
    make_admission,
    make_badge,
    make_class,
    make_commendation,
    make_discipline,
    make_document,
    make_enrolment,
    make_exemption,
    make_member,
    make_organisation,
    make_person,
    make_rating,
    make_stay,
)
from tests.conftest import Cast
from tests.pages import get, read

pytestmark = pytest.mark.django_db
BORN, OLD, SHE = dt.date(1975, 9, 5), dt.date(1950, 9, 5), {"sex": "female"}


def rows_of(*people: Person) -> dict[str, list[dict[str, Any]]]:
    """Every row of these people and all that hangs on them, without versions."""
    keys = [person.pk for person in people]
    found = {"person": list(Person.objects.filter(pk__in=keys).order_by("pk").values())}
    for relation in Person._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if model in {AuditItem, PersonMerge}:
            continue
        found[f"{model.__name__}.{name}"] = list(model.objects.filter(**{f"{name}__in": keys}).order_by("pk").values())
    for rows in found.values():
        for row in rows:
            row.pop("version")
    return found


def merge(kept: Person, other: Person, *, aside: Any = (), by: Any = None, **values: str) -> PersonMerge:
    kept, other = (Person.objects.get(pk=person.pk) for person in (kept, other))
    return merge_people(
        kept=kept, other=other, values=values, aside=frozenset(aside), reason="Nhập hai lần cùng một người", by=by
    )


def twins(place: Any, **fields: Any) -> tuple[Person, Person]:
    first = make_member(place, "Trần Thị Ánh", born_on=BORN, sex="female")
    second = make_person("Trần Thị Anh", born_on=BORN, sex="female", followed_by=place, **fields)
    return first, second


# --- Finding ---------------------------------------------------------------------------------------


def test_likely_twins_are_found_with_their_reasons(cast: Cast):
    first, second = twins(cast.a, home_town="xã Bình Minh")
    make_member(cast.a, "Nguyễn Văn Bình", born_on=dt.date(1980, 1, 1))
    (pair,) = find_pairs(cast.office)
    assert {pair.first.person, pair.second.person} == {first, second}
    assert pair.reasons[:2] == ("họ và tên chỉ khác dấu", "cùng ngày sinh")
    assert 50 <= pair.score <= 100


@pytest.mark.parametrize(
    ("one", "other", "is_found"),
    [
        ({"full_name": "Lê Văn An", "born_on": BORN}, {"full_name": "Lê Văn An", "born_on": BORN}, True),
        ({"full_name": "Lê Văn An", "born_on": BORN}, {"full_name": "Lê Văn Ân", "born_on": BORN}, True),
        ({"full_name": "Lê Văn An", "born_on": BORN}, {"full_name": "Lê Văn An", "born_on": OLD}, False),
        ({"full_name": "Lê Văn An", "born_on": BORN}, {"full_name": "Phạm Thị Hoa", "born_on": BORN}, False),
        (
            {"full_name": "Lê Văn An", "born_on": BORN},
            {"full_name": "Lê Văn An", "born_on": dt.date(1975, 1, 1), "born_on_precision": "year"},
            True,
        ),
        ({"full_name": "Lê An", "born_on": None, "card_number": "99012345"},
         {"full_name": "Lê Văn An", "born_on": None, "former_card_number": "99012345"}, True),
        ({"full_name": "Lê Văn An", "born_on": BORN}, {"full_name": "Lê Văn An", "born_on": BORN, **SHE}, False),
    ],
)  # fmt: skip
def test_pairs_by_what_they_share(cast: Cast, one, other, is_found):
    make_person(**one, followed_by=cast.a)
    make_person(**other, followed_by=cast.b)
    assert bool(find_pairs(cast.office)) == is_found


@pytest.mark.parametrize(
    ("text", "plain"), [("99.012345", "99012345"), ("TẠM-12345", ""), ("0036 1850 01234", "36185001234"), ("123", "")]
)
def test_numbers_are_compared_without_what_is_written_around_them(text, plain):
    assert plain_number(text) == plain


def test_both_must_lie_in_what_the_user_may_change(cast: Cast, client_of):
    own = make_member(cast.a, "Trần Thị Ánh", born_on=BORN)
    foreign = make_member(cast.b, "Trần Thị Ánh", born_on=BORN)
    assert find_pairs(cast.grassroots_a) == []
    assert len(find_pairs(cast.office)) == 1
    client = client_of(cast.grassroots_a)
    assert client.get(reverse("duplicate_pair", args=[own.pk, foreign.pk])).status_code == 404
    for kept, other in ((own, foreign), (foreign, own)):
        with pytest.raises(PermissionDenied):
            merge(kept, other, by=cast.grassroots_a)
    for user in (cast.leader, cast.inspector):
        assert client_of(user).get(reverse("duplicates")).status_code == 403


def test_finding_takes_the_same_queries_for_many_as_for_few(cast: Cast, django_assert_max_num_queries):
    for number in range(60):
        make_person(f"Người {number % 20}", born_on=BORN, followed_by=cast.a)
    cast.office.held_roles  # noqa: B018
    with django_assert_max_num_queries(5):
        assert find_pairs(cast.office)


def test_two_people_told_apart_are_not_shown_again(cast: Cast, client_of):
    first, second = twins(cast.a)
    client, address = client_of(cast.grassroots_a), reverse("duplicate_pair", args=[second.pk, first.pk])
    assert "Hãy ghi căn cứ" in read(client.post(address, {"viec": "khac-nhau", "khac-reason": ""})).text
    client.post(address, {"viec": "khac-nhau", "khac-reason": "Khác quê, khác cha mẹ"})
    pair = DistinctPair.objects.get()
    assert (pair.first, pair.second, pair.reason) == (first, second, "Khác quê, khác cha mẹ")
    assert find_pairs(cast.office) == []
    assert "Khác quê" in get(client, reverse("duplicates")).text
    with pytest.raises(ValidationError, match="đã được xác định"):
        tell_apart(first=first, second=second, reason="Lại nữa", by=None)


# --- Merging ---------------------------------------------------------------------------------------


def test_merge_moves_what_hangs_on_the_other_and_takes_the_chosen_values(cast: Cast):
    kept, other = twins(cast.a, national_id_number="036175001234", home_town="xã Bình Minh", note="ghi thêm")
    make_badge(other, 30)
    document = make_document(other)
    done = merge(kept, other, national_id_number="other", home_town="other", full_name="kept")
    kept.refresh_from_db()
    assert not Person.objects.filter(pk=other.pk).exists()
    assert (kept.full_name, kept.national_id_number) == ("Trần Thị Ánh", "036175001234")
    assert (kept.home_town, kept.note) == ("xã Bình Minh", "")
    assert kept.badges.count() == 1
    document.refresh_from_db()
    assert document.person == kept
    assert done.merged_number == other.file_number
    event = AuditEvent.objects.get(pk=AuditItem.objects.get(model="members.personmerge").event_id)
    assert event.reason == "Nhập hai lần cùng một người"
    assert event.item_count >= 5


def test_equal_rows_become_one_and_their_stays_with_them(cast: Cast):
    kept = make_member(cast.a, "Trần Thị Ánh", born_on=BORN)
    other = make_member(cast.a, "Trần Thị Ánh", born_on=BORN)
    assert all(one.twin is not None for one in Merge(kept, other).hanging)
    merge(kept, other)
    assert (kept.memberships.count(), kept.admissions.count()) == (1, 1)


def test_what_cannot_hang_on_both_is_named_with_what_to_do(cast: Cast):
    kept = make_member(cast.a, "Trần Thị Ánh", "2005-03-01")
    other = make_member(cast.b, "Trần Thị Ánh", "2007-05-01")
    make_badge(kept, 30, "2015-02-03")
    make_badge(other, 30, "2015-05-19")
    with pytest.raises(ValidationError) as refused:
        merge(kept, other)
    told = " ".join(refused.value.messages)
    assert "đang sinh hoạt ở tổ chức khác trong thời gian đó" in told
    assert "đã được tặng Huy hiệu Đảng mốc đó" in told
    assert "cất đi" in told
    assert Person.objects.filter(pk=other.pk).exists()
    aside = [one.key for one in Merge(kept, other).hanging]
    merge(kept, other, aside=aside)
    assert kept.memberships.get().organisation == cast.a


def test_stay_that_moves_rests_on_the_admission_that_stays(cast: Cast):
    """The same admission with another number of its decision is set aside; the earlier stay moves all the same."""
    kept, other = make_person("Trần Thị Ánh"), make_person("Trần Thị Ánh")
    mine = make_admission(kept, cast.a, "2005-03-01", decision_number="1-QĐ")
    make_stay(kept, cast.a, "2010-01-01", admission=mine, start_reason="moved")
    theirs = make_admission(other, cast.a, "2005-03-01", decision_number="1 QĐ")
    stay = make_stay(other, cast.b, "2005-03-01", "2010-01-01", admission=theirs, end_reason="moved")
    before = rows_of(kept, other)
    (clashing,) = [one for one in Merge(kept, other).hanging if one.clash]
    done = merge(kept, other, aside=[clashing.key])
    stay.refresh_from_db()
    assert (stay.person, stay.admission) == (kept, mine)
    undo_merge(merge=done, by=None)
    assert rows_of(kept, other) == before


def test_merging_takes_a_reason_and_two_people(cast: Cast):
    kept, other = twins(cast.a)
    with pytest.raises(ValidationError, match="căn cứ"):
        merge_people(kept=kept, other=other, values={}, reason=" ", by=None)
    with pytest.raises(ValidationError, match="hai hồ sơ khác nhau"):
        merge_people(kept=kept, other=kept, values={}, reason="x", by=None)


# --- Parting ---------------------------------------------------------------------------------------


def test_undoing_stands_back_where_later_changes_are_in_the_way(cast: Cast):
    kept, other = twins(cast.a, home_town="xã Bình Minh", national_id_number="036175001234")
    badge = make_badge(other, 30)
    done = merge(kept, other, home_town="other")
    Person.objects.filter(pk=kept.pk).update(home_town="xã Hòa Bình")
    badge.delete()
    make_person("Người khác", national_id_number="036175001234")
    with pytest.raises(ValidationError) as refused:
        undo_merge(merge=done, by=None)
    told = " ".join(refused.value.messages)
    assert "Quê quán" in told
    assert "Huy hiệu" in told
    assert "036175001234" in told
    assert not Person.objects.filter(pk=other.pk).exists()


def test_what_was_added_since_stays_and_may_not_rest_on_what_goes_back(cast: Cast):
    kept, other = make_person("Trần Thị Ánh", followed_by=cast.a), make_person("Trần Thị Ánh", followed_by=cast.a)
    stay = make_stay(other, cast.a, "2005-03-01", "2010-01-01", end_reason="moved")
    done = merge(kept, other)
    make_badge(kept, 30)
    make_stay(kept, cast.b, "2010-01-01", admission=stay.admission, start_reason="moved")
    with pytest.raises(ValidationError, match="ghi sau khi gộp"):
        undo_merge(merge=done, by=None)
    Membership.objects.filter(person=kept, organisation=cast.b).delete()
    undo_merge(merge=done, by=None)
    assert kept.badges.count() == 1
    assert Membership.objects.get(pk=stay.pk).person_id == other.pk
    with pytest.raises(ValidationError, match="đã được tách lại"):
        undo_merge(merge=PersonMerge.objects.get(), by=None)


def test_merges_are_undone_from_the_last_to_the_first(cast: Cast):
    people = [make_person("Trần Thị Ánh", born_on=BORN, followed_by=cast.a) for _ in range(3)]
    for number, person in enumerate(people):
        make_badge(person, (30, 40, 50)[number])
    before = rows_of(*people)
    first, second = merge(people[1], people[2]), None
    second = merge(people[0], people[1])
    undo_merge(merge=second, by=None)
    first.refresh_from_db()
    undo_merge(merge=first, by=None)
    assert rows_of(*people) == before


YEARS = (2005, 2006, 2007, 2008, 2009)
MAKERS: dict[str, Any] = {
    "badge": lambda p, n, place: make_badge(p, (30, 40, 50, 55, 60)[n], f"{YEARS[n]}-02-03"),
    "discipline": lambda p, n, place: make_discipline(person=p, decided_on=dt.date(YEARS[n], 6, 1)),
    "exemption": lambda p, n, place: make_exemption(p, f"{YEARS[n]}-01-01", ends_on=dt.date(YEARS[n], 12, 1)),
    "stay": lambda p, n, place: make_stay(p, place, f"{YEARS[n]}-03-01", f"{YEARS[n] + 1}-03-01"),
    "rating": lambda p, n, place: make_rating(p, 2011 + n, organisation=place),
    "commendation": lambda p, n, place: make_commendation(person=p, year=YEARS[n]),
    "document": lambda p, n, place: make_document(p),
}


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(sorted(MAKERS)),
        st.booleans(),
        st.integers(0, 4),
    ),
    max_size=9,
    unique=True,
)
CHOICES = st.fixed_dictionaries(
    {name: st.sampled_from(["kept", "other"]) for name in ("full_name", "born_on", "home_town", "card_number", "sex")}
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, choices=CHOICES, swaps=st.booleans())
def test_merging_and_parting_gives_the_same_rows(cast: Cast, records, choices, swaps):
    first = make_person("Trần Thị Ánh", born_on=BORN, home_town="Bình Minh", followed_by=cast.a)
    card = f"{first.pk:08}"
    second = make_person("Trần Ánh", born_on=dt.date(1975, 1, 1), born_on_precision="year", sex="female",
                         card_number=card, followed_by=cast.b)  # fmt: skip
    course = make_class()
    for person in (first, second):
        make_enrolment(course, person)
    for kind, is_first, number in sorted(records):
        MAKERS[kind](first if is_first else second, number, cast.a if number % 2 else cast.b)
    kept, other = (second, first) if swaps else (first, second)
    before = rows_of(first, second)
    aside = [one.key for one in Merge(kept, other).hanging if one.clash]
    done = merge(kept, other, aside=aside, **choices)
    count = sum(len(rows) for name, rows in before.items() if name != "person")
    left = sum(len(rows) for name, rows in rows_of(kept).items() if name != "person")
    assert left + len(done.details["aside"]) == count
    undo_merge(merge=PersonMerge.objects.get(pk=done.pk), by=None)
    assert rows_of(first, second) == before


# --- Pages -----------------------------------------------------------------------------------------


def test_pair_is_merged_and_parted_on_its_page(cast: Cast, client_of):
    kept, other = twins(cast.a, home_town="xã Bình Minh")
    before = rows_of(kept, other)
    client, address = client_of(cast.grassroots_a), reverse("duplicate_pair", args=[kept.pk, other.pk])
    assert "Trần Thị Ánh" in get(client, reverse("duplicates")).text
    page = get(client, address)
    assert "xã Bình Minh" in page.text
    values = {f"cot-{name}": "kept" for name in Merge(kept, other).columns} | {"cot-home_town": "other"}
    assert "Hãy ghi căn cứ" in read(client.post(address, values | {"viec": "gop", "reason": ""})).text
    response = client.post(address, values | {"viec": "gop", "reason": "Nhập hai lần"})
    done = PersonMerge.objects.get()
    assert response.url == reverse("person_merge", args=[done.pk])
    assert done.merged_by == cast.grassroots_a
    assert client.get(reverse("person", args=[other.pk])).url == reverse("person", args=[kept.pk])
    assert client_of(cast.grassroots_b).get(reverse("person", args=[other.pk])).status_code == 404
    assert client.post(response.url).url == reverse("person", args=[other.pk])
    assert rows_of(kept, other) == before
    assert "đã tách lại" in get(client, reverse("person_merge", args=[done.pk])).text


def test_page_names_what_clashes_and_takes_it_aside(cast: Cast, client_of):
    kept = make_member(cast.a, "Trần Thị Ánh", "2005-03-01")
    other = make_member(cast.a_cell_1, "Trần Thị Ánh", "2007-05-01")
    client, address = client_of(cast.grassroots_a), reverse("duplicate_pair", args=[kept.pk, other.pk])
    merge_of = Merge(kept, other)
    values = {f"cot-{name}": "kept" for name in merge_of.columns} | {"viec": "gop", "reason": "Nhập hai lần"}
    assert "Hãy chọn “cất đi”" in read(client.post(address, values)).text
    aside = {one.key: "aside" for one in merge_of.hanging}
    assert client.post(address, values | aside).status_code == 302
    assert kept.memberships.get().organisation == cast.a


def test_two_scores_differ_for_a_stranger(cast: Cast):
    first, second = twins(cast.a)
    stranger = make_person("Phạm Văn Dũng", born_on=dt.date(1990, 1, 1), followed_by=make_organisation())
    assert compare_people(first, second).score > compare_people(first, stranger).score == 0
