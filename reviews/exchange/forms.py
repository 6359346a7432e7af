"""The form by which files come in, and what is said of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from config.access import Permission, scope_of
from config.files import FilesField, FilesInput
from config.years import FIRST_YEAR, LAST_YEAR
from members.intake import packages
from members.intake.contract import KINDS
from members.models import Organisation, User
from training.models import TrainingClass

MOST_FILES = 10
ENDINGS = ".xlsx,.xlsm,.xls,.ods,.csv,.txt"
ORDERS = (
    ("", "Để chương trình tự nhận"),
    ("dmy", "Ngày trước, tháng sau (05/03 là 5 tháng 3)"),
    ("mdy", "Tháng trước, ngày sau (05/03 là 3 tháng 5)"),
)


class TablesField(FilesField):
    """Several table files: (name, content) each. What is no table, or not safe to read, is refused by its name."""

    widget = FilesInput(attrs={"accept": ENDINGS, "class": "form-control"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = super().clean(data, initial)
        return [_checked(file.name, file.read(), is_alone=len(sent) == 1) for file in sent]


def _checked(name: str, content: bytes, *, is_alone: bool) -> tuple[str, bytes]:
    try:
        packages.check(content, name)
    except ValidationError as refused:
        reason = " ".join(refused.messages)
        raise ValidationError(reason if is_alone else f"{name}: {reason}") from refused
    return name, content


class RowsForm(forms.Form):
    """What is said of rows that leave it out: their organisation, class and year."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Các dòng thuộc tổ chức",
        required=False,
        to_field_name="code",
        empty_label="– theo từng dòng trong tệp –",
        help_text="Dùng cho dòng không ghi tổ chức. Dòng có ghi thì theo dòng.",
        error_messages={"invalid_choice": "Hãy chọn một tổ chức trong danh sách."},
    )
    training_class = forms.CharField(
        label="Mã lớp",
        required=False,
        max_length=40,
        help_text="Dùng cho danh sách học viên không ghi lớp.",
        widget=forms.TextInput(attrs={"list": "ma-lop", "autocomplete": "off"}),
    )
    year = forms.IntegerField(
        label="Năm",
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text="Dùng cho bảng xếp loại, khen thưởng không ghi năm.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "placeholder": "ví dụ 2015"}),
        error_messages={
            "invalid": "Hãy ghi năm bằng bốn chữ số, ví dụ 2015.",
            "min_value": f"Hãy ghi năm từ {FIRST_YEAR} trở đi.",
            "max_value": f"Hãy ghi năm đến {LAST_YEAR}.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.paths = scope_of(user, Permission.CHANGE_RECORDS).paths
        self.fields["organisation"].queryset = (  # type: ignore[attr-defined]
            Organisation.objects.open_to(user, Permission.CHANGE_RECORDS).order_by("path")
        )
        self.fields["organisation"].widget.attrs["class"] = "form-select"
        for name in ("training_class", "year"):
            self.fields[name].widget.attrs["class"] = "form-control short"

    @property
    def classes(self) -> list[tuple[str, str]]:
        """Code and name of the latest classes, to choose from while typing."""
        return list(TrainingClass.objects.visible_to(self.user).values_list("code", "name")[:200])

    @property
    def options(self) -> dict[str, Any]:
        """What was said of the rows, as sessions.open_session takes it; what wasn't is left out."""
        said = self.cleaned_data
        organisation = said.get("organisation")
        values = {
            "organisation": organisation.code if organisation else "",
            "class": said.get("training_class"),
            "year": said.get("year"),
        }
        return {name: value for name, value in values.items() if value}


class UploadForm(RowsForm):
    """Files and, where somebody knows it, what their rows are."""

    uploads = TablesField(most=MOST_FILES, label="Tệp", error_messages={"required": "Hãy chọn ít nhất một tệp."})
    kind = forms.ChoiceField(label="Loại hồ sơ", required=False)
    dates = forms.ChoiceField(label="Thứ tự ngày, tháng", choices=ORDERS, required=False)
    field_order = ("uploads", "kind", "organisation", "training_class", "year", "dates")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["kind"].choices = [("", "Để chương trình tự nhận"), *((name, name) for name in KINDS)]  # type: ignore[attr-defined]
        for name in ("kind", "dates"):
            self.fields[name].error_messages["invalid_choice"] = "Hãy chọn một mục trong danh sách."
            self.fields[name].widget.attrs["class"] = "form-select"

    @property
    def options(self) -> dict[str, Any]:
        """The same, and the kind of record and the order of dates."""
        said = {name: self.cleaned_data.get(name) for name in ("kind", "dates")}
        return super().options | {name: value for name, value in said.items() if value}

    @property
    def holder(self) -> Organisation | None:
        """The organisation whose staff see the session: the highest of the scope over the one chosen."""
        chosen = self.cleaned_data.get("organisation")
        covering = [path for path in self.paths if chosen is None or chosen.path.startswith(path)]
        return Organisation.objects.filter(path__in=covering).order_by("path").first()
