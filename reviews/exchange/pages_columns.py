"""The step in which people see what the columns of their tables are taken to mean, and put it right."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.access import Permission
from config.pages import requires
from config.submissions import act_once
from members.exchange import sessions
from members.exchange.stored import answers_for
from members.intake.contract import KINDS
from members.models import ColumnMemory, ImportJob, ImportSession, ImportState
from reviews.exchange.forms import RowsForm
from reviews.exchange.pages import begin
from reviews.exchange.pages_base import address_of, frame, get_session, sheet_label, user_of

Told = dict[str, Any]

WHY = {
    "numbers": "dòng đánh số cột",
    "group": "dòng ghi tên nhóm",
    "total": "dòng cộng",
    "heading": "dòng đầu bảng lặp lại",
    "signature": "phần ký tên, cuối bảng",
    "other": "không phải dòng dữ liệu",
}
ORDERS = (("", "– chọn –"), ("dmy", "Ngày trước, tháng sau"), ("mdy", "Tháng trước, ngày sau"))
# What a table may lack because an option, a title or a group says it, or because people are found by their names.
SAID_ELSEWHERE = {"Mã tổ chức", "Mã lớp", "Năm", "Số lý lịch"}
SAID_OF_ALL = {"organisation": "Mã tổ chức", "training_class": "Mã lớp", "year": "Năm"}
MOST_SHOWN = 12
LEFT_ASIDE = "Bỏ qua bảng này"
CHOOSE_ORDER = "Hãy chọn thứ tự ngày, tháng."


@dataclass
class ColumnOnPage:
    """A column of the file: what it says, and the field that tells what it means."""

    name: str
    letters: str
    heading: str
    samples: list[str]
    meaning: str
    word: str
    is_hidden: bool
    notes: list[Told] = field(default_factory=list)


@dataclass
class OrderOnPage:
    """The order of day and month in a canonical column: asked, or answered before."""

    name: str
    column: str
    chosen: str
    question: Told | None = None
    error: str = ""


@dataclass
class ShapeOnPage:
    """The tables with the same headings: one answer is for all of them."""

    number: int
    tables: list[Told]
    answer: Told
    columns: list[ColumnOnPage] = field(default_factory=list)
    orders: list[OrderOnPage] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)
    conversions: list[Told] = field(default_factory=list)
    memory: ColumnMemory | None = None

    @property
    def first(self) -> Told:
        """One of the tables: they are alike."""
        return self.tables[0]

    @property
    def shape(self) -> str:
        """The key of its answers."""
        return str(self.first["shape"])

    @property
    def kind(self) -> str:
        """The kind of record that its rows are read as, "" where they are left aside."""
        return str(self.first["kind"])

    @property
    def meanings(self) -> list[str]:
        """What a column may mean."""
        return list(KINDS[self.kind].by_name) if self.kind else []

    @property
    def missing(self) -> list[str]:
        """What a new record would need and the table doesn't have."""
        if not self.kind:
            return []
        found = {column.meaning for column in self.columns} | set(self.first["fields"]) | SAID_ELSEWHERE
        return KINDS[self.kind].missing(found)

    @property
    def finds_by_name(self) -> bool:
        """Whether people are found by their names, for want of numbers."""
        meanings = {column.meaning for column in self.columns}
        return "Họ và tên" in meanings and "Số lý lịch" not in meanings

    @property
    def row_count(self) -> int:
        """How many rows the tables have."""
        return sum(table["rows"] for table in self.tables)

    @property
    def skipped(self) -> list[tuple[str, int, list[Told]]]:
        """Rows that are no records, by the reason."""
        rows = sorted((row for table in self.tables for row in table["skipped"]), key=lambda row: row["why"])
        grouped = [(why, list(some)) for why, some in groupby(rows, key=lambda row: row["why"])]
        return [(WHY.get(why, WHY["other"]), len(some), some[:MOST_SHOWN]) for why, some in grouped]

    @property
    def skipped_count(self) -> int:
        """How many rows are no records."""
        return sum(table["skipped_count"] for table in self.tables)


