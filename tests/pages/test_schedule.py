"""时间表与任务书 and the states of a campaign, on screen."""

from datetime import date

from actions.sampling_rule import set_rule
from actions.schedule import StagePlan, TaskPlan, set_stage, set_task
from models.campaign import CampaignState
from queries.campaign import current_campaign, sampling_rule
from queries.schedule import stages
from tests.factories import World
from tests.pages.conftest import OpenPage


def test_office_adds_a_stage_and_a_refusal_keeps_what_was_typed(world: World, open_page: OpenPage) -> None:
    app = open_page("office", "admin/schedule.py")
    app.button(key="stage_new").click().run()
    app.text_input(key="stage_name").set_value("自查自纠")
    app.date_input(key="stage_starts").set_value(date(2022, 8, 1))
    app.date_input(key="stage_ends").set_value(date(2022, 7, 1))
    app.button(key="stage_save").click().run()
    assert [e.value for e in app.error] == ["“自查自纠”的结束日期2022年7月1日早于开始日期2022年8月1日。"]
    assert app.text_input(key="stage_name").value == "自查自纠"
    app.date_input(key="stage_ends").set_value(date(2022, 8, 31))
    app.button(key="stage_save").click().run()
    assert [(s.name, s.ends_on) for s in stages(world.campaign_id)] == [("自查自纠", date(2022, 8, 31))]


def test_two_people_at_once_both_see_what_happened(world: World, open_page: OpenPage) -> None:
    number = set_stage(
        world.caller("office2"), world.campaign_id, StagePlan("自查", date(2022, 7, 1), date(2022, 7, 9))
    )
    app = open_page("office", "admin/schedule.py")
    app.button(key=f"thumb_stage_{number}").click().run()
    set_stage(
        world.caller("office2"), world.campaign_id, StagePlan("自查", date(2022, 7, 1), date(2022, 7, 12)), number, 1
    )
    app.date_input(key="stage_ends").set_value(date(2022, 7, 20))
    app.button(key="stage_save").click().run()
    assert "2022年7月12日" in app.warning[0].value
    assert app.date_input(key="stage_ends").value == date(2022, 7, 20)
    app.button(key="stage_save").click().run()
    assert [s.ends_on for s in stages(world.campaign_id)] == [date(2022, 7, 20)]


def test_a_unit_finds_its_task_and_says_it_is_done(world: World, open_page: OpenPage) -> None:
    plan = TaskPlan("报送自查自纠报告", world.units["示例一镇财政所"], date(2022, 7, 2))
    number = set_task(world.caller("office"), world.campaign_id, plan)
    app = open_page("unit", "admin/schedule.py")
    assert any("超期 2 天" in m.value for m in app.markdown)
    assert "task_new" not in [b.key for b in app.button]
    app.button(key=f"thumb_finish_{number}").click().run()
    app.button(key="task_done").click().run()
    assert not app.exception and not app.error
    assert [t.value for t in app.toast] == ["任务已办结"]


def test_the_office_concludes_a_campaign_after_reading_what_ends(world: World, open_page: OpenPage) -> None:
    app = open_page("office", "admin/campaign.py")
    app.button(key="state_CONCLUDED").click().run()
    assert any("之后不能再：导入名册和发放登记、封存抽样框和抽样、新开一户一表" in m.value for m in app.markdown)
    app.button(key="state_confirm").click().run()
    found = current_campaign(world.campaign_id)
    assert found is not None and found.state is CampaignState.CONCLUDED


def test_the_facts_of_a_campaign_are_corrected_on_screen(world: World, open_page: OpenPage) -> None:
    app = open_page("admin", "admin/campaign.py")
    app.date_input(key="edit_rectify_by").set_value(date(2022, 12, 15))
    app.button(key="edit_save").click().run()
    found = current_campaign(world.campaign_id)
    assert not app.error and found is not None and found.rectify_by == date(2022, 12, 15)


def test_office_sets_when_a_deadline_begins_to_warn(world: World, open_page: OpenPage) -> None:
    app = open_page("office", "admin/campaign.py")
    app.number_input(key="light_workdays").set_value(5)
    app.button(key="light_save").click().run()
    assert not app.error
    assert any("某某设定" in m.value for m in app.markdown if "临期提醒" in m.value)


def test_a_task_that_is_late_stands_on_the_first_page_of_its_unit(world: World, open_page: OpenPage) -> None:
    plan = TaskPlan("报送自查自纠报告", world.units["示例一镇财政所"], date(2022, 7, 2))
    set_task(world.caller("office"), world.campaign_id, plan)
    links = {name: str([link.proto for link in open_page(name).get("page_link")]) for name in ("unit", "other_unit")}
    assert "报送自查自纠报告" in links["unit"]
    assert "报送自查自纠报告" not in links["other_unit"]


def test_two_offices_that_set_the_rule_at_once_are_told_of_each_other(world: World, open_page: OpenPage) -> None:
    app = open_page("office", "admin/campaign.py")
    set_rule(world.later(minutes=5).caller("office2"), world.campaign_id, share_percent=35)
    app.number_input(key="rule_share").set_value(40)
    app.button(key="rule_save").click().run()
    assert "不少于 35%" in app.warning[0].value
    assert app.number_input(key="rule_share").value == 40
    app.button(key="rule_save").click().run()
    rule = sampling_rule(world.campaign_id)
    assert rule is not None and rule.share_percent == 40
