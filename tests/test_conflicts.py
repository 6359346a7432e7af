"""Two people on one record: nobody's edit is lost without a word; in pages, in the admin, and at the database."""

import re
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from config.conflicts import UNKNOWN, ConflictError, Stands, whose
from members.models import AuditEvent, BadgeMilestone, Person
from members.person_forms import PersonForm
from reviews.models import RatingQuota, RatingScheme
from tests.builders import make_member, make_organisation, make_person, make_user
from tests.pages import read
from tests.together import at_once, sqlite_file, together  # noqa: F401

# --- Whose value stands ------------------------------------------------------------------------------

values = st.sampled_from(["", "a", "b", "c"])


@given(values, values, values)
def test_no_value_is_lost_without_being_asked(base, theirs, mine):
    stands = whose(base, theirs, mine)
    if stands == Stands.MINE:
        assert theirs in {base, mine}
    elif stands == Stands.THEIRS:
        assert mine == base != theirs
    else:
        assert len({base, theirs, mine}) == 3


@given(values, values)
def test_where_nobody_knows_what_was_there_only_equal_values_are_not_asked(theirs, mine):
    assert (whose(UNKNOWN, theirs, mine) == Stands.UNDECIDED) == (theirs != mine)


def sent(form, **changes):
    """What a browser sends of a form as it is, with what was typed."""
    fields = {field.html_name: str(field.value() if field.value() is not None else "") for field in form}
    return fields | {key: str(value) for key, value in changes.items()}


EDITS = st.fixed_dictionaries(
    {},
    optional={
        "occupation": st.sampled_from(["", "Giáo viên", "Kế toán", "Hiệu trưởng"]),
        "note": st.sampled_from(["", "một\nhai", "ba"]),
        "born": st.sampled_from(["", "1970", "05/1970", "01/05/1970", "02/06/1971"]),
        "sex": st.sampled_from(["male", "female"]),
        "theory_level": st.sampled_from(["", "elementary", "advanced"]),
    },
)


def held(person, names):
    """The person's values as a form would send them."""
    return {name: str(getattr(person, name) or "") for name in names}


@pytest.mark.django_db
@settings(max_examples=60)
@given(
    first=EDITS, theirs=st.lists(EDITS, min_size=1, max_size=3), mine=EDITS, choice=st.sampled_from(["mine", "theirs"])
)
def test_merge_of_random_edits_keeps_every_edit_or_asks(first, theirs, mine, choice):
    user = make_user_of_all()
    person = make_person(**{"occupation": "Giáo viên", "note": "một\nhai", **first})
    names = ["occupation", "note", "born", "sex", "theory_level"]
    base = held(Person.objects.get(pk=person.pk), names)
    typed = base | mine
    data = sent(PersonForm(instance=Person.objects.get(pk=person.pk), user=user), **typed, reason="sửa")
    for edit in theirs:
        save(person, **edit)
    stored = held(Person.objects.get(pk=person.pk), names)

    form = PersonForm(data, instance=Person.objects.get(pk=person.pk), user=user)
    both = {name for name in names if len({base[name], stored[name], typed[name]}) == 3}
    only_theirs = {name for name in names if typed[name] == base[name] != stored[name]}
    assert form.is_valid() == (not both)
    assert set(form.asked) == both
    assert {taken.name for taken in form.taken} == only_theirs
    if both:
        assert {name: str(form[name].value() or "") for name in both} == {name: typed[name] for name in both}
        again = sent(form, **{f"choice-{name}": choice for name in both})
        form = PersonForm(again, instance=Person.objects.get(pk=person.pk), user=user)
        assert form.is_valid(), form.errors
    form.save()
    expected = {}
    for name in names:
        if name in both:
            expected[name] = typed[name] if choice == "mine" else stored[name]
        else:
            expected[name] = stored[name] if name in only_theirs else typed[name]
    assert held(Person.objects.get(pk=person.pk), names) == expected


