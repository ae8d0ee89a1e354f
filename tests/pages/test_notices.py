"""催办 on the problem's page, and what the people told find at the top of 我的待办."""

from streamlit.testing.v1 import AppTest

from actions import reminder
from models.database import Database
from models.issue import Verb
from models.notice import Notice, NoticeKind
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_issue import PAGE, ask, confirm, words, write


def panel(app: AppTest) -> str:
    return next((m.value for m in app.markdown if "条未读" in m.value and "通知 :orange" in m.value), "")


def test_a_reminder_says_how_many_it_reached_and_is_not_sent_twice(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    app = ask(open_page("office", PAGE, id=str(issue_id)), Verb.REMIND)
    assert "通知轮到办理的人（示例一镇财政所）" in words(app)
    write(app, "reason", "月底前须办结。")
    confirm(app)
    assert [t.value for t in app.toast] == ["已催办，示例一镇财政所 2 人收到通知"]
    again = confirm(ask(open_page("office2", PAGE, id=str(issue_id)), Verb.REMIND))
    assert any("同一件一天只催一次" in e.value for e in again.error)


def test_a_notice_stands_on_top_until_it_is_seen(world: World, open_page: OpenPage) -> None:
    for number in range(2):
        issue_id = world.rectifying()
        reminder.supervise(world.caller("leader"), issue_id, f"第{number + 1}件本周五前办结。")
    app = open_page("unit")
    assert "2 条未读" in panel(app)
    assert "第1件本周五前办结。" in words(app)
    first = next(b for b in app.button if str(b.key).startswith("thumb_notice_") and b.label == "知道了")
    first.click().run()
    assert not app.exception
    assert "1 条未读" in panel(app)
    assert panel(open_page("unit2")) != "" and panel(open_page("other_unit")) == ""


def test_news_stands_beside_until_it_is_seen(world: World, open_page: OpenPage) -> None:
    world.rectifying()
    app = open_page("unit")
    news = next(b for b in app.button if str(b.key).startswith("news_"))
    assert news.label == "交办 JX-0001，时限 7月25日 ›" and panel(app) == ""
    news.click().run()
    assert app.title[0].value == "甲一村12户耕地地力保护补贴少发"
    assert [b.label for b in open_page("unit").button if str(b.key).startswith("news_")] == []


def test_the_way_from_a_notice_leads_to_its_problem(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    reminder.remind(world.caller("office"), issue_id)
    app = open_page("unit")
    app.button(key=next(str(b.key) for b in app.button if b.label == "去看")).click().run()
    assert not app.exception
    assert app.title[0].value == "甲一村12户耕地地力保护补贴少发"
    assert panel(open_page("unit")) == ""


def test_every_kind_of_notice_has_its_place_on_the_first_page(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    with Database.writers() as session:
        session.add_all(
            Notice(person_id=world.people["unit"], issue_id=issue_id, kind=kind, sender_id=world.people["office"],
                   sent_at=world.now)
            for kind in NoticeKind
        )  # fmt: skip
        session.commit()
    app = open_page("unit")
    assert not app.exception
    pressing = len(NoticeKind.pressing())
    assert f"{pressing} 条未读" in panel(app)
    news = len(NoticeKind) - pressing + 1  # it was assigned besides
    assert any(f"**通知** :gray[:small[{news} 条未读]]" in m.value for m in app.markdown)
