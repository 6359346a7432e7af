"""What was typed into the fields of a form, in words; with the form's record, and where that isn't there any more."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.forms.models import ModelChoiceField
from django.utils import formats


def in_words(field: forms.Field, value: Any) -> str:
    """A value of the field as people read it, also one that can't be read."""
    if value in (None, ""):
        return "(để trống)"
    if isinstance(field, ModelChoiceField):
        return _chosen(field, value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    if isinstance(field, forms.BooleanField):
        return "có" if value else "không"
    return formats.date_format(value) if isinstance(value, dt.date) else str(value)


def typed_in_words(form_class: Any, data: Any) -> list[tuple[str, str]]:
    """The labels of a form's fields, each with what was sent for it, where the form's record isn't there any more.

    A row that was chosen isn't named: which may be chosen is known with the record only.
    """
    told = []
    for name, field in form_class.base_fields.items():
        value = data.get(name, "")
        if value and not field.widget.is_hidden:
            words = "(đã chọn)" if isinstance(field, ModelChoiceField) else in_words(field, value)
            told.append((_label_of(form_class, name, field), words))
    return told


def _label_of(form_class: Any, name: str, field: forms.Field) -> str:
    columns = getattr(field, "columns", ())
    named = form_class.Meta.model._meta.get_field(columns[0]).verbose_name if columns else name
    return str(field.label or named.capitalize())


def _chosen(field: Any, key: Any) -> str:
    found = field.queryset.filter(pk=key).first() if str(key).isdecimal() else None
    return str(field.label_from_instance(found)) if found else "(ngoài phạm vi của bạn)"
