"""What waits for a user: tasks by deadline, the page, the calendar file, the daily mail."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from icalendar import Calendar

from members.models import AuditEvent, DailyMail
from members.work.daily_mail import send_all
from members.work.tasks import Band, Task, tasks_of
from tests.builders import (
    make_admission,
    make_badge_round,
    make_class,
    make_enrolment,
    make_member,
    make_person,
    make_proposal,
    make_stay,
)
from tests.conftest import Cast
from tests.pages import get

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 27)  # a Friday
WORK, CALENDAR = "/viec-cua-toi/", "/viec-cua-toi/lich.ics"


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


def found(user: Any, source: str) -> list[Task]:
    return [task for task in tasks_of(user, TODAY) if task.source == source]


def on_probation(cast: Cast, name: str, ceremony_on: str) -> Any:
    person = make_person(name)
    admission = make_admission(person, cast.a_cell_1, ceremony_on, ceremony_on=ceremony_on)
    make_stay(person, cast.a_cell_1, ceremony_on, admission=admission)
    return person


# --- What is found -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ceremony_on", "due_on"),
    [
        ("2026-01-27", None),  # ends 27/01/2027: 61 days ahead
        ("2026-01-26", "2027-01-26"),  # 60 days
        ("2025-11-27", "2026-11-27"),  # today
        # Ended yesterday: thirty working days from 26/11/2026, with 01/01/2027 off, are up on 08/01/2027.
        ("2025-11-26", "2027-01-08"),
    ],
)
def test_probation_is_told_from_sixty_days_before_its_end(cast: Cast, ceremony_on, due_on):
    on_probation(cast, "Nguyễn Văn An", ceremony_on)
    told = [task.due_on.isoformat() for task in found(cast.office, "du-bi") if task.due_on]
    assert told == ([due_on] if due_on else [])


def test_overdue_recognition_stays_until_it_is_on_record(cast: Cast):
    person = on_probation(cast, "Nguyễn Văn An", "2025-01-10")
    (task,) = found(cast.office, "du-bi")
    assert task.band(TODAY) == Band.OVERDUE
    assert (task.about, task.place, task.address) == ("Nguyễn Văn An", "Chi bộ Văn phòng", f"/nguoi/{person.pk}/")
    admission = person.admissions.get()
    admission.official_on = dt.date(2026, 1, 10)
    admission.save()
    assert found(cast.office, "du-bi") == []


def test_decision_without_ceremony_waits_thirty_working_days(cast: Cast):
    person = make_person("Lê Thị Bình")
    admission = make_admission(person, cast.a_cell_1, "2026-11-02")
    make_stay(person, cast.a_cell_1, "2026-11-02", admission=admission)
    # 3/11 is the first, 24/11 is off (Ngày Văn hóa): the thirtieth is 15/12.
    (task,) = found(cast.office, "le-ket-nap")
    assert task.due_on == dt.date(2026, 12, 15)
    assert "chưa đối chiếu" in task.note
    admission.ceremony_on = dt.date(2026, 11, 20)
    admission.save()
    assert found(cast.office, "le-ket-nap") == []


def test_certificate_runs_out_after_sixty_months_and_a_later_one_counts(cast: Cast):
    person = make_person("Trần Văn Cường", followed_by=cast.a)
    old = make_class("candidate", "2021-12-06", closes_on=dt.date(2021, 12, 10))
    make_enrolment(old, person, result="passed", certificate_issued_on=dt.date(2021, 12, 15))
    (task,) = found(cast.office, "chung-nhan")
    assert task.due_on == dt.date(2026, 12, 15)
    new = make_class("candidate", "2026-06-01", closes_on=dt.date(2026, 6, 5))
    make_enrolment(new, person, result="passed")
    assert found(cast.office, "chung-nhan") == []


def test_gaps_of_files_are_counted_not_listed(cast: Cast):
    for name in ("An", "Bình"):
        make_member(cast.a_cell_1, f"Nguyễn Văn {name}", born_on=None, national_id_number="")
    tasks = {task.what: task.count for task in found(cast.office, "bo-sung")}
    assert (tasks["Bổ sung ngày sinh"], tasks["Bổ sung số định danh cá nhân"]) == (2, 2)


def test_gap_opens_the_list_of_those_whom_it_counts(cast: Cast, client_of):
    make_member(cast.a_cell_1, "Nguyễn Văn An", born_on=None, home_town="Ý Yên")
    make_member(cast.a_cell_1, "Lê Thị Bình", home_town="Ý Yên")
    (task,) = (task for task in found(cast.grassroots_a, "bo-sung") if "ngày sinh" in task.what)
    rows = get(client_of(cast.grassroots_a), task.address).first("table").first("tbody").all("tr")
    assert [row.first("a").text for row in rows] == ["Nguyễn Văn An"]


def test_badge_waits_from_sixty_days_before_its_award_day_until_it_is_on_a_list(cast: Cast):
    # Thirty years on 20/01/2027, given on 03/02/2027: 68 days ahead on 27/11, 60 on 05/12.
    person = make_member(cast.a_cell_1, "Nguyễn Văn An", "1997-01-20")
    assert found(cast.office, "huy-hieu") == []
    day = dt.date(2026, 12, 5)
    (task,) = (task for task in tasks_of(cast.office, day) if task.source == "huy-hieu")
    assert (task.due_on, task.about) == (dt.date(2027, 2, 3), "Nguyễn Văn An")
    assert "đủ 30 năm ngày 20/01/2027" in task.note
    make_proposal(make_badge_round(cast.a), person, 30)
    assert [task for task in tasks_of(cast.office, day) if task.source == "huy-hieu"] == []


def test_badges_that_are_long_due_are_a_number(cast: Cast):
    for name in ("An", "Bình"):
        make_member(cast.a_cell_1, f"Nguyễn Văn {name}", "1990-01-20")
    (task,) = found(cast.office, "huy-hieu")
    assert (task.about, task.due_on, task.count) == ("2 đảng viên", None, 2)


def test_only_what_the_user_may_change_waits(cast: Cast):
    on_probation(cast, "Nguyễn Văn An", "2025-01-10")
    assert len(found(cast.grassroots_a, "du-bi")) == 1
    for user in (cast.grassroots_b, cast.leader, cast.inspector, cast.administrator):
        assert tasks_of(user, TODAY) == []


def test_queries_do_not_grow_with_the_records(cast: Cast, django_assert_max_num_queries):
    for number in range(30):
        on_probation(cast, f"Nguyễn Văn {number}", "2025-01-10")
    with django_assert_max_num_queries(26):
        assert len(found(cast.office, "du-bi")) == 30


# --- The page ------------------------------------------------------------------------------------------------------


def test_page_counts_by_band_and_narrows_by_link(cast: Cast, client_of):
    on_probation(cast, "Nguyễn Văn An", "2025-01-10")
    on_probation(cast, "Lê Thị Bình", "2025-12-01")
    client = client_of(cast.grassroots_a)
    page = get(client, WORK)
    line = next(row for row in page.first("table").all("tr") if "Hết dự bị" in row.text)
    assert [cell.text for cell in line.all("td")] == ["1", "1", "0", "0", "0", "2"]
    narrowed = get(client, line.all("a")[0].attributes["href"])
    assert "Hết dự bị, công nhận chính thức · Quá hạn" in narrowed.text
    rows = narrowed.all("table")[1].all("tr")[1:]
    assert [row.all("a")[0].text for row in rows] == ["Nguyễn Văn An"]
    assert "quá" in rows[0].text


def test_nothing_to_do_says_so(cast: Cast, client_of):
    assert "Không có việc nào đến hạn" in get(client_of(cast.grassroots_b), WORK).text


def test_staff_begin_with_their_work_and_leaders_with_the_summary(cast: Cast, client_of):
    assert client_of(cast.grassroots_a).get("/").headers["Location"] == WORK
    assert "/tong-ket/" in client_of(cast.leader).get("/").headers["Location"]


# --- The calendar file ---------------------------------------------------------------------------------------------


def test_calendar_holds_each_deadline_once_under_a_mark_that_stays(cast: Cast, client_of):
    person = on_probation(cast, "Nguyễn Văn An", "2025-12-01")
    client = client_of(cast.grassroots_a)
    first, second = (Calendar.from_ical(client.get(CALENDAR).content) for _ in range(2))
    (event,) = first.walk("VEVENT")
    assert event["uid"] == second.walk("VEVENT")[0]["uid"]
    assert event.decoded("dtstart") == dt.date(2026, 12, 1)
    assert "Nguyễn Văn An" in event["summary"]
    assert str(event["url"]).endswith(f"/nguoi/{person.pk}/")
    exported = AuditEvent.objects.filter(action="exported").latest("sequence")
    assert exported.details["people"] == [person.pk]


# --- The daily mail ------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(cast: Cast, settings: Any) -> Any:
    settings.HAS_MAIL, settings.SITE_ADDRESS = True, "https://dangvien.example.test"
    on_probation(cast, "Nguyễn Văn An", "2025-01-10")
    cast.grassroots_a.email = "coso@example.test"
    cast.grassroots_a.save()
    return cast.grassroots_a


def test_mail_tells_how_much_and_names_nobody(reader):
    assert send_all(TODAY).sent == 1
    (message,) = mail.outbox
    assert message.to == ["coso@example.test"]
    assert message.subject == "Việc cần làm ngày 27/11/2026: 1 việc, 1 quá hạn"
    assert "Hết dự bị, công nhận chính thức: quá hạn 1." in message.body
    assert "https://dangvien.example.test/viec-cua-toi/" in message.body
    assert "Nguyễn Văn An" not in message.subject + message.body


def test_mail_comes_once_a_day(reader):
    out = io.StringIO()
    for _ in range(2):
        call_command("send_daily_mail", stdout=out)
    assert len(mail.outbox) == 1
    assert "1 người đã có thư hôm nay" in out.getvalue()
    send_all(TODAY + dt.timedelta(days=1))
    assert len(mail.outbox) == 2


def test_who_does_not_want_it_or_has_nothing_pressing_gets_none(reader, cast: Cast, client_of):
    cast.grassroots_b.email = "b@example.test"
    cast.grassroots_b.save()
    client = client_of(reader)
    client.post("/tai-khoan-cua-toi/thu-nhac-viec/", {"wants": "0"})
    assert (send_all(TODAY).sent, mail.outbox) == (0, [])
    client.post("/tai-khoan-cua-toi/thu-nhac-viec/", {"wants": "1"})
    assert send_all(TODAY).sent == 1


def test_mail_that_could_not_be_sent_is_tried_again(reader, settings):
    """Nothing listens on the port: the command says so, and the next run sends."""
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2
    with pytest.raises(CommandError, match="1 thư chưa gửi được"):
        call_command("send_daily_mail", stdout=io.StringIO(), stderr=io.StringIO())
    assert not DailyMail.objects.exists()
    settings.EMAIL_BACKEND = working
    assert send_all(TODAY).sent == 1


def test_without_a_server_the_command_says_so(reader, settings):
    settings.HAS_MAIL = False
    out = io.StringIO()
    call_command("send_daily_mail", stdout=out)
    assert "Chưa đặt EMAIL_URL" in out.getvalue()
    assert mail.outbox == []
