"""The log as it is searched: by person, account, organisation, time and action, within the reader's scope."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from config.access import Permission, UserScope, scope_of
from members.audit import AuditAction
from members.form_fields import DayField
from members.models import AuditEvent, AuditItem, Organisation, Person, User
from members.models.audit import is_whole
from members.text import fold

# How many organisations a search by name may stand for.
MOST_ORGANISATIONS = 20


class LogForm(forms.Form):
    """What the log is searched for; the names of the fields stand in the address."""

    nguoi = forms.CharField(label="Hồ sơ của ai", required=False, max_length=100)
    boi = forms.CharField(label="Ai làm", required=False, max_length=100)
    to_chuc = forms.CharField(label="Tổ chức", required=False, max_length=100)
    tu = DayField(label="Từ ngày")
    den = DayField(label="Đến ngày")
    viec = forms.ChoiceField(label="Việc", required=False, choices=[("", "Mọi việc"), *AuditAction.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {
            "nguoi": "Tên (không cần dấu) hoặc số",
            "boi": "Tên hoặc tên đăng nhập",
            "to_chuc": "Mã hoặc tên",
            "tu": "ngày/tháng/năm",
            "den": "ngày/tháng/năm",
        }
        for name, field in self.fields.items():
            css = "form-select" if name == "viec" else "form-control"
            field.widget.attrs.update({"class": css, "placeholder": hints.get(name, "")})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("tu") and values.get("den") and values["tu"] > values["den"]:
            self.add_error("den", "“Đến ngày” đang trước “Từ ngày”. Hãy sửa một trong hai.")
        return values


class Log:
    """The events that `reader` may see and `query` asks for; none while the search can't be understood."""

    def __init__(self, reader: Any, query: Any) -> None:
        self.reader = reader
        self.form = LogForm(query)
        self.scope: UserScope = scope_of(reader, Permission.VIEW_AUDIT)

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """What is asked for, without what was left empty."""
        return {name: value for name, value in self.form.cleaned_data.items() if value} if self.form.is_valid() else {}

    @cached_property
    def items(self) -> QuerySet | None:
        """The items that the reader may see; None for all."""
        return None if is_whole(self.scope) else AuditItem.objects.within(self.scope)

    @cached_property
    def events(self) -> QuerySet:
        """The events, without order."""
        if not self.form.is_valid():
            return AuditEvent.objects.none()
        events = AuditEvent.objects.within(self.scope).order_by()
        for name, value in self.wanted.items():
            events = events.filter(getattr(self, f"_{name}")(value))
        return events

    def _nguoi(self, text: str) -> Any:
        people = Person.objects.within(self.scope).matching(text).values("pk")
        return Q(pk__in=AuditItem.objects.filter(person__in=people).values("event"))

    def _boi(self, text: str) -> Any:
        words = fold(text).split()
        accounts = User.objects.order_by().values_list("pk", "username", "full_name")
        named = [pk for pk, *names in accounts if all(word in fold(" ".join(names)) for word in words)]
        return Q(user__in=named) | Q(user__isnull=True, actor__icontains=text)

    def _to_chuc(self, text: str) -> Any:
        paths = self._organisations(text).order_by("path").values_list("path", flat=True)[:MOST_ORGANISATIONS]
        return Q(pk__in=AuditItem.objects.within(UserScope(tuple(paths))).values("event"))

    def _organisations(self, text: str) -> QuerySet:
        """The one with that code, or those whose name holds every word."""
        within = Organisation.objects.within(self.scope)
        coded = within.filter(code__iexact=text)
        if coded.exists():
            return coded
        words = fold(text).split()
        return within.filter(*(Q(name_search__contains=word) for word in words)) if words else within.none()

    def _tu(self, day: dt.date) -> Any:
        return Q(happened_at__gte=_beginning(day))

    def _den(self, day: dt.date) -> Any:
        return Q(happened_at__lt=_beginning(day + dt.timedelta(days=1)))

    def _viec(self, action: str) -> Any:
        return Q(action=action)

    @property
    def lines(self) -> list[str]:
        """What was searched for, in words."""
        lines = []
        for name, value in self.wanted.items():
            shown = (
                f"{value:%d/%m/%Y}"
                if isinstance(value, dt.date)
                else AuditAction(value).label
                if name == "viec"
                else value
            )
            lines.append(f"{self.form.fields[name].label}: {shown}")
        return lines


def _beginning(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
