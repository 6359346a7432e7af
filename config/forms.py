"""The base of all forms on models: what the database would refuse, the form explains.

Fields and layouts of single forms live in the apps.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from config.constraints import NoOverlap


class ValidatedModelForm(forms.ModelForm):
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
        return helper

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        failed = {name for name in self.errors if name != NON_FIELD_ERRORS}
        for validate in (self.instance.validate_unique, self.instance.validate_constraints):
            try:
                validate(exclude=failed)
            except ValidationError as refused:
                self._add_new(refused)

    def _add_new(self, refused: ValidationError) -> None:
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

    Django compares the rows of a formset with each other for unique columns only.
    """

    def clean(self) -> None:
        super().clean()
        rows = [form.instance for form in self.forms if self._is_kept(form)]
        for constraint in self.get_queryset().model._meta.constraints:
            if not isinstance(constraint, NoOverlap):
                continue
            if any(constraint.is_broken_by(one, other) for one, other in combinations(rows, 2)):
                raise ValidationError(constraint.get_violation_error_message())

    def _is_kept(self, form: forms.ModelForm) -> bool:
        is_filled = form.has_changed() or form.instance.pk is not None
        return is_filled and not (self.can_delete and self._should_delete_form(form))  # type: ignore[attr-defined]
