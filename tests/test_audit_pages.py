"""The log and the histories: in plain words, searched, within scope, with a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import io
from hashlib import sha256
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from config.access import Role
from members import audit
from members.audit import AuditAction
from members.models import AuditEvent, AuditItem, Person, RoleAssignment
from members.trail.lists import PER_PAGE, events_in_words
from tests.builders import (
    make_badge,
    make_mass_organisation,
    make_member,
    make_organisation,
    make_person,
    make_rating,
    make_user,
)
from tests.conftest import Cast
from tests.pages import Element, get, links

LOG = "/nhat-ky/"


def sentences(page: Element) -> list[str]:
    """The events of a page, each without its moment and details."""
    return [entry.all("p", class_="trail-line")[0].all("span")[0].text for entry in _entries(page)]


def _entries(page: Element) -> list[Element]:
    trails = page.all("ol", class_="trail")
    return [entry for entry in trails[0].children if isinstance(entry, Element)] if trails else []


def as_user(user: Any, work: Any) -> Any:
    """Do `work` as that account."""
    with audit.event(by=user):
        return work()


def change(person: Any, by: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    as_user(by, person.save)


@pytest.fixture
def anh(cast: Cast) -> Any:
    """A member of A's first cell."""
    return make_member(cast.a_cell_1, "Trần Thị Ánh", file_number="HS-7", residence="Phố A", born_on="1980-05-01")


# Words


def test_a_change_is_a_sentence(cast: Cast, client_of: Any, anh: Any) -> None:
    change(anh, cast.office, residence="Phố B")
    page = get(client_of(cast.inspector), LOG)
    assert sentences(page)[0] == "Lê Văn Phòng sửa hồ sơ Trần Thị Ánh: nơi ở hiện nay: “Phố A” → “Phố B”"
    assert f"{timezone.localtime():%d/%m/%Y}" in _entries(page)[0].text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sex": "female"}, "giới tính: Nam → Nữ"),
        ({"theory_level": "advanced"}, "lý luận chính trị: (trống) → Cao cấp"),
        ({"born_on": dt.date(1981, 2, 3)}, "ngày sinh: 01/05/1980 → 03/02/1981"),
        ({"born_on": dt.date(1981, 1, 1), "born_on_precision": "year"}, "ngày sinh: 01/05/1980 → 1981"),
        ({"residence": ""}, "nơi ở hiện nay: “Phố A” → (trống)"),
        ({"sex": "female", "residence": "B", "religion": "C", "occupation": "D", "note": "E"}, "và 2 mục khác"),
    ],
)
def test_values_are_told_as_people_say_them(
    cast: Cast, client_of: Any, anh: Any, values: dict[str, Any], words: str
) -> None:
    anh.refresh_from_db()
    change(anh, cast.office, **values)
    assert words in sentences(get(client_of(cast.inspector), LOG))[0]


def test_records_are_called_by_their_names(cast: Cast, client_of: Any, anh: Any) -> None:
    change(anh, cast.office, followed_by=cast.a)
    as_user(cast.office, lambda: make_rating(anh, 2015, 2, organisation=cast.a_cell_1))
    as_user(cast.administrator, lambda: make_user("moi", Role.LEADER, cast.b, full_name="Người Mới"))
    told = sentences(get(client_of(cast.inspector), LOG))
    assert told[2].endswith("sửa hồ sơ Trần Thị Ánh: tổ chức theo dõi: (trống) → Đảng bộ Sở Nội vụ")
    assert told[1] == "Lê Văn Phòng thêm xếp loại đảng viên của Trần Thị Ánh"
    assert told[0] == "Đỗ Quản Trị thêm tài khoản Người Mới (và 1 mục khác)"


def test_other_events_say_what_they_were(cast: Cast, client_of: Any, anh: Any) -> None:
    client = client_of(cast.leader)
    client.get(reverse("person", args=[anh.pk]))
    client.get(reverse("summary_workbook", args=[2015, "A"]))
    audit.record(AuditAction.SIGNED_IN, by=cast.leader)
    told = sentences(get(client_of(cast.inspector), LOG))
    assert told[:3] == [
        "Vũ Lãnh Đạo đăng nhập",
        "Vũ Lãnh Đạo xuất tổng kết năm 2015 của Đảng bộ Sở Nội vụ",
        "Vũ Lãnh Đạo xem hồ sơ Trần Thị Ánh",
    ]


def test_what_is_gone_keeps_the_name_that_it_had(cast: Cast, client_of: Any) -> None:
    person = make_person("Người Nhập Nhầm")
    as_user(cast.office, person.delete)
    assert sentences(get(client_of(cast.inspector), LOG))[0] == "Lê Văn Phòng xóa hồ sơ Người Nhập Nhầm"


