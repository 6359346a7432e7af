"""Forms on records; what the database refuses stands in the models, what writes have to follow in services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceField
from django.utils import timezone

from config.forms import SeveralColumns, ValidatedModelForm
from members import services
from members.form_fields import PartialDateField
from members.models import Organisation, Person, User
from members.plausibility import implausible
from members.text import fold, one_line

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
            _say_blank(field)
            field.widget.attrs.setdefault("class", _classes(field))
            field.error_messages["required"] = "Hãy chọn mục này." if _is_choice(field) else "Hãy ghi mục này."

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


WHO = ("full_name", "other_names", "born", "sex", "ethnicity", "religion", "national_id_number")
WHERE = ("home_town", "residence")
WORK = ("occupation", "general_education", "professional_education", "theory_level")
FILE = ("file_number", "card_number", "card_issued", "former_card_number")
FOLLOWED = ("followed_by", "note")


class FollowedForm(RecordForm):
    """A form with `followed_by`: of the organisations that still exist."""

    born = PartialDateField("born_on", required=False)

    class Meta:
        model = Person
        fields: tuple[str, ...] = ("born", "followed_by")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def _post_clean(self) -> None:
        super()._post_clean()
        for name, refusal in implausible(self.instance):
            if name in self.fields and name not in self.errors:
                self.add_error(name, refusal)

    def offered(self, name: str, rows: Any) -> Any:
        existing = Organisation.objects.existing_on(timezone.localdate())
        held = Q(pk=self.instance.followed_by_id)
        return super().offered(name, rows).filter(Q(pk__in=existing.values("pk")) | held)


class PersonForm(FollowedForm):
    """The file of a person; a change of who they are takes a reason."""

    card_issued = PartialDateField("card_issued_on", required=False)
    reason = forms.CharField(
        label="Lý do, căn cứ sửa",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Phải ghi khi sửa họ và tên, ngày sinh, số lý lịch, số thẻ hoặc số định danh cá nhân.",
    )
    sections = (
        ("Bản thân", (*WHO, *WHERE)),
        ("Nghề nghiệp, trình độ", WORK),
        ("Lý lịch, thẻ đảng viên", FILE),
        ("Theo dõi, giúp đỡ", FOLLOWED),
        ("Vì sao sửa", ("reason",)),
    )

    class Meta(FollowedForm.Meta):
        fields = (*WHO, *WHERE, *WORK, *FILE, *FOLLOWED)

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors and not self.typed_reason and services.needs_reason(self.instance):
            self.add_error("reason", services.REASON_NEEDED)


class CandidateForm(FollowedForm):
    """A new quần chúng ưu tú; who seems to be known already (`known`) is added only when said to be another."""

    is_another = forms.BooleanField(label="Đây là người khác, vẫn thêm", required=False)
    sections = (
        ("Theo dõi, giúp đỡ", FOLLOWED),
        ("Bản thân", (*WHO, "file_number", *WHERE)),
        ("Nghề nghiệp, trình độ", WORK),
    )

    class Meta(FollowedForm.Meta):
        fields = (*FOLLOWED, *WHO, "file_number", *WHERE, *WORK)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: list[Person] = []
        self.fields["followed_by"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.known = self._known(cleaned)
        if self.known and not cleaned.get("is_another"):
            self.add_error(
                "is_another", "Đã có người cùng họ tên, ngày sinh. Nếu đúng là người khác, hãy đánh dấu ô này."
            )
        return cleaned

    def _known(self, cleaned: dict[str, Any]) -> list[Person]:
        """People whom the user may see, of that name (accents and case aside) and date of birth."""
        if not {"full_name", "born"} <= set(cleaned):
            return []
        born = cleaned["born"]
        named = Person.objects.visible_to(self.user).filter(name_search=fold(cleaned["full_name"]))
        same = (
            named.filter(born_on=born.first_day, born_on_precision=born.precision)
            if born
            else named.filter(born_on__isnull=True)
        )
        return list(same[:5])
