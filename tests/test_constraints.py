"""Every constraint refuses what must never be, in the database itself, and tells people why."""

import datetime as dt
import itertools
from functools import partial
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint
from django.utils import timezone

from members.models import (
    Admission,
    AdmissionCase,
    AdmissionCondition,
    AdmissionDeadline,
    AdmissionStage,
    AuditEvent,
    AuditItem,
    Badge,
    BadgeAwardDay,
    BadgeMilestone,
    BadgeProposal,
    BadgeRound,
    CaseHelper,
    CaseStep,
    ColumnMemory,
    CommitteePost,
    DailyMail,
    Discipline,
    DisciplineEffect,
    DistinctPair,
    Document,
    DocumentKind,
    DocumentNeed,
    Draft,
    Exemption,
    Holiday,
    ImportFile,
    ImportOutcome,
    ImportSession,
    Journey,
    MassOrganisation,
    Membership,
    Movement,
    Organisation,
    OrganisationPeriod,
    PaperTemplate,
    Person,
    PersonMerge,
    ProbationRemark,
    ReceivedAward,
    RecoveryCode,
    Relative,
    RoleAssignment,
    Study,
    Submission,
    Succession,
    TemporaryStay,
    User,
    WorkPeriod,
)
from reviews.models import (
    Commendation,
    MassRating,
    MemberRating,
    OrganisationRating,
    RatingLevel,
    RatingQuota,
    RatingScheme,
    SavedView,
    Target,
)
from tests.builders import level_of, make_member, make_organisation, make_person, make_user
from training.models import Enrolment, Programme, TrainingClass

pytestmark = pytest.mark.django_db

MODELS = [model for app in ("members", "training", "reviews") for model in apps.get_app_config(app).get_models()]
CONSTRAINTS = {constraint.name: (model, constraint) for model in MODELS for constraint in model._meta.constraints}
EARLY, LATE = dt.date(2015, 3, 1), dt.date(2015, 9, 1)
RULE = {"source": "Hướng dẫn số 1", "confidence": "verified"}
UNKNOWN = {"milestone": 31, "status": "unknown"}
numbers = itertools.count(1)


# --- A row of every model that the database takes ----------------------------------------------------


def organisation():
    return make_organisation()


def valid_stay():
    person = make_person()
    admission = Admission.objects.create(person=person, decided_on=EARLY)
    return {
        "person": person,
        "organisation": organisation(),
        "admission": admission,
        "began_on": EARLY,
        "start_reason": "admitted",
    }


def valid_class():
    number = next(numbers)
    return {
        "code": f"LOP{number}",
        "name": "Lớp thứ nhất",
        "programme": Programme.objects.get(code="candidate"),
        "opens_on": EARLY,
    }


def valid_rating(**subject):
    return {"year": 2015, "unrated_reason": "exempt", **subject}


def valid_mass():
    return {
        "code": f"DT{next(numbers)}",
        "name": "Công đoàn",
        "kind": "trade_union",
        "organisation": organisation(),
    }


def valid_session():
    user, now = make_user(f"nguoi-nhap-{next(numbers)}"), timezone.now()
    return {
        "organisation": organisation(),
        "created_by": user,
        "created_at": now,
        "touched_by": user,
        "touched_at": now,
    }


def valid_memory():
    user = make_user(f"nguoi-nho-{next(numbers)}")
    return {
        "organisation": organisation(),
        "shape": "0" * 32,
        "answer": {"kind": ""},
        "saved_by": user,
        "saved_at": timezone.now(),
    }


def valid_event():
    number = 1_000_000 + next(numbers)
    return {
        "key": uuid4(),
        "sequence": number,
        "happened_at": timezone.now(),
        "action": "changed",
        "origin": "page",
        "item_count": 0,
        "seal": "0",
    }


def valid_document():
    return {
        "person": make_person(),
        "kind": DocumentKind.objects.get(code="application"),
        "file_name": "don.pdf",
        "content_type": "application/pdf",
        "size": 1,
        "sha256": "0" * 64,
        "storage_key": f"{next(numbers):040x}",
        "uploaded_at": timezone.now(),
    }


def second_document(**changes):
    """A second scan of the same content in one file."""
    first = Document.objects.create(**valid_document())
    return row(Document, person=first.person, **changes)


def valid_condition():
    AdmissionCondition.objects.filter(kind="helpers").delete()
    return {**RULE, "kind": "helpers", "amount": 2}