def test_names_are_looked_up_in_a_fixed_number_of_queries(cast: Cast) -> None:
    def read() -> int:
        items = AuditItem.objects.all()
        with CaptureQueriesContext(connection) as captured:
            events_in_words(list(AuditEvent.objects.order_by("-sequence")[:40]), items, None)
        return len(captured)

    for _ in range(12):
        make_badge(make_member(cast.a))
    before = read()
    for _ in range(12):
        make_badge(make_member(cast.a))
    assert read() == before


# Search


def test_the_log_is_searched(cast: Cast, client_of: Any, anh: Any) -> None:
    binh = make_member(cast.b, "Phạm Văn Bình")
    make_mass_organisation(cast.b, "Công đoàn Thanh tra")
    change(anh, cast.office, residence="Phố B")
    change(binh, cast.grassroots_b, residence="Phố C")
    client = client_of(cast.inspector)
    to_b = "sửa hồ sơ Phạm Văn Bình: nơi ở hiện nay: (trống) → “Phố C”"

    def found(**query: str) -> list[str]:
        return sentences(get(client, f"{LOG}?{'&'.join(f'{name}={value}' for name, value in query.items())}"))

    assert found(nguoi="pham binh")[0] == f"Phạm Chi Bộ {to_b}"
    assert all("Ánh" in sentence for sentence in found(nguoi="HS-7"))
    assert found(boi="co-so-b") == found(boi="pham chi bo") == [f"Phạm Chi Bộ {to_b}"]
    assert any("đoàn thể của Chi bộ Thanh tra tỉnh" in sentence for sentence in found(to_chuc="b"))
    assert f"Phạm Chi Bộ {to_b}" in found(to_chuc="b")
    assert not any("Ánh" in sentence for sentence in found(to_chuc="b"))
    assert any("Ánh" in sentence for sentence in found(to_chuc="so noi vu"))
    assert found(viec="viewed") == []
    today = timezone.localdate()
    assert found(tu=f"{today}", den=f"{today}", boi="co-so-b") == [f"Phạm Chi Bộ {to_b}"]
    assert found(tu=f"{today + dt.timedelta(days=1)}") == []
    assert found(den=f"{today - dt.timedelta(days=1)}") == []
    assert found(nguoi="không có ai") == []


@pytest.mark.parametrize(
    "query",
    [
        "tu=abc",
        "viec=gì",
        "nguoi=%00",
        "tu=2015-02-01&den=2015-01-01",
        f"nguoi={'x' * 101}",
        "den=9999-12-31",
        "tu=0001-01-01",
    ],
)
def test_a_search_that_cannot_be_understood_says_so(cast: Cast, client_of: Any, query: str) -> None:
    page = get(client_of(cast.inspector), f"{LOG}?{query}")
    assert page.all("p", class_="field-error")
    assert sentences(page) == []
    assert client_of(cast.inspector).get(f"{LOG}excel/?{query}").status_code == 404


def test_the_log_is_paged_by_number(cast: Cast, client_of: Any) -> None:
    for number in range(PER_PAGE + 5):
        make_person(f"Người {number:03}")
    client = client_of(cast.inspector)
    first = get(client, LOG)
    assert len(sentences(first)) == PER_PAGE
    (older,) = [address for address in links(first) if "truoc=" in address]
    second = get(client, LOG + older)
    assert not set(sentences(first)) & set(sentences(second))
    assert "Người 004" in sentences(second)[0]
    assert "?" in links(second)
    for odd in ("abc", "-1", "9" * 30, "²"):
        assert len(sentences(get(client, f"{LOG}?truoc={odd}"))) == PER_PAGE


