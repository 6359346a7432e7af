"""Writes on organisations and on people's stays that touch more than one row.

Reading stays in the QuerySets. `by` is the user who asks, None for a command of the operator; a user without
the permission on every organisation touched is refused with PermissionDenied. What the rules forbid raises
ValidationError, in Vietnamese; nothing is then written.
"""

from members.services.checks import require_change, require_change_of, write_checked
from members.services.organisations import (
    change_organisation,
    found_organisation,
    merge_organisation,
    own_path,
    under_or_same,
)
from members.services.people import REASON_NEEDED, add_candidate, change_person, change_rows, needs_reason
from members.services.stays import admit, record_move

__all__ = [
    "REASON_NEEDED",
    "add_candidate",
    "admit",
    "change_organisation",
    "change_person",
    "change_rows",
    "found_organisation",
    "merge_organisation",
    "needs_reason",
    "own_path",
    "record_move",
    "require_change",
    "require_change_of",
    "under_or_same",
    "write_checked",
]
