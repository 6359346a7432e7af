"""Saved lists: kept, shared downwards, renamed and deleted by their owner alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.access import Role
from reviews.models import SavedView
from reviews.people import saved
from tests.builders import make_saved_view, make_user
from tests.conftest import Cast
from tests.pages import content_of, read

pytestmark = pytest.mark.django_db
PAGE = "saved_views"


def save(client, name: str = "Dự bị nữ", query: str = "gioi=female&tinh_trang=du-bi&q=", **values: str):
    return client.post(reverse(PAGE), {"ten": name, "danh_sach": query, **values})


def test_list_is_kept_under_a_name_and_opens_as_it_was(cast: Cast, client_of):
    client = client_of(cast.office)
    offered = read(client.get(f"{reverse('people')}?tinh_trang=du-bi&cot=ten,que&xep=-sinh"))
    assert offered.all("a", href=f"{reverse(PAGE)}?luu=tinh_trang%3Ddu-bi%26cot%3Dten%2Cque%26xep%3D-sinh")
    response = save(client)
    view = SavedView.objects.get()
    assert (view.name, view.query, view.organisation) == ("Dự bị nữ", "tinh_trang=du-bi&gioi=female", None)
    assert response.url == f"{reverse('people')}?{view.query}"
    assert "Dự bị nữ" in content_of(client.get(response.url))


def test_what_is_kept_is_a_question_never_another_address(cast: Cast, client_of):
    save(client_of(cast.office), query="//evil.example/?x=1&sau=5&tinh_trang=zzz&q=<b>")
    assert "evil" not in SavedView.objects.get().query


def test_shared_list_is_seen_by_all_at_and_under_the_organisation(cast: Cast, client_of):
    save(client_of(cast.leader), name="Của khối", chung="on")
    save(client_of(make_user("a", Role.LEADER, cast.a)), name="Của A", chung="on")
    save(client_of(cast.grassroots_b), name="Riêng B")
    seen = {user: {view.name for view in SavedView.objects.visible_to(user)} for user in cast.users.values()}
    assert seen[cast.office] == {"Của khối"}
    assert seen[cast.grassroots_a] == {"Của khối", "Của A"}
    assert seen[cast.grassroots_b] == {"Của khối", "Riêng B"}
    assert seen[cast.administrator] == set()
    page = content_of(client_of(cast.grassroots_a).get(reverse(PAGE)))
    assert "Của A" in page
    assert "Riêng B" not in page


def test_owner_renames_shares_and_deletes(cast: Cast, client_of):
    client, view = client_of(cast.office), make_saved_view(cast.office)
    client.post(reverse(PAGE), {"khoa": view.pk, "ten": "Tên mới", "chung": "on"})
    view.refresh_from_db()
    assert (view.name, view.organisation, view.query) == ("Tên mới", cast.root, "tinh_trang=du-bi")
    client.post(reverse(PAGE), {"khoa": view.pk, "ten": "Tên mới"})
    view.refresh_from_db()
    assert view.organisation is None
    client.post(reverse(PAGE), {"khoa": view.pk, "viec": "xoa"})
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("act", [{"ten": "Chiếm"}, {"viec": "xoa"}])
def test_nobody_changes_the_list_of_another(cast: Cast, client_of, act):
    shared = make_saved_view(cast.leader, organisation=cast.root)
    for user in (cast.office, cast.grassroots_a):
        assert client_of(user).post(reverse(PAGE), {"khoa": shared.pk, **act}).status_code == 404
    for key in ("0", "-1", "x", "9" * 30):
        assert client_of(cast.office).post(reverse(PAGE), {"khoa": key, **act}).status_code == 404
    shared.refresh_from_db()
    assert shared.name == "Đảng viên dự bị"


def test_name_is_needed_and_taken_once(cast: Cast, client_of):
    client = client_of(cast.office)
    assert "Hãy đặt tên" in content_of(save(client, name="  "))
    save(client)
    page = content_of(save(client))
    assert "đã có một danh sách mang tên này" in page
    assert 'value="Dự bị nữ"' in page
    assert SavedView.objects.count() == 1
    save(client_of(cast.leader))
    assert SavedView.objects.count() == 2


def test_number_of_saved_lists_is_limited(cast: Cast, client_of, monkeypatch):
    monkeypatch.setattr(saved, "MOST_SAVED", 1)
    make_saved_view(cast.office)
    assert "xóa bớt" in content_of(save(client_of(cast.office)))


def test_shared_list_opens_in_the_scope_of_who_opens_it(cast: Cast, client_of):
    make_saved_view(cast.office, query="to_chuc=B", organisation=cast.root)
    page = content_of(client_of(cast.grassroots_a).get(reverse("people"), {"to_chuc": "B"}))
    assert "Trong phạm vi của bạn" in page or "Nhiều tổ chức" in page
