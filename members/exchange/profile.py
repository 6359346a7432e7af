"""A person with what a row of Hồ sơ says of them: the file, one admission, one stay, one exemption.

Who had several stays is described in Quá trình sinh hoạt; of them a row of Hồ sơ speaks of the latest stay and its
admission.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError

from members.exchange.cells import Cell, card, choice, note, partial_day, partial_of, person_name, text
from members.exchange.organisation_index import OrganisationIndex, Place
from members.models import Admission, Exemption, Membership, Person
from members.models.memberships import EndReason, StartReason
from members.models.people import AcademicTitle, ProfessionalLevel, Sex, TheoryLevel

PLACE, ARRIVED, DECIDED, OFFICIAL = "Mã tổ chức", "Ngày đến", "Ngày quyết định kết nạp", "Ngày chính thức"
DECISION, CEREMONY = "Số quyết định kết nạp", "Ngày lễ kết nạp"
LEFT, LEFT_FOR, EXEMPT = "Ngày ra khỏi", "Lý do ra khỏi", "Ngày miễn sinh hoạt"

SEVERAL_STAYS = (
    "Người này đã có nhiều thời gian sinh hoạt. Hãy ghi thay đổi ở trang “Quá trình sinh hoạt” của tệp, không ghi ở "
    "đây."
)
CORRECTED = (
    "Sửa tổ chức của thời gian sinh hoạt từ {}. Nếu đồng chí này chuyển sinh hoạt thì hãy ghi ở trang "
    "“Quá trình sinh hoạt”."
)


class Profile:
    """A person, saved or not, with the records that a row of Hồ sơ speaks of; those that aren't there are None."""

    def __init__(
        self,
        person: Person,
        admissions: Iterable[Admission] = (),
        stays: Iterable[Membership] = (),
        exemptions: Iterable[Exemption] = (),
    ) -> None:
        self.person = person
        self.stays = list(stays)
        self.stay = self.stays[-1] if self.stays else None
        known = {admission.pk: admission for admission in admissions}
        latest = self.stay.admission_id if self.stay else max(known, default=None)
        self.admission = known.get(latest) if latest else None
        self.admissions = list(known.values())
        self.exemptions = list(exemptions)
        self.exemption = self.exemptions[-1] if self.exemptions else None
        self.old: dict[str, dict[str, Any]] = {name: _held(getattr(self, name)) for name in PARTS}

    @property
    def parts(self) -> list[Any]:
        """The records that are there."""
        return [part for part in (getattr(self, name) for name in PARTS) if part is not None]

    def changed(self) -> list[tuple[Any, list[str]]]:
        """The records that changed, with the names of their changed columns, and new ones."""
        found = []
        for name in PARTS:
            part = getattr(self, name)
            if part is None:
                continue
            before = self.old[name]
            names = [column for column, value in _held(part).items() if value != before[column]] if before else []
            if names or part.pk is None:
                found.append((part, names))
        return found

    # What a row of Hồ sơ can tell

    @property
    def tells_exemption(self) -> bool:
        """Whether the one cell says all of the exemptions."""
        if len(self.exemptions) != 1:
            return not self.exemptions
        return self.exemptions[0].ends_on is None and not self.exemptions[0].decision_number

    @property
    def tells_stays(self) -> bool:
        """Whether there is no stay, or one that is as the row's cells would make it."""
        if len(self.stays) != 1 or self.admission is None:
            return not self.stays
        stay, admission = self.stays[0], self.admission
        if stay.end_reason == EndReason.MOVED or stay.end_decision_number:
            return False
        if stay.start_reason == StartReason.ADMITTED:
            number = stay.start_decision_number == admission.decision_number
            return number and stay.began == admission.decided
        # An unknown day of admission makes no difference to a transfer in.
        return stay.start_reason == StartReason.TRANSFERRED_IN and not stay.start_decision_number

    @property
    def tells_admissions(self) -> bool:
        """Whether the row and the stays say all of the admissions."""
        if self.admission is None:
            return not self.admissions
        first = self.stays[0] if self.stays else None
        is_ours = first is not None and first.start_reason == StartReason.ADMITTED
        expected = first.organisation_id if first is not None and is_ours else None
        is_plain = self.admission.organisation_id == expected and not self.admission.official_decision_number
        return is_plain and len(self.admissions) == 1

    # What the row may give where it isn't there yet

    def admitted(self) -> Admission:
        """The admission, begun now where there is none."""
        if self.admission is None:
            self.admission = Admission(person=self.person)
        return self.admission

    def exempted(self, since: dt.date) -> Exemption:
        """The exemption that a day means: another one, begun now, where there is none or the last one had ended."""
        has_ended = (
            self.exemption is not None and self.exemption.ends_on is not None and self.exemption.ends_on <= since
        )
        if self.exemption is None or has_ended:
            self.exemption = Exemption(person=self.person)
            self.old["exemption"] = {}
        return self.exemption

    @property
    def only_stay(self) -> Membership:
        """The stay that a row may correct. Raises ValidationError where there were several."""
        if self.stay is None or len(self.stays) > 1:
            raise ValidationError(SEVERAL_STAYS)
        return self.stay

    @property
    def home(self) -> Membership | Person:
        """The record that says where the person is: the latest stay or, of who never had one, the file."""
        return self.stay or self.person


