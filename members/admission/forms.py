"""Forms on cases of admission."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from members.admission import votes
from members.admission.judging import certificate, certificate_day
from members.form_fields import WRONG_DAY, PartialDateField
from members.forms import RecordForm, take_numbers_as_typed
from members.models import (
    AdmissionCase,
    AdmissionStage,
    CaseHelper,
    CaseStep,
    MassOrganisation,
    Membership,
    Person,
    ProbationRemark,
)
from members.models.admission_cases import BALLOT
from members.models.admission_stages import StageEffect
from members.text import one_line

DAY_LABELS = {
    StageEffect.DECISION: "Ngày quyết định",
    StageEffect.CEREMONY: "Ngày lễ kết nạp",
    StageEffect.RECOGNITION: "Ngày quyết định",
    StageEffect.CERTIFICATE: "Ngày cấp giấy chứng nhận",
    StageEffect.HELPERS: "Ngày phân công",
}
VOTE_HELP = {
    "entitled": "Tổng số người được quyền biểu quyết, kể cả vắng mặt.",
    "issued": "Biểu quyết giơ tay thì để trống.",
    "returned": "Biểu quyết giơ tay thì để trống.",
}


class CaseForm(RecordForm):
    """A form on a case: it holds the version of the case that whoever fills it in has seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        case = self.case
        if case is not None:
            self.fields["seen"].initial = case.version

    @property
    def case(self) -> AdmissionCase | None:
        """The case that the form is about; None for many."""
        row: Any = self.instance
        return row if isinstance(row, AdmissionCase) else (row.case if row.case_id else None)

    @property
    def version_seen(self) -> int | None:
        """The version of the case that was on the page."""
        seen: int | None = self.cleaned_data.get("seen")
        return seen


