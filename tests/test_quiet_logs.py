"""Logs tell what failed and where; what a person typed, searched or is called stays out of them."""

from __future__ import annotations

import io
import logging
import logging.config

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from config.quiet_logs import QuietFormatter, quiet

SECRET = "Nguyễn Bí Mật 031234567"


@pytest.fixture
def written():
    """What the program's formatter makes of all records, the quiet loggers' too."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def fails(secret: str) -> None:
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise DatabaseError(f"Key (card_number)=({secret}) already exists") from error


def test_traceback_has_types_and_frames_of_the_whole_chain_but_no_values(written):
    try:
        fails(SECRET)
    except DatabaseError as error:
        logging.getLogger("members").exception("Not written: %s", error)
    text = written.getvalue()
    assert SECRET not in text
    assert "card_number" not in text
    assert "ERROR members: Not written: DatabaseError" in text
    assert text.index("builtins.KeyError") < text.index("django.db.utils.DatabaseError")
    assert "test_quiet_logs.py" in text
    assert " fails" in text


def test_exceptions_during_others_and_in_groups_are_told_without_values(written):
    try:
        try:
            raise ValueError(SECRET)
        except ValueError:
            raise ExceptionGroup(SECRET, [TypeError(SECRET)])  # noqa: B904
    except ExceptionGroup as error:
        logging.getLogger("members").error(error, exc_info=error)
    text = written.getvalue()
    assert SECRET not in text
    assert all(name in text for name in ("ValueError", "ExceptionGroup", "TypeError"))


def test_message_that_repeats_the_exception_gives_its_type(written):
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        logging.getLogger("django.security.X").error(str(error), exc_info=error)
    assert SECRET not in written.getvalue()
    assert "django.security.X: ValueError" in written.getvalue()


def test_exception_among_the_arguments_gives_its_type(written):
    logging.getLogger("members").error("Refused: %s, %s", ValueError(SECRET), "x")
    logging.getLogger("members").error(KeyError(SECRET))
    assert "Refused: ValueError, x" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_query_strings_are_left_out_and_lines_cannot_be_forged():
    assert quiet('"GET /tong-ket/2015/?q=Nguy%E1%BB%85n HTTP/1.1" 200') == '"GET /tong-ket/2015/?… HTTP/1.1" 200'
    assert quiet("Not Found: /a\n2026-01-01 INFO root: all is well") == (
        "Not Found: /a\\n2026-01-01 INFO root: all is well"
    )
    assert quiet("a\u202eb\x1b[31m") == "a\\u202eb\\x1b[31m"
    assert quiet("Vì sao? Không rõ.") == "Vì sao? Không rõ."


def test_record_is_dated_with_its_zone_and_other_formatters_see_it_unchanged():
    record = logging.LogRecord("a", logging.INFO, __file__, 1, "x %s", ("y",), None)
    text = QuietFormatter().format(record)
    assert text.split(" ", 1)[0].endswith("+00:00")
    assert text.endswith(" INFO a: x y")
    assert (record.msg, record.args, record.exc_text) == ("x %s", ("y",), None)


@pytest.mark.django_db
def test_failing_page_is_logged_without_what_was_typed(cast, client_of, written, monkeypatch):
    def fail(*args, **kwargs):
        fails(SECRET)

    monkeypatch.setattr("reviews.views.Dashboard", fail)
    client = client_of(cast.leader)
    client.raise_request_exception = False
    response = client.get(reverse("summary", args=[2015, "A"]), {"q": SECRET})
    assert response.status_code == 500
    assert SECRET not in response.content.decode()
    assert "Internal Server Error: /tong-ket/2015/A/" in written.getvalue()
    assert "DatabaseError" in written.getvalue()
    assert SECRET not in written.getvalue()


@pytest.mark.django_db
def test_a_missing_page_and_a_wrong_password_are_logged_without_words(written):
    Client().get("/khong-co/", {"q": SECRET})
    Client().post(reverse("sign_in"), {"username": SECRET, "password": SECRET})
    assert "Not Found: /khong-co/" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_what_the_database_says_of_a_refused_row_stays_out(written, db):
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT '{SECRET}' FROM khong_co")  # noqa: S608
    except DatabaseError:
        logging.getLogger("members").exception("Not read")
    assert "DatabaseError" in written.getvalue() or "Error" in written.getvalue()
    assert SECRET not in written.getvalue()


def formatters(name: str) -> set[type]:
    """How a logger's own handlers write, but for those of pytest."""
    found = {type(handler.formatter) for handler in logging.getLogger(name).handlers}
    return {kind for kind in found if not kind.__module__.startswith(("_pytest", "builtins"))}


def test_every_way_out_is_quiet_and_nothing_is_mailed():
    assert settings.LOGGING["formatters"]["quiet"]["()"] == "config.quiet_logs.QuietFormatter"
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"quiet"}
    for name in ("django.server", "gunicorn.error"):
        assert formatters(name) == {QuietFormatter}
        assert not logging.getLogger(name).propagate
    for name in ("django", "django.request", "django.security", "axes"):
        assert formatters(name) == set()
        assert logging.getLogger(name).propagate
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert "AdminEmailHandler" not in str(settings.LOGGING)
    assert not logging.getLogger("axes").isEnabledFor(logging.WARNING)
