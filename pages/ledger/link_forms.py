"""The dialogs of 拆分 and 并案: what goes where, how the money is divided, why."""

import streamlit as st

from actions import issue_merge, issue_split
from actions.issue_split import Shares
from actions.transaction import Caller
from models.money import yuan
from models.refusal import NotFoundOrNotYours
from pages.frame.look import escape, status_badge
from pages.ledger.asking_forms import Missing
from pages.ledger.place_forms import chosen
from pages.ledger.typed import Typed
from pages.ledger.verb_form import reason_field
from queries.issue import IssuePage
from queries.issue_link import MergeTarget, merge_target
from queries.viewer import Viewer

AMOUNTS = {"amount_cents": "涉及金额", "to_recover_cents": "应追缴", "to_pay_cents": "应补发"}


def split_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Places or a text, then the part of the money that goes along; what stays is said beside it."""
    missing = []
    open_places = {place.id: place.name for place in issue.places if not place.is_done}
    if issue.places:
        some = typed.several("split_places", "哪几处拆出去", list(open_places), format_func=lambda i: open_places[i])
        st.caption("已经完成的留在原件；不选则按下面写明的内容拆分。")
        missing += ["至少留一处"] if len(some) == len(issue.places) else []
    title = typed.line(
        "title", "新件的一句话标题（必填）", max_chars=120, placeholder="哪个村、几户、哪一年、什么补贴、怎么了"
    )
    facts = typed.text(
        "facts", "新件的问题事实（必填）", height=100, max_chars=5000, placeholder="从原件分出去的是什么"
    )
    missing += ([] if len(title) >= 4 else ["标题"]) + ([] if len(facts) >= 5 else ["问题事实"])
    for name, word in AMOUNTS.items():
        missing += _half(typed, f"split_{name}", f"分给新件的{word}", _whole(issue, name), "0", "留在原件")
    left, right = st.columns(2)
    for column, name, word, whole in (
        (left, "households", "户数", issue.found.households), (right, "persons", "人数", issue.found.persons),
    ):  # fmt: skip
        if whole:
            with column:
                typed.count(f"split_{name}", f"分给新件的{word}（共 {whole}）", 0, max_value=whole)
    return missing + reason_field("拆分理由", 2)(typed, issue, viewer)


def split(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    moved = Shares(**{name: typed.now_cents(f"split_{name}") for name in AMOUNTS})
    kept = Shares(**{name: _whole(issue, name) - getattr(moved, name) for name in AMOUNTS})
    order = issue_split.SplitOrder(
        typed.now_text("title"), typed.now_text("facts"), typed.now_text("reason"), kept, moved,
        chosen(typed, "split_places"), int(typed.now("split_households", 0)), int(typed.now("split_persons", 0)),
    )  # fmt: skip
    return f"已拆分，新件编号 {issue_split.split(caller, issue.id, order, version)}"


def merge_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Into which one, and the money it brings along."""
    number = typed.line("into", "并入哪一件（必填，写编号）", max_chars=30, placeholder="如：SX-0007")
    target = _target(viewer, issue, number) if number else None
    missing = [] if target else ["并入哪一件"]
    if target:
        st.markdown(f"{status_badge(target.status)} {escape(target.number)} {escape(target.title)}")
    for name, word in AMOUNTS.items():
        whole = _whole(issue, name)
        missing += _half(typed, f"carry_{name}", f"带过去的{word}", whole, yuan(whole))
    if any(_whole(issue, name) for name in AMOUNTS):
        st.caption("两件说的是同一笔钱的，带过去 0，以免重复计算。")
    return missing + reason_field("并案理由", 5)(typed, issue, viewer)


def merge(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    carried = Shares(**{name: typed.now_cents(f"carry_{name}") for name in AMOUNTS})
    order = issue_merge.MergeOrder(typed.now_text("into"), typed.now_text("reason"), carried)
    return f"已提出并入 {issue_merge.propose_merge(caller, issue.id, order, version)}，等另一人确认"


def _target(viewer: Viewer, issue: IssuePage, number: str) -> MergeTarget | None:
    try:
        return merge_target(viewer, issue.id, number)
    except NotFoundOrNotYours:
        st.caption(":red[本专项、本县区里没有这个编号的问题，或者您看不到它。]")
        return None


def _half(typed: Typed, field: str, label: str, whole: int, otherwise: str, rest: str = "") -> Missing:
    """One part of an amount, and the `rest` of it in words; nothing is asked where there is none."""
    if not whole:
        return []
    part = typed.cents(field, f"{label}（元，共 {yuan(whole)}）", otherwise)
    if part is None:
        return [label]
    if part > whole:
        st.caption(f":red[:material/error: 不能多于 {yuan(whole)} 元]")
        return [label]
    if rest:
        st.caption(f"{rest} {yuan(whole - part)} 元")
    return []


def _whole(issue: IssuePage, name: str) -> int:
    """The problem's own amount, 分."""
    if name == "amount_cents":
        return issue.found.amount_cents
    return next(line.due_cents for line in issue.money if line.is_recovery == (name == "to_recover_cents"))
