"""Checks the audit trail from its first row to its last: `manage.py audit_verify`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.numbers import count_text
from members.trail.check import Check, Mark, append_mark, read_marks

# How many faults are named one by one.
MOST_NAMED = 200


class Command(BaseCommand):
    """Names every row of the trail that was changed, removed or put in; ends with an error if there is one."""

    help = "Kiểm tra nhật ký: nêu từng dòng đã bị sửa, xóa hoặc chèn thêm, và in đầu chuỗi để ghi ra giấy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", action="append", default=[], metavar="SỐ:DẤU", help="mốc đã ghi ra giấy")
        parser.add_argument("--archives", metavar="THƯ_MỤC", help="đọc và kiểm tra cả các tệp lưu trữ ở đây")

    def handle(self, *args: Any, **options: Any) -> None:
        marks = [*map(_mark, options["anchor"]), *_kept_marks()]
        check = Check(marks, archives=Path(options["archives"]) if options["archives"] else None)
        count = 0
        for count, fault in enumerate(check.faults(), 1):
            if count <= MOST_NAMED:
                self.stdout.write(f"LỖI {fault}")
        if count > MOST_NAMED:
            self.stdout.write(f"… và {count_text(count - MOST_NAMED)} lỗi khác")
        if check.open_marks:
            named = ", ".join(str(mark) for mark in check.open_marks)
            self.stdout.write(f"Mốc nằm trong phần đã lưu trữ, chưa kiểm được (thêm --archives THƯ_MỤC): {named}")
        self._report(check, count)

    def _report(self, check: Check, count: int) -> None:
        self.stdout.write(f"Đã kiểm {count_text(check.walk.events)} sự kiện, {count_text(check.walk.items)} mục.")
        if count:
            hint = ""
            if count > check.walk.events:
                hint = " Nếu vừa đổi AUDIT_KEY hoặc SECRET_KEY, hãy đặt lại AUDIT_KEY như cũ rồi kiểm tra lại."
            raise CommandError(f"Nhật ký có {count_text(count)} lỗi.{hint}")
        if check.head is None:
            self.stdout.write("Nhật ký chưa có sự kiện nào.")
            return
        try:
            append_mark(check.head)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp mốc {settings.AUDIT_ANCHORS}: {error.strerror}.") from error
        self.stdout.write(f"Nhật ký nguyên vẹn. Đầu chuỗi, để ghi ra giấy: {check.head}")


def _mark(text: str) -> Mark:
    mark = Mark.read(text)
    if mark is None:
        raise CommandError(f"“{text}” không phải là một mốc: cần số thứ tự, dấu hai chấm và ít nhất 16 chữ số của dấu.")
    return mark


def _kept_marks() -> list[Mark]:
    try:
        return read_marks()
    except OSError as error:
        raise CommandError(f"Không đọc được tệp mốc {settings.AUDIT_ANCHORS}: {error.strerror}.") from error
