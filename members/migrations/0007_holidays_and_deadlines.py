"""Days off of 2010–2027 as offices have them, and the deadlines of steps where rules changed in between."""

import datetime as dt

from django.db import migrations

ONE_DAY = dt.timedelta(days=1)

# --- Days off -------------------------------------------------------------------------------------------------------

FIRST_YEAR, LAST_YEAR = 2010, 2027

# Giỗ Tổ Hùng Vương, the 10th of the third lunar month.
HUNG_KINGS = {
    2010: (4, 23),
    2011: (4, 12),
    2012: (3, 31),
    2013: (4, 19),
    2014: (4, 9),
    2015: (4, 28),
    2016: (4, 16),
    2017: (4, 6),
    2018: (4, 25),
    2019: (4, 14),
    2020: (4, 2),
    2021: (4, 21),
    2022: (4, 10),
    2023: (4, 29),
    2024: (4, 18),
    2025: (4, 7),
    2026: (4, 26),
    2027: (4, 16),
}

# The second day of Quốc khánh since the Labour Code of 2019, before or after 2/9 as decided each year.
NATIONAL_DAY_TOO = {
    2021: (9, 3),
    2022: (9, 1),
    2023: (9, 1),
    2024: (9, 3),
    2025: (9, 1),
    2026: (9, 1),
    2027: (9, 3),
}

# Tết Nguyên đán: first and last day off with the days in lieu of its Saturdays and Sundays, without days exchanged.
TET = {
    2010: ((2, 13), (2, 18), "Canh Dần"),
    2011: ((2, 2), (2, 7), "Tân Mão"),
    2012: ((1, 22), (1, 26), "Nhâm Thìn"),
    2013: ((2, 9), (2, 14), "Quý Tỵ"),
    2014: ((1, 30), (2, 5), "Giáp Ngọ"),
    2015: ((2, 17), (2, 23), "Ất Mùi"),
    2016: ((2, 7), (2, 12), "Bính Thân"),
    2017: ((1, 26), (2, 1), "Đinh Dậu"),
    2018: ((2, 14), (2, 20), "Mậu Tuất"),
    2019: ((2, 4), (2, 8), "Kỷ Hợi"),
    2020: ((1, 23), (1, 29), "Canh Tý"),
    2021: ((2, 10), (2, 16), "Tân Sửu"),
    2022: ((1, 31), (2, 4), "Nhâm Dần"),
    2023: ((1, 20), (1, 26), "Quý Mão"),
    2024: ((2, 8), (2, 14), "Giáp Thìn"),
    2025: ((1, 27), (1, 31), "Ất Tỵ"),
    2026: ((2, 16), (2, 20), "Bính Ngọ"),
    2027: ((2, 4), (2, 10), "Đinh Mùi"),
}
# Published decisions of the year were read for these; the others follow those that quote them.
TET_READ = {2011, 2013, 2014, 2026}

DECIDED = "Thông báo nghỉ lễ, Tết năm {year} đối với cán bộ, công chức, viên chức"

# Working days exchanged: the day off, the Saturday or Sunday worked for it, and how sure it is.
EXCHANGED = (
    ("2010-02-19", "2010-02-27", "secondary"),
    ("2011-01-31", "2011-01-29", "verified"),
    ("2011-02-01", "2011-01-30", "verified"),
    ("2011-04-11", "2011-04-09", "verified"),
    ("2012-01-27", "2012-02-04", "secondary"),
    ("2012-12-31", "2013-01-05", "verified"),
    ("2013-02-15", "2013-02-23", "verified"),
    ("2013-04-29", "2013-05-04", "verified"),
    ("2014-01-28", "2014-01-25", "verified"),
    ("2014-01-29", "2014-02-08", "verified"),
    ("2014-05-02", "2014-04-26", "verified"),
    ("2014-09-01", "2014-09-06", "secondary"),
    ("2015-01-02", "2014-12-27", "verified"),
    ("2015-02-16", "2015-02-14", "secondary"),
    ("2015-04-29", "2015-04-25", "secondary"),
    ("2018-12-31", "2019-01-05", "secondary"),
    ("2019-04-29", "2019-05-04", "secondary"),
    ("2024-04-29", "2024-05-04", "secondary"),
    ("2025-05-02", "2025-04-26", "secondary"),
    ("2026-01-02", "2026-01-10", "verified"),
    ("2026-08-31", "2026-08-22", "secondary"),
)

CODE_1994 = "Bộ luật Lao động 1994, Điều 73 (sửa đổi 2002, 2007)"
CODE_2012 = "Bộ luật Lao động 2012, Điều 115"
CODE_2019 = "Bộ luật Lao động 2019, Điều 111 và 112"
CULTURE_DAY = "Nghị quyết 80-NQ/TW ngày 07/01/2026 về phát triển văn hóa Việt Nam"


def code_of(day):
    """The law that the days off of that day follow."""
    if day < dt.date(2013, 5, 1):
        return CODE_1994
    return CODE_2012 if day < dt.date(2021, 1, 1) else CODE_2019