class ColumnsPage:
    """All shapes of a session with what is asked about them; reads the answers that were sent."""

    def __init__(self, session: ImportSession, sent: QueryDict | None = None) -> None:
        self.session = session
        self.told = session.understood
        self.sent = sent
        self.errors: list[tuple[str, str]] = []
        answers = answers_for(session)
        self.shapes = [ShapeOnPage(number, some, answers.get(shape, {})) for number, (shape, some) in self._by_shape()]
        self._remember()
        for shape in self.shapes:
            self._fill(shape)

    def _by_shape(self) -> Any:
        found: dict[tuple[str, str], list[Told]] = {}
        for table in self.told.get("tables", []):
            label = {"label": sheet_label(self.session, table)}
            found.setdefault((table["shape"], table["kind"]), []).append(table | label)
        return enumerate((shape, tables) for (shape, _), tables in found.items())

    def _remember(self) -> None:
        """What was answered in earlier sessions, as far as this one says nothing else."""
        wanted = [shape.shape for shape in self.shapes if shape.shape not in self.session.answers]
        rows = ColumnMemory.objects.filter(organisation=self.session.organisation, shape__in=wanted)
        known = {row.shape: row for row in rows.select_related("saved_by")}
        for shape in self.shapes:
            shape.memory = known.get(shape.shape)

    def _fill(self, shape: ShapeOnPage) -> None:
        places = {(table["file"], table["sheet"]) for table in shape.tables}
        notes = self._of(places, "notes")
        for column in shape.first["columns"]:
            plain = {name: column[name] for name in ("letters", "heading", "samples", "meaning", "word", "is_hidden")}
            about = [note for note in notes if note["column"] and note["column"] == column["meaning"]]
            shape.columns.append(ColumnOnPage(f"cot-{shape.number}-{column['letters']}", **plain, notes=about))
        meanings = {column.meaning for column in shape.columns if column.meaning}
        shape.notes = [note for note in notes if not note["column"]]
        shape.conversions = self._of(places, "conversions")
        asked = {
            one["column"]: one
            for one in self._of(places, "questions")
            if one["what"] == "dates" and one["column"] in meanings
        }
        answered = shape.answer.get("dates", {})
        for place, column in enumerate(sorted(asked | {name: None for name in answered if name in meanings})):
            shape.orders.append(
                OrderOnPage(f"thu-tu-{shape.number}-{place}", column, answered.get(column, ""), asked.get(column))
            )

    def _of(self, places: set[tuple[int, str]], what: str) -> list[Told]:
        return [one for one in self.told.get(what, []) if (one["file"], one["sheet"]) in places]

    @property
    def notes(self) -> list[Told]:
        """What is to be said of sheets that no table was found in."""
        known = {(table["file"], table["sheet"]) for shape in self.shapes for table in shape.tables}
        return [note for note in self.told.get("notes", []) if (note["file"], note["sheet"]) not in known]

    # Years of two digits

    @cached_property
    def years(self) -> Told | None:
        """The question what two digits of a year mean, where it is or was one."""
        asked = next((one for one in self.told.get("questions", []) if one["what"] == "years"), None)
        chosen = str(self.session.options.get("two_digit_from") or "")
        if asked is None and not chosen:
            return None
        return {"question": asked, "chosen": chosen, "choices": year_choices()}

    # Answers

    @property
    def is_open(self) -> bool:
        """Whether answers are still taken."""
        return not self.session.is_over

    def read_answers(self) -> dict[str, Told]:
        """What was sent that differs from what is: by shape, as sessions.answer_columns takes it."""
        found: dict[str, Told] = {}
        for shape in self.shapes:
            kind = self._sent(f"loai-{shape.number}", shape.kind)
            if kind not in KINDS:
                kind = ""
            others: Told = {"kind": kind, "columns": {}, "dates": {}}
            answer = self._answer(shape) if kind == shape.kind else others
            if answer is not None:
                found[shape.shape] = answer
        return found

    def _answer(self, shape: ShapeOnPage) -> Told | None:
        """None where nothing was put right."""
        chosen = {column.letters: self._sent(column.name, column.meaning) for column in shape.columns}
        columns = {letters: name if name in shape.meanings else "" for letters, name in chosen.items()}
        were = {order.column: order.chosen for order in shape.orders if order.chosen}
        dates = {order.column: sent for order in shape.orders if (sent := self._order(order))}
        is_same = all(columns[column.letters] == column.meaning for column in shape.columns)
        if is_same and dates == were:
            return None
        before = shape.answer.get("columns", {}) if shape.answer.get("kind", shape.kind) == shape.kind else {}
        changed = {
            column.letters: columns[column.letters]
            for column in shape.columns
            if columns[column.letters] != column.meaning
        }
        return {"kind": shape.kind, "columns": before | changed, "dates": dates}

    def _order(self, order: OrderOnPage) -> str:
        sent = self._sent(order.name, order.chosen)
        order.chosen = sent if sent in {"dmy", "mdy"} else ""
        return order.chosen

    def _sent(self, name: str, default: str) -> str:
        return str(self.sent.get(name, default)) if self.sent is not None else default

    @property
    def left_out(self) -> set[str]:
        """What rows of the tables leave out and may be said of all of them, by the fields of RowsForm."""
        found = set()
        for shape in self.shapes:
            known = {column.meaning for column in shape.columns} | set(shape.first["fields"])
            possible = KINDS[shape.kind].by_name if shape.kind else {}
            found |= {name for name, column in SAID_OF_ALL.items() if column in possible and column not in known}
        return found

    def read_years(self) -> int | None:
        """The first year that two digits may mean, as it was sent."""
        sent = self._sent("hai-chu-so", self.years["chosen"] if self.years else "")
        return int(sent) if sent in {value for value, _ in year_choices()} and sent else None

    def refuse_unanswered(self, answers: dict[str, Told], years: int | None) -> None:
        """Note what was asked and isn't answered."""
        for shape in self.shapes:
            kept = answers.get(shape.shape, {"kind": shape.kind}).get("kind") == shape.kind
            for order in shape.orders if kept else ():
                if order.question and self._sent(order.name, "") not in {"dmy", "mdy"}:
                    order.error = CHOOSE_ORDER
                    self.errors.append((order.name, f"{order.column}: {CHOOSE_ORDER}"))
        if self.years and self.years["question"] and years is None:
            self.errors.append(("hai-chu-so", "Hãy chọn cách hiểu năm chỉ ghi hai chữ số."))


