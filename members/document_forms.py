"""Forms on documents: adding scans, describing one anew, and why one is withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from config.files import FilesField, FilesInput
from members.form_fields import PartialDateField
from members.forms import RecordForm
from members.models import Document, DocumentKind
from members.models.documents import DocumentGroup
from members.services.documents import MOST_FILES, check_scan

ENDINGS = ".pdf,.jpg,.jpeg,.png,.tif,.tiff"
PAPER = ("kind", "number", "dated", "title", "step", "page_count")


class DescribedForm(RecordForm):
    """What a document is: of the kinds that are in use today, by the parts of the file."""

    dated = PartialDateField("dated_on", required=False)

    class Meta:
        model = Document
        fields: tuple[str, ...] = PAPER
        help_texts = {"title": "Chỉ ghi khi tên loại giấy tờ chưa đủ rõ."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page_count"].widget.attrs["class"] = "form-control short"
        self.fields["title"].widget.attrs["class"] = "form-control medium"
        kinds: Any = self.fields["kind"]
        kinds.iterator = _KindsByGroup

    def offered(self, name: str, rows: Any) -> Any:
        """Kinds are everybody's to choose, whoever may change them."""
        if name != "kind":
            return super().offered(name, rows)
        in_use = DocumentKind.objects.in_force(on=timezone.localdate())
        return rows.filter(Q(pk__in=in_use.values("pk")) | Q(pk=self.instance.kind_id))


class _KindsByGroup(forms.models.ModelChoiceIterator):
    """The kinds under the headings of the file's parts."""

    def __iter__(self) -> Any:
        yield "", self.field.empty_label
        rows = list(self.queryset)
        for group in DocumentGroup:
            kinds = [self.choice(kind) for kind in rows if kind.group == group]
            if kinds:
                yield group.label, kinds


class DocumentForm(DescribedForm):
    """The description of a document."""

    sections = (("Giấy tờ", PAPER),)


class AddDocumentsForm(DescribedForm):
    """One or more scans of one kind of paper."""

    files_sent = FilesField(
        label="Tệp quét",
        most=MOST_FILES,
        max_length=255,
        widget=FilesInput(attrs={"accept": ENDINGS}),
        error_messages={"max_length": "Tên tệp quá dài. Hãy đặt tên ngắn hơn rồi gửi lại."},
        help_text=f"PDF, JPEG, PNG hoặc TIFF; nhiều tệp cùng lúc, nhiều nhất {MOST_FILES} tệp. "
        "Các tệp gửi cùng lúc là cùng một loại giấy tờ.",
    )
    sections = (("Giấy tờ", PAPER), ("Tệp", ("files_sent",)))

    def clean_files_sent(self) -> list[Any]:
        """What is no scan is refused by its name, all of them at once."""
        files: list[Any] = self.cleaned_data["files_sent"]
        refused = []
        for file in files:
            try:
                check_scan(file)
            except forms.ValidationError as error:
                refused.append(error)
        if refused:
            raise forms.ValidationError([*refused, forms.ValidationError("Chưa lưu tệp nào. Hãy chọn lại các tệp.")])
        return files

    def changes_in_words(self) -> list[str]:
        """The files by their names: adding always does something."""
        return [file.name for file in self.cleaned_data["files_sent"]]


class _ActForm(RecordForm):
    """An act on a document: it always does something."""

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def changes_in_words(self) -> list[str]:
        """The document."""
        return [str(self.instance)]


class WithdrawForm(_ActForm):
    """Why a document no longer counts."""

    reason = forms.CharField(
        label="Lý do rút",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ví dụ: quét nhầm hồ sơ người khác, bản quét mờ đã quét lại.",
    )
    sections = (("Vì sao rút", ("reason",)),)


class RestoreForm(_ActForm):
    """Nothing is asked for taking a document back."""
