"""Who is in: pages need a sign-in, some roles a second factor; the last use of a session is noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from members.accounts import resume as session_resume
from members.accounts import session_store

View = Callable[..., HttpResponseBase]


def before_second_factor(view: View) -> View:
    """Mark a view that opens also to who still has to set up a second factor."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether a role of who has signed in asks for a second factor that wasn't shown in this session."""
    if not settings.SECOND_FACTOR_ROLES or session_store.has_second_factor(request.session):
        return False
    user: Any = request.user
    return any(role in settings.SECOND_FACTOR_ROLES for role, _ in user.held_roles)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Sends to the sign-in page; what was sent by a form whose session has ended is kept, and goes on after it."""

    def process_view(self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any) -> Any:
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None or not request.user.is_authenticated:
            return answer
        session_store.touch(request)
        is_open = not getattr(view_func, "login_required", True) or getattr(view_func, "before_second_factor", False)
        if not is_open and needs_second_factor(request):
            return redirect("second_factor")
        return None

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> Any:
        if request.method == "POST":
            return session_resume.sign_in_again(request)
        return super().handle_no_permission(request, view_func)
