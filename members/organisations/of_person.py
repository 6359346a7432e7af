"""What a person's page and timeline tell of posts in committees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.access import Permission, scope_of
from members.models import CommitteePost, Person
from members.timeline import Moment, in_decision, moment


@dataclass(frozen=True)
class PostOfPerson:
    """A post of somebody, with what the reader may do with it."""

    post: CommitteePost
    is_open: bool
    can_change: bool


def posts_of(person: Person, reader: Any) -> dict[str, Any]:
    """The posts of a person, running ones first, then the latest; each with what `reader` may open and change."""
    readable = scope_of(reader, Permission.VIEW_RECORDS).paths
    changeable = scope_of(reader, Permission.CHANGE_RECORDS).paths
    posts = sorted(person.committee_posts.all(), key=lambda post: (post.ended_on is None, post.began_on), reverse=True)
    return {
        "committee_posts": [
            PostOfPerson(
                post,
                is_open=post.organisation.path.startswith(readable),
                can_change=post.organisation.path.startswith(changeable),
            )
            for post in posts
        ]
    }


def moments(person: Person, reader: Any) -> Iterator[Moment]:
    """When somebody took posts and gave them up."""
    for post in person.committee_posts.all():
        what = f"chức vụ {post.get_position_display()}, {post.organisation.name}"
        term = f", nhiệm kỳ {post.term}" if post.term else ""
        yield from moment(post.began, f"Giữ {what}{term}{in_decision(post.decision_number)}")
        why = post.get_end_reason_display().lower()
        yield from moment(post.ended, f"Thôi giữ {what}: {why}{in_decision(post.end_decision_number)}")
