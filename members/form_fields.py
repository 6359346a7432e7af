"""Form fields of what members' records hold beyond Django's own: dates known in part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from config.forms import SeveralColumns
from members.partial_dates import PartialDate, PartialDateError, Precision, parse
from members.text import one_line

FIRST_DAY, LAST_DAY = dt.date(1930, 1, 1), dt.date(2100, 12, 31)
WRONG_DAY = "Hãy gõ ngày/tháng/năm, ví dụ 05/09/2015."
OUTSIDE = f"Hãy gõ ngày từ năm {FIRST_DAY.year} đến năm {LAST_DAY.year}."


class DayField(forms.DateField):
    """A day, which may be left empty unless it is `required`, within the time that a log can speak of."""

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"autocomplete": "off", "size": 12})
        limits = [MinValueValidator(FIRST_DAY, OUTSIDE), MaxValueValidator(LAST_DAY, OUTSIDE)]
        super().__init__(required=required, widget=widget, validators=limits, **kwargs)
        self.error_messages["invalid"] = WRONG_DAY


class PartialDateField(SeveralColumns, forms.Field):
    """A date as on paper: 5/9/1975, 9/1975 or 1975.

    On a form it is named as the model's `partial` property over `column` and `column`_precision, and fills both.
    """

    def __init__(self, column: str, **kwargs: Any) -> None:
        self.columns = (column, f"{column}_precision")
        super().__init__(**{"help_text": "Ví dụ 05/09/1975, 09/1975 hoặc 1975."} | kwargs)

    def to_python(self, value: Any) -> PartialDate | None:
        """Raises ValidationError, with what to do, for text that is no date."""
        if isinstance(value, PartialDate):
            return value
        text = str(value or "")
        try:
            return parse(text) if one_line(text) else None
        except PartialDateError as unreadable:
            raise ValidationError(str(unreadable), code="invalid") from unreadable

    def joined(self, values: dict[str, Any]) -> PartialDate | None:
        column, precision = self.columns
        first_day: dt.date | None = values[column]
        return PartialDate(first_day, Precision(values[precision])) if first_day else None