class StepForm(CaseForm):
    """A step, with the fields that it asks for: paper, vote, helpers; for a batch without a case."""

    done = PartialDateField("done_on", help_text="Như trên văn bản, ví dụ 05/09/2026.")
    helper_1 = forms.ModelChoiceField(Person.objects.none(), label="Đảng viên giúp đỡ thứ nhất", required=False)
    helper_2 = forms.ModelChoiceField(Person.objects.none(), label="Đảng viên giúp đỡ thứ hai", required=False)
    helper_mass = forms.ModelChoiceField(
        MassOrganisation.objects.none(),
        label="Hoặc đoàn thể",
        required=False,
        help_text="Một đảng viên cùng Đoàn Thanh niên hoặc công đoàn.",
    )
    is_confirmed = forms.BooleanField(label="Tôi đã đọc những điều cần lưu ý, vẫn ghi", required=False)
    helper_names: ClassVar[tuple[str, ...]] = ("helper_1", "helper_2", "helper_mass")

    class Meta:
        model = CaseStep
        fields = ("done", "number", "received_on", *BALLOT, "note")
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, is_received: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: AdmissionStage = self.instance.stage
        self._drop_unasked(stage, is_received=is_received)
        if is_received:
            self.fields["received_on"].label = "Ngày nơi làm bước sau nhận được"
            self.fields["received_on"].help_text = "Nếu ghi, thời hạn của bước sau tính từ ngày này."
        self.fields["done"].label = DAY_LABELS.get(StageEffect(stage.effect), "Ngày") if stage.effect else "Ngày"
        if stage.effect == StageEffect.CERTIFICATE or stage.programme:
            self._fill_in_certificate(stage)
        if stage.effect == StageEffect.HELPERS and self.case is not None:
            self._offer_helpers(self.case)
        for name in BALLOT:
            if name in self.fields:
                self.fields[name].widget.attrs |= {"class": "form-control short"}
                self.fields[name].help_text = VOTE_HELP.get(name, "")
                self.fields[name].required = name in {"entitled", "present", "in_favour"}

    def _drop_unasked(self, stage: AdmissionStage, *, is_received: bool) -> None:
        unasked = [] if stage.has_vote else list(BALLOT)
        if stage.effect != StageEffect.HELPERS or self.case is None:
            unasked += self.helper_names
        if not stage.has_number:
            unasked.append("number")
        if not is_received:
            unasked.append("received_on")
        for name in unasked:
            del self.fields[name]

    def _fill_in_certificate(self, stage: AdmissionStage) -> None:
        if "number" in self.fields:
            self.fields["number"].label = "Số giấy chứng nhận"
        found = certificate(self.case.person, stage) if self.case is not None else None
        if found is not None:
            self.initial.setdefault("number", found.certificate_number)
            self.initial["number"] = self.initial["number"] or found.certificate_number
            self.initial["done"] = self.initial.get("done") or f"{certificate_day(found):%d/%m/%Y}"
            self.fields["done"].help_text = f"Lấy từ danh sách lớp: {found.training_class.name}."

    def _offer_helpers(self, case: AdmissionCase) -> None:
        for name in ("helper_1", "helper_2"):
            self.fields[name].queryset = helpers_of(case)  # type: ignore[attr-defined]
        self.fields["helper_mass"].queryset = mass_of(case)  # type: ignore[attr-defined]

    def offered(self, name: str, rows: Any) -> Any:
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = cleaned.get("helper_1"), cleaned.get("helper_2")
        if first is not None and first == second:
            self.add_error("helper_2", "Hai người giúp đỡ phải khác nhau.")
        if self.instance.stage.has_vote:
            self._count(cleaned)
        return cleaned

    def _count(self, cleaned: dict[str, Any]) -> None:
        """Complete the vote and say what doesn't add up, before the constraint would say it of all numbers at once."""
        vote = votes.completed(CaseStep(**{name: cleaned.get(name) for name in BALLOT}))
        cleaned |= {name: getattr(vote, name) for name in BALLOT if name not in self.errors}
        if not set(BALLOT) & set(self.errors):
            for name, said in list(votes.errors(vote)):
                self.add_error(name, said)

    @property
    def helpers(self) -> list[CaseHelper]:
        """Those who were chosen."""
        chosen = [self.cleaned_data.get(name) for name in self.helper_names]
        return [
            CaseHelper(member=one) if isinstance(one, Person) else CaseHelper(mass_organisation=one)
            for one in chosen
            if one is not None
        ]

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        paper = [self[name] for name in ("done", "number", "received_on") if name in self.fields]
        ballot = [self[name] for name in BALLOT if name in self.fields]
        helpers = [self[name] for name in self.helper_names if name in self.fields]
        found = [("Đã làm", paper), ("Người giúp đỡ", helpers), ("Biểu quyết", ballot), ("Ghi thêm", [self["note"]])]
        return [(heading, fields) for heading, fields in found if fields]

    def laid_out(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        return iter(self.groups())


def helpers_of(case: AdmissionCase) -> QuerySet[Person]:
    """Official members of the organisation that proposes, also those who have left it since the case was opened.

    Steps may be entered long after; whether somebody fits on the day of a step is told when it is recorded.
    """
    stays = (
        Membership.objects.official(on=timezone.localdate())
        .filter(organisation=case.organisation_id)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=case.opened_on))
    )
    return (
        Person.objects.filter(pk__in=stays.values("person")).exclude(pk=case.person_id).order_by("name_sort_key", "pk")
    )


def mass_of(case: AdmissionCase) -> QuerySet[MassOrganisation]:
    """Youth unions and trade unions beside the organisation that proposes or one above it, while the case was open."""
    keys = [int(key) for key in case.organisation.path.split("/") if key]
    lasting = Q(ended_on__isnull=True) | Q(ended_on__gt=case.opened_on)
    return MassOrganisation.objects.filter(lasting, organisation__in=keys).order_by("name")


class SendBackForm(CaseForm):
    """Where the case goes back to, when and why."""

    done = PartialDateField("done_on", label="Ngày trả lại")
    to = forms.ModelChoiceField(AdmissionStage.objects.none(), label="Trả lại về bước")
    keeps_between = forms.BooleanField(
        label="Giữ kết quả các bước ở giữa",
        required=False,
        help_text="Không đánh dấu thì các bước sau bước đó cũng phải làm lại.",
    )
    sections = (("Trả lại hồ sơ", ("to", "done", "reason", "keeps_between")),)

    class Meta:
        model = CaseStep
        fields = ("done", "reason")

    def __init__(self, *args: Any, targets: list[AdmissionStage], **kwargs: Any) -> None:
        self._targets = targets
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = AdmissionStage.objects.filter(pk__in=[one.pk for one in targets])  # type: ignore[attr-defined]
        self.fields["reason"].required = True
        self.fields["reason"].label = "Lý do trả lại"

    def offered(self, name: str, rows: Any) -> Any:
        return rows


