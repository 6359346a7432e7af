"""Puts the invented world together; the same seed gives the same world, on any machine and on any day."""

from __future__ import annotations

import hashlib
from random import Random

from reviews.demo.honours import honour
from reviews.demo.organisations import make_world
from reviews.demo.people import fill_files, set_theory_levels
from reviews.demo.population import populate
from reviews.demo.ratings import rate
from reviews.demo.records import Life, World
from reviews.demo.training import train

SEED = 2015


def make() -> World:
    """The whole world, in memory."""
    rng = Random(SEED)
    world = make_world(rng)
    populate(rng, world)
    set_theory_levels(rng, world)
    train(rng, world)
    rate(rng, world)
    honour(rng, world)
    fill_files(rng, world)
    _number_decisions(world)
    return world


def fingerprint(rows: list[tuple[str, ...]]) -> str:
    """SHA-256 over rows of text, whatever their order."""
    lines = ("\t".join(row) for row in rows)
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def rows_of_people(world: World) -> list[tuple[str, ...]]:
    """(file number, name, birth, card) of everybody."""
    return [
        (life.file_number, life.name, str(life.details["born_on"]), life.card_number)
        for life in [*world.lives, *world.candidates]
    ]


def rows_of_ratings(world: World) -> list[tuple[str, ...]]:
    """(year, file number, rank or reason) of every member's rating."""
    return [
        (str(mark.year), mark.subject.file_number, str(mark.rank or mark.reason))
        for mark in world.marks
        if isinstance(mark.subject, Life)
    ]


def _number_decisions(world: World) -> None:
    """Number the decisions of the committee year by year, in the order of their dates."""
    here = [entry for life in world.lives for entry in life.entries if entry.place]
    counts: dict[tuple[str, int], int] = {}
    for entry in sorted(here, key=lambda entry: entry.decided_on):
        if entry.decided_on.year >= 2010:
            entry.decision_number = _next(counts, "QĐKN/ĐUK", entry.decided_on.year)
    officials = [(entry.official_on, entry) for entry in here if entry.official_on]
    for official_on, entry in sorted(officials, key=lambda pair: pair[0]):
        if official_on.year >= 2010:
            entry.official_number = _next(counts, "QĐCNCT/ĐUK", official_on.year)


def _next(counts: dict[tuple[str, int], int], series: str, year: int) -> str:
    counts[series, year] = counts.get((series, year), 0) + 1
    return f"{counts[series, year]:03}-{series}"