def make_user_of_all():
    """A user whom no test signs in; the form asks for it to scope its choices."""
    root = make_organisation("Đảng bộ Khối", kind="upper_committee")
    return make_user(f"nguoi-sua-{root.pk}", "office", root)


def save(person, **edits):
    """What somebody else saves meanwhile."""
    row = Person.objects.get(pk=person.pk)
    for name, value in edits.items():
        setattr(row, name, value)
    row.save()
    return row


# --- In the pages ------------------------------------------------------------------------------------


@pytest.fixture
def person(cast):
    return make_member(cast.a, "Nguyễn Văn An", occupation="Giáo viên", residence="Phường 1")


def change(person):
    return reverse("change_person", args=[person.pk])


def filled(client, person, **changes):
    """The fields of the person's form as the browser would send them."""
    page = read(client.get(change(person)))
    return typed_in(page) | changes


def typed_in(page):
    """What a browser would send of the page's form, with nothing chosen among radio buttons."""
    return values_of(page.first("form", class_="record-form"))


def values_of(form):
    """What a browser would send of a form, without buttons and what is to be ticked."""
    data = {}
    for element in form.all("input", "textarea", "select"):
        kind, name = element.attributes.get("type"), element.attributes.get("name")
        if not name or kind in {"radio", "checkbox", "submit"}:
            continue
        if element.tag == "select":
            chosen = [option for option in element.all("option") if "selected" in option.attributes]
            data[name] = chosen[0].attributes["value"] if chosen else ""
        else:
            data[name] = element.text if element.tag == "textarea" else element.attributes.get("value", "")
    return data


def test_second_sees_both_values_with_who_saved_and_chooses(cast, client_of, person):
    first, second = client_of(cast.grassroots_a), client_of(cast.office)
    mine = filled(second, person, occupation="Hiệu trưởng", home_town="Sơn Nam")
    theirs = filled(first, person, occupation="Kế toán", residence="Phường 2")
    assert first.post(change(person), theirs).status_code == 302

    page = read(second.post(change(person), mine))
    told = page.first(class_="conflicts").text
    assert "Giữ giá trị của tôi: Hiệu trưởng" in told
    assert "Lấy giá trị đã lưu: Kế toán (Trần Cơ Sở ghi lúc" in told
    assert "Nơi ở hiện nay: Phường 2" in told
    person.refresh_from_db()
    assert (person.occupation, person.home_town) == ("Kế toán", "")

    again = typed_in(page)
    assert (again["occupation"], again["home_town"], again["residence"]) == ("Hiệu trưởng", "Sơn Nam", "Phường 2")
    unchosen = read(second.post(change(person), again))
    assert "Giữ giá trị của tôi: Hiệu trưởng" in unchosen.first(class_="conflicts").text
    chosen = typed_in(unchosen) | {"choice-occupation": "mine"}
    assert second.post(change(person), chosen).status_code == 302
    person.refresh_from_db()
    assert (person.occupation, person.home_town, person.residence) == ("Hiệu trưởng", "Sơn Nam", "Phường 2")


def test_choosing_the_saved_value_drops_mine(cast, client_of, person):
    client = client_of(cast.office)
    mine = filled(client, person, occupation="Hiệu trưởng", home_town="Sơn Nam")
    save(person, occupation="Kế toán")
    page = read(client.post(change(person), mine))
    assert client.post(change(person), typed_in(page) | {"choice-occupation": "theirs"}).status_code == 302
    person.refresh_from_db()
    assert (person.occupation, person.home_town) == ("Kế toán", "Sơn Nam")


def test_validating_twice_forgets_no_conflict(cast, person):
    data = sent(PersonForm(instance=person, user=cast.office), occupation="Hiệu trưởng")
    save(person, occupation="Kế toán")
    form = PersonForm(data, instance=Person.objects.get(pk=person.pk), user=cast.office)
    for _ in range(2):
        form.full_clean()
        assert list(form.errors) == ["occupation"]


