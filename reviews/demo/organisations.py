"""The tree of places with its history, and the mass organisations."""

from __future__ import annotations

import datetime as dt
from random import Random

from members.models.organisations import MassKind, OrganisationEvent, OrganisationKind
from reviews.demo import offices
from reviews.demo.offices import Office
from reviews.demo.records import MassPlace, Place, State, World

ROOT_CODE = "DUK"
ROOT_NAME = "Đảng bộ Khối Các cơ quan tỉnh"
MERGED_ON = dt.date(2012, 7, 2)
RENAMED_ON = dt.date(2013, 4, 1)
FOUNDED_ON = dt.date(2013, 8, 15)
CELL_MOVED_ON = dt.date(2014, 6, 2)
MERGER_NUMBER = "214-QĐ/ĐUK"

# How many cells without committee have a mass organisation of the kind beside their trade union.
CELLS_WITH_YOUTH = 6
WITH_WOMEN = 24
WITH_VETERANS = 17


def make_world(rng: Random) -> World:
    """The organisations, without people."""
    root = Place(ROOT_CODE, OrganisationKind.UPPER_COMMITTEE, [State(None, ROOT_NAME, None)], "party_agency")
    world = World(root, [root], [], [])
    committees, cells = offices.read(offices.COMMITTEES), offices.read(offices.CELLS)
    for number, office in enumerate(committees, start=1):
        _add_committee(rng, world, office, f"{ROOT_CODE}-{number:02}")
    for number, office in enumerate(cells, start=len(committees) + 1):
        _add_cell(rng, world, office, f"{ROOT_CODE}-{number:02}")
    for above, name, names in offices.DEPARTMENTS:
        _add_department(rng, _find(world, f"Đảng bộ {above}"), name, names, world)
    _rename(world)
    _found(world)
    _merge(rng, world)
    _move_cell(world)
    _add_mass_organisations(world)
    return world


def _find(world: World, name: str, above: str = "") -> Place:
    return next(
        place
        for place in world.places
        if place.name == name and (not above or place.code.startswith(_find(world, above).code))
    )


def _add(world: World, parent: Place, code: str, kind: str, name: str) -> Place:
    place = Place(code, kind, [State(None, name, parent)], parent.sector, parent.head, parent.staff)
    world.places.append(place)
    return place


def _add_committee(rng: Random, world: World, office: Office, code: str) -> None:
    kind = OrganisationKind.GRASSROOTS_COMMITTEE
    committee = _add(world, world.root, code, kind, f"Đảng bộ {office.name}")
    committee.sector, committee.head, committee.staff = office.sector, office.head, office.staff
    for number, name in enumerate(office.cells, start=1):
        kind = OrganisationKind.SUBORDINATE_CELL
        cell = _add(world, committee, f"{code}-{number:02}", kind, f"Chi bộ {name}")
        cell.weight = rng.uniform(0.7, 1.35)


def _add_cell(rng: Random, world: World, office: Office, code: str) -> None:
    cell = _add(world, world.root, code, OrganisationKind.GRASSROOTS_CELL, f"Chi bộ {office.name}")
    cell.sector, cell.head, cell.staff = office.sector, office.head, office.staff
    cell.weight = rng.uniform(0.45, 1.1)


def _add_department(rng: Random, above: Place, name: str, names: tuple[str, ...], world: World) -> None:
    kind = OrganisationKind.DEPARTMENT_COMMITTEE
    code = f"{above.code}-{_children(world, above) + 1:02}"
    committee = _add(world, above, code, kind, f"Đảng bộ bộ phận {name}")
    for number, cell_name in enumerate(names, start=1):
        kind = OrganisationKind.SUBORDINATE_CELL
        cell = _add(world, committee, f"{code}-{number:02}", kind, f"Chi bộ {cell_name}")
        cell.weight = rng.uniform(0.7, 1.1)


def _children(world: World, above: Place) -> int:
    return sum(place.states[-1].parent is above for place in world.places)


def _rename(world: World) -> None:
    new, old = (f"Chi bộ {name}" for name in offices.RENAMED)
    place = _find(world, new)
    place.states = [
        State(None, old, world.root),
        State(RENAMED_ON, new, world.root, OrganisationEvent.RENAMED),
    ]


def _found(world: World) -> None:
    place = _find(world, f"Chi bộ {offices.FOUNDED}")
    place.founded_on = FOUNDED_ON


def _merge(rng: Random, world: World) -> None:
    """The cell ends, and what it was lives on as a cell below the committee that took it over."""
    old, above = (
        _find(world, f"{kind} {name}") for kind, name in zip(("Chi bộ", "Đảng bộ"), offices.MERGED_INTO, strict=True)
    )
    old.ended_on = MERGED_ON
    world.successions.append((old, above, MERGED_ON, MERGER_NUMBER))
    code = f"{above.code}-{_children(world, above) + 1:02}"
    new = _add(world, above, code, OrganisationKind.SUBORDINATE_CELL, old.name)
    new.founded_on, new.weight = MERGED_ON, rng.uniform(0.7, 1.0)


def _move_cell(world: World) -> None:
    name, old, new = offices.MOVED_CELL
    cell = _find(world, f"Chi bộ {name}", above=f"Đảng bộ {old}")
    above = _find(world, f"Đảng bộ {new}")
    cell.states.append(State(CELL_MOVED_ON, cell.name, above, OrganisationEvent.MOVED))


def _add_mass_organisations(world: World) -> None:
    """A trade union everywhere; youth unions at all committees, women and veterans at the first of them."""
    committees = [unit for unit in world.units if unit.kind == OrganisationKind.GRASSROOTS_COMMITTEE]
    cells = [unit for unit in world.units if unit.kind == OrganisationKind.GRASSROOTS_CELL]
    groups = (
        (MassKind.TRADE_UNION, "Công đoàn", world.units),
        (MassKind.YOUTH_UNION, "Đoàn Thanh niên", [*committees, *cells[-CELLS_WITH_YOUTH - 3 : -3]]),
        (MassKind.WOMEN, "Hội Phụ nữ", committees[:WITH_WOMEN]),
        (MassKind.VETERANS, "Hội Cựu chiến binh", committees[:WITH_VETERANS]),
    )
    for kind, title, units in groups:
        for unit in units:
            name = f"{title} {unit.name.removeprefix('Đảng bộ ').removeprefix('Chi bộ ')}"
            code = f"{unit.code}-{MASS_CODES[kind]}"
            world.mass.append(MassPlace(code, name, kind, unit, unit.founded_on, unit.ended_on))


MASS_CODES: dict[str, str] = {
    MassKind.TRADE_UNION: "CD",
    MassKind.YOUTH_UNION: "TN",
    MassKind.WOMEN: "PN",
    MassKind.VETERANS: "CCB",
}
