"""The migrations: complete, and the reference data comes and goes with them."""

import unicodedata

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from members.models import BadgeMilestone
from reviews.models import OrganisationRating, RatingQuota, RatingScheme
from tests.builders import level_of, make_class, make_organisation, make_rating
from training.models import Programme

REFERENCE_MODELS = [
    apps.get_model(label)
    for label in (
        "members.BadgeMilestone",
        "members.BadgeAwardDay",
        "members.AdmissionDeadline",
        "members.Holiday",
        "members.DocumentKind",
        "members.DocumentNeed",
        "members.DisciplineEffect",
        "training.Programme",
        "reviews.RatingScheme",
        "reviews.RatingLevel",
        "reviews.RatingQuota",
    )
]
APPS = ("members", "training", "reviews")


def rows_of(model):
    """Every row without its own key; another row is named by what it says."""
    fields = [field.name for field in model._meta.fields if not field.primary_key]
    return sorted(tuple(str(getattr(row, name)) for name in fields) for row in model.objects.all())


def all_rows():
    return {model.__name__: rows_of(model) for model in REFERENCE_MODELS}


@pytest.fixture
def migrated_back(transactional_db):
    """Takes the reference data back; afterwards everything is as it was before the test."""

    def go_back():
        for app in reversed(APPS):
            call_command("migrate", app, "0001", verbosity=0)

    yield go_back
    call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_reference_data_is_the_same_after_going_back_and_forth(migrated_back):
    before = all_rows()
    assert all(before.values())
    migrated_back()
    # Tables and columns that came later are gone as well, so only what the first migration had is asked for.
    left = [model for model in REFERENCE_MODELS if model._meta.db_table in connection.introspection.table_names()]
    assert left
    assert [model.__name__ for model in left if model.objects.values("pk").exists()] == []
    call_command("migrate", verbosity=0)
    assert all_rows() == before


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_reference_data_in_use_survives_going_back_and_forth(migrated_back):
    before = all_rows()
    organisation = make_organisation()
    rating = make_rating(organisation, 2015, rank=1)
    training_class = make_class("candidate")
    migrated_back()
    of_rating = OrganisationRating.objects.filter(pk=rating.pk)
    assert of_rating.values_list("level__name", flat=True).get() == "Trong sạch, vững mạnh"
    assert Programme.objects.values_list("pk", flat=True).get() == training_class.programme_id
    call_command("migrate", verbosity=0)
    assert all_rows() == before


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_reference_text_is_in_normal_form():
    text = [value for rows in all_rows().values() for row in rows for value in row]
    assert [value for value in text if unicodedata.normalize("NFC", value) != value] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "milestones"),
    [
        ("2015-12-31", [30, 40, 50, 55, 60, 65, 70, 75, 80, 85, 90]),
        ("2016-07-24", [30, 40, 50, 55, 60, 65, 70, 75, 80, 85, 90]),
        ("2016-07-25", [30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90]),
        ("2026-01-01", [30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90]),
    ],
)
def test_badge_milestones_are_those_of_the_day(day, milestones):
    assert [rule.years for rule in BadgeMilestone.objects.in_force(on=day)] == milestones


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("years", "day", "months"),
    [(65, "2026-01-01", 12), (70, "2021-09-27", 12), (70, "2021-09-28", 24), (90, "2026-01-01", 24)],
)
def test_badge_may_come_early_by_the_rule_of_the_day(years, day, months):
    assert BadgeMilestone.objects.in_force(on=day).get(years=years).early_months == months


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["organisations", "members", "mass"])
def test_every_year_since_2008_has_one_scheme_with_four_levels(subject):
    for year in range(2008, 2031):
        scheme = RatingScheme.objects.in_force(year).get(subject=subject)
        assert list(scheme.levels.values_list("rank", flat=True)) == [1, 2, 3, 4]
    assert not RatingScheme.objects.in_force(2007).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("subject", "year", "name", "abbreviation"),
    [
        ("organisations", 2015, "Trong sạch, vững mạnh", "TSVM"),
        ("organisations", 2017, "Trong sạch, vững mạnh", "TSVM"),
        ("organisations", 2018, "Hoàn thành xuất sắc nhiệm vụ", "HTXS"),
        ("members", 2013, "Đủ tư cách, hoàn thành xuất sắc nhiệm vụ", "HTXS"),
        ("members", 2015, "Hoàn thành xuất sắc nhiệm vụ", "HTXS"),
        ("mass", 2015, "Vững mạnh", "VM"),
    ],
)
def test_best_level_is_named_as_in_its_year(subject, year, name, abbreviation):
    level = level_of(subject, year, rank=1)
    assert (level.name, level.abbreviation) == (name, abbreviation)


@pytest.mark.django_db
def test_members_quota_of_2018_is_a_fifth_of_the_second_level_rounded_down():
    quota = RatingQuota.objects.get(level=level_of("members", 2018))
    assert (quota.percent, quota.base, quota.rounding) == (20, "second_level", "floor")
    assert quota.confidence == "verified"


@pytest.mark.django_db
def test_programmes_are_those_of_the_figures_in_printed_order():
    assert list(Programme.objects.values_list("code", flat=True)) == [
        "candidate",
        "new_member",
        "elementary",
        "intermediate",
        "advanced",
        "committee",
        "update",
        "resolution",
    ]
