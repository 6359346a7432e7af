"""The base of pages that add or change a record: scope, validation, one write as one event, and what it answers.

config.pages asks for permissions; the forms, the services and the words are those of the single pages.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from config.access import Permission
from config.conflicts import ConflictError, OutOfScopeError
from config.field_words import typed_in_words
from config.forms import taken_in_words
from config.pages import ATTEMPTS, OUT_OF_SCOPE, get_visible
from config.submissions import act_once
from members import audit, drafts
from members.forms import RecordForm

CROWDED = "Nhiều người đang ghi hồ sơ này cùng lúc, chưa ghi được. Hãy ghi lại."
# How much of what was saved the page tells.
TOLD = 6


class FormPage(View):
    """A form on one record, `row`; subclasses say which record, which form, and which service writes it."""

    http_method_names = ["get", "head", "options", "post"]
    permission = Permission.CHANGE_RECORDS
    form_class: type[RecordForm]
    template = "pages/form.html"
    # Whether what is typed is kept until it is saved (members.drafts).
    keeps_drafts = False

    def row(self) -> Any:
        """The record that the form is on, as it is now; 404 out of scope, 403 for who may not change it."""
        raise NotImplementedError

    def write(self, form: Any) -> Any:
        """Save what the form holds, by a service."""
        raise NotImplementedError

    def address(self, row: Any) -> str:
        """Where the user sees what was saved."""
        raise NotImplementedError

    def context(self, form: Any) -> dict[str, Any]:
        """What the template needs: title, back (an address), action (the button's label)."""
        raise NotImplementedError

    @property
    def user(self) -> Any:
        """Who has signed in."""
        return self.request.user

    # Answers

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        draft = drafts.draft_of(self.user, request.path) if self.keeps_drafts else None
        goes_on = draft is not None and request.GET.get(drafts.ACT) == drafts.GO_ON
        form = self._form(drafts.typed_in(draft)) if draft is not None and goes_on else self._form()
        if goes_on:
            form.show_as_typed()
        return self._show(form, draft=draft, goes_on=goes_on)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if self.keeps_drafts and drafts.ACT in request.POST:
                return self._act_on_draft(request.POST[drafts.ACT])
            return act_once(request, self._act)
        except Http404:
            return self._show_gone()

    def _act_on_draft(self, act: str) -> HttpResponse:
        """Keep what the script sends, or give the draft up; of a row that may be changed."""
        self.row()
        if act == drafts.SAVE:
            return HttpResponse(status=204 if drafts.keep(self.user, self.request.path, self.request.POST) else 409)
        drafts.give_up(self.user, self.request.path)
        return redirect(self.request.path)

    def _act(self) -> HttpResponse:
        for _ in range(ATTEMPTS):
            form = self._form(self.request.POST)
            if not form.is_valid():
                return self._show(form)
            try:
                return self._save(form)
            except (ConflictError, IntegrityError):
                continue  # the next form sees what somebody else has saved
            except OutOfScopeError:
                form.add_error(None, OUT_OF_SCOPE)
            except ValidationError as refused:
                form.add_new(refused)
            return self._show(form)
        form.add_error(None, CROWDED)
        return self._show(form)

    def _form(self, data: Any = None) -> Any:
        return self.form_class(data, instance=self.row(), user=self.user)

    def _save(self, form: Any) -> HttpResponse:
        """Write in one event, and let nothing stand that the user could not change any more."""
        done = form.changes_in_words()
        if done:
            with audit.event(reason=form.typed_reason):
                row = self.write(form)
                if not self.user.has_perm(self.permission, row):
                    raise OutOfScopeError
        if self.keeps_drafts:
            drafts.give_up(self.user, self.request.path)
        self._tell(form, done)
        return redirect(self.address(form.instance))

    def _tell(self, form: Any, done: list[str]) -> None:
        rest = len(done) - TOLD
        listed = "; ".join([*done[:TOLD], *([f"và {rest} mục khác"] if rest > 0 else [])])
        said = f"Đã ghi hồ sơ của {form.instance}. {listed}." if done else "Không có gì thay đổi, hồ sơ giữ nguyên."
        self._say(said, taken_in_words(getattr(form, "forms", [form])))

    def _say(self, said: str, taken: str) -> None:
        """Tell what was done and what was taken over from others."""
        messages.success(self.request, said, extra_tags=self.message_place)
        if taken:
            messages.warning(self.request, taken, extra_tags=self.message_place)

    @property
    def message_place(self) -> str:
        """The section of the next page that shows what is said; "" for above all."""
        return ""

    def _show(self, form: Any, **more: Any) -> HttpResponse:
        shown = {"form": form, "keeps_drafts": self.keeps_drafts, **more, **self.context(form)}
        return render(self.request, self.template, shown)

    def _show_gone(self) -> HttpResponse:
        """The record isn't there (any more): the same answer whether it ever was, with what was typed."""
        typed = typed_in_words(self.form_class, self.request.POST)
        return render(self.request, "pages/gone.html", {"typed": typed}, status=404)


class ChangePage(FormPage):
    """Changes a row of `model` that is named by its key."""

    model: type[Any]

    def row(self) -> Any:
        found = get_visible(self.model, self.user, pk=self.kwargs["pk"])
        if not self.user.has_perm(self.permission, found):
            raise PermissionDenied
        return found


class AddPage(FormPage):
    """Adds a row of `model`."""

    model: type[Any]

    def row(self) -> Any:
        return self.model()
