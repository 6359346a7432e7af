"""The whole life of a file in words, by years: what happened to a person, one sentence each.

settings.TIMELINE names the sources, each a function of the person and the reader that gives moments; so the apps that
stand above this one add theirs. A source takes a fixed number of queries, none for what `FETCHED` has brought already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.module_loading import import_string

from members.audit import Verb
from members.models import (
    Admission,
    AdmissionCase,
    AuditItem,
    CommitteePost,
    Membership,
    Movement,
    Person,
    TemporaryStay,
)
from members.models.memberships import LATEST_FIRST, EndReason, StartReason
from members.models.movements import MovementKind
from members.partial_dates import PartialDate, Precision
from members.services.people import IDENTITY
from members.trail.history import Words

# What the sources of this app read of a person, to be prefetched; the page shows the same.
FETCHED: tuple[Any, ...] = (
    Prefetch("memberships", Membership.objects.select_related("organisation__parent").order_by(*LATEST_FIRST)),
    Prefetch("admissions", Admission.objects.select_related("organisation")),
    Prefetch("admission_cases", AdmissionCase.objects.select_related("organisation", "stage", "due_stage")),
    Prefetch("committee_posts", CommitteePost.objects.select_related("organisation")),
    Prefetch("movements", Movement.objects.select_related("from_organisation", "to_organisation")),
    Prefetch("temporary_stays", TemporaryStay.objects.select_related("host")),
    *("exemptions", "badges", "disciplines"),
    *("work_periods", "studies", "journeys", "relatives", "received_awards"),
)
# How many corrections are told at most, the latest ones; all stand in the history of the file.
MOST_CORRECTIONS = 50


@dataclass(frozen=True)
class Moment:
    """Something that happened on a day, in a month or in a year."""

    when: PartialDate
    words: str
    # What sets it apart on the page: "" or "correction", which tells of the file and not of the person.
    kind: str = ""
    # Whether it is of the year as a whole, and told after all that happened in it.
    is_of_year: bool = False

    @property
    def order(self) -> dt.date:
        """By which moments are sorted."""
        return self.when.last_day if self.is_of_year else self.when.first_day


Source = Callable[[Person, Any], Iterable[Moment]]


@cache
def sources() -> tuple[Source, ...]:
    """The sources in force, in the order in which they tell of one day."""
    return tuple(import_string(name) for name in settings.TIMELINE)


def timeline(person: Person, reader: Any, *, oldest_first: bool = False) -> list[tuple[int, list[Moment]]]:
    """The moments of a person by years; newest first unless asked otherwise."""
    moments = [moment for source in sources() for moment in source(person, reader)]
    moments.sort(key=lambda moment: moment.order)
    if not oldest_first:
        moments.reverse()
    return [(year, list(told)) for year, told in groupby(moments, key=lambda moment: moment.when.first_day.year)]


def moment(when: PartialDate | None, words: str, kind: str = "") -> Iterator[Moment]:
    """The moment, where its date is known and there is something to tell."""
    if when is not None and words:
        yield Moment(when, words, kind)


def of_year(year: int, words: str) -> Moment:
    """What is told of a year as a whole."""
    return Moment(PartialDate(dt.date(year, 1, 1), Precision.YEAR), words, is_of_year=True)


def in_decision(number: str) -> str:
    """The number of a decision at the end of a sentence."""
    return f" (quyết định số {number})" if number else ""


# --- Sources of this app ---------------------------------------------------------------------------


def life(person: Person, reader: Any) -> Iterator[Moment]:
    """What the file itself dates."""
    yield from moment(person.born, f"Sinh{_at(person.birth_place)}")
    yield from moment(person.youth_union_joined, f"Vào Đoàn Thanh niên{_at(person.youth_union_place)}")
    yield from moment(person.enlisted, "Nhập ngũ")
    rank = f", {person.military_rank}" if person.military_rank else ""
    yield from moment(person.discharged, f"Xuất ngũ{rank}")
    number = f" số {person.card_as_printed}" if person.card_number else ""
    yield from moment(person.card_issued, f"Được cấp thẻ đảng viên{number}")


def tables(person: Person, reader: Any) -> Iterator[Moment]:
    """The tables of the Lý lịch đảng viên; family doesn't belong here."""
    for work in person.work_periods.all():
        told = ", ".join(filter(None, (work.work, work.position, work.workplace)))
        yield from moment(work.began, f"Công tác: {told}{_until(work.ended)}")
    for study in person.studies.all():
        told = ", ".join(filter(None, (study.school, study.subject, study.mode)))
        earned = f" – {study.certificate}" if study.certificate else ""
        yield from moment(study.began or study.ended, f"Học: {told}{_until(study.began and study.ended)}{earned}")
    for journey in person.journeys.all():
        purpose = f" ({journey.purpose})" if journey.purpose else ""
        yield from moment(journey.began, f"Đi {journey.country}{purpose}{_until(journey.ended)}")
    for award in person.received_awards.all():
        giver = f", {award.awarded_by}" if award.awarded_by else ""
        yield of_year(award.year, f"Khen thưởng: {award.form}{giver}")


