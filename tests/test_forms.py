"""The base of the forms: what the database would refuse is said on the form, whatever fields it has."""

import datetime as dt

import pytest

from config.forms import ValidatedModelForm
from members.models import Membership, Person
from reviews.models import OrganisationRating
from tests.builders import level_of, make_member, make_person, make_rating

pytestmark = pytest.mark.django_db


class EndForm(ValidatedModelForm):
    class Meta:
        model = Membership
        fields = ("ended_on",)


class BeginningForm(ValidatedModelForm):
    class Meta:
        model = Membership
        fields = ("began_on",)


class LevelForm(ValidatedModelForm):
    class Meta:
        model = OrganisationRating
        fields = ("level",)


class NameForm(ValidatedModelForm):
    class Meta:
        model = Person
        fields = ("full_name",)


def sent(row, **values):
    """What a browser sends of a form on `row`."""
    return values | {"version": row.version}


def test_constraint_with_a_field_off_the_form_is_told_once(cast):
    stay = make_member(cast.a).memberships.get()
    form = EndForm(sent(stay, ended_on="01/01/2015"), instance=stay)
    assert form.errors == {"__all__": ["Ngày rời đi và lý do rời đi phải ghi cùng nhau."]}


def test_overlap_with_a_row_of_a_person_off_the_form_is_told(cast):
    person = make_member(cast.a, began_on="2005-03-01")
    stay = person.memberships.get()
    new = Membership(person=person, organisation=cast.b, admission=stay.admission, start_reason="transferred_in")
    form = BeginningForm({"began_on": "01/01/2015"}, instance=new)
    assert form.errors["__all__"] == ["Người này đang sinh hoạt ở tổ chức khác trong thời gian đó."]


def test_unique_pair_off_the_form_is_told(cast):
    make_rating(cast.a, 2015)
    new = OrganisationRating(organisation=cast.a, year=2015)
    form = LevelForm({"level": level_of("organisations", 2015).pk}, instance=new)
    assert form.errors["__all__"] == ["Đã có xếp loại của năm này."]


def test_unique_column_off_the_form_is_told_above_the_fields():
    known = make_person()
    new = Person(file_number=known.file_number, sex="female")
    form = NameForm({"full_name": "Lê Thị Bình"}, instance=new)
    assert form.errors["__all__"] == ["Số lý lịch này đã có người mang."]


def test_field_that_failed_is_not_told_twice():
    person = make_person()
    form = NameForm(sent(person, full_name=" "), instance=person)
    assert list(form.errors) == ["full_name"]
    assert len(form.errors["full_name"]) == 1


def test_form_without_a_fault_saves(cast):
    stay = make_member(cast.a).memberships.get()
    stay.end_reason = "deceased"
    form = EndForm(sent(stay, ended_on="01/01/2015"), instance=stay)
    assert form.is_valid()
    form.save()
    assert Membership.objects.get().ended_on == dt.date(2015, 1, 1)


def test_form_is_laid_out_without_its_own_form_element():
    assert NameForm().helper.form_tag is False