def year_choices() -> list[tuple[str, str]]:
    """The centuries that two digits may mean, by their first year."""
    this_year = timezone.localdate().year
    sliding = this_year - 99
    return [
        ("", "– chọn –"),
        ("1900", "1900 đến 1999 (97 là 1997, 05 là 1905)"),
        (str(sliding), f"{sliding} đến {this_year} (97 là 1997, 05 là 2005)"),
        ("2000", "2000 đến 2099 (97 là 2097, 05 là 2005)"),
    ]


# --- The page --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CHANGE_RECORDS)
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What every column is taken to mean; answers are kept for the next files of the same shape."""
    session = get_session(request, pk)
    if request.method == "POST":
        return act_once(request, lambda: _save(request, session))
    return _show(request, ColumnsPage(session))


def _rows_form(request: HttpRequest, page: ColumnsPage, data: QueryDict | None = None) -> RowsForm | None:
    """What may be said of rows that leave it out; None where no table leaves anything out."""
    told = page.session.options
    initial = {"organisation": told.get("organisation"), "training_class": told.get("class"), "year": told.get("year")}
    form = RowsForm(data, user=user_of(request), prefix="dong", initial=initial)
    for name in set(form.fields) - page.left_out:
        del form.fields[name]
    return form if form.fields else None


def _show(request: HttpRequest, page: ColumnsPage, rows_form: RowsForm | None = None) -> HttpResponse:
    rows_form = rows_form or _rows_form(request, page)
    context = {"page": page, "rows_form": rows_form, "kinds": list(KINDS), "orders": ORDERS, "left_aside": LEFT_ASIDE}
    return render(request, "exchange/columns.html", frame(page.session, 1) | context)


def _save(request: HttpRequest, session: ImportSession) -> HttpResponse:
    page = ColumnsPage(session, request.POST)
    answers, years = page.read_answers(), page.read_years()
    if request.POST.get("viec") == "xem":
        page.refuse_unanswered(answers, years)
    rows_form = _rows_form(request, page, request.POST)
    if rows_form is not None and not rows_form.is_valid():
        page.errors += [(rows_form[name].id_for_label, str(errors[0])) for name, errors in rows_form.errors.items()]
    if page.errors:
        return _show(request, page, rows_form)
    try:
        changes_kinds = _keep(request, page, answers, years, rows_form)
        session.refresh_from_db()
        if session.state == ImportState.UPLOADED:
            begin(request, session, ImportJob.READ)
        if request.POST.get("viec") == "xem" and not changes_kinds:
            _preview(request, session)
    except ValidationError as refused:
        page.errors.append(("", " ".join(refused.messages)))
        return _show(request, page)
    return redirect(address_of(session))


def _keep(
    request: HttpRequest, page: ColumnsPage, answers: dict[str, Told], years: int | None, rows_form: RowsForm | None
) -> bool:
    """Store what was answered; whether tables are now read as another kind, so that their columns are to be seen."""
    kinds = {shape.shape: shape.kind for shape in page.shapes}
    changed = {shape for shape, answer in answers.items() if answer["kind"] != kinds[shape]}
    options = dict(page.session.options)
    if rows_form is not None:
        asked = {"class" if name == "training_class" else name for name in rows_form.fields}
        options = {name: value for name, value in options.items() if name not in asked} | rows_form.options
    if years != options.get("two_digit_from"):
        options["two_digit_from"] = years
    if changed and options.pop("kind", ""):
        # What was said of all tables no longer holds for all: each keeps its own.
        answers = {
            shape.shape: {"kind": shape.kind, "columns": {}, "dates": {}} | shape.answer for shape in page.shapes
        } | answers
    if options != page.session.options:
        sessions.set_options(session=page.session, options=options, by=user_of(request))
    for shape, answer in answers.items():
        sessions.answer_columns(session=page.session, shape=shape, answer=answer, by=user_of(request))
    return any(answers[shape]["kind"] for shape in changed)


def _preview(request: HttpRequest, session: ImportSession) -> None:
    if session.state in {ImportState.READ, ImportState.PREVIEWED} and not session.job:
        if session.understood.get("questions"):
            messages.info(request, "Với câu trả lời vừa rồi, chương trình còn một câu hỏi nữa ở dưới.")
            return
        begin(request, session, ImportJob.PREVIEW)