def test_pages_of_the_log_take_few_queries(cast: Cast, client_of: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        change(make_member(cast.a, f"Người {number}"), cast.office, residence="Phố B")
    client = client_of(cast.inspector)
    client.get(LOG)
    with django_assert_max_num_queries(18):
        get(client, LOG)


# One event


def test_an_event_has_its_page(cast: Cast, client_of: Any, anh: Any) -> None:
    with audit.event(by=cast.office, reason="Theo bản kê khai"):
        anh.residence = "Phố B"
        anh.save()
    number = AuditEvent.objects.latest("sequence").sequence
    page = get(client_of(cast.inspector), f"{LOG}{number}/")
    assert "“Phố A” → “Phố B”" in page.text
    assert "Theo bản kê khai" in page.text
    get(client_of(cast.inspector), f"{LOG}{number + 1}/", 404)
    get(client_of(cast.inspector), f"{LOG}{'9' * 30}/", 404)


def test_a_large_event_is_read_page_by_page(cast: Cast, client_of: Any) -> None:
    rows = [Person(full_name=f"Người {n}", file_number=f"N{n}", sex="male") for n in range(130)]
    Person.objects.bulk_create(rows)
    number = AuditEvent.objects.latest("sequence").sequence
    client = client_of(cast.inspector)
    first = get(client, f"{LOG}{number}/")
    assert "Người 39" in first.text
    assert "Người 40" not in first.text
    second = get(client, f"{LOG}{number}/?sau=40")
    assert "Người 79" in second.text


# Scope


@pytest.fixture
def inspector_of_b(cast: Cast) -> Any:
    return make_user("kiem-tra-b", Role.INSPECTOR, cast.b, full_name="Kiểm Tra B")


def test_an_inspector_sees_the_events_of_the_own_scope(
    cast: Cast, client_of: Any, anh: Any, inspector_of_b: Any
) -> None:
    binh = make_member(cast.b, "Phạm Văn Bình")
    change(anh, cast.office, residence="Phố B")
    secret = AuditEvent.objects.latest("sequence").sequence
    change(binh, cast.office, residence="Phố C")
    audit.record(AuditAction.SIGNED_IN, by=cast.grassroots_b)
    audit.record(AuditAction.SIGNED_IN, by=cast.grassroots_a)
    client = client_of(inspector_of_b)
    page = get(client, LOG)
    assert sentences(page)[0] == "Phạm Chi Bộ đăng nhập"
    assert "Phạm Văn Bình" in sentences(page)[1]
    assert "Trần" not in page.text
    get(client, f"{LOG}{secret}/", 404)
    assert sentences(get(client, f"{LOG}?nguoi=Ánh")) == []


def test_items_of_an_event_outside_of_the_scope_are_not_shown(
    cast: Cast, client_of: Any, anh: Any, inspector_of_b: Any
) -> None:
    binh = make_member(cast.b, "Phạm Văn Bình")
    with audit.event(by=cast.office, note="Sửa cho bà Ánh và ông Bình", reason="Bà Ánh đề nghị"):
        for person in (anh, binh):
            person.residence = f"Nhà {person.full_name}"
            person.save()
    number = AuditEvent.objects.latest("sequence").sequence
    client = client_of(inspector_of_b)
    for address in (LOG, f"{LOG}{number}/"):
        page = get(client, address)
        assert "Phạm Văn Bình" in page.text
        assert "Ánh" not in page.text
    workbook = client.get(f"{LOG}excel/")
    assert "Ánh" not in str([cell.value for row in load_workbook(io.BytesIO(workbook.content)).active for cell in row])


def test_who_had_a_role_elsewhere_is_not_of_the_scope(cast: Cast, client_of: Any, inspector_of_b: Any) -> None:
    """Also when that role has ended, and when the account has another one within the scope."""
    RoleAssignment.objects.filter(user=cast.grassroots_a).update(ends_on=timezone.localdate())
    audit.record(AuditAction.SIGNED_IN, by=cast.grassroots_a)
    RoleAssignment.objects.create(user=cast.leader, role=Role.LEADER, organisation=cast.b)
    audit.record(AuditAction.SIGNED_OUT, by=cast.leader)
    assert "Vũ Lãnh Đạo đăng xuất" not in get(client_of(inspector_of_b), LOG).text
    audit.record(AuditAction.SIGNED_IN, by=cast.grassroots_a)
    assert "Trần Cơ Sở" not in get(client_of(inspector_of_b), LOG).text


def test_the_log_is_for_inspectors(cast: Cast, client_of: Any) -> None:
    number = AuditEvent.objects.latest("sequence").sequence
    for user in (cast.office, cast.leader, cast.grassroots_a, cast.administrator):
        for address in (LOG, f"{LOG}excel/", f"{LOG}{number}/"):
            get(client_of(user), address, 403)
    assert LOG in links(get(client_of(cast.inspector), LOG))
    assert LOG not in links(get(client_of(cast.leader), reverse("summary", args=[2015, "K"])))


# Exports


def test_the_log_is_exported_and_that_is_recorded(cast: Cast, client_of: Any, anh: Any) -> None:
    change(anh, cast.office, residence="=1+1")
    response = client_of(cast.inspector).get(f"{LOG}excel/?nguoi=Ánh")
    sheet = load_workbook(io.BytesIO(response.content)).active
    cells = [cell for row in sheet for cell in row]
    assert any("“Phố A” → “=1+1”" in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.user) == (AuditAction.EXPORTED, cast.inspector)
    assert event.details["sha256"] == sha256(response.content).hexdigest()
    assert event.details["people"] == [anh.pk]
    assert event.details["rows"] == 4
    assert event.note == "Xuất nhật ký (Hồ sơ của ai: Ánh)"


@pytest.mark.parametrize(
    ("figure", "has_people"),
    [("members.total", True), ("admission.decided", True), ("training.candidate.classes", False)],
)
def test_an_exported_list_names_its_people(cast: Cast, client_of: Any, figure: str, has_people: bool) -> None:
    person = make_member(cast.a_cell_1, "Trần Thị Ánh", "2015-02-01")
    response = client_of(cast.leader).get(reverse("figure_workbook", args=[2015, "A", figure]))
    event = AuditEvent.objects.latest("sequence")
    assert event.action == AuditAction.EXPORTED
    assert event.details["people"] == ([person.pk] if has_people else [])
    assert event.details["rows"] == (1 if has_people else 0)
    assert event.details["file"] == f"{figure.replace('.', '-')}-2015.xlsx"
    assert event.details["sha256"] == sha256(response.content).hexdigest()
    assert event.items.get().organisation_id == cast.a.pk


def test_an_exported_summary_names_the_people_of_its_lists(cast: Cast, client_of: Any) -> None:
    admitted = make_member(cast.a_cell_1, "Trần Thị Ánh", "2015-02-01")
    make_member(cast.a_cell_1, "Phạm Văn Bình", "2005-02-01")
    client_of(cast.leader).get(reverse("summary_workbook", args=[2015, "A"]))
    assert AuditEvent.objects.latest("sequence").details["people"] == [admitted.pk]


def test_who_may_export_elsewhere_may_not_export_here(cast: Cast, client_of: Any) -> None:
    RoleAssignment.objects.create(user=cast.grassroots_a, role=Role.LEADER, organisation=cast.b)
    client = client_of(cast.grassroots_a)
    assert client.get(reverse("summary_workbook", args=[2015, "A"])).status_code == 403
    assert client.get(reverse("figure_workbook", args=[2015, "A", "members.total"])).status_code == 403
    assert client.get(reverse("summary_workbook", args=[2015, "B"])).status_code == 200


def test_the_command_summary_is_recorded_and_kept_within_the_scope(cast: Cast, tmp_path: Any) -> None:
    def run(*arguments: Any) -> str:
        out = io.StringIO()
        call_command("summary", "2015", *arguments, stdout=out)
        return out.getvalue()

    start = AuditEvent.objects.count()
    run()
    assert AuditEvent.objects.count() == start
    run("--format", "json")
    run("--output", tmp_path / "a.txt")
    run("--format", "xlsx", "--output", tmp_path / "a.xlsx", "--user", "lanh-dao")
    events = list(AuditEvent.objects.order_by("sequence"))[start:]
    assert [event.details["file"] for event in events] == ["màn hình", "a.txt", "a.xlsx"]
    assert events[-1].user == cast.leader
    assert events[-1].details["sha256"] == sha256((tmp_path / "a.xlsx").read_bytes()).hexdigest()
    assert run("--user", "co-so-a").startswith("TỔNG KẾT NĂM 2015: Đảng bộ Sở Nội vụ (A)")
    for arguments in (["--user", "quan-tri"], ["--user", "co-so-a", "--format", "json"]):
        with pytest.raises(CommandError, match="không có quyền làm việc này"):
            run(*arguments)
    with pytest.raises(CommandError, match="Không có tổ chức nào mang mã “B”"):
        run("--user", "co-so-a", "--organisation", "B")


def test_who_gives_roles_on_an_organisation_sees_no_figure_of_it(cast: Cast, client_of: Any) -> None:
    RoleAssignment.objects.create(user=cast.administrator, role=Role.LEADER, organisation=cast.b)
    client = client_of(cast.administrator)
    for route in ("summary", "summary_workbook"):
        assert client.get(reverse(route, args=[2015, "A"])).status_code == 404
        assert client.get(reverse(route, args=[2015, "B"])).status_code == 200


# Histories


def test_the_person_page_shows_the_last_changes(cast: Cast, client_of: Any, anh: Any) -> None:
    for number in range(6):
        change(anh, cast.office, residence=f"Phố {number}")
    page = get(client_of(cast.grassroots_a), reverse("person", args=[anh.pk]))
    assert len(sentences(page)) == 5
    assert "“Phố 4” → “Phố 5”" in sentences(page)[0]
    assert reverse("person_history", args=[anh.pk]) in links(page)
    assert reverse("person_access", args=[anh.pk]) in links(page)


def test_a_history_shows_changes_and_to_inspectors_who_looked(cast: Cast, client_of: Any, anh: Any) -> None:
    client_of(cast.leader).get(reverse("person", args=[anh.pk]))
    client_of(cast.leader).get(reverse("figure_workbook", args=[2015, "K", "members.total"]))
    change(anh, cast.office, residence="Phố B")
    address = reverse("person_history", args=[anh.pk])
    own = sentences(get(client_of(cast.grassroots_a), address))
    assert own[0].startswith("Lê Văn Phòng sửa hồ sơ")
    assert not any("Vũ Lãnh Đạo" in sentence for sentence in own)
    every = sentences(get(client_of(cast.inspector), address))
    # Whoever read the history has read the file.
    assert every[:4] == [
        "Trần Cơ Sở xem hồ sơ Trần Thị Ánh",
        own[0],
        "Vũ Lãnh Đạo xuất danh sách “Tổng số đảng viên” năm 2015 của Đảng bộ Khối Các cơ quan tỉnh Sơn Nam",
        "Vũ Lãnh Đạo xem hồ sơ Trần Thị Ánh",
    ]


def test_an_export_of_another_person_is_not_in_the_history(cast: Cast, client_of: Any, anh: Any) -> None:
    make_member(cast.b, "Phạm Văn Bình", "2015-02-01")
    client_of(cast.leader).get(reverse("figure_workbook", args=[2015, "B", "members.total"]))
    told = sentences(get(client_of(cast.inspector), reverse("person_history", args=[anh.pk])))
    assert not any("xuất" in sentence for sentence in told)


def test_another_persons_part_of_an_event_is_not_in_the_history(cast: Cast, client_of: Any, anh: Any) -> None:
    binh = make_member(cast.b, "Phạm Văn Bình")
    with audit.event(by=cast.office, note="Sửa cho ông Bình"):
        for person in (binh, anh):
            person.residence = f"Nhà {person.full_name}"
            person.save()
    page = get(client_of(cast.grassroots_a), reverse("person_history", args=[anh.pk]))
    assert "Nhà Trần Thị Ánh" in page.text
    assert "Bình" not in page.text


def test_histories_are_scoped(cast: Cast, client_of: Any, anh: Any) -> None:
    get(client_of(cast.grassroots_b), reverse("person_history", args=[anh.pk]), 404)
    get(client_of(cast.grassroots_b), reverse("organisation", args=["A"]), 404)
    get(client_of(cast.administrator), reverse("organisation", args=["A"]), 403)
    RoleAssignment.objects.create(user=cast.administrator, role=Role.LEADER, organisation=cast.b)
    get(client_of(cast.administrator), reverse("organisation", args=["A"]), 404)


def test_an_organisation_has_a_page_with_its_history(cast: Cast, client_of: Any, anh: Any) -> None:
    cast.a.sector = "state_agency"
    as_user(cast.office, cast.a.save)
    page = get(client_of(cast.grassroots_a), reverse("organisation", args=["A"]))
    told = sentences(page)
    assert told[0] == "Lê Văn Phòng sửa tổ chức đảng Đảng bộ Sở Nội vụ: loại hình cơ sở: (trống) → Cơ quan Nhà nước"
    assert not any("Ánh" in sentence or "vai trò" in sentence for sentence in told)
    assert reverse("organisation", args=["A1"]) in links(page)
    assert "/tong-ket/?to-chuc=A" in links(page)
    assert reverse("organisation", args=["K"]) not in links(page)
    summary = get(client_of(cast.grassroots_a), reverse("summary", args=[2015, "A"]))
    assert reverse("organisation", args=["A"]) in links(summary)


def test_an_odd_code_has_a_page(cast: Cast, client_of: Any) -> None:
    for code in ("A/1", "100%", "a?b#c"):
        make_organisation("Tổ chức lạ", code=code, parent=cast.root)
        get(client_of(cast.office), reverse("organisation", args=[code]))
        get(client_of(cast.office), reverse("organisation_access", args=[code]))


def test_what_was_written_is_text(cast: Cast, client_of: Any, anh: Any) -> None:
    evil = "<img src=x onerror=alert(1)>"
    change(anh, cast.office, residence=evil)
    for address in (LOG, reverse("person_history", args=[anh.pk]), reverse("person", args=[anh.pk])):
        page = get(client_of(cast.inspector), address)
        assert evil in page.text
        assert not page.all("img")
