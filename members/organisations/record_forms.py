"""Forms on what is on record of an organisation: corrections, posts in its committee, mass organisations."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from members import services
from members.form_fields import PartialDateField
from members.forms import RecordForm
from members.models import CommitteePost, MassOrganisation, Membership, Organisation, OrganisationPeriod, Person
from members.models.memberships import covering
from members.models.organisations import MassKind
from members.services.organisation_corrections import REASON_NEEDED
from members.text import fold, one_line

# So many members are proposed while one types.
PROPOSED = 300


def _reason(help_text: str = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label="Lý do, căn cứ",
        max_length=500,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
    )


class CorrectionForm(RecordForm):
    """What was entered wrongly about an organisation."""

    founded = PartialDateField("founded_on", required=False)
    ended = PartialDateField("ended_on", required=False)
    reason = _reason("Phải ghi khi sửa tên hoặc ngày.")
    sections = (("Thông tin ghi sai", ("name", "sector", "founded", "ended")), ("Vì sao sửa", ("reason",)))

    class Meta:
        model = Organisation
        fields = ("name", "sector")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "Chỉ sửa chữ ghi sai. Đổi tên theo quyết định thì dùng “Đổi tên, loại tổ chức”."
        if self.instance.ended_on is None:
            del self.fields["ended"]
        else:
            self.fields["ended"].help_text = "Để trống nếu tổ chức vẫn đang hoạt động."

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors and not self.typed_reason and services.correction_needs_reason(self.instance):
            self.add_error("reason", REASON_NEEDED)


class PostForm(RecordForm):
    """A post in the committee of the instance's organisation; a new one says who holds it."""

    member = forms.CharField(
        label="Đảng viên",
        max_length=200,
        help_text="Gõ họ tên hoặc số lý lịch của đảng viên đang sinh hoạt ở tổ chức này hoặc tổ chức bên dưới.",
    )
    began = PartialDateField("began_on", label="Giữ chức vụ từ ngày")
    ended = PartialDateField("ended_on", label="Thôi giữ từ ngày", required=False)
    reason = _reason("Ghi vào nhật ký.")
    sections = (
        ("Ai, chức vụ gì", ("member", "position", "term", "began", "decision_number")),
        ("Thôi giữ chức vụ", ("ended", "end_reason", "end_decision_number")),
        ("Vì sao sửa", ("reason",)),
    )

    class Meta:
        model = CommitteePost
        fields = ("position", "term", "decision_number", "end_reason", "end_decision_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["member"]
        else:
            self.fields["member"].widget.attrs["list"] = "cac-dang-vien"
            del self.fields["reason"]
        if self.instance.ended_on is None:
            for name in ("ended", "end_reason", "end_decision_number"):
                del self.fields[name]

    def laid_out(self) -> Any:
        return (section for section in super().laid_out() if section[1])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("member"):
            began = cleaned.get("began")
            self._find(one_line(cleaned["member"]), began.last_day if began else timezone.localdate())
        return cleaned

    def _find(self, text: str, day: dt.date) -> None:
        """Set the holder: by the number in brackets or alone, else the only member of that name."""
        numbered = re.fullmatch(r".*\(([^()]+)\)", text)
        number = numbered[1] if numbered else text
        visible = Person.objects.visible_to(self.user)
        found = list(visible.filter(file_number=number)) or self._named(text, day) or list(visible.matching(text)[:6])
        if len(found) == 1:
            self.instance.person = found[0]
        elif found:
            told = "; ".join(_told(person) for person in found[:5])
            self.add_error("member", f"Có nhiều người như vậy: {told}. Hãy ghi số lý lịch.")
        else:
            self.add_error(
                "member", f"Không tìm thấy “{text}” trong phạm vi của bạn. Hãy gõ đủ họ tên hoặc số lý lịch."
            )

    def _named(self, text: str, day: dt.date) -> list[Person]:
        """Members there on that day; of whom the whole name is meant, where there are such."""
        found = list(self._members(day).matching(text)[:50])
        return [person for person in found if fold(person.full_name) == fold(text)] or found

    def _members(self, day: dt.date) -> Any:
        below = OrganisationPeriod.objects.under(self.instance.organisation, on=day).values("organisation")
        stays = Membership.objects.filter(covering(day), organisation__in=below)
        return Person.objects.visible_to(self.user).filter(pk__in=stays.values("person"))

    @property
    def proposed(self) -> Sequence[str]:
        """Members to choose from while typing; none where they are too many."""
        if "member" not in self.fields:
            return []
        rows = self._members(timezone.localdate()).values_list("full_name", "file_number")
        found = list(rows[: PROPOSED + 1])
        return [f"{name} ({number})" for name, number in found] if len(found) <= PROPOSED else []


def _told(person: Person) -> str:
    born = f"sinh {person.born}, " if person.born else ""
    return f"{person.full_name} ({born}số lý lịch {person.file_number})"


class EndPostForm(RecordForm):
    """The end of a post."""

    ended = PartialDateField("ended_on", label="Thôi giữ từ ngày")
    sections = (("Thôi giữ chức vụ", ("ended", "end_reason", "end_decision_number")),)

    class Meta:
        model = CommitteePost
        fields = ("end_reason", "end_decision_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["end_reason"].required = True


class MassForm(RecordForm):
    """A mass organisation."""

    reason = _reason()
    sections = (
        ("Đoàn thể", ("name", "code", "kind", "kind_text", "organisation", "founded_on", "ended_on")),
        ("Vì sao sửa", ("reason",)),
    )

    class Meta:
        model = MassOrganisation
        fields = ("name", "code", "kind", "kind_text", "organisation", "founded_on", "ended_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].help_text = "Tổ chức đảng lãnh đạo đoàn thể này."
        if not self.instance.pk:
            for name in ("organisation", "ended_on", "reason"):
                del self.fields[name]

    def laid_out(self) -> Any:
        return (section for section in super().laid_out() if section[1])

    def offered(self, name: str, rows: Any) -> Any:
        existing = Organisation.objects.existing_on(timezone.localdate()).values("pk")
        held = Q(pk=getattr(self.instance, f"{name}_id", None))
        return super().offered(name, rows).filter(Q(pk__in=existing) | held)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_other = cleaned.get("kind") == MassKind.OTHER
        if is_other and not cleaned.get("kind_text") and "kind_text" not in self.errors:
            self.add_error("kind_text", "Hãy ghi đó là loại đoàn thể nào.")
        if not is_other and cleaned.get("kind_text"):
            self.add_error("kind_text", "Chỉ ghi khi loại đoàn thể là “Khác”; hãy để trống hoặc chọn lại loại.")
        return cleaned


class EndMassForm(RecordForm):
    """The end of a mass organisation."""

    reason = _reason("Số quyết định hoặc lý do kết thúc.", required=True)
    sections = (("Kết thúc", ("ended_on", "reason")),)

    class Meta:
        model = MassOrganisation
        fields = ("ended_on",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].required = True
