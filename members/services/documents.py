"""Writes on documents: scans are added, described anew, withdrawn and taken back, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from config.uploads import PAPERS, FileKind, check_upload
from members import document_files
from members.audit import audited
from members.models import Document, Person, User
from members.models.documents import DocumentType
from members.services.checks import require_change_of, write_checked

TYPES = {
    FileKind.PDF: DocumentType.PDF,
    FileKind.JPEG: DocumentType.JPEG,
    FileKind.PNG: DocumentType.PNG,
    FileKind.TIFF: DocumentType.TIFF,
}
# As many as the request of a page may hold.
MOST_FILES = 10


def check_scan(file: Any) -> DocumentType:
    """What an uploaded file is by its content; ValidationError, which names the file, for what is no scan."""
    try:
        return TYPES[check_upload(file, PAPERS)]
    except ValidationError as refused:
        raise ValidationError([f"{file.name}: {message}" for message in refused.messages], code="file") from refused


@audited
def add_documents(*, person: Person, files: Sequence[Any], like: Document, by: User | None) -> list[Document]:
    """Put scans into the file of `person`, each described as `like`; all or none.

    Raises ValidationError for what is no scan, for one that the file holds already, and where the disk is full.
    """
    require_change_of(by, person)
    types = [check_scan(file) for file in files]
    stored: list[str] = []
    try:
        return [_add(person, file, of_type, like, by, stored) for file, of_type in zip(files, types, strict=True)]
    except BaseException:
        for key in stored:
            document_files.remove(key)
        raise


def _add(
    person: Person, file: Any, of_type: DocumentType, like: Document, by: User | None, stored: list[str]
) -> Document:
    """Add one scan; its key is noted in `stored` as soon as the file is there."""
    kept = document_files.store(file)
    stored.append(kept.key)
    described = {name: getattr(like, name) for name in DESCRIBED}
    document = Document(
        person=person,
        file_name=file.name[:255],
        content_type=of_type,
        size=kept.size,
        sha256=kept.sha256,
        storage_key=kept.key,
        uploaded_by=by,
        uploaded_at=timezone.now(),
        **described,
    )
    try:
        return write_checked(document)
    except ValidationError as refused:
        raise ValidationError([f"{file.name}: {message}" for message in refused.messages]) from refused


DESCRIBED = ("kind_id", "title", "number", "dated_on", "dated_on_precision", "step", "page_count")


@audited
def change_document(*, document: Document, by: User | None) -> Document:
    """Save what was changed in the description of `document`."""
    require_change_of(by, document.person)
    return write_checked(document)


@audited
def withdraw_document(*, document: Document, reason: str, by: User | None) -> Document:
    """Let `document` no longer count; its file stays, and who may see the person still finds it."""
    require_change_of(by, document.person)
    if document.is_withdrawn:
        raise ValidationError("Giấy tờ này đã được rút trước đó.")
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do rút giấy tờ này."})
    document.withdrawn_by, document.withdrawn_at = by, timezone.now()
    document.withdrawn_reason = reason
    return write_checked(document)


@audited
def restore_document(*, document: Document, by: User | None) -> Document:
    """Let a withdrawn document count again."""
    require_change_of(by, document.person)
    if not document.is_withdrawn:
        raise ValidationError("Giấy tờ này không bị rút.")
    document.withdrawn_by = document.withdrawn_at = None
    document.withdrawn_reason = ""
    return write_checked(document)
