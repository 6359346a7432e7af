"""Addresses of what stands behind the numbers of organisations, and how a day is written in addresses."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone


def in_address(day: dt.date) -> dict[str, str]:
    """The parameter that names the day; today is not named."""
    return {} if day == timezone.localdate() else {"ngay": f"{day:%d/%m/%Y}"}


def people_address(code: str, *, day: dt.date, standing: str = "", alone: bool = False) -> str:
    """The list of the people of an organisation on a day, with all under it or `alone`."""
    wanted = {"to_chuc": code, "duoi": "khong" if alone else "", "tinh_trang": standing, **in_address(day)}
    return f"{reverse('people')}?{urlencode({name: value for name, value in wanted.items() if value})}"


def organisation_address(code: str, day: dt.date) -> str:
    """The page of an organisation as of a day."""
    query = urlencode(in_address(day))
    return reverse("organisation", args=[code]) + (f"?{query}" if query else "")
