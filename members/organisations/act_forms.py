"""The forms of what is done to an organisation: founding, renaming, moving, merging, splitting, ending."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property

from config.access import Permission, scope_of
from members.exchange.organisation_index import OrganisationIndex, UnknownPlaceError
from members.forms import Section, dress, named_in
from members.models import MassOrganisation, Membership, Organisation, OrganisationKind, Person
from members.models.memberships import covering
from members.models.organisations import Sector
from members.organisations.tree import day_field
from members.services import Part
from members.text import one_line

# So many organisations are proposed while one types.
PROPOSED = 500
MOST_PARTS = 8
WHEN = ("on", "decision_number", "reason")
WHY = "Hãy ghi số quyết định, hoặc lý do, căn cứ."


class ActForm(forms.Form):
    """What every act asks for: from which day, by which decision, why."""

    on = day_field("Có hiệu lực từ ngày")
    decision_number = forms.CharField(label="Số quyết định", max_length=60, required=False)
    reason = forms.CharField(
        label="Lý do, căn cứ",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ghi vào nhật ký. Phải ghi khi chưa có số quyết định.",
    )
    sections: ClassVar[tuple[Section, ...]] = (("Ngày, quyết định", WHEN),)
    # Fields that name an organisation, to be found by code or name.
    places: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, *, organisation: Organisation, user: Any) -> None:
        self.organisation = organisation
        self.user = user
        super().__init__(data)
        self.fill()
        for name, field in self.fields.items():
            if name in self.places:
                field.widget.attrs["list"] = "cac-to-chuc"
            dress(field)
        self.order_fields(named_in(self.sections))

    def fill(self) -> None:
        """Add fields and values that depend on the organisation."""

    @property
    def is_for_more(self) -> bool:
        """Whether the form was sent only to be drawn with other fields."""
        return False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = one_line(value)
        for name in self.places:
            if cleaned.get(name):
                self._find(name, cleaned)
        if not (cleaned.get("decision_number") or cleaned.get("reason")) and "decision_number" not in self.errors:
            self.add_error("decision_number", WHY)
        return cleaned

    def _find(self, name: str, cleaned: dict[str, Any]) -> None:
        try:
            cleaned[name] = self.find(cleaned[name])
        except UnknownPlaceError as unknown:
            self.add_error(name, str(unknown))

    def find(self, text: str) -> Organisation:
        """The organisation that was typed: its name with the code in brackets, or either. Raises UnknownPlaceError."""
        named = re.fullmatch(r".*\(([^()]+)\)", text)
        index = OrganisationIndex(scope_of(self.user, Permission.CHANGE_RECORDS))
        place = index.by_code.get(named[1].casefold()) if named else None
        place = place if place is not None and index.covers(place) else index.find(text)
        return Organisation.objects.get(pk=place.pk)

    @cached_property
    def proposed(self) -> Sequence[str]:
        """Organisations to choose from while typing; none where they are too many."""
        if not self.places:
            return []
        rows = Organisation.objects.changeable_by(self.user).existing_on(timezone.localdate())
        found = list(rows.exclude(pk=self.organisation.pk).values_list("name", "code")[: PROPOSED + 1])
        return [f"{name} ({code})" for name, code in found] if len(found) <= PROPOSED else []

    def laid_out(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The sections with their fields."""
        for heading, names in self.sections:
            yield heading, [self[name] for name in names if name in self.fields]


def _code(label: str = "Mã tổ chức", **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=40, **kwargs)


def _kind(label: str = "Loại tổ chức") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", ""), *OrganisationKind.choices], widget=_wide())


def _sector() -> forms.ChoiceField:
    choices = [("", ""), *Sector.choices]
    return forms.ChoiceField(label="Loại hình cơ sở", choices=choices, required=False, widget=_wide())


def _wide() -> forms.Select:
    return forms.Select(attrs={"class": "form-select medium"})


def _refuse_taken(form: ActForm, name: str) -> None:
    code = form.cleaned_data.get(name, "")
    if code and Organisation.objects.filter(code__iexact=code).exists():
        form.add_error(name, "Mã tổ chức này đã có. Hãy chọn mã khác.")


