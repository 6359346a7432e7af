"""What was tried against the pages for member records and once worked, or nearly did."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from members.badges import services as badge_services
from members.duplicates.merging import Merge, merge_people, undo_merge
from members.models import (
    AuditItem,
    Badge,
    BadgeProposal,
    CaseHelper,
    CommitteePost,
    Membership,
    Movement,
    Person,
    Relative,
    User,
)
from members.models.movements import MovementKind
from members.movements.services import record_movement
from members.partial_dates import PartialDate
from members.services import record_move
from tests.builders import make_badge_round, make_case, make_member, make_person, make_post, make_proposal
from tests.conftest import Cast, make_cast
from tests.together import at_once, sqlite_file, together  # noqa: F401

pytestmark = pytest.mark.django_db

TOO_LONG = "9" * 5000


def moved(person: Person, kind: str, by: User | None, happened: str = "2016-01-05", **fields: Any) -> Movement:
    movement = Movement(person=person, kind=kind, **{"decision_number": "15", **fields})
    movement.happened = PartialDate(dt.date.fromisoformat(happened))
    return record_movement(movement=movement, by=by)


def views_of(person: Person) -> int:
    return AuditItem.objects.filter(verb="viewed", person=person.pk).count()


# Writing further than one may


def test_award_is_not_taken_back_from_who_has_moved_away(cast: Cast) -> None:
    person = make_member(cast.a_cell_1, "Nguyễn Chuyển Đi", "1980-01-01")
    own = make_badge_round(cast.a, "2015-02-03")
    make_proposal(own, person, 30)
    badge_services.decide(round=own, decided_on=dt.date(2015, 1, 20), decision_number="1", by=cast.grassroots_a)
    badge_services.award(round=own, by=cast.grassroots_a)
    record_move(person=person, to=cast.b, on=dt.date(2016, 1, 1), by=None)
    with pytest.raises(ValidationError, match="Nguyễn Chuyển Đi"):
        badge_services.step_back(round=own, reason="Nhầm", by=cast.grassroots_a)
    assert Badge.objects.filter(person=person).exists()
    badge_services.step_back(round=own, reason="Nhầm", by=cast.office)
    assert not Badge.objects.filter(person=person).exists()


def test_what_another_committee_keeps_is_not_taken_away_by_merging(cast: Cast, client_of: Any) -> None:
    """A made-up file takes in a real one, whose post in the upper committee and place on its list are set aside."""
    person = make_member(cast.a_cell_1, "Trần Thật")
    post = make_post(person, cast.root)
    proposal = make_proposal(make_badge_round(cast.root), person)
    empty = make_person("Trần Thật", followed_by=cast.a)
    merge = Merge(empty, person)
    values = {f"cot-{name}": "other" for name in merge.columns} | {"reason": "Nhập hai lần"}
    address = reverse("duplicate_pair", args=[empty.pk, person.pk])
    aside = {one.key: "aside" for one in merge.hanging}
    answer = client_of(cast.grassroots_a).post(address, values | aside)
    assert "do cấp khác quản lý" in answer.content.decode()
    assert CommitteePost.objects.filter(pk=post.pk, person=person).exists()
    assert client_of(cast.grassroots_a).post(address, values).status_code == 302
    assert CommitteePost.objects.get(pk=post.pk).person == empty
    assert BadgeProposal.objects.get(pk=proposal.pk).person == empty


def test_parting_brings_no_file_back_where_one_may_not_write(cast: Cast) -> None:
    kept, other = make_member(cast.a_cell_1, "Lê Một"), make_member(cast.a_cell_1, "Lê Một", "2010-01-01")
    aside = frozenset(one.key for one in Merge(kept, other).hanging)
    merge = merge_people(kept=kept, other=other, values={}, aside=aside, reason="Trùng", by=cast.grassroots_a)
    record_move(person=kept, to=cast.b, on=dt.date(2016, 1, 1), by=None)
    with pytest.raises(ValidationError, match="ngoài phạm vi"):
        undo_merge(merge=merge, by=cast.grassroots_b)
    assert not Person.objects.filter(pk=merge.merged_key).exists()
    merge.refresh_from_db()
    assert undo_merge(merge=merge, by=cast.office).pk == merge.merged_key


@pytest.mark.parametrize(
    ("leaving", "return_kind"),
    [("transfer_out", "transfer_in"), ("striking_off", "restoration"), ("striking_off", "readmission")],
)
def test_nobody_is_put_into_a_foreign_organisation(cast: Cast, leaving: str, return_kind: str) -> None:
    person = make_member(cast.a_cell_1)
    moved(person, leaving, cast.grassroots_a, to_place="Xã Khác" if leaving == "transfer_out" else "")
    back = {"happened": "2016-06-05", "to_organisation": cast.b, "from_place": "Xã Khác"}
    with pytest.raises(PermissionDenied):
        moved(person, return_kind, cast.grassroots_a, **back)
    assert not Membership.objects.filter(person=person, organisation=cast.b).exists()


def test_row_of_somebody_else_is_no_row_of_mine(cast: Cast, client_of: Any) -> None:
    mine, theirs = make_member(cast.a), make_member(cast.b)
    row = Relative.objects.create(person=theirs, relation="Mẹ đẻ", full_name="Phạm Thị Kín")
    sent = {"dong-TOTAL_FORMS": "1", "dong-INITIAL_FORMS": "1", "dong-0-id": row.pk, "dong-0-person": theirs.pk}
    sent |= {"dong-0-relation": "Mẹ đẻ", "dong-0-full_name": "Tên Sửa Trộm", "dong-0-version": "1"}
    for more in ({}, {"dong-0-DELETE": "on"}):
        answer = client_of(cast.grassroots_a).post(reverse("change_section", args=[mine.pk, "gia-dinh"]), sent | more)
        assert "Phạm Thị Kín" not in answer.content.decode()
    row.refresh_from_db()
    assert row.full_name == "Phạm Thị Kín"


def test_choices_of_others_are_refused_without_a_name(cast: Cast, client_of: Any) -> None:
    """Keys and numbers of people of B, in fields that the pages narrow to those of A."""
    theirs, mine = make_member(cast.b, "Đặng Của B"), make_member(cast.a_cell_1, "Đặng Của A")
    case, own = make_case(cast.a), make_badge_round(cast.a)
    held = {"member": theirs.pk, "since": "01/01/2015"}
    post = {"member": theirs.file_number, "position": "member", "began": "01/01/2016"}
    several = {"nguoi": [theirs.pk, mine.pk], "happened": "01/06/2017", "to_organisation": cast.a_cell_2.pk}
    tried: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("admission_helper", [case.pk], held),
        ("add_post", ["A"], post),
        ("badge_propose", [own.pk], {"who": theirs.file_number, "milestone": "30", "kind": "on_time"}),
        ("move_several", [], several),
        ("admission_open", [], {"nguoi": [theirs.pk], "opened_on": "01/01/2016"}),
        ("admission_batch", [], {"buoc": "application", "chon": [make_case(cast.b, "Đặng Của B").pk]}),
    ]
    for name, arguments, sent in tried:
        answer = client_of(cast.grassroots_a).post(reverse(name, args=arguments), sent)
        assert "Đặng Của B" not in answer.content.decode(), name
    assert not CaseHelper.objects.filter(member=theirs).exists()
    assert not CommitteePost.objects.filter(person=theirs).exists()
    assert not BadgeProposal.objects.filter(person=theirs).exists()


# Asking further than one may


def test_numbers_of_who_is_on_the_way_are_not_found_digit_by_digit(cast: Cast, client_of: Any) -> None:
    person = make_member(cast.a_cell_1, "Ngô Sắp Đến", national_id_number="001070001234", card_number="77001234")
    moved(person, MovementKind.MOVE, cast.grassroots_a, to_organisation=cast.b)

    def found(user: User, text: str) -> bool:
        answer = client_of(user).get(reverse("movements"), {"nam": 2016, "q": text})
        return "Ngô Sắp Đến" in answer.content.decode()

    assert [found(cast.grassroots_b, text) for text in ("", "sap den", "001070", "77001234")] == [1, 1, 0, 0]
    assert [found(user, "001070") for user in (cast.grassroots_a, cast.office)] == [1, 1]


def test_numbers_of_who_is_followed_elsewhere_are_not_found_on_the_board(cast: Cast, client_of: Any) -> None:
    case = make_case(cast.a, "Ngô Theo Dõi")
    Person.objects.filter(pk=case.person_id).update(followed_by=cast.b)
    person = Person.objects.get(pk=case.person_id)
    person.national_id_number = "001070001234"
    person.save()
    board = [
        client_of(cast.grassroots_a).get(reverse("admission_board"), {"q": text}).content.decode()
        for text in ("theo doi", "001070")
    ]
    assert ["Ngô Theo Dõi" in page for page in board] == [True, False]


@pytest.mark.parametrize("name", ["admission_case", "movement"])
def test_whoever_reads_a_case_or_a_movement_has_seen_the_file(cast: Cast, client_of: Any, name: str) -> None:
    case = make_case(cast.a)
    member = make_member(cast.a_cell_1)
    movement = moved(member, MovementKind.DEATH, None)
    person, key = (case.person, case.pk) if name == "admission_case" else (member, movement.pk)
    before = views_of(person)
    assert client_of(cast.leader).get(reverse(name, args=[key])).status_code == 200
    assert views_of(person) == before + 1


# Addresses and forms that no page makes


def test_form_that_came_too_late_shows_what_was_typed_and_names_no_row(cast: Cast, client_of: Any) -> None:
    theirs = make_member(cast.b, "Đặng Của B")
    case = make_case(cast.b)
    client = client_of(cast.grassroots_a)
    address = reverse("record_movement", args=[theirs.pk, "chuyen-noi-bo"])
    typed = {"happened": "05/01/2016", "reason": "Điều động", "to_organisation": cast.b.pk}
    told = client.post(address, typed).content.decode()
    assert "05/01/2016" in told
    assert "Điều động" in told
    assert cast.b.name not in told
    told = client.post(reverse("admission_helper", args=[case.pk]), {"member": theirs.pk}).content.decode()
    assert "Đặng Của B" not in told


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("movements", {"dot": "-" * 36}),
        ("movements", {"nam": "020150000"}),
        ("movements", {"nam": f"0201{TOO_LONG}"}),
        ("movements", {"nam": "2015", "trang": TOO_LONG}),
        ("people", {"sau": TOO_LONG, "nam_xl": TOO_LONG}),
        ("duplicates", {"trang": TOO_LONG}),
    ],
)
def test_odd_address_is_answered(cast: Cast, client_of: Any, name: str, query: dict[str, str]) -> None:
    assert client_of(cast.grassroots_a).get(reverse(name), query).status_code in {200, 302}


@pytest.mark.parametrize("name", ["move_several", "transfer_several"])
@pytest.mark.parametrize("key", ["9" * 30, TOO_LONG])
def test_key_that_no_record_has_marks_nobody(cast: Cast, client_of: Any, name: str, key: str) -> None:
    place = {"to_organisation": cast.a_cell_1.pk} if name == "move_several" else {"to_place": "Xã Khác"}
    sent = {"nguoi": key, "happened": "01/06/2017", **place}
    assert "Chưa chọn ai" in client_of(cast.grassroots_a).post(reverse(name), sent).content.decode()


def test_draft_with_what_no_database_takes_is_kept_without_it(cast: Cast, client_of: Any) -> None:
    client: Client = client_of(cast.grassroots_a)
    address = reverse("change_person", args=[make_member(cast.a).pk])
    assert client.post(address, {"ban-nhap": "luu", "full_name": "Tên\0Mới"}).status_code == 204
    assert cast.grassroots_a.drafts.get().data["full_name"] == ["TênMới"]
    going_on = f"{address}?ban-nhap=tiep"
    assert "TênMới" in client.get(going_on).content.decode()
    assert "TênMới" not in client_of(cast.office).get(going_on).content.decode()


# At the same time


@together
def test_two_at_once_do_it_once(client_of: Any) -> None:
    """The same form from several windows, without the token that pages send along."""
    cast = make_cast()
    kept, other = make_member(cast.a_cell_1, "Vũ Gộp"), make_person("Vũ Gộp", followed_by=cast.a)
    left = make_member(cast.a_cell_1, "Vũ Xóa Tên")
    undone = moved(left, MovementKind.STRIKING_OFF, None)
    candidate = make_person("Vũ Quần Chúng", followed_by=cast.a)
    columns = {f"cot-{name}": "kept" for name in Merge(kept, other).columns}
    tried = [
        (reverse("duplicate_pair", args=[kept.pk, other.pk]), columns | {"reason": "Trùng"}),
        (reverse("undo_movement", args=[undone.pk]), {"reason": "Nhầm"}),
        (reverse("admission_open"), {"nguoi": candidate.pk, "opened_on": "01/01/2016"}),
    ]
    for address, sent in tried:
        clients = [client_of(cast.grassroots_a) for _ in range(3)]
        answers = at_once(*[partial(client.post, address, sent) for client in clients])
        statuses = [getattr(answer, "status_code", 500) for answer in answers]
        assert statuses.count(302) == 1, address
        assert set(statuses) <= {200, 302, 404}, (address, answers)
    assert kept.merges.count() == 1
    assert left.memberships.filter(ended_on=None).count() == 1
    assert candidate.admission_cases.count() == 1


def test_step_back_that_came_too_late_takes_no_second_step(cast: Cast, client_of: Any) -> None:
    own = make_badge_round(cast.a, "2015-02-03")
    make_proposal(own, make_member(cast.a, began_on="1980-01-01"), 30)
    badge_services.decide(round=own, decided_on=dt.date(2015, 1, 20), decision_number="1", by=None)
    badge_services.award(round=own, by=None)
    own.refresh_from_db()
    sent = {"reason": "Nhầm", "version": own.version}
    for status in (302, 200):
        answer = client_of(cast.grassroots_a).post(reverse("badge_step_back", args=[own.pk]), sent)
        assert answer.status_code == status
    own.refresh_from_db()
    assert own.state == "decided"
