"""Answers a person's request: `manage.py audit_person HS000001 --output tra-loi.xlsx`."""

from __future__ import annotations

from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db.models import Q

from config.access import Permission
from config.workbook import workbook_bytes
from members import audit
from members.audit import AuditAction, Change, Verb
from members.commands import UserCommand, require
from members.models import Person, User
from members.trail.files import UNREADABLE
from members.trail.person import Answer, answer, as_lines, as_workbook


class Command(UserCommand):
    """Says who saw, changed and exported a person's record; that it was asked is itself recorded."""

    help = "Trả lời yêu cầu của một người: ai đã xem, sửa, xuất hồ sơ, khi nào, từ đâu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("person", metavar="SỐ", help="số lý lịch, số thẻ đảng viên hoặc khóa của hồ sơ")
        parser.add_argument("--archives", metavar="THƯ_MỤC", help="đọc cả các tệp lưu trữ ở đây")
        parser.add_argument("--output", metavar="TỆP", help="ghi ra tệp .xlsx hoặc .txt thay vì in ra màn hình")

    def work(self, user: User | None, options: dict[str, Any]) -> None:
        require(user, Permission.VIEW_AUDIT)
        output = Path(options["output"]) if options["output"] else None
        if output and output.suffix not in {".xlsx", ".txt"}:
            raise CommandError("Tệp kết quả phải có đuôi .xlsx hoặc .txt.")
        person = _person(options["person"], user)
        try:
            given = answer(person, Path(options["archives"]) if options["archives"] else None)
        except UNREADABLE as error:
            raise CommandError(
                f"Một tệp lưu trữ không đọc được; hãy chạy audit_verify --archives. ({error})"
            ) from error
        content = _content(given, output)
        _record(given, content, output, user)
        if output:
            self._write(output, content)
        else:
            self.stdout.write(content.decode(), ending="")

    def _write(self, output: Path, content: bytes) -> None:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {output}: {error.strerror or error}.") from error


def _person(text: str, user: User | None) -> Person:
    """The person with that number, in the user's scope; several with one number are told apart by file number."""
    people = Person.objects.open_to(user, Permission.VIEW_AUDIT) if user else Person.objects.all()
    number = text.strip()
    found = people.filter(Q(file_number=number) | Q(card_number=number)).first() if number else None
    if found is None and number.isascii() and number.isdigit() and len(number) < 19:
        found = people.filter(pk=int(number)).first()
    if found is None:
        raise CommandError(f"Không có hồ sơ nào mang số “{text}”.")
    return found


def _content(given: Answer, output: Path | None) -> bytes:
    if output and output.suffix == ".xlsx":
        return workbook_bytes(as_workbook(given))
    return ("\n".join(as_lines(given)) + "\n").encode()


def _record(given: Answer, content: bytes, output: Path | None, user: User | None) -> None:
    person = given.person
    audit.record(
        AuditAction.ANSWERED,
        by=user,
        note=f"Trả lời yêu cầu về hồ sơ {person.full_name}",
        details={
            "rows": given.count,
            "file": output.name if output else "",
            "sha256": sha256(content).hexdigest(),
        },
        changes=[Change(Verb.VIEWED, "members.person", person.pk, person.version, person=person.pk)],
    )
