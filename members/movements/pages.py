"""Pages that record a movement, look at one, confirm an arrival, correct papers, and undo."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.decorators.http import require_GET

from config.access import Permission
from config.conflicts import OutOfScopeError
from config.pages import get_visible, requires
from config.submissions import act_once
from members import audit
from members.models import Movement, Person
from members.models.movements import MovementKind
from members.movements import services
from members.movements.account import account, account_of_undoing
from members.movements.acts import BY_KIND, BY_SLUG, Act
from members.movements.advice import advice, arrival_due
from members.movements.expulsion import decision_of
from members.movements.forms import ArrivalForm, ConfirmForm, MovementForm, PapersForm, UndoForm, told_admission
from members.movements.standing import Standing
from members.movements.undoing import obstacles
from members.pages import AddPage, ChangePage, FormPage
from members.person_pages import _OnPerson

Row = TypeVar("Row")


class _UnwoundError(Exception):
    """Unwinds a rehearsal."""


def rehearsed(work: Callable[[], Row], look: Callable[[Row], Any]) -> Any:
    """What `look` sees of the outcome of `work`, which is then rolled back: the preview is the work itself."""
    seen: list[Any] = []
    try:
        with audit.event(is_rehearsed=True):
            seen.append(look(work()))
            raise _UnwoundError
    except _UnwoundError:
        return seen[0]


class PreviewPage(FormPage):
    """A form whose consequence is shown in words before it is written; what was shown is then what is done.

    Subclasses say what is written (`write`) and what a movement does (`foretell`).
    """

    template = "movements/form.html"

    def foretell(self, row: Any) -> tuple[list[str], list[str]]:
        """What was done, and what it is advised against, in words."""
        return account(row), advice(row)

    def _save(self, form: Any) -> HttpResponse:
        deeds, warnings = rehearsed(lambda: self.write(form), self.foretell)
        seen = sha256("\n".join([*deeds, *warnings]).encode()).hexdigest()
        # The rehearsal left its marks on the form's record.
        form = self._form(self.request.POST)
        if not form.is_valid() or self.request.POST.get("seen") != seen:
            form.preview = {"deeds": deeds, "warnings": warnings, "seen": seen}
            return self._show(form)
        with transaction.atomic():  # not an event of its own: the service names it
            row = self.write(form)
            if not self.user.has_perm(self.permission, self.kept(row)):
                raise OutOfScopeError
        messages.success(self.request, self.said(row))
        return redirect(self.address(row))

    def kept(self, row: Any) -> Any:
        """The record that must still be the user's to change."""
        return row

    def said(self, row: Movement) -> str:
        """What was written, in words."""
        return f"Đã ghi: {row.get_kind_display()} – {row.person.full_name}, {row.happened}."

    def address(self, row: Any) -> str:
        return reverse("movement", args=[row.pk])


class RecordMovement(PreviewPage):
    """A movement of one person, of the kind that the address names."""

    form_class = MovementForm

    @property
    def act(self) -> Act:
        """The kind; 404 for one that isn't."""
        found = BY_SLUG.get(self.kwargs["slug"])
        if found is None:
            raise Http404
        return found

    def person(self) -> Person:
        """Whom the movement is about; 404 out of scope, 403 for who may not change the file."""
        found = get_visible(Person, self.user, pk=self.kwargs["pk"])
        if not self.user.has_perm(self.permission, found):
            raise PermissionDenied
        return found

    def row(self) -> Movement:
        """A movement to be filled in; an expulsion says what its decision, once on record, says."""
        movement = Movement(person=self.person(), kind=self.act.kind)
        decision = decision_of(movement.person) if movement.kind == MovementKind.EXPULSION else None
        if decision is not None:
            movement.happened, movement.decision_number = decision.decided, decision.decision_number
        return movement

    def write(self, form: MovementForm) -> Movement:
        movement = form.instance
        if form.cleaned_data.get("to_named"):
            movement.to_organisation = form.cleaned_data["to_organisation"]
        return services.record_movement(movement=movement, admission=form.admission, by=self.user)

    def context(self, form: MovementForm) -> dict[str, Any]:
        person = form.instance.person
        standing = Standing.of(person)
        return {
            "title": self.act.label,
            "act": self.act,
            "person": person,
            "standing": standing,
            "fits": standing.may_be(self.act.kind),
            "back": reverse("person", args=[person.pk]),
            "action": "Xem trước khi ghi",
        }


class RecordArrival(_OnPerson, PreviewPage, AddPage):
    """The arrival of somebody who isn't on record yet."""

    model = Person
    form_class = ArrivalForm
    template = "movements/arrival.html"

    def write(self, form: ArrivalForm) -> Movement:
        return services.record_movement(
            movement=form.movement, admission=told_admission(form.cleaned_data), by=self.user
        )

    def context(self, form: ArrivalForm) -> dict[str, Any]:
        return {"title": "Tiếp nhận người chuyển đến", "back": reverse("movements"), "action": "Xem trước khi ghi"}


