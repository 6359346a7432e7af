"""What disciplinary decisions do for a time: when they lapse, and how long a badge waits."""

import datetime as dt

from django.db import migrations

EDICT_29 = dt.date(2016, 7, 25)
GUIDE_2021 = dt.date(2021, 9, 28)
EDICT_69 = dt.date(2022, 7, 6)
EDICT_212 = dt.date(2026, 8, 17)

BY_102 = "Quy định 181-QĐ/TW (2013) và 102-QĐ/TW (2017)"
BY_69 = "Quy định 69-QĐ/TW ngày 06/7/2022"
BY_212 = "Quy định 212-QĐ/TW ngày 17/8/2026"
BY_GUIDE_2016 = "Hướng dẫn 01-HD/TW ngày 20/9/2016"
BY_GUIDE_2021 = "Hướng dẫn 01-HD/TW ngày 28/9/2021"

LAPSING = ("reprimand", "warning", "removal")
# From, up to, source, confidence.
LAPSE_PERIODS = (
    (None, EDICT_69, BY_102, "unverified"),
    (EDICT_69, EDICT_212, BY_69, "verified"),
    (EDICT_212, None, BY_212, "unverified"),
)
# The form of discipline and its months.
BADGE_WAITS = (("warning", 6), ("removal", 12))
BADGE_WAIT_PERIODS = (
    (EDICT_29, GUIDE_2021, BY_GUIDE_2016, "verified"),
    (GUIDE_2021, None, BY_GUIDE_2021, "unverified"),
)


def effects():
    """The columns of every DisciplineEffect."""
    for form in LAPSING:
        for starts_on, ends_on, source, confidence in LAPSE_PERIODS:
            yield row(form, "lapse", 12, starts_on, ends_on, source, confidence)
    for form, months in BADGE_WAITS:
        for starts_on, ends_on, source, confidence in BADGE_WAIT_PERIODS:
            yield row(form, "badge_wait", months, starts_on, ends_on, source, confidence)


def row(form, effect, months, starts_on, ends_on, source, confidence):
    return {
        "form": form,
        "effect": effect,
        "months": months,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "source": source,
        "confidence": confidence,
    }


def add(apps, schema_editor):
    model = apps.get_model("members", "DisciplineEffect")
    model.objects.bulk_create(model(**columns) for columns in effects())


def remove(apps, schema_editor):
    """Their table goes with the migration before this."""
    apps.get_model("members", "DisciplineEffect").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0015_badge_rounds")]

    operations = [migrations.RunPython(add, remove)]
