"""第一次使用 on screen: what comes next, and a way there only for whoever may do it."""

from datetime import date

from actions.campaign import create_campaign
from tests.factories import World
from tests.pages.conftest import OpenPage


def test_the_guide_leads_the_office_to_the_next_step(world: World, open_page: OpenPage) -> None:
    app = open_page("office", "admin/guide.py")
    assert not app.exception
    assert any("下一步" in m.value and "导入名册" in m.value for m in app.markdown)
    app.button(key="thumb_step_7").click().run()
    assert [t.value for t in app.title] == ["名册与发放登记"]


def test_an_admin_is_told_whom_to_ask(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", "admin/guide.py")
    assert "thumb_step_7" not in [b.key for b in app.button]
    assert "请领导小组办公室办理" in [c.value for c in app.caption]


def test_an_admin_finds_the_next_step_on_the_first_page_until_the_campaign_is_open(
    world: World, open_page: OpenPage
) -> None:
    assert not any("第一次使用" in m.value for m in open_page("admin").markdown)
    create_campaign(world.caller("admin"), "SL2023", "下一年", "示例市", 2021, 2022, date(2023, 6, 30))
    app = open_page("admin", "admin/campaign.py")
    app.button(key="choose_2").click().run()
    app.switch_page("pages/home/today.py").run()
    assert any("下一步：检查人员和检查组" in m.value for m in app.markdown)
