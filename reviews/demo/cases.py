"""People on their way into the Party on the day of loading: cases at every step, some late, sent back or stopped.

Everything is recorded by the services, as an office records it. People whose case leads to a decision are invented on
top of the candidates, so that the years up to 2015 and the number of candidates stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from django.db.models import Max

from members.admission import ending, services
from members.admission.keeping import write_remark
from members.admission.pipeline import Pipeline
from members.models import (
    AdmissionCase,
    AdmissionStage,
    CaseHelper,
    CaseStep,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    ProbationRemark,
    User,
)
from members.models.admission_stages import StageActor, StageEffect
from members.models.people import Sex
from members.months import add_months
from members.partial_dates import PartialDate
from members.services import add_candidate
from members.services.stays import admit
from reviews.demo.names import make_home_town, make_name, make_residence
from reviews.demo.training import CODES, NAMES, SCHOOL
from training.models import Enrolment, Programme, Result, TrainingClass

# The steps in order, each with the days that went by since the one before.
GAPS = (
    ("helpers", 0), ("candidate_class", 45), ("application", 10), ("introduction", 10), ("vetting", 20),
    ("opinions", 10), ("cell_resolution", 7), ("committee_proposal", 10), ("appraisal", 12), ("decision", 10),
    ("ceremony", 14), ("member_file", 14), ("new_member_class", 90), ("probation", 265), ("official_proposal", 12),
    ("official_committee_proposal", 8), ("official_decision", 20),
)  # fmt: skip
CODES_IN_ORDER = [code for code, _ in GAPS]
# The last step that was taken ("" for none) and how many days ago; the order is that of the people who get them.
PLANS = (
    ("", 6), ("committee_proposal", 104), ("ceremony", 5), ("helpers", 12), ("vetting", 9), ("appraisal", 15),
    ("ceremony", 70), ("candidate_class", 20), ("", 40), ("decision", 8), ("opinions", 4), ("cell_resolution", 11),
    ("application", 16), ("decision", 62), ("introduction", 7), ("committee_proposal", 3), ("member_file", 30),
    ("helpers", 60), ("new_member_class", 150), ("vetting", 25), ("opinions", 30), ("new_member_class", 275),
    ("cell_resolution", 45), ("probation", 6), ("candidate_class", 8), ("official_proposal", 10),
    ("appraisal", 100), ("official_committee_proposal", 62), ("application", 35), ("official_decision", 9),
)  # fmt: skip
# Two more: one that was sent back, one that was stopped.
SENT_BACK, STOPPED = ("committee_proposal", 20), ("introduction", 50)
# How many may vote in the committees, and when the class was that all of them passed.
OF_GRASSROOTS, OF_OFFICE = 9, 15
CLASS_MONTHS_AGO, CLASS_DAYS = 23, 4
SEED = 2026
NUMBERS_APART = 7
REMARK = "Chấp hành tốt phân công của chi bộ, tích cực học tập, giữ gìn đạo đức, lối sống."


class Host(NamedTuple):
    """A cell that may admit: who may vote in it and who may help."""

    organisation: Organisation
    voters: int
    helpers: list[Person]


class Cases:
    """Opens the cases and takes their steps, as of `today`."""

    def __init__(self, today: dt.date, office: User, grassroots: User) -> None:
        self.today = today
        self.office, self.grassroots = office, grassroots
        self.own = grassroots.role_assignments.get().organisation
        self.rng = Random(SEED)
        self.pipeline = Pipeline.load()
        self.hosts = {host.organisation.pk: host for host in _hosts(today)}
        self.last_number = int(Person.objects.aggregate(last=Max("file_number"))["last"])
        self.opened: list[AdmissionCase] = []

    def make(self) -> list[AdmissionCase]:
        """All cases, in the order of PLANS, then the one sent back and the one stopped."""
        people = self._people()
        self._train([person for person, (upto, _) in people if _reaches(upto, "candidate_class")])
        for person, (upto, since) in people:
            self.opened.append(self._walked(person, upto, since))
        back, stopped = self.opened[-2:]
        services.send_back(
            case=back,
            to=self._stage("vetting"),
            on=self._weekday(8),
            reason="Thiếu xác nhận của nơi cư trú trước đây trong văn bản thẩm tra lý lịch",
            pipeline=self.pipeline,
            by=self.office,
        )
        reason = "Người xin vào Đảng đã chuyển công tác ra ngoài tỉnh"
        ending.stop_case(case=stopped, on=self._weekday(14), reason=reason, by=self.office)
        return self.opened

    # People

    def _people(self) -> list[tuple[Person, tuple[str, int]]]:
        """Whose case goes how far: every other one is of the unit that has an account of its own."""
        plans = [*PLANS, SENT_BACK, STOPPED]
        known = Person.objects.candidates().filter(followed_by__in=self.hosts, general_education="12/12")
        waiting = list(known.select_related("followed_by").order_by("-born_on", "file_number"))
        own = [person for person in waiting if person.followed_by.path.startswith(self.own.path)]
        others = [person for person in waiting if person not in own]
        found = []
        for number, plan in enumerate(plans):
            queue = own if number % 2 and own else others
            person = queue.pop(0)
            found.append((self._newcomer(person) if _reaches(plan[0], "decision") else person, plan))
        return found

    def _newcomer(self, like: Person) -> Person:
        """Somebody of about thirty whom the cell of a candidate follows too."""
        self.last_number += NUMBERS_APART
        sex = self.rng.choice((Sex.MALE, Sex.FEMALE))
        born_on = self.today - dt.timedelta(days=self.rng.randint(24 * 366, 34 * 365))
        person = Person(
            file_number=f"{self.last_number:010}",
            full_name=make_name(self.rng, sex),
            sex=sex,
            born_on=born_on,
            ethnicity="Kinh",
            religion="Không",
            home_town=make_home_town(self.rng),
            residence=make_residence(self.rng),
            occupation=like.occupation,
            general_education="12/12",
            professional_education=like.professional_education,
            followed_by=like.followed_by,
        )
        return add_candidate(person=person, by=self.office)

    def _train(self, people: list[Person]) -> None:
        """The class that all of them passed."""
        opens_on = _on_weekday(add_months(self.today, -CLASS_MONTHS_AGO))
        closes_on = opens_on + dt.timedelta(days=CLASS_DAYS)
        kind = "candidate"
        held = TrainingClass.objects.create(
            code=f"{CODES[kind]}-{opens_on.year}-01",
            name=f"{NAMES[kind]} khóa 1 năm {opens_on.year}",
            programme=Programme.objects.get(code=kind),
            provider=SCHOOL,
            opens_on=opens_on,
            closes_on=closes_on,
        )
        self.certificate_on = closes_on
        Enrolment.objects.bulk_create(
            Enrolment(
                training_class=held,
                person=person,
                result=Result.PASSED,
                certificate_number=f"{number:03}/{opens_on.year}",
                certificate_issued_on=closes_on,
            )
            for number, person in enumerate(people, start=1)
        )

    # Steps

    def _walked(self, person: Person, upto: str, since: int) -> AdmissionCase:
        """The case of a person of which the steps up to that one are taken, the last so many days ago.

        All but the longest one of those admitted are opened after the decision, as an office begins with the program.
        """
        days = _days_of(upto, since)
        if "decision" in days and upto != CODES_IN_ORDER[-1]:
            day = self._weekday(days["decision"])
            admit(
                person=person, organisation=self._place(person), on=day, decision_number=f"{day:%j}-QĐKN/ĐUK", by=None
            )
            days = {code: ago for code, ago in days.items() if ago < days["decision"]}
        opened_on = self._weekday(max(days.values(), default=since) + 5)
        case = services.open_case(person=person, on=opened_on, by=self._clerk(person), pipeline=self.pipeline)
        for code, ago in days.items():
            stage = self._stage(code)
            if stage.below_committee_only and case.organisation.kind == OrganisationKind.GRASSROOTS_CELL:
                continue
            if stage.effect == StageEffect.PROBATION:
                self._remark(case, ago)
            self._take(case, stage, self.certificate_on if code == "candidate_class" else self._weekday(ago))
        case.refresh_from_db()
        return case

    def _take(self, case: AdmissionCase, stage: AdmissionStage, day: dt.date) -> None:
        number = f"{case.pk % 90 + 10}-{stage.position}" if stage.has_number else ""
        step = CaseStep(case=case, stage=stage, number=number, **self._ballot(case, stage))
        step.done = PartialDate(day)
        helpers = self._helpers(case) if stage.effect == StageEffect.HELPERS else []
        by = self.office if stage.actor == StageActor.OFFICE else self._clerk(case.person)
        services.record_step(case=case, step=step, helpers=helpers, is_confirmed=True, pipeline=self.pipeline, by=by)

    def _ballot(self, case: AdmissionCase, stage: AdmissionStage) -> dict[str, int]:
        if not stage.has_vote:
            return {}
        of_committee = {StageActor.GRASSROOTS: OF_GRASSROOTS, StageActor.OFFICE: OF_OFFICE}
        entitled = of_committee.get(StageActor(stage.actor)) or self.hosts[case.organisation_id].voters
        present = entitled - entitled // 10
        return {"entitled": entitled, "present": present, "in_favour": present}

    def _helpers(self, case: AdmissionCase) -> list[CaseHelper]:
        helpers = self.hosts[case.organisation_id].helpers
        first = case.pk % (len(helpers) - 1)
        return [CaseHelper(member=member) for member in helpers[first : first + 2]]

    def _remark(self, case: AdmissionCase, ago: int) -> None:
        """What was said of the person in each of the four quarters before."""
        case.refresh_from_db()
        helper = case.helpers.first()
        for months in range(9, -1, -3):
            day = add_months(self.today - dt.timedelta(days=ago), -months)
            remark = ProbationRemark(case=case, year=day.year, quarter=(day.month + 2) // 3, helper=helper)
            remark.remarked_on, remark.text = day, REMARK
            write_remark(remark=remark, by=self._clerk(case.person))

    # Words of all

    def _clerk(self, person: Person) -> User:
        """Who keeps the file: the unit's own staff where it has an account, else the office."""
        return self.grassroots if self._place(person).path.startswith(self.own.path) else self.office

    def _place(self, person: Person) -> Organisation:
        """The cell that follows or has admitted them."""
        return person.followed_by or person.memberships.get().organisation

    def _stage(self, code: str) -> AdmissionStage:
        return next(stage for stage in self.pipeline.stages if stage.code == code)

    def _weekday(self, ago: int) -> dt.date:
        return _on_weekday(self.today - dt.timedelta(days=ago))


def _on_weekday(day: dt.date) -> dt.date:
    """The day, or the Friday before."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _reaches(upto: str, code: str) -> bool:
    return bool(upto) and CODES_IN_ORDER.index(upto) >= CODES_IN_ORDER.index(code)


def _days_of(upto: str, since: int) -> dict[str, int]:
    """The steps up to that one, in order, with how many days ago each was taken."""
    days, ago = {}, since
    for code, gap in reversed(GAPS[: CODES_IN_ORDER.index(upto) + 1] if upto else ()):
        days[code] = ago
        ago += gap
    return dict(reversed(days.items()))


def _hosts(today: dt.date) -> Iterator[Host]:
    """Cells with at least five official members who are not exempt, and have been there for two years."""
    rows = Membership.objects.on(today).official(on=today).filter(person__exemptions__isnull=True)
    rows = rows.filter(began_on__lte=add_months(today, -24)).select_related("person", "organisation")
    by_cell: dict[Any, list[Person]] = defaultdict(list)
    for stay in rows.order_by("organisation__code", "person__file_number"):
        by_cell[stay.organisation].append(stay.person)
    return (Host(cell, len(people), people[:6]) for cell, people in by_cell.items() if len(people) >= 5)
