"""第一次使用 on screen: what comes next, and a way there only for whoever may do it."""

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
