"""Moves old audit events into a file: `manage.py audit_archive --before 2020-01-01 --to /srv/luu-tru`."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from members.trail.archive import archive


class Command(BaseCommand):
    """Archives events; the trail goes on being whole together with its archives."""

    help = (
        "Chuyển các sự kiện nhật ký trước một ngày vào tệp lưu trữ; chỉ xóa khỏi cơ sở dữ liệu những gì đã ở trong tệp."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--before", required=True, metavar="NĂM-THÁNG-NGÀY", help="chuyển các sự kiện trước ngày này"
        )
        parser.add_argument("--to", required=True, metavar="THƯ_MỤC", help="thư mục chứa tệp lưu trữ")

    def handle(self, *args: Any, **options: Any) -> None:
        day, folder = _day(options["before"]), Path(options["to"])
        if not folder.is_dir():
            raise CommandError(f"Không có thư mục {folder}.")
        try:
            moved = archive(before=day, folder=folder)
        except ValidationError as error:
            faults = "\n".join(f"LỖI {message}" for message in error.messages)
            raise CommandError(f"Nhật ký không nguyên vẹn nên chưa chuyển gì:\n{faults}") from error
        except FileExistsError as error:
            raise CommandError(f"Đã có tệp khác cùng tên {error.args[0]}; không ghi đè.") from error
        except OSError as error:
            raise CommandError(f"Không ghi được vào {folder}: {error.strerror or error}.") from error
        if moved is None:
            self.stdout.write(f"Không có sự kiện nào trước ngày {day:%d/%m/%Y} cần chuyển.")
            return
        self.stdout.write(
            f"Đã chuyển sự kiện {moved.first_sequence}–{moved.last_sequence} vào {folder / moved.file_name}"
        )
        self.stdout.write(f"SHA-256 {moved.file_digest}")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"Ngày “{text}” không hợp lệ: ghi theo dạng 2020-01-31.") from error
