"""The base of all forms on models: what the database would refuse, the form explains; nobody's edit is lost.

Fields and layouts of single forms live in the apps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import combinations
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import InlineForeignKeyField
from django.forms.utils import ErrorDict

from config.conflicts import UNKNOWN, Difference, SavedChange, Stands, whose
from config.constraints import NoOverlap
from config.field_words import in_words

VERSION = "version"


class SeveralColumns:
    """Mixin of form fields that stand for several columns; on a form named as the model's property over them."""

    columns: tuple[str, ...]

    def joined(self, values: dict[str, Any]) -> Any:
        """The property's value from those of the columns."""
        raise NotImplementedError


class VersionField(forms.IntegerField):
    """The version of the record that the form was filled with; no value that anybody edits."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class MergingForm(forms.ModelForm):
    """A form on a versioned record that somebody else may have saved since it was opened.

    What only they changed is taken over (`taken`); what both changed to different values is asked (`conflicts`),
    and the form isn't valid until a value is chosen. The form then speaks of the record as it is now.
    """

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken: list[Difference] = []
        self.conflicts: list[Difference] = []
        # Whether the record is another one than the form was opened with.
        self.was_overtaken = self._is_merged = False
        self._fill_in_several_columns()
        if self.is_versioned:
            self.fields[VERSION] = VersionField(initial=self.instance.version, required=False)

    def _fill_in_several_columns(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, SeveralColumns):
                first = self.instance._meta.get_field(field.columns[0])
                field.label = field.label or first.verbose_name.capitalize()
                self.initial.setdefault(name, getattr(self.instance, name))

    @property
    def is_versioned(self) -> bool:
        """Whether the form changes a row that keeps count of its changes."""
        return hasattr(self.instance, "changes_since") and not self.instance._state.adding

    def full_clean(self) -> None:
        if self.is_bound and self.is_versioned and not self._is_merged:
            self._merge()
        super().full_clean()
        for conflict in self.conflicts:
            self.add_error(conflict.name, "Người khác vừa sửa mục này: hãy chọn giá trị để giữ.")

    def _post_clean(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, SeveralColumns) and name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
        super()._post_clean()  # type: ignore[misc]

    @property
    def asked(self) -> list[str]:
        """The fields of which a value is to be chosen."""
        return [conflict.name for conflict in self.conflicts]

    def show_as_typed(self) -> None:
        """Show the data as somebody left them, without a word on what is wrong with them."""
        self._errors: Any = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}

    # Merging

    def _merge(self) -> None:
        """Bring what was typed together with what is stored, in a copy of the data."""
        self._is_merged = True
        opened = self._version_opened()
        self.was_overtaken = opened != self.instance.version
        asked = [name for name in self._columns_on_form() if self._choice_key(name) in self.data]
        if not self.was_overtaken and not asked:
            return
        self.data = self.data.copy()
        is_known = 0 < opened <= self.instance.version
        since = self.instance.changes_since(opened) if is_known and self.was_overtaken else []
        for name in self._columns_on_form():
            self._merge_field(name, self._before(name, since) if is_known else UNKNOWN, is_asked=name in asked)
        self.data[self.add_prefix(VERSION)] = self.instance.version

    def _merge_field(self, name: str, base: Any, *, is_asked: bool) -> None:
        key, theirs, mine = self._choice_key(name), self._stored(name), self._typed(name)
        stands = whose(base, theirs, mine)
        choice = ""
        if is_asked and base == theirs:
            choice = str(self.data[key])
            stands = {"mine": Stands.MINE, "theirs": Stands.THEIRS}.get(choice, Stands.UNDECIDED)
        self._forget_choice(key)
        if stands == Stands.MINE or mine == theirs:
            return
        difference = Difference(name, self._label(name), *self._in_words(name), key, self._last_change(name))
        if stands == Stands.UNDECIDED:
            self.conflicts.append(difference)
            return
        self.data[self.add_prefix(name)] = theirs
        if not choice:
            self.taken.append(difference)

    def _forget_choice(self, key: str) -> None:
        if key in self.data:
            del self.data[key]

    def _version_opened(self) -> int:
        """What the form says; 0, which no record has, where it says nothing that can be."""
        given = str(self.data.get(self.add_prefix(VERSION), ""))
        return int(given) if re.fullmatch("[0-9]{1,9}", given) else 0

    def _columns_on_form(self) -> list[str]:
        """The fields that people edit and that are columns, or several, of the record."""
        columns = {column.name for column in self.instance._meta.concrete_fields if not column.primary_key}
        return [
            name
            for name, field in self.fields.items()
            if not (field.disabled or isinstance(field, VersionField | InlineForeignKeyField))
            and (name in columns or isinstance(field, SeveralColumns))
        ]

    def _choice_key(self, name: str) -> str:
        return self.add_prefix(f"choice-{name}")

    def _label(self, name: str) -> str:
        return str(self[name].label)

    # Values: as Python holds them, a related row by its key

    def _stored(self, name: str) -> Any:
        if isinstance(self.fields[name], SeveralColumns):
            return getattr(self.instance, name)
        column: Any = self.instance._meta.get_field(name)
        return _comparable(column.to_python(getattr(self.instance, column.attname)))

    def _before(self, name: str, changes: list[SavedChange]) -> Any:
        """What the record held before the first of `changes`."""
        field = self.fields[name]
        if not isinstance(field, SeveralColumns):
            return self._column_before(name, changes)
        return field.joined({column: self._column_before(column, changes) for column in field.columns})

    def _column_before(self, name: str, changes: list[SavedChange]) -> Any:
        column: Any = self.instance._meta.get_field(name)
        known = (change.before[name] for change in changes if name in change.before)
        return _comparable(column.to_python(next(known, getattr(self.instance, column.attname))))

    def _typed(self, name: str) -> Any:
        """The value typed; what can't be read is equal to nothing."""
        field = self.fields[name]
        try:
            value = field.clean(self._raw(name))
        except ValidationError:
            return object()
        if isinstance(field, SeveralColumns):
            return value
        if isinstance(value, models.Model):
            return value.pk
        column: Any = self.instance._meta.get_field(name)
        return _comparable(column.to_python(value))

    def _raw(self, name: str) -> Any:
        return self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    # Words

    def _in_words(self, name: str) -> tuple[str, str]:
        """The value typed and the one stored."""
        return self.in_words(name, self._raw(name)), self.in_words(name, self._stored(name))

    def in_words(self, name: str, value: Any) -> str:
        """A value of the field as people read it, also one that can't be read."""
        return in_words(self.fields[name], value)

    def changes_in_words(self) -> list[str]:
        """What the form changes of the record, one field each."""
        names = [name for name in self._columns_on_form() if name in self.changed_data]
        return [f"{self._label(name)}: {self.in_words(name, self._stored(name))}" for name in names]

    def taken_in_words(self) -> str:
        """What others saved and the form took over; empty where there is nothing."""
        return "; ".join(f"{one.label}: {one.theirs}" for one in self.taken)

    def _last_change(self, name: str) -> SavedChange | None:
        field = self.fields[name]
        columns = set(field.columns) if isinstance(field, SeveralColumns) else {name}
        return next((change for change in reversed(self._history) if columns & set(change.before)), None)

    @cached_property
    def _history(self) -> list[SavedChange]:
        changes: list[SavedChange] = self.instance.changes_since(0)
        return changes


