"""The verbs of a problem, end to end through the actions."""

import pytest

from actions import closure
from models.refusal import Refused
from tests.factories import World


def test_three_people_cross_a_number_off(both_worlds: World) -> None:
    assert both_worlds.closed() > 0


def test_whoever_accepted_cannot_approve(world: World) -> None:
    issue_id = world.in_acceptance()
    from models.issue import VerifiedHow

    closure.accept(world.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "资料齐全。")
    with pytest.raises(Refused, match="您是本件的验收人"):
        closure.approve(world.caller("office"), issue_id)
