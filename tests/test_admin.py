"""The administration pages: who enters, what they see, and that no constraint ends in an error page."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.admin import ScopedAdmin, ScopedInline
from config.forms import ValidatedModelForm
from members.models import (
    BadgeMilestone,
    MassOrganisation,
    Organisation,
    Person,
    User,
)
from reviews.models import RatingScheme
from tests.builders import make_mass_organisation, make_organisation
from training.models import Programme

pytestmark = pytest.mark.django_db

REFERENCE = (
    "members_badgemilestone",
    "members_badgeawardday",
    "members_admissiondeadline",
    "members_admissionstage",
    "members_admissioncondition",
    "members_documentkind",
    "members_disciplineeffect",
    "members_holiday",
    "training_programme",
    "reviews_ratingscheme",
    "reviews_ratinglevel",
)
RECORDS = ("members_organisation", "members_massorganisation")
PAGES = (*REFERENCE, *RECORDS)
OUTSIDERS = ("grassroots_a", "grassroots_b", "leader", "inspector")

# Whether each role that may enter opens the list, and the page that adds.
ALLOWED = {
    ("office", REFERENCE): (200, 200),
    ("office", RECORDS): (200, 403),
    ("administrator", REFERENCE): (200, 200),
    ("administrator", RECORDS): (403, 403),
}


def list_of(page):
    return reverse(f"admin:{page}_changelist")


def adding(page):
    return reverse(f"admin:{page}_add")


def changing(instance):
    return reverse(f"admin:{instance._meta.app_label}_{instance._meta.model_name}_change", args=[instance.pk])


def texts(response):
    return response.content.decode()


def test_every_page_is_in_the_table_of_roles():
    site_pages = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert site_pages == set(PAGES)
    assert not {Person, User, TOTPDevice} & set(admin.site._registry)


def test_every_page_is_scoped_and_validates_constraints():
    for model_admin in admin.site._registry.values():
        assert isinstance(model_admin, ScopedAdmin)
        assert issubclass(model_admin.form, ValidatedModelForm)
        for inline in model_admin.inlines:
            assert issubclass(inline, ScopedInline)


@pytest.mark.parametrize(
    ("name", "page", "listing", "add"),
    [(name, page, *codes) for (name, pages), codes in ALLOWED.items() for page in pages],
)
def test_page_opens_for_its_roles_only(cast, client_of, name, page, listing, add):
    client = client_of(getattr(cast, name))
    assert client.get(list_of(page)).status_code == listing
    assert client.get(adding(page)).status_code == add


@pytest.mark.parametrize("name", OUTSIDERS)
@pytest.mark.parametrize("page", PAGES)
def test_others_are_sent_to_sign_in(cast, client_of, name, page):
    client = client_of(getattr(cast, name))
    for address in (reverse("admin:index"), list_of(page), adding(page)):
        response = client.get(address)
        assert response.status_code == 302
        assert reverse("admin:login") in response.url


def test_index_shows_each_role_its_own(cast, client_of):
    office = texts(client_of(cast.office).get(reverse("admin:index")))
    assert "mốc Huy hiệu Đảng".lower() in office.lower()
    assert list_of("members_organisation") in office
    administrator = texts(client_of(cast.administrator).get(reverse("admin:index")))
    assert list_of("members_badgemilestone") in administrator
    assert list_of("members_organisation") not in administrator


def test_inactive_account_is_kept_out(cast, client_of):
    client = client_of(cast.office)
    User.objects.filter(pk=cast.office.pk).update(is_active=False)
    assert client.get(list_of("members_badgemilestone")).status_code == 302


# --- Organisations -----------------------------------------------------------------------------------


def test_organisations_are_looked_at_not_changed(cast, client_of):
    client = client_of(cast.office)
    page = client.get(changing(cast.a))
    assert page.status_code == 200
    assert 'name="_save"' not in texts(page)
    assert client.post(changing(cast.a), {"name": "Tên khác"}).status_code == 403
    delete = reverse("admin:members_organisation_delete", args=[cast.a.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    cast.a.refresh_from_db()
    assert cast.a.name == "Đảng bộ Sở Nội vụ"


def test_organisations_out_of_scope_are_not_there(cast, client_of):
    foreign = make_organisation("Đảng bộ Khối khác", kind="upper_committee")
    make_mass_organisation(foreign, "Công đoàn khác")
    own = make_mass_organisation(cast.b, "Công đoàn Thanh tra")
    client = client_of(cast.office)
    assert "Đảng bộ Khối khác" not in texts(client.get(list_of("members_organisation")))
    assert client.get(changing(foreign)).status_code == 302
    unions = texts(client.get(list_of("members_massorganisation")))
    assert own.name in unions
    assert "Công đoàn khác" not in unions
    assert Organisation.objects.count() == 6
    assert MassOrganisation.objects.count() == 2


def test_organisation_is_found_without_accents(cast, client_of):
    found = texts(client_of(cast.office).get(list_of("members_organisation"), {"q": "thanh tra tinh"}))
    assert "Chi bộ Thanh tra tỉnh" in found
    assert "Chi bộ Văn phòng" not in found


# --- Reference data ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["office", "administrator"])
def test_rule_is_added_and_corrected(cast, client_of, name):
    client = client_of(getattr(cast, name))
    values = {
        "years": 95,
        "early_months": 24,
        "starts_on": "01/01/2030",
        "ends_on": "",
        "source": "Quy định mới",
        "confidence": "verified",
    }
    assert client.post(adding("members_badgemilestone"), values).status_code == 302
    rule = BadgeMilestone.objects.get(years=95)
    assert client.post(changing(rule), values | {"early_months": 12, "version": rule.version}).status_code == 302
    rule.refresh_from_db()
    assert (str(rule.starts_on), rule.early_months) == ("2030-01-01", 12)


def test_rule_for_a_time_that_has_one_is_refused_with_words(cast, client_of):
    values = {
        "years": 40,
        "early_months": 12,
        "starts_on": "01/01/2020",
        "ends_on": "",
        "source": "Quy định mới",
        "confidence": "verified",
    }
    page = client_of(cast.office).post(adding("members_badgemilestone"), values)
    assert page.status_code == 200
    assert "Mốc này đã có quy định trong thời gian đó." in texts(page)


def inline(prefix, rows, initial=0):
    """The form data of an inline with these rows."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


