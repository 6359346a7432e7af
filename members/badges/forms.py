"""Forms on rounds of badges, badges and disciplinary decisions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.badges.services import REASON
from members.form_fields import PartialDateField
from members.forms import RecordForm, Section
from members.models import Badge, BadgeProposal, BadgeRound, Discipline, Organisation, Person
from members.models.badge_rounds import RoundState
from members.models.honours import DisciplineForm
from members.text import one_line

TOO_MANY = "Có nhiều người khớp: {}. Hãy ghi số lý lịch của đúng người."
NOBODY = "Không tìm thấy ai trong phạm vi của bạn. Hãy ghi số lý lịch, số thẻ hoặc họ và tên đầy đủ."
OFFERED = 5


def reason_field(label: str = "Lý do, căn cứ", *, required: bool = True) -> forms.CharField:
    """Why, for the trail."""
    return forms.CharField(label=label, max_length=500, required=required, widget=forms.Textarea(attrs={"rows": 2}))


class OpenRoundForm(RecordForm):
    """A new round: whose, and for which day."""

    sections = (("Đợt xét tặng", ("organisation", "award_on")),)

    class Meta:
        model = BadgeRound
        fields = ("organisation", "award_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["award_on"].help_text = "Ví dụ 03/02/2027. Danh sách lấy người đủ tuổi đảng đến ngày này."

    def offered(self, name: str, rows: Any) -> Any:
        existing = Organisation.objects.existing_on(timezone.localdate())
        return super().offered(name, rows).filter(pk__in=existing.values("pk"))


class DecideForm(RecordForm):
    """The decision for a whole round."""

    sections = (("Quyết định tặng Huy hiệu Đảng", ("decision_number", "decided_on")),)

    class Meta:
        model = BadgeRound
        fields = ("decision_number", "decided_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].required = True

    def _post_clean(self) -> None:
        # The decision is what moves the round on; the database wants both at once.
        self.instance.state = RoundState.DECIDED
        super()._post_clean()


class ConfirmForm(RecordForm):
    """Nothing to fill in: what will happen stands on the page."""

    class Meta:
        model = BadgeRound
        fields: tuple[str, ...] = ()


class StepBackForm(RecordForm):
    """Why the last step is taken back."""

    reason = reason_field("Lý do lùi lại")
    sections = (("Vì sao", ("reason",)),)

    class Meta:
        model = BadgeRound
        fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Of two who step back at once the second would take back what the first left standing."""
        if self.was_overtaken:
            raise ValidationError("Người khác vừa ghi vào đợt này. Hãy xem đợt đang ở bước nào rồi mới lùi lại.")
        return super().clean() or self.cleaned_data


class PutBackForm(RecordForm):
    """Nothing to fill in."""

    class Meta:
        model = BadgeProposal
        fields: tuple[str, ...] = ()

    def _post_clean(self) -> None:
        self.instance.left_out_reason = ""
        super()._post_clean()


class LeaveOutForm(RecordForm):
    """Why somebody is taken off the list."""

    sections = (("Vì sao", ("left_out_reason",)),)

    class Meta:
        model = BadgeProposal
        fields = ("left_out_reason",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left_out_reason"].required = True
        self.fields["left_out_reason"].error_messages["required"] = REASON

    @property
    def typed_reason(self) -> str:
        return one_line(self.cleaned_data.get("left_out_reason", ""))


class ProposeForm(RecordForm):
    """Somebody put on the list by hand."""

    who = forms.CharField(
        label="Đảng viên",
        max_length=255,
        help_text="Số lý lịch, số thẻ đảng viên, hoặc họ và tên.",
    )
    sections = (("Người được đề nghị", ("who", "milestone", "kind", "reason")),)

    class Meta:
        model = BadgeProposal
        fields = ("milestone", "kind", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Phải ghi khi tặng sớm (bệnh nặng …) hoặc truy tặng."

    def clean_who(self) -> Person:
        """The one person whom the text means, among those whom the user may change."""
        typed = one_line(self.cleaned_data["who"])
        people = Person.objects.changeable_by(self.user)
        exact = people.filter(file_number=typed).first() or people.filter(card_number=typed).first()
        found = [exact] if exact else list(people.matching(typed)[: OFFERED + 1])
        if not found:
            raise ValidationError(NOBODY)
        if len(found) > 1:
            told = "; ".join(f"{person} (số lý lịch {person.file_number})" for person in found[:OFFERED])
            raise ValidationError(TOO_MANY.format(told + ("…" if len(found) > OFFERED else "")))
        self.instance.person = found[0]
        person: Person = found[0]
        return person


class BadgeForm(RecordForm):
    """A badge recorded by hand, or corrected; what was there is changed for a reason only."""

    awarded = PartialDateField("awarded_on")
    reason = reason_field("Lý do, căn cứ sửa", required=False)
    sections: ClassVar[tuple[Section, ...]] = (
        ("Huy hiệu", ("milestone", "awarded", "is_posthumous", "badge_number")),
        ("Quyết định", ("decision_number", "decided_on")),
        ("Vì sao sửa", ("reason",)),
    )
    needs_reason = ("milestone", "awarded", "is_posthumous")

    class Meta:
        model = Badge
        fields = ("milestone", "awarded", "is_posthumous", "badge_number", "decision_number", "decided_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["reason"]
            self.sections = self.sections[:-1]  # type: ignore[misc]
        else:
            self.fields["reason"].help_text = "Phải ghi khi sửa mốc, ngày trao hoặc truy tặng."

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "reason" in self.fields and set(self.needs_reason) & set(self.changed_data) and not self.typed_reason:
            self.add_error("reason", REASON)
        return cleaned


class DisciplineRecordForm(RecordForm):
    """A decision on a member or, where the instance has an organisation, on that."""

    decided = PartialDateField("decided_on")
    sections: ClassVar[tuple[Section, ...]] = (("Quyết định kỷ luật", ("form", "decided", "decision_number", "note")),)

    class Meta:
        model = Discipline
        fields: tuple[str, ...] = ("form", "decided", "decision_number", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = FOR_MEMBERS if self.instance.person_id else FOR_ORGANISATIONS
        field: Any = self.fields["form"]
        field.choices = [(value, label) for value, label in field.choices if not value or value in known]


FOR_MEMBERS = {
    DisciplineForm.REPRIMAND,
    DisciplineForm.WARNING,
    DisciplineForm.REMOVAL,
    DisciplineForm.EXPULSION,
}
FOR_ORGANISATIONS = {DisciplineForm.REPRIMAND, DisciplineForm.WARNING, DisciplineForm.DISSOLUTION}


class DisciplineCorrectionForm(DisciplineRecordForm):
    """The same corrected or taken back, for a reason."""

    reason = reason_field("Lý do, căn cứ sửa")
    sections = (*DisciplineRecordForm.sections, ("Vì sao sửa", ("revoked_on", "reason")))

    class Meta(DisciplineRecordForm.Meta):
        fields = (*DisciplineRecordForm.Meta.fields, "revoked_on")
