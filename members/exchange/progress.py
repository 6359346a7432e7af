"""How far the work of an import session has come, and whether it is to stop: told in small files, not in the database.

On SQLite nobody else can write while an import does; a process that is killed leaves a file that grows old.
"""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

# A process says so often that it is alive; one that hasn't for so long is dead.
BEAT, DEAD_AFTER = 1.0, 20.0


class CancelledError(Exception):
    """Somebody asked the work to stop."""


@dataclass
class Progress:
    """What is being done (`stage`, in words), how many rows of how many, and since when (a Unix time)."""

    stage: str = ""
    done: int = 0
    total: int = 0
    began: float = 0.0


def _folder() -> Path:
    folder = Path(settings.IMPORT_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _file(key: UUID) -> Path:
    return _folder() / f"{key}.json"


def _stop_file(key: UUID) -> Path:
    return _folder() / f"{key}.stop"


class Reporter:
    """Tells how far a work is; within `with`, a thread says that the process is alive."""

    def __init__(self, key: UUID, total: int) -> None:
        self.key = key
        self.progress = Progress(total=total, began=time.time())
        self._told = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Reporter:
        self._write()
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        self._thread.join()
        _file(self.key).unlink(missing_ok=True)
        _stop_file(self.key).unlink(missing_ok=True)

    def __call__(self, stage: str, rows: int) -> None:
        """So many more rows are done. Raises CancelledError where it is to stop."""
        self.progress.stage, self.progress.done = stage, self.progress.done + rows
        if _stop_file(self.key).exists():
            raise CancelledError
        if time.monotonic() - self._told > 0.2:
            self._write()

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            self._write()

    def _write(self) -> None:
        self._told = time.monotonic()
        passing = _file(self.key).with_suffix(f".{os.getpid()}.{threading.get_ident()}.tmp")
        passing.write_text(json.dumps(asdict(self.progress), ensure_ascii=False), encoding="utf-8")
        passing.replace(_file(self.key))


def progress_of(key: UUID | None) -> Progress | None:
    """How far the work is; None for one that is over, or dead."""
    if key is None:
        return None
    try:
        age = time.time() - _file(key).stat().st_mtime
        told = json.loads(_file(key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Progress(**told) if age < DEAD_AFTER else None


def announce(key: UUID, total: int) -> None:
    """That the work will begin in another process."""
    reporter = Reporter(key, total)
    reporter._write()


def ask_to_stop(key: UUID) -> None:
    """Let the work end at its next step, with nothing written."""
    _stop_file(key).touch()
