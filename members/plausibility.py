"""What can't be so in a person's file, and what is odd, in the words of forms and imports."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from django.utils import timezone

from members import identifiers
from members.models import Person

# As the database has it (person_born_after_1850).
FIRST_BIRTH = dt.date(1850, 1, 1)
_DIGIT = re.compile(r"\d")


def implausible(person: Person, today: dt.date | None = None) -> Iterator[tuple[str, str]]:
    """What can't be so `today`, by field (dates by the property over their columns)."""
    today = today or timezone.localdate()
    if _DIGIT.search(person.full_name):
        yield "full_name", "Họ và tên không có chữ số. Hãy xem lại."
    if person.born_on and person.born_on > today:
        yield "born", "Ngày sinh ở tương lai. Hãy xem lại năm."
    elif person.born_on and person.born_on < FIRST_BIRTH:
        yield "born", "Ngày sinh phải sau năm 1850. Hãy xem lại năm."
    if person.card_issued_on and person.card_issued_on > today:
        yield "card_issued", "Ngày cấp thẻ ở tương lai. Hãy xem lại năm."
    elif person.card_issued_on and person.born_on and person.card_issued_on <= person.born_on:
        yield "card_issued", "Ngày cấp thẻ không thể trước ngày sinh. Hãy xem lại cả hai."
    number = person.national_id_number
    if number and not (number.isascii() and number.isdigit() and len(number) in (9, 12)):
        yield "national_id_number", "Số định danh cá nhân có 12 chữ số (số chứng minh cũ: 9). Hãy xem lại."


def doubtful(person: Person) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What is odd and may be right all the same: the field, the words, the fields that the doubt comes from.

    Forms ask to confirm it, imports tell it beside the row; neither refuses it.
    """
    if doubt := identifiers.card_doubt(person.card_number, person.card_issued):
        yield "card_number", doubt, ("card_number", "card_issued")
    if doubt := identifiers.former_card_doubt(person.former_card_number):
        yield "former_card_number", doubt, ("former_card_number",)
    if doubt := identifiers.national_id_doubt(person.national_id_number, person.sex, person.born):
        yield "national_id_number", doubt, ("national_id_number", "sex", "born")
    if doubt := identifiers.former_id_doubt(person.former_id_number):
        yield "former_id_number", doubt, ("former_id_number",)
    if doubt := identifiers.file_number_doubt(person.file_number):
        yield "file_number", doubt, ("file_number",)
