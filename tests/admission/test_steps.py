"""The way from quần chúng to đảng viên chính thức, step by step, and back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.admission import ending, services
from members.admission.pipeline import Pipeline
from members.models import (
    Admission,
    AdmissionCase,
    AdmissionStage,
    AuditEvent,
    CaseHelper,
    CaseStep,
    Membership,
    Movement,
)
from members.movements.services import record_movement
from members.partial_dates import PartialDate
from members.services import change_person, record_move
from reviews.scope import Scope
from reviews.summary import Summary
from tests.admission.walks import candidate, opened, stage, take, walk
from tests.builders import make_class, make_enrolment, make_member, make_stay

pytestmark = pytest.mark.django_db


def figures(cast, year):
    summary = Summary(Scope(cast.root, year, cast.leader))
    codes = ("admission.decided", "admission.confirmed", "members.total", "members.official", "members.probationary")
    return [summary.number(code).count for code in codes]


def refusal(excinfo):
    return " ".join(excinfo.value.messages)


def test_whole_way_moves_the_figures_of_the_years(cast):
    case = opened(cast.a_cell_1)
    assert case.stage.code == "helpers"
    walk(case, "appraisal", by=cast.office)
    assert figures(cast, 2015) == [0, 0, 0, 0, 0]
    walk(case, "decision", by=cast.office)
    assert (case.state, case.stage.code) == ("admitted", "ceremony")
    assert case.admission.decision_number == "deci-26"
    assert figures(cast, 2015) == [1, 0, 1, 0, 1]
    walk(case, "official_decision", by=cast.office)
    assert (case.state, case.stage, case.due_on) == ("recognised", None, None)
    case.admission.refresh_from_db()
    assert (str(case.admission.ceremony), str(case.admission.official)) == ("10/04/2015", "10/04/2016")
    assert figures(cast, 2015) == [1, 0, 1, 0, 1]
    assert figures(cast, 2016) == [0, 1, 1, 1, 0]


def test_official_date_is_the_end_of_probation_even_if_decided_late(cast):
    case = walk(opened(cast.a_cell_1), "official_committee_proposal")
    take(case, "official_decision", "05/12/2017")
    case.refresh_from_db()
    assert str(case.admission.official) == "10/04/2016"
    step = case.steps.get(stage__code="official_decision")
    assert step.was_late
    waited_for = case.steps.get(stage__code="probation")
    assert (str(waited_for.done), waited_for.was_late) == ("12/04/2016", False)


def test_cell_that_is_grassroots_itself_has_no_committee_proposal(cast):
    case = opened(cast.b)
    walk_codes = [place.stage.code for place in Pipeline.load().way(case, []).places]
    assert "committee_proposal" not in walk_codes
    assert "decision" in walk_codes


def test_steps_between_two_that_close_are_recorded_in_any_order(cast):
    case = opened(cast.a_cell_1)
    take(case, "opinions", "02/02/2015")
    case.refresh_from_db()
    assert case.stage.code == "helpers"
    with pytest.raises(ValidationError, match="Còn bước “Phân công người giúp đỡ” chưa xong"):
        take(case, "cell_resolution", "05/02/2015")


def test_step_is_recorded_once(cast):
    case = walk(opened(cast.a_cell_1), "helpers")
    with pytest.raises(ValidationError, match="đã được ghi"):
        take(case, "helpers", "11/01/2015")


def test_step_is_not_before_the_last_one_that_closed_nor_in_the_future(cast):
    case = walk(opened(cast.a_cell_1), "cell_resolution")
    with pytest.raises(ValidationError, match="Không thể trước bước “Nghị quyết của chi bộ"):
        take(case, "committee_proposal", "04/03/2015")
    with pytest.raises(ValidationError, match="tương lai"):
        take(case, "committee_proposal", "04/03/2095")


def test_nobody_is_admitted_twice_at_one_time(cast):
    case = walk(opened(cast.a_cell_1), "appraisal")
    make_stay(case.person, cast.b, "2015-01-01")
    with pytest.raises(ValidationError, match="đang sinh hoạt ở tổ chức khác"):
        take(case, "decision", "26/03/2015")
    case.refresh_from_db()
    assert case.state == "running"
    assert not case.steps.filter(stage__code="decision").exists()


# Warnings


def test_unverified_majority_warns_and_is_confirmed(cast):
    case = walk(opened(cast.a_cell_1), "opinions")
    few = {"entitled": 12, "present": 10, "in_favour": 7, "against": 3}
    with pytest.raises(ValidationError) as found:
        take(case, "cell_resolution", "05/03/2015", is_confirmed=False, **few)
    assert "Tán thành 7/12, chưa đạt từ 2/3 trở lên" in refusal(found)
    assert "cần ít nhất 8" in refusal(found)
    step = take(case, "cell_resolution", "05/03/2015", **few)
    assert "Tán thành 7/12" in step.warnings


def test_verified_majority_refuses(cast):
    AdmissionStage.objects.filter(code="cell_resolution").update(confidence="verified")
    case = walk(opened(cast.a_cell_1), "opinions")
    with pytest.raises(ValidationError, match="hãy trả lại hoặc dừng xét"):
        take(case, "cell_resolution", "05/03/2015", entitled=12, present=10, in_favour=7, against=3)


def test_age_and_education_warn(cast):
    person = {"born_on": dt.date(1999, 1, 1), "general_education": "7/12"}
    case = walk(opened(cast.a_cell_1, **person), "opinions")
    with pytest.raises(ValidationError) as found:
        take(case, "cell_resolution", "05/03/2015", is_confirmed=False)
    assert "Chưa đủ 18 tuổi" in refusal(found)
    assert "chưa hết lớp 9" in refusal(found)


def test_class_that_nobody_entered_warns_and_one_passed_does_not(cast):
    case = walk(opened(cast.a_cell_1), "helpers")
    with pytest.raises(ValidationError, match="Chưa thấy người này đạt lớp"):
        take(case, "candidate_class", "20/01/2015", is_confirmed=False)
    make_enrolment(make_class("candidate", "2015-01-12"), case.person, result="passed")
    take(case, "candidate_class", "20/01/2015", is_confirmed=False)


def test_expired_certificate_warns(cast):
    case = opened(cast.a_cell_1, on="2017-01-05")
    take(case, "helpers", "10/01/2017")
    take(case, "candidate_class", "20/01/2017")
    case.refresh_from_db()
    assert case.certificate_until == dt.date(2022, 1, 20)
    for code in ("application", "introduction", "vetting", "opinions"):
        take(case, code, "02/02/2017")
    with pytest.raises(ValidationError, match="hết giá trị ngày 20/01/2022"):
        take(case, "cell_resolution", "05/03/2022", is_confirmed=False)


def test_helper_must_be_official_and_of_the_cell(cast):
    helper = make_member(cast.a_cell_1, "Lê Văn Giúp", "2005-03-01")
    stranger = make_member(cast.a_cell_2, "Lê Văn Xa", "2005-03-01")
    case = opened(cast.a_cell_1)
    pair = [CaseHelper(member=helper), CaseHelper(member=stranger)]
    with pytest.raises(ValidationError, match="Lê Văn Xa không cùng sinh hoạt"):
        take(case, "helpers", "10/01/2015", helpers=pair, is_confirmed=False)
    take(case, "helpers", "10/01/2015", helpers=[CaseHelper(member=helper), CaseHelper(member=stranger)])
    assert [str(one.since) for one in case.helpers.all()] == ["2015-01-10", "2015-01-10"]


# Sending back


def test_sent_back_case_does_the_steps_since_again_and_keeps_their_history(cast):
    case = walk(opened(cast.a_cell_1), "committee_proposal")
    back = services.send_back(
        case=case, to=stage("vetting"), on=dt.date(2015, 3, 18), reason="Thiếu xác minh bên vợ", by=cast.office
    )
    case.refresh_from_db()
    assert (case.stage.code, back.stage.code) == ("vetting", "appraisal")
    assert set(case.steps.filter(state="replaced").values_list("stage__code", flat=True)) == {
        "vetting",
        "opinions",
        "cell_resolution",
        "committee_proposal",
    }
    assert AuditEvent.objects.latest("sequence").reason == "Thiếu xác minh bên vợ"
    for code, on in (("vetting", "20/03/2015"), ("opinions", "21/03/2015"), ("cell_resolution", "23/03/2015")):
        take(case, code, on)
    case.refresh_from_db()
    assert case.stage.code == "committee_proposal"


def test_sent_back_case_may_keep_what_was_done_between(cast):
    case = walk(opened(cast.a_cell_1), "appraisal")
    services.send_back(
        case=case, to=stage("application"), on=dt.date(2015, 3, 22), reason="Sửa lý lịch", keeps_between=True, by=None
    )
    case.refresh_from_db()
    assert case.stage.code == "application"
    take(case, "application", "23/03/2015")
    case.refresh_from_db()
    assert case.stage.code == "decision"


def test_case_is_not_sent_back_behind_the_decision(cast):
    case = walk(opened(cast.a_cell_1), "decision")
    with pytest.raises(ValidationError, match="sau quyết định gần nhất"):
        services.send_back(case=case, to=stage("vetting"), on=dt.date(2015, 4, 1), reason="Nhầm", by=None)


# Taking back


def test_undone_decision_leaves_no_entry_but_its_trace(cast):
    case = walk(opened(cast.a_cell_1), "decision")
    before = figures(cast, 2015)
    services.undo_last(case=case, reason="Ghi nhầm người", by=cast.office)
    case.refresh_from_db()
    assert (case.state, case.admission, case.stage.code) == ("running", None, "decision")
    assert (before, figures(cast, 2015)) == ([1, 0, 1, 0, 1], [0, 0, 0, 0, 0])
    assert (Admission.objects.count(), Membership.objects.count()) == (0, 0)
    undone = case.steps.get(stage__code="decision")
    assert (undone.state, undone.reason) == ("undone", "Ghi nhầm người")
    assert AuditEvent.objects.latest("sequence").reason == "Ghi nhầm người"
    walk(case, "decision")
    assert case.state == "admitted"


def test_decision_that_something_builds_on_is_not_undone(cast):
    case = walk(opened(cast.a_cell_1), "decision")
    record_move(person=case.person, to=cast.b, on=dt.date(2015, 6, 1), by=None)
    with pytest.raises(ValidationError, match="ghi thêm việc khác"):
        services.undo_last(case=case, reason="Nhầm", by=None)
    case.refresh_from_db()
    assert case.state == "admitted"


def test_every_step_can_be_undone_back_to_the_beginning(cast):
    case = walk(opened(cast.a_cell_1), "official_decision")
    for _ in range(case.steps.count()):
        services.undo_last(case=case, reason="Thử", by=None)
    case.refresh_from_db()
    assert (case.state, case.stage.code, case.steps.live().count()) == ("running", "helpers", 0)
    with pytest.raises(ValidationError, match="không có bước nào"):
        services.undo_last(case=case, reason="Thử", by=None)


def test_undone_sending_back_restores_the_steps(cast):
    case = walk(opened(cast.a_cell_1), "appraisal")
    services.send_back(case=case, to=stage("vetting"), on=dt.date(2015, 3, 22), reason="Thiếu", by=None)
    services.undo_last(case=case, reason="Trả nhầm hồ sơ", by=None)
    case.refresh_from_db()
    assert case.stage.code == "decision"
    assert case.steps.filter(state="replaced").count() == 0


def test_reason_is_asked_for(cast):
    case = walk(opened(cast.a_cell_1), "helpers")
    for refused in (
        lambda: services.undo_last(case=case, reason=" ", by=None),
        lambda: services.send_back(case=case, to=stage("helpers"), on=dt.date(2015, 2, 1), reason="", by=None),
        lambda: services.waive_step(case=case, stage=stage("application"), reason="", by=None),
        lambda: ending.stop_case(case=case, on=dt.date(2015, 2, 1), reason="", by=None),
    ):
        with pytest.raises(ValidationError, match="Hãy ghi lý do"):
            refused()


def test_case_that_somebody_wrote_meanwhile_is_not_written_over(cast):
    case = opened(cast.a_cell_1)
    seen = case.version
    take(case, "opinions", "02/02/2015")
    with pytest.raises(ValidationError, match="Người khác vừa ghi hồ sơ này"):
        take(case, "helpers", "10/01/2015", seen=seen)


# The end


def test_waived_step_is_skipped_but_the_decision_can_not_be(cast):
    case = walk(opened(cast.a_cell_1), "helpers")
    services.waive_step(case=case, stage=stage("candidate_class"), reason="Kết nạp lại, đã có giấy", by=cast.office)
    case.refresh_from_db()
    assert case.stage.code == "application"
    walk(case, "appraisal")
    with pytest.raises(ValidationError, match="Không bỏ qua được"):
        services.waive_step(case=case, stage=stage("decision"), reason="Thử", by=None)


def test_stopped_case_is_opened_again(cast):
    case = walk(opened(cast.a_cell_1), "helpers")
    ending.stop_case(case=case, on=dt.date(2015, 2, 1), reason="Chuyển công tác", by=cast.grassroots_a)
    case.refresh_from_db()
    assert (case.state, case.stage) == ("stopped", None)
    with pytest.raises(ValidationError, match="đã kết thúc"):
        take(case, "application", "02/02/2015")
    ending.reopen_case(case=case, reason="Ở lại", by=cast.grassroots_a)
    case.refresh_from_db()
    assert (case.state, case.stage.code) == ("running", "candidate_class")


def test_removed_probationer_leaves_and_comes_back_when_it_was_a_mistake(cast):
    case = walk(opened(cast.a_cell_1), "ceremony")
    ending.remove_probationer(case=case, on=dt.date(2015, 11, 2), number="7-QĐ", reason="Bỏ sinh hoạt", by=cast.office)
    stay = Membership.objects.get()
    assert (stay.end_reason, stay.ended_on, stay.end_decision_number) == ("struck_off", dt.date(2015, 11, 2), "7-QĐ")
    assert figures(cast, 2015) == [1, 0, 0, 0, 0]
    assert Movement.objects.get().kind == "striking_off"
    case.refresh_from_db()
    ending.reopen_case(case=case, reason="Ghi nhầm người", by=cast.office)
    case.refresh_from_db()
    assert (case.state, case.stage.code) == ("admitted", "member_file")
    assert figures(cast, 2015) == [1, 0, 1, 0, 1]


def test_case_of_somebody_on_probation_who_moved_away_can_be_ended(cast):
    case = walk(opened(cast.a_cell_1), "ceremony")
    with pytest.raises(ValidationError, match="Chỉ dừng được"):
        ending.stop_case(case=case, on=dt.date(2015, 11, 2), reason="Chuyển đi", by=cast.office)
    leaving = Movement(person=case.person, kind="transfer_out", to_place="Đảng bộ tỉnh khác")
    leaving.happened = PartialDate(dt.date(2015, 10, 1))
    record_movement(movement=leaving, by=cast.office)
    ending.stop_case(case=case, on=dt.date(2015, 11, 2), reason="Chuyển đi", by=cast.grassroots_a)
    case.refresh_from_db()
    assert (case.state, case.stage) == ("stopped", None)


# Opening


def test_probationer_without_a_case_begins_after_what_is_on_record(cast):
    person = make_member(cast.a_cell_1, "Trần Dự Bị", "2015-05-04", is_official=False)
    case = services.open_case(person=person, on=dt.date(2015, 6, 1), by=cast.grassroots_a)
    assert (case.state, case.stage.code, case.organisation) == ("admitted", "ceremony", cast.a_cell_1)
    assert case.admission == person.admissions.get()
    assert case.steps.get(stage__code="decision").done_on == dt.date(2015, 5, 4)
    take(case, "ceremony", "01/06/2015")
    case.refresh_from_db()
    assert case.probation_until == dt.date(2016, 6, 1)
    with pytest.raises(ValidationError, match="một hồ sơ kết nạp chưa kết thúc"):
        services.open_case(person=person, on=dt.date(2015, 7, 1), by=None)


def test_official_member_needs_no_case(cast):
    with pytest.raises(ValidationError, match="đã là đảng viên chính thức"):
        services.open_case(person=make_member(cast.a), on=dt.date(2015, 6, 1), by=None)


# Who may


def test_each_step_is_recorded_where_it_is_done(cast):
    case = opened(cast.a_cell_1)
    walk(case, "committee_proposal", by=cast.grassroots_a)
    for user in (cast.grassroots_a, cast.grassroots_b, cast.leader, cast.inspector, cast.administrator):
        with pytest.raises(PermissionDenied):
            take(case, "appraisal", "20/03/2015", by=user)
    walk(case, "decision", by=cast.office)
    take(case, "ceremony", "10/04/2015", by=cast.grassroots_a)
    with pytest.raises(PermissionDenied):
        take(case, "member_file", "20/04/2015", by=cast.grassroots_b)
    with pytest.raises(PermissionDenied):
        ending.remove_probationer(case=case, on=dt.date(2015, 11, 2), reason="Thử", by=cast.grassroots_a)


def test_what_the_office_recorded_only_the_office_takes_back(cast):
    case = walk(opened(cast.a_cell_1), "decision")
    with pytest.raises(PermissionDenied):
        services.undo_last(case=case, reason="Nhầm", by=cast.grassroots_a)


def test_cases_are_seen_in_their_scope_only(cast):
    case = opened(cast.a_cell_1)
    take(case, "helpers", "10/01/2015", helpers=[CaseHelper(member=make_member(cast.a_cell_1))])
    for model in (AdmissionCase, CaseStep, CaseHelper):
        assert model.objects.visible_to(cast.grassroots_a).exists()
        assert model.objects.visible_to(cast.office).exists()
        assert not model.objects.visible_to(cast.grassroots_b).exists()
        assert not model.objects.visible_to(cast.administrator).exists()


def test_changed_file_of_the_person_does_not_touch_the_case(cast):
    person = candidate(cast.a_cell_1)
    case = services.open_case(person=person, on=dt.date(2015, 6, 1), by=None)
    person.occupation = "Chuyên viên"
    change_person(person=person, by=cast.grassroots_a)
    case.refresh_from_db()
    assert case.stage.code == "helpers"
