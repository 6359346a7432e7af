"""Builders of records for tests, with readable defaults; days may be written "2015-03-01".

Everything is invented. What a service of the product writes is written through it.
"""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.access import Role
from members.admission.services import open_case, record_step
from members.models import (
    Admission,
    AdmissionCase,
    Badge,
    BadgeProposal,
    BadgeRound,
    CaseHelper,
    CaseStep,
    CommitteePosition,
    CommitteePost,
    Discipline,
    Document,
    DocumentKind,
    Exemption,
    ImportPart,
    ImportSession,
    MassOrganisation,
    Membership,
    Movement,
    Organisation,
    OrganisationKind,
    Person,
    PersonMerge,
    RoleAssignment,
    User,
)
from members.partial_dates import parse
from members.services import add_documents, begin_post, found_organisation
from reviews.models import (
    Commendation,
    CommendationForm,
    CommendationTitle,
    RatingLevel,
    RatingScheme,
    RatingStatus,
    RatingSubject,
    SavedView,
    Target,
)
from reviews.services import rate
from training.models import Enrolment, Programme, TrainingClass

numbers = count(1)


def day(value: dt.date | str | None) -> dt.date | None:
    """A date as it is, or out of "2015-03-01"."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


# --- Organisations and accounts --------------------------------------------------------------------


def make_organisation(
    name: str = "Đảng bộ Sở Nội vụ",
    *,
    parent: Organisation | None = None,
    kind: str = OrganisationKind.GRASSROOTS_COMMITTEE,
    code: str = "",
    founded_on: dt.date | str | None = None,
    sector: str = "",
) -> Organisation:
    """An organisation; a root where no parent is given."""
    return found_organisation(
        code=code or f"TC{next(numbers):04}",
        name=name,
        kind=kind,
        parent=parent,
        founded_on=day(founded_on),
        sector=sector,
        by=None,
    )


def make_mass_organisation(
    organisation: Organisation, name: str = "Công đoàn cơ sở Sở Nội vụ", **fields: Any
) -> MassOrganisation:
    """A trade union unless another kind is given."""
    values = {"code": f"DT{next(numbers):04}", "kind": "trade_union"} | fields
    return MassOrganisation.objects.create(organisation=organisation, name=name, **values)


def make_post(
    person: Person,
    organisation: Organisation,
    position: str = CommitteePosition.SECRETARY,
    began: str = "",
    **fields: Any,
) -> CommitteePost:
    """A post in the committee, of a member there; since the first stay unless `began` is given."""
    since = parse(began) if began else person.memberships.earliest("began_on").began
    return begin_post(person=person, organisation=organisation, position=position, began=since, by=None, **fields)


def make_user(
    username: str,
    role: Role | None = None,
    organisation: Organisation | None = None,
    *,
    full_name: str = "",
    password: str | None = None,
) -> User:
    """An account with a role on an organisation; without a password it only signs in by `force_login`."""
    user = User.objects.create_user(username=username, full_name=full_name or username, password=password)
    if role is not None:
        RoleAssignment.objects.create(user=user, role=role, organisation=organisation)
    return user


# --- People ----------------------------------------------------------------------------------------


def make_person(full_name: str = "Nguyễn Văn An", **fields: Any) -> Person:
    """A person without any stay: a candidate where `followed_by` is given."""
    values = {"file_number": f"HS{next(numbers):06}", "sex": "male", "born_on": dt.date(1970, 5, 1)} | fields
    return Person.objects.create(full_name=full_name, **values)


def make_admission(
    person: Person,
    organisation: Organisation | None = None,
    decided_on: dt.date | str | None = "2005-03-01",
    *,
    official_on: dt.date | str | None = None,
    **fields: Any,
) -> Admission:
    """An admission, on probation unless `official_on` is given."""
    return Admission.objects.create(
        person=person,
        organisation=organisation,
        decided_on=day(decided_on),
        official_on=day(official_on),
        **fields,
    )


def make_stay(
    person: Person,
    organisation: Organisation,
    began_on: dt.date | str = "2005-03-01",
    ended_on: dt.date | str | None = None,
    *,
    admission: Admission | None = None,
    official_on: dt.date | str | None = None,
    start_reason: str = "admitted",
    end_reason: str = "transferred_out",
    **fields: Any,
) -> Membership:
    """A stay; unless an admission is given it is the one of the day on which the stay begins."""
    begun = day(began_on)
    return Membership.objects.create(
        person=person,
        organisation=organisation,
        admission=admission or make_admission(person, organisation, begun, official_on=official_on),
        began_on=begun,
        start_reason=start_reason,
        ended_on=day(ended_on),
        end_reason=end_reason if ended_on else "",
        **fields,
    )


def make_member(
    organisation: Organisation,
    full_name: str = "Nguyễn Văn An",
    began_on: dt.date | str = "2005-03-01",
    *,
    is_official: bool = True,
    **fields: Any,
) -> Person:
    """A member of `organisation` since `began_on`, official a year later; `fields` are the person's."""
    person = make_person(full_name, **fields)
    begun = dt.date.fromisoformat(began_on) if isinstance(began_on, str) else began_on
    a_year_later = begun + dt.timedelta(days=365)
    make_stay(person, organisation, begun, official_on=a_year_later if is_official else None)
    return person