def test_value_saved_again_after_the_choice_was_offered_is_asked_again(cast, client_of, person):
    client = client_of(cast.office)
    mine = filled(client, person, occupation="Hiệu trưởng")
    save(person, occupation="Kế toán")
    page = read(client.post(change(person), mine))
    save(person, occupation="Thủ quỹ")
    page = read(client.post(change(person), typed_in(page) | {"choice-occupation": "mine"}))
    assert "Lấy giá trị đã lưu: Thủ quỹ" in page.first(class_="conflicts").text
    person.refresh_from_db()
    assert person.occupation == "Thủ quỹ"


def test_different_fields_are_merged_and_told(cast, client_of, person):
    client = client_of(cast.office)
    mine = filled(client, person, occupation="Hiệu trưởng")
    save(person, residence="Phường 2")
    answer = client.post(change(person), mine, follow=True)
    assert "người khác đã ghi và được giữ lại: Nơi ở hiện nay: Phường 2" in answer.content.decode()
    person.refresh_from_db()
    assert (person.occupation, person.residence) == ("Hiệu trưởng", "Phường 2")


def test_same_value_from_both_is_no_conflict(cast, client_of, person):
    client = client_of(cast.office)
    mine = filled(client, person, occupation="Hiệu trưởng")
    save(person, occupation="Hiệu trưởng")
    assert client.post(change(person), mine).status_code == 302
    person.refresh_from_db()
    assert person.occupation == "Hiệu trưởng"


def test_value_that_cannot_be_read_is_kept_beside_the_saved_one(cast, client_of, person):
    client = client_of(cast.office)
    mine = filled(client, person, born="31/2/1975")
    save(person, born="1971")
    page = read(client.post(change(person), mine))
    told = page.first(class_="conflicts").text
    assert "Giữ giá trị của tôi: 31/2/1975" in told
    assert "Lấy giá trị đã lưu: 1971" in told
    assert page.first("input", name="born").attributes["value"] == "31/2/1975"
    assert client.post(change(person), typed_in(page) | {"choice-born": "theirs"}).status_code == 302


@pytest.mark.parametrize("version", ["", "0", "-1", "99", "x", "1" * 50])
def test_form_that_says_no_version_overwrites_nothing_unasked(cast, client_of, person, version):
    client = client_of(cast.office)
    mine = filled(client, person, occupation="Hiệu trưởng", version=version)
    save(person, residence="Phường 2")
    page = read(client.post(change(person), mine))
    asked = page.first(class_="conflicts").text
    assert "Hiệu trưởng" in asked
    assert "Phường 2" in asked
    person.refresh_from_db()
    assert (person.occupation, person.residence) == ("Giáo viên", "Phường 2")


@pytest.mark.parametrize("edits", [{"occupation": "Kế toán"}, {"residence": "Phường 2"}], ids=["same", "other"])
def test_save_between_check_and_update_is_seen(cast, client_of, person, monkeypatch, edits):
    """The version is checked in the update itself; what the form could not see yet is validated again."""
    client, real, done = client_of(cast.office), PersonForm.changes_in_words, []
    mine = filled(client, person, occupation="Hiệu trưởng")

    def overtaken(form):
        if not done:
            done.append(save(person, **edits))
        return real(form)

    monkeypatch.setattr(PersonForm, "changes_in_words", overtaken)
    answer = client.post(change(person), mine)
    person.refresh_from_db()
    if "occupation" in edits:
        assert "Lấy giá trị đã lưu: Kế toán" in read(answer).first(class_="conflicts").text
        assert person.occupation == "Kế toán"
    else:
        assert answer.status_code == 302
        assert (person.occupation, person.residence) == ("Hiệu trưởng", "Phường 2")


