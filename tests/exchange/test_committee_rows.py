"""The sheet Cấp ủy."""

from __future__ import annotations

from typing import Any

import pytest

from members.exchange.committees import CommitteePostImporter
from members.models import CommitteePost
from tests.builders import make_member, make_person, make_post
from tests.conftest import Cast
from tests.exchange.source import bring, brought, written_out

pytestmark = pytest.mark.django_db

KIND = "Cấp ủy"
ROW = {"Số lý lịch": "01", "Mã tổ chức": "A", "Chức vụ cấp ủy": "Bí thư", "Từ ngày": "2014-06", "Nhiệm kỳ": "2014–2019"}


def row(values: dict[str, str] | None = None) -> tuple[str, dict[str, str]]:
    return KIND, ROW | (values or {})


@pytest.fixture
def an(cast: Cast) -> Any:
    return make_member(cast.a_cell_1, "Nguyễn Văn An", file_number="01")


def test_post_is_created_and_then_the_same(an, cast):
    assert brought([row()]).statuses == ["new"]
    assert brought([row()]).statuses == ["same"]
    post = CommitteePost.objects.get()
    assert (post.person, post.organisation, post.position, str(post.began), post.term) == (
        *(an, cast.a, "secretary"),
        *("06/2014", "2014–2019"),
    )


def test_end_is_told_and_written(an, cast):
    make_post(an, cast.a, began="06/2014")
    ended = {"Đến ngày": "2019-06-30", "Lý do thôi": "Hết nhiệm kỳ", "Số quyết định thôi": "7"}
    assert brought([row(ended | {"Nhiệm kỳ": ""})]).statuses == ["changed"]
    post = CommitteePost.objects.get()
    assert (str(post.ended), post.end_reason, post.end_decision_number) == ("30/06/2019", "term_over", "7")


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"Chức vụ cấp ủy": "Thư ký"}, "Chức vụ cấp ủy"),
        ({"Từ ngày": ""}, "Từ ngày"),
        ({"Mã tổ chức": "B"}, "Số lý lịch"),
        ({"Số lý lịch": "02"}, "Số lý lịch"),
        ({"Từ ngày": "1999-01-01"}, "Số lý lịch"),
    ],
    ids=["position", "no day", "another organisation", "no member", "no member yet"],
)
def test_post_that_cannot_be_is_told_at_its_cell(an, cast, values, column):
    make_person("Lê Thị Bình", file_number="02", followed_by=cast.a)
    assert bring([row(values)]).problems == [(KIND, 2, column)]
    assert not CommitteePost.objects.exists()


def test_second_secretary_is_refused(an, cast):
    make_member(cast.a, "Lê Thị Bình", file_number="02")
    source = bring([row(), row({"Số lý lịch": "02", "Từ ngày": "2015-01-01"})])
    assert [kind for kind, *_ in source.problems] == [KIND]


def test_posts_survive_the_way_out_and_in(an, cast):
    make_post(an, cast.a, began="06/2014", term="2014–2019", decision_number="12")
    CommitteePost.objects.update(ended_on="2019-06-30", end_reason="term_over", end_decision_number="7")
    (told,) = written_out(CommitteePostImporter)
    assert brought([(KIND, told)]).statuses == ["same"]
    before = CommitteePost.objects.values_list("person", "position", "began_on", "began_on_precision", "ended_on").get()
    CommitteePost.objects.all().delete()
    assert brought([(KIND, told)]).statuses == ["new"]
    assert (
        CommitteePost.objects.values_list("person", "position", "began_on", "began_on_precision", "ended_on").get()
        == before
    )
