"""Sessions in the database that know whose they are, since when, and when they were last used.

What their columns say is kept in the data too, since a row is written anew from the data whenever it is saved. A
session is valid until its `expire_date`: idle and absolute limit stand in that one column, and the server asks it.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from config.client import client_address

STARTED, SEEN, ADDRESS, AGENT, SECOND_FACTOR = "started", "seen", "address", "agent", "second_factor"
# How often the last use is written.
TOUCH_SECONDS = 60


class SessionStore(DatabaseStore):
    """Keeps account, times and origin beside the data of a session, so that sessions can be listed and ended."""

    @classmethod
    def get_model_class(cls) -> Any:
        from members.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        if SESSION_KEY in data:
            data.setdefault(STARTED, int(time.time()))
            data.setdefault(SEEN, int(time.time()))
        session: Any = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        session.started_at, session.seen_at = _moment(data.get(STARTED)), _moment(data.get(SEEN))
        session.address, session.agent = data.get(ADDRESS, ""), data.get(AGENT, "")
        return session

    def get_expiry_date(self, **_: Any) -> dt.datetime:
        """The earlier one of idle and absolute limit; only the idle one before signing in."""
        now = int(time.time())
        idle = self.get(SEEN, now) + settings.SESSION_IDLE_SECONDS
        return _moment(min(idle, self.get(STARTED, now) + settings.SESSION_COOKIE_AGE)) or timezone.now()


def _moment(seconds: int | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC) if seconds is not None else None


def begin(request: HttpRequest, *, second_factor: bool) -> None:
    """Note at signing in from where the session is used, and whether the second factor was shown."""
    request.session[SECOND_FACTOR] = second_factor
    _note_origin(request)


def touch(request: HttpRequest) -> None:
    """Note that the session is used, at most once a minute."""
    now = int(time.time())
    if now - request.session.get(SEEN, now) >= TOUCH_SECONDS:
        request.session[SEEN] = now
        _note_origin(request)


def _note_origin(request: HttpRequest) -> None:
    request.session[ADDRESS] = client_address(request)
    request.session[AGENT] = request.headers.get("User-Agent", "")[:200]


def has_second_factor(session: SessionBase) -> bool:
    """Whether the second factor was shown in this session."""
    return bool(session.get(SECOND_FACTOR))


def clear_long_expired() -> None:
    """Delete sessions that ended more than a day ago; until then one may be told whose it was."""
    SessionStore.get_model_class().objects.filter(expire_date__lt=timezone.now() - dt.timedelta(days=1)).delete()
