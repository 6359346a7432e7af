"""What a list of people may be asked for: one entry a filter, with its field, its condition and its words.

The names of the fields stand in addresses. A condition is one on the person or on the stay that the list shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from members.form_fields import DayField
from members.lists_of_words import ETHNIC_GROUPS, MAJORITY, NO_RELIGION, RELIGIONS, as_listed, cases_of
from members.models import Admission, Membership, Person
from members.models.memberships import EndReason
from members.models.people import ProfessionalLevel, Sex, TheoryLevel
from members.months import between
from members.partial_dates import PartialDate, PartialDateError, parse
from members.party_age import OUT, counts_by_person
from members.text import fold, one_line
from reviews.models import MemberRating, RatingLevel, RatingSubject
from reviews.models.schemes import LEVEL_RANKS

# What is asked for: the cleaned value of every field that isn't empty, and the organisation itself.
Wanted = Mapping[str, Any]
NONE, ANY_MINORITY, ANY_RELIGION = "khong", "Thiểu số", "Có tôn giáo"


class Standing(models.TextChoices):
    """Diện: whom a list is of; the values stand in addresses."""

    MEMBER = "dang-vien", "Đảng viên"
    OFFICIAL = "chinh-thuc", "Đảng viên chính thức"
    PROBATIONARY = "du-bi", "Đảng viên dự bị"
    EXEMPT = "mien", "Đảng viên được miễn sinh hoạt"
    CANDIDATE = "quan-chung", "Quần chúng ưu tú"
    FORMER = "da-roi", "Đã rời đi, mọi lý do"
    TRANSFERRED = "da-chuyen", "Đã chuyển đi"
    DECEASED = "tu-tran", "Đã từ trần"
    REMOVED = "ra-khoi-dang", "Đã ra khỏi Đảng"


FORMER = (Standing.FORMER, Standing.TRANSFERRED, Standing.DECEASED, Standing.REMOVED)

# What may be missing in a file, and how that is seen; of the person but for the last one.
MISSING: dict[str, tuple[str, Q]] = {
    "ngay-sinh": ("ngày sinh", Q(born_on__isnull=True)),
    "so-the": ("số thẻ đảng viên", Q(card_number="")),
    "so-dinh-danh": ("số định danh cá nhân", Q(national_id_number="")),
    "dan-toc": ("dân tộc", Q(ethnicity="")),
    "ton-giao": ("tôn giáo", Q(religion="")),
    "que-quan": ("quê quán", Q(home_town="")),
    "noi-o": ("nơi ở hiện nay", Q(residence="")),
    "nghe": ("nghề nghiệp, chức vụ", Q(occupation="")),
    "hoc-van": ("trình độ phổ thông", Q(general_education="")),
    "chuyen-mon": ("trình độ chuyên môn", Q(professional_education="")),
    "ly-luan": ("lý luận chính trị", Q(theory_level="")),
}
MISSING_OF_STAY: dict[str, tuple[str, Q]] = {
    "ngay-ket-nap": ("ngày kết nạp", Q(admission__decided_on__isnull=True)),
    "ngay-chinh-thuc": ("ngày chính thức", Q(admission__official_on__isnull=True)),
}

UNRATED, NOT_RATED = "khong-xep", "chua-xep"


def rating_choices(year: int | None) -> list[tuple[str, str]]:
    """The levels by which members are rated in `year` (without one: by the latest rule), and what else may be."""
    levels = RatingLevel.objects.filter(scheme__subject=RatingSubject.MEMBERS).order_by("-scheme__first_year", "rank")
    if year:
        levels = levels.filter(scheme__first_year__lte=year)
    rows = list(levels.values_list("scheme", "rank", "name"))
    names = [(str(rank), name) for scheme, rank, name in rows if scheme == rows[0][0]]
    return [*names, (UNRATED, "Không xếp loại, có lý do"), (NOT_RATED, "Chưa xếp loại")]


def years_before(day: dt.date, years: int) -> dt.date:
    """The last day since which so many years are full on `day`; the last of February stands for the 29th too."""
    year = max(day.year - years, 1)
    if day.month == 2 and day.day >= 28 and (day + dt.timedelta(days=1)).month == 3:
        return dt.date(year, 3, 1) - dt.timedelta(days=1)
    return day.replace(year=year)


def full_years(since: dt.date | None, day: dt.date) -> int | None:
    """The years that are full on `day`; None where the beginning isn't known."""
    return None if since is None or since > day else between(since, day).months // 12


