"""A draw's proof: seed, hash, rule; the verbs on it; the list of all draws."""

import pandas as pd
import streamlit as st

from actions.sample import abandon, adopt, release
from models.local_time import moment_text
from models.role import Permission
from models.sample import SampleState
from models.sample_frame import grouped
from pages.frame.look import escape
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from queries.sample import DrawRow, FrameRow, Sampling
from queries.viewer import Viewer


def proof(draw: DrawRow, frame: FrameRow) -> None:
    """Three cards: the seed and where it came from, the hashes of what it was drawn from, the rule."""
    seed, hashes, rule = st.columns((3, 5, 3))
    with seed.container(border=True, height="stretch"):
        st.caption("种子（抽样框封存并公布散列值之后产生）")
        st.code(draw.seed, language=None, wrap_lines=True)
        if draw.seed_registered:
            st.caption(f"来源：{escape(frame.seed_source or '')}，{moment_text(frame.frozen_at)}封存时登记")
        else:
            st.markdown(":red-badge[:material/warning: 种子未事先登记，不能采用]")
        st.caption(f"{escape(draw.drawn_by)}录入" + (f"；理由：{escape(draw.reason)}" if draw.reason else ""))
    with hashes.container(border=True, height="stretch"):
        left, right = st.columns(2)
        left.caption(f"抽样框 {frame.villages:,} 个村 · SHA-256")
        left.code(_halves(frame.village_hash), language=None)
        right.caption(f"抽样框 {frame.households:,} 户 · SHA-256")
        right.code(_halves(frame.household_hash), language=None)
    with rule.container(border=True, height="stretch"):
        st.caption("规则")
        st.markdown("  \n".join(escape(line) for line in frame.rule))
        st.caption(f"抽中 {draw.villages:,} 个村、{draw.households:,} 户")


def _halves(digest: str) -> str:
    """Four lines of two groups: wide enough to read aloud, narrow enough for half a card."""
    groups = grouped(digest).split()
    return "\n".join(" ".join(groups[start : start + 2]) for start in range(0, 8, 2))


def decide(person: Viewer, draw: DrawRow, others: tuple[DrawRow, ...]) -> None:
    """Adopt or lay aside; release the list. Courtesy only: the actions refuse all the same."""
    may = person.is_everywhere(Permission.ADOPT)
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.markdown(_standing(draw) + _other_seeds(draw, others), width="content")
        if may and draw.state is SampleState.DRAWN:
            if draw.seed_registered and st.button("采用", type="primary", icon=":material/check:", key="sample_adopt"):
                _confirm(draw, "adopt")
            if st.button("放弃", key="sample_abandon"):
                _confirm(draw, "abandon")
        releasable = may and draw.state is SampleState.ADOPTED and draw.released_at is None
        if releasable and st.button("公布名单", icon=":material/campaign:", key="sample_release"):
            _confirm(draw, "release")


def _standing(draw: DrawRow) -> str:
    if draw.state is SampleState.ADOPTED:
        shown = f"名单 {moment_text(draw.released_at)} 公布" if draw.released_at else "名单对被查镇村保密"
        return f":green-badge[:material/check: 已采用] {moment_text(draw.adopted_at)}采用，{shown}"
    if draw.state is SampleState.ABANDONED:
        return f":gray-badge[:material/close: 未采用] {moment_text(draw.abandoned_at)}放弃，仍列在历次抽样里"
    word = "请核对后采用" if draw.seed_registered else "只能放弃"
    return f":orange-badge[:material/hourglass_bottom: 待决定] {word}"


def _other_seeds(draw: DrawRow, others: tuple[DrawRow, ...]) -> str:
    """One public number was registered: whoever tried several seeds on one frame is seen to have done so."""
    tried = sorted(d.number for d in others if d.frame_id == draw.frame_id and d.seed != draw.seed)
    if draw.state is not SampleState.DRAWN or not tried:
        return ""
    numbers = "、".join(map(str, tried))
    if draw.seed_registered:
        return f"  \n:orange[同一抽样框第 {numbers} 次用的是别的种子，采用前请核对公布的号码。]"
    return f"  \n:orange[登记的来源只产生一个种子，第 {numbers} 次已用过别的；要再采用，请重新封存并登记来源。]"


CONSEQUENCES = {
    "adopt": "采用以后按这份名单入户，覆盖率从这份名单算起。先前采用的一次随之放弃，仍列在历次抽样里。",
    "abandon": "放弃以后不能再采用；要用同样的种子，须再抽一次并说明理由。",
    "release": "公布以后不能收回，可以导出公开版。入户没有结束以前，一般不公布。",
}
VERBS = {"adopt": ("采用", adopt), "abandon": ("放弃", abandon), "release": ("公布名单", release)}


@st.dialog("请确认")
def _confirm(draw: DrawRow, verb: str) -> None:
    word, _ = VERBS[verb]
    st.markdown(f"**第 {draw.number} 次抽样：{word}**")
    st.write(CONSEQUENCES[verb])
    show_notices()
    if st.button(f"确认{word}", type="primary", key="sample_confirm", on_click=_carry_out, args=(draw, verb)):
        st.rerun()


def _carry_out(draw: DrawRow, verb: str) -> None:
    word, action = VERBS[verb]
    attempt(lambda: action(caller(), draw.id, draw.version), f"第 {draw.number} 次抽样：已{word}")


def all_draws(state: Sampling) -> None:
    """Every draw ever made, abandoned ones too."""
    st.markdown("##### 历次抽样")
    rows = [
        {
            "次序": draw.number, "种子": draw.seed,
            "种子登记": "√ 事先登记" if draw.seed_registered else "× 未事先登记",
            "村": draw.villages, "户": draw.households, "抽取": moment_text(draw.drawn_at), "办理": draw.drawn_by,
            "结果": draw.state.label, "理由": draw.reason or "—",
        }
        for draw in state.draws
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, row_height=34, alt="历次抽样", key="sample_draws")
