"""The dashboard against the same figures in bare SQL and against the stock admin's list of the same members.

Runs on the database of DATABASE_URL, which must hold the demonstration data; prints medians and ratios.
Times say nothing alone: machines differ and are shared; the ratios within one run are the result.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Nobody signs in here: the pages are what is measured.
os.environ.setdefault("SECOND_FACTOR_ROLES", "")
django.setup()

from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bench.stock import YEAR
from members.models import Organisation, User
from reviews.indicators import FIGURES
from reviews.scope import Scope

LEADER = "lanhdao"
WARM_UP = 4
LIST = "/stock/members/membership/"
ASSETS = ("bootstrap/css/bootstrap.min.css", "config/app.css", "config/icon.svg")


def bare_sql(scope: Scope) -> list[tuple[str, tuple]]:
    """One statement a figure: the count of its rows, as the database gets it."""
    statements = []
    for figure in FIGURES:
        sql, parameters = figure.rows(scope).order_by().values("pk").query.sql_with_params()
        statements.append((f"SELECT COUNT(*) FROM ({sql}) AS records", parameters))  # noqa: S608 (our own SQL)
    return statements


def run_sql(statements: list[tuple[str, tuple]]) -> None:
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchone()


def page(client: Client, address: str) -> Callable[[], bytes]:
    def get() -> bytes:
        response = client.get(address, HTTP_ACCEPT_ENCODING="gzip")
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")
        return response.content

    return get


def measure(works: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median seconds of each work, in turn; no result of one run is kept for the next."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for run in range(runs + WARM_UP):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            if run >= WARM_UP:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def first_load(content: bytes) -> int:
    """Bytes that a browser fetches at its first visit: the page and its assets, compressed."""
    assets = [Path(finders.find(asset)).read_bytes() for asset in ASSETS]
    return len(content) + sum(len(gzip.compress(asset, 9)) for asset in assets)


@override_settings(ROOT_URLCONF="bench.stock", ALLOWED_HOSTS=["testserver"])
def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    root = Organisation.objects.roots().get()
    client = Client()
    client.force_login(User.objects.get(username=LEADER))
    address = f"/tong-ket/{YEAR}/{root.code}/"
    statements = bare_sql(Scope(root, YEAR))
    works = {
        "dashboard": page(client, address),
        "bare SQL": lambda: run_sql(statements),
        "stock admin list": page(client, LIST),
    }
    medians = measure(works, runs)
    # In a transaction everything is read on the one connection that is watched.
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        content = works["dashboard"]()
    print(f"{connection.vendor}: medians of {runs}")
    for name, seconds in medians.items():
        ratio = seconds / medians["stock admin list"]
        print(f"  {name:<18}{seconds * 1000:8.0f} ms   {ratio:5.2f} x the stock list")
    size, load = len(content) / 1000, first_load(content) / 1000
    print(f"  dashboard: {len(queries)} queries, page {size:.1f} kB, first load {load:.1f} kB (compressed)")


if __name__ == "__main__":
    sys.exit(main())
