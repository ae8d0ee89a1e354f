"""What each verb asks for and does: its fields, its action. One entry a verb of the table."""

from datetime import date

import streamlit as st

import clock
from actions import assignment, closure, dismissal, rectification, reminder
from actions import issue as issues
from actions.referral import treat_separately
from actions.transaction import Caller
from models.deadline import DeadlineRule
from models.issue import Verb
from models.issue_word import DismissalGround, Handling, Nature, VerifiedHow
from models.local_time import day_text
from models.money import yuan
from models.refusal import Refused
from models.review import ReviewOrder
from models.unit import UnitKind
from pages.frame.look import escape
from pages.ledger.asking_forms import Missing, ask_for_closure, fix_fields, fix_on_spot, request_fields
from pages.ledger.link_forms import merge, merge_fields, split, split_fields
from pages.ledger.measure_forms import measure_fields, plan_fields, plans_now, write_measure
from pages.ledger.money_forms import correct_money, correct_money_fields, money_fields, record_money
from pages.ledger.place_forms import change_places, chosen, place_fields, report, report_fields, undone_fields
from pages.ledger.referral_forms import refer, refer_fields, reply, reply_fields, sanction, sanction_fields
from pages.ledger.review_forms import review_fields, reviews_fields, reviews_now, write_review
from pages.ledger.time_forms import decide_fields, decide_on_time, extend_fields, extend_time
from pages.ledger.track_forms import TRACK_FORMS, leader_field
from pages.ledger.typed import Typed
from pages.ledger.verb_fields import (
    PLACES,
    corrected_value,
    correction_fields,
    limit_fields,
    required_limit,
    unit_fields,
)
from pages.ledger.verb_form import VerbForm, no_fields, plain, reason_field, with_reason
from queries.issue import IssuePage
from queries.viewer import Viewer

RETURN_REASONS = ("佐证不足", "金额不符", "只有书面材料", "未到户核实", "整改范围不全", "其他")


# --- assignment -----------------------------------------------------------------------------------------


def _assign_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    missing = _track_fields(typed, issue, viewer)
    direct = typed.now("handling") == Handling.DIRECT and issue.listing is None
    missing += unit_fields(typed, (issue.id,), viewer, kind=UnitKind.LEADING_OFFICE if direct else None)
    hint = "要补什么、追什么、公示几天、什么制度要修"
    asked = typed.text("requirements", "整改要求", height=90, max_chars=5000, placeholder=hint)
    missing += [] if len(asked) >= 2 else ["整改要求"]
    return missing + _how_fields(typed, issue.type_code)


def _how_fields(typed: Typed, type_code: str) -> Missing:
    """整改类型, the limit or the reviews it has, and the measures."""
    natures = [n.value for n in Nature]
    typed.one_of("nature", "整改类型", natures, natures[0], format_func=lambda n: Nature(n).label, required=True)
    is_reviewed = _nature(typed) is Nature.SUSTAINED
    missing = reviews_fields(typed) if is_reviewed else limit_fields(typed, type_code)
    return missing + plan_fields(typed, _nature(typed))


def _limit(typed: Typed, type_code: str) -> DeadlineRule:
    return DeadlineRule.none() if _nature(typed) is Nature.SUSTAINED else required_limit(typed, type_code)


def _reviews(typed: Typed) -> ReviewOrder | None:
    return reviews_now(typed) if _nature(typed) is Nature.SUSTAINED else None


def _nature(typed: Typed) -> Nature:
    return Nature(typed.now("nature", Nature.IMMEDIATE.value))


def _track_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """How it is handled; what a leader listed before stays so."""
    if issue.listing is not None:
        st.caption(f":material/flag: 本件已由{escape(issue.listing.leader)}挂牌督办，交办后照旧。")
        return []
    tracks = [track.value for track in (Handling.STANDARD, Handling.LISTED, Handling.DIRECT)]
    chosen = typed.one_of(
        "handling", "办理方式", tracks, tracks[0], format_func=lambda t: Handling(t).label, required=True
    )
    if chosen == Handling.DIRECT:
        st.caption("直查直办：由领导小组办公室自己整改，别的人验收，领导审批销号。")
    if chosen != Handling.LISTED:
        return []
    st.caption("挂牌督办：每 7 天须报一次进展，由领导审批销号。")
    return leader_field(typed, issue, viewer)