def valid_stage():
    return {
        **RULE,
        "code": f"buoc-{next(numbers)}",
        "position": 5,
        "name": "Bước",
        "phase": "probation",
        "actor": "cell",
    }


def valid_case():
    return {
        "person": make_person(),
        "organisation": organisation(),
        "opened_on": EARLY,
        "stage": AdmissionStage.objects.get(code="helpers"),
    }


def valid_step():
    return {
        "case": AdmissionCase.objects.create(**valid_case()),
        "stage": AdmissionStage.objects.get(code="helpers"),
        "done_on": EARLY,
    }


BALLOT = {
    "entitled": 9, "present": 8, "issued": 8, "returned": 8, "in_favour": 6, "against": 1, "abstained": 1, "invalid": 0
}  # fmt: skip


def case_of(**changes):
    return AdmissionCase.objects.create(**(valid_case() | changes))


def helper_twice(**who):
    case = case_of()
    CaseHelper.objects.create(case=case, since=EARLY, **who)
    return CaseHelper(case=case, since=LATE, **who)


VALID = {
    Admission: lambda: {"person": make_person(), "decided_on": EARLY},
    AdmissionCase: valid_case,
    AdmissionCondition: valid_condition,
    AdmissionDeadline: lambda: {
        **RULE,
        "step": "decision",
        "amount": 60,
        "unit": "working_days",
        "counted_from": "ngày nhận",
        "starts_on": dt.date(1990, 1, 1),
        "ends_on": dt.date(1991, 1, 1),
    },
    AdmissionStage: valid_stage,
    AuditEvent: valid_event,
    AuditItem: lambda: {
        "event": AuditEvent.objects.create(**valid_event()),
        "ordinal": 1,
        "verb": "created",
        "model": "members.person",
        "key": 1,
        "version": 1,
        "seal": "0",
    },
    Badge: lambda: {"person": make_person(), "milestone": 30, "awarded_on": EARLY},
    BadgeAwardDay: lambda: {**RULE, "month": 9, "day": 2, "name": "Quốc khánh"},
    BadgeMilestone: lambda: {**RULE, "years": 35},
    CommitteePost: lambda: {
        "person": make_person(),
        "organisation": organisation(),
        "position": "secretary",
        "began_on": EARLY,
    },
    BadgeProposal: lambda: {
        "round": BadgeRound.objects.create(**VALID[BadgeRound]()),
        "person": make_person(),
        "milestone": 30,
    },
    BadgeRound: lambda: {"organisation": organisation(), "award_on": EARLY},
    Commendation: lambda: {
        "year": 2015,
        "form": "certificate",
        "title": "member_five_years",
        "person": make_person(),
    },
    Discipline: lambda: {"person": make_person(), "form": "warning", "decided_on": EARLY},
    DisciplineEffect: lambda: {
        **RULE,
        "form": "expulsion",
        "effect": "lapse",
        "months": 12,
        "starts_on": dt.date(1990, 1, 1),
        "ends_on": dt.date(1991, 1, 1),
    },
    Draft: lambda: {
        "owner": make_user(f"nguoi-nhap-{next(numbers)}"),
        "address": "/nguoi/1/sua/",
        "data": {"born": ["1975"]},
        "saved_at": timezone.now(),
    },
    DistinctPair: lambda: {"first": make_person(), "second": make_person(), "reason": "Khác quê"},
    Document: valid_document,
    DocumentKind: lambda: {
        **RULE,
        "code": "new",
        "order_number": 99,
        "name": "Giấy tờ mới",
        "group": "other",
        "starts_on": EARLY,
        "ends_on": LATE,
    },
    DocumentNeed: lambda: {"kind": DocumentKind.objects.get(code="other"), "step": "decision"},
    Enrolment: lambda: {
        "training_class": TrainingClass.objects.create(**valid_class()),
        "person": make_person(),
    },
    Exemption: lambda: {"person": make_person(), "starts_on": EARLY},
    Holiday: lambda: {**RULE, "first_on": dt.date(1990, 5, 1), "last_on": dt.date(1990, 5, 3), "name": "Nghỉ lễ"},
    Journey: lambda: {"person": make_person(), "began_on": EARLY, "country": "Lào"},
    MassOrganisation: valid_mass,
    MassRating: lambda: valid_rating(mass_organisation=MassOrganisation.objects.create(**valid_mass())),
    MemberRating: lambda: valid_rating(person=make_person(), organisation=organisation()),
    Membership: valid_stay,
    Movement: lambda: {"person": make_person(), "kind": "move", "state": "pending", "happened_on": EARLY},
    Organisation: lambda: {"code": f"TC-{next(numbers)}", "name": "Chi bộ", "kind": "grassroots_cell"},
    OrganisationPeriod: lambda: {
        "organisation": Organisation.objects.create(code="X", name="Chi bộ", kind="grassroots_cell"),
        "name": "Chi bộ",
        "kind": "grassroots_cell",
        "path": "x/",
        "starts_on": EARLY,
        "ends_on": LATE,
    },
    OrganisationRating: lambda: valid_rating(organisation=organisation()),
    TemporaryStay: lambda: {
        "person": make_person(),
        "host": organisation(),
        "began_on": EARLY,
        "until_on": LATE,
    },
    Person: lambda: {"full_name": "Lê Thị Bình", "sex": "female", "file_number": f"P{next(numbers)}"},
    ReceivedAward: lambda: {"person": make_person(), "year": 2015, "form": "Bằng khen"},
    Relative: lambda: {"person": make_person(), "relation": "Con", "full_name": "Nguyễn Thị Em"},
    Study: lambda: {"person": make_person(), "school": "Trường Chính trị", "subject": "Hành chính"},
    WorkPeriod: lambda: {"person": make_person(), "began_on": EARLY, "work": "Giáo viên"},
    PaperTemplate: lambda: {
        "kind": "transfer_letter",
        "name": "mau.docx",
        "content": b"PK",
        "sha256": "0" * 64,
        "is_in_use": True,
        "uploaded_at": timezone.now(),
    },
    PersonMerge: lambda: {
        "person": make_person(),
        "merged_key": 1,
        "merged_name": "Lê Thị Bình",
        "merged_number": "1",
        "reason": "Nhập hai lần",
        "details": {"moved": []},
        "merged_at": timezone.now(),
    },
    Programme: lambda: {"code": "other", "name": "Lớp khác", "confidence": "unverified"},
    ProbationRemark: lambda: {"case": case_of(), "year": 2015, "quarter": 1, "remarked_on": EARLY, "text": "Tốt"},
    RatingLevel: lambda: {
        "scheme": RatingScheme.objects.create(**VALID[RatingScheme]()),
        "rank": 1,
        "name": "Tốt",
        "abbreviation": "T",
    },
    RatingQuota: lambda: {
        **RULE,
        "level": level_of("members", 2015),
        "base": "rated",
        "percent": 20,
        "rounding": "floor",
    },
    RatingScheme: lambda: {
        **RULE,
        "subject": "members",
        "title": "Quy định cũ",
        "first_year": 2000,
        "last_year": 2005,
    },
    DailyMail: lambda: {"user": make_user(f"nguoi-{next(numbers)}"), "day": dt.date(2026, 11, 27)},
    RecoveryCode: lambda: {"user": make_user(f"nguoi-{next(numbers)}"), "digest": "0"},
    RoleAssignment: lambda: {
        "user": make_user(f"nguoi-{next(numbers)}"),
        "role": "leader",
        "organisation": organisation(),
    },
    CaseHelper: lambda: {"case": case_of(), "member": make_person(), "since": EARLY},
    CaseStep: valid_step,
    ColumnMemory: valid_memory,
    ImportSession: valid_session,
    ImportFile: lambda: {
        "session": ImportSession.objects.create(**valid_session()),
        "position": 0,
        "name": "ho-so.xlsx",
        "size": 1,
        "sha256": "0" * 64,
    },
    ImportOutcome: lambda: {
        "session": ImportSession.objects.create(**valid_session()),
        "table": 0,
        "row": 2,
        "status": "new",
    },
    Submission: lambda: {"user": make_user(f"nguoi-{next(numbers)}"), "token": "0", "sent_at": timezone.now()},
    Succession: lambda: {
        "predecessor": organisation(),
        "successor": organisation(),
        "kind": "merger",
        "took_place_on": EARLY,
    },
    SavedView: lambda: {"owner": User.objects.create(username=f"u{next(numbers)}", full_name="U"), "name": "Dự bị"},
    Target: lambda: {"year": 2015, "organisation": organisation(), "figure": "admission.decided", "value": 1},
    TrainingClass: valid_class,
}


