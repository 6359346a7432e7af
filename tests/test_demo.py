"""The demonstration data: what its report of 2015 says, what always holds, when it may be loaded."""

import datetime as dt
import io
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from config.access import Permission, Role, scope_of
from members.admission.pipeline import Pipeline
from members.document_files import open_whole
from members.models import (
    GRASSROOTS_KINDS,
    Admission,
    AdmissionCase,
    Badge,
    BadgeProposal,
    BadgeRound,
    CaseStep,
    CommitteePosition,
    CommitteePost,
    Document,
    Exemption,
    MassOrganisation,
    Membership,
    Movement,
    Organisation,
    OrganisationPeriod,
    Person,
    RoleAssignment,
    Succession,
    TemporaryStay,
    User,
)
from members.models.admission_cases import CaseState, StepState
from members.models.badge_rounds import RoundState
from members.models.memberships import EndReason, StartReason
from members.models.organisations import OrganisationKind
from members.models.people import Sex
from members.services import standing_within
from reviews.demo import plan
from reviews.demo.accounts import ACCOUNTS, PASSWORD
from reviews.models import (
    Commendation,
    CommendationTitle,
    MassRating,
    MemberRating,
    OrganisationRating,
    Target,
    UnratedReason,
)
from training.models import Enrolment, TrainingClass

YEARS = range(2011, 2016)
LAST = dt.date(2015, 12, 31)
DIGEST_OF_PLAN = """
import django
django.setup()
from reviews.demo import plan
world = plan.make()
print(plan.fingerprint(plan.rows_of_people(world)), plan.fingerprint(plan.rows_of_ratings(world)))
"""


def run_demo() -> str:
    """What the command prints."""
    printed = io.StringIO()
    call_command("demo", stdout=printed)
    return printed.getvalue()


@pytest.fixture(scope="class")
def demonstration(django_db_setup, django_db_blocker):
    """What the command printed; the data it loaded is there for all tests of the class."""
    with django_db_blocker.unblock():
        loaded = transaction.atomic()
        loaded.__enter__()
        printed = run_demo()
    yield printed
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        loaded.__exit__(None, None, None)


def rated(model, year):
    return model.objects.approved_in(year).filter(level__isnull=False)


def ranks(queryset):
    counts = queryset.values_list("level__rank").annotate(count=Count("pk")).order_by("level__rank")
    return dict(counts)


