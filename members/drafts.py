"""What is typed into a form is kept for whoever typed it, until the form is saved or the draft is given up.

A page that keeps drafts answers what its script posts to its own address (ACT says what is to be done); without the
script it is an ordinary form. Who may write there is for the page to ask.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone

from config.submissions import FIELD as SUBMISSION
from members.models import Draft, User

ACT = "ban-nhap"
SAVE, GIVE_UP, GO_ON = "luu", "bo", "tiep"
KEPT = dt.timedelta(days=30)
# A whole file with long texts is some ten thousand characters.
LONGEST = 200_000
_NOT_TYPED = {"csrfmiddlewaretoken", SUBMISSION, ACT}


def draft_of(user: User, address: str) -> Draft | None:
    """The draft that the user has of the form at that address."""
    return user.drafts.filter(address=address, saved_at__gte=timezone.now() - KEPT).first()


def typed_in(draft: Draft) -> QueryDict:
    """What was typed, as the form would have sent it."""
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    return data


def keep(user: User, address: str, sent: QueryDict) -> bool:
    """Keep what was typed, instead of what was kept before; false where the form was saved meanwhile or is too long.

    Drafts of all users that have grown old go.
    """
    data = {_kept(name): [_kept(one) for one in sent.getlist(name)] for name in sent if name not in _NOT_TYPED}
    if sum(len(name) + sum(map(len, values)) for name, values in data.items()) > LONGEST:
        return False
    token = sent.get(SUBMISSION, "")
    if token and user.submissions.filter(token=token).exists():
        return False
    now = timezone.now()
    Draft.objects.filter(saved_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            user.drafts.update_or_create(address=address, defaults={"data": data, "saved_at": now})
    except IntegrityError:
        return False  # another window of the same user was first
    return True


def _kept(text: str) -> str:
    """Without the character that no database takes and that nobody types."""
    return text.replace("\0", "")


def give_up(user: User, address: str) -> None:
    """Drop the draft of the form at that address, if there is one."""
    user.drafts.filter(address=address).delete()
