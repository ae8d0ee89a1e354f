"""到期提醒 on the first page, and the steps a campaign names."""

from datetime import date

from actions.digest import write_digests
from actions.escalation import set_steps
from models.escalation import Audience, EscalationStep
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.pages.test_issue import confirm, words, write


def test_the_office_takes_a_step_from_the_days_reminder_and_it_is_gone(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    set_steps(world.caller("office"), world.campaign_id, [EscalationStep("告诫书", 2, (Audience.OFFICE,))])
    write_digests(world.on(date(2022, 7, 28)).terminal())
    app = open_page("office")
    assert "超期 1 件，到了升级措施的 1 件" in words(app)
    app.button(key=f"due_{issue_id}").click().run()
    app.switch_page("pages/ledger/issue.py")
    app.query_params["id"] = str(issue_id)
    write(app.run(), "reason", "请三日内办结。")
    confirm(app)
    assert [t.value for t in app.toast] == ["已办告诫书，示例一镇财政所 2 人收到通知"]
    assert "今天的到期提醒" not in words(open_page("office2"))


def test_a_reminder_is_put_away(world: World, open_page: OpenPage) -> None:
    world.rectifying()
    write_digests(world.on(date(2022, 7, 24)).terminal())
    app = open_page("unit")
    assert "快到期 1 件" in words(app)
    app.button(key="thumb_digest_read").click().run()
    assert not app.exception and "今天的到期提醒" not in words(app)


def test_the_campaign_page_shows_the_steps_and_saves_what_is_complete(world: World, open_page: OpenPage) -> None:
    app = open_page("office", "admin/campaign.py")
    key = f"escalation_{world.campaign_id}_0"
    line = {"名称": "提醒函", "何时": "时限前", "天数": 3, "责任单位": True}
    app.session_state[key] = {"edited_rows": {}, "added_rows": [line], "deleted_rows": []}
    app.run()
    app.button(key="escalation_save").click().run()
    assert [t.value for t in app.toast] == ["升级措施已设定"]
