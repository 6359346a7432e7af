"""The pages on the demonstration data: every number is the summary's and opens its list."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from config.numbers import count_text, share_text
from members.models import Organisation, OrganisationKind, Person, User
from members.text import fold
from reviews.indicators import BY_CODE, FIGURES, Columns
from reviews.scope import Scope
from reviews.summary import Summary
from tests.pages import (
    FIGURE_OF,
    Element,
    figure_address,
    get,
    headings,
    is_workbook,
    links,
    numbers,
    read,
    table_rows,
    whole,
)

pytestmark = pytest.mark.django_db
ROOT = "DUK"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
every_list = pytest.mark.parametrize("columns", Columns, ids=lambda columns: columns.value)


@pytest.fixture
def leader(demo: None, client_of: Callable[[User], Client]) -> Client:
    """The demonstration's leader, signed in."""
    return client_of(User.objects.get(username="lanhdao"))


def some_organisation(kind: str) -> Organisation:
    return Organisation.objects.filter(kind=kind, ended_on__isnull=True).order_by("code").first()


# The dashboard


@pytest.mark.parametrize("kind", [kind.value for kind in OrganisationKind])
@pytest.mark.parametrize("year", [2013, 2015])
def test_every_number_of_the_dashboard_is_the_summarys(leader, kind, year):
    organisation = some_organisation(kind)
    page = get(leader, reverse("summary", args=[year, organisation.code]))
    summary = Summary(Scope(organisation, year))
    shown = numbers(page)
    assert shown == {code: number.count for code, number in summary.numbers.items()}
    shares = [share_text(number.share) for number in summary.numbers.values() if number.share is not None]
    text = page.text
    assert {share for share in shares if share not in text} == set()


def test_dashboard_says_the_report_of_2015(leader):
    page = get(leader, reverse("summary", args=[2015, ROOT]))
    shown = numbers(page)
    assert shown["admission.decided"] == 261
    assert shown["training.candidate.learners"] == 394
    assert shown["badges.awarded"] == 58
    assert shown["ratings.members.good_or_better"] == 4001
    for text in ("80,28%", "15,49%", "95,77%", "97,59%", "4.001", "4.100", "71 tổ chức"):
        assert text in page.text


def test_numbers_of_the_year_before_and_differences_are_shown(leader):
    page = get(leader, reverse("summary", args=[2015, ROOT]))
    before = Summary(Scope(Organisation.objects.get(code=ROOT), 2014))
    for code in ("admission.decided", "badges.awarded", "members.total"):
        (link,) = page.all("a", data_figure=code)
        row = next(row for row in page.all("tr") if link in row.all("a"))
        count = before.number(code).count
        assert count_text(count) in [cell.text for cell in row.all("td")]
        assert figure_address(code, 2014) in links(row)
        difference = whole(link.text) - count
        assert count_text(difference) in row.text.replace("+", "")


def test_every_link_of_a_small_dashboard_opens_and_its_list_says_the_number(leader):
    """All links of a grassroots cell's page: numbers, shares, bases, charts, the year before, the path."""
    organisation = some_organisation("grassroots_cell")
    page = get(leader, reverse("summary", args=[2015, organisation.code]))
    addresses = [address for address in links(page) if address.startswith("/tong-ket/")]
    assert len(addresses) > 2 * len(FIGURES)
    summaries = {year: Summary(Scope(organisation, year)) for year in range(2010, 2016)}
    for address in addresses:
        response = leader.get(address, follow=True)
        assert response.status_code == 200, address
        if "/so-lieu/" not in address:
            continue
        year, code = int(address.split("/")[2]), address.split("/")[5]
        assert numbers(read(response)) == {code: summaries[year].number(code).count}, address


def test_every_number_at_the_root_opens_a_list_that_says_the_same(leader):
    page = get(leader, reverse("summary", args=[2015, ROOT]))
    shown = page.having("data-figure")
    assert len(shown) == len(FIGURES)
    for link in shown:
        code = link.attributes["data-figure"]
        listed = get(leader, link.attributes["href"])
        assert numbers(listed) == {code: whole(link.text)}
        assert len(table_rows(listed)) == min(whole(link.text), 50), code


