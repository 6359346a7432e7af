"""A wrong setting stops the program with a sentence that names it, never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def check(**variables: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in an environment of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {"SECRET_KEY": "k" * 60, "DATABASE_URL": "sqlite:///:memory:", "PYTHONUTF8": "1"} | variables
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("SECURE", "2"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FILE", "no/such/file"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("CSRF_TRUSTED_ORIGINS", "example.test"),
        ("AUDIT_KEY", "short"),
        ("UPLOAD_MEGABYTES", "0"),
        ("SESSION_IDLE_MINUTES", "half"),
        ("SECOND_FACTOR_ROLES", "administrator,boss"),
        ("DOCUMENT_FOLDER", "tai-lieu"),
        ("DOCUMENT_FOLDER", "/etc/hostname"),
        ("DOCUMENT_FOLDER", str(ROOT / ".data" / "static" / "tai-lieu")),
        ("DOCUMENT_FOLDER", str(ROOT / ".data")),
    ],
)
def test_wrong_value_stops_with_a_sentence_that_names_it(name, value):
    without_key = {"SECRET_KEY": ""} if name == "SECRET_KEY_FILE" else {}
    result = check(**without_key, **{name: value})
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "Cấu hình sai" in result.stderr
    assert name in result.stderr


def test_right_values_pass():
    assert check(DEBUG="0", SECURE="1", ALLOWED_HOSTS="example.test").returncode == 0
