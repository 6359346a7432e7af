"""What the page of the tree shows: which branches are open, which organisations are sought, and the links to change it.

The state of the page stands in its address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from members.form_fields import DayField
from members.models import Organisation, OrganisationKind
from members.models.organisations import Sector
from members.organisations.addresses import in_address, organisation_address
from members.organisations.census import Census, Unit
from members.text import fold

# So many organisations may stand on a page.
MOST = 500
OPEN, ALL = "mo", "*"


def day_field(label: str, *, required: bool = True) -> DayField:
    """A day as typed on paper, drawn as wide as it is."""
    field = DayField(label=label, required=required)
    field.widget.attrs |= {"class": "form-control short", "placeholder": "vd. 31/12/2015"}
    return field


class DayForm(forms.Form):
    """The day that a page is as of; today where none or nonsense is given."""

    ngay = day_field("Tính đến ngày", required=False)

    @property
    def day(self) -> dt.date:
        """The day asked for."""
        found = self.cleaned_data.get("ngay") if self.is_valid() else None
        return found or timezone.localdate()


class TreeForm(DayForm):
    """What is sought in the tree."""

    q = forms.CharField(
        label="Tên hoặc mã",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "class": "form-control", "placeholder": "vd. van phong", "autocomplete": "off"}
        ),
    )
    loai = forms.ChoiceField(
        label="Loại tổ chức",
        required=False,
        choices=[("", "Mọi loại"), *OrganisationKind.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    loai_hinh = forms.ChoiceField(
        label="Loại hình cơ sở",
        required=False,
        choices=[("", "Mọi loại hình"), *Sector.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[("", "Đang hoạt động"), ("ket-thuc", "Đã kết thúc")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    field_order = ("q", "loai", "loai_hinh", "tinh_trang", "ngay")

    @property
    def wanted(self) -> dict[str, Any]:
        """What is sought, beside the day."""
        values = self.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in values.items() if value and name != "ngay"}


@dataclass(frozen=True)
class Row:
    """A line of the table; `toggle` opens or closes it, "" where nothing stands below."""

    unit: Unit
    is_open: bool = False
    toggle: str = ""
    address: str = ""

    @property
    def indent(self) -> int:
        """How far it is put in, on the page."""
        return min(self.unit.depth, 5)


class TreePage:
    """The rows of the page for an address."""

    def __init__(self, user: Any, query: QueryDict, census: type[Census] = Census) -> None:
        self.query = query
        self.form = TreeForm(query)
        self.day = self.form.day
        self.census = census(user, self.day)

    @property
    def wanted(self) -> dict[str, Any]:
        """What is sought."""
        return self.form.wanted

    @property
    def is_today(self) -> bool:
        """Whether the page is as of today."""
        return self.day == timezone.localdate()

    @cached_property
    def found(self) -> list[Unit]:
        """The organisations sought, or all, each before those under it."""
        if self.wanted.get("tinh_trang"):
            units: Iterable[Unit] = sorted(self._ended(), key=lambda unit: (unit.sort_key, unit.node.pk))
        else:
            units = self.census
        words = fold(self.wanted.get("q", "")).split()
        return [unit for unit in units if self._is_wanted(unit, words)]

    def _ended(self) -> Iterator[Unit]:
        """Those that had ended by the day."""
        units = self.census.units
        gone = Organisation.objects.filter(pk__in=[pk for pk, unit in units.items() if not unit.node.exists])
        for pk in gone.filter(ended_on__lte=self.day).values_list("pk", flat=True):
            yield units[pk]

    def _is_wanted(self, unit: Unit, words: list[str]) -> bool:
        node = unit.node
        if self.wanted.get("loai") not in (None, node.kind) or self.wanted.get("loai_hinh") not in (None, unit.sector):
            return False
        if not words:
            return True
        text = fold(f"{node.name} {node.code}")
        return all(word in text for word in words)

    # The table

    @cached_property
    def _opened(self) -> set[str]:
        """The codes of the branches that are open: the tops unless the address says otherwise."""
        if OPEN in self.query:
            return set(self.query.getlist(OPEN))
        return {unit.node.code for unit in self.census.tops}

    @property
    def may_open_all(self) -> bool:
        """Whether there are few enough to show them all at once."""
        return len(self.found) <= MOST

    @cached_property
    def rows(self) -> list[Row]:
        """The lines shown."""
        if self.wanted:
            return [self._row(unit) for unit in self.found[:MOST]]
        everything = ALL in self._opened and self.may_open_all
        return list(self._branch(self.census.tops, everything))

    def _branch(self, units: Iterable[Unit], everything: bool) -> Iterator[Row]:
        for unit in units:
            is_open = bool(unit.below) and (everything or unit.node.code in self._opened)
            yield self._row(unit, is_open, self._toggle(unit) if unit.below else "")
            if is_open:
                yield from self._branch(unit.below, everything)

    def _row(self, unit: Unit, is_open: bool = False, toggle: str = "") -> Row:
        return Row(unit, is_open, toggle, organisation_address(unit.node.code, self.day))

    def _toggle(self, unit: Unit) -> str:
        opened = self._opened
        if ALL in opened:
            opened = {one.node.code for one in self.census if one.below}
        opened = opened ^ {unit.node.code}
        return f"{self.address(opened)}#tc-{unit.node.pk}"

    def address(self, opened: Iterable[str] | None = None) -> str:
        """This page with these branches open (None: as it opens by itself)."""
        query: list[tuple[str, str]] = [(name, str(value)) for name, value in self.wanted.items()]
        query += in_address(self.day).items()
        if opened is not None:
            query += [(OPEN, code) for code in sorted(opened)] or [(OPEN, "")]
        return f"?{urlencode(query)}"

    @property
    def open_all(self) -> str:
        """This page with everything open."""
        return self.address([ALL])

    @property
    def close_all(self) -> str:
        """This page with the tops alone."""
        return self.address([])

    # Words

    @property
    def says(self) -> str:
        """What is shown, as a sentence."""
        wanted = self.wanted
        parts = ["Tổ chức đảng đã kết thúc" if wanted.get("tinh_trang") else "Tổ chức đảng đang hoạt động"]
        if "loai" in wanted:
            parts.append(str(OrganisationKind(wanted["loai"]).label))
        if "loai_hinh" in wanted:
            parts.append(f"loại hình: {Sector(wanted['loai_hinh']).label}")
        if "q" in wanted:
            parts.append(f"tìm “{wanted['q']}”")
        return " · ".join([*parts, f"tính đến {self.day:%d/%m/%Y}"])
