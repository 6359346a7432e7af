"""What brings in each kind of record, in the order of dependence: what rows refer to comes before them."""

from __future__ import annotations

from members.exchange.admissions import AdmissionImporter, ExemptionImporter
from members.exchange.committees import CommitteePostImporter
from members.exchange.honours import BadgeImporter, DisciplineImporter
from members.exchange.life import LIFE_IMPORTERS
from members.exchange.mass_organisations import MassOrganisationImporter
from members.exchange.organisation_events import OrganisationEventImporter
from members.exchange.organisations import OrganisationImporter
from members.exchange.people import ProfileImporter
from members.exchange.run import Importer
from members.exchange.stays import StayImporter
from reviews.exchange.commendations import CommendationImporter
from reviews.exchange.ratings import MassRatingImporter, MemberRatingImporter, OrganisationRatingImporter
from reviews.exchange.targets import TargetImporter
from training.exchange.classes import TrainingClassImporter
from training.exchange.learners import EnrolmentImporter

IMPORTERS: tuple[type[Importer], ...] = (
    OrganisationImporter,
    MassOrganisationImporter,
    OrganisationEventImporter,
    ProfileImporter,
    AdmissionImporter,
    StayImporter,
    ExemptionImporter,
    CommitteePostImporter,
    TrainingClassImporter,
    EnrolmentImporter,
    MemberRatingImporter,
    OrganisationRatingImporter,
    MassRatingImporter,
    CommendationImporter,
    BadgeImporter,
    DisciplineImporter,
    *LIFE_IMPORTERS,
    TargetImporter,
)