def admissions(person: Person, reader: Any) -> Iterator[Moment]:
    """From the decision to the recognition."""
    for admission in person.admissions.all():
        place = admission.organisation.name if admission.organisation else "nơi khác"
        number = in_decision(admission.decision_number)
        yield from moment(admission.decided, f"Quyết định kết nạp vào Đảng tại {place}{number}")
        yield from moment(admission.ceremony, "Lễ kết nạp")
        official = in_decision(admission.official_decision_number)
        yield from moment(admission.official, f"Được công nhận đảng viên chính thức{official}")


_BEGUN = {
    StartReason.ADMITTED: "Bắt đầu sinh hoạt tại {}",
    StartReason.TRANSFERRED_IN: "Chuyển sinh hoạt đảng đến {}",
    StartReason.MOVED: "Chuyển nội bộ đến {}",
    StartReason.READMITTED: "Kết nạp lại, sinh hoạt tại {}",
    StartReason.RESTORED: "Được phục hồi, sinh hoạt tại {}",
}
_ENDED = {
    EndReason.TRANSFERRED_OUT: "Chuyển sinh hoạt đảng đi, từ {}",
    EndReason.MOVED: "Chuyển nội bộ, rời {}",
    EndReason.DECEASED: "Từ trần",
    EndReason.STRUCK_OFF: "Bị xóa tên trong danh sách đảng viên, tại {}",
    EndReason.EXPELLED: "Bị khai trừ khỏi Đảng, tại {}",
    EndReason.WITHDREW: "Ra khỏi Đảng theo đơn xin, tại {}",
}


# Ways of coming and going for which there may be a letter instead of a decision.
_BY_LETTER = {StartReason.TRANSFERRED_IN, StartReason.MOVED, EndReason.TRANSFERRED_OUT, EndReason.MOVED}
_BETWEEN_PLACES = {MovementKind.MOVE, MovementKind.TRANSFER_OUT, MovementKind.TRANSFER_IN}


def stays(person: Person, reader: Any) -> Iterator[Moment]:
    """Where the person came and went, from and to where as far as a movement says so.

    The leaving of a move is told by the coming that follows on that day, the first stay by the admission.
    """
    found, movements = list(person.memberships.all()), list(person.movements.all())
    begun = {stay.began_on for stay in found}
    begun_by = {movement.began_stay_id: movement for movement in movements}
    ended_by = {movement.ended_stay_id: movement for movement in movements}
    for stay in found:
        if not _is_told_by_admission(person, stay):
            words = _BEGUN[StartReason(stay.start_reason)].format(stay.organisation.name)
            papers = _papers(stay.start_decision_number, stay.start_reason, begun_by.get(stay.pk))
            yield from moment(stay.began, words + _where("từ", "origin", begun_by.get(stay.pk)) + papers)
        if stay.ended_on is None or (stay.end_reason == EndReason.MOVED and stay.ended_on in begun):
            continue
        words = _ENDED[EndReason(stay.end_reason)].format(stay.organisation.name)
        papers = _papers(stay.end_decision_number, stay.end_reason, ended_by.get(stay.pk))
        yield from moment(stay.ended, words + _where("đến", "destination", ended_by.get(stay.pk)) + papers)


def _is_told_by_admission(person: Person, stay: Membership) -> bool:
    decided = (stay.admission_id, stay.organisation_id, stay.began_on)
    return stay.start_reason == StartReason.ADMITTED and any(
        decided == (entry.pk, entry.organisation_id, entry.decided_on) for entry in person.admissions.all()
    )


