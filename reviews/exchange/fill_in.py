"""Workbooks to be filled in by those who have no account: one an organisation, packed together for the office to send.

Names and what is known already stand in them; only the cells to fill may be typed into. The sheets are those of the
exchange workbook, so that what comes back is read as any other file.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

from config.access import Permission, UserScope, scope_of
from config.downloads import safe_name
from config.workbook import new_workbook, workbook_bytes
from members.exchange.run import Run
from members.intake.contract import KINDS
from members.models import Organisation, User
from reviews.exchange import fill_in_rows
from reviews.exchange.fill_in_rows import Texts
from reviews.exchange.guide import begin_guide
from reviews.exchange.lists_out import Lists, Words, present_marks
from reviews.exchange.sheet_out import Fill, SheetOut
from reviews.exchange.workbook_out import Handout, record
from training.models import TrainingClass

MORE_LEARNERS = 100
WHOEVER = "văn phòng cấp ủy"


class Task(models.TextChoices):
    """What is to be filled in; the labels are sheets of the exchange workbook."""

    MEMBER_RATINGS = "member_ratings", "Xếp loại đảng viên"
    ORGANISATION_RATINGS = "organisation_ratings", "Xếp loại tổ chức"
    PROFILES = "profiles", "Hồ sơ"
    LEARNERS = "learners", "Học viên"


@dataclass(frozen=True)
class Request:
    """What organisations are asked for: the year of ratings, the class of learners, and until when."""

    tasks: tuple[Task, ...]
    year: int
    training_class: TrainingClass | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Sheet:
    """What a task's sheet is like: its columns, those to fill, rows to add, and the sentence that explains it."""

    columns: tuple[str, ...]
    to_fill: frozenset[str]
    told: str
    more_rows: int = 0
    enough: frozenset[str] = frozenset()


_RATING = ("Xếp loại", "Lý do không xếp loại", "Số quyết định")
_PERSONAL = (
    "Giới tính",
    "Ngày sinh",
    "Dân tộc",
    "Tôn giáo",
    "Quê quán",
    "Nơi ở hiện nay",
    "Số định danh cá nhân",
    "Nghề nghiệp chức vụ",
    "Trình độ phổ thông",
    "Trình độ chuyên môn",
    "Lý luận chính trị",
    "Ngày quyết định kết nạp",
    "Ngày chính thức",
    "Số thẻ đảng viên",
    "Ngày cấp thẻ",
)
_LEARNER = ("Mã lớp", "Số lý lịch", "Họ và tên", "Giới tính", "Ngày sinh", "Mã tổ chức")
SHEETS = {
    Task.MEMBER_RATINGS: Sheet(
        ("Năm", "Số lý lịch", "Họ và tên", "Ngày sinh", "Mã tổ chức", *_RATING),
        frozenset(_RATING),
        "chọn mức xếp loại năm {year} của từng đảng viên; ai không xếp loại thì chọn hoặc ghi lý do.",
        enough=frozenset(_RATING[:2]),
    ),
    Task.ORGANISATION_RATINGS: Sheet(
        ("Năm", "Mã tổ chức", "Tên tổ chức", *_RATING),
        frozenset(_RATING),
        "chọn mức xếp loại năm {year} của từng tổ chức; tổ chức nào không xếp loại thì chọn hoặc ghi lý do.",
        enough=frozenset(_RATING[:2]),
    ),
    Task.PROFILES: Sheet(
        ("Số lý lịch", "Họ và tên", "Mã tổ chức", *_PERSONAL),
        frozenset(_PERSONAL),
        "ghi vào ô còn trống, sửa ô ghi sai. Ngày ghi như 05/09/1975; chỉ biết năm thì ghi 1975.",
    ),
    Task.LEARNERS: Sheet(
        _LEARNER,
        frozenset(_LEARNER),
        "mỗi dòng một người được cử đi học{of_class}. Chưa có số lý lịch thì để trống; "
        "họ và tên, giới tính, ngày sinh, mã tổ chức thì ghi đủ.",
        MORE_LEARNERS,
    ),
}


# --- One organisation ------------------------------------------------------------------------------


def fill_in_workbook(
    organisation: Organisation, request: Request, *, scope: UserScope | None = None, words: Words | None = None
) -> Handout:
    """The workbook of an organisation with all under it, as far as `scope` reaches (None: everywhere).

    Not noted in the trail: `fill_in_package` is.
    """
    return _Writer(organisation, request, scope, words or Words(request.year)).handout()


