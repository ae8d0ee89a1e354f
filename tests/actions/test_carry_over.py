"""结转: each problem open at the campaign's end gets its decision; the number stays, history reads both ways."""

from datetime import date

import pytest

from actions import closure, rectification
from actions.campaign import set_state
from actions.carry_over import CarryDecision, carry_over
from models.campaign import CampaignState
from models.carry_over import CarryGround
from models.issue import Verb
from models.issue_word import IssueStatus
from models.notice import NoticeKind
from models.refusal import Refused
from queries.carry_over import left_open
from queries.figures import figures
from queries.notice import unread_news
from queries.today import waiting_for
from tests.actions.attempts import conclude, next_campaign
from tests.actions.test_issue import stored
from tests.factories import World
from tests.queries.test_issue import page, viewer

WHY = "资金尚未追缴到位，下一年继续。"
KEPT = CarryDecision(CarryGround.LAWSUIT, "当事人已起诉，等待法院判决。")


def onwards(world: World, issue_id: int, by: str = "office") -> str:
    """Concluded, and carried into SL2023."""
    conclude(world, "office")
    return carry_over(world.caller(by), issue_id, CarryDecision(CarryGround.NEXT, WHY, next_campaign(world)))


def figure(world: World, name: str, as_of: date | None = None) -> object:
    return figures(viewer(world, "office"), world.campaign_id, world.caller("office").today, as_of=as_of)[name].value


def test_the_number_stays_and_what_it_became_is_linked_both_ways(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying(to_recover_cents=50_000)
    number = onwards(world, issue_id)
    assert (number, stored(issue_id).number) == ("SL2023-JX-0001", "SL2022-JX-0001")
    old = page(world, issue_id)
    assert old.carry is not None and old.carry.to is not None and old.carry.to.id is not None
    new = page(world, old.carry.to.id)
    assert new.origin is not None and (new.origin.id, new.origin.number) == (issue_id, "SL2022-JX-0001")
    assert (new.status, new.title) == (IssueStatus.REGISTERED, old.title)
    assert [row.done for row in new.history] == ["由 SL2022-JX-0001 结转，编号 SL2023-JX-0001"]
    assert (old.verbs, waiting_for(viewer(world, "unit"), world.campaign_id, world._today()).rows) == ((), ())


def test_it_takes_along_what_is_still_owed(world: World) -> None:
    issue_id = world.rectifying()
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request(paid_cents=300_000))
    onwards(world, issue_id)
    became = page(world, issue_id).carry
    assert became is not None and became.to is not None and became.to.id is not None
    assert stored(became.to.id).to_pay_cents == 20_000


def test_what_was_carried_over_is_done_nothing_to_here_any_more_and_the_unit_is_told(world: World) -> None:
    issue_id = world.rectifying()
    onwards(world, issue_id)
    with pytest.raises(Refused, match="本件已结转为 SL2023-JX-0001"):
        rectification.report(world.caller("unit"), issue_id, "已补发8户。")
    with pytest.raises(Refused, match="本件已结转为"):
        onwards(world, issue_id)
    news = unread_news(viewer(world, "unit"), world.campaign_id, world._today()).rows
    assert NoticeKind.CARRIED in {row.kind for row in news}


def test_nothing_is_archived_before_every_open_problem_has_its_decision(world: World) -> None:
    carried, kept, open_one, closed = world.rectifying(), world.registered(), world.registered(), world.closed()
    onwards(world, carried)
    carry_over(world.caller("office"), kept, KEPT)
    assert vars_of(world) == (1, 1, 1)
    with pytest.raises(Refused, match="还有 1 件问题没有销号，也没有决定去向"):
        set_state(world.caller("office"), world.campaign_id, CampaignState.ARCHIVED, None)
    carry_over(world.caller("office"), open_one, KEPT)
    set_state(world.caller("office"), world.campaign_id, CampaignState.ARCHIVED, None)
    assert stored(closed).status is IssueStatus.CLOSED


def vars_of(world: World) -> tuple[int, int, int]:
    found = left_open(viewer(world, "office"), world.campaign_id)
    return found.carried, found.kept, found.undecided


def test_what_stays_on_the_list_may_still_be_closed_or_carried_over(world: World) -> None:
    first, second = world.in_approval(), world.registered()
    conclude(world, "office")
    for issue_id in (first, second):
        carry_over(world.caller("office"), issue_id, KEPT)
    closure.approve(world.caller("office2"), first)
    assert onwards(world, second) == "SL2023-JX-0001"
    assert vars_of(world) == (1, 0, 0)


def test_it_is_neither_closed_nor_dropped_and_yesterdays_figures_stand(world: World) -> None:
    world.on(date(2022, 7, 4))
    issue_id = world.rectifying()
    world.closed()
    names = ("issues_total", "issues_open", "issues_overdue", "closure_rate", "issues_carried_over")
    before = [figure(world.on(date(2022, 9, 1)), name) for name in names]
    assert before == [2, 1, 1, 50.0, 0]
    onwards(world.on(date(2022, 9, 2)), issue_id)
    assert [figure(world, name) for name in names] == [2, 1, 0, 50.0, 1]
    world.on(date(2022, 9, 5))
    assert [figure(world, name, date(2022, 9, 1)) for name in names] == before
    assert [figure(world, name, date(2022, 9, 3)) for name in names] == [2, 1, 0, 50.0, 1]


def test_not_before_the_end_nor_into_itself_an_ended_one_or_back_where_it_came_from(world: World) -> None:
    issue_id = world.rectifying()
    following = next_campaign(world)
    with pytest.raises(Refused, match="转为“收尾”以后才能结转"):
        carry_over(world.caller("office"), issue_id, KEPT)
    conclude(world, "office")
    with pytest.raises(Refused, match="不能结转到本件所在的专项治理"):
        carry_over(world.caller("office"), issue_id, CarryDecision(CarryGround.NEXT, WHY, world.campaign_id))
    onwards(world, issue_id)
    became = page(world, issue_id).carry
    assert became is not None and became.to is not None and became.to.id is not None
    set_state(world.caller("office"), world.campaign_id, CampaignState.OPEN, None, "补充检查还没有做完")
    set_state(world.caller("office"), following, CampaignState.CONCLUDED, None)
    with pytest.raises(Refused, match="就是从“示例市“一卡通”专项治理“回头看””结转来的"):
        carry_over(world.caller("office"), became.to.id, CarryDecision(CarryGround.NEXT, WHY, world.campaign_id))
    set_state(world.caller("office"), world.campaign_id, CampaignState.CONCLUDED, None)
    with pytest.raises(Refused, match="已在收尾，不能再结转进去"):
        carry_over(world.caller("office"), became.to.id, CarryDecision(CarryGround.NEXT, WHY, world.campaign_id))


def test_a_problem_of_group_c_is_hidden_from_the_unit_over_there_until_it_is_told_anew(world: World) -> None:
    issue_id = world.rectifying(type_code="P302", title="涉嫌以卡代折扣发补贴", facts="涉嫌保管12户卡折。")
    onwards(world, issue_id)
    became = page(world, issue_id, "unit").carry
    assert became is not None and became.to is not None and became.to.id is None
    assert Verb.CARRY_OVER not in page(world, issue_id).verbs
