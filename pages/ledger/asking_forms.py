"""The two ways of asking for 销号: the responsible unit's request, and 立查立改. Money both ways, evidence by type."""

import streamlit as st

from actions import rectification
from actions.transaction import Caller
from models.evidence import EvidencePurpose
from models.issue import Verb
from models.money import yuan
from models.problem_type import problem_types
from pages.ledger.evidence_fields import give_evidence
from pages.ledger.typed import Typed
from queries.issue import IssuePage
from queries.viewer import Viewer

Missing = list[str]
"""What the person still has to give, in words; empty when the verb may be confirmed."""


def request_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Result, measures, the head of the unit."""
    result = typed.text("result", "整改结果（必填）", height=80, placeholder="办成了什么，涉及几户、多少钱")
    begun = issue.duty.measures if issue.requests or not issue.measures_done else issue.measures_done
    measures = typed.text("measures", "已采取的措施（必填）", begun, height=80, placeholder="怎么办的")
    head = typed.line("head", "单位负责人（必填）", issue.duty.unit_head, max_chars=40, placeholder="姓名")
    needed = (("整改结果", result, 5), ("已采取的措施", measures, 5), ("单位负责人", head, 1))
    missing = [word for word, text, least in needed if len(text) < least]
    missing += _money_fields(typed, issue)
    typed.line("rule", "建章立制（有则填）", issue.duty.rule_mended, max_chars=500, placeholder="修订了什么制度、文号")
    return missing + _evidence_asked(issue, Verb.REQUEST)


def ask_for_closure(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    asked = rectification.ClosureRequest(
        result=typed.now_text("result"),
        measures=typed.now_text("measures"),
        unit_head=typed.now_text("head"),
        recovered_cents=typed.now_cents("RECOVER"),
        paid_cents=typed.now_cents("PAY"),
        voucher=typed.now_text("voucher"),
        rule_mended=typed.now_text("rule"),
        is_reissued=is_reissued(typed),
    )
    count = rectification.request(caller, issue.id, asked, version)
    return f"第 {count} 次申请已提出，时限暂停"


def fix_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """What was done there and then; on a phone the camera gives the evidence."""
    hint = "当场怎么改的，谁在场，涉及几户、多少钱"
    measures = typed.text("measures", "现场怎么改的（必填）", issue.duty.measures, height=90, placeholder=hint)
    missing = [] if len(measures) >= 5 else ["现场怎么改的，不少于 5 个字"]
    return missing + _money_fields(typed, issue) + _evidence_asked(issue, Verb.FIX)


def fix_on_spot(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    fix = rectification.SpotFix(
        measures=typed.now_text("measures"),
        recovered_cents=typed.now_cents("RECOVER"),
        paid_cents=typed.now_cents("PAY"),
        voucher=typed.now_text("voucher"),
        is_reissued=is_reissued(typed),
    )
    rectification.fix_on_spot(caller, issue.id, fix, version)
    return "已立查立改，等另一人验收"


def _money_fields(typed: Typed, issue: IssuePage) -> Missing:
    """Both directions; 0 is said. What is not due needs no figure."""
    moved, missing = False, []
    for line in issue.money:
        if not line.due_cents:
            continue
        word = "已追缴" if line.is_recovery else "已补发"
        done = yuan(line.done_cents) if line.done_cents else ""
        given = typed.cents(line.direction, f"{word}（元，共应 {yuan(line.due_cents)}，没有就填 0）", done)
        missing += [f"{word}金额"] if given is None else []
        if given is not None and given < line.due_cents:
            still = yuan(line.due_cents - given)
            st.caption(f":orange[:material/warning: 还有 {still} 元未办清，请在整改结果里写明原因和打算。]")
        if not line.is_recovery and given is not None and given > line.done_cents and issue.money[1].due_cents:
            reissued_field(typed)
        moved = moved or given not in (None, line.done_cents)
    voucher = (
        typed.line("voucher", "凭证号（银行回单或缴款书；有金额的必填）", max_chars=100)
        if any(m.due_cents for m in issue.money)
        else ""
    )
    return missing + (["凭证号"] if moved and not voucher else [])


REISSUED = ("出自追回的钱", "另有资金")


def reissued_field(typed: Typed) -> None:
    """Where money comes back too: what is paid out of it is not owed to the treasury."""
    typed.one_of("source", "补发的钱从哪里来", REISSUED, REISSUED[1], required=True)


def is_reissued(typed: Typed) -> bool:
    """What was chosen; where it was not asked, other money."""
    return bool(typed.now("source", REISSUED[1]) == REISSUED[0])


def _evidence_asked(issue: IssuePage, verb: Verb) -> Missing:
    """The kinds the type asks for: said, and given right here when they are missing."""
    kinds = problem_types()[issue.type_code].evidence
    names = "或".join(sorted(k.label for k in kinds))
    held = {e.kind for e in issue.evidence if e.purpose is EvidencePurpose.RECTIFICATION and e.round == issue.round}
    if held & kinds:
        st.caption(f":material/check: 已有本类问题要求的佐证：{names}。")
        return []
    st.markdown(f"本类问题{verb.label}须附**{names}**：")
    give_evidence(issue, EvidencePurpose.RECTIFICATION, kinds=tuple(sorted(kinds)), place="dialog")
    return [f"佐证：{names}"]
