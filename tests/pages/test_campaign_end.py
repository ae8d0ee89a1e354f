"""收尾 on the screen: how many open problems want their decision, and the list of them in the ledger."""

from actions.carry_over import CarryDecision, carry_over
from models.carry_over import CarryGround
from tests.actions.attempts import conclude, next_campaign
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_issue import PAGE, words
from tests.queries.test_issue import page


def test_the_campaign_page_counts_what_is_undecided_and_the_old_problem_leads_to_the_new_one(
    world: World, open_page: OpenPage
) -> None:
    first, _ = world.rectifying(), world.registered()
    following = next_campaign(world)
    conclude(world, "office")
    carry_over(world.caller("office"), first, CarryDecision(CarryGround.NEXT, "下一年继续追缴。", following))
    app = open_page("office", "admin/campaign.py")
    app.button(key=f"choose_{world.campaign_id}").click().run()
    assert not app.exception
    assert [m.value for m in app.markdown if "件" in m.value and "badge" in m.value][-3:] == [
        ":red-badge[收尾未定去向]　**1** 件", ":gray-badge[已结转]　**1** 件", ":gray-badge[列入遗留清单]　**0** 件",
    ]  # fmt: skip
    issue = open_page("office", PAGE, id=str(first))
    assert not issue.exception and "编号 SL2023-JX-0001" in words(issue)
    became = page(world, first).carry
    assert became is not None and became.to is not None
    new = open_page("office", PAGE, id=str(became.to.id))
    assert "由“示例市“一卡通”专项治理“回头看””的 SL2022-JX-0001 结转而来" in words(new)
