"""Votes: what adds up, and what carries."""

import pytest

from members.admission import votes
from members.models import AdmissionStage, CaseStep

TWO_THIRDS = {"majority_numerator": 2, "majority_denominator": 3}
OVER_HALF = {"majority_numerator": 1, "majority_denominator": 2, "majority_is_exceeded": True}


def step(**given):
    names = ("entitled", "present", "issued", "returned", "in_favour", "against", "abstained", "invalid")
    return CaseStep(**(dict.fromkeys(names, None) | given))


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"entitled": 12, "present": 12, "in_favour": 12}, []),
        ({"entitled": 12, "present": 10, "in_favour": 9, "against": 1}, []),
        ({"entitled": 12, "present": 10, "issued": 10, "returned": 9, "in_favour": 8, "invalid": 1}, []),
        ({"entitled": 12, "present": 10, "issued": 9, "returned": 9, "in_favour": 9}, []),
        ({"entitled": 9, "present": 10, "in_favour": 10}, ["present"]),
        ({"entitled": 12, "present": 10, "issued": 11, "in_favour": 11}, ["issued"]),
        ({"entitled": 12, "present": 10, "issued": 10, "returned": 11, "in_favour": 11}, ["returned"]),
        ({"entitled": 12, "present": 10, "in_favour": 9}, ["in_favour"]),
        ({"entitled": 12, "present": 10, "in_favour": 9, "against": 2}, ["in_favour"]),
        ({"entitled": 12, "present": 10, "in_favour": 11, "against": -1}, ["against"]),
        ({"present": 10, "in_favour": 10}, ["entitled"]),
        ({"entitled": 12, "present": 10}, ["in_favour"]),
    ],
)
def test_numbers_add_up_or_say_which_does_not(given, wrong):
    assert [name for name, _ in votes.errors(votes.completed(step(**given)))] == wrong


def test_show_of_hands_makes_up_no_ballots():
    by_hand = votes.completed(step(entitled=3, present=3, in_favour=3))
    assert (by_hand.issued, by_hand.returned, by_hand.against) == (None, None, 0)
    by_ballot = votes.completed(step(entitled=3, present=3, issued=3, in_favour=3))
    assert (by_ballot.issued, by_ballot.returned) == (3, 3)


@pytest.mark.parametrize(
    ("majority", "base", "entitled", "present", "in_favour", "carried", "least"),
    [
        (TWO_THIRDS, "entitled", 12, 12, 8, True, 8),
        (TWO_THIRDS, "entitled", 12, 12, 7, False, 8),
        (TWO_THIRDS, "entitled", 10, 10, 7, True, 7),
        (TWO_THIRDS, "entitled", 10, 10, 6, False, 7),
        (TWO_THIRDS, "entitled", 12, 7, 7, False, 8),
        (TWO_THIRDS, "present", 12, 9, 6, True, 6),
        (TWO_THIRDS, "entitled", 3, 3, 2, True, 2),
        (OVER_HALF, "entitled", 10, 10, 5, False, 6),
        (OVER_HALF, "entitled", 10, 10, 6, True, 6),
        (OVER_HALF, "entitled", 11, 11, 6, True, 6),
        (OVER_HALF, "entitled", 0, 0, 0, False, 1),
    ],
)
def test_majority_is_reckoned_in_whole_numbers(majority, base, entitled, present, in_favour, carried, least):
    stage = AdmissionStage(majority_base=base, **majority)
    vote = step(entitled=entitled, present=present, in_favour=in_favour)
    assert votes.is_carried(stage, vote) is carried
    assert votes.least(stage, vote) == least