def row(model, **changes):
    """An unsaved row that is valid but for `changes`."""
    return model(**(VALID[model]() | changes))


def beside(model, **changes):
    """An unsaved row beside a saved one that is the same but for `changes` and what alone is unique."""
    values = VALID[model]()
    model.objects.create(**values)
    fresh = {name: f"{values[name]}-2" for name in ("code", "file_number") if name in values}
    return model(**(values | fresh | changes))


def own_parent():
    alone = organisation()
    alone.parent = alone
    return alone


def succession_to_itself():
    alone = organisation()
    return row(Succession, predecessor=alone, successor=alone)


def twice_for_an_organisation(model, **changes):
    """A second row on an organisation where the valid row is on a person."""
    values = VALID[model]() | {"person": None, "organisation": organisation()} | changes
    model.objects.create(**values)
    return model(**values)


def scheme_rank_taken(**changes):
    values = VALID[RatingLevel]()
    RatingLevel.objects.create(**values)
    return RatingLevel(**(values | changes))


def of_a_number(name):
    Person.objects.create(**VALID[Person](), **{name: "12345678"})
    return row(Person, **{name: "12345678"})


def card_kept_twice():
    return row(Person, card_number="12345678", former_card_number="12345678")


def unknown_choice(model, field):
    return row(model, **{field: UNKNOWN.get(field, "wrong")})


