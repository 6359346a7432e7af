"""The rating schemes since 2008 with their levels and quotas.

`other_names` are spellings of the same scheme only: the wording of another year's scheme is an error there.
"""

import contextlib

from django.db import migrations, models

ORGANISATIONS, MEMBERS, MASS = "organisations", "members", "mass"

# Levels, best first: (name, abbreviation, other spellings).
FAIR = "HTNV; HT NV"
GOOD = "HTTNV; HTT NV"
CLEAN_AND_STRONG = (
    (
        "Trong sạch, vững mạnh",
        "TSVM",
        "Trong sạch vững mạnh; TS,VM; TS-VM; Trong sạch, vững mạnh tiêu biểu; TSVM tiêu biểu",
    ),
    ("Hoàn thành tốt nhiệm vụ", "HTT", GOOD),
    ("Hoàn thành nhiệm vụ", "HT", FAIR),
    ("Yếu kém", "YK", "Yếu, kém"),
)
QUALIFIED = (
    (
        "Đủ tư cách, hoàn thành xuất sắc nhiệm vụ",
        "HTXS",
        "Đủ tư cách hoàn thành xuất sắc nhiệm vụ; Đủ tư cách, HTXS; Đủ tư cách HTXS; HTXSNV; HTXS NV",
    ),
    (
        "Đủ tư cách, hoàn thành tốt nhiệm vụ",
        "HTT",
        f"Đủ tư cách hoàn thành tốt nhiệm vụ; Đủ tư cách, HTT; Đủ tư cách HTT; {GOOD}",
    ),
    (
        "Đủ tư cách, hoàn thành nhiệm vụ",
        "HT",
        f"Đủ tư cách hoàn thành nhiệm vụ; Đủ tư cách, HT; Đủ tư cách HT; {FAIR}",
    ),
    (
        "Vi phạm tư cách hoặc không hoàn thành nhiệm vụ",
        "KHT",
        "Vi phạm tư cách, không hoàn thành nhiệm vụ; Vi phạm tư cách; KHTNV; KHT NV",
    ),
)
FOUR_LEVELS = (
    ("Hoàn thành xuất sắc nhiệm vụ", "HTXS", "HTXSNV; HTXS NV"),
    ("Hoàn thành tốt nhiệm vụ", "HTT", GOOD),
    ("Hoàn thành nhiệm vụ", "HT", FAIR),
    ("Không hoàn thành nhiệm vụ", "KHT", "KHTNV; KHT NV"),
)
STRONG = (
    ("Vững mạnh", "VM", ""),
    ("Khá", "K", ""),
    ("Trung bình", "TB", ""),
    ("Yếu kém", "YK", "Yếu, kém; Yếu"),
)

BY_20 = ("Hướng dẫn 20-HD/BTCTW", "Hướng dẫn 20-HD/BTCTW ngày 10/10/2008 của Ban Tổ chức Trung ương")
BY_27 = ("Hướng dẫn 27-HD/BTCTW", "Hướng dẫn 27-HD/BTCTW ngày 25/9/2014 của Ban Tổ chức Trung ương")
BY_132 = (
    "Quy định 132-QĐ/TW",
    "Quy định 132-QĐ/TW ngày 08/3/2018 của Bộ Chính trị; Hướng dẫn 16-HD/BTCTW ngày 24/9/2018, "
    "21-HD/BTCTW ngày 18/10/2019 của Ban Tổ chức Trung ương",
)
BY_124 = (
    "Quy định 124-QĐ/TW",
    "Quy định 124-QĐ/TW ngày 04/10/2023 của Bộ Chính trị; Hướng dẫn 25-HD/BTCTW ngày 10/11/2023 "
    "của Ban Tổ chức Trung ương",
)
BY_366 = (
    "Quy định 366-QĐ/TW",
    "Quy định 366-QĐ/TW ngày 30/8/2025 của Bộ Chính trị; Hướng dẫn 43-HD/BTCTW ngày 31/10/2025 "
    "của Ban Tổ chức Trung ương",
)
BY_PRACTICE = ("Phân loại đoàn thể hằng năm", "Hướng dẫn phân loại hằng năm của đoàn thể cấp trên")