class ReasonForm(CaseForm):
    """Why a step is left out or taken back."""

    sections = (("Vì sao", ("reason",)),)

    class Meta:
        model = CaseStep
        fields = ("reason",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].widget = forms.Textarea(attrs={"rows": 2, "class": "form-control", "maxlength": 500})


class CloseForm(CaseForm):
    """When and why a case ends without recognition; the row given is closed already, but for what is asked here."""

    sections = (("Kết thúc hồ sơ", ("closed_on", "close_number", "close_reason")),)

    class Meta:
        model = AdmissionCase
        fields = ("closed_on", "close_number", "close_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("closed_on", "close_reason"):
            self.fields[name].required = True


class ReopenForm(CaseForm):
    """Why a case goes on."""

    reason = forms.CharField(
        label="Lý do mở lại", max_length=500, widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"})
    )
    sections = (("Vì sao", ("reason",)),)

    class Meta:
        model = AdmissionCase
        fields: tuple[str, ...] = ()


class HelperForm(CaseForm):
    """Another helper of a case."""

    sections = (("Người giúp đỡ", ("member", "mass_organisation", "since")),)

    class Meta:
        model = CaseHelper
        fields = ("member", "mass_organisation", "since")

    def offered(self, name: str, rows: Any) -> Any:
        return helpers_of(self.instance.case) if name == "member" else mass_of(self.instance.case)


class HelperEndForm(CaseForm):
    """When a helper stops."""

    sections = (("Thôi giúp đỡ", ("until",)),)

    class Meta:
        model = CaseHelper
        fields = ("until",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = True


class RemarkForm(CaseForm):
    """What is said of somebody on probation in a quarter."""

    sections = (("Nhận xét", ("quarter", "year", "helper", "remarked_on", "text")),)

    class Meta:
        model = ProbationRemark
        fields = ("quarter", "year", "helper", "remarked_on", "text")
        widgets: ClassVar[dict[str, Any]] = {"text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("quarter", "year"):
            self.fields[name].widget.attrs |= {"class": "form-control short", "inputmode": "numeric"}

    def offered(self, name: str, rows: Any) -> Any:
        return CaseHelper.objects.filter(case=self.instance.case).select_related("member", "mass_organisation")


class RowForm(forms.Form):
    """What becomes of one case in a batch; what is empty is as for all."""

    DONE, BACK, LEFT = "xong", "tra", "de-lai"

    outcome = forms.ChoiceField(
        label="Kết quả", choices=((DONE, "Ghi bước này"), (BACK, "Trả lại"), (LEFT, "Để lại")), initial=DONE
    )
    number = forms.CharField(label="Số riêng", max_length=60, required=False)
    in_favour = forms.IntegerField(label="Tán thành riêng", min_value=0, max_value=9999, required=False)
    reason = forms.CharField(label="Lý do trả lại", max_length=500, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, stage: AdmissionStage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not stage.has_number:
            del self.fields["number"]
        if not stage.has_vote:
            del self.fields["in_favour"]
        for name, field in self.fields.items():
            take_numbers_as_typed(field)
            field.widget.attrs["class"] = "form-select" if name == "outcome" else "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("outcome") == self.BACK and not one_line(cleaned.get("reason", "")):
            self.add_error("reason", "Hãy ghi lý do trả lại.")
        return cleaned


class OpenForm(forms.Form):
    """When the cases of those who are marked are opened."""

    opened_on = forms.DateField(
        label="Ngày mở hồ sơ",
        widget=forms.DateInput(attrs={"class": "form-control short"}),
        error_messages={"required": "Hãy ghi ngày.", "invalid": WRONG_DAY},
    )