class TypedDateField(forms.CharField):
    """A date as on paper, known in part or whole."""

    def clean(self, value: Any) -> PartialDate | str:
        text: str = super().clean(value)
        try:
            return parse(text) if text else ""
        except PartialDateError as refused:
            raise forms.ValidationError(str(refused)) from refused


# --- Conditions ------------------------------------------------------------------------------------


def _ethnicity(text: str, wanted: Wanted) -> Q:
    if fold(text) in {"thieu so", "dan toc thieu so"}:
        return ~Q(ethnicity__in=["", MAJORITY])
    return Q(ethnicity__in=cases_of(as_listed(text, ETHNIC_GROUPS)))


def _religion(text: str, wanted: Wanted) -> Q:
    if fold(text) in {"co", "co ton giao", "co dao"}:
        return ~Q(religion__in=["", NO_RELIGION])
    return Q(religion__in=cases_of(as_listed(text, RELIGIONS)))


def _part_of(column: str) -> Callable[[str, Wanted], Q]:
    """The column holds the text, whatever the case of its first letters."""
    return lambda text, wanted: reduce(or_, (Q(**{f"{column}__contains": one}) for one in cases_of(text)))


def _theory(level: str, wanted: Wanted) -> Q:
    return Q(theory_level="" if level == NONE else level)


def ratings_of(year: int) -> QuerySet:
    """The ratings of members that count for a year."""
    return MemberRating.objects.approved_in(year).order_by()


def _rated(which: str, wanted: Wanted) -> Q:
    ratings = ratings_of(wanted["nam_xl"]).filter(person=OuterRef("pk"))
    if which == NOT_RATED:
        return ~Q(Exists(ratings))
    return Q(Exists(ratings.filter(level__isnull=True) if which == UNRATED else ratings.filter(level__rank=which)))


def _in_party(day: dt.date, usual: Q, holds: Callable[[int], bool]) -> Q:
    """Who has so many years in the Party: `usual` for who entered it once and stayed, the rest are reckoned one by one.

    The rest (members.party_age): who entered it twice, left it or died, or whose decision isn't dated.
    """
    again = Admission.objects.order_by().values("person").annotate(entries=models.Count("pk")).filter(entries__gt=1)
    stopped = Membership.objects.filter(end_reason__in=OUT | {EndReason.DECEASED})
    special = Q(pk__in=again.values("person")) | Q(pk__in=stopped.values("person"))
    special |= Q(pk__in=Admission.objects.filter(decided_on__isnull=True).values("person"))
    people = list(Person.objects.filter(special).order_by().values_list("pk", flat=True))
    ages = {key: count.age(day) for key, count in counts_by_person(people).items()} if people else {}
    found = [key for key, age in ages.items() if age is not None and holds(age.years)]
    return Q(person__among=found) | (~Q(person__among=people) & usual)


def _missing(what: str, wanted: Wanted) -> Q:
    return MISSING[what][1] if what in MISSING else Q()


def _missing_of_stay(what: str, wanted: Wanted) -> Q:
    return MISSING_OF_STAY[what][1] if what in MISSING_OF_STAY else Q()


# --- The filters -----------------------------------------------------------------------------------

Condition = Callable[[Any, Wanted], Q]


@dataclass(frozen=True)
class Filter:
    """A field of the form: what its value asks of the person and of the stay, and how the page says so."""

    name: str
    field: forms.Field
    words: Callable[[Any], str]
    of_person: Condition | None = None
    of_stay: Condition | None = None
    is_more: bool = True


def _text(label: str, hint: str = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=100, widget=_widget(hint), **kwargs)


def _widget(hint: str, **attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": hint, "autocomplete": "off", **attrs})


def _years(label: str) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off"})
    words = {"invalid": "Hãy gõ một số.", "min_value": "Hãy gõ số từ 0.", "max_value": "Hãy gõ số đến 130."}
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=130, widget=widget, error_messages=words
    )


def _choice(label: str, choices: Any, blank: str = "Tất cả") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", blank), *choices])


