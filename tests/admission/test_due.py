"""By when a case has to take its next step, and what follows when rules or days off change."""

import datetime as dt

import pytest

from members.admission.judging import grade_reached
from members.admission.keeping import refresh_cases
from members.models import AdmissionCase, AdmissionDeadline, Holiday
from tests.admission.walks import opened, take, walk
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def due(case):
    case.refresh_from_db()
    return (case.due_stage.code, str(case.due_on)) if case.due_stage else None


def test_nothing_is_due_before_the_proposal_reaches_who_decides(cast):
    case = walk(opened(cast.a_cell_1), "cell_resolution")
    assert due(case) is None


def walked(case: AdmissionCase, year: int, upto: str) -> AdmissionCase:
    """The steps before the decision, all on the second of March of that year."""
    for code in ("helpers", "candidate_class", "application", "introduction", "vetting", "opinions"):
        take(case, code, f"02/03/{year}")
    for code in ("cell_resolution", "committee_proposal", "appraisal", "decision"):
        if code == "committee_proposal" and case.organisation.code == "B":
            continue
        take(case, code, f"02/03/{year}")
        if code == upto:
            break
    case.refresh_from_db()
    return case


def test_decision_is_due_in_working_days_by_the_rule_of_that_day(cast):
    """60 working days from 2 March 2017; off are Giỗ Tổ on 6 April, 1 May, and 2 May in lieu of 30 April."""
    case = walked(opened(cast.a_cell_1, on="2017-03-02"), 2017, "committee_proposal")
    assert due(case) == ("decision", "2017-05-30")
    assert case.due_rule.starts_on == dt.date(2016, 7, 25)
    assert case.is_due_sure


def test_time_runs_from_receipt_where_the_rule_says_so(cast):
    case = walked(opened(cast.a_cell_1, on="2017-03-02"), 2017, "cell_resolution")
    take(case, "committee_proposal", "02/03/2017", received_on=dt.date(2017, 3, 9))
    assert due(case) == ("decision", "2017-06-06")


def test_ceremony_runs_from_issue_once_the_rule_changed(cast):
    case = walked(opened(cast.a_cell_1, on="2017-03-02"), 2017, "appraisal")
    take(case, "decision", "03/04/2017", received_on=dt.date(2017, 4, 10))
    by_receipt = due(case)
    AdmissionDeadline.objects.filter(step="ceremony").update(counts_from_receipt=False)
    assert refresh_cases() == 1
    by_issue = due(case)
    assert by_receipt > by_issue


def test_cell_that_is_grassroots_itself_counts_from_its_own_resolution(cast):
    case = walked(opened(cast.b, on="2017-03-02"), 2017, "cell_resolution")
    assert due(case) == ("decision", "2017-05-30")


def test_recognition_is_due_after_probation_ends(cast):
    case = walk(opened(cast.a_cell_1), "ceremony")
    assert case.probation_until == dt.date(2016, 4, 10)
    walk(case, "new_member_class")
    assert due(case)[0] == "official_proposal"
    walk(case, "official_committee_proposal")
    assert due(case)[0] == "official_decision"


def test_new_day_off_moves_what_is_due(cast):
    case = walked(opened(cast.a_cell_1, on="2017-03-02"), 2017, "committee_proposal")
    Holiday.objects.create(
        first_on=dt.date(2017, 3, 20),
        last_on=dt.date(2017, 3, 20),
        name="Nghỉ bù",
        source="Thông báo",
        confidence="verified",
    )
    assert refresh_cases() == 1
    assert due(case) == ("decision", "2017-05-31")
    assert refresh_cases() == 0


def test_day_off_that_is_entered_in_the_administration_moves_it_too(cast: Cast, client_of):
    case = walked(opened(cast.a_cell_1, on="2017-03-02"), 2017, "committee_proposal")
    typed = {"first_on": "20/03/2017", "last_on": "20/03/2017", "name": "Nghỉ bù", "source": "Thông báo"}
    sent = client_of(cast.office).post("/quan-tri/members/holiday/add/", typed | {"confidence": "verified"})
    assert sent.status_code == 302
    assert due(case) == ("decision", "2017-05-31")


def test_late_cases_are_those_due_before_the_day(cast):
    case = walked(opened(cast.a_cell_1, on="2017-03-02"), 2017, "committee_proposal")
    assert not AdmissionCase.objects.late(on=dt.date(2017, 5, 30)).exists()
    assert AdmissionCase.objects.late(on=dt.date(2017, 5, 31)).get() == case


@pytest.mark.parametrize(
    ("text", "grade"),
    [("12/12", 12), ("9/12", 9), ("7/10", 9), ("10/10", 12), ("Lớp 8", 8), ("THPT", None), ("", None), (" 8 / 12 ", 8)],
)
def test_grade_is_told_by_the_school_system(text, grade):
    assert grade_reached(text) == grade
