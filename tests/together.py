"""Tests of what happens at the same time: real transactions, each thread on a connection of its own.

On PostgreSQL in the test database; on SQLite in a file, since a database in memory does not wait for a lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections


def together(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that needs several connections to one database."""
    if connection.vendor == "sqlite":
        test = pytest.mark.usefixtures("sqlite_file")(test)
    return pytest.mark.django_db(transaction=True, serialized_rollback=True)(test)


@pytest.fixture
def sqlite_file(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The tables and reference data of the test database in a file, which stands in for it."""
    in_memory, settings = connections["default"], connections.settings["default"]
    name, path = settings["NAME"], tmp_path / "together.sqlite3"
    in_memory.cursor().execute("VACUUM INTO %s", [str(path)])
    settings["NAME"] = str(path)
    del connections["default"]
    yield
    connections["default"].close()
    connections["default"] = in_memory
    settings["NAME"] = name


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What the deeds return, or the exception that one raises; all begin at the same moment."""
    start, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def act(number: int) -> None:
        try:
            start.wait(10)
            results[number] = deeds[number]()
        except Exception as error:  # handed to the test, which says what it expects
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
