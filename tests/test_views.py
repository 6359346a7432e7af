"""The pages on small records: what they say, odd addresses and queries, signing in, reading only, queries."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.access import Role
from members.models import Person, User
from reviews.addresses import Addresses
from reviews.indicators import FIGURES
from tests.builders import (
    make_badge,
    make_class,
    make_commendation,
    make_enrolment,
    make_mass_organisation,
    make_member,
    make_organisation,
    make_person,
    make_rating,
    make_target,
    make_user,
)
from tests.pages import FIGURE_OF, figure_address, get, is_workbook, links, numbers, read, strange, table_rows

pytestmark = pytest.mark.django_db


def test_targets_show_what_was_reached_and_what_is_missing(client_of, cast):
    for _ in range(3):
        make_rating(make_member(cast.b), rank=1)
    make_rating(make_member(cast.b), rank=3)
    make_target(cast.b, "ratings.members.good_or_better", 98)
    make_target(cast.b, "ratings.members.tier1", 50)
    make_target(cast.b, "admission.decided", 3)
    make_target(cast.b, "admission.decided", 7, year=2016)
    page = get(client_of(cast.leader), reverse("summary", args=[2015, "B"]))
    text = page.text
    assert "75,00%" in text
    assert "thiếu 1 đảng viên" in text
    assert "vượt 25 điểm %" in text
    assert "thiếu 3 người" in text
    assert "Chỉ tiêu năm 2016" in text


def test_home_of_an_account_without_a_role_says_so(cast, client_of):
    page = get(client_of(make_user("chua-co-vai-tro")), "/", status=403)
    assert page.first("h1").text == "Không được phép"


def test_empty_list_says_so_and_offers_the_way_back(cast, client_of):
    client = client_of(cast.leader)
    page = get(client, figure_address("admission.decided", organisation="B"))
    assert "Năm 2015, Chi bộ Thanh tra tỉnh không có bản ghi nào thuộc mục này." in page.text
    assert not page.all("table")
    assert reverse("summary", args=[2015, "B"]) in links(page)


def test_search_without_a_hit_says_so_and_can_be_taken_back(cast, client_of):
    make_member(cast.b)
    page = get(client_of(cast.leader), figure_address("members.total", organisation="B", q="không có"))
    assert "Không có ai, tổ chức nào khớp “không có” trong danh sách này." in page.text
    assert "bỏ tìm" in page.text


def test_summary_without_targets_says_so(cast, client_of):
    page = get(client_of(cast.leader), reverse("summary", args=[2015, "B"]))
    assert "Chưa ghi chỉ tiêu năm 2015 của Chi bộ Thanh tra tỉnh." in page.text


def test_list_names_every_column_value_of_a_person(cast, client_of):
    """One row as it is read: name, birth, sex, organisation, cell, dates."""
    make_member(cast.a_cell_1, "Trần Thị Ánh", "2005-03-01", sex="female", occupation="Chuyên viên")
    page = get(client_of(cast.leader), figure_address("members.total", organisation="K"))
    assert table_rows(page) == [
        [
            "Trần Thị Ánh",
            "01/05/1970",
            "Nữ",
            "Đảng bộ Sở Nội vụ",
            "Chi bộ Văn phòng",
            "01/03/2005",
            "01/03/2006",
            "Chuyên viên",
        ]
    ]
    assert page.first("tbody").first("a").attributes["href"] == f"/nguoi/{Person.objects.get().pk}/"


# Unknown and odd addresses


@pytest.mark.parametrize(
    "address",
    [
        "/tong-ket/2015/KHONG-CO/",
        "/tong-ket/2015/KHONG-CO/excel/",
        "/tong-ket/2015/K/so-lieu/khong.co/",
        "/tong-ket/2015/K/so-lieu/khong.co/excel/",
        "/tong-ket/2015/K/so-lieu/%00/",
        "/tong-ket/1929/K/",
        "/tong-ket/2101/K/",
        "/tong-ket/0/K/",
        "/tong-ket/99999999999999999999/K/",
        "/tong-ket/2015/%E1%BB%/",
        "/nguoi/999999/",
        "/nguoi/99999999999999999999/",
        "/khong-co/",
    ],
)
def test_unknown_address_is_not_found(cast, client_of, address):
    page = get(client_of(cast.leader), address, status=404)
    assert page.first("h1").text == "Không tìm thấy"


ODD_QUERIES = [
    {"xep": "garbage"},
    {"xep": "-"},
    {"xep": ",,,"},
    {"xep": "name,name,-name"},
    {"xep": "person__password"},
    {"xep": "name;drop table"},
    {"xep": "\x00"},
    {"trang": "abc"},
    {"trang": "\x00"},
    {"q": '"><script>alert(1)</script>'},
    {"q": "'\"><img src=x onerror=alert(1)>"},
    {"q": "' OR 1=1 --"},
    {"q": "x" * 10_000},
    {"q": "\x00\x01\x1f\x7f"},
    {"q": "ẫ\u200b\u202e\ufeff"},
    {"q": "%_\\"},
    {"q": "{{ 7*7 }}{% debug %}"},
    {"q": "🙂" * 50},
    {"q": "a " * 500},
    {"nam": "x", "to-chuc": '"><script>'},
]


@pytest.mark.parametrize("query", ODD_QUERIES, ids=[f"{next(iter(q))} {n}" for n, q in enumerate(ODD_QUERIES)])
def test_odd_query_opens_the_page_and_is_not_taken_for_markup(cast, client_of, query):
    make_rating(make_member(cast.b), rank=1)
    client = client_of(cast.leader)
    for code in ("members.total", "ratings.organisations.subject", "training.candidate.classes"):
        page = get(client, figure_address(code, organisation="K", **query))
        assert not strange(page, "img")
        assert numbers(page)[code] in {0, 1, 2}
        excel = client.get(figure_address(code, organisation="K") + "excel/", query)
        assert excel.status_code == 200
    dashboard = get(client, reverse("summary", args=[2015, "K"]) + "?" + urlencode(query))
    assert not strange(dashboard, "img")


def test_names_with_markup_are_text_on_every_page(cast, client_of):
    """Names, codes and notes come from people and files: whatever they hold is shown, never run."""
    evil = "<img src=x onerror=alert(1)>\"'&"
    unit = make_organisation(f"Chi bộ {evil}", code="C<&>'\"", parent=cast.root, kind="grassroots_cell")
    person = make_member(unit, f"An {evil}", "2015-02-01", occupation=evil, file_number="<b>1")
    make_rating(person, rank=1)
    make_rating(unit, rank=1)
    make_rating(make_mass_organisation(unit, f"Công đoàn {evil}"), reason="other", note=evil)
    make_badge(person, decision_number=evil)
    opened = make_class("candidate", name=f"Lớp {evil}", provider=evil)
    make_enrolment(opened, person, grade=evil[:40])
    make_commendation(person=person, title="other", title_text=evil)
    make_target(unit, "admission.decided", 3)
    client = client_of(cast.leader)
    addresses = Addresses(2015, unit.code)
    pages = [addresses.summary, reverse("person", args=[person.pk]), reverse("summary", args=[2015, "K"])]
    pages += [addresses.figure(figure.code) for figure in FIGURES]
    for address in pages:
        page = get(client, address)
        assert not strange(page, "img", *(["b"] if address.startswith("/nguoi/") else [])), address
        assert not [element for element in page.all() if "onerror" in element.attributes], address
    assert evil in get(client, reverse("person", args=[person.pk])).text
    assert f"Chi bộ {evil}" in get(client, reverse("summary", args=[2015, "K"])).text


@pytest.mark.parametrize("code", ["A/1", "A 1", "Đ-01", "A%2F1", "a?b#c", "100%", "..", "A+B", "excel"])
def test_organisation_with_an_odd_code_has_working_addresses(cast, client_of, code):
    unit = make_organisation("Chi bộ có mã lạ", code=code, parent=cast.root, kind="grassroots_cell")
    make_member(unit)
    client = client_of(cast.leader)
    root = get(client, reverse("summary", args=[2015, "K"]))
    link = next(link for link in root.all("a") if link.text == unit.name)
    own = get(client, link.attributes["href"])
    assert numbers(own)["members.total"] == 1
    listed = get(client, own.first("a", data_figure="members.total").attributes["href"])
    assert numbers(listed) == {"members.total": 1}
    excel = next(link for link in listed.all("a") if is_workbook(link))
    assert client.get(excel.attributes["href"]).status_code == 200


def test_download_is_offered_only_to_those_who_may_export(cast, client_of):
    make_member(cast.b)
    for name, user in cast.users.items():
        if name in {"administrator", "grassroots_a"}:
            continue
        client = client_of(user)
        may = name in {"office", "leader"}
        for address in (
            reverse("summary", args=[2015, "B"]),
            figure_address("members.total", organisation="B"),
        ):
            offered = [link for link in get(client, address).all("a") if is_workbook(link)]
            assert bool(offered) == may, (name, address)


# A person


def test_person_page_tells_what_happened(cast, client_of):
    person = make_member(cast.a_cell_1, "Trần Thị Ánh", "1984-03-01", sex="female")
    make_rating(person, rank=2)
    make_rating(person, 2014, reason="other", note="đi học")
    make_badge(person)
    make_enrolment(make_class("update", name="Lớp cập nhật số 1"), person)
    make_commendation(person=person)
    text = get(client_of(cast.leader), reverse("person", args=[person.pk])).text
    for expected in (
        "Trần Thị Ánh",
        "Chi bộ Văn phòng",
        "01/03/1984",
        "Hoàn thành tốt nhiệm vụ",
        "Lý do khác",
        "Huy hiệu 30 năm",
        "Lớp cập nhật số 1",
        "Giấy khen",
    ):
        assert expected in text


def test_person_page_of_a_candidate_says_whom_they_are_followed_by(cast, client_of):
    person = make_person("Lê Thị Na", followed_by=cast.b)
    text = get(client_of(cast.leader), reverse("person", args=[person.pk])).text
    assert "Chưa kết nạp" in text
    assert "Chi bộ Thanh tra tỉnh" in text


# Signing in

PASSWORD = "một mật khẩu dài"


def test_signing_in_leads_home_and_signing_out_ends_it(cast):
    make_user("thu", Role.LEADER, cast.root, password=PASSWORD)
    client = Client()
    response = client.post(reverse("sign_in"), {"username": "thu", "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0].startswith("/tong-ket/")
    assert client.get(reverse("sign_out")).status_code == 405
    assert client.post(reverse("sign_out")).url == reverse("sign_in")
    assert client.get(reverse("summary", args=[2015, "K"])).status_code == 302


def test_signing_in_leads_to_the_page_that_was_asked_for(cast):
    make_user("thu", Role.LEADER, cast.root, password=PASSWORD)
    client = Client()
    wanted = figure_address("members.total", organisation="B", q="an", xep="-name")
    form = get(client, client.get(wanted).url).first("main").first("form")
    fields = {field.attributes["name"]: field.attributes.get("value", "") for field in form.all("input")}
    response = client.post(form.attributes["action"], fields | {"username": "thu", "password": PASSWORD})
    assert (response.status_code, response.url) == (302, wanted)


def test_wrong_password_says_so_and_keeps_the_name(cast):
    make_user("thu", Role.LEADER, cast.root, password=PASSWORD)
    for username, password in (("thu", "sai"), ("khong-co", PASSWORD), ("thu", "")):
        response = Client().post(reverse("sign_in"), {"username": username, "password": password})
        page = read(response)
        assert response.status_code == 200
        assert page.first("input", name="username").attributes["value"] == username
        assert not page.first("input", name="password").attributes.get("value")
        said = page.text
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in said or "Trường này là bắt buộc" in said


def test_locked_account_cannot_sign_in(cast):
    user = make_user("thu", Role.LEADER, cast.root, password=PASSWORD)
    User.objects.filter(pk=user.pk).update(is_active=False)
    response = Client().post(reverse("sign_in"), {"username": "thu", "password": PASSWORD})
    assert response.status_code == 200
    assert "_auth_user_id" not in response.client.session


# Reading writes nothing

KEPT_BY_READING = {"AuditEvent", "AuditItem", "AuditHead", "Session"}


def contents() -> dict[str, tuple[Any, ...]]:
    """Every row of every table but sessions; a user's last sign-in aside."""
    found = {}
    for model in apps.get_models():
        if model.__name__ in KEPT_BY_READING:
            continue
        fields = [field.attname for field in model._meta.concrete_fields if field.name != "last_login"]
        found[model.__name__] = tuple(model._default_manager.order_by("pk").values_list(*fields))
    return found


