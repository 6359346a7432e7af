"""The tables of a person's file: for each its rows, its form, its words. The pages stand in members.person_pages."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory
from django.http import QueryDict

from config.forms import ValidatedInlineFormSet
from members.form_fields import PartialDateField
from members.forms import RecordForm
from members.models import Journey, Person, ReceivedAward, Relative, Study, WorkPeriod

# Begins the names of the fields of rows.
PREFIX = "dong"
# How many blank rows a press of the button adds.
MORE = 3


class RowForm(RecordForm):
    """A row of a table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PartialDateField):
                field.help_text = ""


class PeriodForm(RowForm):
    """A row with a beginning, which may have to be told, and an end."""

    began = PartialDateField("began_on", label="Từ")
    ended = PartialDateField("ended_on", label="Đến", required=False)


class WorkPeriodForm(PeriodForm):
    class Meta:
        model = WorkPeriod
        fields = ("began", "ended", "work", "position", "workplace")


class StudyForm(PeriodForm):
    began = PartialDateField("began_on", label="Từ", required=False)

    class Meta:
        model = Study
        fields = ("school", "subject", "began", "ended", "mode", "certificate")


class JourneyForm(PeriodForm):
    class Meta:
        model = Journey
        fields = ("began", "ended", "country", "purpose")


class RelativeForm(RowForm):
    class Meta:
        model = Relative
        fields = ("relation", "full_name", "birth_year", "occupation", "residence", "political_note")


class ReceivedAwardForm(RowForm):
    class Meta:
        model = ReceivedAward
        fields = ("year", "form", "awarded_by")


class RowFormSet(ValidatedInlineFormSet):
    """The rows of a table of one person, and blank ones below; a blank row says nothing."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, form_kwargs={"user": user}, **kwargs)

    @property
    def typed_reason(self) -> str:
        """Rows ask for no reason."""
        return ""

    def add_new(self, refused: ValidationError) -> None:
        """Add a refusal above all rows."""
        self.non_form_errors().extend(refused.messages)

    def add_error(self, field: None, words: str) -> None:
        """The same, as single forms have it."""
        self.non_form_errors().append(words)

    def show_as_typed(self) -> None:
        """Show the data as somebody left them, without a word on what is wrong with them."""
        for form in self.rows:
            form.show_as_typed()
        self._errors = [form.errors for form in self.forms]
        self._non_form_errors = self.error_class(renderer=self.renderer)  # type: ignore[attr-defined]

    def begin_in_added_row(self) -> None:
        """Open the page in the first field of the rows that `with_more_rows` added."""
        for row in self.rows[-MORE:][:1]:
            row.visible_fields()[0].field.widget.attrs["autofocus"] = True

    @property
    def rows(self) -> list[RowForm]:
        """The forms of the rows, blank ones too."""
        return list(self.forms)  # type: ignore[arg-type]

    @property
    def doomed(self) -> list[Any]:
        """The stored rows that are to go."""
        return [form.instance for form in self.deleted_forms if form.instance.pk]

    @property
    def written(self) -> list[RowForm]:
        """The forms of rows that are new or changed."""
        return [form for form in self.rows if form.has_changed() and form not in self.deleted_forms]

    def changes_in_words(self) -> list[str]:
        """What is done to which row."""
        told = [f"{'sửa' if form.instance.pk else 'thêm'} “{form.instance}”" for form in self.written]
        return told + [f"xóa “{row}”" for row in self.doomed]


@dataclass(frozen=True)
class TablePart:
    """A table of the file: its key in addresses, its heading, the relation that holds its rows, its form.

    `columns` are the names of what the page shows of a row.
    """

    key: str
    heading: str
    rows: str
    form: type[RowForm]
    columns: tuple[str, ...]
    empty: str
    note: str = ""

    @property
    def model(self) -> Any:
        """What a row is."""
        return self.form.Meta.model  # type: ignore[attr-defined]

    @property
    def labels(self) -> list[str]:
        """The headings of the columns."""
        return [label_of(self.model, name) for name in self.columns]

    def formset(self, *args: Any, extra: int, **kwargs: Any) -> RowFormSet:
        """The rows of a person, with so many blank ones below."""
        made: Any = inlineformset_factory(
            Person, self.model, form=self.form, formset=RowFormSet, extra=extra, can_delete_extra=False
        )
        return made(*args, prefix=PREFIX, **kwargs)


def label_of(model: Any, name: str) -> str:
    """What people call a field; a date known in part by the name of its property."""
    names = {field.name for field in model._meta.get_fields()}
    label = str(model._meta.get_field(name if name in names else f"{name}_on").verbose_name)
    return label[:1].upper() + label[1:]


_SINCE = "Ghi từ khi trưởng thành đến nay, mỗi công việc một dòng; chỉ biết tháng hoặc năm thì ghi tháng hoặc năm."
TABLES = (
    TablePart(
        "qua-trinh-cong-tac",
        "Quá trình công tác",
        "work_periods",
        WorkPeriodForm,
        ("began", "ended", "work", "position", "workplace"),
        "Chưa ghi quá trình công tác.",
        _SINCE,
    ),
    TablePart(
        "dao-tao",
        "Đào tạo, bồi dưỡng đã qua",
        "studies",
        StudyForm,
        ("school", "subject", "began", "ended", "mode", "certificate"),
        "Chưa ghi trường, lớp nào.",
        "Các lớp do đảng bộ mở có trang riêng; ở đây ghi trường, lớp khác đã học.",
    ),
    TablePart(
        "nuoc-ngoai",
        "Đi nước ngoài",
        "journeys",
        JourneyForm,
        ("began", "ended", "country", "purpose"),
        "Chưa ghi lần đi nước ngoài nào.",
    ),
    TablePart(
        "gia-dinh",
        "Quan hệ gia đình",
        "relatives",
        RelativeForm,
        ("relation", "full_name", "birth_year", "occupation", "residence", "political_note"),
        "Chưa ghi người thân nào.",
        "Cha, mẹ, vợ hoặc chồng, con, anh chị em ruột; cha, mẹ của vợ hoặc chồng.",
    ),
    TablePart(
        "khen-thuong",
        "Khen thưởng đã nhận",
        "received_awards",
        ReceivedAwardForm,
        ("year", "form", "awarded_by"),
        "Chưa ghi khen thưởng nào.",
        "Huân chương, huy chương, bằng khen, danh hiệu do nơi khác tặng. Khen thưởng của đảng bộ có trang riêng.",
    ),
)


def with_more_rows(sent: QueryDict) -> QueryDict:
    """What was sent, with some more blank rows."""
    data = sent.copy()
    total = str(data.get(f"{PREFIX}-TOTAL_FORMS", ""))
    if total.isascii() and total.isdigit() and len(total) < 4:
        data[f"{PREFIX}-TOTAL_FORMS"] = str(int(total) + MORE)
    return data


def rows_typed(sent: QueryDict) -> list[str]:
    """What was typed into each row that says something."""
    rows: dict[int, list[str]] = defaultdict(list)
    for name, value in sent.items():
        found = re.fullmatch(rf"{PREFIX}-([0-9]{{1,4}})-(\w+)", name)
        if found and value and found[2] not in {"id", "person", "version", "DELETE"}:
            rows[int(found[1])].append(str(value))
    return [", ".join(rows[number]) for number in sorted(rows)]