def public_holidays(year):
    """Each single day off of a year, without Tết Nguyên đán: the day, its name, its source and how sure it is."""
    named = [
        ((1, 1), "Tết Dương lịch"),
        (HUNG_KINGS[year], "Giỗ Tổ Hùng Vương"),
        ((4, 30), "Ngày Chiến thắng"),
        ((5, 1), "Ngày Quốc tế lao động"),
        ((9, 2), "Quốc khánh"),
    ]
    for month_and_day, name in named:
        day = dt.date(year, *month_and_day)
        yield day, name, code_of(day), "secondary"
    if year in NATIONAL_DAY_TOO:
        confidence = "unverified" if year == LAST_YEAR else "secondary"
        yield dt.date(year, *NATIONAL_DAY_TOO[year]), "Quốc khánh (ngày liền kề)", CODE_2019, confidence
    if year >= 2026:
        yield dt.date(year, 11, 24), "Ngày Văn hóa Việt Nam", CULTURE_DAY, "unverified"


def with_days_in_lieu(days):
    """The same days and, for each on a Saturday or Sunday, the next day that is worked otherwise."""
    taken = {day for day, *_ in days}
    for day, name, source, confidence in sorted(days):
        yield day, name, source, confidence
        if day.weekday() >= 5:
            in_lieu = day
            while in_lieu.weekday() >= 5 or in_lieu in taken:
                in_lieu += ONE_DAY
            taken.add(in_lieu)
            yield in_lieu, f"Nghỉ bù {name}", source, confidence


def holidays():
    """The columns of every Holiday."""
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for day, name, source, confidence in with_days_in_lieu(list(public_holidays(year))):
            yield row(day, day, name, source, confidence)
        first, last, name = TET[year]
        confidence = "verified" if year in TET_READ else "unverified" if year == LAST_YEAR else "secondary"
        source = code_of(dt.date(year, 1, 31)) if year == LAST_YEAR else DECIDED.format(year=year)
        yield row(dt.date(year, *first), dt.date(year, *last), f"Tết Nguyên đán {name}", source, confidence)
    for off, worked, confidence in EXCHANGED:
        off, worked = dt.date.fromisoformat(off), dt.date.fromisoformat(worked)
        source = DECIDED.format(year=max(off, worked).year)
        yield row(off, off, f"Nghỉ hoán đổi, làm bù ngày {worked:%d/%m/%Y}", source, confidence)
        yield row(worked, worked, f"Làm bù ngày {off:%d/%m/%Y}", source, confidence, is_working_day=True)


def row(first_on, last_on, name, source, confidence, *, is_working_day=False):
    return {
        "first_on": first_on,
        "last_on": last_on,
        "name": name,
        "source": source,
        "confidence": confidence,
        "is_working_day": is_working_day,
    }


# --- Deadlines ------------------------------------------------------------------------------------------------------

EDICT_45 = dt.date(2011, 11, 1)
EDICT_29 = dt.date(2016, 7, 25)
GUIDE_2016 = dt.date(2016, 9, 20)
EDICT_24 = dt.date(2021, 7, 30)
EDICT_232 = dt.date(2025, 1, 20)
EDICT_294 = dt.date(2025, 5, 26)
GUIDE_06 = dt.date(2025, 6, 9)
GUIDE_2026 = dt.date(2026, 5, 19)
EDICT_208 = dt.date(2026, 7, 26)

BY_45 = "Quy định 45-QĐ/TW ngày 01/11/2011"
BY_29 = "Quy định 29-QĐ/TW ngày 25/7/2016"
BY_24 = "Quy định 24-QĐ/TW ngày 30/7/2021"
BY_294 = "Quy định 294-QĐ/TW ngày 26/5/2025"
BY_208 = "Quy định 208-QĐ/TW ngày 26/7/2026"
BY_GUIDES = "Hướng dẫn 01-HD/TW ngày 20/9/2016 và 01-HD/TW ngày 28/9/2021"
BY_GUIDE_2026 = "Hướng dẫn 01-HD/TW ngày 19/5/2026"

FROM_PROPOSAL = "ngày nhận được nghị quyết và hồ sơ đề nghị kết nạp"
FROM_RECEIPT = "ngày nhận được quyết định kết nạp"
FROM_CEREMONY = "ngày tổ chức lễ kết nạp"
FROM_PROBATION = "ngày hết 12 tháng dự bị"
FROM_OFFICIAL_PROPOSAL = "ngày nhận được nghị quyết đề nghị công nhận (gia hạn không quá 30 ngày làm việc)"
FROM_CERTIFICATE = "ngày cấp giấy chứng nhận"
FROM_LEAVING = "ngày ra khỏi Đảng (60 tháng kể từ ngày được xóa án tích, nếu có án)"
FROM_REASON = "ngày có quyết định chuyển công tác, nghỉ hưu, nghỉ việc, chuyển nơi cư trú"
FROM_INTRODUCTION = "ngày được giới thiệu chuyển sinh hoạt đảng"