BROKEN = {
    "admission_ceremony_on_after_decided_on": lambda: row(Admission, decided_on=LATE, ceremony_on=EARLY),
    "admission_official_on_after_decided_on": lambda: row(Admission, decided_on=LATE, official_on=EARLY),
    "admission_once_a_day": lambda: beside(Admission),
    "admissioncase_admitted_by_decision": lambda: row(AdmissionCase, state="admitted"),
    "admissioncase_closed_on_after_opened_on": lambda: row(
        AdmissionCase, state="stopped", stage=None, close_reason="Thôi", opened_on=LATE, closed_on=EARLY
    ),
    "admissioncase_end_has_reason": lambda: row(AdmissionCase, state="stopped", stage=None, closed_on=LATE),
    "admissioncase_one_open": lambda: beside(AdmissionCase),
    "admissioncase_open_waits": lambda: row(AdmissionCase, stage=None),
    "admissioncondition_ends_on_after_starts_on": lambda: row(AdmissionCondition, starts_on=LATE, ends_on=EARLY),
    "admissioncondition_no_overlap": lambda: beside(AdmissionCondition),
    "admissionstage_ends_on_after_starts_on": lambda: row(AdmissionStage, starts_on=LATE, ends_on=EARLY),
    "admissionstage_majority_is_a_share": lambda: row(AdmissionStage, majority_numerator=3, majority_denominator=2),
    "admissionstage_no_overlap": lambda: row(AdmissionStage, code="helpers"),
    "casehelper_mass_once": lambda: helper_twice(mass_organisation=MassOrganisation.objects.create(**valid_mass())),
    "casehelper_member_once": lambda: helper_twice(member=make_person()),
    "casehelper_member_or_mass_organisation": lambda: row(CaseHelper, member=None),
    "casehelper_until_after_since": lambda: row(CaseHelper, since=LATE, until=EARLY),
    "casestep_done_has_day": lambda: row(CaseStep, done_on=None),
    "casestep_once": lambda: beside(CaseStep),
    "casestep_turn_has_reason": lambda: row(CaseStep, state="undone"),
    "casestep_votes_add_up": lambda: row(CaseStep, **(BALLOT | {"invalid": 1})),
    "probationremark_once_a_quarter": lambda: beside(ProbationRemark, text="Khác"),
    "probationremark_quarter_of_year": lambda: row(ProbationRemark, quarter=5),
    "admissiondeadline_ends_on_after_starts_on": lambda: row(AdmissionDeadline, starts_on=LATE, ends_on=EARLY),
    "admissiondeadline_no_overlap": lambda: beside(AdmissionDeadline, starts_on=dt.date(1990, 6, 1)),
    "audititem_once": lambda: beside(AuditItem),
    "badge_once_a_milestone": lambda: beside(Badge, awarded_on=LATE),
    "badgeawardday_ends_on_after_starts_on": lambda: row(BadgeAwardDay, starts_on=LATE, ends_on=EARLY),
    "badgeawardday_in_calendar": lambda: row(BadgeAwardDay, month=13),
    "badgemilestone_ends_on_after_starts_on": lambda: row(BadgeMilestone, starts_on=LATE, ends_on=EARLY),
    "badgemilestone_no_overlap": lambda: beside(BadgeMilestone, starts_on=EARLY),
    "badgeproposal_left_out_has_no_badge": lambda: row(
        BadgeProposal, left_out_reason="bệnh", badge=Badge.objects.create(**VALID[Badge]())
    ),
    "badgeproposal_once_a_milestone": lambda: beside(
        BadgeProposal, round=BadgeRound.objects.create(**VALID[BadgeRound]())
    ),
    "badgeproposal_once_a_round": lambda: beside(BadgeProposal, left_out_reason="bệnh"),
    "badgeproposal_reason_given": lambda: row(BadgeProposal, kind="early"),
    "badgeround_decision_by_state": lambda: row(BadgeRound, state="decided"),
    "badgeround_once_a_day": lambda: beside(BadgeRound),
    "columnmemory_once_a_shape": lambda: beside(ColumnMemory),
    "commendation_organisation_once": lambda: twice_for_an_organisation(Commendation, title="organisation_exemplary"),
    "commendation_person_once": lambda: beside(Commendation),
    "commendation_person_or_organisation": lambda: row(Commendation, title="other", person=None),
    "commendation_title_fits_subject": lambda: row(Commendation, title="organisation_exemplary"),
    "committeepost_end_has_reason": lambda: row(CommitteePost, ended_on=LATE),
    "committeepost_ended_on_after_began_on": lambda: row(
        CommitteePost, began_on=LATE, ended_on=EARLY, end_reason="left"
    ),
    "committeepost_no_overlap": lambda: beside(CommitteePost, began_on=LATE),
    "committeepost_one_secretary": lambda: beside(CommitteePost, person=make_person()),
    "discipline_form_fits_subject": lambda: row(Discipline, form="dissolution"),
    "discipline_organisation_once": lambda: twice_for_an_organisation(Discipline),
    "discipline_person_once": lambda: beside(Discipline),
    "discipline_person_or_organisation": lambda: row(Discipline, organisation=organisation()),
    "discipline_revoked_on_after_decided_on": lambda: row(Discipline, decided_on=LATE, revoked_on=EARLY),
    "disciplineeffect_ends_on_after_starts_on": lambda: row(DisciplineEffect, starts_on=LATE, ends_on=EARLY),
    "disciplineeffect_no_overlap": lambda: beside(DisciplineEffect, starts_on=dt.date(1990, 6, 1)),
    "draft_once_a_form": lambda: beside(Draft),
    "distinctpair_in_order": lambda: row(DistinctPair, first=make_person(), second=Person.objects.order_by("pk")[0]),
    "distinctpair_once": lambda: beside(DistinctPair),
    "document_file_once": second_document,
    "document_withdrawn_with_reason": lambda: row(Document, withdrawn_at=timezone.now()),
    "documentkind_ends_on_after_starts_on": lambda: row(DocumentKind, starts_on=LATE, ends_on=EARLY),
    "documentkind_no_overlap": lambda: row(DocumentKind, code="application"),
    "documentneed_once": lambda: beside(DocumentNeed),
    "enrolment_once_a_class": lambda: beside(Enrolment),
    "enrolment_person_or_organisation": lambda: row(Enrolment, organisation=organisation()),
    "enrolment_score_up_to_ten": lambda: row(Enrolment, score=11),
    "exemption_ends_on_after_starts_on": lambda: row(Exemption, starts_on=LATE, ends_on=EARLY),
    "movement_arrived_on_after_happened_on": lambda: row(Movement, happened_on=LATE, arrived_on=EARLY),
    "movement_undone_with_reason": lambda: row(Movement, state="undone", undone_at=timezone.now()),
    "movement_one_destination": lambda: row(Movement, to_organisation=organisation(), to_place="Nơi khác"),
    "movement_one_on_the_way": lambda: beside(Movement),
    "temporarystay_host_or_place": lambda: row(TemporaryStay, host_place="Nơi khác"),
    "temporarystay_until_on_after_began_on": lambda: row(TemporaryStay, began_on=LATE, until_on=EARLY),
    "temporarystay_ended_on_after_began_on": lambda: row(TemporaryStay, began_on=LATE, until_on=LATE, ended_on=EARLY),
    "temporarystay_no_overlap": lambda: beside(TemporaryStay, began_on=LATE),
    "exemption_no_overlap": lambda: beside(Exemption, starts_on=LATE),
    "holiday_last_on_after_first_on": lambda: row(Holiday, last_on=dt.date(1990, 4, 30)),
    "holiday_no_overlap": lambda: beside(Holiday, first_on=dt.date(1990, 5, 3), last_on=dt.date(1990, 5, 4)),
    "importfile_in_order": lambda: beside(ImportFile, name="khac.xlsx"),
    "journey_ended_on_after_began_on": lambda: row(Journey, began_on=LATE, ended_on=EARLY),
    "journey_once": lambda: beside(Journey),
    "massorganisation_ended_on_after_founded_on": lambda: row(MassOrganisation, founded_on=LATE, ended_on=EARLY),
    "massrating_level_or_reason": lambda: row(MassRating, unrated_reason=""),
    "massrating_once_a_year": lambda: beside(MassRating),
    "massrating_year_plausible": lambda: row(MassRating, year=15),
    "memberrating_level_or_reason": lambda: row(MemberRating, level=level_of("members", 2015)),
    "memberrating_once_a_year": lambda: beside(MemberRating),
    "memberrating_year_plausible": lambda: row(MemberRating, year=15),
    "membership_end_has_reason": lambda: row(Membership, ended_on=LATE),
    "membership_ended_on_after_began_on": lambda: row(Membership, began_on=LATE, ended_on=EARLY, end_reason="moved"),
    "membership_no_overlap": lambda: beside(Membership, began_on=LATE),
    "organisation_ended_on_after_founded_on": lambda: row(Organisation, founded_on=LATE, ended_on=EARLY),
    "organisation_not_its_own_parent": own_parent,
    "organisationperiod_ends_on_after_starts_on": lambda: row(OrganisationPeriod, starts_on=LATE, ends_on=EARLY),
    "organisationperiod_no_overlap": lambda: beside(OrganisationPeriod),
    "organisationrating_level_or_reason": lambda: row(OrganisationRating, unrated_reason=""),
    "organisationrating_once_a_year": lambda: beside(OrganisationRating),
    "organisationrating_year_plausible": lambda: row(OrganisationRating, year=15),
    "papertemplate_one_in_use": lambda: beside(PaperTemplate),
    "person_born_after_1850": lambda: row(Person, born_on=dt.date(1849, 12, 31)),
    "person_card_number_unique": lambda: of_a_number("card_number"),
    "person_card_numbers_differ": card_kept_twice,
    "person_discharged_on_after_enlisted_on": lambda: row(Person, enlisted_on=LATE, discharged_on=EARLY),
    "person_former_card_number_unique": lambda: of_a_number("former_card_number"),
    "person_full_name_given": lambda: row(Person, full_name=" "),
    "person_national_id_number_unique": lambda: of_a_number("national_id_number"),
    "personmerge_undone_when": lambda: row(PersonMerge, undone_by=make_user(f"nguoi-tach-{next(numbers)}")),
    "ratinglevel_name_once": lambda: scheme_rank_taken(rank=2),
    "ratinglevel_rank_once": lambda: scheme_rank_taken(name="Khá"),
    "ratinglevel_rank_up_to_four": lambda: row(RatingLevel, rank=5),
    "ratingquota_percent_of_hundred": lambda: row(RatingQuota, percent=101),
    "ratingscheme_last_year_after_first_year": lambda: row(RatingScheme, last_year=1999),
    "ratingscheme_no_overlap": lambda: beside(RatingScheme, first_year=2005, last_year=2006),
    "receivedaward_once": lambda: beside(ReceivedAward),
    "receivedaward_year_possible": lambda: row(ReceivedAward, year=15),
    "dailymail_once_a_day": lambda: beside(DailyMail),
    "recoverycode_once": lambda: beside(RecoveryCode),
    "relative_birth_year_possible": lambda: row(Relative, birth_year=75),
    "relative_once": lambda: beside(Relative),
    "roleassignment_ends_on_after_starts_on": lambda: row(RoleAssignment, starts_on=LATE, ends_on=EARLY),
    "roleassignment_no_overlap": lambda: beside(RoleAssignment, starts_on=EARLY),
    "study_ended_on_after_began_on": lambda: row(Study, began_on=LATE, ended_on=EARLY),
    "study_once": lambda: beside(Study),
    "submission_once": lambda: beside(Submission),
    "succession_between_two": succession_to_itself,
    "succession_once": lambda: beside(Succession, took_place_on=LATE),
    "savedview_name_given": lambda: row(SavedView, name=""),
    "savedview_named_once": lambda: beside(SavedView, query="q=an"),
    "target_once": lambda: beside(Target, value=2),
    "target_value_not_negative": lambda: row(Target, value=-1),
    "trainingclass_closes_on_after_opens_on": lambda: row(TrainingClass, opens_on=LATE, closes_on=EARLY),
    "workperiod_ended_on_after_began_on": lambda: row(WorkPeriod, began_on=LATE, ended_on=EARLY),
    "workperiod_once": lambda: beside(WorkPeriod),
}
BROKEN["admissioncase_state_known"] = lambda: row(
    AdmissionCase, state="wrong", stage=None, closed_on=LATE, close_reason="Thôi"
)
BROKEN["casestep_state_known"] = lambda: row(CaseStep, state="wrong", reason="Thôi")
BROKEN["committeepost_end_reason_known"] = lambda: row(CommitteePost, ended_on=LATE, end_reason="wrong")
BROKEN["membership_end_reason_known"] = lambda: row(Membership, ended_on=LATE, end_reason="wrong")
for name, (model, _) in CONSTRAINTS.items():
    if name.endswith("_known") and name not in BROKEN:
        field = name.removeprefix(f"{model._meta.model_name}_").removesuffix("_known")
        BROKEN[name] = partial(unknown_choice, model, field)