def _year(label: str) -> forms.IntegerField:
    words = dict.fromkeys(("invalid", "min_value", "max_value"), "Hãy gõ năm, ví dụ 2015.")
    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off", "placeholder": "vd. 2015"}
    )
    return forms.IntegerField(
        label=label, required=False, min_value=1930, max_value=2100, widget=widget, error_messages=words
    )


FILTERS: tuple[Filter, ...] = (
    Filter(
        "q",
        forms.CharField(
            label="Tên, chữ đầu của tên, số",
            required=False,
            max_length=100,
            widget=forms.TextInput(
                attrs={"type": "search", "placeholder": "vd. nguyen van an, nva, 7700123", "autocomplete": "off"}
            ),
        ),
        words=lambda text: f"tìm “{text}”",
        is_more=False,
    ),
    Filter(
        "to_chuc",
        forms.CharField(
            label="Tổ chức",
            required=False,
            max_length=200,
            widget=_widget("Mã hoặc tên", list="cac-to-chuc"),
        ),
        words=str,
        is_more=False,
    ),
    Filter(
        "duoi",
        _choice("Gồm", [(NONE, "Chỉ riêng tổ chức này")], "Cả các tổ chức bên dưới"),
        words=lambda value: "không gồm các tổ chức bên dưới",
        is_more=False,
    ),
    Filter(
        "tinh_trang",
        forms.ChoiceField(label="Diện", required=False, choices=Standing.choices),
        words=lambda value: "",  # the sentence begins with it
        is_more=False,
    ),
    Filter(
        "ngay",
        DayField(label="Tính đến ngày"),
        words=lambda day: f"tính đến {day:%d/%m/%Y}",
        is_more=False,
    ),
    Filter(
        "gioi",
        _choice("Giới tính", Sex.choices),
        words=lambda value: Sex(value).label.lower(),
        of_person=lambda value, wanted: Q(sex=value),
    ),
    Filter(
        "tuoi_tu",
        _years("Tuổi từ"),
        words=lambda years: f"từ {years} tuổi",
        of_person=lambda years, wanted: Q(born_on__lte=years_before(wanted["ngay"], years)),
    ),
    Filter(
        "tuoi_den",
        _years("Tuổi đến"),
        words=lambda years: f"đến {years} tuổi",
        of_person=lambda years, wanted: Q(born_on__gt=years_before(wanted["ngay"], years + 1)),
    ),
    Filter(
        "dan_toc",
        forms.CharField(label="Dân tộc", required=False, max_length=60, widget=_widget("", list="cac-dan-toc")),
        words=lambda text: f"dân tộc {as_listed(text, ETHNIC_GROUPS)}",
        of_person=_ethnicity,
    ),
    Filter(
        "ton_giao",
        forms.CharField(label="Tôn giáo", required=False, max_length=60, widget=_widget("", list="cac-ton-giao")),
        words=lambda text: f"tôn giáo: {text}",
        of_person=_religion,
    ),
    Filter(
        "hoc_van",
        _text("Trình độ phổ thông có chữ", "vd. 12/12"),
        words=lambda text: f"trình độ phổ thông có “{text}”",
        of_person=_part_of("general_education"),
    ),
    Filter(
        "trinh_do",
        _choice("Chuyên môn cao nhất", [*ProfessionalLevel.choices, (NONE, "Chưa có")]),
        words=lambda level: f"chuyên môn: {'chưa có' if level == NONE else ProfessionalLevel(level).label.lower()}",
        of_person=lambda level, wanted: Q(professional_level="" if level == NONE else level),
    ),
    Filter(
        "chuyen_mon",
        _text("Chuyên môn có chữ", "vd. thạc sĩ"),
        words=lambda text: f"chuyên môn có “{text}”",
        of_person=_part_of("professional_education"),
    ),
    Filter(
        "ly_luan",
        _choice("Lý luận chính trị", [*TheoryLevel.choices, (NONE, "Chưa có")]),
        words=lambda level: (
            "chưa có trình độ lý luận" if level == NONE else f"lý luận {TheoryLevel(level).label.lower()}"
        ),
        of_person=_theory,
    ),
    Filter(
        "ket_nap_tu",
        TypedDateField(label="Kết nạp từ", required=False, max_length=20, widget=_widget("vd. 2015, 9/2015")),
        words=lambda date: f"kết nạp từ {date}",
        of_stay=lambda date, wanted: Q(admission__decided_on__gte=date.first_day),
    ),
    Filter(
        "ket_nap_den",
        TypedDateField(label="Kết nạp đến", required=False, max_length=20, widget=_widget("vd. 2015, 9/2015")),
        words=lambda date: f"kết nạp đến {date}",
        of_stay=lambda date, wanted: Q(admission__decided_on__lte=date.last_day),
    ),
    Filter(
        "tuoi_dang_tu",
        _years("Tuổi Đảng từ"),
        words=lambda years: f"từ {years} năm tuổi Đảng",
        of_stay=lambda years, wanted: _in_party(
            wanted["ngay"],
            Q(admission__decided_on__lte=years_before(wanted["ngay"], years)),
            lambda reached: reached >= years,
        ),
    ),
    Filter(
        "tuoi_dang_den",
        _years("Tuổi Đảng đến"),
        words=lambda years: f"đến {years} năm tuổi Đảng",
        of_stay=lambda years, wanted: _in_party(
            wanted["ngay"],
            Q(
                admission__decided_on__gt=years_before(wanted["ngay"], years + 1),
                admission__decided_on__lte=wanted["ngay"],
            ),
            lambda reached: reached <= years,
        ),
    ),
    Filter(
        "nam_xl",
        _year("Xếp loại năm"),
        words=lambda year: f"xếp loại năm {year}",
    ),
    Filter(
        "xep_loai",
        _choice("Mức xếp loại", [(UNRATED, ""), (NOT_RATED, ""), *((str(rank), "") for rank in LEVEL_RANKS)]),
        words=str,
        of_person=_rated,
    ),
    Filter(
        "thieu",
        _choice(
            "Còn thiếu",
            [(code, label) for code, (label, _) in (MISSING | MISSING_OF_STAY).items()],
            "Không xét",
        ),
        words=lambda what: f"thiếu {(MISSING | MISSING_OF_STAY)[what][0]}",
        of_person=_missing,
        of_stay=_missing_of_stay,
    ),
)
BY_NAME = {one.name: one for one in FILTERS}


