"""The board: who stands at which step, and who is late; the same rows on the page and in Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from config.access import Permission, scope_of, under_path
from config.numbers import count_text
from members.admission.batches import for_several
from members.models import AdmissionCase, AdmissionStage, Organisation, Person
from members.models.admission_cases import OPEN_STATES, CaseState
from members.models.admission_stages import StagePhase
from members.models.memberships import Membership
from members.search import names
from members.text import one_line

PER_PAGE = 50
LONGEST_SEARCH = 100
# Within so many days a step is soon due.
SOON = 7


@dataclass(frozen=True)
class Lateness:
    """How a case stands against its deadline, by word and mark."""

    mark: str
    words: str
    css: str


def standing(case: AdmissionCase, today: dt.date) -> Lateness:
    """Late, soon due, in time, or without a deadline."""
    if case.due_on is None:
        return Lateness("", "không có hạn", "quiet")
    days = (case.due_on - today).days
    unsure = "" if case.is_due_sure else ", chưa chắc chắn"
    if days < 0:
        return Lateness("▲", f"quá hạn {count_text(-days)} ngày{unsure}", "late")
    if days == 0:
        return Lateness("●", f"hết hạn hôm nay{unsure}", "soon")
    return Lateness("●" if days <= SOON else "", f"còn {count_text(days)} ngày{unsure}", "soon" if days <= SOON else "")


def notes(case: AdmissionCase, today: dt.date) -> list[str]:
    """What else is to be watched: a certificate or a probation that ends."""
    found = []
    if case.state == CaseState.RUNNING and case.certificate_until is not None:
        until = case.certificate_until
        if until < today:
            found.append(f"giấy chứng nhận hết giá trị {until:%d/%m/%Y}")
        elif (until - today).days <= 90:
            found.append(f"giấy chứng nhận sắp hết giá trị {until:%d/%m/%Y}")
    if case.state == CaseState.ADMITTED and case.probation_until is not None:
        ends = case.probation_until
        found.append(f"{'đã hết' if ends <= today else 'hết'} dự bị {ends:%d/%m/%Y}")
    return found


@dataclass(frozen=True)
class Column:
    """A column of the board in Excel."""

    label: str
    value: Callable[[AdmissionCase, dt.date], Any]


COLUMNS = (
    Column("Họ và tên", lambda case, _: case.person.full_name),
    Column("Số lý lịch", lambda case, _: case.person.file_number),
    Column("Ngày sinh", lambda case, _: case.person.born),
    Column("Tổ chức đề nghị", lambda case, _: case.organisation.name),
    Column("Cấp trên trực tiếp", lambda case, _: case.organisation.parent.name if case.organisation.parent else ""),
    Column("Tình trạng", lambda case, _: case.get_state_display()),
    Column("Bước đang chờ", lambda case, _: case.stage.name if case.stage else ""),
    Column("Việc đến hạn trước", lambda case, _: case.due_stage.name if case.due_stage else ""),
    Column("Hạn", lambda case, _: case.due_on),
    Column("So với hạn", lambda case, today: standing(case, today).words if case.is_open else ""),
    Column("Lưu ý", lambda case, today: "; ".join(notes(case, today))),
    Column("Ngày mở hồ sơ", lambda case, _: case.opened_on),
)


@dataclass(frozen=True)
class StageCount:
    """A step with how many wait for it and how many of them are late, each with its address."""

    stage: AdmissionStage
    count: int
    late: int
    url: str
    late_url: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """A case on the board."""

    case: AdmissionCase
    standing: Lateness
    notes: list[str]


@dataclass(frozen=True)
class Group:
    """The cases of a page that wait for one step."""

    stage: AdmissionStage | None
    label: str
    rows: list[Row]
    batch_url: str


class Board:
    """What the address asks for: `to-chuc`, `buoc`, `cham`, `tinh-trang`, `q` and `trang`."""

    def __init__(self, user: Any, asked: QueryDict, *, today: dt.date) -> None:
        self.user = user
        self.today = today
        self.query = one_line(asked.get("q", ""))[:LONGEST_SEARCH]
        self.stage_code = one_line(asked.get("buoc", ""))[:30]
        self.is_late = asked.get("cham") == "1"
        state = asked.get("tinh-trang", "")
        self.state = state if state in CaseState.values else ""
        self._code = one_line(asked.get("to-chuc", ""))
        self._page = asked.get("trang", "1")

    # What is asked for

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Those that may be chosen: with cases in them or below."""
        visible = Organisation.objects.open_to(self.user, Permission.VIEW_RECORDS)
        paths = AdmissionCase.objects.visible_to(self.user).values_list("organisation__path", flat=True).distinct()
        keys = {int(key) for path in paths for key in path.split("/") if key}
        return list(visible.filter(pk__in=keys).order_by("path"))

    @cached_property
    def organisation(self) -> Organisation | None:
        """The one that was chosen."""
        return next((one for one in self.organisations if one.code == self._code), None)

    @cached_property
    def within(self) -> QuerySet[AdmissionCase]:
        """All cases of the organisation and the state that were chosen, found by name."""
        cases = AdmissionCase.objects.visible_to(self.user)
        cases = cases.filter(state=self.state) if self.state else cases.filter(state__in=OPEN_STATES)
        if self.organisation is not None:
            cases = cases.filter(under_path("organisation__path", self.organisation.path))
        if self.query:
            cases = cases.filter(names(self.user, self.query))
        return cases

    @cached_property
    def cases(self) -> QuerySet[AdmissionCase]:
        """Those of the step, and only late ones where that was asked, in the order of the page."""
        cases = self.within
        if self.stage_code:
            cases = cases.filter(stage__code=self.stage_code)
        if self.is_late:
            cases = cases.late(on=self.today)  # type: ignore[attr-defined]
        return cases.select_related("person", "organisation__parent", "stage", "due_stage").order_by(
            F("stage__position").asc(nulls_last=True),
            F("due_on").asc(nulls_last=True),
            "person__name_sort_key",
            "pk",
        )

    # The steps

    @cached_property
    def phases(self) -> list[tuple[str, list[StageCount]]]:
        """The steps in which cases wait, and those in force, each with its counts, by phase."""
        late = Count("pk", filter=Q(due_on__lt=self.today))
        rows = self.within.order_by().values("stage__code").annotate(waiting=Count("pk"), late=late)
        counts = {row["stage__code"]: (row["waiting"], row["late"]) for row in rows if row["stage__code"]}
        known: dict[str, AdmissionStage] = {}
        for one in AdmissionStage.objects.all():
            if one.holds_on(self.today) or one.code in counts:
                known[one.code] = one
        stages = sorted(known.values(), key=lambda one: one.position)
        return [
            (label, [self._counted(one, *counts.get(one.code, (0, 0))) for one in stages if one.phase == phase])
            for phase, label in StagePhase.choices
        ]

    def _counted(self, stage: AdmissionStage, count: int, late: int) -> StageCount:
        return StageCount(
            stage=stage,
            count=count,
            late=late,
            url=self.address(buoc=stage.code, cham=""),
            late_url=self.address(buoc=stage.code, cham="1"),
            is_chosen=stage.code == self.stage_code,
        )

    @property
    def total(self) -> int:
        """How many cases wait for any step."""
        return sum(one.count for _, stages in self.phases for one in stages)

    @property
    def total_late(self) -> int:
        """How many of them are late."""
        return sum(one.late for _, stages in self.phases for one in stages)

    @property
    def stage(self) -> AdmissionStage | None:
        """The step that was chosen."""
        return next((one.stage for _, stages in self.phases for one in stages if one.is_chosen), None)

    # The rows

    @cached_property
    def page(self) -> Page:
        """The page that the address asks for; the nearest one where it asks for none that is."""
        paginator = Paginator(self.cases, PER_PAGE)
        return paginator.get_page(1 if self._page.startswith(("0", "-")) else self._page)

    @cached_property
    def groups(self) -> list[Group]:
        """The rows of the page under the step that they wait for."""
        found: list[Group] = []
        for case in self.page:
            if not found or found[-1].stage != case.stage:
                found.append(self._group(case))
            found[-1].rows.append(Row(case, standing(case, self.today), notes(case, self.today)))
        return found

    def _group(self, case: AdmissionCase) -> Group:
        stage = case.stage
        is_offered = stage is not None and self.may_change and for_several(stage)
        return Group(
            stage=stage,
            label=stage.name if stage is not None else case.get_state_display(),
            rows=[],
            batch_url=self._batch_url(stage) if stage is not None and is_offered else "",
        )

    def _batch_url(self, stage: AdmissionStage) -> str:
        place = self.organisation.code if self.organisation is not None else ""
        return f"{reverse('admission_batch')}{_query({'buoc': stage.code, 'to-chuc': place})}"

    @cached_property
    def may_change(self) -> bool:
        """Whether the user may record anything at all."""
        return bool(scope_of(self.user, Permission.CHANGE_RECORDS).paths)

    @cached_property
    def may_export(self) -> bool:
        """Whether the user may take the list away."""
        return bool(scope_of(self.user, Permission.EXPORT).paths)

    @cached_property
    def without_case(self) -> tuple[int, int]:
        """How many candidates and probationary members whom the user may change have no case."""
        people = waiting_for_a_case(self.user)
        if self.organisation is not None:
            people = people.filter(_belongs(self.organisation))
        members = people.filter(pk__in=_probationary().values("person")).count()
        return people.count() - members, members

    # Addresses

    def address(self, **changes: str) -> str:
        """The query string of this page with `changes`; an empty value leaves the part out."""
        state = {
            "to-chuc": self.organisation.code if self.organisation is not None else "",
            "tinh-trang": self.state,
            "buoc": self.stage_code,
            "cham": "1" if self.is_late else "",
            "q": self.query,
        }
        return _query(state | changes) or "?"

    @property
    def clear_url(self) -> str:
        return reverse("admission_board")

    @property
    def late_url(self) -> str:
        return self.address(buoc="", cham="1")

    @property
    def all_stages_url(self) -> str:
        return self.address(buoc="", cham="")

    @property
    def workbook_url(self) -> str:
        """The Excel of exactly these rows."""
        query = self.address()
        return reverse("admission_workbook") + ("" if query == "?" else query)

    @property
    def previous_url(self) -> str:
        return self.address(trang=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.address(trang=str(self.page.next_page_number())) if self.page.has_next() else ""

    @property
    def sentence(self) -> list[str]:
        """What is shown, part by part."""
        parts = [dict(CaseState.choices)[self.state] if self.state else "Hồ sơ chưa kết thúc"]
        if self.stage_code:
            parts.append(f"chờ bước “{self.stage}”" if self.stage else "bước không có trong danh mục")
        if self.is_late:
            parts.append("quá hạn")
        if self.organisation is not None:
            parts.append(self.organisation.name)
        if self.query:
            parts.append(f"tìm “{self.query}”")
        return parts


def _query(state: dict[str, str]) -> str:
    text = urlencode({key: value for key, value in state.items() if value})
    return f"?{text}" if text else ""


def _probationary() -> QuerySet[Membership]:
    return Membership.objects.filter(ended_on__isnull=True, admission__official_on__isnull=True)


def _belongs(organisation: Organisation) -> Q:
    """The condition that a person is followed, or a member, in the organisation or below it."""
    stays = Membership.objects.filter(under_path("organisation__path", organisation.path), ended_on__isnull=True)
    return under_path("followed_by__path", organisation.path) | Q(pk__in=stays.values("person"))


def waiting_for_a_case(user: Any) -> Any:
    """Candidates and probationary members whom `user` may change and who have no case that goes on."""
    people: Any = Person.objects.changeable_by(user)
    cases = AdmissionCase.objects.unfinished().order_by().values("person")
    candidates = Person.objects.candidates().order_by().values("pk")
    wanted = Q(pk__in=candidates) | Q(pk__in=_probationary().order_by().values("person"))
    return people.filter(wanted).exclude(pk__in=cases)


def in_organisation(people: Any, organisation: Organisation) -> Any:
    """Those of `people` who belong to the organisation or one below it."""
    return people.filter(_belongs(organisation))
