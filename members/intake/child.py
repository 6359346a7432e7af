"""The reading process: a file on standard input, its reading on standard output, one line of JSON a piece.

A file can abort the process that reads it, which no exception shows, so it is read in one of its own with limits on
memory and time. It starts without the server's settings and secrets, and opens no file and no database.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from typing import IO, Any

MEGABYTE = 2**20
MEMORY = 1024 * MEGABYTE
CPU_SECONDS = 60
OPEN_FILES = 64


def limit() -> None:
    """Hold this process to its memory and time; it writes no file and leaves no image of its memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def main(source: IO[bytes], target: IO[str]) -> None:
    """Read the file that follows a line of options, and write what it holds; the last line says that all is said."""
    options = json.loads(source.readline())
    kind = options.pop("file_kind")
    from members.intake.sheets import UnreadableError

    try:
        for message in _messages(source.read(), kind, options):
            _write(target, message)
    except UnreadableError as error:
        _write(target, ("refused", str(error)))
    except MemoryError:
        _write(target, ("refused", "large"))
    _write(target, ("end", None))
    target.flush()


def _messages(data: bytes, kind: str, options: dict[str, Any]) -> Any:
    from members.intake.reading import to_messages
    from members.intake.sheets import open_sheets
    from members.intake.understand import Options, understand

    chosen = Options(**options)
    return to_messages(understand(open_sheets(data, kind, chosen.sheet), chosen))


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _write(target: IO[str], message: tuple[str, Any]) -> None:
    target.write(_ENCODER.encode(message) + "\n")


if __name__ == "__main__":
    limit()
    gc.disable()  # the process ends before there is anything to collect
    main(sys.stdin.buffer, sys.stdout)
