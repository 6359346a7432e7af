"""The models of the app, one module a subject."""

from members.models.accounts import RoleAssignment, User
from members.models.admissions import Admission
from members.models.honours import Badge, Discipline
from members.models.memberships import Exemption, Membership
from members.models.organisations import (
    GRASSROOTS_KINDS,
    MassOrganisation,
    Organisation,
    OrganisationKind,
    OrganisationPeriod,
    Succession,
)
from members.models.people import Person
from members.models.rules import AdmissionDeadline, BadgeAwardDay, BadgeMilestone, Confidence

__all__ = [
    "GRASSROOTS_KINDS",
    "Admission",
    "AdmissionDeadline",
    "Badge",
    "BadgeAwardDay",
    "BadgeMilestone",
    "Confidence",
    "Discipline",
    "Exemption",
    "MassOrganisation",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "OrganisationPeriod",
    "Person",
    "RoleAssignment",
    "Succession",
    "User",
]