def make_exemption(person: Person, starts_on: dt.date | str = "2012-01-01", **fields: Any) -> Exemption:
    return Exemption.objects.create(person=person, starts_on=day(starts_on), **fields)


def make_movement(person: Person, happened_on: dt.date | str = "2015-06-01", **fields: Any) -> Movement:
    """A paper of a transfer out whose answer is awaited, without what follows from it."""
    values = {"kind": "transfer_out", "state": "pending", "to_place": "Đảng bộ huyện Lộc Sơn"} | fields
    return Movement.objects.create(person=person, happened_on=day(happened_on), **values)


def make_badge(person: Person, milestone: int = 30, awarded_on: dt.date | str = "2015-02-03", **fields: Any) -> Badge:
    return Badge.objects.create(person=person, milestone=milestone, awarded_on=day(awarded_on), **fields)


def make_badge_round(organisation: Organisation, award_on: dt.date | str = "2027-02-03", **fields: Any) -> BadgeRound:
    """An empty round of badges."""
    return BadgeRound.objects.create(organisation=organisation, award_on=day(award_on), **fields)


def make_proposal(badge_round: BadgeRound, person: Person, milestone: int = 40, **fields: Any) -> BadgeProposal:
    return BadgeProposal.objects.create(round=badge_round, person=person, milestone=milestone, **fields)


