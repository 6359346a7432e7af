"""What is filled into papers: what the records say, as documents write it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects

from members.models import BadgeMilestone, CommitteePost, Membership, Organisation, OrganisationKind, PaperKind, Person
from members.models.committees import CommitteePosition
from members.models.memberships import LATEST_FIRST
from members.models.organisations import GRASSROOTS_KINDS
from members.partial_dates import PartialDate, Precision
from members.party_age import Count, counts_by_person

FETCHED: tuple[str, ...] = (
    "admissions__organisation",
    "work_periods",
    "studies",
    "relatives",
    "badges",
    "received_awards",
)
FETCHED += ("disciplines", "followed_by__parent")
CELLS = {OrganisationKind.GRASSROOTS_CELL, OrganisationKind.SUBORDINATE_CELL}
# Papers that the committee above decides; the others are the grassroots organisation's own.
FROM_ABOVE = {PaperKind.ADMISSION_DECISION, PaperKind.OFFICIAL_DECISION}


def date_in_words(value: PartialDate | dt.date | None) -> str:
    """A date as documents write it: "ngày 05 tháng 02 năm 2026", with less where less is known."""
    if value is None:
        return ""
    date = value if isinstance(value, PartialDate) else PartialDate(value)
    day = date.first_day
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    if date.precision == Precision.YEAR:
        return f"năm {day.year}"
    return f"{f'ngày {day.day:02} ' if date.precision == Precision.DAY else ''}tháng {month} năm {day.year}"


@dataclass(frozen=True)
class Letterhead:
    """Who issues a paper, when, and who signs it."""

    issuer: Organisation
    on: dt.date
    number: str = ""
    signer_post: str = ""
    signer: str = ""
    on_behalf: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """The fields of the head and the end, and what else was typed."""
        parent = self.issuer.parent
        return {
            "co_quan_cap_tren": committee_name(parent.name) if parent else settings.PARENT_COMMITTEE_NAME,
            "co_quan": committee_name(self.issuer.name),
            "so_van_ban": self.number,
            "noi_ban_hanh": settings.PLACE_NAME,
            "ngay_van_ban": date_in_words(self.on),
            "thay_mat": self.on_behalf,
            "chuc_vu_ky": self.signer_post,
            "nguoi_ky": self.signer,
            **self.more,
        }


def committee_name(name: str) -> str:
    """The body that signs for an organisation: Đảng bộ X speaks through Đảng ủy X, a chi bộ for itself."""
    return f"Đảng ủy {name.removeprefix('Đảng bộ ')}" if name.startswith("Đảng bộ ") else name


def on_behalf_of(issuer: Organisation) -> str:
    """In whose name papers of the organisation are signed, by its kind."""
    return "T/M CHI BỘ" if issuer.kind in CELLS else "T/M BAN THƯỜNG VỤ"


def secretary_of(issuer: Organisation, *, on: dt.date) -> str:
    """The name of who was secretary on that day; "" where it isn't on record."""
    posts = CommitteePost.objects.on(on).filter(organisation=issuer, position=CommitteePosition.SECRETARY)
    return posts.values_list("person__full_name", flat=True).first() or ""


def homes_of(people: Iterable[Person]) -> dict[int, Organisation]:
    """By the keys of people the organisation of the latest stay or, without one, the one that follows them."""
    found = list(people)
    stays = Membership.objects.filter(person__in=found).order_by("person", *LATEST_FIRST)
    homes: dict[int, Organisation] = {}
    for stay in stays.select_related("organisation__parent"):
        homes.setdefault(stay.person_id, stay.organisation)
    for person in found:
        if person.pk not in homes and person.followed_by is not None:
            homes[person.pk] = person.followed_by
    return homes


def usual_issuer(kind: str, above: Sequence[Organisation]) -> Organisation:
    """Who issues a paper of the kind, of the organisations from the root down to somebody's own."""
    if kind in FROM_ABOVE:
        return above[0]
    return next((one for one in reversed(above) if one.kind in GRASSROOTS_KINDS), above[-1])


def paper_values(kind: str, people: Sequence[Person], head: Letterhead) -> list[dict[str, Any]]:
    """The values of the papers: one for each person or, of a list, one for all."""
    prefetch_related_objects(people, *FETCHED)
    homes, counts = homes_of(people), counts_by_person(people)
    if kind == PaperKind.BADGE_LIST:
        rules = sorted(BadgeMilestone.objects.in_force(on=head.on).values_list("years", flat=True))
        rows = [_badge_row(person, homes.get(person.pk), counts.get(person.pk), rules, head.on) for person in people]
        return [{**head.values(), "tong_so": str(len(rows)), "danh_sach": rows}]
    lists = _lists if kind == PaperKind.MEMBER_SHEET else _no_lists
    return [
        {
            **head.values(),
            **person_values(person, homes.get(person.pk), counts.get(person.pk), head.on),
            **lists(person),
        }
        for person in people
    ]


