"""The start of the audit chain, and a guard in the database: what was written stays as it was.

Events and their items can't be changed, and are deleted only once an archive holds them; archives stay as long as
there are events, and the head of the chain never goes back. Whoever owns the tables can take the guard away;
`manage.py audit_verify` then finds what was done.
"""

from django.db import migrations

REFUSAL = "The audit trail is only ever added to."
ARCHIVED = "EXISTS (SELECT 1 FROM members_auditarchive WHERE last_sequence >= {sequence})"
NO_EVENTS = "NOT EXISTS (SELECT 1 FROM members_auditevent)"
ALL_ARCHIVED = (
    "NOT EXISTS (SELECT 1 FROM members_auditevent WHERE sequence > "
    "(SELECT coalesce(max(last_sequence), 0) FROM members_auditarchive))"
)
EVENT_OF_ITEM = "(SELECT sequence FROM members_auditevent WHERE key = OLD.event_id)"

# Trigger, table, what it guards against, and the condition under which that may be done.
TRIGGERS = [
    ("auditevent_stays", "members_auditevent", "UPDATE", "1 = 0"),
    ("auditevent_kept", "members_auditevent", "DELETE", ARCHIVED.format(sequence="OLD.sequence")),
    ("audititem_stays", "members_audititem", "UPDATE", "1 = 0"),
    ("audititem_kept", "members_audititem", "DELETE", ARCHIVED.format(sequence=EVENT_OF_ITEM)),
    ("auditarchive_stays", "members_auditarchive", "UPDATE", "1 = 0"),
    ("auditarchive_kept", "members_auditarchive", "DELETE", NO_EVENTS),
    ("audithead_stays", "members_audithead", "UPDATE", "NEW.sequence IN (OLD.sequence, OLD.sequence + 1)"),
    ("audithead_kept", "members_audithead", "DELETE", NO_EVENTS),
]
TRUNCATES = [
    (f"{table}_whole", f"members_{table}", "TRUNCATE", ALL_ARCHIVED)
    for table in ("auditevent", "audititem", "auditarchive", "audithead")
]


def guard(apps, schema_editor):
    apps.get_model("members", "AuditHead").objects.create()
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for trigger in TRIGGERS + (TRUNCATES if on_postgresql else []):
        for statement in _on_postgresql(*trigger) if on_postgresql else _on_sqlite(*trigger):
            schema_editor.execute(statement)


def _on_sqlite(name, table, deed, condition):
    yield (
        f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN NOT ({condition}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _on_postgresql(name, table, deed, condition):
    row = {"UPDATE": "NEW", "DELETE": "OLD", "TRUNCATE": "NULL"}[deed]
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {condition} THEN RETURN {row}; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    each = "STATEMENT" if deed == "TRUNCATE" else "ROW"
    yield f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"


def unguard(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, *_ in TRIGGERS + (TRUNCATES if on_postgresql else []):
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}" if on_postgresql else f"DROP TRIGGER {name}")
        if on_postgresql:
            schema_editor.execute(f"DROP FUNCTION {name}()")
    apps.get_model("members", "AuditHead").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0003_accounts_and_audit")]
    operations = [migrations.RunPython(guard, unguard)]
