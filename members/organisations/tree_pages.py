"""The tree of organisations as a page and as a workbook."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from openpyxl import Workbook

from config.access import Permission, holds, scope_of
from config.downloads import download
from config.pages import requires
from config.workbook import SMALL, TITLE, Kind, new_workbook, workbook_bytes
from config.workbook_pages import Column, Page, Role, Row, Table
from members import audit
from members.models import Organisation
from members.organisations.census import Census, Unit
from members.organisations.tree import MOST, TreePage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE_TEXT = "Danh sách tổ chức đảng"


@require_GET
@requires(Permission.VIEW_RECORDS)
def organisations(request: HttpRequest) -> HttpResponse:
    """The tree, a branch at a time, or the organisations sought."""
    page = TreePage(request.user, request.GET)
    context = {
        "page": page,
        "form": page.form,
        "most": MOST,
        "may_export": holds(request.user, Permission.EXPORT),
    }
    return render(request, "members/organisations/tree.html", context)


class _Exported(Census):
    """What of the tree may be taken away."""

    def __init__(self, user: Any, day: Any) -> None:
        super().__init__(user, day, permission=Permission.EXPORT)


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def organisations_workbook(request: HttpRequest) -> HttpResponse:
    """The organisations of the page, with all branches open, as a workbook."""
    page = TreePage(request.user, request.GET, _Exported)
    content = workbook_bytes(_workbook(page))
    name = f"to-chuc-dang-{page.day:%Y-%m-%d}.xlsx"
    top = Organisation.objects.filter(path__in=scope_of(request.user, Permission.EXPORT).paths).order_by("path").first()
    audit.record_export(
        title=f"danh sách tổ chức đảng ({page.says})",
        organisation=top,
        name=name,
        content=content,
        people=[],
        rows=len(page.found),
    )
    return download(content, name, XLSX)


_OWN, _ALL = "Riêng tổ chức này", "Cả các tổ chức bên dưới"
_COLUMNS = (
    Column("Số TT", kind=Kind.COUNT, centred=True),
    Column("Tên tổ chức", most=60),
    Column("Mã"),
    Column("Loại tổ chức"),
    Column("Loại hình cơ sở"),
    Column("Tổ chức cấp trên", most=40),
    Column("Bí thư"),
    *(
        Column(label, group, Kind.COUNT)
        for group in (_OWN, _ALL)
        for label in ("Đảng viên", "Chính thức", "Dự bị", "Quần chúng ưu tú")
    ),
)


def _workbook(page: TreePage) -> Workbook:
    workbook = new_workbook(title=TITLE_TEXT, creator=settings.PARENT_COMMITTEE_NAME, on=page.day)
    rows = [_row(number, unit, page) for number, unit in enumerate(page.found, 1)]
    table = Table(_COLUMNS, rows)
    sheet = Page(workbook, "Tổ chức đảng", table.widths)
    sheet.line(TITLE_TEXT, TITLE)
    sheet.line(page.says, SMALL)
    sheet.skip()
    sheet.table(table)
    sheet.finish(footer=TITLE_TEXT)
    return workbook


def _row(number: int, unit: Unit, page: TreePage) -> Row:
    node = unit.node
    upper = page.census.units.get(node.parent_pk) if node.parent_pk else None
    values = [
        number,
        node.name,
        node.code,
        str(node.kind_label),
        unit.sector_label,
        upper.node.name if upper else "",
        unit.secretary,
        *(figure.number for figure in unit.figures),
    ]
    return Row(values, Role.RECORD, indent=0 if page.wanted else unit.depth)