def conditions(wanted: Wanted, of: str) -> list[Q]:
    """What the values ask of the person (`of_person`) or of the stay (`of_stay`)."""
    found = []
    for one in FILTERS:
        condition: Condition | None = getattr(one, of)
        if condition is not None and one.name in wanted:
            found.append(condition(wanted[one.name], wanted))
    return [condition for condition in found if condition]


def people_found(text: str) -> Any:
    """The people found by what was typed into the search, to be filtered further."""
    return Person.objects.matching(text) if text else Person.objects.all()


class FilterForm(forms.Form):
    """The filters as fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in BY_NAME.items():
            self.fields[name] = field = deepcopy(one.field)
            css = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = css
        year = str(self.data.get("nam_xl", ""))
        self.ratings = rating_choices(int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None)
        self.fields["xep_loai"].choices = [("", "Tất cả"), *self.ratings]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = {name: value for name, value in (super().clean() or {}).items() if value not in ("", None)}
        if values.get("tinh_trang") == Standing.MEMBER:
            del values["tinh_trang"]  # what a list is of unless something else is asked for
        values |= {name: one_line(value) for name, value in values.items() if isinstance(value, str)}
        for first, last in (("tuoi_tu", "tuoi_den"), ("tuoi_dang_tu", "tuoi_dang_den")):
            if first in values and last in values and values[first] > values[last]:
                self.add_error(last, "Số sau đang nhỏ hơn số trước. Hãy sửa một trong hai.")
        is_span = {"ket_nap_tu", "ket_nap_den"} <= set(values)
        if is_span and values["ket_nap_tu"].first_day > values["ket_nap_den"].last_day:
            self.add_error("ket_nap_den", "Ngày sau đang trước ngày đầu. Hãy sửa một trong hai.")
        if "xep_loai" in values and "nam_xl" not in values:
            self.add_error("nam_xl", "Hãy ghi năm của mức xếp loại.")
        return values

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that always stand on the page."""
        return [self[one.name] for one in FILTERS if not one.is_more]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields that are folded away until they are needed."""
        return [self[one.name] for one in FILTERS if one.is_more]