def test_record_that_vanished_is_told_with_what_was_typed(cast, client_of):
    person = make_person("Lê Thị Na", followed_by=cast.a)
    client = client_of(cast.grassroots_a)
    mine = filled(client, person, occupation="Hiệu trưởng")
    save(person, followed_by=cast.b)
    answer = client.post(change(person), mine)
    assert answer.status_code == 404
    assert "Không còn hồ sơ này" in answer.content.decode()
    assert "Hiệu trưởng" in answer.content.decode()
    never = client.post(reverse("change_person", args=[10**9]), mine)
    assert (never.status_code, read(never).first("main").text) == (404, read(answer).first("main").text)


# --- In the admin ------------------------------------------------------------------------------------


def admin_change(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def admin_filled(client, row, **changes):
    """What a browser would send of the admin's form."""
    return admin_typed(client.get(admin_change(row))) | changes


def admin_typed(answer):
    forms = read(answer).all("form")
    return values_of(next(form for form in forms if form.attributes.get("id", "").endswith("_form")))


def level_of_row(data, name):
    """The prefix of the inline row with that name."""
    return next(key.removesuffix("-name") for key, value in data.items() if key.endswith("-name") and value == name)


@pytest.fixture
def scheme(db):
    RatingQuota.objects.all().delete()
    return RatingScheme.objects.get(subject="members", first_year=2018)


def test_admin_asks_for_inline_rows_too(cast, client_of, scheme):
    client = client_of(cast.office)
    first, second = scheme.levels.order_by("rank")[:2]
    mine = admin_filled(client, scheme)
    row = level_of_row(mine, first.name)
    mine |= {f"{row}-name": "Tên của tôi"}
    first.name = "Tên của họ"
    first.save()
    second.abbreviation = "HT"
    second.save()
    answer = client.post(admin_change(scheme), mine)
    told = [box.text for box in read(answer).all(class_="conflicts")]
    assert any("Giữ giá trị của tôi: Tên của tôi" in text and "Tên của họ" in text for text in told)
    assert any("HT" in text for text in told)
    chosen = admin_typed(answer) | {f"choice-{row}": "x", f"{row}-choice-name": "mine"}
    assert client.post(admin_change(scheme), chosen).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.name, second.abbreviation) == ("Tên của tôi", "HT")


def test_admin_does_not_delete_a_row_that_was_changed_meanwhile_unasked(cast, client_of, scheme):
    level = scheme.levels.get(rank=4)
    level.name = "Mức thêm"
    level.save()
    client = client_of(cast.office)
    mine = admin_filled(client, scheme)
    row = level_of_row(mine, "Mức thêm")
    level.abbreviation = "MM"
    level.save()
    answer = client.post(admin_change(scheme), mine | {f"{row}-DELETE": "on"})
    assert "Người khác đã sửa dòng" in answer.content.decode()
    assert scheme.levels.filter(name="Mức thêm").exists()
    assert client.post(admin_change(scheme), admin_typed(answer) | {f"{row}-DELETE": "on"}).status_code == 302
    assert not scheme.levels.filter(name="Mức thêm").exists()


def test_admin_tells_that_a_row_was_deleted_meanwhile_and_keeps_the_others_apart(cast, client_of, scheme):
    level = scheme.levels.get(rank=4)
    level.name = "Mức thêm"
    level.save()
    client = client_of(cast.office)
    mine = admin_filled(client, scheme)
    last = scheme.levels.get(rank=3)
    mine |= {
        f"{level_of_row(mine, 'Mức thêm')}-name": "Mức tôi sửa",
        f"{level_of_row(mine, last.name)}-name": "Mức ba",
    }
    level.delete()
    answer = client.post(admin_change(scheme), mine)
    assert "Người khác đã xóa dòng này trong lúc bạn sửa" in answer.content.decode()
    assert "Mức tôi sửa" in answer.content.decode()
    assert client.post(admin_change(scheme), admin_typed(answer)).status_code == 302
    last.refresh_from_db()
    assert last.name == "Mức ba"
    assert scheme.levels.count() == 3