# What can't be broken alone: PostgreSQL names the other one.
BROKEN_ALONG = {
    "commendation_title_known": "commendation_title_fits_subject",
    # The same post twice is also two of a secretary.
    "committeepost_no_overlap": "committeepost_one_secretary",
    "badgeround_state_known": "badgeround_decision_by_state",
    # No unknown state is one of those that a decision fits, and PostgreSQL tells the first fault by name.
    "admissioncase_state_known": "admissioncase_admitted_by_decision",
}


def test_every_constraint_has_a_case_here():
    assert sorted(BROKEN) == sorted(CONSTRAINTS)


@pytest.mark.parametrize("model", VALID, ids=lambda model: model.__name__)
def test_row_without_a_fault_is_taken(model):
    valid = row(model)
    valid.full_clean()
    valid.save()
    assert model.objects.filter(pk=valid.pk).exists()


@pytest.mark.parametrize("name", BROKEN)
def test_database_refuses_the_row(name):
    broken = BROKEN[name]()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        broken.save()
    constraint = CONSTRAINTS[name][1]
    if connection.vendor == "sqlite" and isinstance(constraint, UniqueConstraint):
        assert "UNIQUE constraint failed" in str(refused.value)
    else:
        assert any(known in str(refused.value) for known in (name, BROKEN_ALONG.get(name, name)))


