"""The access table: every address of the program, what it asks for, and whose record it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config.access import Area, Permission
from members.models import (
    AdmissionCase,
    CommitteePost,
    Document,
    ImportSession,
    MassOrganisation,
    Movement,
    Organisation,
    Person,
    PersonMerge,
    User,
)

VIEW, CHANGE, EXPORT = Permission.VIEW_RECORDS, Permission.CHANGE_RECORDS, Permission.EXPORT
AUDIT, ACCOUNTS, REFERENCE = Permission.VIEW_AUDIT, Permission.MANAGE_ACCOUNTS, Permission.VIEW_REFERENCE
ADMIN = "quan-tri/"


@dataclass(frozen=True)
class Rule:
    """What a page asks for: permissions held anywhere and, of an object, that the user's scope holds it.

    With `one_is_enough` any of the permissions opens it.
    """

    permissions: tuple[Permission, ...] = ()
    arguments: Callable[[Place], list[Any]] | None = None
    signed_in: int = 200
    one_is_enough: bool = False

    def is_met_by(self, held: frozenset[Permission]) -> bool:
        """Whether who holds these may enter."""
        wanted = set(self.permissions)
        return bool(wanted & held) if self.one_is_enough and wanted else wanted <= held


@dataclass(frozen=True)
class Place:
    """An organisation with a member and their post, a mass organisation, an account that has a role on it, an event of
    the trail and an import about it, and a case.

    The member's file holds one document, and another one was merged into it; the case is that of a candidate.
    """

    organisation: Organisation
    person: Person
    account: User
    import_session: ImportSession
    post: CommitteePost
    mass_organisation: MassOrganisation
    case: AdmissionCase

    @property
    def twin(self) -> Person:
        """Somebody else there: the candidate."""
        return self.case.person

    @property
    def merge(self) -> PersonMerge:
        """A merge into the member's file."""
        return self.person.merges.get()

    @property
    def document(self) -> Document:
        """The member's scan."""
        return self.person.documents.get()

    @property
    def movement(self) -> Movement:
        """The transfer out of the member, whose answer is awaited."""
        return self.person.movements.get()

    @property
    def sequence(self) -> int:
        """The number of the event by which the member was entered."""
        return self.person.audit_items.get(verb="created", model="members.person").event.sequence


def _movement(place: Place) -> list[Any]:
    return [place.movement.pk]


def _person(place: Place) -> list[Any]:
    return [place.person.pk]


def _organisation(place: Place) -> list[Any]:
    return [place.organisation.code]


def _post(place: Place) -> list[Any]:
    return [place.post.pk]


def _mass_organisation(place: Place) -> list[Any]:
    return [place.mass_organisation.pk]


def _account(place: Place) -> list[Any]:
    return [place.account.pk]


def _document(place: Place) -> list[Any]:
    return [place.document.pk]


def _summary(place: Place) -> list[Any]:
    return [2015, place.organisation.code]


def _figure(place: Place) -> list[Any]:
    return [2015, place.organisation.code, "members.total"]


def _import(*rest: Any) -> Callable[[Place], list[Any]]:
    return lambda place: [place.import_session.pk, *rest]


def _round(place: Place) -> list[Any]:
    return [place.organisation.badge_rounds.get().pk]


def _proposal(place: Place) -> list[Any]:
    return [place.organisation.badge_rounds.get().proposals.get().pk]


def _case(*rest: Any) -> Callable[[Place], list[Any]]:
    return lambda place: [place.case.pk, *rest]


