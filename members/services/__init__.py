"""Writes on organisations and on people's stays that touch more than one row.

Reading stays in the QuerySets. `by` is the user who asks, None for a command of the operator; a user without
the permission on every organisation touched is refused with PermissionDenied. What the rules forbid raises
ValidationError, in Vietnamese; nothing is then written.
"""

from members.services.checks import require_change, require_change_of, write_checked
from members.services.committees import begin_post, end_post, end_posts_left, refuse_post, standing_within, write_post
from members.services.documents import add_documents, change_document, restore_document, withdraw_document
from members.services.mass_organisations import write_mass_organisation
from members.services.organisation_corrections import correct_organisation, correction_needs_reason
from members.services.organisations import change_organisation, found_organisation, own_path, under_or_same
from members.services.people import REASON_NEEDED, add_candidate, change_person, change_rows, needs_reason
from members.services.stays import admit, record_move
from members.services.successions import Part, end_organisation, merge_organisation, split_organisation

__all__ = [
    "REASON_NEEDED",
    "Part",
    "add_candidate",
    "add_documents",
    "admit",
    "begin_post",
    "change_document",
    "change_organisation",
    "change_person",
    "change_rows",
    "correct_organisation",
    "correction_needs_reason",
    "end_organisation",
    "end_post",
    "end_posts_left",
    "found_organisation",
    "merge_organisation",
    "needs_reason",
    "own_path",
    "record_move",
    "refuse_post",
    "require_change",
    "require_change_of",
    "restore_document",
    "split_organisation",
    "standing_within",
    "under_or_same",
    "withdraw_document",
    "write_checked",
    "write_mass_organisation",
    "write_post",
]
