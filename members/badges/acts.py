"""The base of pages that do one thing with a record, whether or not a field of it changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect

from config.pages import get_visible
from members import audit
from members.pages import FormPage


class ActPage(FormPage):
    """Does what its service does, as one event with the reason that was typed, and says what was done."""

    model: type[Any]

    def row(self) -> Any:
        found = get_visible(self.model, self.user, pk=self.kwargs["pk"])
        self.refuse_unless_changeable(found)
        return found

    def refuse_unless_changeable(self, found: Any) -> None:
        """403 for a record that the user may see but not change."""
        if not self.user.has_perm(self.permission, found):
            raise PermissionDenied

    def said(self, done: Any) -> str:
        """What the page says afterwards; `done` is what the service gave back."""
        raise NotImplementedError

    def _save(self, form: Any) -> HttpResponse:
        with audit.event(reason=form.typed_reason):
            done = self.write(form)
        messages.success(self.request, self.said(done))
        return redirect(self.address(form.instance))
