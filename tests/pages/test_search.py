"""搜索: the box on every page, results grouped and counted, nothing typed in an address, a plain answer to anything."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.frame.search_box import BOX, TYPED
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.visits import Visits

SEARCH = "home/search.py"


def words(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in (*app.title, *app.markdown, *app.caption))


def labels(app: AppTest) -> list[str]:
    return [b.label for b in app.button if b.key and b.key.startswith("go_found")]


def ask(app: AppTest, text: str) -> AppTest:
    return app.text_input(key="search_typed").set_value(text).run()


def test_the_box_stands_on_every_page_of_whoever_may_search(world: World, open_page: OpenPage) -> None:
    for by, page in (("office", ""), ("unit", "ledger/ledger.py"), ("inspector", "home/account.py"), ("admin", "")):
        assert [t.key for t in open_page(by, page).text_input if t.key == BOX] == [BOX], by
    for by in ("security", "discipline"):
        assert not [t for t in open_page(by).text_input if t.key == BOX], by


def test_what_is_typed_in_the_box_is_searched_and_stays_out_of_the_address(world: World, open_page: OpenPage) -> None:
    world.registered()
    app = open_page("office")
    app.text_input(key=BOX).set_value("甲一村").run()
    app.switch_page(f"pages/{SEARCH}").run()  # the box's callback does, in a browser
    assert [t.value for t in app.title] == ["搜索"]
    assert app.session_state[TYPED] == "甲一村"
    assert not app.query_params
    assert "**问题** :gray[:small[1 件]]" in words(app) and "**村（居）** :gray[:small[1 个]]" in words(app)


def test_results_lead_to_the_problem_the_form_and_the_list(world: World, open_page: OpenPage) -> None:
    visits = Visits.build(world)
    visits.opened()
    world.registered()
    app = ask(open_page("inspector", SEARCH), "甲一村 0001")
    assert labels(app) == ["查看", "看入户表"]
    assert labels(ask(app, "甲一村 0002")) == ["看户名单"]
    assert "没有找到" in words(ask(app, "无此村 0001"))


def test_a_number_of_a_person_is_answered_plainly(world: World, open_page: OpenPage) -> None:
    app = ask(open_page("office", SEARCH), "000000 19500101 0019")
    assert "不能用身份证号、银行账号或电话查找" in words(app)
    assert not labels(app)


@pytest.mark.parametrize("typed", ["", "_", "%", "😀", "长" * 60])
def test_signs_and_nothing_are_answered_in_words(world: World, open_page: OpenPage, typed: str) -> None:
    world.registered()
    app = ask(open_page("office", SEARCH), typed)
    assert not app.exception
    assert ("请输入要找的" in words(app)) if typed in ("", "_") else ("没有找到" in words(app))
