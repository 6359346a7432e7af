"""Files of archived audit events: gzip, a line of JSON for every event and for every item after its event."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from members.audit import canonical, sealed
from members.models import AuditArchive, AuditEvent, AuditItem

# What reading a file that isn't what it was may raise.
UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Sealed:
    """What a seal stands for, and the seal beside it."""

    payload: dict[str, Any]
    seal: str

    @property
    def is_genuine(self) -> bool:
        """Whether the seal was made for just this content, by whoever has the key."""
        return self.seal == sealed(self.payload)


# An event with its items, as they come out of the database or a file. The items are read before the next event.
Entry = tuple[Sealed, Iterable[Sealed]]


def file_name(first: int, last: int) -> str:
    """The name of the file with these events."""
    return f"nhat-ky-{first}-{last}.jsonl.gz"


def write_entries(path: Path, entries: Iterable[Entry]) -> None:
    """Write a new file to the disk; the same events make the same bytes. Raises OSError."""
    with path.open("xb") as raw:
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as file:
            for event, items in entries:
                for kind, part in chain([("event", event)], (("item", item) for item in items)):
                    file.write(canonical({kind: part.payload, "seal": part.seal}) + b"\n")
        raw.flush()
        os.fsync(raw.fileno())


def read_entries(path: Path) -> Iterator[Entry]:
    """The events of a file with their items; raises one of UNREADABLE where it is no such file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = _Lines(json.loads(line) for line in file)
        while (line := lines.take("event")) is not None:
            yield Sealed(line["event"], line["seal"]), lines.items()
            for _ in lines.items():
                pass
        if lines.next is not None:
            raise ValueError(path)


class _Lines:
    """Lines of a file, with a look at the next one."""

    def __init__(self, lines: Iterator[dict[str, Any]]) -> None:
        self.lines = lines
        self.next = next(lines, None)

    def take(self, kind: str) -> dict[str, Any] | None:
        """The next line where it is of that kind."""
        if self.next is None or kind not in self.next:
            return None
        line, self.next = self.next, next(self.lines, None)
        return line

    def items(self) -> Iterator[Sealed]:
        while (line := self.take("item")) is not None:
            yield Sealed(line["item"], line["seal"])


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(2**20):
            digest.update(part)
    return digest.hexdigest()


def path_of(archive: AuditArchive, folder: Path) -> Path:
    """Where the archive's file lies in `folder`, whatever a forged row says."""
    return folder / Path(archive.file_name).name


def as_event(payload: dict[str, Any]) -> AuditEvent:
    """An archived event as a row that isn't saved."""
    moment = dt.datetime.fromisoformat(payload["happened_at"])
    return AuditEvent(**payload | {"key": uuid.UUID(payload["key"]), "happened_at": moment})


def as_item(payload: dict[str, Any]) -> AuditItem:
    """An archived item as a row that isn't saved."""
    keys = {"event", "person", "organisation", "account"}
    return AuditItem(**{f"{name}_id" if name in keys else name: value for name, value in payload.items()})