@dataclass
class _Writer:
    organisation: Organisation
    request: Request
    scope: UserScope | None
    words: Words
    lists: Lists = field(default_factory=Lists)

    def __post_init__(self) -> None:
        self.marks = present_marks()
        self.title = f"Phiếu ghi số liệu: {self.organisation.name}"
        self.workbook = new_workbook(title=self.title, creator="Hồ sơ đảng viên", on=timezone.localdate())
        self.places = fill_in_rows.organisations_under(self.organisation, self.request.year, self.scope)
        self.handed = Handout(safe_name(f"{self.organisation.code} {self.organisation.name}.xlsx"), b"")

    def handout(self) -> Handout:
        """The finished file."""
        rows = {task: list(self._rows(task)) for task in self.request.tasks}
        self._write_guide(rows)
        sheets = [self._sheet(task, rows[task]) for task in self.request.tasks]
        self.lists.write(self.workbook, self.marks)
        self.handed.content = workbook_bytes(self.workbook, {sheet.kind.name: sheet.rows for sheet in sheets})
        for sheet in sheets:
            sheet.rows.close()
        return self.handed

    def _rows(self, task: Task) -> Iterable[Texts]:
        run, year = Run.outward(self.scope), self.request.year
        match task:
            case Task.MEMBER_RATINGS:
                return fill_in_rows.members(run, self.places, year, self.handed.people)
            case Task.ORGANISATION_RATINGS:
                return fill_in_rows.organisations(run, self.places, year)
            case Task.PROFILES:
                return fill_in_rows.profiles(self.organisation, self.handed.people)
        return []

    def _sheet(self, task: Task, rows: list[Texts]) -> SheetOut:
        about, kind = SHEETS[task], KINDS[str(task.label)]
        columns = [kind.by_name[name] for name in about.columns]
        fill = Fill(about.to_fill, about.more_rows, about.enough)
        sheet = SheetOut(self.workbook, kind, columns, self.lists, self._words(task), fill)
        for texts in rows:
            sheet.add(texts)
        self.handed.counts[kind.name] = sheet.rows.count
        sheet.finish(footer=self.title)
        return sheet

    def _words(self, task: Task) -> dict[str, list[str]]:
        """What the cells to fill offer: levels of the year alone, the organisation's own codes, the class."""
        words = self.words.of(str(task.label))
        if task == Task.LEARNERS:
            words["Mã tổ chức"] = [place.code for place in self.places]
            if self.request.training_class is not None:
                words["Mã lớp"] = [self.request.training_class.code]
        return {name: told for name, told in words.items() if name in SHEETS[task].to_fill}

    def _write_guide(self, rows: dict[Task, list[Texts]]) -> None:
        of_class = self.request.training_class
        told = {"year": self.request.year, "of_class": f" lớp {of_class.name} (mã {of_class.code})" if of_class else ""}
        rules = [f"Trang “{task.label}”: {SHEETS[task].told.format(**told)}" for task in self.request.tasks]
        rules.append(
            "Ô nền vàng là ô cần ghi. Ô khác dưới tiêu đề nền vàng thì sửa được nếu sai; mọi ô còn lại đã khóa. "
            "Ô có mũi tên thì chọn trong danh sách."
        )
        until = f" trước ngày {self.request.until:%d/%m/%Y}" if self.request.until else ""
        rules.append(
            f"Ghi xong, lưu tệp và gửi lại {WHOEVER}{until}. Giữ nguyên tên trang, tên cột và các dòng có sẵn."
        )
        page = begin_guide(self.workbook, self.title, rules)
        if len(self.places) > 1:
            fill_in_rows.write_codes(page, self.places)
        page.finish(footer=self.title)


# --- All in one package ----------------------------------------------------------------------------


def grassroots_of(by: User | None) -> list[Organisation]:
    """The TCCSĐ that exist today in what `by` may export, in the order of names."""
    today = timezone.localdate()
    rows = Organisation.objects.all() if by is None else Organisation.objects.open_to(by, Permission.EXPORT)
    return list(rows.existing_on(today).grassroots(on=today))


def fill_in_package(organisations: Sequence[Organisation], request: Request, *, by: User | None) -> Handout:
    """A workbook for each organisation, in one ZIP; noted in the trail with the people in them.

    Raises PermissionDenied where `by` (None: the operator) may not export one of them.
    """
    scope = scope_of(by, Permission.EXPORT) if by is not None else None
    if scope is not None and not all(place.path.startswith(scope.paths) for place in organisations):
        raise PermissionDenied
    package = Handout(safe_name(f"phieu ghi so lieu {timezone.localdate():%Y-%m-%d}.zip"), b"")
    content, words = io.BytesIO(), Words(request.year)
    names: set[str] = set()
    with zipfile.ZipFile(content, "w") as target:
        for organisation in organisations:
            handed = fill_in_workbook(organisation, request, scope=scope, words=words)
            name = _unused(handed.name, names)
            target.writestr(name, handed.content)  # compressed already
            package.counts[name] = sum(handed.counts.values())
            package.people |= handed.people
    package.content = content.getvalue()
    tasks = ", ".join(str(task.label) for task in request.tasks)
    title = f"phiếu ghi số liệu ({tasks}) của {len(organisations)} tổ chức"
    record(package, title=title, organisation=_above(organisations), by=by)
    return package


def _unused(name: str, names: set[str]) -> str:
    stem, number = name.removesuffix(".xlsx"), 2
    while name.casefold() in names:
        name, number = f"{stem} ({number}).xlsx", number + 1
    names.add(name.casefold())
    return name


def _above(organisations: Sequence[Organisation]) -> Organisation | None:
    """Before whose inspectors it comes: the only organisation, or the root above all."""
    if len(organisations) == 1:
        return organisations[0]
    roots = {place.path.partition("/")[0] for place in organisations}
    return Organisation.objects.filter(pk=int(roots.pop())).first() if len(roots) == 1 else None