def person_values(person: Person, home: Organisation | None, count: Count | None, on: dt.date) -> dict[str, Any]:
    """The fields of one person."""
    admission = next(iter(person.admissions.all()), None)
    age = count.age(on) if count else None
    values: dict[str, Any] = {
        "ho_ten": person.full_name,
        "ho_ten_hoa": person.full_name.upper(),
        "ten_khai_sinh": person.birth_name or person.full_name,
        "ten_khac": person.other_names,
        "gioi_tinh": person.get_sex_display(),
        "ngay_sinh": person.born,
        "ngay_sinh_bang_loi": date_in_words(person.born),
        "noi_sinh": person.birth_place,
        "que_quan": person.home_town,
        "noi_thuong_tru": person.permanent_residence,
        "noi_o": person.residence,
        "dan_toc": person.ethnicity,
        "ton_giao": person.religion,
        "so_dinh_danh": person.national_id_number,
        "nghe_nghiep": person.occupation,
        "trinh_do_pho_thong": person.general_education,
        "trinh_do_chuyen_mon": person.professional_education,
        "ly_luan_chinh_tri": person.get_theory_level_display(),
        "ngoai_ngu": person.foreign_languages,
        "so_ly_lich": person.file_number,
        "so_the": person.card_as_printed,
        "ngay_cap_the": person.card_issued,
        "to_chuc": home.name if home else "",
        "to_chuc_cap_tren": home.parent.name if home and home.parent else "",
        "ngay_ket_nap": admission and admission.decided,
        "so_quyet_dinh_ket_nap": admission and admission.decision_number,
        "ngay_le_ket_nap": admission and admission.ceremony,
        "noi_ket_nap": admission and admission.organisation and admission.organisation.name,
        "ngay_chinh_thuc": admission and admission.official,
        "ngay_chinh_thuc_bang_loi": date_in_words(admission.official if admission else None),
        "tuoi_dang": age.years if age else "",
    }
    return {name: _as_text(value) for name, value in values.items()}


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _no_lists(person: Person) -> dict[str, Any]:
    return {}


def _lists(person: Person) -> dict[str, Any]:
    """The tables of the Phiếu đảng viên."""
    return {
        "qua_trinh_cong_tac": [
            _row(tu=row.began, den=row.ended or "nay", viec=row.work, chuc_vu=row.position, noi=row.workplace)
            for row in person.work_periods.all()
        ],
        "dao_tao": [
            _row(truong=row.school, nganh=row.subject, tu=row.began, den=row.ended, hinh_thuc=row.mode,
                 van_bang=row.certificate)
            for row in person.studies.all()
        ],
        "gia_dinh": [
            _row(quan_he=row.relation, ho_ten=row.full_name, nam_sinh=row.birth_year, nghe_nghiep=row.occupation,
                 noi_o=row.residence)
            for row in person.relatives.all()
        ],
        "huy_hieu": [
            _row(moc=f"{row.milestone} năm", ngay=row.awarded, so=row.badge_number) for row in person.badges.all()
        ],
        "khen_thuong": [
            _row(nam=row.year, hinh_thuc=row.form, cap=row.awarded_by) for row in person.received_awards.all()
        ],
        "ky_luat": [_row(ngay=row.decided, hinh_thuc=row.get_form_display()) for row in person.disciplines.all()],
    }  # fmt: skip


def _row(**values: Any) -> dict[str, str]:
    return {name: _as_text(value) for name, value in values.items()}


def _badge_row(
    person: Person, home: Organisation | None, count: Count | None, milestones: Sequence[int], on: dt.date
) -> dict[str, str]:
    values = person_values(person, home, count, on)
    reached = [years for years in milestones if count and count.reaches(years) <= on]
    names = ("ho_ten", "ngay_sinh", "que_quan", "nghe_nghiep", "to_chuc", "ngay_ket_nap", "ngay_chinh_thuc", "so_the")
    told = {name: values[name] for name in (*names, "tuoi_dang")}
    return told | {"moc": f"{reached[-1]} năm" if reached else ""}
