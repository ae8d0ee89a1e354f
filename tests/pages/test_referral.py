"""移送与问责 on the screen: discipline's own pages, what the office sees, what the unit does not."""

from streamlit.testing.v1 import AppTest

from models.issue import Verb
from queries.referral import sanctions_before
from tests.actions.test_issue_money import page
from tests.actions.test_referral import send
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_issue import PAGE, words, write
from tests.pages.test_issue_money import opened
from tests.queries.test_figures import viewer


def day(app: AppTest, world: World, at: int = 0) -> AppTest:
    return app.date_input[at].set_value(world.caller("office").today).run()


def pick(app: AppTest, field: str, value: str) -> AppTest:
    key = next(str(g.key) for g in app.get("button_group") if str(g.key).endswith(f"_{field}"))
    app.session_state[key] = value
    return app.run()


def test_what_was_referred_stands_on_the_first_page_and_is_replied_to(world: World, open_page: OpenPage) -> None:
    issue_id = world.in_approval()
    assert "没有等您回复的移送" in words(open_page("discipline"))
    referral_id = send(world, issue_id)
    assert "等回复的移送" in words(open_page("discipline"))
    app = open_page("discipline", "ledger/referral.py", id=str(referral_id))
    assert not app.exception
    assert "甲一村一组12户" in words(app)
    app = day(write(write(app, "text", "已立案核查，情况属实。"), "letter", "甲函〔2022〕7号"), world)
    app.button(key="thumb_reply").click().run()
    assert [row.is_waiting for row in page(world, issue_id).referrals] == [False]


def test_discipline_records_a_sanction_by_number_and_sees_no_facts(world: World, open_page: OpenPage) -> None:
    world.rectifying()
    app = open_page("discipline", "ledger/referrals.py")
    assert "还没有登记问责" in words(app)
    app = write(app, "number", "SL2022-JX-0001")
    assert "甲县 示例一镇" in words(app) and "少发3,200" not in words(app)
    app = pick(app, "kind", "PARTY_SANCTION")
    app.number_input[0].set_value(2).run()
    app = day(write(app, "letter", "甲纪〔2022〕5号"), world)
    app.button(key="thumb_sanction").click().run()
    assert not app.exception
    rows = sanctions_before(viewer(world, "discipline"), world.campaign_id)
    assert [(row.kind, row.people) for row in rows] == [("党纪处分", 2)]


def test_the_office_refers_in_the_dialog_and_the_unit_sees_nothing_of_it(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    app = opened(open_page("office", PAGE, id=str(issue_id)), Verb.REFER, issue_id)
    app = pick(app, "body", "POLICE")
    app = day(write(write(app, "ground", "涉嫌伪造签名，依规移送。"), "letter", "甲移〔2022〕4号"), world)
    app.button(key="verb_confirm").click().run()
    assert [row.to for row in page(world, issue_id).referrals] == ["公安机关"]
    assert "移送与问责" in words(open_page("leader", PAGE, id=str(issue_id)))
    told = open_page("unit", PAGE, id=str(issue_id))
    assert "移送" not in words(told) + " ".join(str(t.value.values.tolist()) for t in told.table)
