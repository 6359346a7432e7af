"""Forms of movements: what the paper says, in its order; what follows from it is the services' work."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceField
from django.utils import timezone

from config.access import Permission, scope_of
from members.form_fields import PartialDateField
from members.forms import RecordForm, dress
from members.models import Admission, Movement, Organisation
from members.models.movements import MovementKind
from members.movements.acts import BY_KIND, Act
from members.movements.services import PAPERS
from members.partial_dates import PartialDate
from members.person_forms import CandidateForm
from members.text import fold, one_line

EXAMPLE = "Ví dụ 05/09/1975, 09/1975 hoặc 1975."


def partial_date(text: str) -> PartialDate | None:
    """The date that was typed as on paper; raises ValidationError for what is none."""
    return PartialDateField("").to_python(text)


class OrganisationField(ModelChoiceField):
    """A choice of an organisation, named with the one above it: many cells have the same name."""

    def __init__(self, **kwargs: Any) -> None:
        rows = Organisation.objects.select_related("parent").order_by("path")
        super().__init__(rows, **kwargs)

    def label_from_instance(self, organisation: Any) -> str:
        upper = organisation.parent
        return f"{organisation.name} ({upper.name})" if upper and upper.parent_id else str(organisation.name)


def find_by_name(text: str) -> Organisation:
    """The living organisation of that code or whole name (accents and case aside).

    Raises ValidationError where there is none, or several.
    """
    living = Organisation.objects.existing_on(timezone.localdate())
    found = list(living.filter(code__iexact=text)[:2]) or list(living.filter(name_search=fold(text))[:2])
    if not found:
        told = f"Không có tổ chức nào đang hoạt động mang mã hoặc tên “{text}”. Hãy ghi đúng mã hoặc đủ tên."
        raise ValidationError(told)
    if len(found) > 1:
        raise ValidationError(f"Có nhiều tổ chức tên “{text}”. Hãy ghi mã tổ chức.")
    return found[0]


class MovementForm(RecordForm):
    """A movement of the kind that the instance says, with the fields of that kind alone."""

    happened = PartialDateField("happened_on")
    arrived = PartialDateField("arrived_on", required=False, label="Ngày nơi đến tiếp nhận")
    to_organisation = OrganisationField(label="Tổ chức trong phạm vi của bạn", required=False)
    to_named = forms.CharField(
        label="Hoặc tổ chức khác trong đảng bộ",
        max_length=255,
        required=False,
        help_text="Ghi mã hoặc đúng tên.",
    )
    decided = forms.CharField(label="Ngày quyết định kết nạp", max_length=30, required=False, help_text=EXAMPLE)
    official = forms.CharField(label="Ngày chính thức", max_length=30, required=False, help_text=EXAMPLE)

    of_all_kinds: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        model = Movement
        fields = (
            *("happened", "decision_number", "letter_number", "cause_on", "from_place", "to_organisation", "to_place"),
            *("until_on", "is_study", "arrived", "answer_number", "reason", "note"),
        )
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act: Act = BY_KIND[MovementKind(self.instance.kind)]
        self.sections = self.act.sections  # type: ignore[misc]
        wanted = set(self.act.fields) | self.of_all_kinds
        if any(path.count("/") == 1 for path in scope_of(self.user, Permission.CHANGE_RECORDS).paths):
            wanted.discard("to_named")  # every organisation stands in the list
        for name in set(self.fields) - wanted:
            del self.fields[name]
        self.fields["happened"].label = self.act.day
        self._settle_places()

    def _settle_places(self) -> None:
        """Let the fields of places say what they are for this kind."""
        inside = "to_organisation" in self.fields
        if inside and "to_named" not in self.fields:
            self.fields["to_organisation"].label = "Tổ chức"
            self.fields["to_organisation"].required = "to_place" not in self.fields
        if "to_place" in self.fields:
            self.fields["to_place"].label = "Hoặc nơi ngoài đảng bộ" if inside else "Nơi chuyển đến"
            self.fields["to_place"].required = not inside
        if "from_place" in self.fields:
            self.fields["from_place"].label, self.fields["from_place"].required = "Chuyển từ", True
        if "until_on" in self.fields:
            self.fields["until_on"].required = True

    def offered(self, name: str, rows: Any) -> Any:
        existing = Organisation.objects.existing_on(timezone.localdate())
        return super().offered(name, rows).filter(pk__in=existing.values("pk"))

    def clean_to_named(self) -> Organisation | None:
        """The organisation that was named."""
        text = one_line(self.cleaned_data["to_named"])
        return find_by_name(text) if text else None

    def clean_decided(self) -> PartialDate | None:
        return partial_date(self.cleaned_data["decided"])

    def clean_official(self) -> PartialDate | None:
        return partial_date(self.cleaned_data["official"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "to_organisation" not in self.fields:
            return cleaned
        given = [name for name in ("to_organisation", "to_named", "to_place") if cleaned.get(name)]
        if len(given) > 1:
            self.add_error(given[-1], "Chỉ ghi một nơi đến: hãy bỏ trống những ô khác.")
        elif not given and not self.errors:
            self.add_error("to_organisation", "Hãy chọn tổ chức, hoặc ghi nơi đến ở ô bên cạnh.")
        elif "to_named" in given:
            cleaned["to_organisation"] = cleaned["to_named"]
        return cleaned

    @property
    def admission(self) -> Admission | None:
        """What was told of the admission elsewhere."""
        return told_admission(self.cleaned_data)


def told_admission(cleaned: dict[str, Any]) -> Admission | None:
    """An admission, not saved, with the dates that were typed; None where none was."""
    decided, official = cleaned.get("decided"), cleaned.get("official")
    if decided is None and official is None:
        return None
    told = Admission()
    told.decided, told.official = decided, official
    return told


class ArrivalForm(CandidateForm):
    """Somebody who comes by transfer and isn't on record yet: who they are, and their arrival."""

    happened = forms.CharField(label="Ngày tiếp nhận", max_length=30, help_text=EXAMPLE)
    to_organisation = OrganisationField(label="Tổ chức tiếp nhận")
    from_place = forms.CharField(label="Chuyển từ", max_length=255)
    letter_number = forms.CharField(label="Số giấy giới thiệu", max_length=60, required=False)
    decided = forms.CharField(label="Ngày quyết định kết nạp", max_length=30, help_text=EXAMPLE)
    official = forms.CharField(
        label="Ngày chính thức", max_length=30, required=False, help_text="Để trống nếu đang dự bị."
    )
    sections = (  # type: ignore[assignment]
        ("Giấy giới thiệu sinh hoạt đảng", ("letter_number", "happened", "from_place", "to_organisation")),
        ("Bản thân", ("full_name", "other_names", "born", "sex", "ethnicity", "religion", "national_id_number")),
        ("Vào Đảng", ("decided", "official", "file_number", "card_number")),
        ("Quê quán, nơi ở, nghề nghiệp", ("home_town", "permanent_residence", "residence", "occupation")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("followed_by", None)

    def offered(self, name: str, rows: Any) -> Any:
        existing = Organisation.objects.existing_on(timezone.localdate())
        return rows.filter(pk__in=rows.changeable_by(self.user).values("pk")).filter(pk__in=existing.values("pk"))

    def clean_happened(self) -> PartialDate | None:
        return partial_date(self.cleaned_data["happened"])

    def clean_decided(self) -> PartialDate | None:
        return partial_date(self.cleaned_data["decided"])

    def clean_official(self) -> PartialDate | None:
        return partial_date(self.cleaned_data["official"])

    @property
    def movement(self) -> Movement:
        """The arrival, not saved."""
        told = self.cleaned_data
        movement = Movement(person=self.instance, kind=MovementKind.TRANSFER_IN, from_place=told["from_place"])
        movement.happened, movement.to_organisation = told["happened"], told["to_organisation"]
        movement.letter_number = told["letter_number"]
        return movement


class SeveralForm(MovementForm):
    """A movement of several people by one decision."""

    numbers = forms.CharField(
        label="Hoặc ghi số lý lịch, số thẻ đảng viên",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi số một dòng; cộng với những người đã đánh dấu ở trên.",
    )
    of_all_kinds = frozenset({"numbers"})


class ConfirmForm(forms.Form):
    """The answer of the place of arrival."""

    arrived = forms.CharField(label="Ngày nơi đến tiếp nhận", max_length=30, help_text=EXAMPLE)
    answer_number = forms.CharField(label="Số phiếu báo", max_length=60, required=False)

    def clean_arrived(self) -> PartialDate | None:
        return partial_date(self.cleaned_data["arrived"])


class UndoForm(forms.Form):
    """Why a movement is undone."""

    reason = forms.CharField(
        label="Vì sao hoàn tác",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: ghi nhầm người; quyết định bị thu hồi. Lý do được giữ lại.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["reason"])


class PapersForm(RecordForm):
    """The papers of a movement: numbers, reason and note."""

    why = forms.CharField(
        label="Vì sao sửa", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="Lý do được giữ lại."
    )
    sections = (("Giấy tờ", ("decision_number", "letter_number", "answer_number", "reason", "note")), ("", ("why",)))

    class Meta:
        model = Movement
        fields = PAPERS
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 2})}

    @property
    def typed_reason(self) -> str:
        return one_line(self.cleaned_data.get("why", ""))
