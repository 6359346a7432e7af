"""Lists as nobody foresaw them: what was put in is what is read, and no sheet of whatever cells ends in a traceback."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.intake.contract import KINDS
from members.intake.reader import read
from members.intake.reading import Assembly, to_messages
from members.intake.sheets import WITHOUT_VALUE
from members.intake.understand import Options, understand
from members.text import same_name_key
from tests.intake.files import grid, only_table, understood, xlsx
from tests.intake.test_old_fonts import typed_in_tcvn3, typed_in_vni

FAMILIES = ["Nguyễn", "Trần Thị", "Lê", "Hoàng Văn", "Tống", "Đỗ Thị", "Công", "Rơ Châm", "Ksor", "Bùi Thị Hồng", "Y"]
GIVEN = ["Ẩn", "Mận", "Ổi", "Quýt", "Thủy", "Hòa", "Ý", "Phước", "Niê Kdăm", "Dợ", "Tổng", "Cộng"]
DATES = ["{0:%d/%m/%Y}", "{0.day}/{0.month}/{0.year}", "{0:%d-%m-%Y}", "{0:%d.%m.%Y}", "{0:%Y-%m-%d}"]

COLUMNS: dict[str, list[str]] = {
    "Họ và tên": ["Họ và tên", "HỌ TÊN", "Họ, chữ đệm và tên", "ho va ten", "Họ tên đảng viên"],
    "Ngày sinh": ["Ngày sinh", "Sinh ngày", "Ngày, tháng, năm sinh", "NGAY SINH"],
    "Giới tính": ["Giới tính", "Phái", "Nam/Nữ"],
    "Số thẻ đảng viên": ["Số thẻ", "Số TĐV", "Số thẻ đảng viên"],
    "Ngày quyết định kết nạp": ["Ngày vào Đảng", "Ngày kết nạp", "Vào Đảng"],
    "Quê quán": ["Quê quán", "Nguyên quán"],
}


@st.composite
def people(draw: st.DrawFn) -> list[dict[str, str]]:
    names = st.builds(lambda family, given: f"{family} {given}", st.sampled_from(FAMILIES), st.sampled_from(GIVEN))
    days = st.dates(date(1930, 1, 1), date(2015, 12, 31))
    person = st.fixed_dictionaries(
        {
            "Họ và tên": names,
            "Ngày sinh": days,
            "Giới tính": st.sampled_from(["Nam", "Nữ"]),
            "Số thẻ đảng viên": st.from_regex(r"0[0-9]{7}", fullmatch=True),
            "Ngày quyết định kết nạp": days,
            "Quê quán": st.sampled_from(["Ý Yên", "Vụ Bản, Nam Trực", "Thành phố Đà Nẵng"]),
        }
    )
    return draw(st.lists(person, min_size=3, max_size=8))


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[list[Any]], list[dict[str, str]]]:
    """A list with its people: columns in any order under any of their names, with all that stands around a table."""
    records = draw(people())
    order = ["Họ và tên", *draw(st.permutations([name for name in COLUMNS if name != "Họ và tên"]))]
    written = {name: draw(st.sampled_from([*DATES, ""])) for name in order}
    blank = draw(st.integers(0, 1))
    head = ["STT", *(draw(st.sampled_from(COLUMNS[name])) for name in order), "Ghi chú"]
    proof = date(1980, 12, 25)
    for record in records[:1]:  # one row proves the order of day and month
        record |= {"Ngày sinh": proof, "Ngày quyết định kết nạp": proof}
    rows: list[list[Any]] = [*draw(st.sampled_from([[], [["ĐẢNG BỘ SỞ NỘI VỤ"], ["DANH SÁCH ĐẢNG VIÊN"], []]])), head]
    if draw(st.booleans()):
        rows.append([f"({number})" for number in range(1, len(head) + 1)])
    for number, record in enumerate(records, start=1):
        if draw(st.integers(0, 3)) == 0:
            rows.append(
                draw(
                    st.sampled_from(
                        [["I. Chi bộ Một"], [], [None, "Chi bộ Hai"], [None, "Cộng: 3 đồng chí"], ["II", "Chi bộ Ba"]]
                    )
                )
            )
        rows.append([number, *(cell_of(record[name], written[name]) for name in order), None])
    rows += draw(
        st.sampled_from(
            [
                [],
                [
                    [None, "Tổng cộng: 8 đồng chí"],
                    [],
                    ["NGƯỜI LẬP BIỂU", None, None, "BÍ THƯ"],
                    ["Lê Cam", None, None, "Y Mít"],
                ],
            ]
        )
    )
    return [[None] * blank + row for row in rows], [
        {name: str(value) for name, value in record.items()} for record in records
    ]


def cell_of(value: Any, written: str) -> Any:
    return written.format(value) if isinstance(value, date) and written else value


def seen(values: dict[str, str]) -> dict[str, str]:
    return {name: same_name_key(value) for name, value in values.items()}


@settings(deadline=None)
@given(lists())
def test_list_reads_as_the_people_it_was_made_of(made):
    rows, records = made
    reading = understood(rows)
    assert [seen(row.values) for table in reading.tables for row in table.rows] == [seen(record) for record in records]
    assert reading.as_errors() == []


@settings(deadline=None)
@given(lists(), st.sampled_from([typed_in_tcvn3, typed_in_vni]))
def test_list_typed_for_an_old_font_reads_the_same(made, typed):
    rows, records = made
    old = [[typed(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    reading = understood(old)
    assert [seen(row.values) for table in reading.tables for row in table.rows] == [seen(record) for record in records]


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(lists())
def test_file_reads_as_the_people_it_was_made_of(made):
    rows, records = made
    reading = read(xlsx(rows), "ds.xlsx", kind="Hồ sơ")
    assert [seen(row.values) for row in only_table(reading).rows] == [seen(record) for record in records]


# --- Anything --------------------------------------------------------------------------------------

HEADINGS = sorted(
    {name for kind in KINDS.values() for about in kind.columns for name in [about.name, *about.also.split("; ")]}
)
EVERY_COLUMN = {about for kind in KINDS.values() for about in kind.by_name}
WORDS = [
    "STT",
    "Nam",
    "Nữ",
    "HTXS",
    "HTT",
    "x",
    "X",
    "-",
    "I",
    "A",
    "Cộng",
    "BÍ THƯ",
    "Chi bộ Một",
    "Năm",
    "nam",
    WITHOUT_VALUE,
    "#REF!",
]
CELLS = (
    st.just("")
    | st.sampled_from(HEADINGS)
    | st.sampled_from(WORDS)
    | st.text(max_size=12)
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.booleans()
    | st.integers(1, 9)
)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(CELLS, max_size=8), max_size=12),
    st.sampled_from(["", *KINDS]),
    st.sampled_from(["Sheet1", *KINDS]),
    st.sampled_from(["", "dmy", "mdy"]),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, 3), st.integers(0, 3)), max_size=4),
)
def test_any_sheet_is_read_without_a_traceback(rows, kind, name, dates, merges):
    sheet = grid(rows, name)
    height, width = len(sheet.rows), sheet.width
    inside = [(top, left, top + down, left + right) for top, left, down, right in merges]
    sheet.merges = [((a, b), (c, d)) for a, b, c, d in inside if c < height and d < width]
    sheet.looks.fonts = {(row, column): "VNI" for row in range(3) for column in range(3)}
    reading = understand([sheet], Options(kind=kind, dates=dates))
    assembly = Assembly()
    for message in to_messages(reading):
        assembly.add(*message)
    assert assembly.reading == reading
    kept = {row.number for table in reading.tables for row in table.rows}
    assert kept <= set(range(1, height + 1))
    for problem in reading.as_errors():
        assert problem.row in kept
        assert (
            problem.column in KINDS[kind or next(table.kind for table in reading.tables if table.kind)].by_name
            or not kind
        )
        assert problem.reason.endswith((".", "?", "…"))


def refusals(data: bytes, name: str) -> list[str]:
    """The sentences by which a file is refused; none where it is read."""
    try:
        read(data, name)
    except ValidationError as error:
        return error.messages
    return []


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=400) | st.binary(max_size=200).map(lambda data: b"PK\x03\x04" + data),
    st.sampled_from(["a.csv", "a.xlsx", ""]),
)
def test_any_file_is_read_or_refused_in_words(data, name):
    assert all(len(sentence) > 10 for sentence in refusals(data, name))


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_damaged_workbook_is_read_or_refused_in_words(data):
    whole = bytearray(xlsx([["Họ và tên", "Ngày sinh"], ["Lê Thị Mận", "1980"]]))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert all(len(sentence) > 10 for sentence in refusals(bytes(whole), "a.xlsx"))
