"""Prints or writes the year-end summary of an organisation: `manage.py summary 2015 --format json`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError
from django.db.models import QuerySet

from config.access import Permission, scope_of
from config.numbers import count_text, decimal_text, share_text
from config.years import FIRST_YEAR, LAST_YEAR
from members.commands import UserCommand, require, write_whole
from members.models import Organisation, User
from reviews import exports
from reviews.indicators import FIGURES, Section
from reviews.scope import Scope
from reviews.summary import Number, Summary, TargetResult
from reviews.workbook import summary_workbook, workbook_bytes
from reviews.workbook_front import numbered

FORMATS = ("text", "json", "xlsx")


class Command(UserCommand):
    """The summary as text, JSON or workbook."""

    help = "In hoặc ghi ra tệp bản tổng kết năm của một tổ chức đảng với mọi tổ chức cấp dưới."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("year", help="năm tổng kết, ví dụ 2015")
        parser.add_argument("--organisation", metavar="MÃ", help="mã tổ chức; để trống: tổ chức cao nhất")
        parser.add_argument("--format", default="text", metavar="|".join(FORMATS), help="mặc định: text")
        parser.add_argument("--output", metavar="TỆP", help="ghi ra tệp này thay vì in ra màn hình")

    def work(self, user: User | None, options: dict[str, Any]) -> None:
        form, output = options["format"], options["output"]
        if form not in FORMATS:
            raise CommandError(f"Không có định dạng “{form}”; chọn một trong: {', '.join(FORMATS)}.")
        if form == "xlsx" and not output:
            raise CommandError("Định dạng xlsx cần --output TỆP.")
        is_export = bool(output) or form != "text"
        require(user, Permission.VIEW_RECORDS, *([Permission.EXPORT] if is_export else []))
        organisation = _organisation(options["organisation"], user)
        if is_export and user is not None and not user.has_perm(Permission.EXPORT, organisation):
            raise PermissionDenied
        scope = Scope(organisation, _year(options["year"]), user)
        content = _content(Summary(scope), form)
        if is_export:
            name = Path(output).name if output else "màn hình"
            exports.record_summary(scope, name=name, content=content, with_names=form == "xlsx", by=user)
        if output:
            write_whole(Path(output), content)
        else:
            self.stdout.write(content.decode(), ending="")


def _year(text: str) -> int:
    """The year asked for."""
    if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise CommandError(f"Năm “{text}” không hợp lệ: cần một năm từ {FIRST_YEAR} đến {LAST_YEAR}.")


def _organisation(code: str | None, user: User | None) -> Organisation:
    """The organisation with that code or, without one, the only root; only what the user may see."""
    if code:
        visible = Organisation.objects.open_to(user, Permission.VIEW_RECORDS) if user else Organisation.objects.all()
        found = visible.filter(code=code).first()
        if found is None:
            raise CommandError(f"Không có tổ chức nào mang mã “{code}”.")
        return found
    roots = list(_highest(user)[:6])
    if not roots:
        raise CommandError("Chưa có tổ chức nào. Hãy nhập tổ chức trước, hoặc nạp số liệu mẫu: manage.py demo.")
    if len(roots) > 1:
        codes = ", ".join(root.code for root in roots[:5]) + (", …" if len(roots) > 5 else "")
        raise CommandError(f"Có nhiều tổ chức không có cấp trên ({codes}); hãy chọn bằng --organisation MÃ.")
    return roots[0]


def _highest(user: User | None) -> QuerySet:
    """The highest organisations of the user's scope, or of all."""
    if user is None:
        return Organisation.objects.roots()
    return Organisation.objects.filter(path__in=scope_of(user, Permission.VIEW_RECORDS).paths)


def _content(summary: Summary, form: str) -> bytes:
    if form == "xlsx":
        return workbook_bytes(summary_workbook(summary))
    if form == "json":
        return (json.dumps(summary.as_json(), ensure_ascii=False, indent=2) + "\n").encode()
    return ("\n".join(text_lines(summary)) + "\n").encode()


# --- Text ------------------------------------------------------------------------------------------


def text_lines(summary: Summary) -> Iterator[str]:
    """The summary as aligned lines: a heading a section, label, count, share with count and base."""
    root, scope = summary.scope.tree.root, summary.scope
    yield f"TỔNG KẾT NĂM {scope.year}: {root.name} ({root.code})"
    yield f"Số liệu tính đến {scope.day:%d/%m/%Y}"
    rows = {section: list(_figure_rows(summary, section)) for section in Section}
    labels = [label for figures in rows.values() for label, _ in figures]
    width = max(len(label) for label in [*labels, *(f"  {result.title}" for result in summary.targets)])
    for section, figures in rows.items():
        yield from ("", section.value.upper())
        for label, number in figures:
            share = f"  {_share(number)}" if number.base is not None else ""
            yield f"{label:<{width}} {count_text(number.count):>8}{share}"
    for year in (scope.year, scope.year + 1):
        targets = [result for result in summary.targets if result.target.year == year]
        if targets:
            yield from ("", f"CHỈ TIÊU NĂM {year}")
        for result in targets:
            yield f"  {result.title:<{width - 2}} {_target(result)}"


def _figure_rows(summary: Summary, section: Section) -> Iterator[tuple[str, Number]]:
    for place, figure in numbered([figure for figure in FIGURES if figure.section == section]):
        number = summary.number(figure.code)
        yield "  " * (place.count(".") + 1) + number.label, number


def _share(number: Number) -> str:
    return f"{share_text(number.share):>8} ({count_text(number.count)}/{count_text(number.base)})"


def _target(result: TargetResult) -> str:
    unit = "%" if result.figure.base else ""
    wanted = f"{decimal_text(result.target.value, short=True) + unit:>8}"
    if result.number is None or result.met is None:
        return wanted
    reached = _share(result.number) if result.figure.base else f"{count_text(result.number.count):>8}"
    verdict = "đạt" if result.met else f"chưa đạt, thiếu {count_text(result.missing_count)} {result.figure.unit}"
    return f"{wanted}, thực hiện {reached.strip()}: {verdict}"
