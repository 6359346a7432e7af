"""Pages that add and change people."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from config.access import Permission
from config.pages import requires
from members import services
from members.forms import CandidateForm, PersonForm
from members.models import Person
from members.pages import AddPage, ChangePage


class ChangePerson(ChangePage):
    """The file of a person."""

    model = Person
    form_class = PersonForm
    note = "Sửa hồ sơ"

    def write(self, form: PersonForm) -> Person:
        return services.change_person(person=form.instance, reason=form.typed_reason, by=self.user)

    def address(self, row: Person) -> str:
        return reverse("person", args=[row.pk])

    def context(self, form: PersonForm) -> dict[str, Any]:
        stored = self.row()
        return {"title": f"Sửa hồ sơ: {stored}", "back": self.address(stored), "action": "Ghi hồ sơ"}


class AddCandidate(AddPage):
    """A new quần chúng ưu tú."""

    model = Person
    form_class = CandidateForm
    template = "members/person_add.html"
    note = "Thêm quần chúng ưu tú"

    def write(self, form: CandidateForm) -> Person:
        return services.add_candidate(person=form.instance, by=self.user)

    def address(self, row: Person) -> str:
        return reverse("person", args=[row.pk])

    def context(self, form: CandidateForm) -> dict[str, Any]:
        return {"title": "Thêm quần chúng ưu tú", "back": reverse("home"), "action": "Thêm vào danh sách"}


change_person = requires(Permission.CHANGE_RECORDS)(ChangePerson.as_view())
add_candidate = requires(Permission.CHANGE_RECORDS)(AddCandidate.as_view())
