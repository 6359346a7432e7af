"""How long temporary stays last."""

from django.db import migrations

SOURCE = "Hướng dẫn nghiệp vụ công tác đảng viên của Ban Tổ chức Trung ương"
FROM_LETTER = "ngày được giới thiệu sinh hoạt đảng tạm thời"
AMOUNTS = {"temporary_least": 3, "temporary": 12, "temporary_study": 24}


def add(apps, schema_editor):
    rules = apps.get_model("members", "AdmissionDeadline")
    for step, amount in AMOUNTS.items():
        columns = {"amount": amount, "unit": "months", "counted_from": FROM_LETTER}
        rules.objects.create(step=step, **columns, source=SOURCE, confidence="unverified")


def remove(apps, schema_editor):
    apps.get_model("members", "AdmissionDeadline").objects.filter(step__in=AMOUNTS).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0019_movements")]

    operations = [migrations.RunPython(add, remove)]
