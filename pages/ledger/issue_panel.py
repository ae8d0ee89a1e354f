"""The right side of a problem: whose turn it is, what one may do, who rectifies until when, the time used."""

from datetime import date

import pandas as pd
import streamlit as st

from models.holding import Holding
from models.issue import Verb
from models.issue_rule import time_is_for_the_leader
from models.issue_word import Handling, IssueStatus
from models.local_time import day_text, local_day
from models.money import yuan
from pages.frame.look import escape, is_phone
from pages.ledger.verb_dialog import ask
from queries.issue import IssuePage

MENU = "other_verbs"
_SECOND = (
    Verb.DECLINE_DISMISSAL, Verb.ANSWER, Verb.RETURN, Verb.REPORT, Verb.FIX, Verb.WITHDRAW, Verb.REOPEN, Verb.REMIND,
)  # fmt: skip
"""What stands as a button of its own beside the one that moves it on."""
_TURNS = {Verb.ACCEPT: "验收", Verb.APPROVE: "审批"}


def turn_panel(issue: IssuePage) -> None:
    """现在轮到您, or whose turn it is and why not yours."""
    with st.container(border=True, key="turn"):
        st.markdown(f"##### {_headline(issue)}")
        st.caption(escape(_why(issue)))
        _warnings(issue)
        if issue.primary is not None:
            _button(issue, issue.primary, "primary")
        second = second_verb(issue)
        if second is not None:
            _button(issue, second, "secondary")
        verb_menu(issue, "其他操作", "tertiary", "stretch")
        for blocked in issue.blocked:
            st.caption(f":material/lock: {escape(blocked.sentence)}")
        if issue.status is IssueStatus.ACCEPTANCE and issue.primary is Verb.ACCEPT:
            st.caption(f":material/lock: 验收后由{issue.case.approver}审批；验收人不能审批。")


def turn_words(issue: IssuePage) -> None:
    """Whose turn it is and why not yours, without the buttons: they stand at the foot of a phone."""
    st.markdown(f"**{_headline(issue)}**")
    st.caption(escape(_why(issue)))
    _warnings(issue)
    for blocked in issue.blocked:
        st.caption(f":material/lock: {escape(blocked.sentence)}")


def turn_bar(issue: IssuePage) -> None:
    """The verbs at the foot of a phone."""
    second = second_verb(issue)
    if not issue.verbs:
        return
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", wrap=False, key="thumb_turn"):
        if second is not None and issue.primary is not None:
            _button(issue, second, "secondary", width="content", short=True)
        first = issue.primary or second
        if first is not None:
            _button(issue, first, "primary" if issue.primary else "secondary")
        verb_menu(issue, "…" if first else "可以办的事", "secondary", "content" if first else "stretch")


def second_verb(issue: IssuePage) -> Verb | None:
    """The verb beside the first one."""
    return next((verb for verb in _SECOND if verb in issue.verbs and verb is not issue.primary), None)


def verb_menu(issue: IssuePage, label: str, kind: str, width: str) -> None:
    """All other verbs; a single one is a button of its own, nothing where there are none."""
    others = [verb for verb in issue.verbs if verb not in (issue.primary, second_verb(issue))]
    if len(others) == 1 and width == "stretch":
        _button(issue, others[0], "secondary")
    elif others:
        st.menu_button(
            label, others, format_func=lambda verb: f":material/{verb.icon}: {verb.label}", key=MENU, type=kind,  # type: ignore[arg-type]
            on_click=_chosen, args=(issue.id, issue.version), width=width,  # type: ignore[arg-type]
        )  # fmt: skip


