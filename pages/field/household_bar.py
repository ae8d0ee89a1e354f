"""The bar at the foot of a household form: back, 其余相符, on to the next person, hand in."""

import streamlit as st

from actions.household_check import match_rest, submit_check
from pages.field.raised import OPEN_ISSUE, raise_from_lines
from pages.field.typed import unsaved_fields
from pages.frame.look import escape
from pages.frame.notice import attempt, say
from pages.frame.who import caller
from queries.household_check import CheckView, PersonView

WIDTH = 860
"""Of the form on a wide screen, px."""
VISIT = 0
"""The step after the last person; persons are steps under their member id."""


def step_key(view: CheckView) -> str:
    """Key in session_state: whose turn it is."""
    return f"step_{view.id}"


def steps(view: CheckView) -> list[int]:
    """The persons in the order of the roster, then the visit itself."""
    return [*(person.member_id for person in view.people), VISIT]


def bar(view: CheckView, step: int) -> None:
    """Three buttons that a thumb reaches."""
    order = steps(view)
    at = order.index(step)
    person = next((p for p in view.people if p.member_id == step), None)
    narrow = st.bottom.container(horizontal_alignment="center").container(width=WIDTH)
    with narrow.container(horizontal=True, wrap=False, gap="small"):
        st.button(
            ":material/chevron_left:", key="thumb_back", help="上一人", disabled=at == 0, on_click=_go,
            args=(view, order[max(at - 1, 0)]),
        )  # fmt: skip
        if person is None:
            _hand_in_buttons(view)
            return
        settled = all(line.verdict is not None for line in person.lines)
        if st.button("其余相符", key="thumb_rest", icon=":material/done_all:", disabled=settled):
            confirm_rest(view, person)
        following = next((p for p in view.people if p.member_id == order[at + 1]), None)
        st.button(
            f"下一人 {escape(following.name)}" if following else "入户情况和提交", key="thumb_next", type="primary",
            icon=":material/chevron_right:", icon_position="right", width="stretch", on_click=_go,
            args=(view, order[at + 1]),
        )  # fmt: skip


def _go(view: CheckView, step: int) -> None:
    st.session_state[step_key(view)] = step


@st.dialog("其余相符")
def confirm_rest(view: CheckView, person: PersonView) -> None:
    """Says how many before it marks them; what the person said stays as it is."""
    rest = person.agreeing
    open_lines = sum(1 for line in person.lines if line.verdict is None)
    if not rest:
        st.write("没有可以一并记的项目：应发与实发一致、还没有结论的项目才能记为“相符”。")
        if open_lines:
            st.caption(f"还有 {open_lines} 项应发与实发不一致，请逐项核对。")
        return
    st.write(f"将 {len(rest)} 项记为“相符”？")
    st.caption("、".join(f"{line.key.year}年{escape(line.item_name)}" for line in rest) + "。群众自述不改。")
    if st.button("记为相符", key="confirm_rest", type="primary", width="stretch", on_click=_match, args=(view, person)):
        st.rerun()


def _match(view: CheckView, person: PersonView) -> None:
    attempt(lambda: match_rest(caller(), view.id, person.member_id), lambda count: f"已将 {count} 项记为相符")


def _hand_in_buttons(view: CheckView) -> None:
    blocked = bool(view.missing or unsaved_fields(view.id))
    finished = view.head.outcome is not None and view.head.outcome.is_finished
    flagged = len(view.flagged) if finished else 0
    if flagged:
        st.button("只提交", key="thumb_submit_only", disabled=blocked, on_click=_hand_in, args=(view, False))
    st.button(
        f"提交并起草 {flagged} 个问题" if flagged else "提交这一户", key="thumb_submit", type="primary",
        icon=":material/send:", width="stretch", disabled=blocked, on_click=_hand_in, args=(view, flagged > 0),
    )  # fmt: skip


def _hand_in(view: CheckView, and_raise: bool) -> None:
    """Once a version, however often the button is pressed. What was drafted is opened: it waits to be handed in."""
    done = (view.id, view.version)
    if st.session_state.get("_handed_in") == done:
        return
    lines = attempt(lambda: submit_check(caller(), view.id, view.version))
    if lines is None:
        return
    st.session_state["_handed_in"] = done
    drafts = raise_from_lines(view.id) if and_raise else ()
    if drafts:
        st.session_state[OPEN_ISSUE] = drafts[0]
    said = f"；已起草 {len(drafts)} 个问题，核对后请提交" if drafts else ""
    say(f"已提交{view.number}户，{lines} 项{said}")
