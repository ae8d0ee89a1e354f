"""抽样: freeze the frame, draw from it once the seed exists, adopt, and see who is still to be visited."""

import streamlit as st

import clock
from models.local_time import moment_text
from models.role import Permission
from pages.field.sample_frame import draw_form, frame_card, freeze_form
from pages.field.sample_gaps import gaps
from pages.field.sample_recompute import export_button, recompute_button
from pages.field.sample_result import all_draws, decide, proof
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, is_phone, title
from pages.frame.notice import show_notices
from pages.frame.who import require
from queries.sample import DrawRow, Sampling, frame_of, sampling

person = require(Permission.SEE_SAMPLE)
campaign, today = current_campaign(), clock.today()
found = sampling(person, campaign.id)
may_draw = person.is_everywhere(Permission.DRAW)


def chosen_draw(state: Sampling) -> DrawRow | None:
    """The draw on screen: the one picked, else the one to decide on, else the adopted one."""
    if not state.draws:
        return None
    first = state.waiting or state.adopted or state.draws[0]
    if len(state.draws) == 1:
        return first
    names = {d.id: f"第 {d.number} 次 · {d.state.label}" for d in state.draws}
    if st.session_state.get("sample_draw") not in names:
        st.session_state["sample_draw"] = first.id
    picked = st.segmented_control(
        "看哪一次抽样", list(names), format_func=lambda i: names[i], key="sample_draw", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    return next(d for d in state.draws if d.id == picked)


def heading(draw: DrawRow | None) -> str:
    """What stands right of the title."""
    if draw is None:
        return "先封存抽样框，再产生种子，再抽样"
    return f"第 {draw.number} 次抽样 · 抽取后不可更改 · {moment_text(draw.drawn_at)}"


def next_draw(state: Sampling) -> None:
    """The way to a first or a further draw, for those who may."""
    if not may_draw:
        return
    if state.frame is None:
        freeze_form(person, campaign.id, state, today)
        return
    if draw is None or state.is_frame_unused:
        draw_form(campaign.id, state)
    else:
        again = st.expander("再次抽样", on_change="rerun", key="sample_again")
        if again.open:
            with again:
                draw_form(campaign.id, state)
    anew = st.expander("重新封存抽样框", on_change="rerun", key="sample_anew")
    if anew.open:
        with anew:
            freeze_form(person, campaign.id, state, today)


draw = chosen_draw(found)
title(f"抽样 · {campaign.place} 重点检查", right=heading(draw))
show_notices()

if draw is None:
    if found.frame is not None:
        frame_card(found.frame)
    elif not may_draw:
        empty("还没有抽样", "抽样框由领导小组办公室封存，封存以后在这里公布散列值和种子来源。")
    next_draw(found)
else:
    frame = frame_of(person, draw.frame_id)
    with st.expander("种子、散列值和规则") if is_phone() else st.container():
        proof(draw, frame)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="noprint_sample_verbs"):
        decide(person, draw, found.draws)
        with st.container(horizontal=True, width="content"):
            recompute_button(person, draw, frame)
            export_button(person, draw, campaign.name)
    gaps(person, campaign.id, draw, today)
    all_draws(found)
    if found.frame is not None and found.is_frame_unused:
        frame_card(found.frame)
    if found.waiting is None:
        next_draw(found)
