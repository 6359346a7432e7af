"""What is chosen when two files are merged: whose value of each column, what becomes of each row, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from members.duplicates.merging import Hanging, Merge
from members.models import Person
from members.person_facts import UNKNOWN, text_of

KEPT, OTHER = "kept", "other"
MOVE, ASIDE = "move", "aside"


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="Căn cứ",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        error_messages={"required": "Hãy ghi căn cứ."},
    )


class MergeForm(ReasonForm):
    """The choices of a merge; a row that can't move has to be set aside by hand."""

    def __init__(self, data: Any = None, *, merge: Merge) -> None:
        super().__init__(data)
        self.merge = merge
        for name in merge.columns:
            choices = [(KEPT, _told(merge.kept, name)), (OTHER, _told(merge.other, name))]
            self.fields[_column_field(name)] = forms.ChoiceField(
                label=str(Person._meta.get_field(name).verbose_name).capitalize(),  # type: ignore[union-attr]
                choices=choices,
                initial=merge.proposed(name),
                widget=forms.RadioSelect,
            )
        for one in merge.hanging:
            if one.twin is None:
                self.fields[one.key] = forms.ChoiceField(
                    label=f"{one.label.capitalize()}: {one.row}",
                    choices=[(MOVE, "chuyển sang"), (ASIDE, "cất đi")],
                    initial=MOVE,
                    required=False,
                    widget=forms.RadioSelect,
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for one in self.merge.hanging:
            if one.must_decide and cleaned.get(one.key) != ASIDE:
                self.add_error(one.key, one.refusal)
        return cleaned

    @property
    def columns(self) -> Iterator[tuple[str, forms.BoundField, str]]:
        """The columns that differ: label, the choice, its name."""
        for name in self.merge.columns:
            bound = self[_column_field(name)]
            yield str(bound.label), bound, name

    @property
    def rows(self) -> Iterator[tuple[Hanging, forms.BoundField | None]]:
        """The rows of the file that goes, each with its choice; equal ones have none."""
        for one in self.merge.hanging:
            yield one, None if one.twin is not None else self[one.key]

    @property
    def values(self) -> dict[str, str]:
        """By column whose value stays."""
        return {name: self.cleaned_data[_column_field(name)] for name in self.merge.columns}

    @property
    def aside(self) -> frozenset[str]:
        """The rows that don't move."""
        return frozenset(one.key for one in self.merge.hanging if self.cleaned_data.get(one.key) == ASIDE)


def _column_field(name: str) -> str:
    return f"cot-{name}"


def _told(person: Person, name: str) -> str:
    """A column in words; a date as much of it as is known."""
    shown = name.removesuffix("_on")
    return text_of(person, shown if name.endswith("_on") and hasattr(person, shown) else name) or UNKNOWN