def readable_addresses() -> list[str]:
    person = Person.objects.first()
    return [
        "/",
        "/tong-ket/",
        reverse("summary", args=[2015, "K"]),
        reverse("summary", args=[2015, "A"]),
        reverse("summary_workbook", args=[2015, "K"]),
        reverse("person", args=[person.pk]),
        reverse("sign_in"),
        *(figure_address(code, organisation="K") for code in FIGURE_OF.values()),
        *(figure_address(code, organisation="K") + "excel/" for code in FIGURE_OF.values()),
        "/quan-tri/",
        "/quan-tri/members/organisation/",
        "/quan-tri/reviews/ratingscheme/add/",
    ]


def test_reading_writes_nothing(cast, client_of):
    fill(cast, 0, 3)
    client = client_of(cast.office)
    before = contents()
    with CaptureQueriesContext(connection) as captured:
        for address in readable_addresses():
            assert client.get(address).status_code in {200, 302}, address
    assert contents() == before
    own = ("members_session", "members_audit")  # who is there, and the trail of what was looked at
    statements = [query["sql"] for query in captured if not any(table in query["sql"] for table in own)]
    harmless = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "WITH")
    assert [sql for sql in statements if not sql.lstrip("( ").upper().startswith(harmless)] == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_that_only_read_refuse_other_methods(cast, client_of, method):
    fill(cast, 0, 1)
    client = client_of(cast.office)
    for address in readable_addresses():
        if address.startswith(("/quan-tri/", "/dang-nhap/")):
            continue
        assert getattr(client, method)(address).status_code == 405, address


