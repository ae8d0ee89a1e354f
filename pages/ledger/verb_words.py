"""What a verb will do, said before it is done: one sentence a verb of the table."""

from collections.abc import Callable

from models.issue import IssueStatus, Verb
from models.local_time import day_text, local_day
from models.money import yuan
from pages.frame.look import escape
from queries.issue import IssuePage

JUDGING = frozenset({
    Verb.ACCEPT, Verb.RETURN, Verb.BACK, Verb.APPROVE, Verb.CONFIRM_DISMISSAL, Verb.DECLINE_DISMISSAL, Verb.SUPERVISE,
    Verb.DECIDE_EXTENSION, Verb.REVIEW,
})  # fmt: skip
"""Who does these has not written the problem, and need not know it by its number."""


def consequence(verb: Verb, issue: IssuePage) -> str:
    """Markdown for the top of the verb's dialog."""
    words = _WORDS[verb]
    return words if isinstance(words, str) else words(issue)


def subject(verb: Verb, issue: IssuePage) -> str:
    """Markdown for the dialogs of who judges: what it is about, so that nothing under the dialog must be remembered."""
    if verb not in JUDGING:
        return ""
    unit = f"责任单位：{issue.duty.unit}" if issue.duty.unit else "未交办"
    due = [
        f"{line.label} {yuan(line.due_cents)} 元、已办 {yuan(line.done_cents)} 元"
        for line in issue.money
        if line.due_cents
    ]
    lines = [f"**{escape(issue.title)}**", f":gray[{escape(' · '.join([unit, *(due or ['不涉及追缴或补发'])]))}]"]
    if verb in (Verb.ACCEPT, Verb.RETURN) and issue.duty.result:
        lines.append(f":gray[整改结果：{escape(issue.duty.result)}]")
    accepted = next((row for row in issue.history if row.verb == Verb.ACCEPT), None)
    if issue.status is IssueStatus.APPROVAL and accepted is not None:
        lines.append(f":gray[{escape(f'{accepted.who}{accepted.done}：{accepted.note}')}]")
    return "  \n".join(lines)


def _request(issue: IssuePage) -> str:
    return f"这是第 **{issue.requests + 1}** 次申请。申请后问题进入 **待验收**，时限暂停计算。" + (
        "未决定的延期申请作废。" if issue.more_time else ""
    )


def _fix(issue: IssuePage) -> str:
    again = f"这是第 **{issue.requests + 1}** 次申请。" if issue.requests else ""
    return (
        f"{again}当场已经改好的，不再交办责任单位，没有时限；问题直接进入 **待验收**。"
        "整改材料由您提供，验收和审批须由别人办理。"
    )


def _withdraw(issue: IssuePage) -> str:
    if issue.is_on_spot:
        return "撤回后问题回到 **待交办**，可以改好后再报，也可以由办公室交办；不记为退回。"
    return "撤回后问题回到 **整改中**，时限继续计算；不记为退回。"


def _accept(issue: IssuePage) -> str:
    still = f"还有 **{yuan(issue.open_cents)} 元**未办清，请在说明里写明。" if issue.open_cents else ""
    return f"验收通过后问题进入 **待审批**，由{issue.case.approver}批准。{still}"


def _return(issue: IssuePage) -> str:
    if issue.is_on_spot:
        again = f"本次为第 **{issue.time.returns + 1}** 次退回。"
        return f"退回后问题回到 **待交办**，由办公室交办，或由登记人改好后再报。{again}"
    left, until = issue.time.left_at_request, issue.time.resumed_deadline
    goes_on = "责任单位时限继续计算"
    if left is not None and until is not None:
        rest = f"剩 **{left}** 个工作日，" if left >= 0 else "申请时已超期，"
        goes_on += f"（{rest}至 {day_text(until)}）"
    return f"退回后问题回到 **整改中**，{goes_on}。本次为第 **{issue.time.returns + 1}** 次退回。"