def exemptions(person: Person, reader: Any) -> Iterator[Moment]:
    """Times without work and activities; that one ended with the stay needs no words of its own."""
    left = {stay.ended_on for stay in person.memberships.all() if stay.end_reason != EndReason.MOVED}
    for exemption in person.exemptions.all():
        number = in_decision(exemption.decision_number)
        yield from moment(exemption.starts, f"Được miễn công tác và sinh hoạt đảng{number}")
        if exemption.ends_on and exemption.ends_on not in left:
            yield Moment(PartialDate(exemption.ends_on), "Hết thời gian miễn công tác và sinh hoạt đảng")


def honours(person: Person, reader: Any) -> Iterator[Moment]:
    """Badges and discipline."""
    for badge in person.badges.all():
        how = "Được truy tặng" if badge.is_posthumous else "Được tặng"
        number = in_decision(badge.decision_number)
        yield from moment(badge.awarded, f"{how} Huy hiệu {badge.milestone} năm tuổi Đảng{number}")
    for discipline in person.disciplines.all():
        number, form = in_decision(discipline.decision_number), discipline.get_form_display()
        yield from moment(discipline.decided, f"Kỷ luật: {form}{number}")
        if discipline.revoked_on:
            told = f"Hủy bỏ quyết định kỷ luật {form.lower()} ngày {discipline.decided}"
            yield Moment(PartialDate(discipline.revoked_on), told)


def documents(person: Person, reader: Any) -> Iterator[Moment]:
    """Scans as they came into the file, those of a day in one sentence, and what was withdrawn."""
    found = list(person.documents.select_related("kind").order_by("uploaded_at", "pk"))
    for day, added in groupby(found, key=lambda one: timezone.localdate(one.uploaded_at)):
        names = [str(document) for document in added]
        count = f"{len(names)} giấy tờ đã quét" if len(names) > 1 else "giấy tờ đã quét"
        yield Moment(PartialDate(day), f"Đưa vào hồ sơ {count}: {'; '.join(names)}", "correction")
    for document in found:
        if document.withdrawn_at:
            told = f"Rút khỏi hồ sơ giấy tờ: {document}. Lý do: {document.withdrawn_reason}"
            yield Moment(PartialDate(timezone.localdate(document.withdrawn_at)), told, "correction")


def corrections(person: Person, reader: Any) -> Iterator[Moment]:
    """Changes of who the person is, out of the trail, with the reason given."""
    items = AuditItem.objects.filter(
        person=person.pk, model="members.person", verb=Verb.CHANGED, after__has_any_keys=IDENTITY
    )
    latest = list(items.select_related("event").order_by("-event__sequence")[:MOST_CORRECTIONS])
    if not latest:
        return
    words = Words(latest, reader)
    for item in latest:
        # PostgreSQL keeps the columns in no order of ours.
        columns = {column.name: str(column) for column in words.item(item).columns}
        told = "; ".join(columns[name] for name in IDENTITY if name in columns)
        reason = f". Lý do: {item.event.reason}" if item.event.reason and item.event.item_count == 1 else ""
        day = PartialDate(timezone.localdate(item.event.happened_at))
        yield Moment(day, f"Sửa hồ sơ: {told}{reason}", "correction")


# --- Words -----------------------------------------------------------------------------------------


def _at(place: str) -> str:
    return f" tại {place}" if place else ""


def _until(ended: PartialDate | None) -> str:
    return f" (đến {ended})" if ended else ""


def _papers(number: str, reason: str, movement: Movement | None) -> str:
    """The number on the stay: of a decision, of a letter, or of one of the two."""
    letter = movement.letter_number if movement is not None else ""
    if letter and letter == number:
        return f" (giấy giới thiệu số {number})"
    is_unsure = reason in _BY_LETTER and not (movement is not None and movement.decision_number)
    return f" (số {number})" if number and is_unsure else in_decision(number)


def _where(word: str, end: str, movement: Movement | None) -> str:
    """Where somebody came from or went to, where a move or a transfer told it."""
    place = getattr(movement, end) if movement is not None and movement.kind in _BETWEEN_PLACES else ""
    return f", {word} {place}" if place else ""
