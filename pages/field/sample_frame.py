"""Before a draw: what would be frozen, what was frozen and waits for its seed, the seed's form."""

from datetime import date

import streamlit as st

from actions.sample import draw, freeze
from models.local_time import moment_text
from models.sample_frame import grouped
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.sample import FrameRow, Sampling, frame_outlook
from queries.viewer import Viewer

SOURCE, SEED, REASON = "sample_source", "sample_seed", "sample_reason"


def freeze_form(person: Viewer, campaign_id: int, state: Sampling, today: date) -> None:
    """What the base holds now, the source of the seed, and the button that freezes."""
    outlook = frame_outlook(person, campaign_id, today)
    with st.container(border=True, key="noprint_freeze"):
        st.markdown("##### 第一步　封存抽样框" if state.frame is None else "##### 重新封存抽样框")
        st.markdown(
            f"将封存 **{outlook.towns}** 个镇办、**{outlook.villages:,}** 个村（居）、"
            f"名册 **{outlook.households:,}** 户的编号清单，算出散列值。封存以后再导入名册，不影响这份抽样框。"
        )
        st.caption("规则：" + escape("；".join(state.rule)) + "。在“系统 · 专项治理”里更改。")
        if outlook.problem is not None:
            st.warning(outlook.problem, icon=":material/block:")
            return
        source = st.text_input(
            "种子的来源", key=SOURCE, max_chars=300, live="600ms",
            placeholder="写明以后哪一天公开产生的哪个号码，如：2022年7月20日体彩排列五开奖号码",
            help="种子须在封存之后公开产生，谁都不能事先知道。没有登记来源的抽样不能采用。",
        )  # fmt: skip
        st.button(
            "封存抽样框", type="primary", icon=":material/lock:", key="sample_freeze", on_click=_freeze,
            args=(campaign_id,), disabled=len(source.strip()) < 4,
        )  # fmt: skip


def frame_card(frame: FrameRow) -> None:
    """What is read aloud, printed and posted before the seed exists."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("##### 抽样框已封存，等待种子产生", width="content")
            if st.button("打印", icon=":material/print:", key="noprint_frame"):
                st.html("<script>window.print()</script>", unsafe_allow_javascript=True)
        st.table(frame_lines(frame), border="horizontal", width="content", alt="封存的抽样框")
        if frame.seed_source is None:
            st.warning("封存时没有登记种子来源，用它抽样不能采用。请重新封存。", icon=":material/warning:")
        if not frame.is_by_rule_in_force:
            st.info("封存以后抽样规则或年度已经更改，这份抽样框仍按封存时的规则抽。要用新规则，请重新封存。")


def frame_lines(frame: FrameRow) -> dict[str, str]:
    """Every hash in groups of eight, with what it is of."""
    lines = {
        "种子来源": escape(frame.seed_source or "没有登记"),
        "封存": f"{moment_text(frame.frozen_at)}　{escape(frame.frozen_by)}",
        "规则": escape("；".join(frame.rule)),
        f"村清单 {frame.villages:,} 个村": _hash(frame.village_hash),
        f"户清单 {frame.households:,} 户": _hash(frame.household_hash),
    }
    if frame.mandatory_villages:
        lines[f"必查村 {frame.mandatory_villages:,} 个"] = _hash(frame.mandatory_village_hash)
    if frame.mandatory_households:
        lines[f"必查户 {frame.mandatory_households:,} 户"] = _hash(frame.mandatory_household_hash)
    return lines


def draw_form(campaign_id: int, state: Sampling) -> None:
    """The seed as it came out in public. A further draw asks why."""
    number = len(state.draws) + 1
    frame = state.frame
    with st.container(border=True, key="noprint_draw"):
        st.markdown("##### 第二步　录入种子，抽样" if number == 1 else f"##### 第 {number} 次抽样")
        if not state.is_frame_unused and frame is not None:
            st.caption(
                f"用 {moment_text(frame.frozen_at)} 封存的同一份抽样框。所有抽样都会列出，第 {number} 次须说明理由。"
            )
        seed = st.text_input(
            "种子", key=SEED, max_chars=300, live="600ms", width=560,
            placeholder="照公布的号码录入，如 20220720-3-8-1-9-4",
            help="首尾不能有空格。抽样以后种子和名单都不能更改。",
        )  # fmt: skip
        reason = ""
        if number > 1:
            reason = st.text_input(f"第 {number} 次抽样的理由", key=REASON, max_chars=300, live="600ms", width=560)
        st.button(
            "抽样", type="primary", icon=":material/casino:", key="sample_draw_go", on_click=_draw,
            args=(campaign_id, frame.id if frame else None),
            disabled=not seed or (number > 1 and len(reason.strip()) < 2),
        )  # fmt: skip


def _hash(digest: str) -> str:
    return f"`{grouped(digest[:32])}` `{grouped(digest[32:])}`"


def _freeze(campaign_id: int) -> None:
    source = st.session_state.get(SOURCE, "")
    if attempt(lambda: freeze(caller(), campaign_id, source), "抽样框已封存，请打印公布") is not None:
        st.session_state[SOURCE] = ""


def _draw(campaign_id: int, frame_id: int | None) -> None:
    seed, reason = st.session_state.get(SEED, ""), st.session_state.get(REASON) or None
    made = attempt(lambda: draw(caller(), campaign_id, seed, reason, frame_id), "已抽取，请核对后采用")
    if made is not None:
        st.session_state[SEED] = st.session_state[REASON] = ""
        st.session_state["sample_draw"] = made