class FoundForm(ActForm):
    """A new organisation under this one."""

    code = _code()
    name = forms.CharField(label="Tên tổ chức", max_length=255)
    kind = _kind()
    sector = _sector()
    sections = (("Tổ chức mới", ("name", "code", "kind", "sector")), ("Ngày, quyết định", WHEN))

    def fill(self) -> None:
        self.fields["on"].label = "Ngày thành lập"
        codes = list(self.organisation.children.order_by("-pk").values_list("code", flat=True)[:3])
        if codes:
            self.fields["code"].help_text = f"Mã của các tổ chức cùng cấp: {', '.join(codes)}."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _refuse_taken(self, "code")
        return cleaned


class RenameForm(ActForm):
    """Another name or kind."""

    name = forms.CharField(label="Tên mới", max_length=255)
    kind = _kind("Loại tổ chức từ ngày đó")
    sections = (("Tên, loại tổ chức", ("name", "kind")), ("Ngày, quyết định", WHEN))

    def fill(self) -> None:
        self.fields["name"].initial = self.organisation.name
        self.fields["kind"].initial = self.organisation.kind


class MoveForm(ActForm):
    """Another organisation above."""

    parent = forms.CharField(
        label="Tổ chức cấp trên mới", max_length=300, help_text="Gõ mã hoặc tên rồi chọn trong danh sách gợi ý."
    )
    places = ("parent",)
    sections = (("Cấp trên", ("parent",)), ("Ngày, quyết định", WHEN))


class MergeForm(ActForm):
    """Another organisation that carries this one on."""

    into = forms.CharField(
        label="Sáp nhập vào",
        max_length=300,
        help_text="Gõ mã hoặc tên rồi chọn trong danh sách gợi ý. Nếu hợp nhất thành một tổ chức mới, hãy thành lập "
        "tổ chức đó trước (cùng ngày), rồi sáp nhập từng tổ chức vào đó.",
    )
    places = ("into",)
    sections = (("Tổ chức tiếp nhận", ("into",)), ("Ngày, quyết định", WHEN))


class EndForm(ActForm):
    """The end without a successor."""

    def fill(self) -> None:
        self.fields["on"].label = "Kết thúc hoạt động từ ngày"
        self.fields["on"].help_text = "Ngày đầu tiên tổ chức không còn hoạt động."


GOES_ON, ENDS = "tach", "chia"
STAYS, LIKE_THE_REST = "o-lai", "chung"


def _told(row: Any) -> str:
    """A person with what tells them from others of the same name; others by their name."""
    if not isinstance(row, Person):
        return str(row)
    born = f"sinh {row.born}, " if row.born else ""
    return f"{row.full_name} ({born}số lý lịch {row.file_number})"


