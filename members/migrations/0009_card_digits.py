"""Numbers of cards by their digits alone: 08.123456 becomes 08123456."""

import re

from django.db import migrations

SEPARATORS = re.compile(r"[\s.\-]+")


def keep_digits(apps, schema_editor):
    """Where somebody else bears the same digits the number stays as it is, for people to look into."""
    model = apps.get_model("members", "Person")
    for name in ("card_number", "former_card_number"):
        for person in model.objects.filter(**{f"{name}__regex": r"[ .-]"}):
            digits = SEPARATORS.sub("", getattr(person, name))
            is_card = digits.isascii() and digits.isdigit() and len(digits) in (8, 12)
            if is_card and not model.objects.filter(**{name: digits}).exists():
                model.objects.filter(pk=person.pk).update(**{name: digits})


class Migration(migrations.Migration):
    dependencies = [("members", "0008_life_files")]

    operations = [migrations.RunPython(keep_digits, migrations.RunPython.noop)]