def _comparable(value: Any) -> Any:
    """Browsers send every line break as two characters."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


class ValidatedModelForm(MergingForm):
    """A form that validates every constraint of its model, on the form or not.

    Django's own form skips a constraint when one of its fields isn't on the form, and the save then ends in
    an IntegrityError. Values that are not on the form must therefore stand on `instance` before validation:
    `EnrolmentForm(data, instance=Enrolment(training_class=opened))`.
    """

    @cached_property
    def helper(self) -> FormHelper:
        """How crispy draws the form; the page brings the form element and the buttons."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.render_hidden_fields = True
        return helper

    def _post_clean(self) -> None:
        super()._post_clean()
        failed = {column for name in self.errors if name != NON_FIELD_ERRORS for column in self._columns_of(name)}
        for validate in (self.instance.validate_unique, self.instance.validate_constraints):
            try:
                validate(exclude=failed)
            except ValidationError as refused:
                self.add_new(refused)

    def _columns_of(self, name: str) -> tuple[str, ...]:
        field = self.fields.get(name)
        return field.columns if isinstance(field, SeveralColumns) else (name,)

    def add_new(self, refused: ValidationError) -> None:
        """Add what wasn't said yet: under its field or, where that isn't on the form, above all fields."""
        for name, error in _by_field(refused):
            field = name if name in self.fields else None
            if error.messages[0] not in self.errors.get(field or NON_FIELD_ERRORS, []):
                self.add_error(field, error)