def duty_panel(issue: IssuePage) -> None:
    """谁来改、改什么、何时改完."""
    duty = issue.duty
    with st.container(border=True, key="duty"):
        st.markdown("##### 谁来改、改什么、何时改完")
        if issue.is_on_spot:
            _on_spot(issue)
            return
        if not duty.unit:
            st.caption("尚未交办。")
            return
        granted = duty.extensions and duty.rule
        rule = "（延期后）" if granted else f"（{duty.rule}）" if duty.rule else ""
        rows = {
            "责任单位": duty.unit,
            "责任领导": duty.leader,
            "责任人": duty.person,
            **_asked(issue),
            "整改时限": f"**{day_text(duty.deadline)}**{escape(rule)}" if duty.deadline else _undated(issue),
            **_reviews(issue),
            **_more_time(issue),
            **_first_deadlines(issue),
            "办理方式": " · ".join(part for part in (duty.handling, duty.nature) if part),
            **_listed(issue),
            "交办签收": f"{day_text(duty.assigned_on)}交办，{_signed(issue)}",
        }
        optional = {
            "整改措施": duty.measures, "整改结果": _result(issue), "最新进展": duty.progress,
            "建章立制": duty.rule_mended,
        }  # fmt: skip
        shown = {key: value if key == "整改时限" else escape(value) for key, value in rows.items()}
        shown |= {key: escape(value) for key, value in optional.items() if value}
        st.table({key: value or "—" for key, value in shown.items()}, border="horizontal")
        if duty.note:
            st.caption(f":material/event_busy: {duty.note}")
        if duty.dissolved:
            st.warning(escape(duty.dissolved), icon=":material/swap_horiz:")


def _undated(issue: IssuePage) -> str:
    return "已结转，这里不再计时" if issue.case.carried_to else "无时限"


def _listed(issue: IssuePage) -> dict[str, str]:
    """Who took charge by name, and until when the next report is owed: red and a word when it is missing."""
    listing = issue.listing
    if listing is None:
        return {}
    left = "，已不再任职，请领导另行指定" if listing.has_left else ""
    told = {"挂牌督办": f"{listing.leader}（{day_text(listing.since)}起{left}）"}
    if listing.report_due is not None:
        late = f"，{listing.missed}" if listing.missed else ""
        told["下次进展"] = f"{day_text(listing.report_due)}前（每 7 天报一次）{late}"
    return told


def _on_spot(issue: IssuePage) -> None:
    """Nobody was assigned and no deadline was given: said, not left blank."""
    duty = issue.duty
    rows = {
        "办理方式": " · ".join(part for part in (duty.handling, duty.nature) if part),
        "现场整改": duty.measures,
        "责任单位": duty.unit or "未交办：检查人员当场改好",
        "整改时限": "没有时限，不计按期与逾期",
    }
    st.table({key: escape(value) or "—" for key, value in rows.items()}, border="horizontal")


def _asked(issue: IssuePage) -> dict[str, str]:
    """What is to be done: a reopened problem is asked for what looking back found, not for what was done before."""
    asked = {"回头看发现": issue.duty.finding} if issue.round > 1 else {}
    return asked | ({"整改要求": issue.duty.requirements} if issue.duty.requirements or not asked else {})


def _first_deadlines(issue: IssuePage) -> dict[str, str]:
    """The first deadline of all, which no later round changes, and that of the round that runs."""
    duty = issue.duty
    moved = f"延期 {duty.extensions} 次" if duty.extensions else "未延期"
    if duty.held:
        moved += f"，审核占用的 {duty.held} 个工作日已顺延"
    if duty.first_deadline is None:
        return {"首次时限": "无时限"}
    if issue.round == 1:
        return {"首次时限": f"{day_text(duty.first_deadline)} · {moved}"}
    return {
        "首次时限": f"{day_text(duty.first_deadline)}（第 1 轮，不再改变）",
        "本轮时限": f"重开时定为 {day_text(duty.round_deadline)} · {moved}",
    }


def _reviews(issue: IssuePage) -> dict[str, str]:
    """When 长期坚持 is reviewed and how far it is; nothing for all others."""
    part = issue.reviews
    if part is None:
        return {}
    then = f"下次 {day_text(part.next_on)}" if part.next_on else "复核期满，可以申请销号"
    return {"阶段复核": f"每 {part.every_days} 天一次，已保持 {part.held}/{part.times} 次，{then}"}


