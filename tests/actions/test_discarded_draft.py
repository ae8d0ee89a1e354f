"""A draft made by mistake is thrown away: nobody is shown it, nothing is deleted."""

import pytest

from actions import issue
from actions.discarded_draft import discard_draft
from models.issue_record import Issue
from models.refusal import NotFoundOrNotYours, Refused
from queries.audit import verify
from queries.reading import reading
from queries.today import waiting_for
from tests.factories import World
from tests.queries.test_issue import viewer


def test_a_draft_thrown_away_is_shown_to_nobody_and_stays_in_the_record(both_worlds: World) -> None:
    world, caller = both_worlds, both_worlds.caller("inspector")
    issue_id = world.draft()
    discard_draft(caller, issue_id)
    assert waiting_for(viewer(world, "inspector"), world.campaign_id, world._today()).total == 0
    for again in (lambda: discard_draft(caller, issue_id), lambda: issue.submit(caller, issue_id)):
        with pytest.raises(NotFoundOrNotYours):
            again()
    with reading() as session:
        assert session.get(Issue, issue_id) is not None
    assert verify(files=False).ok


def test_a_draft_is_thrown_away_by_its_author_only_and_a_number_never(world: World) -> None:
    with pytest.raises(NotFoundOrNotYours):
        discard_draft(world.caller("inspector2"), world.draft())
    with pytest.raises(Refused, match="已提交的问题有编号"):
        discard_draft(world.caller("inspector"), world.registered())
