"""Pages of a person's documents: the list with what is missing, scans in, scans out, one by one or all as a ZIP."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission
from config.downloads import download_file
from config.pages import get_visible, requires
from members import document_files, services
from members.audit import record_view
from members.document_archive import Archive, EmptyArchiveError
from members.document_forms import AddDocumentsForm, DocumentForm, RestoreForm, WithdrawForm
from members.documents import missing
from members.models import Document, DocumentKind, Person
from members.models.documents import DocumentGroup, DocumentType
from members.pages import AddPage, ChangePage

SECRECY = (
    "Không đưa lên đây tệp thuộc danh mục bí mật nhà nước của Đảng (mật, tối mật, tuyệt mật): "
    "những tệp đó chỉ giữ theo quy định về bảo vệ bí mật nhà nước."
)


@require_GET
@requires(Permission.VIEW_RECORDS)
def person_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """The documents of a person by the parts of the file, and the kinds that are missing."""
    person = get_visible(Person, request.user, pk=pk)
    documents = list(person.documents.select_related("kind", "uploaded_by", "withdrawn_by"))
    lacking = missing(person)
    context = {
        "person": person,
        "can_change": request.user.has_perm(Permission.CHANGE_RECORDS, person),
        "can_export": request.user.has_perm(Permission.EXPORT, person),
        "groups": _by_group([document for document in documents if not document.is_withdrawn], lacking),
        "kept_count": sum(not document.is_withdrawn for document in documents),
        "missing_count": len(lacking),
        "withdrawn": [document for document in documents if document.is_withdrawn],
        "secrecy": SECRECY,
    }
    record_view(person, note="Xem danh sách giấy tờ")
    return render(request, "members/documents/person.html", context)


def _by_group(documents: list[Document], lacking: list[DocumentKind]) -> list[dict[str, Any]]:
    """The parts of the file that hold or lack something."""
    groups = []
    for group in DocumentGroup:
        held = [document for document in documents if document.kind.group == group]
        absent = [kind for kind in lacking if kind.group == group]
        if held or absent:
            groups.append({"code": group.value, "label": group.label, "documents": held, "missing": absent})
    return groups


class AddDocuments(AddPage):
    """Scans into the file of a person."""

    model = Document
    form_class = AddDocumentsForm
    template = "members/documents/add.html"

    def row(self) -> Document:
        """A document yet to be described; the files say what the rest of it is."""
        person = get_visible(Person, self.user, pk=self.kwargs["pk"])
        if not self.user.has_perm(self.permission, person):
            raise PermissionDenied
        return Document(person=person, content_type=DocumentType.PDF)

    def _form(self, data: Any = None) -> AddDocumentsForm:
        files = self.request.FILES if data is not None else None
        code = self.request.GET.get("loai", "")
        kind = DocumentKind.objects.in_force(on=timezone.localdate()).filter(code=code).first()
        return self.form_class(data, files, instance=self.row(), user=self.user, initial={"kind": kind})

    def write(self, form: AddDocumentsForm) -> Person:
        person = form.instance.person
        services.add_documents(person=person, files=form.cleaned_data["files_sent"], like=form.instance, by=self.user)
        return person

    def address(self, row: Document) -> str:
        return reverse("person_documents", args=[row.person_id])

    def _tell(self, form: AddDocumentsForm, done: list[str]) -> None:
        messages.success(self.request, f"Đã lưu {len(done)} tệp “{form.instance.kind.name}”: {', '.join(done)}.")

    def context(self, form: AddDocumentsForm) -> dict[str, Any]:
        person = form.instance.person
        back = reverse("person_documents", args=[person.pk])
        return {"title": f"Thêm giấy tờ: {person}", "back": back, "action": "Lưu tệp", "secrecy": SECRECY}


class _OnDocument(ChangePage):
    """What the pages on one document share."""

    model = Document

    def address(self, row: Document) -> str:
        return reverse("person_documents", args=[row.person_id])


class ChangeDocument(_OnDocument):
    """The description of a document."""

    form_class = DocumentForm

    def write(self, form: DocumentForm) -> Document:
        return services.change_document(document=form.instance, by=self.user)

    def context(self, form: DocumentForm) -> dict[str, Any]:
        stored = self.row()
        title = f"Sửa giấy tờ: {stored} – {stored.person}"
        return {"title": title, "back": self.address(stored), "action": "Ghi lại"}


class WithdrawDocument(_OnDocument):
    """Withdraws a document."""

    form_class = WithdrawForm
    template = "members/documents/withdraw.html"

    def write(self, form: WithdrawForm) -> Document:
        return services.withdraw_document(document=form.instance, reason=form.typed_reason, by=self.user)

    def _tell(self, form: WithdrawForm, done: list[str]) -> None:
        messages.success(self.request, f"Đã rút “{form.instance}”. Tệp vẫn được giữ, có thể đưa trở lại hồ sơ.")

    def context(self, form: WithdrawForm) -> dict[str, Any]:
        stored = self.row()
        title = f"Rút giấy tờ: {stored} – {stored.person}"
        return {"title": title, "back": self.address(stored), "action": "Rút giấy tờ này", "document": stored}


class RestoreDocument(_OnDocument):
    """Lets a withdrawn document count again."""

    form_class = RestoreForm
    template = "members/documents/restore.html"

    def write(self, form: RestoreForm) -> Document:
        return services.restore_document(document=form.instance, by=self.user)

    def _tell(self, form: RestoreForm, done: list[str]) -> None:
        messages.success(self.request, f"Đã đưa “{form.instance}” trở lại hồ sơ.")

    def context(self, form: RestoreForm) -> dict[str, Any]:
        stored = self.row()
        title = f"Đưa trở lại hồ sơ: {stored} – {stored.person}"
        return {"title": title, "back": self.address(stored), "action": "Đưa trở lại hồ sơ", "document": stored}


@require_GET
@requires(Permission.VIEW_RECORDS)
def document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The scan itself, to be saved, once it was found to be what was uploaded."""
    document = get_visible(Document, request.user, pk=pk)
    try:
        file = document_files.open_whole(document.storage_key, document.sha256)
    except document_files.BrokenFileError:
        return _broken(request, document.person, [document])
    record_view(document.person, note=f"Mở giấy tờ: {document} ({document.file_name})")
    return download_file(file, document.file_name, document.content_type)


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def documents_archive(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All documents of a person as a ZIP, named as the digitisation rules want."""
    person = get_visible(Person, request.user, pk=pk)
    if not request.user.has_perm(Permission.EXPORT, person):
        raise PermissionDenied
    archive = Archive(person)
    try:
        file = archive.written()
    except EmptyArchiveError:
        messages.info(request, "Hồ sơ chưa có giấy tờ nào để xuất.")
        return redirect("person_documents", person.pk)
    if archive.broken:
        file.close()
        return _broken(request, person, archive.broken)
    archive.record()
    return download_file(file, archive.name, "application/zip")


def _broken(request: HttpRequest, person: Person, documents: list[Document]) -> HttpResponse:
    """Files that are gone or aren't what was uploaded are not handed out."""
    context = {"person": person, "documents": documents}
    return render(request, "members/documents/broken.html", context, status=410)


add_documents = requires(Permission.CHANGE_RECORDS)(AddDocuments.as_view())
change_document = requires(Permission.CHANGE_RECORDS)(ChangeDocument.as_view())
withdraw_document = requires(Permission.CHANGE_RECORDS)(WithdrawDocument.as_view())
restore_document = requires(Permission.CHANGE_RECORDS)(RestoreDocument.as_view())
