"""What the people on record are found by."""

from django.db import migrations

from members.text import search_text

COLUMNS = (
    *("full_name", "birth_name", "other_names", "file_number", "card_number", "former_card_number"),
    *("national_id_number", "former_id_number"),
)
TOGETHER = 2000


def fill(apps, schema_editor):
    people = apps.get_model("members", "Person")._base_manager
    keys = list(people.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), TOGETHER):
        some = list(people.filter(pk__in=keys[start : start + TOGETHER]))
        for person in some:
            person.search_text = search_text(*(getattr(person, name) for name in COLUMNS))
        people.bulk_update(some, ["search_text"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0017_search_text"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
