"""Writes the exchange workbook: `manage.py export_workbook OUT.xlsx`, which `manage.py import` reads back."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError

from config.access import Permission
from members.commands import UserCommand, require, write_whole
from members.models import Organisation, User
from reviews.exchange.workbook_out import exported, template


class Command(UserCommand):
    """The workbook with the records of an organisation or of all, or empty to be filled in."""

    help = "Ghi hồ sơ ra tệp Excel trao đổi, mỗi loại hồ sơ một trang; nhập lại tệp này được đúng dữ liệu đó."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="tệp .xlsx sẽ ghi")
        parser.add_argument("--organisation", metavar="MÃ", help="chỉ tổ chức này với mọi tổ chức cấp dưới")
        parser.add_argument("--empty", action="store_true", help="tệp mẫu, không có hồ sơ nào")

    def work(self, user: User | None, options: dict[str, Any]) -> None:
        path = Path(options["file"])
        if path.suffix.lower() != ".xlsx":
            raise CommandError(f"Tên tệp phải kết thúc bằng .xlsx: {path.name}")
        if options["empty"]:
            handout = template()
        else:
            require(user, Permission.VIEW_RECORDS, Permission.EXPORT)
            organisation = _organisation(options["organisation"], user)
            handout = exported(organisation, by=user, name=path.name)
        write_whole(path, handout.content)
        for sheet, rows in handout.counts.items():
            self.stdout.write(f"{sheet}: {rows} dòng")


def _organisation(code: str | None, user: User | None) -> Organisation | None:
    """The organisation with that code, where the account may export it; None for all."""
    if not code:
        return None
    visible = Organisation.objects.open_to(user, Permission.VIEW_RECORDS) if user else Organisation.objects.all()
    found: Organisation | None = visible.filter(code=code).first()
    if found is None:
        raise CommandError(f"Không có tổ chức nào mang mã “{code}”.")
    if user is not None and not user.has_perm(Permission.EXPORT, found):
        raise PermissionDenied
    return found
