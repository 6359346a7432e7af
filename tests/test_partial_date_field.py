"""The form field of a date known in part: what is typed, both columns, how it comes back."""

import datetime as dt

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from config.forms import ValidatedModelForm
from members.form_fields import PartialDateField
from members.models import Person
from members.partial_dates import PartialDate, Precision
from tests.builders import make_person


class BornForm(ValidatedModelForm):
    born = PartialDateField("born_on", required=False)

    class Meta:
        model = Person
        fields = ("born",)


def send(person, typed):
    return BornForm({"born": typed, "version": person.version}, instance=person)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "first_day", "precision", "shown"),
    [
        ("5/9/1975", dt.date(1975, 9, 5), "day", "05/09/1975"),
        ("9/1975", dt.date(1975, 9, 1), "month", "09/1975"),
        ("1975", dt.date(1975, 1, 1), "year", "1975"),
        (" 05-09-1975 ", dt.date(1975, 9, 5), "day", "05/09/1975"),
        ("", None, "day", None),
    ],
)
def test_typed_date_fills_both_columns_and_comes_back_as_on_paper(typed, first_day, precision, shown):
    form = send(make_person(), typed)
    assert form.is_valid(), form.errors
    form.save()
    person = Person.objects.get()
    assert (person.born_on, person.born_on_precision) == (first_day, precision)
    page = str(BornForm(instance=person)["born"])
    assert f'value="{shown}"' in page if shown else "value=" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("31/2/1975", "Không có ngày 31/02/1975"),
        ("9/75", "19"),
        ("hôm qua", "Không đọc được ngày"),
        ("1/1/1700", "nằm ngoài khoảng"),
    ],
)
def test_what_is_no_date_is_told_with_what_to_do_and_stays_in_the_field(typed, told):
    form = send(make_person(), typed)
    assert told in form.errors["born"][0]
    assert f'value="{typed}"' in str(form["born"])
    assert Person.objects.get().born_on == dt.date(1970, 5, 1)


@pytest.mark.django_db
def test_date_that_was_not_touched_is_no_change():
    person = make_person(born_on=dt.date(1975, 9, 1), born_on_precision="month")
    assert not send(person, "09/1975").has_changed()
    assert send(person, "01/09/1975").has_changed()


@pytest.mark.django_db
def test_field_is_named_as_its_column():
    assert BornForm()["born"].label == "Ngày sinh"


def test_obligatory_date_is_asked_for():
    with pytest.raises(forms.ValidationError):
        PartialDateField("born_on").clean("  ")


@given(st.dates(dt.date(1850, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(Precision))
def test_what_is_shown_is_read_back_the_same(day, precision):
    known = PartialDate(day, precision)
    assert PartialDateField("born_on").clean(str(known)) == known