PARTS = ("person", "admission", "stay", "exemption")


def _held(record: Any) -> dict[str, Any]:
    """The columns of a record on file, by the names of its fields."""
    if record is None or record.pk is None:
        return {}
    return {field.name: getattr(record, field.attname) for field in type(record).recorded_fields()}


# --- Cells -----------------------------------------------------------------------------------------


def _of(part: str, cell: Cell, begin: Callable[[Profile], Any] | None = None) -> Cell:
    """A cell of one of the profile's records; `begin` makes the record where there is none."""

    def read(profile: Any) -> str:
        record = getattr(profile, part) if isinstance(profile, Profile) else profile
        return cell.read(record) if record is not None else ""

    def write(profile: Profile, value: str) -> None:
        cell.write(begin(profile) if begin else getattr(profile, part), value)

    return Cell(cell.column, read, write, cell.columns, part, cell.settled)


PERSON_CELLS = (
    text("Số lý lịch", "file_number"),
    person_name("Họ và tên", "full_name"),
    text("Tên gọi khác", "other_names"),
    choice("Giới tính", "sex", Sex),
    partial_day("Ngày sinh", "born"),
    text("Dân tộc", "ethnicity"),
    text("Tôn giáo", "religion"),
    text("Quê quán", "home_town"),
    text("Nơi ở hiện nay", "residence"),
    text("Số định danh cá nhân", "national_id_number"),
    text("Nghề nghiệp chức vụ", "occupation"),
    text("Trình độ phổ thông", "general_education"),
    text("Trình độ chuyên môn", "professional_education"),
    choice("Lý luận chính trị", "theory_level", TheoryLevel),
    card("Số thẻ đảng viên", "card_number"),
    partial_day("Ngày cấp thẻ", "card_issued"),
    text("Nơi cấp thẻ", "card_issued_by"),
    card("Số thẻ trước đây", "former_card_number"),
    text("Tên khai sinh", "birth_name"),
    text("Nơi sinh", "birth_place"),
    text("Nơi đăng ký khai sinh", "birth_registration_place"),
    text("Số CMND cũ", "former_id_number"),
    text("Nơi thường trú", "permanent_residence"),
    text("Nơi tạm trú", "temporary_residence"),
    text("Nghề nghiệp khi vào Đảng", "occupation_at_admission"),
    partial_day("Ngày vào Đoàn", "youth_union_joined"),
    text("Nơi vào Đoàn", "youth_union_place"),
    partial_day("Ngày nhập ngũ", "enlisted"),
    partial_day("Ngày xuất ngũ", "discharged"),
    text("Quân hàm cao nhất", "military_rank"),
    choice("Trình độ chuyên môn cao nhất", "professional_level", ProfessionalLevel),
    choice("Học hàm", "academic_title", AcademicTitle),
    text("Học vị", "academic_degree"),
    text("Quản lý nhà nước", "state_management"),
    text("Ngoại ngữ", "foreign_languages"),
    text("Tiếng dân tộc thiểu số", "ethnic_languages"),
    text("Tin học", "informatics"),
    text("Tình trạng sức khỏe", "health"),
    text("Thương binh, bệnh binh hạng", "war_invalid_class"),
    text("Gia đình chính sách", "family_policy"),
    text("Thành phần gia đình", "family_origin"),
    note("Hoàn cảnh gia đình", "family_circumstances"),
    note("Hoàn cảnh kinh tế", "economic_circumstances"),
    note("Lịch sử bản thân", "life_story"),
)
ADMISSION_CELLS = (
    partial_day(DECIDED, "decided"),
    text(DECISION, "decision_number"),
    partial_day(CEREMONY, "ceremony"),
    partial_day(OFFICIAL, "official"),
)
_ENDS = {str(label): value for value, label in EndReason.choices if value != EndReason.MOVED}


