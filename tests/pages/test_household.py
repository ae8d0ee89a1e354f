"""The household pages as Streamlit runs them, without a browser."""

from datetime import datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from actions import household_check
from actions.household_check import return_check, submit_check
from models.household_check import CheckStatus, Verdict
from pages.field import typed
from queries.household_check import check_form
from queries.reading import reading
from queries.viewer import viewer_of_user
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.visits import Visits

FORM, LISTS = "field/household.py", "field/households.py"


@pytest.fixture
def visits(world: World) -> Visits:
    return Visits.build(world).usual_payments()


def words(app: AppTest) -> str:
    """All text on screen."""
    kinds = ("title", "markdown", "caption", "warning", "error", "info", "success")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def labels(app: AppTest) -> list[str]:
    """The words on all buttons."""
    return [button.label for button in app.button]


def press(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


def stands(visits: Visits, check_id: int, by: str = "inspector"):  # type: ignore[no-untyped-def]
    with reading() as session:
        viewer = viewer_of_user(session, visits.world.users[by], visits.world._today())
    assert viewer is not None
    return check_form(viewer, check_id, visits.world._today())


def test_a_verdict_and_an_amount_are_saved_as_they_are_given(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    assert not app.exception
    app.text_input(key=f"said_{check_id}_{visits.line('S11', 'said')}").set_value("3,960.5").run()
    app.pills(key=f"field_{check_id}_{visits.line('S11', 'verdict')}").set_value("WRONG_AMOUNT").run()
    line = stands(visits, check_id).people[0].lines[0]
    assert (line.said_cents, line.verdict) == (396_050, Verdict.WRONG_AMOUNT)
    assert "已存" in words(app)


def test_what_was_typed_stays_as_it_was_typed(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    key = f"said_{check_id}_{visits.line('S11', 'said')}"
    app.text_input(key=key).set_value("3960").run()
    assert app.text_input(key=key).value == "3960"


def test_a_colleagues_change_shows_at_the_next_click(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    visits.save(check_id, "inspector2", {visits.line("S11", "said"): 1_000})
    app.run()
    assert app.text_input(key=f"said_{check_id}_{visits.line('S11', 'said')}").value == "10.00"


@pytest.mark.parametrize(("typed", "sentence"), [("一千", "金额应是"), ("-5", "不能是负数"), ("1.234", "两位")])
def test_what_is_no_amount_is_not_saved_and_not_lost(
    open_page: OpenPage, visits: Visits, typed: str, sentence: str
) -> None:
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    key = f"said_{check_id}_{visits.line('S11', 'said')}"
    app.text_input(key=key).set_value(typed).run()
    assert app.text_input(key=key).value == typed
    assert sentence in words(app) and "未保存" in words(app)
    assert stands(visits, check_id).people[0].lines[0].said_cents is None


def test_handing_in_shows_the_record_masked(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.filled()
    app = open_page("inspector", FORM, id=str(check_id))
    assert visits.name_of() in words(app)
    app.pills(key=f"step_{check_id}").set_value(0).run()
    press(app, "只提交")
    assert not app.exception
    assert stands(visits, check_id).status is CheckStatus.SUBMITTED
    assert visits.name_of() not in words(app)
    assert "登记问题" in labels(app)


def test_the_draft_made_on_handing_in_is_opened_and_the_record_leads_to_it_and_to_the_next_household(
    open_page: OpenPage, visits: Visits
) -> None:
    check_id = visits.filled()
    app = open_page("inspector", FORM, id=str(check_id))
    app.pills(key=f"step_{check_id}").set_value(0).run()
    press(app, "提交并起草 1 个问题")
    assert not app.exception and "草稿只有您自己看得到" in words(app)
    record = open_page("inspector", FORM, id=str(check_id))
    assert {"去提交草稿", "下一户 0002"} <= set(labels(record))
    press(record, "下一户 0002")
    assert not record.exception and "0002 户" in words(record)
    colleague = open_page("inspector2", FORM, id=str(check_id))
    assert "下一户 0002" in labels(colleague) and "去提交草稿" not in labels(colleague)


def test_who_has_nothing_to_be_verified_is_not_ticked_and_nothing_is_left_to_agree(
    open_page: OpenPage, visits: Visits
) -> None:
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    assert "还没有填写" in words(app)
    assert f"{visits.name_of(1)}（无项目）" in str(app.pills(key=f"step_{check_id}").options)
    app.pills(key=f"step_{check_id}").set_value(visits.member(1)).run()
    assert next(b for b in app.button if b.label == "其余相符").disabled


def test_a_form_with_something_missing_cannot_be_handed_in(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    app.pills(key=f"step_{check_id}").set_value(0).run()
    app.pills(key=f"field_{check_id}_outcome").set_value("VISITED").run()
    assert "提交前还缺 3 处" in words(app)
    assert next(b for b in app.button if b.label == "提交这一户").disabled


def test_handing_in_what_somebody_else_handed_in_first_is_said(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.filled()
    app = open_page("inspector", FORM, id=str(check_id))
    app.pills(key=f"step_{check_id}").set_value(0).run()
    submit_check(visits.world.caller("inspector2"), check_id)
    press(app, "只提交")
    assert "已由别人办理" in words(app)


def test_typing_into_a_form_just_handed_in_by_the_other_is_said(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.filled()
    app = open_page("inspector", FORM, id=str(check_id))
    submit_check(visits.world.caller("inspector2"), check_id)
    app.text_input(key=f"said_{check_id}_{visits.line('S11', 'said')}").set_value("1").run()
    assert "请办公室退回" in words(app)


@pytest.mark.parametrize("query", ["999999", "abc", "", "²", "-1"])
def test_an_unknown_household_is_said_plainly(open_page: OpenPage, visits: Visits, query: str) -> None:
    app = open_page("inspector", FORM, id=query)
    assert not app.exception
    assert "没有找到" in words(app)


def test_somebody_elses_household_is_said_in_the_same_words(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.opened()
    theirs = words(open_page("far_office", FORM, id=str(check_id)))
    unknown = words(open_page("far_office", FORM, id="999999"))
    assert "没有找到" in theirs and theirs == unknown


def test_a_unit_is_told_that_the_page_is_not_for_it(open_page: OpenPage, visits: Visits) -> None:
    assert "没有“填写一户一表”" in words(open_page("unit", FORM, id=str(visits.opened())))


def test_the_office_sees_masked_and_cannot_fill(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.filled()
    app = open_page("office", FORM, id=str(check_id))
    assert visits.name_of() not in words(app)
    assert len(app.pills) == 0 and [f.key for f in app.text_input] == ["frame_search"]


def test_a_returned_form_says_why(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.filled()
    submit_check(visits.world.caller("inspector"), check_id)
    return_check(visits.world.caller("office"), check_id, "低保期数不对，请重核")
    app = open_page("inspector", FORM, id=str(check_id))
    assert "办公室退回：低保期数不对，请重核" in words(app)


def test_entitled_but_missing_is_added_and_taken_back(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    spouse = visits.member(1)
    app.pills(key=f"step_{check_id}").set_value(spouse).run()
    assert "无发放记录" in words(app)
    app.selectbox(key=f"missing_item_{check_id}_{spouse}").set_value("S17").run()
    app.pills(key=f"missing_year_{check_id}_{spouse}").set_value(2021).run()
    press(app, "添加")
    (line,) = stands(visits, check_id).people[1].lines
    assert (line.key.item_code, line.verdict) == ("S17", Verdict.ENTITLED_BUT_MISSING)
    press(app, "删除这一项")
    assert stands(visits, check_id).people[1].lines == ()


def test_a_household_is_opened_from_the_list_of_its_village(open_page: OpenPage, visits: Visits) -> None:
    app = open_page("inspector", LISTS, village=str(visits.world.regions["甲一村"]))
    assert not app.exception
    assert labels(app).count("开始入户") == 3
    press(app, "开始入户")
    assert not app.exception
    assert "人 1/2 · 项 0/2 · 入户情况未填" in [bar.proto.text for bar in app.get("progress")]


def test_before_anything_is_drawn_the_lists_say_so(open_page: OpenPage, world: World) -> None:
    app = open_page("inspector", LISTS)
    assert "还没有要入户的村" in words(app)


def test_a_village_of_others_leads_to_the_list_of_villages(open_page: OpenPage, visits: Visits) -> None:
    app = open_page("inspector", LISTS, village=str(visits.world.regions["丙一村"]))
    assert "共 7 个村" in words(app)


@pytest.mark.parametrize("who", ["inspector", "office", "leader", "unit", "auditor", "discipline", "admin", "security"])
def test_everybody_has_a_first_page(open_page: OpenPage, visits: Visits, who: str) -> None:
    visits.world.in_acceptance()
    app = open_page(who)
    assert not app.exception
    assert app.title[0].value in ("今天的任务", "我的待办")


def test_what_waits_for_me_carries_the_verb_that_is_mine(open_page: OpenPage, visits: Visits) -> None:
    visits.world.in_acceptance()
    visits.world.rectifying()
    visits.world.registered()
    assert "去验收" in labels(open_page("inspector2"))
    assert "去交办" in labels(open_page("office"))
    unit = open_page("unit")
    assert "去签收" in labels(unit) and "等别人办的" in words(unit)


def test_a_begun_form_is_the_first_thing_to_go_on_with(open_page: OpenPage, visits: Visits) -> None:
    visits.opened()
    app = open_page("inspector")
    assert f"继续：0001 {visits.name_of()}（人 1/2）" in labels(app)


def test_a_change_whose_callback_was_dropped_is_saved_by_the_next_run(
    open_page: OpenPage, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit may drop a callback when one click follows another at once."""
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    key = f"said_{check_id}_{visits.line('S11', 'said')}"
    monkeypatch.setattr(typed, "save_field", lambda *_: (_ for _ in ()).throw(OSError("cut off")))
    app.text_input(key=key).set_value("3960").run()
    assert stands(visits, check_id).people[0].lines[0].said_cents is None
    assert "未保存" in words(app) and app.text_input(key=key).value == "3960"
    monkeypatch.setattr(typed, "save_field", household_check.save_field)
    app.run()
    assert stands(visits, check_id).people[0].lines[0].said_cents == 396_000
    assert "已存" in words(app)


def test_what_was_saved_by_a_run_cut_short_is_not_called_unsaved(
    open_page: OpenPage, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next click may stop a run after the saving and before it took note of it."""
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))

    def saved_and_cut_off(*given: Any) -> datetime:
        household_check.save_field(*given)
        raise OSError("cut off")

    monkeypatch.setattr(typed, "save_field", saved_and_cut_off)
    verdict = f"field_{check_id}_{visits.line('S11', 'verdict')}"
    app.pills(key=verdict).set_value("WRONG_AMOUNT").run()
    assert stands(visits, check_id).people[0].lines[0].verdict == Verdict.WRONG_AMOUNT
    app.run()
    assert "未保存" not in words(app) and "已存" in words(app)


def test_the_day_of_the_visit_cannot_be_lost(open_page: OpenPage, visits: Visits) -> None:
    check_id = visits.opened()
    app = open_page("inspector", FORM, id=str(check_id))
    app.pills(key=f"step_{check_id}").set_value(0).run()
    app.date_input(key=f"field_{check_id}_visited_on").set_value(None).run()
    assert app.date_input(key=f"field_{check_id}_visited_on").value == visits.world._today()


def test_choosing_a_unit_leaves_its_villages_and_its_towns_to_choose(open_page: OpenPage, visits: Visits) -> None:
    app = open_page("office", LISTS)
    app.selectbox(key="village_unit").set_value(visits.world.reporting_units["甲县"]).run()
    assert "共 7 个村" in words(app)
    app.selectbox(key="village_town").set_value(visits.world.regions["示例二镇"]).run()
    assert "共 3 个村" in words(app)
    app.selectbox(key="village_unit").set_value(visits.world.reporting_units["乙市"]).run()
    assert "共 2 个村" in words(app) and not app.exception
