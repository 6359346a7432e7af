"""The board and its Excel, opening cases, and recording a step of many."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.access import Permission
from config.downloads import download
from config.pages import requires
from config.submissions import act_once
from config.workbook import SMALL, TITLE, new_workbook, workbook_bytes
from config.workbook_pages import Column, Page, Row, Table
from members import audit
from members.admission.batches import MOST, BatchRefusedError, Entry, for_several, ready, record_batch
from members.admission.board import COLUMNS, Board, in_organisation, waiting_for_a_case
from members.admission.forms import OpenForm, RowForm, StepForm
from members.admission.pipeline import Pipeline, Way
from members.admission.services import open_case
from members.models import AdmissionCase, AdmissionStage, CaseStep, Membership, Organisation, Person
from members.models.admission_cases import BALLOT
from members.models.memberships import LATEST_FIRST
from members.partial_dates import PartialDate
from members.text import one_line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@requires(Permission.VIEW_RECORDS)
def board(request: HttpRequest) -> HttpResponse:
    """Who stands where, and who is late."""
    return render(request, "admission/board.html", {"board": Board(request.user, request.GET, today=_today())})


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def workbook(request: HttpRequest) -> HttpResponse:
    """The rows of the board that the user may export, in its order."""
    found, today = Board(request.user, request.GET, today=_today()), _today()
    allowed = AdmissionCase.objects.open_to(request.user, Permission.EXPORT).order_by()
    cases = list(found.cases.filter(pk__in=allowed.values("pk")))
    title = f"Kết nạp: {', '.join(found.sentence)}"
    rows = [Row([_cell(column.value(case, today)) for column in COLUMNS]) for case in cases]
    table = Table([Column(column.label) for column in COLUMNS], rows)
    book = new_workbook(title=title, creator=str(request.user), on=today)
    page = Page(book, "Kết nạp", table.widths)
    page.line(title, TITLE)
    page.line(f"Tính đến ngày {today:%d/%m/%Y}", SMALL)
    page.skip()
    page.table(table)
    page.finish(footer=title)
    content, name = workbook_bytes(book), f"ket-nap-{today:%Y-%m-%d}.xlsx"
    people = [case.person_id for case in cases]
    about = found.organisation or (cases[0].organisation if cases else None)
    audit.record_export(title=title, organisation=about, name=name, content=content, people=people)
    return download(content, name, XLSX)


def _cell(value: Any) -> Any:
    """A date as it is known: a day as a date, less as text."""
    if isinstance(value, PartialDate):
        return value.first_day if str(value).count("/") == 2 else str(value)
    return value


def _today() -> dt.date:
    return timezone.localdate()


# --- Opening cases ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_RECORDS)
def open_cases(request: HttpRequest) -> HttpResponse:
    """People who have no case yet; the cases of those who are marked are opened together."""
    if request.method == "POST":
        return act_once(request, lambda: _open_marked(request))
    return _show_open(
        request, OpenForm(initial={"opened_on": f"{_today():%d/%m/%Y}"}), marked=_keys(request.GET, "nguoi")
    )


def _keys(data: Any, name: str) -> list[int]:
    return [int(key) for key in data.getlist(name) if key.isascii() and key.isdigit() and len(key) < 19]


def _open_marked(request: HttpRequest) -> HttpResponse:
    form, marked = OpenForm(request.POST), _keys(request.POST, "nguoi")
    refused: list[str] = [] if marked else ["Chưa chọn ai. Hãy đánh dấu ít nhất một người."]
    if form.is_valid() and not refused:
        pipeline, opened = Pipeline.load(), list[AdmissionCase]()
        rows = Person.objects.changeable_by(request.user).filter(pk__in=marked[:MOST])
        people = list(rows.order_by("name_sort_key", "pk"))
        try:
            whom = people[0].full_name if len(people) == 1 else f"{len(people)} người"
            with audit.event(note=f"Mở hồ sơ kết nạp: {whom}"):
                opened, refused = _open_all(people, form, request.user, pipeline)
                if refused:
                    raise ValidationError(refused)
        except ValidationError:
            opened = []
        if not refused:
            messages.success(request, f"Đã mở {len(opened)} hồ sơ kết nạp.")
            return redirect("admission_case", opened[0].pk) if len(opened) == 1 else redirect("admission_board")
    return _show_open(request, form, marked=marked, refused=refused)


def _open_all(
    people: list[Person], form: OpenForm, user: Any, pipeline: Pipeline
) -> tuple[list[AdmissionCase], list[str]]:
    opened, refused = [], []
    for person in people:
        try:
            opened.append(open_case(person=person, on=form.cleaned_data["opened_on"], by=user, pipeline=pipeline))
        except ValidationError as wrong:
            refused += [f"{person.full_name}: {said}" for said in wrong.messages]
    return opened, refused


def _show_open(
    request: HttpRequest, form: OpenForm, *, marked: list[int], refused: list[str] | None = None
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    query, kind = one_line(asked.get("q", ""))[:100], asked.get("loai", "")
    organisations = list(Organisation.objects.changeable_by(request.user).existing_on(_today()).order_by("path"))
    place = next((one for one in organisations if one.code == asked.get("to-chuc")), None)
    people = waiting_for_a_case(request.user)
    if marked and not (query or place or kind):
        people = people.filter(pk__in=marked)
    if place is not None:
        people = in_organisation(people, place)
    if query:
        people = people.matching(query)
    stays = Membership.objects.filter(person=OuterRef("pk"), ended_on__isnull=True).order_by(*LATEST_FIRST)
    people = people.annotate(
        member_of=Subquery(stays.values("organisation__name")[:1]),
        member_above=Subquery(stays.values("organisation__parent__name")[:1]),
    )
    if kind in {"quan-chung", "du-bi"}:
        people = people.filter(member_of__isnull=kind == "quan-chung")
    shown = list(people.select_related("followed_by__parent").order_by("name_sort_key", "pk")[: MOST + 1])
    context = {
        "form": form,
        "people": shown[:MOST],
        "has_more": len(shown) > MOST,
        "most": MOST,
        "marked": set(marked),
        "refused": refused or [],
        "organisations": organisations,
        "organisation": place,
        "kind": kind,
        "query": query,
    }
    return render(request, "admission/open.html", context)


# --- Batches ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(Permission.CHANGE_RECORDS)
def batch(request: HttpRequest) -> HttpResponse:
    """One form for a step of many cases; all are written or none."""
    pipeline = Pipeline.load()
    code = (request.POST if request.method == "POST" else request.GET).get("buoc", "")
    if not code:
        return redirect("admission_board")
    stage = pipeline.stage(code)
    if stage is None or not for_several(stage):
        raise Http404
    page = BatchPage(request, stage, pipeline)
    return act_once(request, page.act) if request.method == "POST" else page.show()


class BatchPage:
    """The batch page as it is asked for, or comes back."""

    def __init__(self, request: HttpRequest, stage: AdmissionStage, pipeline: Pipeline) -> None:
        self.request, self.stage, self.pipeline = request, stage, pipeline
        data = request.POST if request.method == "POST" else None
        asked = request.POST if data is not None else request.GET
        self.keys = _keys(asked, "chon")
        codes = Organisation.objects.changeable_by(request.user).filter(code=asked.get("to-chuc", ""))
        self.organisation = codes.first() if asked.get("to-chuc") else None
        is_received = any(one.due_from == stage.code for one in pipeline.stages)
        row = CaseStep(stage=stage)
        self.form = StepForm(data, instance=row, user=request.user, is_received=is_received)
        path = self.organisation.path if self.organisation else ""
        user: Any = request.user
        self.ways = ready(user, stage, pipeline, self.keys or None, path)
        self.rows = [(way, self._row_form(way, data)) for way in self.ways]
        self.back_to = asked.get("tra-ve", "")
        self.errors: dict[int, list[str]] = {}
        self.warnings: dict[int, list[str]] = {}
        self.refused: list[str] = []

    def _row_form(self, way: Way, data: Any) -> RowForm:
        initial = {"seen": way.case.version}
        return RowForm(data, stage=self.stage, prefix=f"hs{way.case.pk}", initial=initial)

    @property
    def targets(self) -> list[AdmissionStage]:
        """The steps to which some case can be sent back."""
        found = {one.code: one for way in self.ways for one in way.targets()}
        return sorted(found.values(), key=lambda one: one.position)

    def act(self) -> HttpResponse:
        """Write, or show what is wrong."""
        entries = self._entries()
        if not self._is_valid(entries):
            return self.show()
        try:
            recorded, back = record_batch(
                stage=self.stage,
                entries=entries,
                is_confirmed=self.form.cleaned_data.get("is_confirmed", False),
                by=self.request.user,  # type: ignore[arg-type]
            )
        except BatchRefusedError as refused:
            self.errors, self.warnings = refused.errors, refused.warnings
            return self.show()
        returned = f", trả lại {back} hồ sơ" if back else ""
        messages.success(self.request, f"{self.stage}: đã ghi {recorded} hồ sơ{returned}.")
        return redirect("admission_board")

    def _is_valid(self, entries: list[Entry]) -> bool:
        missing = set(self.keys) - {way.case.pk for way in self.ways}
        if missing:
            self.refused.append(
                f"{len(missing)} hồ sơ đã chọn không còn ở bước này, hoặc ngoài phạm vi của bạn: hãy xem lại danh sách."
            )
        if not entries:
            self.refused.append("Không có hồ sơ nào để ghi.")
        if any(entry.step.reason and entry.back_to is None for entry in entries):
            self.refused.append("Hãy chọn trả lại về bước nào.")
        are_rows_valid = all(form.is_valid() for _, form in self.rows)
        return self.form.is_valid() and are_rows_valid and not self.refused

    def _entries(self) -> list[Entry]:
        self.form.is_valid()
        found = []
        for way, form in self.rows:
            if form.is_valid() and form.cleaned_data["outcome"] != RowForm.LEFT:
                found.append(self._entry(way, form.cleaned_data))
        return found

    def _entry(self, way: Way, typed: dict[str, Any]) -> Entry:
        shared = self.form.instance
        is_back = typed["outcome"] == RowForm.BACK
        step = CaseStep(case=way.case, stage=self.stage)
        for field in ("done_on", "done_on_precision", "received_on", "number", "note", *BALLOT):
            setattr(step, field, getattr(shared, field))
        step.number = typed.get("number") or step.number
        if typed.get("in_favour") is not None and step.in_favour is not None:
            _apart(step, typed["in_favour"])
        step.reason = typed["reason"] if is_back else ""
        back_to = next((one for one in self.targets if one.code == self.back_to), None) if is_back else None
        return Entry(way.case, step, back_to, typed.get("seen"))

    def _warned(self) -> list[tuple[str, list[Way]]]:
        """Each warning once, with the cases that it is about; none where it is about all of them."""
        about: dict[str, list[Way]] = {}
        for way in self.ways:
            for said in self.warnings.get(way.case.pk, []):
                about.setdefault(said, []).append(way)
        return [(said, ways if len(ways) < len(self.ways) else []) for said, ways in about.items()]

    def show(self) -> HttpResponse:
        told = [
            {
                "way": way,
                "form": form,
                "errors": self.errors.get(way.case.pk, []),
            }
            for way, form in self.rows
        ]
        context = {
            "stage": self.stage,
            "form": self.form,
            "rows": told,
            "targets": self.targets,
            "back_to": self.back_to,
            "organisation": self.organisation,
            "refused": self.refused,
            "has_errors": bool(self.errors),
            "warned": self._warned(),
            "most": MOST,
            "back": f"{reverse('admission_board')}?buoc={self.stage.code}",
        }
        return render(self.request, "admission/batch.html", context)


def _apart(step: CaseStep, in_favour: int) -> None:
    """Another number in favour than for the others: the rest of those who voted for them was against."""
    step.against = (step.against or 0) + (step.in_favour or 0) - in_favour
    step.in_favour = in_favour
