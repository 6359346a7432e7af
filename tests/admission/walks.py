"""Steps of cases for the tests, recorded as an office records them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from members.admission.pipeline import Pipeline
from members.admission.services import open_case, record_step
from members.models import AdmissionCase, AdmissionStage, CaseStep, Organisation, Person, User
from members.partial_dates import parse
from tests.builders import make_person

# A vote that carries whatever majority is asked.
BALLOT = {"entitled": 12, "present": 11, "in_favour": 11}
# The way up to recognition, with days of 2015 and 2016.
CONSIDERATION = (
    ("helpers", "10/01/2015"),
    ("candidate_class", "20/01/2015"),
    ("application", "02/02/2015"),
    ("introduction", "09/02/2015"),
    ("vetting", "27/02/2015"),
    ("opinions", "02/03/2015"),
    ("cell_resolution", "05/03/2015"),
    ("committee_proposal", "12/03/2015"),
    ("appraisal", "20/03/2015"),
    ("decision", "26/03/2015"),
)
PROBATION = (
    ("ceremony", "10/04/2015"),
    ("member_file", "20/04/2015"),
    ("new_member_class", "10/09/2015"),
    ("probation", "12/04/2016"),
    ("official_proposal", "20/04/2016"),
    ("official_committee_proposal", "25/04/2016"),
    ("official_decision", "16/05/2016"),
)


def candidate(organisation: Organisation, name: str = "Nguyễn Thị Mới", **fields: Any) -> Person:
    """A candidate of thirty whom the organisation follows."""
    values = {"born_on": dt.date(1985, 6, 1), "general_education": "12/12", "sex": "female"} | fields
    return make_person(name, followed_by=organisation, **values)


def opened(
    organisation: Organisation, name: str = "Nguyễn Thị Mới", on: str = "2015-01-05", **fields: Any
) -> AdmissionCase:
    """The case of a new candidate, of which no step is taken yet."""
    return open_case(person=candidate(organisation, name, **fields), on=dt.date.fromisoformat(on), by=None)


def stage(code: str) -> AdmissionStage:
    return Pipeline.load().stage(code)  # type: ignore[return-value]


def take(
    case: AdmissionCase, code: str, on: str, *, by: User | None = None, is_confirmed: bool = True, **fields: Any
) -> CaseStep:
    """Record a step of that day, typed as on paper; votes carry unless they are given."""
    kept = {name: fields.pop(name) for name in ("helpers", "seen") if name in fields}
    found = stage(code)
    values = {"number": f"{code[:4]}-{on[:2]}"} if found.has_number else {}
    values |= BALLOT if found.has_vote else {}
    step = CaseStep(case=case, stage=found, **(values | fields))
    step.done = parse(on)
    return record_step(case=case, step=step, is_confirmed=is_confirmed, by=by, **kept)


def walk(case: AdmissionCase, upto: str, by: User | None = None) -> AdmissionCase:
    """Record all steps up to the one of that code, which is recorded too."""
    for code, on in (*CONSIDERATION, *PROBATION):
        if not case.steps.live().filter(stage__code=code).exists():
            take(case, code, on, by=by)
        if code == upto:
            break
    case.refresh_from_db()
    return case
