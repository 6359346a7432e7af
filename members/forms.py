"""Forms on records; what the database refuses stands in the models, what writes have to follow in services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceField

from config.forms import SeveralColumns, ValidatedModelForm
from members.form_fields import WRONG_DAY
from members.models import User
from members.text import one_line

Section = tuple[str, tuple[str, ...]]

BLANK = "– chưa chọn –"


class RecordForm(ValidatedModelForm):
    """A form that `user` fills in: it offers related records that they may change, and the one that it holds."""

    # Headings, each with the fields under it, in the order of the paper form.
    sections: ClassVar[tuple[Section, ...]] = ()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, ModelChoiceField):
                field.queryset = self.offered(name, field.queryset)
            dress(field)
        self.order_fields(named_in(self.sections))

    def offered(self, name: str, rows: Any) -> Any:
        """The rows that may be chosen in a field."""
        held = Q(pk=getattr(self.instance, f"{name}_id", None))
        return rows.filter(Q(pk__in=rows.changeable_by(self.user).values("pk")) | held)

    @property
    def typed_reason(self) -> str:
        """Why, where the form asks for it."""
        return one_line(self.cleaned_data.get("reason", ""))

    def laid_out(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The sections with their fields."""
        for heading, names in self.sections:
            yield heading, [self[name] for name in names if name in self.fields]


def named_in(sections: Sequence[Section]) -> list[str]:
    """The fields under the headings as the page has them; what is wrong with a form is told in that order."""
    return [name for _, names in sections for name in names]


def dress(field: forms.Field) -> None:
    """How a field of any form is drawn, and what it says where it must be filled in or can't be read."""
    _say_blank(field)
    take_numbers_as_typed(field)
    field.widget.attrs.setdefault("class", _classes(field))
    field.error_messages["required"] = "Hãy chọn mục này." if _is_choice(field) else "Hãy ghi mục này."
    if isinstance(field, forms.DateField):
        field.error_messages["invalid"] = WRONG_DAY


def take_numbers_as_typed(field: forms.Field) -> None:
    """A browser's own field for numbers drops what it can't read without a word, and turns the wheel into a change."""
    if isinstance(field.widget, forms.NumberInput):
        field.widget.input_type = "text"
        limits = ("min", "max", "step")
        kept = {name: value for name, value in field.widget.attrs.items() if name not in limits}
        field.widget.attrs = {**kept, "inputmode": "numeric", "autocomplete": "off"}


def _is_choice(field: forms.Field) -> bool:
    return isinstance(field, forms.ChoiceField)


def _say_blank(field: forms.Field) -> None:
    """Let the choice of nothing say so."""
    if isinstance(field, ModelChoiceField):
        field.empty_label = field.empty_label and BLANK
    elif isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        field.choices = [(value, label if value else BLANK) for value, label in choices]


def _classes(field: forms.Field) -> str:
    """How a field is drawn: as wide as what goes in."""
    if isinstance(field, forms.BooleanField):
        return "form-check-input"
    if isinstance(field, ModelChoiceField):
        return "form-select"
    if _is_choice(field):
        return "form-select short"
    length = 10 if isinstance(field, SeveralColumns | forms.DateField) else getattr(field, "max_length", None)
    if length is None or length > 255:
        return "form-control"
    return f"form-control {'short' if length <= 30 else 'medium'}"
