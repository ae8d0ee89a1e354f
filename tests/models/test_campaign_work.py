"""What the state of a campaign refuses, by the one table."""

import pytest

from models.campaign import CampaignState
from models.campaign_work import ALLOWED, MEANINGS, NEXT, CampaignWork, is_back, work_refusal


def test_only_a_campaign_in_progress_lets_everything_be_done() -> None:
    assert [s for s in CampaignState if ALLOWED[s] == frozenset(CampaignWork)] == [CampaignState.OPEN]


def test_an_archive_is_read_only() -> None:
    assert all(work_refusal("试点", CampaignState.ARCHIVED, work) for work in CampaignWork)


@pytest.mark.parametrize("state", CampaignState)
def test_each_state_has_its_meaning_and_a_way_on(state: CampaignState) -> None:
    assert MEANINGS[state] and NEXT[state]


def test_a_campaign_moves_one_step_at_a_time() -> None:
    order = list(CampaignState)
    assert all(abs(order.index(a) - order.index(b)) == 1 for a, ways in NEXT.items() for b in ways)
    assert is_back(CampaignState.ARCHIVED, CampaignState.CONCLUDED)


def test_a_refusal_says_what_to_do_first() -> None:
    sentence = work_refusal("试点", CampaignState.PREPARING, CampaignWork.RAISE)
    assert sentence == "“试点”还在筹备，不能登记问题。请领导小组办公室先在“专项治理”里转为“进行”。"