def _by_field(refused: ValidationError) -> Iterator[tuple[str, ValidationError]]:
    errors = refused.error_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.error_list}
    for name, found in errors.items():
        for error in found:
            yield name, error


class ValidatedInlineFormSet(forms.BaseInlineFormSet):
    """Rows of one parent; also refuses two new rows whose periods overlap each other.

    Django compares the rows of a formset with each other for unique columns only. Rows that somebody else deleted
    meanwhile leave the formset (`gone`, what was typed in them), and it says so.
    """

    data: Any
    model: type[models.Model]
    prefix: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gone: list[str] = []
        if self.is_bound:
            self._keep_to_rows_sent()

    def _keep_to_rows_sent(self) -> None:
        """Let the stored rows be those that were sent, in their order, and the data without those that are gone."""
        stored = {str(row.pk): row for row in self.get_queryset()}
        sent = [self.data.get(f"{self.add_prefix(number)}-{self._key_name}") for number in self._numbers("INITIAL")]
        if any(key is not None for key in sent):
            self._queryset = [stored[key] for key in sent if key in stored]
            self._leave_out([number for number, key in enumerate(sent) if key and key not in stored])

    @property
    def _key_name(self) -> str:
        return self.model._meta.pk.name

    def _numbers(self, which: str) -> range:
        count = str(self.data.get(f"{self.prefix}-{which}_FORMS", ""))
        return range(min(int(count), self.absolute_max) if re.fullmatch("[0-9]{1,9}", count) else 0)

    def _leave_out(self, gone: list[int]) -> None:
        """Number the rows of the data anew, without these."""
        if not gone:
            return
        self.gone = [self._typed_in(number) for number in gone]
        total, initial = self._numbers("TOTAL"), self._numbers("INITIAL")
        data = self.data.copy()
        for key in [key for key in data if re.match(rf"{re.escape(self.prefix)}-[0-9]+-", key)]:
            del data[key]
        for new, old in enumerate(number for number in total if number not in gone):
            for key, name in self._keys_of(old):
                data.setlist(f"{self.add_prefix(new)}-{name}", self.data.getlist(key))
        data[f"{self.prefix}-TOTAL_FORMS"] = len(total) - len(gone)
        data[f"{self.prefix}-INITIAL_FORMS"] = len(initial) - len(gone)
        self.data = data

    def _keys_of(self, number: int) -> list[tuple[str, str]]:
        """The names in the data of what was sent for a row, each with the field's own name."""
        start = f"{self.add_prefix(number)}-"
        return [(key, key.removeprefix(start)) for key in self.data if key.startswith(start)]

    def _typed_in(self, number: int) -> str:
        hidden = {self._key_name, self.fk.name, VERSION}
        typed = [str(self.data[key]) for key, name in self._keys_of(number) if name not in hidden]
        return ", ".join(value for value in typed if value)

    def clean(self) -> None:
        super().clean()
        self._refuse_gone()
        rows = [form.instance for form in self.forms if self._is_kept(form)]
        for constraint in self.model._meta.constraints:
            if not isinstance(constraint, NoOverlap):
                continue
            if any(constraint.is_broken_by(one, other) for one, other in combinations(rows, 2)):
                raise ValidationError(constraint.get_violation_error_message())

    def _refuse_gone(self) -> None:
        if self.gone:
            raise ValidationError(
                f"Người khác đã xóa dòng này trong lúc bạn sửa: “{'”, “'.join(self.gone)}”. "
                "Nếu vẫn cần, hãy thêm lại; nếu không, hãy lưu lần nữa."
            )
        for form in self.initial_forms:
            if getattr(form, "was_overtaken", False) and self._is_deleted(form):
                raise ValidationError(
                    f"Người khác đã sửa dòng “{form.instance}” trong lúc bạn xóa nó. Hãy xem lại, rồi lưu lần nữa."
                )

    def _is_deleted(self, form: forms.ModelForm) -> bool:
        return bool(self.can_delete and self._should_delete_form(form))  # type: ignore[attr-defined]

    def _is_kept(self, form: forms.ModelForm) -> bool:
        return (form.has_changed() or form.instance.pk is not None) and not self._is_deleted(form)


def taken_in_words(forms_sent: Iterable[Any]) -> str:
    """What the forms took over from others, in a sentence for whoever sent them; empty where nothing was."""
    told = "; ".join(filter(None, (form.taken_in_words() for form in forms_sent if isinstance(form, MergingForm))))
    return f"Trong lúc bạn sửa, người khác đã ghi và được giữ lại: {told}." if told else ""