class SplitForm(ActForm):
    """New organisations out of this one, and for each member and the like where they go.

    How many new ones there are stands in `so_moi`; the page shows the members of the day typed, or of today.
    """

    way = forms.ChoiceField(
        label="Cách chia, tách",
        choices=[
            (GOES_ON, "Tách: tổ chức này vẫn hoạt động"),
            (ENDS, "Chia: tổ chức này kết thúc, các tổ chức mới thay"),
        ],
        widget=_wide(),
    )
    so_moi = forms.TypedChoiceField(
        label="Số tổ chức mới", coerce=int, choices=[(number, str(number)) for number in range(1, MOST_PARTS + 1)]
    )
    rest = forms.ChoiceField(
        label="Những người, tổ chức không chọn riêng ở dưới",
        required=False,
        help_text="Chọn chung cho số đông.",
        widget=_wide(),
    )

    def __init__(self, data: Any = None, *, organisation: Organisation, user: Any) -> None:
        if data is not None and "more" in data:
            # New organisations that weren't on the page yet begin like the old one.
            data = data.copy()
            for number in range(1, MOST_PARTS + 1):
                data.setdefault(f"kind_{number}", organisation.kind)
                data.setdefault(f"sector_{number}", organisation.sector)
        super().__init__(data, organisation=organisation, user=user)

    def fill(self) -> None:
        self.fields["rest"].choices = self._choices()  # type: ignore[attr-defined]
        for number in self.numbers:
            self.fields[f"code_{number}"] = _code()
            self.fields[f"name_{number}"] = forms.CharField(label="Tên tổ chức", max_length=255)
            self.fields[f"kind_{number}"] = _kind()
            self.fields[f"kind_{number}"].initial = self.organisation.kind
            self.fields[f"sector_{number}"] = _sector()
            self.fields[f"sector_{number}"].initial = self.organisation.sector
        for key, rows in self.rows.items():
            for row in rows:
                choices = [(LIKE_THE_REST, "Theo lựa chọn chung"), *self._choices()]
                self.fields[f"{key}_{row.pk}"] = forms.ChoiceField(label=_told(row), required=False, choices=choices)

    @cached_property
    def count(self) -> int:
        """How many new organisations the page has."""
        text = str(self.data.get("so_moi", ""))
        return int(text) if re.fullmatch("[1-9]", text) and int(text) <= MOST_PARTS else 1

    @property
    def numbers(self) -> range:
        """The numbers of the new organisations."""
        return range(1, self.count + 1)

    @cached_property
    def day(self) -> dt.date:
        """The day typed, whose members are shown."""
        try:
            return self.fields["on"].clean(self.data.get("on"))
        except ValidationError:
            return timezone.localdate()

    @cached_property
    def rows(self) -> dict[str, list[Any]]:
        """What may go along, by the beginning of the fields' names."""
        stays = Membership.objects.filter(covering(self.day), organisation=self.organisation)
        running = {"ended_on__isnull": True}
        return {
            "dv": list(Person.objects.filter(pk__in=stays.values("person"))),
            "tc": list(self.organisation.children.filter(**running)),
            "qc": list(Person.objects.candidates().filter(followed_by=self.organisation)),
            "dt": list(MassOrganisation.objects.filter(organisation=self.organisation, **running)),
        }

    def _choices(self) -> list[tuple[str, str]]:
        named = ((number, one_line(str(self.data.get(f"name_{number}", "")))[:60]) for number in self.numbers)
        made = ((str(number), f"{number}. {name or 'Tổ chức mới'}") for number, name in named)
        return [(STAYS, "Ở lại tổ chức này"), *made]

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_for_more:
            self.errors.clear()

    @property
    def is_for_more(self) -> bool:
        """Whether only another number of new organisations was asked for: nothing is wrong yet."""
        return "more" in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        codes = [cleaned.get(f"code_{number}", "").casefold() for number in self.numbers]
        for number in self.numbers:
            _refuse_taken(self, f"code_{number}")
            if codes[number - 1] and codes.index(codes[number - 1]) < number - 1:
                self.add_error(f"code_{number}", "Hai tổ chức mới không thể cùng một mã.")
        return cleaned

    @property
    def parts(self) -> list[Part]:
        """The new organisations with what goes along."""
        return [self._part(number) for number in self.numbers]

    def _part(self, number: int) -> Part:
        values = self.cleaned_data
        return Part(
            code=values[f"code_{number}"],
            name=values[f"name_{number}"],
            kind=values[f"kind_{number}"],
            sector=values[f"sector_{number}"],
            members=self._going("dv", number),
            organisations=self._going("tc", number),
            candidates=self._going("qc", number),
            mass_organisations=self._going("dt", number),
        )

    def _going(self, key: str, number: int) -> list[Any]:
        values = self.cleaned_data
        places = {row.pk: values.get(f"{key}_{row.pk}") or LIKE_THE_REST for row in self.rows[key]}
        rest = values.get("rest") or STAYS
        return [
            row
            for row in self.rows[key]
            if (rest if places[row.pk] == LIKE_THE_REST else places[row.pk]) == str(number)
        ]

    # Drawing

    def laid_out(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        yield "Ngày, quyết định", [self[name] for name in (*WHEN, "way", "so_moi")]
        for number in self.numbers:
            names = (f"{name}_{number}" for name in ("name", "code", "kind", "sector"))
            yield f"Tổ chức mới {number}", [self[name] for name in names]

    @property
    def assignments(self) -> list[tuple[str, list[forms.BoundField]]]:
        """What may go along, a heading for each kind."""
        headings = {"dv": "Đảng viên", "tc": "Tổ chức trực thuộc", "qc": "Quần chúng ưu tú", "dt": "Đoàn thể"}
        return [
            (f"{heading} ({len(self.rows[key])})", [self[f"{key}_{row.pk}"] for row in self.rows[key]])
            for key, heading in headings.items()
            if self.rows[key]
        ]
