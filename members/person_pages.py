"""Pages that add and change people."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from config.access import Permission
from config.pages import requires
from members import services
from members.audit import record_view
from members.forms import CandidateForm, PersonForm
from members.models import Person
from members.pages import AddPage, ChangePage, FormPage
from members.text import one_line


class _OnPerson(FormPage):
    """What both pages do: leave a trace where a number was tried that somebody else has."""

    def _show(self, form: Any) -> HttpResponse:
        number = one_line(form.data.get("national_id_number", "")) if form.is_bound else ""
        bearer = Person.objects.filter(national_id_number=number).exclude(pk=form.instance.pk).first()
        if number and bearer is not None:
            record_view(bearer, note="Nhập số định danh cá nhân đã có người mang, không được cho biết là ai")
        return super()._show(form)


class ChangePerson(_OnPerson, ChangePage):
    """The file of a person."""

    model = Person
    form_class = PersonForm

    def _show(self, form: PersonForm) -> HttpResponse:
        """The form shows the whole file."""
        record_view(self.row())
        return super()._show(form)

    def write(self, form: PersonForm) -> Person:
        return services.change_person(person=form.instance, reason=form.typed_reason, by=self.user)

    def address(self, row: Person) -> str:
        return reverse("person", args=[row.pk])

    def context(self, form: PersonForm) -> dict[str, Any]:
        stored = self.row()
        return {"title": f"Sửa hồ sơ: {stored}", "back": self.address(stored), "action": "Ghi hồ sơ"}


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


change_person = requires(Permission.CHANGE_RECORDS)(ChangePerson.as_view())
add_candidate = requires(Permission.CHANGE_RECORDS)(AddCandidate.as_view())