def _assign(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    order = assignment.AssignmentOrder(
        responsible_unit_id=int(typed.now("unit", 0)),
        responsible_leader=typed.now_text("leader"),
        person_in_charge=typed.now_text("person"),
        requirements=typed.now_text("requirements"),
        deadline_rule=_limit(typed, issue.type_code),
        nature=_nature(typed),
        measures=plans_now(typed),
        handling=Handling(typed.now("handling", Handling.STANDARD.value)),
        leader_id=int(typed.now("named_leader", 0)) or None,
        reviews=_reviews(typed),
    )
    due = assignment.assign(caller, issue.id, order, version)
    return f"已交办，时限至 {day_text(due)}" if due else "已交办，没有时限"


def _reassign(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    assignment.reassign(
        caller, issue.id, int(typed.now("unit", 0)), typed.now_text("reason"), typed.now_text("leader"),
        typed.now_text("person"), version,
    )  # fmt: skip
    return "已改派，等新责任单位签收"


def _reassign_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    return unit_fields(typed, (issue.id,), viewer, issue.duty.unit_id) + reason_field("改派理由", 2)(
        typed, issue, viewer
    )


# --- the responsible unit --------------------------------------------------------------------------------------------


# --- acceptance and approval -----------------------------------------------------------------------------------------


def _accept_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    ways = [how.value for how in VerifiedHow]
    how = typed.some_of("how", "怎么核实的（可多选）", ways, format_func=lambda value: VerifiedHow(value).label)
    note = typed.text("note", "验收说明（必填）", height=100, placeholder="看了什么、问了谁、结果怎样")
    return ([] if how else ["怎么核实的"]) + ([] if len(note) >= 2 else ["验收说明"])


def _accept(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    how = [VerifiedHow(way) for way in typed.now("how", [])]
    closure.accept(caller, issue.id, how, typed.now_text("note"), version)
    return "已验收通过，转审批"


def _return_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    typed.some_of("kinds", "退回原因（可多选）", RETURN_REASONS)
    hint = f"写明缺什么材料、哪几户、哪一笔，不少于 {closure.LEAST_REASON} 个字"
    text = typed.text("reason", "需要补什么（必填，责任单位照此整改）", height=110, placeholder=hint)
    undone_fields(typed, issue, "哪几处没有改好（可不选，选了的重新整改）")
    return [] if len(text) >= closure.LEAST_REASON else [f"说明：写明需要补什么，不少于 {closure.LEAST_REASON} 个字"]


def _return(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    kinds = "、".join(typed.now("kinds", []))
    text = typed.now_text("reason")
    if len(text) < closure.LEAST_REASON:
        raise Refused(f"请写明需要补什么，不少于 {closure.LEAST_REASON} 个字。")
    reason = f"{kinds}。{text}" if kinds else text
    closure.return_to_unit(caller, issue.id, reason, version, place_ids=chosen(typed, "undone_places"))
    return "已退回整改"


def _back(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    closure.back_to_acceptance(caller, issue.id, typed.now_text("reason"), version)
    return "已退回复验"


def _approve_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    if not issue.open_cents:
        return []
    return reason_field("钱未办清仍批准销号的理由", 5, "未办清的原因、下一步由谁继续办")(typed, issue, viewer)


def _approve(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    on_time = closure.approve(caller, issue.id, typed.now_text("reason"), version)
    return {True: "已销号，按期", False: "已销号，逾期", None: "已销号"}[on_time]


def _found_on_looking_back(issue: IssuePage) -> str:
    """What the last look back wrote, where it was since the problem was closed and it did not hold."""
    for _, check in issue.look_backs[:1]:
        if check.verdict.leads_to_reopening and issue.closed_on is not None and check.looked_on >= issue.closed_on:
            return f"{check.verdict.label}：{check.finding}"
    return ""


def _reopen_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    finding = typed.text(
        "finding",
        "回头看发现（必填）",
        _found_on_looking_back(issue),
        height=80,
        placeholder="反弹了什么，不少于 5 个字",
    )
    missing = ([] if len(finding) >= 5 else ["回头看发现"]) + reason_field("重开理由", 2)(typed, issue, viewer)
    if issue.duty.unit_id is None:
        missing += unit_fields(typed, (issue.id,), viewer)
    missing += _how_fields(typed, issue.type_code)
    undone_fields(typed, issue, "哪几处重新整改（不选就是全部）")
    dues = "，".join(
        f"{m.label} {yuan(m.due_cents)} 元、已办 {yuan(m.done_cents)} 元" for m in issue.money if m.due_cents
    )
    st.caption(f"{dues or '本件不涉及追缴或补发'}。金额有变的，重开后由办公室用“更正”改应补发、应追缴。")
    return missing


def _reopen(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    unit = None if issue.duty.unit_id is not None else int(typed.now("unit", 0))
    back = closure.Reopening(
        typed.now_text("finding"), typed.now_text("reason"), _limit(typed, issue.type_code), unit,
        typed.now_text("leader"), typed.now_text("person"), chosen(typed, "undone_places") or None,
        _nature(typed), plans_now(typed), _reviews(typed),
    )  # fmt: skip
    return f"已重开第 {closure.reopen(caller, issue.id, back, version)} 轮"


# --- dismissal and correction ----------------------------------------------------------------------------------------


def _propose_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    grounds = [g.value for g in DismissalGround]
    ground = typed.one_of("ground", "哪种情形", grounds, format_func=lambda value: DismissalGround(value).label)
    return ([] if ground else ["哪种情形"]) + reason_field("查否理由", 5)(typed, issue, viewer)


def _propose(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    ground = DismissalGround(typed.now("ground", ""))
    dismissal.propose_dismissal(caller, issue.id, ground, typed.now_text("reason"), version)
    return "已提出拟查否，等另一人决定"


def _correct_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    return correction_fields(typed, issue, viewer, place_fields) + reason_field("更正理由", 2)(typed, issue, viewer)


def _correct(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    field = typed.now_text("field")
    if field == PLACES:
        return change_places(caller, typed, issue, version)
    issues.correct(caller, issue.id, field, corrected_value(typed, field), typed.now_text("reason"), version)
    return "已更正，原值留在经过里"


# --- chasing -------------------------------------------------------------------------------------------


def _remind_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    typed.text("reason", "催办意见（可不填）", height=80, max_chars=reminder.LONGEST, placeholder="催什么、何时前办到")
    return []


def _remind(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    return _told("催办", reminder.remind(caller, issue.id, typed.now_text("reason"), version))


def _supervise_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    if issue.steps_to_take:
        typed.one_of("step", "升级措施（到了日子、本轮还没有办的）", list(issue.steps_to_take), issue.steps_to_take[-1])
    missing = reason_field("督办要求", 5)(typed, issue, viewer)
    typed.day("reply_by", "要求哪天前回复（可不填）", min_value=clock.today())
    return missing


def _supervise(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    answer = typed.now("reply_by")
    by = date.fromisoformat(answer) if isinstance(answer, str) else answer
    taken = typed.now_text("step") if issue.steps_to_take else ""
    told = reminder.supervise(caller, issue.id, typed.now_text("reason"), version, by, taken)
    return _told(f"办{taken}" if taken else "督办", told)


def _told(word: str, told: reminder.Told) -> str:
    return f"已{word}，{'、'.join(told.units)} {told.people} 人收到通知"


def _submit(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    return f"已提交，编号 {issues.submit(caller, issue.id, version)}"


FORMS: dict[Verb, VerbForm] = {
    Verb.SUBMIT: VerbForm(no_fields, _submit),
    Verb.ASSIGN: VerbForm(_assign_fields, _assign),
    Verb.FIX: VerbForm(fix_fields, fix_on_spot),
    Verb.RELEASE: VerbForm(no_fields, plain(assignment.release, "已告知责任单位")),
    Verb.SIGN: VerbForm(no_fields, plain(assignment.sign, "已签收")),
    Verb.REFER: VerbForm(refer_fields, refer),
    Verb.REPLY: VerbForm(reply_fields, reply),
    Verb.SEPARATE: VerbForm(reason_field("另案处理的理由", 5), with_reason(treat_separately, "已决定另案处理")),
    Verb.SANCTION: VerbForm(sanction_fields, sanction),
    Verb.RECORD_MONEY: VerbForm(money_fields, record_money),
    Verb.CORRECT_MONEY: VerbForm(correct_money_fields, correct_money),
    Verb.REPORT: VerbForm(report_fields, report),
    Verb.REQUEST: VerbForm(request_fields, ask_for_closure),
    Verb.WITHDRAW: VerbForm(no_fields, plain(rectification.withdraw, "已撤回申请")),
    Verb.ACCEPT: VerbForm(_accept_fields, _accept),
    Verb.RETURN: VerbForm(_return_fields, _return),
    Verb.BACK: VerbForm(reason_field("退回复验的原因", closure.LEAST_REASON), _back),
    Verb.APPROVE: VerbForm(_approve_fields, _approve),
    Verb.PROPOSE_DISMISSAL: VerbForm(_propose_fields, _propose),
    Verb.CONFIRM_DISMISSAL: VerbForm(no_fields, plain(dismissal.confirm_dismissal, "已确认查否")),
    Verb.DECLINE_DISMISSAL: VerbForm(
        reason_field("不予查否的理由", 2), with_reason(dismissal.decline_dismissal, "已不予查否，继续办理")
    ),
    Verb.REINSTATE: VerbForm(reason_field("恢复理由", 2), with_reason(dismissal.reinstate, "已恢复，等办公室交办")),
    Verb.REOPEN: VerbForm(_reopen_fields, _reopen),
    Verb.REASSIGN: VerbForm(_reassign_fields, _reassign),
    Verb.SPLIT: VerbForm(split_fields, split),
    Verb.MERGE: VerbForm(merge_fields, merge),
    Verb.CORRECT: VerbForm(_correct_fields, _correct),
    Verb.REMIND: VerbForm(_remind_fields, _remind),
    Verb.SUPERVISE: VerbForm(_supervise_fields, _supervise),
    Verb.EXTEND: VerbForm(extend_fields, extend_time),
    Verb.DECIDE_EXTENSION: VerbForm(decide_fields, decide_on_time),
    Verb.MEASURE: VerbForm(measure_fields, write_measure),
    Verb.REVIEW: VerbForm(review_fields, write_review),
    **TRACK_FORMS,
}
