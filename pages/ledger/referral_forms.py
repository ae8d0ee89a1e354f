"""移送, 登记回复 and 登记问责: what each asks for. Discipline's own pages use the fields of the last two as well."""

from datetime import date

import streamlit as st

import clock
from actions.referral import LONGEST_NUMBER, ReferralOrder, Reply, record_reply
from actions.referral import refer as refer_to
from actions.sanction import Sanction, record_sanction
from actions.transaction import Caller
from models.local_time import day_text
from models.outcome import OutcomeKind
from models.referral import ReferralBody
from models.refusal import Refused
from pages.ledger.asking_forms import Missing
from pages.ledger.typed import Typed
from queries.issue import IssuePage
from queries.referral import ReferralRow
from queries.viewer import Viewer

BODIES = [body.value for body in ReferralBody]
KINDS = [kind.value for kind in OutcomeKind]


def refer_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """To whom, why, by which letter, with which papers."""
    body = typed.one_of("body", "移送哪个机关", BODIES, format_func=lambda value: ReferralBody(value).label)
    named = typed.line("body_name", "机关名称（必填）", max_chars=60) if body == ReferralBody.OTHER else "—"
    ground = typed.text("ground", "移送理由（必填，涉嫌什么、依据什么）", height=90, placeholder="不少于 5 个字")
    letter = _letter(typed, "移送函文号（必填）", "移送日期")
    papers = {e.id: f"{e.kind.label} {e.caption}" for e in issue.evidence}
    if papers:
        st.multiselect(
            "随附材料（移送机关只能打开这些）", list(papers), default=list(papers), key=typed.key("papers"),
            format_func=lambda paper: papers[paper], placeholder="不附材料",
        )  # fmt: skip
    needed = (("移送哪个机关", body), ("机关名称", named), ("移送理由，不少于 5 个字", len(ground) >= 5))
    return [word for word, given in needed if not given] + letter


def refer(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    body, day = typed.now("body"), _day(typed)
    if body is None or day is None:
        raise Refused("请选择移送哪个机关，并填写移送日期。")
    papers = tuple(st.session_state.get(typed.key("papers"), ()))
    order = ReferralOrder(
        ReferralBody(body), typed.now_text("ground"), typed.now_text("letter"), day, papers,
        typed.now_text("body_name"),
    )  # fmt: skip
    refer_to(caller, issue.id, order, version)
    return f"已移送{order.body_name or order.body.label}，等回复"


def reply_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Which referral, what came back, by which letter. The office's: not those to 纪委监委."""
    rows = _others(issue)
    chosen = typed.choice(
        "referral", "哪一次移送", list(rows), next(iter(rows)) if len(rows) == 1 else None,
        format_func=lambda row_id: _referral_words(rows[row_id]),
    )  # fmt: skip
    return ([] if chosen else ["哪一次移送"]) + reply_texts(typed)


def reply_texts(typed: Typed) -> Missing:
    """What a reply says, without which referral it is to."""
    text = typed.text("text", "回复内容（必填）", height=110, placeholder="照来函写：查了什么、结论是什么")
    return ([] if len(text) >= 5 else ["回复内容，不少于 5 个字"]) + _letter(typed, "回复文号（必填）", "回复日期")


def reply(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    rows = _others(issue)
    chosen = typed.now("referral", next(iter(rows)) if len(rows) == 1 else None)
    if chosen is None:
        raise Refused("请选择是哪一次移送的回复。")
    return give_reply(caller, typed, issue.id, int(chosen), version)


def give_reply(caller: Caller, typed: Typed, issue_id: int, referral_id: int, version: int | None) -> str:
    """What was typed, as the reply to one referral."""
    day = _day(typed)
    if day is None:
        raise Refused("请填写回复日期。")
    answer = Reply(typed.now_text("text"), typed.now_text("letter"), day)
    record_reply(caller, issue_id, referral_id, answer, version)
    return "已登记回复"


def sanction_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Kind, number of people, document."""
    return sanction_texts(typed)


def sanction_texts(typed: Typed) -> Missing:
    """The same, of a problem that is known by number only."""
    kind = typed.one_of("kind", "处理方式", KINDS, format_func=lambda value: OutcomeKind(value).label)
    people = typed.count("people", "人数（不写姓名）", least=1)
    needed = (("处理方式", kind), ("人数", people))
    return [word for word, given in needed if not given] + _letter(typed, "处理决定文号（必填）", "处理决定日期")


def sanction(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    return give_sanction(caller, typed, issue.id, version)


def give_sanction(caller: Caller, typed: Typed, issue_id: int, version: int | None) -> str:
    """What was typed, for one problem."""
    kind, day = typed.now("kind"), _day(typed)
    if kind is None or day is None:
        raise Refused("请选择处理方式，并填写处理决定日期。")
    done = Sanction(OutcomeKind(kind), int(typed.now("people", 0)), typed.now_text("letter"), day)
    record_sanction(caller, issue_id, done, version)
    return f"已登记{done.kind.label} {done.people} 人"


def _letter(typed: Typed, number: str, day: str) -> Missing:
    left, right = st.columns([1.6, 1])
    with left:
        letter = typed.line("letter", number, max_chars=LONGEST_NUMBER, placeholder="某纪〔2022〕3号")
    with right:
        given = typed.day("day", f"{day}（必填）", max_value=clock.today())
    return [word for word, there in ((number.removesuffix("（必填）"), letter), (day, given)) if not there]


def _day(typed: Typed) -> date | None:
    day = typed.now("day")
    return date.fromisoformat(day) if isinstance(day, str) else day


def _others(issue: IssuePage) -> dict[int, ReferralRow]:
    return {row.id: row for row in issue.referrals if row.body is not ReferralBody.DISCIPLINE}


def _referral_words(row: ReferralRow) -> str:
    return f"{day_text(row.referred_on)}移送{row.to}（{row.document_number}）"