class CorrectPapers(ChangePage):
    """The numbers, reason and note of a movement."""

    model = Movement
    form_class = PapersForm

    def row(self) -> Movement:
        found: Movement = super().row()
        if found.is_undone or not self.user.has_perm(self.permission, found.person):
            raise PermissionDenied
        return found

    def write(self, form: PapersForm) -> Movement:
        return services.correct_papers(movement=form.instance, reason=form.typed_reason, by=self.user)

    def address(self, row: Movement) -> str:
        return reverse("movement", args=[row.pk])

    def context(self, form: PapersForm) -> dict[str, Any]:
        stored = self.row()
        title = f"Sửa giấy tờ: {stored.get_kind_display()} – {stored.person.full_name}"
        return {"title": title, "back": self.address(stored), "action": "Ghi giấy tờ"}


# --- One movement ---------------------------------------------------------------------------------------------------


@require_GET
@requires(Permission.VIEW_RECORDS)
def movement(request: HttpRequest, pk: int) -> HttpResponse:
    """A movement: its papers, what it did, whether it holds, and what may be done."""
    found = get_visible(Movement, request.user, pk=pk)
    may = _may(request.user, found)
    context = {
        "movement": found,
        "act": BY_KIND[MovementKind(found.kind)],
        "deeds": [] if found.is_undone else account(found),
        "due": arrival_due(found),
        "today": timezone.localdate(),
        "together": Movement.objects.filter(batch=found.batch).count() if found.batch else 0,
        "person_is_open": Person.objects.visible_to(request.user).filter(pk=found.person_id).exists(),
        **may,
    }
    audit.record_view(found.person, note=f"Xem biến động: {found.get_kind_display()}")
    return render(request, "movements/movement.html", context)


def _may(user: Any, found: Movement) -> dict[str, bool]:
    """What `user` may do with a movement."""
    of_person = user.has_perm(Permission.CHANGE_RECORDS, found.person)
    receives = found.to_organisation is not None and user.has_perm(Permission.CHANGE_RECORDS, found.to_organisation)
    confirms = receives if found.kind == MovementKind.MOVE else of_person
    return {
        "may_confirm": found.is_pending and confirms,
        "may_undo": not found.is_undone and (of_person or (found.is_pending and receives)),
        "may_correct": not found.is_undone and of_person,
    }


class _OnMovement(View):
    """A small form on a movement; subclasses say who may, which form, and what is done."""

    http_method_names = ["get", "head", "options", "post"]
    template: str
    form_class: type[ConfirmForm | UndoForm]
    allowed: str

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(self._movement(), self.form_class())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return act_once(request, self._act)

    def _movement(self) -> Movement:
        found = get_visible(Movement, self.request.user, pk=self.kwargs["pk"])
        if not _may(self.request.user, found)[self.allowed]:
            raise PermissionDenied
        return found

    def _act(self) -> HttpResponse:
        found, form = self._movement(), self.form_class(self.request.POST)
        if form.is_valid():
            try:
                messages.success(self.request, self.act(found, form.cleaned_data))
                return redirect("movement", found.pk)
            except ValidationError as refused:
                for message in refused.messages:
                    form.add_error(None, message)
        return self._show(found, form)

    def act(self, found: Movement, told: dict[str, Any]) -> str:
        """Do it by a service; return what to say."""
        raise NotImplementedError

    def _show(self, found: Movement, form: Any) -> HttpResponse:
        for field in form.fields.values():
            field.widget.attrs.setdefault("class", "form-control short" if field.max_length < 100 else "form-control")
        return render(self.request, self.template, {"movement": found, "form": form, **self.context(found)})

    def context(self, found: Movement) -> dict[str, Any]:
        return {}


class ConfirmArrival(_OnMovement):
    """The answer of the place of arrival has come."""

    template = "movements/confirm.html"
    form_class = ConfirmForm
    allowed = "may_confirm"

    def act(self, found: Movement, told: dict[str, Any]) -> str:
        services.confirm_arrival(movement=found, by=self.request.user, **told)  # type: ignore[arg-type]
        return f"Đã ghi: {found.destination} tiếp nhận {found.person.full_name} ngày {told['arrived']}."


class UndoMovement(_OnMovement):
    """What undoing will do, what stands in its way, and why it is done."""

    template = "movements/undo.html"
    form_class = UndoForm
    allowed = "may_undo"

    def act(self, found: Movement, told: dict[str, Any]) -> str:
        services.undo_movement(movement=found, by=self.request.user, **told)  # type: ignore[arg-type]
        return f"Đã hoàn tác: {found.get_kind_display()} – {found.person.full_name}, {found.happened}."

    def context(self, found: Movement) -> dict[str, Any]:
        in_the_way = obstacles(found)
        try:
            services.require_change_of_all(self.request.user, found)  # type: ignore[arg-type]
        except PermissionDenied:
            in_the_way.append(
                "Việc này chạm đến tổ chức ngoài phạm vi của bạn: hãy đề nghị văn phòng cấp ủy cấp trên hoàn tác."
            )
        return {"obstacles": in_the_way, "deeds": account_of_undoing(found)}


changing = requires(Permission.CHANGE_RECORDS)
record_movement = changing(RecordMovement.as_view())
record_arrival = changing(RecordArrival.as_view())
correct_papers = changing(CorrectPapers.as_view())
confirm_arrival = changing(ConfirmArrival.as_view())
undo_movement = changing(UndoMovement.as_view())
