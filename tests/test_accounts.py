"""The administrator's pages of accounts, the first-password link, and the command that makes the first account."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.access import Role
from members import audit
from members.accounts import services as account_services
from members.accounts.pages import ACTS
from members.audit import AuditAction
from members.models import AuditEvent, AuditItem, Organisation, RoleAssignment, Session, User
from tests.builders import make_member, make_user
from tests.pages import get, read, table_rows

pytestmark = pytest.mark.django_db

PASSWORD = "hoa phượng nở đỏ"
LIST, NEW = "/tai-khoan/", "/tai-khoan/moi/"


def page_of(user: User) -> str:
    return reverse("account", args=[user.pk])


def act_on(user: User, name: str) -> str:
    return reverse("account_act", args=[user.pk, name])


def roles(*rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    values: dict[str, Any] = {"roles-TOTAL_FORMS": len(rows), "roles-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        values |= {f"roles-{number}-{name}": value for name, value in row.items()}
    return values


def role(organisation: Organisation, name: str = "leader", **fields: Any) -> dict[str, Any]:
    return {"role": name, "organisation": organisation.pk, **fields}


def new(*rows: dict[str, Any], **changes: str) -> dict[str, Any]:
    return {"username": "an", "full_name": "Nguyễn Văn An", "email": "", **changes} | roles(*rows)


@pytest.fixture
def manager(cast: Any, client_of: Any) -> Client:
    return client_of(cast.administrator)


@pytest.fixture
def manager_of_a(cast: Any) -> User:
    return make_user("quan-tri-a", Role.ADMINISTRATOR, cast.a, full_name="Quản trị của A")


# The list


def test_list_shows_who_is_in_scope_with_role_state_and_last_sign_in(cast, manager):
    User.objects.filter(pk=cast.leader.pk).update(last_login="2026-03-05T02:30Z", password="argon2$x")
    account_services.lock(user=cast.grassroots_b, reason="nghỉ", by=None)
    rows = {row[0]: row for row in table_rows(get(manager, LIST))}
    assert set(rows) == {user.username for user in cast.users.values()}
    assert rows["lanh-dao"][1:] == ["Vũ Lãnh Đạo", f"Lãnh đạo – {cast.root}", "● Đang dùng", "09:30 05/03/2026"]
    assert rows["co-so-b"][3:] == ["✕ Đã khóa", "–"]
    assert rows["van-phong"][3] == "○ Chưa đặt mật khẩu"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=pham", {"co-so-b"}),
        ("q=Vũ Lãnh", {"lanh-dao"}),
        ("q=không có ai", set()),
        ("role=grassroots", {"co-so-a", "co-so-b"}),
        ("role=grassroots&state=locked", {"co-so-b"}),
        ("state=locked", {"co-so-b"}),
        ("state=active", set()),
        ("role=nonsense", None),
    ],
)
def test_list_is_searched_and_filtered(cast, manager, query, found):
    account_services.lock(user=cast.grassroots_b, reason="nghỉ", by=None)
    page = get(manager, f"{LIST}?{query}")
    if found is None:
        assert len(table_rows(page)) == 6
    else:
        assert {row[0] for row in table_rows(page)} == found
        assert found or "Không có tài khoản nào khớp" in page.text


def test_list_has_pages_and_its_queries_do_not_grow(cast, manager):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(manager, LIST)
        return len(captured)

    queries()
    before = queries()
    for number in range(60):
        make_user(f"nguoi-{number:02}", Role.LEADER, cast.a)
    assert queries() == before <= 10
    page = get(manager, f"{LIST}?role=leader&page=2")
    assert len(table_rows(page)) == 11
    assert "Trang 2/2" in page.text
    assert "role=leader" in page.first("a", rel="prev").attributes["href"]


# Scope


def test_accounts_with_a_role_beyond_the_scope_are_not_there(cast, manager_of_a, client_of):
    client = client_of(manager_of_a)
    assert {row[0] for row in table_rows(get(client, LIST))} == {"co-so-a", "quan-tri-a"}
    for user in (cast.office, cast.grassroots_b, cast.administrator):
        for address in (page_of(user), reverse("account_change", args=[user.pk]), act_on(user, "khoa")):
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in {404, 405}
    assert client.get(page_of(cast.grassroots_a)).status_code == 200


@pytest.mark.parametrize("name", ["office", "grassroots_a", "leader", "inspector"])
def test_pages_are_for_administrators(cast, client_of, name):
    client = client_of(getattr(cast, name))
    addresses = [LIST, NEW, page_of(cast.leader), reverse("account_change", args=[cast.leader.pk])]
    for address in (*addresses, *(act_on(cast.leader, act) for act in ACTS)):
        assert client.get(address).status_code == 403, address
        assert client.post(address).status_code in {403, 405}, address


def test_roles_are_given_within_the_own_scope_only(cast, manager_of_a, client_of):
    client = client_of(manager_of_a)
    offered = [option.text for option in get(client, NEW).first("select", name="roles-0-organisation").all("option")]
    assert str(cast.a_cell_1) in offered
    assert str(cast.root) not in offered
    assert client.post(NEW, new(role(cast.root))).status_code == 200
    assert not User.objects.filter(username="an").exists()
    assert client.post(NEW, new(role(cast.a_cell_1))).status_code == 302


def test_services_refuse_what_the_pages_do_not_offer(cast, manager_of_a):
    beyond = RoleAssignment(role=Role.LEADER, organisation=cast.root)
    with pytest.raises(PermissionDenied):
        account_services.create_account(user=User(username="an", full_name="An"), roles=[beyond], by=manager_of_a)
    for do in (act.do for act in ACTS.values()):
        with pytest.raises(PermissionDenied):
            do(user=cast.leader, reason="vì", by=manager_of_a)
        with pytest.raises(PermissionDenied):
            do(user=manager_of_a, reason="vì", by=manager_of_a)
    with pytest.raises(PermissionDenied):
        account_services.change_account(user=manager_of_a, roles=[beyond], by=manager_of_a)


def test_nobody_changes_the_own_roles_or_locks_the_own_account(cast, manager):
    me = cast.administrator
    page = get(manager, page_of(me))
    assert reverse("account_change", args=[me.pk]) not in page.text
    assert not page.all("ul", class_="act-list")
    assert manager.get(reverse("account_change", args=[me.pk])).status_code == 403
    values = {"username": me.username, "full_name": me.full_name, "email": ""} | roles(role(cast.root, "office"))
    assert manager.post(reverse("account_change", args=[me.pk]), values).status_code == 403
    assert manager.post(act_on(me, "khoa"), {"reason": "thử"}).status_code == 403
    me.refresh_from_db()
    assert me.is_active


def test_pages_hold_no_personal_record(cast, manager):
    person = make_member(cast.a_cell_1, "Trần Thị Chim Yến")
    audit.record(AuditAction.VIEWED, by=cast.office, note=f"Xem hồ sơ {person.full_name}")
    for address in (LIST, NEW, page_of(cast.office)):
        assert "Chim Yến" not in manager.get(address).content.decode()


# Writing


def test_account_is_made_without_a_password_and_with_a_link_that_is_shown_once(cast, manager):
    rows = (role(cast.a, starts_on="5/9/2015"), {}, role(cast.b, "grassroots", ends_on="31/12/2030"))
    response = manager.post(NEW, new(*rows), follow=True)
    made = User.objects.get(username="an")
    assert not made.has_usable_password()
    assert {(str(row.organisation), row.role) for row in made.role_assignments.all()} == {
        (str(cast.a), "leader"),
        (str(cast.b), "grassroots"),
    }
    link = read(response).having("data-link")[0].text
    assert link.startswith("http://testserver/dat-mat-khau/")
    assert not get(manager, page_of(made)).having("data-link")
    event = AuditEvent.objects.get(note="Tạo tài khoản: an")
    assert (event.user, event.action) == (cast.administrator, AuditAction.ACCOUNT)
    assert event.item_count == 3


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"username": "van-phong"}, "đã có người dùng"),
        ({"username": "có dấu cách"}, "viết không dấu, viết liền"),
        ({"full_name": ""}, "Hãy ghi mục này"),
        ({"roles-0-ends_on": "1/1/2000", "roles-0-starts_on": "1/1/2001"}, "Ngày kết thúc phải sau ngày bắt đầu"),
        ({"roles-0-starts_on": "hôm qua"}, "Hãy gõ ngày/tháng/năm"),
        ({"roles-0-organisation": ""}, "Hãy chọn mục này"),
        ({"roles-1-role": "leader", "roles-1-organisation": "A"}, "đã có vai trò đó ở tổ chức này"),
    ],
)
def test_account_that_cannot_be_is_refused_with_words_and_nothing_is_lost(cast, manager, changes, word):
    sent = new(role(cast.a), {}, email="an@example.vn") | changes
    if sent.get("roles-1-organisation") == "A":
        sent["roles-1-organisation"] = cast.a.pk
    page = read(manager.post(NEW, sent))
    assert word in page.text
    assert page.first("input", name="email").attributes["value"] == "an@example.vn"
    assert User.objects.count() == 6


def test_form_that_is_sent_twice_makes_one_account(cast, manager):
    token = get(manager, NEW).first("main").first("input", name="submission").attributes["value"]
    sent = new(role(cast.a)) | {"submission": token}
    assert manager.post(NEW, sent).url == manager.post(NEW, sent).url
    assert User.objects.filter(username="an").count() == 1


def rows_of(page: Any) -> dict[str, Any]:
    """All that the form on the page would send."""
    form = page.first("main").first("form")
    sent = {field.attributes["name"]: field.attributes.get("value", "") for field in form.all("input")}
    for select in form.all("select"):
        chosen = [option for option in select.all("option") if "selected" in option.attributes]
        sent[select.attributes["name"]] = chosen[0].attributes["value"] if chosen else ""
    return {name: value for name, value in sent.items() if not name.endswith("DELETE")}


def test_roles_are_ended_added_and_taken_away(cast, manager):
    leader = cast.leader
    old = leader.role_assignments.get()
    extra = RoleAssignment.objects.create(user=leader, role="grassroots", organisation=cast.b)
    address = reverse("account_change", args=[leader.pk])
    sent = rows_of(get(manager, address))
    numbers = {int(sent[f"roles-{number}-id"]): number for number in (0, 1)}
    sent |= {
        "full_name": "Vũ Thị Lãnh Đạo",
        f"roles-{numbers[old.pk]}-ends_on": "1/1/2030",
        f"roles-{numbers[extra.pk]}-DELETE": "on",
        "roles-2-role": "leader",
        "roles-2-organisation": str(cast.a.pk),
    }
    assert manager.post(address, sent).url == page_of(leader)
    kept = {
        (row.role, row.organisation.code, row.ends_on and row.ends_on.year) for row in leader.role_assignments.all()
    }
    assert kept == {("leader", "K", 2030), ("leader", "A", None)}
    leader.refresh_from_db()
    assert leader.full_name == "Vũ Thị Lãnh Đạo"
    event = AuditEvent.objects.get(note="Sửa tài khoản: lanh-dao")
    assert set(event.items.values_list("account", flat=True)) == {leader.pk}


def test_change_over_anothers_change_is_asked_and_not_lost(cast, manager):
    address = reverse("account_change", args=[cast.leader.pk])
    sent = rows_of(get(manager, address)) | {"full_name": "Tên của tôi"}
    other = User.objects.get(pk=cast.leader.pk)
    other.full_name = "Tên của người khác"
    other.save()
    page = read(manager.post(address, sent))
    assert "Tên của người khác" in page.text
    other.refresh_from_db()
    assert other.full_name == "Tên của người khác"


@pytest.mark.parametrize("name", ACTS)
def test_confirming_page_says_what_will_happen_and_does_nothing_by_itself(cast, manager, name):
    page = get(manager, act_on(cast.leader, name))
    assert ACTS[name].says in page.text
    assert not AuditEvent.objects.filter(action=AuditAction.ACCOUNT).exists()


def test_act_that_does_not_exist_is_not_found(cast, manager):
    assert manager.get(act_on(cast.leader, "xoa")).status_code == 404


def test_lock_takes_a_reason_keeps_the_rows_and_is_taken_back(cast, manager, client_of):
    theirs = client_of(cast.leader)
    assert "Hãy ghi lý do" in read(manager.post(act_on(cast.leader, "khoa"))).text
    assert theirs.get("/tai-khoan-cua-toi/").status_code == 200
    assert manager.post(act_on(cast.leader, "khoa"), {"reason": "Chuyển công tác"}).url == page_of(cast.leader)
    assert theirs.get("/tai-khoan-cua-toi/").status_code == 302
    assert cast.leader.role_assignments.count() == 1
    page = get(manager, page_of(cast.leader))
    assert "Lý do: Chuyển công tác" in page.text
    assert "Khóa tài khoản…" not in page.text
    manager.post(act_on(cast.leader, "mo-khoa"))
    cast.leader.refresh_from_db()
    assert cast.leader.is_active
    with pytest.raises(ValidationError):
        account_services.lock(user=cast.leader, reason=" ", by=None)


def test_sessions_are_ended(cast, manager, client_of):
    theirs, mine = client_of(cast.leader), manager
    manager.post(act_on(cast.leader, "ket-thuc-phien"))
    assert theirs.get("/tai-khoan-cua-toi/").status_code == 302
    assert mine.get("/tai-khoan-cua-toi/").status_code == 200
    assert not Session.objects.filter(user=cast.leader).exists()


def test_second_factor_is_removed_with_a_reason(cast, manager):
    TOTPDevice.objects.create(user=cast.leader, name="app", confirmed=True)
    manager.post(act_on(cast.leader, "go-xac-thuc"))
    assert TOTPDevice.objects.exists()
    manager.post(act_on(cast.leader, "go-xac-thuc"), {"reason": "Mất điện thoại"})
    assert not TOTPDevice.objects.exists()


def test_lockout_is_seen_and_lifted(cast, manager):
    cast.leader.set_password(PASSWORD)
    cast.leader.save()
    values = {"username": "lanh-dao", "password": "sai"}
    for _ in range(5):
        Client().post("/dang-nhap/", values)
    page = get(manager, page_of(cast.leader))
    assert "đang tạm khóa đăng nhập" in page.text
    assert "5 lần từ 127.0.0.1" in page.text
    manager.post(act_on(cast.leader, "mo-tam-khoa"))
    assert not AccessAttempt.objects.exists()
    assert Client().post("/dang-nhap/", values | {"password": PASSWORD}).status_code == 302


def test_every_act_is_recorded_with_the_account_and_who_did_it(cast, manager):
    for name in ACTS:
        manager.post(act_on(cast.leader, name), {"reason": "vì thử"})
    events = AuditEvent.objects.filter(action=AuditAction.ACCOUNT)
    assert {event.note for event in events} == {
        "Bỏ tạm khóa đăng nhập: lanh-dao",
        "Cấp lại mật khẩu: lanh-dao",
        "Kết thúc mọi phiên làm việc: lanh-dao",
        "Gỡ xác thực hai bước: lanh-dao",
        "Khóa tài khoản: lanh-dao",
        "Mở khóa tài khoản: lanh-dao",
    }
    assert {(event.user, event.reason) for event in events} == {(cast.administrator, "vì thử")}
    about = {event.note for event in events if event.items.filter(account=cast.leader).exists()}
    assert about == {event.note for event in events}
    text = get(manager, page_of(cast.leader)).text
    assert all(event.note in text for event in events)


def test_history_does_not_name_accounts_beyond_the_scope(cast, manager_of_a, client_of):
    """What an administrator of all did before the role was cut down to A."""
    former = make_user("quan-tri-cu", Role.ADMINISTRATOR, cast.root)
    account_services.lock(user=cast.office, reason="thử", by=former)
    former.role_assignments.update(organisation=cast.a)
    client_of(former).post(reverse("sign_out"))
    text = get(client_of(manager_of_a), page_of(former)).text
    assert "Đăng xuất" in text
    assert "van-phong" not in text


# The link


@pytest.fixture
def link(cast: Any, manager: Client) -> str:
    """The link of a password that was reset."""
    cast.leader.set_password(PASSWORD)
    cast.leader.save()
    page = read(manager.post(act_on(cast.leader, "cap-lai-mat-khau"), follow=True))
    return page.having("data-link")[0].text


def set_password(link: str, password: str) -> Any:
    client = Client()
    form = client.get(link)
    if form.status_code != 302:
        return form
    return client.post(form.url, {"new_password1": password, "new_password2": password})


def test_link_sets_a_password_once(cast, link):
    assert Client().post("/dang-nhap/", {"username": "lanh-dao", "password": PASSWORD}).status_code == 200
    new_password = "mây bay qua núi xanh"
    response = set_password(link, new_password)
    assert (response.status_code, response.url) == (302, "/dang-nhap/")
    assert "Liên kết không còn dùng được" in read(set_password(link, "một câu khác nữa")).text
    cast.leader.refresh_from_db()
    assert cast.leader.check_password(new_password)
    assert Client().post("/dang-nhap/", {"username": "lanh-dao", "password": new_password}).status_code == 302


def test_link_refuses_a_weak_password_and_stays_good(cast, link):
    assert "dễ đoán" in read(set_password(link, "lanh-dao-2015!")).text
    assert set_password(link, "mây bay qua núi xanh").status_code == 302


def test_link_ends_after_72_hours(cast, link, monkeypatch):
    for hours, status in ((71, 302), (73, 200)):
        later = dt.datetime.now() + dt.timedelta(hours=hours)  # noqa: DTZ005 (as the generator reads its clock)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self, later=later: later)
        assert Client().get(link).status_code == status


def test_newer_link_lock_and_foreign_account_make_it_useless(cast, link, manager):
    key = link.split("/")[-3]
    foreign = link.replace(f"/{key}/", "/MQ/") if key != "MQ" else link.replace("/MQ/", "/Mg/")
    assert Client().get(foreign).status_code == 200
    manager.post(act_on(cast.leader, "cap-lai-mat-khau"))
    assert Client().get(link).status_code == 200
    newer = account_services.first_password_path(User.objects.get(pk=cast.leader.pk))
    assert Client().get(newer).status_code == 302
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert Client().get(newer).status_code == 200


def test_link_is_nowhere_in_the_audit_trail(cast, link):
    token = link.split("/")[-2]
    set_password(link, "mây bay qua núi xanh")
    events = AuditEvent.objects.values_list("note", "place", "details", "reason")
    items = AuditItem.objects.values_list("before", "after")
    told = f"{list(events)}{list(items)}"
    assert token not in told
    assert "argon2" not in told
    assert "•••" in told


# My account


def test_my_account_says_who_i_am(cast, client_of):
    page = get(client_of(cast.grassroots_a), "/tai-khoan-cua-toi/")
    for word in ("Trần Cơ Sở", "co-so-a", "Cơ sở – Đảng bộ Sở Nội vụ", "Chưa thiết lập"):
        assert word in page.text
    header = page.first("header").first("a", href="/tai-khoan-cua-toi/")
    assert header.text == "Trần Cơ Sở"


# The command


def create(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_account", *arguments, stdout=out)
    return out.getvalue()


def test_command_makes_the_first_account_and_organisation(db):
    arguments = ("--role", "administrator", "--root-code", "K", "--root-name", "Đảng bộ Khối", "--full-name", "Lê An")
    said = create("quantri", *arguments, "--url", "https://hoso.example.vn/")
    user = User.objects.get()
    assert (user.username, user.full_name, user.has_usable_password()) == ("quantri", "Lê An", False)
    assert user.role_assignments.get().organisation == Organisation.objects.get(code="K")
    link = said.splitlines()[-1]
    assert link.startswith("https://hoso.example.vn/dat-mat-khau/")
    assert set_password(link.removeprefix("https://hoso.example.vn"), "mây bay qua núi xanh").status_code == 302
    event = AuditEvent.objects.get(note="Tạo tài khoản: quantri")
    assert (event.user, event.origin) == (None, "command")


def test_command_takes_the_only_root_or_the_one_that_is_named(cast):
    create("mot", "--role", "leader")
    create("hai", "--role", "leader", "--organisation", "A")
    found = dict(RoleAssignment.objects.filter(role="leader").values_list("user__username", "organisation__code"))
    assert (found["mot"], found["hai"]) == ("K", "A")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("moi", "--role", "leader", "--organisation", "ZZ"), "Không có tổ chức với mã"),
        (("van-phong", "--role", "leader"), "đã có người dùng"),
        (("có cách", "--role", "leader"), "đăng nhập hợp lệ"),
        (("moi", "--role", "leader", "--root-code", "K2", "--root-name", "Khác"), "Đã có tổ chức"),
        (("moi", "--role", "leader", "--root-code", "K2"), "cả --root-code và --root-name"),
        (("moi", "--role", "vua"), "vua"),
    ],
)
def test_command_says_what_is_wrong_and_makes_nothing(cast, arguments, word):
    with pytest.raises(CommandError, match=word):
        create(*arguments)
    assert User.objects.count() == 6
    assert Organisation.objects.roots().count() == 1


def test_command_without_any_organisation_says_what_to_do(db):
    with pytest.raises(CommandError, match="--root-code"):
        create("quantri", "--role", "administrator")


@pytest.mark.parametrize(
    ("typed", "word"), [(["abc", "abc"], "quá ngắn"), (["mây bay qua núi", "mây bay qua sông"], "không giống nhau")]
)
def test_command_refuses_a_password_that_is_weak_or_mistyped(cast, monkeypatch, typed, word):
    answers = iter(typed)
    monkeypatch.setattr("members.management.commands.create_account.getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError, match=word):
        create("moi", "--role", "leader", "--ask-password")
    assert not User.objects.filter(username="moi").exists()


def test_command_asks_for_a_password(cast, monkeypatch):
    monkeypatch.setattr("members.management.commands.create_account.getpass", lambda prompt: "mây bay qua núi xanh")
    said = create("moi", "--role", "leader", "--ask-password")
    assert "dat-mat-khau" not in said
    assert User.objects.get(username="moi").check_password("mây bay qua núi xanh")
