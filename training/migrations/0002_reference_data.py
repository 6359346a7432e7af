"""The programmes whose classes the year-end summary counts; their codes are those of the figures."""

from django.db import migrations

BY_1147 = "Quyết định 1147-QĐ/BTGDVTW ngày 01/12/2025"
BY_SCHOOLS = "Thông báo mở lớp của trường chính trị các tỉnh"

# (code, name, present name, months that the certificate is valid, source, confidence)
PROGRAMMES = (
    (
        "candidate",
        "Bồi dưỡng đối tượng kết nạp Đảng",
        "Bồi dưỡng nhận thức về Đảng",
        60,
        "Hướng dẫn 06-HD/TW ngày 09/6/2025, mục 5.4",
        "secondary",
    ),
    (
        "new_member",
        "Bồi dưỡng đảng viên mới",
        "Bồi dưỡng đảng viên mới",
        None,
        "Hướng dẫn 60 ngày 16/6/2022 của Ban Tuyên giáo Trung ương",
        "verified",
    ),
    ("elementary", "Sơ cấp lý luận chính trị", "Sơ cấp lý luận chính trị", None, "", "unverified"),
    (
        "intermediate",
        "Trung cấp lý luận chính trị",
        "Trung cấp lý luận chính trị",
        None,
        BY_SCHOOLS,
        "verified",
    ),
    ("advanced", "Cao cấp lý luận chính trị", "Cao cấp lý luận chính trị", None, "", "unverified"),
    (
        "committee",
        "Bồi dưỡng cấp ủy viên, bí thư chi bộ",
        "Nghiệp vụ bí thư chi bộ và cấp ủy viên",
        None,
        f"{BY_1147}, nhóm 3",
        "secondary",
    ),
    ("update", "Cập nhật kiến thức", "Cập nhật kiến thức", None, f"{BY_1147}, nhóm 5", "secondary"),
    (
        "resolution",
        "Học tập, quán triệt nghị quyết",
        "Học tập, quán triệt nghị quyết",
        None,
        "",
        "unverified",
    ),
)


def add(apps, schema_editor):
    Programme = apps.get_model("training", "Programme")
    for position, (code, name, present_name, months, source, confidence) in enumerate(PROGRAMMES, start=1):
        columns = {
            "name": name,
            "present_name": present_name,
            "position": position,
            "certificate_valid_months": months,
            "source": source,
            "confidence": confidence,
        }
        Programme.objects.get_or_create(code=code, defaults=columns)


def remove(apps, schema_editor):
    """Programmes that have classes stay; going forward again finds them."""
    Programme = apps.get_model("training", "Programme")
    added = Programme.objects.filter(code__in=[programme[0] for programme in PROGRAMMES])
    added.filter(classes__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
