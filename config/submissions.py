"""A form that is sent twice acts once: double click, resend, back button.

`{% submission %}` puts a random token into a form; `act_once` keeps it with the work, in one transaction. Knows what
was sent only by the user's `submissions`.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

FIELD = "submission"
# How long a page may stay open and still be sent twice.
KEPT = dt.timedelta(days=2)
REPEATED = (
    "Biểu mẫu này đã được ghi trước đó, lần gửi này không ghi thêm gì. "
    "Nếu bạn còn sửa thêm, hãy mở lại biểu mẫu và sửa tiếp."
)


def new_token() -> str:
    """A token for one form on one page."""
    return secrets.token_urlsafe(24)


def act_once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `work`, which writes and redirects, or shows the form again and has written nothing.

    Sent again, nothing is done: the answer leads to where the first one led. Of two at the same time the second
    waits for the first. A form without a token acts each time.
    """
    token = request.POST.get(FIELD, "")
    if not re.fullmatch("[A-Za-z0-9_-]{16,40}", token):
        return work()
    with transaction.atomic():
        sent = _take(request.user, token)
        if sent is None:
            messages.info(request, REPEATED)
            return redirect(request.user.submissions.get(token=token).location or "home")  # type: ignore[union-attr]
        response = work()
        _keep(sent, response)
    return response


def _take(user: Any, token: str) -> Any:
    """The token as a new row; None where it is taken."""
    try:
        with transaction.atomic():
            return user.submissions.create(token=token, sent_at=timezone.now())
    except IntegrityError:
        return None


def _keep(sent: Any, response: HttpResponse) -> None:
    """Note where the work led, or let the form be sent again where nothing was done."""
    location = response.get("Location", "")
    if location:
        sent.location = location[:500]
        sent.save(update_fields=["location"])
        sent.user.submissions.filter(sent_at__lt=timezone.now() - KEPT).delete()
    else:
        sent.delete()
