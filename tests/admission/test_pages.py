"""The board, the page of a case, its forms, and batches."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import AdmissionCase, AuditEvent, CaseHelper, CaseStep, Membership, ProbationRemark
from members.work.tasks import tasks_of
from tests.admission.walks import candidate, opened, stage, take, walk
from tests.builders import make_class, make_enrolment, make_member, make_person, make_stay
from tests.pages import get

pytestmark = pytest.mark.django_db

BOARD = reverse("admission_board")
BATCH = reverse("admission_batch")
VOTE = {"entitled": "15", "present": "15", "in_favour": "15"}


def text(response):
    return response.content.decode()


def address(name, case, *rest):
    return reverse(name, args=[case.pk, *rest])


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


# The board


def test_board_counts_by_step_and_names_who_is_late(cast, client_of):
    walk(opened(cast.a_cell_1, "Trần Thị Chậm"), "committee_proposal")
    walk(opened(cast.b, "Lê Văn Mới"), "helpers")
    client = client_of(cast.office)
    page = text(client.get(BOARD))
    assert "Trần Thị Chậm" in page
    assert "Lê Văn Mới" in page
    assert "<b>2</b> hồ sơ đang chờ" in page
    assert "quá hạn" in page
    late = text(client.get(BOARD, {"cham": "1"}))
    assert "Trần Thị Chậm" in late
    assert "Lê Văn Mới" not in late
    assert "Lê Văn Mới" in text(client.get(BOARD, {"buoc": "candidate_class"}))
    assert "Trần Thị Chậm" not in text(client.get(BOARD, {"to-chuc": "B"}))
    assert "Trần Thị Chậm" in text(client.get(BOARD, {"q": "tran thi cham"}))


def test_empty_board_says_what_to_do(cast, client_of):
    assert "Chưa có hồ sơ kết nạp nào" in text(client_of(cast.office).get(BOARD))
    assert "Không có hồ sơ nào như vậy" in text(client_of(cast.office).get(BOARD, {"buoc": "khong-co"}))


def test_board_shows_own_organisation_only(cast, client_of):
    opened(cast.a_cell_1, "Người của A")
    opened(cast.b, "Người của B")
    page = text(client_of(cast.grassroots_a).get(BOARD))
    assert "Người của A" in page
    assert "Người của B" not in page
    assert "Excel danh sách này" not in page


def test_excel_holds_the_rows_of_the_page_and_is_recorded(cast, client_of):
    walk(opened(cast.a_cell_1, "Trần Thị Chậm"), "committee_proposal")
    opened(cast.b, "Lê Văn Mới")
    response = client_of(cast.leader).get(reverse("admission_workbook"), {"to-chuc": "A"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    names = [row[0].value for row in sheet.iter_rows()]
    assert "Trần Thị Chậm" in names
    assert "Lê Văn Mới" not in names
    assert AuditEvent.objects.latest("sequence").action == "exported"


def test_queries_of_the_pages_do_not_grow(cast, client_of):
    client = client_of(cast.office)
    first = walk(opened(cast.a_cell_1, "Người 1"), "appraisal")
    urls = [BOARD, f"{BATCH}?buoc=decision", address("admission_case", first), reverse("admission_open")]
    before = [queries(client, url) for url in urls]
    for number in range(12):
        case = opened(cast.a_cell_2 if number % 2 else cast.b, f"Người {number + 2}")
        if number % 3:
            walk(case, "cell_resolution")
    for number in range(6):
        walk(opened(cast.a_cell_1, f"Người đến lượt {number}"), "appraisal")
        candidate(cast.b, f"Chưa có hồ sơ {number}")
    assert [queries(client, url) for url in urls] == before


# One case


def test_page_of_a_case_tells_what_is_done_and_what_may_be_done(cast, client_of):
    case = walk(opened(cast.a_cell_1, "Trần Thị Mới"), "committee_proposal")
    page = text(client_of(cast.office).get(address("admission_case", case)))
    assert "11/12" in page
    assert "Tán thành <b>11/12</b>" in page
    assert address("admission_step", case, "appraisal") in page
    assert address("admission_send_back", case) in page
    grassroots = text(client_of(cast.grassroots_a).get(address("admission_case", case)))
    assert address("admission_step", case, "appraisal") not in grassroots
    assert address("admission_undo", case) in grassroots
    leader = text(client_of(cast.leader).get(address("admission_case", case)))
    assert "Rút lại" not in leader


def test_step_is_recorded_by_its_form(cast, client_of):
    case = walk(opened(cast.a_cell_1), "opinions")
    url = address("admission_step", case, "cell_resolution")
    client = client_of(cast.grassroots_a)
    assert "từ 2/3 trở lên" in text(client.get(url))
    typed = {"done": "5/3/2015", "number": "3-NQ/CB", "entitled": "12"}
    wrong = client.post(url, typed | {"present": "13", "in_favour": "13"})
    assert "không thể nhiều hơn số được quyền biểu quyết" in text(wrong)
    sent = client.post(url, typed | {"present": "11", "in_favour": "11"})
    assert sent.status_code == 302
    step = CaseStep.objects.get(stage__code="cell_resolution")
    assert (step.number, str(step.done), step.returned) == ("3-NQ/CB", "05/03/2015", None)
    assert step.organisation == cast.a_cell_1


def test_how_sure_a_step_is_is_said_once(cast, client_of):
    case = walk(opened(cast.a_cell_1), "opinions")
    page = text(client_of(cast.office).get(address("admission_step", case, "cell_resolution")))
    assert page.count("theo nguồn dẫn lại") == 1


def test_warning_is_shown_and_confirmed(cast, client_of):
    case = walk(opened(cast.a_cell_1), "opinions")
    url, client = address("admission_step", case, "cell_resolution"), client_of(cast.office)
    typed = {"done": "5/3/2015", "number": "3", "entitled": "12", "present": "12", "in_favour": "7", "against": "5"}
    asked = text(client.post(url, typed))
    assert "chưa đạt từ 2/3 trở lên" in asked
    assert 'value="7"' in asked
    assert client.post(url, typed | {"is_confirmed": "on"}).status_code == 302


def test_certificate_is_filled_in_from_the_class(cast, client_of):
    case = walk(opened(cast.a_cell_1), "helpers")
    enrolled = make_class("candidate", "2015-01-12", name="Lớp thứ nhất")
    make_enrolment(
        enrolled, case.person, result="passed", certificate_number="77", certificate_issued_on=dt.date(2015, 1, 20)
    )
    url, client = address("admission_step", case, "candidate_class"), client_of(cast.grassroots_a)
    page = text(client.get(url))
    assert "Lớp thứ nhất" in page
    assert client.post(url, {"done": "20/01/2015", "number": "77"}).status_code == 302
    assert CaseStep.objects.get(stage__code="candidate_class").number == "77"


def test_helpers_are_offered_from_the_cell(cast, client_of):
    helpers = [make_member(cast.a_cell_1, name) for name in ("Lê Văn Một", "Lê Văn Hai")]
    make_member(cast.b, "Người nơi khác")
    case = opened(cast.a_cell_1)
    url, client = address("admission_step", case, "helpers"), client_of(cast.grassroots_a)
    page = text(client.get(url))
    assert "Lê Văn Một" in page
    assert "Người nơi khác" not in page
    typed = {"done": "10/01/2015", "helper_1": helpers[0].pk, "helper_2": helpers[0].pk}
    assert "phải khác nhau" in text(client.post(url, typed))
    assert client.post(url, typed | {"helper_2": helpers[1].pk}).status_code == 302
    assert CaseHelper.objects.count() == 2


def test_helper_who_has_left_since_is_offered_for_a_case_of_that_time(cast, client_of):
    make_stay(make_person("Lê Văn Đã Đi"), cast.a_cell_1, "2005-03-01", "2015-06-01", official_on="2006-03-01")
    make_stay(make_person("Lê Văn Đi Trước"), cast.a_cell_1, "2005-03-01", "2014-06-01", official_on="2006-03-01")
    page = text(client_of(cast.grassroots_a).get(address("admission_step", opened(cast.a_cell_1), "helpers")))
    assert "Lê Văn Đã Đi" in page
    assert "Lê Văn Đi Trước" not in page


def test_quarter_without_a_remark_leads_to_its_form(cast, client_of):
    case, client = walk(opened(cast.a_cell_1), "ceremony"), client_of(cast.grassroots_a)
    url = f"{address('admission_remark', case)}?quy=3/2015"
    assert url in text(client.get(address("admission_case", case)))
    form = get(client, url)
    values = [form.first("input", name=name).attributes.get("value") for name in ("quarter", "year", "remarked_on")]
    assert values == ["3", "2015", None]
    form = get(client, address("admission_remark", case) + "?quy=5/2015")
    assert form.first("input", name="remarked_on").attributes["value"] == f"{timezone.localdate():%d/%m/%Y}"


def test_other_forms_of_a_case(cast, client_of):
    client, case = client_of(cast.office), walk(opened(cast.a_cell_1), "appraisal")
    to = stage("vetting").pk
    sent = client.post(address("admission_send_back", case), {"to": to, "done": "01/04/2015", "reason": "Thiếu giấy"})
    assert sent.status_code == 302
    case.refresh_from_db()
    assert case.stage.code == "vetting"
    assert client.post(address("admission_undo", case), {"reason": "Trả nhầm"}).status_code == 302
    case.refresh_from_db()
    stopped = {"closed_on": "01/05/2015", "close_reason": "Chuyển công tác", "version": case.version}
    unsaid = client.post(address("admission_stop", case), stopped | {"close_reason": ""})
    assert "Hãy ghi mục này" in text(unsaid)
    assert client.post(address("admission_stop", case), stopped).status_code == 302
    case.refresh_from_db()
    assert case.state == "stopped"
    assert client.post(address("admission_reopen", case), {"reason": "Ở lại"}).status_code == 302
    walk(case, "ceremony")
    remark = {"quarter": "3", "year": "2015", "remarked_on": "30/09/2015", "text": "Có tiến bộ"}
    assert client.post(address("admission_remark", case), remark).status_code == 302
    written = ProbationRemark.objects.get()
    changed = client.post(
        address("admission_remark_change", case, written.pk), remark | {"text": "Tốt", "version": "1"}
    )
    assert changed.status_code == 302
    assert ProbationRemark.objects.get().text == "Tốt"
    case.refresh_from_db()
    removed = {
        "close_number": "9-QĐ",
        "closed_on": "01/12/2015",
        "close_reason": "Bỏ sinh hoạt",
        "version": case.version,
    }
    assert client.post(address("admission_stop", case), removed).status_code == 302
    assert Membership.objects.get().end_reason == "struck_off"


def test_form_opened_before_somebody_else_wrote_is_refused(cast, client_of):
    case = opened(cast.a_cell_1)
    seen = case.version
    take(case, "opinions", "02/02/2015")
    typed = {"done": "03/02/2015", "seen": seen}
    answer = client_of(cast.office).post(address("admission_step", case, "application"), typed)
    assert "Người khác vừa ghi hồ sơ này" in text(answer)


def test_person_page_leads_to_the_case(cast, client_of):
    case = opened(cast.a_cell_1)
    page = text(client_of(cast.grassroots_a).get(reverse("person", args=[case.person_id])))
    assert address("admission_case", case) in page
    waiting = candidate(cast.a_cell_1, "Chưa có hồ sơ")
    page = text(client_of(cast.grassroots_a).get(reverse("person", args=[waiting.pk])))
    assert f"{reverse('admission_open')}?nguoi={waiting.pk}" in page


def test_list_of_movements_leads_to_the_case_of_an_admission(cast, client_of):
    case = walk(opened(cast.a_cell_1), "decision")
    page = text(client_of(cast.office).get(reverse("movements"), {"nam": "2015"}))
    assert address("admission_case", case) in page
    assert "Theo hồ sơ kết nạp" in page


def test_decision_that_is_late_waits_for_the_staff(cast):
    case = walk(opened(cast.a_cell_1), "committee_proposal")
    today = case.due_on + dt.timedelta(days=3)
    tasks = [task for task in tasks_of(cast.office, today) if task.source == "ket-nap"]
    assert [(task.what, task.days_left(today)) for task in tasks] == [("Quyết định kết nạp", -3)]
    assert not [task for task in tasks_of(cast.grassroots_b, today) if task.source == "ket-nap"]


# Opening


def test_cases_are_opened_for_those_who_are_marked(cast, client_of):
    marked = [candidate(cast.a_cell_1, "Người một"), candidate(cast.a_cell_2, "Người hai")]
    member = make_member(cast.a_cell_1, "Người dự bị", "2015-05-04", is_official=False)
    candidate(cast.b, "Người của B")
    client = client_of(cast.grassroots_a)
    url = reverse("admission_open")
    page = text(client.get(url))
    assert "Người dự bị" in page
    assert "Người của B" not in page
    assert "Chưa chọn ai" in text(client.post(url, {"opened_on": "01/06/2015"}))
    keys = [one.pk for one in (*marked, member)]
    assert client.post(url, {"opened_on": "01/06/2015", "nguoi": keys}).status_code == 302
    assert set(AdmissionCase.objects.values_list("person", flat=True)) == set(keys)
    assert "Người một" not in text(client.get(url))
    assert AuditEvent.objects.filter(note="Mở hồ sơ kết nạp: 3 người").exists()


def test_case_of_one_person_is_where_one_goes_on(cast, client_of):
    one = candidate(cast.a_cell_1, "Người một")
    answer = client_of(cast.grassroots_a).post(reverse("admission_open"), {"opened_on": "01/06/2015", "nguoi": one.pk})
    assert answer.url == address("admission_case", AdmissionCase.objects.get())
    assert AuditEvent.objects.latest("sequence").note == "Mở hồ sơ kết nạp: Người một"


# Batches


@pytest.fixture
def forty(cast):
    return [walk(opened(cast.a_cell_1, f"Người thứ {number:02}"), "appraisal") for number in range(40)]


def sent_for(cases, **rows):
    typed = {"buoc": "decision", "chon": [case.pk for case in cases], "done": "30/03/2015", "number": "15-QĐ/ĐUK"}
    for case in cases:
        typed[f"hs{case.pk}-outcome"] = "xong"
        typed[f"hs{case.pk}-seen"] = case.version
    return typed | VOTE | rows


def test_forty_are_admitted_by_one_form(cast, client_of, forty):
    client = client_of(cast.office)
    back, apart = forty[3], forty[4]
    rows = {
        f"hs{back.pk}-outcome": "tra",
        f"hs{back.pk}-reason": "Thiếu xác minh",
        f"hs{apart.pk}-in_favour": "14",
        f"hs{apart.pk}-number": "16-QĐ/ĐUK",
        "tra-ve": "vetting",
    }
    before = AuditEvent.objects.count()
    assert client.post(BATCH, sent_for(forty, **rows)).status_code == 302
    assert AdmissionCase.objects.filter(state="admitted").count() == 39
    assert Membership.objects.count() == 39
    back.refresh_from_db()
    assert (back.state, back.stage.code) == ("running", "vetting")
    voted = CaseStep.objects.get(case=apart, stage__code="decision")
    assert (voted.in_favour, voted.against, voted.number) == (14, 1, "16-QĐ/ĐUK")
    assert AuditEvent.objects.count() == before + 1
    assert queries(client, BOARD) < 30


def test_one_error_leaves_all_as_they_were(cast, client_of, forty):
    wrong = forty[7]
    answer = client_of(cast.office).post(BATCH, sent_for(forty, **{f"hs{wrong.pk}-in_favour": "16"}))
    page = text(answer)
    assert "Chưa ghi hồ sơ nào" in page
    assert f"{wrong.person.full_name}</a>: Số phiếu không thể âm" in page
    assert not Membership.objects.exists()
    assert not CaseStep.objects.filter(stage__code="decision").exists()


def test_batch_asks_for_the_reason_and_the_step_to_go_back_to(cast, client_of, forty):
    client, back = client_of(cast.office), forty[0]
    page = text(client.post(BATCH, sent_for(forty[:2], **{f"hs{back.pk}-outcome": "tra"})))
    assert "Hãy ghi lý do trả lại" in page
    rows = {f"hs{back.pk}-outcome": "tra", f"hs{back.pk}-reason": "Thiếu"}
    assert "Hãy chọn trả lại về bước nào" in text(client.post(BATCH, sent_for(forty[:2], **rows)))
    assert not Membership.objects.exists()


def test_batch_warns_once_for_all_and_is_confirmed(cast, client_of, forty):
    client = client_of(cast.office)
    few = sent_for(forty[:3]) | {"in_favour": "7", "against": "8"}
    page = text(client.post(BATCH, few))
    assert "Chưa ghi: những điều cần lưu ý" in page
    assert page.count("chưa đạt trên 1/2") == 1
    assert not Membership.objects.exists()
    assert client.post(BATCH, few | {"is_confirmed": "on"}).status_code == 302
    assert Membership.objects.count() == 3


def test_batch_is_for_who_may_record_the_step(cast, client_of, forty):
    assert "Không có hồ sơ nào đến lượt" in text(client_of(cast.grassroots_a).get(f"{BATCH}?buoc=decision"))
    refused = client_of(cast.grassroots_a).post(BATCH, sent_for(forty[:2]))
    assert refused.status_code == 200
    assert not Membership.objects.exists()


def test_recognition_of_several_sets_each_official_date(cast, client_of):
    cases = [walk(opened(cast.a_cell_1, f"Người thứ {number}"), "official_committee_proposal") for number in range(3)]
    typed = sent_for(cases) | {"buoc": "official_decision", "done": "20/05/2016"}
    assert client_of(cast.office).post(BATCH, typed).status_code == 302
    official = {str(case.admission.official_on) for case in AdmissionCase.objects.select_related("admission")}
    assert official == {"2016-04-10"}


def test_show_of_hands_is_told_as_such_and_ballots_as_ballots(cast, client_of):
    case = walk(opened(cast.a_cell_1), "opinions")
    take(case, "cell_resolution", "05/03/2015")
    assert "có mặt 11, biểu quyết giơ tay" in text(client_of(cast.office).get(address("admission_case", case)))
    case = walk(opened(cast.a_cell_2), "opinions")
    take(case, "cell_resolution", "05/03/2015", issued=11)
    assert "có mặt 11, thu về 11/11 phiếu" in text(client_of(cast.office).get(address("admission_case", case)))


def test_age_is_watched_as_of_the_day_up_to_which_the_case_has_come(cast, client_of):
    case = opened(cast.a_cell_1, born_on=dt.date(1955, 3, 1))
    walk(case, "application")
    page = address("admission_case", case)
    assert "Đã quá 60 tuổi" not in text(client_of(cast.office).get(page))
    assert "Đã quá 60 tuổi" in text(client_of(cast.office).get(address("admission_case", late(cast))))


def late(cast):
    """The case of somebody of sixty and a day."""
    return opened(cast.a_cell_1, "Người cao tuổi", born_on=dt.date(1955, 1, 4))
