"""Campaigns: states one step at a time, what each refuses, two editors at once."""

from datetime import date

import pytest

from actions.campaign import CampaignFacts, create_campaign, edit_campaign, set_state
from actions.issue import raise_issue, submit
from actions.rectification import report
from actions.sample import freeze
from actions.sampling_rule import set_rule
from actions.schedule import StagePlan, set_stage
from models.campaign import CampaignState
from models.refusal import Refused, Stale
from queries.campaign import CampaignRow, campaign_history, current_campaign
from tests.factories import World

S = CampaignState


def now(world: World) -> CampaignRow:
    found = current_campaign(world.campaign_id)
    assert found is not None
    return found


def move(world: World, *states: CampaignState, reason: str = "补充检查还没有做完") -> None:
    for state in states:
        set_state(world.caller("office"), world.campaign_id, state, None, reason)


def facts(world: World, **changes: object) -> CampaignFacts:
    row = now(world)
    base = {"name": row.name, "place": row.place, "year_from": row.year_from, "year_to": row.year_to,
            "rectify_by": row.rectify_by}  # fmt: skip
    return CampaignFacts(**{**base, **changes})  # type: ignore[arg-type]


def test_a_state_cannot_be_passed_over(both_worlds: World) -> None:
    with pytest.raises(Refused, match="不能直接转为“归档”"):
        set_state(both_worlds.caller("office"), both_worlds.campaign_id, S.ARCHIVED, None)


def test_a_step_back_needs_its_reason(world: World) -> None:
    move(world, S.CONCLUDED)
    with pytest.raises(Refused, match="须写明理由"):
        set_state(world.caller("office"), world.campaign_id, S.OPEN, None, "补查")
    move(world, S.OPEN)
    last = campaign_history(world.campaign_id)[0]
    assert (last.what, last.reason) == ("转为“进行”", "补充检查还没有做完")


def test_whoever_covers_a_part_of_the_regions_does_not_move_the_campaign(world: World) -> None:
    with pytest.raises(Refused, match="只到部分地区"):
        set_state(world.caller("far_office"), world.campaign_id, S.CONCLUDED, None)


def test_nothing_is_archived_while_a_problem_is_open(both_worlds: World) -> None:
    both_worlds.registered()
    move(both_worlds, S.CONCLUDED)
    with pytest.raises(Refused, match="还有 1 件问题没有销号"):
        move(both_worlds, S.ARCHIVED)


def test_an_archive_takes_nothing_in_and_lets_nothing_be_done(both_worlds: World) -> None:
    world = both_worlds
    draft, closed = world.draft(), world.closed()
    move(world, S.CONCLUDED, S.ARCHIVED)
    for refused in (
        lambda: raise_issue(world.caller("inspector"), world.finding()),
        lambda: submit(world.caller("inspector"), draft),
        lambda: freeze(world.caller("office"), world.campaign_id, "体彩排列五"),
        lambda: edit_campaign(world.caller("office"), world.campaign_id, facts(world, name="另一个名称")),
        lambda: report(world.caller("unit"), closed, "补充进展"),
    ):
        with pytest.raises(Refused, match="已归档，记录不再改动"):
            refused()


def test_while_concluding_late_findings_are_raised_but_the_sample_stands_still(world: World) -> None:
    move(world, S.CONCLUDED)
    world.registered()
    with pytest.raises(Refused, match="已在收尾，不再封存抽样框和抽样"):
        set_rule(world.caller("office"), world.campaign_id, share_percent=40)


def test_before_a_campaign_is_open_no_problem_is_raised(world: World) -> None:
    prepared = create_campaign(world.caller("office"), "SL2023", "下一年", "示例市", 2021, 2022, date(2022, 12, 31))
    with pytest.raises(Refused, match="还在筹备，不能登记问题"):
        raise_issue(world.caller("inspector"), world.finding(campaign_id=prepared))


def test_the_second_of_two_editors_is_told_what_the_first_one_wrote(both_worlds: World) -> None:
    world = both_worlds
    seen = now(world).version
    edit_campaign(world.caller("office"), world.campaign_id, facts(world, place="示例县"), seen)
    with pytest.raises(Stale, match="示例县"):
        edit_campaign(world.caller("office2"), world.campaign_id, facts(world, place="示例区"), seen)
    assert now(world).place == "示例县"


def test_the_last_day_is_not_before_the_years_in_scope(world: World) -> None:
    with pytest.raises(Refused, match="早于检查年度 2021 年"):
        edit_campaign(world.caller("office"), world.campaign_id, facts(world, rectify_by=date(2020, 11, 30)))


def test_the_last_day_is_not_before_the_campaign_begins(world: World) -> None:
    stage = StagePlan("动员部署", date(2022, 7, 1), date(2022, 7, 31))
    set_stage(world.caller("office"), world.campaign_id, stage)
    with pytest.raises(Refused, match="早于第一阶段开始的2022年7月1日"):
        edit_campaign(world.caller("office"), world.campaign_id, facts(world, rectify_by=date(2022, 6, 30)))