def profile_cells(index: OrganisationIndex) -> tuple[Cell, ...]:
    """The columns of Hồ sơ on a profile. The organisation must be a code."""
    return (
        *(_of("person", cell) for cell in PERSON_CELLS),
        Cell(
            PLACE,
            lambda row: _read_place(row, index),
            lambda row, value: _write_place(row, index.by_code[value.casefold()]),
            ("organisation", "followed_by"),
            "home",
        ),
        *(_of("admission", cell, Profile.admitted) for cell in ADMISSION_CELLS),
        Cell(ARRIVED, _read_arrival, _write_arrival, ("began_on", "began_on_precision"), "stay", _began.settled),
        Cell(LEFT, _read_left, _write_left, ("ended_on", "ended_on_precision"), "stay", _ended.settled),
        Cell(LEFT_FOR, _read_reason, _write_reason, ("end_reason",), "stay"),
        Cell(EXEMPT, _read_exemption, _write_exemption, _exempt.columns, "exemption", _exempt.settled),
    )


_began, _ended = partial_day(ARRIVED, "began"), partial_day(LEFT, "ended")
_exempt = partial_day(EXEMPT, "starts")


def _read_place(row: Any, index: OrganisationIndex) -> str:
    home = row.home if isinstance(row, Profile) else row
    pk = home.organisation_id if isinstance(home, Membership) else home.followed_by_id
    return index.places[pk].code if pk else ""


def _write_place(profile: Profile, place: Place) -> None:
    if profile.stay is None:
        profile.person.followed_by_id = place.pk
        return
    stay = profile.only_stay
    if profile.admission is not None and profile.admission.organisation_id == stay.organisation_id:
        profile.admission.organisation_id = place.pk
    stay.organisation_id = place.pk


def _read_exemption(row: Any) -> str:
    exemption = row.exemption if isinstance(row, Profile) else row
    return _exempt.read(exemption) if exemption is not None else ""


def _write_exemption(profile: Profile, value: str) -> None:
    began = partial_of(value)
    if began is not None:
        _exempt.write(profile.exempted(began.first_day), value)


def _stay_of(row: Any) -> Any:
    return row.stay if isinstance(row, Profile) else row


def _read_arrival(row: Any) -> str:
    """Of the only stay, where it began with a transfer."""
    stay = _stay_of(row)
    is_only = not isinstance(row, Profile) or len(row.stays) == 1
    return _began.read(stay) if stay is not None and is_only and stay.start_reason == StartReason.TRANSFERRED_IN else ""


def _write_arrival(profile: Profile, value: str) -> None:
    stay, admission = profile.only_stay, profile.admitted()
    if value:
        stay.start_reason, stay.began = StartReason.TRANSFERRED_IN, partial_of(value)
        admission.organisation_id = None
        return
    if admission.decided is None:
        raise ValidationError("Chưa biết ngày quyết định kết nạp nên không bỏ được ngày đến.")
    stay.start_reason, stay.began = StartReason.ADMITTED, admission.decided
    admission.organisation_id = stay.organisation_id


def _read_left(row: Any) -> str:
    stay = _stay_of(row)
    return _ended.read(stay) if stay is not None and stay.end_reason != EndReason.MOVED else ""


def _write_left(profile: Profile, value: str) -> None:
    if profile.stay is None:
        raise ValidationError("Người này chưa là đảng viên của tổ chức nào nên không có ngày ra khỏi.")
    profile.stay.ended = partial_of(value)


def _read_reason(row: Any) -> str:
    stay = _stay_of(row)
    return stay.get_end_reason_display() if stay is not None and stay.end_reason not in {"", EndReason.MOVED} else ""


def _write_reason(profile: Profile, value: str) -> None:
    if profile.stay is None:
        raise ValidationError("Người này chưa là đảng viên của tổ chức nào nên không có lý do ra khỏi.")
    if value and value not in _ENDS:
        raise ValidationError(f"Không hiểu “{value}”. Hãy ghi một trong các giá trị: {', '.join(_ENDS)}.")
    profile.stay.end_reason = _ENDS.get(value, "")
