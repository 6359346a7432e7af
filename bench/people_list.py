"""The list of members against the stock admin's change list of the same members: pages and a search.

Runs on the database of DATABASE_URL, which must be migrated and empty; makes the people itself and prints medians and
ratios. Ends with an error where a page takes more than a fifth of the stock list's time, or the last page of a list
more than 1.3 times the first.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SECOND_FACTOR_ROLES", "")
django.setup()

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import many_people
from bench.run import measure, page
from config.access import Role
from config.keyed_pages import PER_PAGE
from members.models import Membership, Person, RoleAssignment, User

LIST, STOCK = "/dang-vien/", "/stock/members/membership/"
WORD = "nguyen"
SHARE, LAST_TO_FIRST = 5, 1.3
OWN_RUNS = 5
READER = "nguoi-xem"


def addresses(search: str) -> dict[str, tuple[str, str]]:
    """Of the first, a middle and the last page: the program's address and the stock admin's."""
    people = Person.objects.matching(search)
    members = Membership.objects.on(timezone.localdate())
    stock = members.filter(person__full_name__icontains="Nguyễn") if search else members
    pages = -(-stock.count() // PER_PAGE)
    middle = people.order_by("name_sort_key", "pk").values_list("pk", flat=True)[people.count() // 2]
    ours = {"first": "", "middle": f"sau={middle}", "last": "cuoi=1"}
    theirs = {"first": "", "middle": f"p={pages // 2}", "last": f"p={pages}"}
    asked = (f"q={search}", "q=Nguyễn") if search else ("", "")
    return {name: (_joined(LIST, asked[0], ours[name]), _joined(STOCK, asked[1], theirs[name])) for name in ours}


def _joined(address: str, *parts: str) -> str:
    query = "&".join(filter(None, parts))
    return f"{address}?{query}" if query else address


def compare(client: Client, search: str, runs: int) -> bool:
    """Measure both lists in turn; whether all is as quick as it should be."""
    works = {}
    for name, (ours, theirs) in addresses(search).items():
        works[name, "ours"], works[name, "stock"] = page(client, ours), page(client, theirs)
    medians = measure(works, runs)
    is_quick = True
    print(f"  {f'search “{search}”' if search else 'all'}")
    for name in ("first", "middle", "last"):
        ours, theirs = medians[name, "ours"] * 1000, medians[name, "stock"] * 1000
        print(f"    {name:<8}{ours:8.0f} ms   stock admin {theirs:8.0f} ms   {theirs / ours:6.1f} times as long")
        is_quick &= theirs / ours >= SHARE
    # Among themselves, more often: what little differs drowns in the noise of a few runs.
    own = measure({name: works[name, "ours"] for name in ("first", "middle", "last")}, OWN_RUNS * runs)
    ratio = own["last"] / own["first"]
    print(f"    the last page takes {ratio:.2f} times the first")
    return is_quick and ratio <= LAST_TO_FIRST


def queries(client: Client) -> int:
    """How many queries a page takes."""
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        page(client, LIST)()
    return len(seen)


@override_settings(ROOT_URLCONF="bench.stock_people", ALLOWED_HOSTS=["testserver"])
def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    reader = User.objects.filter(username=READER).first()
    if reader is None:
        start = time.perf_counter()
        root = many_people.make(options.people)
        reader = User.objects.create_user(username=READER, full_name="Người xem", password=None)
        RoleAssignment.objects.create(user=reader, role=Role.LEADER, organisation=root)
        print(f"{connection.vendor}: {options.people} people made in {time.perf_counter() - start:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(reader)
    print(f"{connection.vendor}: {Person.objects.count()} people, medians of {options.runs}, {queries(client)} queries")
    verdicts = [compare(client, search, options.runs) for search in ("", WORD)]
    return 0 if all(verdicts) else f"More than 1/{SHARE} of the stock list, or the last page too slow."  # type: ignore


if __name__ == "__main__":
    sys.exit(main())
