"""What is planted for tests that look for leaks: one of everything in A, and a name that stands only elsewhere."""

from __future__ import annotations

from config.access import Role
from members import audit
from members.models import OrganisationKind
from tests.builders import (
    make_badge,
    make_case,
    make_class,
    make_commendation,
    make_discipline,
    make_document,
    make_enrolment,
    make_exemption,
    make_import_session,
    make_mass_organisation,
    make_member,
    make_merge,
    make_movement,
    make_organisation,
    make_person,
    make_rating,
    make_saved_view,
    make_stay,
    make_target,
    make_user,
)
from tests.conftest import Cast

CANARY = "CHIMHOÀNGYẾN"


@audit.audited
def fill(cast: Cast) -> None:
    """One of everything in A."""
    person = make_member(cast.a_cell_1, "Trần Thị Ánh")
    make_rating(person, rank=1)
    make_rating(cast.a, rank=1)
    make_rating(make_mass_organisation(cast.a), rank=1)
    make_badge(person)
    make_case(cast.a_cell_1)
    make_commendation(person=person)
    make_enrolment(make_class("candidate"), person)
    make_target(cast.a, "admission.decided", 3)
    make_import_session(cast.a, cast.grassroots_a, state="read")
    make_import_session(cast.a, cast.grassroots_a, state="previewed", is_wrong=True)


@audit.audited
def plant(cast: Cast) -> None:
    """Everything that organisations beside A can hold, under a name that is nowhere else."""
    unit = make_organisation(f"Chi bộ {CANARY}", code=f"{CANARY}-1", parent=cast.b)
    committee = make_organisation(
        f"Đảng bộ {CANARY}", code=f"{CANARY}-2", parent=cast.root, kind=OrganisationKind.GRASSROOTS_COMMITTEE
    )
    for place in (unit, committee):
        person = make_member(
            place, f"Nguyễn {CANARY}", "2015-02-01", occupation=CANARY, home_town=CANARY, other_names=CANARY
        )
        make_rating(person, rank=1)
        make_rating(place, rank=1)
        make_rating(make_mass_organisation(place, f"Công đoàn {CANARY}"), rank=2)
        make_badge(person, decision_number=CANARY)
        make_exemption(person)
        make_discipline(person=person, note=CANARY)
        make_merge(person, merged_name=CANARY, reason=CANARY)
        make_document(person, title=CANARY, number=CANARY)
        make_enrolment(make_class("candidate", name=f"Lớp {CANARY}", provider=CANARY), person)
        make_commendation(person=person, title="other", title_text=CANARY)
        make_commendation(organisation=place, title="other", title_text=CANARY)
        make_target(place, "admission.decided", 99)
        make_import_session(place, cast.office, f"Tệp {CANARY}", state="previewed", is_wrong=True)
        make_person(f"Quần chúng {CANARY}", followed_by=place)
        make_saved_view(cast.office, f"Danh sách {CANARY} {place.code}", organisation=place)
        leaver = make_member(place, f"Lê {CANARY}")
        make_movement(leaver, to_place=CANARY, letter_number=CANARY, note=CANARY)
        make_case(place, f"Hồ sơ {CANARY}")
        gone = make_person(f"Đã mất {CANARY}")
        make_stay(gone, place, "2000-01-01", "2015-06-01", end_reason="deceased")
    make_user(f"nguoi-dung-{CANARY}", Role.OFFICE, unit, full_name=CANARY)
