"""抽查: a share of closed problems, drawn so that anybody can draw it again. List and source first, the seed later.

Who: those who see samples, within their region; office of all regions freezes, draws and releases. Units see nothing.
"""

import pandas as pd
import streamlit as st

from actions.look_back_draw import draw_closed, freeze_closed, release_drawn
from models.local_time import moment_text
from models.role import Permission
from models.sample_frame import grouped
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, kept_open, title
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, require
from queries.look_back_draw import DrawRow, closed_draws, frame_sources

LIST = "pages/ledger/look_back.py"

viewer = require(Permission.SEE_SAMPLE)
campaign = current_campaign()
may_draw = viewer.is_everywhere(Permission.FREEZE_FRAME)


def freeze_form(again: bool) -> None:
    """What is frozen before the seed exists."""
    found = {source.id: source for source in frame_sources(viewer, campaign.id)}
    st.caption("先封存：已销号问题的编号清单、比例和种子来源。种子须是以后某天公开的号码，封存时还没有。")
    left, right = st.columns([3, 1])
    left.selectbox("抽哪次专项治理的问题", list(found), key="draw_source",
                   format_func=lambda i: f"{found[i].name}（已销号 {found[i].closed} 件）")  # fmt: skip
    right.number_input("比例（%）", min_value=1, max_value=100, value=10, step=1, key="draw_share")
    st.text_input("种子的来源", key="draw_seed_source", max_chars=300, placeholder="如：2023年8月1日体彩排列五开奖号码")
    if again:
        st.text_input("再抽一次的理由", key="draw_reason", max_chars=300)
    st.button("封存名单", type="primary", icon=":material/lock:", key="thumb_freeze", on_click=freeze)


def freeze() -> None:
    """Callback."""
    state = st.session_state
    attempt(
        lambda: freeze_closed(
            caller(), campaign.id, state.draw_source, int(state.draw_share), state.draw_seed_source or "",
            state.get("draw_reason") or "",
        ),
        "名单已封存，等种子公布后再抽",
    )  # fmt: skip


def draw(frame_id: int) -> None:
    """Callback."""
    seed = str(st.session_state.get(f"draw_seed_{frame_id}") or "")
    attempt(lambda: draw_closed(caller(), frame_id, seed), "已抽取，可以去核查了；公布以前责任单位看不到")


def release(row: DrawRow) -> None:
    """Callback."""
    draw_id = row.draw_id or 0
    attempt(lambda: release_drawn(caller(), draw_id, row.version) or True, "名单已公布，责任单位可以看到自己的")


def proof(row: DrawRow) -> None:
    """What anybody needs to draw it again, and whether we get the same."""
    st.caption(f"清单散列值（SHA-256）：`{grouped(row.numbers_hash)}`")
    st.caption(f"种子来源：{escape(row.seed_source)} · {moment_text(row.frozen_at)}封存"
               + (f" · 理由：{escape(row.reason)}" if row.reason else ""))  # fmt: skip
    if row.seed:
        st.caption(f"种子：`{escape(row.seed)}` · {moment_text(row.drawn_at)}抽取")
    if row.findings:
        st.error("复算不一致：" + "".join(row.findings), icon=":material/error:")
    else:
        st.caption(
            ":material/verified_user: " + ("由种子和清单重抽，结果逐件一致。" if row.seed else "清单与散列值一致。")
        )
    st.download_button("下载编号清单", row.numbers.encode(), f"已销号问题清单{row.number}.txt", "text/plain",
                       icon=":material/download:", key=f"numbers_{row.frame_id}", on_click="ignore")  # fmt: skip


def card(row: DrawRow) -> None:
    """One frame with what became of it."""
    with st.container(border=True, key=f"frame_{row.frame_id}"):
        st.markdown(f"##### 第 {row.number} 次　{escape(row.source)}")
        st.markdown(f"已销号 {row.count} 件，抽 {row.share_percent}%，应抽 **{row.wanted}** 件（不足一件按一件）")
        proof(row)
        if row.draw_id is None:
            if may_draw:
                st.text_input("种子（照公布的号码填写）", key=f"draw_seed_{row.frame_id}", max_chars=300, width=420)
                st.button("抽取", type="primary", icon=":material/casino:", key=f"thumb_draw_{row.frame_id}",
                          on_click=draw, args=(row.frame_id,))  # fmt: skip
            return
        frame = pd.DataFrame({"名次": [r.rank for r in row.rows], "编号": [r.number for r in row.rows],
                              "排序码": [r.rank_hash for r in row.rows]})  # fmt: skip
        st.dataframe(frame, hide_index=True, row_height=34, height=36 + 34 * min(max(len(frame), 1), 12))
        if row.elsewhere:
            st.caption(f"另有 {row.elsewhere} 件不在您的权限范围内，只告诉件数。")
        if row.released_at is not None:
            st.caption(f"{moment_text(row.released_at)}公布名单。")
        elif viewer.is_everywhere(Permission.ADOPT):
            st.button("公布名单", icon=":material/campaign:", key=f"thumb_release_{row.frame_id}", on_click=release,
                      args=(row,))  # fmt: skip
            st.caption("公布以前，责任单位看不到抽中了哪几件。")


st.page_link(LIST, label="返回回头看", icon=":material/arrow_back:")
title("抽查已销号问题", escape(campaign.name))
st.caption("谁也不能挑：先封存清单，后有种子，任何人都能重抽一遍。办法见“怎样自己复算抽样”。")
show_notices()
rows = closed_draws(viewer, campaign.id)
if may_draw:
    with st.expander("封存一份名单", expanded=not rows, **kept_open("freeze")):
        freeze_form(bool(rows))
for row in rows:
    card(row)
if not rows:
    empty("还没有抽查", "领导小组办公室封存名单、登记种子来源以后，这里列出每一次抽查。", key="draws")