@pytest.mark.parametrize("name", BROKEN)
def test_people_are_told_why(name):
    broken = BROKEN[name]()
    with pytest.raises(ValidationError) as refused:
        broken.validate_constraints()
    assert CONSTRAINTS[name][1].violation_error_message in refused.value.messages
    with pytest.raises(ValidationError):
        broken.full_clean()


# --- Periods that must not overlap --------------------------------------------------------------------


def on(value):
    return value and dt.date.fromisoformat(value)


# An existing stay, a second one of the same person, and whether both can be there.
STAYS = {
    "later, touching": ("2010-01-01", "2012-01-01", "2012-01-01", None, True),
    "earlier, touching": ("2012-01-01", None, "2010-01-01", "2012-01-01", True),
    "apart": ("2010-01-01", "2012-01-01", "2013-01-01", "2014-01-01", True),
    "the last day": ("2010-01-01", "2012-01-01", "2011-12-31", None, False),
    "the first day": ("2012-01-01", None, "2010-01-01", "2012-01-02", False),
    "inside": ("2010-01-01", "2012-01-01", "2010-06-01", "2010-07-01", False),
    "around": ("2010-06-01", "2010-07-01", "2010-01-01", "2012-01-01", False),
    "the same": ("2010-01-01", "2012-01-01", "2010-01-01", "2012-01-01", False),
    "both open": ("2010-01-01", None, "2012-01-01", None, False),
    "open and earlier": ("2012-01-01", None, "2010-01-01", None, False),
    "of no length inside": ("2010-01-01", "2012-01-01", "2011-01-01", "2011-01-01", True),
    "around one of no length": ("2011-01-01", "2011-01-01", "2010-01-01", None, True),
}
stays = pytest.mark.parametrize(("start", "end", "start_2", "end_2", "fits"), STAYS.values(), ids=STAYS)


