"""Export, empty database, import: the same summary; and into the same database: no change. With random committees."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from members.exchange import importing
from members.exchange.book import Book, book_of
from members.exchange.importing import Sender
from members.intake.reader import read
from members.models import Organisation
from reviews.exchange.kinds import IMPORTERS
from reviews.exchange.workbook_out import exported
from reviews.scope import Scope
from reviews.summary import Summary
from tests.worlds import YEARS, World

pytestmark = pytest.mark.django_db

SEEDS = range(12)


def summaries() -> dict[tuple[str, int], Any]:
    """The summary of every organisation and year."""
    found = {}
    for organisation in Organisation.objects.order_by("code"):
        for year in YEARS:
            found[organisation.code, year] = Summary(Scope(organisation, year)).as_json()
    return found


def bring_in(content: bytes, *, dry: bool = False) -> Book:
    reading = read(content, "ho-so.xlsx")
    assert reading.as_errors() == []
    assert all(table.is_canonical for table in reading.tables)
    book = book_of([reading], ["ho-so.xlsx"])
    number = importing.since_of(reading.marks)
    since = {table.number: number for table in book.tables} if number is not None else None
    sender = Sender(None, "Nhập lại", {}, since=since)
    (importing.rehearse if dry else importing.write)(book, sender, IMPORTERS)
    return book


def made_in_a_world(seed: int) -> tuple[dict[tuple[str, int], Any], bytes, dict[str, int]]:
    """The summaries of a random committee, its workbook, and what bringing it in again would do; then it is gone."""
    with transaction.atomic():
        World(seed)
        told, content = summaries(), exported(None, by=None).content
        again = bring_in(content, dry=True)
        problems = [(one.table, one.row, one.status, one.detail) for one in again.outcomes if one.status != "same"]
        assert problems == []
        transaction.set_rollback(True)
    return told, content, again.summed()


@pytest.mark.parametrize("seed", SEEDS)
def test_export_into_an_empty_database_gives_the_same_summary(seed: int) -> None:
    told, content, again = made_in_a_world(seed)
    assert not Organisation.objects.exists()
    summed = bring_in(content).summed()
    assert summed["new"] + summed["changed"] + summed["same"] == again["same"]
    found = summaries()
    assert found.keys() == told.keys()
    for key, summary in told.items():
        assert found[key] == summary, key
