"""The documents of a person as one ZIP: whole before the first byte leaves, recorded as an export."""

from __future__ import annotations

import tempfile
import zipfile
from functools import cached_property
from hashlib import sha256
from typing import IO

from members import audit, document_files
from members.documents import export_names, folder_name
from members.models import Document, Membership, Organisation, Person
from members.models.memberships import LATEST_FIRST

_CHUNK = 2**18


class EmptyArchiveError(Exception):
    """There is no document to be put in."""


class Archive:
    """The documents of `person` that weren't withdrawn; `broken` are those whose files can't be trusted."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.broken: list[Document] = []
        self.digest = ""

    @cached_property
    def documents(self) -> list[Document]:
        """What goes in, in the order of the file."""
        return list(self.person.documents.kept().select_related("kind"))

    @property
    def name(self) -> str:
        """The archive's own name."""
        return f"{folder_name(self.person)}.zip"

    def written(self) -> IO[bytes]:
        """The archive at its beginning, in a file that goes when it is closed; EmptyArchiveError without documents.

        Files that are gone or changed are left out and stand in `broken`.
        """
        if not self.documents:
            raise EmptyArchiveError
        file = tempfile.TemporaryFile(dir=document_files.workroom())  # noqa: SIM115  the response closes it
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for document, name in export_names(self.documents):
                self._put(archive, document, f"{folder_name(self.person)}/{name}")
        file.seek(0)
        found = sha256()
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            found.update(chunk)
        self.digest = found.hexdigest()
        file.seek(0)
        return file

    def _put(self, archive: zipfile.ZipFile, document: Document, name: str) -> None:
        try:
            source = document_files.open_whole(document.storage_key, document.sha256)
        except document_files.BrokenFileError:
            self.broken.append(document)
            return
        moment = document.uploaded_at.timetuple()[:6]
        with source, archive.open(zipfile.ZipInfo(name, moment), "w", force_zip64=True) as target:
            for chunk in iter(lambda: source.read(_CHUNK), b""):
                target.write(chunk)

    def record(self) -> None:
        """Tell the trail who took what away."""
        audit.record_export(
            title=f"giấy tờ của {self.person}",
            organisation=self._home(),
            name=self.name,
            digest=self.digest,
            people=[self.person.pk],
            rows=len(self.documents),
        )

    def _home(self) -> Organisation | None:
        """The organisation of the person's latest stay, or the one that follows them."""
        stays = Membership.objects.filter(person=self.person).order_by(*LATEST_FIRST)
        stay = stays.select_related("organisation").first()
        return stay.organisation if stay else self.person.followed_by