SCHEME = {
    "subject": "mass",
    "title": "Quy định cũ",
    "first_year": 2000,
    "last_year": 2007,
    "source": "Văn bản cũ",
    "confidence": "unverified",
}


def test_scheme_is_added_with_its_levels(cast, client_of):
    levels = [
        {"rank": 1, "name": "Vững mạnh", "abbreviation": "VM", "other_names": ""},
        {"rank": 2, "name": "Khá", "abbreviation": "K", "other_names": ""},
    ]
    page = client_of(cast.office).post(adding("reviews_ratingscheme"), SCHEME | inline("levels", levels))
    assert page.status_code == 302
    scheme = RatingScheme.objects.get(first_year=2000)
    assert list(scheme.levels.values_list("name", flat=True)) == ["Vững mạnh", "Khá"]


@pytest.mark.parametrize(
    ("changes", "levels"),
    [
        ({"last_year": 2010}, []),
        ({"last_year": 1999}, []),
        ({}, [{"rank": 9, "name": "Khá", "abbreviation": "K"}]),
        (
            {},
            [
                {"rank": 1, "name": "Khá", "abbreviation": "K"},
                {"rank": 1, "name": "Kém", "abbreviation": "KE"},
            ],
        ),
        (
            {},
            [
                {"rank": 1, "name": "Khá", "abbreviation": "K"},
                {"rank": 2, "name": "Khá", "abbreviation": "K"},
            ],
        ),
    ],
    ids=["overlap", "order", "rank", "rank twice", "name twice"],
)
def test_scheme_that_cannot_be_is_refused_with_words(cast, client_of, changes, levels):
    page = client_of(cast.office).post(adding("reviews_ratingscheme"), SCHEME | changes | inline("levels", levels))
    assert page.status_code == 200
    assert "errorlist" in texts(page)
    assert not RatingScheme.objects.filter(first_year=2000).exists()


def test_programme_in_use_and_quota_of_a_level_open(cast, client_of):
    client = client_of(cast.office)
    level = RatingScheme.objects.get(subject="members", first_year=2018).levels.get(rank=1)
    assert "21-HD/BTCTW" in texts(client.get(changing(level)))
    assert client.get(changing(Programme.objects.get(code="candidate"))).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_list_takes_as_many_queries_with_more_rows(cast, client_of, page, django_assert_max_num_queries):
    client = client_of(cast.office)
    client.get(list_of(page))
    with django_assert_max_num_queries(25) as before:
        client.get(list_of(page))
    for number in range(8):
        organisation = make_organisation(f"Chi bộ số {number}", parent=cast.a)
        make_mass_organisation(organisation, f"Công đoàn số {number}")
        Programme.objects.create(code=f"p{number}", name=f"Lớp {number}", confidence="unverified")
    with django_assert_max_num_queries(25) as after:
        client.get(list_of(page))
    assert len(after) == len(before)


# --- Signing in and out ------------------------------------------------------------------------------


def test_administration_has_no_sign_in_of_its_own(cast, client, client_of):
    assert client.get(reverse("admin:login")).url == f"{reverse('sign_in')}?next={reverse('admin:index')}"
    assert client.post(reverse("admin:login"), {"username": "a", "password": "b"}).status_code == 302
    assert client_of(cast.office).get(reverse("admin:login")).url == reverse("admin:index")
    assert client_of(cast.leader).get(reverse("admin:login")).status_code == 403


def test_signing_out_and_passwords_are_the_programs_own_pages(cast, client_of):
    office = client_of(cast.office)
    assert office.get(reverse("admin:password_change")).url == reverse("my_password")
    assert office.get(reverse("admin:password_change_done")).url == reverse("my_account")
    assert office.post(reverse("admin:logout"), follow=True).redirect_chain == [
        (reverse("sign_out"), 307),
        (reverse("sign_in"), 302),
    ]
    assert "_auth_user_id" not in office.session
