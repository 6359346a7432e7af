"""What somebody is on a day, in words: chính thức or dự bị and for how long, or how they left."""

from __future__ import annotations

import datetime as dt

from members.models import Membership, Person
from members.models.memberships import EndReason
from members.party_age import party_age

_LEFT = {
    EndReason.TRANSFERRED_OUT: "Đã chuyển sinh hoạt đảng đi",
    EndReason.MOVED: "Đã chuyển nội bộ, chưa ghi nơi đến",
    EndReason.DECEASED: "Đã từ trần",
    EndReason.STRUCK_OFF: "Đã bị xóa tên",
    EndReason.EXPELLED: "Đã bị khai trừ",
    EndReason.WITHDREW: "Đã ra khỏi Đảng theo đơn xin",
}


def standing(person: Person, *, on: dt.date) -> str:
    """The words for what `person`, whose stays and admissions were fetched latest first, is on that day."""
    stay = next((stay for stay in person.memberships.all() if stay.began_on <= on), None)
    if stay is None:
        follower = person.followed_by
        return f"Quần chúng ưu tú, {follower.name} theo dõi" if follower else "Chưa sinh hoạt ở tổ chức nào"
    if stay.ended_on is not None and stay.ended_on <= on:
        return f"{_LEFT[EndReason(stay.end_reason)]} ({stay.ended})"
    told = ["Đảng viên chính thức" if _is_official(person, stay, on) else "Đảng viên dự bị", _age(person, on)]
    exempt = next((one for one in person.exemptions.all() if one.starts_on <= on < (one.ends_on or dt.date.max)), None)
    if exempt is not None:
        told.append(f"được miễn công tác và sinh hoạt đảng từ {exempt.starts}")
    return ", ".join(filter(None, told))


def _is_official(person: Person, stay: Membership, on: dt.date) -> bool:
    entry = next((entry for entry in person.admissions.all() if entry.pk == stay.admission_id), None)
    return entry is not None and entry.official_on is not None and entry.official_on <= on


def _age(person: Person, on: dt.date) -> str:
    """The years in the Party, or the months in the first one."""
    age = party_age(person, on=on)
    if age is None:
        return ""
    about = "khoảng " if age.is_approximate else ""
    return f"{about}{age.years} năm tuổi Đảng" if age.years else f"{about}{age.months} tháng tuổi Đảng"
