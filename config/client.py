"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever sent the request.

    Behind a proxy of TRUSTED_PROXIES it is the last one in X-Forwarded-For that no trusted proxy bears; from anybody
    else that header is not believed.
    """
    address: str = request.META.get("REMOTE_ADDR") or ""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    while address in settings.TRUSTED_PROXIES and forwarded:
        address = forwarded.pop()
    return address[:45]
