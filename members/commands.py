"""The base of commands that may be run in somebody's name: `--user` limits them to what that account may do.

Also how they write files.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from config.access import Permission, holds
from members.models import User

REFUSED = "Tài khoản “{name}” không có quyền làm việc này."


class UserCommand(BaseCommand):
    """A command with `--user`; without it, it is the operator's, who may do everything.

    `work` gets the account, or None. PermissionDenied ends it with a sentence.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", metavar="TÊN", help="làm thay tài khoản này, chỉ trong phạm vi của tài khoản đó")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _account(options["user"])
        try:
            self.work(user, options)
        except PermissionDenied as error:
            raise CommandError(REFUSED.format(name=options["user"])) from error

    def work(self, user: User | None, options: dict[str, Any]) -> None:
        """What the command does."""
        raise NotImplementedError


def require(user: User | None, *permissions: Permission) -> None:
    """Raise PermissionDenied unless the account holds all of these somewhere."""
    if user is not None and not all(holds(user, permission) for permission in permissions):
        raise PermissionDenied


def _account(name: str | None) -> User | None:
    if not name:
        return None
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"Không có tài khoản nào đang hoạt động tên “{name}”.")
    return user


def require_place(path: Path) -> None:
    """Refuse a file that can't be written, before the work that it is to tell of."""
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise CommandError(f"Không ghi được tệp {path}: thư mục không có hoặc không cho ghi.")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is either the whole new one or still the old one."""
    passing = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError(f"{path} là thư mục")
        passing.write_bytes(content)
        passing.replace(path)
    except OSError as error:
        passing.unlink(missing_ok=True)
        raise CommandError(f"Không ghi được tệp {path}: {error.strerror or error}.") from error