def _back(issue: IssuePage) -> str:
    paused = "" if issue.is_on_spot else "；责任单位的时限仍暂停"
    return f"退回复验后问题回到 **待验收**，须重新验收{paused}。"


def _approve(issue: IssuePage) -> str:
    if issue.open_cents:
        return (
            f"批准后记为 **部分整改** 销号，**{yuan(issue.open_cents)} 元**留在欠款清单上继续办。{_people_words(issue)}"
        )
    undated = "本件没有时限，不计按期与逾期。" if issue.duty.deadline is None else ""
    return f"批准后问题 **销号**，记入销号率。{undated}{_people_words(issue)}"


def _confirm_dismissal(issue: IssuePage) -> str:
    if issue.case.proposed is Verb.MERGE:
        rest = "本件不成立、单列、不计入进度；地点、人员和带过去的金额转到那一件。"
        return f"确认后本件 **{escape(issue.dismissal)}**。{rest}"
    return f"确认后问题 **不成立**，单列，不计入整改进度。查否意见：{escape(issue.dismissal)}"


def _decline_dismissal(issue: IssuePage) -> str:
    return f"不予查否，问题继续办理。查否意见：{escape(issue.dismissal)}"


def _reassign(issue: IssuePage) -> str:
    return f"由{escape(issue.duty.unit)}改派其他单位，须重新签收；时限不变。" + (
        "未决定的延期申请作废。" if issue.more_time else ""
    )


def _answer(issue: IssuePage) -> str:
    ground = issue.contests[0].ground if issue.contests else ""
    return f"{escape(issue.duty.unit)}的申辩：{escape(ground)}  \n答复一次，不再更改；查否、改派、更正须另行办理。"


def _people_words(issue: IssuePage) -> str:
    """Closing a suspected offence says nothing about people: that is discipline's alone."""
    return "对人的处理结论由纪检监察登记，销号时不写。" if issue.case.is_suspected_offence else ""


def _record_money(issue: IssuePage) -> str:
    lines = [line for line in (*issue.money, issue.treasury) if line.open_cents]
    still = "，".join(f"{line.label}还差 **{yuan(line.open_cents)} 元**" for line in lines)
    after = "本件已销号，到账后欠款清单上的数随之减少。" if issue.is_closed else "状态和时限不变。"
    return f"登记一笔已经动了的钱和它的凭证；{after}{still}。"


def _list(issue: IssuePage) -> str:
    if issue.listing is not None:
        return f"现由{escape(issue.listing.leader)}挂牌督办，可以改由别的领导负责；其余不变。"
    return "挂牌后责任单位 **每 7 天** 须报一次进展，漏报标红；延期和销号由领导审批。状态和时限不变。"


def _remind(issue: IssuePage) -> str:
    return f"通知轮到办理的人（{issue.awaited_from}），并记入经过；状态和时限不变。同一件一天只催一次。"


def _extend(issue: IssuePage) -> str:
    until = day_text(issue.duty.deadline) if issue.duty.deadline else "无"
    return (
        f"现在的时限是 **{until}**。申请报送后等办公室决定，决定之前时限照走，本单位不能撤回；"
        "申请销号或改派后，未决定的申请作废。首次时限永久保留，按期与否仍按首次时限计算。"
    )


def _decide_extension(issue: IssuePage) -> str:
    asked = issue.more_time
    if asked is None:
        return "没有等待决定的延期申请。"
    steps = "未完成的各阶段随时限顺延同样的天数。" if any(m.is_next for m in issue.measures) else ""
    return (
        f"{escape(asked.asked_by)}于 {day_text(local_day(asked.asked_at))} 申请由 **{day_text(asked.deadline)}** "
        f"延至 **{day_text(asked.until)}**。  \n理由：{escape(asked.reason)}  \n进展：{escape(asked.progress)}  \n"
        f"只决定一次。{steps}同意后临期、超期按新时限计算；首次时限永久保留，按期与否仍按首次时限计算。"
    )


