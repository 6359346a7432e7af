"""Brings records in from files: `manage.py import FILE.xlsx`, all or nothing."""

from __future__ import annotations

import io
import json
from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from config.access import Permission
from members.commands import UserCommand, require, require_place, write_whole
from members.exchange import importing
from members.exchange.book import Book, book_of
from members.exchange.importing import RefusedError, Sender
from members.exchange.plan import Options
from members.intake.contract import KINDS
from members.intake.reader import read
from members.intake.reading import Reading
from members.intake.values import key
from members.models import RowStatus, User
from reviews.exchange.kinds import IMPORTERS

LABELS = {
    "created": ("thêm mới", RowStatus.NEW),
    "changed": ("thay đổi", RowStatus.CHANGED),
    "same": ("không đổi", RowStatus.SAME),
}


class Command(UserCommand):
    """The import of files through the same engine as the pages."""

    help = "Nhập hồ sơ từ tệp Excel, LibreOffice hoặc CSV. Có lỗi thì không ghi gì và nêu mọi lỗi của mọi dòng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="tệp .xlsx, .xlsm, .xls, .ods hoặc .csv")
        parser.add_argument("--as", dest="kind", metavar="LOẠI", help="đọc các bảng như loại này, ví dụ “Hồ sơ”")
        parser.add_argument("--organisation", default="", metavar="MÃ", help="tổ chức của các dòng không ghi tổ chức")
        parser.add_argument("--class", dest="training_class", default="", metavar="MÃ", help="lớp của các học viên")
        parser.add_argument("--year", default="", metavar="NĂM", help="năm của các dòng không ghi năm")
        parser.add_argument("--dates", choices=("dmy", "mdy"), help="thứ tự ngày, tháng ở cột không tự rõ")
        parser.add_argument("--sheet", metavar="TÊN", help="chỉ đọc trang này")
        parser.add_argument("--dry-run", action="store_true", help="chỉ thử, không ghi gì")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument("--report", metavar="TỆP", help="ghi lại tệp, đánh dấu các ô lỗi")

    def work(self, user: User | None, options: dict[str, Any]) -> None:
        require(user, Permission.CHANGE_RECORDS)
        path, report = Path(options["file"]), options["report"] and Path(options["report"])
        if report:
            require_place(report)
        content = _content(path)
        reading = _reading(content, path.name, options)
        book = book_of([reading], [path.name])
        problems = _unplaced(reading, book)
        if not problems or book.tables:
            self._carry_through(book, path, content, reading, user, options, has_problems=bool(problems))
        problems += _problems(book)
        if report:
            from reviews.exchange.report import write_report

            marked = io.BytesIO()
            write_report(marked, content, path.name, problems)
            write_whole(report, marked.getvalue())
        self._tell(book, problems, as_json=options["json"])
        if problems or book.wrong:
            raise SystemExit(1)

    def _carry_through(
        self,
        book: Book,
        path: Path,
        content: bytes,
        reading: Reading,
        user: User | None,
        options: dict[str, Any],
        *,
        has_problems: bool,
    ) -> None:
        digest = sha256(content).hexdigest()
        since = importing.since_of(reading.marks)
        sender = Sender(
            user,
            f"Nhập từ tệp {path.name}",
            {"files": [{"name": path.name, "size": len(content), "sha256": digest}]},
            Options(options["organisation"], options["training_class"], _year(options["year"])),
            {table.number: since for table in book.tables} if since is not None else None,
        )
        try:
            if options["dry_run"] or has_problems:
                importing.rehearse(book, sender, IMPORTERS)
            else:
                importing.write(book, sender, IMPORTERS)
        except RefusedError:
            return
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused

    # Words

    def _tell(self, book: Book, problems: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            answer = {"sheets": _counts(book), "errors": problems}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        for problem in problems:
            sheet = f"trang “{problem['sheet']}”, " if problem["sheet"] else ""
            at = f"{sheet}dòng {problem['row']}, cột {problem['column']}"
            self.stderr.write(f"{at}, giá trị “{problem['value']}”: {problem['reason']}")
        for sheet, counts in _counts(book).items():
            told = ", ".join(f"{counts[name]} {label}" for name, (label, _) in LABELS.items())
            errors = f", {counts['errors']} dòng sai" if counts["errors"] else ""
            self.stdout.write(f"{sheet or '(không tên)'}: {told}{errors}")
        if not book.tables:
            self.stdout.write("Không tìm thấy bảng nào để nhập.")
        if problems:
            self.stdout.write("Chưa ghi gì: hãy sửa các lỗi trên rồi nhập lại.")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"Không đọc được tệp {path}: {error.strerror}.") from error


def _reading(content: bytes, name: str, options: dict[str, Any]) -> Reading:
    kind = _kind(options["kind"]) if options["kind"] else None
    try:
        return read(content, name, kind=kind, sheet=options["sheet"], dates=options["dates"])
    except ValidationError as refused:
        raise CommandError(" ".join(refused.messages)) from refused


def _kind(text: str) -> str:
    found = next((name for name in KINDS if key(name) == key(text)), None)
    if found is None:
        raise CommandError(f"Không có loại “{text}”; chọn một trong: {', '.join(KINDS)}.")
    return found


def _year(text: str) -> str:
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise CommandError(f"Năm “{text}” không hợp lệ: cần bốn chữ số.")
    return text


def _unplaced(reading: Reading, book: Book) -> list[dict[str, Any]]:
    """Errors that stand in no row of a table: of a whole column, or of a sheet."""
    rows = {(table.sheet, row.number) for table in reading.tables if table.kind for row in table.rows}
    loose = [one for one in reading.as_errors() if (one.sheet, one.row) not in rows]
    return [_told(one.sheet, one.row, one.column, one.value, one.reason) for one in loose]


def _problems(book: Book) -> list[dict[str, Any]]:
    """All problems of all rows, in the order of the file."""
    sheets = {table.number: table.sheet for table in book.tables}
    found = []
    for one in sorted(book.wrong, key=lambda outcome: (outcome.table, outcome.row)):
        for problem in (one.detail or {}).get("problems", []):
            found.append(_told(sheets[one.table], one.row, problem["column"], problem["value"], problem["reason"]))
    return found


def _told(sheet: str, row: int, column: str, value: str, reason: str) -> dict[str, Any]:
    return {"sheet": sheet, "row": row, "column": column, "value": value, "reason": reason}


def _counts(book: Book) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for table in book.tables:
        if table.kind:
            own = book.counts[table.number]
            told = counts.setdefault(table.sheet, dict.fromkeys([*LABELS, "errors"], 0))
            for name, (_, status) in LABELS.items():
                told[name] += own[status]
            told["errors"] += own[RowStatus.WRONG] + own[RowStatus.CONFLICT]
    return counts
