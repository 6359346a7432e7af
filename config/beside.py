"""Reading that goes on beside a request, on a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from django.db import close_old_connections, connection

Result = TypeVar("Result")

_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="beside")


def beside(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin `work`, which only reads; calling what comes back waits for its result, or raises its error.

    Inside a transaction another connection would not see what was written, so the work waits for the call.
    """
    if connection.in_atomic_block or "mode=memory" in str(connection.settings_dict["NAME"]):
        return cache(work)
    return _pool.submit(_on_own_connection, work).result


def _on_own_connection(work: Callable[[], Result]) -> Result:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
