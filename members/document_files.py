"""The files of documents: in DOCUMENT_FOLDER, each under a random key, whole or not at all.

Who may have which file is asked by the pages; what a file is stands in its row.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError

_CHUNK = 2**18
_KEY = re.compile(r"[0-9a-f]{40}")
_PASSING = ".tmp-"

NOT_WRITTEN = (
    "Máy chủ không ghi được tệp (ổ đĩa đầy hoặc thư mục bị khóa), chưa lưu gì. Hãy báo người quản trị, rồi gửi lại."
)


class BrokenFileError(Exception):
    """The file is gone, or isn't the one that was uploaded."""


@dataclass(frozen=True)
class StoredFile:
    """A file that was stored: its key, its size in bytes, and the SHA-256 of its content."""

    key: str
    size: int
    sha256: str


def store(file: Any) -> StoredFile:
    """Store an uploaded file under a new key; ValidationError where the disk doesn't take it."""
    key = secrets.token_hex(20)
    path = path_of(key)
    try:
        workroom()
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return _written(file, path, key)
    except OSError as error:
        raise ValidationError(NOT_WRITTEN, code="storage") from error


def _written(file: Any, path: Path, key: str) -> StoredFile:
    """Copy the content beside its place, then put it there at once."""
    digest, size = sha256(), 0
    descriptor, passing = tempfile.mkstemp(prefix=_PASSING, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as target:
            for chunk in file.chunks(_CHUNK):
                digest.update(chunk)
                size += target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        Path(passing).replace(path)
    except BaseException:
        Path(passing).unlink(missing_ok=True)
        raise
    return StoredFile(key, size, digest.hexdigest())


def open_whole(key: str, digest: str) -> IO[bytes]:
    """The file at its beginning, once its content was compared with its digest; BrokenFileError where it differs."""
    try:
        file = path_of(key).open("rb")
    except OSError as error:
        raise BrokenFileError(key) from error
    found = sha256()
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        found.update(chunk)
    if found.hexdigest() != digest:
        file.close()
        raise BrokenFileError(key)
    file.seek(0)
    return file


def remove(key: str) -> None:
    """Let a file go that no row speaks of."""
    path_of(key).unlink(missing_ok=True)


def stored_keys() -> Iterator[str]:
    """The keys of all files that are there."""
    for path in Path(settings.DOCUMENT_FOLDER).glob("*/*"):
        if _KEY.fullmatch(path.name):
            yield path.name


def unfinished() -> list[Path]:
    """Files whose writing was cut short."""
    return list(Path(settings.DOCUMENT_FOLDER).glob(f"*/{_PASSING}*"))


def workroom() -> Path:
    """Where a passing file may lie, made if need be: on the same disk, as well guarded as the files."""
    folder = Path(settings.DOCUMENT_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(key: str) -> Path:
    """Where the file of that key lies; ValueError for what is no key."""
    if not _KEY.fullmatch(key):
        raise ValueError(key)
    return Path(settings.DOCUMENT_FOLDER) / key[:2] / key
