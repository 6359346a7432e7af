"""The databases sort names as ICU's Vietnamese collation does, whatever locale they were made with."""

from __future__ import annotations

import random

import icu
import pytest

from members.models import Person
from members.text import split_name

pytestmark = pytest.mark.django_db

FAMILIES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Ưng",
    "Ông",
    "Âu",
    "Ấu",
]
MIDDLES = [
    "Văn",
    "Thị",
    "Đức",
    "Đình",
    "Ngọc",
    "Minh",
    "Thúy",
    "Thùy",
    "Thụy",
    "Ánh",
    "Ân",
    "Hữu",
    "Quốc",
    "Thế",
    "Xuân",
    "Thu",
]
GIVEN = [
    "An",
    "Ân",
    "Án",
    "Ấn",
    "Ẩn",
    "Anh",
    "Ánh",
    "Ảnh",
    "Ẩm",
    "Bình",
    "Bính",
    "Cường",
    "Dung",
    "Dũng",
    "Duyên",
    "Đan",
    "Đạt",
    "Đức",
    "Ê",
    "Hà",
    "Hạ",
    "Hải",
    "Hòa",
    "Hóa",
    "Hoa",
    "Hỏa",
    "Hùng",
]
GIVEN += [
    "Hưng",
    "Lan",
    "Lân",
    "Long",
    "Lòng",
    "Mai",
    "Mỹ",
    "Nga",
    "Ngà",
    "Nghĩa",
    "Oanh",
    "Ơn",
    "Phú",
    "Phụ",
    "Quý",
    "Sơn",
    "Son",
    "Tú",
    "Tư",
    "Từ",
    "Thu",
    "Thư",
    "Uyên",
    "Ước",
    "Vân",
    "Vần",
    "Yến",
    "Ý",
]


def test_databases_order_names_like_icu():
    source = random.Random(2015)
    names = {" ".join((source.choice(FAMILIES), source.choice(MIDDLES), source.choice(GIVEN))) for _ in range(2500)}
    shuffled = sorted(names, key=lambda _name: source.random())
    Person.objects.bulk_create(
        Person(file_number=f"{number:06}", full_name=name, sex="male") for number, name in enumerate(shuffled)
    )
    collator = icu.Collator.createInstance(icu.Locale("vi"))

    def key(name: str) -> tuple[bytes, ...]:
        family, middle, given = split_name(name)
        return tuple(collator.getSortKey(part) for part in (given, middle, family))

    assert list(Person.objects.values_list("full_name", flat=True)) == sorted(names, key=key)
