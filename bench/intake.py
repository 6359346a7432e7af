"""The import against django-import-export's own flow of preview and confirmation, into the same table.

Runs on the database of DATABASE_URL, which must hold the demonstration data; what is timed is rolled back. The
ratio within one run is the result. The other flow gets the table without the audit trail, which this program writes.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.conf import settings
from django.db import connection, transaction

from bench import people_file
from bench.stock_import import PlainPerson, bring_in
from members.exchange import jobs, sessions
from members.models import ImportJob, ImportState, Organisation, Person, User
from reviews.exchange.kinds import IMPORTERS

OFFICE = "vanphong"
LEAST = 15
MOST_MEGABYTES = 300


def stock_flow(path: Path) -> None:
    """As django-import-export's admin does, into the program's model of people."""
    bring_in(path, User.objects.get(username=OFFICE), Person)


def plain_stock_flow(path: Path) -> None:
    """The same into the bare table: no trail of who wrote what, which the program itself never goes without."""
    bring_in(path, User.objects.get(username=OFFICE), PlainPerson)


def our_flow(path: Path) -> None:
    """As the pages do: upload, read, preview, write."""
    user = User.objects.get(username=OFFICE)
    root = Organisation.objects.roots().get()
    files = [(path.name, path.read_bytes())]
    session = sessions.open_session(organisation=root, files=files, options={}, by=user)
    for job in (ImportJob.READ, ImportJob.PREVIEW, ImportJob.COMMIT):
        jobs.start(session, job, by=user, importers=IMPORTERS)
        session.refresh_from_db()
        if session.problem:
            sys.exit(f"{job}: {session.problem}")
    if session.state != ImportState.DONE:
        sys.exit(f"The import ended as {session.state}.")


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written within is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def measured(work, path: Path, count: int) -> float:
    """Seconds of the work; it must bring everybody in."""
    before = Person.objects.count()
    with taken_back():
        start = time.perf_counter()
        work(path)
        seconds = time.perf_counter() - start
        if Person.objects.count() != before + count:
            sys.exit(f"{work.__name__} brought in {Person.objects.count() - before} people instead of {count}.")
    return seconds


def compare(count: int) -> float:
    """Both flows with a file of so many people; the ratio."""
    codes = list(Organisation.objects.filter(ended_on=None).order_by("pk").values_list("code", flat=True)[1:40])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nguoi.xlsx"
        people_file.write(path, count, codes)
        flows = (our_flow, plain_stock_flow, our_flow, stock_flow, our_flow)
        times = [measured(flow, path, count) for flow in flows]
    ours, plain, theirs = statistics.median(times[::2]), times[1], times[3]
    print(f"{connection.vendor}: {count} people x {people_file.WIDTH} columns, previewed and written")
    print(
        f"  this program                            {ours:8.1f} s   ({', '.join(f'{one:.1f}' for one in times[::2])})"
    )
    print(f"  django-import-export, the same records  {theirs:8.1f} s   {theirs / ours:.1f} times as long")
    print(f"  the same without the audit trail        {plain:8.1f} s   {plain / ours:.1f} times as long")
    return theirs / ours


def large(count: int) -> float:
    """The most memory (MB) that this process or the reading one takes for a file of so many people.

    They stay in the database: to take back all of it SQLite would hold in memory what stood there before.
    """
    codes = list(Organisation.objects.filter(ended_on=None).order_by("pk").values_list("code", flat=True)[1:40])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nguoi.xlsx"
        people_file.write(path, count, codes)
        start = time.perf_counter()
        our_flow(path)
        seconds = time.perf_counter() - start
    used = {who: resource.getrusage(which).ru_maxrss / 1024 for who, which in PROCESSES.items()}
    told = ", ".join(f"{who} {megabytes:.0f} MB" for who, megabytes in used.items())
    print(f"{connection.vendor}: {count} people in {seconds:.1f} s; {told}")
    return max(used.values())


PROCESSES = {"this process": resource.RUSAGE_SELF, "the reading process": resource.RUSAGE_CHILDREN}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=0, help="instead: the memory that so many people take")
    options = parser.parse_args()
    settings.IMPORT_IN_PROCESS = False
    if options.large:
        sys.exit(0 if large(options.large) <= MOST_MEGABYTES else f"More than {MOST_MEGABYTES} MB.")
    sys.exit(0 if compare(options.people) >= LEAST else f"Less than {LEAST} times as fast.")


if __name__ == "__main__":
    main()