def _review(issue: IssuePage) -> str:
    part = issue.reviews
    if part is None:
        return "只有长期坚持的问题需要阶段复核。"
    due = f"本次应于 **{day_text(part.next_on)}** 复核" if part.next_on else "复核期已满"
    return f"须保持 **{part.times}** 次，已保持 **{part.held}** 次，{due}。状态不变；到期没有复核的亮红灯，算办公室的。"


_CARRY = (
    "结转到另一项的，那边从 **待交办** 重新开始、另给编号，只带走还没办清的钱和地点；这边不能再办，仍算未销号。"
    "列入遗留清单的，归档之前照常可以办结。"
)
_WORDS: dict[Verb, str | Callable[[IssuePage], str]] = {
    Verb.SUBMIT: "提交后给出编号，编号不再改变；问题转办公室交办。",
    Verb.ASSIGN: "交办后问题进入 **整改中**，责任单位可以看到、签收并整改；首次时限永久保留。",
    Verb.FIX: _fix,
    Verb.RELEASE: "告知后，责任单位能看到这条涉嫌违法违规问题的全部内容，不能收回。",
    Verb.SIGN: "签收表示贵单位已知悉本件并着手整改；时限不因签收改变。",
    Verb.REPORT: "进展记入经过，办公室和检查组都能看到；状态不变。",
    Verb.REFER: "移送记入经过，责任单位和检查人员看不到；收到回复或另案处理以前，不能批准销号，其他照常办理。",
    Verb.REPLY: "回复按来函登记，登记后可以批准销号；后面再来函的，再登记一次。",
    Verb.SEPARATE: "移送的事项另案处理，本件不再等回复，可以继续销号；以后收到回复仍可登记。",
    Verb.SANCTION: "只登记人数和文号，不写姓名；责任单位和检查人员看不到。",
    Verb.RECORD_MONEY: _record_money,
    Verb.CORRECT_MONEY: "两笔都留：原来那一笔不动，另记一笔差额和理由。",
    Verb.REQUEST: _request,
    Verb.WITHDRAW: _withdraw,
    Verb.ACCEPT: _accept,
    Verb.RETURN: _return,
    Verb.BACK: _back,
    Verb.APPROVE: _approve,
    Verb.PROPOSE_DISMISSAL: "提出后须由另一人决定；决定之前不能交办、改派和申请销号。",
    Verb.CONFIRM_DISMISSAL: _confirm_dismissal,
    Verb.DECLINE_DISMISSAL: _decline_dismissal,
    Verb.REINSTATE: "恢复后问题回到 **待交办**，须重新交办，原来的时限作废。",
    Verb.REOPEN: "重开后问题回到 **整改中**，开始新的一轮。原来各轮留存，首次销号日期不变，销号率相应下降。",
    Verb.REASSIGN: _reassign,
    Verb.REMIND: _remind,
    Verb.LIST: _list,
    Verb.CARRY_OVER: _CARRY,
    Verb.UNLIST: "摘牌后按 **限期整改** 办理，不再要求每 7 天报进展，由办公室审批；时限不变。",
    Verb.SUPERVISE: "督办要求记入经过，并通知轮到办理的人；状态和时限不变。",
    Verb.EXTEND: _extend,
    Verb.DECIDE_EXTENSION: _decide_extension,
    Verb.CONTEST: "申辩报给领导小组办公室，由其答复；时限照走，答复之前照样可以填报进展、申请销号。",
    Verb.ANSWER: _answer,
    Verb.REVIEW: _review,
    Verb.MEASURE: "填报哪一项办成了、怎么办的，或者新增一项；记入措施清单和经过，填了不能改。申请销号时自动带入。",
    Verb.SPLIT: "拆出去的部分另编号登记，由同一责任单位接着办，时限和首次时限不变；已经办的、佐证和钱的凭证留在原件。",
    Verb.MERGE: "提出后须由另一人确认；确认后本件 **不成立**、单列、不计入进度，事实、佐证在并入的那一件里看得到。",
    Verb.CORRECT: "只改这一项，原值、理由和更正人留在经过里；编号、状态、时限和登记的地点不能更正，可以增加别的地点。",
}
