"""问题详情 without a browser: every verb through its dialog, nothing typed lost, nothing done twice."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from actions import closure, rectification
from actions import issue as issues
from files.outgoing import outgoing_file
from models.deadline import DeadlineRule
from models.issue import TRANSITIONS, Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus, VerifiedHow
from pages.ledger.verb_forms import FORMS
from pages.ledger.verb_words import consequence
from queries.audit import audit_head
from queries.issue import issue_page
from queries.reading import reading
from queries.viewer import viewer_of_user
from tests.actions.test_on_spot import fixed
from tests.factories import World
from tests.pages.conftest import OpenPage
from tests.queries.test_issue import from_a_form

PAGE = "ledger/issue.py"
TEXT = "写明缺哪几户的银行回单，请逐户补齐。"


def words(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in (*app.title, *app.markdown, *app.caption, *app.warning, *app.error))


def status(issue_id: int) -> IssueStatus:
    with reading() as session:
        return session.get_one(Issue, issue_id).status


def verbs_done(issue_id: int) -> list[str]:
    with reading() as session:
        rows = session.query(IssueEvent).filter_by(issue_id=issue_id).order_by(IssueEvent.position)
        return [row.verb for row in rows]


def ask(app: AppTest, verb: Verb) -> AppTest:
    return app.button(key=f"thumb_verb_{verb.value}").click().run()


def typed(app: AppTest, field: str) -> str:
    return next(
        str(w.key) for group in (app.text_input, app.text_area, app.selectbox, app.get("button_group")) for w in group
        if str(w.key).startswith("typed_") and str(w.key).endswith(f"_{field}")
    )  # fmt: skip


def write(app: AppTest, field: str, value: str) -> AppTest:
    key = typed(app, field)
    for group in (app.text_area, app.text_input):
        for widget in group:
            if widget.key == key:
                return widget.set_value(value).run()
    raise AssertionError(f"no text field {field}")


def confirm(app: AppTest) -> AppTest:
    return app.button(key="verb_confirm").click().run()


def test_whoever_put_it_right_on_the_spot_is_offered_to_take_it_back_and_not_to_return_it(
    world: World, open_page: OpenPage
) -> None:
    issue_id = fixed(world)
    own, colleague = (
        {str(b.key) for b in open_page(by, PAGE, id=str(issue_id)).button} for by in ("inspector", "inspector2")
    )
    assert "thumb_verb_withdraw" in own and "thumb_verb_return" not in own
    assert {"thumb_verb_accept", "thumb_verb_return"} <= colleague


def test_every_verb_of_the_table_has_its_dialog_and_says_what_it_will_do(world: World) -> None:
    assert set(FORMS) == {t.verb for t in TRANSITIONS}
    issue_id = world.in_acceptance()
    caller = world.caller("office")
    with reading() as session:
        viewer = viewer_of_user(session, world.users["office"], caller.today)
    assert viewer is not None
    shown = issue_page(viewer, issue_id, caller.today)
    assert all(len(consequence(t.verb, shown)) > 10 for t in TRANSITIONS)


@pytest.mark.parametrize("asked", ["999", "", "abc", "-1", "9" * 30])
def test_an_unknown_id_and_a_hidden_one_get_the_same_page(world: World, open_page: OpenPage, asked: str) -> None:
    hidden = open_page("far_unit", PAGE, id=str(world.rectifying()))
    unknown = open_page("far_unit", PAGE, id=asked)
    assert words(hidden) == words(unknown)
    assert [t.value for t in unknown.title] == ["打不开这条问题"]


def test_a_return_needs_its_reason_and_says_what_follows(world: World, open_page: OpenPage) -> None:
    issue_id = world.in_acceptance()
    app = ask(open_page("inspector", PAGE, id=str(issue_id)), Verb.RETURN)
    assert "退回后问题回到 **整改中**，责任单位时限继续计算（剩 **15** 个工作日，至 2022年7月25日）" in words(app)
    assert app.button(key="verb_confirm").disabled
    write(app, "reason", "太短")
    assert app.button(key="verb_confirm").disabled
    write(app, "reason", TEXT)
    confirm(app)
    assert not app.exception
    assert not app.error
    assert [t.value for t in app.toast] == ["已退回整改"]
    assert status(issue_id) is IssueStatus.RECTIFYING
    assert "现在由责任单位办理" in words(app)


def test_a_stale_page_says_who_was_first_and_keeps_what_was_typed(world: World, open_page: OpenPage) -> None:
    issue_id = world.in_acceptance()
    app = ask(open_page("inspector", PAGE, id=str(issue_id)), Verb.RETURN)
    write(app, "reason", TEXT)
    closure.accept(world.caller("inspector2"), issue_id, VerifiedHow.ON_SITE, "入户核实，情况属实。")
    confirm(app)
    assert not app.exception
    assert any("刚才有人已对本件“验收通过”" in w.value for w in app.warning)
    assert TEXT in [t.value for t in app.text_area]
    assert app.button(key="verb_confirm").disabled
    assert status(issue_id) is IssueStatus.APPROVAL
    assert "待审批" in words(app)


def test_what_was_typed_waits_on_the_server_for_the_same_person(world: World, open_page: OpenPage) -> None:
    issue_id = world.in_acceptance()
    write(ask(open_page("inspector", PAGE, id=str(issue_id)), Verb.RETURN), "reason", TEXT)
    again = ask(open_page("inspector", PAGE, id=str(issue_id)), Verb.RETURN)
    assert [t.value for t in again.text_area] == [TEXT]
    other = ask(open_page("inspector2", PAGE, id=str(issue_id)), Verb.RETURN)
    assert [t.value for t in other.text_area] == [""]


def test_what_became_a_record_is_not_typed_again_next_time(world: World, open_page: OpenPage) -> None:
    issue_id = world.in_acceptance()
    confirm(write(ask(open_page("inspector", PAGE, id=str(issue_id)), Verb.RETURN), "reason", TEXT))
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    again = ask(open_page("inspector", PAGE, id=str(issue_id)), Verb.RETURN)
    assert [t.value for t in again.text_area] == [""]


def test_why_it_is_not_ones_own_turn_is_said(world: World, open_page: OpenPage) -> None:
    issue_id = world.in_acceptance()
    closure.accept(world.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "回单齐全。")
    app = open_page("office", PAGE, id=str(issue_id))
    assert "不能批准：您是本件的验收人，须由另一人审批。" in words(app)
    assert "thumb_verb_approve" not in [b.key for b in app.button]
    assert "现在轮到您：审批" in words(open_page("office2", PAGE, id=str(issue_id)))


def test_a_problem_is_worked_from_assignment_to_closing_through_the_pages(world: World, open_page: OpenPage) -> None:
    issue_id = world.registered()
    app = ask(open_page("office", PAGE, id=str(issue_id)), Verb.ASSIGN)
    app.selectbox(key=typed(app, "unit")).select(world.units["示例一镇财政所"]).run()
    for field, value in (("leader", "李某某"), ("person", "陈某某"), ("requirements", "补发差额，公示7天。")):
        write(app, field, value)
    assert "时限至 **2022年7月25日**" in words(app)
    confirm(app)
    assert status(issue_id) is IssueStatus.RECTIFYING

    app = confirm(ask(open_page("unit", PAGE, id=str(issue_id)), Verb.SIGN))
    app = ask(app, Verb.REQUEST)
    assert "佐证：" in words(app)
    world.evidence(issue_id)
    app = ask(open_page("unit", PAGE, id=str(issue_id)), Verb.REQUEST)
    for field, value in (
        ("result", "12户差额已全部补发。"), ("measures", "核对账号后补发。"), ("head", "周某某"), ("PAY", "3,200.00"),
        ("voucher", "回单2022-091"),
    ):  # fmt: skip
        write(app, field, value)
    confirm(app)
    assert not app.error
    assert status(issue_id) is IssueStatus.ACCEPTANCE

    app = ask(open_page("inspector", PAGE, id=str(issue_id)), Verb.ACCEPT)
    app.session_state[f"typed_issue_{issue_id}_accept_u{world.users['inspector']}_how"] = ["CALL_BACK", "ON_SITE"]
    app.run()
    write(app, "note", "入户核实，12户已收到。")
    confirm(app)
    assert status(issue_id) is IssueStatus.APPROVAL

    app = confirm(ask(open_page("office2", PAGE, id=str(issue_id)), Verb.APPROVE))
    assert status(issue_id) is IssueStatus.CLOSED
    assert [t.value for t in app.toast] == ["已销号，按期"]


def test_what_was_put_right_on_the_spot_is_said_with_its_evidence_and_has_no_deadline(
    world: World, open_page: OpenPage
) -> None:
    issue_id = world.registered()
    app = open_page("inspector", PAGE, id=str(issue_id))
    assert "当场已改好的，可以立查立改。" in words(app)
    app = ask(app, Verb.FIX)
    assert "佐证：" in words(app) and app.button(key="verb_confirm").disabled
    world.evidence(issue_id, by="inspector")
    app = ask(open_page("inspector", PAGE, id=str(issue_id)), Verb.FIX)
    for field, value in (("measures", "当场补发到户，当面签收。"), ("PAY", "3,200.00"), ("voucher", "收条12张")):
        write(app, field, value)
    confirm(app)
    assert not app.exception and not app.error
    assert [t.value for t in app.toast] == ["已立查立改，等另一人验收"]
    assert status(issue_id) is IssueStatus.ACCEPTANCE
    seen = open_page("office", PAGE, id=str(issue_id))
    (duty,) = [t.value.iloc[:, 0] for t in seen.table if "现场整改" in t.value.index]
    assert duty["整改时限"] == "没有时限，不计按期与逾期"
    assert "报称当场已改（立查立改）" in words(seen)


def test_a_refusal_stands_in_the_dialog_and_nothing_is_lost(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    world.evidence(issue_id)
    app = confirm(ask(open_page("unit", PAGE, id=str(issue_id)), Verb.SIGN))
    app = ask(app, Verb.REQUEST)
    for field, value in (("result", "12户差额已补发。"), ("measures", "核对账号后补发。"), ("head", "周某某"),
                         ("PAY", "9,999.00"), ("voucher", "回单2022-091")):  # fmt: skip
        write(app, field, value)
    confirm(app)
    assert any("超过应补发 3,200.00 元" in e.value for e in app.error)
    assert "12户差额已补发。" in [t.value for t in app.text_area]
    assert status(issue_id) is IssueStatus.RECTIFYING


def test_a_problem_leads_to_its_household_form_and_shows_its_photos(world: World, open_page: OpenPage) -> None:
    issue_id, _, photo_id = from_a_form(world)
    app = open_page("inspector", PAGE, id=str(issue_id))
    shown = "".join(str(html.value) for html in app.get("html") if "figure" in str(html.value))
    assert f"/evidence/{photo_id}" in shown
    assert "入户照片 · " in shown
    assert "to_form" in [b.key for b in app.button]
    assert "to_form" not in [b.key for b in open_page("unit", PAGE, id=str(issue_id)).button]


def tables(app: AppTest) -> str:
    """All tables on screen, keys and values."""
    return "\n".join(table.value.to_csv(sep=" ") for table in app.table)


def test_years_stand_in_the_history_and_below_the_photos(world: World, open_page: OpenPage) -> None:
    app = open_page("office", PAGE, id=str(world.in_acceptance()))
    assert "2022年7月4日 09:00" in tables(app)
    assert any("2022年7月4日 09:00上传" in str(html.value) for html in app.get("html"))


def test_a_reopened_problem_shows_its_own_round_and_the_deadline_that_never_changes(
    world: World, open_page: OpenPage
) -> None:
    issue_id = world.closed()
    world.on(date(2022, 9, 1))
    back = closure.Reopening("回访3户仍未收到补贴。", "发现反弹。", DeadlineRule.workdays(10))
    closure.reopen(world.caller("leader"), issue_id, back)
    app = open_page("office", PAGE, id=str(issue_id))
    (duty,) = [t.value.iloc[:, 0] for t in app.table if "责任单位" in t.value.index]
    assert (duty["首次时限"], duty["回头看发现"]) == ("2022年7月25日（第 1 轮，不再改变）", "回访3户仍未收到补贴。")
    assert not {"整改要求", "整改措施", "整改结果", "最新进展"} & set(duty.index)
    (old,) = [t.value.iloc[:, 0] for t in app.table if "整改要求" in t.value.index]
    assert old["整改要求"] == "补发12户差额，到户核实签字，公示7天。"
    assert "第 1 次申请" not in "".join(m.value for m in app.markdown)
    assert "本次申请" not in words(app)
    assert "本轮整改 0 份" in words(app)


def test_nothing_is_said_of_a_request_before_one_was_made(world: World, open_page: OpenPage) -> None:
    issue_id = world.rectifying()
    before = words(open_page("unit", PAGE, id=str(issue_id)))
    assert "次申请" not in before and "本次申请" not in before
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    assert "本次申请 1 份，共 1 份" in words(open_page("unit", PAGE, id=str(issue_id)))
    world.later(days=1)
    closure.return_to_unit(world.caller("inspector"), issue_id, "只有书面说明，没有银行回单。")
    returned = words(open_page("unit", PAGE, id=str(issue_id)))
    assert "退回后新交 0 份，共 1 份" in returned and "第 1 次申请" not in returned


def test_the_result_stands_with_the_rectification(world: World, open_page: OpenPage) -> None:
    app = open_page("office", PAGE, id=str(world.in_acceptance()))
    (duty,) = [t.value for t in app.table if "责任单位" in t.value.index]
    assert duty.loc["整改结果"].iloc[0] == "12户差额3,200.00元已全部补发到户。"


def test_a_line_of_the_history_has_one_colon(world: World, open_page: OpenPage) -> None:
    issue_id = world.closed()
    closure.reopen(
        world.caller("leader"), issue_id, closure.Reopening("回访3户仍未收到。", "反弹。", DeadlineRule.workdays(10))
    )
    issues.correct(world.caller("office"), issue_id, "to_pay_cents", 330_000, "漏计一户。")
    app = open_page("office", PAGE, id=str(issue_id))
    lines = [line for t in app.table if "经过" in t.value.columns for line in t.value["经过"]]
    assert any("更正应补发，由“3,200.00 元”改为“3,300.00 元”：漏计一户。" in line for line in lines)
    assert [line for line in lines if line.count("：") > 1] == []


def test_reopening_asks_for_a_deadline_and_says_how_amounts_change(world: World, open_page: OpenPage) -> None:
    app = asking(open_page, "office", world.closed(), Verb.REOPEN)
    assert "时限至 **2022年7月25日**" in words(app)
    assert "应补发给群众 3,200.00 元、已办 3,200.00 元。金额有变的，重开后由办公室用“更正”" in words(app)


def asking(open_page: OpenPage, name: str, issue_id: int, verb: Verb) -> AppTest:
    """The problem's page with the verb's dialog open."""
    app = open_page(name, PAGE, id=str(issue_id))
    app.session_state["_verb"], app.session_state["_verb_of"] = verb.value, issue_id
    return app.run()


def test_who_approves_reads_title_unit_money_and_acceptance_in_the_dialog(world: World, open_page: OpenPage) -> None:
    said = words(asking(open_page, "office2", world.in_approval(), Verb.APPROVE))
    assert "责任单位：示例一镇财政所 · 应补发给群众 3,200.00 元、已办 3,200.00 元" in said
    assert "验收通过（现场核实）：入户核实，12户已收到。" in said


def test_the_author_throws_a_draft_away_and_is_led_back(world: World, open_page: OpenPage) -> None:
    app = open_page("inspector", PAGE, id=str(world.draft()))
    app.button(key="thumb_discard").click().run()
    assert not app.exception and [t.value for t in app.toast] == ["草稿已作废"]
    assert "thumb_discard" not in [b.key for b in open_page("inspector", PAGE, id=str(world.registered())).button]


def test_a_dialog_left_open_on_one_problem_does_not_open_on_the_next(world: World, open_page: OpenPage) -> None:
    left, opened = world.rectifying(), world.rectifying()
    app = open_page("unit", PAGE, id=str(opened))
    app.session_state["_verb"], app.session_state["_verb_of"] = Verb.REQUEST.value, left
    app.run()
    assert "verb_confirm" not in [b.key for b in app.button]


def test_a_problem_opened_from_the_first_page_shows_its_dialog_and_leads_back_there(
    world: World, open_page: OpenPage
) -> None:
    issue_id = world.in_approval()
    app = open_page("office2")
    app.button(key=f"go_issue_{issue_id}").click().run()
    app.switch_page(f"pages/{PAGE}")
    app.query_params["id"] = str(issue_id)
    app.run()
    assert app.button(key="verb_confirm").label == "确认批准"
    assert app.button(key="back").label == "返回我的待办"
    assert "to_left" not in [b.key for b in app.button]


def test_what_is_said_of_one_file_is_not_said_at_another_form(world: World, open_page: OpenPage) -> None:
    app = open_page("inspector", "ledger/raise_issue.py")
    app.session_state["_evidence_faults"] = {"dialog_7": ["照片.jpg：这份文件已经在本件的佐证里。"]}
    app.run()
    assert not app.error


def test_money_that_is_owed_has_to_be_said_and_what_stays_open_is_warned_of(world: World, open_page: OpenPage) -> None:
    app = asking(open_page, "unit", world.rectifying(), Verb.REQUEST)
    assert "已补发金额" in next(m.value for m in app.markdown if "还要填" in m.value)
    paid = next(field for field in app.text_input if "已补发" in field.label)
    paid.set_value("1200").run()
    assert "还有 2,000.00 元未办清" in words(app)


def test_the_printed_page_is_made_by_a_press_and_never_by_looking(world: World, open_page: OpenPage) -> None:
    issue_id = world.closed()
    before = audit_head().seq
    app = open_page("unit", PAGE, id=str(issue_id))
    assert audit_head().seq == before
    app.button(key="print").click().run()
    token = words(app).split("/paper/")[1].split(")")[0]
    made = outgoing_file(world.users["unit"], token, world.now)
    assert made is not None and made.name.startswith("SL2022-JX-0001 问题整改全程记录（责任单位版）")
    assert audit_head().seq == before + 1


def test_a_repeat_is_named_with_a_way_to_the_earlier_one(world: World, open_page: OpenPage) -> None:
    first = world.rectifying()
    again = world.later(days=1).rectifying()
    app = open_page("unit", PAGE, id=str(again))
    assert "屡查屡犯，此前 1 件" in words(app)
    assert "同一责任单位、同一类别；同一村、同一类别" in words(app)
    assert app.button(key=f"open_repeat_{first}").label == "SL2022-JX-0001 ›"


def test_places_are_crossed_off_with_the_report_and_handed_to_another_unit_after_the_deadline_too(
    world: World, open_page: OpenPage
) -> None:
    issue_id = world.rectifying(also_in=(world.regions["甲二村"],))
    app = ask(open_page("unit", PAGE, id=str(issue_id)), Verb.REPORT)
    chosen = next(m for m in app.multiselect if str(m.key).endswith("_places"))
    chosen.set_value([2]).run()
    write(app, "reason", "甲二村已补发到户。")
    confirm(app)
    assert "地点 2 处，已完成 1 处" in words(app)
    assert "还有地点没有完成：甲一村。" in words(app)
    world.later(days=40)
    app = open_page("office", PAGE, id=str(issue_id))
    app.session_state["_verb"], app.session_state["_verb_of"] = Verb.CORRECT.value, issue_id
    app.run()
    key = typed(app, "field")
    next(s for s in app.selectbox if s.key == key).set_value("places").run()
    next(g for g in app.get("button_group") if str(g.key).endswith("_place_way")).set_value("hand").run()
    assert not app.exception
    assert "已过，各处按本件时限" in words(app)
