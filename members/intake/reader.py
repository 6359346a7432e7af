"""Reads a table file: the scan, then the reading process, then what it found.

`read` is what the session in the browser and the command start from. Nothing is looked up or written.
"""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError

from config.uploads import FileKind, refusal
from members.intake import packages
from members.intake.contract import KINDS
from members.intake.dates import Order
from members.intake.reading import Assembly, Reading

SECONDS = 90
MOST_ANSWER = 256 * 2**20
LONGEST_LINE = 16 * 2**20

REFUSALS = {
    "crash": "Tệp làm hỏng chương trình đọc. Hãy chép bảng sang một tệp mới, lưu thành .xlsx rồi gửi lại.",
    "large": "Tệp cần quá nhiều bộ nhớ để đọc. Hãy xóa dòng, cột, trang thừa hoặc chia thành nhiều tệp nhỏ rồi gửi.",
    "slow": "Đọc tệp mất quá nhiều thời gian. Hãy chia bảng thành nhiều tệp nhỏ rồi gửi từng tệp.",
}


def read(
    source: str | Path | bytes,
    name: str = "",
    *,
    kind: str | None = None,
    sheet: str | None = None,
    dates: str | None = None,
    two_digit_from: int | None = None,
    answers: dict[str, dict[str, Any]] | None = None,
) -> Reading:
    """What a file holds: tables, questions, errors. `kind`, `sheet`, `dates` (dmy, mdy): see understand.Options.

    Raises ValidationError, in words for the person who sent it, for a file that can't or may not be read;
    ValueError for a kind or an order of dates that doesn't exist.
    """
    if kind and kind not in KINDS:
        raise ValueError(f"no kind of record: {kind}")
    data, name = _bytes_of(source, name)
    file_kind, data = packages.check(data, name)
    options = {
        "file_kind": file_kind.name,
        "kind": kind or "",
        "sheet": sheet if file_kind != FileKind.CSV else None,
        "dates": Order(dates).value if dates else "",
        "two_digit_from": two_digit_from,
        "answers": answers or {},
    }
    return _read_in_child(data, options)


def _bytes_of(source: str | Path | bytes, name: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name
    path = Path(source)
    if path.stat().st_size > settings.UPLOAD_BYTES:
        raise refusal("size", megabytes=f"{settings.UPLOAD_BYTES / 2**20:g}")
    return path.read_bytes(), name or path.name


# --- The reading process ---------------------------------------------------------------------------


def _read_in_child(data: bytes, options: dict[str, Any]) -> Reading:
    """Give the file to a fresh process; whatever becomes of it, it ends with a reading or a ValidationError."""
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(options).encode() + b"\n")
        file.write(data)
        file.seek(0)
        process = _start(file)
        clock = threading.Timer(SECONDS, process.kill)
        clock.start()
        try:
            return _assemble(process)
        finally:
            clock.cancel()
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _start(file: IO[bytes]) -> subprocess.Popen[bytes]:
    """The process, without anything of the server's environment: no address of a database, no key."""
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(  # nosec B603
        [sys.executable, "-m", "members.intake.child"],
        stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=settings.BASE_DIR, env=environment,
    )  # fmt: skip


def _assemble(process: subprocess.Popen[bytes]) -> Reading:
    """The reading of a process that says all; ValidationError for one that ends before, or says something else."""
    try:
        reading = _said_by(process)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValidationError(REFUSALS["crash"], code="crash") from error
    if reading:
        return reading
    reason = _reason(process.wait())
    raise ValidationError(REFUSALS[reason], code=reason)


def _said_by(process: subprocess.Popen[bytes]) -> Reading | None:
    assembly = Assembly()
    for name, plain in _messages(process):
        if name == "end":
            return assembly.reading
        if name == "refused":
            raise ValidationError(REFUSALS.get(plain, str(plain)), code="unreadable")
        assembly.add(name, plain)
    return None


def _messages(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, Any]]:
    """The lines of the process, as far as they are whole and within bounds."""
    size = 0
    stream = process.stdout
    while stream and (line := stream.readline(LONGEST_LINE)):
        size += len(line)
        if not line.endswith(b"\n") or size > MOST_ANSWER:
            process.kill()
            return
        name, plain = json.loads(line.decode())
        yield name, plain


def _reason(code: int) -> str:
    """Killed by the clock (or for using up its time), aborted for want of memory, or crashed."""
    if code in {-9, -24}:
        return "slow"
    return "large" if code == -6 else "crash"
