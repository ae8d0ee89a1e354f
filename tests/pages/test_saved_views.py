"""Saved views on the ledger's page: another view by one click, and back."""

from streamlit.testing.v1 import AppTest

from actions.saved_view import save_view, share_view
from queries.ledger_views import LedgerView
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_ledger import LEDGER, numbers, words


def saved(app: AppTest, name: str) -> str:
    return next(str(b.key) for b in app.button if b.label == name)


def test_conditions_are_named_and_opened_again_by_one_click(world: World, open_page: OpenPage) -> None:
    world.registered()
    world.rectifying()
    app = open_page("office", LEDGER, status="整改中", view="我经办的")
    app.text_input(key="saved_view_name").set_value("我办的整改中").run()
    app.button(key="save_view").click().run()
    assert [t.value for t in app.toast] == ["已存为视图“我办的整改中”"]
    again = open_page("office", LEDGER)
    assert len(numbers(again)) == 2
    again.button(key=saved(again, "我办的整改中")).click().run()
    assert not again.exception
    assert numbers(again) == ["SL2022-JX-0002"]
    assert again.session_state["ledger_view"] is LedgerView.MINE


def test_nothing_to_save_without_conditions(world: World, open_page: OpenPage) -> None:
    world.registered()
    app = open_page("office", LEDGER)
    app.text_input(key="saved_view_name").set_value("全部").run()
    assert app.button(key="save_view").disabled
    assert "先选视图、区域、状态等条件" in words(app)


def test_a_colleagues_view_leaves_out_what_is_not_in_ones_own_ledger(world: World, open_page: OpenPage) -> None:
    world.registered()
    view_id = save_view(
        world.caller("office2"), world.campaign_id, "一镇", {"area": ["示例一镇", "已撤的镇"], "q": "少发"}
    )
    share_view(world.caller("office2"), view_id, True)
    app = open_page("office", LEDGER)
    app.button(key=saved(app, "一镇（O某某）")).click().run()
    assert not app.exception
    assert [t.value for t in app.toast] == ["您的台账里没有“已撤的镇”，已略去这个条件"]
    assert app.session_state["area"] == ["示例一镇"]
