"""What holds for every model of the apps, so that a new one can't slip by."""

import pytest
from django.apps import apps
from django.db import models
from django.db.models import BaseConstraint
from django.utils import translation

from config.access import Area
from members.fields import DerivedKeyField

MODELS = [model for app in ("members", "training", "reviews") for model in apps.get_app_config(app).get_models()]
CONSTRAINTS = [(model, constraint) for model in MODELS for constraint in model._meta.constraints]
OWN_FIELDS = [
    (model, field) for model in MODELS for field in model._meta.get_fields() if field.concrete and not field.primary_key
]
# Parts of one thing, which go with it.
OWNED = {
    *("RoleAssignment.user", "RatingLevel.scheme", "RatingQuota.level"),
    *("Session.user", "RecoveryCode.user", "Submission.user", "Draft.owner", "DailyMail.user"),
    *("ImportFile.session", "ImportPart.session", "ImportOutcome.session"),
    *("DocumentNeed.kind", "DistinctPair.first", "DistinctPair.second"),
}
# The trail names what it is about, also when that is gone.
NAMED_ONLY = {"AuditItem.person", "AuditItem.organisation", "AuditItem.account"}
# Columns of Django's own.
DJANGO = {"Session.session_data", "Session.expire_date"}

every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
every_constraint = pytest.mark.parametrize(
    ("model", "constraint"), CONSTRAINTS, ids=[constraint.name for _, constraint in CONSTRAINTS]
)
every_field = pytest.mark.parametrize(
    ("model", "field"), OWN_FIELDS, ids=[f"{model.__name__}.{field.name}" for model, field in OWN_FIELDS]
)


@every_model
def test_model_says_what_one_row_stands_for(model):
    doc = model.__doc__ or ""
    assert doc.endswith((".", ")", "\n    "))
    assert not doc.startswith(f"{model.__name__}("), "Django's own list of fields"


@every_model
def test_model_is_ordered(model):
    assert model._meta.ordering


@every_model
def test_model_is_scoped(model):
    assert isinstance(model.access_area, Area)
    assert callable(getattr(model._default_manager.all(), "visible_to", None))


@every_model
def test_model_is_named_in_vietnamese(model):
    with translation.override("vi"):
        names = {str(model._meta.verbose_name), str(model._meta.verbose_name_plural)}
    assert not any(name.isascii() for name in names), names


@every_field
def test_field_is_named_for_people(model, field):
    if isinstance(field, DerivedKeyField) or f"{model.__name__}.{field.name}" in DJANGO:
        return  # nobody sees the keys behind orders and searches
    with translation.override("vi"):
        assert str(field.verbose_name) != field.name.replace("_", " ")


@every_field
def test_choices_column_is_checked_by_the_database(model, field):
    if not field.choices:
        return
    names = {constraint.name for constraint in model._meta.constraints}
    assert f"{model._meta.model_name}_{field.name}_known" in names


@every_field
def test_foreign_key_protects_and_is_named_from_both_ends(model, field):
    if not field.is_relation:
        return
    assert not field.remote_field.get_accessor_name().endswith("_set")
    name = f"{model.__name__}.{field.name}"
    expected = models.CASCADE if name in OWNED else models.DO_NOTHING if name in NAMED_ONLY else models.PROTECT
    assert field.remote_field.on_delete is expected


def test_exceptions_are_columns_that_exist():
    assert {f"{model.__name__}.{field.name}" for model, field in OWN_FIELDS} >= OWNED | NAMED_ONLY | DJANGO


@every_constraint
def test_constraint_is_named_after_its_model_and_speaks_to_people(model, constraint):
    assert constraint.name.startswith(f"{model._meta.model_name}_")
    message = str(constraint.violation_error_message)
    assert message != str(BaseConstraint.default_violation_error_message)
    assert message.endswith(".")
    assert not message.isascii()
