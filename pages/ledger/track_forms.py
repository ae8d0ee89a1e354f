"""The verbs of tracks and disputes, as dialogs: 申辩 and its answer, 挂牌 and 摘牌."""

import streamlit as st

from actions import contest, listing
from actions.transaction import Caller
from models.contest import ContestVerdict
from models.evidence import EvidencePurpose
from models.issue import Verb
from pages.frame.look import escape
from pages.ledger import carry_forms
from pages.ledger.asking_forms import Missing
from pages.ledger.evidence_fields import give_evidence
from pages.ledger.typed import Typed
from pages.ledger.verb_form import VerbForm, reason_field, with_reason
from queries.issue import IssuePage
from queries.listing import leaders_to_name
from queries.viewer import Viewer


def _contest_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    hint = f"哪一点不属实、不该由我单位办、要求办不到，依据是什么；不少于 {contest.LEAST_GROUND} 个字"
    ground = typed.text("ground", "申辩理由（必填）", height=120, placeholder=hint)
    given = issue.contest_papers
    if given:
        names = "、".join(paper.caption for paper in given)
        st.caption(f":material/check: 已上传申辩材料 {len(given)} 份：{escape(names)}")
    else:
        st.markdown("须附**申辩材料**（文件、凭证、照片）：")
    give_evidence(issue, EvidencePurpose.CONTEST, place="contest")
    missing = [] if len(ground) >= contest.LEAST_GROUND else [f"申辩理由，不少于 {contest.LEAST_GROUND} 个字"]
    return missing + ([] if given else ["申辩材料"])


def _contest(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    papers = contest.contest(caller, issue.id, typed.now_text("ground"), version)
    return f"已申辩，附材料 {papers} 份，等领导小组办公室答复"


def _answer_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    values = [verdict.value for verdict in ContestVerdict]
    verdict = typed.one_of("verdict", "是否采纳", values, format_func=lambda v: ContestVerdict(v).label)
    text = typed.text(
        "answer", "答复（必填）", height=110, placeholder="逐条答复，采纳的写明接下来怎么办；不少于 5 个字"
    )
    return ([] if verdict else ["是否采纳"]) + ([] if len(text) >= 5 else ["答复，不少于 5 个字"])


def _answer(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    contest.answer(caller, issue.id, ContestVerdict(typed.now("verdict", "")), typed.now_text("answer"), version)
    return "已答复，责任单位会收到通知"


def leader_field(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """The leader who takes charge, by name; those of the region who are in office."""
    names = leaders_to_name(viewer, issue.id)
    leader = typed.choice("named_leader", "挂牌督办的领导（必填）", list(names), format_func=lambda i: names[i])
    return [] if leader else ["挂牌督办的领导"]


def _list_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    missing = leader_field(typed, issue, viewer)
    typed.text("demand", "督办要求（可不填）", height=80, max_chars=500, placeholder="要办到什么程度，何时前办到")
    return missing


def _list(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    leader = int(typed.now("named_leader", 0))
    name = listing.list_issue(caller, issue.id, leader, typed.now_text("demand"), version)
    return f"已挂牌督办，由{name}负责"


TRACK_FORMS: dict[Verb, VerbForm] = {
    Verb.CONTEST: VerbForm(_contest_fields, _contest),
    Verb.ANSWER: VerbForm(_answer_fields, _answer),
    Verb.CARRY_OVER: VerbForm(carry_forms.fields, carry_forms.act),
    Verb.LIST: VerbForm(_list_fields, _list),
    Verb.UNLIST: VerbForm(reason_field("摘牌理由", 5), with_reason(listing.unlist, "已摘牌，按限期整改办理")),
}