# (subject, first year, last year, (title, source), levels, confidence)
SCHEMES = (
    (ORGANISATIONS, 2008, 2013, BY_20, CLEAN_AND_STRONG, "verified"),
    (ORGANISATIONS, 2014, 2017, BY_27, CLEAN_AND_STRONG, "verified"),
    (ORGANISATIONS, 2018, 2022, BY_132, FOUR_LEVELS, "verified"),
    (ORGANISATIONS, 2023, 2024, BY_124, FOUR_LEVELS, "verified"),
    (ORGANISATIONS, 2025, None, BY_366, FOUR_LEVELS, "verified"),
    (MEMBERS, 2008, 2013, BY_20, QUALIFIED, "verified"),
    # The list of the members' levels is partly unread: the weaker of two sources counts.
    (MEMBERS, 2014, 2017, BY_27, FOUR_LEVELS, "unverified"),
    (MEMBERS, 2018, 2022, BY_132, FOUR_LEVELS, "verified"),
    (MEMBERS, 2023, 2024, BY_124, FOUR_LEVELS, "verified"),
    (MEMBERS, 2025, None, BY_366, FOUR_LEVELS, "verified"),
    (MASS, 2008, None, BY_PRACTICE, STRONG, "unverified"),
)

# On the best level, a share of those one below: (subject, first year of the scheme, percent, source, confidence)
QUOTAS = (
    (MEMBERS, 2014, 15, "Hướng dẫn 27-HD/BTCTW; theo số liệu trên báo các năm 2012–2013", "unverified"),
    (MEMBERS, 2018, 20, "Hướng dẫn 21-HD/BTCTW: trong từng tổ chức cơ sở đảng", "verified"),
    (
        MEMBERS,
        2023,
        20,
        "Quy định 124-QĐ/TW, Hướng dẫn 25-HD/BTCTW: trong từng nhóm có nhiệm vụ tương đồng",
        "verified",
    ),
    (
        MEMBERS,
        2025,
        20,
        "Quy định 366-QĐ/TW: theo thực tế áp dụng; có nơi tính trên số hoàn thành tốt trở lên, "
        "đơn vị nổi trội có thể đến 25%",
        "secondary",
    ),
)


def add(apps, schema_editor):
    RatingScheme = apps.get_model("reviews", "RatingScheme")
    for subject, first_year, last_year, (title, source), levels, confidence in SCHEMES:
        columns = {"last_year": last_year, "title": title, "source": source, "confidence": confidence}
        scheme, is_new = RatingScheme.objects.get_or_create(subject=subject, first_year=first_year, defaults=columns)
        if is_new:
            add_levels(apps, scheme, levels)


def add_levels(apps, scheme, levels):
    RatingLevel = apps.get_model("reviews", "RatingLevel")
    RatingQuota = apps.get_model("reviews", "RatingQuota")
    for rank, (name, abbreviation, other_names) in enumerate(levels, start=1):
        RatingLevel.objects.create(
            scheme=scheme, rank=rank, name=name, abbreviation=abbreviation, other_names=other_names
        )
    for subject, first_year, percent, source, confidence in QUOTAS:
        if (subject, first_year) == (scheme.subject, scheme.first_year):
            RatingQuota.objects.create(
                level=scheme.levels.get(rank=1),
                base="second_level",
                percent=percent,
                rounding="floor",
                source=source,
                confidence=confidence,
            )


def remove(apps, schema_editor):
    """Levels and quotas go with their scheme; one that ratings use stays, going forward again finds it."""
    RatingScheme = apps.get_model("reviews", "RatingScheme")
    for subject, first_year, *_ in SCHEMES:
        with contextlib.suppress(models.ProtectedError):
            RatingScheme.objects.filter(subject=subject, first_year=first_year).delete()


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
