"""The forms on a person's file: its sections in the order of the paper form, the whole of it, a new candidate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from members import services
from members.form_fields import PartialDateField
from members.forms import RecordForm, Section
from members.models import Organisation, Person
from members.plausibility import doubtful, implausible
from members.text import fold

IDENTITY_FIELDS = frozenset({"full_name", "born", "file_number", "card_number", "national_id_number"})


@dataclass(frozen=True)
class Part:
    """A section of the file that is saved on its own: `key` in addresses, its heading, its fields in order.

    `needed` are those that the page shows also where nothing is known.
    """

    key: str
    heading: str
    names: tuple[str, ...]
    needed: tuple[str, ...] = ()


WHO = Part(
    "ban-than",
    "Bản thân",
    (
        *("full_name", "birth_name", "other_names", "sex", "born", "birth_place", "birth_registration_place"),
        *("home_town", "ethnicity", "religion", "national_id_number", "former_id_number"),
    ),
    ("sex", "born", "home_town", "ethnicity", "religion", "national_id_number"),
)
WHERE = Part(
    "noi-o", "Nơi ở", ("permanent_residence", "temporary_residence", "residence"), ("permanent_residence", "residence")
)
WORK = Part(
    "nghe-nghiep",
    "Nghề nghiệp, Đoàn, quân đội",
    (
        *("occupation", "occupation_at_admission", "youth_union_joined", "youth_union_place"),
        *("enlisted", "discharged", "military_rank"),
    ),
    ("occupation",),
)
LEARNED = Part(
    "trinh-do",
    "Trình độ",
    (
        *("general_education", "professional_level", "professional_education", "academic_title", "academic_degree"),
        *("theory_level", "state_management", "foreign_languages", "ethnic_languages", "informatics"),
    ),
    ("general_education", "professional_level", "professional_education", "theory_level"),
)
FILE = Part(
    "the-dang",
    "Lý lịch, thẻ đảng viên",
    ("file_number", "card_number", "card_issued", "card_issued_by", "former_card_number"),
    ("file_number", "card_number", "card_issued"),
)
LIFE = Part(
    "hoan-canh",
    "Sức khỏe, hoàn cảnh, lịch sử bản thân",
    (
        *("health", "war_invalid_class", "family_policy", "family_origin"),
        *("family_circumstances", "economic_circumstances", "life_story"),
    ),
)
FOLLOWED = Part("theo-doi", "Theo dõi, ghi chú", ("followed_by", "note"))
PARTS = (WHO, WHERE, WORK, LEARNED, FILE, LIFE, FOLLOWED)

OF_THE_FILE = frozenset({"reason"}.union(*(part.names for part in PARTS)))
_LONG = ("family_circumstances", "economic_circumstances", "life_story", "note")


class FileForm(RecordForm):
    """What all forms on a file share: dates known in part, existing organisations, what can't be or is odd.

    What is odd is asked about once: `is_confirmed` says that the papers have it so.
    """

    born = PartialDateField("born_on", required=False)
    youth_union_joined = PartialDateField("youth_union_joined_on", required=False)
    enlisted = PartialDateField("enlisted_on", required=False)
    discharged = PartialDateField("discharged_on", required=False)
    card_issued = PartialDateField("card_issued_on", required=False)
    is_confirmed = forms.BooleanField(label="Đã đối chiếu với giấy tờ, ghi đúng như vậy", required=False)

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()
        widgets = {name: forms.Textarea(attrs={"rows": 5 if name == "life_story" else 3}) for name in _LONG}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubts: list[tuple[str, str]] = []
        wanted = {name for _, names in self.sections for name in names}
        for name in OF_THE_FILE - wanted:
            self.fields.pop(name, None)

    def _post_clean(self) -> None:
        super()._post_clean()
        for name, refusal in implausible(self.instance):
            if name in self.fields and name not in self.errors:
                self.add_error(name, refusal)
        if not self.errors:
            self._ask_about_doubts()

    def _ask_about_doubts(self) -> None:
        changed = set(self.changed_data)
        self.doubts = [(name, doubt) for name, doubt, causes in doubtful(self.instance) if set(causes) & changed]
        if self.cleaned_data.get("is_confirmed"):
            return
        for name, doubt in self.doubts:
            told = f"{doubt} Nếu giấy tờ ghi đúng như vậy, hãy đánh dấu “{self['is_confirmed'].label}”."
            self.add_error(name if name in self.fields else None, told)

    def laid_out(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The box to confirm stands at the end where there is something to be confirmed."""
        yield from super().laid_out()
        if self.doubts:
            yield "Xác nhận", [self["is_confirmed"]]

    def offered(self, name: str, rows: Any) -> Any:
        existing = Organisation.objects.existing_on(timezone.localdate())
        held = Q(pk=self.instance.followed_by_id)
        return super().offered(name, rows).filter(Q(pk__in=existing.values("pk")) | held)


class PersonForm(FileForm):
    """The file of a person, or those `parts` of it; a change of who they are takes a reason."""

    reason = forms.CharField(
        label="Lý do, căn cứ sửa",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Phải ghi khi sửa họ và tên, ngày sinh, số lý lịch, số thẻ hoặc số định danh cá nhân.",
    )

    class Meta(FileForm.Meta):
        fields = tuple(name for part in PARTS for name in part.names)

    def __init__(self, *args: Any, parts: tuple[Part, ...] = PARTS, **kwargs: Any) -> None:
        sections: list[Section] = [(part.heading, part.names) for part in parts]
        if any(IDENTITY_FIELDS & set(part.names) for part in parts):
            sections.append(("Vì sao sửa", ("reason",)))
        self.sections = tuple(sections)  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def _post_clean(self) -> None:
        super()._post_clean()
        is_silent = "reason" in self.fields and not self.typed_reason
        if is_silent and not self.errors and services.needs_reason(self.instance):
            self.add_error("reason", services.REASON_NEEDED)


class CandidateForm(FileForm):
    """A new quần chúng ưu tú; who seems to be known already (`known`) is added only when said to be another."""

    is_another = forms.BooleanField(label="Đây là người khác, vẫn thêm", required=False)
    sections = (
        (FOLLOWED.heading, FOLLOWED.names),
        (
            WHO.heading,
            (
                *("full_name", "other_names", "born", "sex", "ethnicity", "religion", "national_id_number"),
                *("file_number", "home_town", "permanent_residence", "residence"),
            ),
        ),
        (
            LEARNED.heading,
            (
                *("occupation", "general_education", "professional_level", "professional_education"),
                "theory_level",
            ),
        ),
    )

    class Meta(FileForm.Meta):
        fields = PersonForm.Meta.fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: list[Person] = []
        if "followed_by" in self.fields:
            self.fields["followed_by"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.known = self._known(cleaned)
        if self.known and not cleaned.get("is_another"):
            self.add_error(
                "is_another", "Đã có người cùng họ tên, ngày sinh. Nếu đúng là người khác, hãy đánh dấu ô này."
            )
        return cleaned

    def _known(self, cleaned: dict[str, Any]) -> list[Person]:
        """People whom the user may see, of that name (accents and case aside) and date of birth."""
        if not {"full_name", "born"} <= set(cleaned):
            return []
        born = cleaned["born"]
        named = Person.objects.visible_to(self.user).filter(name_search=fold(cleaned["full_name"]))
        same = (
            named.filter(born_on=born.first_day, born_on_precision=born.precision)
            if born
            else named.filter(born_on__isnull=True)
        )
        return list(same[:5])
