"""What waits on the day of loading: cases, scans, temporary stays, transfers on their way, a round of badges.

The invented world ends with 2015; without this the pages of daily work would be empty. It is recorded by the services,
by the demonstration's own users, with days reckoned from the day of loading.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

from django.utils import timezone

from members import audit
from members.badges.forecast import award_days, proposed_for
from members.badges.services import decide, leave_out, open_round
from members.models import Admission, AdmissionCase, Document, DocumentKind, Membership, Movement, Organisation, User
from members.models.movements import MovementKind
from members.months import add_months
from members.movements.services import record_movement
from members.partial_dates import PartialDate
from members.services import add_documents, withdraw_document
from reviews.demo.accounts import GRASSROOTS_CODE
from reviews.demo.cases import SEED, Cases
from reviews.demo.organisations import ROOT_CODE
from reviews.demo.scans import make_scan

# The papers of a case as they come in, and with which step at the latest.
PAPERS = (
    ("class_certificate", "candidate_class"),
    ("application", "application"),
    ("candidate_history", "application"),
    ("sponsor_letter", "introduction"),
    ("history_checks", "vetting"),
    ("opinions", "opinions"),
    ("cell_resolution", "cell_resolution"),
)
MOST_PEOPLE = 9
FORGOTTEN = 4
# Temporary stays: months since they began, days until the granted time ends, and where.
STAYS = (
    (11, 12, "Đảng bộ huyện Phú Lâm", False),
    (7, -20, "Đảng bộ phường Đông Môn", False),
    (14, 290, "Đảng bộ Học viện Chính trị khu vực", True),
    (2, 110, "Đảng bộ xã Đức Tri", False),
)
# Transfers out whose answer is awaited, by how many days ago.
TRANSFERS = ((95, "Đảng bộ huyện Lộc Sơn"), (12, "Đảng bộ thành phố Sơn Nam"))


def fill() -> None:
    """Record all of it."""
    today = timezone.localdate()
    office, grassroots = User.objects.get(username="vanphong"), User.objects.get(username="coso")
    _recognise(today, office)
    cases = Cases(today, office, grassroots).make()
    _scan(cases, office)
    _lend(today, office, grassroots)
    _propose_badges(today, office)


def _recognise(today: dt.date, by: User) -> None:
    """Those whom 2015 left on probation became official a year after their ceremony, but for a few forgotten ones."""
    waiting = Membership.objects.probationary(on=today)
    rows = Admission.objects.filter(memberships__in=waiting, official_on=None).order_by("decided_on", "pk").distinct()
    admissions = list(rows)[:-FORGOTTEN]
    for number, admission in enumerate(admissions, 1):
        began = admission.ceremony or admission.decided
        if began is not None:
            admission.official_on = add_months(began.first_day, 12)
            admission.official_decision_number = f"{number}-QĐCT/ĐUK"
    with audit.event(by=by, note="Ghi ngày chính thức theo quyết định công nhận"):
        Admission.objects.bulk_update(admissions, ["official_on", "official_decision_number"], batch_size=500)


def _scan(cases: list[AdmissionCase], by: User) -> None:
    """Some of the papers of the cases that got furthest before a decision, one of which was the wrong one."""
    rng = Random(SEED)
    kinds = {kind.code: kind for kind in DocumentKind.objects.filter(code__in=[code for code, _ in PAPERS])}
    added: list[Document] = []
    for case in [case for case in cases if case.admission_id is None][:MOST_PEOPLE]:
        done = {step.stage.code: step for step in case.steps.live().select_related("stage")}
        for code, step in PAPERS:
            if step in done and rng.random() < 0.8:
                like = Document(kind=kinds[code], dated_on=done[step].done_on, page_count=1)
                scan = make_scan(rng, f"{code}-{case.person.file_number}", as_picture=code == "class_certificate")
                added += add_documents(person=case.person, files=[scan], like=like, by=by)
    withdraw_document(document=added[-1], reason="Quét thiếu trang thứ hai", by=by)


def _lend(today: dt.date, office: User, grassroots: User) -> None:
    """Temporary stays, transfers out that wait for an answer, and a move that waits for the unit that receives."""
    rng = Random(SEED)
    members = _ordinary_members(today)
    own = [stay for stay in members if stay.organisation.code.startswith(GRASSROOTS_CODE)]
    others = [stay for stay in members if stay not in own]
    for number, (months, days_left, place, is_study) in enumerate(STAYS):
        movement = _movement(own.pop() if number % 2 else others.pop(), MovementKind.TEMPORARY, rng)
        movement.happened, movement.to_place = PartialDate(add_months(today, -months)), place
        movement.until_on, movement.is_study = today + dt.timedelta(days=days_left), is_study
        record_movement(movement=movement, by=office)
    for ago, place in TRANSFERS:
        movement = _movement(others.pop(), MovementKind.TRANSFER_OUT, rng)
        movement.happened, movement.to_place = PartialDate(today - dt.timedelta(days=ago)), place
        record_movement(movement=movement, by=office)
    movement = _movement(own.pop(), MovementKind.MOVE, rng)
    movement.happened, movement.to_organisation = PartialDate(today - dt.timedelta(days=9)), others.pop().organisation
    record_movement(movement=movement, by=grassroots)


def _ordinary_members(today: dt.date) -> list[Membership]:
    """Official members who hold no post, helped nobody, have no case and are not exempt, the youngest last."""
    rows = (
        Membership.objects.on(today)
        .official(on=today)
        .filter(
            person__exemptions__isnull=True,
            person__committee_posts__isnull=True,
            person__helped_cases__isnull=True,
            person__admission_cases__isnull=True,
        )
    )
    return list(rows.select_related("person", "organisation").order_by("person__born_on", "person__file_number"))


def _movement(stay: Membership, kind: str, rng: Random) -> Movement:
    return Movement(person=stay.person, kind=kind, letter_number=f"{rng.randint(10, 99)}-GGT/ĐUK")


def _propose_badges(today: dt.date, by: User) -> None:
    """The lists of the two units with most people due on the next award day: one in the making, one decided."""
    award_on = award_days(today + dt.timedelta(days=1), add_months(today, 12))[0]
    root = Organisation.objects.get(code=ROOT_CODE)
    due = proposed_for(root, award_on, today=today, user=by)
    # The second key of a path is the unit right below the root.
    units = Counter(one.stay.organisation.path.split("/")[1] for one in due)
    making, decided = (
        open_round(organisation=Organisation.objects.get(pk=key), award_on=award_on, by=by)
        for key, _ in units.most_common(2)
    )
    leave_out(proposal=making.proposals.all()[0], reason="Xin lùi sang đợt sau để dự cùng chi bộ", by=by)
    decide(round=decided, decided_on=today, decision_number="15-QĐ/ĐUK", by=by)
