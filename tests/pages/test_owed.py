"""追缴补发: what is still owed, and the problems that owe it."""

from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.queries.test_money_owed import owed


def test_the_page_says_what_is_open_and_lists_who_owes_it(world: World, open_page: OpenPage) -> None:
    owed(world)
    app = open_page("leader", "money/owed.py")
    assert not app.exception
    said = " ".join(str(e.value) for e in (*app.markdown, *app.caption))
    assert "钱未办清的问题　2 件" in said and "已缴库 0.00 元" in said
    assert list(app.dataframe[0].value["问题编号"]) == ["SL2022-JX-0001 ›", "SL2022-JX-0002 ›"]


def test_where_nothing_is_owed_the_page_says_so(world: World, open_page: OpenPage) -> None:
    world.closed()
    app = open_page("office", "money/owed.py")
    assert "没有未办清的钱" in " ".join(str(e.value) for e in app.markdown)
