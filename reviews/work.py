"""What waits about files: what they lack, counted by what the list of members can be narrowed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from config.numbers import count_text
from members.models import Person
from members.work.of_members import members_to_change
from members.work.tasks import Source, Task
from reviews.people.filters import MISSING, MISSING_OF_STAY

# What every member's file must say: the national database asks for it (domain: mẫu nhập 2025).
NEEDED = ("ngay-sinh", "so-dinh-danh", "dan-toc", "que-quan", "ngay-ket-nap")


def incomplete(user: Any, today: dt.date) -> Iterator[Task]:
    """How many members' files lack something, gap by gap; each opens its list. Two queries."""
    stays = members_to_change(user, today).order_by()
    people = Person.objects.filter(pk__in=stays.values("person"))
    counted = _counts(people, MISSING) | _counts(stays, MISSING_OF_STAY)
    for word in NEEDED:
        label, _ = (MISSING | MISSING_OF_STAY)[word]
        if counted[word]:
            address = f"{reverse('people')}?{urlencode({'thieu': word})}"
            about = f"{count_text(counted[word])} đảng viên"
            yield Task(f"Bổ sung {label}", about, "", address, key=word, count=counted[word])


def _counts(rows: Any, gaps: dict[str, tuple[str, Q]]) -> dict[str, int]:
    numbers = {word.replace("-", "_"): Count("pk", filter=gap) for word, (_, gap) in gaps.items() if word in NEEDED}
    counted = rows.aggregate(**numbers)
    return {name.replace("_", "-"): count for name, count in counted.items()}


SOURCES = (Source("bo-sung", "Hồ sơ cần bổ sung", incomplete),)