def stay(person, admission, start, end):
    return Membership(
        person=person,
        organisation=admission.organisation,
        admission=admission,
        began_on=on(start),
        start_reason="moved",
        ended_on=on(end),
        end_reason="moved" if end else "",
    )


@pytest.fixture
def admission():
    return Admission.objects.create(person=make_person(), organisation=organisation(), decided_on=EARLY)


def is_taken(write):
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return False
    return True


def is_clean(instance):
    try:
        instance.validate_constraints()
    except ValidationError:
        return False
    return True


@stays
def test_second_stay_is_taken_only_without_overlap(admission, start, end, start_2, end_2, fits):
    stay(admission.person, admission, start, end).save()
    second = stay(admission.person, admission, start_2, end_2)
    assert is_clean(second) is fits
    assert is_taken(second.save) is fits


@stays
def test_two_stays_written_at_once_are_held_to_the_same(admission, start, end, start_2, end_2, fits):
    both = [stay(admission.person, admission, *span) for span in ((start, end), (start_2, end_2))]
    assert is_taken(lambda: Membership.objects.bulk_create(both)) is fits


@stays
def test_stay_is_changed_only_without_overlap(admission, start, end, start_2, end_2, fits):
    stay(admission.person, admission, start, end).save()
    second = stay(admission.person, admission, "1990-01-01", "1991-01-01")
    second.save()
    changes = {"began_on": on(start_2), "ended_on": on(end_2), "end_reason": "moved" if end_2 else ""}
    assert is_taken(lambda: Membership.objects.filter(pk=second.pk).update(**changes)) is fits


