"""The models of the app, one module a subject."""

from config.conflicts import ConflictError
from members.models.accounts import RoleAssignment, User
from members.models.admission_cases import AdmissionCase, CaseHelper, CaseStep, ProbationRemark
from members.models.admission_stages import AdmissionCondition, AdmissionStage
from members.models.admissions import Admission
from members.models.audit import AuditArchive, AuditEvent, AuditHead, AuditItem
from members.models.badge_rounds import BadgeProposal, BadgeRound
from members.models.committees import CommitteePosition, CommitteePost, PostEndReason
from members.models.documents import Document, DocumentKind, DocumentNeed
from members.models.drafts import Draft
from members.models.duplicates import DistinctPair, PersonMerge
from members.models.exchange import (
    ColumnMemory,
    ImportFile,
    ImportJob,
    ImportOutcome,
    ImportPart,
    ImportSession,
    ImportState,
    RowStatus,
)
from members.models.honours import Badge, Discipline
from members.models.life import Journey, ReceivedAward, Relative, Study, WorkPeriod
from members.models.memberships import Exemption, Membership
from members.models.movements import Movement, MovementKind, MovementState, TemporaryStay
from members.models.organisations import (
    GRASSROOTS_KINDS,
    MassOrganisation,
    Organisation,
    OrganisationKind,
    OrganisationPeriod,
    Succession,
)
from members.models.papers import PaperKind, PaperTemplate
from members.models.people import Person
from members.models.rules import (
    AdmissionDeadline,
    BadgeAwardDay,
    BadgeMilestone,
    Confidence,
    DisciplineEffect,
    Holiday,
)
from members.models.sessions import RecoveryCode, Session, Submission
from members.models.work import DailyMail

__all__ = [
    "GRASSROOTS_KINDS",
    "Admission",
    "AdmissionCase",
    "AdmissionCondition",
    "AdmissionDeadline",
    "AdmissionStage",
    "AuditArchive",
    "AuditEvent",
    "AuditHead",
    "AuditItem",
    "Badge",
    "BadgeAwardDay",
    "BadgeMilestone",
    "BadgeProposal",
    "BadgeRound",
    "CaseHelper",
    "CaseStep",
    "ColumnMemory",
    "CommitteePosition",
    "CommitteePost",
    "Confidence",
    "ConflictError",
    "DailyMail",
    "Discipline",
    "DisciplineEffect",
    "DistinctPair",
    "Document",
    "DocumentKind",
    "DocumentNeed",
    "Draft",
    "Exemption",
    "Holiday",
    "ImportFile",
    "ImportJob",
    "ImportOutcome",
    "ImportPart",
    "ImportSession",
    "ImportState",
    "Journey",
    "MassOrganisation",
    "Membership",
    "Movement",
    "MovementKind",
    "MovementState",
    "Organisation",
    "OrganisationKind",
    "OrganisationPeriod",
    "PaperKind",
    "PaperTemplate",
    "Person",
    "PersonMerge",
    "PostEndReason",
    "ProbationRemark",
    "ReceivedAward",
    "RecoveryCode",
    "Relative",
    "RoleAssignment",
    "RowStatus",
    "Session",
    "Study",
    "Submission",
    "Succession",
    "TemporaryStay",
    "User",
    "WorkPeriod",
]
