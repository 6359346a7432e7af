"""The forms by which files go out: of which organisations, and what those without an account are asked to fill in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from config.access import Permission
from config.years import FIRST_YEAR, LAST_YEAR
from members.models import Organisation, User
from reviews.exchange.fill_in import Request, Task, grassroots_of
from training.models import TrainingClass

NOT_OFFERED = "Hãy chọn một tổ chức trong danh sách."


class OutForm(forms.Form):
    """A file about an organisation with all under it."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Tổ chức",
        required=False,
        to_field_name="code",
        empty_label="– tất cả trong phạm vi của bạn –",
        help_text="Gồm mọi tổ chức cấp dưới.",
        error_messages={"invalid_choice": NOT_OFFERED},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.open_to(user, Permission.EXPORT).order_by("path")
        field.widget.attrs["class"] = "form-select"


class FillInForm(forms.Form):
    """What organisations are to fill in, and until when."""

    tasks = forms.MultipleChoiceField(
        label="Các trang cần ghi",
        choices=Task.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một trang."},
    )
    year = forms.IntegerField(
        label="Năm",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "class": "form-control short"}),
        help_text="Năm xếp loại; đảng viên lấy theo ngày 31/12 năm đó.",
        error_messages={
            "required": "Hãy ghi năm.",
            "invalid": "Hãy ghi năm bằng bốn chữ số, ví dụ 2015.",
            "min_value": f"Hãy ghi năm từ {FIRST_YEAR} trở đi.",
            "max_value": f"Hãy ghi năm đến {LAST_YEAR}.",
        },
    )
    training_class = forms.CharField(
        label="Mã lớp",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control short", "autocomplete": "off"}),
        help_text="Của trang Học viên.",
    )
    until = forms.DateField(
        label="Gửi lại trước ngày",
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control short", "placeholder": "ví dụ 15/12/2026"}),
        error_messages={"invalid": "Hãy ghi ngày đủ ngày, tháng, năm, ví dụ 15/12/2026."},
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Tổ chức",
        required=False,
        to_field_name="code",
        help_text="Không chọn: mọi tổ chức cơ sở đảng trong phạm vi của bạn. Giữ Ctrl để chọn nhiều.",
        error_messages={"invalid_choice": NOT_OFFERED},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["year"].initial = timezone.localdate().year
        field: Any = self.fields["organisations"]
        rows = Organisation.objects.open_to(user, Permission.EXPORT)
        field.queryset = rows.existing_on(timezone.localdate()).order_by("path")
        field.widget.attrs |= {"class": "form-select", "size": 8}

    def clean_training_class(self) -> TrainingClass | None:
        """The class with that code."""
        code = self.cleaned_data["training_class"].strip()
        found = TrainingClass.objects.filter(code__iexact=code).first() if code else None
        if code and found is None:
            raise ValidationError(f"Không có lớp nào mang mã “{code}”.")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen:
            self.add_error("organisations", "Chưa có tổ chức cơ sở đảng nào trong phạm vi của bạn.")
        return cleaned

    @property
    def chosen(self) -> list[Organisation]:
        """The organisations that get a workbook each."""
        return list(self.cleaned_data.get("organisations") or grassroots_of(self.user))

    @property
    def request(self) -> Request:
        """What is asked for."""
        said = self.cleaned_data
        until: dt.date | None = said.get("until")
        return Request(tuple(Task(task) for task in said["tasks"]), said["year"], said.get("training_class"), until)