def test_every_segment_of_the_charts_says_and_opens_its_number(leader):
    page = get(leader, reverse("summary", args=[2015, ROOT]))
    charts = [svg for svg in page.all("svg") if svg.attributes.get("role") == "group"]
    assert len(charts) == 3
    segments = [link for chart in charts for link in chart.all("a")]
    assert len(segments) >= 5 * (3 + 4) + 5
    for segment in segments:
        code = segment.attributes["href"].split("/")[5]
        label = segment.attributes["aria-label"]
        number = numbers(get(leader, segment.attributes["href"]))[code]
        assert f": {count_text(number)} " in label, (code, label)


def units(page: Element) -> Element:
    """The table of organisations."""
    return next(table for table in page.all("table") if "units" in table.attributes.get("class", ""))


def test_table_of_organisations_holds_each_ones_own_numbers(leader):
    page = get(leader, reverse("summary", args=[2015, ROOT]))
    rows = units(page).first("tbody").all("tr")
    assert len(rows) == 71
    for row in rows[::9]:
        name = row.first("th").first("a")
        code = name.attributes["href"].split("/")[3]
        organisation = Organisation.objects.get(code=code)
        assert name.text == organisation.name
        summary = Summary(Scope(organisation, 2015))
        for link in row.all("td")[1].all("a") + row.all("td")[2].all("a"):
            figure = link.attributes["href"].split("/")[5]
            assert link.text == count_text(summary.number(figure).count)
            assert numbers(get(leader, link.attributes["href"])) == {figure: whole(link.text)}
        own = get(leader, name.attributes["href"])
        assert name.text in own.first("p", class_="path").text
        assert numbers(own)["members.total"] == summary.number("members.total").count


def sorting_value(cell: Element) -> Any:
    """What a cell of the table of organisations sorts by: the number before the bracket."""
    text = (cell.all("a") or [cell])[0].text
    try:
        return float(text.rstrip("%").replace(".", "").replace(",", "."))
    except ValueError:
        return text


def test_table_of_organisations_sorts_by_each_column_both_ways(leader):
    address = reverse("summary", args=[2015, ROOT])
    count = len(units(get(leader, address)).first("thead").all("th"))
    assert count == 8
    for position in range(count):
        link = units(get(leader, address)).first("thead").all("th")[position].first("a").attributes["href"]
        orders = []
        for _ in range(2):
            table = units(get(leader, address + link.partition("#")[0]))
            heading = table.first("thead").all("th")[position]
            rows = table.first("tbody").all("tr")
            values = [sorting_value(row.all("th", "td")[position]) for row in rows]
            orders.append((heading.attributes["aria-sort"], values))
            link = heading.first("a").attributes["href"]
        assert {direction for direction, _ in orders} == {"ascending", "descending"}
        ascending = dict(orders)["ascending"]
        assert len(ascending) == 71
        assert grouped(ascending) == grouped(dict(orders)["descending"])[::-1]
        if isinstance(ascending[0], float):
            assert ascending == sorted(ascending)


def grouped(values: list[Any]) -> list[Any]:
    """The values in order, each once; equal ones that do not stand together show as repeats."""
    return [value for position, value in enumerate(values) if position == 0 or value != values[position - 1]]


# Home, choosers, ways


