"""Discipline: the list of decisions with its filters and Excel, and the forms that record and correct one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET

from config.access import Permission, under_path
from config.pages import get_visible, requires
from config.years import years_to_choose
from members.badges.discipline import correct_discipline, record_discipline
from members.badges.effects import Effects
from members.badges.forms import DisciplineCorrectionForm, DisciplineRecordForm
from members.badges.listing import Column, Listing, place_columns
from members.badges.scopes import choices, may, own_organisation, require_export
from members.models import Discipline, Membership, Organisation, Person
from members.models.honours import DisciplineForm
from members.organisation_pages import get_organisation
from members.pages import AddPage, ChangePage, FormPage
from members.text import fold, one_line

LONGEST_SEARCH = 100
OF_PERSON, OF_ORGANISATION = "dang-vien", "to-chuc-dang"
SUBJECTS = ((OF_PERSON, "Đảng viên"), (OF_ORGANISATION, "Tổ chức đảng"))
IN_FORCE, LAPSED, REVOKED = "con", "het", "huy"
STATES = ((IN_FORCE, "Còn hiệu lực"), (LAPSED, "Đã hết hiệu lực"), (REVOKED, "Đã hủy bỏ"))


@dataclass(frozen=True)
class Decision:
    """A disciplinary decision with its state today."""

    row: Discipline
    home: Organisation | None
    state: str
    state_text: str

    @property
    def subject(self) -> str:
        """Who or which organisation."""
        return str(self.row.person or self.row.organisation)

    @property
    def url(self) -> str:
        """The page of the subject."""
        if self.row.person_id:
            return reverse("person", args=[self.row.person_id])
        organisation: Any = self.row.organisation
        return reverse("organisation", args=[organisation.code])


def columns(*, with_links: bool) -> list[Column]:
    """The columns of the list; for who may correct a decision its form leads there."""
    correct = (lambda one: reverse("change_discipline", args=[one.row.pk])) if with_links else None
    return [
        Column("Đối tượng", lambda one: one.subject, lambda one: one.url),
        *place_columns(lambda one: one.home),
        Column("Hình thức", lambda one: one.row.get_form_display(), correct, is_whole=True),
        Column("Ngày quyết định", lambda one: one.row.decided, is_number=True),
        Column("Số quyết định", lambda one: one.row.decision_number),
        Column("Nội dung vi phạm", lambda one: one.row.note),
        Column("Hiệu lực", lambda one: one.state_text, is_whole=True),
    ]


class Decisions:
    """The decisions of an organisation and all below that the address asks for, as far as the user may see them.

    The address holds `nam` (year), `hinh-thuc`, `doi-tuong`, `hieu-luc`, `q` and `trang`.
    """

    def __init__(self, request: HttpRequest, organisation: Organisation, permission: Permission) -> None:
        self.request = request
        self.organisation = organisation
        self.permission = permission
        year = request.GET.get("nam", "")
        self.year = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
        self.form = self._one_of("hinh-thuc", DisciplineForm.choices)
        self.subject = self._one_of("doi-tuong", SUBJECTS)
        self.state = self._one_of("hieu-luc", STATES)
        self.query = one_line(request.GET.get("q", ""))[:LONGEST_SEARCH]

    def _one_of(self, name: str, offered: Any) -> str:
        value = self.request.GET.get(name, "")
        return value if value in dict(offered) else ""

    @property
    def _rows(self) -> Any:
        below = under_path("organisation__path", self.organisation.path)
        people = Membership.objects.filter(below).order_by().values("person")
        rows = Discipline.objects.open_to(self.request.user, self.permission).filter(below | Q(person__in=people))
        if self.year:
            rows = rows.filter(decided_on__year=self.year)
        if self.form:
            rows = rows.filter(form=self.form)
        if self.subject:
            rows = rows.filter(person__isnull=self.subject == OF_ORGANISATION)
        if self.query:
            named = Q(person__in=Person.objects.matching(self.query).values("pk"))
            rows = rows.filter(named | Q(organisation__name_search__contains=fold(self.query)))
        stays = Membership.objects.last_by(OuterRef("decided_on")).filter(person=OuterRef("person"))
        rows = rows.annotate(home=Subquery(stays.values("organisation")[:1]))
        return rows.select_related("person", "organisation").order_by("-decided_on", "pk")

    @cached_property
    def decisions(self) -> list[Decision]:
        """Those that all filters leave, the latest first."""
        effects, today = Effects.load(), timezone.localdate()
        rows = list(self._rows)
        homes = Organisation.objects.in_bulk({row.home for row in rows if row.home})
        found = (_decision(row, homes.get(row.home) or row.organisation, effects, today) for row in rows)
        return [one for one in found if not self.state or one.state == self.state]

    @property
    def listing(self) -> Listing:
        """The list of the page and of its Excel."""
        return Listing(
            "Danh sách kỷ luật",
            columns(with_links=may(self.request.user, Permission.CHANGE_RECORDS, self.organisation)),
            self.decisions,
            lines=[self.organisation.name, self.in_words],
            people=lambda one: one.row.person_id,
            page_number=self.request.GET.get("trang", "1"),
        )

    @property
    def in_words(self) -> str:
        """The filters as a sentence."""
        told = [
            dict(SUBJECTS).get(self.subject, "Đảng viên và tổ chức đảng"),
            str(dict(DisciplineForm.choices).get(self.form, "")),
            f"quyết định năm {self.year}" if self.year else "",
            dict(STATES).get(self.state, "").lower(),
            f"tìm “{self.query}”" if self.query else "",
        ]
        return " · ".join(filter(None, told))

    @property
    def address(self) -> str:
        """The query string of the same filters."""
        state = {
            "to-chuc": self.organisation.code,
            "nam": self.year,
            "hinh-thuc": self.form,
            "doi-tuong": self.subject,
            "hieu-luc": self.state,
            "q": self.query,
        }
        return urlencode({name: value for name, value in state.items() if value})

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the organisation narrows the list."""
        return bool(self.year or self.form or self.subject or self.state or self.query)


