"""A server with the demonstration data, and Debian's Chromium to look at it; each once for the module."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.intake.conftest import CORPUS

# The lists stand beside the project; where they are not, their test is not collected.
collect_ignore = [] if CORPUS.is_dir() else ["test_import_corpus.py"]
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "sen-trang-2015"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers; it has half a minute."""
    for _ in range(300):
        assert server.poll() is None, "the server stopped"
        try:
            urlopen(address, timeout=5).close()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


@dataclass(frozen=True)
class Served:
    """The program as it is served, and the environment in which its commands work on the same database."""

    address: str
    environment: dict[str, str]

    def manage(self, *command: str) -> str:
        """What a command says; it has to go well."""
        return python(self.environment, "manage.py", *command)


def python(environment: dict[str, str], *command: str) -> str:
    told = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return told.stdout


@contextmanager
def served(folder: Path, *load: str) -> Iterator[Served]:
    """The program, served from a SQLite file in `folder` that the command `load` has filled."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.browser.server_settings",
        "PYTHONPATH": str(ROOT),
        "BROWSER_TEST_FOLDER": str(folder),
    }
    python(environment, "manage.py", "migrate", "--verbosity", "0")
    python(environment, *load)
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    options = ["--workers", "1", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
    running = subprocess.Popen([*gunicorn, *options], cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/dang-nhap/", running)
        yield Served(f"http://127.0.0.1:{port}", environment)
    finally:
        running.terminate()
        running.wait(timeout=20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the program with the demonstration data."""
    with served(tmp_path_factory.mktemp("server"), "manage.py", "demo") as program:
        yield program.address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; root needs it without its sandbox."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing: apt install chromium"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def states(server: str, chromium: Browser) -> Callable[[str], StorageState]:
    """The cookies of a user who has signed in, once for the module."""
    known: dict[str, StorageState] = {}

    def state_of(username: str) -> StorageState:
        if username not in known:
            context = chromium.new_context(base_url=server)
            sign_in(context.new_page(), username)
            known[username] = context.storage_state()
            context.close()
        return known[username]

    return state_of


Opener = Callable[..., Page]


@pytest.fixture
def open_page(server: str, chromium: Browser, states: Callable[[str], StorageState]) -> Iterator[Opener]:
    """Opens pages in contexts of their own: `open_page("lanhdao", width=390, java_script_enabled=False)`.

    After the test nothing may have gone wrong in them: no error on the console (a refusal by the policy is
    one), nothing asked of another server. That a page was not found or forbidden is no error here.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def note(problem: str) -> None:
        if not re.search("status of (403|404|429)", problem):
            problems.append(problem)

    def note_request(address: str) -> None:
        if not address.startswith((server, "data:")):
            note(f"asked for {address}")

    def open_(as_: str = "", *, width: int = 1440, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=server,
            viewport={"width": width, "height": 900},
            locale="vi-VN",
            storage_state=states(as_) if as_ else None,
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("console", lambda said: note(said.text) if said.type in {"error", "warning"} else None)
        context.on("weberror", lambda error: note(str(error.error)))
        context.on("request", lambda request: note_request(request.url))
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Through the form, as everybody does."""
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda address: "/dang-nhap/" not in address)
