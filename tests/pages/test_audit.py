"""操作记录: the head of the day, the proof at a click, the entries."""

import sqlalchemy as sa

from models.database import Database
from queries.audit import audit_head
from tests.factories import World
from tests.pages.conftest import OpenPage

PAGE = "admin/audit.py"


def test_the_log_is_for_auditors_only(world: World, open_page: OpenPage) -> None:
    for name in ("office", "leader", "admin", "security"):
        app = open_page(name, PAGE)
        assert [t.value for t in app.title] == ["这一页不对您开放"]
        assert not app.code and not app.dataframe


def test_an_auditor_reads_the_head_and_the_entries_in_words(world: World, open_page: OpenPage) -> None:
    world.registered()
    app = open_page("auditor", PAGE)
    assert not app.exception
    assert [c.value for c in app.code] == [str(audit_head())]
    assert list(app.dataframe[0].value["做了什么"][:2]) == ["提交问题", "登记问题"]


def test_one_click_proves_the_record_and_shows_what_was_altered(world: World, open_page: OpenPage) -> None:
    world.registered()
    app = open_page("auditor", PAGE)
    app.button(key="verify").click().run()
    assert [s.value for s in app.success] == ["共 3 条操作记录，与库中各表逐行核对无误。"]
    with Database.writers() as session:
        session.execute(sa.text("update issue set title = '改过的标题'"))
        session.commit()
    app.button(key="verify").click().run()
    assert not app.success
    assert app.error[0].value.startswith("发现 1 处不符。")
    assert "“问题”第 1 号" in str(app.table[0].value)


def test_a_head_from_paper_is_compared(world: World, open_page: OpenPage) -> None:
    app = open_page("auditor", PAGE)
    app.text_input(key="audit_head").set_value(f"9 {'ab' * 32}").run()
    app.button(key="verify").click().run()
    assert "校验头在第 9 条" in str(app.table[0].value)
    app.text_input(key="audit_head").set_value("第九条").run()
    app.button(key="verify").click().run()
    assert [e.value for e in app.error] == ["校验头应为一个序号、一个空格和 64 位散列值，请照纸上或备份里的原样输入。"]
