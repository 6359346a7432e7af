"""The targets of the committee and of some grassroots organisations, as literals."""

from __future__ import annotations

from reviews.demo.organisations import ROOT_CODE

ORGANISATIONS = "ratings.organisations.good_or_better"
MEMBERS = "ratings.members.good_or_better"
MASS = "ratings.mass.tier1"
ADMITTED = "admission.decided"

# (organisation, year): {figure: value}.
TARGETS: dict[tuple[str, int], dict[str, float]] = {
    (ROOT_CODE, 2011): {ADMITTED: 220},
    (ROOT_CODE, 2012): {ORGANISATIONS: 93, MEMBERS: 95, MASS: 90, ADMITTED: 230},
    (ROOT_CODE, 2013): {ORGANISATIONS: 94, MEMBERS: 96, MASS: 91, ADMITTED: 250},
    (ROOT_CODE, 2014): {ORGANISATIONS: 95, MEMBERS: 97, MASS: 92, ADMITTED: 240},
    (ROOT_CODE, 2015): {ORGANISATIONS: 96, MEMBERS: 96, MASS: 94, ADMITTED: 250},
    (ROOT_CODE, 2016): {ORGANISATIONS: 98, MEMBERS: 97, MASS: 95, ADMITTED: 250},
    ("DUK-06", 2015): {MEMBERS: 97, MASS: 100, ADMITTED: 14},
    ("DUK-06", 2016): {MEMBERS: 97.5, MASS: 100, ADMITTED: 15},
    ("DUK-02", 2015): {MEMBERS: 98, ADMITTED: 8},
    ("DUK-02", 2016): {MEMBERS: 98, ADMITTED: 8},
    ("DUK-12", 2015): {MEMBERS: 97, ADMITTED: 10},
    ("DUK-12", 2016): {MEMBERS: 97, ADMITTED: 11},
    ("DUK-21", 2015): {MEMBERS: 98, ADMITTED: 7},
    ("DUK-21", 2016): {MEMBERS: 98, ADMITTED: 8},
    ("DUK-31", 2015): {MEMBERS: 96, ADMITTED: 20},
    ("DUK-31", 2016): {MEMBERS: 96.5, ADMITTED: 20},
    ("DUK-41", 2016): {MEMBERS: 100, ADMITTED: 1},
}