def make_discipline(
    *, person: Person | None = None, organisation: Organisation | None = None, **fields: Any
) -> Discipline:
    """A reprimand of a person or an organisation."""
    values = {"form": "reprimand", "decided_on": dt.date(2015, 6, 1)} | fields
    return Discipline.objects.create(person=person, organisation=organisation, **values)


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def make_scan(name: str = "quet.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it: a PDF unlike any other, unless its content is given."""
    return SimpleUploadedFile(name, PDF + b"%" + str(next(numbers)).encode() if content is None else content)


def make_document(
    person: Person, kind: str = "application", *, file: SimpleUploadedFile | None = None, **fields: Any
) -> Document:
    """A scan of a paper of the kind with that code."""
    like = Document(kind=DocumentKind.objects.get(code=kind), **fields)
    (document,) = add_documents(person=person, files=[file or make_scan()], like=like, by=None)
    return document


def make_honours(organisation: Organisation, person: Person) -> None:
    """A round of the organisation with the person on its list, and a badge and a decision on the person."""
    make_proposal(make_badge_round(organisation), person)
    make_badge(person, 55)
    make_discipline(person=person, form="warning", decided_on=day("2014-03-03"))


# --- Admission -------------------------------------------------------------------------------------


def make_case(
    organisation: Organisation, name: str = "Nguyễn Thị Mới", on: dt.date | str = "2015-01-05", **person: Any
) -> AdmissionCase:
    """The case of a candidate of thirty, who has a helper and a remark."""
    values = {"born_on": dt.date(1985, 6, 1), "general_education": "12/12", "sex": "female"} | person
    candidate = make_person(name, followed_by=organisation, **values)
    opened_on = day(on)
    assert opened_on is not None
    case = open_case(person=candidate, on=opened_on, by=None)
    helper = CaseHelper(member=make_person(f"Người giúp {name}"))
    stage = case.stage
    assert stage is not None
    step = CaseStep(case=case, stage=stage, done_on=opened_on)
    record_step(case=case, step=step, helpers=[helper], is_confirmed=True, by=None)
    case.remarks.create(year=2015, quarter=1, remarked_on=opened_on, text=f"Nhận xét về {name}")
    case.refresh_from_db()
    return case


def make_merge(person: Person, **fields: Any) -> PersonMerge:
    """That an empty file was merged into that of `person`."""
    details = {"merged": {}, "kept": {}, "moved": [], "aside": [], "repointed": []}
    values = {"merged_key": 10_000_000 + next(numbers), "merged_name": "Hồ sơ thừa", "merged_number": "TẠM-1"}
    values |= {"reason": "Nhập hai lần", "details": details, "merged_at": timezone.now()}
    return PersonMerge.objects.create(person=person, **values | fields)


# --- Training --------------------------------------------------------------------------------------


def make_class(programme: str = "candidate", opens_on: dt.date | str = "2015-04-06", **fields: Any) -> Any:
    """A class of the programme with that code."""
    number = next(numbers)
    values = {"code": f"L{number:04}", "name": f"Lớp số {number}"} | fields
    return TrainingClass.objects.create(
        programme=Programme.objects.get(code=programme), opens_on=day(opens_on), **values
    )


def make_enrolment(training_class: TrainingClass, person: Person | None = None, **fields: Any) -> Enrolment:
    """A learner, or an unnamed one where only `organisation` is given."""
    return Enrolment.objects.create(training_class=training_class, person=person, **fields)


# --- Reviews ---------------------------------------------------------------------------------------


def level_of(subject: str, year: int, rank: int = 1) -> RatingLevel:
    """The level of that rank in the scheme by which `subject` is rated in `year`."""
    return RatingLevel.objects.get(scheme=RatingScheme.objects.in_force(year).get(subject=subject), rank=rank)


def make_rating(
    subject: Person | Organisation | MassOrganisation,
    year: int = 2015,
    rank: int | None = 2,
    *,
    reason: str = "",
    note: str = "",
    organisation: Organisation | None = None,
    status: str = RatingStatus.APPROVED,
) -> Any:
    """An approved rating with the level of that rank or, with `reason`, without one."""
    kinds = {Person: RatingSubject.MEMBERS, Organisation: RatingSubject.ORGANISATIONS}
    kind = kinds.get(type(subject), RatingSubject.MASS)
    return rate(
        subject=subject,
        year=year,
        level=None if reason or rank is None else level_of(kind, year, rank),
        unrated_reason=reason,
        unrated_note=note,
        organisation=organisation,
        status=status,
        by=None,
    )


def make_commendation(
    *,
    person: Person | None = None,
    organisation: Organisation | None = None,
    year: int = 2015,
    title: str = "",
    **fields: Any,
) -> Commendation:
    """A giấy khen with the title that fits, unless another is given."""
    fitting = CommendationTitle.MEMBER_FIVE_YEARS if person else CommendationTitle.ORGANISATION_EXEMPLARY
    values = {"form": CommendationForm.CERTIFICATE, "title": title or fitting} | fields
    return Commendation.objects.create(person=person, organisation=organisation, year=year, **values)


def make_target(
    organisation: Organisation, figure: str = "admission.decided", value: int = 250, *, year: int = 2015
) -> Target:
    return Target.objects.create(organisation=organisation, figure=figure, value=value, year=year)


def make_saved_view(
    owner: User,
    name: str = "Đảng viên dự bị",
    query: str = "tinh_trang=du-bi",
    *,
    organisation: Organisation | None = None,
) -> SavedView:
    """A list that `owner` keeps, shared where an organisation is given."""
    return SavedView.objects.create(owner=owner, name=name, query=query, organisation=organisation)


# --- Imports ---------------------------------------------------------------------------------------

WRONG_DAY = {"column": "Ngày sinh", "value": "31/2/1975", "reason": "Không có ngày này trong lịch."}


def make_import_session(
    organisation: Organisation, by: User, name: str = "Nguyễn Thị Mới", *, is_wrong: bool = False, **fields: Any
) -> ImportSession:
    """An import of one person without a number, written unless `state` tells otherwise."""
    now, status = timezone.now(), "wrong" if is_wrong else "new"
    counts = {"tables": {"0": {status: 1}}, "all": {status: 1}}
    values = {"state": "done", "understood": _understood(name), "counts": counts, "created_at": now, "touched_at": now}
    session = ImportSession.objects.create(
        organisation=organisation, created_by=by, touched_by=by, **{**values, **fields}
    )
    content = f"Họ tên,Ngày sinh\n{name},31/2/1975\n".encode()
    digest = sha256(content).hexdigest()
    session.files.create(position=0, name=f"{name}.csv", size=len(content), sha256=digest, content=content)
    session.parts.create(table=0, first_row=2, last_row=2, content=ImportPart.packed([[2, [name, None], []]]))
    problem = WRONG_DAY | {"candidates": [], "is_conflict": False}
    session.outcomes.create(table=0, row=2, status=status, detail={"problems": [problem]} if is_wrong else {})
    return session


def _understood(name: str) -> dict[str, Any]:
    """What the reader makes of a list of one person."""
    column = {"word": "", "is_hidden": False, "samples": [name]}
    table = {
        "sheet": "Hồ sơ", "kind": "Hồ sơ", "shape": "a" * 32, "heading_row": 1, "is_canonical": False,
        "is_proposed": True, "title": [], "fields": ["Họ và tên", "Ngày sinh"], "file": 0, "rows": 1,
        "skipped": [], "skipped_count": 0, "columns": [
            column | {"letters": "A", "heading": "Họ tên", "meaning": "Họ và tên"},
            column | {"letters": "B", "heading": "Ngày sinh", "meaning": "Ngày sinh"},
        ],
    }  # fmt: skip
    told: dict[str, Any] = {"files": [{"name": f"{name}.csv", "marks": {}}], "tables": [table]}
    return told | {"questions": [], "errors": [], "conversions": [], "notes": []}