def _more_time(issue: IssuePage) -> dict[str, str]:
    """What was asked for and what became of it, the last first; nothing where nobody asked."""
    told = []
    for row in issue.extensions:
        asked = f"{day_text(local_day(row.asked_at))}申请延至 {day_text(row.until)}"
        if row.outcome is None or row.answered_at is None:
            told.append(f"{asked}，等{'领导' if time_is_for_the_leader(issue.case) else '办公室'}决定")
            continue
        until = f"至 {day_text(row.granted_until)}" if row.granted_until else ""
        told.append(f"{asked}，{day_text(local_day(row.answered_at))}{row.outcome.label}{until}（{row.answer}）")
    return {"延期申请": "；".join(told)} if told else {}


def _result(issue: IssuePage) -> str:
    if not issue.duty.result or issue.requested_on is not None:
        return issue.duty.result
    return f"{issue.duty.result}（上次申请时所报）"


def time_panel(issue: IssuePage) -> None:
    """用时: the unit's clock and the office's."""
    time = issue.time
    used = (
        "—" if time.used is None else f"{time.used} / {time.limit} 个工作日" if time.limit else f"{time.used} 个工作日"
    )
    returned = f"（最近 {day_text(time.returned_on)}）" if time.returned_on else ""
    with st.container(border=True, key="time"):
        st.markdown("##### 用时")
        st.table(
            {
                "责任单位已用": used,
                **_overdue(issue),
                "审核用时": f"共 {time.review} 个工作日，不计入时限",
                "退回": f"{time.returns} 次{returned}",
                **({"催办": f"{issue.reminders} 次（最近 {day_text(issue.reminded_on)}）"} if issue.reminders else {}),
                "下一节点": _next_step(issue),
            },
            border="horizontal",
        )
        _who_held(issue)


def _who_held(issue: IssuePage) -> None:
    """谁经手、各多久: stretch by stretch; those of 待验收 and 待审批 add up to 审核用时."""
    if not issue.holdings:
        return
    st.markdown("**谁经手、各多久**")
    if is_phone():
        st.markdown("  \n".join(_stretch(h) for h in issue.holdings))
        return
    frame = pd.DataFrame(
        {
            "经手": [f"{escape(h.holder)}　:small[:gray[{h.status.label}]]" for h in issue.holdings],
            "从—到": [f"{_short(h.since)}—{_short(h.until) if h.until else '今'}" for h in issue.holdings],
            "工作日": [str(h.workdays) for h in issue.holdings],
        }
    )
    with st.container(key="who_held"):
        st.table(frame, border="horizontal", hide_index=True)


def _stretch(h: Holding) -> str:
    until = _short(h.until) if h.until else "今"
    return (
        f"{escape(h.holder)} :gray[{h.status.label}]　{h.workdays} 个工作日  \n:small[:gray[{_short(h.since)}—{until}]]"
    )


