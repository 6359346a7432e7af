"""Expulsion: one decision, entered once, in whichever place it is entered first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from members.badges.discipline import correct_discipline, record_discipline
from members.models import Discipline, Movement, Person
from members.movements.account import account, account_of_undoing
from members.movements.advice import advice
from members.movements.services import correct_papers, record_movement, undo_movement
from members.partial_dates import parse
from reviews.scope import Scope
from reviews.summary import Summary
from tests.builders import make_discipline, make_member
from tests.pages import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(cast) -> Person:
    return make_member(cast.a_cell_1, "Nguyễn Văn An", "2003-01-01")


def expel(person: Person, day: str = "01/06/2015", *, by: Any = None, **papers: str) -> Movement:
    papers = {"decision_number": "8-QĐ", "reason": "Vi phạm nghiêm trọng"} | papers
    return record_movement(movement=Movement(person=person, kind="expulsion", happened=parse(day), **papers), by=by)


def restore(person: Person, day: str, to: Any) -> Movement:
    back = Movement(person=person, kind="restoration", happened=parse(day), to_organisation=to, decision_number="9-QĐ")
    return record_movement(movement=back, by=None)


def on_record(person: Person) -> list[tuple[str, str, str, str]]:
    return [(one.form, str(one.decided), one.decision_number, one.note) for one in person.disciplines.all()]


def numbers_of(organisation: Any, year: int) -> tuple[int, int]:
    """Expelled by the stays, and disciplined."""
    numbers = Summary(Scope(organisation, year)).numbers
    expelled = numbers["members.decrease.expelled"].count
    return expelled, Discipline.objects.decided_in(year).count()


def test_expulsion_writes_its_decision_into_the_discipline(cast, member):
    movement = expel(member, by=cast.office)
    assert on_record(member) == [("expulsion", "01/06/2015", "8-QĐ", "Vi phạm nghiêm trọng")]
    assert "cũng được ghi vào phần Kỷ luật" in " ".join(account(movement))
    assert numbers_of(cast.root, 2015) == (1, 1)


def test_decision_on_record_is_carried_out_and_not_written_again(cast, member):
    make_discipline(person=member, form="expulsion", decided_on=dt.date(2015, 5, 20), decision_number="7-QĐ")
    movement = expel(member)
    assert on_record(member) == [("expulsion", "20/05/2015", "7-QĐ", "")]
    assert movement.discipline is None
    assert "ngày 20/05/2015 đã có ở phần Kỷ luật, không ghi thêm" in " ".join(account(movement))
    assert numbers_of(cast.root, 2015) == (1, 1)
    undo_movement(movement=movement, reason="Nhầm ngày", by=None)
    assert on_record(member) == [("expulsion", "20/05/2015", "7-QĐ", "")], "it was there before"


def test_form_is_filled_in_from_the_decision_on_record(cast, member, client_of):
    make_discipline(person=member, form="expulsion", decided_on=dt.date(2015, 5, 20), decision_number="7-QĐ")
    form = get(client_of(cast.office), reverse("record_movement", args=[member.pk, "khai-tru"]))
    assert form.first("input", name="decision_number").attributes["value"] == "7-QĐ"
    assert form.first("input", name="happened").attributes["value"] == "20/05/2015"


def test_page_no_longer_asks_to_leave_whom_an_expulsion_took_out(cast, member, client_of):
    client, address = client_of(cast.office), reverse("person", args=[member.pk])
    make_discipline(person=member, form="expulsion", decided_on=dt.date(2015, 5, 20))
    asked = "phải ghi ngày ra khỏi Đảng"
    assert asked in get(client, address).first(id="ky-luat").text
    expel(member)
    assert asked not in get(client, address).first(id="ky-luat").text


def test_undoing_takes_the_decision_away_and_it_can_be_entered_again(cast, member):
    movement = expel(member)
    assert "bị bỏ khỏi hồ sơ" in " ".join(account_of_undoing(movement))
    undo_movement(movement=movement, reason="Ghi nhầm người", by=cast.office)
    assert on_record(member) == []
    expel(member)
    assert len(on_record(member)) == 1


def test_decision_that_somebody_worked_on_outlasts_the_undoing(cast, member):
    movement = expel(member)
    discipline = member.disciplines.get()
    discipline.note = "Cố ý làm trái"
    correct_discipline(discipline=discipline, reason="Bổ sung", by=cast.office)
    movement = Movement.objects.get()
    assert "vẫn còn; hãy xem lại" in " ".join(account_of_undoing(movement))
    undo_movement(movement=movement, reason="Nhầm ngày", by=cast.office)
    assert on_record(member) == [("expulsion", "01/06/2015", "8-QĐ", "Cố ý làm trái")]


def test_corrected_papers_are_those_of_the_decision_too(cast, member):
    movement = expel(member)
    movement.decision_number = "18-QĐ"
    correct_papers(movement=movement, reason="Gõ thiếu", by=cast.office)
    assert on_record(member)[0][2] == "18-QĐ"
    undo_movement(movement=Movement.objects.get(), reason="Nhầm", by=cast.office)
    assert on_record(member) == []


def test_restoration_tells_of_the_decision_that_still_stands(cast, member):
    expel(member)
    back = restore(member, "01/09/2015", cast.a_cell_1)
    assert "Quyết định khai trừ ngày 01/06/2015 ở phần Kỷ luật vẫn còn tính" in " ".join(advice(back))
    Discipline.objects.update(revoked_on=dt.date(2015, 8, 20))
    assert advice(back) == []


def test_second_expulsion_after_a_return_is_a_decision_of_its_own(cast, member):
    expel(member)
    restore(member, "01/09/2015", cast.a_cell_1)
    expel(member, "01/03/2017", decision_number="3-QĐ")
    assert [row[1:3] for row in on_record(member)] == [("01/03/2017", "3-QĐ"), ("01/06/2015", "8-QĐ")]


def test_what_discipline_refuses_an_expulsion_refuses_too(cast):
    on_probation = make_member(cast.a_cell_1, "Lê Thị Bình", "2015-01-01", is_official=False)
    with pytest.raises(ValidationError, match="không đủ tư cách thì xóa tên"):
        expel(on_probation)
    assert on_probation.memberships.get().ended_on is None
    assert not Movement.objects.exists()


def test_decision_revoked_on_that_day_is_told_before_it_is_written_again(cast, member):
    revoked = Discipline(person=member, form="expulsion", revoked_on=dt.date(2015, 8, 1))
    revoked.decided = parse("01/06/2015")
    record_discipline(discipline=revoked, by=None)
    with pytest.raises(ValidationError, match="đã hủy bỏ"):
        expel(member)
    expel(member, "02/06/2015")
    assert member.disciplines.standing().count() == 1
