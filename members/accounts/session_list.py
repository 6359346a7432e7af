"""The sessions of an account as people read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils import timezone

from members.models import Session, User

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone|iPad", "iPhone, iPad"),
    ("Android", "Android"),
    ("Mac OS X", "máy Mac"),
    ("Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class ListedSession:
    """A session that goes on; `mark` names it in forms without giving its key away."""

    key: str
    mark: str
    address: str
    browser: str
    started_at: Any
    seen_at: Any
    is_this: bool


def sessions_of(user: User, this: str | None = None) -> list[ListedSession]:
    """The account's sessions that go on, that with the key `this` first, then by last use."""
    open_ = Session.objects.filter(user=user, expire_date__gt=timezone.now())
    listed = [
        ListedSession(
            key=row.session_key,
            mark=sha256(row.session_key.encode()).hexdigest()[:16],
            address=row.address or "–",
            browser=browser_in_words(row.agent),
            started_at=row.started_at,
            seen_at=row.seen_at,
            is_this=row.session_key == this,
        )
        for row in open_
    ]
    return sorted(listed, key=lambda session: not session.is_this)


def browser_in_words(agent: str) -> str:
    """Words such as “Chrome trên Windows” out of what a browser calls itself."""
    browser = _first(BROWSERS, agent) or "Trình duyệt khác"
    system = _first(SYSTEMS, agent)
    return f"{browser} trên {system}" if system else browser


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, agent)), "")