# Queries


def fill(cast: Any, start: int, number: int) -> None:
    """Members with all that is shown of them, in two cells and an organisation."""
    for position in range(start, start + number):
        home = (cast.a_cell_1, cast.a_cell_2, cast.b)[position % 3]
        person = make_member(home, f"Nguyễn Văn {position}", f"2015-01-{position % 28 + 1:02}")
        make_rating(person, rank=position % 4 + 1)
        make_badge(person)
        make_commendation(person=person)
        make_enrolment(make_class("candidate"), person)
        make_rating(make_mass_organisation(home, f"Công đoàn {position}"), rank=1)


# The most that each page may take, sessions and the user included.
MOST_QUERIES = {"summary": 23, "figure": 10, "figure_workbook": 17, "summary_workbook": 44, "person": 44}


def test_pages_take_few_queries_and_no_more_with_more_members(cast, client_of):
    client = client_of(cast.leader)

    def counts() -> dict[str, int]:
        person = Person.objects.order_by("pk").first()
        addresses = {
            "summary": reverse("summary", args=[2015, "K"]),
            "summary_workbook": reverse("summary_workbook", args=[2015, "K"]),
            "person": reverse("person", args=[person.pk]),
            **{f"figure {code}": figure_address(code, organisation="K") for code in FIGURE_OF.values()},
            **{
                f"figure_workbook {code}": figure_address(code, organisation="K") + "excel/"
                for code in FIGURE_OF.values()
            },
        }
        found = {}
        for name, address in addresses.items():
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found[name] = len(captured)
        return found

    make_target(cast.root)
    make_rating(cast.a, rank=1)
    make_commendation(organisation=cast.a)
    fill(cast, 0, 10)
    counts()
    before = counts()
    over = {name: count for name, count in before.items() if count > MOST_QUERIES[name.split()[0]]}
    assert over == {}
    fill(cast, 10, 290)
    assert counts() == before
