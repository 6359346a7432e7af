"""The Excel of a list of people is exactly the list, and leaves its trace."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from config.access import Role
from members.models import AuditEvent, RoleAssignment
from reviews.people import listing as listings
from tests.builders import make_member, make_stay, make_user
from tests.conftest import Cast
from tests.pages import read
from tests.test_people_list import fill_cell

pytestmark = pytest.mark.django_db


def sheet(response: Any) -> Any:
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


def rows(response: Any) -> list[list[Any]]:
    """The table below its title: headings and rows."""
    found = [list(row) for row in sheet(response).iter_rows(values_only=True)]
    return found[next(number for number, row in enumerate(found) if row[0] == "STT") :]


@pytest.mark.parametrize(
    "query", ["", "xep=-sinh", "q=thi&cot=ten,ly_lich,so_the", "to_chuc=A&gioi=male", "xep=chi_bo"]
)
def test_workbook_holds_the_rows_and_columns_of_the_pages(cast: Cast, client_of, query, monkeypatch):
    monkeypatch.setattr(listings, "READ_TOGETHER", 7)
    fill_cell(cast.a_cell_1, 60)
    fill_cell(cast.b, 15)
    client, told = client_of(cast.office), []
    address = f"{reverse('people')}?{query}"
    while address:
        page = read(client.get(address))
        headings = [cell.text.rstrip(" ▲▼") for cell in page.all("thead")[0].all("th")]
        body = page.all("tbody")[0].all("tr")
        told += [[cell.text for cell in row.all("th", "td")] for row in body]
        following = page.all("a", rel="next")
        address = reverse("people") + following[0].attributes["href"] if following else ""
    head, *written = rows(client.get(f"{reverse('people_excel')}?{query}"))
    assert head == ["STT", *headings]
    assert [row[0] for row in written] == list(range(1, len(told) + 1))
    assert [[shown(value) for value in row[1:]] for row in written] == told


def midnight(*day: int) -> dt.datetime:
    """A day as openpyxl reads it."""
    return dt.datetime.combine(dt.date(*day), dt.time())


def shown(value: Any) -> str:
    """A cell as the page shows it."""
    if value is None:
        return "–"
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.datetime) else str(value)


def test_dates_are_dates_and_text_is_never_a_formula(cast: Cast, client_of):
    make_member(cast.a, "=1+1", "2005-03-01", born_on=dt.date(1975, 1, 1), born_on_precision="year", card_number="0012")
    _, row = rows(client_of(cast.office).get(reverse("people_excel"), {"cot": "sinh,ket_nap,so_the,tuoi_dang"}))
    assert row[:4] == [1, "=1+1", "1975", midnight(2005, 3, 1)]
    assert isinstance(row[4], int)
    assert row[5] == "0012"
    cells = sheet(client_of(cast.office).get(reverse("people_excel")))
    assert all(cell.data_type != "f" for line in cells.iter_rows() for cell in line)


def test_export_is_recorded_with_whom_it_holds(cast: Cast, client_of):
    people = [make_member(cast.a, f"Người {number}") for number in range(3)]
    make_member(cast.b)
    client_of(cast.office).get(reverse("people_excel"), {"to_chuc": "A", "gioi": "male"})
    event = AuditEvent.objects.filter(action="exported").latest("sequence")
    assert event.details["people"] == sorted(person.pk for person in people)
    assert event.details["rows"] == 3
    assert "Đảng viên · Đảng bộ Sở Nội vụ · nam" in event.details["title"]


def test_only_what_may_be_exported_is_in_the_file(cast: Cast, client_of):
    """Who reads everywhere and exports in one place takes away that place alone."""
    user = make_user("hai-vai", Role.INSPECTOR, cast.root)
    RoleAssignment.objects.create(user=user, role=Role.LEADER, organisation=cast.b)
    make_member(cast.a, "Người của A")
    make_member(cast.b, "Người của B")
    client = client_of(user)
    assert len(read(client.get(reverse("people"))).all("tbody")[0].all("tr")) == 2
    _, *written = rows(client.get(reverse("people_excel")))
    assert [row[1] for row in written] == ["Người của B"]
    assert client.get(reverse("people_excel"), {"to_chuc": "A"}).status_code == 404


def test_what_makes_no_sense_is_no_file(cast: Cast, client_of):
    assert client_of(cast.office).get(reverse("people_excel"), {"ngay": "x"}).status_code == 404


def test_former_members_stand_with_when_and_why_they_left(cast: Cast, client_of):
    person = make_member(cast.a, "Nguyễn Văn An")
    stay = person.memberships.get()
    stay.ended_on, stay.end_reason = dt.date(2015, 6, 1), "deceased"
    stay.save()
    make_stay(make_member(cast.b), cast.b, "1990-01-01", "1991-01-01")
    head, row = rows(client_of(cast.office).get(reverse("people_excel"), {"tinh_trang": "tu-tran"}))
    values = dict(zip(head, row, strict=True))
    assert (values["Ngày rời"], values["Tình trạng"]) == (midnight(2015, 6, 1), "Từ trần")
