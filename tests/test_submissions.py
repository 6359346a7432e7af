"""A form that is sent twice acts once: double click, resend, back button; in pages and in the admin."""

import datetime as dt
import re
import threading
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.submissions import REPEATED, new_token
from members import services
from members.models import AuditEvent, BadgeMilestone, Person, Submission
from tests.builders import make_member, make_organisation, make_user
from tests.together import at_once, sqlite_file, together  # noqa: F401

TOKEN = re.compile(r'name="submission" value="([\w-]+)"')


def token_of(page):
    return TOKEN.findall(page.content.decode())[-1]


def candidate(organisation, **changes):
    values = {"full_name": "Lê Thị Na", "file_number": "HS-NA", "sex": "female", "followed_by": organisation.pk}
    return values | {"submission": new_token()} | changes


MILESTONE = {
    "years": 95,
    "early_months": 24,
    "starts_on": "01/01/2030",
    "ends_on": "",
    "source": "Quy định mới",
    "confidence": "verified",
}


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_every_rendered_form_has_a_token_of_its_own(self, cast, client_of):
        client = client_of(cast.office)
        for address in (reverse("add_candidate"), reverse("admin:members_badgemilestone_add")):
            assert token_of(client.get(address)) != token_of(client.get(address))

    def test_page_sent_twice_acts_once_and_leads_to_the_same_place(self, cast, client_of):
        client, values = client_of(cast.office), candidate(cast.a)
        first = client.post(reverse("add_candidate"), values)
        again = client.post(reverse("add_candidate"), values | {"file_number": "HS-KHAC", "is_another": "on"})
        assert first.status_code == again.status_code == 302
        assert first.url == again.url == reverse("person", args=[Person.objects.get().pk])
        assert REPEATED in client.get(again.url).content.decode()

    def test_refused_form_may_be_sent_again_corrected(self, cast, client_of):
        client, values = client_of(cast.office), candidate(cast.a)
        assert client.post(reverse("add_candidate"), values | {"full_name": ""}).status_code == 200
        assert client.post(reverse("add_candidate"), values).status_code == 302
        assert Person.objects.count() == 1

    def test_token_is_kept_only_with_the_work(self, cast, client_of, monkeypatch):
        """Where the work breaks off, nothing says that it was done."""
        client, values = client_of(cast.office), candidate(cast.a)
        client.raise_request_exception = False
        with monkeypatch.context() as broken:
            broken.setattr("members.person_pages.services.add_candidate", lambda **_: 1 / 0)
            assert client.post(reverse("add_candidate"), values).status_code == 500
        assert not Submission.objects.exists()
        assert client.post(reverse("add_candidate"), values).status_code == 302
        assert Person.objects.get().full_name == "Lê Thị Na"

    def test_token_of_somebody_else_is_no_hindrance(self, cast, client_of):
        values = candidate(cast.a)
        assert client_of(cast.grassroots_a).post(reverse("add_candidate"), values).status_code == 302
        other = values | {"file_number": "HS-B", "followed_by": cast.b.pk}
        assert client_of(cast.grassroots_b).post(reverse("add_candidate"), other).status_code == 302
        assert Person.objects.count() == 2

    @pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "a" * 500, "\x00" * 20])
    def test_form_without_a_usable_token_acts(self, cast, client_of, token):
        response = client_of(cast.office).post(reverse("add_candidate"), candidate(cast.a, submission=token))
        assert response.status_code == 302
        assert not Submission.objects.exists()

    def test_admin_sent_twice_acts_once(self, cast, client_of):
        client = client_of(cast.office)
        address = reverse("admin:members_badgemilestone_add")
        values = MILESTONE | {"submission": token_of(client.get(address))}
        first = client.post(address, values)
        again = client.post(address, values | {"years": 85, "starts_on": "01/01/2031"})
        assert first.url == again.url
        assert BadgeMilestone.objects.filter(starts_on__year__gte=2030).count() == 1

    def test_old_tokens_are_cleared_away_by_the_next_form(self, cast, client_of):
        long_ago = timezone.now() - dt.timedelta(days=3)
        Submission.objects.create(user=cast.office, token=new_token(), sent_at=long_ago)
        other = Submission.objects.create(user=cast.leader, token=new_token(), sent_at=long_ago)
        client_of(cast.office).post(reverse("add_candidate"), candidate(cast.a))
        assert set(Submission.objects.filter(sent_at__lte=long_ago)) == {other}
        assert Submission.objects.filter(user=cast.office).count() == 1


@together
def test_two_sent_at_the_same_time_act_once(monkeypatch):
    """The work of the first is slow: the second waits for it, and then does nothing."""
    root = make_organisation("Đảng bộ Khối", kind="upper_committee")
    user = make_user("van-phong", "office", root)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    begun, done, real = [], threading.Event(), services.add_candidate

    def slow(**values):
        begun.append(1)
        done.wait(0.5)
        return real(**values)

    monkeypatch.setattr("members.person_pages.services.add_candidate", slow)
    values = candidate(root)
    answers = at_once(*(partial(client.post, reverse("add_candidate"), values) for client in clients))
    person = Person.objects.get()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer.url for answer in answers} == {reverse("person", args=[person.pk])}
    assert len(begun) == 1
    assert AuditEvent.objects.filter(items__model="members.person").count() == 1


@together
def test_two_different_forms_at_the_same_time_both_act():
    root = make_organisation("Đảng bộ Khối", kind="upper_committee")
    user = make_user("van-phong", "office", root)
    person = make_member(root)
    requests = []
    for number in range(2):
        client = Client()
        client.force_login(user)
        values = candidate(root, file_number=f"HS-{number}", full_name=f"Lê Thị {('Na', 'Mơ')[number]}")
        requests.append(partial(client.post, reverse("add_candidate"), values))
    assert [answer.status_code for answer in at_once(*requests)] == [302, 302]
    assert Person.objects.exclude(pk=person.pk).count() == 2