@stays
def test_stays_of_two_people_may_overlap(admission, start, end, start_2, end_2, fits):
    stay(admission.person, admission, start, end).save()
    other = stay(make_person("Trần Thị Cúc"), admission, start_2, end_2)
    assert is_clean(other)
    assert is_taken(other.save)


def test_stay_may_be_saved_again_as_it_is(admission):
    first = stay(admission.person, admission, "2010-01-01", None)
    first.save()
    first.full_clean()
    first.save()
    assert Membership.objects.filter(person=admission.person).count() == 1


def test_stay_given_to_a_person_who_has_one_then_is_refused(admission):
    mine = stay(admission.person, admission, "2010-01-01", None)
    mine.save()
    other = make_member(admission.organisation, "Trần Thị Cúc", "2010-01-01")
    assert not is_taken(lambda: Membership.objects.filter(person=other).update(person=admission.person))


# Years are whole: the last year is in.
@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [(1994, 1999, True), (1994, 2000, False), (2005, None, False), (2006, 2007, True), (2003, 2003, False)],
)
def test_scheme_is_taken_only_for_years_without_one(first, last, fits):
    RatingScheme.objects.create(**VALID[RatingScheme]())
    second = row(RatingScheme, first_year=first, last_year=last)
    if last is None:
        second.last_year = 2007
    assert is_clean(second) is fits
    assert is_taken(second.save) is fits


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "fits"),
    [
        (None, "2016-07-25", True),
        (None, None, False),
        (None, "2016-07-26", False),
        ("2030-01-01", None, False),
    ],
)
def test_milestone_without_a_first_day_reaches_into_all_the_past(starts_on, ends_on, fits):
    second = BadgeMilestone(years=45, starts_on=on(starts_on), ends_on=on(ends_on), **RULE)
    assert is_clean(second) is fits
    assert is_taken(second.save) is fits


# --- One secretary at a time ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "began_on", "fits"),
    [("deputy", EARLY, True), ("secretary", LATE, True), ("secretary", EARLY, False)],
    ids=["deputy beside", "secretary after", "secretary beside"],
)
def test_committee_has_one_secretary_at_a_time(position, began_on, fits):
    first = row(CommitteePost, ended_on=LATE, end_reason="term_over")
    first.save()
    other = row(CommitteePost, organisation=first.organisation, position=position, began_on=began_on)
    if fits:
        other.full_clean()
        other.save()
        return
    with pytest.raises(ValidationError) as refused:
        other.full_clean()
    assert "đã có Bí thư" in " ".join(refused.value.messages)
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()
