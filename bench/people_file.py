"""A workbook of invented people for the measurements: 30 columns, of which the last have no meaning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook

COLUMNS = (
    "Số lý lịch", "Họ và tên", "Tên gọi khác", "Giới tính", "Ngày sinh", "Dân tộc", "Tôn giáo", "Quê quán",
    "Nơi ở hiện nay", "Số định danh cá nhân", "Nghề nghiệp chức vụ", "Trình độ phổ thông", "Trình độ chuyên môn",
    "Lý luận chính trị", "Mã tổ chức", "Số thẻ đảng viên", "Ngày cấp thẻ",
)  # fmt: skip
WIDTH = 30

FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Hồ", "Dương"]
MIDDLES = ["Văn", "Thị", "Đức", "Minh", "Thu", "Hồng", "Quốc", "Thanh", "Ngọc"]
GIVEN = ["An", "Bình", "Cường", "Dũng", "Hòa", "Hương", "Lan", "Mai", "Nam", "Phúc", "Quỳnh", "Sơn", "Thảo", "Yến"]


def rows(count: int, organisations: Sequence[str]) -> Iterator[list[Any]]:
    """The heading and so many people, each followed by one of the organisations."""
    random = Random(36)  # noqa: S311 (invented people)
    yield [*COLUMNS, *(f"Ghi chú {place}" for place in range(1, WIDTH - len(COLUMNS) + 1))]
    for number in range(count):
        born = dt.date(1950 + number % 50, 1 + number % 12, 1 + number % 28)
        sex = random.choice(("Nam", "Nữ"))
        name = [random.choice(words) for words in (FAMILIES, MIDDLES, MIDDLES, GIVEN)]
        yield [
            f"77{number:08}",
            " ".join(name),
            name[-1],
            sex,
            born,
            random.choice(("Kinh", "Tày", "Mường")),
            "Không",
            f"Xã Sơn {number % 300}, huyện Nam {number % 10}",
            f"Phường Trung {number % 200}",
            f"077{int(sex == 'Nữ')}{born:%y}{number:06}",  # as the numbers of citizens are made
            random.choice(("Chuyên viên", "Kế toán", "Trưởng phòng")),
            "12/12",
            random.choice(("Cử nhân luật", "Kỹ sư xây dựng")),
            random.choice(("Sơ cấp", "Trung cấp", "Cao cấp")),
            organisations[number % len(organisations)],
            f"77{number:06}",
            born.replace(year=born.year + 24),
            *(f"ghi chú {number}-{place}" for place in range(WIDTH - len(COLUMNS))),
        ]


def write(path: Path, count: int, organisations: Sequence[str]) -> None:
    """The workbook of so many people, as the exchange workbook has them."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Hồ sơ")
    for row in rows(count, organisations):
        sheet.append(row)
    workbook.save(path)
