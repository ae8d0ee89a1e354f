"""共性问题 without a browser: grouped in a dialog, opened as one, and closed to whom nothing of it belongs."""

from streamlit.testing.v1 import AppTest

from models.role import Permission
from queries.common_problem import common_problems
from tests.actions.test_common_problem import grouped
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_issue import words, write
from tests.queries.test_issue import viewer

LIST, ONE = "ledger/common.py", "ledger/common_one.py"


def field(app: AppTest, kind: str, end: str) -> object:
    return next(w for w in getattr(app, kind) if str(w.key).endswith(end))


def test_the_office_groups_what_is_offered(world: World, open_page: OpenPage) -> None:
    for village in ("甲一村", "甲二村", "甲三村"):
        world.registered(region_id=world.regions[village])
    app = open_page("office", LIST)
    app.button(key="thumb_common_P102").click().run()
    assert app.button(key="common_save").disabled
    write(app, "title", "退票以后没有人重发")
    write(app, "cause", "账号变更没有回传，退票无人认领。")
    write(app, "remedy", "退票三日内通知到户，台账每周对账。")
    field(app, "selectbox", "_owner").set_value(world.units["审计局"]).run()  # type: ignore[attr-defined]
    field(app, "date_input", "_deadline").set_value(world.caller("office").today).run()  # type: ignore[attr-defined]
    app.button(key="common_save").click().run()
    (row,) = common_problems(viewer(world, "office"), world.campaign_id, world.caller("office").today)
    assert (row.title, row.total) == ("退票以后没有人重发", 3)


def test_one_shows_its_problems_and_its_verbs_to_the_office_only(world: World, open_page: OpenPage) -> None:
    number = grouped(world)
    office, unit = (open_page(by, ONE, number=str(number)) for by in ("office", "unit"))
    assert "机动地承包收入不入账" in "".join(t.value for t in unit.title)
    assert "2 件，已销号 0 件" in words(unit)
    assert {"thumb_common_done", "thumb_common_edit", "thumb_common_add"} <= {str(b.key) for b in office.button}
    assert not {"thumb_common_done", "thumb_common_edit"} & {str(b.key) for b in unit.button}
    assert not viewer(world, "unit").may(Permission.MANAGE_COMMON)


def test_an_unknown_number_and_a_hidden_one_get_the_same_page(world: World, open_page: OpenPage) -> None:
    hidden = open_page("far_unit", ONE, number=str(grouped(world)))
    assert words(hidden) == words(open_page("far_unit", ONE, number="x9"))