def _decision(row: Discipline, home: Organisation | None, effects: Effects, today: dt.date) -> Decision:
    state, told = IN_FORCE, "không tự chấm dứt"
    if row.revoked_on:
        state, told = REVOKED, f"đã hủy bỏ {row.revoked_on:%d/%m/%Y}"
    elif lapse := effects.lapses(row):
        state = IN_FORCE if today < lapse.day else LAPSED
        told = f"{'đến' if state == IN_FORCE else 'hết từ'} {lapse.day:%d/%m/%Y}"
    return Decision(row, home, state, told)


def _organisation(request: HttpRequest, permission: Permission) -> Organisation:
    code = one_line(request.GET.get("to-chuc", ""))
    return get_organisation(request, code) if code else own_organisation(request.user, permission)


@require_GET
@requires(Permission.VIEW_RECORDS)
def disciplines(request: HttpRequest) -> HttpResponse:
    """Who was disciplined, filtered as the address says."""
    organisation = _organisation(request, Permission.VIEW_RECORDS)
    found = Decisions(request, organisation, Permission.VIEW_RECORDS)
    context = {
        "found": found,
        "listing": found.listing,
        "address": found.address,
        "organisation": organisation,
        "choices": choices(request, organisation),
        "years": years_to_choose(found.year, this_year=timezone.localdate().year),
        "forms": DisciplineForm.choices,
        "subjects": SUBJECTS,
        "states": STATES,
        "may_export": may(request.user, Permission.EXPORT, organisation),
        "can_change": may(request.user, Permission.CHANGE_RECORDS, organisation),
    }
    return render(request, "badges/disciplines.html", context)


@require_GET
@requires(Permission.VIEW_RECORDS, Permission.EXPORT)
def disciplines_workbook(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    organisation = _organisation(request, Permission.EXPORT)
    require_export(request.user, organisation)
    return Decisions(request, organisation, Permission.EXPORT).listing.download(request, organisation, "ky-luat.xlsx")


# --- Forms ----------------------------------------------------------------------------------------------------------


class _OnDiscipline(FormPage):
    form_class: Any = DisciplineRecordForm

    def address(self, row: Discipline) -> str:
        if row.person_id:
            return reverse("person", args=[row.person_id])
        organisation: Any = row.organisation
        return reverse("organisation", args=[organisation.code])

    def _tell(self, form: Any, done: list[str]) -> None:
        super()._tell(form, done)
        if done:
            for told in Effects.load().in_words(form.instance):
                messages.info(self.request, told)


class _AddDiscipline(_OnDiscipline, AddPage):
    model = Discipline

    def write(self, form: Any) -> Discipline:
        return record_discipline(discipline=form.instance, by=self.user)

    def context(self, form: Any) -> dict[str, Any]:
        subject = form.instance.person or form.instance.organisation
        return {"title": f"Ghi kỷ luật: {subject}", "back": self.address(form.instance), "action": "Ghi kỷ luật"}

    def _changeable(self, found: Any) -> Any:
        if not self.user.has_perm(self.permission, found):
            raise PermissionDenied
        return found


class AddPersonDiscipline(_AddDiscipline):
    """A decision on a member."""

    def row(self) -> Discipline:
        return Discipline(person=self._changeable(get_visible(Person, self.user, pk=self.kwargs["pk"])))


class AddOrganisationDiscipline(_AddDiscipline):
    """A decision on an organisation."""

    def row(self) -> Discipline:
        return Discipline(organisation=self._changeable(get_organisation(self.request, self.kwargs["code"])))


class ChangeDiscipline(_OnDiscipline, ChangePage):
    """A correction."""

    model = Discipline
    form_class = DisciplineCorrectionForm

    def write(self, form: DisciplineCorrectionForm) -> Discipline:
        return correct_discipline(discipline=form.instance, reason=form.typed_reason, by=self.user)

    def context(self, form: Any) -> dict[str, Any]:
        stored = self.row()
        return {"title": f"Sửa kỷ luật: {stored}", "back": self.address(stored), "action": "Ghi"}


_may_change = requires(Permission.CHANGE_RECORDS)
discipline_of_person = _may_change(AddPersonDiscipline.as_view())
discipline_of_organisation = _may_change(AddOrganisationDiscipline.as_view())
change_discipline = _may_change(ChangeDiscipline.as_view())