def grassroots_rated(year):
    units = Organisation.objects.grassroots(on=dt.date(year, 12, 31))
    return rated(OrganisationRating, year).filter(organisation__in=units)


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
class TestDemonstration:
    """The loaded data: first every row of the table of the report of 2015."""

    @pytest.mark.parametrize(
        ("programme", "classes", "learners"),
        [("candidate", 3, 394), ("new_member", 2, 231), ("intermediate", 2, 207)],
    )
    def test_classes_have_the_learners_of_the_report(self, programme, classes, learners):
        opened = TrainingClass.objects.opened_in(2015).filter(programme__code=programme)
        assert opened.count() == classes
        assert Enrolment.objects.not_withdrawn().filter(training_class__in=opened).count() == learners

    def test_admissions_are_261(self):
        assert Admission.objects.decided_in(2015).filter(organisation__isnull=False).count() == 261

    def test_badges_are_58_of_30_and_40_years(self):
        awarded = Badge.objects.awarded_in(2015).values_list("milestone").annotate(count=Count("pk"))
        assert dict(awarded) == {30: 41, 40: 17}

    def test_organisations_are_57_and_11_of_71(self):
        assert ranks(grassroots_rated(2015)) == {1: 57, 2: 11, 3: 2, 4: 1}
        assert Organisation.objects.existing_on(LAST).grassroots(on=LAST).count() == 71

    def test_members_are_4001_good_of_4100_rated(self):
        counts = ranks(rated(MemberRating, 2015))
        assert sum(counts.values()) == 4100
        assert counts[1] + counts[2] == 4001

    def test_commendations_are_31_9_and_39(self):
        titles = Commendation.objects.certificates_for(2015).values_list("title").annotate(count=Count("pk"))
        counts = dict(titles)
        assert counts[CommendationTitle.ORGANISATION_EXEMPLARY] == 31
        assert counts[CommendationTitle.CELL_FIVE_YEARS] == 9
        assert counts[CommendationTitle.MEMBER_FIVE_YEARS] == 39

    def test_targets_of_2016_are_those_of_the_report(self):
        targets = Target.objects.filter(year=2016, organisation__code="DUK").values_list("figure", "value")
        assert dict(targets) == {
            "ratings.organisations.good_or_better": 98,
            "ratings.members.good_or_better": 97,
            "ratings.mass.tier1": 95,
            "admission.decided": 250,
        }

    def test_mass_organisations_nearly_reach_the_target(self):
        assert ranks(rated(MassRating, 2015)) == {1: 149, 2: 7, 3: 2}
        assert MassOrganisation.objects.existing_on(LAST).count() == 158

    # What holds in every year

    @pytest.mark.parametrize("year", YEARS)
    def test_members_balance(self, year):
        moved_out = Membership.objects.ended_in(year).filter(end_reason=EndReason.MOVED).count()
        moved_in = Membership.objects.begun_in(year).filter(start_reason=StartReason.MOVED).count()
        assert moved_out == moved_in > 50
        before = Membership.objects.on(dt.date(year - 1, 12, 31)).count()
        increase = Membership.objects.begun_in(year).exclude(start_reason=StartReason.MOVED).count()
        decrease = Membership.objects.ended_in(year).exclude(end_reason=EndReason.MOVED).count()
        assert before + increase - decrease == Membership.objects.on(dt.date(year, 12, 31)).count()

    @pytest.mark.parametrize("year", YEARS)
    def test_every_member_is_rated_once_or_has_a_reason_but_for_a_few(self, year):
        last = dt.date(year, 12, 31)
        members = set(Membership.objects.on(last).values_list("person", flat=True))
        accounted = set(MemberRating.objects.approved_in(year).values_list("person", flat=True))
        assert len(members - accounted) in range(1, 30)
        left = Membership.objects.ended_in(year).filter(person__in=accounted - members)
        assert left.exclude(end_reason=EndReason.MOVED).count() == len(accounted - members) > 5

    @pytest.mark.parametrize("year", YEARS)
    def test_rating_stands_where_the_member_was_last_in_the_year(self, year):
        stays = Membership.objects.last_by(dt.date(year, 12, 31)).filter(person=OuterRef("person"))
        ratings = MemberRating.objects.filter(year=year).alias(home=Subquery(stays.values("organisation")[:1]))
        assert ratings.exists()
        assert not ratings.exclude(organisation=F("home")).exists()

    @pytest.mark.parametrize("year", YEARS)
    def test_exempt_and_newly_admitted_are_not_rated(self, year):
        people = rated(MemberRating, year).values("person")
        exempt = Exemption.objects.on(dt.date(year, 12, 31))
        assert not exempt.filter(person__in=people).exists()
        new = Admission.objects.filter(decided_on__range=(dt.date(year, 7, 1), dt.date(year, 12, 31)))
        assert new.exists()
        assert not new.filter(person__in=people).exists()

    @pytest.mark.parametrize("year", YEARS)
    def test_best_members_are_at_most_15_percent_of_the_good_or_one(self, year):
        units: dict[int, list[int]] = {}
        paths = OrganisationPeriod.objects.on(dt.date(year, 12, 31))
        unit_of = {row.organisation_id: int(row.path.split("/")[1]) for row in paths if row.parent_id}
        for place, rank in rated(MemberRating, year).values_list("organisation", "level__rank"):
            units.setdefault(unit_of[place], []).append(rank)
        for given in units.values():
            assert given.count(1) <= max(1, given.count(2) * 15 / 100)

    def test_organisations_get_better_over_the_years(self):
        shares = [ranks(grassroots_rated(year))[1] / grassroots_rated(year).count() for year in YEARS]
        assert shares == sorted(shares)

    def test_disciplined_members_have_the_lowest_rank(self):
        punished = rated(MemberRating, F("person__disciplines__decided_on__year"))
        given = list(punished.values_list("level__rank", flat=True))
        assert len(given) >= 5 * 7
        assert set(given) == {4}

    def test_members_commended_for_five_years_were_the_best_in_each(self):
        commended = Commendation.objects.filter(title=CommendationTitle.MEMBER_FIVE_YEARS)
        for person in Person.objects.filter(pk__in=commended.values("person")):
            years = person.ratings.filter(level__rank=1).values_list("year", flat=True)
            assert set(years) == set(YEARS)

    def test_cells_commended_for_five_years_were_the_best_and_commended_in_each(self):
        commended = Commendation.objects.filter(title=CommendationTitle.CELL_FIVE_YEARS)
        for cell in Organisation.objects.filter(pk__in=commended.values("organisation")):
            assert cell.kind == OrganisationKind.SUBORDINATE_CELL
            assert set(cell.ratings.filter(level__rank=1).values_list("year", flat=True)) == set(YEARS)
            own = cell.commendations.filter(form="other", title=CommendationTitle.OTHER)
            assert set(own.values_list("year", flat=True)) == set(YEARS)

    @pytest.mark.parametrize("year", YEARS)
    def test_exemplary_organisations_are_among_the_best(self, year):
        exemplary = Commendation.objects.filter(year=year, title=CommendationTitle.ORGANISATION_EXEMPLARY)
        best = grassroots_rated(year).filter(level__rank=1).values("organisation")
        assert exemplary.count() == exemplary.filter(organisation__in=best).count() > 20

    def test_badges_are_for_years_that_had_passed(self):
        for badge in Badge.objects.select_related("person").prefetch_related("person__admissions"):
            first = min(admission.decided_on for admission in badge.person.admissions.all())
            assert first.replace(day=1, year=first.year + badge.milestone) <= badge.awarded_on
            assert (badge.awarded_on.month, badge.awarded_on.day) in ((2, 3), (5, 19), (9, 2), (11, 7))

    def test_official_date_is_a_year_after_a_ceremony_that_was_in_time(self):
        for entry in Admission.objects.filter(ceremony_on__isnull=False):
            assert dt.timedelta(0) < entry.ceremony_on - entry.decided_on <= dt.timedelta(days=42)
            if entry.official_on:
                assert dt.timedelta(days=364) < entry.official_on - entry.ceremony_on < dt.timedelta(days=367)

    def test_learners_belong_to_the_class(self):
        """Candidates are none yet members, new members still probationary, on the opening day."""
        opens_on = F("training_class__opens_on")
        candidates = Enrolment.objects.filter(training_class__programme__code="candidate")
        assert not candidates.filter(person__memberships__began_on__lte=opens_on).exists()
        new = Enrolment.objects.filter(training_class__programme__code="new_member")
        probationary = Q(person__admissions__official_on__isnull=True)
        probationary |= Q(person__admissions__official_on__gt=opens_on)
        assert new.exists()
        assert new.filter(probationary, person__memberships__began_on__lte=opens_on).distinct().count() == (new.count())
        assert not new.with_home().filter(home__isnull=True).exists()
        assert not candidates.with_home().filter(home__isnull=True).exists()

    def test_stays_lie_within_the_life_of_the_organisation(self):
        stays = Membership.objects.all()
        assert not stays.filter(began_on__lt=F("organisation__founded_on")).exists()
        ended = stays.filter(organisation__ended_on__isnull=False)
        assert ended.exists()
        assert not ended.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=F("organisation__ended_on"))).exists()

    # A committee as there are some

    def test_people_are_plausible(self):
        members = Membership.objects.on(LAST)
        assert 4200 < members.count() < 4400
        assert 240 < members.probationary(on=LAST).count() < 280
        women = members.filter(person__sex=Sex.FEMALE).count() / members.count()
        assert 0.35 < women < 0.42
        births = members.values_list("person__born_on", flat=True)
        ages = sorted(LAST.year - born.year for born in births)
        assert ages[0] >= 20
        assert ages[-1] <= 80
        assert ages[len(ages) // 10] >= 28
        assert ages[len(ages) * 9 // 10] <= 58

    def test_every_committee_is_large_enough_for_its_kind(self):
        """A đảng bộ has 30 members or more, a chi bộ three (Điều lệ Đảng)."""
        for unit in Organisation.objects.existing_on(LAST).filter(kind__in=GRASSROOTS_KINDS):
            size = Membership.objects.on(LAST).filter(organisation__path__startswith=unit.path).count()
            assert size >= (30 if unit.kind == OrganisationKind.GRASSROOTS_COMMITTEE else 3)

    def test_candidates_are_followed_and_no_members(self):
        assert Person.objects.candidates().count() == 424
        members = Person.objects.filter(followed_by__isnull=False, memberships__isnull=False)
        assert not members.filter(admission_cases__isnull=True).exists()

    def test_periods_of_organisations_have_no_gap(self):
        """The first is open to the past, the last to the future and equal to what the organisation is now."""
        for organisation in Organisation.objects.prefetch_related("periods"):
            periods = sorted(organisation.periods.all(), key=lambda row: row.starts_on or dt.date.min)
            assert periods[0].starts_on is None
            assert [row.ends_on for row in periods] == [*(row.starts_on for row in periods[1:]), None]
            last, now = periods[-1], organisation
            assert (last.name, last.kind, last.parent_id, last.path) == ((now.name, now.kind, now.parent_id, now.path))

    def test_paths_hold_the_keys_of_all_above(self):
        for period in OrganisationPeriod.objects.select_related("parent"):
            above = period.parent.path if period.parent else ""
            assert period.path == f"{above}{period.organisation_id}/"

    def test_organisations_have_a_history(self):
        events = OrganisationPeriod.objects.filter(starts_on__isnull=False).values_list("event", flat=True)
        assert sorted(events) == ["moved", "renamed"]
        lineage = Succession.objects.get()
        assert lineage.predecessor.ended_on == lineage.took_place_on
        assert Organisation.objects.filter(kind__in=GRASSROOTS_KINDS, founded_on__year=2013).count() == 1
        founded_late = OrganisationRating.objects.get(unrated_reason=UnratedReason.FOUNDED_RECENTLY)
        assert founded_late.year == 2013

    def test_every_organisation_has_its_committee_of_own_members(self):
        posts = list(CommitteePost.objects.on(LAST))
        assert standing_within(posts, on=LAST) == {post.pk for post in posts}
        secretaries = {post.organisation_id for post in posts if post.position == CommitteePosition.SECRETARY}
        existing = Organisation.objects.existing_on(LAST)
        assert existing.exclude(pk__in=secretaries).count() <= existing.count() // 20

    def test_cases_wait_at_every_step_some_late_one_sent_back_one_stopped(self):
        cases = AdmissionCase.objects.all()
        steps = {stage.code for stage in Pipeline.load().stages}
        assert set(cases.unfinished().values_list("stage__code", flat=True)) == steps
        late = cases.late(on=timezone.localdate())
        assert 3 <= late.count() <= cases.unfinished().count() // 3
        assert CaseStep.objects.filter(state=StepState.SENT_BACK).count() == 1
        assert cases.filter(state=CaseState.STOPPED).count() == 1
        assert cases.filter(state=CaseState.RECOGNISED).count() == 1
        own = cases.unfinished().within(scope_of(User.objects.get(username="coso"), Permission.VIEW_RECORDS))
        assert 5 <= own.count() < cases.count()
        assert not CaseStep.objects.exclude(warnings="").exists(), "the demonstration keeps the rules"

    def test_nobody_waits_for_years_but_a_few(self):
        today = timezone.localdate()
        waiting = Membership.objects.probationary(on=today).filter(person__admission_cases__isnull=True)
        assert 1 <= waiting.count() <= 5

    def test_daily_work_has_scans_guests_transfers_and_a_round(self):
        assert Document.objects.kept().count() >= 15
        for document in Document.objects.all():
            open_whole(document.storage_key, document.sha256).close()
        today = timezone.localdate()
        assert TemporaryStay.objects.on(today).count() == 4
        assert TemporaryStay.objects.filter(until_on__lt=today, ended_on__isnull=True).count() == 1
        assert Movement.objects.pending().count() == 3
        rounds = BadgeRound.objects.filter(award_on__gt=today).with_count()
        assert {one.state for one in rounds} == {RoundState.PROPOSED, RoundState.DECIDED}
        assert BadgeProposal.objects.exclude(left_out_reason="").count() == 1

    def test_every_role_has_a_user_with_the_printed_password(self, demonstration):
        assert set(RoleAssignment.objects.values_list("role", flat=True)) == set(Role.values)
        for account in ACCOUNTS:
            assert User.objects.get(username=account.username).check_password(PASSWORD)
            assert f"{account.username} " in demonstration
        assert PASSWORD in demonstration

    def test_members_of_all_years_are_the_same_each_time(self):
        """The rows equal what another process with another order of hashes makes up."""
        planned = Person.objects.exclude(admission_cases__admission__isnull=False)
        people = planned.values_list("file_number", "full_name", "born_on", "card_number")
        rows = [(number, name, str(born), card) for number, name, born, card in people]
        given = MemberRating.objects.values_list("year", "person__file_number", "level__rank", "unrated_reason")
        marks = [(str(year), number, str(rank or reason)) for year, number, rank, reason in given]
        environment = {**os.environ, "PYTHONHASHSEED": "20"}
        other = subprocess.run(
            [sys.executable, "-c", DIGEST_OF_PLAN],
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
        assert other.stdout.split() == [plan.fingerprint(rows), plan.fingerprint(marks)]

    def test_second_run_says_that_it_is_there_and_adds_nothing(self):
        before = Person.objects.count(), Membership.objects.count(), User.objects.count()
        printed = run_demo()
        assert "đã có sẵn" in printed
        assert PASSWORD in printed
        assert before == (Person.objects.count(), Membership.objects.count(), User.objects.count())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "add_own_data",
    [
        lambda: Organisation.objects.create(code="DUK", name="Đảng bộ Khối khác", kind="upper_committee"),
        lambda: Person.objects.create(file_number="1", full_name="Lê Thị Na", sex="female"),
        lambda: User.objects.create_user(username="quantri", full_name="Người quản trị"),
    ],
    ids=["organisation", "person", "user"],
)
def test_demo_refuses_a_database_with_other_data(add_own_data):
    add_own_data()
    with pytest.raises(CommandError, match="đã có dữ liệu khác"):
        run_demo()
    assert Organisation.objects.count() + Person.objects.count() + User.objects.count() == 1
