"""Error pages that need more than a template: a refused body, and a form without its token. They show no data."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.uploads import BodyTooLarge

# What the page says of the errors that a person can do something about.
REASONS: dict[type[Exception], str] = {
    RequestDataTooBig: "Nội dung nhập vào biểu mẫu quá dài. Hãy rút ngắn rồi gửi lại.",
    TooManyFieldsSent: "Biểu mẫu có quá nhiều ô. Hãy chia thành nhiều lần gửi.",
    TooManyFilesSent: "Gửi quá nhiều tệp một lần. Hãy gửi làm nhiều lần.",
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: 413 for a body over the limit, else 400 with what can be done."""
    if isinstance(exception, BodyTooLarge):
        return render(request, "413.html", {"megabytes": exception.megabytes}, status=413)
    return render(request, "400.html", {"reason": REASONS.get(type(exception), "")}, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: the form came without the token of this browser's session; nothing was written."""
    return render(request, "403_csrf.html", status=403)
