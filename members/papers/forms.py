"""Forms of papers: what is typed for one, and a template that comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from members.models import Organisation, PaperKind
from members.papers.facts import Letterhead, on_behalf_of, secretary_of, usual_issuer

LONGEST = 255
# What is typed for some kinds only: name of the field of the paper, label, example.
MORE: dict[str, tuple[tuple[str, str, str], ...]] = {
    PaperKind.ADMISSION_DECISION: (("can_cu", "Nghị quyết đề nghị", "Nghị quyết số … ngày … của …"),),
    PaperKind.OFFICIAL_DECISION: (("can_cu", "Nghị quyết đề nghị", "Nghị quyết số … ngày … của …"),),
    PaperKind.TRANSFER_LETTER: (
        ("noi_den", "Tổ chức đảng nơi đến", "Đảng ủy phường …"),
        ("ly_do", "Lý do chuyển", "chuyển công tác"),
        ("dang_phi", "Đã đóng đảng phí hết tháng", "01/2026"),
    ),
    PaperKind.BADGE_LIST: (("dot_trao", "Đợt trao tặng", "dịp 03/02/2026"),),
}


class PaperForm(forms.Form):
    """Who issues a paper, when, who signs, and what the records don't say; nothing of it is kept."""

    issuer = forms.ModelChoiceField(Organisation.objects.none(), label="Cơ quan ban hành", empty_label=None)
    number = forms.CharField(label="Số và ký hiệu", required=False, max_length=60)
    on = forms.DateField(
        label="Ngày ký",
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d/%m/%Y"),
        help_text="Ví dụ 05/09/2026.",
        error_messages={"invalid": "Hãy ghi ngày/tháng/năm, ví dụ 05/09/2026."},
    )
    on_behalf = forms.CharField(label="Thay mặt", required=False, max_length=LONGEST)
    signer_post = forms.CharField(label="Chức vụ người ký", required=False, max_length=LONGEST)
    signer = forms.CharField(label="Người ký", required=False, max_length=LONGEST)

    def __init__(self, data: Any = None, *, kind: str, above: Sequence[Organisation], on: dt.date) -> None:
        issuer = usual_issuer(kind, above)
        initial = {
            "issuer": issuer,
            "on": on,
            "on_behalf": on_behalf_of(issuer),
            "signer_post": "BÍ THƯ",
            "signer": secretary_of(issuer, on=on),
        }
        super().__init__(data, initial=initial)
        choices: Any = self.fields["issuer"]
        choices.queryset = Organisation.objects.filter(pk__in=[one.pk for one in above]).select_related("parent")
        self.more = [name for name, _, _ in MORE.get(kind, ())]
        for name, label, example in MORE.get(kind, ()):
            self.fields[name] = forms.CharField(label=label, required=False, max_length=500)
            self.fields[name].widget.attrs["placeholder"] = example
        for name, field in self.fields.items():
            look = "form-select" if name == "issuer" else "form-control"
            width = "" if name in {"issuer", *self.more} else " medium"
            field.widget.attrs["class"] = look + width
            field.error_messages["required"] = "Hãy ghi mục này."

    @property
    def letterhead(self) -> Letterhead:
        """What was typed."""
        typed = self.cleaned_data
        return Letterhead(
            issuer=typed["issuer"],
            on=typed["on"],
            number=typed["number"],
            signer_post=typed["signer_post"],
            signer=typed["signer"],
            on_behalf=typed["on_behalf"],
            more={name: typed[name] for name in self.more},
        )


class TemplateForm(forms.Form):
    """A template that comes in."""

    file = forms.FileField(
        label="Tệp Word (.docx)",
        max_length=LONGEST,
        widget=forms.ClearableFileInput(attrs={"accept": ".docx", "class": "form-control"}),
        error_messages={"required": "Hãy chọn tệp .docx.", "empty": "Tệp trống. Hãy chọn lại tệp."},
    )