def test_admin_save_with_its_rows_is_one_event(cast, client_of, scheme):
    client = client_of(cast.office)
    mine = admin_filled(client, scheme, title="Tên quy định mới")
    mine |= {f"{level_of_row(mine, scheme.levels.get(rank=1).name)}-name": "Tên mức mới"}
    events = AuditEvent.objects.filter(action="changed")
    before = events.count()
    assert client.post(admin_change(scheme), mine).status_code == 302
    assert events.count() == before + 1
    assert {item.model for item in events.first().items.all()} == {"reviews.ratingscheme", "reviews.ratinglevel"}


def test_admin_saves_nothing_that_would_leave_the_scope(cast, client_of, monkeypatch):
    rule = BadgeMilestone.objects.first()
    client, queryset = client_of(cast.office), type(BadgeMilestone.objects.all())
    mine = admin_filled(client, rule, source="Văn bản xa")
    real = queryset.open_to
    monkeypatch.setattr(queryset, "open_to", lambda rows, *args: real(rows, *args).exclude(source="Văn bản xa"))
    assert client.post(admin_change(rule), mine).status_code == 403
    rule.refresh_from_db()
    assert rule.source != "Văn bản xa"


# --- At the database ---------------------------------------------------------------------------------


@together
def test_of_two_updates_of_one_version_one_is_refused():
    root = make_organisation("Đảng bộ Khối", kind="upper_committee")
    person = make_member(root, occupation="Giáo viên")
    rows = [Person.objects.get(pk=person.pk) for _ in range(4)]
    for number, row in enumerate(rows):
        row.occupation = f"Nghề {number}"
    results = at_once(*(row.save for row in rows))
    winners = [number for number, result in enumerate(results) if result is None]
    assert len(winners) == 1
    assert all(isinstance(result, ConflictError) for result in results if result is not None)
    stored = Person.objects.get(pk=person.pk)
    assert (stored.occupation, stored.version) == (f"Nghề {winners[0]}", person.version + 1)


@together
def test_of_two_forms_sent_at_once_one_is_asked_and_nothing_is_lost():
    root = make_organisation("Đảng bộ Khối", kind="upper_committee")
    user = make_user("van-phong", "office", root)
    person = make_member(root, occupation="Giáo viên", residence="Phường 1")
    posts = []
    for typed in ({"occupation": "Nghề 0", "home_town": "Sơn Nam"}, {"occupation": "Nghề 1", "residence": "Phường 2"}):
        client = Client()
        client.force_login(user)
        posts.append(partial(client.post, change(person), filled(client, person, **typed)))
    answers = at_once(*posts)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    loser = next(answer for answer in answers if answer.status_code == 200)
    told = read(loser).first(class_="conflicts").text
    stored = Person.objects.get(pk=person.pk)
    assert f"Lấy giá trị đã lưu: {stored.occupation}" in told
    assert {*re.findall(r"Nghề \d", told)} == {"Nghề 0", "Nghề 1"}


@together
def test_of_two_forms_of_the_admin_sent_at_once_one_is_asked():
    root = make_organisation("Đảng bộ Khối", kind="upper_committee")
    user = make_user("van-phong", "office", root)
    rule = BadgeMilestone.objects.first()
    posts = []
    for number in range(2):
        client = Client()
        client.force_login(user)
        posts.append(partial(client.post, admin_change(rule), admin_filled(client, rule, source=f"Văn bản {number}")))
    answers = at_once(*posts)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    loser = next(answer for answer in answers if answer.status_code == 200)
    told = read(loser).first(class_="conflicts").text
    assert f"Lấy giá trị đã lưu: {BadgeMilestone.objects.get(pk=rule.pk).source}" in told
    assert {*re.findall(r"Văn bản \d", told)} == {"Văn bản 0", "Văn bản 1"}
