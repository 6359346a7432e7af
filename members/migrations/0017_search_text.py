"""All that a person is found by in one column, with its index."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

import config.indexes
import members.fields


class KeptTrigramExtension(TrigramExtension):
    """It stays when the migration is taken back: other databases have none, and others may use it."""

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0016_discipline_effects"),
    ]

    operations = [
        KeptTrigramExtension(),
        migrations.AddField(
            model_name="person",
            name="search_text",
            field=members.fields.SearchTextField(
                default="",
                editable=False,
                max_length=1200,
                others=(
                    *("birth_name", "other_names", "file_number", "card_number", "former_card_number"),
                    *("national_id_number", "former_id_number"),
                ),
                source="full_name",
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="person",
            index=config.indexes.SearchIndex(fields=["name_sort_key", "id", "search_text"], name="person_search"),
        ),
    ]
