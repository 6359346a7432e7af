"""Logs that say what went wrong and where, without anything of a person in them.

Values live in exceptions ("Key (card_number)=(…) already exists") and in query strings (a search); neither is written.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import traceback
from typing import Any

# A query string behind a path; it ends at a blank or a quotation mark.
_QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# How many exceptions of a chain, or of a group, are told.
LONGEST_CHAIN = 10


class QuietFormatter(logging.Formatter):
    """One line with moment (UTC), level, logger and message; under it types and frames of the exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record; nothing is kept on the record, so that other formatters cannot undo it."""
        moment = dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds")
        head = f"{moment} {record.levelname} {record.name}: {quiet(_message(record))}"
        error = record.exc_info[1] if record.exc_info else None
        return head if error is None else "\n".join([head, *_told(error)])


def quiet(text: str) -> str:
    """One line: query strings left out, control and direction characters written as escapes."""
    text = _QUERY.sub(r"\1?…", text)
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _message(record: logging.LogRecord) -> str:
    """The message; exceptions among its arguments, or repeated in it, give their type only."""
    args = record.args
    if isinstance(args, tuple):
        args = tuple(_typed(value) for value in args)
    text = str(_typed(record.msg))
    text = text % args if args else text
    error = record.exc_info[1] if record.exc_info else None
    return text.replace(str(error), type(error).__name__) if error is not None and str(error) else text


def _typed(value: Any) -> Any:
    return type(value).__name__ if isinstance(value, BaseException) else value


def _told(error: BaseException) -> list[str]:
    """Types and frames, the cause first."""
    lines: list[str] = []
    for link in reversed(_chain(error)):
        frames = traceback.extract_tb(link.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        lines.append(f"  {type(link).__module__}.{type(link).__qualname__}")
    return lines


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, what it was raised from or during, and the members of groups."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < LONGEST_CHAIN:
        link = waiting.pop(0)
        if link is None or any(link is known for known in found):
            continue
        found.append(link)
        waiting.append(link.__cause__ or (None if link.__suppress_context__ else link.__context__))
        waiting += link.exceptions if isinstance(link, BaseExceptionGroup) else ()
    return found
