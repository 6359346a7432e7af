"""Failed sign-ins, counted by django-axes in the database: who fails too often waits, with an account or without.

Only a digest of the typed name is kept, since people type passwords there. Wrong passwords and wrong codes of the
second factor count alike.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.signals import user_login_failed
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from config.client import client_address
from members.audit import AuditAction
from members.models import AuditEvent, User
from members.text import nfc

# Failures within the cool-off, in the order of AXES_LOCKOUT_PARAMETERS: of one name from one address, of one name from
# anywhere, from one address under any name.
OF_BOTH, OF_NAME, OF_ADDRESS = 5, 20, 50
# How long an address from which an account has signed in stays known for it.
KNOWN_FOR = dt.timedelta(days=90)


class LockedOutError(Exception):
    """Too many failures: nothing was checked, and nobody can sign in so until the cool-off is over."""


class Attempts(AxesDatabaseHandler):
    """Counts with a limit of its own for each of the parameters."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """How many limits are reached.

        Where an account has signed in before, only its own failures from there count: nobody elsewhere can keep
        people out of their accounts.
        """
        both, of_name, of_address = self.get_user_attempts(request, credentials)
        if _failures(both) >= OF_BOTH:
            return 1
        over = _failures(of_name) >= OF_NAME or _failures(of_address) >= OF_ADDRESS
        return int(over and not _is_known(request, credentials or {}))


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0


def _is_known(request: HttpRequest, credentials: dict[str, Any]) -> bool:
    return AuditEvent.objects.filter(
        user__username=credentials.get("username"),
        action=AuditAction.SIGNED_IN,
        address=client_address(request),
        happened_at__gt=timezone.now() - KNOWN_FOR,
    ).exists()


def name_digest(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """What axes keeps of a name (AXES_USERNAME_CALLABLE)."""
    return digest_of((credentials or {}).get("username") or "")


def digest_of(username: str) -> str:
    return salted_hmac("members.accounts.lockout", nfc(username), algorithm="sha256").hexdigest()


def address_of(request: HttpRequest) -> str | None:
    """Where the request comes from, where that is an address (AXES_CLIENT_IP_CALLABLE)."""
    try:
        return str(ipaddress.ip_address(client_address(request)))
    except ValueError:
        return None


class Attempt:
    """One try to sign in under a name."""

    def __init__(self, request: HttpRequest, username: str) -> None:
        """Of the request only the address goes on: axes would keep all that was sent, a whole form with it."""
        self.credentials = {"username": username}
        self.origin = HttpRequest()
        self.origin.META = {"REMOTE_ADDR": client_address(request), "PATH_INFO": request.path}

    def check_allowed(self) -> None:
        """Raise LockedOutError where too many tries have failed."""
        if not AxesProxyHandler.is_allowed(self.origin, self.credentials):
            raise LockedOutError

    def user_with(self, password: str) -> User | None:
        """The account, if that is its password; else the try has failed. Takes as long for a name without account."""
        user: Any = auth.authenticate(self.origin, **self.credentials, password=password)
        return user

    def fail(self) -> None:
        """The try has failed for another reason."""
        user_login_failed.send(sender=__name__, credentials=self.credentials, request=self.origin)

    @property
    def was_last(self) -> bool:
        """Whether it failed and reached a limit."""
        return bool(getattr(self.origin, "axes_locked_out", False))

    def forget(self) -> None:
        """Signed in: the failures of this name from this address no longer count."""
        AccessAttempt.objects.filter(
            username=name_digest(None, self.credentials), ip_address=address_of(self.origin)
        ).delete()


def recent_failures(user: User) -> QuerySet[AccessAttempt]:
    """The failures under the account's name that still count, a row an address."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    return AccessAttempt.objects.filter(username=digest_of(user.username), attempt_time__gte=since)


def is_locked_out(user: User) -> bool:
    """Whether the account can't sign in for now, at least from some addresses."""
    attempts = recent_failures(user)
    return attempts.filter(failures_since_start__gte=OF_BOTH).exists() or _failures(attempts) >= OF_NAME


def lift(user: User) -> int:
    """Forget the failures under the account's name; how many addresses they came from."""
    return AccessAttempt.objects.filter(username=digest_of(user.username)).delete()[0]
