"""The models of the app, one module a subject."""

from reviews.models.commendations import Commendation, CommendationForm, CommendationTitle
from reviews.models.ratings import (
    MassRating,
    MemberRating,
    OrganisationRating,
    RatingStatus,
    UnratedReason,
)
from reviews.models.saved_views import SavedView
from reviews.models.schemes import RatingLevel, RatingQuota, RatingScheme, RatingSubject
from reviews.models.targets import Target

__all__ = [
    "Commendation",
    "CommendationForm",
    "CommendationTitle",
    "MassRating",
    "MemberRating",
    "OrganisationRating",
    "RatingLevel",
    "RatingQuota",
    "RatingScheme",
    "RatingStatus",
    "RatingSubject",
    "SavedView",
    "Target",
    "UnratedReason",
]