def _short(day: date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


def _overdue(issue: IssuePage) -> dict[str, str]:
    """Delay counts calendar days, time used working days: where both stand, both are said."""
    if issue.time.overdue is None:
        return {}
    days, workdays = issue.time.overdue
    return {"已超期": f"{days} 天（日历日，含 {workdays} 个工作日），自时限次日起算"}


def _button(issue: IssuePage, verb: Verb, kind: str, width: str = "stretch", short: bool = False) -> None:
    st.button(
        "退回" if short and verb is Verb.RETURN else verb.label, icon=f":material/{verb.icon}:", type=kind,  # type: ignore[arg-type]
        width=width, key=f"thumb_verb_{verb.value}", on_click=ask, args=(verb, issue.id, issue.version),  # type: ignore[arg-type]
    )  # fmt: skip


def _chosen(issue_id: int, version: int) -> None:
    verb = st.session_state.get(MENU)
    if verb is not None:
        ask(Verb(verb), issue_id, version)


def _headline(issue: IssuePage) -> str:
    if issue.case.carried_to:
        return "本件已结转"
    if issue.primary is not None:
        return f"现在轮到您：{_TURNS.get(issue.primary, issue.primary.label)}"
    if issue.merged_into:
        return f"本件已并入 {issue.merged_into}"
    if issue.status in (IssueStatus.CLOSED, IssueStatus.DISMISSED):
        return f"本件{issue.status.label}"
    return f"现在由{issue.holder}办理"


def _why(issue: IssuePage) -> str:
    if issue.dismissal_pending and issue.case.proposed is Verb.MERGE:
        return f"已有人拟并案，等另一人决定：{issue.dismissal}"
    if issue.case.carried_to:
        return f"请到 {issue.case.carried_to} 办理；这里只能看，仍算未销号。"
    if issue.dismissal_pending:
        return f"已有人拟查否，等另一人决定。查否意见：{issue.dismissal}"
    match issue.status:
        case IssueStatus.DRAFT:
            return "草稿只有您自己看得到；提交后给编号。"
        case IssueStatus.REGISTERED:
            now_fixed = "当场已改好的，可以立查立改。" if Verb.FIX in issue.verbs else ""
            return f"已登记编号，等办公室交办；时限未起算。{now_fixed}"
        case IssueStatus.RECTIFYING:
            if issue.reviews is not None:
                part = issue.reviews
                return f"长期坚持，没有时限；由办公室阶段复核，已保持 {part.held}/{part.times} 次。"
            unsigned = "" if issue.duty.signed_on else "责任单位尚未签收。"
            said = "责任单位的申辩等办公室答复。" if issue.case.is_contested else ""
            asked = "延期申请等待决定，决定之前时限照走。" if issue.more_time else ""
            who = "办公室直接整改" if issue.case.handling is Handling.DIRECT else "责任单位在整改"
            return f"{who}，时限在走。{unsigned}{asked}{said}"
        case IssueStatus.ACCEPTANCE | IssueStatus.APPROVAL:
            return _waiting(issue)
        case IssueStatus.CLOSED:
            on_time = {True: "，按期", False: "，逾期", None: "，没有时限，不计按期与逾期"}[issue.closed_on_time]
            return f"{day_text(issue.closed_on)}销号{on_time}。"
        case _:
            return issue.dismissal if issue.merged_into else f"查否意见：{issue.dismissal or '无'}"


def _waiting(issue: IssuePage) -> str:
    asked = f"第 {issue.requests} 次申请于 {day_text(issue.requested_on)} 提出，{issue.light.text.split('，')[0]}。"
    if issue.is_on_spot:
        asked = f"检查人员于 {day_text(issue.requested_on)} 报称当场已改（立查立改），{issue.light.text}。"
    outside = "您" if issue.case.handling is Handling.DIRECT else "您不属于责任单位，也"
    if issue.primary is Verb.ACCEPT:
        return asked + f"{outside}没有写过本轮整改材料，可以验收。"
    if issue.primary is Verb.APPROVE:
        return asked + f"{outside}不是本件的验收人，可以审批。"
    return asked


def _warnings(issue: IssuePage) -> None:
    open_lines = [line for line in issue.money if line.open_cents]
    if issue.primary in (Verb.ACCEPT, Verb.APPROVE) and open_lines:
        words = "，".join(f"{line.label} {yuan(line.open_cents)} 元未办" for line in open_lines)
        st.markdown(f":small[:red[:material/warning: {words}；批准须写明理由，记为“部分整改”]]")
    if issue.listing is not None and issue.listing.missed:
        st.markdown(f":small[:red[:material/report: {issue.listing.missed}：挂牌督办的问题每 7 天须报一次进展]]")
    if issue.case.is_contested and issue.primary in (Verb.ACCEPT, Verb.APPROVE):
        st.markdown(":small[:orange[:material/gavel: 责任单位的申辩还没有答复；不妨碍办理，办结前请先答复]]")
    if issue.primary is Verb.ACCEPT and not issue.evidence_this_time:
        st.markdown(":small[:orange[:material/warning: 本次申请没有新的佐证]]")


def _signed(issue: IssuePage) -> str:
    return f"{day_text(issue.duty.signed_on)}签收" if issue.duty.signed_on else "未签收"


def _next_step(issue: IssuePage) -> str:
    if issue.dismissal_pending:
        return "另一人决定是否并案" if issue.case.proposed is Verb.MERGE else "另一人决定是否查否"
    if issue.next_verb is None:
        return "—"
    if issue.status is IssueStatus.APPROVAL and any(row.is_waiting for row in issue.referrals):
        return "收到移送回复，或由领导决定另案处理"
    if issue.status is IssueStatus.ACCEPTANCE:
        return f"验收后由{issue.case.approver}审批"
    return f"{issue.holder}{issue.next_verb.label}"