@pytest.mark.parametrize(
    ("username", "lands_on"),
    [
        ("lanhdao", "/tong-ket/2015/DUK/"),
        ("vanphong", "/viec-cua-toi/"),
        ("kiemtra", "/tong-ket/2015/DUK/"),
        ("coso", "/viec-cua-toi/"),
        ("quantri", "/tai-khoan/"),
    ],
)
def test_home_sends_each_role_to_its_first_place(demo, client_of, username, lands_on):
    response = client_of(User.objects.get(username=username)).get("/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == lands_on


@pytest.mark.parametrize(
    ("query", "lands_on"),
    [
        ("nam=2013&to-chuc=DUK-06", "/tong-ket/2013/DUK-06/"),
        ("nam=2012", "/tong-ket/2012/DUK/"),
        ("to-chuc=DUK-06", "/tong-ket/2015/DUK-06/"),
        ("nam=abc", "/tong-ket/2015/DUK/"),
        ("nam=٢٠١٥", "/tong-ket/2015/DUK/"),
        ("nam=20155", "/tong-ket/2015/DUK/"),
    ],
)
def test_chooser_leads_to_the_organisation_and_year(leader, query, lands_on):
    assert leader.get(f"/tong-ket/?{query}").url == lands_on


def test_choosers_offer_years_and_organisations_of_the_scope(leader, client_of):
    page = get(leader, reverse("summary", args=[2015, ROOT]))
    years = [option.attributes["value"] for option in page.first("select", name="nam").all("option")]
    assert {"2011", "2015", "2016"} <= set(years)
    choices = page.first("select", name="to-chuc").all("option")
    assert len(choices) == 72
    chosen = [option.attributes["value"] for option in choices if "selected" in option.attributes]
    assert chosen == [ROOT]
    clerk = client_of(User.objects.get(username="coso"))
    own = get(clerk, reverse("summary", args=[2015, "DUK-06"])).first("select", name="to-chuc").all("option")
    assert [option.attributes["value"] for option in own] == ["DUK-06"]


def test_path_leads_back_from_the_list_to_the_summary_and_up_to_the_committee(leader):
    cell = some_organisation("subordinate_cell")
    page = get(leader, figure_address("members.total", organisation=cell.code))
    path = links(page.first("p", class_="path"))
    codes = [address.split("/")[3] for address in path]
    assert codes == [ROOT, cell.parent.code, cell.code]
    for address in path:
        assert get(leader, address).first("h1").text == "Tổng kết năm 2015"


# Lists


def test_search_finds_without_accents_and_says_how_many(leader):
    name = Person.objects.filter(memberships__start_reason="admitted", admissions__decided_on__year=2015)
    person = name.filter(admissions__organisation__isnull=False).first()
    plain = fold(person.full_name)
    page = get(leader, figure_address("admission.decided", q=plain.upper()))
    found = [row[0] for row in table_rows(page)]
    assert person.full_name in found
    assert {fold(text) for text in found} == {plain}
    assert numbers(page) == {"admission.decided": 261}
    assert f"{len(found)} trong 261" in page.text
    assert page.first("main").first("input", name="q").attributes["value"] == plain.upper()


def test_search_finds_by_number_and_organisations_and_classes_by_name(leader):
    person = Person.objects.filter(memberships__ended_on__isnull=True).exclude(card_number="").first()
    assert person.full_name in str(table_rows(get(leader, figure_address("members.total", q=person.card_number))))
    organisation = some_organisation("grassroots_cell")
    rows = table_rows(get(leader, figure_address("ratings.organisations.subject", q=fold(organisation.name))))
    assert organisation.name in {cell for row in rows for cell in row}
    rows = table_rows(get(leader, figure_address("training.candidate.classes", q="doi tuong")))
    assert rows
    name = table_rows(get(leader, figure_address("commendations.organisation_exemplary")))[0][0]
    found = table_rows(get(leader, figure_address("commendations.organisation_exemplary", q=fold(name))))
    assert name in {row[0] for row in found}


def test_search_stays_when_the_list_is_sorted_and_paged(leader):
    page = get(leader, figure_address("members.total", q="nguyen"))
    assert "q=nguyen" in headings(page)[0].first("a").attributes["href"]
    following = next(link for link in page.all("a") if link.attributes.get("rel") == "next")
    second = get(leader, figure_address("members.total") + following.attributes["href"])
    assert all("nguyen" in fold(row[0]) for row in table_rows(second))


def read_cell(text: str) -> Any:
    """A date, known to the day or less, as the numbers of its first day; other text as it is."""
    parts = text.split("/")
    if not all(part.isdigit() for part in parts):
        return text
    return tuple(int(part) for part in [*reversed(parts), "1", "1"][:3])


def short_list(client: Client, code: str) -> str:
    """The address of a list of the root that fits on one page, searched where it is too long."""
    for text in ("", "nguyen", "chi bo", "tran", "cuu chien binh", "thanh nien", "so"):
        address = figure_address(code, q=text)
        if 3 <= len(table_rows(get(client, address))) < 50:
            return address
    raise AssertionError(code)


@every_list
def test_list_sorts_by_each_column_both_ways(leader, columns):
    """Equal values stand together, and the other way round they come in the opposite order."""
    code = FIGURE_OF[columns]
    assert BY_CODE[code].columns == columns
    base = figure_address(code)
    plain = get(leader, short_list(leader, code))
    sortable = [position for position, heading in enumerate(headings(plain)) if heading.all("a")]
    assert len(sortable) >= len(headings(plain)) - 1
    wrong = []
    for position in sortable:
        link = headings(plain)[position].first("a").attributes["href"]
        orders: dict[str, list[Any]] = {}
        for _ in range(2):
            page = get(leader, base + link)
            assert sorted(table_rows(page)) == sorted(table_rows(plain))
            heading = headings(page)[position]
            orders[heading.attributes["aria-sort"]] = [read_cell(row[position]) for row in table_rows(page)]
            link = heading.first("a").attributes["href"]
        assert set(orders) == {"ascending", "descending"}
        if not is_sorted(grouped(orders["ascending"]), grouped(orders["descending"])):
            wrong.append(headings(plain)[position].text)
    assert wrong == []


def is_sorted(up: list[Any], down: list[Any]) -> bool:
    """Whether each value comes once, the other way round is the opposite, and dates rise."""
    known = [value for value in up if value != "–"]
    dates = [value for value in known if isinstance(value, tuple)]
    once = len(set(map(str, known))) == len(known)
    return once and known == [value for value in down if value != "–"][::-1] and dates == sorted(dates)


def test_pages_hold_every_row_once(leader):
    rows: list[list[str]] = []
    address, base = figure_address("admission.decided"), figure_address("admission.decided")
    sizes = []
    while address:
        page = get(leader, address)
        sizes.append(len(table_rows(page)))
        rows += table_rows(page)
        following = [link for link in page.all("a") if link.attributes.get("rel") == "next"]
        address = base + following[0].attributes["href"] if following else ""
    assert sizes == [50, 50, 50, 50, 50, 11]
    assert len(rows) == 261
    expected = [
        row.person.full_name
        for row in BY_CODE["admission.decided"]
        .rows(Scope(Organisation.objects.get(code=ROOT), 2015))
        .select_related("person")
        .order_by("person__name_sort_key", "pk")
    ]
    assert [row[0] for row in rows] == expected
    assert "Trang 6/6" in page.text


@pytest.mark.parametrize(
    ("asked", "got"), [("abc", 1), ("999", 6), ("2.5", 1), ("", 1), ("1e9", 1), ("3", 3), ("0", 1), ("-3", 1)]
)
def test_odd_page_numbers_give_the_nearest_page(leader, asked, got):
    page = get(leader, figure_address("admission.decided", trang=asked))
    assert f"Trang {got}/6" in page.text


# Downloads


@every_list
def test_excel_of_a_list_holds_its_rows(leader, columns):
    code = FIGURE_OF[columns]
    page = get(leader, figure_address(code))
    link = next(link for link in page.all("a") if is_workbook(link))
    response = leader.get(link.attributes["href"])
    assert response["Content-Type"] == XLSX
    name = f"{code.replace('.', '-')}-2015.xlsx"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    sheet = load_workbook(io.BytesIO(response.content)).active
    labels = [heading.text.rstrip(" ▲▼") for heading in headings(page)]
    cells = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    head = next(position for position, row in enumerate(cells) if set(labels) <= set(row))
    first = table_rows(page)[0]
    assert any(first[0] in row or first[1] in row for row in cells[head + 1 : head + 2])
    names = [row for row in cells[head + 1 :] if row]
    assert len(names) >= numbers(page)[code]


def test_excel_of_a_searched_list_holds_what_was_found(leader):
    page = get(leader, figure_address("admission.decided", q="nguyen thi", xep="-born"))
    link = next(link for link in page.all("a") if is_workbook(link))
    assert "q=nguyen" in link.attributes["href"]
    sheet = load_workbook(io.BytesIO(leader.get(link.attributes["href"]).content)).active
    names = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    shown = [row[0] for row in table_rows(page)]
    assert [name for name in names if name in set(shown)] == shown


def test_workbook_of_the_summary_is_downloaded_under_its_name(leader):
    response = leader.get(reverse("summary_workbook", args=[2015, "DUK-06"]))
    assert response["Content-Type"] == XLSX
    assert response["Content-Disposition"] == 'attachment; filename="tong-ket-2015.xlsx"'
    assert len(load_workbook(io.BytesIO(response.content)).sheetnames) > 5
