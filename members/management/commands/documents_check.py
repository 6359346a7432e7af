"""Compares the files of documents with their rows: `manage.py documents_check`."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.numbers import count_text
from members import document_files
from members.models import Document, PersonMerge


def _set_aside() -> set[str]:
    """The files of documents that a merge of people set aside: they come back when it is undone."""
    merges = PersonMerge.objects.standing().values_list("details", flat=True)
    label = Document._meta.label_lower
    return {held["storage_key"] for details in merges for of, held in details["aside"] if of == label}


# A file younger than this may belong to a form that is being saved.
SETTLED_AFTER = 60 * 60


class Command(BaseCommand):
    """Names rows without a file, changed files and files without a row; ends with an error if there is one."""

    help = "Đối chiếu tệp giấy tờ với cơ sở dữ liệu: tệp thiếu, tệp bị thay đổi, tệp không thuộc giấy tờ nào."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="xóa tệp không thuộc giấy tờ nào và tệp ghi dở, cũ hơn một giờ",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = dict(Document.objects.order_by("pk").values_list("storage_key", "sha256"))
        aside = _set_aside()
        found = list(self._faults_of_rows(known))
        for fault in found:
            self.stdout.write(f"LỖI {fault}")
        faults = len(found) + self._settle(self._orphans(set(known) | aside), remove=options["remove_orphans"])
        self.stdout.write(f"Đã kiểm {count_text(len(known))} giấy tờ.")
        if faults:
            raise CommandError(f"Có {count_text(faults)} lỗi. Hãy khôi phục tệp thiếu, tệp bị thay đổi từ bản sao lưu.")
        self.stdout.write("Mọi tệp đều nguyên vẹn.")

    def _faults_of_rows(self, known: dict[str, str]) -> Iterator[str]:
        for key, digest in known.items():
            try:
                document_files.open_whole(key, digest).close()
            except document_files.BrokenFileError as broken:
                document = Document.objects.get(storage_key=key)
                cause = "không có tệp" if broken.__cause__ else "tệp đã bị thay đổi"
                yield f"giấy tờ {document.pk} (người {document.person_id}): {cause} {key}"

    @staticmethod
    def _orphans(known: set[str]) -> list[Any]:
        """The files that no row speaks of and that can't be on their way."""
        settled = time.time() - SETTLED_AFTER
        keys = [key for key in document_files.stored_keys() if key not in known]
        paths = [document_files.path_of(key) for key in keys] + document_files.unfinished()
        return sorted(path for path in paths if path.stat().st_mtime < settled)

    def _settle(self, orphans: list[Any], *, remove: bool) -> int:
        """Name or remove them; how many are left."""
        for path in orphans:
            if remove:
                path.unlink(missing_ok=True)
            self.stdout.write(f"{'Đã xóa' if remove else 'THỪA'} tệp không thuộc giấy tờ nào: {path.name}")
        return 0 if remove else len(orphans)
