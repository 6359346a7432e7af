"""The checklist of an organisation's files, as a page and as Excel."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.access import Permission
from config.downloads import download
from config.numbers import count_text
from config.pages import requires
from config.workbook import SMALL, TITLE, new_workbook, workbook_bytes
from config.workbook_pages import Column, Page, Row, Table
from members import audit
from members.document_checklist import STEPS, Checklist, FileOfPerson
from members.documents import Stage
from members.organisation_pages import get_organisation

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADING = "Giấy tờ còn thiếu trong hồ sơ"


@require_GET
@requires(Permission.VIEW_RECORDS)
def organisation_documents(request: HttpRequest, code: str) -> HttpResponse:
    """Whose files lack which documents, with all organisations under this one."""
    found = get_organisation(request, code)
    checklist = Checklist(found, request.GET, on=timezone.localdate())
    page = min(checklist.page, checklist.page_count)
    context = {
        "organisation": found,
        "checklist": checklist,
        "rows": checklist.rows(),
        "kinds": [(one, checklist.query(loai=one.kind.code, **{"tat-ca": ""})) for one in checklist.kinds],
        "steps": [(step.value, step.label) for step in STEPS],
        "standings": Stage.choices,
        "can_export": request.user.has_perm(Permission.EXPORT, found),
        "page": page,
        "earlier": checklist.query(trang=page - 1) if page > 1 else "",
        "later": checklist.query(trang=page + 1) if page < checklist.page_count else "",
    }
    return render(request, "members/documents/organisation.html", context)


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def organisation_documents_workbook(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly that list, all of it, as Excel."""
    found = get_organisation(request, code)
    if not request.user.has_perm(Permission.EXPORT, found):
        raise PermissionDenied
    checklist = Checklist(found, request.GET, on=timezone.localdate())
    files = checklist.all_rows()
    content = _workbook(checklist, files, creator=str(request.user))
    name = f"giay-to-con-thieu-{found.code}-{checklist.on:%Y-%m-%d}.xlsx"
    audit.record_export(
        title=f"danh sách giấy tờ còn thiếu của {found.name} ({checklist.sentence})",
        organisation=found,
        name=name,
        content=content,
        people=[file.person.pk for file in files],
    )
    return download(content, name, XLSX)


def _workbook(checklist: Checklist, files: list[FileOfPerson], *, creator: str) -> bytes:
    workbook = new_workbook(title=HEADING, creator=creator, on=checklist.on)
    table = Table(COLUMNS, [Row(_values(number, file)) for number, file in enumerate(files, 1)])
    page = Page(workbook, "Giấy tờ còn thiếu", table.widths)
    page.line(HEADING.upper(), TITLE)
    page.line(checklist.organisation.name, SMALL)
    page.line(f"{checklist.sentence}; ngày {checklist.on:%d/%m/%Y}; {count_text(len(files))} người", SMALL)
    page.skip()
    page.table(table)
    page.finish(footer=HEADING)
    return workbook_bytes(workbook)


COLUMNS = (
    Column("STT", centred=True),
    Column("Họ và tên"),
    Column("Số lý lịch"),
    Column("Tổ chức"),
    Column("Diện"),
    Column("Đã có", centred=True),
    Column("Phải có", centred=True),
    Column("Còn thiếu", most=70),
)


def _values(number: int, file: FileOfPerson) -> list[Any]:
    person = file.person
    absent = "; ".join(str(kind) for kind in file.missing)
    return [
        number,
        person.full_name,
        person.file_number,
        person.home or "",
        file.standing,
        file.held_count,
        file.needed_count,
        absent,
    ]
