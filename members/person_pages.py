"""Pages that add and change people."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from config.access import Permission
from config.pages import requires
from members import services
from members.audit import record_view
from members.models import Person
from members.pages import AddPage, ChangePage, FormPage
from members.person_forms import FOLLOWED, PARTS, CandidateForm, Part, PersonForm
from members.person_tables import TABLES, TablePart, rows_typed, with_more_rows
from members.text import one_line

# The file in the order of the paper form.
SECTIONS: tuple[Part | TablePart, ...] = (*(part for part in PARTS if part is not FOLLOWED), *TABLES, FOLLOWED)
# The buttons that save and go on to the next section, and that ask for more blank rows.
GO_ON, MORE_ROWS = "ghi-tiep", "them-dong"
BLANK_ROWS = 2


class _OnPerson(FormPage):
    """What all pages do: keep drafts, and leave a trace where a number was tried that somebody else has."""

    keeps_drafts = True

    def _show(self, form: Any, **more: Any) -> HttpResponse:
        number = one_line(form.data.get("national_id_number", "")) if form.is_bound else ""
        bearer = Person.objects.filter(national_id_number=number).exclude(pk=form.instance.pk).first()
        if number and bearer is not None:
            record_view(bearer, note="Nhập số định danh cá nhân đã có người mang, không được cho biết là ai")
        return super()._show(form, **more)


class ChangePerson(_OnPerson, ChangePage):
    """The whole file of a person."""

    model = Person
    form_class = PersonForm

    def _show(self, form: Any, **more: Any) -> HttpResponse:
        """The form shows the file."""
        record_view(self.row())
        return super()._show(form, **more)

    def write(self, form: PersonForm) -> Person:
        return services.change_person(person=form.instance, reason=form.typed_reason, by=self.user)

    def address(self, row: Person) -> str:
        return reverse("person", args=[row.pk])

    def context(self, form: Any) -> dict[str, Any]:
        stored = self.row()
        return {"title": f"Sửa hồ sơ: {stored}", "back": self.address(stored), "action": "Ghi hồ sơ"}


class _OneOfSections(ChangePerson):
    """A section of the file on its own; from it one goes back to the section, or on to the next one."""

    part: Any = None

    def address(self, row: Person) -> str:
        following = self._next
        if following and GO_ON in self.request.POST:
            return reverse("change_section", args=[row.pk, following.key])
        return f"{super().address(row)}#{self.part.key}"

    def context(self, form: Any) -> dict[str, Any]:
        stored, following = self.row(), self._next
        return {
            "title": f"{self.part.heading}: {stored}",
            "back": f"{reverse('person', args=[stored.pk])}#{self.part.key}",
            "action": "Ghi",
            "next_action": f"Ghi, sang phần “{following.heading}”" if following else "",
        }

    @property
    def message_place(self) -> str:
        return "" if GO_ON in self.request.POST else str(self.part.key)

    @property
    def _next(self) -> Part | TablePart | None:
        place = SECTIONS.index(self.part) + 1
        return SECTIONS[place] if place < len(SECTIONS) else None


class ChangeSection(_OneOfSections):
    """Some fields of the file."""

    def _form(self, data: Any = None) -> PersonForm:
        return PersonForm(data, instance=self.row(), user=self.user, parts=(self.part,))


class ChangeTable(_OneOfSections):
    """A table of the file: its rows, and blank ones to be filled in."""

    template = "members/person_table.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if MORE_ROWS not in request.POST:
            return super().post(request, **kwargs)
        formset = self._form(with_more_rows(request.POST))
        formset.show_as_typed()
        formset.begin_in_added_row()
        return self._show(formset)

    def _form(self, data: Any = None) -> Any:
        person = self.row()
        extra = BLANK_ROWS if getattr(person, self.part.rows).exists() else 2 * BLANK_ROWS
        return self.part.formset(data, instance=person, user=self.user, extra=extra)

    def write(self, form: Any) -> Person:
        written = form.save(commit=False)
        return services.change_rows(person=form.instance, written=written, removed=form.deleted_objects, by=self.user)

    def context(self, form: Any) -> dict[str, Any]:
        return super().context(form) | {"lead": self.part.note}

    def _show_gone(self) -> HttpResponse:
        typed = [(f"Dòng {number}", text) for number, text in enumerate(rows_typed(self.request.POST), start=1)]
        return render(self.request, "pages/gone.html", {"typed": typed}, status=404)


class AddCandidate(_OnPerson, AddPage):
    """A new quần chúng ưu tú."""

    model = Person
    form_class = CandidateForm
    template = "members/person_add.html"

    def write(self, form: CandidateForm) -> Person:
        return services.add_candidate(person=form.instance, by=self.user)

    def address(self, row: Person) -> str:
        return reverse("person", args=[row.pk])

    def context(self, form: CandidateForm) -> dict[str, Any]:
        return {"title": "Thêm quần chúng ưu tú", "back": reverse("home"), "action": "Thêm vào danh sách"}


@requires(Permission.CHANGE_RECORDS)
def change_section(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """The section of the file that the address names; 404 where there is none."""
    part = next((part for part in SECTIONS if part.key == key), None)
    if part is None:
        raise Http404
    page = ChangeTable if isinstance(part, TablePart) else ChangeSection
    return page.as_view(part=part)(request, pk=pk)


change_person = requires(Permission.CHANGE_RECORDS)(ChangePerson.as_view())
add_candidate = requires(Permission.CHANGE_RECORDS)(AddCandidate.as_view())