# Every address of the program's own pages. Without `arguments` a page is nobody's, and opens (or sends
# somewhere, `signed_in`) for whoever holds the permissions.
TABLE: dict[str, Rule] = {
    "home": Rule(signed_in=302),
    "search": Rule((VIEW,)),
    "people": Rule((VIEW,)),
    "people_excel": Rule((VIEW, EXPORT)),
    "saved_views": Rule((VIEW,)),
    "person": Rule((VIEW,), _person),
    "change_person": Rule((CHANGE,), _person),
    "change_section": Rule((CHANGE,), lambda place: [place.person.pk, "ban-than"]),
    "add_candidate": Rule((CHANGE,)),
    "person_history": Rule((VIEW,), _person),
    "person_access": Rule((VIEW,), _person),
    "person_documents": Rule((VIEW,), _person),
    "add_documents": Rule((CHANGE,), _person),
    "documents_archive": Rule((VIEW, EXPORT), _person),
    "document_file": Rule((VIEW,), _document),
    "change_document": Rule((CHANGE,), _document),
    "withdraw_document": Rule((CHANGE,), _document),
    "restore_document": Rule((CHANGE,), _document),
    "person_papers": Rule((CHANGE, EXPORT), _person, one_is_enough=True),
    "organisation_papers": Rule((CHANGE, EXPORT), _organisation, one_is_enough=True),
    "duplicates": Rule((CHANGE,)),
    "duplicate_pair": Rule((CHANGE,), lambda place: [place.person.pk, place.twin.pk]),
    "person_merge": Rule((CHANGE,), lambda place: [place.merge.pk]),
    "paper_templates": Rule((REFERENCE,)),
    "paper_template_file": Rule((REFERENCE,)),
    "organisation_documents": Rule((VIEW,), _organisation),
    "organisation_documents_workbook": Rule((VIEW, EXPORT), _organisation),
    "organisations": Rule((VIEW,)),
    "organisations_excel": Rule((VIEW, EXPORT)),
    "organisation": Rule((VIEW,), _organisation),
    "organisation_act": Rule((CHANGE,), lambda place: [place.organisation.code, "doi-ten"]),
    "correct_organisation": Rule((CHANGE,), _organisation),
    "add_post": Rule((CHANGE,), _organisation),
    "change_post": Rule((CHANGE,), _post),
    "end_post": Rule((CHANGE,), _post),
    "add_mass_organisation": Rule((CHANGE,), _organisation),
    "change_mass_organisation": Rule((CHANGE,), _mass_organisation),
    "end_mass_organisation": Rule((CHANGE,), _mass_organisation),
    "organisation_access": Rule((VIEW,), _organisation),
    "badges": Rule((VIEW,), signed_in=302),
    "badge_forecast": Rule((VIEW,), _organisation),
    "badge_due": Rule((VIEW,), _organisation),
    "badge_due_workbook": Rule((VIEW, EXPORT), _organisation),
    "badge_rounds": Rule((VIEW,)),
    "badge_round_new": Rule((CHANGE,)),
    "badge_round": Rule((VIEW,), _round),
    "badge_round_workbook": Rule((VIEW, EXPORT), _round),
    "badge_round_fill": Rule((CHANGE,), _round),
    "badge_propose": Rule((CHANGE,), _round),
    "badge_decide": Rule((CHANGE,), _round),
    "badge_award": Rule((CHANGE,), _round),
    "badge_step_back": Rule((CHANGE,), _round),
    "badge_leave_out": Rule((CHANGE,), _proposal),
    "badge_put_back": Rule((CHANGE,), _proposal),
    "badge_new": Rule((CHANGE,), _person),
    "change_badge": Rule((CHANGE,), lambda place: [place.person.badges.latest("pk").pk]),
    "disciplines": Rule((VIEW,)),
    "disciplines_workbook": Rule((VIEW, EXPORT)),
    "discipline_of_person": Rule((CHANGE,), _person),
    "discipline_of_organisation": Rule((CHANGE,), _organisation),
    "change_discipline": Rule((CHANGE,), lambda place: [place.person.disciplines.latest("pk").pk]),
    "movements": Rule((VIEW,)),
    "movements_workbook": Rule((VIEW, EXPORT)),
    "record_arrival": Rule((CHANGE,)),
    "move_several": Rule((CHANGE,)),
    "transfer_several": Rule((CHANGE,)),
    "record_movement": Rule((CHANGE,), lambda place: [place.person.pk, "tam-thoi"]),
    "movement": Rule((VIEW,), _movement),
    "confirm_arrival": Rule((CHANGE,), _movement),
    "correct_papers": Rule((CHANGE,), _movement),
    "undo_movement": Rule((CHANGE,), _movement),
    "admission_board": Rule((VIEW,)),
    "admission_workbook": Rule((VIEW, EXPORT)),
    "admission_open": Rule((CHANGE,)),
    "admission_batch": Rule((CHANGE,), signed_in=302),  # without a step it leads to the board
    "admission_case": Rule((VIEW,), _case()),
    "admission_step": Rule((CHANGE,), _case("application")),
    "admission_waive": Rule((CHANGE,), _case("application")),
    "admission_send_back": Rule((CHANGE,), _case()),
    "admission_undo": Rule((CHANGE,), _case()),
    "admission_stop": Rule((CHANGE,), _case()),
    "admission_reopen": Rule((CHANGE,), _case()),
    "admission_helper": Rule((CHANGE,), _case()),
    "admission_helper_end": Rule((CHANGE,), lambda place: [place.case.pk, place.case.helpers.get().pk]),
    "admission_remark": Rule((CHANGE,), _case()),
    "admission_remark_change": Rule((CHANGE,), lambda place: [place.case.pk, place.case.remarks.get().pk]),
    "audit_log": Rule((AUDIT,)),
    "audit_workbook": Rule((AUDIT,)),
    "audit_event": Rule((AUDIT,), lambda place: [place.sequence]),
    "accounts": Rule((ACCOUNTS,)),
    "account_new": Rule((ACCOUNTS,)),
    "account": Rule((ACCOUNTS,), _account),
    "account_change": Rule((ACCOUNTS,), _account),
    "account_act": Rule((ACCOUNTS,), lambda place: [place.account.pk, "khoa"]),
    "my_account": Rule(),
    "my_work": Rule((CHANGE,)),
    "my_calendar": Rule((CHANGE,)),
    "my_daily_mail": Rule(signed_in=405),
    "my_password": Rule(),
    "second_factor": Rule(),
    "recovery_codes": Rule(signed_in=302),
    "give_up_second_factor": Rule(),
    "end_my_sessions": Rule(signed_in=405),
    "summary_latest": Rule((VIEW,), signed_in=302),
    "summary": Rule((VIEW,), _summary),
    "figure": Rule((VIEW,), _figure),
    "figure_workbook": Rule((VIEW, EXPORT), _figure),
    "summary_workbook": Rule((VIEW, EXPORT), _summary),
    "exchange": Rule((CHANGE, EXPORT), one_is_enough=True),
    "exchange_out": Rule((EXPORT,)),
    "exchange_template": Rule((CHANGE, EXPORT), one_is_enough=True),
    "import_session": Rule((CHANGE,), _import()),
    "import_columns": Rule((CHANGE,), _import()),
    "import_preview": Rule((CHANGE,), _import()),
    "import_row": Rule((CHANGE,), _import(0, 2)),
    "import_report": Rule((CHANGE,), _import(0)),
    "import_act": Rule((CHANGE,), _import("hoan-tac")),
}
# For everybody: the status for who is not signed in, and for who is (signing out takes a form).
OPEN = {"sign_in": (200, 200), "second_step": (302, 302), "sign_out": (405, 405), "first_password": (200, 200)}

# The administration: its own pages, and the same set of pages for each model.
ADMIN_PAGES = {
    "admin:index": 200,
    "admin:login": 302,
    "admin:logout": 307,
    "admin:password_change": 302,
    "admin:password_change_done": 302,
    "admin:autocomplete": 403,
    "admin:jsi18n": 200,
    "admin:view_on_site": 404,
    "admin:app_list": 200,
    "quan-tri/(?P<url>.*)$": 404,
}
ADMIN_MODELS = {
    "members_badgemilestone": Area.REFERENCE,
    "members_badgeawardday": Area.REFERENCE,
    "members_admissionstage": Area.REFERENCE,
    "members_admissioncondition": Area.REFERENCE,
    "members_admissiondeadline": Area.REFERENCE,
    "members_disciplineeffect": Area.REFERENCE,
    "members_holiday": Area.REFERENCE,
    "members_documentkind": Area.REFERENCE,
    "members_organisation": Area.RECORDS,
    "members_massorganisation": Area.RECORDS,
    "training_programme": Area.REFERENCE,
    "reviews_ratingscheme": Area.REFERENCE,
    "reviews_ratinglevel": Area.REFERENCE,
}
ACTIONS = ("changelist", "add", "history", "delete", "change")
