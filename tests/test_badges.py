"""Badges: the forecast, a round from the list to the award and back, what warns, and who may see it."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from members.badges import services
from members.badges.forecast import Forecast, award_days
from members.badges.warnings import lines_of
from members.models import AuditEvent, Badge, BadgeProposal, BadgeRound
from members.models.badge_rounds import ProposalKind, RoundState
from reviews.indicators import BY_CODE
from reviews.scope import Scope
from reviews.summary import Summary
from tests.builders import (
    make_badge,
    make_discipline,
    make_member,
    make_person,
    make_proposal,
    make_stay,
)
from tests.pages import get, links, table_rows

pytestmark = pytest.mark.django_db

START = dt.date(2016, 1, 1)


def day(text):
    return dt.date.fromisoformat(text)


def forecast(organisation, user=None, start=START, **more):
    return Forecast(organisation, user, start=start, **more)


def told(found):
    """Name, milestone, day that completes the years, award day."""
    return [(due.person.full_name, due.milestone, str(due.due_on), str(due.award_on)) for due in found.dues]


# --- The forecast ---------------------------------------------------------------------------------------------------


def test_award_days_are_those_of_the_rules():
    assert [f"{on:%d/%m/%Y}" for on in award_days(day("2016-02-04"), day("2017-02-03"))] == [
        "19/05/2016",
        "02/09/2016",
        "07/11/2016",
        "03/02/2017",
    ]


@pytest.mark.parametrize(
    ("admitted", "milestone", "due_on", "award_on"),
    [
        ("1986-02-03", 30, "2016-02-03", "2016-02-03"),  # to the day
        ("1986-02-04", 30, "2016-02-04", "2016-05-19"),  # a day late: the next award day
        ("1986-11-08", 30, "2016-11-08", "2017-02-03"),
        ("1985-11-08", 30, "2015-11-08", "2016-02-03"),  # since the last award day before
        ("1976-09-02", 40, "2016-09-02", "2016-09-02"),
        ("1971-03-01", 45, "2016-03-01", None),  # no such badge on 19/5/2016: it came with the rule of 25/7/2016
        ("1971-06-01", 45, "2016-06-01", "2016-09-02"),  # on 2/9/2016 there is
    ],
)
def test_forecast_places_a_member_at_the_first_award_day(cast, admitted, milestone, due_on, award_on):
    make_member(cast.a_cell_1, "Trần Văn Mốc", admitted)
    found = [row for row in told(forecast(cast.root)) if row[1] == milestone]
    assert found == ([("Trần Văn Mốc", milestone, due_on, award_on)] if award_on else [])


def test_who_should_have_had_a_badge_before_stands_apart(cast):
    late = make_member(cast.a, "Lê Thị Muộn", "1974-01-01")
    make_badge(make_member(cast.a, "Lê Văn Có", "1974-01-01"), 40, "2014-02-03")
    (due,) = forecast(cast.root, start=START).on(None)
    assert (due.person, due.milestone, due.award_on) == (late, 40, None)


def test_a_badge_on_record_is_not_forecast_again(cast):
    make_badge(make_member(cast.a, began_on="1986-02-03"), 30, "2016-02-03")
    assert told(forecast(cast.root)) == []


def test_discipline_by_a_sure_rule_puts_the_badge_off(cast):
    """Warned on 1/12/2016, six months by the guide of 2016: from 1/6/2017, so 2/9/2017 instead of 3/2/2017."""
    person = make_member(cast.a, began_on="1987-01-15")
    make_discipline(person=person, form="warning", decided_on=day("2016-12-01"))
    (due,) = forecast(cast.root, start=day("2017-01-01")).dues
    assert str(due.award_on) == "2017-09-02"
    assert "chờ đến 01/06/2017" in due.notes[0]


def test_discipline_by_an_unsure_rule_only_warns(cast):
    person = make_member(cast.a, began_on="1992-01-15")
    make_discipline(person=person, form="warning", decided_on=day("2021-12-01"))
    (due,) = forecast(cast.root, start=day("2022-01-01"), years=1).dues
    assert str(due.award_on) == "2022-02-03"
    assert "chưa đối chiếu" in due.notes[0]


def test_discipline_taken_back_puts_nothing_off(cast):
    person = make_member(cast.a, began_on="1987-01-15")
    make_discipline(person=person, form="warning", decided_on=day("2016-12-01"), revoked_on=day("2017-01-05"))
    (due,) = forecast(cast.root, start=day("2017-01-01")).dues
    assert (str(due.award_on), due.notes) == ("2017-02-03", ())


def test_forecast_keeps_to_the_organisation_and_the_scope(cast):
    make_member(cast.a_cell_1, "Người A", "1986-02-03")
    make_member(cast.b, "Người B", "1986-02-03")
    names = [due.person.full_name for due in forecast(cast.root, cast.office).dues]
    assert names == ["Người A", "Người B"]
    assert [due.person.full_name for due in forecast(cast.a, cast.office).dues] == ["Người A"]
    assert [due.person.full_name for due in forecast(cast.root, cast.grassroots_b).dues] == ["Người B"]


def test_forecast_asks_as_many_queries_for_many_as_for_few(cast, django_assert_max_num_queries):
    for number in range(12):
        make_discipline(person=make_member(cast.a, began_on=f"198{number % 9}-03-0{number % 9 + 1}"))
    with django_assert_max_num_queries(12):
        assert forecast(cast.root, cast.office).dues


# --- A round --------------------------------------------------------------------------------------------------------


@pytest.fixture
def due(cast):
    """Two members of A due on 3/2/2016, and one of B."""
    return [
        make_member(cast.a_cell_1, "Nguyễn Thị Ba", "1986-02-03"),
        make_member(cast.a_cell_2, "Phạm Văn Bốn", "1976-01-10"),
        make_member(cast.b, "Đỗ Thị Năm", "1986-01-20"),
    ]


@pytest.fixture
def opened(cast, due):
    return services.open_round(organisation=cast.root, award_on=day("2016-02-03"), by=cast.office)


def listed(badge_round):
    return [(row.person.full_name, row.milestone) for row in badge_round.proposals.proposed()]


def test_list_holds_who_is_due(opened):
    assert listed(opened) == [("Nguyễn Thị Ba", 30), ("Đỗ Thị Năm", 30), ("Phạm Văn Bốn", 40)]


def test_from_the_list_to_the_award(cast, due, opened):
    first, second, third = due
    services.leave_out(proposal=opened.proposals.get(person=third), reason="Đang xem xét kỷ luật", by=cast.office)
    services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="12-QĐ/TU", by=cast.office)
    badges = services.award(round=opened, by=cast.office)
    assert {(badge.person, badge.milestone) for badge in badges} == {(first, 30), (second, 40)}
    badge = first.badges.get()
    assert (str(badge.awarded), badge.decision_number, badge.decided_on) == (
        "03/02/2016",
        "12-QĐ/TU",
        day("2016-01-25"),
    )
    assert not third.badges.exists()
    figures = ("badges.awarded", "badges.awarded.30", "badges.awarded.40")
    summary = Summary(Scope(cast.root, 2016, cast.office), [BY_CODE[code] for code in figures])
    assert [summary.number(code).count for code in figures] == [2, 1, 1]
    assert Summary(Scope(cast.b, 2016, cast.office), [BY_CODE[figures[0]]]).number(figures[0]).count == 0


def test_award_is_one_event_of_whoever_recorded_it(cast, opened):
    services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="12", by=cast.office)
    before = AuditEvent.objects.count()
    services.award(round=opened, by=cast.office)
    (event,) = AuditEvent.objects.order_by("sequence")[before:]
    assert event.items.filter(model="members.badge").count() == 3


def test_steps_go_back_one_by_one_with_a_reason(cast, opened):
    services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="12", by=cast.office)
    services.award(round=opened, by=cast.office)
    services.step_back(round=opened, reason="Ghi nhầm ngày trao", by=cast.office)
    assert (opened.state, Badge.objects.count()) == (RoundState.DECIDED, 0)
    assert AuditEvent.objects.latest("sequence").reason == "Ghi nhầm ngày trao"
    services.step_back(round=opened, reason="Quyết định bị thu hồi", by=cast.office)
    assert (opened.state, opened.decision_number, opened.decided_on) == (RoundState.PROPOSED, "", None)
    with pytest.raises(ValidationError, match="Đang lập danh sách"):
        services.step_back(round=opened, reason="Lùi nữa", by=cast.office)
    assert len(listed(opened)) == 3


def test_nothing_goes_back_without_a_reason(cast, opened):
    services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="12", by=cast.office)
    with pytest.raises(ValidationError, match="lý do"):
        services.step_back(round=opened, reason=" ", by=cast.office)


def test_a_badge_worked_on_since_keeps_the_award(cast, due, opened):
    services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="12", by=cast.office)
    services.award(round=opened, by=cast.office)
    badge = due[0].badges.get()
    badge.badge_number = "E123456"
    services.write_badge(badge=badge, by=cast.office)
    with pytest.raises(ValidationError, match="Nguyễn Thị Ba"):
        services.step_back(round=opened, reason="Nhầm", by=cast.office)
    assert Badge.objects.count() == 3


def test_a_list_is_closed_by_the_decision(cast, due, opened):
    services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="12", by=cast.office)
    row = opened.proposals.first()
    for act in (
        lambda: services.fill_round(round=opened, by=cast.office),
        lambda: services.leave_out(proposal=row, reason="Bệnh", by=cast.office),
        lambda: services.decide(round=opened, decided_on=day("2016-01-26"), decision_number="13", by=cast.office),
    ):
        with pytest.raises(ValidationError, match="Đã có quyết định"):
            act()


def test_an_empty_list_is_not_decided(cast):
    empty = services.open_round(organisation=cast.b, award_on=day("2016-02-03"), by=cast.office)
    with pytest.raises(ValidationError, match="chưa có ai"):
        services.decide(round=empty, decided_on=day("2016-01-25"), decision_number="12", by=cast.office)


def test_filling_again_adds_only_who_is_new(cast, due, opened):
    services.leave_out(proposal=opened.proposals.get(person=due[0]), reason="Bệnh", by=cast.office)
    make_member(cast.b, "Vũ Văn Mới", "1986-01-02")
    assert services.fill_round(round=opened, by=cast.office) == 1
    assert ("Vũ Văn Mới", 30) in listed(opened)
    assert ("Nguyễn Thị Ba", 30) not in listed(opened)
    services.put_back(proposal=opened.proposals.get(person=due[0]), by=cast.office)
    assert ("Nguyễn Thị Ba", 30) in listed(opened)


def test_nobody_is_on_two_lists_for_one_milestone(cast, due, opened):
    other = services.open_round(organisation=cast.a, award_on=day("2016-02-03"), by=cast.office)
    assert listed(other) == []
    with pytest.raises(ValidationError, match="đợt khác"):
        services.propose(round=other, person=due[0], milestone=30, by=cast.office)


def test_only_who_may_change_the_organisation_keeps_its_rounds(cast, due, opened):
    for act in (
        lambda by: services.open_round(organisation=cast.root, award_on=day("2016-05-19"), by=by),
        lambda by: services.fill_round(round=opened, by=by),
        lambda by: services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="1", by=by),
    ):
        for by in (cast.grassroots_a, cast.leader, cast.inspector, cast.administrator):
            with pytest.raises(PermissionDenied):
                act(by)
    own = services.open_round(organisation=cast.a, award_on=day("2016-05-19"), by=cast.grassroots_a)
    with pytest.raises(PermissionDenied):
        services.propose(round=own, person=due[2], milestone=40, kind="early", reason="Bệnh", by=cast.grassroots_a)


def test_who_has_moved_away_is_not_awarded(cast, due):
    own = services.open_round(organisation=cast.a, award_on=day("2016-02-03"), by=cast.grassroots_a)
    services.decide(round=own, decided_on=day("2016-01-25"), decision_number="12", by=cast.grassroots_a)
    stay = due[0].memberships.get()
    stay.ended_on, stay.end_reason = day("2016-01-30"), "moved"
    stay.save()
    make_stay(due[0], cast.b, "2016-01-30", admission=stay.admission, start_reason="moved")
    with pytest.raises(ValidationError, match="Nguyễn Thị Ba"):
        services.award(round=own, by=cast.grassroots_a)
    assert not Badge.objects.exists()


# --- By hand, and what warns ----------------------------------------------------------------------------------------


def dead(cast, admitted, died_on, name="Hoàng Văn Mất"):
    person = make_person(name)
    make_stay(person, cast.a, admitted, died_on, end_reason="deceased")
    return person


def warnings(badge_round):
    return {line.proposal.person.full_name: "; ".join(line.warnings) for line in lines_of(badge_round)}


def test_early_and_posthumous_are_added_by_hand_with_a_reason(cast, opened):
    ill = make_member(cast.a, "Bùi Thị Ốm", "1986-12-01")
    gone = dead(cast, "1986-03-01", "2015-12-20")
    services.propose(round=opened, person=ill, milestone=30, kind="early", reason="Bệnh nặng", by=cast.office)
    services.propose(round=opened, person=gone, milestone=30, kind="posthumous", reason="Từ trần", by=cast.office)
    services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="12", by=cast.office)
    services.award(round=opened, by=cast.office)
    assert gone.badges.get().is_posthumous
    assert not ill.badges.get().is_posthumous


@pytest.mark.parametrize(
    ("kind", "reason", "refusal"),
    [
        (ProposalKind.ON_TIME, "", "tặng sớm"),
        (ProposalKind.EARLY, "", "phải ghi lý do"),
        (ProposalKind.POSTHUMOUS, "Từ trần", "từ trần"),
    ],
)
def test_a_case_that_does_not_fit_the_record_is_refused(cast, opened, kind, reason, refusal):
    alive = make_member(cast.a, "Bùi Thị Ốm", "1986-12-01")
    with pytest.raises(ValidationError, match=refusal):
        services.propose(round=opened, person=alive, milestone=30, kind=kind, reason=reason, by=cast.office)


def test_the_dead_are_not_proposed_as_if_alive(cast, opened):
    with pytest.raises(ValidationError, match="truy tặng"):
        services.propose(round=opened, person=dead(cast, "1986-01-01", "2015-12-20"), milestone=30, by=cast.office)


def test_a_badge_on_record_is_not_proposed(cast, opened):
    holder = make_member(cast.a, "Lý Thị Có", "1976-01-01")
    make_badge(holder, 40)
    with pytest.raises(ValidationError, match="đã được tặng"):
        services.propose(round=opened, person=holder, milestone=40, by=cast.office)


def test_what_exceeds_the_rule_warns_and_never_blocks(cast, opened):
    """Twelve months early at most; dead at most twelve months before; six months after a warning."""
    too_early = make_member(cast.a, "Bùi Thị Ốm", "1987-02-04")  # thirty years on 4/2/2017, a year and a day
    too_dead = dead(cast, "1987-01-02", "2016-01-01")  # thirty years on 2/1/2017, a year and a day
    services.propose(round=opened, person=too_early, milestone=30, kind="early", reason="Bệnh", by=cast.office)
    services.propose(round=opened, person=too_dead, milestone=30, kind="posthumous", reason="Mất", by=cast.office)
    found = warnings(opened)
    assert "sớm hơn 12 tháng" in found["Bùi Thị Ốm"]
    assert "hơn 12 tháng" in found["Hoàng Văn Mất"]
    assert found["Nguyễn Thị Ba"] == ""
    services.decide(round=opened, decided_on=day("2016-01-25"), decision_number="12", by=cast.office)


def test_a_line_says_what_has_changed_since(cast, due):
    later = services.open_round(organisation=cast.root, award_on=day("2017-02-03"), by=cast.office)
    make_proposal(later, due[0], 30, due_on=day("2016-02-03"))
    make_discipline(person=due[0], form="removal", decided_on=day("2016-12-01"))
    admission = due[0].admissions.get()
    admission.decided_on = day("1987-02-01")
    admission.save()
    found = warnings(later)["Nguyễn Thị Ba"]
    assert "kỷ luật cách chức ngày 01/12/2016, chờ đến 01/12/2017" in found
    assert "nay đủ 30 năm ngày 01/02/2017" in found


def test_lines_ask_as_many_queries_for_many_as_for_few(cast, opened, django_assert_max_num_queries):
    for number in range(15):
        make_member(cast.a, f"Người Thứ {number}", "1986-01-15")
    services.fill_round(round=opened, by=cast.office)
    with django_assert_max_num_queries(9):
        assert len(lines_of(opened)) == 18


# --- Pages ----------------------------------------------------------------------------------------------------------


def address(name, *args, **query):
    path = reverse(name, args=args)
    return f"{path}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else path


def test_every_number_of_the_forecast_opens_as_many_people(cast, due, client_of):
    make_member(cast.a, "Đinh Văn Xưa", "1974-01-01")
    client = client_of(cast.office)
    page = get(client, address("badge_forecast", "K", nam=2016))
    opened = [
        (cell.first("a").text, cell.first("a").attributes["href"])
        for cell in page.all("td", class_="n")
        if cell.all("a")
    ]
    assert len(opened) > 10
    for number, link in opened:
        assert len(table_rows(get(client, link))) == int(number), link
    assert any(link.endswith("ngay=truoc&nam=2016") for link in links(page))


def test_excel_of_the_forecast_is_the_list(cast, due, client_of):
    client = client_of(cast.office)
    page = get(client, address("badge_due", "K", nam=2016, ngay="2016-02-03"))
    shown = table_rows(page)
    content = client.get(address("badge_due_workbook", "K", nam=2016, ngay="2016-02-03")).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    names = [row[1] for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert names == [row[0] for row in shown] == ["Nguyễn Thị Ba", "Đỗ Thị Năm", "Phạm Văn Bốn"]
    assert AuditEvent.objects.latest("sequence").action == "exported"


def test_forecast_of_a_grassroots_shows_only_its_people(cast, due, client_of):
    client = client_of(cast.grassroots_a)
    assert client.get(address("badge_forecast", "K")).status_code == 404
    text = get(client, address("badge_due", "A", nam=2016)).text
    assert "Nguyễn Thị Ba" in text
    assert "Đỗ Thị Năm" not in text
    assert client.get(address("badge_due_workbook", "A", nam=2016)).status_code == 403


@pytest.mark.parametrize("query", [{"nam": "x"}, {"nam": 1900}, {"nam": 2016, "ngay": "2016-13-01"}])
def test_an_address_that_means_nothing_is_not_found(cast, client_of, query):
    assert client_of(cast.office).get(address("badge_due", "K", **query)).status_code == 404


def post(client, name, *args, **values):
    """Sends the form at an address, opened just before."""
    path = reverse(name, args=args)
    version = {
        field.attributes["name"]: field.attributes["value"] for field in get(client, path).all("input", name="version")
    }
    return client.post(path, version | values)


def test_a_clerk_takes_a_round_through_its_pages(cast, due, client_of):
    client = client_of(cast.office)
    form = get(client, address("badge_round_new", **{"to-chuc": "K", "ngay": "2016-02-03"}))
    assert form.first("input", name="award_on").attributes["value"] == "03/02/2016"
    assert post(client, "badge_round_new", organisation=cast.root.pk, award_on="03/02/2016").status_code == 302
    badge_round = BadgeRound.objects.get()
    page = get(client, address("badge_round", badge_round.pk))
    assert [row[0] for row in table_rows(page)] == ["Nguyễn Thị Ba", "Đỗ Thị Năm", "Phạm Văn Bốn"]
    out = badge_round.proposals.get(person=due[2])
    assert post(client, "badge_leave_out", out.pk, left_out_reason="").status_code == 200
    assert post(client, "badge_leave_out", out.pk, left_out_reason="Chờ kết luận").status_code == 302
    ill = make_member(cast.a, "Bùi Thị Ốm", "1986-12-01")
    early = {"who": ill.file_number, "milestone": 30, "kind": "early", "reason": "Bệnh nặng"}
    assert post(client, "badge_propose", badge_round.pk, **early).status_code == 302
    assert post(client, "badge_decide", badge_round.pk, decision_number="", decided_on="25/01/2016").status_code == 200
    decision = {"decision_number": "12-QĐ/TU", "decided_on": "25/01/2016"}
    assert post(client, "badge_decide", badge_round.pk, **decision).status_code == 302
    assert post(client, "badge_award", badge_round.pk).status_code == 302
    assert Badge.objects.filter(decision_number="12-QĐ/TU").count() == 3
    assert post(client, "badge_step_back", badge_round.pk, reason="").status_code == 200
    assert post(client, "badge_step_back", badge_round.pk, reason="Nhầm").status_code == 302
    assert Badge.objects.count() == 0
    assert "Chờ kết luận" in get(client, address("badge_round", badge_round.pk)).text


def test_a_name_that_several_people_bear_is_asked_about(cast, opened, client_of):
    for number in ("HS-1", "HS-2"):
        make_member(cast.a, "Lê Thị Trùng", "1986-12-01", file_number=number)
    values = {"who": "le thi trung", "milestone": 30, "kind": "early", "reason": "Bệnh"}
    response = post(client_of(cast.office), "badge_propose", opened.pk, **values)
    assert "HS-1" in response.content.decode()
    assert "HS-2" in response.content.decode()
    assert not BadgeProposal.objects.filter(kind="early").exists()


def test_excel_of_a_round_is_its_list(cast, due, opened, client_of):
    services.leave_out(proposal=opened.proposals.get(person=due[2]), reason="Bệnh", by=cast.office)
    content = client_of(cast.office).get(address("badge_round_workbook", opened.pk)).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert [row[1] for row in rows] == ["Nguyễn Thị Ba", "Phạm Văn Bốn"]


def test_person_shows_years_badges_and_the_open_proposal(cast, due, opened, client_of):
    make_badge(due[1], 30, "2006-02-03", badge_number="E1")
    page = get(client_of(cast.office), address("person", due[1].pk)).text
    assert "tính từ 10/01/1976" in page
    assert "Huy hiệu 30 năm tuổi Đảng, số E1" in page
    assert "Đang đề nghị Huy hiệu 40 năm, đợt 03/02/2016" in page


def test_a_badge_is_recorded_by_hand_and_corrected_for_a_reason(cast, client_of):
    person, client = make_member(cast.a, began_on="1976-01-01"), client_of(cast.grassroots_a)
    values = {"milestone": 30, "awarded": "3/2/2006", "decision_number": "9"}
    assert post(client, "badge_new", person.pk, **values).status_code == 302
    badge = person.badges.get()
    changed = values | {"awarded": "19/5/2006"}
    assert post(client, "change_badge", badge.pk, **changed).status_code == 200
    assert post(client, "change_badge", badge.pk, **changed, reason="Theo quyết định").status_code == 302
    badge.refresh_from_db()
    assert str(badge.awarded) == "19/05/2006"