WORKING_DAYS, MONTHS = "working_days", "months"

# Rows that were open and end here, as a newer document came: (step, starts_on, ends_on).
ENDED = (
    ("class_valid", GUIDE_06, GUIDE_2026),
    ("decision", EDICT_232, EDICT_208),
    ("official_proposal", EDICT_232, EDICT_208),
    ("official_decision", EDICT_232, EDICT_208),
)
# (step, amount, unit, counted from, starts_on, ends_on, source, confidence)
ADDED = (
    ("class_valid", 60, MONTHS, FROM_CERTIFICATE, GUIDE_2016, GUIDE_06, BY_GUIDES, "unverified"),
    ("class_valid", 60, MONTHS, FROM_CERTIFICATE, GUIDE_2026, None, BY_GUIDE_2026, "unverified"),
    ("decision", 60, WORKING_DAYS, FROM_PROPOSAL, EDICT_45, EDICT_29, BY_45, "unverified"),
    ("decision", 60, WORKING_DAYS, FROM_PROPOSAL, EDICT_208, None, BY_208, "unverified"),
    ("ceremony", 30, WORKING_DAYS, FROM_RECEIPT, EDICT_45, EDICT_29, BY_45, "unverified"),
    ("official_proposal", 30, WORKING_DAYS, FROM_PROBATION, EDICT_45, EDICT_29, BY_45, "unverified"),
    ("official_proposal", 30, WORKING_DAYS, FROM_PROBATION, EDICT_208, None, BY_208, "unverified"),
    ("official_decision", 30, WORKING_DAYS, FROM_OFFICIAL_PROPOSAL, EDICT_45, EDICT_29, BY_45, "unverified"),
    ("official_decision", 30, WORKING_DAYS, FROM_OFFICIAL_PROPOSAL, EDICT_208, None, BY_208, "unverified"),
    (
        "member_file",
        30,
        WORKING_DAYS,
        FROM_CEREMONY,
        None,
        None,
        "Hướng dẫn nghiệp vụ công tác đảng viên của Ban Tổ chức Trung ương",
        "secondary",
    ),
    ("readmission", 36, MONTHS, FROM_LEAVING, EDICT_29, EDICT_294, f"{BY_29} và {BY_24}", "unverified"),
    ("readmission", 36, MONTHS, FROM_LEAVING, EDICT_294, None, BY_294, "verified"),
    ("transfer", 60, WORKING_DAYS, FROM_REASON, EDICT_29, EDICT_294, f"{BY_29} và {BY_24}", "unverified"),
    ("transfer", 60, WORKING_DAYS, FROM_REASON, EDICT_294, None, BY_294, "secondary"),
    ("transfer_arrival", 30, WORKING_DAYS, FROM_INTRODUCTION, EDICT_29, EDICT_294, f"{BY_29} và {BY_24}", "unverified"),
    ("transfer_arrival", 30, WORKING_DAYS, FROM_INTRODUCTION, EDICT_294, None, BY_294, "secondary"),
)
COLUMNS = ("step", "amount", "unit", "counted_from", "starts_on", "ends_on", "source", "confidence")


def free(rules, step, starts_on, ends_on):
    """Whether no rule on the step meets that time: an office may have written its own."""
    others = rules.filter(step=step)
    if starts_on is not None:
        others = others.exclude(ends_on__lte=starts_on)
    return not (others.filter(starts_on__lt=ends_on) if ends_on else others).exists()


def add(apps, schema_editor):
    """Add what is missing; what an office has changed meanwhile stays as it is."""
    days = apps.get_model("members", "Holiday")
    days.objects.bulk_create(days(**columns) for columns in holidays())
    model = apps.get_model("members", "AdmissionDeadline")
    rules = model.objects.all()
    for step, starts_on, ends_on in ENDED:
        rules.filter(step=step, starts_on=starts_on, ends_on=None, version=1).update(ends_on=ends_on)
    for columns in ADDED:
        rule = model(**dict(zip(COLUMNS, columns, strict=True)))
        if free(rules, rule.step, rule.starts_on, rule.ends_on):
            rule.save()


def remove(apps, schema_editor):
    """Take back what `add` brought, days off that an office added included: their table goes."""
    apps.get_model("members", "Holiday").objects.all().delete()
    rules = apps.get_model("members", "AdmissionDeadline").objects.all()
    for step, _, _, _, starts_on, _, source, _ in ADDED:
        rules.filter(step=step, starts_on=starts_on, source=source).delete()
    # Steps that the model doesn't know before this.
    rules.filter(step__in={"member_file", "readmission", "transfer", "transfer_arrival"}).delete()
    for step, starts_on, ends_on in ENDED:
        rules.filter(step=step, starts_on=starts_on, ends_on=ends_on, version=1).update(ends_on=None)


class Migration(migrations.Migration):
    dependencies = [("members", "0006_holidays")]

    operations = [migrations.RunPython(add, remove)]
