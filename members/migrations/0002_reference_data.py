"""Badge milestones, award days and admission deadlines with their days of validity and sources."""

import datetime as dt

from django.db import migrations

# From when each edict on the execution of the Party's statutes holds, up to the next one.
EDICT_29 = dt.date(2016, 7, 25)
EDICT_24 = dt.date(2021, 7, 30)
GUIDE_2021 = dt.date(2021, 9, 28)
EDICT_232 = dt.date(2025, 1, 20)
GUIDE_06 = dt.date(2025, 6, 9)
EDICT_208 = dt.date(2026, 7, 26)

MILESTONES = (30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90)
MILESTONE_SINCE_2016 = 45
FIRST_MILESTONE_WITH_TWO_YEARS = 70

# (starts_on, ends_on, early months up to 65 years, early months from 70 years on, source, confidence)
MILESTONE_PERIODS = (
    (None, EDICT_29, 12, 12, "Quy định 45-QĐ/TW ngày 01/11/2011", "unverified"),
    (EDICT_29, GUIDE_2021, 12, 12, "Quy định 29-QĐ/TW ngày 25/7/2016, mục 27.2đ", "verified"),
    (GUIDE_2021, None, 12, 24, "Quy định 24-QĐ/TW và Hướng dẫn 01-HD/TW ngày 28/9/2021", "verified"),
)

# The month, the day and the occasion of each.
AWARD_DAYS = (
    (2, 3, "Ngày thành lập Đảng"),
    (5, 19, "Ngày sinh Chủ tịch Hồ Chí Minh"),
    (9, 2, "Quốc khánh"),
    (11, 7, "Cách mạng Tháng Mười Nga"),
)
AWARD_DAYS_SOURCE = "Hướng dẫn thi hành Điều lệ Đảng của Ban Bí thư; tỉnh ủy có thể thêm ngày lễ lớn khác"

FROM_PROPOSAL = "ngày nhận được nghị quyết và hồ sơ đề nghị kết nạp"
FROM_RECEIPT = "ngày nhận được quyết định kết nạp"
FROM_ISSUE = "ngày ban hành quyết định kết nạp"
FROM_CEREMONY = "ngày tổ chức lễ kết nạp"
FROM_PROBATION = "ngày hết 12 tháng dự bị"
FROM_OFFICIAL_PROPOSAL = "ngày nhận được nghị quyết đề nghị công nhận (gia hạn không quá 30 ngày làm việc)"

BY_29 = "Quy định 29-QĐ/TW ngày 25/7/2016"
BY_24 = "Quy định 24-QĐ/TW ngày 30/7/2021"
BY_232 = "Quy định 232-QĐ/TW ngày 20/01/2025 và 294-QĐ/TW ngày 26/5/2025"
BY_208 = "Quy định 208-QĐ/TW ngày 26/7/2026"

# (step, amount, unit, counted from, starts_on, ends_on, source, confidence)
DEADLINES = (
    (
        "class_valid",
        60,
        "months",
        "ngày cấp giấy chứng nhận",
        GUIDE_06,
        None,
        "Hướng dẫn 06-HD/TW ngày 09/6/2025, mục 5.4",
        "secondary",
    ),
    ("decision", 60, "working_days", FROM_PROPOSAL, EDICT_29, EDICT_24, f"{BY_29}, mục 4.3", "verified"),
    ("decision", 60, "working_days", FROM_PROPOSAL, EDICT_24, EDICT_232, BY_24, "unverified"),
    (
        "decision",
        60,
        "working_days",
        FROM_PROPOSAL,
        EDICT_232,
        None,
        "Quy định 232-QĐ/TW ngày 20/01/2025, mục 4.1 và 4.3",
        "verified",
    ),
    ("ceremony", 30, "working_days", FROM_RECEIPT, EDICT_29, EDICT_24, BY_29, "verified"),
    ("ceremony", 30, "working_days", FROM_RECEIPT, EDICT_24, EDICT_232, BY_24, "unverified"),
    ("ceremony", 30, "working_days", FROM_RECEIPT, EDICT_232, EDICT_208, BY_232, "secondary"),
    ("ceremony", 30, "working_days", FROM_ISSUE, EDICT_208, None, BY_208, "secondary"),
    ("probation", 12, "months", FROM_CEREMONY, None, None, "Điều lệ Đảng, Điều 5", "secondary"),
    ("official_proposal", 30, "working_days", FROM_PROBATION, EDICT_29, EDICT_24, BY_29, "verified"),
    ("official_proposal", 30, "working_days", FROM_PROBATION, EDICT_24, EDICT_232, BY_24, "unverified"),
    ("official_proposal", 30, "working_days", FROM_PROBATION, EDICT_232, None, BY_232, "secondary"),
    ("official_decision", 30, "working_days", FROM_OFFICIAL_PROPOSAL, EDICT_29, EDICT_24, BY_29, "verified"),
    (
        "official_decision",
        30,
        "working_days",
        FROM_OFFICIAL_PROPOSAL,
        EDICT_24,
        EDICT_232,
        BY_24,
        "unverified",
    ),
    ("official_decision", 30, "working_days", FROM_OFFICIAL_PROPOSAL, EDICT_232, None, BY_232, "secondary"),
)
DEADLINE_COLUMNS = ("step", "amount", "unit", "counted_from", "starts_on", "ends_on", "source", "confidence")


def milestones():
    """The columns of every BadgeMilestone: 45 years since Quy định 29-QĐ/TW only."""
    for years in MILESTONES:
        for starts_on, ends_on, early, early_from_70, source, confidence in MILESTONE_PERIODS:
            if years == MILESTONE_SINCE_2016 and starts_on is None:
                continue
            yield {
                "years": years,
                "early_months": early_from_70 if years >= FIRST_MILESTONE_WITH_TWO_YEARS else early,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "source": source,
                "confidence": confidence,
            }


def award_days():
    """The columns of every BadgeAwardDay."""
    for month, day, name in AWARD_DAYS:
        yield {
            "month": month,
            "day": day,
            "name": name,
            "source": AWARD_DAYS_SOURCE,
            "confidence": "verified",
        }


def deadlines():
    """The columns of every AdmissionDeadline."""
    for row in DEADLINES:
        yield dict(zip(DEADLINE_COLUMNS, row, strict=True))


# By model: its rows and the columns by which one is known again when it is taken back.
REFERENCE_DATA = (
    ("BadgeMilestone", milestones, ("years", "starts_on")),
    ("BadgeAwardDay", award_days, ("month", "day", "starts_on")),
    ("AdmissionDeadline", deadlines, ("step", "starts_on")),
)


def add(apps, schema_editor):
    for name, rows, _ in REFERENCE_DATA:
        model = apps.get_model("members", name)
        model.objects.bulk_create(model(**columns) for columns in rows())


def remove(apps, schema_editor):
    for name, rows, key in REFERENCE_DATA:
        model = apps.get_model("members", name)
        for columns in rows():
            model.objects.filter(**same(columns, key)).delete()


def same(columns, key):
    """The conditions that find a row again; a null is looked for as a null."""
    known = {name: columns[name] for name in key if columns.get(name) is not None}
    return known | {f"{name}__isnull": True for name in key if name not in known}


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
