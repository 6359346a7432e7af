"""Reads settings from the environment; a wrong value stops with a sentence instead of a traceback.

Only reading and checking of values lives here; what they mean stands in settings.py.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
DATABASE_SCHEMES = {"postgres", "postgresql", "sqlite"}


def stop(message: str) -> SystemExit:
    """The exception that ends the program with one sentence on standard error."""
    return SystemExit(f"Cấu hình sai: {message}")


def flag(name: str, *, default: bool) -> bool:
    """A yes/no variable: 1, true, yes, on or 0, false, no, off."""
    text = env.str(name, default="").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise stop(f"{name}={text!r}; chỉ nhận 1 hoặc 0.")


def number(name: str, *, default: int, least: int = 1) -> int:
    """A whole number, at least `least`."""
    text = env.str(name, default="").strip() or str(default)
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise stop(f"{name}={text!r} phải là số nguyên, ít nhất {least}.")
    return int(text)


def words(name: str, *, default: list[str]) -> list[str]:
    """A list separated by commas, without blanks and empty entries."""
    return [word.strip() for word in env.list(name, default=default) if word.strip()]


def choices(name: str, *, default: list[str], known: Sequence[str]) -> list[str]:
    """A list of words out of `known`, separated by commas; set but empty means none."""
    found = words(name, default=default)
    for word in found:
        if word not in known:
            raise stop(f"{name}: không có {word!r}; chỉ nhận {', '.join(known)}.")
    return found


def origins(name: str) -> list[str]:
    """Addresses with their scheme, as CSRF_TRUSTED_ORIGINS wants them."""
    found = words(name, default=[])
    for origin in found:
        if urlsplit(origin).scheme not in {"http", "https"}:
            raise stop(f"{name}: {origin!r} phải bắt đầu bằng http:// hoặc https://.")
    return found


def secret_key(base: Path, *, debug: bool) -> str:
    """SECRET_KEY, or the content of SECRET_KEY_FILE (or of `.secret_key` under `base`); passing ones for DEBUG."""
    key = env.str("SECRET_KEY", default="")
    own = base / ".secret_key"
    path = env.str("SECRET_KEY_FILE", default=str(own) if own.exists() else "")
    if not key and path:
        try:
            key = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise stop(f"không đọc được SECRET_KEY_FILE={path!r} ({error.strerror}).") from error
    if not key and debug:
        return secrets.token_urlsafe(50)
    if len(key) < 50:
        raise stop("SECRET_KEY (hoặc SECRET_KEY_FILE) phải có ít nhất 50 ký tự ngẫu nhiên.")
    return key


def long_key(name: str, *, default: str) -> str:
    """A key of at least 50 characters."""
    key = env.str(name, default="").strip() or default
    if len(key) < 50:
        raise stop(f"{name} phải có ít nhất 50 ký tự ngẫu nhiên.")
    return key


def folder(name: str, *, default: Path, outside: Path) -> Path:
    """A folder by its absolute path, not within `outside`, which is served to everybody, nor around it.

    It may not be there yet.
    """
    path = Path(env.str(name, default="").strip() or default)
    if not path.is_absolute():
        raise stop(f"{name}={str(path)!r} phải là đường dẫn đầy đủ, bắt đầu bằng /.")
    if path.exists() and not (path.is_dir() and os.access(path, os.W_OK | os.X_OK)):
        raise stop(f"{name}={str(path)!r} không phải là thư mục ghi được.")
    real, served = path.resolve(), outside.resolve()
    if real == served or served in real.parents or real in served.parents:
        raise stop(
            f"{name}={str(path)!r} không được trùng, chứa hoặc nằm trong {str(outside)!r}, nơi ai cũng tải được."
        )
    return path


def database(base: Path) -> dict[str, Any]:
    """The database of DATABASE_URL, or the embedded SQLite file `.data/db.sqlite3` under `base`."""
    url = env.str("DATABASE_URL", default="").strip()
    if not url:
        (base / ".data").mkdir(exist_ok=True)
        return sqlite(base / ".data" / "db.sqlite3")
    if url.split(":", 1)[0] not in DATABASE_SCHEMES:
        raise stop("DATABASE_URL phải bắt đầu bằng postgres:// hoặc sqlite:///.")
    try:
        config: dict[str, Any] = env.db_url_config(url)
    except (ValueError, ImproperlyConfigured) as error:
        raise stop("DATABASE_URL không đọc được; ví dụ: postgres://user:password@localhost:5432/dangvien") from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return sqlite(config["NAME"])
    config.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    options = config.setdefault("OPTIONS", {})
    # The data fit in memory, and compiling a statement takes longer than any of ours runs.
    options.setdefault("options", "-c jit=off -c random_page_cost=1.1")
    # Statements that come again are planned once a connection.
    options.setdefault("server_side_binding", True)
    options.setdefault("prepare_threshold", 2)
    return config


def mail() -> dict[str, Any]:
    """What Django needs to know of the mail server of EMAIL_URL; empty where there is none."""
    url = env.str("EMAIL_URL", default="").strip()
    if not url:
        return {}
    try:
        config: dict[str, Any] = env.email_url_config(url)
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise stop("EMAIL_URL không đọc được; ví dụ: smtp://user:password@mail.tinh.vn:587/?tls=True") from error
    return config | {"EMAIL_TIMEOUT": 20}


def sqlite(name: Path | str) -> dict[str, Any]:
    """SQLite for several writers: WAL, a write lock taken when the transaction begins, a busy timeout."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(name),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
            "PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=268435456;",
        },
    }
